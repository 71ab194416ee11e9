//! People who work with the archive, as the log has them: no password, no
//! session, only who they are and what they may do.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::access::{Actor, Role};
use super::id::{OrganisationCode, PersonId};
use super::text::hidden;

/// A person with an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Person {
    /// The name that never changes.
    pub id: PersonId,
    /// What is typed to sign in; never changes either.
    pub login: String,
    /// 姓名
    pub name: String,
    /// The organisation the person works for.
    pub organisation: OrganisationCode,
    /// What the person is; nothing until a security officer said so.
    pub roles: Vec<Role>,
    /// Whether the account is closed.
    pub disabled: bool,
}

impl Person {
    /// The person as one of whom something is noted, whatever they may do now.
    #[must_use]
    pub fn named(&self) -> Actor {
        let role = self.roles.first().copied().unwrap_or(Role::Guest);
        let others = self.roles.iter().skip(1).copied().collect();
        let actor = Actor::new(self.name.clone(), self.organisation.clone(), role);
        Actor { person: Some(self.id.clone()), others, ..actor }
    }

    /// Whether the person works for this organisation or one below it.
    #[must_use]
    pub fn works_below(&self, organisation: &OrganisationCode) -> bool {
        self.organisation.as_str().starts_with(organisation.prefix())
    }

    /// The person as one who acts; none without a role or with a closed account.
    #[must_use]
    pub fn actor(&self) -> Option<Actor> {
        let (role, others) = self.roles.split_first().filter(|_| !self.disabled)?;
        Some(Actor {
            name: self.name.clone(),
            organisation: self.organisation.clone(),
            role: *role,
            person: Some(self.id.clone()),
            others: others.to_vec(),
            token: None,
        })
    }
}

/// The most characters of a person's name.
const NAME: usize = 40;

/// What is wrong with what is said of a person.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PersonError {
    /// The login.
    #[error("a login is 2 to 32 of a–z, 0–9, dot, hyphen and underscore, and begins with a letter")]
    Login,
    /// The name.
    #[error("a name is 1 to {NAME} characters in one line, all of them seen")]
    Name,
}

/// The login in what was typed: without blanks around it, in lower case.
///
/// # Errors
/// When it is none.
pub fn login(typed: &str) -> Result<String, PersonError> {
    let login = typed.trim().to_ascii_lowercase();
    let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b);
    let begins = login.bytes().next().is_some_and(|b| b.is_ascii_lowercase());
    if begins && (2..=32).contains(&login.len()) && login.bytes().all(fits) {
        Ok(login)
    } else {
        Err(PersonError::Login)
    }
}

/// The name in what was typed: without blanks around it.
///
/// # Errors
/// When it is none.
pub fn name(typed: &str) -> Result<String, PersonError> {
    let name = typed.trim();
    let fits = !name.is_empty() && name.chars().count() <= NAME;
    if fits && !name.chars().any(hidden) { Ok(name.to_owned()) } else { Err(PersonError::Name) }
}

/// A name as names are compared.
#[must_use]
pub fn without_blanks(name: &str) -> String {
    name.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Roles in a fixed order, each once.
#[must_use]
pub fn in_order(mut roles: Vec<Role>) -> Vec<Role> {
    roles.sort_unstable();
    roles.dedup();
    roles
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn logins_and_names_are_short_and_plain() {
        assert_eq!(login(" Zhao.Yumei "), Ok("zhao.yumei".into()));
        for bad in ["", "a", "1a", "赵玉梅", "a b", "a/b", "a\n", &"a".repeat(33)] {
            assert_eq!(login(bad), Err(PersonError::Login), "{bad:?}");
        }
        assert_eq!(name(" 赵玉梅 "), Ok("赵玉梅".into()));
        for bad in ["", "  ", "a\nb", "赵\u{202e}梅玉", "赵玉\u{200b}梅", &"长".repeat(41)] {
            assert_eq!(name(bad), Err(PersonError::Name), "{bad:?}");
        }
    }

    #[test]
    fn a_closed_account_acts_no_more() {
        let mut person = Person {
            id: PersonId::of([1; 8]),
            login: "zhao".into(),
            name: "赵玉梅".into(),
            organisation: OrganisationCode::default(),
            roles: in_order(vec![Role::Archivist, Role::Clerk, Role::Clerk]),
            disabled: false,
        };
        let actor = person.actor().unwrap();
        assert_eq!((actor.role, actor.others.as_slice()), (Role::Clerk, &[Role::Archivist][..]));
        person.disabled = true;
        assert_eq!(person.actor(), None);
        person.disabled = false;
        person.roles.clear();
        assert_eq!(person.actor(), None);
    }
}
