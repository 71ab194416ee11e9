//! Documents and their files.

use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;

use crate::args;
use crate::db::{Db, DbError, Tx};
use crate::model::access::Scope;
use crate::model::document::{Description, State, StoredFile};
use crate::model::id::{Digest, DocumentId, EntryNo, HouseholdNo};
use crate::model::propose::Proposal;

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

/// Whether any document, live or not, has a file with these bytes.
///
/// # Errors
/// When the database refuses.
pub async fn any_with_blob(db: &Db, sha256: Digest) -> Result<bool, DbError> {
    db.has("SELECT 1 FROM document_file WHERE sha256 = $1 LIMIT 1", args![sha256.to_string()]).await
}

/// The live documents that have a file with these bytes, by number.
///
/// # Errors
/// When the database refuses.
pub async fn with_blob(tx: &mut Tx, sha256: Digest) -> Result<Vec<Document>, DbError> {
    tx.all(
        "SELECT * FROM document WHERE id IN (SELECT document FROM document_file WHERE sha256 = $1)
            AND state IN ('waiting', 'undescribed', 'filed') ORDER BY id",
        args![sha256.to_string()],
    )
    .await
}

/// The live documents of the scope that have these bytes, at most `limit`; while they are
/// read for the first time for some, only those: it is not told to those for whom they were
/// read before.
///
/// # Errors
/// When the database refuses.
pub async fn that_wait(
    tx: &mut Tx,
    scope: &Scope,
    sha256: Digest,
    limit: u32,
) -> Result<Vec<Document>, DbError> {
    let mut found: Vec<Document> = tx
        .all(
            "SELECT d.* FROM document d JOIN document_file f ON f.document = d.id
         WHERE f.sha256 = $1 AND d.organisation LIKE $2
           AND d.state IN ('waiting', 'undescribed', 'filed')
           AND (f.was_read = 0 OR NOT EXISTS (
               SELECT 1 FROM document_file g WHERE g.sha256 = $1 AND g.was_read = 0))
         ORDER BY d.id LIMIT $3",
            args![sha256.to_string(), format!("{}%", scope.prefix()), limit],
        )
        .await?;
    // A paper may have the same file twice.
    found.dedup_by_key(|one| one.id);
    Ok(found)
}

/// Whether any document, live or not, in the scope has a file with these bytes.
///
/// # Errors
/// When the database refuses.
pub async fn holds_blob(tx: &mut Tx, scope: &Scope, sha256: Digest) -> Result<bool, DbError> {
    let found = tx
        .number(
            "SELECT COUNT(*) FROM document
             WHERE id IN (SELECT document FROM document_file WHERE sha256 = $1)
               AND organisation LIKE $2",
            args![sha256.to_string(), format!("{}%", scope.prefix())],
        )
        .await?;
    Ok(found > 0)
}

/// Whether these bytes were read for one organisation, and are now to be read for another that has no part in it.
///
/// # Errors
/// When the database refuses.
pub async fn is_read_elsewhere(tx: &mut Tx, sha256: Digest) -> Result<bool, DbError> {
    let found = tx
        .number(
            "SELECT COUNT(*) FROM document_file f JOIN document d ON d.id = f.document
             WHERE f.sha256 = $1 AND f.was_read = 0
               AND NOT EXISTS (SELECT 1 FROM document_file g JOIN document e ON e.id = g.document
                               WHERE g.sha256 = $1 AND g.was_read = 1
                                 AND e.organisation = d.organisation)
               AND EXISTS (SELECT 1 FROM document_file g WHERE g.sha256 = $1 AND g.was_read = 1)",
            args![sha256.to_string()],
        )
        .await?;
    Ok(found > 0)
}

