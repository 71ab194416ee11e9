//! What reading a blob brought. Expendable: the text stands in the object
//! store as a derived thing, and can be made again from the blob.

use jiff::Timestamp;
use sqlx::FromRow;

use crate::args;
use crate::db::{DbError, Tx};
use crate::model::access::Scope;
use crate::model::id::Digest;

/// The summary of a reading.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct ReadingRow {
    /// Which blob.
    pub sha256: String,
    /// What read it.
    pub maker: String,
    /// How many pages it has.
    pub pages: i64,
    /// How many characters were read.
    pub characters: i64,
    /// How many pages could not be read.
    pub unread: i64,
    /// The mean confidence over all lines, in per mille.
    pub confidence: i64,
    /// The proposal as JSON.
    pub proposal: String,
}

/// Keeps the summary of a reading in place of an earlier one.
///
/// # Errors
/// When the database refuses.
pub async fn keep(tx: &mut Tx, row: &ReadingRow) -> Result<(), DbError> {
    tx.run(
        "INSERT INTO reading (sha256, maker, pages, characters, unread, confidence, proposal)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (sha256) DO UPDATE SET maker = excluded.maker, pages = excluded.pages,
            characters = excluded.characters, unread = excluded.unread,
            confidence = excluded.confidence, proposal = excluded.proposal",
        args![
            &row.sha256,
            &row.maker,
            row.pages,
            row.characters,
            row.unread,
            row.confidence,
            &row.proposal
        ],
    )
    .await?;
    Ok(())
}

/// Queues again the reading of every blob that has unread pages; returns how
/// many. A reader that finds it cannot do better leaves them as they are.
///
/// # Errors
/// When the database refuses.
pub async fn requeue_unread(tx: &mut Tx, now: Timestamp) -> Result<u64, DbError> {
    let unread: Vec<(String,)> =
        tx.all("SELECT sha256 FROM reading WHERE unread > 0 ORDER BY sha256", args![]).await?;
    for (sha256,) in &unread {
        let sha256 = sha256.parse().map_err(|e| DbError::Corrupt(format!("{e}")))?;
        let (sql, args) = super::jobs::queueing(sha256, now);
        tx.run(sql, &args).await?;
    }
    Ok(unread.len() as u64)
}

/// The reading of a blob, or none yet.
///
/// # Errors
/// When the database refuses.
pub async fn get(tx: &mut Tx, sha256: Digest) -> Result<Option<ReadingRow>, DbError> {
    tx.one("SELECT * FROM reading WHERE sha256 = $1", args![sha256.to_string()]).await
}

/// How many pages of live documents in the scope have not been read, or could
/// not be.
///
/// # Errors
/// When the database refuses.
pub async fn unread_pages(tx: &mut Tx, scope: &Scope) -> Result<i64, DbError> {
    tx.number(
        "SELECT CAST(SUM(CASE WHEN r.sha256 IS NULL THEN f.pages ELSE r.unread END) AS BIGINT)
         FROM document d JOIN document_file f ON f.document = d.id
              LEFT JOIN reading r ON r.sha256 = f.sha256
         WHERE d.state IN ('waiting', 'undescribed', 'filed') AND d.organisation LIKE $1",
        args![format!("{}%", scope.prefix())],
    )
    .await
}
