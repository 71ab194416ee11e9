//! Recording: an act is applied, numbered and published, and only then
//! answered. The one use case that joins catalog, ledger and vault.
//!
//! Acts that arrive while others are being recorded make one batch. The order
//! is
//!
//! 1. the body of the act becomes durable, in a blob of its own or with others;
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

mod batch;
mod bodies;
mod copies;
mod cover;
mod looks;
mod mend;
mod recover;
mod since;
mod tiles;
mod tree;
pub mod truth;
mod witnesses;

use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::{Notify, mpsc, oneshot};

use crate::catalog::Refusal;
use crate::config::Witness;
use crate::db::{Db, DbError};
use crate::ledger::{Draft, LedgerError};
use crate::model::access::{Actor, Denied};
use crate::model::act::{Act, Body};
use crate::model::id::{Digest, EntryNo};
use crate::model::lookup::LookupKey;
use crate::tlog::{Frontier, LogKeys, TlogError};
use crate::vault::{Vault, VaultError};

use self::batch::{BATCH, Shared, record_all};
use self::bodies::Bodies;
use self::copies::Copies;
pub use self::copies::CopyState;
pub use self::cover::cover;
pub use self::looks::{LookError, Looks, LooksState};
pub use self::mend::{mend_copy, mend_newest};
pub use self::recover::{recover, replay_all, replay_to};
pub use self::since::{Since, looking_again};
use self::tiles::Tiles;
pub use self::tree::{Tree, TreeError};
use self::witnesses::Witnesses;

impl From<TreeError> for RecordError {
    fn from(error: TreeError) -> Self {
        match error {
            TreeError::Tlog(error) => error.into(),
            TreeError::Vault(error) => error.into(),
        }
    }
}

/// Where the time comes from; tests bring their own.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Why an act was not recorded.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// It breaks a rule; nothing was changed.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Whoever asked for it may not do it; nothing was changed.
    #[error(transparent)]
    Denied(#[from] Denied),
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
    /// The blob that holds its body.
    body: Digest,
    /// What it rests on.
    since: Option<Since>,
    answer: Answer,
}

/// The handle through which acts are recorded; cheap to clone.
#[derive(Debug, Clone)]
pub struct Recorder {
    asked: mpsc::Sender<Asked>,
    bodies: Bodies,
    tiles: Arc<Tiles>,
    copies: Option<Arc<Copies>>,
}

/// What the log is signed with, and by whom.
pub struct Signing {
    /// Its keys; without them nothing can be recorded.
    pub keys: std::sync::Mutex<Option<LogKeys>>,
    /// Reads the keys again: another process may have changed them.
    pub again: Box<dyn Fn() -> Option<LogKeys> + Send + Sync>,
    /// The offices that are asked to sign what is published.
    pub witnesses: Vec<Witness>,
}

impl Signing {
    /// The checkpoint of `tree`, signed by the keys that the log has `named`.
    fn sign(&self, named: &[String], tree: &Frontier) -> Result<String, RecordError> {
        let mut keys = self.keys.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        match keys.as_ref().ok_or(RecordError::NoKey)?.sign(named, tree) {
            Err(TlogError::MissingKey(_)) => {
                *keys = (self.again)();
                Ok(keys.as_ref().ok_or(RecordError::NoKey)?.sign(named, tree)?)
            }
            signed => Ok(signed?),
        }
    }

    fn is_there(&self) -> bool {
        self.keys.lock().unwrap_or_else(std::sync::PoisonError::into_inner).is_some()
    }
}

impl Recorder {
    /// Starts recording, with the keys that sign the log and the one that numbers of
    /// persons are looked up with; it goes on until the last handle is dropped. Without the keys nothing can be recorded.
    #[must_use]
    pub fn start(
        (db, vault, clock): (Db, Vault, Clock),
        signing: Signing,
        lookup: LookupKey,
        news: Arc<Notify>,
    ) -> Self {
        let (asked, incoming) = mpsc::channel(BATCH);
        let witnesses = Witnesses::new(signing.witnesses.clone());
        let tiles = Tiles::new(db.clone(), vault.clone(), Arc::clone(&clock), witnesses);
        let tiles = Arc::new(tiles);
        let writes = signing.is_there();
        let copies = vault.mirror().map(|mirror| {
            let (db, mirror) = (db.clone(), Arc::clone(mirror));
            Arc::new(Copies::new(db, vault.clone(), mirror, Arc::clone(&clock)))
        });
        let bodies = Bodies::start(vault.clone());
        let (of_copies, told) = (copies.clone(), Arc::clone(&news));
        let shared = Shared { db, vault, clock, signing, lookup, copies: of_copies, news: told };
        tokio::spawn(record_all(shared, incoming));
        if writes {
            tokio::spawn(tiles::follow(Arc::downgrade(&tiles), Arc::clone(&news)));
        }
        if let (true, Some(copies)) = (writes, &copies) {
            tokio::spawn(copies::follow(Arc::downgrade(copies), news));
        }
        Self { asked, bodies, tiles, copies }
    }

