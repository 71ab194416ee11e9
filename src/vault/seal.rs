//! 加密: what the store is given in place of plain bytes, where the archive is
//! kept encrypted. A blob keeps the digest of its plain bytes as its name, and
//! everything above the vault sees those; in the store stands an
//! [`envelope`], which only the [`tree`] of keys opens. The tree is never in
//! the store.
//!
//! Blobs that were stored plain before stay readable beside those in envelopes:
//! which it is can be seen from how it begins.

pub mod envelope;
pub mod tree;

use std::sync::{Arc, PoisonError, RwLock};

use bytes::Bytes;
use object_store::path::Path;

use self::envelope::{EnvelopeError, HEADER, Header, KeysId, MAGIC, Opening};
use self::tree::{KeyTree, place_of};
use super::{Key, VaultError};
use crate::model::id::Digest;

/// The keys of an archive: their name, and the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keys {
    /// Their name, which stands in every envelope.
    pub id: KeysId,
    /// What is left of the tree.
    pub tree: KeyTree,
}

/// Reads the keys again where they may have changed; none when they have not.
pub type Again = Box<dyn Fn() -> Option<Keys> + Send + Sync>;

/// The keys of an archive in this process.
pub struct Keyring {
    keys: RwLock<Keys>,
    again: Again,
}

impl std::fmt::Debug for Keyring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keyring")
    }
}

impl Keyring {
    /// These keys; `again` is asked before each use whether another process has
    /// changed them, so that what was destroyed is destroyed for all.
    #[must_use]
    pub fn new(keys: Keys, again: Again) -> Self {
        Self { keys: RwLock::new(keys), again }
    }

    /// The keys as they are now.
    #[must_use]
    pub fn now(&self) -> Keys {
        self.refresh();
        self.keys.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether the key of this blob can still be computed.
    #[must_use]
    pub fn has(&self, digest: Digest) -> bool {
        self.refresh();
        self.keys.read().unwrap_or_else(PoisonError::into_inner).tree.has(place_of(digest))
    }

    fn refresh(&self) {
        if let Some(keys) = (self.again)() {
            *self.keys.write().unwrap_or_else(PoisonError::into_inner) = keys;
        }
    }

    /// The secret of a blob, and the name of the keys it is of.
    fn secret(&self, digest: Digest) -> Result<(KeysId, [u8; 32]), VaultError> {
        self.refresh();
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        let secret = keys.tree.leaf(place_of(digest));
        Ok((keys.id, secret.ok_or(VaultError::Destroyed(digest))?))
    }
}

/// What bytes are: a blob, or something made from one. It is bound into their
/// key, so that none can stand in the place of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct About {
    of: Digest,
    text: Vec<u8>,
}

impl About {
    pub(super) fn blob(digest: Digest) -> Self {
        Self { of: digest, text: [b"yidang blob\0".as_slice(), digest.as_bytes()].concat() }
    }

    /// Something made from a blob; none for what else stands in the store.
    pub(super) fn derived(key: &Key) -> Option<Self> {
        let Key::Derived { of, .. } = key else { return None };
        Some(Self::derived_at(*of, &key.path()))
    }

    /// Something made from a blob, that stands at `path`.
    pub(super) fn derived_at(of: Digest, path: &Path) -> Self {
        Self { of, text: [b"yidang derived\0", path.as_ref().as_bytes()].concat() }
    }
}

/// How a store encrypts; cheap to clone.
#[derive(Debug, Clone)]
pub struct Cipher {
    /// The keys.
    pub ring: Arc<Keyring>,
    /// Whether what is stored from now on is encrypted. What was encrypted
    /// before is opened anyhow.
    pub seals: bool,
}

impl Cipher {
    /// A new envelope for bytes about `about`, to be filled.
    pub(super) fn begin(&self, about: &About) -> Result<(Header, envelope::Sealing), VaultError> {
        let (id, secret) = self.ring.secret(about.of)?;
        let header = Header::new(id);
        let sealing = envelope::Sealing::begin(&header, &secret, &about.text);
        Ok((header, sealing.ok_or_else(no_key)?))
    }

