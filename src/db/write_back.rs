//! Writing back the write-ahead log of SQLite beside whoever writes. The connection that
//! writes would do it itself after a commit, and let everybody wait for the disk meanwhile.

use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use sqlx::{Row as _, SqlitePool};

/// After so many pages of 4 KiB that connection does it all the same: what writes without a
/// pause is never written back to its end beside it, and the log would grow. By then little is
/// left to be done.
pub(super) const WAL_PAGES: &str = "40000";

/// The connection that writes back.
///
/// # Errors
/// When the file cannot be opened.
pub(super) async fn connect(options: SqliteConnectOptions) -> Result<SqlitePool, sqlx::Error> {
    let pool = SqlitePoolOptions::new().max_connections(1).test_before_acquire(false);
    pool.connect_with(options).await
}

/// Begins to write back what is in the log now, and lets nobody wait for it; where that goes
/// on already, or the database is being closed, nothing is begun.
pub(super) fn begin(keeper: &SqlitePool) {
    let Some(mut connection) = keeper.try_acquire() else { return };
    tokio::spawn(async move {
        let asked = sqlx::query("PRAGMA wal_checkpoint(PASSIVE)");
        match asked.fetch_one(&mut *connection).await {
            Ok(row) => {
                let pages = |at: usize| row.try_get::<i64, _>(at).unwrap_or(-1);
                tracing::debug!(log = pages(1), written = pages(2), "the log was written back");
            }
            Err(error) => tracing::warn!(%error, "the log cannot be written back yet"),
        }
    });
}
