//! What the log, its proofs, witnesses and timestamps say, as ends of a command.

use super::Failure;
use crate::prove::ProveError;
use crate::signing::SigningError;
use crate::timestamp::TimestampError;
use crate::witness::WitnessError;

impl From<ProveError> for Failure {
    fn from(error: ProveError) -> Self {
        match error {
            ProveError::View(error) => error.into(),
            ProveError::Vault(error) => error.into(),
            ProveError::Record(error) => error.into(),
            ProveError::UnknownVolume(_) => Self::not_found(error.to_string()),
            ProveError::TwoHouseholds(_) => Self::new(
                3,
                "two_households",
                error.to_string(),
                "name somebody who sees both with --as LOGIN, or prove a single document",
            ),
            ProveError::Destroyed(no) => Self::new(
                1,
                "destroyed",
                error.to_string(),
                &format!("the proof of that entry: GET /api/v1/log/entries/{no}/proof"),
            ),
            ProveError::Place { .. } => {
                Self::usage(error.to_string(), "name a folder that is not there yet")
            }
            other => Self::trouble(other.to_string()),
        }
    }
}

impl From<SigningError> for Failure {
    fn from(error: SigningError) -> Self {
        match error {
            SigningError::Record(error) => error.into(),
            SigningError::UnknownKey(_) => {
                Self::new(1, "not_found", error.to_string(), "`yidang key show` lists them")
            }
            SigningError::Newest => Self::usage(error.to_string(), ""),
            other => Self::trouble(other.to_string()),
        }
    }
}

impl From<TimestampError> for Failure {
    fn from(error: TimestampError) -> Self {
        match error {
            TimestampError::Record(error) => error.into(),
            other => Self::trouble(other.to_string()),
        }
    }
}

impl From<WitnessError> for Failure {
    fn from(error: WitnessError) -> Self {
        match error {
            WitnessError::Key(_) | WitnessError::Exists(_) => Self::usage(error.to_string(), ""),
            other => Self::trouble(other.to_string()),
        }
    }
}
