//! Repair of one store: what is damaged is moved out of the way, never written
//! over, and the right bytes are created in its place and read again.

use bytes::Bytes;
use futures::TryStreamExt;
use jiff::Timestamp;
use object_store::path::Path;
use object_store::{Error as StoreError, ObjectStoreExt};

use super::{Key, Spooled, Stored, Vault, VaultError, key};

impl Vault {
    /// Moves the object at `path` to `quarantine/`; returns where it stands
    /// then, or none when there was nothing.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn quarantine(
        &self,
        path: &Path,
        now: Timestamp,
    ) -> Result<Option<String>, VaultError> {
        // A blob keeps its digest as its name, a part of the log its whole path.
        let name = match key::blob_of(path) {
            Some(digest) => digest.to_string(),
            None => path.as_ref().replace('/', "."),
        };
        let when = now.strftime("%Y%m%dT%H%M%S%.3fZ");
        let to = Key::Quarantine(format!("{name}-{when}")).path();
        match self.store.rename_if_not_exists(path, &to).await {
            Ok(()) => Ok(Some(to.to_string())),
            Err(StoreError::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Creates the object at `path`, whose place is empty, and reads it again.
    ///
    /// # Errors
    /// When something stands there, or the store fails.
    pub async fn restore(&self, path: &Path, bytes: Bytes) -> Result<(), VaultError> {
        let created = self.create(path, bytes.clone().into()).await?;
        if created == Stored::Known || self.get(path).await?.bytes().await? != bytes {
            return Err(VaultError::Conflict(path.to_string()));
        }
        self.settle(path).await
    }

    /// Makes a blob, whose place is empty, of bytes that were received, here or
    /// by another store, and reads it again.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn restore_blob(&self, right: &Spooled) -> Result<(), VaultError> {
        self.take(right).await?;
        self.check_here(right.digest()).await?;
        Ok(())
    }

    /// The bytes at a path below `log/`, an empty run where what stands there is no file;
    /// none when nothing is there.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn log_object(&self, path: &Path) -> Result<Option<Bytes>, VaultError> {
        let read = async { Ok::<_, VaultError>(self.get(path).await?.bytes().await?) };
        match read.await {
            Ok(bytes) => Ok(Some(bytes)),
            Err(VaultError::NotFound(_)) => Ok(None),
            Err(VaultError::NoFile) => Ok(Some(Bytes::new())),
            Err(error) => Err(error),
        }
    }

    /// Whether the store holds no batch of the log.
    ///
    /// # Errors
    /// When it cannot be listed.
    pub async fn is_empty(&self) -> Result<bool, VaultError> {
        let first = self.store.list(Some(&Path::from(key::ENTRIES))).try_next().await?;
        Ok(first.is_none())
    }
}
