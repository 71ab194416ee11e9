//! Which keys the archive is encrypted with, and the blobs whose keys were
//! destroyed: what the log says of both.

use serde::Serialize;
use sqlx::FromRow;

use crate::args;
use crate::db::{DbError, Tx};
use crate::model::id::{Digest, DocumentId, EntryNo, HouseholdNo};

use super::apply::{ApplyError, Refusal};
use super::feed;

/// A blob that nobody can read any more.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize)]
pub struct Destroyed {
    /// Which.
    pub sha256: String,
    /// The entry that destroyed its key.
    pub entry: i64,
}

/// The name of the keys that the archive is encrypted with; none while it is
/// not.
///
/// # Errors
/// When the database refuses.
pub async fn keys(tx: &mut Tx) -> Result<Option<String>, DbError> {
    let found: Option<(String,)> =
        tx.one("SELECT value FROM setting WHERE key = 'volume_keys'", args![]).await?;
    Ok(found.map(|(name,)| name))
}

/// The archive is encrypted from now on.
pub(super) async fn begin(tx: &mut Tx, name: &str) -> Result<(), ApplyError> {
    if let Some(other) = keys(tx).await? {
        return Err(Refusal::EncryptedAlready(other).into());
    }
    tx.run("INSERT INTO setting (key, value) VALUES ('volume_keys', $1)", args![name]).await?;
    Ok(())
}

/// Every blob whose key was destroyed, by its name.
///
/// # Errors
/// When the database refuses.
pub async fn all(tx: &mut Tx) -> Result<Vec<Digest>, DbError> {
    let rows: Vec<(String,)> =
        tx.all("SELECT sha256 FROM destroyed ORDER BY sha256", args![]).await?;
    let digest = |name: String| name.parse().map_err(|_| DbError::Corrupt(name));
    rows.into_iter().map(|(name,)| digest(name)).collect()
}

/// How many blobs that is.
///
/// # Errors
/// When the database refuses.
pub async fn count(tx: &mut Tx) -> Result<i64, DbError> {
    tx.number("SELECT COUNT(*) FROM destroyed", args![]).await
}

/// The blobs of a shard whose keys were destroyed, each with the entry that did
/// it.
///
/// # Errors
/// When the database refuses.
pub async fn in_shard(tx: &mut Tx, shard: u8) -> Result<Vec<(Digest, EntryNo)>, DbError> {
    let above = shard.checked_add(1).map_or_else(|| "g".to_owned(), |next| format!("{next:02x}"));
    let rows: Vec<(String, i64)> = tx
        .all(
            "SELECT sha256, entry FROM destroyed WHERE sha256 >= $1 AND sha256 < $2",
            args![format!("{shard:02x}"), above],
        )
        .await?;
    let digest = |name: String| name.parse().map_err(|_| DbError::Corrupt(name));
    rows.into_iter().map(|(name, entry)| Ok((digest(name)?, entry))).collect()
}

/// The entry that destroyed the key of a blob; none when it was not.
///
/// # Errors
/// When the database refuses.
pub async fn by(tx: &mut Tx, sha256: Digest) -> Result<Option<EntryNo>, DbError> {
    let found: Option<(i64,)> =
        tx.one("SELECT entry FROM destroyed WHERE sha256 = $1", args![sha256.to_string()]).await?;
    Ok(found.map(|(entry,)| entry))
}

/// The bytes that only this household has: the files of its papers, what people read
/// on them and keyed from them, and the manifests of its volume; those that are destroyed already are left out.
///
/// # Errors
/// When the database refuses.
pub async fn objects_of(tx: &mut Tx, household: &HouseholdNo) -> Result<Vec<Digest>, DbError> {
    let rows: Vec<(String,)> = tx
        .all(
            "SELECT f.sha256 FROM document_file f JOIN document d ON d.id = f.document
             WHERE d.household = $1
             UNION SELECT manifest FROM volume WHERE household = $1
             UNION SELECT c.correction FROM correction c JOIN document d ON d.id = c.document
             WHERE d.household = $1
             UNION SELECT k.keyed FROM keyed k JOIN document d ON d.id = k.document
             WHERE d.household = $1
             ORDER BY 1",
            args![household.as_str()],
        )
        .await?;
    let mut objects = Vec::new();
    for (name,) in rows {
        let digest: Digest = name.parse().map_err(|_| DbError::Corrupt(name))?;
        if by(tx, digest).await?.is_none() && is_its_alone(tx, household, digest).await? {
            objects.push(digest);
        }
    }
    Ok(objects)
}

