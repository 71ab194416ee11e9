//! Why an act is not applied.

use crate::db::DbError;
use crate::model::document::State;
use crate::model::id::{Digest, DocumentId, EntryNo, HouseholdNo, PersonId};
use crate::model::lending::Rule;
use crate::model::living::LivingRule;
use crate::model::register::RowRule;

/// A rule that an act breaks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The archive has been made already.
    #[error("the archive exists")]
    ArchiveExists,
    /// Something else was recorded since whoever asks looked.
    #[error("something else was recorded meanwhile: look again")]
    Meanwhile,
    /// No household has this number.
    #[error("household {0} is not known")]
    UnknownHousehold(HouseholdNo),
    /// A household keeps its number; nobody else gets it.
    #[error("household {0} exists")]
    HouseholdExists(HouseholdNo),
    /// No document has this number.
    #[error("document {0} is not known")]
    UnknownDocument(DocumentId),
    /// A document that was joined or returned takes no further act.
    #[error("document {document} is {state:?}")]
    NotLive {
        /// Which.
        document: DocumentId,
        /// What it became.
        state: State,
    },
    /// A filed document is corrected, not returned.
    #[error("document {0} is filed")]
    AlreadyFiled(DocumentId),
    /// A document cannot become part of itself.
    #[error("document {0} cannot be joined to itself")]
    JoinedToItself(DocumentId),
    /// A document has no such page.
    #[error("document {document} has no page {page} in this file")]
    NoPage {
        /// Which.
        document: DocumentId,
        /// The page of the file.
        page: u32,
    },
    /// Somebody else corrected the page first.
    #[error("page {page} of document {document} was corrected meanwhile")]
    CorrectedMeanwhile {
        /// Which.
        document: DocumentId,
        /// The page of the file.
        page: u32,
    },
    /// Somebody else bound another version first.
    #[error("the volume of household {household} was bound meanwhile: version {current}")]
    VolumeMoved {
        /// Whose volume.
        household: HouseholdNo,
        /// The version it has now.
        current: i64,
    },
    /// A key of the log cannot be changed like this.
    #[error("the key {key} {why}")]
    Key {
        /// Which.
        key: String,
        /// Why not.
        why: &'static str,
    },
    /// The access log does not become shorter.
    #[error("the access log had {before} entries at the seal before, and now {size}")]
    AccessLog {
        /// How many it has now.
        size: i64,
        /// How many it had.
        before: i64,
    },
    /// Somebody signs in like this already.
    #[error("the login {0:?} is taken")]
    LoginTaken(String),
    /// No person has this name.
    #[error("person {0} is not known")]
    UnknownPerson(PersonId),
    /// What a person cannot be.
    #[error("these roles cannot be given: {0}")]
    Roles(&'static str),
    /// What nobody does for themselves.
    #[error("nobody changes the own account or the own rights: somebody else has to do it")]
    Oneself,
    /// Nothing of this household is put up by this entry, or no longer.
    #[error("entry {0} is no notice that is up of household {1}")]
    NotUp(EntryNo, HouseholdNo),
    /// A file cannot be destroyed with the papers of a household.
    #[error("{0} is not a file of household {1} alone")]
    NotItsAlone(Digest, HouseholdNo),
    /// Somebody asked for it already, and nobody has decided.
    #[error("that the keys of household {0} be destroyed was asked for already")]
    DestructionAsked(HouseholdNo),
    /// There is nothing to decide.
    #[error("no destruction of household {0} waits for a decision under this entry")]
    NoDestruction(HouseholdNo),
    /// Two people destroy.
    #[error("who asked for the destruction does not decide on it: somebody else has to")]
    OwnDestruction,
    /// The archive is encrypted already, with other keys.
    #[error("the archive is encrypted with the keys {0}")]
    EncryptedAlready(String),
    /// Another volume has this reference code.
    #[error("reference code {0} is taken")]
    CodeTaken(String),
    /// No lending has this name.
    #[error("this lending is not known")]
    UnknownLending,
    /// What cannot be done with a lending.
    #[error(transparent)]
    Lending(#[from] Rule),
    /// Nobody of the household is called so.
    #[error("nobody of household {0} is called so")]
    NotOfHousehold(HouseholdNo),
    /// What cannot be done with a file that lives.
    #[error(transparent)]
    Living(#[from] LivingRule),
    /// What cannot be done with a row of a register, or a draw.
    #[error(transparent)]
    Row(#[from] RowRule),
}

/// Why an act was not applied.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// It breaks a rule.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl From<LivingRule> for ApplyError {
    fn from(rule: LivingRule) -> Self {
        Self::Refused(rule.into())
    }
}

impl From<RowRule> for ApplyError {
    fn from(rule: RowRule) -> Self {
        Self::Refused(rule.into())
    }
}
