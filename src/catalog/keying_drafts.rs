//! What people typed from a paper and have not saved. Not made from the log; a rebuild
//! keeps it, and it ends when it is saved.

use sqlx::FromRow;

use crate::args;
use crate::db::{DbError, Tx};
use crate::model::id::{DocumentId, EntryNo};

/// How many drafts a person has at most; the oldest goes first.
const MOST: u32 = 100;

/// A draft.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct DraftRow {
    /// The version it was begun on; none before the first.
    pub seen: Option<EntryNo>,
    /// What was typed, as JSON, numbers of persons covered.
    pub said: String,
    /// When, in microseconds since 1970.
    pub kept: i64,
}

/// The draft of a person of a paper, if there is one.
///
/// # Errors
/// When the database refuses.
pub async fn get(
    tx: &mut Tx,
    person: &str,
    document: DocumentId,
) -> Result<Option<DraftRow>, DbError> {
    let sql = "SELECT seen, said, kept FROM keying_draft WHERE person = $1 AND document = $2";
    tx.one(sql, args![person, document.0]).await
}

/// Keeps a draft in the place of the one before.
///
/// # Errors
/// When the database refuses.
pub async fn keep(
    tx: &mut Tx,
    person: &str,
    document: DocumentId,
    draft: &DraftRow,
) -> Result<(), DbError> {
    tx.run(
        "INSERT INTO keying_draft (person, document, seen, said, kept) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (person, document) DO UPDATE SET seen = excluded.seen, said = excluded.said,
            kept = excluded.kept",
        args![person, document.0, draft.seen, &draft.said, draft.kept],
    )
    .await?;
    tx.run(
        "DELETE FROM keying_draft WHERE person = $1 AND document NOT IN (
            SELECT document FROM keying_draft WHERE person = $1
            ORDER BY kept DESC, document DESC LIMIT $2)",
        args![person, MOST],
    )
    .await?;
    Ok(())
}

/// Forgets the draft of a person of a paper.
///
/// # Errors
/// When the database refuses.
pub async fn forget(tx: &mut Tx, person: &str, document: DocumentId) -> Result<(), DbError> {
    let sql = "DELETE FROM keying_draft WHERE person = $1 AND document = $2";
    tx.run(sql, args![person, document.0]).await?;
    Ok(())
}
