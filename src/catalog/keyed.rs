//! 录入: which blob has what people keyed from a paper, by whom. The values themselves
//! are in the store alone.

use serde::Serialize;
use sqlx::FromRow;

use super::apply::ApplyError;
use super::feed;
use crate::args;
use crate::db::{DbError, Tx};
use crate::model::act::LogEntry;
use crate::model::id::DocumentId;
use crate::model::keying::KeyFields;
use crate::model::living::LivingRule;

/// A version of the fields of a paper.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize)]
pub struct KeyedRow {
    /// The entry that made it.
    pub entry: i64,
    /// The paper.
    pub document: i64,
    /// The code of the form.
    pub form: String,
    /// The blob that has the values.
    pub keyed: String,
    /// When, RFC 3339.
    pub time: String,
    /// Who.
    pub author: String,
}

/// Fields were keyed: after the version that the person saw, or the act is refused.
pub(super) async fn apply(
    tx: &mut Tx,
    entry: &LogEntry,
    author: &str,
    said: &KeyFields,
) -> Result<(), ApplyError> {
    let before = last(tx, said.document).await?.map(|row| row.entry);
    if before != said.seen {
        return Err(LivingRule::KeyedMeanwhile(said.document).into());
    }
    tx.run(
        "INSERT INTO keyed (entry, document, form, keyed, time, author)
         VALUES ($1, $2, $3, $4, $5, $6)",
        args![
            entry.no,
            said.document.0,
            &said.form,
            said.keyed.to_string(),
            entry.time.to_string(),
            author,
        ],
    )
    .await?;
    Ok(feed::touch(tx, said.document).await?)
}

/// The pages of a document became those of another: what was keyed from them goes with
/// them, unless the other was keyed itself.
pub(super) async fn join(
    tx: &mut Tx,
    document: DocumentId,
    into: DocumentId,
) -> Result<(), DbError> {
    if last(tx, into).await?.is_none() {
        let sql = "UPDATE keyed SET document = $1 WHERE document = $2";
        tx.run(sql, args![into.0, document.0]).await?;
    }
    Ok(())
}

/// The newest version of the fields of a paper; none before the first.
///
/// # Errors
/// When the database refuses.
pub async fn last(tx: &mut Tx, document: DocumentId) -> Result<Option<KeyedRow>, DbError> {
    let sql = "SELECT * FROM keyed WHERE document = $1 ORDER BY entry DESC LIMIT 1";
    tx.one(sql, args![document.0]).await
}

/// The versions of the fields of a paper, newest first, at most `limit`.
///
/// # Errors
/// When the database refuses.
pub async fn versions(
    tx: &mut Tx,
    document: DocumentId,
    limit: u32,
) -> Result<Vec<KeyedRow>, DbError> {
    let sql = "SELECT * FROM keyed WHERE document = $1 ORDER BY entry DESC LIMIT $2";
    tx.all(sql, args![document.0, limit]).await
}
