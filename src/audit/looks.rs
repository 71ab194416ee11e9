//! The access log: every batch is read again with its bodies, the tree is grown
//! anew, and what was published of it, what the database has, and what the log of
//! the records says of it are compared with that tree.

use std::collections::BTreeMap;

use bytes::Bytes;

use super::{AuditError, code};
use crate::app::App;
use crate::catalog::looks;
use crate::ledger::{self, Batch, bodies};
use crate::model::act::{FindingClass, Found, Side};
use crate::model::canonical;
use crate::model::id::Digest;
use crate::model::look::LookBody;
use crate::record::RecordError;
use crate::tlog::edge::File;
use crate::tlog::{Checkpoint, Edge, Frontier, Hash};
use crate::vault::{Key, Vault, VaultError, key};

/// How many entries of the database are read at a time.
const CHUNK: u32 = 4096;
/// The most seals that are compared.
const SEALS: u32 = 1_000_000;

/// Looks at the access log in the store of one side, which should have the
/// entries before `end`; returns what is not as it should be.
pub(super) async fn look(
    app: &App,
    store: &Vault,
    side: Side,
    end: u64,
) -> Result<Vec<Found>, AuditError> {
    let mut tx = app.db.read().await?;
    let known = ledger::looks::current(&mut tx).await.map_err(RecordError::from)?.size();
    drop(tx);
    let state = app.looks.state().await?;
    let mut look = Look {
        app,
        vault: store.access(),
        side,
        key: Some(state.key).filter(|key| !key.is_empty()),
        known: known.min(end),
        tree: Frontier::default(),
        edge: Edge::default(),
        roots: BTreeMap::new(),
        rows: Vec::new(),
        published: None,
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
    /// What its seals say of the log of the records, with their numbers.
    seals: Vec<(i64, LookBody)>,
    found: Vec<Found>,
}

impl Look<'_> {
    fn note(&mut self, kind: &str, class: FindingClass, path: &str, reason: String) {
        let path = format!("{}/{path}", key::ACCESS);
        let code = code(Some(self.side), &format!("access.{kind}"), class);
        self.found.push(Found { code, class, side: Some(self.side), path, reason });
    }

    async fn whole(&mut self) -> Result<(), AuditError> {
        self.published = self.newest().await?;
        for first in self.vault.batches(0).await? {
            let path = Key::Entries(first).path().to_string();
            if u64::try_from(first).ok() != Some(self.tree.size()) {
                let reason =
                    format!("the entries {} to {} are not there", self.tree.size(), first - 1);
                self.note("batch", FindingClass::Missing, &path, reason);
                return Ok(());
            }
            let lines = self.vault.batch(first).await?;
            if self.tree.size() < self.known {
                let mut tx = self.app.db.read().await?;
                let noted = ledger::looks::batch_digest(&mut tx, first).await?;
                if noted.as_deref() != Some(Digest::of(&lines).to_string().as_str()) {
                    let reason = "it is not the batch that the database noted".to_owned();
                    self.note("batch", FindingClass::Changed, &path, reason);
                }
            }
            match ledger::parse(first, &lines) {
                Ok(batch) => self.at_batch(batch, &path).await?,
                Err(error) => {
                    self.note("batch", FindingClass::Changed, &path, error.to_string());
                    return Ok(());
                }
            }
        }
        if self.tree.size() < self.known {
            let path = Key::Entries(i64::try_from(self.tree.size()).unwrap_or(i64::MAX)).path();
            let reason = format!(
                "the entries {} to {} of the database are not there",
                self.tree.size(),
                self.known - 1
            );
            self.note("batch", FindingClass::Missing, path.as_ref(), reason);
        }
        self.at_published().await?;
        if self.side == Side::Store {
            self.at_seals().await?;
        }
        Ok(())
    }

    /// The published checkpoint; none while there is none, or where it is not one.
    async fn newest(&mut self) -> Result<Option<Checkpoint>, AuditError> {
        let path = Key::Checkpoint(None).path().to_string();
        let note = match self.vault.checkpoint().await {
            Err(VaultError::Conflict(_)) => Some("not text".to_owned()),
            note => note?,
        };
        let Some(note) = note else {
            if self.known > 0 {
                let reason = "the access log has no checkpoint".to_owned();
                self.note("checkpoint", FindingClass::Missing, &path, reason);
            }
            return Ok(None);
        };
        match self.opened(&note) {
            Ok(checkpoint) => Ok(Some(checkpoint)),
            Err(reason) => {
                self.note("checkpoint", FindingClass::Changed, &path, reason);
                Ok(None)
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
        let mut there = std::collections::HashMap::new();
        for name in &batch.bodies {
            match self.vault.bytes(*name).await {
                Ok(blob) => there.extend(bodies::apart(&blob)),
                Err(error) => {
                    let class = match &error {
                        VaultError::NotFound(_) => FindingClass::Missing,
                        VaultError::Corrupt { .. } => FindingClass::Changed,
                        _ => FindingClass::Unread,
                    };
                    let blob = Key::Blob(*name).path().to_string();
                    self.note("bodies", class, &blob, error.to_string());
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
        let root = self.tree.root();
        self.roots.insert(self.tree.size(), root);
        match self.opened(&batch.checkpoint) {
            Ok(checkpoint) if checkpoint.root == root => {}
            Ok(_) => {
                let reason = "its entries do not lead to its checkpoint".to_owned();
                self.note("batch", FindingClass::Changed, path, reason);
            }
            Err(reason) => self.note("batch", FindingClass::Changed, path, reason),
        }
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
        let covered = self.published.as_ref().map_or(0, |published| published.size);
        if self.tree.size() > covered {
            return Ok(());
        }
        let full = self.edge.push(leaf).map_err(RecordError::from)?;
        self.at_tiles(full).await?;
        if self.edge.size() == covered {
            let partial = self.edge.partial().map_err(RecordError::from)?;
            self.at_tiles(partial).await?;
        }
        Ok(())
    }

    async fn at_tiles(&mut self, files: Vec<File>) -> Result<(), AuditError> {
        for (path, bytes) in files {
            let found = self.vault.tile(&path).await?;
            let path = Key::Tile(path).path().to_string();
            match found {
                Some(found) if found == bytes => {}
                Some(_) => {
                    let reason = "it is not the tile of these entries".to_owned();
                    self.note("tile", FindingClass::Changed, &path, reason);
                }
                None => {
                    let reason = "it is not in the store".to_owned();
                    self.note("tile", FindingClass::Missing, &path, reason);
                }
            }
        }
        Ok(())
    }

    /// Looks at the published checkpoint and at those that are kept.
    async fn at_published(&mut self) -> Result<(), AuditError> {
        if let Some(published) = &self.published {
            let (size, root) = (published.size, published.root);
            let path = Key::Checkpoint(None).path().to_string();
            if self.roots.get(&size) != Some(&root) {
                let reason = format!("the {} entries do not lead to it", self.tree.size());
                self.note("checkpoint", FindingClass::Changed, &path, reason);
            }
        }
        for size in self.vault.checkpoint_sizes().await? {
            let path = Key::Checkpoint(Some(size)).path().to_string();
            let kept = match self.vault.checkpoint_of(size).await {
                Err(VaultError::Conflict(_)) => Err("it is not text".to_owned()),
                note => self.opened(&note?),
            };
            let reason = match kept {
                Ok(kept) if self.roots.get(&size) == Some(&kept.root) && kept.size == size => {
                    continue;
                }
                Ok(_) => "the entries do not lead to it".to_owned(),
                Err(reason) => reason,
            };
            self.note("checkpoint", FindingClass::Changed, &path, reason);
        }
        Ok(())
    }

    /// Compares what each of the two logs says of the other with what that is.
    async fn at_seals(&mut self) -> Result<(), AuditError> {
        let mut tx = self.app.db.read().await?;
        for seal in looks::access_seals(&mut tx, SEALS).await? {
            let size = u64::try_from(seal.size).unwrap_or(0);
            if self.roots.get(&size).map(ToString::to_string) != Some(seal.root) {
                let reason = format!(
                    "log entry {} has a seal over {size} entries, and those that are here do not \
                     lead to it: they were cut back or changed",
                    seal.entry
                );
                let path = Key::Checkpoint(None).path().to_string();
                self.note("seal", FindingClass::Changed, &path, reason);
            }
        }
        for (no, body) in std::mem::take(&mut self.seals) {
            let Some(said) = body.look.records else { continue };
            let here = ledger::checkpoint_of(&mut tx, said.size).await?;
            let here = here.and_then(|note| Checkpoint::parse(&note).ok());
            if here.is_none_or(|here| here.root.to_string() != said.root) {
                let reason = format!(
                    "entry {no} of the access log has a seal over {} entries of the log, and those \
                     that are here do not lead to it: they were cut back or changed",
                    said.size
                );
                let first = Key::Entries(no).path().to_string();
                self.note("seal", FindingClass::Changed, &first, reason);
            }
        }
        Ok(())
    }
}