/// Notes that these bytes were read, for every document that has them.
///
/// # Errors
/// When the database refuses.
pub async fn read_for_all(tx: &mut Tx, sha256: Digest) -> Result<(), DbError> {
    let sql = "UPDATE document_file SET was_read = 1 WHERE sha256 = $1 AND was_read = 0";
    tx.run(sql, args![sha256.to_string()]).await?;
    Ok(())
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

/// Every blob that the entries before `end` name and whose digest begins with
/// the byte `shard`, in order.
///
/// # Errors
/// When the database refuses or holds something else.
pub async fn blobs_in(tx: &mut Tx, shard: u8, end: EntryNo) -> Result<Vec<Digest>, DbError> {
    // After the last digit comes `g`.
    let above = shard.checked_add(1).map_or_else(|| "g".to_owned(), |next| format!("{next:02x}"));
    let rows: Vec<(String,)> = tx
        .all(
            "SELECT sha256 FROM blob WHERE sha256 >= $1 AND sha256 < $2 AND entry < $3
             UNION SELECT sha256 FROM bodies
             WHERE sha256 >= $1 AND sha256 < $2 AND batch < $3
             UNION SELECT body_sha256 FROM entry
             WHERE body_sha256 >= $1 AND body_sha256 < $2 AND no < $3
               AND NOT EXISTS (SELECT 1 FROM bodies WHERE bodies.batch = entry.batch)
             ORDER BY 1",
            args![format!("{shard:02x}"), above, end],
        )
        .await?;
    let digest = |name: String| name.parse().map_err(|_| DbError::Corrupt(name));
    rows.into_iter().map(|(name,)| digest(name)).collect()
}

/// The SM3 of the files of a shard that were taken in with one, by their names.
///
/// # Errors
/// When the database refuses or holds something else.
pub async fn sm3_in(tx: &mut Tx, shard: u8) -> Result<Vec<(Digest, Digest)>, DbError> {
    let above = shard.checked_add(1).map_or_else(|| "g".to_owned(), |next| format!("{next:02x}"));
    let rows: Vec<(String, String)> = tx
        .all(
            "SELECT DISTINCT sha256, sm3 FROM document_file
             WHERE sha256 >= $1 AND sha256 < $2 AND sm3 IS NOT NULL ORDER BY sha256, sm3",
            args![format!("{shard:02x}"), above],
        )
        .await?;
    let digest = |name: String| name.parse().map_err(|_| DbError::Corrupt(name));
    rows.into_iter().map(|(sha256, sm3)| Ok((digest(sha256)?, digest(sm3)?))).collect()
}

/// How many blobs the catalog names.
///
/// # Errors
/// When the database refuses.
pub async fn count_blobs(tx: &mut Tx) -> Result<u64, DbError> {
    let count = tx
        .number(
            "SELECT (SELECT COUNT(*) FROM blob) + (SELECT COUNT(DISTINCT sha256) FROM bodies)
                  + CAST((SELECT COALESCE(SUM(count), 0) FROM batch
                          WHERE first NOT IN (SELECT batch FROM bodies)) AS BIGINT)",
            args![],
        )
        .await?;
    Ok(u64::try_from(count).unwrap_or(0))
}

/// Every document that has a file with these bytes, live or not.
///
/// # Errors
/// When the database refuses.
pub async fn all_with_blob(tx: &mut Tx, sha256: Digest) -> Result<Vec<Document>, DbError> {
    tx.all(
        "SELECT * FROM document WHERE id IN (SELECT document FROM document_file WHERE sha256 = $1)
         ORDER BY id",
        args![sha256.to_string()],
    )
    .await
}

/// The household of which a blob is a manifest, or none.
///
/// # Errors
/// When the database refuses.
pub async fn household_of_manifest(tx: &mut Tx, sha256: Digest) -> Result<Option<String>, DbError> {
    let found: Option<(String,)> = tx
        .one("SELECT household FROM volume WHERE manifest = $1", args![sha256.to_string()])
        .await?;
    Ok(found.map(|(household,)| household))
}

/// Whether the catalog names this blob.
///
/// # Errors
/// When the database refuses.
pub async fn names_blob(tx: &mut Tx, sha256: Digest) -> Result<bool, DbError> {
    let found = tx
        .number(
            "SELECT (SELECT COUNT(*) FROM blob WHERE sha256 = $1)
                  + (SELECT COUNT(*) FROM bodies WHERE sha256 = $1)
                  + (SELECT COUNT(*) FROM entry WHERE body_sha256 = $1)",
            args![sha256.to_string()],
        )
        .await?;
    Ok(found > 0)
}

/// The media type under which a blob is kept, or none when it is not named.
///
/// # Errors
/// When the database refuses.
pub async fn kind_of(tx: &mut Tx, sha256: Digest) -> Result<Option<String>, DbError> {
    let found: Option<(String,)> =
        tx.one("SELECT mime FROM blob WHERE sha256 = $1", args![sha256.to_string()]).await?;
    Ok(found.map(|(mime,)| mime))
}

/// How a document is called before and after a person has described it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shown {
    /// 题名: confirmed, else read from the paper, else the name of the file.
    pub title: String,
    /// 件种: confirmed, else read from the paper, else empty.
    pub type_code: String,
    /// The name the first file came with.
    pub file: String,
}

/// How a document is called.
///
/// # Errors
/// When the database refuses.
pub async fn shown(tx: &mut Tx, document: &Document) -> Result<Shown, DbError> {
    let first = files(tx, document.id()).await?.into_iter().next();
    let file = first.as_ref().map(|file| file.name.clone()).unwrap_or_default();
    if document.described.is_some() {
        let (title, type_code) = (document.title.clone(), document.type_code.clone());
        return Ok(Shown { title, type_code, file });
    }
    let mut proposal = Proposal::default();
    if let Some(first) = first
        && let Some(row) = super::readings::of(tx, &first).await?
    {
        proposal = serde_json::from_str(&row.proposal).unwrap_or_default();
    }
    let title = if proposal.title.is_empty() { file.clone() } else { proposal.title };
    Ok(Shown { title, type_code: proposal.type_code, file })
}

/// The titles in the scope that begin with `typed`, the most frequent first, at
/// most `limit`; of very many that begin so, the first ones only.
///
/// # Errors
/// When the database refuses.
pub async fn titles_beginning(
    tx: &mut Tx,
    scope: &Scope,
    typed: &str,
    limit: u32,
) -> Result<Vec<String>, DbError> {
    let rows: Vec<(String,)> = tx
        .all(
            "SELECT title FROM (
                SELECT title, organisation FROM document WHERE title >= $1 AND title < $2
                ORDER BY title, organisation LIMIT 2000
             ) AS near WHERE organisation LIKE $3
             GROUP BY title ORDER BY COUNT(*) DESC, title LIMIT $4",
            args![typed, format!("{typed}\u{10ffff}"), format!("{}%", scope.prefix()), limit],
        )
        .await?;
    Ok(rows.into_iter().map(|(title,)| title).collect())
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
