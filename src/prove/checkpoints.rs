//! 检查点: those that the log has had, and that a newer one continues an older.

use super::{ProveError, covering};
use crate::app::App;
use crate::catalog::entries;
use crate::tlog::Checkpoint;
use crate::vault::VaultError;

/// The hashes, one to a line, that show that the log of the checkpoint `new`
/// begins with the log of `old`.
///
/// # Errors
/// When one is not a checkpoint of this log, or the log has fewer entries.
pub async fn consistency(app: &App, old: &str, new: &str) -> Result<String, ProveError> {
    grown(app, Checkpoint::parse(old)?.size, Checkpoint::parse(new)?.size).await
}

/// As [`consistency`], of the first `old` and the first `new` entries of the log.
///
/// # Errors
/// When the log has fewer entries, or its tiles do not lead to its root.
pub async fn grown(app: &App, old: u64, new: u64) -> Result<String, ProveError> {
    let last = i64::try_from(old.max(new)).unwrap_or(i64::MAX) - 1;
    let mut tx = app.db.read().await?;
    let count = entries::count(&mut tx).await?;
    drop(tx);
    // Nobody waits for a checkpoint over what is not there.
    if last >= count {
        return Err(ProveError::UnknownEntry(last));
    }
    let tree = covering(app, last).await?;
    let path = tree.consistency(old, new).await?;
    Ok(path.iter().map(|hash| format!("{hash}\n")).collect())
}

/// The checkpoint over the first `size` entries, the signed note as it was kept.
///
/// # Errors
/// When none of this size was kept, or the store fails.
pub async fn checkpoint(app: &App, size: u64) -> Result<String, ProveError> {
    app.settle().await?;
    match app.vault.checkpoint_of(size).await {
        Err(VaultError::NotFound(_)) => Err(ProveError::UnknownCheckpoint(size)),
        kept => Ok(kept?),
    }
}
