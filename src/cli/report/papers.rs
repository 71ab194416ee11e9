//! What the store, intake, filing and volumes say, as ends of a command.

use super::Failure;
use crate::backup::BackupError;
use crate::binding::BindError;
use crate::catalog::Refusal;
use crate::correction::CorrectError;
use crate::encryption::EncryptionError;
use crate::extract;
use crate::filing::FilingError;
use crate::intake::IntakeError;
use crate::vault::VaultError;
use crate::view::ViewError;

impl From<VaultError> for Failure {
    fn from(error: VaultError) -> Self {
        match &error {
            VaultError::NotFound(_) => Self::new(1, "not_found", error.to_string(), ""),
            VaultError::Destroyed(_) => Self::new(
                1,
                "destroyed",
                error.to_string(),
                "`yidang show` its document, and the history says by whom and why",
            ),
            VaultError::Corrupt { .. } | VaultError::Tampered(_) => Self::new(
                1,
                "corrupt",
                error.to_string(),
                "the bytes are not handed out; run `yidang verify`",
            ),
            VaultError::Full => {
                Self::new(3, "full", error.to_string(), "nothing was kept; make room and try again")
            }
            _ => Self::trouble(error.to_string()),
        }
    }
}

impl From<extract::Error> for Failure {
    fn from(error: extract::Error) -> Self {
        Self::new(3, error.code(), error.en(), "")
    }
}

impl From<IntakeError> for Failure {
    fn from(error: IntakeError) -> Self {
        match error {
            IntakeError::File(error) => error.into(),
            IntakeError::Vault(error) => error.into(),
            IntakeError::Record(error) => error.into(),
            IntakeError::Db(error) => error.into(),
        }
    }
}

impl From<FilingError> for Failure {
    fn from(error: FilingError) -> Self {
        match error {
            FilingError::Record(error) => error.into(),
            FilingError::Vault(error) => error.into(),
            FilingError::Id(error) => error.into(),
            FilingError::Db(error) => error.into(),
            FilingError::Unknown(_) => Self::not_found(error.to_string()),
            FilingError::UnknownHousehold(no) => Self::refused(&Refusal::UnknownHousehold(no)),
            FilingError::NotRegistered(_) => {
                Self::usage(error.to_string(), "yidang organisation set CODE NAME")
            }
            other => Self::usage(other.to_string(), ""),
        }
    }
}

impl From<EncryptionError> for Failure {
    fn from(error: EncryptionError) -> Self {
        match error {
            EncryptionError::Record(error) => error.into(),
            EncryptionError::Vault(error) => error.into(),
            EncryptionError::UnknownHousehold(no) => Self::refused(&Refusal::UnknownHousehold(no)),
            EncryptionError::Nothing(_) | EncryptionError::UnknownRequest(_) => {
                Self::not_found(error.to_string())
            }
            EncryptionError::Denied(_) => Self::denied(error.to_string()),
            EncryptionError::NotThis(_) => {
                Self::usage(error.to_string(), "type it once more, or give it as --confirm")
            }
            EncryptionError::Off | EncryptionError::NoReason => Self::usage(error.to_string(), ""),
            other => Self::trouble(other.to_string()),
        }
    }
}

impl From<BindError> for Failure {
    fn from(error: BindError) -> Self {
        match error {
            BindError::Filing(error) => error.into(),
            BindError::Empty(_) => Self::not_found(error.to_string()),
            other => Self::trouble(other.to_string()),
        }
    }
}

impl From<ViewError> for Failure {
    fn from(error: ViewError) -> Self {
        match error {
            ViewError::Filing(error) => error.into(),
            ViewError::File(error) => error.into(),
            ViewError::Look(error) => error.into(),
            ViewError::Denied(_) => Self::denied(error.to_string()),
            ViewError::Db(error) => error.into(),
            ViewError::Vault(error) => error.into(),
            ViewError::Manifest(_) | ViewError::Index(_) => Self::trouble(error.to_string()),
            unknown => Self::not_found(unknown.to_string()),
        }
    }
}

impl From<CorrectError> for Failure {
    fn from(error: CorrectError) -> Self {
        match error {
            CorrectError::View(error) => error.into(),
            CorrectError::Denied(_) => Self::denied(error.to_string()),
            CorrectError::Record(error) => error.into(),
            CorrectError::Db(error) => error.into(),
            CorrectError::Vault(error) => error.into(),
            CorrectError::NotRead(..) => Self::new(1, "not_read", error.to_string(), ""),
            CorrectError::Meanwhile(..) => Self::new(
                1,
                "corrected_meanwhile",
                error.to_string(),
                "look at the page again: `yidang correct DOCUMENT PAGE`",
            ),
            other => Self::usage(other.to_string(), ""),
        }
    }
}

impl From<BackupError> for Failure {
    fn from(error: BackupError) -> Self {
        match error {
            BackupError::Exists(_) => Self::usage(error.to_string(), ""),
            other => Self::trouble(other.to_string()),
        }
    }
}
