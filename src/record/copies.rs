//! The second copy follows the log: a batch is brought over when every blob
//! its entries name is there, so what the copy has of the log says what it has
//! of everything else. Nothing else need be remembered: to go on is to look
//! for its last batch.
//!
//! Where acts wait for both copies, a batch is published to the second one
//! right after the first, and what it lacks is brought over before.

mod bring;
mod wait;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex as Held, PoisonError, Weak};
use std::time::{Duration, Instant};

use tokio::sync::{Mutex, Notify};

use super::tiles::Tiles;
use super::{Clock, RecordError};
use crate::catalog::leases;
use crate::db::{Db, Tx};
use crate::ledger;
use crate::model::id::{Digest, EntryNo};
use crate::tlog::Checkpoint;
use crate::vault::{Key, Mirror, Vault, VaultError};

/// How long there is at least between two looks.
const PAUSE: Duration = Duration::from_secs(1);
/// How long whoever brings things over has the right to.
const LEASE: Duration = Duration::from_secs(60);
/// How long an act waits for a copy that is behind.
const PATIENCE: Duration = Duration::from_secs(10);
/// When bytes on their way into the copy are taken for left behind.
const LEFT_BEHIND: Duration = Duration::from_secs(24 * 3600);
/// How many of the newest batches that both have are compared.
const COMPARED: i64 = 8;
/// How many batches are brought over before others have their turn.
const CHUNK: u32 = 16;
/// How many blobs are brought over at a time.
const AT_ONCE: usize = 8;

/// How far the second copy is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopyState {
    /// As the settings name it.
    pub address: String,
    /// Whether acts wait for it.
    pub waits: bool,
    /// How many log entries it lacks; none while nobody knows.
    pub behind: Option<u64>,
    /// Why it does not follow, or empty.
    pub problem: String,
}

/// The second copy of an archive.
pub(super) struct Copies {
    db: Db,
    vault: Vault,
    mirror: Arc<Mirror>,
    clock: Clock,
    /// Who this is, among several processes.
    owner: String,
    /// The number of the entry it takes next; none while nobody knows.
    next: Mutex<Option<EntryNo>>,
    /// The same, for whoever asks meanwhile; all ones for none.
    known: AtomicU64,
    log: Mutex<Option<Log>>,
    problem: Held<String>,
    /// When it was last looked up how far it is.
    looked: Held<Option<Instant>>,
}

/// The public log of the copy.
struct Log {
    tiles: Tiles,
    /// How many entries it had at the last look.
    end: u64,
    /// Up to which size checkpoints of before were brought over.
    kept: u64,
}

impl std::fmt::Debug for Copies {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Copies").field("mirror", &self.mirror).finish_non_exhaustive()
    }
}

/// Brings over what is new, until the last handle of the copies is gone.
pub(super) async fn follow(copies: Weak<Copies>, news: Arc<Notify>) {
    loop {
        let more = news.notified();
        let Some(now) = copies.upgrade() else { return };
        now.follow_once().await;
        drop(now);
        tokio::time::sleep(PAUSE).await;
        // Another process may record too, and this one is not told.
        let _ = tokio::time::timeout(4 * PAUSE, more).await;
    }
}

impl Copies {
    pub(super) fn new(db: Db, vault: Vault, mirror: Arc<Mirror>, clock: Clock) -> Self {
        Self {
            db,
            vault: vault.alone(),
            mirror,
            clock,
            owner: hex::encode(rand::random::<[u8; 8]>()),
            next: Mutex::default(),
            known: AtomicU64::new(u64::MAX),
            log: Mutex::default(),
            problem: Held::default(),
            looked: Held::default(),
        }
    }

    /// How far it is.
    pub(super) async fn state(&self) -> Result<CopyState, RecordError> {
        let mut tx = self.db.read().await?;
        let size = ledger::current(&mut tx).await?.size();
        Ok(CopyState {
            address: self.mirror.address().to_owned(),
            waits: self.mirror.waits(),
            behind: self.end().map(|next| size.saturating_sub(next)),
            problem: self.problem.lock().unwrap_or_else(PoisonError::into_inner).clone(),
        })
    }

    /// Brings everything over that is new, tiles and checkpoints too; a problem
    /// is kept for whoever asks, and tried again.
    pub(super) async fn follow_once(&self) {
        let done = match self.may().await {
            Ok(true) => self.settle().await,
            // Another process does it; how far it is, is looked up now and then.
            Ok(false) if self.is_stale() => self.look().await,
            Ok(false) => return,
            Err(error) => Err(error),
        };
        let problem = done.err().map(|error| error.to_string()).unwrap_or_default();
        let mut told = self.problem.lock().unwrap_or_else(PoisonError::into_inner);
        if !problem.is_empty() && *told != problem {
            tracing::error!(problem, "the second copy does not follow");
        }
        *told = problem;
    }

    async fn settle(&self) -> Result<(), RecordError> {
        let next = self.level(true).await?;
        let end = u64::try_from(next).unwrap_or(0);
        let mut held = self.log.lock().await;
        let copy = self.mirror.vault().await?;
        if held.is_none() {
            copy.sweep(LEFT_BEHIND).await?;
        }
        let log = held.get_or_insert_with(|| {
            let clock = Arc::clone(&self.clock);
            Log { tiles: Tiles::of_copy(self.db.clone(), copy.clone(), clock), end: 0, kept: 0 }
        });
        log.tiles.publish_to(end).await?;
        self.bring_signatures(copy, end).await?;
        if log.end == end {
            return Ok(());
        }
        // Checkpoints of before, which somebody may have taken away.
        let there = if log.end == 0 { copy.checkpoint_sizes().await? } else { Vec::new() };
        for size in self.vault.checkpoint_sizes_after(log.kept).await? {
            if size > end {
                break;
            }
            if there.binary_search(&size).is_err() {
                copy.keep_checkpoint(size, self.vault.checkpoint_of(size).await?.into()).await?;
            }
            log.kept = size;
        }
        log.end = end;
        Ok(())
    }

