//! Database and object store are brought to one history: at every start, and
//! wholly anew for a rebuild.

use std::collections::HashMap;

use bytes::Bytes;
use futures::{StreamExt, TryStreamExt};

use super::RecordError;
use crate::catalog::{self, ApplyError};
use crate::db::{Db, Tx};
use crate::ledger::{self, Batch, LedgerError, Written, bodies};
use crate::model::canonical;
use crate::model::id::{Digest, EntryNo};
use crate::model::lookup::LookupKey;
use crate::tlog::{Checkpoint, Frontier, TlogError};
use crate::vault::{Vault, VaultError};

/// How many bodies are fetched at a time.
const BODIES_AT_ONCE: usize = 32;
/// How many batches are applied in one transaction, where nothing hangs on all of them.
const PART: usize = 256;
/// How many of the newest batches are compared at every start.
pub(super) const COMPARED: u32 = 8;

/// Brings database and object store to one history: applies what was
/// published and is not in the database (it was cut off, or an older backup of
/// it was restored), and refuses when they disagree. Done at every start, and
/// whenever a batch finds its place in the log taken. Returns how many entries
/// were applied; `key` is that of lookups.
///
/// # Errors
/// When the two disagree, in one plain sentence, or one of them fails.
pub async fn recover(db: &Db, vault: &Vault, key: &LookupKey) -> Result<u64, RecordError> {
    let mut tx = db.read().await?;
    let last = ledger::last_batches(&mut tx, EntryNo::MAX, COMPARED).await?;
    let known = ledger::current(&mut tx).await?.size();
    drop(tx);
    for (first, expected) in last {
        let found = match vault.batch(first).await {
            Ok(lines) => Digest::of(&lines).to_string(),
            Err(VaultError::NotFound(_) | VaultError::NoFile) => "nothing".to_owned(),
            Err(error) => return Err(error.into()),
        };
        if found != expected {
            return Err(RecordError::Disagree(format!(
                "the database and the object store disagree about log entry {first}: they do not \
                 belong together, or one of them was changed"
            )));
        }
    }
    let batches = vault.batches(EntryNo::try_from(known).unwrap_or(EntryNo::MAX)).await?;
    let mut applied = 0;
    if let Some(last) = batches.last() {
        // Whoever published it may have died before it was durable, and a
        // checkpoint over it may be published next.
        vault.settle_batch(*last).await?;
        // Part by part: whoever is cut off goes on behind the last.
        for part in batches.chunks(PART) {
            let mut tx = db.write().await?;
            applied += replay(&mut tx, vault, key, part, |_| {}).await?;
            if known == 0 {
                catalog::id_digests::settle(&mut tx, key).await?;
            }
            tx.commit().await?;
        }
    }
    agree(db, vault).await?;
    Ok(applied)
}

/// Compares the tree of the database with the last checkpoint that was signed
/// over it, and with the one that was published.
async fn agree(db: &Db, vault: &Vault) -> Result<(), RecordError> {
    let mut tx = db.read().await?;
    let (tree, newest) = (ledger::current(&mut tx).await?, ledger::newest(&mut tx).await?);
    drop(tx);
    let signed = newest.and_then(|(_, note)| Checkpoint::parse(&note).ok());
    if signed.is_some_and(|last| (last.size, last.root) != (tree.size(), tree.root())) {
        return Err(RecordError::Disagree(format!(
            "the database has {} log entries, and their tree is not the one that was signed: it \
             was changed; rebuild it from the object store",
            tree.size()
        )));
    }
    let published = vault.checkpoint().await?.and_then(|note| Checkpoint::parse(&note).ok());
    let Some(published) = published else { return Ok(()) };
    // Another process may have published meanwhile what is newer than `tree`.
    let lost = published.size > tree.size() && vault.batches(tree_end(&tree)).await?.is_empty();
    let other = published.size == tree.size() && published.root != tree.root();
    if lost || other {
        return Err(RecordError::Disagree(format!(
            "the published checkpoint is of {} log entries, and those that are here do not lead \
             to it: entries were lost, removed or changed",
            published.size
        )));
    }
    Ok(())
}

pub(super) fn tree_end(tree: &Frontier) -> EntryNo {
    EntryNo::try_from(tree.size()).unwrap_or(EntryNo::MAX)
}

/// Empties the database and applies the whole log anew, in one transaction:
/// nobody records meanwhile, and when it fails nothing happened. Returns how
/// many entries were applied; `each` is told the number after each batch.
///
/// # Errors
/// As [`recover`].
pub async fn replay_all(
    db: &Db,
    vault: &Vault,
    key: &LookupKey,
    each: impl FnMut(EntryNo),
) -> Result<u64, RecordError> {
    let mut tx = db.write().await?;
    // What other processes record waits for the end of this.
    ledger::lock(&mut tx).await?;
    catalog::clear(&mut tx).await?;
    let batches = vault.batches(0).await?;
    let applied = replay(&mut tx, vault, key, &batches, each).await?;
    catalog::id_digests::settle(&mut tx, key).await?;
    tx.commit().await?;
    Ok(applied)
}