    /// The envelope of some bytes.
    pub(super) fn seal(&self, about: &About, bytes: &[u8]) -> Result<Bytes, VaultError> {
        let (id, secret) = self.ring.secret(about.of)?;
        let sealed = envelope::seal(&Header::new(id), &secret, &about.text, bytes);
        sealed.map(Bytes::from).ok_or_else(no_key)
    }
}

fn no_key() -> VaultError {
    VaultError::Disk(std::io::Error::other("no key can be made"))
}

/// Whether bytes begin as an envelope does.
pub(super) fn is_sealed(bytes: &[u8]) -> bool {
    bytes.starts_with(&MAGIC)
}

/// Stored bytes on their way out: opened where they are an envelope, passed on
/// where they are not.
pub(super) struct Decoder {
    ring: Option<Arc<Keyring>>,
    about: About,
    state: State,
}

enum State {
    /// What came so far may be the beginning of an envelope.
    Head(Vec<u8>),
    Plain,
    Sealed(Box<Opening>),
}

impl Decoder {
    pub(super) fn new(cipher: Option<&Cipher>, about: About) -> Self {
        let ring = cipher.map(|cipher| Arc::clone(&cipher.ring));
        Self { ring, about, state: State::Head(Vec::new()) }
    }

    /// Takes more of the stored bytes; `out` is given the plain ones.
    pub(super) fn push(
        &mut self,
        bytes: &[u8],
        out: &mut impl FnMut(&[u8]),
    ) -> Result<(), VaultError> {
        let State::Head(head) = &mut self.state else { return self.pass(bytes, out) };
        let (some, rest) = bytes.split_at(bytes.len().min(HEADER - head.len()));
        head.extend_from_slice(some);
        if MAGIC.iter().zip(head.iter()).any(|(a, b)| a != b) {
            out(head);
            self.state = State::Plain;
        } else if let Some(header) = head.first_chunk() {
            let header = Header::parse(header);
            self.state = State::Sealed(Box::new(self.opening(header)?));
        }
        self.pass(rest, out)
    }

    fn pass(&mut self, bytes: &[u8], out: &mut impl FnMut(&[u8])) -> Result<(), VaultError> {
        match &mut self.state {
            State::Head(_) => {}
            State::Plain if bytes.is_empty() => {}
            State::Plain => out(bytes),
            State::Sealed(opening) => {
                opening.push(bytes, out).map_err(|error| failed(self.about.of, error))?;
            }
        }
        Ok(())
    }

    /// Takes the end.
    pub(super) fn finish(self, out: &mut impl FnMut(&[u8])) -> Result<(), VaultError> {
        match self.state {
            State::Head(head) if is_sealed(&head) => Err(VaultError::Tampered(self.about.of)),
            State::Head(head) => {
                out(&head);
                Ok(())
            }
            State::Plain => Ok(()),
            State::Sealed(opening) => {
                opening.finish(out).map_err(|error| failed(self.about.of, error))
            }
        }
    }

    fn opening(&self, header: Result<Header, EnvelopeError>) -> Result<Opening, VaultError> {
        let of = self.about.of;
        let header = header.map_err(|error| failed(of, error))?;
        let ring = self.ring.as_ref().ok_or(VaultError::Locked(of))?;
        let (id, secret) = ring.secret(of)?;
        if id != header.keys {
            return Err(VaultError::OtherKeys(of));
        }
        Opening::begin(&header, &secret, &self.about.text).ok_or_else(no_key)
    }
}

fn failed(of: Digest, error: EnvelopeError) -> VaultError {
    match error {
        EnvelopeError::Changed => VaultError::Tampered(of),
        EnvelopeError::Newer(_) => VaultError::Disk(std::io::Error::other(error.to_string())),
    }
}

/// The plain bytes of what is at hand as a whole.
pub(super) fn opened(
    cipher: Option<&Cipher>,
    about: About,
    stored: Bytes,
) -> Result<Bytes, VaultError> {
    if !is_sealed(&stored) {
        return Ok(stored);
    }
    let mut plain = Vec::with_capacity(stored.len());
    let mut out = |some: &[u8]| plain.extend_from_slice(some);
    let mut decoder = Decoder::new(cipher, about);
    decoder.push(&stored, &mut out)?;
    decoder.finish(&mut out)?;
    Ok(plain.into())
}
