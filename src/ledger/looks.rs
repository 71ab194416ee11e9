//! The access log in SQL: the same batches and the same tree as the log of the
//! records, over looks. A look waits in its row until it gets a number.

use bytes::Bytes;
use jiff::Timestamp;

use super::{LedgerError, bodies};
use crate::args;
use crate::db::{DbError, Statement, Tx};
use crate::model::act::{FORMAT, LogEntry};
use crate::model::canonical;
use crate::model::id::{Digest, EntryNo};
use crate::model::look::{EVENT_TYPE, LookBody};
use crate::model::mask;
use crate::tlog::Frontier;

/// How a row of a look is made; what is done with one that is there is said behind
/// it.
macro_rules! inserting {
    () => {
        "INSERT INTO look (sha256, no, leaf, body, at, person, organisation, kind, outcome,
                           household, document)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         ON CONFLICT (sha256) DO "
    };
}

/// A look as it is written: its entry, and the exact bytes of entry and body.
#[derive(Debug, Clone)]
pub struct Noted {
    /// The entry.
    pub entry: LogEntry,
    /// The canonical bytes of the entry: the leaf.
    pub leaf: Vec<u8>,
    /// The canonical bytes of the body.
    pub body_bytes: Bytes,
}

/// The entry with number `no` for a look noted at `time`, whose body has these
/// bytes. It names no file, so nothing in it tells whose papers were seen.
///
/// # Errors
/// When it has no canonical form.
pub fn write(no: EntryNo, time: Timestamp, body_bytes: Bytes) -> Result<Noted, LedgerError> {
    let entry = LogEntry {
        v: FORMAT,
        no,
        event_type: EVENT_TYPE.to_owned(),
        time,
        body: Digest::of(&body_bytes),
        objects: Vec::new(),
        volumes: Vec::new(),
    };
    let leaf = canonical::to_bytes(&entry).map_err(LedgerError::Unwritable)?;
    Ok(Noted { entry, leaf, body_bytes })
}

