//! The acts as the catalog remembers them, for timelines and provenance.

use sqlx::FromRow;

use crate::args;
use crate::db::{DbError, Tx};
use crate::model::act::Body;
use crate::model::id::{Digest, DocumentId, EntryNo, HouseholdNo};

/// An entry of the log with its body.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct EntryRow {
    /// Its number.
    pub no: i64,
    /// When.
    pub time: String,
    /// The canonical JSON of its body.
    pub body: String,
    /// The digest of that body.
    pub body_sha256: String,
}

impl EntryRow {
    /// The body as a value.
    ///
    /// # Errors
    /// When the column holds something else.
    pub fn body(&self) -> Result<Body, DbError> {
        serde_json::from_str(&self.body).map_err(|e| DbError::Corrupt(format!("body: {e}")))
    }
}

/// The last entry of act `$1`, by the index of acts: told that the act is one, PostgreSQL
/// would rather go through all entries from the end to the first of it.
macro_rules! last_of_act {
    () => {
        "WHERE act >= $1 AND act <= $1 ORDER BY act DESC, no DESC LIMIT 1"
    };
}

/// The numbers of the entries about household `$1`: each part is found by an index, which
/// one condition with an "or" is not on PostgreSQL.
macro_rules! about_household {
    () => {
        "(SELECT no FROM entry WHERE household = $1
          UNION SELECT entry FROM household_link WHERE target = $1
          UNION SELECT voided FROM household_link WHERE target = $1)"
    };
}

/// The acts about a household, newest first.
///
/// # Errors
/// When the database refuses.
pub async fn of_household(
    tx: &mut Tx,
    no: &HouseholdNo,
    limit: u32,
) -> Result<Vec<EntryRow>, DbError> {
    tx.all(
        concat!(
            "SELECT no, time, body, body_sha256 FROM entry WHERE no IN ",
            about_household!(),
            " ORDER BY no DESC LIMIT $2"
        ),
        args![no.as_str(), limit],
    )
    .await
}

/// When the newest entry was made; none in an empty log.
///
/// # Errors
/// When the database refuses.
pub async fn newest_time(tx: &mut Tx) -> Result<Option<jiff::Timestamp>, DbError> {
    let sql = "SELECT time FROM entry ORDER BY no DESC LIMIT 1";
    let found: Option<(String,)> = tx.one(sql, args![]).await?;
    Ok(found.and_then(|(time,)| time.parse().ok()))
}

/// How many acts are about a household.
///
/// # Errors
/// When the database refuses.
pub async fn count_of_household(tx: &mut Tx, no: &HouseholdNo) -> Result<i64, DbError> {
    let sql = concat!("SELECT COUNT(*) FROM entry WHERE no IN ", about_household!());
    tx.number(sql, args![no.as_str()]).await
}

/// The acts about a document, oldest first.
///
/// # Errors
/// When the database refuses.
pub async fn of_document(tx: &mut Tx, id: DocumentId) -> Result<Vec<EntryRow>, DbError> {
    tx.all(
        "SELECT no, time, body, body_sha256 FROM entry WHERE document = $1 ORDER BY no",
        args![id.0],
    )
    .await
}

/// The last acts, newest first.
///
/// # Errors
/// When the database refuses.
pub async fn last(tx: &mut Tx, limit: u32) -> Result<Vec<EntryRow>, DbError> {
    tx.all("SELECT no, time, body, body_sha256 FROM entry ORDER BY no DESC LIMIT $1", args![limit])
        .await
}

/// The acts before entry `no`, newest first, at most `limit`.
///
/// # Errors
/// When the database refuses.
pub async fn before(tx: &mut Tx, no: i64, limit: u32) -> Result<Vec<EntryRow>, DbError> {
    tx.all(
        "SELECT no, time, body, body_sha256 FROM entry WHERE no < $1 ORDER BY no DESC LIMIT $2",
        args![no, limit],
    )
    .await
}

/// The last act of that name, such as `check_fixity`, or none.
///
/// # Errors
/// When the database refuses.
pub async fn last_of(tx: &mut Tx, act: &str) -> Result<Option<EntryRow>, DbError> {
    tx.one(concat!("SELECT no, time, body, body_sha256 FROM entry ", last_of_act!()), args![act])
        .await
}

/// The first act of that name, such as `rotate_key`, exactly as it was written,
/// or none.
///
/// # Errors
/// When the database refuses.
pub async fn first_of(tx: &mut Tx, act: &str) -> Result<Option<Exact>, DbError> {
    tx.one("SELECT no, time, leaf, body FROM entry WHERE act = $1 ORDER BY no LIMIT 1", args![act])
        .await
}

/// The acts of that name after entry `no`, oldest first, at most `limit`.
///
/// # Errors
/// When the database refuses.
pub async fn after(tx: &mut Tx, act: &str, no: i64, limit: u32) -> Result<Vec<EntryRow>, DbError> {
    tx.all(
        "SELECT no, time, body, body_sha256 FROM entry WHERE act = $1 AND no > $2
         ORDER BY no LIMIT $3",
        args![act, no, limit],
    )
    .await
}

/// The acts of that name before entry `no`, newest first, at most `limit`.
///
/// # Errors
/// When the database refuses.
pub async fn before_of(
    tx: &mut Tx,
    act: &str,
    no: EntryNo,
    limit: u32,
) -> Result<Vec<EntryRow>, DbError> {
    // By the index of acts, as `last_of_act` has it.
    tx.all(
        "SELECT no, time, body, body_sha256 FROM entry
         WHERE act >= $1 AND act <= $1 AND no < $2 ORDER BY act DESC, no DESC LIMIT $3",
        args![act, no, limit],
    )
    .await
}

