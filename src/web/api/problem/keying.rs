//! What went wrong when fields were keyed, for programs.

use super::Problem;
use crate::keying::KeyingError;
use crate::model::access::Denied;

impl From<KeyingError> for Problem {
    fn from(error: KeyingError) -> Self {
        let message = error.to_string();
        match error {
            KeyingError::View(error) => error.into(),
            KeyingError::Denied(Denied(right)) => Self::denied(right),
            KeyingError::Living(error) => error.into(),
            KeyingError::Record(error) => error.into(),
            KeyingError::Db(error) => error.into(),
            KeyingError::Vault(error) => error.into(),
            KeyingError::NoForm(_) => Self::conflict("no_form", message),
            KeyingError::NoField(_) => Self::invalid("no_field", message),
            KeyingError::Value { .. } => Self::invalid("value", message),
            KeyingError::Covered { .. } => Self::invalid("covered", message),
            KeyingError::HowMany => Self::invalid("how_many", message),
            KeyingError::NotOffered(_) => Self::conflict("not_offered", message),
        }
    }
}
