//! What is said when no key was destroyed.

use super::Problem;
use crate::catalog::Refusal;
use crate::encryption::EncryptionError;
use crate::model::access::Denied;

impl From<EncryptionError> for Problem {
    fn from(error: EncryptionError) -> Self {
        let message = error.to_string();
        match error {
            EncryptionError::Denied(Denied(right)) => Self::denied(right),
            EncryptionError::UnknownHousehold(no) => Refusal::UnknownHousehold(no).into(),
            EncryptionError::UnknownRequest(_) => Self::not_found("unknown_destruction", message),
            EncryptionError::Off => Self::conflict("not_encrypted", message),
            EncryptionError::Plain { .. } => Self::conflict("stored_plain", message),
            EncryptionError::Shared(_) => Self::conflict("shared_key", message),
            EncryptionError::Nothing(_) => Self::invalid("nothing_to_destroy", message),
            EncryptionError::NoReason => Self::invalid("no_reason", message),
            EncryptionError::NotThis(_) => Self::invalid("not_this", message),
            EncryptionError::Keys(_) => Self::trouble(message),
            EncryptionError::Record(error) => error.into(),
            EncryptionError::Db(error) => error.into(),
            EncryptionError::Vault(error) => error.into(),
        }
    }
}
