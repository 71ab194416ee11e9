//! The log itself: every batch is read again, the tree is grown anew, and
//! everything that was published of it is compared with that tree, and with
//! the database.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use bytes::Bytes;
use futures::StreamExt;

use super::AuditError;
use super::signers::Signers;
use crate::app::App;
use crate::catalog::documents;
use crate::ledger::{self, Batch, bodies};
use crate::model::act::{FindingClass, LogFinding};
use crate::model::id::{Digest, EntryNo};
use crate::record::RecordError;
use crate::tlog::edge::File;
use crate::tlog::{Checkpoint, Edge, Frontier, Hash};
use crate::vault::{Key, VaultError};

/// How many batches are fetched at a time.
const AT_ONCE: usize = 16;
/// How many entries of the database are read at a time.
const CHUNK: u32 = 4096;

/// Looks at the whole log; returns what is not as it should be.
pub(super) async fn look(app: &App) -> Result<Vec<LogFinding>, AuditError> {
    app.settle().await?;
    let mut look = Look::begin(app).await?;
    let batches = app.vault.batches(0).await?;
    let mut read = futures::stream::iter(batches)
        .map(async |first| (first, app.vault.batch(first).await))
        .buffered(AT_ONCE);
    while let Some((first, bytes)) = read.next().await {
        if !look.at_batch(first, bytes).await? {
            // What follows rests on a batch that is not there.
            return Ok(look.found);
        }
    }
    look.at_end().await?;
    Ok(look.found)
}

/// A log that is being looked at.
struct Look<'a> {
    app: &'a App,
    /// Who signs, as far as the log was read.
    signers: Signers,
    tree: Frontier,
    edge: Edge,
    /// The root of the tree at the end of every batch, and who signed it.
    roots: BTreeMap<u64, (Hash, usize)>,
    /// Entries of the database that are still to be compared.
    rows: VecDeque<String>,
    /// Batches of the database that are still to be compared.
    batches: VecDeque<(EntryNo, String)>,
    /// How many entries the database has.
    known: u64,
    published: Option<Checkpoint>,
    /// The note of that.
    note: String,
    /// The sizes of which a checkpoint is kept.
    history: BTreeSet<u64>,
    found: Vec<LogFinding>,
}

impl<'a> Look<'a> {
    async fn begin(app: &'a App) -> Result<Self, AuditError> {
        let mut tx = app.db.read().await?;
        let known = ledger::current(&mut tx).await.map_err(RecordError::from)?;
        drop(tx);
        let mut look = Self {
            app,
            signers: Signers::begin(app).await?,
            tree: Frontier::default(),
            edge: Edge::default(),
            roots: BTreeMap::new(),
            rows: VecDeque::new(),
            batches: VecDeque::new(),
            known: known.size(),
            published: None,
            note: String::new(),
            history: app.vault.checkpoint_sizes().await?.into_iter().collect(),
            found: Vec::new(),
        };
        let path = Key::Checkpoint(None).path().to_string();
        match app.vault.checkpoint().await {
            Ok(Some(note)) => match Checkpoint::parse(&note) {
                Ok(checkpoint) => (look.published, look.note) = (Some(checkpoint), note),
                Err(error) => look.changed(path, error.to_string()),
            },
            Ok(None) if look.known > 0 => look.missing(path, "the log has no checkpoint"),
            Ok(None) => {}
            Err(VaultError::Conflict(_)) => look.changed(path, "it is not text".into()),
            Err(error) => return Err(error.into()),
        }
        Ok(look)
    }

    fn changed(&mut self, path: String, reason: String) {
        self.found.push(LogFinding { path, class: FindingClass::Changed, reason });
    }

    fn missing(&mut self, path: String, reason: &str) {
        let reason = reason.to_owned();
        self.found.push(LogFinding { path, class: FindingClass::Missing, reason });
    }

    /// Looks at a batch; false when nothing after it can be looked at.
    async fn at_batch(
        &mut self,
        first: EntryNo,
        bytes: Result<Bytes, VaultError>,
    ) -> Result<bool, AuditError> {
        let next = EntryNo::try_from(self.tree.size()).unwrap_or(EntryNo::MAX);
        if first != next {
            let reason = format!("the entries {next} to {} are not in the store", first - 1);
            self.missing(Key::Entries(next).path().to_string(), &reason);
            return Ok(false);
        }
        let path = Key::Entries(first).path().to_string();
        let bytes = bytes?;
        self.at_digest(first, &bytes, &path).await?;
        let batch: Batch = match ledger::parse(first, &bytes) {
            Ok(batch) => batch,
            Err(error) => {
                self.changed(path, error.to_string());
                return Ok(false);
            }
        };
        self.at_bodies(&batch, &path).await?;
        for (entry, leaf) in &batch.entries {
            self.at_entry(leaf, &path).await?;
            if let Err(reason) = self.signers.at_entry(self.app, entry).await? {
                self.changed(path.clone(), reason);
            }
        }
        match self.signers.opened(&batch.checkpoint) {
            Ok(checkpoint) if checkpoint.root != self.tree.root() => {
                self.changed(path, "its entries do not lead to its checkpoint".into());
            }
            Ok(_) => {}
            Err(error) => self.changed(path, error.to_string()),
        }
        self.roots.insert(self.tree.size(), (self.tree.root(), self.signers.now()));
        Ok(true)
    }