    /// Compares the second copy with the log, where there is one and it can be
    /// reached.
    ///
    /// # Errors
    /// When it has another history, in one plain sentence.
    pub async fn compare_copy(&self) -> Result<(), RecordError> {
        let Some(copies) = &self.copies else { return Ok(()) };
        match copies.look().await {
            Err(error @ RecordError::Disagree(_)) => Err(error),
            Err(error) => {
                tracing::warn!(%error, "the second copy cannot be reached");
                Ok(())
            }
            Ok(()) => Ok(()),
        }
    }

    /// How many entries of the log the second copy should have; none while nobody
    /// knows, or where there is no copy.
    #[must_use]
    pub fn copy_end(&self) -> Option<u64> {
        self.copies.as_ref()?.end()
    }

    /// Makes sure that the second copy has entry `no`, where acts wait for that,
    /// before somebody is answered who asks for what it recorded once more.
    ///
    /// # Errors
    /// When the copy is away or far behind.
    pub async fn is_copied(&self, no: EntryNo) -> Result<(), RecordError> {
        match &self.copies {
            Some(copies) => copies.has(no).await,
            None => Ok(()),
        }
    }

    /// How far the second copy is; none where there is none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn copy_state(&self) -> Result<Option<CopyState>, RecordError> {
        match &self.copies {
            Some(copies) => Ok(Some(copies.state().await?)),
            None => Ok(None),
        }
    }

    /// Brings tiles and checkpoint, and the second copy, up to the last entry,
    /// for a program that ends now: a server does it all the time. A copy that
    /// cannot be reached is no error.
    ///
    /// # Errors
    /// When the database or the store fails.
    pub async fn settle(&self) -> Result<(), RecordError> {
        self.tiles.publish().await?;
        self.tiles.rest().await?;
        if let Some(copies) = &self.copies {
            copies.follow_once().await;
            copies.rest().await?;
        }
        Ok(())
    }

    /// Records an act; returns when it is durable and published. Once begun it
    /// goes on to its end, also when nobody waits for the answer any more.
    ///
    /// # Errors
    /// When the person may not do it, it is refused, or could not be made durable.
    pub async fn record(&self, actor: &Actor, act: Act) -> Result<Receipt, RecordError> {
        self.record_after(actor, act, std::future::ready(Ok(()))).await
    }

    /// Records an act for which somebody looked at what acts of some kinds have said.
    ///
    /// # Errors
    /// [`Refusal::Meanwhile`] when another of them came since; or as [`Recorder::record`].
    pub async fn record_since(
        &self,
        actor: &Actor,
        act: Act,
        since: Since,
    ) -> Result<Receipt, RecordError> {
        self.record_with(actor, act, std::future::ready(Ok(())), Some(since)).await
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
        self.record_with(actor, act, before, None).await
    }

    async fn record_with<T: Send + 'static>(
        &self,
        actor: &Actor,
        act: Act,
        before: impl Future<Output = Result<T, VaultError>> + Send + 'static,
        since: Option<Since>,
    ) -> Result<Receipt, RecordError> {
        // The one door of all acts: none is done without the right to it.
        actor.must(act.right())?;
        let draft = Draft::of(Body::new(actor.clone(), act))?;
        let recorder = self.clone();
        let recorded = tokio::spawn(async move {
            let body = recorder.bodies.store(draft.body_bytes.clone());
            let (before, body) = tokio::join!(before, body);
            let body = body?;
            let answer = match before {
                Ok(held) => {
                    let answer = recorder.submit(draft, body.name, since).await;
                    drop(held);
                    answer
                }
                Err(error) => {
                    recorder.bodies.let_go(&body).await?;
                    return Err(error.into());
                }
            };
            // What may have been published keeps its body.
            let undone =
                !matches!(answer, Ok(_) | Err(RecordError::Unsure(_)) | Err(RecordError::Closed));
            if undone && let Err(error) = recorder.bodies.let_go(&body).await {
                tracing::warn!(%error, blob = %body.name, "the body of no act stays behind");
            }
            answer
        });
        recorded.await.map_err(|_| RecordError::Closed)?
    }

    async fn submit(
        &self,
        draft: Draft,
        body: Digest,
        since: Option<Since>,
    ) -> Result<Receipt, RecordError> {
        let (answer, answered) = oneshot::channel();
        self.asked
            .send(Asked { draft, body, since, answer })
            .await
            .map_err(|_| RecordError::Closed)?;
        answered.await.map_err(|_| RecordError::Closed)?
    }
}