/// Applies the entries of the log before entry `end` to a database that is
/// empty.
///
/// # Errors
/// As [`recover`].
pub async fn replay_to(
    db: &Db,
    vault: &Vault,
    key: &LookupKey,
    end: u64,
) -> Result<(), RecordError> {
    let end = EntryNo::try_from(end).unwrap_or(EntryNo::MAX);
    let mut batches = vault.batches(0).await?;
    batches.retain(|first| *first < end);
    let mut tx = db.write().await?;
    replay(&mut tx, vault, key, &batches, |_| {}).await?;
    tx.commit().await?;
    Ok(())
}

/// Applies the entries of the published `batches` that the database does not
/// have.
async fn replay(
    tx: &mut Tx,
    vault: &Vault,
    key: &LookupKey,
    batches: &[EntryNo],
    mut each: impl FnMut(EntryNo),
) -> Result<u64, RecordError> {
    // Another process may have recorded meanwhile; the tree is locked now.
    let mut tree = ledger::lock(tx).await?;
    let mut applied = 0;
    for first in batches {
        let next = tree_end(&tree);
        if *first < next {
            continue;
        }
        if *first != next {
            return Err(RecordError::Disagree(format!(
                "log entries {next} to {} are missing from the object store",
                first - 1
            )));
        }
        let (batch, sha256) = read_batch(vault, *first).await?;
        let (bodies, checkpoint) = (batch.bodies.clone(), batch.checkpoint.clone());
        let written = with_bodies(vault, batch).await?;
        for one in &written {
            tree.push(&one.leaf);
            let links = catalog::chains::links(tx, &one.body.act).await?;
            if links != one.entry.volumes {
                return Err(RecordError::Disagree(format!(
                    "log entry {} does not continue the history it names",
                    one.entry.no
                )));
            }
            catalog::apply(tx, key, &one.entry, &one.body).await.map_err(|error| match error {
                ApplyError::Db(error) => error.into(),
                ApplyError::Refused(refusal) => RecordError::Disagree(format!(
                    "log entry {} cannot be applied: {refusal}",
                    one.entry.no
                )),
            })?;
        }
        let signed = Checkpoint::parse(&checkpoint);
        if signed.as_ref().ok().map(|checkpoint| checkpoint.root) != Some(tree.root()) {
            let cause = signed.err().unwrap_or(TlogError::Broken);
            return Err(LedgerError::Checkpoint { no: *first, cause }.into());
        }
        ledger::append(tx, &written, &tree, &checkpoint, &bodies, sha256).await?;
        applied += written.len() as u64;
        each(tree_end(&tree));
    }
    Ok(applied)
}

async fn read_batch(vault: &Vault, first: EntryNo) -> Result<(Batch, Digest), RecordError> {
    let bytes = vault.batch(first).await?;
    Ok((ledger::parse(first, &bytes)?, Digest::of(&bytes)))
}

/// The body of entry `no`, which is in the batch that begins with entry `first`.
pub(super) async fn body_in(
    vault: &Vault,
    first: Option<EntryNo>,
    no: EntryNo,
) -> Result<Bytes, RecordError> {
    let unknown = || RecordError::Disagree(format!("the log has no entry {no}"));
    let (batch, _) = read_batch(vault, first.ok_or_else(unknown)?).await?;
    let entry = batch.entries.into_iter().map(|(entry, _)| entry).find(|entry| entry.no == no);
    let wanted = entry.ok_or_else(unknown)?.body;
    for name in batch.bodies {
        if let Some(body) = bodies::apart(&vault.bytes(name).await?).remove(&wanted) {
            return Ok(body);
        }
    }
    Ok(vault.bytes(wanted).await?)
}

/// The entries of a batch with their bodies: from the blobs that the batch
/// names, or each from its own.
async fn with_bodies(vault: &Vault, batch: Batch) -> Result<Vec<Written>, RecordError> {
    let mut together = HashMap::new();
    for name in batch.bodies {
        together.extend(bodies::apart(&vault.bytes(name).await?));
    }
    futures::stream::iter(batch.entries.into_iter().map(async |(entry, leaf)| {
        let body_bytes = match together.get(&entry.body) {
            Some(bytes) => bytes.clone(),
            None => vault.bytes(entry.body).await?,
        };
        let body = canonical::from_bytes(&body_bytes)
            .map_err(|cause| LedgerError::Malformed { no: entry.no, cause })?;
        Ok::<_, RecordError>(Written { entry, body, leaf, body_bytes })
    }))
    .buffered(BODIES_AT_ONCE)
    .try_collect()
    .await
}