/// The act whose body is this blob, or none.
///
/// # Errors
/// When the database refuses.
pub async fn of_body(tx: &mut Tx, sha256: Digest) -> Result<Option<EntryRow>, DbError> {
    tx.one(
        "SELECT no, time, body, body_sha256 FROM entry WHERE body_sha256 = $1",
        args![sha256.to_string()],
    )
    .await
}

/// The bodies of the entries of which some have theirs together in this blob, in
/// the order of the entries.
///
/// # Errors
/// When the database refuses.
pub async fn bodies_in(tx: &mut Tx, sha256: Digest) -> Result<Vec<String>, DbError> {
    let rows: Vec<(String,)> = tx
        .all(
            "SELECT body FROM entry
             WHERE batch IN (SELECT batch FROM bodies WHERE sha256 = $1) ORDER BY no",
            args![sha256.to_string()],
        )
        .await?;
    Ok(rows.into_iter().map(|(body,)| body).collect())
}

/// The first and the last entry of which some have their bodies together in
/// this blob, or none.
///
/// # Errors
/// When the database refuses.
pub async fn of_bodies(tx: &mut Tx, sha256: Digest) -> Result<Option<(i64, i64)>, DbError> {
    let found: Option<(Option<i64>, Option<i64>)> = tx
        .one(
            "SELECT MIN(first), MAX(first + count - 1) FROM batch
             WHERE first IN (SELECT batch FROM bodies WHERE sha256 = $1)",
            args![sha256.to_string()],
        )
        .await?;
    Ok(found.and_then(|(first, last)| first.zip(last)))
}

/// An entry exactly as it was written.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Exact {
    /// Its number.
    pub no: i64,
    /// When.
    pub time: String,
    /// The canonical JSON of the entry: the leaf.
    pub leaf: String,
    /// The canonical JSON of its body.
    pub body: String,
}

/// The entry of that number.
///
/// # Errors
/// When the database refuses, or has none.
pub async fn exact(tx: &mut Tx, no: i64) -> Result<Exact, DbError> {
    let found = tx.one("SELECT no, time, leaf, body FROM entry WHERE no = $1", args![no]).await?;
    found.ok_or_else(|| DbError::Corrupt(format!("entry {no} is missing")))
}

/// The acts about a document before entry `no`, newest first, at most `limit`.
///
/// # Errors
/// When the database refuses.
pub async fn of_document_before(
    tx: &mut Tx,
    id: DocumentId,
    no: i64,
    limit: u32,
) -> Result<Vec<EntryRow>, DbError> {
    tx.all(
        "SELECT no, time, body, body_sha256 FROM entry WHERE document = $1 AND no < $2
         ORDER BY no DESC LIMIT $3",
        args![id.0, no, limit],
    )
    .await
}

/// The last time before entry `no` that a person said what a document is, or
/// none.
///
/// # Errors
/// When the database refuses.
pub async fn filed_before(
    tx: &mut Tx,
    id: DocumentId,
    no: i64,
) -> Result<Option<EntryRow>, DbError> {
    tx.one(
        "SELECT no, time, body, body_sha256 FROM entry
         WHERE document = $1 AND act = 'file_document' AND no < $2 ORDER BY no DESC LIMIT 1",
        args![id.0, no],
    )
    .await
}

/// When the last of the first `size` entries was recorded; empty when there is
/// none.
///
/// # Errors
/// When the database refuses.
pub async fn time_of(tx: &mut Tx, size: u64) -> Result<String, DbError> {
    let Some(last) = size.checked_sub(1) else { return Ok(String::new()) };
    let found: Option<(String,)> =
        tx.one("SELECT time FROM entry WHERE no = $1", args![last]).await?;
    Ok(found.map(|(time,)| time).unwrap_or_default())
}

/// The checkpoint that was signed over `size` entries, else the newest; none
/// while there is no entry.
///
/// # Errors
/// When the database refuses.
pub async fn checkpoint_over(tx: &mut Tx, size: Option<u64>) -> Result<Option<String>, DbError> {
    // Batches follow each other, so the one that ends there is the last that
    // begins before.
    let last = size.unwrap_or(0).saturating_sub(1);
    let found: Option<(String, i64)> = tx
        .one(
            "SELECT checkpoint, first + count FROM batch WHERE first <= $1
             ORDER BY first DESC LIMIT 1",
            args![last],
        )
        .await?;
    let ends = |end: i64| u64::try_from(end).ok() == size;
    if let Some((note, _)) = found.filter(|(_, end)| ends(*end)) {
        return Ok(Some(note));
    }
    let newest: Option<(String,)> =
        tx.one("SELECT checkpoint FROM batch ORDER BY first DESC LIMIT 1", args![]).await?;
    Ok(newest.map(|(note,)| note))
}

/// The number of the last entry of an act of that name; -1 before the first.
///
/// # Errors
/// When the database refuses.
pub async fn last_number_of(tx: &mut Tx, act: &str) -> Result<EntryNo, DbError> {
    let sql = concat!("SELECT no FROM entry ", last_of_act!());
    let found: Option<(EntryNo,)> = tx.one(sql, args![act]).await?;
    Ok(found.map_or(-1, |(no,)| no))
}

/// How many entries the log has.
///
/// # Errors
/// When the database refuses.
pub async fn count(tx: &mut Tx) -> Result<i64, DbError> {
    tx.number("SELECT COALESCE(MAX(no) + 1, 0) FROM entry", args![]).await
}
