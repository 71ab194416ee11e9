//! Tiles, bundles and the checkpoint follow the entries: what anybody needs to
//! check the log with the tools of others. Everything here is made from the
//! entries and can be made again.
//!
//! What a checkpoint needs is durable before the checkpoint is there. Several
//! processes may do this; a lease lets one at a time. What was published and is
//! not as it should be any more is made again, and kept for the next verification
//! to tell (`remade`).

mod remade;

use std::collections::HashSet;
use std::sync::{Arc, Weak};
use std::time::Duration;

use futures::{StreamExt, TryStreamExt};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::{Mutex, Notify};

use super::witnesses::Witnesses;
use super::{Clock, RecordError, Tree};
use crate::catalog::{leases, published};
use crate::db::{Db, DbError, Tx};
use crate::ledger;
use crate::model::act::Side;
use crate::tlog::edge::File;
use crate::tlog::{Checkpoint, Edge, tile};
use crate::vault::{Key, Vault, VaultError};

/// How long there is at least between two checkpoints.
const PAUSE: Duration = Duration::from_secs(1);
/// How long whoever publishes has the right to.
const LEASE: Duration = Duration::from_secs(30);
/// How long a look at all that was published before is good for.
const LOOK: SignedDuration = SignedDuration::from_hours(1);
/// How many entries are read at a time.
const CHUNK: u32 = 4096;
/// How many files are written at a time.
const AT_ONCE: usize = 8;

/// Whose entries they are made from.
#[derive(Debug, Clone, Copy)]
pub(super) enum Of {
    /// The acts.
    Records,
    /// The looks.
    Looks,
}

impl Of {
    async fn newest(self, tx: &mut Tx, end: u64) -> Result<Option<(u64, String)>, DbError> {
        match self {
            Self::Records => ledger::newest_within(tx, end).await,
            Self::Looks => ledger::looks::newest_within(tx, end).await,
        }
    }

    async fn leaves(self, tx: &mut Tx, from: u64, end: u64) -> Result<Vec<String>, DbError> {
        match self {
            Self::Records => ledger::leaves(tx, from, end, CHUNK).await,
            Self::Looks => ledger::looks::leaves(tx, from, end, CHUNK).await,
        }
    }

    fn log(self) -> published::Log {
        match self {
            Self::Records => published::Log::Records,
            Self::Looks => published::Log::Access,
        }
    }
}

/// The tiles of a log.
pub(super) struct Tiles {
    of: Of,
    /// Which of the two stores they are in.
    side: Side,
    db: Db,
    vault: Vault,
    clock: Clock,
    /// What only one process does at a time.
    lease: &'static str,
    /// Who this is, among several processes.
    owner: String,
    witnesses: Witnesses,
    /// Where the tiles end, and when it was last seen that they are all there.
    edge: Mutex<Option<(Edge, Timestamp)>>,
}

impl std::fmt::Debug for Tiles {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tiles").field("owner", &self.owner).finish_non_exhaustive()
    }
}

/// Where tiles are added from.
struct Begun {
    at: Edge,
    looked: Timestamp,
    /// The tiles and bundles that need not be made again.
    there: HashSet<String>,
    /// How many entries the tiles should cover that were published.
    covered: u64,
}

/// Publishes after every batch, at most once a second, until the last handle
/// of the tiles is gone. A program that ends within its first second leaves
/// this to itself, or to others.
pub(super) async fn follow(tiles: Weak<Tiles>, news: Arc<Notify>) {
    loop {
        tokio::time::sleep(PAUSE).await;
        let more = news.notified();
        let Some(now) = tiles.upgrade() else { return };
        if let Err(error) = now.publish().await {
            tracing::error!(%error, "the tiles of the log do not follow");
        }
        drop(now);
        // Another process may record too, and this one is not told.
        let _ = tokio::time::timeout(4 * PAUSE, more).await;
    }
}

