//! 副本: a second store that comes to hold what the first one holds: blobs, and
//! the whole log. What is made from blobs is not copied, since it can be made
//! again.
//!
//! Where acts wait for both stores, the second one takes a blob first: a copy
//! that is down leaves nothing half-kept. Batches go the other way round, as
//! it is the first store that decides what has happened.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use tokio::sync::OnceCell;
use tokio_util::io::ReaderStream;

use super::seal::Cipher;
use super::{Place, Spooled, Stored, Vault, VaultError, spool};
use crate::model::id::Digest;

/// The second store of an archive.
#[derive(Debug)]
pub struct Mirror {
    /// As the settings name it.
    address: String,
    place: Place,
    scratch: PathBuf,
    /// Whether acts wait for it.
    waits: bool,
    /// How it encrypts: with the keys of the first store.
    cipher: Option<Cipher>,
    /// The store where it is open from the beginning.
    given: Option<Vault>,
    /// Opened when it is first needed, and tried again while it is away.
    opened: OnceCell<Vault>,
    /// Blobs that had to be read from here, since the first store's were not
    /// right.
    doubted: Mutex<BTreeSet<Digest>>,
}

impl Mirror {
    /// The second store at `place`, not opened yet; acts wait for it when
    /// `waits`.
    #[must_use]
    pub fn new(address: &str, place: Place, scratch: &Path, waits: bool) -> Self {
        Self {
            address: address.to_owned(),
            place,
            scratch: scratch.to_owned(),
            waits,
            cipher: None,
            given: None,
            opened: OnceCell::new(),
            doubted: Mutex::default(),
        }
    }

    /// A second store that is open already, as tests need one.
    #[must_use]
    pub fn over(vault: Vault, waits: bool) -> Self {
        let mirror = Self::new("memory://copy", Place::Memory, Path::new(""), waits);
        Self { given: Some(vault), ..mirror }
    }

    /// This second store, encrypted; not opened yet.
    pub(super) fn with_cipher(&self, cipher: Cipher) -> Self {
        let (address, place, scratch) = (&self.address, self.place.clone(), &self.scratch);
        let given = self.given.clone();
        Self { cipher: Some(cipher), given, ..Self::new(address, place, scratch, self.waits) }
    }

    /// As the settings name it.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Whether an act is answered only when this store has it too.
    #[must_use]
    pub fn waits(&self) -> bool {
        self.waits
    }

    /// The store itself.
    ///
    /// # Errors
    /// When it cannot be reached now.
    pub async fn vault(&self) -> Result<&Vault, VaultError> {
        let open = || async {
            let vault = match &self.given {
                Some(vault) => vault.clone(),
                None => Vault::open_copy(&self.place, &self.scratch).await?,
            };
            match &self.cipher {
                Some(cipher) => vault.with_cipher(cipher.clone(), &self.scratch),
                None => Ok(vault),
            }
        };
        let vault = self.opened.get_or_try_init(open).await.map_err(|error| self.failed(error))?;
        // Where a disk is not mounted any more, its folder would be made anew on
        // another disk.
        match &vault.root {
            Some(root) if !root.join(super::key::ENTRIES).is_dir() => {
                Err(VaultError::Copy(format!("{} is not there any more", self.address)))
            }
            _ => Ok(vault),
        }
    }

    /// The digests that were doubted since the last call.
    pub fn take_doubted(&self) -> BTreeSet<Digest> {
        std::mem::take(&mut self.doubted.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn doubt(&self, digest: Digest, error: &VaultError) {
        tracing::warn!(%digest, %error, "read from the second copy");
        self.doubted.lock().unwrap_or_else(PoisonError::into_inner).insert(digest);
    }

    /// An error of this store, which says so.
    #[must_use]
    pub fn failed(&self, error: VaultError) -> VaultError {
        match error {
            told @ VaultError::Copy(_) => told,
            error => VaultError::Copy(format!("{}: {error}", self.address)),
        }
    }

    pub(super) async fn keep(&self, spooled: &Spooled) -> Result<(), VaultError> {
        if self.waits {
            let kept = self.vault().await?.take(spooled).await;
            kept.map_err(|error| self.failed(error))?;
        }
        Ok(())
    }

    pub(super) async fn put(&self, bytes: &Bytes) -> Result<(), VaultError> {
        if self.waits {
            let put = self.vault().await?.put_new(Digest::of(bytes), bytes.clone()).await;
            put.map_err(|error| self.failed(error))?;
        }
        Ok(())
    }

    pub(super) async fn forget(&self, digest: Digest) -> Result<(), VaultError> {
        if self.waits {
            let forgotten = self.vault().await?.forget_here(digest).await;
            forgotten.map_err(|error| self.failed(error))?;
        }
        Ok(())
    }
}

impl Vault {
    /// This store with a second one.
    #[must_use]
    pub fn with_mirror(self, mirror: Mirror) -> Self {
        Self { mirror: Some(Arc::new(mirror)), ..self }
    }

    /// The second store, if there is one.
    #[must_use]
    pub fn mirror(&self) -> Option<&Arc<Mirror>> {
        self.mirror.as_ref()
    }

    /// This store without its second one: what is asked of it is answered from
    /// its own bytes.
    #[must_use]
    pub fn alone(&self) -> Self {
        Self { mirror: None, ..self.clone() }
    }

    /// The store to read `digest` from when this one could not hand it out.
    pub(super) async fn second(&self, digest: Digest, error: &VaultError) -> Option<&Self> {
        let same = matches!(
            error,
            VaultError::TooLarge { .. } | VaultError::Destroyed(_) | VaultError::Locked(_)
        );
        if same {
            return None;
        }
        let mirror = self.mirror.as_ref()?;
        let vault = mirror.vault().await.ok()?;
        mirror.doubt(digest, error);
        Some(vault)
    }

    /// Makes a blob of bytes that another store has received: they are written
    /// here once more, since a second name of one file is no second copy.
    pub(super) async fn take(&self, spooled: &Spooled) -> Result<Stored, VaultError> {
        // An envelope is written here anyhow.
        if self.root.is_none() || self.sealing().is_some() {
            return self.keep_here(spooled).await;
        }
        let file = tokio::fs::File::open(spooled.path()).await.map_err(VaultError::from_io)?;
        let chunks = ReaderStream::with_capacity(file, 512 << 10);
        let own = spool::spool(&self.spool, chunks, u64::MAX, None, None).await?;
        if own.digest() != spooled.digest() {
            return Err(VaultError::Corrupt { expected: spooled.digest(), found: own.digest() });
        }
        self.keep_here(&own).await
    }

    /// Brings a blob over from another store, verified on its way.
    ///
    /// # Errors
    /// When it is not there or damaged, or cannot be kept here.
    pub async fn bring(&self, digest: Digest, from: &Self) -> Result<Stored, VaultError> {
        match from.read(digest).await {
            Ok(bytes) => self.put_new(digest, bytes).await,
            Err(VaultError::TooLarge { .. }) => self.take(&from.spooled(digest).await?).await,
            Err(error) => Err(error),
        }
    }
}