/// The canonical JSON of the body of a look.
///
/// # Errors
/// When it has none.
pub fn body(body: &LookBody) -> Result<String, LedgerError> {
    let bytes = canonical::to_bytes(body).map_err(LedgerError::Unwritable)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The statement that keeps a look which waits to be published, by the canonical
/// JSON of its body; one that is kept already stays as it is, since it may have been
/// published meanwhile.
///
/// # Errors
/// When that is no body.
pub fn waiting(time: Timestamp, text: &str) -> Result<Statement, LedgerError> {
    let body: LookBody = canonical::from_bytes(text.as_bytes()).map_err(LedgerError::Unwritable)?;
    let sha256 = Digest::of(text.as_bytes());
    let (_, args) = keeping(None, time, "", (sha256, text.as_bytes()), &body);
    Ok((concat!(inserting!(), "NOTHING").into(), args))
}

/// The statement that keeps a look which was published: of its body what may be
/// read in the database, since programs of before wrote down what was asked for as
/// it was.
fn published(one: &Noted, body: LookBody) -> Result<Statement, LedgerError> {
    let leaf = String::from_utf8_lossy(&one.leaf);
    let covered = mask::look_body(body);
    let bytes = canonical::to_bytes(&covered).map_err(LedgerError::Unwritable)?;
    Ok(keeping(Some(one.entry.no), one.entry.time, &leaf, (one.entry.body, &bytes), &covered))
}

fn keeping(
    no: Option<EntryNo>,
    time: Timestamp,
    leaf: &str,
    (sha256, bytes): (Digest, &[u8]),
    LookBody { actor, look, .. }: &LookBody,
) -> Statement {
    (
        concat!(
            inserting!(),
            "UPDATE SET no = excluded.no, leaf = excluded.leaf, body = excluded.body"
        )
        .into(),
        args![
            sha256.to_string(),
            no,
            leaf,
            String::from_utf8_lossy(bytes).into_owned(),
            time.as_microsecond(),
            actor.name.as_str(),
            actor.organisation.as_str(),
            look.kind.as_str(),
            look.outcome.as_str(),
            look.household.as_ref().map(ToString::to_string),
            look.document.map(|id| id.0),
        ]
        .to_vec(),
    )
}

/// The tree of the access log. Its row stays locked until the transaction ends:
/// nobody else publishes looks.
///
/// # Errors
/// When the database refuses, or holds no tree.
pub async fn lock(tx: &mut Tx) -> Result<Frontier, LedgerError> {
    super::tree(tx, "UPDATE look_tree SET size = size WHERE id = 0 RETURNING size, frontier").await
}

/// The tree of the access log, as it is.
///
/// # Errors
/// When the database refuses, or holds no tree.
pub async fn current(tx: &mut Tx) -> Result<Frontier, LedgerError> {
    super::tree(tx, "SELECT size, frontier FROM look_tree WHERE id = 0").await
}

/// The looks that wait, oldest first, at most `limit`: the bytes of the body of
/// each, and when it was, in microseconds.
///
/// # Errors
/// When the database refuses.
pub async fn next(tx: &mut Tx, limit: usize) -> Result<Vec<(String, i64)>, DbError> {
    let sql = "SELECT body, at FROM look WHERE no IS NULL ORDER BY at, sha256 LIMIT $1";
    tx.all(sql, args![limit]).await
}

/// How many looks wait.
///
/// # Errors
/// When the database refuses.
pub async fn count_waiting(tx: &mut Tx) -> Result<i64, DbError> {
    tx.number("SELECT COUNT(*) FROM look WHERE no IS NULL", args![]).await
}

/// Keeps looks that follow each other as one batch: `tree` is the tree that ends
/// with them, `checkpoint` what was signed of it, `sha256` the digest of the
/// batch as published.
///
/// # Errors
/// When the database refuses, or a body is not one.
pub async fn append(
    tx: &mut Tx,
    batch: &[Noted],
    tree: &Frontier,
    checkpoint: &str,
    sha256: Digest,
) -> Result<(), LedgerError> {
    let Some(first) = batch.first().map(|one| one.entry.no) else { return Ok(()) };
    let mut statements = Vec::with_capacity(batch.len() + 2);
    for one in batch {
        let body: LookBody = canonical::from_bytes(&one.body_bytes)
            .map_err(|cause| LedgerError::Malformed { no: one.entry.no, cause })?;
        statements.push(published(one, body)?);
    }
    statements.push((
        "INSERT INTO look_batch (first, count, sha256, checkpoint) VALUES ($1, $2, $3, $4)".into(),
        args![first, batch.len(), sha256.to_string(), checkpoint].to_vec(),
    ));
    statements.push((
        "UPDATE look_tree SET size = $1, frontier = $2 WHERE id = 0".into(),
        args![tree.size(), tree.to_text()].to_vec(),
    ));
    Ok(tx.run_all(statements).await?)
}

/// The checkpoint of the newest batch of the tree that ends at `size` or before,
/// and how large its tree is; none while there is none.
///
/// # Errors
/// When the database refuses.
pub async fn newest_within(tx: &mut Tx, size: u64) -> Result<Option<(u64, String)>, DbError> {
    let sql = "SELECT first + count, checkpoint FROM look_batch WHERE first + count <= $1
               ORDER BY first DESC LIMIT 1";
    let row: Option<(i64, String)> = tx.one(sql, args![size]).await?;
    Ok(row.map(|(size, checkpoint)| (u64::try_from(size).unwrap_or(0), checkpoint)))
}

/// The looks from number `from` on, before `end`, at most `limit`: the exact
/// bytes of their entries.
///
/// # Errors
/// When the database refuses.
pub async fn leaves(tx: &mut Tx, from: u64, end: u64, limit: u32) -> Result<Vec<String>, DbError> {
    let sql = "SELECT leaf FROM look WHERE no >= $1 AND no < $2 ORDER BY no LIMIT $3";
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
    let sql = "SELECT first, sha256 FROM look_batch WHERE first < $1 ORDER BY first DESC LIMIT $2";
    tx.all(sql, args![before, limit]).await
}

/// As [`super::batch_of`], of the access log.
///
/// # Errors
/// When the database refuses.
pub async fn batch_of(tx: &mut Tx, no: EntryNo) -> Result<Option<EntryNo>, DbError> {
    let sql = "SELECT first FROM look_batch WHERE first <= $1 AND first + count > $1
               ORDER BY first DESC LIMIT 1";
    Ok(tx.one::<(EntryNo,)>(sql, args![no]).await?.map(|(first,)| first))
}

/// The digest of the batch that begins with entry `first`, as it was published;
/// none when the database has no such batch.
///
/// # Errors
/// When the database refuses.
pub async fn batch_digest(tx: &mut Tx, first: EntryNo) -> Result<Option<String>, DbError> {
    let sql = "SELECT sha256 FROM look_batch WHERE first = $1";
    Ok(tx.one::<(String,)>(sql, args![first]).await?.map(|(sha256,)| sha256))
}

/// The bodies of the batch that begins with entry `first` as the blobs they were
/// published in; empty when the database has no such batch.
///
/// # Errors
/// When the database refuses.
pub async fn blobs_again(tx: &mut Tx, first: EntryNo) -> Result<Vec<Bytes>, DbError> {
    let sql = "SELECT count FROM look_batch WHERE first = $1";
    let count = tx.number(sql, args![first]).await?;
    let sql = "SELECT body FROM look WHERE no >= $1 AND no < $2 ORDER BY no";
    let rows: Vec<(String,)> = tx.all(sql, args![first, first.saturating_add(count)]).await?;
    let all: Vec<Bytes> = rows.into_iter().map(|(body,)| body.into()).collect();
    Ok(bodies::together(&all).into_iter().map(|(blob, _)| blob).collect())
}

/// The bytes of the batch that begins with entry `first`, as it was published,
/// from what the database has; none when that does not make it again.
///
/// # Errors
/// When the database refuses.
pub async fn batch_again(tx: &mut Tx, first: EntryNo) -> Result<Option<Bytes>, DbError> {
    let sql = "SELECT count, sha256, checkpoint FROM look_batch WHERE first = $1";
    let found: Option<(i64, String, String)> = tx.one(sql, args![first]).await?;
    let Some((count, sha256, checkpoint)) = found else { return Ok(None) };
    let sql = "SELECT leaf FROM look WHERE no >= $1 AND no < $2 ORDER BY no";
    let rows: Vec<(String,)> = tx.all(sql, args![first, first.saturating_add(count)]).await?;
    let blobs = blobs_again(tx, first).await?;
    let mut names: Vec<Digest> = blobs.iter().map(|blob| Digest::of(blob)).collect();
    names.sort_unstable();
    let again = super::text(&checkpoint, &names, rows.iter().map(|(leaf,)| leaf.as_bytes()));
    Ok(Some(again).filter(|text| Digest::of(text).to_string() == sha256))
}
