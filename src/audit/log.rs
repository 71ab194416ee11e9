//! The log itself: every batch is read again, the tree is grown anew, and
//! everything that was published of it is compared with that tree, and with
//! the database.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use bytes::Bytes;
use futures::StreamExt;

use super::AuditError;
use crate::app::App;
use crate::ledger::{self, Batch};
use crate::model::act::{FindingClass, LogFinding, Source};
use crate::model::id::EntryNo;
use crate::record::RecordError;
use crate::tlog::edge::File;
use crate::tlog::{Checkpoint, Edge, Frontier, Hash, TlogError};
use crate::vault::{Key, Vault, VaultError};

/// How many batches are fetched at a time.
const AT_ONCE: usize = 16;
/// How many entries of the database are read at a time.
const CHUNK: u32 = 4096;

/// Something of the log that is not as it should be, and what should stand
/// there, where that is known.
#[derive(Debug)]
pub(super) struct Wrong {
    pub(super) finding: LogFinding,
    pub(super) right: Option<(Bytes, Source)>,
}

/// Looks at the whole log of a store, which should have the entries before
/// `end`; returns what is not as it should be.
pub(super) async fn look(
    app: &App,
    vault: &Vault,
    end: u64,
    other: Option<(&Vault, Source)>,
) -> Result<Vec<Wrong>, AuditError> {
    let mut look = Look::begin(app, vault, end, other).await?;
    let batches = vault.batches(0).await?;
    let mut read = futures::stream::iter(batches)
        .map(async |first| (first, vault.batch(first).await))
        .buffered(AT_ONCE);
    while let Some((first, bytes)) = read.next().await {
        if !look.at_batch(first, bytes?).await? {
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
    vault: &'a Vault,
    /// Another store, which may have what this one lost.
    other: Option<(&'a Vault, Source)>,
    /// Keys that may have signed.
    keys: Vec<String>,
    tree: Frontier,
    edge: Edge,
    /// The root of the tree at the end of every batch.
    roots: BTreeMap<u64, Hash>,
    /// Entries of the database that are still to be compared.
    rows: VecDeque<String>,
    /// How many entries of the database there should be.
    known: u64,
    published: Option<Checkpoint>,
    /// The sizes of which a checkpoint is kept.
    history: BTreeSet<u64>,
    found: Vec<Wrong>,
}

impl<'a> Look<'a> {
    async fn begin(
        app: &'a App,
        vault: &'a Vault,
        end: u64,
        other: Option<(&'a Vault, Source)>,
    ) -> Result<Self, AuditError> {
        let mut tx = app.db.read().await?;
        let known = ledger::current(&mut tx).await.map_err(RecordError::from)?;
        drop(tx);
        let mut look = Self {
            app,
            vault,
            other,
            keys: app.public.iter().cloned().collect(),
            tree: Frontier::default(),
            edge: Edge::default(),
            roots: BTreeMap::new(),
            rows: VecDeque::new(),
            known: known.size().min(end),
            published: None,
            history: vault.checkpoint_sizes().await?.into_iter().collect(),
            found: Vec::new(),
        };
        let path = Key::Checkpoint(None).path().to_string();
        match vault.checkpoint().await {
            Ok(Some(note)) => match look.opened(&note) {
                Ok(checkpoint) => look.published = Some(checkpoint),
                Err(error) => look.changed(path, error.to_string()),
            },
            // A copy that is being filled has none yet.
            Ok(None) if look.known > 0 && (end == u64::MAX || !look.history.is_empty()) => {
                look.missing(path, "the log has no checkpoint");
            }
            Ok(None) => {}
            Err(VaultError::Conflict(_)) => look.changed(path, "it is not text".into()),
            Err(error) => return Err(error.into()),
        }
        // What was wrong with the newest checkpoint is mended from the history.
        if !look.found.is_empty()
            && let Some(size) = look.history.last().copied()
        {
            look.mend_checkpoint(size).await?;
        }
        Ok(look)
    }

    fn changed(&mut self, path: String, reason: String) {
        let finding = LogFinding { path, class: FindingClass::Changed, reason };
        self.found.push(Wrong { finding, right: None });
    }

    fn missing(&mut self, path: String, reason: &str) {
        let reason = reason.to_owned();
        let finding = LogFinding { path, class: FindingClass::Missing, reason };
        self.found.push(Wrong { finding, right: None });
    }

    /// What a checkpoint says, signed by the key of the log where this machine
    /// knows it.
    fn opened(&self, note: &str) -> Result<Checkpoint, TlogError> {
        if self.keys.is_empty() {
            Checkpoint::parse(note)
        } else {
            Checkpoint::open(note, &self.keys)
        }
    }

    /// Says what should stand in the place of the last thing that was found.
    fn mended_by(&mut self, right: Option<(Bytes, Source)>) {
        if let Some(last) = self.found.last_mut() {
            last.right = right;
        }
    }

    /// The checkpoint of that size in the database, if it is signed.
    async fn mend_checkpoint(&mut self, size: u64) -> Result<(), AuditError> {
        let mut tx = self.app.db.read().await?;
        let signed = ledger::checkpoint_of(&mut tx, size).await?;
        drop(tx);
        let signed = signed.filter(|note| self.opened(note).is_ok());
        self.mended_by(signed.map(|note| (Bytes::from(note), Source::Database)));
        Ok(())
    }

    /// The batch in `bytes`, if it leads from the tree as it is to the tree that
    /// was signed; else why not.
    fn sound(&self, first: EntryNo, bytes: &[u8]) -> Result<Batch, String> {
        let batch = ledger::parse(first, bytes).map_err(|error| error.to_string())?;
        let mut tree = self.tree.clone();
        batch.entries.iter().for_each(|(_, leaf)| tree.push(leaf));
        match self.opened(&batch.checkpoint) {
            Ok(checkpoint) if checkpoint.root == tree.root() => Ok(batch),
            Ok(_) => Err("its entries do not lead to its checkpoint".into()),
            Err(error) => Err(error.to_string()),
        }
    }

    /// The sound batch that begins with entry `first`, from the database or the
    /// other store.
    async fn batch_elsewhere(
        &self,
        first: EntryNo,
    ) -> Result<Option<(Batch, Bytes, Source)>, AuditError> {
        let mut tx = self.app.db.read().await?;
        let again = ledger::batch_again(&mut tx, first).await?;
        drop(tx);
        if let Some(bytes) = again
            && let Ok(batch) = self.sound(first, &bytes)
        {
            return Ok(Some((batch, bytes, Source::Database)));
        }
        if let Some((other, source)) = self.other
            && let Ok(bytes) = other.batch(first).await
            && let Ok(batch) = self.sound(first, &bytes)
        {
            return Ok(Some((batch, bytes, source)));
        }
        Ok(None)
    }

    /// Looks at a batch; false when nothing after it can be looked at.
    async fn at_batch(&mut self, first: EntryNo, bytes: Bytes) -> Result<bool, AuditError> {
        let reason = |next| format!("the entries {next} to {} are not in the store", first - 1);
        if !self.up_to(first, reason).await? {
            return Ok(false);
        }
        let path = Key::Entries(first).path().to_string();
        let batch = match self.sound(first, &bytes) {
            Ok(batch) => batch,
            Err(reason) => {
                self.changed(path.clone(), reason);
                match self.batch_elsewhere(first).await? {
                    Some((batch, right, source)) => {
                        self.mended_by(Some((right, source)));
                        batch
                    }
                    // Its entries are compared all the same, if there are any.
                    None => match ledger::parse(first, &bytes) {
                        Ok(batch) => batch,
                        Err(_) => return Ok(false),
                    },
                }
            }
        };
        self.at_entries(&batch, &path).await?;
        Ok(true)
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
            self.missing(path.clone(), &reason(next));
            match self.batch_elsewhere(next).await? {
                Some((batch, right, source)) if next < end => {
                    self.mended_by(Some((right, source)));
                    self.at_entries(&batch, &path).await?;
                }
                _ => return Ok(false),
            }
        }
    }

    async fn at_entries(&mut self, batch: &Batch, path: &str) -> Result<(), AuditError> {
        for (_, leaf) in &batch.entries {
            self.at_entry(leaf, path).await?;
        }
        self.roots.insert(self.tree.size(), self.tree.root());
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
            let found = self.vault.tile(&path).await?;
            let path = Key::Tile(path).path().to_string();
            match found {
                Some(found) if found == bytes => continue,
                Some(_) => self.changed(path, "it is not the tile of these entries".into()),
                None if needed => self.missing(path, "it is not in the store"),
                None => continue,
            }
            self.mended_by(Some((bytes.into(), Source::Entries)));
        }
        Ok(())
    }

    /// Looks at what is left when every batch was read.
    async fn at_end(&mut self) -> Result<(), AuditError> {
        let known = EntryNo::try_from(self.known).unwrap_or(EntryNo::MAX);
        let reason =
            |next| format!("the entries {next} to {} of the database are not there", known - 1);
        if self.tree.size() < self.known {
            self.up_to(known, reason).await?;
        }
        let size = self.tree.size();
        if self.published.as_ref().is_some_and(|published| published.size > size) {
            let path = Key::Checkpoint(None).path().to_string();
            self.changed(path, format!("it has more than the {size} entries of the log"));
        }
        for size in std::mem::take(&mut self.history) {
            let path = Key::Checkpoint(Some(size)).path().to_string();
            let reason = match self.vault.checkpoint_of(size).await {
                Ok(note) => match self.opened(&note) {
                    Ok(kept) if Some(&kept.root) == self.roots.get(&size) && kept.size == size => {
                        continue;
                    }
                    Ok(_) => "the entries do not lead to it".into(),
                    Err(error) => error.to_string(),
                },
                Err(VaultError::Conflict(_)) => "it is not text".into(),
                Err(error) => return Err(error.into()),
            };
            self.changed(path, reason);
            if self.roots.contains_key(&size) {
                self.mend_checkpoint(size).await?;
            }
        }
        Ok(())
    }
}