impl Tiles {
    pub(super) fn new(db: Db, vault: Vault, clock: Clock, witnesses: Witnesses) -> Self {
        let owner = hex::encode(rand::random::<[u8; 8]>());
        let (of, side, lease) = (Of::Records, Side::Store, "tiles");
        Self { of, side, db, vault, clock, lease, owner, witnesses, edge: Mutex::default() }
    }

    /// The tiles of the access log in `vault`, that of one store.
    pub(super) fn of_looks(
        db: Db,
        vault: Vault,
        clock: Clock,
        (witnesses, side): (Witnesses, Side),
    ) -> Self {
        let lease = match side {
            Side::Store => "tiles of looks",
            Side::Copy => "tiles of looks of the copy",
        };
        Self { of: Of::Looks, side, lease, ..Self::new(db, vault, clock, witnesses) }
    }

    /// The tiles of the second copy, `vault`. Witnesses sign for the first.
    pub(super) fn of_copy(db: Db, vault: Vault, clock: Clock) -> Self {
        let nobody = Witnesses::new(Vec::new());
        let (side, lease) = (Side::Copy, "tiles of the copy");
        Self { side, lease, ..Self::new(db, vault, clock, nobody) }
    }

    /// Brings tiles, bundles and checkpoint up to the newest batch, unless
    /// another process is at it; and asks the witnesses that have not signed
    /// yet, when nothing is new.
    pub(super) async fn publish(&self) -> Result<(), RecordError> {
        self.publish_to(i64::MAX.unsigned_abs()).await
    }

    /// As [`Tiles::publish`], up to the last batch that ends at `end` or
    /// before.
    pub(super) async fn publish_to(&self, end: u64) -> Result<(), RecordError> {
        let mut edge = self.edge.lock().await;
        let mut tx = self.db.read().await?;
        let newest = self.of.newest(&mut tx, end).await?;
        let Some((size, checkpoint)) = newest else { return Ok(()) };
        drop(tx);
        edge.take_if(|(_, looked)| (self.clock)().duration_since(*looked) >= LOOK);
        let done = edge.as_ref().is_some_and(|(edge, _)| edge.size() == size);
        let waited = done && !self.witnesses.are_due(size, (self.clock)()).await;
        if waited || !self.may().await? {
            return Ok(());
        }
        if done {
            return self.publish_checkpoint(size, checkpoint).await;
        }
        let Begun { mut at, looked, there, covered } = match edge.take() {
            Some((at, looked)) if at.size() < size => {
                let covered = at.size();
                Begun { at, looked, there: HashSet::new(), covered }
            }
            _ => self.begin(size).await?,
        };
        while at.size() < size {
            // What is not full is looked at where the published tiles end.
            let end = if at.size() < covered { covered } else { size };
            let mut tx = self.db.read().await?;
            let leaves = self.of.leaves(&mut tx, at.size(), end).await?;
            drop(tx);
            if leaves.is_empty() {
                return Err(RecordError::Disagree(format!(
                    "log entry {} is missing from the database",
                    at.size()
                )));
            }
            let mut full = Vec::new();
            for leaf in leaves {
                full.extend(at.push(leaf.as_bytes())?);
            }
            let paths: Vec<String> = full.iter().map(|(path, _)| path.clone()).collect();
            full.retain(|(path, _)| !there.contains(path));
            self.write(full, &there, covered).await?;
            if at.size() == covered && covered < size {
                self.write(at.partial()?, &there, covered).await?;
            }
            // Those that came before a full one are no longer needed.
            for path in paths {
                self.vault.remove_tiles(&tile::partials(&path)).await?;
            }
        }
        if Checkpoint::parse(&checkpoint)?.root != at.tree().root() {
            return Err(RecordError::Disagree(format!(
                "the {size} log entries of the database do not lead to the tree that was signed: \
                 it was changed; rebuild it from the object store"
            )));
        }
        self.write(at.partial()?, &there, covered).await?;
        self.publish_checkpoint(size, checkpoint).await?;
        *edge = Some((at, looked));
        Ok(())
    }

