//! How a verb ends: an exit status, and for a failure one sentence and one
//! hint.

mod log;
mod papers;
mod people;

use crate::app::OpenError;
use crate::audit::AuditError;
use crate::catalog::Refusal;
use crate::config::ConfigError;
use crate::db::DbError;
use crate::follow::FollowError;
use crate::keying::KeyingError;
use crate::keys::volumes::VolumeKeyError;
use crate::lending::LendingError;
use crate::living::LivingError;
use crate::living::registers::RegisterError;
use crate::model::id::IdError;
use crate::model::lending::Rule;
use crate::notices::NoticeError;
use crate::rebuild::RebuildError;
use crate::record::RecordError;

/// How a verb ended that could do its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Done.
    Done,
    /// Done, and something was found that should not be, or nothing was found
    /// that was looked for.
    Findings,
    /// Partly done: what was not has been said already.
    Status(u8),
}

impl Outcome {
    /// 0 or 1.
    #[must_use]
    pub fn status(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Findings => 1,
            Self::Status(status) => status,
        }
    }
}

/// Why a verb did not do its work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    status: u8,
    code: &'static str,
    sentence: String,
    hint: String,
    said: bool,
}

impl Failure {
    /// What was asked for is not there: exit status 1.
    pub(crate) fn not_found(sentence: impl Into<String>) -> Self {
        Self::new(1, "not_found", sentence, "")
    }

    /// It was asked for in a wrong way: exit status 2.
    pub(crate) fn usage(sentence: impl Into<String>, hint: &str) -> Self {
        Self::new(2, "usage", sentence, hint)
    }

    /// It could not be done: exit status 3.
    pub(crate) fn trouble(sentence: impl Into<String>) -> Self {
        Self::new(3, "trouble", sentence, "")
    }

    fn new(status: u8, code: &'static str, sentence: impl Into<String>, hint: &str) -> Self {
        Self { status, code, sentence: sentence.into(), hint: hint.to_owned(), said: false }
    }

    /// The acting person may not: exit status 3.
    pub(super) fn denied(sentence: String) -> Self {
        Self::new(3, "denied", sentence, "name somebody who may with --as LOGIN")
    }

    fn refused(refusal: &Refusal) -> Self {
        let hint = match refusal {
            Refusal::UnknownHousehold(_) => {
                "check the 17 digits, or open the household with --open HEAD"
            }
            Refusal::HouseholdExists(_) => "a household keeps its number; leave out --open",
            _ => "",
        };
        let status = if matches!(refusal, Refusal::UnknownHousehold(_)) { 1 } else { 3 };
        Self::new(status, "refused", refusal.to_string(), hint)
    }

    /// This failure, which has been printed already.
    pub(crate) fn said(self) -> Self {
        Self { said: true, ..self }
    }

    /// The exit status: 1 not found, 2 wrong usage, 3 could not do it.
    #[must_use]
    pub fn status(&self) -> u8 {
        self.status
    }

    /// The sentence.
    #[must_use]
    pub fn sentence(&self) -> &str {
        &self.sentence
    }

    /// Says it on standard error, and with `json` as a value on standard
    /// output.
    pub fn print(&self, json: bool) {
        if !self.said {
            eprintln!("yidang: {}", self.sentence);
        }
        if !self.hint.is_empty() {
            eprintln!("  hint: {}", self.hint);
        }
        if json {
            let error = serde_json::json!({
                "error": { "code": self.code, "message": self.sentence, "hint": self.hint }
            });
            println!("{error}");
        }
    }
}

macro_rules! trouble_from {
    ($($from:ty),* $(,)?) => {$(
        impl From<$from> for Failure {
            fn from(error: $from) -> Self { Self::trouble(error.to_string()) }
        }
    )*};
}
trouble_from!(
    OpenError,
    DbError,
    FollowError,
    AuditError,
    RebuildError,
    VolumeKeyError,
    std::io::Error,
);

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::usage(error.to_string(), "")
    }
}

impl From<IdError> for Failure {
    fn from(error: IdError) -> Self {
        let hint = match error {
            IdError::Household(_) => {
                "a household number is 12 digits of region and 5 of serial: 99010200300400001"
            }
            _ => "",
        };
        Self::usage(error.to_string(), hint)
    }
}

impl From<RecordError> for Failure {
    fn from(error: RecordError) -> Self {
        match &error {
            RecordError::Refused(refusal) => Self::refused(refusal),
            RecordError::Denied(_) => Self::denied(error.to_string()),
            _ => Self::trouble(error.to_string()),
        }
    }
}

