//! The second copy of the access log follows the first. Nobody waits for it: a
//! copy that is away must not keep people from reading.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex as Held, PoisonError};

use bytes::Bytes;
use tokio::sync::Mutex;

use super::super::tiles::Tiles;
use super::super::witnesses::Witnesses;
use super::super::{Clock, RecordError};
use crate::db::Db;
use crate::ledger;
use crate::model::act::Side;
use crate::model::id::{Digest, EntryNo};
use crate::vault::{Mirror, Vault, VaultError};

/// The access log in the second copy.
pub(super) struct Copied {
    db: Db,
    vault: Vault,
    mirror: Arc<Mirror>,
    clock: Clock,
    /// Its tiles, once it could be reached.
    tiles: Mutex<Option<Tiles>>,
    /// How many entries it has; all ones while nobody knows.
    has: AtomicU64,
    problem: Held<String>,
}

impl Copied {
    pub(super) fn new(db: Db, vault: Vault, mirror: Arc<Mirror>, clock: Clock) -> Self {
        let (has, tiles, problem) = (AtomicU64::new(u64::MAX), Mutex::default(), Held::default());
        Self { db, vault, mirror, clock, tiles, has, problem }
    }

    /// How many entries it has; none while nobody knows.
    pub(super) fn end(&self) -> Option<u64> {
        Some(self.has.load(Ordering::Relaxed)).filter(|has| *has != u64::MAX)
    }

    /// Why it does not follow, or empty.
    pub(super) fn problem(&self) -> String {
        self.problem.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The bytes of the batch that begins with entry `first`; none when it has no
    /// such batch, or cannot be reached.
    pub(super) async fn batch(&self, first: EntryNo) -> Option<Bytes> {
        self.mirror.vault().await.ok()?.access().batch(first).await.ok()
    }

    /// Brings over what it lacks; a problem is kept for whoever asks, and tried
    /// again.
    pub(super) async fn follow(&self) {
        let problem = self.bring().await.err().map(|error| error.to_string()).unwrap_or_default();
        let mut told = self.problem.lock().unwrap_or_else(PoisonError::into_inner);
        if !problem.is_empty() && *told != problem {
            tracing::error!(problem, "the second copy of the access log does not follow");
        }
        *told = problem;
    }

    async fn bring(&self) -> Result<(), RecordError> {
        let copy = self.mirror.vault().await?.access();
        let mut tiles = self.tiles.lock().await;
        let mut next = match self.end() {
            Some(has) => EntryNo::try_from(has).unwrap_or(EntryNo::MAX),
            None => self.begin(&copy).await?,
        };
        for first in self.vault.batches(next).await? {
            let lines = self.vault.batch(first).await?;
            let batch = ledger::parse(first, &lines)?;
            for name in batch.bodies {
                copy.put(self.vault.bytes(name).await?).await?;
            }
            copy.publish(first, lines).await.map_err(|error| self.mirror.failed(error))?;
            next = first + i64::try_from(batch.entries.len()).unwrap_or(0);
        }
        let end = u64::try_from(next).unwrap_or(0);
        let tiles = tiles.get_or_insert_with(|| {
            let (db, clock) = (self.db.clone(), Arc::clone(&self.clock));
            // Witnesses sign for the first.
            let nobody = Witnesses::new(Vec::new());
            Tiles::of_looks(db, copy, clock, (nobody, Side::Copy))
        });
        tiles.publish_to(end).await?;
        self.has.store(end, Ordering::Relaxed);
        Ok(())
    }

    /// Where it ends: its batches must be the first of ours.
    async fn begin(&self, copy: &Vault) -> Result<EntryNo, RecordError> {
        let Some(last) = copy.batches(0).await?.pop() else { return Ok(0) };
        let theirs = copy.batch(last).await?;
        let ours = match self.vault.batch(last).await {
            Err(VaultError::NotFound(_)) => None,
            ours => Some(ours?),
        };
        if ours.is_none_or(|ours| Digest::of(&ours) != Digest::of(&theirs)) {
            return Err(RecordError::Disagree(format!(
                "the access log of the store and that of the second copy {} disagree about entry \
                 {last}: one of them lost entries, or was changed",
                self.mirror.address()
            )));
        }
        let count = ledger::parse(last, &theirs)?.entries.len();
        Ok(last + i64::try_from(count).unwrap_or(0))
    }

    /// Leaves the work to other processes.
    pub(super) async fn rest(&self) -> Result<(), RecordError> {
        match &*self.tiles.lock().await {
            Some(tiles) => tiles.rest().await,
            None => Ok(()),
        }
    }
}
