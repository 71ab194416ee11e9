//! How people come in, as an administrator sees and helps it: one-time codes,
//! lost telephones, accounts at the provider, tokens. What is done for another is
//! an act, so that it can be asked about.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::{PeopleError, known};
use crate::app::App;
use crate::catalog::{
    half_ways, invitations, looks, provider_accounts, second_factors, sessions, tokens,
};
use crate::credentials::{code, fingerprint};
use crate::db::Tx;
use crate::model::access::{Actor, Right, Role};
use crate::model::act::Act;
use crate::model::people::Person;
use crate::model::text::hidden;
use crate::own::Token;

/// How somebody comes in; nothing of it lets anybody in.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
#[schema(as = Access)]
pub struct Standing {
    /// The sessions that go on, the newest first.
    pub sessions: Vec<OpenSession>,
    /// Whether there is a password.
    pub password: bool,
    /// When the one-time code ends, in milliseconds since 1970; 0: there is none.
    pub code_ends: i64,
    /// Whether a second factor is in force.
    pub second_factor: bool,
    /// What the person is called at the provider of the settings, or empty.
    pub at_provider: String,
    /// Whether that was used already.
    pub tied: bool,
    /// The tokens.
    pub tokens: Vec<Token>,
    /// When somebody was last not let in as the person, the newest first, at most ten.
    pub refused: Vec<RefusedSignIn>,
}

/// Somebody was not let in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RefusedSignIn {
    /// When, in milliseconds since 1970. The same from one address within ten minutes is one.
    pub at: i64,
    /// From which address.
    pub from: String,
}

/// So many refused sign-ins of a person are shown.
const REFUSED: u32 = 10;

/// A session of another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct OpenSession {
    /// What names it, without being worth anything.
    pub id: String,
    /// When it began, in milliseconds since 1970.
    pub made: i64,
    /// When it was used last.
    pub seen: i64,
    /// What the browser or the program says it is.
    pub agent: String,
}

/// How a person comes in.
///
/// # Errors
/// When the acting person may not see people, or there is none.
pub async fn standing(app: &App, actor: &Actor, login: &str) -> Result<Standing, PeopleError> {
    actor.must(Right::SeePeople)?;
    let person = known(app, actor, login).await?;
    let (id, now) = (person.id.as_str(), app.latest().as_millisecond());
    app.looks.flush().await?;
    let mut tx = app.db.read().await?;
    let idle = i64::try_from(app.config.sessions.idle().as_millis()).unwrap_or(i64::MAX);
    let all = sessions::of(&mut tx, &person.id).await?;
    let account = provider_accounts::of(&mut tx, id, &app.config.oidc.issuer).await?;
    Ok(Standing {
        sessions: all
            .into_iter()
            .filter(|one| one.ends > now && now - one.seen < idle)
            .map(|one| OpenSession {
                id: one.key_sha256,
                made: one.made,
                seen: one.seen,
                agent: one.agent,
            })
            .collect(),
        password: sessions::password(&mut tx, &person.id).await?.is_some(),
        code_ends: invitations::end(&mut tx, id).await?,
        second_factor: second_factors::of(&mut tx, id).await?.is_some_and(|row| row.begun != 0),
        at_provider: account.as_ref().map(|one| one.name.clone()).unwrap_or_default(),
        tied: account.is_some_and(|one| one.subject.is_some()),
        tokens: tokens::list(&mut tx, Some(id)).await?.into_iter().map(Token::of).collect(),
        refused: refused(&mut tx, &person).await?,
    })
}

async fn refused(tx: &mut Tx, person: &Person) -> Result<Vec<RefusedSignIn>, PeopleError> {
    let mut found = Vec::new();
    for row in looks::refused_sign_ins(tx, &person.id, REFUSED).await? {
        found.push(RefusedSignIn { at: row.at / 1000, from: row.body()?.look.title });
    }
    Ok(found)
}

