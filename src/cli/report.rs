//! How a verb ends: an exit status, and for a failure one sentence and one
//! hint.

use crate::app::OpenError;
use crate::audit::AuditError;
use crate::backup::BackupError;
use crate::binding::BindError;
use crate::catalog::Refusal;
use crate::config::ConfigError;
use crate::correction::CorrectError;
use crate::db::DbError;
use crate::encryption::EncryptionError;
use crate::extract;
use crate::filing::FilingError;
use crate::follow::FollowError;
use crate::intake::IntakeError;
use crate::keying::KeyingError;
use crate::keys::volumes::VolumeKeyError;
use crate::lending::LendingError;
use crate::living::LivingError;
use crate::living::registers::RegisterError;
use crate::looks::LookError;
use crate::model::id::IdError;
use crate::model::lending::Rule;
use crate::model::look::ReasonError;
use crate::notices::NoticeError;
use crate::own::OwnError;
use crate::people::PeopleError;
use crate::prove::ProveError;
use crate::rebuild::RebuildError;
use crate::record::RecordError;
use crate::search::SearchError;
use crate::setup::OrganisationError;
use crate::signing::SigningError;
use crate::timestamp::TimestampError;
use crate::uses::UsesError;
use crate::vault::VaultError;
use crate::view::ViewError;
use crate::witness::WitnessError;

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

impl From<RecordError> for Failure {
    fn from(error: RecordError) -> Self {
        match &error {
            RecordError::Refused(refusal) => Self::refused(refusal),
            RecordError::Denied(_) => Self::denied(error.to_string()),
            _ => Self::trouble(error.to_string()),
        }
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
            other => Self::usage(other.to_string(), ""),
        }
    }
}

impl From<PeopleError> for Failure {
    fn from(error: PeopleError) -> Self {
        match error {
            PeopleError::Record(error) => error.into(),
            PeopleError::Db(error) => error.into(),
            PeopleError::Unknown(_) => {
                Self::new(1, "not_found", error.to_string(), "`yidang person list` lists people")
            }
            PeopleError::NoToken | PeopleError::NoSession => Self::not_found(error.to_string()),
            PeopleError::Denied(_) => Self::denied(error.to_string()),
            other => Self::usage(other.to_string(), ""),
        }
    }
}

impl From<OrganisationError> for Failure {
    fn from(error: OrganisationError) -> Self {
        match error {
            OrganisationError::Record(error) => error.into(),
            other => Self::usage(other.to_string(), ""),
        }
    }
}

impl From<OwnError> for Failure {
    fn from(error: OwnError) -> Self {
        match error {
            OwnError::Db(error) => error.into(),
            OwnError::Gone => Self::new(1, "not_found", error.to_string(), ""),
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

impl From<LookError> for Failure {
    fn from(error: LookError) -> Self {
        match error {
            LookError::NoReason(_) => Self::usage(error.to_string(), "say it with --reason"),
            _ => Self::trouble(error.to_string()),
        }
    }
}

impl From<UsesError> for Failure {
    fn from(error: UsesError) -> Self {
        match error {
            UsesError::Denied(error) => PeopleError::from(error).into(),
            UsesError::View(error) => error.into(),
            UsesError::Prove(error) => error.into(),
            UsesError::Record(error) => error.into(),
            UsesError::Db(error) => error.into(),
            UsesError::Unknown(_) => Self::not_found(error.to_string()),
            UsesError::Asked(_) => Self::usage(error.to_string(), ""),
            UsesError::TooMany { .. } | UsesError::File(_) => Self::trouble(error.to_string()),
        }
    }
}

impl From<ReasonError> for Failure {
    fn from(error: ReasonError) -> Self {
        Self::usage(error.to_string(), "such as --reason 2 or --reason 户主来电询问")
    }
}

impl From<ProveError> for Failure {
    fn from(error: ProveError) -> Self {
        match error {
            ProveError::View(error) => error.into(),
            ProveError::Vault(error) => error.into(),
            ProveError::Record(error) => error.into(),
            ProveError::UnknownVolume(_) => Self::not_found(error.to_string()),
            ProveError::Place { .. } => {
                Self::usage(error.to_string(), "name a folder that is not there yet")
            }
            other => Self::trouble(other.to_string()),
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
            RegisterError::Side | RegisterError::BegunBy(_) => {
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

impl From<BackupError> for Failure {
    fn from(error: BackupError) -> Self {
        match error {
            BackupError::Exists(_) => Self::usage(error.to_string(), ""),
            other => Self::trouble(other.to_string()),
        }
    }
}

impl From<SearchError> for Failure {
    fn from(error: SearchError) -> Self {
        match error {
            SearchError::Index(error @ yidang_indexer::Error::Syntax { .. }) => {
                Self::usage(error.to_string(), "quote words that are to be taken as they stand")
            }
            SearchError::Index(error) => Self::trouble(error.to_string()),
            error @ (SearchError::Asked(_)
            | SearchError::TooMuch
            | SearchError::TooMany { .. }
            | SearchError::NoReason
            | SearchError::HasNumber
            | SearchError::Name
            | SearchError::Full) => Self::usage(error.to_string(), ""),
            error @ (SearchError::Unknown | SearchError::UnknownPaper(_)) => {
                Self::new(1, "not_found", error.to_string(), "")
            }
            SearchError::File(error) => Self::trouble(error),
            SearchError::Denied(error) => PeopleError::from(error).into(),
            SearchError::Look(error) => error.into(),
            SearchError::Db(error) => error.into(),
        }
    }
}
