//! 利用: what a person may see, gathered for a page, the API or the command
//! line. Every function asks the scope first; what is outside is unknown.

mod desk;
pub(crate) mod document;
mod doubtful;
mod household;
mod numbers;
pub mod opened;
mod overview;
mod paper;
mod searchable;
mod standing;
mod status;
mod volume;

pub use self::desk::{Desk, InHand, JustFiled, desk};
pub use self::document::{
    DocumentView, Happening, PageView, document, document_at_work, happenings,
};
pub use self::doubtful::{Called, DoubtfulPage, called, doubtful};
pub use self::household::{
    HouseholdView, OfLevel, Place, Roster, household, household_at_work, households, roster,
};
pub use self::numbers::{Numbered, numbers};
pub use self::overview::{Overview, Waiting, overview, pile};
pub(crate) use self::paper::drawn;
pub use self::paper::{Compared, Original, compare, original, page_image};
pub use self::searchable::searchable;
pub use self::standing::{Standing, named, standing};
pub use self::status::{Index, Jobs, Log, Ocr, Status, organisations, status};
pub use self::volume::{Shelf, VolumeView, newest_code, printed, shelf, volume, volumes};

pub use crate::catalog::documents::{Document, FileRow};
pub use crate::catalog::households::Listed;
pub use crate::catalog::jobs::Job;
pub use crate::catalog::kinship::Gone;
pub use crate::catalog::organisations::Organisation;
pub use crate::catalog::volumes::Volume;
use crate::db::DbError;
use crate::extract;
use crate::filing::FilingError;
use crate::looks::LookError;
use crate::model::access::Denied;
use crate::model::id::{DocumentId, HouseholdNo};
use crate::vault::VaultError;

/// Why something cannot be shown.
#[derive(Debug, thiserror::Error)]
pub enum ViewError {
    /// No such document, or none this person may see.
    #[error("document {0} is not known")]
    UnknownDocument(DocumentId),
    /// No such household, or none this person may see.
    #[error("household {0} is not known")]
    UnknownHousehold(HouseholdNo),
    /// The household has no such version of a volume.
    #[error("household {0} has no such volume")]
    UnknownVolume(HouseholdNo),
    /// The document has no such page or file.
    #[error("document {0} has no such page")]
    UnknownPage(DocumentId),
    /// A manifest that cannot be understood.
    #[error("the manifest of household {0} cannot be understood")]
    Manifest(HouseholdNo),
    /// The person may not see it.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Papers and proposals.
    #[error(transparent)]
    Filing(#[from] FilingError),
    /// The page could not be drawn.
    #[error(transparent)]
    File(#[from] extract::Error),
    /// The index.
    #[error("the index cannot be read: {0}")]
    Index(#[from] yidang_indexer::Error),
    /// It cannot be noted that it is shown, or why.
    #[error(transparent)]
    Look(#[from] LookError),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// The object store.
    #[error(transparent)]
    Vault(#[from] VaultError),
}
