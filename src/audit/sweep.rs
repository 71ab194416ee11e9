//! One look at every stored file, shard by shard: memory depends on a shard
//! and not on the archive, and what a shard should hold is compared with what
//! stands in its folder.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use futures::{StreamExt, TryStreamExt};
use object_store::path::Path;

use super::AuditError;
use crate::app::App;
use crate::catalog::documents;
use crate::db::Db;
use crate::model::act::FixityResult;
use crate::vault::{Vault, VaultError, key};

/// How many shards are read at a time.
const AT_ONCE: usize = 4;

/// How far a verification is.
#[derive(Debug, Default)]
pub struct Sweep {
    /// Files read.
    pub done: AtomicU64,
    /// Files to read.
    pub total: AtomicU64,
}

/// Reads every blob the catalog names, and looks for objects that nothing
/// names.
pub(super) async fn look(app: &App, progress: &Arc<Sweep>) -> Result<FixityResult, AuditError> {
    let mut tx = app.db.read().await?;
    progress.total.store(documents::count_blobs(&mut tx).await?, Ordering::Relaxed);
    drop(tx);
    let mut found = FixityResult::default();
    let mut suspects = app.vault.strays().await?;
    let shards = (0..=u8::MAX).map(|shard| {
        let (db, vault, progress) = (app.db.clone(), app.vault.clone(), Arc::clone(progress));
        tokio::spawn(async move { look_at(&db, &vault, shard, &progress).await })
    });
    let mut shards = futures::stream::iter(shards).buffer_unordered(AT_ONCE);
    while let Some(ended) = shards.next().await {
        let stopped = |error| VaultError::Disk(std::io::Error::other(error));
        let (result, unnamed) = ended.map_err(stopped)??;
        found.checked += result.checked;
        found.bytes += result.bytes;
        found.changed.extend(result.changed);
        found.missing.extend(result.missing);
        found.unread.extend(result.unread);
        suspects.extend(unnamed);
    }
    found.untracked = untracked(&app.db, suspects).await?;
    found.changed.sort_unstable();
    found.missing.sort_unstable();
    found.unread.sort_unstable();
    Ok(found)
}

/// Reads one shard; returns what was found, and the objects of its folder that
/// nothing seemed to name.
async fn look_at(
    db: &Db,
    vault: &Vault,
    shard: u8,
    progress: &Arc<Sweep>,
) -> Result<(FixityResult, Vec<Path>), AuditError> {
    let mut found = FixityResult::default();
    let mut tx = db.read().await?;
    let names = documents::blobs_in(&mut tx, shard).await?;
    drop(tx);
    let counted = Arc::clone(progress);
    let count = move || {
        counted.done.fetch_add(1, Ordering::Relaxed);
    };
    for (digest, checked) in vault.check_all(names.clone(), count).await? {
        match checked {
            Ok(bytes) => {
                found.checked += 1;
                found.bytes += bytes;
            }
            Err(VaultError::Corrupt { .. }) => {
                found.checked += 1;
                found.changed.push(digest);
            }
            Err(VaultError::NotFound(_)) => found.missing.push(digest),
            Err(error) => found.unread.push((digest, error.to_string())),
        }
    }
    let named =
        |path: &Path| key::blob_of(path).is_some_and(|digest| names.binary_search(&digest).is_ok());
    let unnamed = vault
        .shard(shard)
        .try_filter_map(async |object| Ok(Some(object.location).filter(|path| !named(path))))
        .try_collect()
        .await?;
    Ok((found, unnamed))
}

/// The objects among `suspects` that nothing names now, since acts go on
/// during a sweep.
async fn untracked(db: &Db, suspects: Vec<Path>) -> Result<Vec<String>, AuditError> {
    if suspects.is_empty() {
        return Ok(Vec::new());
    }
    // A body is stored a moment before the act that names it is committed.
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    let mut newest = db.read().await?;
    let mut found = Vec::new();
    for path in suspects {
        let named = match key::blob_of(&path) {
            Some(digest) => documents::names_blob(&mut newest, digest).await?,
            None => false,
        };
        if !named {
            found.push(path.to_string());
        }
    }
    found.sort_unstable();
    Ok(found)
}
