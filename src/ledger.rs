//! 存证日志: acts numbered in SQL, in the transaction that applies them, and
//! published in order to the object store before that is committed.
//!
//! A batch under `log/entries/` is named by its first entry. It is the signed
//! checkpoint of the tree that ends with it, an empty line, the names of the
//! blobs with the bodies of its entries, and the entries as JSON lines: a line
//! without its line end is a leaf. Tiles and bundles are made from these lines
//! at leisure.

mod batch;
pub mod bodies;
pub mod looks;

use bytes::Bytes;

pub use self::batch::{Batch, Draft, Written, note_in, parse, text, write};
use crate::args;
use crate::db::{DbError, Tx};
use crate::model::canonical::CanonicalError;
use crate::model::id::{Digest, EntryNo};
use crate::tlog::{Frontier, TlogError};

/// Why the log cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
    /// A line is not a canonical entry.
    #[error("entry {no}: {cause}")]
    Malformed {
        /// Where.
        no: EntryNo,
        /// Why.
        cause: CanonicalError,
    },
    /// An entry has another number than its place.
    #[error("entry {found} stands where entry {expected} should be")]
    OutOfOrder {
        /// Its place.
        expected: EntryNo,
        /// Its number.
        found: EntryNo,
    },
    /// The batch that begins here has no checkpoint, or a wrong one.
    #[error("the batch of entry {no}: {cause}")]
    Checkpoint {
        /// Its first entry.
        no: EntryNo,
        /// Why.
        cause: TlogError,
    },
    /// The database holds no tree.
    #[error("the database holds no tree: {0}")]
    Tree(TlogError),
    /// An act cannot be written down.
    #[error("the act has no canonical form: {0}")]
    Unwritable(CanonicalError),
}

/// The tree over the entries of the database. Its row stays locked until the
/// transaction ends: nobody else records.
///
/// # Errors
/// When the database refuses, or holds no tree.
pub async fn lock(tx: &mut Tx) -> Result<Frontier, LedgerError> {
    tree(tx, "UPDATE tree SET size = size WHERE id = 0 RETURNING size, frontier").await
}

/// The tree over the entries of the database, as it is.
///
/// # Errors
/// When the database refuses, or holds no tree.
pub async fn current(tx: &mut Tx) -> Result<Frontier, LedgerError> {
    tree(tx, "SELECT size, frontier FROM tree WHERE id = 0").await
}

async fn tree(tx: &mut Tx, sql: &'static str) -> Result<Frontier, LedgerError> {
    let row: Option<(i64, String)> = tx.one(sql, args![]).await?;
    let (size, text) = row.unwrap_or_default();
    Frontier::parse(u64::try_from(size).unwrap_or(0), &text).map_err(LedgerError::Tree)
}

/// Keeps entries that follow each other as one batch: `tree` is the tree that
/// ends with them, `checkpoint` what was signed of it, `bodies` the blobs
/// with their bodies, `sha256` the digest of the batch as published. Of the bodies
/// the database has what may be read there: see [`crate::model::mask::body`].
///
/// # Errors
/// When the database refuses.
pub async fn append(
    tx: &mut Tx,
    batch: &[Written],
    tree: &Frontier,
    checkpoint: &str,
    bodies: &[Digest],
    sha256: Digest,
) -> Result<(), LedgerError> {
    let Some(first) = batch.first().map(|one| one.entry.no) else { return Ok(()) };
    let covered: Vec<String> = batch.iter().map(Written::covered).collect::<Result<_, _>>()?;
    let entries = batch.iter().zip(covered).map(|(one, text)| {
        let act = &one.body.act;
        (
            "INSERT INTO entry (no, batch, leaf, body_sha256, body, type, act, time, actor,
                                organisation, household, document)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
                .into(),
            args![
                one.entry.no,
                first,
                String::from_utf8_lossy(&one.leaf).into_owned(),
                one.entry.body.to_string(),
                text,
                one.entry.event_type.as_str(),
                act.name(),
                one.entry.time.to_string(),
                one.body.actor.name.as_str(),
                one.body.actor.organisation.as_str(),
                act.household().map(ToString::to_string),
                act.document(one.entry.no).map(|id| id.0),
            ]
            .to_vec(),
        )
    });
    let noted = (
        "INSERT INTO batch (first, count, sha256, checkpoint) VALUES ($1, $2, $3, $4)".into(),
        args![first, batch.len(), sha256.to_string(), checkpoint].to_vec(),
    );
    let grown = (
        "UPDATE tree SET size = $1, frontier = $2 WHERE id = 0".into(),
        args![tree.size(), tree.to_text()].to_vec(),
    );
    let held = bodies.iter().map(|name| {
        (
            "INSERT INTO bodies (batch, sha256) VALUES ($1, $2)".into(),
            args![first, name.to_string()].to_vec(),
        )
    });
    Ok(tx.run_all(entries.chain(held).chain([noted, grown]).collect()).await?)
}

/// The checkpoint of the newest batch, and how large its tree is; none while
/// there is no entry.
///
/// # Errors
/// When the database refuses.
pub async fn newest(tx: &mut Tx) -> Result<Option<(u64, String)>, DbError> {
    let sql = "SELECT first + count, checkpoint FROM batch ORDER BY first DESC LIMIT 1";
    let row: Option<(i64, String)> = tx.one(sql, args![]).await?;
    Ok(row.map(|(size, checkpoint)| (u64::try_from(size).unwrap_or(0), checkpoint)))
}

