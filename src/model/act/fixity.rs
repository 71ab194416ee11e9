//! 核验 of what is stored, as acts have it: what was read again, what was found, what was
//! repaired.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::id::{Digest, EntryNo};

/// What was found by a sweep that re-read the stored files.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FixityResult {
    /// How many blobs were read.
    pub checked: u64,
    /// How many bytes they hold.
    pub bytes: u64,
    /// Blobs whose bytes have another digest than their name.
    pub changed: Vec<Digest>,
    /// Blobs the catalog names and the store has not.
    pub missing: Vec<Digest>,
    /// Objects in the store that nothing names, by their path.
    pub untracked: Vec<String>,
    /// Blobs that could not be read, with the reason.
    pub unread: Vec<(Digest, String)>,
    /// What of the log is not as it should be.
    pub log: Vec<LogFinding>,
    /// What was looked at; none in acts of before, which looked at one whole
    /// store and its log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<Coverage>,
    /// What was found elsewhere: in the second copy, among what is made from
    /// blobs, in the catalog.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub beside: Vec<Found>,
    /// Blobs of the store that nobody can read any more, since their keys were
    /// destroyed: by which entry, and how many. They are no findings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub destroyed: Vec<(EntryNo, u64)>,
}

/// What a sweep looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Coverage {
    /// Shards that were read to their ends.
    pub shards: u32,
    /// How many shards there are: 256 a store.
    pub of: u32,
    /// How many stores were looked at.
    pub copies: u8,
    /// How many files there were to read, in all of them.
    pub files: u64,
    /// Whether the log was read.
    pub log: bool,
    /// Whether the catalog was compared with the log.
    pub catalog: bool,
}

impl Coverage {
    /// Whether every stored file and the log were read.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.shards == self.of && self.log
    }
}

/// One of the two stores of an archive.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The store.
    Store,
    /// The second copy.
    Copy,
}

impl Side {
    /// As it stands in acts and in SQL.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Store => "store",
            Self::Copy => "copy",
        }
    }
}

/// Something that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Damage)]
pub struct Found {
    /// What it is, for programs: `copy.blob.missing`.
    pub code: String,
    /// What is wrong with it.
    pub class: FindingClass,
    /// In which store; none in the catalog.
    pub side: Option<Side>,
    /// Its path in that store, or table and key in the catalog.
    pub path: String,
    /// Why, or empty.
    pub reason: String,
}

/// A damaged or missing object of a store was restored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Repair {
    /// In which store.
    pub side: Side,
    /// Its path there.
    pub path: String,
    /// The digest of the bytes that stand there now.
    pub sha256: Digest,
    /// What was wrong with it.
    pub class: FindingClass,
    /// Where the right bytes came from.
    pub source: Source,
    /// Where the damaged bytes are now; none when there were none.
    pub quarantine: Option<String>,
}

/// Where the right bytes of something damaged came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SoundSource)]
pub enum Source {
    /// The store.
    Store,
    /// The second copy.
    Copy,
    /// The database.
    Database,
    /// The entries of the log, from which tiles are made.
    Entries,
}

/// A part of the log that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LogFinding {
    /// Where it stands, or should, in the object store.
    pub path: String,
    /// What is wrong with it.
    pub class: FindingClass,
    /// Why.
    pub reason: String,
}

/// What is wrong with something that was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FindingClass {
    /// It is not what it should be.
    Changed,
    /// It is not there.
    Missing,
    /// Nothing names it.
    Untracked,
    /// It was made from something that is not there.
    DerivedOnly,
    /// It could not be read.
    Unread,
}

impl FindingClass {
    /// The last part of the code of a finding.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::Missing => "missing",
            Self::Untracked => "untracked",
            Self::DerivedOnly => "orphan",
            Self::Unread => "unread",
        }
    }
}

impl FixityResult {
    /// Whether everything was read and nothing was found.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.changed.is_empty()
            && self.missing.is_empty()
            && self.untracked.is_empty()
            && self.unread.is_empty()
            && self.log.is_empty()
            && self.beside.is_empty()
    }
}
