//! Recording: an act is applied, numbered, made durable and published, and
//! only then answered. The one use case that joins catalog, ledger and vault.
//!
//! Acts that arrive while others are being made durable are committed
//! together: one transaction, one batch, one publication. The order is
//!
//! 1. the body of the act becomes a blob;
//! 2. one transaction: each act is applied (or refused and taken back alone),
//!    numbered, and its entry kept; the transaction is committed;
//! 3. the batch is published to the object store, in order; then its acts are
//!    answered.
//!
//! A stop between 2 and 3 leaves acts that nobody was told of; [`recover`]
//! publishes them at the next start. A stop before leaves a body that nothing
//! names. What is published and was lost from the database comes back by
//! [`recover`] too, so the database need not wait for its disk.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures::{StreamExt, TryStreamExt};
use jiff::Timestamp;
use tokio::sync::{Notify, mpsc, oneshot};

use crate::catalog::{self, ApplyError, Refusal};
use crate::db::{Db, DbError, Tx};
use crate::ledger::{self, Draft, LedgerError, Written};
use crate::model::access::Actor;
use crate::model::act::{Act, Body};
use crate::model::id::{Digest, EntryNo};
use crate::vault::{Vault, VaultError};

/// The most acts in one batch.
const BATCH: usize = 256;
/// How many bodies are fetched at a time.
const BODIES_AT_ONCE: usize = 32;
/// How often publishing a batch is tried before its acts are answered with an
/// error.
const PUBLISH_TRIES: u32 = 5;

/// Where the time comes from; tests bring their own.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Why an act was not recorded.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// It breaks a rule; nothing was changed.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The database failed; nothing was changed.
    #[error(transparent)]
    Db(#[from] DbError),
    /// The log cannot be read or written.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The object store failed.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The act is kept but could not be published yet; it will be, and must
    /// not be done again.
    #[error("entry {no} is kept but not yet published: {reason}")]
    NotPublished {
        /// Its number.
        no: EntryNo,
        /// Why.
        reason: String,
    },
    /// Database and object store disagree about the history.
    #[error("{0}")]
    Disagree(String),
    /// The acts it was committed with failed as a whole; nothing was changed.
    #[error("not recorded: {0}")]
    Failed(String),
    /// The program is stopping.
    #[error("the archive is being closed")]
    Closed,
}

/// What the answer to an act says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Receipt {
    /// The number of its entry.
    pub no: EntryNo,
    /// When it was taken.
    pub time: Timestamp,
}

type Answer = oneshot::Sender<Result<Receipt, RecordError>>;

struct Asked {
    draft: Draft,
    answer: Answer,
}

/// A committed batch on its way to the object store.
struct Committed {
    last_first: EntryNo,
    answers: Vec<(Answer, Receipt)>,
}

/// The handle through which acts are recorded; cheap to clone.
#[derive(Debug, Clone)]
pub struct Recorder {
    asked: mpsc::Sender<Asked>,
    vault: Vault,
}

struct Shared {
    db: Db,
    vault: Vault,
    clock: Clock,
    /// Told after every batch: there is work for the worker and the index.
    news: Arc<Notify>,
    /// The first entry of the last batch that this process saw published.
    published: std::sync::atomic::AtomicI64,
}

impl Recorder {
    /// Starts recording; it goes on until the last handle is dropped.
    #[must_use]
    pub fn start(db: Db, vault: Vault, clock: Clock, news: Arc<Notify>) -> Self {
        let (asked, incoming) = mpsc::channel(BATCH);
        let (committed, outgoing) = mpsc::channel(2);
        let published = std::sync::atomic::AtomicI64::new(-1);
        let shared = Arc::new(Shared { db, vault: vault.clone(), clock, news, published });
        tokio::spawn(commit_all(Arc::clone(&shared), incoming, committed));
        tokio::spawn(publish_all(shared, outgoing));
        Self { asked, vault }
    }

