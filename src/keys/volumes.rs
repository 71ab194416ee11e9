//! The keys of volumes: the file of the tree, which is encrypted with the master
//! key, and the file of the master key. Neither is ever in the store.
//!
//! Whoever destroys keys writes the file of the tree anew, with another master
//! key: so a copy of the file from before is of no use to anybody who has not a
//! copy of the master key from before.

mod files;

use std::fs::{File, Metadata};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use self::files::{Places, in_file, told};
pub use self::files::{VolumeKeyError, parse};
use super::lock_beside;
use crate::config::Config;
use crate::durable;
use crate::model::id::Digest;
use crate::vault::seal::tree::{KeyTree, place_of};
use crate::vault::seal::{Again, Keyring, Keys};

/// The keys of the volumes; none where this machine has none.
///
/// # Errors
/// When a file cannot be read, or the master key does not open the keys.
pub fn open(config: &Config) -> Result<Option<Keyring>, VolumeKeyError> {
    let places = Places::of(config);
    let seen = Mutex::new(stamp(&places.keys));
    let Some((keys, _)) = places.open()? else { return Ok(None) };
    let again: Again = Box::new(move || {
        let now = stamp(&places.keys);
        let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
        if now == *seen {
            return None;
        }
        match places.open() {
            Ok(Some((keys, _))) => {
                *seen = now;
                Some(keys)
            }
            Ok(None) => None,
            Err(error) => {
                tracing::error!(%error, "the keys of the volumes changed and cannot be read");
                None
            }
        }
    });
    Ok(Some(Keyring::new(keys, again)))
}

/// What tells whether a file is another one than before.
fn stamp(path: &Path) -> Option<(u64, std::time::SystemTime, u64)> {
    let meta = std::fs::metadata(path).ok()?;
    Some((meta.len(), meta.modified().ok()?, number(&meta)))
}

#[cfg(unix)]
fn number(meta: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(meta)
}

#[cfg(not(unix))]
fn number(_: &Metadata) -> u64 {
    0
}

/// Makes keys of volumes and a master key, readable by their owner alone; keys
/// that are there are kept. Returns whether they were made now.
///
/// # Errors
/// When a file cannot be made, or what is there cannot be opened.
pub fn make(config: &Config) -> Result<bool, VolumeKeyError> {
    let places = Places::of(config);
    let _held = lock(config)?;
    if places.open()?.is_some() {
        return Ok(false);
    }
    if places.master(&places.master)?.is_some() {
        let why = "it is there, and the keys it opens are not: bring those back, or move it away";
        return Err(VolumeKeyError::Malformed { file: told(&places.master), why });
    }
    let keys = Keys { id: rand::random(), tree: KeyTree::new(rand::random()) };
    places.replace(&keys)?;
    Ok(true)
}

/// Destroys the keys of these blobs, and gives the others another master key;
/// durable when this returns. Those that were destroyed before stay so: when all
/// were, nothing is done. Returns whether something was.
///
/// # Errors
/// When this machine has no keys, or a file cannot be written.
pub fn destroy(config: &Config, blobs: &[Digest]) -> Result<bool, VolumeKeyError> {
    let places = Places::of(config);
    let _held = lock(config)?;
    let missing = || {
        let cause = std::io::Error::from(std::io::ErrorKind::NotFound);
        VolumeKeyError::File { file: told(&places.keys), cause }
    };
    let (mut keys, _) = places.open()?.ok_or_else(missing)?;
    let left: Vec<u64> =
        blobs.iter().map(|blob| place_of(*blob)).filter(|place| keys.tree.has(*place)).collect();
    if left.is_empty() {
        return Ok(false);
    }
    left.into_iter().for_each(|place| keys.tree.destroy(place));
    places.replace(&keys)?;
    Ok(true)
}

/// Whether both files can be written, before something depends on it.
///
/// # Errors
/// When one cannot.
pub fn can_destroy(config: &Config) -> Result<(), VolumeKeyError> {
    let places = Places::of(config);
    for file in [&places.keys, &places.master] {
        let probe = file.with_added_extension("probe");
        durable::create(&probe, "", 0o600).map_err(in_file(file))?;
        std::fs::remove_file(&probe).map_err(in_file(file))?;
    }
    Ok(())
}

/// Where the master key is: it is never in a backup.
#[must_use]
pub fn master(config: &Config) -> PathBuf {
    Places::of(config).master
}

/// Whether a file is one of the master key, or about to be.
#[must_use]
pub fn is_master(config: &Config, file: &Path) -> bool {
    let places = Places::of(config);
    file == places.master || file == places.next
}