    /// Publishes the checkpoint of the tiles that are there, with what the
    /// witnesses sign of it. What is kept of its size is signed by the log
    /// alone, so that it is the same bytes whoever answered.
    async fn publish_checkpoint(&self, size: u64, note: String) -> Result<(), RecordError> {
        let now = (self.clock)();
        let tree = Tree::new(self.vault.clone(), note.clone())?;
        let (before, wrong) = self.before(size).await?;
        let same =
            |before: &&String| Checkpoint::parse(before).is_ok_and(|one| one == *tree.checkpoint());
        let before = before.as_ref().filter(same);
        let cosigned =
            self.witnesses.cosigned(&self.db, &tree, before.map(String::as_str), now).await?;
        if before.is_none() {
            match self.vault.keep_checkpoint(size, note.clone().into()).await {
                // Who damages the one may have damaged the other: a verification finds it.
                Err(VaultError::Conflict(_)) if wrong.is_some() => {}
                kept => kept?,
            }
            self.vault.put_derived(&Key::Checkpoint(None), note.clone().into()).await?;
            let mut tx = self.db.write().await?;
            published::note(&mut tx, self.side, self.of.log(), size).await?;
            tx.commit().await?;
        }
        if before.unwrap_or(&note) != &cosigned {
            let bytes = cosigned.clone().into();
            self.vault.put_derived(&Key::Checkpoint(None), bytes).await?;
        }
        self.witnesses.published(size, &cosigned).await;
        if let Some(gone) = wrong {
            self.remade(&Key::Checkpoint(None), gone, cosigned.as_bytes()).await?;
        }
        Ok(())
    }

    /// Whether this process is the one that publishes now.
    async fn may(&self) -> Result<bool, RecordError> {
        let now = (self.clock)();
        let mut tx = self.db.write().await?;
        let taken = leases::take(&mut tx, self.lease, &self.owner, now, now + LEASE).await?;
        tx.commit().await?;
        Ok(taken)
    }

    /// Leaves the work to other processes: this one may end now.
    pub(super) async fn rest(&self) -> Result<(), RecordError> {
        let mut tx = self.db.write().await?;
        leases::release(&mut tx, self.lease, &self.owner).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The edge where the published tiles end, or an empty one when one of them
    /// is not there or the last are not right: those that are not there are
    /// made again then. A store may lose what it had confirmed.
    async fn begin(&self, size: u64) -> Result<Begun, RecordError> {
        let (looked, there) = ((self.clock)(), self.vault.tiles().await?);
        let note = self.newest().await?;
        let last = note.as_deref().and_then(|note| Checkpoint::parse(note).ok());
        if let Some(last) = last.as_ref().filter(|last| last.size > size) {
            return Err(RecordError::Disagree(format!(
                "the published checkpoint has {} log entries, the database only {size}: they do \
                 not belong together, or one of them was changed",
                last.size
            )));
        }
        let covered = match &last {
            Some(last) => last.size,
            None => self.covered(size, &there).await?,
        };
        let at = match last {
            Some(last) if tile::full(last.size).all(|path| there.contains(&path)) => {
                let mut files = Vec::new();
                for path in Edge::paths(last.size) {
                    let bytes = self.vault.tile(&path).await?;
                    files.push(bytes.map(|bytes| bytes.to_vec()).unwrap_or_default());
                }
                Edge::open(last.size, &files).filter(|edge| edge.tree().root() == last.root)
            }
            _ => None,
        };
        Ok(Begun { at: at.unwrap_or_default(), looked, there, covered })
    }

    /// Writes tiles and bundles. Those that cover no more than the `covered` entries
    /// should have been there already; `there` is what was listed.
    async fn write(
        &self,
        files: Vec<File>,
        there: &HashSet<String>,
        covered: u64,
    ) -> Result<(), RecordError> {
        futures::stream::iter(files)
            .map(|(path, bytes)| self.write_one(path, bytes, there, covered))
            .buffer_unordered(AT_ONCE)
            .try_collect::<()>()
            .await?;
        Ok(())
    }
}
