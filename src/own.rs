//! What concerns nobody but oneself: the own password, second factor, sessions
//! and tokens. Only who is signed in comes here, never a token.

mod second_factor;
mod tokens;

pub use self::second_factor::{
    Factor, Setup, factor, prepare, put_in_force, renew_codes, take_away,
};
pub(crate) use self::tokens::identify;
pub use self::tokens::{NewToken, Token, list, make, remove};

use std::net::IpAddr;

use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::catalog::{invitations, sessions};
use crate::credentials::password::{self, PasswordError, Weak};
use crate::credentials::token::TokenError;
use crate::db::DbError;
use crate::keys::KeyError;
use crate::model::access::Right;
use crate::model::id::Digest;
use crate::model::people::Person;
use crate::signin::{self, SignInError};

/// Why something of one's own was not changed.
#[derive(Debug, thiserror::Error)]
pub enum OwnError {
    /// The password that was shown.
    #[error("the password is not right")]
    Wrong,
    /// The password that was chosen.
    #[error("this cannot be a password: {0}")]
    Weak(#[from] Weak),
    /// It is the one that was there.
    #[error("this is the password that was there before")]
    Same,
    /// The code that was shown.
    #[error("the code is not right; look whether the clock of the telephone is")]
    WrongCode,
    /// A second factor is in force, or is not.
    #[error("the second factor is not as it was when the page was shown")]
    Factor,
    /// The token that was wanted.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// A token for more than the person may do.
    #[error("a token cannot be for more than its owner may do: {}", .0.en())]
    TooMuch(Right),
    /// They have too many tokens.
    #[error("there are too many tokens; end some first")]
    TooMany,
    /// There is no such session or token.
    #[error("it is not there any more")]
    Gone,
    /// They failed before, and have to wait.
    #[error(transparent)]
    SignIn(SignInError),
    /// A password could not be hashed.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The key of second factors.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl From<SignInError> for OwnError {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::Wrong => Self::Wrong,
            SignInError::Db(error) => Self::Db(error),
            SignInError::Password(error) => Self::Password(error),
            other => Self::SignIn(other),
        }
    }
}

/// Somebody who is signed in.
#[derive(Debug, Clone, Copy)]
pub struct Me<'a> {
    /// Who.
    pub person: &'a Person,
    /// The key of the session, as it is kept.
    pub session: Digest,
    /// From where.
    pub address: IpAddr,
}

/// Changes the own password; all other sessions end.
///
/// # Errors
/// When the old one is not right, or the new one is weak or the same.
pub async fn change_password(app: &App, me: Me<'_>, old: &str, new: &str) -> Result<(), OwnError> {
    signin::confirm(app, me.person, old, me.address).await?;
    if old == new {
        return Err(OwnError::Same);
    }
    let mut tx = app.db.read().await?;
    let names = signin::names(&mut tx, me.person).await?;
    drop(tx);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    password::check(new, &names)?;
    let phc = app.hasher.hash(new).await?;
    let mut tx = app.db.write().await?;
    sessions::set_password(&mut tx, &me.person.id, &phc, app.now()).await?;
    sessions::end_all(&mut tx, &me.person.id, Some(me.session)).await?;
    invitations::forget(&mut tx, me.person.id.as_str()).await?;
    Ok(tx.commit().await?)
}

/// A session of one's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct OwnSession {
    /// What names it, without being worth anything.
    pub id: String,
    /// When it began, in milliseconds since 1970.
    pub made: i64,
    /// When it was used last.
    pub seen: i64,
    /// What the browser says it is.
    pub agent: String,
    /// Whether it is the one that asks.
    pub this: bool,
}

/// The own sessions that go on, the newest first.
///
/// # Errors
/// When the database refuses.
pub async fn sessions(app: &App, me: Me<'_>) -> Result<Vec<OwnSession>, DbError> {
    let mut tx = app.db.read().await?;
    let all = sessions::of(&mut tx, &me.person.id).await?;
    let (now, this) = (app.now().as_millisecond(), me.session.to_string());
    let idle = i64::try_from(app.config.sessions.idle().as_millis()).unwrap_or(i64::MAX);
    let goes_on = |one: &sessions::Session| one.ends > now && now - one.seen < idle;
    let own = |one: sessions::Session| OwnSession {
        this: one.key_sha256 == this,
        id: one.key_sha256,
        made: one.made,
        seen: one.seen,
        agent: one.agent,
    };
    Ok(all.into_iter().filter(goes_on).map(own).collect())
}

/// Ends one of the own sessions.
///
/// # Errors
/// When it is not there, or somebody else's.
pub async fn end_session(app: &App, me: Me<'_>, id: &str) -> Result<(), OwnError> {
    let mut tx = app.db.write().await?;
    if !sessions::end_of(&mut tx, &me.person.id, id).await? {
        return Err(OwnError::Gone);
    }
    Ok(tx.commit().await?)
}

/// Ends all own sessions but this one; returns how many there were.
///
/// # Errors
/// When the database refuses.
pub async fn end_others(app: &App, me: Me<'_>) -> Result<u64, OwnError> {
    let mut tx = app.db.write().await?;
    let ended = sessions::end_all(&mut tx, &me.person.id, Some(me.session)).await?;
    tx.commit().await?;
    Ok(ended)
}
