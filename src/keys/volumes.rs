//! The keys of volumes: the file of the tree, which is encrypted with the master
//! key, and the file of the master key. Neither is ever in the store.
//!
//! Whoever destroys keys writes the file of the tree anew, with another master
//! key: so a copy of the file from before is of no use to anybody who has not a
//! copy of the master key from before.

use std::fs::{File, Metadata};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use super::lock_beside;
use crate::config::Config;
use crate::durable;
use crate::model::id::Digest;
use crate::vault::seal::envelope::{self, Header};
use crate::vault::seal::tree::{KeyTree, place_of};
use crate::vault::seal::{Again, Keyring, Keys};

/// With what the file of the tree begins.
const KEYS: &str = "yidang-volume-keys/1";
/// With what the file of the master key begins.
const MASTER: &str = "yidang-master-key/1";
/// What the master key encrypts.
const ABOUT: &[u8] = b"yidang volume keys";
/// The most bytes of a file of keys.
const MOST: u64 = 512 << 20;

/// Why there are no keys of volumes.
#[derive(Debug, thiserror::Error)]
pub enum VolumeKeyError {
    /// A file cannot be read or made.
    #[error("the keys of the volumes, {file}: {cause}")]
    File {
        /// Which.
        file: String,
        /// Why.
        cause: std::io::Error,
    },
    /// It does not hold what it should.
    #[error("the keys of the volumes, {file}: {why}")]
    Malformed {
        /// Which.
        file: String,
        /// Why.
        why: &'static str,
    },
    /// There is no master key.
    #[error("{keys} cannot be opened: the master key {master} is not there")]
    NoMaster {
        /// The file of the keys.
        keys: String,
        /// The file of the master key.
        master: String,
    },
    /// The master key is another one.
    #[error("{keys} needs the master key {needed}, and {master} is the master key {found}")]
    OtherMaster {
        /// The file of the keys.
        keys: String,
        /// The id of the master key it was encrypted with.
        needed: String,
        /// The file of the master key.
        master: String,
        /// Its id.
        found: String,
    },
}

/// The key that opens the file of the tree.
#[derive(Clone)]
struct Master([u8; 32]);

impl Master {
    fn new() -> Self {
        Self(rand::random())
    }

    /// What it is called: 8 digits that tell nothing of it.
    fn id(&self) -> String {
        Digest::of(&[MASTER.as_bytes(), &self.0].concat()).to_string()[..8].to_owned()
    }

    fn text(&self) -> String {
        format!("{MASTER} {} {}\n", self.id(), BASE64.encode(self.0))
    }

    /// The key in a line; none when it is not one, or was mistyped.
    fn parse(text: &str) -> Option<Self> {
        let mut words = text.split_ascii_whitespace();
        let (kind, id, secret) = (words.next()?, words.next()?, words.next()?);
        let secret = BASE64.decode(secret).ok()?.try_into().ok()?;
        Some(Self(secret)).filter(|key| kind == MASTER && id == key.id() && words.next().is_none())
    }

    /// The text of a file of these keys.
    fn seal(&self, keys: &Keys) -> Option<String> {
        let bytes = [keys.id.as_slice(), &keys.tree.to_bytes()].concat();
        let sealed = envelope::seal(&Header::new(keys.id), &self.0, ABOUT, &bytes)?;
        Some(format!("{KEYS} {}\n{}\n", self.id(), BASE64.encode(sealed)))
    }

    /// The keys in the second line of a file.
    fn open(&self, sealed: &str) -> Option<Keys> {
        let sealed = BASE64.decode(sealed.trim_end()).ok()?;
        let bytes = envelope::open(&self.0, ABOUT, &sealed).ok()?;
        let (id, tree) = bytes.split_first_chunk()?;
        Some(Keys { id: *id, tree: KeyTree::parse(tree)? })
    }
}

