//! What reading a blob brought. Expendable: the text stands in the object
//! store as a derived thing, and can be made again from the blob.

use jiff::Timestamp;
use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;

use crate::args;
use crate::catalog::documents::FileRow;
use crate::db::{DbError, Tx};
use crate::model::access::Scope;
use crate::model::id::DocumentId;

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
    /// The score of the worst page, in per mille.
    pub quality: i64,
    /// The proposal as JSON.
    pub proposal: String,
}

/// Keeps the summary of a reading in place of an earlier one, with its pages that
/// a person should look at: number from 1, and score in per mille.
///
/// # Errors
/// When the database refuses.
pub async fn keep(tx: &mut Tx, row: &ReadingRow, doubtful: &[(u32, u32)]) -> Result<(), DbError> {
    tx.run(
        "INSERT INTO reading
            (sha256, maker, pages, characters, unread, confidence, quality, proposal)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (sha256) DO UPDATE SET maker = excluded.maker, pages = excluded.pages,
            characters = excluded.characters, unread = excluded.unread,
            confidence = excluded.confidence, quality = excluded.quality,
            proposal = excluded.proposal",
        args![
            &row.sha256,
            &row.maker,
            row.pages,
            row.characters,
            row.unread,
            row.confidence,
            row.quality,
            &row.proposal
        ],
    )
    .await?;
    tx.run("DELETE FROM doubtful_page WHERE sha256 = $1", args![&row.sha256]).await?;
    for &(page, quality) in doubtful {
        tx.run(
            "INSERT INTO doubtful_page (sha256, page, quality) VALUES ($1, $2, $3)",
            args![&row.sha256, page, quality],
        )
        .await?;
    }
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
        tx.run_all(vec![super::jobs::queueing(sha256, now)]).await?;
    }
    Ok(unread.len() as u64)
}

/// Queues again, behind all other work, the reading of at most `limit` blobs that
/// something else than `maker` has read; returns how many. One whose job waits or
/// has failed is not counted.
///
/// # Errors
/// When the database refuses.
pub async fn requeue_outdated(
    tx: &mut Tx,
    maker: &str,
    now: Timestamp,
    limit: u32,
) -> Result<u64, DbError> {
    // Two ranges of the index by maker, where "is not" would look at every row.
    let outdated: Vec<(String,)> = tx
        .all(
            "SELECT sha256 FROM reading
             WHERE (maker < $1 OR maker > $1)
               AND NOT EXISTS (SELECT 1 FROM job WHERE job.key = 'read:' || reading.sha256)
             LIMIT $2",
            args![maker, limit],
        )
        .await?;
    for (sha256,) in &outdated {
        let sha256 = sha256.parse().map_err(|e| DbError::Corrupt(format!("{e}")))?;
        tx.run_all(vec![super::jobs::queueing_last(sha256, now)]).await?;
    }
    Ok(outdated.len() as u64)
}

/// The reading of a file of a document; none while it was not read for that.
///
/// # Errors
/// When the database refuses.
pub async fn of(tx: &mut Tx, file: &FileRow) -> Result<Option<ReadingRow>, DbError> {
    match file.was_read() {
        true => tx.one("SELECT * FROM reading WHERE sha256 = $1", args![&file.sha256]).await,
        false => Ok(None),
    }
}

/// A page that a person should look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, FromRow, Serialize, ToSchema)]
pub struct DoubtfulPage {
    /// How well it was read, in per mille.
    pub quality: i64,
    /// Whose page.
    pub document: i64,
    /// The page of the document, from 1.
    pub page: i64,
}

impl std::fmt::Display for DoubtfulPage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}-{}", self.quality, self.document, self.page)
    }
}

impl std::str::FromStr for DoubtfulPage {
    type Err = String;

    /// The page from its place in a list: `740-12-3`.
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is no place in a list of pages");
        let numbers: Result<Vec<i64>, _> = text.split('-').map(str::parse).collect();
        let [quality, document, page] =
            numbers.ok().and_then(|numbers| numbers.try_into().ok()).ok_or_else(wrong)?;
        Ok(Self { quality, document, page })
    }
}

