//! Where the bytes are kept: a folder, any S3-compatible service, or memory.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey, S3CopyIfNotExists};
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::{ClientConfigKey, ObjectStore, ObjectStoreExt, RetryConfig};

use super::seal::Cipher;
use super::{Key, Stored, Vault, VaultError, key, spool};

/// What stands before the variables of the second copy.
const COPY: &str = "YIDANG_COPY_";

/// An address of an object store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A folder on this machine.
    Folder(PathBuf),
    /// A bucket of an S3-compatible service, `s3://bucket/prefix`; its
    /// endpoint and keys come from the `AWS_…` environment.
    S3(String),
    /// Memory, for tests.
    Memory,
}

impl Place {
    /// The place that an address in the configuration names; a relative
    /// folder is inside `base`.
    ///
    /// # Errors
    /// When the address has another scheme.
    pub fn parse(address: &str, base: &Path) -> Result<Self, VaultError> {
        match address.split_once("://") {
            None => Ok(Self::Folder(base.join(address))),
            Some(("s3", _)) => Ok(Self::S3(address.to_owned())),
            Some(("memory", _)) => Ok(Self::Memory),
            Some((scheme, _)) => Err(VaultError::Address(format!(
                "the store {scheme}:// is not known; give a folder or s3://bucket/prefix"
            ))),
        }
    }
}

impl Vault {
    /// Opens the store at `place`; bytes on their way in are kept in `scratch`
    /// where the store is not a folder.
    ///
    /// # Errors
    /// When the store cannot be reached, or does not keep what was written
    /// once.
    pub async fn open(place: &Place, scratch: &Path) -> Result<Self, VaultError> {
        Self::open_as(place, scratch, "").await
    }

    /// Opens the second copy at `place`. Its folder is made only where the one
    /// above it is there: a disk that is not mounted is not taken for an empty
    /// copy.
    ///
    /// # Errors
    /// As [`Vault::open`].
    pub(super) async fn open_copy(place: &Place, scratch: &Path) -> Result<Self, VaultError> {
        if let Place::Folder(root) = place
            && !root.parent().is_some_and(Path::is_dir)
        {
            let above = root.parent().unwrap_or(root).display();
            return Err(VaultError::Copy(format!("the folder {above} is not there")));
        }
        Self::open_as(place, scratch, COPY).await
    }

    /// Opens a store; the variables that lead to an S3 service are `AWS_…` with
    /// `before` before them.
    async fn open_as(place: &Place, scratch: &Path, before: &str) -> Result<Self, VaultError> {
        match place {
            Place::Folder(root) => {
                let root = root.clone();
                let made = tokio::task::spawn_blocking(move || prepare(&root).map(|()| root));
                let root = made
                    .await
                    .map_err(|e| VaultError::Disk(std::io::Error::other(e)))?
                    .map_err(VaultError::from_io)?;
                let store = LocalFileSystem::new_with_prefix(&root)?.with_fsync(true);
                let spool = root.join(key::STAGING);
                Ok(Self {
                    store: Arc::new(store),
                    root: Some(root),
                    spool,
                    mirror: None,
                    sm3: false,
                    cipher: None,
                })
            }
            Place::S3(url) => {
                // The client has no cryptography of its own; set already is fine.
                let _ = rustls::crypto::ring::default_provider().install_default();
                let store = from_environment(before)?
                    .with_url(url)
                    .with_config(AmazonS3ConfigKey::Client(ClientConfigKey::Timeout), "120s")
                    .with_copy_if_not_exists(S3CopyIfNotExists::Multipart)
                    .build()?;
                let prefix = url.splitn(4, '/').nth(3).unwrap_or_default();
                let store: Arc<dyn ObjectStore> = if prefix.is_empty() {
                    Arc::new(store)
                } else {
                    Arc::new(object_store::prefix::PrefixStore::new(store, prefix))
                };
                let vault = Self::over(store, scratch)?;
                vault.probe().await?;
                Ok(vault)
            }
            Place::Memory => Self::over(Arc::new(InMemory::new()), scratch),
        }
    }