    /// Records an act; returns when it is durable and published. Once begun it
    /// goes on to its end, also when nobody waits for the answer any more.
    ///
    /// # Errors
    /// When it is refused, or could not be made durable.
    pub async fn record(&self, actor: &Actor, act: Act) -> Result<Receipt, RecordError> {
        self.record_after(actor, act, std::future::ready(Ok(()))).await
    }

    /// Records an act that is about what `before` makes durable; both are
    /// stored at the same time, and the act is done when both are there. What
    /// `before` returns is held until then.
    ///
    /// # Errors
    /// That of `before`, or as [`Recorder::record`].
    pub async fn record_after<T: Send + 'static>(
        &self,
        actor: &Actor,
        act: Act,
        before: impl Future<Output = Result<T, VaultError>> + Send + 'static,
    ) -> Result<Receipt, RecordError> {
        let draft = Draft::of(Body::new(actor.clone(), act))?;
        let recorder = self.clone();
        let recorded = tokio::spawn(async move {
            let (before, body) = tokio::join!(before, recorder.vault.put(draft.body_bytes.clone()));
            let digest = body?;
            // A body that no act will name is taken back; being salted, it is
            // nobody else's.
            let held = match before {
                Ok(held) => held,
                Err(error) => {
                    recorder.vault.forget(digest).await?;
                    return Err(error.into());
                }
            };
            let answer = recorder.submit(draft).await;
            if let Err(RecordError::Refused(_)) = answer {
                recorder.vault.forget(digest).await?;
            }
            drop(held);
            answer
        });
        recorded.await.map_err(|_| RecordError::Closed)?
    }

    async fn submit(&self, draft: Draft) -> Result<Receipt, RecordError> {
        let (answer, answered) = oneshot::channel();
        self.asked.send(Asked { draft, answer }).await.map_err(|_| RecordError::Closed)?;
        answered.await.map_err(|_| RecordError::Closed)?
    }
}

async fn commit_all(
    shared: Arc<Shared>,
    mut incoming: mpsc::Receiver<Asked>,
    committed: mpsc::Sender<Committed>,
) {
    let mut batch = Vec::with_capacity(BATCH);
    while incoming.recv_many(&mut batch, BATCH).await > 0 {
        match commit(&shared, std::mem::take(&mut batch)).await {
            Ok(Some(done)) => {
                if committed.send(done).await.is_err() {
                    return;
                }
            }
            Ok(None) => {}
            Err(error) => tracing::error!(%error, "a batch of acts was not committed"),
        }
    }
}

/// Applies and commits a batch. An act that is refused is answered at once;
/// when the batch as a whole fails, nothing of it happened and everybody in it
/// is told.
async fn commit(shared: &Shared, batch: Vec<Asked>) -> Result<Option<Committed>, RecordError> {
    let mut answers = Vec::new();
    let outcome = try_commit(shared, batch, &mut answers).await;
    match outcome {
        Ok(Some(last_first)) => Ok(Some(Committed { last_first, answers })),
        Ok(None) => Ok(None),
        Err(error) => {
            for (answer, _) in answers {
                drop(answer.send(Err(RecordError::Failed(error.to_string()))));
            }
            Err(error)
        }
    }
}

