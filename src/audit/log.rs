//! The log itself: every batch is read again, the tree is grown anew, and
//! everything that was published of it is compared with that tree, and with
//! the database. What was published of the tree is in `published`.

mod published;
mod read;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use bytes::Bytes;
use futures::future::try_join_all;

pub(super) use self::published::seen_now;
use self::read::{Read, Together};
use super::AuditError;
use super::signers::Signers;
use crate::app::App;
use crate::catalog::{documents, published as seen};
use crate::ledger::{self, Batch, bodies};
use crate::model::act::{FindingClass, LogEntry, LogFinding, Side, Source};
use crate::model::id::{Digest, EntryNo};
use crate::record::RecordError;
use crate::tlog::{Checkpoint, Edge, Frontier, Hash, TlogError};
use crate::vault::{Key, Vault, VaultError};

/// How many batches are read before they are looked at one after the other.
const AHEAD: usize = 128;
/// How many of these are read on one thread.
const PIECE: usize = 32;
/// How many entries of the database are read at a time.
const CHUNK: u32 = 4096;

/// Something of the log that is not as it should be, and what should stand
/// there, where that is known.
#[derive(Debug)]
pub(super) struct Wrong {
    pub(super) finding: LogFinding,
    pub(super) right: Option<(Bytes, Source)>,
}

/// Looks at the whole log in the store of one side, which should have the entries
/// before `end`; returns what is not as it should be.
pub(super) async fn look(
    app: &App,
    (side, vault): (Side, &Vault),
    end: u64,
    other: Option<(&Vault, Source)>,
) -> Result<Vec<Wrong>, AuditError> {
    let mut look = Look::begin(app, (side, vault), end, other).await?;
    let batches = vault.batches(0).await?;
    for some in batches.chunks(AHEAD) {
        let pieces = some.chunks(PIECE).map(|firsts| Read::all(vault, firsts, &look.signers));
        for batch in try_join_all(pieces).await?.into_iter().flatten() {
            if !look.at_batch(batch).await? {
                // What follows rests on a batch that is not there.
                return Ok(look.found);
            }
        }
    }
    look.at_end().await?;
    Ok(look.found)
}

/// A log that is being looked at.
struct Look<'a> {
    app: &'a App,
    side: Side,
    vault: &'a Vault,
    /// Another store, which may have what this one lost.
    other: Option<(&'a Vault, Source)>,
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
    /// How many entries of the database there should be.
    known: u64,
    published: Option<Checkpoint>,
    /// The note of that.
    note: String,
    /// The sizes of which a checkpoint is kept.
    history: BTreeSet<u64>,
    /// Those of which one was kept when it was looked last, or published since.
    seen: Vec<u64>,
    found: Vec<Wrong>,
}

