//! Batches are read many at a time, and what can be said of each alone is found
//! out on other threads: whether it parses, whether its checkpoint is signed,
//! which bodies there are.

use std::collections::HashSet;

use bytes::Bytes;

use super::super::AuditError;
use super::super::signers::Signers;
use crate::ledger::{self, Batch, LedgerError, bodies};
use crate::model::id::{Digest, EntryNo};
use crate::tlog::{Checkpoint, TlogError};
use crate::vault::{Key, Vault, VaultError};

/// The most bytes of a batch: 256 entries that fit into a bundle.
const BATCH: u64 = 32 << 20;
/// The most bytes of a blob with bodies.
const BODIES: u64 = 8 << 20;

/// A batch as it was read, with what could be said of it on another thread.
pub(super) struct Read {
    pub(super) first: EntryNo,
    pub(super) sha256: Digest,
    pub(super) batch: Result<Batch, LedgerError>,
    pub(super) bodies: Together,
    /// What its checkpoint says, by those who signed when it was read.
    pub(super) opened: Option<(usize, Result<Checkpoint, TlogError>)>,
}

impl Read {
    /// Reads the batches that begin with these entries, and their bodies.
    pub(super) async fn all(
        vault: &Vault,
        firsts: &[EntryNo],
        signers: &Signers,
    ) -> Result<Vec<Self>, AuditError> {
        let keys = firsts.iter().copied().map(Key::Entries).collect();
        let read = vault.read_all(keys, BATCH).await?;
        let read = read.into_iter().collect::<Result<Vec<_>, _>>()?;
        let (firsts, signers) = (firsts.to_vec(), signers.clone());
        let mut all = in_background(move || {
            let batch = |(first, bytes): (EntryNo, Bytes)| {
                let batch = ledger::parse(first, &bytes);
                let opened = batch.as_ref().ok();
                let opened = opened.map(|batch| (signers.now(), signers.opened(&batch.checkpoint)));
                let (sha256, bodies) = (Digest::of(&bytes), Together::default());
                Self { first, sha256, batch, bodies, opened }
            };
            firsts.into_iter().zip(read).map(batch).collect::<Vec<_>>()
        })
        .await?;
        // What is no batch is found when it is looked at.
        let names = |one: &Self| {
            one.batch.as_ref().map_or_else(|_| Vec::new(), |batch| batch.bodies.clone())
        };
        let names: Vec<_> = all.iter().map(names).collect();
        for (one, bodies) in all.iter_mut().zip(Together::read(vault, names).await?) {
            one.bodies = bodies;
        }
        Ok(all)
    }
}

/// Does work that would keep others waiting.
async fn in_background<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, AuditError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|stopped| VaultError::Disk(std::io::Error::other(stopped)).into())
}

/// The bodies that the blobs of a batch hold.
#[derive(Default)]
pub(super) struct Together {
    pub(super) there: HashSet<Digest>,
    /// Blobs that could not be read, and why.
    pub(super) lost: Vec<(Digest, VaultError)>,
}

impl Together {
    /// The bodies of batches; `names` are the blobs of each.
    pub(super) async fn read(
        vault: &Vault,
        names: Vec<Vec<Digest>>,
    ) -> Result<Vec<Self>, AuditError> {
        let keys = names.iter().flatten().copied().map(Key::Blob).collect();
        let read = vault.read_all(keys, BODIES).await?;
        in_background(move || {
            let mut read = read.into_iter();
            let of_batch = |names: Vec<Digest>| {
                let mut together = Self::default();
                for (name, blob) in names.into_iter().zip(read.by_ref()) {
                    match blob.and_then(|blob| right(name, blob)) {
                        Ok(blob) => together.there.extend(bodies::apart(&blob).into_keys()),
                        Err(error) => together.lost.push((name, error)),
                    }
                }
                together
            };
            names.into_iter().map(of_batch).collect()
        })
        .await
    }
}

fn right(expected: Digest, blob: Bytes) -> Result<Bytes, VaultError> {
    match Digest::of(&blob) {
        found if found == expected => Ok(blob),
        found => Err(VaultError::Corrupt { expected, found }),
    }
}
