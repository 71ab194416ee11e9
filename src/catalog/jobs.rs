//! 作业: work that follows an act. A table with leases: queued in the act's own
//! transaction, safe to run twice, tried again with growing pauses, and kept
//! in sight when it has been given up.

use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;

use crate::args;
use crate::catalog::documents::FileRow;
use crate::db::{DbError, Statement, Tx};
use crate::model::access::Scope;
use crate::model::id::Digest;

/// How often a job is tried before it waits for a person.
pub const ATTEMPTS: i64 = 3;

/// A job.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, ToSchema)]
pub struct Job {
    /// What names it; queued twice it is still one job.
    pub key: String,
    /// What is to be done: `read`.
    pub kind: String,
    /// What it is done to: for `read`, a digest.
    pub subject: String,
    /// `ready`, `running`, or `failed` when it waits for a person.
    pub state: String,
    /// How often it was begun.
    pub attempts: i64,
    /// How much of it is done, in pages.
    pub done: i64,
    /// How much there is, in pages; 0 before it is known.
    pub total: i64,
    /// What went wrong last, or empty.
    pub error: String,
}

/// The statement that queues the reading of a blob; a job that failed is made
/// ready again only by [`retry`].
#[must_use]
pub fn queueing(sha256: Digest, now: Timestamp) -> Statement {
    queueing_from(sha256, 0, now)
}

/// As [`queueing`], behind everything that waits already.
#[must_use]
pub fn queueing_last(sha256: Digest, now: Timestamp) -> Statement {
    // Who is due first is taken first, and all others are due since 1970.
    queueing_from(sha256, now.as_millisecond(), now)
}

fn queueing_from(sha256: Digest, due: i64, now: Timestamp) -> Statement {
    (
        "INSERT INTO job (key, kind, subject, state, attempts, run_after, lease_until,
                          lease_owner, done, total, error, created)
         VALUES ($1, 'read', $2, 'ready', 0, $3, 0, '', 0, 0, '', $4)
         ON CONFLICT (key) DO NOTHING"
            .into(),
        args![format!("read:{sha256}"), sha256.to_string(), due, now.as_millisecond()].to_vec(),
    )
}

/// Takes the next job that is due, or whose lease has run out, for `owner`
/// until `now` + `lease`. None when nothing is due.
///
/// # Errors
/// When the database refuses.
pub async fn take(
    tx: &mut Tx,
    owner: &str,
    now: Timestamp,
    lease: Duration,
) -> Result<Option<Job>, DbError> {
    let now = now.as_millisecond();
    let until = now.saturating_add(i64::try_from(lease.as_millis()).unwrap_or(i64::MAX));
    let sql = match tx.is_on_postgres() {
        false => {
            "UPDATE job SET state = 'running', attempts = attempts + 1, lease_owner = $1,
                    lease_until = $2
             WHERE key = (SELECT key FROM job
                          WHERE (state = 'ready' AND run_after <= $3)
                             OR (state = 'running' AND lease_until <= $3)
                          ORDER BY run_after, created, key LIMIT 1)
             RETURNING key, kind, subject, state, attempts, done, total, error"
        }
        true => {
            "UPDATE job SET state = 'running', attempts = attempts + 1, lease_owner = $1,
                    lease_until = $2
             WHERE key = (SELECT key FROM job
                          WHERE (state = 'ready' AND run_after <= $3)
                             OR (state = 'running' AND lease_until <= $3)
                          ORDER BY run_after, created, key LIMIT 1 FOR UPDATE SKIP LOCKED)
             RETURNING key, kind, subject, state, attempts, done, total, error"
        }
    };
    tx.one(sql, args![owner, until, now]).await
}

/// Says how far a job is and keeps its lease. False when the lease was lost to
/// another worker: this one should stop.
///
/// # Errors
/// When the database refuses.
pub async fn progress(
    tx: &mut Tx,
    job: &Job,
    owner: &str,
    done: u32,
    total: u32,
    until: Timestamp,
) -> Result<bool, DbError> {
    let touched = tx
        .run(
            "UPDATE job SET done = $3, total = $4, lease_until = $5
             WHERE key = $1 AND lease_owner = $2 AND state = 'running'",
            args![&job.key, owner, done, total, until.as_millisecond()],
        )
        .await?;
    Ok(touched > 0)
}

/// Ends a job that `owner` did. False when the lease was lost to another
/// worker, who ends it.
///
/// # Errors
/// When the database refuses.
pub async fn finish(tx: &mut Tx, job: &Job, owner: &str) -> Result<bool, DbError> {
    let touched = tx
        .run(
            "DELETE FROM job WHERE key = $1 AND lease_owner = $2 AND state = 'running'",
            args![&job.key, owner],
        )
        .await?;
    Ok(touched > 0)
}

/// Ends a job whose work turned out to be done, whoever has it.
///
/// # Errors
/// When the database refuses.
pub async fn settle(tx: &mut Tx, job: &Job) -> Result<(), DbError> {
    tx.run("DELETE FROM job WHERE key = $1", args![&job.key]).await?;
    Ok(())
}

