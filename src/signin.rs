//! 登录: what somebody shows, and whether that lets them in.
//!
//! A password, a one-time code or a provider first, then the second factor of
//! those who have one. Whoever fails waits (`attempt`); between the steps a
//! browser holds a key of its own that is no session yet.

mod attempt;
mod error;
mod invited;
pub mod provider;
mod second;

use std::net::IpAddr;

use jiff::SignedDuration;

use self::attempt::Attempt;
pub use self::error::{SignInError, seconds};
pub use self::invited::{by_invitation, invitation};
pub use self::second::by_second_factor;
use self::second::{has_second_factor, second_factor, send_half_way};
use crate::app::App;
use crate::catalog::half_ways::HalfWayRow;
use crate::catalog::{organisations, people, sessions as rows};
use crate::db::{DbError, Tx};
use crate::model::people::Person;
use crate::sessions::{self, Key};

/// How long somebody may be half way in.
const HALF_WAY: SignedDuration = SignedDuration::from_mins(10);
/// The most characters of a login or a code that are looked at.
const LONGEST: usize = 128;

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

/// The names of a person that others know, which are no passwords.
pub(crate) async fn names(tx: &mut Tx, person: &Person) -> Result<Vec<String>, DbError> {
    let office = organisations::name(tx, person.organisation.as_str()).await?;
    Ok(vec![person.login.clone(), person.name.clone(), office])
}

/// The person who stands in a row under this identifier; none where nobody has it.
async fn person(tx: &mut Tx, id: &str) -> Result<Option<Person>, DbError> {
    match id.parse() {
        Ok(id) => people::get(tx, &id).await,
        Err(_) => Ok(None),
    }
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
