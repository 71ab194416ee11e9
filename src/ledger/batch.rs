//! A batch as it is published, and the acts in it as they are written down.

use bytes::Bytes;
use jiff::Timestamp;

use super::LedgerError;
use crate::model::act::{Body, FORMAT, Link, LogEntry};
use crate::model::canonical;
use crate::model::id::{Digest, EntryNo};
use crate::model::mask;
use crate::tlog::{Checkpoint, TlogError};

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
    pub(super) fn covered(&self) -> Result<String, LedgerError> {
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
    let begin = end_of_note(bytes).ok_or_else(|| without("no entries after an empty line"))?;
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

/// The checkpoint with which these bytes begin, whatever else they are; none where there
/// is no batch behind it.
#[must_use]
pub fn note_in(bytes: &[u8]) -> Option<&str> {
    let end = end_of_note(bytes)?;
    std::str::from_utf8(bytes.get(..=end)?).ok()
}

/// Where the last line of the checkpoint ends.
fn end_of_note(bytes: &[u8]) -> Option<usize> {
    bytes.windows(3).position(|three| matches!(three, b"\n\n{" | b"\n\nb"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::model::access::{Actor, Role};
    use crate::model::act::Act;
    use crate::tlog::{Frontier, LogKey};

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
