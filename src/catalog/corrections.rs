//! What people read on pages: which blob says it, of which page, by whom. The text
//! itself is in the store alone.

use serde::Serialize;
use sqlx::FromRow;

use crate::args;
use crate::db::{DbError, Tx};
use crate::model::act::{Act, Body, LogEntry};
use crate::model::id::{Digest, DocumentId, EntryNo};

use super::apply::{ApplyError, Refusal};
use super::{documents, feed};

/// A correction of a page.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize)]
pub struct CorrectionRow {
    /// The entry that made it.
    pub entry: i64,
    /// Whose page it is. The same bytes elsewhere are another paper: what is said of
    /// one is not said of the other.
    pub document: i64,
    /// The file the page is of.
    pub sha256: String,
    /// The page of that file, from 1.
    pub page: i64,
    /// The blob that has the text.
    pub correction: String,
    /// When, RFC 3339.
    pub time: String,
    /// Who.
    pub author: String,
}

/// The corrections of the pages of a file of a document that hold, one a page at most,
/// by page.
///
/// # Errors
/// When the database refuses.
pub async fn of_file(
    tx: &mut Tx,
    document: DocumentId,
    file: Digest,
) -> Result<Vec<CorrectionRow>, DbError> {
    tx.all(
        "SELECT * FROM correction WHERE document = $1 AND sha256 = $2 AND entry IN
            (SELECT MAX(entry) FROM correction WHERE document = $1 AND sha256 = $2 GROUP BY page)
         ORDER BY page",
        args![document.0, file.to_string()],
    )
    .await
}

/// The correction of a page that holds; none when nobody has looked at it.
///
/// # Errors
/// When the database refuses.
pub async fn of_page(
    tx: &mut Tx,
    document: DocumentId,
    file: Digest,
    page: u32,
) -> Result<Option<CorrectionRow>, DbError> {
    tx.one(
        "SELECT * FROM correction WHERE document = $1 AND sha256 = $2 AND page = $3
         ORDER BY entry DESC LIMIT 1",
        args![document.0, file.to_string(), page],
    )
    .await
}

/// The pages of a document became those of another.
pub(super) async fn join(
    tx: &mut Tx,
    document: DocumentId,
    into: DocumentId,
) -> Result<(), DbError> {
    tx.run("UPDATE correction SET document = $1 WHERE document = $2", args![into.0, document.0])
        .await?;
    Ok(())
}

/// A page was corrected: it is the one that the person saw, or the act is refused.
pub(super) async fn apply(tx: &mut Tx, entry: &LogEntry, body: &Body) -> Result<(), ApplyError> {
    let Act::CorrectText { document, file, page, correction, previous, .. } = &body.act else {
        return Ok(());
    };
    let files = documents::files(tx, *document).await?;
    let name = file.to_string();
    let pages = files.iter().find(|one| one.sha256 == name).map_or(0, |one| one.pages);
    if !(1..=pages).contains(&i64::from(*page)) {
        return Err(Refusal::NoPage { document: *document, page: *page }.into());
    }
    let now: Option<EntryNo> = of_page(tx, *document, *file, *page).await?.map(|row| row.entry);
    if now != *previous {
        return Err(Refusal::CorrectedMeanwhile { document: *document, page: *page }.into());
    }
    tx.run(
        "INSERT INTO correction (entry, document, sha256, page, correction, time, author)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        args![
            entry.no,
            document.0,
            &name,
            *page,
            correction.to_string(),
            entry.time.to_string(),
            &body.actor.name
        ],
    )
    .await?;
    Ok(feed::touch(tx, *document).await?)
}
