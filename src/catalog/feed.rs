//! Which documents the index has to look at again, in order. Every index keeps
//! the last number it has followed; several may follow one feed.

use crate::args;
use crate::db::{DbError, Statement, Tx};
use crate::model::id::DocumentId;

/// Notes that the index entries of a document are to be made again.
///
/// # Errors
/// When the database refuses.
pub async fn touch(tx: &mut Tx, document: DocumentId) -> Result<(), DbError> {
    tx.run_all(touching(document).into()).await
}

/// The statements of [`touch`]. The counter stays locked until the transaction
/// ends, so the feed has the order of commits.
#[must_use]
pub fn touching(document: DocumentId) -> [Statement; 2] {
    [
        (
            "INSERT INTO counter (name, value) VALUES ('feed', 1)
             ON CONFLICT (name) DO UPDATE SET value = counter.value + 1",
            Vec::new(),
        ),
        (
            "INSERT INTO feed (seq, document)
             SELECT value, $1 FROM counter WHERE name = 'feed'",
            args![document.0].to_vec(),
        ),
    ]
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
