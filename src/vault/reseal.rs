//! What was stored plain before the archive was encrypted is put into
//! envelopes, and what was made from a blob whose key is gone is removed.
//!
//! A blob is what its digest says, in an envelope or not: this is the one place
//! where the object under a name is replaced, by the same bytes, verified before
//! and after.

use bytes::Bytes;
use futures::TryStreamExt;
use object_store::path::Path;
use object_store::{Error as StoreError, ObjectMeta, ObjectStoreExt};

use super::seal::envelope::MAGIC;
use super::seal::{About, is_sealed};
use super::{Key, SMALL, Vault, VaultError, disk, key, spool};
use crate::model::id::Digest;

impl Vault {
    /// Whether a blob stands in an envelope in this store; none when it is not
    /// there.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn is_sealed(&self, digest: Digest) -> Result<Option<bool>, VaultError> {
        let path = Key::Blob(digest).path();
        match self.store.head(&path).await {
            Ok(meta) if meta.size < MAGIC.len() as u64 => Ok(Some(false)),
            Ok(_) => {
                let head = self.store.get_range(&path, 0..MAGIC.len() as u64).await?;
                Ok(Some(is_sealed(&head)))
            }
            Err(StoreError::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Puts a blob of this store that stands there plain into an envelope,
    /// durable when this returns, with what was made from it. Returns its size;
    /// none when there was nothing to do.
    ///
    /// # Errors
    /// When its bytes are not right, or the store fails: the plain ones are there
    /// then.
    pub async fn encrypt(&self, digest: Digest) -> Result<Option<u64>, VaultError> {
        let Some(cipher) = self.sealing() else { return Ok(None) };
        if self.is_sealed(digest).await? != Some(false) {
            return Ok(None);
        }
        let plain = self.spooled(digest).await?;
        let staging = self.root.as_ref().map(|root| root.join(key::STAGING));
        if let Some(staging) = &staging {
            // The access log takes nothing in through one of its own.
            spool::prepare(staging).map_err(VaultError::from_io)?;
        }
        let folder = staging.as_ref().unwrap_or(&self.spool);
        let sealed = spool::seal(folder, &plain, cipher.clone()).await?;
        let to = Key::Blob(digest).path();
        match &self.root {
            Some(root) => disk::replace(sealed.path().to_owned(), root.join(to.as_ref())).await?,
            None if sealed.bytes() <= SMALL => {
                let bytes = tokio::fs::read(sealed.path()).await.map_err(VaultError::from_io)?;
                self.store.put(&to, bytes.into()).await?;
            }
            None => {
                let staged = Key::Staging(sealed.name()).path();
                self.upload(&sealed, &staged).await?;
                let copied = self.store.copy(&staged, &to).await;
                self.store.delete(&staged).await?;
                copied?;
            }
        }
        self.check_here(digest).await?;
        for object in self.made_from(digest).await? {
            let stored = self.get(&object.location).await?.bytes().await?;
            if !is_sealed(&stored) {
                let about = About::derived_at(digest, &object.location);
                let sealed: Bytes = cipher.seal(&about, &stored)?;
                self.store.put(&object.location, sealed.into()).await?;
            }
        }
        Ok(Some(plain.bytes()))
    }

    /// Removes what was made from these blobs, and what once stood in their place
    /// and was moved to quarantine: their keys were destroyed.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn remove_remains(&self, digests: &[Digest]) -> Result<(), VaultError> {
        let mut remains = Vec::new();
        for digest in digests {
            remains.extend(self.made_from(*digest).await?);
        }
        let quarantine = Path::from(key::QUARANTINE);
        let listed: Vec<ObjectMeta> = self.store.list(Some(&quarantine)).try_collect().await?;
        remains.extend(listed.into_iter().filter(|object| {
            let name = object.location.filename().unwrap_or_default();
            let digest = name.split('-').next().and_then(|name| name.parse().ok());
            digest.is_some_and(|digest| digests.contains(&digest))
        }));
        for object in remains {
            self.store.delete(&object.location).await?;
        }
        Ok(())
    }

    /// The objects that were made from a blob.
    async fn made_from(&self, digest: Digest) -> Result<Vec<ObjectMeta>, VaultError> {
        // The access log has nothing that was made from anything, and no folder for it.
        let none = |root: &std::path::PathBuf| !root.join(key::DERIVED).is_dir();
        if self.root.as_ref().is_some_and(none) {
            return Ok(Vec::new());
        }
        let derived = self.store.list_with_delimiter(Some(&Path::from(key::DERIVED))).await?;
        let mut found = Vec::new();
        for maker in derived.common_prefixes {
            let folder = key::derived_folder(&maker, digest);
            found.extend(self.store.list(Some(&folder)).try_collect::<Vec<_>>().await?);
        }
        Ok(found)
    }
}
