//! 原文库: bytes over an object store, named by their SHA-256.
//!
//! Nothing here is rewritten: blobs and log entries are created once, and the
//! same bytes again are success. A write is durable before it returns; a read
//! is verified before a byte of it is handed out.
//!
//! `LocalFileSystem` leaves five gaps that this module closes: the folders of
//! all shards are made and synced when the archive is made; an object that is
//! there already is read, verified and synced again before it counts as
//! stored; nothing uses conditional updates; streamed bytes go to `staging/`
//! and are linked to their name only when complete; and staging is swept at
//! the start.
//!
//! Where the archive is encrypted, what stands under a name is an envelope of
//! its bytes ([`seal`]); nobody above notices.

mod check;
mod disk;
mod error;
pub mod key;
mod listing;
mod log;
mod many;
mod mirror;
mod open;
mod repair;
mod reseal;
pub mod seal;
mod spool;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures::{Stream, StreamExt, TryStreamExt};
use jiff::Timestamp;
use object_store::path::Path;
use object_store::prefix::PrefixStore;
use object_store::{
    CopyMode, CopyOptions, Error as StoreError, GetResult, ObjectStore, ObjectStoreExt, PutMode,
    PutOptions, PutPayload, WriteMultipart,
};
use sm3::{Digest as _, Sm3};

use self::disk::{link_durably, sync};
pub use self::error::VaultError;
pub use self::key::Key;
pub use self::mirror::Mirror;
pub use self::open::Place;
use self::seal::{About, Cipher, Decoder, envelope};
pub use self::spool::Spooled;
use crate::model::id::Digest;

/// Blobs up to this many bytes are handled in memory.
const SMALL: u64 = 8 << 20;

/// Whether a blob was new.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stored {
    /// It was created now.
    New,
    /// The same bytes were there, and were verified.
    Known,
}

/// The store of an archive.
#[derive(Debug, Clone)]
pub struct Vault {
    store: Arc<dyn ObjectStore>,
    /// The folder of the store, when it is one on this machine.
    root: Option<PathBuf>,
    /// Where bytes are spooled; inside `root` when there is one, so that a
    /// complete file becomes a blob by a link.
    spool: PathBuf,
    /// The second copy, where there is one.
    mirror: Option<Arc<Mirror>>,
    /// Whether what is received is hashed with SM3 too.
    sm3: bool,
    /// How it encrypts, and opens what was encrypted.
    cipher: Option<Cipher>,
}

impl Vault {
    /// The part of this store that holds the access log: the same folders again,
    /// below one of its own. What is written to it is not written to the second
    /// copy, which is brought up to it later.
    #[must_use]
    pub fn access(&self) -> Self {
        Self {
            store: Arc::new(PrefixStore::new(Arc::clone(&self.store), key::ACCESS)),
            root: self.root.as_ref().map(|root| root.join(key::ACCESS)),
            spool: self.spool.clone(),
            mirror: None,
            sm3: false,
            cipher: self.cipher.clone(),
        }
    }

    /// This store, with the SM3 of what it receives.
    #[must_use]
    pub fn with_sm3(self, sm3: bool) -> Self {
        Self { sm3, ..self }
    }

    /// Receives a stream into a local file, hashing it; nothing is stored yet.
    ///
    /// # Errors
    /// When the stream breaks off or is longer than `limit` bytes.
    pub async fn receive<S, E>(&self, source: S, limit: u64) -> Result<Spooled, VaultError>
    where
        S: Stream<Item = Result<Bytes, E>>,
        E: std::fmt::Display,
    {
        let sm3 = self.sm3.then(Sm3::new);
        let spooled = spool::spool(&self.spool, source, limit, sm3, None).await?;
        if spooled.seems_sealed() {
            return Err(VaultError::Reserved);
        }
        Ok(spooled)
    }

    /// Makes received bytes a blob; durable when this returns.
    ///
    /// # Errors
    /// When the store fails, or holds damaged bytes under this name.
    pub async fn keep(&self, spooled: &Spooled) -> Result<Stored, VaultError> {
        if let Some(mirror) = &self.mirror {
            mirror.keep(spooled).await?;
        }
        self.keep_here(spooled).await
    }

    /// Makes received bytes a blob of this store.
    async fn keep_here(&self, spooled: &Spooled) -> Result<Stored, VaultError> {
        let to = Key::Blob(spooled.digest()).path();
        let stored = match self.sealing() {
            None => self.place(spooled, &to).await?,
            Some(_) if self.exists(&to).await? => Stored::Known,
            Some(cipher) => {
                let staging = self.root.as_ref().map(|root| root.join(key::STAGING));
                let folder = staging.as_ref().unwrap_or(&self.spool);
                self.place(&spool::seal(folder, spooled, cipher.clone()).await?, &to).await?
            }
        };
        if stored == Stored::Known {
            self.confirm(spooled.digest()).await?;
        }
        Ok(stored)
    }

