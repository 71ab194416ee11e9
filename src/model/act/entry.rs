//! An entry of the log: an act with who did it, and what stands beside it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::access::Actor;
use super::super::id::{Digest, EntryNo};
use super::Act;

/// The act with its actor and a salt: stored as a blob, so that its digest is
/// a commitment that tells nothing of the persons it names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// The version of this format.
    pub v: u8,
    /// 32 random bytes in hexadecimal.
    pub salt: String,
    /// Who acted.
    pub actor: Actor,
    /// What was done.
    pub act: Act,
}

/// An entry's place in the history of one household's file. The log never says
/// whose file it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// The random name of the file.
    pub volume: String,
    /// The number of the entry before in that history; none in the first.
    pub prev: Option<EntryNo>,
}

/// One line of the log: digests and times, no personal data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogEntry {
    /// The version of this format.
    pub v: u8,
    /// Its place in the log, from 0.
    pub no: EntryNo,
    /// The PREMIS event type.
    #[serde(rename = "type")]
    pub event_type: String,
    /// When the server took it.
    pub time: Timestamp,
    /// The digest of the [`Body`].
    pub body: Digest,
    /// The blobs it brings.
    pub objects: Vec<Digest>,
    /// The files of households it is about: none, one, or two when a paper
    /// moves from one to another.
    pub volumes: Vec<Link>,
}

/// The version of entries and bodies that this program writes.
pub const FORMAT: u8 = 1;

impl Body {
    /// A body with a new salt.
    #[must_use]
    pub fn new(actor: Actor, act: Act) -> Self {
        Self { v: FORMAT, salt: hex::encode(rand::random::<[u8; 32]>()), actor, act }
    }
}
