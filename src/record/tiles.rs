//! Tiles, bundles and the checkpoint follow the entries: what anybody needs to
//! check the log with the tools of others. Everything here is made from the
//! entries and can be made again.
//!
//! What a checkpoint needs is durable before the checkpoint is there. Several
//! processes may do this; a lease lets one at a time.

use std::sync::{Arc, Weak};
use std::time::Duration;

use futures::{StreamExt, TryStreamExt};
use tokio::sync::{Mutex, Notify};

use super::{Clock, RecordError};
use crate::catalog::leases;
use crate::db::Db;
use crate::ledger;
use crate::tlog::edge::File;
use crate::tlog::{Checkpoint, Edge, tile};
use crate::vault::{Key, Vault};

/// How long there is at least between two checkpoints.
const PAUSE: Duration = Duration::from_secs(1);
/// How long whoever publishes has the right to.
const LEASE: Duration = Duration::from_secs(30);
/// How many entries are read at a time.
const CHUNK: u32 = 4096;
/// How many files are written at a time.
const AT_ONCE: usize = 8;

/// The tiles of a log.
pub(super) struct Tiles {
    db: Db,
    vault: Vault,
    clock: Clock,
    /// Who this is, among several processes.
    owner: String,
    edge: Mutex<Option<Edge>>,
}

impl std::fmt::Debug for Tiles {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tiles").field("owner", &self.owner).finish_non_exhaustive()
    }
}

/// Publishes after every batch, at most once a second, until the last handle
/// of the tiles is gone.
pub(super) async fn follow(tiles: Weak<Tiles>, news: Arc<Notify>) {
    loop {
        let more = news.notified();
        let Some(now) = tiles.upgrade() else { return };
        if let Err(error) = now.publish().await {
            tracing::error!(%error, "the tiles of the log do not follow");
        }
        drop(now);
        tokio::time::sleep(PAUSE).await;
        // Another process may record too, and this one is not told.
        let _ = tokio::time::timeout(4 * PAUSE, more).await;
    }
}

impl Tiles {
    pub(super) fn new(db: Db, vault: Vault, clock: Clock) -> Self {
        let owner = hex::encode(rand::random::<[u8; 8]>());
        Self { db, vault, clock, owner, edge: Mutex::default() }
    }

    /// Brings tiles, bundles and checkpoint up to the newest batch, unless
    /// another process is at it.
    pub(super) async fn publish(&self) -> Result<(), RecordError> {
        let mut edge = self.edge.lock().await;
        let mut tx = self.db.read().await?;
        let Some((size, checkpoint)) = ledger::newest(&mut tx).await? else { return Ok(()) };
        drop(tx);
        if edge.as_ref().is_some_and(|edge| edge.size() == size) || !self.may().await? {
            return Ok(());
        }
        let mut at = match edge.take() {
            Some(edge) if edge.size() < size => edge,
            _ => self.begin(size).await?,
        };
        while at.size() < size {
            let mut tx = self.db.read().await?;
            let leaves = ledger::leaves(&mut tx, at.size(), size, CHUNK).await?;
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
            self.write(full).await?;
            // Those that came before a full one are no longer needed.
            for path in paths {
                self.vault.remove_tiles(&tile::partials(&path)).await?;
            }
        }
        self.write(at.partial()?).await?;
        self.vault.put_checkpoint(size, checkpoint.into()).await?;
        *edge = Some(at);
        Ok(())
    }

    /// Whether this process is the one that publishes now.
    async fn may(&self) -> Result<bool, RecordError> {
        let now = (self.clock)();
        let mut tx = self.db.write().await?;
        let taken = leases::take(&mut tx, "tiles", &self.owner, now, now + LEASE).await?;
        tx.commit().await?;
        Ok(taken)
    }

    /// Lets another process publish from now on.
    pub(super) async fn give_back(&self) -> Result<(), RecordError> {
        let mut tx = self.db.write().await?;
        leases::give_back(&mut tx, "tiles", &self.owner).await?;
        Ok(tx.commit().await?)
    }

    /// The edge where the published tiles end, or an empty one when they are
    /// not there or not right: they are all made again then.
    async fn begin(&self, size: u64) -> Result<Edge, RecordError> {
        let Some(note) = self.vault.checkpoint().await? else { return Ok(Edge::default()) };
        let Ok(last) = Checkpoint::parse(&note) else { return Ok(Edge::default()) };
        if last.size > size {
            return Err(RecordError::Disagree(format!(
                "the published checkpoint has {} log entries, the database only {size}: they do \
                 not belong together, or one of them was changed",
                last.size
            )));
        }
        let mut files = Vec::new();
        for path in Edge::paths(last.size) {
            let bytes = self.vault.tile(&path).await?;
            files.push(bytes.map(|bytes| bytes.to_vec()).unwrap_or_default());
        }
        let edge = Edge::open(last.size, &files);
        Ok(edge.filter(|edge| edge.tree().root() == last.root).unwrap_or_default())
    }

    async fn write(&self, files: Vec<File>) -> Result<(), RecordError> {
        futures::stream::iter(files)
            .map(|(path, bytes)| {
                let vault = self.vault.clone();
                async move { vault.put_derived(&Key::Tile(path), bytes.into()).await }
            })
            .buffer_unordered(AT_ONCE)
            .try_collect::<()>()
            .await?;
        Ok(())
    }
}
