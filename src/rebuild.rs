//! Rebuild: catalog and index are dropped and made again from the object store
//! alone, by the same `apply` that made them.

use std::sync::Arc;

use crate::app::App;
use crate::catalog;
use crate::db::DbError;
use crate::follow::{self, FollowError};
use crate::model::id::{Digest, EntryNo};
use crate::record::{self, RecordError};
use crate::rendition;
use crate::worker;

/// Why the rebuild stopped. The object store is untouched; it can be run again.
#[derive(Debug, thiserror::Error)]
pub enum RebuildError {
    /// The log.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// The index.
    #[error(transparent)]
    Follow(#[from] FollowError),
    /// Another process works on this archive.
    #[error("another process writes this archive; stop it first")]
    InUse,
}

/// What was made again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Rebuilt {
    /// Log entries applied.
    pub entries: u64,
    /// Documents put into the index.
    pub documents: u64,
    /// Blobs whose text is not at hand: the worker reads them again.
    pub to_read: u64,
}

/// What the rebuild is doing, for a progress bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Applying the log: the number of the next entry.
    Applying(EntryNo),
    /// Taking up what was read before: how many blobs are done, of how many.
    Reading(u64, u64),
    /// Writing the index.
    Indexing,
}

/// Drops catalog and index and makes both from the object store. When the log
/// cannot be applied to its end, catalog and index stay as they were.
///
/// # Errors
/// When the log is incomplete, or another process writes the index.
pub async fn rebuild(app: &Arc<App>, mut each: impl FnMut(Step)) -> Result<Rebuilt, RebuildError> {
    let mut writer = match app.index.own().writer() {
        Err(yidang_indexer::Error::Locked) => return Err(RebuildError::InUse),
        opened => opened.map_err(FollowError::from)?,
    };
    // Looks that wait are nowhere else, and stay; better still they are published.
    if let Err(error) = app.looks.publish().await {
        tracing::warn!(%error, "looks wait to be published");
    }
    let applied = |next| each(Step::Applying(next));
    let entries = record::replay_all(&app.db, &app.vault, &app.lookup, applied).await?;
    app.looks.recover().await?;
    app.index.forsake().map_err(FollowError::from)?;
    writer.clear().map_err(FollowError::from)?;
    writer.commit(0).map_err(FollowError::from)?;
    let to_read = take_up_readings(app, &mut each).await?;
    each(Step::Indexing);
    let documents = follow::catch_up(app, &mut writer).await?;
    writer.close().map_err(FollowError::from)?;
    Ok(Rebuilt { entries, documents, to_read })
}

/// Ends the reading jobs of blobs whose renditions are at hand; returns how
/// many are left to the worker.
async fn take_up_readings(app: &App, each: &mut impl FnMut(Step)) -> Result<u64, RebuildError> {
    let mut tx = app.db.read().await?;
    let jobs = catalog::jobs::list(&mut tx, u32::MAX).await?;
    drop(tx);
    let total = jobs.len() as u64;
    let (mut done, mut left) = (0, 0);
    for group in jobs.chunks(500) {
        let mut tx = app.db.write().await?;
        for job in group {
            let found = match job.subject.parse::<Digest>() {
                Ok(sha256) => rendition::newest(app, sha256).await.map_err(FollowError::from)?,
                Err(_) => None,
            };
            match found {
                Some(rendition) => {
                    worker::keep_summary(app, &mut tx, &rendition).await?;
                    catalog::jobs::settle(&mut tx, job).await?;
                }
                None => left += 1,
            }
            done += 1;
        }
        tx.commit().await?;
        each(Step::Reading(done, total));
    }
    Ok(left)
}

/// The canonical dump of the catalog, line by line. Looks that wait are published
/// first, so that what is dumped is what the store has.
///
/// # Errors
/// When the database fails.
pub async fn dump(app: &App) -> Result<Vec<String>, DbError> {
    if let Err(error) = app.looks.publish().await {
        tracing::warn!(%error, "looks wait to be published");
    }
    let mut tx = app.db.read().await?;
    catalog::dump::lines(&mut tx).await
}
