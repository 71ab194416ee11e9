//! Recording: an act is applied, numbered and published, and only then
//! answered. The one use case that joins catalog, ledger and vault.
//!
//! Acts that arrive while others are being recorded make one batch. The order
//! is
//!
//! 1. the body of the act becomes a blob;
//! 2. one transaction is begun: each act is applied (or refused and taken back
//!    alone) and numbered;
//! 3. the batch is published: one object that can be created only once. From
//!    here on it has happened;
//! 4. the transaction is committed, and the acts are answered.
//!
//! A stop before 3 leaves a body that nothing names. A stop between 3 and 4
//! leaves acts that the database has not: [`recover`] applies them at the next
//! start, as it does with what a database loses with its power, so the
//! database need not wait for its disk. The transaction locks the counter of
//! the entries, so of several processes only one publishes at a time.

mod recover;
mod tiles;

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
use crate::model::id::{Digest, EntryNo};
use crate::tlog::{LogKey, TlogError};
use crate::vault::{Vault, VaultError};

pub use self::recover::{recover, replay_all};
use self::tiles::Tiles;

/// The most acts in one batch.
const BATCH: usize = 256;
/// How often publishing a batch is tried before its acts are answered with an
/// error; meanwhile nobody else records.
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
    /// The store broke off while the act was being published: it is recorded
    /// wholly or not at all, and nobody knows yet which.
    #[error("whether it was recorded is not known: {0}")]
    Unsure(String),
    /// Database and object store disagree about the history.
    #[error("{0}")]
    Disagree(String),
    /// The acts it was recorded with failed as a whole; nothing was changed.
    #[error("not recorded: {0}")]
    Failed(String),
    /// This process has no key of the log.
    #[error("this archive is opened without the key of its log: it can be read, not changed")]
    NoKey,
    /// The checkpoint cannot be signed, or the tiles not be made.
    #[error(transparent)]
    Tlog(#[from] TlogError),
    /// The program is stopping.
    #[error("the archive is being closed")]
    Closed,
}

impl RecordError {
    /// What each act of a batch that failed as a whole is told.
    fn told(&self) -> Self {
        match self {
            Self::Unsure(reason) => Self::Unsure(reason.clone()),
            Self::Disagree(sentence) => Self::Disagree(sentence.clone()),
            Self::NoKey => Self::NoKey,
            Self::Vault(VaultError::Full) => Self::Vault(VaultError::Full),
            other => Self::Failed(other.to_string()),
        }
    }
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

/// The handle through which acts are recorded; cheap to clone.
#[derive(Debug, Clone)]
pub struct Recorder {
    asked: mpsc::Sender<Asked>,
    vault: Vault,
    tiles: Arc<Tiles>,
}

/// What recording works with.
struct Shared {
    db: Db,
    vault: Vault,
    clock: Clock,
    key: Option<LogKey>,
    /// Told after every batch: there is work for the worker and the index.
    news: Arc<Notify>,
}

impl Recorder {
    /// Starts recording, with the key that signs the log; it goes on until the
    /// last handle is dropped. Without the key nothing can be recorded.
    #[must_use]
    pub fn start(
        db: Db,
        vault: Vault,
        clock: Clock,
        key: Option<LogKey>,
        news: Arc<Notify>,
    ) -> Self {
        let (asked, incoming) = mpsc::channel(BATCH);
        let tiles = Arc::new(Tiles::new(db.clone(), vault.clone(), Arc::clone(&clock)));
        let writes = key.is_some();
        let shared = Shared { db, vault: vault.clone(), clock, key, news: Arc::clone(&news) };
        tokio::spawn(record_all(shared, incoming));
        if writes {
            tokio::spawn(tiles::follow(Arc::downgrade(&tiles), news));
        }
        Self { asked, vault, tiles }
    }

    /// Brings tiles and checkpoint up to the last entry, for a program that
    /// ends now: a server does it all the time.
    ///
    /// # Errors
    /// When the database or the store fails.
    pub async fn settle(&self) -> Result<(), RecordError> {
        self.tiles.publish().await?;
        self.tiles.give_back().await
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

async fn record_all(shared: Shared, mut incoming: mpsc::Receiver<Asked>) {
    let mut batch = Vec::with_capacity(BATCH);
    while incoming.recv_many(&mut batch, BATCH).await > 0 {
        let batch = std::mem::take(&mut batch);
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
            // The object store has entries that the database lacks: somebody
            // stopped, or was cut off, between publishing and committing.
            Err(RecordError::Vault(VaultError::Conflict(_))) if !recovered => {
                recover(&shared.db, &shared.vault).await?;
                recovered = true;
            }
            outcome => return outcome,
        }
    }
}

/// Applies, publishes and commits a batch. A refusal ends it, unless it is
/// done `carefully`: savepoints cost two trips to the database an act.
async fn try_batch(
    shared: &Shared,
    batch: &[Asked],
    carefully: bool,
) -> Result<Vec<Result<Receipt, Refusal>>, RecordError> {
    let key = shared.key.as_ref().ok_or(RecordError::NoKey)?;
    let mut tx = shared.db.write().await?;
    let mut tree = ledger::lock(&mut tx).await?;
    let first = EntryNo::try_from(tree.size()).unwrap_or(EntryNo::MAX);
    let mut no = first;
    let mut kept: Vec<Written> = Vec::new();
    let mut done = Vec::with_capacity(batch.len());
    for asked in batch {
        let time = (shared.clock)();
        let volumes = catalog::chains::links(&mut tx, &asked.draft.body.act).await?;
        let written = ledger::write(no, time, volumes, asked.draft.clone())?;
        let applied = if carefully {
            apply_alone(&mut tx, &written).await
        } else {
            catalog::apply(&mut tx, &written.entry, &written.body).await
        };
        match applied {
            Ok(()) => {
                tree.push(&written.leaf);
                kept.push(written);
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
    let checkpoint = key.sign(&tree)?;
    let text = ledger::text(&checkpoint, kept.iter().map(|one| one.leaf.as_slice()));
    let sha256 = Digest::of(&text);
    let (published, appended) = tokio::join!(
        publish(&shared.vault, first, text),
        ledger::append(&mut tx, &kept, &tree, &checkpoint, sha256)
    );
    published?;
    let committed = match appended {
        Ok(()) => tx.commit().await,
        Err(error) => {
            drop(tx);
            Err(error)
        }
    };
    if let Err(error) = committed {
        tracing::warn!(%error, "what was published is applied anew");
        recover(&shared.db, &shared.vault)
            .await
            .map_err(|error| RecordError::Unsure(error.to_string()))?;
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

/// Publishes a batch, with patience: when this fails, it may still have
/// happened.
async fn publish(vault: &Vault, first: EntryNo, text: Bytes) -> Result<(), RecordError> {
    let mut tries = 0;
    loop {
        match vault.publish(first, text.clone()).await {
            Ok(()) => return Ok(()),
            Err(conflict @ VaultError::Conflict(_)) => return Err(conflict.into()),
            // There was no space for it: that is known, and to wait is no use.
            Err(VaultError::Full)
                if matches!(vault.batch(first).await, Err(VaultError::NotFound(_))) =>
            {
                return Err(VaultError::Full.into());
            }
            Err(error) if tries + 1 < PUBLISH_TRIES => {
                tries += 1;
                tracing::warn!(%error, tries, "publishing the log failed, trying again");
                tokio::time::sleep(Duration::from_millis(100 << tries)).await;
            }
            Err(error) => return Err(RecordError::Unsure(error.to_string())),
        }
    }
}