impl<'a> Look<'a> {
    async fn begin(
        app: &'a App,
        (side, vault): (Side, &'a Vault),
        end: u64,
        other: Option<(&'a Vault, Source)>,
    ) -> Result<Self, AuditError> {
        let mut tx = app.db.read().await?;
        let known = ledger::current(&mut tx).await.map_err(RecordError::from)?;
        let seen = seen::sizes(&mut tx, side, seen::Log::Records).await?;
        drop(tx);
        let mut look = Self {
            app,
            side,
            vault,
            other,
            signers: Signers::begin(app).await?,
            tree: Frontier::default(),
            edge: Edge::default(),
            roots: BTreeMap::new(),
            rows: VecDeque::new(),
            batches: VecDeque::new(),
            known: known.size().min(end),
            published: None,
            note: String::new(),
            history: vault.checkpoint_sizes().await?.into_iter().collect(),
            seen,
            found: Vec::new(),
        };
        let path = Key::Checkpoint(None).path().to_string();
        match vault.checkpoint().await {
            Ok(Some(note)) => match Checkpoint::parse(&note) {
                Ok(checkpoint) => (look.published, look.note) = (Some(checkpoint), note),
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

    /// Says what should stand in the place of the last thing that was found.
    fn mended_by(&mut self, right: Option<(Bytes, Source)>) {
        if let Some(last) = self.found.last_mut() {
            last.right = right;
        }
    }

    /// The batch in `bytes`, if it leads from the tree as it is to the tree that
    /// was signed by those who sign then; else why not.
    async fn sound(&self, first: EntryNo, bytes: &[u8]) -> Result<Batch, String> {
        let batch = ledger::parse(first, bytes).map_err(|error| error.to_string())?;
        self.leads_on(&batch, None).await.map(|()| batch)
    }

    /// Whether a batch leads from the tree as it is to the tree that was signed;
    /// `opened` is what its checkpoint says by those who signed at some time.
    async fn leads_on(
        &self,
        batch: &Batch,
        opened: Option<(usize, Result<Checkpoint, TlogError>)>,
    ) -> Result<(), String> {
        let (mut tree, mut signers) = (self.tree.clone(), self.signers.clone());
        for (entry, leaf) in &batch.entries {
            tree.push(leaf);
            if Signers::are_named_by(entry) {
                signers.take_up(entry.no, &self.body(batch, entry).await?)?;
            }
        }
        let opened = match opened {
            Some((then, opened)) if then == signers.now() => opened,
            _ => signers.opened(&batch.checkpoint),
        };
        match opened {
            Ok(checkpoint) if checkpoint.root == tree.root() => Ok(()),
            Ok(_) => Err("its entries do not lead to its checkpoint".into()),
            Err(error) => Err(error.to_string()),
        }
    }

    /// The body of an entry, from wherever it is right; else why there is none.
    async fn body(&self, batch: &Batch, entry: &LogEntry) -> Result<Bytes, String> {
        for name in &batch.bodies {
            if let Ok(blob) = self.app.vault.bytes(*name).await
                && let Some(body) = bodies::apart(&blob).remove(&entry.body)
            {
                return Ok(body);
            }
        }
        self.app
            .vault
            .bytes(entry.body)
            .await
            .map_err(|error| format!("who signs after entry {} cannot be known: {error}", entry.no))
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
            && let Ok(batch) = self.sound(first, &bytes).await
        {
            return Ok(Some((batch, bytes, Source::Database)));
        }
        if let Some((other, source)) = self.other
            && let Ok(bytes) = other.batch(first).await
            && let Ok(batch) = self.sound(first, &bytes).await
        {
            return Ok(Some((batch, bytes, source)));
        }
        Ok(None)
    }

    /// Looks at a batch; false when nothing after it can be looked at.
    async fn at_batch(&mut self, read: Read) -> Result<bool, AuditError> {
        let Read { first, sha256, batch, mut bodies, opened } = read;
        let reason = |next| format!("the entries {next} to {} are not in the store", first - 1);
        if !self.up_to(first, reason).await? {
            return Ok(false);
        }
        let path = Key::Entries(first).path().to_string();
        let leads_on = match &batch {
            Ok(batch) => self.leads_on(batch, opened).await,
            Err(error) => Err(error.to_string()),
        };
        let looked = match leads_on {
            Ok(()) if self.is_noted(first, sha256).await? => None,
            Ok(()) => Some("it is not the batch that the database noted".to_owned()),
            Err(reason) => Some(reason),
        };
        let batch = match (looked, batch) {
            (None, Ok(batch)) => batch,
            (reason, batch) => {
                self.changed(path.clone(), reason.unwrap_or_default());
                match (self.batch_elsewhere(first).await?, batch) {
                    (Some((elsewhere, right, source)), _) => {
                        let names = vec![elsewhere.bodies.clone()];
                        let read = Together::read(self.vault, names).await?;
                        bodies = read.into_iter().next().unwrap_or_default();
                        self.mended_by(Some((right, source)));
                        elsewhere
                    }
                    // Its entries are compared all the same, if there are any.
                    (None, Ok(batch)) => batch,
                    (None, Err(_)) => return Ok(false),
                }
            }
        };
        self.at_bodies(&batch, bodies, &path).await?;
        self.at_entries(&batch, &path).await?;
        Ok(true)
    }

    /// Whether the database noted these bytes as the batch of entry `first`, or
    /// knows nothing of it.
    async fn is_noted(&mut self, first: EntryNo, sha256: Digest) -> Result<bool, AuditError> {
        if self.tree.size() >= self.known {
            return Ok(true);
        }
        while self.batches.front().is_some_and(|(noted, _)| *noted < first) {
            self.batches.pop_front();
        }
        if self.batches.is_empty() {
            let mut tx = self.app.db.read().await?;
            let noted = ledger::batches_from(&mut tx, first, CHUNK).await?;
            self.batches = noted.into_iter().map(|(first, _, sha256)| (first, sha256)).collect();
        }
        let noted = self.batches.front();
        Ok(noted.is_some_and(|noted| *noted == (first, sha256.to_string())))
    }

    /// Looks whether the bodies of a batch are those its entries name. Bodies
    /// that are blobs of their own are read by the sweep.
    async fn at_bodies(
        &mut self,
        batch: &Batch,
        bodies: Together,
        path: &str,
    ) -> Result<(), AuditError> {
        let whole = bodies.lost.is_empty() && !batch.bodies.is_empty();
        for (name, error) in bodies.lost {
            // What the database names is found by the sweep.
            let mut tx = self.app.db.read().await?;
            if !documents::names_blob(&mut tx, name).await? {
                self.changed(path.to_owned(), format!("its bodies cannot be read: {error}"));
            }
        }
        for (entry, _) in batch.entries.iter().filter(|_| whole) {
            if !bodies.there.contains(&entry.body) {
                let reason = format!("the body of entry {} is not among its own", entry.no);
                self.changed(path.to_owned(), reason);
            }
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
            match self.vault.batch(next).await {
                Err(error @ VaultError::NoFile) => self.changed(path.clone(), error.to_string()),
                _ => self.missing(path.clone(), &reason(next)),
            }
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
        for (entry, leaf) in &batch.entries {
            self.at_entry(leaf, path).await?;
            if Signers::are_named_by(entry) {
                let body = self.body(batch, entry).await;
                let taken = body.and_then(|body| self.signers.take_up(entry.no, &body));
                if let Err(reason) = taken {
                    self.changed(path.to_owned(), reason);
                }
            }
        }
        self.roots.insert(self.tree.size(), (self.tree.root(), self.signers.now()));
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
        self.at_leaf(leaf).await
    }

    /// Looks at what is left when every batch was read.
    async fn at_end(&mut self) -> Result<(), AuditError> {
        let known = EntryNo::try_from(self.known).unwrap_or(EntryNo::MAX);
        let reason =
            |next| format!("the entries {next} to {} of the database are not there", known - 1);
        if self.tree.size() < self.known {
            self.up_to(known, reason).await?;
        }
        self.at_published().await?;
        self.at_history().await
    }
}