    /// Compares a batch with what the database noted of it.
    async fn at_digest(
        &mut self,
        first: EntryNo,
        bytes: &Bytes,
        path: &str,
    ) -> Result<(), AuditError> {
        if self.tree.size() >= self.known {
            return Ok(());
        }
        if self.batches.is_empty() {
            let mut tx = self.app.db.read().await?;
            self.batches = ledger::batches(&mut tx, first, CHUNK).await?.into();
        }
        if self.batches.pop_front() != Some((first, Digest::of(bytes).to_string())) {
            self.changed(path.to_owned(), "it is not the batch that the database noted".into());
        }
        Ok(())
    }

    /// Looks whether the bodies of a batch are those its entries name. Bodies
    /// that are blobs of their own are read by the sweep.
    async fn at_bodies(&mut self, batch: &Batch, path: &str) -> Result<(), AuditError> {
        let (mut there, mut whole) = (HashMap::new(), !batch.bodies.is_empty());
        for name in &batch.bodies {
            match self.app.vault.bytes(*name).await {
                Ok(blob) => there.extend(bodies::apart(&blob)),
                Err(error) => {
                    whole = false;
                    // What the database names is found by the sweep.
                    let mut tx = self.app.db.read().await?;
                    if !documents::names_blob(&mut tx, *name).await? {
                        let reason = format!("its bodies cannot be read: {error}");
                        self.changed(path.to_owned(), reason);
                    }
                }
            }
        }
        for (entry, _) in batch.entries.iter().filter(|_| whole) {
            if !there.contains_key(&entry.body) {
                let reason = format!("the body of entry {} is not among its own", entry.no);
                self.changed(path.to_owned(), reason);
            }
        }
        Ok(())
    }

    async fn at_entry(&mut self, leaf: &[u8], path: &str) -> Result<(), AuditError> {
        let no = self.tree.size();
        if no < self.known && self.rows.is_empty() {
            let mut tx = self.app.db.read().await?;
            self.rows = ledger::leaves(&mut tx, no, self.known, CHUNK).await?.into();
        }
        if no < self.known && self.rows.pop_front().is_none_or(|row| row.as_bytes() != leaf) {
            self.changed(path.to_owned(), format!("the database has another entry {no}"));
        }
        self.tree.push(leaf);
        let covered = self.published.as_ref().map_or(0, |published| published.size);
        if no >= covered {
            return Ok(());
        }
        let full = self.edge.push(leaf).map_err(RecordError::from)?;
        self.at_tiles(full, true).await?;
        let newest = self.edge.size() == covered;
        if newest || self.history.contains(&self.edge.size()) {
            let partial = self.edge.partial().map_err(RecordError::from)?;
            self.at_tiles(partial, newest).await?;
        }
        if newest {
            let root = self.published.as_ref().map(|published| published.root);
            if root != Some(self.tree.root()) {
                let path = Key::Checkpoint(None).path().to_string();
                self.changed(path, "the entries do not lead to it".into());
            }
        }
        Ok(())
    }

    /// Compares tiles and bundles with the store. Partial ones of earlier
    /// checkpoints need not be there: a full one may have replaced them.
    async fn at_tiles(&mut self, files: Vec<File>, needed: bool) -> Result<(), AuditError> {
        for (path, bytes) in files {
            let found = self.app.vault.tile(&path).await?;
            let path = Key::Tile(path).path().to_string();
            match found {
                Some(found) if found == bytes => {}
                Some(_) => self.changed(path, "it is not the tile of these entries".into()),
                None if needed => self.missing(path, "it is not in the store"),
                None => {}
            }
        }
        Ok(())
    }

    /// Looks at what is left when every batch was read.
    async fn at_end(&mut self) -> Result<(), AuditError> {
        let size = self.tree.size();
        if size < self.known {
            let path = Key::Entries(EntryNo::try_from(size).unwrap_or(EntryNo::MAX)).path();
            let reason =
                format!("the entries {size} to {} of the database are not there", self.known - 1);
            self.missing(path.to_string(), &reason);
        }
        if self.published.as_ref().is_some_and(|published| published.size > size) {
            let path = Key::Checkpoint(None).path().to_string();
            self.changed(path, format!("it has more than the {size} entries of the log"));
        }
        self.at_published();
        if let Some(reason) = self.signers.strange() {
            self.changed(Key::Checkpoint(None).path().to_string(), reason);
        }
        for size in std::mem::take(&mut self.history) {
            let path = Key::Checkpoint(Some(size)).path().to_string();
            let note = self.app.vault.checkpoint_of(size).await?;
            let (root, signed) = self.roots.get(&size).copied().unzip();
            match self.signers.opened_by(signed, &note) {
                Ok(kept) if Some(kept.root) == root && kept.size == size => {}
                Ok(_) => self.changed(path, "the entries do not lead to it".into()),
                Err(error) => self.changed(path, error.to_string()),
            }
        }
        Ok(())
    }

    /// Looks at who has signed the published checkpoint: the log, and witnesses
    /// rightly or not at all.
    fn at_published(&mut self) {
        let Some(published) = &self.published else { return };
        let (path, note) = (Key::Checkpoint(None).path().to_string(), self.note.clone());
        let signed = self.roots.get(&published.size).map(|(_, signed)| *signed);
        if let Err(error) = self.signers.opened_by(signed, &note) {
            self.changed(path.clone(), error.to_string());
        }
        for witness in &self.app.config.log.witness {
            if let Err(error) = witness.key.signed(&note) {
                self.changed(path.clone(), error.to_string());
            }
        }
    }
}
