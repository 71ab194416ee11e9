//! 见证: a cosigner that another office runs. It keeps one checkpoint of each
//! log it watches, and signs a newer one only when that continues it: so it
//! cannot be shown two histories, nor one that was cut back or rewritten. It
//! knows nothing of records, and holds nothing but public checkpoints.
//!
//! ```text
//! DIR/witness.key       signs; readable by its owner alone
//! DIR/logs/<64 hex>     a log: its keys, and the checkpoint that was signed last
//! DIR/lock              held while that is looked at and replaced
//! ```
//!
//! A checkpoint is durable in its file before its signature is answered. The
//! lock is one on a file that every request opens for itself, so it stands
//! between requests of one process as it does between processes: of two trees
//! of one size never both are signed.

mod kept;
mod serve;

use std::fs::File;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use self::kept::Kept;
pub use self::serve::{router, serve};
use crate::durable;
use crate::tlog::witness::{Refused, Request, decide};
use crate::tlog::{Checkpoint, TlogError, WitnessKey, note};

/// Why a witness cannot do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum WitnessError {
    /// The folder has none.
    #[error("{0} holds no witness; make one with `yidang witness init`")]
    None(String),
    /// The folder has one already.
    #[error("{0} holds a witness already")]
    Exists(String),
    /// A file cannot be read or written.
    #[error("{path}: {cause}")]
    File {
        /// Which.
        path: String,
        /// Why.
        cause: std::io::Error,
    },
    /// A file is not what this program writes.
    #[error("{path} is damaged: {cause}")]
    Damaged {
        /// Which.
        path: String,
        /// Why.
        cause: TlogError,
    },
    /// A key that was given is none.
    #[error(transparent)]
    Key(#[from] TlogError),
    /// It does not sign.
    #[error(transparent)]
    Refused(#[from] Refused),
}

impl WitnessError {
    fn at(path: &Path, cause: std::io::Error) -> Self {
        Self::File { path: path.display().to_string(), cause }
    }
}

/// A log that is watched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watched {
    /// Its name.
    pub origin: String,
    /// Its verifier keys.
    pub keys: Vec<String>,
    /// How many entries the checkpoint has that was signed last; none before
    /// the first.
    pub size: Option<u64>,
}

/// A witness and its folder.
#[derive(Debug)]
pub struct Office {
    folder: PathBuf,
    key: WitnessKey,
}

impl Office {
    /// Makes the witness `name` in `folder`, with a new key that its owner alone
    /// can read.
    ///
    /// # Errors
    /// When there is one, the name cannot be one, or it cannot be written.
    pub fn make(folder: &Path, name: &str) -> Result<Self, WitnessError> {
        let key = WitnessKey::new(name, rand::random())?;
        let (path, logs) = (folder.join("witness.key"), folder.join("logs"));
        std::fs::create_dir_all(&logs).map_err(|cause| WitnessError::at(&logs, cause))?;
        durable::create(&path, &format!("{}\n", key.secret()), 0o600).map_err(
            |cause| match cause.kind() {
                std::io::ErrorKind::AlreadyExists => {
                    WitnessError::Exists(folder.display().to_string())
                }
                _ => WitnessError::at(&path, cause),
            },
        )?;
        Ok(Self { folder: folder.to_owned(), key })
    }

    /// The witness in `folder`.
    ///
    /// # Errors
    /// When there is none, or its key cannot be read.
    pub fn open(folder: &Path) -> Result<Self, WitnessError> {
        let path = folder.join("witness.key");
        let text = std::fs::read_to_string(&path).map_err(|cause| match cause.kind() {
            std::io::ErrorKind::NotFound => WitnessError::None(folder.display().to_string()),
            _ => WitnessError::at(&path, cause),
        })?;
        let damaged = |cause| WitnessError::Damaged { path: path.display().to_string(), cause };
        let key = WitnessKey::parse(&text).map_err(damaged)?;
        Ok(Self { folder: folder.to_owned(), key })
    }

