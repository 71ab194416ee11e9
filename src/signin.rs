//! 登录: what somebody shows, and whether that lets them in.
//!
//! A password, a one-time code or a provider first, then the second factor of
//! those who have one. Whoever fails waits (`attempt`); between the steps a
//! browser holds a key of its own that is no session yet.

mod attempt;
pub mod provider;

use std::net::IpAddr;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use self::attempt::Attempt;
use crate::app::App;
use crate::catalog::half_ways::HalfWayRow;
use crate::catalog::{
    half_ways, invitations, organisations, people, second_factors, sessions as rows,
};
use crate::credentials::code::{self, CodeError};
use crate::credentials::oidc::OidcError;
use crate::credentials::password::{self, PasswordError, Weak};
use crate::credentials::totp::{self, Secret};
use crate::credentials::{fingerprint, secret};
use crate::db::{DbError, Tx};
use crate::keys::{self, KeyError};
use crate::model::id::PersonId;
use crate::model::people::Person;
use crate::sessions::{self, Key};

/// How long somebody may be half way in.
const HALF_WAY: SignedDuration = SignedDuration::from_mins(10);
/// The most characters of a login or a code that are looked at.
const LONGEST: usize = 128;

/// How many whole seconds are to be waited; at least one.
#[must_use]
pub fn seconds(wait: Duration) -> u64 {
    (wait.as_secs() + u64::from(wait.subsec_nanos() > 0)).max(1)
}

fn in_words(wait: Duration) -> String {
    match seconds(wait) {
        1 => "1 second".to_owned(),
        more => format!("{more} seconds"),
    }
}