    /// A vault over any object store, as tests need one.
    ///
    /// # Errors
    /// When the scratch folder cannot be made.
    pub fn over(store: Arc<dyn ObjectStore>, scratch: &Path) -> Result<Self, VaultError> {
        spool::prepare(scratch).map_err(VaultError::from_io)?;
        let spool = scratch.to_owned();
        Ok(Self { store, root: None, spool, mirror: None, sm3: false, cipher: None })
    }

    /// This store, encrypted; bytes on their way in are kept in `scratch` then,
    /// since nothing plain is written below its folder.
    ///
    /// # Errors
    /// When the scratch folder cannot be made.
    pub fn with_cipher(mut self, cipher: Cipher, scratch: &Path) -> Result<Self, VaultError> {
        if cipher.seals && self.root.is_some() {
            spool::prepare(scratch).map_err(VaultError::from_io)?;
            scratch.clone_into(&mut self.spool);
        }
        if let Some(mirror) = self.mirror.take() {
            self.mirror = Some(Arc::new(mirror.with_cipher(cipher.clone())));
        }
        Ok(Self { cipher: Some(cipher), ..self })
    }

    /// How this store encrypts and opens; none where there are no keys.
    #[must_use]
    pub fn cipher(&self) -> Option<&Cipher> {
        self.cipher.as_ref()
    }

    /// Asks the store to create one object twice. Some services answer the
    /// second time as if nothing had been there; with such a one "nothing is
    /// rewritten" would be a wish.
    async fn probe(&self) -> Result<(), VaultError> {
        let name = format!("probe-{}", hex::encode(rand::random::<[u8; 8]>()));
        let path = Key::Staging(name).path();
        self.create(&path, "1".into()).await?;
        let second = self.create(&path, "2".into()).await;
        self.store.delete(&path).await?;
        match second? {
            Stored::Known => Ok(()),
            Stored::New => Err(VaultError::Address(
                "this object store overwrites what was to be created once (If-None-Match is \
                 ignored); Yidang does not keep records on it"
                    .into(),
            )),
        }
    }
}

/// What the environment says of an S3 service: `AWS_…` with `before` before
/// them. The second copy has its own, so that whoever reaches one store need
/// not reach the other; and it is not waited for as long.
fn from_environment(before: &str) -> Result<AmazonS3Builder, VaultError> {
    let mut builder = AmazonS3Builder::new();
    let mut none = true;
    for (name, value) in std::env::vars() {
        let name = name.strip_prefix(before).unwrap_or_default().to_ascii_lowercase();
        if name.starts_with("aws_")
            && let Ok(key) = name.parse()
        {
            builder = builder.with_config(key, value);
            none = false;
        }
    }
    if before.is_empty() {
        return Ok(builder);
    }
    if none {
        return Err(VaultError::Copy(format!(
            "it has an endpoint and keys of its own: set {before}AWS_ENDPOINT and the others"
        )));
    }
    let patience = Duration::from_secs(20);
    Ok(builder.with_retry(RetryConfig { retry_timeout: patience, ..RetryConfig::default() }))
}

/// Makes the folders of a local store and syncs them, so that no later write
/// depends on a folder whose own entry is not durable yet.
fn prepare(root: &Path) -> std::io::Result<()> {
    spool::prepare(&root.join(key::STAGING))?;
    let done = root.join("log/entries");
    if done.is_dir() {
        return Ok(());
    }
    let shards = root.join(key::BLOBS);
    for shard in 0..=255_u8 {
        std::fs::create_dir_all(shards.join(format!("{shard:02x}")))?;
    }
    let sync = |folder: &Path| std::fs::File::open(folder)?.sync_all();
    for folder in [&shards, &root.join("obj"), root] {
        sync(folder)?;
    }
    // Made last: when it is there, everything before it is durable.
    std::fs::create_dir_all(&done)?;
    sync(&root.join("log"))?;
    sync(root)?;
    for folder in root.ancestors().skip(1).filter(|f| f.is_dir()).take(2) {
        sync(folder)?;
    }
    Ok(())
}
