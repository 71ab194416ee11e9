//! 人员: accounts are made, changed, and given rights. What is here needs a
//! right and is an act; how somebody proves to be the person is in
//! [`crate::sessions`].

pub mod access;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::catalog::organisations::{self, Organisation};
use crate::catalog::{people, sessions};
use crate::credentials::password::{self, PasswordError, Weak};
use crate::db::DbError;
use crate::model::access::{Actor, Denied, Right, Role};
use crate::model::act::Act;
use crate::model::id::{OrganisationCode, PersonId};
use crate::model::people::{self as rules, Person, PersonError};
use crate::record::RecordError;

/// Why an account was not made or changed, or is not shown.
#[derive(Debug, thiserror::Error)]
pub enum PeopleError {
    /// The person may not do this.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// What is said of the person.
    #[error(transparent)]
    Person(#[from] PersonError),
    /// Nobody signs in like this.
    #[error("nobody signs in as {0:?}")]
    Unknown(String),
    /// The archive knows no such organisation, or it is not below the own one.
    #[error("organisation {0} is not known here")]
    Organisation(OrganisationCode),
    /// What a person is called at the provider.
    #[error("the settings name no provider, another account has the name, or it cannot be one")]
    AtProvider,
    /// Who lets in whoever watches over the own work would be both.
    #[error(
        "{0:?} gives roles or watches over use: whoever has the machine helps them in, on the \
         command line"
    )]
    Apart(String),
    /// The token is not there.
    #[error("the token is not there any more")]
    NoToken,
    /// The session is not there.
    #[error("the session is not there any more")]
    NoSession,
    /// The password.
    #[error("this cannot be a password: {0}")]
    Weak(#[from] Weak),
    /// It could not be hashed.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The act.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// Somebody who is to get an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPerson {
    /// What is typed to sign in: a–z, 0–9, dot, hyphen, underscore.
    pub login: String,
    /// 姓名
    pub name: String,
    /// The organisation the person works for.
    pub organisation: OrganisationCode,
}

/// What a person is called from now on, where they work, and whether they do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Changed {
    /// 姓名
    pub name: String,
    /// The organisation the person works for.
    pub organisation: OrganisationCode,
    /// Whether the account is closed.
    #[serde(default)]
    pub disabled: bool,
}

/// Makes an account, which may do nothing until it is given roles; returns
/// the person.
///
/// # Errors
/// When the acting person may not, the organisation is not known, or the
/// login is taken.
pub async fn add(app: &App, actor: &Actor, new: NewPerson) -> Result<Person, PeopleError> {
    actor.must(Right::ManagePeople)?;
    let (login, name) = (rules::login(&new.login)?, rules::name(&new.name)?);
    let organisation = below(app, actor, new.organisation).await?;
    let id = PersonId::of(rand::random());
    let act = Act::AddPerson {
        person: id.clone(),
        login: login.clone(),
        name: name.clone(),
        organisation: organisation.clone(),
    };
    app.recorder.record(actor, act).await?;
    Ok(Person { id, login, name, organisation, roles: Vec::new(), disabled: false })
}

/// Changes what a person is called and where they work, or closes the account:
/// every session of the person ends then.
///
/// # Errors
/// When the acting person may not, is the person, or nobody signs in like this.
pub async fn change(
    app: &App,
    actor: &Actor,
    login: &str,
    changed: Changed,
) -> Result<Person, PeopleError> {
    actor.must(Right::ManagePeople)?;
    let mut person = known(app, actor, login).await?;
    person.name = rules::name(&changed.name)?;
    person.organisation = below(app, actor, changed.organisation).await?;
    person.disabled = changed.disabled;
    let act = Act::ChangePerson {
        person: person.id.clone(),
        name: person.name.clone(),
        organisation: person.organisation.clone(),
        disabled: person.disabled,
    };
    app.recorder.record(actor, act).await?;
    if person.disabled {
        end_sessions(app, &person.id).await?;
    }
    Ok(person)
}

/// Says what a person is from now on. The sessions of the person end: who was
/// something else begins anew.
///
/// # Errors
/// When the acting person may not, is the person, the roles cannot be had
/// together, or nobody signs in like this.
pub async fn grant(
    app: &App,
    actor: &Actor,
    login: &str,
    roles: Vec<Role>,
) -> Result<Person, PeopleError> {
    actor.must(Right::GrantRoles)?;
    let mut person = known(app, actor, login).await?;
    person.roles = rules::in_order(roles);
    let act = Act::GrantRoles { person: person.id.clone(), roles: person.roles.clone() };
    app.recorder.record(actor, act).await?;
    end_sessions(app, &person.id).await?;
    Ok(person)
}

