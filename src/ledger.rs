//! 存证日志: acts numbered in SQL, in the transaction that applies them, and
//! published in order to the object store before that is committed.
//!
//! Entries are published in batches of JSON lines under `log/entries/`, each
//! named by its first entry. The Merkle tree over them, its tiles and signed
//! checkpoints will be made from exactly these lines: a line without its line
//! end is a leaf.

use bytes::Bytes;
use jiff::Timestamp;

use crate::args;
use crate::db::{DbError, Tx};
use crate::model::act::{Body, FORMAT, LogEntry};
use crate::model::canonical::{self, CanonicalError};
use crate::model::id::{Digest, EntryNo};

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
    /// The canonical bytes of the body: a blob.
    pub body_bytes: Bytes,
}

/// An act written down before it has a number.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Its body.
    pub body: Body,
    /// The canonical bytes of the body: a blob.
    pub body_bytes: Bytes,
    /// The name of that blob.
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

/// The entry with number `no` for an act done at `time`.
///
/// # Errors
/// When the act has no canonical form.
pub fn write(no: EntryNo, time: Timestamp, draft: Draft) -> Result<Written, LedgerError> {
    let Draft { body, body_bytes, digest } = draft;
    let entry = LogEntry {
        v: FORMAT,
        no,
        event_type: body.act.event_type().to_owned(),
        time,
        body: digest,
        objects: body.act.objects(),
    };
    let leaf = canonical::to_bytes(&entry).map_err(LedgerError::Unwritable)?;
    Ok(Written { entry, body, leaf, body_bytes })
}

/// The lines of a batch as published.
#[must_use]
pub fn lines<'a>(leaves: impl IntoIterator<Item = &'a [u8]>) -> Bytes {
    let mut lines = Vec::new();
    for leaf in leaves {
        lines.extend_from_slice(leaf);
        lines.push(b'\n');
    }
    lines.into()
}

/// The entries of a published batch whose first has number `first`.
///
/// # Errors
/// When a line is not a canonical entry or stands out of order.
pub fn parse(first: EntryNo, lines: &[u8]) -> Result<Vec<(LogEntry, Vec<u8>)>, LedgerError> {
    let mut entries = Vec::new();
    let body = lines.strip_suffix(b"\n").unwrap_or(lines);
    for (line, no) in body.split(|byte| *byte == b'\n').zip(first..) {
        let entry: LogEntry =
            canonical::from_bytes(line).map_err(|cause| LedgerError::Malformed { no, cause })?;
        if entry.no != no {
            return Err(LedgerError::OutOfOrder { expected: no, found: entry.no });
        }
        entries.push((entry, line.to_vec()));
    }
    Ok(entries)
}

/// The number the next entry gets. The counter stays locked until the
/// transaction ends.
///
/// # Errors
/// When the database refuses.
pub async fn next(tx: &mut Tx) -> Result<EntryNo, DbError> {
    tx.take("entry", 0).await
}

/// How many entries the database has.
///
/// # Errors
/// When the database refuses.
pub async fn known(tx: &mut Tx) -> Result<EntryNo, DbError> {
    tx.number("SELECT value FROM counter WHERE name = 'entry'", args![]).await
}

/// Keeps entries that follow each other as one batch.
///
/// # Errors
/// When the database refuses.
pub async fn append(tx: &mut Tx, batch: &[Written]) -> Result<(), DbError> {
    let Some(first) = batch.first().map(|one| one.entry.no) else { return Ok(()) };
    let entries = batch.iter().map(|one| {
        let act = &one.body.act;
        (
            "INSERT INTO entry (no, batch, leaf, body_sha256, body, type, act, time, actor,
                                organisation, household, document)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
            args![
                one.entry.no,
                first,
                String::from_utf8_lossy(&one.leaf).into_owned(),
                one.entry.body.to_string(),
                String::from_utf8_lossy(&one.body_bytes).into_owned(),
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
    let text = lines(batch.iter().map(|one| one.leaf.as_slice()));
    let noted = (
        "INSERT INTO batch (first, count, sha256) VALUES ($1, $2, $3)",
        args![first, batch.len(), Digest::of(&text).to_string()].to_vec(),
    );
    let counted =
        ("UPDATE counter SET value = value + $1 WHERE name = 'entry'", args![batch.len()].to_vec());
    tx.run_all(entries.chain([noted, counted]).collect()).await
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

    fn written(no: EntryNo, name: &str) -> Written {
        let code: crate::model::id::OrganisationCode = "990102003000".parse().unwrap();
        let actor =
            Actor { name: "赵玉梅".into(), organisation: code.clone(), role: Role::Clerk };
        let act = Act::RegisterOrganisation { code, name: name.into() };
        let draft = Draft::of(Body::new(actor, act)).unwrap();
        write(no, "2026-11-23T08:00:00Z".parse().unwrap(), draft).unwrap()
    }

    #[test]
    fn a_leaf_names_no_person() {
        let one = written(7, "柳桥街道办事处");
        let leaf = String::from_utf8(one.leaf.clone()).unwrap();
        assert!(!leaf.contains("赵玉梅") && !leaf.contains("柳桥"), "{leaf}");
        assert!(leaf.contains(r#""no":7"#) && leaf.contains(r#""type":"creation""#), "{leaf}");
        assert_ne!(one.entry.body, written(7, "柳桥街道办事处").entry.body, "salted");
    }

    #[test]
    fn a_batch_parses_as_it_was_written() {
        let (a, b) = (written(5, "甲"), written(6, "乙"));
        let text = lines([a.leaf.as_slice(), b.leaf.as_slice()]);
        let parsed = parse(5, &text).unwrap();
        assert_eq!(parsed.iter().map(|(e, _)| e.clone()).collect::<Vec<_>>(), [a.entry, b.entry]);
        assert!(matches!(parse(4, &text), Err(LedgerError::OutOfOrder { expected: 4, found: 5 })));
        assert!(matches!(parse(0, b"{}\n"), Err(LedgerError::Malformed { no: 0, .. })));
    }
}
