//! Bodies become durable before their acts are numbered, at the same time as
//! what the acts are about. Those that come while others are being written
//! share a blob, so many acts at a time wait for few writes.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use tokio::sync::{Semaphore, mpsc, oneshot};

use super::RecordError;
use super::batch::patiently;
use crate::ledger::bodies;
use crate::model::id::Digest;
use crate::vault::{Vault, VaultError};

/// How many bodies may wait.
const WAITING: usize = 256;
/// How many blobs are written at a time; what comes meanwhile is gathered.
const AT_ONCE: usize = 2;

/// The blob that holds a body, and perhaps others.
#[derive(Debug)]
pub(super) struct Holder {
    /// Its name.
    pub(super) name: Digest,
    /// For how many of its bodies nobody has said yet that the act was not done.
    wanted: AtomicUsize,
}

struct Waiting {
    body: Bytes,
    answer: oneshot::Sender<Result<Arc<Holder>, RecordError>>,
}

/// Where bodies are stored; cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Bodies {
    waiting: mpsc::Sender<Waiting>,
    vault: Vault,
}

impl Bodies {
    /// Begins to store bodies, until the last handle is dropped.
    pub(super) fn start(vault: Vault) -> Self {
        let (waiting, incoming) = mpsc::channel(WAITING);
        tokio::spawn(store_all(vault.clone(), incoming));
        Self { waiting, vault }
    }

    /// Stores a body; returns the blob that holds it when that is durable.
    pub(super) async fn store(&self, body: Bytes) -> Result<Arc<Holder>, RecordError> {
        let (answer, answered) = oneshot::channel();
        let closed = |_| RecordError::Closed;
        self.waiting.send(Waiting { body, answer }).await.map_err(closed)?;
        answered.await.map_err(|_| RecordError::Closed)?
    }

    /// Lets go of a blob for an act that was not done. When none of those whose
    /// bodies it holds was, it is removed: being salted, it is nobody else's.
    pub(super) async fn let_go(&self, holder: &Holder) -> Result<(), VaultError> {
        match holder.wanted.fetch_sub(1, Ordering::Relaxed) {
            1 => self.vault.forget(holder.name).await,
            _ => Ok(()),
        }
    }
}

async fn store_all(vault: Vault, mut incoming: mpsc::Receiver<Waiting>) {
    let turns = Arc::new(Semaphore::new(AT_ONCE));
    loop {
        let Ok(turn) = Arc::clone(&turns).acquire_owned().await else { return };
        let mut waiting = Vec::new();
        if incoming.recv_many(&mut waiting, WAITING).await == 0 {
            return;
        }
        let vault = vault.clone();
        tokio::spawn(async move {
            store(&vault, waiting).await;
            drop(turn);
        });
    }
}

async fn store(vault: &Vault, waiting: Vec<Waiting>) {
    let all: Vec<Bytes> = waiting.iter().map(|one| one.body.clone()).collect();
    let mut waiting = waiting.into_iter();
    for (blob, count) in bodies::together(&all) {
        let stored = patiently(|| vault.put(blob.clone())).await;
        let holder = stored.map(|name| Arc::new(Holder { name, wanted: count.into() }));
        for one in waiting.by_ref().take(count) {
            let told = match &holder {
                Ok(holder) => Ok(Arc::clone(holder)),
                Err(VaultError::Full) => Err(VaultError::Full.into()),
                Err(VaultError::Copy(why)) => Err(VaultError::Copy(why.clone()).into()),
                Err(error) => Err(RecordError::Failed(error.to_string())),
            };
            drop(one.answer.send(told));
        }
    }
}