    /// Creates the blob at `to` of the bytes of a file, as they are.
    async fn place(&self, file: &Spooled, to: &Path) -> Result<Stored, VaultError> {
        match &self.root {
            Some(root) => link_durably(file.path().to_owned(), root.join(to.as_ref())).await,
            None if self.exists(to).await? => Ok(Stored::Known),
            None if file.bytes() <= SMALL => {
                let bytes = tokio::fs::read(file.path()).await.map_err(VaultError::from_io)?;
                self.create(to, bytes.into()).await
            }
            None => {
                let staged = Key::Staging(file.name()).path();
                self.upload(file, &staged).await?;
                let linked = self.link(&staged, to).await;
                self.store.delete(&staged).await?;
                linked
            }
        }
    }

    /// Stores a small blob; durable when this returns.
    ///
    /// # Errors
    /// When the store fails, or holds damaged bytes under this name.
    pub async fn put(&self, bytes: Bytes) -> Result<Digest, VaultError> {
        if let Some(mirror) = &self.mirror {
            mirror.put(&bytes).await?;
        }
        let digest = Digest::of(&bytes);
        self.put_new(digest, bytes).await?;
        Ok(digest)
    }

    /// Stores a small blob, whose digest is known, in this store.
    async fn put_new(&self, digest: Digest, bytes: Bytes) -> Result<Stored, VaultError> {
        let bytes = match self.sealing() {
            Some(cipher) => cipher.seal(&About::blob(digest), &bytes)?,
            None => bytes,
        };
        let stored = self.create(&Key::Blob(digest).path(), bytes.into()).await?;
        if stored == Stored::Known {
            self.confirm(digest).await?;
        }
        Ok(stored)
    }

