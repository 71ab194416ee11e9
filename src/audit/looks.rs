//! The access log: every batch is read again with its bodies, the tree is grown
//! anew, and what was published of it, what the database has, and what the log of
//! the records says of it are compared with that tree. What is wrong is mended
//! from the database or the other store, where that has it.

mod elsewhere;
mod mend;
mod published;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use bytes::Bytes;

pub(super) use self::mend::mend;
use super::{AuditError, code};
use crate::app::App;
use crate::catalog::looks::{self, AccessSeal};
use crate::catalog::published as seen;
use crate::ledger::{self, Batch, bodies};
use crate::model::act::{FindingClass, Found, Side, Source};
use crate::model::canonical;
use crate::model::id::EntryNo;
use crate::model::look::LookBody;
use crate::record::RecordError;
use crate::tlog::{Checkpoint, Edge, Frontier, Hash};
use crate::vault::{Key, Vault, VaultError, key};

/// How many entries of the database are read at a time.
const CHUNK: u32 = 4096;

/// Something of the access log that is not as it should be, and what should stand
/// there, where that is known.
#[derive(Debug)]
pub(super) struct Wrong {
    pub(super) finding: Found,
    pub(super) right: Option<(Bytes, Source)>,
}

/// Looks at the access log in the store of one side, which should have the
/// entries before `end`; returns what is not as it should be.
pub(super) async fn look(
    app: &App,
    store: &Vault,
    side: Side,
    end: u64,
    other: Option<(&Vault, Source)>,
) -> Result<Vec<Wrong>, AuditError> {
    let mut tx = app.db.read().await?;
    // What is sealed while the batches are read is of looks that come after them.
    let sealed = looks::access_seals(&mut tx, published::SEALS).await?;
    let known = ledger::looks::current(&mut tx).await.map_err(RecordError::from)?.size();
    let seen = seen::sizes(&mut tx, side, seen::Log::Access).await?;
    drop(tx);
    let state = app.looks.state().await?;
    let vault = store.access();
    let mut look = Look {
        app,
        history: vault.checkpoint_sizes().await?.into_iter().collect(),
        vault,
        other: other.map(|(other, source)| (other.access(), source)),
        side,
        key: Some(state.key).filter(|key| !key.is_empty()),
        known: known.min(end),
        tree: Frontier::default(),
        edge: Edge::default(),
        roots: BTreeMap::new(),
        rows: Vec::new(),
        published: None,
        seen,
        sealed,
        seals: Vec::new(),
        found: Vec::new(),
    };
    look.whole().await?;
    Ok(look.found)
}

/// An access log that is being looked at.
struct Look<'a> {
    app: &'a App,
    vault: Vault,
    /// Another store, which may have what this one lost.
    other: Option<(Vault, Source)>,
    side: Side,
    /// The key that signs it, where this machine knows it.
    key: Option<String>,
    /// How many entries there should be.
    known: u64,
    tree: Frontier,
    edge: Edge,
    /// The root of the tree at the end of every batch.
    roots: BTreeMap<u64, Hash>,
    /// Entries of the database that are still to be compared, the next one last.
    rows: Vec<String>,
    published: Option<Checkpoint>,
    /// The sizes of which a checkpoint is kept.
    history: BTreeSet<u64>,
    /// Those of which one was kept when it was looked last, or published since.
    seen: Vec<u64>,
    /// What the seals of the records log say of it, as they were before it was read.
    sealed: Vec<AccessSeal>,
    /// What its seals say of the log of the records, with their numbers.
    seals: Vec<(i64, LookBody)>,
    found: Vec<Wrong>,
}

