//! What the log, its proofs and audits say.

use axum::http::StatusCode;

use super::Problem;
use crate::audit::AuditError;
use crate::history::HistoryError;
use crate::prove::ProveError;
use crate::signing::SigningError;
use crate::timestamp::TimestampError;

impl From<HistoryError> for Problem {
    fn from(error: HistoryError) -> Self {
        let message = error.to_string();
        match error {
            HistoryError::UnknownEntry(_) => Self::not_found("unknown_entry", message),
            HistoryError::View(error) => error.into(),
            HistoryError::Db(error) => error.into(),
        }
    }
}

impl From<ProveError> for Problem {
    fn from(error: ProveError) -> Self {
        let message = error.to_string();
        let later = |code| Self::new(StatusCode::SERVICE_UNAVAILABLE, code, &message);
        match error {
            ProveError::View(error) => error.into(),
            ProveError::UnknownVolume(_) => Self::not_found("unknown_volume", message),
            ProveError::TwoHouseholds(_) => {
                Self::new(StatusCode::FORBIDDEN, "two_households", message).hint(
                    "ask an office that sees both; the bundle of a single document is not refused",
                )
            }
            ProveError::Destroyed(_) => Self::new(StatusCode::GONE, "destroyed", message)
                .hint("that entry has its proof: GET /api/v1/log/entries/NUMBER/proof"),
            ProveError::UnknownEntry(_) => Self::not_found("unknown_entry", message),
            ProveError::UnknownCheckpoint(_) => Self::not_found("unknown_checkpoint", message)
                .hint("one is kept of the sizes that were published, not of every number"),
            ProveError::Busy => later("busy").hint("try again in a minute"),
            ProveError::NotYet(_) => later("not_yet").hint("try again in a moment"),
            ProveError::Log(_) => Self::new(StatusCode::CONFLICT, "unprovable", message)
                .hint("verify the archive: POST /api/v1/verifications"),
            ProveError::Record(error) => error.into(),
            ProveError::Db(error) => error.into(),
            ProveError::Vault(error) => error.into(),
            ProveError::Place { .. } | ProveError::Ledger(_) | ProveError::Page(_) => {
                Self::trouble(message)
            }
        }
    }
}

impl From<SigningError> for Problem {
    fn from(error: SigningError) -> Self {
        let message = error.to_string();
        match error {
            SigningError::NoKey(_) => Self::not_found("no_key", message),
            SigningError::UnknownKey(_) => Self::not_found("unknown_key", message),
            SigningError::Newest => Self::conflict("newest_key", message),
            SigningError::Key(_) => Self::trouble(message),
            SigningError::Record(error) => error.into(),
            SigningError::Db(error) => error.into(),
            SigningError::Vault(error) => error.into(),
        }
    }
}

impl From<TimestampError> for Problem {
    fn from(error: TimestampError) -> Self {
        let message = error.to_string();
        match error {
            TimestampError::Nothing => Self::not_found("unsealed", message),
            TimestampError::Unknown(_) => Self::not_found("unknown_timestamp", message)
                .hint("they are listed at /api/v1/log/timestamps"),
            TimestampError::NoAuthority => Self::conflict("no_authority", message)
                .hint("name one in the settings, or ask another at the machine: yidang timestamp"),
            TimestampError::Authority(..) | TimestampError::Token(_) => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "authority", message)
                    .hint("nothing was recorded; try again later")
            }
            TimestampError::Tlog(_) => Self::trouble(message),
            TimestampError::Record(error) => error.into(),
            TimestampError::Db(error) => error.into(),
            TimestampError::Vault(error) => error.into(),
        }
    }
}

impl From<AuditError> for Problem {
    fn from(error: AuditError) -> Self {
        match error {
            AuditError::Db(error) => error.into(),
            AuditError::Vault(error) => error.into(),
            AuditError::Record(error) => error.into(),
        }
    }
}