async fn try_commit(
    shared: &Shared,
    batch: Vec<Asked>,
    answers: &mut Vec<(Answer, Receipt)>,
) -> Result<Option<EntryNo>, RecordError> {
    let mut batch = batch.into_iter();
    let begun = async {
        let mut tx = shared.db.write().await?;
        let next = ledger::next(&mut tx).await?;
        Ok::<_, RecordError>((tx, next))
    };
    let (mut tx, mut next) = match begun.await {
        Ok(begun) => begun,
        Err(error) => {
            let time = (shared.clock)();
            answers.extend(batch.map(|asked| (asked.answer, Receipt { no: -1, time })));
            return Err(error);
        }
    };
    let mut kept: Vec<Written> = Vec::new();
    while let Some(Asked { draft, answer }) = batch.next() {
        let time = (shared.clock)();
        match one(&mut tx, next, time, draft).await {
            Ok(written) => {
                kept.push(written);
                answers.push((answer, Receipt { no: next, time }));
                next += 1;
            }
            Err(RecordError::Refused(refusal)) => drop(answer.send(Err(refusal.into()))),
            Err(error) => {
                answers.push((answer, Receipt { no: next, time }));
                answers.extend(batch.map(|asked| (asked.answer, Receipt { no: next, time })));
                return Err(error);
            }
        }
    }
    let Some(first) = kept.first().map(|written| written.entry.no) else { return Ok(None) };
    let seen = shared.published.load(std::sync::atomic::Ordering::Relaxed);
    ledger::mark_published(&mut tx, seen).await?;
    ledger::append(&mut tx, &kept, false).await?;
    tx.commit().await?;
    Ok(Some(first))
}

/// Applies one act inside a savepoint, so that a refusal takes back only it.
async fn one(
    tx: &mut Tx,
    no: EntryNo,
    time: Timestamp,
    draft: Draft,
) -> Result<Written, RecordError> {
    let written = ledger::write(no, time, draft)?;
    tx.run("SAVEPOINT act", &[]).await?;
    let applied = catalog::apply(tx, &written.entry, &written.body).await;
    match applied {
        Ok(()) => {
            tx.run("RELEASE SAVEPOINT act", &[]).await?;
            Ok(written)
        }
        Err(ApplyError::Refused(refusal)) => {
            tx.run("ROLLBACK TO SAVEPOINT act", &[]).await?;
            tx.run("RELEASE SAVEPOINT act", &[]).await?;
            Err(refusal.into())
        }
        Err(ApplyError::Db(error)) => Err(error.into()),
    }
}

async fn publish_all(shared: Arc<Shared>, mut outgoing: mpsc::Receiver<Committed>) {
    let mut groups = Vec::new();
    while outgoing.recv_many(&mut groups, 8).await > 0 {
        let published = publish_with_patience(&shared).await;
        if published.is_ok()
            && let Some(last) = groups.iter().map(|group| group.last_first).max()
        {
            shared.published.fetch_max(last, std::sync::atomic::Ordering::Relaxed);
        }
        for (answer, receipt) in groups.drain(..).flat_map(|group| group.answers) {
            let told = match &published {
                Ok(()) => Ok(receipt),
                Err(error) => {
                    Err(RecordError::NotPublished { no: receipt.no, reason: error.to_string() })
                }
            };
            drop(answer.send(told));
        }
        shared.news.notify_waiters();
    }
}

/// Publishes everything that is committed and not yet published.
async fn publish_with_patience(shared: &Shared) -> Result<(), RecordError> {
    let mut tries = 0;
    loop {
        let seen = shared.published.load(std::sync::atomic::Ordering::Relaxed);
        match publish_pending(&shared.db, &shared.vault, seen).await {
            Ok(()) => return Ok(()),
            Err(error) if tries + 1 < PUBLISH_TRIES => {
                tries += 1;
                tracing::warn!(%error, tries, "publishing the log failed, trying again");
                tokio::time::sleep(Duration::from_millis(100 << tries)).await;
            }
            Err(error) => return Err(error),
        }
    }
}

/// Publishes the unpublished batches that begin after entry `seen`, in order.
async fn publish_pending(db: &Db, vault: &Vault, seen: EntryNo) -> Result<(), RecordError> {
    let mut tx = db.read().await?;
    let pending = ledger::unpublished(&mut tx, seen).await?;
    drop(tx);
    publish(vault, pending).await
}

async fn publish(vault: &Vault, pending: Vec<(EntryNo, Bytes)>) -> Result<(), RecordError> {
    for (first, lines) in pending {
        vault.publish(first, lines).await?;
    }
    Ok(())
}