/// 发码: gives a person a one-time code for a first password, or another one;
/// the code before is good no more. With `telephone_lost` the second factor of
/// the person is taken away too. Returns the code and until when it is good.
///
/// # Errors
/// When the acting person may not, is the person, or nobody signs in like this.
pub async fn issue_code(
    app: &App,
    actor: &Actor,
    login: &str,
    telephone_lost: bool,
) -> Result<(String, Timestamp), PeopleError> {
    actor.must(Right::ManagePeople)?;
    let person = known(app, actor, login).await?;
    stands_apart(app, actor, &person).await?;
    // The act first: no code is good that nobody can ask about.
    let act = Act::IssueCode { person: person.id.clone(), telephone_lost };
    app.recorder.record(actor, act).await?;
    let (shown, now) = (code::new(), app.now());
    let (id, ends) = (person.id.as_str(), code::end(app.latest()));
    let mut tx = app.db.write().await?;
    invitations::add(&mut tx, id, &fingerprint("invitation", &shown), now, ends).await?;
    if telephone_lost {
        second_factors::remove(&mut tx, id).await?;
        half_ways::take_all(&mut tx, id).await?;
    }
    tx.commit().await?;
    Ok((shown, ends))
}

/// 三员分立: an administrator who could hand a new code to a security officer or an
/// auditor could sign in as one. The first code is the administrator's to give; later
/// ones are given by whoever has the machine.
async fn stands_apart(app: &App, actor: &Actor, person: &Person) -> Result<(), PeopleError> {
    let watches =
        person.roles.iter().any(|role| matches!(role, Role::SecurityOfficer | Role::Auditor));
    if !watches || actor.role == Role::Operator {
        return Ok(());
    }
    let mut tx = app.db.read().await?;
    let came_in = sessions::password(&mut tx, &person.id).await?.is_some();
    if came_in { Err(PeopleError::Apart(person.login.clone())) } else { Ok(()) }
}

/// Says what a person is called at the provider of the settings; nothing takes
/// it away. The next sign-in there under this name ties the two.
///
/// # Errors
/// When the acting person may not, is the person, another has the name, or
/// there is no provider.
pub async fn name_at_provider(
    app: &App,
    actor: &Actor,
    login: &str,
    name: &str,
) -> Result<(), PeopleError> {
    actor.must(Right::ManagePeople)?;
    let person = known(app, actor, login).await?;
    stands_apart(app, actor, &person).await?;
    let (issuer, name) = (app.config.oidc.issuer.clone(), name.trim().to_owned());
    let fits = name.chars().count() <= 255 && !name.chars().any(hidden);
    if issuer.is_empty() || !fits {
        return Err(PeopleError::AtProvider);
    }
    let mut tx = app.db.read().await?;
    if provider_accounts::is_taken(&mut tx, person.id.as_str(), &issuer, &name).await? {
        return Err(PeopleError::AtProvider);
    }
    drop(tx);
    let act = Act::NameAtProvider {
        person: person.id.clone(),
        issuer: issuer.clone(),
        name: name.clone(),
    };
    app.recorder.record(actor, act).await?;
    let mut tx = app.db.write().await?;
    if !provider_accounts::set(&mut tx, person.id.as_str(), &issuer, &name).await? {
        return Err(PeopleError::AtProvider);
    }
    Ok(tx.commit().await?)
}

/// Ends a session of a person, named as in [`Standing`].
///
/// # Errors
/// When the acting person may not, or the person has no such session.
pub async fn end_session(
    app: &App,
    actor: &Actor,
    login: &str,
    id: &str,
) -> Result<(), PeopleError> {
    actor.must(Right::ManagePeople)?;
    let person = known(app, actor, login).await?;
    let mut tx = app.db.write().await?;
    if !sessions::end_of(&mut tx, &person.id, id).await? {
        return Err(PeopleError::NoSession);
    }
    Ok(tx.commit().await?)
}

/// Ends a token of a person.
///
/// # Errors
/// When the acting person may not, or it is not there.
pub async fn end_token(app: &App, actor: &Actor, login: &str, id: &str) -> Result<(), PeopleError> {
    actor.must(Right::ManagePeople)?;
    let person = known(app, actor, login).await?;
    let mut tx = app.db.write().await?;
    if !tokens::remove(&mut tx, id, Some(person.id.as_str())).await? {
        return Err(PeopleError::NoToken);
    }
    Ok(tx.commit().await?)
}
