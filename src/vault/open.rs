//! Where the bytes are kept: a folder, any S3-compatible service, or memory.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey, S3CopyIfNotExists};
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::{ClientConfigKey, ObjectStore, ObjectStoreExt};

use super::{Key, Stored, Vault, VaultError, key, spool};

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
                Ok(Self { store: Arc::new(store), root: Some(root), spool })
            }
            Place::S3(url) => {
                // The client has no cryptography of its own; set already is fine.
                let _ = rustls::crypto::ring::default_provider().install_default();
                let store = AmazonS3Builder::from_env()
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
        Ok(Self { store, root: None, spool: scratch.to_owned() })
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
