//! A batch of acts, from the moment it is full until all of it is answered.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::{Notify, mpsc};

use super::copies::Copies;
use super::recover::recover;
use super::{Asked, Clock, Receipt, RecordError, Signing};
use crate::catalog::{self, ApplyError, Refusal};
use crate::db::{Db, Tx};
use crate::ledger::{self, LedgerError, Written};
use crate::model::id::{Digest, EntryNo};
use crate::model::lookup::LookupKey;
use crate::vault::{Vault, VaultError};

/// The most acts in one batch.
pub(super) const BATCH: usize = 256;
/// After acts of so many bytes the database begins to write back what they wrote: as many
/// as open two hundred households.
const WRITTEN_BACK: usize = 512 << 10;
/// How often bodies or a batch are written before their acts are answered with
/// an error.
const WRITE_TRIES: u32 = 5;

/// What recording works with.
pub(super) struct Shared {
    pub(super) db: Db,
    pub(super) vault: Vault,
    pub(super) clock: Clock,
    pub(super) signing: Signing,
    /// The key that numbers of persons are looked up with.
    pub(super) lookup: LookupKey,
    pub(super) copies: Option<Arc<Copies>>,
    /// Told after every batch: there is work for the worker and the index.
    pub(super) news: Arc<Notify>,
}

pub(super) async fn record_all(shared: Shared, mut incoming: mpsc::Receiver<Asked>) {
    let (mut batch, mut written) = (Vec::with_capacity(BATCH), 0);
    while incoming.recv_many(&mut batch, BATCH).await > 0 {
        let batch = std::mem::take(&mut batch);
        written += batch.iter().map(|asked| asked.draft.body_bytes.len()).sum::<usize>();
        match record_batch(&shared, &batch).await {
            Ok(done) => {
                for (asked, outcome) in batch.into_iter().zip(done) {
                    drop(asked.answer.send(outcome.map_err(RecordError::from)));
                }
            }
            Err(error) => {
                tracing::error!(%error, "a batch of acts was not recorded");
                for asked in batch {
                    drop(asked.answer.send(Err(error.told())));
                }
            }
        }
        if written >= WRITTEN_BACK {
            shared.db.write_back();
            written = 0;
        }
        shared.news.notify_waiters();
    }
}

/// Records a batch; returns what became of each act.
async fn record_batch(
    shared: &Shared,
    batch: &[Asked],
) -> Result<Vec<Result<Receipt, Refusal>>, RecordError> {
    let (mut carefully, mut recovered) = (false, false);
    loop {
        match try_batch(shared, batch, carefully).await {
            // Once more, so that whoever is refused is taken back alone.
            Err(RecordError::Refused(_)) if !carefully => carefully = true,
            Err(RecordError::Db(error)) if !carefully && error.is_twice() => carefully = true,
            // The object store has entries that the database lacks: somebody
            // stopped, or was cut off, between publishing and committing.
            Err(RecordError::Vault(VaultError::Conflict(_))) if !recovered => {
                recover(&shared.db, &shared.vault, &shared.lookup).await?;
                recovered = true;
            }
            Err(unsure @ RecordError::Unsure(_)) => {
                // Where it was published, whoever sends it again should be told so.
                if let Err(error) = recover(&shared.db, &shared.vault, &shared.lookup).await {
                    tracing::warn!(%error, "what was published is applied later");
                }
                return Err(unsure);
            }
            outcome => return outcome,
        }
    }
}