/// Puts a job back after an error: ready again after 2, 8, 32 seconds … until
/// it has been tried [`ATTEMPTS`] times or `hopeless`, then failed. False when
/// `owner` had lost the lease to another worker.
///
/// # Errors
/// When the database refuses.
pub async fn give_back(
    tx: &mut Tx,
    job: &Job,
    owner: &str,
    error: &str,
    hopeless: bool,
    now: Timestamp,
) -> Result<bool, DbError> {
    let failed = hopeless || job.attempts >= ATTEMPTS;
    let pause = 2_000_i64 << (2 * (job.attempts.clamp(1, 8) - 1));
    let touched = tx
        .run(
            "UPDATE job SET state = $2, error = $3, run_after = $4, lease_until = 0,
                    lease_owner = ''
             WHERE key = $1 AND lease_owner = $5 AND state = 'running'",
            args![
                &job.key,
                if failed { "failed" } else { "ready" },
                error,
                now.as_millisecond() + pause,
                owner
            ],
        )
        .await?;
    Ok(touched > 0)
}

/// Makes failed jobs ready again: the one of that key, or all. Returns how
/// many.
///
/// # Errors
/// When the database refuses.
pub async fn retry(tx: &mut Tx, key: Option<&str>) -> Result<u64, DbError> {
    tx.run(
        "UPDATE job SET state = 'ready', attempts = 0, run_after = 0, error = ''
         WHERE state = 'failed' AND ($1 = '' OR key = $1)",
        args![key.unwrap_or_default()],
    )
    .await
}

/// The jobs that are not done, failed ones first, at most `limit`.
///
/// # Errors
/// When the database refuses.
pub async fn list(tx: &mut Tx, limit: u32) -> Result<Vec<Job>, DbError> {
    tx.all(
        "SELECT key, kind, subject, state, attempts, done, total, error FROM job
         ORDER BY CASE state WHEN 'failed' THEN 0 WHEN 'running' THEN 1 ELSE 2 END, created, key
         LIMIT $1",
        args![limit],
    )
    .await
}

/// The job that reads a file of a document, when it is not done. While the same bytes are
/// read for the first time for somebody else, that is none of this one.
///
/// # Errors
/// When the database refuses.
pub async fn reading_of(tx: &mut Tx, file: &FileRow) -> Result<Option<Job>, DbError> {
    tx.one(
        "SELECT key, kind, subject, state, attempts, done, total, error FROM job
         WHERE key = $1 AND ($2 = 0 OR NOT EXISTS (
            SELECT 1 FROM document_file WHERE sha256 = job.subject AND was_read = 0))",
        args![format!("read:{}", file.sha256), file.was_read],
    )
    .await
}

/// How many jobs are in each state: ready, running, failed.
///
/// # Errors
/// When the database refuses.
pub async fn counts(tx: &mut Tx) -> Result<(i64, i64, i64), DbError> {
    Ok(by_state(&tx.all("SELECT state, COUNT(*) FROM job GROUP BY state", args![]).await?))
}

fn by_state(rows: &[(String, i64)]) -> (i64, i64, i64) {
    let of = |name: &str| rows.iter().find(|(state, _)| state == name).map_or(0, |row| row.1);
    (of("ready"), of("running"), of("failed"))
}

/// [`counts`] of the jobs that work for documents in the scope, as [`reading_of`] has it.
///
/// # Errors
/// When the database refuses.
pub async fn counts_within(tx: &mut Tx, scope: &Scope) -> Result<(i64, i64, i64), DbError> {
    // There are few jobs: each asks for the first paper it works for. With EXISTS PostgreSQL may
    // read all papers to join them with the jobs.
    let rows = tx
        .all(
            "SELECT state, COUNT(*) FROM job j WHERE (
                SELECT 1 FROM document_file f JOIN document d ON d.id = f.document
                WHERE f.sha256 = j.subject AND d.organisation LIKE $1
                  AND d.state IN ('waiting', 'undescribed', 'filed')
                  AND (f.was_read = 0 OR NOT EXISTS (
                       SELECT 1 FROM document_file g WHERE g.sha256 = j.subject AND g.was_read = 0))
                LIMIT 1) = 1
             GROUP BY state",
            args![format!("{}%", scope.prefix())],
        )
        .await?;
    Ok(by_state(&rows))
}

/// When the next job may be taken, in milliseconds since 1970: a ready one when
/// it is due, a running one when its lease runs out. None when there is none.
///
/// # Errors
/// When the database refuses.
pub async fn next_due(tx: &mut Tx) -> Result<Option<i64>, DbError> {
    let found: Option<(Option<i64>,)> = tx
        .one(
            "SELECT MIN(CASE state WHEN 'ready' THEN run_after ELSE lease_until END)
             FROM job WHERE state IN ('ready', 'running')",
            args![],
        )
        .await?;
    Ok(found.and_then(|row| row.0))
}
