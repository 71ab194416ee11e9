//! The log in the store: batches, tiles, and the checkpoints with their history.

use std::collections::HashSet;

use bytes::Bytes;
use futures::TryStreamExt;
use object_store::path::Path;
use object_store::{ObjectMeta, ObjectStoreExt};

use super::{Key, Stored, Vault, VaultError, key};
use crate::model::id::EntryNo;

impl Vault {
    /// Publishes a batch of log entries; durable when this returns.
    ///
    /// # Errors
    /// When other entries stand under this number: two histories.
    pub async fn publish(&self, first: EntryNo, lines: Bytes) -> Result<(), VaultError> {
        let path = Key::Entries(first).path();
        if self.create(&path, lines.clone().into()).await? == Stored::Known {
            if self.get(&path).await?.bytes().await? != lines {
                return Err(VaultError::Conflict(path.to_string()));
            }
            self.settle(&path).await?;
        }
        Ok(())
    }

    /// Makes a batch durable that is there, and those before it, where whoever
    /// published it may not have come to that.
    ///
    /// # Errors
    /// When the disk is full.
    pub async fn settle_batch(&self, first: EntryNo) -> Result<(), VaultError> {
        self.settle(&Key::Entries(first).path()).await
    }

    /// The numbers of the first entries of all published batches from `from`
    /// on, in order.
    ///
    /// # Errors
    /// When the store cannot be listed.
    pub async fn batches(&self, from: EntryNo) -> Result<Vec<EntryNo>, VaultError> {
        let entries = Path::from(key::ENTRIES);
        let listed = match from {
            ..=0 => self.store.list(Some(&entries)),
            from => self.store.list_with_offset(Some(&entries), &Key::Entries(from - 1).path()),
        };
        let mut found: Vec<EntryNo> = listed
            .try_filter_map(async |meta| Ok(key::first_of(&meta.location)))
            .try_filter(|first| std::future::ready(*first >= from))
            .try_collect()
            .await?;
        found.sort_unstable();
        Ok(found)
    }

    /// A tile or entry bundle of the log, by its path below `log/`; none when it
    /// is not there.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn tile(&self, path: &str) -> Result<Option<Bytes>, VaultError> {
        self.derived(&Key::Tile(path.to_owned())).await
    }

    /// The tiles and bundles that are there and not empty, by their paths below
    /// `log/`.
    ///
    /// # Errors
    /// When the store cannot be listed.
    pub async fn tiles(&self) -> Result<HashSet<String>, VaultError> {
        let listed = self.store.list(Some(&Key::Tile("tile".into()).path()));
        let path = |path: &Path| path.as_ref().strip_prefix("log/").map(ToOwned::to_owned);
        let found = listed
            .try_filter(|meta| std::future::ready(meta.size > 0))
            .try_filter_map(async |meta| Ok(path(&meta.location)));
        Ok(found.try_collect().await?)
    }

    /// Removes all tiles or bundles below a folder: partial ones that a full one
    /// has replaced.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn remove_tiles(&self, folder: &str) -> Result<(), VaultError> {
        let folder = Key::Tile(folder.to_owned()).path();
        let listed: Vec<ObjectMeta> = self.store.list(Some(&folder)).try_collect().await?;
        for object in listed {
            self.store.delete(&object.location).await?;
        }
        Ok(())
    }

    /// Keeps the checkpoint of a log of `size` entries, whose tiles are there, in the
    /// history; durable when this returns. The one of a size is never written over.
    ///
    /// # Errors
    /// When another stands under this size: two histories.
    pub async fn keep_checkpoint(&self, size: u64, note: Bytes) -> Result<(), VaultError> {
        let path = Key::Checkpoint(Some(size)).path();
        if self.create(&path, note.clone().into()).await? == Stored::Known
            && self.get(&path).await?.bytes().await? != note
        {
            return Err(VaultError::Conflict(path.to_string()));
        }
        Ok(())
    }

    /// The newest checkpoint; none while there is none.
    ///
    /// # Errors
    /// When the store fails, or it is not text.
    pub async fn checkpoint(&self) -> Result<Option<String>, VaultError> {
        let note = self.derived(&Key::Checkpoint(None)).await?;
        let text = |bytes: Bytes| {
            let conflict = || VaultError::Conflict(Key::Checkpoint(None).path().to_string());
            String::from_utf8(bytes.to_vec()).map_err(|_| conflict())
        };
        note.map(text).transpose()
    }

    /// The sizes of which a checkpoint is kept, in order.
    ///
    /// # Errors
    /// When the store cannot be listed.
    pub async fn checkpoint_sizes(&self) -> Result<Vec<u64>, VaultError> {
        self.checkpoint_sizes_after(0).await
    }

    /// The sizes above `size` of which a checkpoint is kept, in order.
    ///
    /// # Errors
    /// When the store cannot be listed.
    pub async fn checkpoint_sizes_after(&self, size: u64) -> Result<Vec<u64>, VaultError> {
        let (folder, offset) = (Path::from(key::CHECKPOINTS), Key::Checkpoint(Some(size)).path());
        let listed = self.store.list_with_offset(Some(&folder), &offset);
        let mut sizes: Vec<u64> = listed
            .try_filter_map(async |meta| Ok(key::size_of(&meta.location)))
            .try_collect()
            .await?;
        sizes.sort_unstable();
        Ok(sizes)
    }

    /// The checkpoint kept of a log of `size` entries.
    ///
    /// # Errors
    /// When it is not there, or not text.
    pub async fn checkpoint_of(&self, size: u64) -> Result<String, VaultError> {
        let path = Key::Checkpoint(Some(size)).path();
        let bytes = self.get(&path).await?.bytes().await?;
        String::from_utf8(bytes.to_vec()).map_err(|_| VaultError::Conflict(path.to_string()))
    }

    /// The bytes of a published batch.
    ///
    /// # Errors
    /// When it is not there.
    pub async fn batch(&self, first: EntryNo) -> Result<Bytes, VaultError> {
        Ok(self.get(&Key::Entries(first).path()).await?.bytes().await?)
    }
}
