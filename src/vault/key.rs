//! From a stored thing to its path in the object store; nobody else builds a
//! path. Pure.

use object_store::path::Path;

use crate::model::id::{Digest, EntryNo};

/// Everything the object store holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Key {
    /// 原文: an original, a manifest or the body of an act; create-only.
    Blob(Digest),
    /// A batch of log entries, named by its first; create-only.
    Entries(EntryNo),
    /// A tile or an entry bundle of the log, by its path below `log/`; made from
    /// the entries.
    Tile(String),
    /// The checkpoint of the log: the newest, or that of a size; those are
    /// create-only.
    Checkpoint(Option<u64>),
    /// 派生件: made from a blob by a named maker; may be deleted at any time.
    Derived {
        /// Name and version of what made it, `preview@1`.
        maker: &'static str,
        /// The blob it was made from.
        of: Digest,
        /// Which of several, with its file extension: `p1-w160.jpg`.
        part: String,
    },
    /// Bytes on their way in.
    Staging(String),
    /// What stood in the place of another object and was not it, by its name
    /// and when it was moved here.
    Quarantine(String),
}

/// The folder of blobs.
pub const BLOBS: &str = "obj/sha256";
/// The folder of log entries. Tiles, checkpoints and their history stand beside
/// it under `log/`.
pub const ENTRIES: &str = "log/entries";
/// The folder of the history of checkpoints.
pub const CHECKPOINTS: &str = "log/checkpoints";
/// The folder of bytes on their way in.
pub const STAGING: &str = "staging";
/// The folder of damaged objects that were moved out of the way.
pub const QUARANTINE: &str = "quarantine";
/// The folder of what is made from blobs.
pub const DERIVED: &str = "derived";

/// The folder of the access log, with folders of its own like those above.
pub const ACCESS: &str = "access";

/// What stands at the top of a store: the folders above, and what a file system
/// keeps there for itself.
pub const AT_TOP: [&str; 7] = ["obj", "log", STAGING, QUARANTINE, DERIVED, ACCESS, "lost+found"];

/// The folders that hold nothing but folders of blobs.
pub const ABOVE_BLOBS: [&str; 2] = ["obj", BLOBS];

impl Key {
    /// Where it stands.
    #[must_use]
    pub fn path(&self) -> Path {
        Path::from(match self {
            Self::Blob(digest) => format!("{BLOBS}/{}", sharded(digest)),
            Self::Entries(first) => format!("{ENTRIES}/{first:020}"),
            Self::Tile(path) => format!("log/{path}"),
            Self::Checkpoint(None) => "log/checkpoint".to_owned(),
            Self::Checkpoint(Some(size)) => format!("{CHECKPOINTS}/{size:020}"),
            Self::Derived { maker, of, part } => format!("derived/{maker}/{}/{part}", sharded(of)),
            Self::Staging(name) => format!("{STAGING}/{name}"),
            Self::Quarantine(name) => format!("{QUARANTINE}/{name}"),
        })
    }
}

/// The folder of the blobs whose digest begins with the byte `shard`.
#[must_use]
pub fn shard(shard: u8) -> Path {
    Path::from(format!("{BLOBS}/{shard:02x}"))
}

/// The folder of what a maker, by its folder, made from a blob.
#[must_use]
pub fn derived_folder(maker: &Path, of: Digest) -> Path {
    Path::from(format!("{maker}/{}", sharded(&of)))
}

/// Whether `folder` is the folder of a shard, or that of all.
#[must_use]
pub fn is_of_blobs(folder: &Path) -> bool {
    *folder == Path::from(BLOBS)
        || folder
            .filename()
            .and_then(|name| u8::from_str_radix(name, 16).ok())
            .is_some_and(|byte| shard(byte) == *folder)
}

/// The digest named by a path in the folder of blobs, or none when the path is
/// not one this program writes.
#[must_use]
pub fn blob_of(path: &Path) -> Option<Digest> {
    let name = path.filename()?;
    let digest: Digest = name.parse().ok()?;
    (Key::Blob(digest).path() == *path).then_some(digest)
}

/// The number of the first entry of the batch at `path`.
#[must_use]
pub fn first_of(path: &Path) -> Option<EntryNo> {
    let first = path.filename()?.parse().ok()?;
    (Key::Entries(first).path() == *path).then_some(first)
}

/// The size of the log of which `path` is the checkpoint.
#[must_use]
pub fn size_of(path: &Path) -> Option<u64> {
    let size = path.filename()?.parse().ok()?;
    (Key::Checkpoint(Some(size)).path() == *path).then_some(size)
}

/// Whether `path` is one of a batch or a checkpoint of a log.
#[must_use]
pub fn is_of_log(path: &Path) -> bool {
    *path == Key::Checkpoint(None).path() || first_of(path).is_some() || size_of(path).is_some()
}

fn sharded(digest: &Digest) -> String {
    let name = digest.to_string();
    format!("{}/{name}", &name[..2])
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_blob_is_found_again_from_its_path() {
        let digest = Digest::of(b"abc");
        let path = Key::Blob(digest).path();
        assert_eq!(path.as_ref(), format!("obj/sha256/ba/{digest}"));
        assert_eq!(blob_of(&path), Some(digest));
        let astray = Path::from(format!("obj/sha256/bb/{digest}"));
        assert_eq!(blob_of(&astray), None);
        assert_eq!(blob_of(&Path::from("obj/sha256/ba/readme.txt")), None);
    }

    #[test]
    fn batches_sort_by_their_number() {
        let path = Key::Entries(42).path();
        assert_eq!(path.as_ref(), "log/entries/00000000000000000042");
        assert_eq!(first_of(&path), Some(42));
        assert_eq!(first_of(&Path::from("log/entries/42")), None);
    }
}