/// Brings database and object store to one history before anything else
/// happens: publishes what was committed and not published, applies what was
/// published and is not in the database (an older backup was restored), and
/// refuses when they disagree. Returns how many entries were applied.
///
/// # Errors
/// When the two disagree, in one plain sentence, or one of them fails.
pub async fn recover(db: &Db, vault: &Vault) -> Result<u64, RecordError> {
    let mut tx = db.read().await?;
    let last = ledger::last_published(&mut tx).await?;
    drop(tx);
    if let Some((first, expected)) = &last {
        let found = match vault.batch(*first).await {
            Ok(lines) => Digest::of(&lines).to_string(),
            Err(VaultError::NotFound(_)) => "nothing".to_owned(),
            Err(error) => return Err(error.into()),
        };
        if found != *expected {
            return Err(RecordError::Disagree(format!(
                "the database and the object store disagree about log entry {first}: they do not \
                 belong together, or one of them was changed"
            )));
        }
    }
    publish_pending(db, vault, -1).await.map_err(|error| match error {
        RecordError::Vault(VaultError::Conflict(path)) => RecordError::Disagree(format!(
            "the database and the object store disagree about {path}: they do not belong \
             together, or one of them was changed"
        )),
        other => other,
    })?;
    let mut tx = db.read().await?;
    let known = ledger::known(&mut tx).await?;
    drop(tx);
    let batches = vault.batches(known).await?;
    if batches.is_empty() {
        return Ok(0);
    }
    let mut tx = db.write().await?;
    let applied = replay(&mut tx, vault, &batches, |_| {}).await?;
    tx.commit().await?;
    Ok(applied)
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
    each: impl FnMut(EntryNo),
) -> Result<u64, RecordError> {
    let mut tx = db.write().await?;
    // Locks the counter: what other processes committed before is published
    // now, what they record next waits for the end of this.
    ledger::next(&mut tx).await?;
    publish(vault, ledger::unpublished(&mut tx, -1).await?).await?;
    catalog::clear(&mut tx).await?;
    let batches = vault.batches(0).await?;
    let applied = replay(&mut tx, vault, &batches, each).await?;
    tx.commit().await?;
    Ok(applied)
}

/// Applies the entries of the published `batches` that the database does not
/// have.
async fn replay(
    tx: &mut Tx,
    vault: &Vault,
    batches: &[EntryNo],
    mut each: impl FnMut(EntryNo),
) -> Result<u64, RecordError> {
    // Another process may have recorded meanwhile; the counter is locked now.
    let mut next = ledger::next(tx).await?;
    let mut applied = 0;
    for first in batches {
        if *first < next {
            continue;
        }
        if *first != next {
            return Err(RecordError::Disagree(format!(
                "log entries {next} to {} are missing from the object store",
                first - 1
            )));
        }
        let written = read_batch(vault, *first).await?;
        for one in &written {
            catalog::apply(tx, &one.entry, &one.body).await.map_err(|error| match error {
                ApplyError::Db(error) => error.into(),
                ApplyError::Refused(refusal) => RecordError::Disagree(format!(
                    "log entry {} cannot be applied: {refusal}",
                    one.entry.no
                )),
            })?;
        }
        ledger::append(tx, &written, true).await?;
        next += EntryNo::try_from(written.len()).unwrap_or(0);
        applied += written.len() as u64;
        each(next);
    }
    Ok(applied)
}

async fn read_batch(vault: &Vault, first: EntryNo) -> Result<Vec<Written>, RecordError> {
    let lines = vault.batch(first).await?;
    let entries = ledger::parse(first, &lines)?;
    futures::stream::iter(entries.into_iter().map(async |(entry, leaf)| {
        let body_bytes = vault.bytes(entry.body).await?;
        let body = crate::model::canonical::from_bytes(&body_bytes)
            .map_err(|cause| LedgerError::Malformed { no: entry.no, cause })?;
        Ok::<_, RecordError>(Written { entry, body, leaf, body_bytes })
    }))
    .buffered(BODIES_AT_ONCE)
    .try_collect()
    .await
}
