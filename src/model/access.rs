//! Who acts, and what an acting person may see: the one place that decides it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::cover::Covered;
use super::id::{EntryNo, HouseholdNo, OrganisationCode, PersonId};
use super::look::Look;
pub use super::rights::{Right, Role, conflict};

/// Who made a version of something, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct MadeBy {
    /// The person's name.
    pub name: String,
    /// RFC 3339.
    pub time: String,
}

/// The person who acts: a parameter of every use case, so that no act is
/// without one and no read without a scope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Actor {
    /// The name that stands in the record.
    pub name: String,
    /// The organisation for which the person acts.
    pub organisation: OrganisationCode,
    /// In which capacity.
    pub role: Role,
    /// Whose account it is; none on the command line, and for the program itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
    /// What else the person is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<Role>,
    /// What a token is for, where a machine acts for the person; never in an
    /// act.
    #[serde(skip)]
    pub token: Option<Vec<Right>>,
}

impl Actor {
    /// Somebody without an account: who has the machine, or the program itself.
    #[must_use]
    pub fn new(name: impl Into<String>, organisation: OrganisationCode, role: Role) -> Self {
        Self {
            name: name.into(),
            organisation,
            role,
            person: None,
            others: Vec::new(),
            token: None,
        }
    }

    /// All the person is.
    pub fn roles(&self) -> impl Iterator<Item = Role> + '_ {
        std::iter::once(self.role).chain(self.others.iter().copied())
    }

    /// Whether the person may do `right`. Where it is about a record, it must
    /// be in the [`scope`] too.
    #[must_use]
    pub fn may(&self, right: Right) -> bool {
        // A machine is somebody, and asks who that is.
        let machine = |rights: &Vec<Right>| right == Right::Own || rights.contains(&right);
        self.token.as_ref().is_none_or(machine) && self.roles().any(|role| role.may(right))
    }

    /// The person as a machine with a token for these rights.
    #[must_use]
    pub fn only(self, rights: Vec<Right>) -> Self {
        Self { token: Some(rights), ..self }
    }

    /// Nothing when the person may do `right`.
    ///
    /// # Errors
    /// When not.
    pub fn must(&self, right: Right) -> Result<(), Denied> {
        if self.may(right) { Ok(()) } else { Err(Denied(right)) }
    }
}

/// Somebody may not do something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this needs the right to {}", .0.en())]
pub struct Denied(pub Right);

/// What part of the archive a person may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    prefix: String,
}

/// What no organisation code begins with.
const NOTHING: &str = "-";

impl Scope {
    /// Whether records of `organisation` are inside.
    #[must_use]
    pub fn covers(&self, organisation: &str) -> bool {
        organisation.starts_with(&self.prefix)
    }

    /// No record at all.
    #[must_use]
    pub fn nothing() -> Self {
        Self { prefix: NOTHING.to_owned() }
    }

    /// What the organisation code of every visible record begins with; the
    /// one filter that SQL and the index apply.
    #[must_use]
    pub fn prefix(&self) -> &str {
        &self.prefix
    }
}

/// The scope of `actor`: the records of the own organisation and of those
/// below it, for those who may look at all. Every read asks here and nowhere
/// else.
#[must_use]
pub fn scope(actor: &Actor) -> Scope {
    // A guest sees what was opened for the guest, and no organisation's records.
    let looks = actor.may(Right::Look) && actor.role != Role::Guest;
    let prefix = if looks { actor.organisation.prefix() } else { NOTHING };
    Scope { prefix: prefix.to_owned() }
}

/// The file of one household, opened to somebody who may not see it otherwise:
/// lent, or shown to the household itself. It is read in the reading room and
/// nowhere else, so it is in no list, no search, no download and no bundle, and
/// [`scope`] knows nothing of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    household: HouseholdNo,
    cover: Covered,
    mark: String,
    look: Look,
    decided: Option<EntryNo>,
}

impl Grant {
    /// The file of `household`, with what is covered on its pages, with what is
    /// drawn over every page: who reads, by what right; and with how a look at
    /// it is noted.
    pub(crate) fn new(household: HouseholdNo, cover: Covered, mark: String, look: Look) -> Self {
        let look = look.of(household.clone());
        Self { household, cover, mark, look, decided: None }
    }

    /// The same for the file as it stood when entry `decided` of the log agreed to
    /// it: what came into it later was not decided about.
    pub(crate) fn decided_by(self, decided: EntryNo) -> Self {
        Self { decided: Some(decided), ..self }
    }

    /// The entry that agreed to it; none where the whole file is open as it is, to
    /// its household.
    #[must_use]
    pub fn decided(&self) -> Option<EntryNo> {
        self.decided
    }

    /// How a look through it is noted: at the file, with the reason it was opened
    /// for.
    #[must_use]
    pub fn look(&self) -> Look {
        self.look.clone()
    }

    /// Whose file it is.
    #[must_use]
    pub fn household(&self) -> &HouseholdNo {
        &self.household
    }

    /// Whether records of this household are inside.
    #[must_use]
    pub fn covers(&self, household: Option<&str>) -> bool {
        household == Some(self.household.as_str())
    }

    /// What is covered on its pages.
    #[must_use]
    pub fn cover(&self) -> &Covered {
        &self.cover
    }

    /// What is drawn over every page.
    #[must_use]
    pub fn mark(&self) -> &str {
        &self.mark
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn actor(role: Role) -> Actor {
        Actor::new("赵玉梅", "990102003000".parse().unwrap(), role)
    }

    #[test]
    fn a_street_sees_its_communities_and_no_other_street() {
        let scope = scope(&actor(Role::Clerk));
        assert!(scope.covers("990102003000"));
        assert!(scope.covers("990102003004"));
        assert!(!scope.covers("990102002001"));
        assert!(!scope.covers("990102000000"));
    }

    #[test]
    fn who_may_not_look_sees_nothing() {
        for role in [Role::Administrator, Role::SecurityOfficer, Role::Guest] {
            let scope = scope(&actor(role));
            for code in ["990102003000", "990102003004", "990102000000", ""] {
                assert!(!scope.covers(code), "{role:?} {code}");
            }
        }
    }

    #[test]
    fn one_of_several_roles_is_enough() {
        let mut both = actor(Role::Clerk);
        assert_eq!(both.must(Right::Bind), Err(Denied(Right::Bind)));
        both.others.push(Role::Archivist);
        assert_eq!(both.must(Right::Bind), Ok(()));
        assert!(both.may(Right::File) && !both.may(Right::DecideLending));
    }

    #[test]
    fn a_token_is_for_no_more_than_its_owner_may() {
        let token = actor(Role::Clerk).only(vec![Right::Look, Right::Bind]);
        assert!(token.may(Right::Look) && token.may(Right::Own));
        assert!(!token.may(Right::Upload), "the owner may, the token may not");
        assert!(!token.may(Right::Bind), "the token may, the owner may not");
        assert!(!scope(&actor(Role::Clerk).only(vec![Right::Upload])).covers("990102003000"));
        let said = serde_json::to_string(&token).unwrap();
        assert!(!said.contains("token"), "{said}");
    }

    #[test]
    fn what_acts_said_before_is_read_and_written_as_it_was() {
        let old = r#"{"name":"赵玉梅","organisation":"990102003000","role":"clerk"}"#;
        let read: Actor = serde_json::from_str(old).unwrap();
        assert_eq!(read, actor(Role::Clerk));
        assert_eq!(serde_json::to_string(&read).unwrap(), old);
    }
}