    /// What others know it by.
    #[must_use]
    pub fn public(&self) -> &crate::tlog::Witness {
        self.key.public()
    }

    /// Watches the log of a verifier key from now on, or takes another key of
    /// one that is watched. A log whose file was lost begins anew with this:
    /// that is for a person to decide, so nothing else does it.
    ///
    /// # Errors
    /// When it is not the key of a log, or cannot be kept.
    pub fn watch(&self, key: &str) -> Result<(), WitnessError> {
        let origin = note::origin_of(key)?;
        let place = self.place(origin);
        let _held = self.lock()?;
        let mut kept = Kept::read(&place)?.unwrap_or_default();
        if !kept.keys.iter().any(|one| one == key) {
            kept.keys.push(key.to_owned());
        }
        kept.write(&place)
    }

    /// The logs that are watched, by name.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn watched(&self) -> Result<Vec<Watched>, WitnessError> {
        let folder = self.folder.join("logs");
        let failed = |cause| WitnessError::at(&folder, cause);
        let mut found = Vec::new();
        for entry in std::fs::read_dir(&folder).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            if path.extension().is_some() {
                continue;
            }
            let Some(Kept { keys, note }) = Kept::read(&path)? else { continue };
            let origin = keys.first().and_then(|key| note::origin_of(key).ok());
            let size = Checkpoint::parse(&note).ok().map(|last| last.size);
            found.push(Watched { origin: origin.unwrap_or_default().to_owned(), keys, size });
        }
        found.sort_by(|one, other| one.origin.cmp(&other.origin));
        Ok(found)
    }

    /// Answers a request at `now`, in seconds since 1970: the line of the
    /// cosignature, when the checkpoint is durable here.
    ///
    /// # Errors
    /// When it is refused, or cannot be kept; nothing is signed then.
    pub fn cosign(&self, request: &str, now: u64) -> Result<String, WitnessError> {
        let request = Request::parse(request).map_err(Refused::from)?;
        let asked = Checkpoint::parse(&request.note).map_err(Refused::from)?;
        let place = self.place(&asked.origin);
        let _held = self.lock()?;
        let kept = Kept::read(&place)?.unwrap_or_default();
        let last = kept.last()?;
        if let Err(refused) = decide(&request, &kept.keys, last.as_ref()) {
            if refused == Refused::Inconsistent {
                // Both are signed by the log: together they may convict it.
                tracing::error!(
                    signed = %kept.note, refused = %request.note,
                    "a log asks for a signature on what does not continue what was signed"
                );
            }
            return Err(refused.into());
        }
        let line = self.key.cosign(&request.note, now)?;
        // Also when it is the same again: whoever wrote it first may have died
        // before it was durable.
        Kept { note: request.note, ..kept }.write(&place)?;
        Ok(line)
    }

    fn place(&self, origin: &str) -> PathBuf {
        self.folder.join("logs").join(hex::encode(Sha256::digest(origin)))
    }

    fn lock(&self) -> Result<File, WitnessError> {
        let path = self.folder.join("lock");
        let locked = || {
            let file = File::options().create(true).truncate(false).write(true).open(&path)?;
            file.lock()?;
            Ok(file)
        };
        locked().map_err(|cause| WitnessError::at(&path, cause))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use super::*;
    use crate::tlog::{Frontier, LogKey};

    fn note(key: &LogKey, history: &str, size: u64) -> String {
        let mut tree = Frontier::default();
        (0..size).for_each(|no| tree.push(format!("{history} {no}").as_bytes()));
        key.sign(&tree).unwrap()
    }

    fn asking(old: u64, note: &str) -> String {
        Request { old, path: Vec::new(), note: note.to_owned() }.to_text()
    }

    fn refused(answer: Result<String, WitnessError>) -> u16 {
        match answer {
            Err(WitnessError::Refused(why)) => why.status(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_is_signed_is_kept_and_found_again_by_the_next_start() {
        let folder = tempfile::tempdir().unwrap();
        let key = LogKey::new("yidang.example", [1; 32]).unwrap();
        let office = Office::make(folder.path(), "witness.example").unwrap();
        assert!(matches!(Office::make(folder.path(), "x"), Err(WitnessError::Exists(_))));
        let one = note(&key, "true", 1);
        assert_eq!(refused(office.cosign(&asking(0, &one), 7)), 404);
        office.watch(key.public()).unwrap();
        let line = office.cosign(&asking(0, &one), 7).unwrap();
        assert_eq!(office.public().signed(&(one.clone() + &line)).unwrap().unwrap().time, 7);

        let again = Office::open(folder.path()).unwrap();
        assert_eq!(again.public(), office.public());
        assert_eq!(again.watched().unwrap()[0].size, Some(1));
        assert_eq!(refused(again.cosign(&asking(0, &note(&key, "true", 2)), 8)), 409);
        assert_eq!(refused(again.cosign(&asking(1, &note(&key, "false", 1)), 8)), 422);
        assert!(again.cosign(&asking(1, &one), 9).is_ok(), "a lost answer is given again");
        assert_eq!(again.watched().unwrap()[0].size, Some(1));
    }

    #[test]
    fn what_cannot_be_kept_is_not_signed() {
        let folder = tempfile::tempdir().unwrap();
        let key = LogKey::new("yidang.example", [1; 32]).unwrap();
        let office = Office::make(folder.path(), "witness.example").unwrap();
        office.watch(key.public()).unwrap();
        let place = office.place(key.origin());
        // Where the new file is to be written stands a folder.
        std::fs::create_dir(place.with_added_extension("new")).unwrap();
        let answer = office.cosign(&asking(0, &note(&key, "true", 1)), 7);
        assert!(matches!(answer, Err(WitnessError::File { .. })), "{answer:?}");
        assert_eq!(office.watched().unwrap()[0].size, None);
        std::fs::remove_dir(place.with_added_extension("new")).unwrap();
        // So another tree of that size is still the first one.
        assert!(office.cosign(&asking(0, &note(&key, "false", 1)), 7).is_ok());
    }

    #[test]
    fn a_log_whose_file_is_gone_is_not_known_any_more() {
        let folder = tempfile::tempdir().unwrap();
        let key = LogKey::new("yidang.example", [1; 32]).unwrap();
        let office = Office::make(folder.path(), "witness.example").unwrap();
        office.watch(key.public()).unwrap();
        office.cosign(&asking(0, &note(&key, "true", 1)), 7).unwrap();
        std::fs::remove_file(office.place(key.origin())).unwrap();
        assert_eq!(refused(office.cosign(&asking(0, &note(&key, "false", 1)), 7)), 404);
        // Half of it is not enough either.
        std::fs::write(office.place(key.origin()), format!("log {}\n", key.public())).unwrap();
        let answer = office.cosign(&asking(0, &note(&key, "false", 1)), 7);
        assert!(matches!(answer, Err(WitnessError::Damaged { .. })), "{answer:?}");
    }

    #[test]
    fn of_two_trees_of_one_size_never_both_are_signed() {
        let folder = tempfile::tempdir().unwrap();
        let key = LogKey::new("yidang.example", [1; 32]).unwrap();
        Office::make(folder.path(), "witness.example").unwrap().watch(key.public()).unwrap();
        let signed: Vec<bool> = std::thread::scope(|scope| {
            let ask = |history: String| {
                let office = Office::open(folder.path()).unwrap();
                let request = asking(0, &note(&key, &history, 1));
                scope.spawn(move || office.cosign(&request, 7).is_ok())
            };
            let asked: Vec<_> = (0..16).map(|no| ask(format!("history {no}"))).collect();
            asked.into_iter().map(|one| one.join().unwrap()).collect()
        });
        assert_eq!(signed.iter().filter(|one| **one).count(), 1);
    }
}