/// The bytes of the batch that begins with entry `first`, made again from the
/// database, when they are those that were published; else none.
///
/// # Errors
/// When the database refuses.
pub async fn batch_again(tx: &mut Tx, first: EntryNo) -> Result<Option<Bytes>, DbError> {
    let sql = "SELECT count, sha256, checkpoint FROM batch WHERE first = $1";
    let Some((count, sha256, checkpoint)) =
        tx.one::<(i64, String, String)>(sql, args![first]).await?
    else {
        return Ok(None);
    };
    let sql = "SELECT leaf FROM entry WHERE no >= $1 AND no < $2 ORDER BY no";
    let rows: Vec<(String,)> = tx.all(sql, args![first, first.saturating_add(count)]).await?;
    let sql = "SELECT sha256 FROM bodies WHERE batch = $1 ORDER BY sha256";
    let names: Vec<(String,)> = tx.all(sql, args![first]).await?;
    let names: Option<Vec<Digest>> = names.iter().map(|(name,)| name.parse().ok()).collect();
    let Some(names) = names else { return Ok(None) };
    let again = text(&checkpoint, &names, rows.iter().map(|(leaf,)| leaf.as_bytes()));
    Ok(Some(again).filter(|text| Digest::of(text).to_string() == sha256))
}

/// The checkpoint that was signed over the tree of `size` entries, if a batch
/// ends there.
///
/// # Errors
/// When the database refuses.
pub async fn checkpoint_of(tx: &mut Tx, size: u64) -> Result<Option<String>, DbError> {
    let newest = newest_within(tx, size).await?;
    Ok(newest.filter(|(end, _)| *end == size).map(|(_, checkpoint)| checkpoint))
}

/// As [`newest`], of the tree that ends at `size` or before.
///
/// # Errors
/// When the database refuses.
pub async fn newest_within(tx: &mut Tx, size: u64) -> Result<Option<(u64, String)>, DbError> {
    let sql = "SELECT first + count, checkpoint FROM batch WHERE first + count <= $1
               ORDER BY first DESC LIMIT 1";
    let row: Option<(i64, String)> = tx.one(sql, args![size]).await?;
    Ok(row.map(|(size, checkpoint)| (u64::try_from(size).unwrap_or(0), checkpoint)))
}

/// How many batches there are.
///
/// # Errors
/// When the database refuses.
pub async fn count_batches(tx: &mut Tx) -> Result<i64, DbError> {
    tx.number("SELECT COUNT(*) FROM batch", args![]).await
}

/// The batch at `place`, from 0: its first entry, and the digest of its lines.
///
/// # Errors
/// When the database refuses.
pub async fn batch_at(tx: &mut Tx, place: i64) -> Result<Option<(EntryNo, String)>, DbError> {
    let sql = "SELECT first, sha256 FROM batch ORDER BY first LIMIT 1 OFFSET $1";
    tx.one(sql, args![place]).await
}

/// The first entry of the batch that has entry `no`; none when no batch has.
///
/// # Errors
/// When the database refuses.
pub async fn batch_of(tx: &mut Tx, no: EntryNo) -> Result<Option<EntryNo>, DbError> {
    let sql = "SELECT first FROM batch WHERE first <= $1 AND first + count > $1
               ORDER BY first DESC LIMIT 1";
    Ok(tx.one::<(EntryNo,)>(sql, args![no]).await?.map(|(first,)| first))
}

/// The batches from entry `from` on, at most `limit`: the first entry of each,
/// how many it has, and the digest of the batch as published.
///
/// # Errors
/// When the database refuses.
pub async fn batches_from(
    tx: &mut Tx,
    from: EntryNo,
    limit: u32,
) -> Result<Vec<(EntryNo, i64, String)>, DbError> {
    let sql = "SELECT first, count, sha256 FROM batch WHERE first >= $1 ORDER BY first LIMIT $2";
    tx.all(sql, args![from, limit]).await
}

/// The entries from number `from` on, before `end`, at most `limit`: their
/// exact bytes.
///
/// # Errors
/// When the database refuses.
pub async fn leaves(tx: &mut Tx, from: u64, end: u64, limit: u32) -> Result<Vec<String>, DbError> {
    let sql = "SELECT leaf FROM entry WHERE no >= $1 AND no < $2 ORDER BY no LIMIT $3";
    let rows: Vec<(String,)> = tx.all(sql, args![from, end, limit]).await?;
    Ok(rows.into_iter().map(|(leaf,)| leaf).collect())
}

/// The newest batches that begin before entry `before`, at most `limit`, newest
/// first: the first entry of each and the digest of its lines.
///
/// # Errors
/// When the database refuses.
pub async fn last_batches(
    tx: &mut Tx,
    before: EntryNo,
    limit: u32,
) -> Result<Vec<(EntryNo, String)>, DbError> {
    let sql = "SELECT first, sha256 FROM batch WHERE first < $1 ORDER BY first DESC LIMIT $2";
    tx.all(sql, args![before, limit]).await
}
