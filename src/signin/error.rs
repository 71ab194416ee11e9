//! Why somebody was not let in.

use std::time::Duration;

use crate::credentials::code::CodeError;
use crate::credentials::oidc::OidcError;
use crate::credentials::password::{PasswordError, Weak};
use crate::db::DbError;
use crate::keys::KeyError;

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
