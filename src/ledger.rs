//! 存证日志: acts numbered in SQL, in the transaction that applies them, and
//! published in order to the object store before that is committed.
//!
//! A batch under `log/entries/` is named by its first entry. It is the signed
//! checkpoint of the tree that ends with it, an empty line, the names of the
//! blobs with the bodies of its entries, and the entries as JSON lines: a line
//! without its line end is a leaf. Tiles and bundles are made from these lines
//! at leisure.

pub mod bodies;
pub mod looks;

use bytes::Bytes;
use jiff::Timestamp;

use crate::args;
use crate::db::{DbError, Tx};
use crate::model::act::{Body, FORMAT, Link, LogEntry};
use crate::model::canonical::{self, CanonicalError};
use crate::model::id::{Digest, EntryNo};
use crate::model::mask;
use crate::tlog::{Checkpoint, Frontier, TlogError};

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

/// An act as it is written: the entry and the exact bytes of entry and body.
#[derive(Debug, Clone)]
pub struct Written {
    /// The entry.
    pub entry: LogEntry,
    /// Its body.
    pub body: Body,
    /// The canonical bytes of the entry: the leaf.
    pub leaf: Vec<u8>,
    /// The canonical bytes of the body: a blob, or a line of one.
    pub body_bytes: Bytes,
}

impl Written {
    /// The body with the numbers of persons covered.
    fn covered(&self) -> Result<String, LedgerError> {
        let covered = mask::body(self.body.clone());
        let bytes = match covered == self.body {
            true => self.body_bytes.to_vec(),
            false => canonical::to_bytes(&covered).map_err(LedgerError::Unwritable)?,
        };
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}

/// An act written down before it has a number.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Its body.
    pub body: Body,
    /// The canonical bytes of the body.
    pub body_bytes: Bytes,
    /// Their digest, to which the entry commits.
    pub digest: Digest,
}

impl Draft {
    /// The act `body` written down.
    ///
    /// # Errors
    /// When the act has no canonical form.
    pub fn of(body: Body) -> Result<Self, LedgerError> {
        let bytes = canonical::to_bytes(&body).map_err(LedgerError::Unwritable)?;
        Ok(Self { body, digest: Digest::of(&bytes), body_bytes: bytes.into() })
    }
}

/// The entry with number `no` for an act done at `time`, with its place in the
/// histories of households' files.
///
/// # Errors
/// When the act has no canonical form.
pub fn write(
    no: EntryNo,
    time: Timestamp,
    volumes: Vec<Link>,
    draft: Draft,
) -> Result<Written, LedgerError> {
    let Draft { body, body_bytes, digest } = draft;
    let entry = LogEntry {
        v: FORMAT,
        no,
        event_type: body.act.event_type().to_owned(),
        time,
        body: digest,
        objects: body.act.objects(),
        volumes,
    };
    let leaf = canonical::to_bytes(&entry).map_err(LedgerError::Unwritable)?;
    Ok(Written { entry, body, leaf, body_bytes })
}

/// A batch as it is published.
#[derive(Debug, Clone)]
pub struct Batch {
    /// Its first entry.
    pub first: EntryNo,
    /// The signed checkpoint of the tree that ends with it.
    pub checkpoint: String,
    /// The blobs that hold the bodies of its entries. None in old archives: each
    /// body is a blob of its own there.
    pub bodies: Vec<Digest>,
    /// Its entries, each with its exact bytes.
    pub entries: Vec<(LogEntry, Vec<u8>)>,
}

/// What stands before the name of a blob with bodies.
const BODIES: &str = "bodies ";

/// The bytes of a batch; `bodies` names the blobs with the bodies of its
/// entries.
#[must_use]
pub fn text<'a>(
    checkpoint: &str,
    bodies: &[Digest],
    leaves: impl IntoIterator<Item = &'a [u8]>,
) -> Bytes {
    let mut text = checkpoint.as_bytes().to_vec();
    text.push(b'\n');
    for name in bodies {
        text.extend_from_slice(format!("{BODIES}{name}\n").as_bytes());
    }
    for leaf in leaves {
        text.extend_from_slice(leaf);
        text.push(b'\n');
    }
    text.into()
}