    /// Brings the signatures of the witnesses over: they come to the store first.
    /// A checkpoint that is not a part of the one there is left to the sweep.
    async fn bring_signatures(&self, copy: &Vault, end: u64) -> Result<(), RecordError> {
        let (ours, theirs) = (self.vault.checkpoint().await, copy.checkpoint().await);
        let (Ok(Some(note)), Ok(Some(theirs))) = (ours, theirs) else { return Ok(()) };
        let same = Checkpoint::parse(&note).is_ok_and(|published| published.size == end);
        let part = theirs.lines().all(|line| note.lines().any(|one| one == line));
        if same && part && theirs != note {
            copy.put_derived(&Key::Checkpoint(None), note.into()).await?;
        }
        Ok(())
    }

    /// Whether this process is the one that brings things over now.
    async fn may(&self) -> Result<bool, RecordError> {
        let now = (self.clock)();
        let mut tx = self.db.write().await?;
        let taken = leases::take(&mut tx, "copy", &self.owner, now, now + LEASE).await?;
        tx.commit().await?;
        Ok(taken)
    }

    /// Whether nobody has looked for a while.
    fn is_stale(&self) -> bool {
        let looked = self.looked.lock().unwrap_or_else(PoisonError::into_inner);
        looked.is_none_or(|at| at.elapsed() >= LEASE)
    }

    /// Leaves the work to other processes: this one may end now.
    pub(super) async fn rest(&self) -> Result<(), RecordError> {
        let mut tx = self.db.write().await?;
        leases::release(&mut tx, "copy", &self.owner).await?;
        tx.commit().await?;
        match &*self.log.lock().await {
            Some(log) => log.tiles.rest().await,
            None => Ok(()),
        }
    }

    /// How many entries of the log it should have; none while nobody knows.
    pub(super) fn end(&self) -> Option<u64> {
        Some(self.known.load(Ordering::Relaxed)).filter(|next| *next != u64::MAX)
    }

    /// Looks up how far it is, and refuses one that has another history.
    pub(super) async fn look(&self) -> Result<(), RecordError> {
        let mut next = self.next.lock().await;
        *self.looked.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        self.knows(&mut next, Some(self.begin().await?));
        Ok(())
    }

    fn knows(&self, next: &mut Option<EntryNo>, now: Option<EntryNo>) {
        let known = now.and_then(|no| u64::try_from(no).ok()).unwrap_or(u64::MAX);
        self.known.store(known, Ordering::Relaxed);
        *next = now;
    }

    /// Where the copy ends: the number of the first entry it lacks.
    async fn begin(&self) -> Result<EntryNo, RecordError> {
        let copy = self.mirror.vault().await?;
        let mut tx = self.db.read().await?;
        let size =
            EntryNo::try_from(ledger::current(&mut tx).await?.size()).unwrap_or(EntryNo::MAX);
        let has = count_in(&mut tx, copy).await.map_err(|error| match error {
            RecordError::Vault(error) => RecordError::Vault(self.mirror.failed(error)),
            error => error,
        })?;
        for back in (has - COMPARED).max(0)..has {
            let Some((first, sha256)) = ledger::batch_at(&mut tx, back).await? else { continue };
            if Digest::of(&copy.batch(first).await?).to_string() != sha256 {
                return Err(self.disagree(format!("log entry {first}")));
            }
        }
        let next = ledger::batch_at(&mut tx, has).await?.map_or(size, |(first, _)| first);
        drop(tx);
        // What it has beyond the database may have been published just now.
        for first in copy.batches(next).await? {
            match self.vault.batch(first).await {
                Ok(ours) if ours == copy.batch(first).await? => {}
                Ok(_) => return Err(self.disagree(format!("log entry {first}"))),
                Err(VaultError::NotFound(_)) => {
                    return Err(RecordError::Disagree(format!(
                        "the second copy {} has log entry {first}, which the store has not: the \
                         store lost it, or the two do not belong together",
                        self.mirror.address()
                    )));
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(next)
    }

    fn disagree(&self, about: String) -> RecordError {
        RecordError::Disagree(format!(
            "the store and the second copy {} disagree about {about}: they do not belong together, \
             or one of them was changed",
            self.mirror.address()
        ))
    }
}

/// How many batches a copy has, which are the first so many of the database.
pub(super) async fn count_in(tx: &mut Tx, copy: &Vault) -> Result<i64, RecordError> {
    let (mut has, mut lacks) = (0, ledger::count_batches(tx).await?);
    while has < lacks {
        let middle = has + (lacks - has) / 2;
        let Some((first, _)) = ledger::batch_at(tx, middle).await? else { break };
        match copy.batch(first).await {
            // What stands in its place is looked at by whoever compares them.
            Ok(_) | Err(VaultError::NoFile) => has = middle + 1,
            Err(VaultError::NotFound(_)) => lacks = middle,
            Err(error) => return Err(error.into()),
        }
    }
    Ok(has)
}