impl From<LendingError> for Failure {
    fn from(error: LendingError) -> Self {
        match error {
            LendingError::Denied(denied) => Self::denied(denied.to_string()),
            LendingError::Unknown | LendingError::Nobody(_) => Self::not_found(error.to_string()),
            LendingError::Rule(
                Rule::Term | Rule::Words | Rule::Borrower | Rule::Effect | Rule::Pages,
            )
            | LendingError::NotOurs => Self::usage(error.to_string(), ""),
            LendingError::Rule(_) => Self::new(3, "refused", error.to_string(), ""),
            LendingError::Record(error) => error.into(),
            LendingError::Db(error) => error.into(),
            LendingError::Uses(error) => error.into(),
        }
    }
}

impl From<LivingError> for Failure {
    fn from(error: LivingError) -> Self {
        match error {
            LivingError::Denied(denied) => Self::denied(denied.to_string()),
            LivingError::UnknownHousehold(no) => Self::refused(&Refusal::UnknownHousehold(no)),
            LivingError::UnknownDocument(id) => Self::refused(&Refusal::UnknownDocument(id)),
            LivingError::Record(error) => error.into(),
            LivingError::Look(error) => error.into(),
            LivingError::Db(error) => error.into(),
            LivingError::Vault(error) => error.into(),
            LivingError::Move(_)
            | LivingError::NotNow { .. }
            | LivingError::Runs(_)
            | LivingError::NoCase
            | LivingError::OtherLevel(_)
            | LivingError::BenefitRule(_) => Self::new(
                3,
                "refused",
                error.to_string(),
                "`yidang case show HOUSEHOLD` says what can be done next",
            ),
            LivingError::NobodyToList | LivingError::TakenAlready(_) => {
                Self::new(3, "refused", error.to_string(), "")
            }
            LivingError::Departs { .. } => {
                Self::usage(error.to_string(), "`--departs WORDS` says why")
            }
            other => Self::usage(other.to_string(), ""),
        }
    }
}

impl From<KeyingError> for Failure {
    fn from(error: KeyingError) -> Self {
        match error {
            KeyingError::View(error) => error.into(),
            KeyingError::Denied(denied) => Self::denied(denied.to_string()),
            KeyingError::Living(error) => error.into(),
            KeyingError::Record(error) => error.into(),
            KeyingError::Db(error) => error.into(),
            KeyingError::Vault(error) => error.into(),
            KeyingError::NoForm(_) => Self::new(3, "no_form", error.to_string(), ""),
            other => Self::usage(other.to_string(), "`yidang form show DOCUMENT` lists its fields"),
        }
    }
}

impl From<RegisterError> for Failure {
    fn from(error: RegisterError) -> Self {
        match error {
            RegisterError::Living(error) => error.into(),
            RegisterError::Unknown(_) => {
                Self::new(1, "not_found", error.to_string(), "`yidang book list` lists them")
            }
            RegisterError::UnknownRow(_)
            | RegisterError::UnknownOrder(_)
            | RegisterError::NothingSealed => Self::not_found(error.to_string()),
            RegisterError::Prove(error) => error.into(),
            RegisterError::Side | RegisterError::BegunBy(_) | RegisterError::Undrawn(_) => {
                Self::new(3, "refused", error.to_string(), "")
            }
            RegisterError::Rule(ref rule) if rule.is_conflict() => {
                Self::new(3, "refused", error.to_string(), "")
            }
            RegisterError::File(_) => Self::trouble(error.to_string()),
            other => Self::usage(other.to_string(), ""),
        }
    }
}

impl From<NoticeError> for Failure {
    fn from(error: NoticeError) -> Self {
        match error {
            NoticeError::Denied(denied) => Self::denied(denied.to_string()),
            NoticeError::UnknownHousehold(no) => Self::refused(&Refusal::UnknownHousehold(no)),
            NoticeError::Unknown(_) => {
                Self::new(1, "not_found", error.to_string(), "`yidang notice list` lists them")
            }
            NoticeError::NotUp(_) | NoticeError::SameDays(_) => {
                Self::new(3, "refused", error.to_string(), "")
            }
            NoticeError::Rule(_) | NoticeError::Amount(_) | NoticeError::Asked(_) => {
                Self::usage(error.to_string(), "")
            }
            NoticeError::Record(error) => error.into(),
            NoticeError::Look(error) => error.into(),
            NoticeError::Db(error) => error.into(),
        }
    }
}
