//! Which documents the index has to look at again, in order. Every index keeps
//! the last number it has followed; several may follow one feed.

use crate::args;
use crate::db::{DbError, Statement, Tx};
use crate::model::id::{DocumentId, HouseholdNo};

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
             ON CONFLICT (name) DO UPDATE SET value = counter.value + 1"
                .into(),
            Vec::new(),
        ),
        (
            "INSERT INTO feed (seq, document)
             SELECT value, $1 FROM counter WHERE name = 'feed'"
                .into(),
            args![document.0].to_vec(),
        ),
    ]
}

/// Notes that the index entries of every live document of a household are to be
/// made again, by number.
///
/// # Errors
/// When the database refuses.
pub async fn touch_file_of(tx: &mut Tx, household: &HouseholdNo) -> Result<(), DbError> {
    let no = household.as_str();
    let live = tx
        .number(
            "SELECT COUNT(*) FROM document
             WHERE household = $1 AND state IN ('filed', 'undescribed')",
            args![no],
        )
        .await?;
    // The counter first: it stays locked, so the numbers are nobody else's.
    let before = tx.take("feed", live).await?;
    tx.run(
        "INSERT INTO feed (seq, document)
         SELECT $2 + ROW_NUMBER() OVER (ORDER BY id), id FROM document
         WHERE household = $1 AND state IN ('filed', 'undescribed')",
        args![no, before],
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
    tx.number("SELECT value FROM counter WHERE name = 'feed'", args![]).await
}
