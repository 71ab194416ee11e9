//! What stands in the store, for whoever compares it with what should.

use futures::stream::BoxStream;
use futures::{StreamExt, TryStreamExt};
use object_store::ObjectMeta;
use object_store::path::Path;

use super::{Vault, VaultError, key};
use crate::model::id::Digest;

impl Vault {
    /// Every object in the folder of the blobs whose digest begins with the
    /// byte `shard`, in no order.
    pub fn shard(&self, shard: u8) -> BoxStream<'static, Result<ObjectMeta, VaultError>> {
        self.store.list(Some(&key::shard(shard))).map_err(VaultError::from).boxed()
    }

    /// Objects that stand among the blobs, but in none of their folders.
    ///
    /// # Errors
    /// When the store cannot be listed.
    pub async fn strays(&self) -> Result<Vec<Path>, VaultError> {
        let mut found = Vec::new();
        for folder in key::ABOVE_BLOBS.map(Path::from) {
            let listed = self.store.list_with_delimiter(Some(&folder)).await?;
            found.extend(listed.objects.into_iter().map(|object| object.location));
            for below in listed.common_prefixes.iter().filter(|below| !key::is_of_blobs(below)) {
                let objects = self.store.list(Some(below));
                found.extend(
                    objects.map_ok(|object| object.location).try_collect::<Vec<_>>().await?,
                );
            }
        }
        Ok(found)
    }

    /// The blobs of a shard from which something was made, each with the folder
    /// of what was made.
    ///
    /// # Errors
    /// When the store cannot be listed.
    pub async fn derived_from(&self, shard: u8) -> Result<Vec<(Digest, Path)>, VaultError> {
        let derived = self.store.list_with_delimiter(Some(&Path::from(key::DERIVED))).await?;
        let mut found = Vec::new();
        for maker in derived.common_prefixes {
            let below = Path::from(format!("{maker}/{shard:02x}"));
            let listed = self.store.list_with_delimiter(Some(&below)).await?;
            for folder in listed.common_prefixes {
                if let Some(digest) = folder.filename().and_then(|name| name.parse().ok()) {
                    found.push((digest, folder));
                }
            }
        }
        Ok(found)
    }
}
