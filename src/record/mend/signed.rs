//! What is signed decides whom to believe: whether something contradicts the database, and
//! whether its entries lead to what was signed over them.

use std::collections::BTreeMap;

use bytes::Bytes;

use super::super::RecordError;
use super::super::recover::tree_end;
use super::{Damaged, Mending};
use crate::db::Tx;
use crate::ledger;
use crate::model::id::EntryNo;
use crate::tlog::{Checkpoint, Frontier, Hash, LogKeys};

/// How many entries are read at a time.
const CHUNK: u32 = 4096;

/// What the keys of this machine have signed.
pub(super) struct Signed {
    /// Their verifier keys; none where there are none.
    keys: Vec<String>,
}

impl Signed {
    pub(super) fn by(keys: Option<&LogKeys>) -> Self {
        let keys = keys.into_iter().flat_map(LogKeys::public).map(ToOwned::to_owned).collect();
        Self { keys }
    }

    /// What a checkpoint says that is signed; whoever did, where this machine has no keys.
    pub(super) fn opened(&self, note: &str) -> Option<Checkpoint> {
        match self.keys.is_empty() {
            true => Checkpoint::parse(note).ok(),
            false => Checkpoint::open(note, &self.keys).ok(),
        }
    }

    /// Those of the batches that the database can make again, with their bytes: none, when
    /// its entries from the first to the last do not lead to what was signed, over them and
    /// over all of its `tree`.
    pub(super) async fn again(
        &self,
        tx: &mut Tx,
        tree: &Frontier,
        damaged: Vec<Damaged>,
    ) -> Result<Vec<(Damaged, Bytes)>, RecordError> {
        let (mut again, mut roots) = (Vec::new(), BTreeMap::new());
        for one in damaged {
            let Some(bytes) = ledger::batch_again(tx, one.first).await? else { continue };
            let Ok(batch) = ledger::parse(one.first, &bytes) else { continue };
            let Some(said) = self.opened(&batch.checkpoint) else { continue };
            roots.insert(said.size, said.root);
            again.push((one, bytes));
        }
        let newest = ledger::newest(tx).await?.and_then(|(_, note)| self.opened(&note));
        let whole =
            newest.is_some_and(|newest| (newest.size, newest.root) == (tree.size(), tree.root()));
        if again.is_empty() || !whole || self.keys.is_empty() {
            return Ok(Vec::new());
        }
        roots.insert(tree.size(), tree.root());
        Ok(if lead_to(tx, &roots).await? { again } else { Vec::new() })
    }
}

/// Whether the database has noted a checkpoint that says the same.
pub(super) async fn is_noted(tx: &mut Tx, said: &Checkpoint) -> Result<bool, RecordError> {
    let noted = ledger::checkpoint_of(tx, said.size).await?;
    let noted = noted.and_then(|note| Checkpoint::parse(&note).ok());
    Ok(noted.is_some_and(|noted| noted.root == said.root))
}

/// Whether the entries of the database lead to each of these roots, by the sizes of the
/// trees.
async fn lead_to(tx: &mut Tx, roots: &BTreeMap<u64, Hash>) -> Result<bool, RecordError> {
    let end = roots.keys().next_back().copied().unwrap_or(0);
    let mut tree = Frontier::default();
    while tree.size() < end {
        let leaves = ledger::leaves(tx, tree.size(), end, CHUNK).await?;
        if leaves.is_empty() {
            return Ok(false);
        }
        for leaf in leaves {
            tree.push(leaf.as_bytes());
            if roots.get(&tree.size()).is_some_and(|root| *root != tree.root()) {
                return Ok(false);
            }
        }
    }
    Ok(true)
}

impl Mending<'_> {
    /// Whether something signed that stands in the store says another thing than the
    /// database, whose `tree` it is, or more than the entries of the two can explain.
    pub(super) async fn contradicts(
        &self,
        tx: &mut Tx,
        tree: &Frontier,
        damaged: &[Damaged],
    ) -> Result<bool, RecordError> {
        for one in damaged {
            let note = one.found.as_deref().and_then(ledger::note_in);
            if let Some(said) = note.and_then(|note| self.signed.opened(note))
                && !is_noted(tx, &said).await?
            {
                return Ok(true);
            }
        }
        let mut ahead = false;
        for note in self.published(damaged).await? {
            match self.signed.opened(&note) {
                Some(said) if said.size > tree.size() => ahead = true,
                Some(said) if !is_noted(tx, &said).await? => return Ok(true),
                _ => {}
            }
        }
        // An older database was put back: what the store has beyond it must go on from it.
        match self.vault.batches(tree_end(tree)).await?.first() {
            Some(first) => Ok(!self.leads_on(tree, *first).await),
            None => Ok(ahead),
        }
    }

    /// The checkpoints that were published since the first of the batches began.
    async fn published(&self, damaged: &[Damaged]) -> Result<Vec<String>, RecordError> {
        let first = damaged.iter().map(|one| one.first).min().unwrap_or(0);
        let mut notes = Vec::new();
        // One that cannot be read is for the verification.
        notes.extend(self.vault.checkpoint().await.ok().flatten());
        for size in self.vault.checkpoint_sizes_after(u64::try_from(first).unwrap_or(0)).await? {
            notes.extend(self.vault.checkpoint_of(size).await.ok());
        }
        Ok(notes)
    }

    /// Whether the batch that begins with entry `first` leads from this tree to what was
    /// signed.
    async fn leads_on(&self, tree: &Frontier, first: EntryNo) -> bool {
        let Ok(bytes) = self.vault.batch(first).await else { return false };
        let Ok(batch) = ledger::parse(first, &bytes) else { return false };
        let mut tree = tree.clone();
        batch.entries.iter().for_each(|(_, leaf)| tree.push(leaf));
        self.signed.opened(&batch.checkpoint).is_some_and(|said| said.root == tree.root())
    }
}
