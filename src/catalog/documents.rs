//! Documents and their files. The bytes behind them, and how they are called, stand in the
//! modules below.

mod blobs;
mod shown;

use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;

pub use self::blobs::{
    all_with_blob, any_with_blob, blobs_in, count_blobs, holds_blob, household_of_manifest,
    is_read_elsewhere, kind_of, names_blob, read_for_all, sm3_in, that_wait, with_blob,
};
pub use self::shown::{Shown, shown, titles_beginning};
use crate::args;
use crate::db::{DbError, Tx};
use crate::model::access::Scope;
use crate::model::document::{Description, State, StoredFile};
use crate::model::id::{Digest, DocumentId, EntryNo, HouseholdNo};

/// A document as the catalog knows it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, ToSchema)]
pub struct Document {
    /// The entry that accepted it.
    pub id: i64,
    /// Its [`State`] by name.
    pub state: String,
    /// 户号, when it has one.
    pub household: Option<String>,
    /// The organisation that keeps it.
    pub organisation: String,
    /// 件种, or empty.
    #[sqlx(rename = "type")]
    #[serde(rename = "type")]
    pub type_code: String,
    /// 题名, or empty.
    pub title: String,
    /// 责任者, or empty.
    pub responsible: String,
    /// 文号, or empty.
    pub document_no: String,
    /// 日期 as `2026-03-09`, or empty.
    pub date: String,
    /// 备注, or empty.
    pub remarks: String,
    /// How many pages its files have together.
    pub pages: i64,
    /// When it was taken in.
    pub accepted_at: String,
    /// By whom.
    pub accepted_by: String,
    /// The entry that says what it is, when a person did.
    pub described: Option<i64>,
    /// The document it was joined to.
    pub joined_into: Option<i64>,
    /// Why it was returned, or empty.
    pub reason: String,
    /// The entry that sent it back to be mended, while it has not been.
    pub sent_back: Option<i64>,
    /// Why, or empty.
    pub sent_reason: String,
}

impl Document {
    /// Its number.
    #[must_use]
    pub fn id(&self) -> DocumentId {
        DocumentId(self.id)
    }

    /// Where it stands.
    #[must_use]
    pub fn state(&self) -> State {
        State::parse(&self.state).unwrap_or(State::Returned)
    }

    /// What the catalog says of it.
    #[must_use]
    pub fn description(&self) -> Description {
        Description {
            type_code: self.type_code.clone(),
            title: self.title.clone(),
            responsible: self.responsible.clone(),
            document_no: self.document_no.clone(),
            date: self.date.parse().ok(),
            remarks: self.remarks.clone(),
        }
    }
}

/// A file of a document as a row.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, ToSchema)]
pub struct FileRow {
    /// Whose file.
    pub document: i64,
    /// From 1.
    pub place: i64,
    /// The digest of its bytes.
    pub sha256: String,
    /// The name it came with.
    pub name: String,
    /// Size in bytes.
    pub bytes: i64,
    /// Media type.
    pub mime: String,
    /// Number of pages.
    pub pages: i64,
    /// The SM3 of its bytes, where it was taken in with one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sm3: Option<String>,
    /// 1 when it was read for this document, else 0. Expendable: the end of a reading sets it.
    #[serde(skip)]
    pub was_read: i64,
}

impl FileRow {
    /// Whether it was read for this document. What other offices had read of the same bytes does not count:
    /// it would tell that they have them.
    #[must_use]
    pub fn was_read(&self) -> bool {
        self.was_read != 0
    }

    /// The digest of its bytes.
    ///
    /// # Errors
    /// When the column holds something else.
    pub fn digest(&self) -> Result<Digest, DbError> {
        self.sha256.parse().map_err(|e| DbError::Corrupt(format!("{e}")))
    }

    /// The file as the model knows it.
    ///
    /// # Errors
    /// When a column holds what cannot be.
    pub fn stored(&self) -> Result<StoredFile, DbError> {
        let number = |value: i64| {
            u32::try_from(value).map_err(|_| DbError::Corrupt(format!("{value} pages")))
        };
        Ok(StoredFile {
            sha256: self.digest()?,
            name: self.name.clone(),
            bytes: u64::try_from(self.bytes).unwrap_or(0),
            mime: self.mime.clone(),
            pages: number(self.pages)?,
            sm3: match &self.sm3 {
                Some(text) => Some(text.parse().map_err(|e| DbError::Corrupt(format!("{e}")))?),
                None => None,
            },
        })
    }
}

/// The document of that number if the scope covers it, else none.
///
/// # Errors
/// When the database refuses.
pub async fn get(tx: &mut Tx, scope: &Scope, id: DocumentId) -> Result<Option<Document>, DbError> {
    let found = any(tx, id).await?;
    Ok(found.filter(|document| scope.covers(&document.organisation)))
}

/// The document of that number, whoever asks: for the program's own work.
///
/// # Errors
/// When the database refuses.
pub async fn any(tx: &mut Tx, id: DocumentId) -> Result<Option<Document>, DbError> {
    tx.one("SELECT * FROM document WHERE id = $1", args![id.0]).await
}

