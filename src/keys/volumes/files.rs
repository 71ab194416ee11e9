//! The two files of keys: what is written in them, where they are, and how one pair takes the
//! place of another.

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use crate::config::Config;
use crate::durable;
use crate::model::id::Digest;
use crate::vault::seal::Keys;
use crate::vault::seal::envelope::{self, Header};
use crate::vault::seal::tree::KeyTree;

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
pub(super) struct Master([u8; 32]);

impl Master {
    pub(super) fn new() -> Self {
        Self(rand::random())
    }

    /// What it is called: 8 digits that tell nothing of it.
    pub(super) fn id(&self) -> String {
        Digest::of(&[MASTER.as_bytes(), &self.0].concat()).to_string()[..8].to_owned()
    }

    pub(super) fn text(&self) -> String {
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
pub(super) struct Places {
    pub(super) keys: PathBuf,
    pub(super) master: PathBuf,
    /// A master key that is about to take the place of that one.
    pub(super) next: PathBuf,
}

impl Places {
    pub(super) fn of(config: &Config) -> Self {
        let [keys, master] =
            [&config.encryption.keys, &config.encryption.master].map(|file| config.data.join(file));
        let next = master.with_added_extension("next");
        Self { keys, master, next }
    }

    /// The keys with the master key that opens them; none where there are none.
    pub(super) fn open(&self) -> Result<Option<(Keys, Master)>, VolumeKeyError> {
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

    /// The master key in a file; none where there is no such file.
    pub(super) fn master(&self, path: &Path) -> Result<Option<Master>, VolumeKeyError> {
        let Some(text) = read(path)? else { return Ok(None) };
        let why = "it is no master key, or was mistyped";
        let master = Master::parse(&text);
        master.map(Some).ok_or_else(|| VolumeKeyError::Malformed { file: told(path), why })
    }

    /// Puts other keys in the place of those that are kept, with a new master
    /// key; durable when this returns. After a stop at any moment the files
    /// that are there open each other.
    pub(super) fn replace(&self, keys: &Keys) -> Result<(), VolumeKeyError> {
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

pub(super) fn told(path: &Path) -> String {
    path.display().to_string()
}

pub(super) fn in_file(path: &Path) -> impl FnOnce(std::io::Error) -> VolumeKeyError {
    let file = told(path);
    move |cause| VolumeKeyError::File { file, cause }
}
