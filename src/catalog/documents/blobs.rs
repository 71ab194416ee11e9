//! The bytes behind documents: which documents have them, whether they were read, and which
//! there are.

use super::Document;
use crate::args;
use crate::db::{Db, DbError, Tx};
use crate::model::access::Scope;
use crate::model::id::{Digest, EntryNo};

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
         ORDER BY f.document LIMIT $3",
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