    /// Removes a blob that nothing ever named: bodies of acts that were refused.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn forget(&self, digest: Digest) -> Result<(), VaultError> {
        if let Some(mirror) = &self.mirror {
            mirror.forget(digest).await?;
        }
        self.forget_here(digest).await
    }

    /// Removes a blob from this store.
    async fn forget_here(&self, digest: Digest) -> Result<(), VaultError> {
        Ok(self.store.delete(&Key::Blob(digest).path()).await?)
    }

    /// The bytes of a small blob, verified; from the second copy when they are
    /// not right here.
    ///
    /// # Errors
    /// When it is not there, damaged, or larger than 8 MiB.
    pub async fn bytes(&self, digest: Digest) -> Result<Bytes, VaultError> {
        match self.read(digest).await {
            Err(error) => match self.second(digest, &error).await {
                Some(copy) => copy.read(digest).await.map_err(|_| error),
                None => Err(error),
            },
            read => read,
        }
    }

    /// The bytes of a small blob of this store, verified.
    async fn read(&self, digest: Digest) -> Result<Bytes, VaultError> {
        let got = self.get(&Key::Blob(digest).path()).await?;
        if got.meta.size > envelope::length_for(SMALL) {
            return Err(VaultError::TooLarge { limit: SMALL });
        }
        let stored = got.bytes().await?;
        let bytes = seal::opened(self.cipher.as_ref(), About::blob(digest), stored)?;
        match Digest::of(&bytes) {
            found if found == digest => Ok(bytes),
            found => Err(VaultError::Corrupt { expected: digest, found }),
        }
    }

    /// A verified local copy of a blob of any size, for whoever needs a file;
    /// from the second copy when it is not right here.
    ///
    /// # Errors
    /// When it is not there or damaged.
    pub async fn copy(&self, digest: Digest) -> Result<Spooled, VaultError> {
        match self.spooled(digest).await {
            Err(error) => match self.second(digest, &error).await {
                Some(copy) => copy.spooled(digest).await.map_err(|_| error),
                None => Err(error),
            },
            spooled => spooled,
        }
    }

    /// A verified local copy of a blob of this store.
    async fn spooled(&self, digest: Digest) -> Result<Spooled, VaultError> {
        let got = self.get(&Key::Blob(digest).path()).await?;
        let decoder = Some(self.decoder(digest));
        let copy = spool::spool(&self.spool, got.into_stream(), u64::MAX, None, decoder).await?;
        if copy.digest() != digest {
            return Err(VaultError::Corrupt { expected: digest, found: copy.digest() });
        }
        Ok(copy)
    }

    fn decoder(&self, digest: Digest) -> Decoder {
        Decoder::new(self.cipher.as_ref(), About::blob(digest))
    }

    /// What encrypts, where this store does.
    fn sealing(&self) -> Option<&Cipher> {
        self.cipher.as_ref().filter(|cipher| cipher.seals)
    }

    /// Stores a thing that is made from others; it may be replaced.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn put_derived(&self, key: &Key, bytes: Bytes) -> Result<(), VaultError> {
        let bytes = match (self.sealing(), About::derived(key)) {
            (Some(cipher), Some(about)) => cipher.seal(&about, &bytes)?,
            _ => bytes,
        };
        let put = self.store.put(&key.path(), bytes.into()).await;
        put.map(drop).map_err(|error| self.failed(error))
    }

    /// A derived thing, or none when it has not been made, or was encrypted and
    /// cannot be opened: it can be made again as long as what it was made from
    /// can be read.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn derived(&self, key: &Key) -> Result<Option<Bytes>, VaultError> {
        let stored = match self.get(&key.path()).await {
            Ok(got) => got.bytes().await?,
            Err(error) => {
                return match VaultError::from(error) {
                    // It is put in the place of what is no file, too.
                    VaultError::NotFound(_) | VaultError::NoFile => Ok(None),
                    error => Err(error),
                };
            }
        };
        let Some(about) = About::derived(key) else { return Ok(Some(stored)) };
        match seal::opened(self.cipher.as_ref(), about, stored) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) => {
                tracing::warn!(path = %key.path(), %error, "what was made cannot be opened");
                Ok(None)
            }
        }
    }

    /// Removes what earlier runs left half-received, here and on the store's
    /// side; returns how many objects. What a service keeps of uploads that
    /// were never completed is not listed by it; its own expiry rules end them.
    ///
    /// # Errors
    /// When the spool or the store cannot be listed.
    pub async fn sweep(&self, older_than: Duration) -> Result<usize, VaultError> {
        let mut swept = spool::clear(&self.spool, older_than).map_err(VaultError::from_io)?;
        let staging = self.root.as_ref().map(|root| root.join(key::STAGING));
        if let Some(staging) = staging.filter(|staging| *staging != self.spool) {
            swept += spool::clear(&staging, older_than).map_err(VaultError::from_io)?;
        }
        if self.root.is_none() {
            let before = Timestamp::now().as_second().saturating_sub_unsigned(older_than.as_secs());
            let mut left = self.store.list(Some(&Path::from(key::STAGING)));
            while let Some(meta) = left.try_next().await? {
                if meta.last_modified.timestamp() < before {
                    self.store.delete(&meta.location).await?;
                    swept += 1;
                }
            }
        }
        Ok(swept)
    }

    /// Confirms that the blob that is there already is right, and durable: its
    /// first writer may have died between the link and the sync.
    async fn confirm(&self, digest: Digest) -> Result<(), VaultError> {
        self.check_here(digest).await?;
        self.settle(&Key::Blob(digest).path()).await
    }

    /// Syncs an object of a local store and its folder.
    async fn settle(&self, path: &Path) -> Result<(), VaultError> {
        let Some(root) = &self.root else { return Ok(()) };
        let file = root.join(path.as_ref());
        if let Some(folder) = file.parent().map(ToOwned::to_owned) {
            sync(file).await?;
            sync(folder).await?;
        }
        Ok(())
    }

    /// Why a write failed. When the disk below a local store could not do it,
    /// the process ends here.
    fn failed(&self, error: StoreError) -> VaultError {
        if self.root.is_some() {
            disk::stop_when_broken(&error);
        }
        error.into()
    }

    /// What stands at a path. What is no file on the disk below a local store is never
    /// opened.
    async fn get(&self, path: &Path) -> Result<GetResult, StoreError> {
        let file = self.root.as_ref().map(|root| root.join(path.as_ref()));
        match file.map_or(Ok(()), |file| disk::is_file(&file)) {
            // What is not there is told by the store itself.
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(StoreError::Generic { store: "folder", source: Box::new(error) })
            }
            _ => self.store.get(path).await,
        }
    }

    async fn exists(&self, path: &Path) -> Result<bool, VaultError> {
        match self.store.head(path).await {
            Ok(_) => Ok(true),
            Err(StoreError::NotFound { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    async fn create(&self, to: &Path, payload: PutPayload) -> Result<Stored, VaultError> {
        let options = PutOptions { mode: PutMode::Create, ..PutOptions::default() };
        match self.store.put_opts(to, payload, options).await {
            Ok(_) => Ok(Stored::New),
            Err(StoreError::AlreadyExists { .. }) => Ok(Stored::Known),
            Err(error) => Err(self.failed(error)),
        }
    }

    async fn link(&self, from: &Path, to: &Path) -> Result<Stored, VaultError> {
        let options = CopyOptions { mode: CopyMode::Create, ..CopyOptions::default() };
        match self.store.copy_opts(from, to, options).await {
            Ok(()) => Ok(Stored::New),
            Err(StoreError::AlreadyExists { .. }) => Ok(Stored::Known),
            Err(error) => Err(self.failed(error)),
        }
    }

    async fn upload(&self, spooled: &Spooled, to: &Path) -> Result<(), VaultError> {
        let file = tokio::fs::File::open(spooled.path()).await.map_err(VaultError::from_io)?;
        let mut chunks = tokio_util::io::ReaderStream::with_capacity(file, 1 << 20);
        let mut upload = WriteMultipart::new(self.store.put_multipart(to).await?);
        while let Some(chunk) = chunks.next().await {
            upload.wait_for_capacity(4).await?;
            upload.put(chunk.map_err(VaultError::from_io)?);
        }
        upload.finish().await?;
        Ok(())
    }
}
