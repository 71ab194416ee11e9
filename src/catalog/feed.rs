//! Which documents the index has to look at again, in order. Every index keeps
//! the last number it has followed; several may follow one feed.

use crate::args;
use crate::db::{DbError, Statement, Tx};
use crate::model::id::{DocumentId, HouseholdNo};

/// Waits until nobody else writes the feed; nobody does until this transaction ends, so the
/// feed has the order of commits.
///
/// # Errors
/// When the database refuses.
pub async fn lock(tx: &mut Tx) -> Result<(), DbError> {
    tx.lock("feed").await
}

/// Notes that the index entries of a document are to be made again.
///
/// # Errors
/// When the database refuses.
pub async fn touch(tx: &mut Tx, document: DocumentId) -> Result<(), DbError> {
    lock(tx).await?;
    tx.run_all(vec![touching(document)]).await
}

/// The statement of [`touch`], for whoever holds the [`lock`]. Numbers follow the last row:
/// a counter beside it would be written anew for each, and PostgreSQL goes through all that a
/// transaction wrote of a row.
#[must_use]
pub fn touching(document: DocumentId) -> Statement {
    (
        "INSERT INTO feed (seq, document)
         VALUES (COALESCE((SELECT MAX(seq) FROM feed), 0) + 1, $1)"
            .into(),
        args![document.0].to_vec(),
    )
}

/// Notes that the index entries of every live document of a household are to be
/// made again, by number.
///
/// # Errors
/// When the database refuses.
pub async fn touch_file_of(tx: &mut Tx, household: &HouseholdNo) -> Result<(), DbError> {
    lock(tx).await?;
    tx.run(
        "INSERT INTO feed (seq, document)
         SELECT COALESCE((SELECT MAX(seq) FROM feed), 0) + ROW_NUMBER() OVER (ORDER BY id), id
         FROM document WHERE household = $1 AND state IN ('filed', 'undescribed')",
        args![household.as_str()],
    )
    .await?;
    Ok(())
}

/// The feed after `position`: number and document, at most `limit`.
///
/// # Errors
/// When the database refuses.
pub async fn after(tx: &mut Tx, position: i64, limit: u32) -> Result<Vec<(i64, i64)>, DbError> {
    tx.all(
        "SELECT seq, document FROM feed WHERE seq > $1 ORDER BY seq LIMIT $2",
        args![position, limit],
    )
    .await
}

/// The last number of the feed.
///
/// # Errors
/// When the database refuses.
pub async fn position(tx: &mut Tx) -> Result<i64, DbError> {
    tx.number("SELECT MAX(seq) FROM feed", args![]).await
}
