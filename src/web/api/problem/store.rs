//! What the database, the object store and the reading of files say.

use axum::http::StatusCode;

use super::Problem;
use crate::db::DbError;
use crate::extract;
use crate::vault::VaultError;

impl From<DbError> for Problem {
    fn from(error: DbError) -> Self {
        Self::trouble(error.to_string())
    }
}

impl From<std::io::Error> for Problem {
    fn from(error: std::io::Error) -> Self {
        Self::trouble(error.to_string())
    }
}

impl From<VaultError> for Problem {
    fn from(error: VaultError) -> Self {
        let message = error.to_string();
        match error {
            VaultError::TooLarge { .. } => {
                Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", message)
            }
            VaultError::Interrupted(_) => {
                Self::malformed("interrupted", message).hint("nothing was kept; send it again")
            }
            VaultError::Full => Self::new(StatusCode::INSUFFICIENT_STORAGE, "full", message)
                .hint("nothing was kept; make room and try again"),
            // The catalog names it, so it should be there.
            VaultError::NotFound(_) => {
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, "missing", message)
                    .hint("verify the archive: POST /api/v1/verifications")
            }
            VaultError::Destroyed(_) => Self::new(StatusCode::GONE, "destroyed", message)
                .hint("its key was destroyed by an act of the log; there is no way back"),
            VaultError::Reserved => {
                Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "reserved", message)
            }
            VaultError::Corrupt { .. } | VaultError::Tampered(_) | VaultError::OtherKeys(_) => {
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, "corrupt", message).hint(
                    "the bytes are not handed out; verify the archive: POST /api/v1/verifications",
                )
            }
            VaultError::Copy(_) => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "second_copy", message)
                    .hint("nothing was kept; look at the second copy and try again")
            }
            _ => Self::trouble(message),
        }
    }
}

impl From<extract::Error> for Problem {
    fn from(error: extract::Error) -> Self {
        use extract::Error as E;
        let status = match &error {
            E::TooLarge { .. } | E::TooManyPixels { .. } | E::TooManyPages { .. } => {
                StatusCode::PAYLOAD_TOO_LARGE
            }
            E::NotADocument { .. } => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            E::NoSuchPage { .. } => StatusCode::NOT_FOUND,
            E::Machine { .. } => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        };
        Self::new(status, error.code(), error.en())
    }
}