/// The files of a document in order.
///
/// # Errors
/// When the database refuses.
pub async fn files(tx: &mut Tx, id: DocumentId) -> Result<Vec<FileRow>, DbError> {
    tx.all("SELECT * FROM document_file WHERE document = $1 ORDER BY place", args![id.0]).await
}

/// The live documents of a household, by number.
///
/// # Errors
/// When the database refuses.
pub async fn of_household(tx: &mut Tx, no: &HouseholdNo) -> Result<Vec<Document>, DbError> {
    tx.all(
        "SELECT * FROM document WHERE household = $1 AND state IN ('filed', 'undescribed')
         ORDER BY id",
        args![no.as_str()],
    )
    .await
}

/// The documents that wait for a person, oldest first: on the intake desk, or
/// given for a household and not described.
///
/// # Errors
/// When the database refuses.
pub async fn waiting(tx: &mut Tx, scope: &Scope, limit: u32) -> Result<Vec<Document>, DbError> {
    tx.all(
        "SELECT * FROM document WHERE state IN ('waiting', 'undescribed')
           AND organisation LIKE $1 ORDER BY id LIMIT $2",
        args![format!("{}%", scope.prefix()), limit],
    )
    .await
}

/// How many documents in the scope are in each state, by the state's name.
///
/// # Errors
/// When the database refuses.
pub async fn counts(tx: &mut Tx, scope: &Scope) -> Result<Vec<(String, i64, i64)>, DbError> {
    tx.all(
        "SELECT state, COUNT(*), CAST(SUM(pages) AS BIGINT) FROM document
         WHERE organisation LIKE $1 GROUP BY state ORDER BY state",
        args![format!("{}%", scope.prefix())],
    )
    .await
}

/// How many documents in the scope wait for a person.
///
/// # Errors
/// When the database refuses.
pub async fn count_waiting(tx: &mut Tx, scope: &Scope) -> Result<i64, DbError> {
    tx.number(
        "SELECT COUNT(*) FROM document
         WHERE state IN ('waiting', 'undescribed') AND organisation LIKE $1",
        args![format!("{}%", scope.prefix())],
    )
    .await
}

/// How many bytes the files of live documents in the scope have together.
///
/// # Errors
/// When the database refuses.
pub async fn bytes(tx: &mut Tx, scope: &Scope) -> Result<i64, DbError> {
    tx.number(
        "SELECT CAST(SUM(f.bytes) AS BIGINT) FROM document d JOIN document_file f
            ON f.document = d.id
         WHERE d.state IN ('waiting', 'undescribed', 'filed') AND d.organisation LIKE $1",
        args![format!("{}%", scope.prefix())],
    )
    .await
}

/// The documents that became part of this one.
///
/// # Errors
/// When the database refuses.
pub async fn joined_into(tx: &mut Tx, id: DocumentId) -> Result<Vec<DocumentId>, DbError> {
    let rows: Vec<(i64,)> =
        tx.all("SELECT id FROM document WHERE joined_into = $1 ORDER BY id", args![id.0]).await?;
    Ok(rows.into_iter().map(|(id,)| DocumentId(id)).collect())
}

/// Every live document, by number, for rebuilding the index.
///
/// # Errors
/// When the database refuses.
pub async fn live_after(
    tx: &mut Tx,
    after: DocumentId,
    limit: u32,
) -> Result<Vec<Document>, DbError> {
    tx.all(
        "SELECT * FROM document WHERE id > $1 AND state IN ('waiting', 'undescribed', 'filed')
         ORDER BY id LIMIT $2",
        args![after.0, limit],
    )
    .await
}

/// The number before which every live document was read once, or given up: what has a
/// greater one may still change what a search finds.
///
/// # Errors
/// When the database refuses.
pub async fn settled_until(tx: &mut Tx) -> Result<i64, DbError> {
    tx.number(
        "SELECT COALESCE(
            (SELECT MIN(f.document) - 1 FROM job j JOIN document_file f ON f.sha256 = j.subject
             WHERE j.kind = 'read' AND j.state <> 'failed' AND f.was_read = 0),
            (SELECT MAX(id) FROM document))",
        args![],
    )
    .await
}

/// Whether a document that is filed in a household's file now was there at entry
/// `at` of the log, with the files it has now: it was filed there by then, and
/// nothing was joined to it since. That what is said of it was corrected since does
/// not matter.
///
/// # Errors
/// When the database refuses.
pub async fn stood_in(
    tx: &mut Tx,
    id: DocumentId,
    household: &HouseholdNo,
    at: EntryNo,
) -> Result<bool, DbError> {
    let sql = "SELECT household FROM entry
               WHERE document = $1 AND act = 'file_document' AND no <= $2
               ORDER BY no DESC LIMIT 1";
    let filed: Option<(Option<String>,)> = tx.one(sql, args![id.0, at]).await?;
    if filed.and_then(|(no,)| no).as_deref() != Some(household.as_str()) {
        return Ok(false);
    }
    let sql = "SELECT COUNT(*) FROM document JOIN entry ON entry.document = document.id
               WHERE document.joined_into = $1 AND entry.act = 'join_document' AND entry.no > $2";
    Ok(tx.number(sql, args![id.0, at]).await? == 0)
}