fn lock(config: &Config) -> Result<File, VolumeKeyError> {
    let keys = Places::of(config).keys;
    lock_beside(&keys).map_err(in_file(&keys))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::files::Master;
    use super::*;

    fn archive() -> (tempfile::TempDir, Config, Places) {
        let folder = tempfile::tempdir().unwrap();
        let config = Config { data: folder.path().to_owned(), ..Config::default() };
        let places = Places::of(&config);
        (folder, config, places)
    }

    fn here(config: &Config) -> Keys {
        open(config).unwrap().unwrap().now()
    }

    #[test]
    fn keys_are_made_once_and_opened_by_their_master_key_alone() {
        let (_folder, config, places) = archive();
        assert!(open(&config).unwrap().is_none());
        assert!(make(&config).unwrap());
        assert!(!make(&config).unwrap());
        let keys = here(&config);
        #[cfg(unix)]
        for file in [&places.keys, &places.master] {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
        }
        let right = std::fs::read_to_string(&places.master).unwrap();
        let told = |text: Option<&str>| {
            match text {
                Some(text) => std::fs::write(&places.master, text).unwrap(),
                None => std::fs::remove_file(&places.master).unwrap(),
            }
            let told = open(&config).unwrap_err().to_string();
            assert!(!told.contains('\n'), "{told}");
            told
        };
        assert!(told(None).contains("master.key is not there"));
        let other = Master::new();
        let sentence = told(Some(&other.text()));
        assert!(sentence.contains(&other.id()), "{sentence}");
        assert!(told(Some(&right.replace('/', "_").replace('A', "B"))).contains("no master key"));
        assert!(told(Some("nonsense")).contains("no master key"));
        std::fs::write(&places.master, &right).unwrap();
        assert_eq!(here(&config), keys);
        let text = std::fs::read_to_string(&places.keys).unwrap();
        assert_eq!(parse(&text, &right), Some(keys));
        for changed in [text.replace("keys/1", "keys/2"), text[..text.len() - 40].to_owned()] {
            std::fs::write(&places.keys, &changed).unwrap();
            assert!(open(&config).is_err());
            assert_eq!(parse(&changed, &right), None);
        }
    }

    #[test]
    fn lost_keys_are_not_replaced_by_others() {
        let (_folder, config, places) = archive();
        make(&config).unwrap();
        std::fs::remove_file(&places.keys).unwrap();
        let told = make(&config).unwrap_err().to_string();
        assert!(told.contains("bring those back"), "{told}");
    }

    #[test]
    fn what_is_destroyed_is_gone_for_those_who_have_it_open_and_in_copies_of_before() {
        let (_folder, config, places) = archive();
        make(&config).unwrap();
        let ring = open(&config).unwrap().unwrap();
        let (gone, kept) = (Digest::of(b"gone"), Digest::of(b"kept"));
        let leaf = ring.now().tree.leaf(place_of(kept));
        let before = std::fs::read_to_string(&places.keys).unwrap();
        can_destroy(&config).unwrap();
        assert!(destroy(&config, &[gone]).unwrap());
        assert!(!destroy(&config, &[gone]).unwrap(), "nothing is left to do");
        assert!(!ring.has(gone) && ring.has(kept));
        assert_eq!(ring.now().tree.leaf(place_of(kept)), leaf);
        // The file of before, in a backup, needs the master key of before.
        let after = std::fs::read_to_string(&places.keys).unwrap();
        std::fs::write(&places.keys, before).unwrap();
        assert!(matches!(open(&config), Err(VolumeKeyError::OtherMaster { .. })));
        std::fs::write(&places.keys, after).unwrap();
        let files = std::fs::read_dir(places.keys.parent().unwrap()).unwrap();
        let mut names: Vec<_> = files.map(|file| file.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, ["master.key", "volumes.key", "volumes.key.lock"]);
    }

    #[test]
    fn a_stop_between_the_two_files_leaves_keys_that_open() {
        let (_folder, config, places) = archive();
        make(&config).unwrap();
        let gone = Digest::of(b"gone");
        let copy = |from: &Path| std::fs::read_to_string(from).unwrap();
        let (keys, master) = (copy(&places.keys), copy(&places.master));
        destroy(&config, &[gone]).unwrap();
        let (keys_after, master_after) = (copy(&places.keys), copy(&places.master));
        // Before the keys were replaced: nothing is destroyed yet.
        std::fs::write(&places.keys, &keys).unwrap();
        std::fs::write(&places.master, &master).unwrap();
        std::fs::write(&places.next, &master_after).unwrap();
        assert!(here(&config).tree.has(place_of(gone)));
        // After that, before the master key was.
        std::fs::write(&places.keys, &keys_after).unwrap();
        assert!(!here(&config).tree.has(place_of(gone)));
        assert_eq!(copy(&places.master), master_after);
        assert!(!places.next.exists());
    }
}