/// Whether a blob belongs to this household and to no living paper elsewhere. What
/// was read on a paper belongs to whom the paper does.
async fn is_its_alone(
    tx: &mut Tx,
    household: &HouseholdNo,
    object: Digest,
) -> Result<bool, DbError> {
    let (name, no) = (object.to_string(), household.as_str());
    let read: Option<(Option<String>,)> = tx
        .one(
            "SELECT d.household FROM correction c JOIN document d ON d.id = c.document
             WHERE c.correction = $1
             UNION SELECT d.household FROM keyed k JOIN document d ON d.id = k.document
             WHERE k.keyed = $1",
            args![&name],
        )
        .await?;
    if let Some((whose,)) = read {
        return Ok(whose.as_deref() == Some(no));
    }
    let its = tx
        .number(
            "SELECT (SELECT COUNT(*) FROM volume WHERE manifest = $1 AND household = $2)
                  + (SELECT COUNT(*) FROM document_file f JOIN document d ON d.id = f.document
                     WHERE f.sha256 = $1 AND d.household = $2)",
            args![&name, no],
        )
        .await?;
    let elsewhere = tx
        .number(
            "SELECT (SELECT COUNT(*) FROM volume WHERE manifest = $1 AND household <> $2)
                  + (SELECT COUNT(*) FROM document_file f JOIN document d ON d.id = f.document
                     WHERE f.sha256 = $1 AND (d.household IS NULL OR d.household <> $2)
                       AND d.state IN ('waiting', 'undescribed', 'filed'))",
            args![&name, no],
        )
        .await?;
    Ok(its > 0 && elsewhere == 0)
}

/// Whether a blob that is not destroyed has a name that begins like that of
/// `object`, so that both would be lost with one key. It does not happen
/// unless somebody made it so.
///
/// # Errors
/// When the database refuses.
pub async fn shares_its_key(tx: &mut Tx, object: Digest) -> Result<bool, DbError> {
    let name = object.to_string();
    let begins = format!("{}%", &name[..16]);
    let others = tx
        .number(
            "SELECT (SELECT COUNT(*) FROM blob WHERE sha256 LIKE $1 AND sha256 <> $2)
                  + (SELECT COUNT(*) FROM bodies WHERE sha256 LIKE $1)",
            args![begins, &name],
        )
        .await?;
    Ok(others > 0)
}

/// The keys of these blobs are destroyed: what was read from them is forgotten,
/// and the index looks at their papers again.
pub(super) async fn destroy(
    tx: &mut Tx,
    no: EntryNo,
    household: &HouseholdNo,
    objects: &[Digest],
) -> Result<(), ApplyError> {
    tx.run(
        "DELETE FROM keying_draft WHERE document IN (SELECT id FROM document WHERE household = $1)",
        args![household.as_str()],
    )
    .await?;
    for object in objects {
        if !is_its_alone(tx, household, *object).await? {
            return Err(Refusal::NotItsAlone(*object, household.clone()).into());
        }
        let name = object.to_string();
        tx.run(
            "INSERT INTO destroyed (sha256, entry) VALUES ($1, $2) ON CONFLICT (sha256) DO NOTHING",
            args![&name, no],
        )
        .await?;
        tx.run("DELETE FROM reading WHERE sha256 = $1", args![&name]).await?;
        tx.run("DELETE FROM doubtful_page WHERE sha256 = $1", args![&name]).await?;
        tx.run("DELETE FROM job WHERE subject = $1", args![&name]).await?;
        let holders: Vec<(i64,)> = tx
            .all(
                "SELECT DISTINCT document FROM document_file WHERE sha256 = $1 ORDER BY document",
                args![&name],
            )
            .await?;
        for (document,) in holders {
            feed::touch(tx, DocumentId(document)).await?;
        }
    }
    Ok(())
}