/// Why somebody was not let in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Name or password; nobody is told which.
    #[error("the name or the password is not right")]
    Wrong,
    /// The password is right, and a second factor is in force.
    #[error("a code of the second factor is needed")]
    CodeNeeded,
    /// The code of the second factor.
    #[error("the code is not right, or was used already")]
    WrongCode,
    /// They took too long, or came by another way.
    #[error("signing in took too long; begin again")]
    Late,
    /// The one-time code cannot be one.
    #[error(transparent)]
    Code(#[from] CodeError),
    /// Nobody has this one-time code, or it has ended, or was used.
    #[error("this code is not good any more")]
    NoInvitation,
    /// They failed before, and have to wait so long.
    #[error("too many failed; wait {}", in_words(*.0))]
    Wait(Duration),
    /// The password that was chosen.
    #[error("this cannot be a password: {0}")]
    Weak(#[from] Weak),
    /// The provider says who it is, and nobody here is.
    #[error("no account here belongs to this account of the provider")]
    NoAccount,
    /// The settings name no provider.
    #[error("the settings name no provider")]
    NoProvider,
    /// The provider.
    #[error(transparent)]
    Provider(#[from] OidcError),
    /// A password could not be compared.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The key of second factors.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// Who asks.
#[derive(Debug, Clone, Copy)]
pub struct Caller<'a> {
    /// From where.
    pub address: IpAddr,
    /// What the browser says it is.
    pub agent: &'a str,
}

/// How far somebody came.
#[derive(Debug)]
pub enum Step {
    /// In, with the key of a session.
    In(Key),
    /// Half way: the second factor is asked for, from whoever holds this.
    Half(String),
    /// The account has no role yet, or is closed: right, and not in.
    Waits,
}

/// Lets in who knows the password of `login`, up to the second factor. An
/// unknown name costs as much as a known one; `next` is where they want to go.
///
/// # Errors
/// When name or password are not right, or they have to wait.
pub async fn by_password(
    app: &App,
    login: &str,
    password: &str,
    caller: Caller<'_>,
    next: &str,
) -> Result<Step, SignInError> {
    let attempt = Attempt::begin(app, login, caller.address).await?;
    let person = known(app, &attempt, login, password).await?;
    go_on(app, attempt, &person, caller, next).await
}

/// As [`by_password`] in one step, for programs; `typed` is the code of the second
/// factor, or empty.
///
/// # Errors
/// When something is not right or missing, or they have to wait.
pub async fn at_once(
    app: &App,
    login: &str,
    password: &str,
    typed: &str,
    caller: Caller<'_>,
) -> Result<Key, SignInError> {
    let attempt = Attempt::begin(app, login, caller.address).await?;
    let person = known(app, &attempt, login, password).await?;
    if has_second_factor(app, &person.id).await? {
        if typed.is_empty() {
            attempt.was_none(app).await?;
            return Err(SignInError::CodeNeeded);
        }
        if !second_factor(app, &person.id, typed).await? {
            attempt.failed(app, &person);
            return Err(SignInError::WrongCode);
        }
    }
    attempt.succeeded(app).await?;
    Ok(sessions::begin(app, &person.id, caller.agent).await?)
}

/// Lets in who is half way and knows a code of the second factor, or one of
/// those for when it is lost; returns the key of a session and where they
/// wanted to go.
///
/// # Errors
/// When the code is not right, they took too long, or have to wait.
pub async fn by_second_factor(
    app: &App,
    half: &str,
    typed: &str,
    caller: Caller<'_>,
) -> Result<(Key, String), SignInError> {
    let (way, person) = half_way(app, half).await?;
    let attempt = Attempt::begin(app, &person.login, caller.address).await?;
    if !second_factor(app, &person.id, typed).await? {
        attempt.failed(app, &person);
        return Err(SignInError::WrongCode);
    }
    let mut tx = app.db.write().await?;
    let first = half_ways::take(&mut tx, &fingerprint("half way", half)).await?;
    tx.commit().await?;
    if !first {
        return Err(SignInError::Late);
    }
    attempt.succeeded(app).await?;
    Ok((sessions::begin(app, &person.id, caller.agent).await?, way.next))
}

/// Sets the first password, or another one, of who has a one-time code, and
/// lets them in up to the second factor. Whoever was signed in as the person is
/// not any more.
///
/// # Errors
/// When the code is not good, the password is weak, or they have to wait.
pub async fn by_invitation(
    app: &App,
    typed: &str,
    password: &str,
    caller: Caller<'_>,
) -> Result<(Step, Person), SignInError> {
    let code = fingerprint("invitation", &code::read(typed)?);
    // A code says nothing of whose it is: only the address can fail.
    let attempt = Attempt::begin(app, "", caller.address).await?;
    let mut tx = app.db.read().await?;
    let person = invited(&mut tx, &code, (app.now(), app.latest())).await?;
    let names = names(&mut tx, &person).await?;
    drop(tx);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    if let Err(weak) = password::check(password, &names) {
        attempt.was_none(app).await?;
        return Err(weak.into());
    }
    let phc = app.hasher.hash(password).await?;
    let mut tx = app.db.write().await?;
    // It may have been used meanwhile.
    let person = invited(&mut tx, &code, (app.now(), app.latest())).await?;
    invitations::forget(&mut tx, person.id.as_str()).await?;
    rows::set_password(&mut tx, &person.id, &phc, app.now()).await?;
    rows::end_all(&mut tx, &person.id, None).await?;
    half_ways::take_all(&mut tx, person.id.as_str()).await?;
    tx.commit().await?;
    let step = go_on(app, attempt, &person, caller, "/").await?;
    Ok((step, person))
}

/// Whose one-time code this is, to greet them.
///
/// # Errors
/// When it is not good.
pub async fn invitation(app: &App, typed: &str) -> Result<Person, SignInError> {
    let code = fingerprint("invitation", &code::read(typed)?);
    let mut tx = app.db.read().await?;
    invited(&mut tx, &code, (app.now(), app.latest())).await
}

async fn invited(
    tx: &mut Tx,
    code: &str,
    now: (Timestamp, Timestamp),
) -> Result<Person, SignInError> {
    let Some(person) = invitations::person(tx, code, now).await? else {
        return Err(SignInError::NoInvitation);
    };
    let person = match person.parse() {
        Ok(id) => people::get(tx, &id).await?,
        Err(_) => None,
    };
    person.filter(|one| !one.disabled).ok_or(SignInError::NoInvitation)
}

/// The names of a person that others know, which are no passwords.
pub(crate) async fn names(tx: &mut Tx, person: &Person) -> Result<Vec<String>, DbError> {
    let office = organisations::name(tx, person.organisation.as_str()).await?;
    Ok(vec![person.login.clone(), person.name.clone(), office])
}

/// The person with this login and password; that they are not right is noted where there is
/// such a person.
async fn known(
    app: &App,
    attempt: &Attempt,
    login: &str,
    password: &str,
) -> Result<Person, SignInError> {
    let login: String = login.trim().chars().take(LONGEST).collect();
    let mut tx = app.db.read().await?;
    let person = people::by_login(&mut tx, &login.to_ascii_lowercase()).await?;
    let kept = match &person {
        Some(person) => rows::password(&mut tx, &person.id).await?,
        None => None,
    };
    drop(tx);
    let compared = app.hasher.compare(password, kept.as_deref()).await?;
    let right = |one: &Person| compared.right && one.actor().is_some();
    let person = match person {
        Some(person) if right(&person) => person,
        Some(person) => {
            attempt.failed(app, &person);
            return Err(SignInError::Wrong);
        }
        None => return Err(SignInError::Wrong),
    };
    if compared.outdated {
        let phc = app.hasher.hash(password).await?;
        let mut tx = app.db.write().await?;
        rows::set_password(&mut tx, &person.id, &phc, app.now()).await?;
        tx.commit().await?;
    }
    Ok(person)
}

/// Goes on with a person who has proved to be that person: in, or to the
/// second factor.
async fn go_on(
    app: &App,
    attempt: Attempt,
    person: &Person,
    caller: Caller<'_>,
    next: &str,
) -> Result<Step, SignInError> {
    if person.actor().is_none() {
        attempt.was_none(app).await?;
        return Ok(Step::Waits);
    }
    if has_second_factor(app, &person.id).await? {
        // What was failed before counts on: it is not over yet.
        attempt.was_none(app).await?;
        let row = HalfWayRow {
            person: person.id.as_str().to_owned(),
            next: next.to_owned(),
            ..HalfWayRow::default()
        };
        return Ok(Step::Half(send_half_way(app, &row).await?));
    }
    attempt.succeeded(app).await?;
    Ok(Step::In(sessions::begin(app, &person.id, caller.agent).await?))
}

/// Keeps somebody who is half way; returns what the browser is to hold.
async fn send_half_way(app: &App, row: &HalfWayRow) -> Result<String, DbError> {
    let (half, now) = (secret(), app.now());
    let mut tx = app.db.write().await?;
    half_ways::add(&mut tx, &fingerprint("half way", &half), row, now, now + HALF_WAY).await?;
    tx.commit().await?;
    Ok(half)
}

/// Who is half way and asked for a second factor.
async fn half_way(app: &App, half: &str) -> Result<(HalfWayRow, Person), SignInError> {
    let mut tx = app.db.read().await?;
    let (key, now) = (fingerprint("half way", half), app.now());
    let way = half_ways::of(&mut tx, &key, now, now + HALF_WAY).await?;
    let way = way.ok_or(SignInError::Late)?;
    let person = match way.person.parse() {
        Ok(id) => people::get(&mut tx, &id).await?,
        Err(_) => None,
    };
    let person = person.filter(|one| one.actor().is_some()).ok_or(SignInError::Late)?;
    Ok((way, person))
}

/// Whether a second factor is in force for a person.
async fn has_second_factor(app: &App, person: &PersonId) -> Result<bool, DbError> {
    let mut tx = app.db.read().await?;
    let row = second_factors::of(&mut tx, person.as_str()).await?;
    Ok(row.is_some_and(|row| row.begun != 0))
}

/// Whether this is a code of the second factor of a person that is in force, or
/// one for when it is lost; it is good no more after this.
async fn second_factor(app: &App, person: &PersonId, typed: &str) -> Result<bool, SignInError> {
    let typed: String = typed.chars().take(LONGEST).collect();
    let key = keys::second_factors(&app.config)?;
    let (id, now) = (person.as_str(), app.now());
    let mut tx = app.db.write().await?;
    let row = second_factors::of(&mut tx, id).await?.filter(|row| row.begun != 0);
    let Some(row) = row else { return Ok(false) };
    let accepted = match Secret::of(&key, &row.salt).accepts(&typed, now, row.step) {
        Some(step) => second_factors::accepted(&mut tx, id, step, now).await?,
        None => match totp::recovery_typed(&typed).as_str() {
            "" => false,
            code => second_factors::use_code(&mut tx, id, &fingerprint("recovery", code)).await?,
        },
    };
    tx.commit().await?;
    Ok(accepted)
}

/// Nothing when somebody who is signed in shows their own password again; a
/// wrong one counts like one when signing in.
///
/// # Errors
/// When it is not right, or they have to wait.
pub(crate) async fn confirm(
    app: &App,
    person: &Person,
    password: &str,
    address: IpAddr,
) -> Result<(), SignInError> {
    let attempt = Attempt::begin(app, &person.login, address).await?;
    known(app, &attempt, &person.login, password).await?;
    Ok(attempt.succeeded(app).await?)
}
