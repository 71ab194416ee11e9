//! What the copy lacks is brought over, batch by batch, blobs first.

use bytes::Bytes;
use futures::{StreamExt, TryStreamExt};

use super::{AT_ONCE, CHUNK, Copies, RecordError};
use crate::ledger;
use crate::model::id::{Digest, EntryNo};
use crate::vault::{Vault, VaultError};

impl Copies {
    /// Brings over every batch of the database that the copy lacks; returns
    /// where it ends then. With `renew` the right to do so is renewed on the
    /// way; whoever holds a transaction that writes cannot.
    pub(super) async fn level(&self, renew: bool) -> Result<EntryNo, RecordError> {
        loop {
            let (next, done) = self.step().await?;
            if done {
                return Ok(next);
            }
            if renew {
                self.may().await?;
            }
        }
    }

    /// Brings over a few batches; returns where the copy ends then, and whether
    /// it has all.
    async fn step(&self) -> Result<(EntryNo, bool), RecordError> {
        let mut next = self.next.lock().await;
        let copy = self.mirror.vault().await?;
        let from = match *next {
            Some(from) => from,
            None => self.begin().await?,
        };
        self.knows(&mut next, Some(from));
        let mut tx = self.db.read().await?;
        let batches = ledger::batches_from(&mut tx, from, CHUNK).await?;
        drop(tx);
        let done = batches.is_empty();
        let mut at = from;
        for (first, count, sha256) in batches {
            let text = self.vault.batch(first).await?;
            if Digest::of(&text).to_string() != sha256 {
                return Err(RecordError::Disagree(format!(
                    "the batch of log entry {first} was changed in the store; it is not copied"
                )));
            }
            if let Err(error) = self.bring(copy, first, text).await {
                self.knows(&mut next, None);
                return Err(error);
            }
            at = first + count;
            self.knows(&mut next, Some(at));
        }
        Ok((at, done))
    }

    /// Brings one batch over, its blobs first.
    async fn bring(&self, copy: &Vault, first: EntryNo, text: Bytes) -> Result<(), RecordError> {
        let batch = ledger::parse(first, &text)?;
        let alone = batch.bodies.is_empty();
        let mut blobs = batch.bodies;
        for (entry, _) in batch.entries {
            blobs.extend(entry.objects.into_iter().chain(alone.then_some(entry.body)));
        }
        futures::stream::iter(blobs)
            .map(|digest| self.bring_blob(copy, digest))
            .buffer_unordered(AT_ONCE)
            .try_collect::<()>()
            .await?;
        copy.publish(first, text).await.map_err(|error| self.mirror.failed(error))?;
        Ok(())
    }

    /// Brings one blob over. One that is not right in the store is no reason to
    /// stop: a sweep finds it, and that the copy has not got it.
    async fn bring_blob(&self, copy: &Vault, digest: Digest) -> Result<(), RecordError> {
        match copy.bring(digest, &self.vault).await {
            Ok(_) => Ok(()),
            Err(VaultError::Destroyed(_)) => Ok(()),
            Err(error) if error.is_damage() || error.is_gone() => {
                tracing::error!(%digest, %error, "a blob is not copied");
                Ok(())
            }
            Err(error) => Err(self.mirror.failed(error).into()),
        }
    }
}
