//! 作业 as people see them: those of their own records, and a second chance for
//! what failed.

use crate::app::App;
use crate::catalog::documents::{self, Document};
use crate::catalog::jobs;
pub use crate::catalog::jobs::Job;
use crate::db::DbError;
use crate::model::access::{Actor, scope};
use crate::model::id::Digest;

/// Of how many documents a job tells: the same bytes can be of any number.
pub const HOLDERS: u32 = 20;

/// The jobs that are not done, failed ones first, each with the documents it
/// works for that this person may see, the first [`HOLDERS`] of them. Jobs for other
/// offices are left out.
///
/// # Errors
/// When the database fails.
pub async fn list(
    app: &App,
    actor: &Actor,
    limit: u32,
) -> Result<Vec<(Job, Vec<Document>)>, DbError> {
    let visible = scope(actor);
    let mut tx = app.db.read().await?;
    let mut found = Vec::new();
    for job in jobs::list(&mut tx, limit).await? {
        let Ok(sha256) = job.subject.parse::<Digest>() else { continue };
        let holders = documents::that_wait(&mut tx, &visible, sha256, HOLDERS).await?;
        if !holders.is_empty() {
            found.push((job, holders));
        }
    }
    Ok(found)
}

/// How many jobs wait, run, and have been given up, whoever they are for: a
/// worker reads for every office.
///
/// # Errors
/// When the database fails.
pub async fn counts(app: &App) -> Result<(i64, i64, i64), DbError> {
    let mut tx = app.db.read().await?;
    jobs::counts(&mut tx).await
}

/// Makes failed jobs ready again: the one of that key, or all that this person
/// may see. Returns how many.
///
/// # Errors
/// When the database fails.
pub async fn retry(app: &App, actor: &Actor, key: Option<&str>) -> Result<u64, DbError> {
    let seen = list(app, actor, u32::MAX).await?;
    let mut tx = app.db.write().await?;
    let mut ready = 0;
    for (job, _) in seen {
        if key.is_none_or(|key| key == job.key) {
            ready += jobs::retry(&mut tx, Some(&job.key)).await?;
        }
    }
    tx.commit().await?;
    app.news.notify_waiters();
    Ok(ready)
}