/// The keys in the text of a file, opened with the text of a master key; none
/// when one of the two is not one, or they do not belong together.
#[must_use]
pub fn parse(keys: &str, master: &str) -> Option<Keys> {
    let (first, sealed) = keys.split_once('\n')?;
    first.strip_prefix(KEYS)?.strip_prefix(' ')?;
    Master::parse(master)?.open(sealed)
}

/// Where the files are.
#[derive(Debug, Clone)]
struct Places {
    keys: PathBuf,
    master: PathBuf,
    /// A master key that is about to take the place of that one.
    next: PathBuf,
}

impl Places {
    fn of(config: &Config) -> Self {
        let [keys, master] =
            [&config.encryption.keys, &config.encryption.master].map(|file| config.data.join(file));
        let next = master.with_added_extension("next");
        Self { keys, master, next }
    }

    /// The keys with the master key that opens them; none where there are none.
    fn open(&self) -> Result<Option<(Keys, Master)>, VolumeKeyError> {
        let Some(text) = read(&self.keys)? else { return Ok(None) };
        let wrong = |why| VolumeKeyError::Malformed { file: told(&self.keys), why };
        let (first, sealed) = text.split_once('\n').unwrap_or_default();
        let needed = first.strip_prefix(KEYS).and_then(|rest| rest.strip_prefix(' '));
        let needed = needed.ok_or_else(|| wrong("it is no file of keys"))?;
        let master = match (self.master(&self.master)?, self.master(&self.next)?) {
            (Some(master), _) if master.id() == needed => master,
            // A stop came before it was put in its place.
            (_, Some(next)) if next.id() == needed => {
                std::fs::rename(&self.next, &self.master).map_err(in_file(&self.master))?;
                next
            }
            (Some(master), _) => {
                return Err(VolumeKeyError::OtherMaster {
                    keys: told(&self.keys),
                    needed: needed.to_owned(),
                    master: told(&self.master),
                    found: master.id(),
                });
            }
            (None, _) => {
                let (keys, master) = (told(&self.keys), told(&self.master));
                return Err(VolumeKeyError::NoMaster { keys, master });
            }
        };
        let keys = master.open(sealed).ok_or_else(|| wrong("it was changed, or is damaged"))?;
        Ok(Some((keys, master)))
    }

    fn master(&self, path: &Path) -> Result<Option<Master>, VolumeKeyError> {
        let Some(text) = read(path)? else { return Ok(None) };
        let why = "it is no master key, or was mistyped";
        let master = Master::parse(&text);
        master.map(Some).ok_or_else(|| VolumeKeyError::Malformed { file: told(path), why })
    }

    /// Puts other keys in the place of those that are kept, with a new master
    /// key; durable when this returns. After a stop at any moment the files
    /// that are there open each other.
    fn replace(&self, keys: &Keys) -> Result<(), VolumeKeyError> {
        match std::fs::remove_file(&self.next) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(in_file(&self.next)(error));
            }
            _ => {}
        }
        let master = Master::new();
        let why = "it cannot be encrypted";
        let text = master.seal(keys);
        let text = text.ok_or_else(|| VolumeKeyError::Malformed { file: told(&self.keys), why })?;
        durable::create(&self.next, &master.text(), 0o600).map_err(in_file(&self.next))?;
        durable::replace(&self.keys, &text, 0o600).map_err(in_file(&self.keys))?;
        durable::rename(&self.next, &self.master).map_err(in_file(&self.master))
    }
}

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

fn read(path: &Path) -> Result<Option<String>, VolumeKeyError> {
    match std::fs::metadata(path) {
        Ok(meta) if meta.len() > MOST => {
            Err(VolumeKeyError::Malformed { file: told(path), why: "it is too large" })
        }
        Ok(_) => std::fs::read_to_string(path).map(Some).map_err(in_file(path)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(in_file(path)(error)),
    }
}

fn told(path: &Path) -> String {
    path.display().to_string()
}

fn in_file(path: &Path) -> impl FnOnce(std::io::Error) -> VolumeKeyError {
    let file = told(path);
    move |cause| VolumeKeyError::File { file, cause }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
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