/// Applies, publishes and commits a batch. A refusal ends it, unless it is
/// done `carefully`: savepoints cost two trips to the database an act, and each act
/// is waited for.
async fn try_batch(
    shared: &Shared,
    batch: &[Asked],
    carefully: bool,
) -> Result<Vec<Result<Receipt, Refusal>>, RecordError> {
    if !shared.signing.is_there() {
        return Err(RecordError::NoKey);
    }
    let mut tx = shared.db.write().await?;
    let mut tree = ledger::lock(&mut tx).await?;
    if !carefully {
        tx.run_ahead();
    }
    let first = EntryNo::try_from(tree.size()).unwrap_or(EntryNo::MAX);
    let mut no = first;
    let mut kept: Vec<Written> = Vec::new();
    let mut bodies = BTreeSet::new();
    let mut done = Vec::with_capacity(batch.len());
    for asked in batch {
        if let Some(since) = &asked.since
            && (kept.iter().any(|one| since.is_about(&one.body.act))
                || since.is_over(&mut tx).await?)
        {
            if !carefully {
                return Err(Refusal::Meanwhile.into());
            }
            done.push(Err(Refusal::Meanwhile));
            continue;
        }
        let time = (shared.clock)();
        let volumes = catalog::chains::links(&mut tx, &asked.draft.body.act).await?;
        let written = ledger::write(no, time, volumes, asked.draft.clone())?;
        let applied = if carefully {
            apply_alone(&mut tx, &shared.lookup, &written).await
        } else {
            catalog::apply(&mut tx, &shared.lookup, &written.entry, &written.body).await
        };
        match applied {
            Ok(()) => {
                tree.push(&written.leaf);
                kept.push(written);
                bodies.insert(asked.body);
                done.push(Ok(Receipt { no, time }));
                no += 1;
            }
            Err(ApplyError::Refused(refusal)) if carefully => done.push(Err(refusal)),
            Err(ApplyError::Refused(refusal)) => return Err(refusal.into()),
            Err(ApplyError::Db(error)) => return Err(error.into()),
        }
    }
    if kept.is_empty() {
        return Ok(done);
    }
    // Signed before it is published, but the signature leaves this process only
    // inside the object that can be created once: two trees of one size are
    // never both seen.
    let named = catalog::keys::signing(&mut tx).await?;
    let checkpoint = shared.signing.sign(&named, &tree)?;
    let bodies: Vec<Digest> = bodies.into_iter().collect();
    let text = ledger::text(&checkpoint, &bodies, kept.iter().map(|one| one.leaf.as_slice()));
    let sha256 = Digest::of(&text);
    if let Some(copies) = &shared.copies {
        copies.before(first).await?;
    }
    let publish_all = async {
        publish(&shared.vault, first, text.clone()).await?;
        match &shared.copies {
            Some(copies) => copies.publish(first, tree.size(), text.clone()).await,
            None => Ok(()),
        }
    };
    let (published, appended) = tokio::join!(
        publish_all,
        ledger::append(&mut tx, &kept, &tree, &checkpoint, &bodies, sha256)
    );
    published?;
    let committed = match appended {
        Ok(()) => tx.commit().await.map_err(LedgerError::from),
        Err(error) => {
            drop(tx);
            Err(error)
        }
    };
    if let Err(error) = committed {
        tracing::warn!(%error, "what was published is applied anew");
        recover(&shared.db, &shared.vault, &shared.lookup)
            .await
            .map_err(|error| RecordError::Unsure(error.to_string()))?;
    }
    Ok(done)
}

/// Applies one act inside a savepoint, so that a refusal takes back only it.
async fn apply_alone(tx: &mut Tx, key: &LookupKey, written: &Written) -> Result<(), ApplyError> {
    tx.run("SAVEPOINT act", &[]).await?;
    let applied = catalog::apply(tx, key, &written.entry, &written.body).await;
    if let Err(ApplyError::Refused(_)) = applied {
        tx.run("ROLLBACK TO SAVEPOINT act", &[]).await?;
    }
    tx.run("RELEASE SAVEPOINT act", &[]).await?;
    applied
}

/// Publishes a batch. When this fails, it may still have happened.
pub(super) async fn publish(vault: &Vault, first: EntryNo, text: Bytes) -> Result<(), RecordError> {
    match patiently(|| vault.publish(first, text.clone())).await {
        Ok(()) => Ok(()),
        Err(conflict @ VaultError::Conflict(_)) => Err(conflict.into()),
        // There was no space for it: that is known.
        Err(VaultError::Full)
            if matches!(vault.batch(first).await, Err(VaultError::NotFound(_))) =>
        {
            Err(VaultError::Full.into())
        }
        Err(error) => Err(RecordError::Unsure(error.to_string())),
    }
}

/// Writes, and tries again for a while when the store fails.
pub(super) async fn patiently<T, F: Future<Output = Result<T, VaultError>>>(
    write: impl Fn() -> F,
) -> Result<T, VaultError> {
    let mut tries = 1;
    loop {
        match write().await {
            Err(error @ (VaultError::Store(_) | VaultError::Disk(_))) if tries < WRITE_TRIES => {
                tracing::warn!(%error, tries, "the store does not take it, trying again");
                tokio::time::sleep(Duration::from_millis(100 << tries)).await;
                tries += 1;
            }
            outcome => return outcome,
        }
    }
}