impl Look<'_> {
    fn note(&mut self, kind: &str, class: FindingClass, path: &str, reason: String) {
        let path = format!("{}/{path}", key::ACCESS);
        let code = code(Some(self.side), &format!("access.{kind}"), class);
        let finding = Found { code, class, side: Some(self.side), path, reason };
        self.found.push(Wrong { finding, right: None });
    }

    /// Says what should stand in the place of the last thing that was found.
    fn mended_by(&mut self, right: Option<(Bytes, Source)>) {
        if let Some(last) = self.found.last_mut() {
            last.right = right;
        }
    }

    async fn whole(&mut self) -> Result<(), AuditError> {
        self.published = self.newest().await?;
        for first in self.vault.batches(0).await? {
            let reason = |next| format!("the entries {next} to {} are not there", first - 1);
            if !self.up_to(first, reason).await? {
                // What follows rests on a batch that is not there.
                return Ok(());
            }
            let path = Key::Entries(first).path().to_string();
            let lines = self.vault.batch(first).await?;
            let batch = match self.sound(first, &lines).await? {
                Ok(batch) => batch,
                Err(reason) => {
                    self.note("batch", FindingClass::Changed, &path, reason);
                    match self.batch_elsewhere(first).await? {
                        Some((batch, right, source)) => {
                            self.mended_by(Some((right, source)));
                            batch
                        }
                        // Its entries are compared all the same, if there are any.
                        None => match ledger::parse(first, &lines) {
                            Ok(batch) => batch,
                            Err(_) => return Ok(()),
                        },
                    }
                }
            };
            self.at_batch(batch, &path).await?;
        }
        let known = EntryNo::try_from(self.known).unwrap_or(EntryNo::MAX);
        let reason =
            |next| format!("the entries {next} to {} of the database are not there", known - 1);
        if self.tree.size() < self.known {
            self.up_to(known, reason).await?;
        }
        self.at_published().await?;
        if self.side == Side::Store {
            self.at_seals().await?;
        }
        Ok(())
    }

    /// Passes over batches before entry `end` that are not there, with what is
    /// known of them from elsewhere; false when nothing is.
    async fn up_to(
        &mut self,
        end: EntryNo,
        reason: impl Fn(EntryNo) -> String,
    ) -> Result<bool, AuditError> {
        loop {
            let next = EntryNo::try_from(self.tree.size()).unwrap_or(EntryNo::MAX);
            if next == end {
                return Ok(true);
            }
            let path = Key::Entries(next).path().to_string();
            // What is no file is not listed.
            let (class, reason) = match self.vault.batch(next).await {
                Err(error @ VaultError::NoFile) => (FindingClass::Changed, error.to_string()),
                _ => (FindingClass::Missing, reason(next)),
            };
            self.note("batch", class, &path, reason);
            match self.batch_elsewhere(next).await? {
                Some((batch, right, source)) if next < end => {
                    self.mended_by(Some((right, source)));
                    self.at_batch(batch, &path).await?;
                }
                _ => return Ok(false),
            }
        }
    }

    /// What a checkpoint says that is signed by the key of the access log.
    fn opened(&self, note: &str) -> Result<Checkpoint, String> {
        let opened = match &self.key {
            Some(key) => Checkpoint::open(note, std::slice::from_ref(key)),
            None => Checkpoint::parse(note),
        };
        opened.map_err(|error| error.to_string())
    }

    async fn at_batch(&mut self, batch: Batch, path: &str) -> Result<(), AuditError> {
        let mut there = HashMap::new();
        for name in &batch.bodies {
            match self.vault.bytes(*name).await {
                Ok(blob) => there.extend(bodies::apart(&blob)),
                Err(error) => {
                    let class = match &error {
                        VaultError::NotFound(_) => FindingClass::Missing,
                        error if error.is_damage() => FindingClass::Changed,
                        _ => FindingClass::Unread,
                    };
                    let blob = Key::Blob(*name).path().to_string();
                    self.note("bodies", class, &blob, error.to_string());
                    let right = self.bodies_elsewhere(*name).await?;
                    if let Some((bytes, _)) = &right {
                        there.extend(bodies::apart(bytes));
                    }
                    self.mended_by(right);
                }
            }
        }
        let whole = there.len() >= batch.entries.len();
        for (entry, leaf) in &batch.entries {
            match there.get(&entry.body) {
                Some(body) => self.at_body(entry.no, body, path),
                // What is lost with its blob was said above.
                None if whole => {
                    let reason = format!("the body of entry {} is not among its own", entry.no);
                    self.note("batch", FindingClass::Changed, path, reason);
                }
                None => {}
            }
            self.at_leaf(leaf, path).await?;
        }
        self.roots.insert(self.tree.size(), self.tree.root());
        Ok(())
    }

    fn at_body(&mut self, no: i64, body: &Bytes, path: &str) {
        match canonical::from_bytes::<LookBody>(body) {
            Ok(body) if body.look.records.is_some() => self.seals.push((no, body)),
            Ok(_) => {}
            Err(error) => {
                let reason = format!("the body of entry {no}: {error}");
                self.note("batch", FindingClass::Changed, path, reason);
            }
        }
    }

    async fn at_leaf(&mut self, leaf: &[u8], path: &str) -> Result<(), AuditError> {
        let no = self.tree.size();
        if no < self.known {
            if self.rows.is_empty() {
                let mut tx = self.app.db.read().await?;
                self.rows = ledger::looks::leaves(&mut tx, no, self.known, CHUNK).await?;
                self.rows.reverse();
            }
            if self.rows.pop().is_none_or(|row| row.as_bytes() != leaf) {
                let reason = format!("the database has another entry {no}");
                self.note("batch", FindingClass::Changed, path, reason);
            }
        }
        self.tree.push(leaf);
        self.at_tiles_of(leaf).await
    }
}