/// The person who signs in like this.
///
/// # Errors
/// When the acting person may not see people, or there is none in the own
/// organisation and those below it.
pub async fn get(app: &App, actor: &Actor, login: &str) -> Result<Person, PeopleError> {
    actor.must(Right::SeePeople)?;
    known(app, actor, login).await
}

/// Whether the archive has anybody who can sign in.
///
/// # Errors
/// When the database refuses.
pub async fn anybody(app: &App) -> Result<bool, DbError> {
    let mut tx = app.db.read().await?;
    Ok(people::count(&mut tx).await? > 0)
}

/// The person who signs in like this as one who acts, for whoever has the
/// machine and acts for them.
///
/// # Errors
/// When there is none, or the person may act no more.
pub async fn acting(app: &App, login: &str) -> Result<Actor, PeopleError> {
    let person = known(app, &app.operator(), login).await?;
    person.actor().ok_or_else(|| PeopleError::Unknown(person.login))
}

/// Organisations of which the acting person may see the accounts, by code.
///
/// # Errors
/// When the acting person may not see people.
pub async fn organisations(app: &App, actor: &Actor) -> Result<Vec<Organisation>, PeopleError> {
    actor.must(Right::SeePeople)?;
    let mut tx = app.db.read().await?;
    let mut all = organisations::all(&mut tx).await?;
    all.retain(|one| one.code.starts_with(actor.organisation.prefix()));
    Ok(all)
}

/// People of the own organisation and of those below it, by organisation and
/// login, at most `limit` after the one who signs in as `after`.
///
/// # Errors
/// When the acting person may not see people.
pub async fn list(
    app: &App,
    actor: &Actor,
    after: Option<&str>,
    limit: u32,
) -> Result<Vec<Person>, PeopleError> {
    actor.must(Right::SeePeople)?;
    let mut tx = app.db.read().await?;
    let after = match after {
        Some(login) => people::by_login(&mut tx, login).await?,
        None => None,
    };
    // Where somebody of another organisation stands in the order would tell that they are there.
    let after = after.filter(|one| one.works_below(&actor.organisation));
    Ok(people::list(&mut tx, actor.organisation.prefix(), after.as_ref(), limit).await?)
}

/// Sets the password of a person who cannot, and ends the sessions of that
/// person. Only from the command line of the machine: nobody else ever knows
/// the password of another.
///
/// # Errors
/// When the acting person does not have the machine, the password is weak, or
/// nobody signs in like this.
pub async fn set_password(
    app: &App,
    actor: &Actor,
    login: &str,
    password: &str,
) -> Result<(), PeopleError> {
    actor.must(Right::Found)?;
    let person = known(app, actor, login).await?;
    let names = [person.login.as_str(), &person.name];
    password::check(password, &names)?;
    let phc = app.hasher.hash(password).await?;
    let mut tx = app.db.write().await?;
    sessions::set_password(&mut tx, &person.id, &phc, app.now()).await?;
    sessions::end_all(&mut tx, &person.id, None).await?;
    Ok(tx.commit().await?)
}

/// Ends the sessions of a person; returns how many there were.
///
/// # Errors
/// When the acting person may not, or nobody signs in like this.
pub async fn sign_out(app: &App, actor: &Actor, login: &str) -> Result<u64, PeopleError> {
    actor.must(Right::ManagePeople)?;
    let person = known(app, actor, login).await?;
    end_sessions(app, &person.id).await
}

async fn end_sessions(app: &App, person: &PersonId) -> Result<u64, PeopleError> {
    let mut tx = app.db.write().await?;
    let ended = sessions::end_all(&mut tx, person, None).await?;
    tx.commit().await?;
    Ok(ended)
}

/// The person who signs in like this, if they are of the acting person's
/// organisation or below.
async fn known(app: &App, actor: &Actor, login: &str) -> Result<Person, PeopleError> {
    let unknown = || PeopleError::Unknown(login.chars().take(40).collect());
    let mut tx = app.db.read().await?;
    let found = people::by_login(&mut tx, &login.trim().to_ascii_lowercase()).await?;
    found.filter(|one| one.works_below(&actor.organisation)).ok_or_else(unknown)
}

/// An organisation that the archive knows, the acting person's or below it.
async fn below(
    app: &App,
    actor: &Actor,
    code: OrganisationCode,
) -> Result<OrganisationCode, PeopleError> {
    let own = code == actor.organisation;
    let within = code.as_str().starts_with(actor.organisation.prefix());
    let mut tx = app.db.read().await?;
    if own || (within && organisations::is_registered(&mut tx, &code).await?) {
        Ok(code)
    } else {
        Err(PeopleError::Organisation(code))
    }
}