/// The pages of live documents in the scope that scored less than `bar` per mille and
/// that nobody has looked at, the worst first, at most `limit` of those behind `after`. Never those above
/// [`DOUBTFUL`](crate::rendition::quality::DOUBTFUL), whatever the bar.
///
/// # Errors
/// When the database refuses.
pub async fn doubtful(
    tx: &mut Tx,
    scope: &Scope,
    bar: u32,
    after: Option<DoubtfulPage>,
    limit: u32,
) -> Result<Vec<DoubtfulPage>, DbError> {
    let after = after.unwrap_or(DoubtfulPage { quality: -1, document: 0, page: 0 });
    tx.all(
        "SELECT quality, document, page FROM (
            SELECT p.quality, d.id AS document,
                   p.page + CAST(COALESCE((SELECT SUM(b.pages) FROM document_file b
                       WHERE b.document = f.document AND b.place < f.place), 0) AS BIGINT) AS page
            FROM doubtful_page p JOIN document_file f ON f.sha256 = p.sha256
                 JOIN document d ON d.id = f.document
            WHERE d.state IN ('waiting', 'undescribed', 'filed') AND d.organisation LIKE $1
              AND f.was_read = 1 AND p.quality < $2 AND p.quality >= $3
              AND NOT EXISTS (SELECT 1 FROM correction c WHERE c.document = d.id
                              AND c.sha256 = p.sha256 AND c.page = p.page)) AS seen
         WHERE quality > $3 OR document > $4 OR (document = $4 AND page > $5)
         ORDER BY quality, document, page LIMIT $6",
        args![
            format!("{}%", scope.prefix()),
            bar,
            after.quality,
            after.document,
            after.page,
            limit
        ],
    )
    .await
}

/// How many pages of live documents in the scope a person should look at.
///
/// # Errors
/// When the database refuses.
pub async fn count_doubtful(tx: &mut Tx, scope: &Scope) -> Result<i64, DbError> {
    tx.number(
        // In this order: few pages are in doubt, and documents are many.
        "SELECT COUNT(*) FROM doubtful_page p CROSS JOIN document_file f CROSS JOIN document d
         WHERE f.sha256 = p.sha256 AND d.id = f.document
           AND d.state IN ('waiting', 'undescribed', 'filed') AND d.organisation LIKE $1
           AND f.was_read = 1
           AND NOT EXISTS (SELECT 1 FROM correction c WHERE c.document = d.id
                           AND c.sha256 = p.sha256 AND c.page = p.page)",
        args![format!("{}%", scope.prefix())],
    )
    .await
}

/// The score of the worst page of a document, in per mille, or none while nothing
/// of it has been read.
///
/// # Errors
/// When the database refuses.
pub async fn quality_of(tx: &mut Tx, document: DocumentId) -> Result<Option<i64>, DbError> {
    let (quality,): (Option<i64>,) = tx
        .one(
            "SELECT MIN(r.quality) FROM document_file f JOIN reading r ON r.sha256 = f.sha256
             WHERE f.document = $1 AND f.was_read = 1",
            args![document.0],
        )
        .await?
        .unwrap_or_default();
    Ok(quality)
}

/// How many pages of live documents in the scope nobody has tried to read yet, or can any more
/// since their keys were destroyed. Those that could not be read are among the
/// [doubtful](count_doubtful).
///
/// # Errors
/// When the database refuses.
pub async fn unread_pages(tx: &mut Tx, scope: &Scope) -> Result<i64, DbError> {
    tx.number(
        // What is not read yet has a job: of those there are few, and each asks for its papers.
        "SELECT CAST(SUM((
            SELECT SUM(f.pages) FROM document_file f CROSS JOIN document d
            WHERE f.sha256 = w.sha256 AND d.id = f.document
              AND d.state IN ('waiting', 'undescribed', 'filed') AND d.organisation LIKE $1
              AND (f.was_read = 0
                   OR NOT EXISTS (SELECT 1 FROM reading r WHERE r.sha256 = f.sha256))
         )) AS BIGINT)
         FROM (SELECT subject AS sha256 FROM job WHERE kind = 'read'
               UNION SELECT sha256 FROM destroyed) w",
        args![format!("{}%", scope.prefix())],
    )
    .await
}