/// The batch in the bytes of the one whose first entry has number `first`.
///
/// # Errors
/// When there is no checkpoint, or a line is not a canonical entry or stands
/// out of order, or not all of the batch is there.
pub fn parse(first: EntryNo, bytes: &[u8]) -> Result<Batch, LedgerError> {
    let without = |reason| LedgerError::Checkpoint {
        no: first,
        cause: TlogError::Malformed { what: "batch", line: 1, reason },
    };
    let begin = bytes
        .windows(3)
        .position(|three| matches!(three, b"\n\n{" | b"\n\nb"))
        .ok_or_else(|| without("no entries after an empty line"))?;
    let (note, mut lines) = (&bytes[..=begin], &bytes[begin + 2..]);
    let mut named = Vec::new();
    while let Some(rest) = lines.strip_prefix(BODIES.as_bytes()) {
        let end = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
        let name = std::str::from_utf8(&rest[..end]).ok().and_then(|name| name.parse().ok());
        named.push(name.ok_or_else(|| without("bodies are not named by a digest"))?);
        lines = rest.get(end + 1..).unwrap_or_default();
    }
    let checkpoint =
        String::from_utf8(note.to_vec()).map_err(|_| without("the checkpoint is not UTF-8"))?;
    let size = Checkpoint::parse(&checkpoint)
        .map_err(|cause| LedgerError::Checkpoint { no: first, cause })?
        .size;
    let lines = lines.strip_suffix(b"\n").ok_or_else(|| without("the last line is cut off"))?;
    let mut entries = Vec::new();
    for (line, no) in lines.split(|byte| *byte == b'\n').zip(first..) {
        let entry: LogEntry =
            canonical::from_bytes(line).map_err(|cause| LedgerError::Malformed { no, cause })?;
        if entry.no != no {
            return Err(LedgerError::OutOfOrder { expected: no, found: entry.no });
        }
        entries.push((entry, line.to_vec()));
    }
    let end = u64::try_from(first).unwrap_or(0) + entries.len() as u64;
    if end != size {
        return Err(without("the checkpoint is not of the tree that ends here"));
    }
    Ok(Batch { first, checkpoint, bodies: named, entries })
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
/// the database has what may be read there: see [`mask::body`].
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

/// The newest batches, at most `limit`: the first entry of each and the digest
/// of its lines.
///
/// # Errors
/// When the database refuses.
pub async fn last_batches(tx: &mut Tx, limit: u32) -> Result<Vec<(EntryNo, String)>, DbError> {
    tx.all("SELECT first, sha256 FROM batch ORDER BY first DESC LIMIT $1", args![limit]).await
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::model::access::{Actor, Role};
    use crate::model::act::Act;
    use crate::tlog::LogKey;

    fn written(no: EntryNo, name: &str) -> Written {
        let code: crate::model::id::OrganisationCode = "990102003000".parse().unwrap();
        let actor = Actor::new("赵玉梅", code.clone(), Role::Clerk);
        let act = Act::RegisterOrganisation { code, name: name.into() };
        let draft = Draft::of(Body::new(actor, act)).unwrap();
        write(no, "2026-11-23T08:00:00Z".parse().unwrap(), Vec::new(), draft).unwrap()
    }

    #[test]
    fn a_leaf_names_no_person() {
        let one = written(7, "柳桥街道办事处");
        let leaf = String::from_utf8(one.leaf.clone()).unwrap();
        assert!(!leaf.contains("赵玉梅") && !leaf.contains("柳桥"), "{leaf}");
        assert!(leaf.contains(r#""no":7"#) && leaf.contains(r#""type":"creation""#), "{leaf}");
        assert_ne!(one.entry.body, written(7, "柳桥街道办事处").entry.body, "salted");
    }

    /// A checkpoint of the tree of `size` entries, signed by nobody who counts.
    fn checkpoint(size: usize) -> String {
        let mut tree = Frontier::default();
        (0..size).for_each(|_| tree.push(b"x"));
        LogKey::new("yidang.example", [1; 32]).unwrap().sign(&tree).unwrap()
    }

    #[test]
    fn a_batch_parses_as_it_was_written() {
        let (a, b) = (written(5, "甲"), written(6, "乙"));
        for bodies in
            [vec![], vec![Digest::of(b"one")], vec![Digest::of(b"one"), Digest::of(b"two")]]
        {
            let bytes = text(&checkpoint(7), &bodies, [a.leaf.as_slice(), b.leaf.as_slice()]);
            let parsed = parse(5, &bytes).unwrap();
            assert_eq!((parsed.checkpoint, parsed.bodies), (checkpoint(7), bodies));
            let entries: Vec<_> = parsed.entries.into_iter().map(|(entry, _)| entry).collect();
            assert_eq!(entries, [a.entry.clone(), b.entry.clone()]);
            let early = parse(4, &bytes);
            assert!(matches!(early, Err(LedgerError::OutOfOrder { expected: 4, found: 5 })));
        }
    }

    #[test]
    fn a_batch_that_is_not_whole_is_refused() {
        let (a, b) = (written(5, "甲"), written(6, "乙"));
        let bodies = [Digest::of(b"one"), Digest::of(b"two")];
        let bytes = text(&checkpoint(7), &bodies, [a.leaf.as_slice(), b.leaf.as_slice()]);
        for cut in 0..bytes.len() {
            assert!(parse(5, &bytes[..cut]).is_err(), "cut at {cut}");
        }
        let other = text(&checkpoint(8), &[], [a.leaf.as_slice(), b.leaf.as_slice()]);
        assert!(matches!(parse(5, &other), Err(LedgerError::Checkpoint { no: 5, .. })));
        let line = text(&checkpoint(6), &[], [&b"{}"[..]]);
        assert!(matches!(parse(5, &line), Err(LedgerError::Malformed { no: 5, .. })));
        let named = String::from_utf8(bytes.to_vec()).unwrap().replace("bodies ", "bodies x");
        assert!(parse(5, named.as_bytes()).unwrap_err().to_string().contains("digest"));
    }
}
