//! What the log, its proofs and audits say.

use axum::http::StatusCode;

use super::Problem;
use crate::audit::AuditError;
use crate::history::HistoryError;
use crate::prove::ProveError;

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
                .hint("the proof of that entry: GET /api/v1/log/entries/{no}/proof"),
            ProveError::UnknownEntry(_) => Self::not_found("unknown_entry", message),
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

impl From<AuditError> for Problem {
    fn from(error: AuditError) -> Self {
        match error {
            AuditError::Db(error) => error.into(),
            AuditError::Vault(error) => error.into(),
            AuditError::Record(error) => error.into(),
        }
    }
}
