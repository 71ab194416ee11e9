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

mod recover;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use tokio::sync::{Notify, mpsc, oneshot};

use crate::catalog::{self, ApplyError, Refusal};
use crate::db::{Db, DbError, Tx};
use crate::ledger::{self, Draft, LedgerError, Written};
use crate::model::access::Actor;
use crate::model::act::{Act, Body};
use crate::model::id::EntryNo;
use crate::vault::{Vault, VaultError};

pub use self::recover::{recover, replay_all};

/// The most acts in one batch.
const BATCH: usize = 256;
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
    let outcome = match try_commit(shared, &batch, false).await {
        // Once more, so that whoever is refused is taken back alone.
        Err(RecordError::Refused(_)) => try_commit(shared, &batch, true).await,
        outcome => outcome,
    };
    let done = match outcome {
        Ok(done) => done,
        Err(error) => {
            for asked in batch {
                drop(asked.answer.send(Err(RecordError::Failed(error.to_string()))));
            }
            return Err(error);
        }
    };
    let mut answers = Vec::new();
    for (asked, outcome) in batch.into_iter().zip(done) {
        match outcome {
            Ok(receipt) => answers.push((asked.answer, receipt)),
            Err(refusal) => drop(asked.answer.send(Err(refusal.into()))),
        }
    }
    let first = answers.first().map(|(_, receipt)| receipt.no);
    Ok(first.map(|last_first| Committed { last_first, answers }))
}

/// Applies and commits a batch; returns what became of each act. A refusal
/// ends it, unless it is done `carefully`: savepoints cost two trips to the
/// database an act.
async fn try_commit(
    shared: &Shared,
    batch: &[Asked],
    carefully: bool,
) -> Result<Vec<Result<Receipt, Refusal>>, RecordError> {
    let mut tx = shared.db.write().await?;
    let mut next = ledger::next(&mut tx).await?;
    let mut kept: Vec<Written> = Vec::new();
    let mut done = Vec::with_capacity(batch.len());
    for asked in batch {
        let time = (shared.clock)();
        let written = ledger::write(next, time, asked.draft.clone())?;
        let applied = if carefully {
            apply_alone(&mut tx, &written).await
        } else {
            catalog::apply(&mut tx, &written.entry, &written.body).await
        };
        match applied {
            Ok(()) => {
                kept.push(written);
                done.push(Ok(Receipt { no: next, time }));
                next += 1;
            }
            Err(ApplyError::Refused(refusal)) if carefully => done.push(Err(refusal)),
            Err(ApplyError::Refused(refusal)) => return Err(refusal.into()),
            Err(ApplyError::Db(error)) => return Err(error.into()),
        }
    }
    if !kept.is_empty() {
        let seen = shared.published.load(std::sync::atomic::Ordering::Relaxed);
        ledger::mark_published(&mut tx, seen).await?;
        ledger::append(&mut tx, &kept, false).await?;
        tx.commit().await?;
    }
    Ok(done)
}

/// Applies one act inside a savepoint, so that a refusal takes back only it.
async fn apply_alone(tx: &mut Tx, written: &Written) -> Result<(), ApplyError> {
    tx.run("SAVEPOINT act", &[]).await?;
    let applied = catalog::apply(tx, &written.entry, &written.body).await;
    if let Err(ApplyError::Refused(_)) = applied {
        tx.run("ROLLBACK TO SAVEPOINT act", &[]).await?;
    }
    tx.run("RELEASE SAVEPOINT act", &[]).await?;
    applied
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
