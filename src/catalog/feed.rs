//! Which documents the index has to look at again, in order. Every index keeps
//! the last number it has followed; several may follow one feed.

use crate::args;
use crate::db::{DbError, Tx};
use crate::model::id::DocumentId;

/// Notes that the index entries of a document are to be made again.
///
/// # Errors
/// When the database refuses.
pub async fn touch(tx: &mut Tx, document: DocumentId) -> Result<(), DbError> {
    let seq = tx.take("feed", 1).await? + 1;
    tx.run("INSERT INTO feed (seq, document) VALUES ($1, $2)", args![seq, document.0]).await?;
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
    tx.number("SELECT value FROM counter WHERE name = 'feed'", args![]).await
}
