//! What stands in the store, for whoever compares it with what should.

use std::path::PathBuf;

use futures::TryStreamExt;
use object_store::path::Path;

use super::disk::{self, in_background};
use super::{Vault, VaultError, key};
use crate::model::id::Digest;

impl Vault {
    /// Every object in the folder of the blobs whose digest begins with the
    /// byte `shard`, in no order.
    ///
    /// # Errors
    /// When it cannot be listed.
    pub async fn shard(&self, shard: u8) -> Result<Vec<Path>, VaultError> {
        let folder = key::shard(shard);
        let Some(root) = self.root.clone() else {
            let listed = self.store.list(Some(&folder));
            return Ok(listed.map_ok(|object| object.location).try_collect().await?);
        };
        // Names are enough: the store would ask for the size of each.
        in_background(move || {
            let found = disk::names(&root.join(folder.as_ref())).map_err(VaultError::from_io)?;
            let path = |file: PathBuf| {
                let below = file.strip_prefix(&root).unwrap_or(&file);
                Path::from_iter(below.iter().map(|part| part.to_string_lossy().into_owned()))
            };
            Ok(found.into_iter().map(path).collect())
        })
        .await
    }

    /// Objects that stand at the top of the store or among the blobs, but in none of
    /// their folders; of a folder that is not known only its own path.
    ///
    /// # Errors
    /// When the store cannot be listed.
    pub async fn strays(&self) -> Result<Vec<Path>, VaultError> {
        let top = self.store.list_with_delimiter(None).await?;
        let mut found: Vec<Path> = top.objects.into_iter().map(|object| object.location).collect();
        let known = |folder: &Path| key::AT_TOP.iter().any(|known| folder.as_ref() == *known);
        found.extend(top.common_prefixes.into_iter().filter(|folder| !known(folder)));
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

    /// Objects that stand where the log does and are no batch and no checkpoint: its
    /// tiles and bundles, and what belongs to nothing.
    ///
    /// # Errors
    /// When the store cannot be listed.
    pub async fn beside_log(&self) -> Result<Vec<Path>, VaultError> {
        let listed = self.store.list(Some(&Path::from("log"))).map_ok(|object| object.location);
        let beside = |path: &Path| std::future::ready(!key::is_of_log(path));
        Ok(listed.try_filter(beside).try_collect().await?)
    }

    /// The folders of those who make something from blobs.
    ///
    /// # Errors
    /// When the store cannot be listed.
    pub async fn makers(&self) -> Result<Vec<Path>, VaultError> {
        let derived = self.store.list_with_delimiter(Some(&Path::from(key::DERIVED))).await?;
        Ok(derived.common_prefixes)
    }

    /// The blobs of a shard from which `makers` made something, each with the
    /// folder of what was made.
    ///
    /// # Errors
    /// When the store cannot be listed.
    pub async fn derived_from(
        &self,
        makers: &[Path],
        shard: u8,
    ) -> Result<Vec<(Digest, Path)>, VaultError> {
        let mut found = Vec::new();
        for maker in makers {
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
