//! What is damaged of the newest batches is mended before database and store are
//! compared: without them no look could be noted, and so nothing shown.

use bytes::Bytes;
use object_store::path::Path;

use super::super::RecordError;
use super::Looks;
use super::publish::COMPARED;
use crate::ledger;
use crate::model::act::{Act, FindingClass, Repair, Side, Source};
use crate::model::id::{Digest, EntryNo};
use crate::tlog::Checkpoint;
use crate::vault::{Key, VaultError, key};

impl Looks {
    /// Restores batches that are damaged in the store, or not there, from what the
    /// database or the second copy has: the newest ones, and those before them as
    /// long as some are found. Each is told, as an act where this machine can record
    /// one. What neither can make again stays as it is.
    ///
    /// # Errors
    /// When the database or the store fails.
    pub(super) async fn mend_newest(&self) -> Result<(), RecordError> {
        let mut before = EntryNo::MAX;
        loop {
            let mut tx = self.0.db.read().await?;
            let last = ledger::looks::last_batches(&mut tx, before, COMPARED).await?;
            drop(tx);
            let mut mended = false;
            for (first, expected) in last {
                mended |= self.mend(first, &expected).await?;
                before = first;
            }
            if !mended {
                return Ok(());
            }
        }
    }

    /// Restores the batch that begins with entry `first`, if it is not the one whose
    /// digest the database noted and can be made again; false when it was not
    /// restored.
    async fn mend(&self, first: EntryNo, expected: &str) -> Result<bool, RecordError> {
        let class = match self.0.vault.batch(first).await {
            Ok(bytes) if Digest::of(&bytes).to_string() == expected => return Ok(false),
            Ok(_) | Err(VaultError::NoFile) => FindingClass::Changed,
            Err(VaultError::NotFound(_)) => FindingClass::Missing,
            Err(error) => return Err(error.into()),
        };
        let Some((right, source)) = self.again(first, expected).await? else { return Ok(false) };
        let path = Path::from(format!("{}/{}", key::ACCESS, Key::Entries(first).path()));
        let quarantine = self.0.store.quarantine(&path, self.now()).await?;
        match self.0.store.restore(&path, right.clone()).await {
            // Another process was faster.
            Err(VaultError::Conflict(_)) => return Ok(false),
            restored => restored?,
        }
        let (side, sha256) = (Side::Store, Digest::of(&right));
        let repair = Repair { side, path: path.into(), sha256, class, source, quarantine };
        self.tell(repair).await;
        Ok(true)
    }

    /// The bytes of the batch that begins with entry `first`, whose digest the
    /// database noted: made again from the looks it has, or those of the second copy.
    /// They count only when the key of this log has signed them.
    async fn again(
        &self,
        first: EntryNo,
        expected: &str,
    ) -> Result<Option<(Bytes, Source)>, RecordError> {
        let is_right = |bytes: &Bytes| {
            Digest::of(bytes).to_string() == expected && self.has_signed(first, bytes)
        };
        let mut tx = self.0.db.read().await?;
        let again = ledger::looks::batch_again(&mut tx, first).await?;
        drop(tx);
        if let Some(bytes) = again.filter(is_right) {
            return Ok(Some((bytes, Source::Database)));
        }
        let Some(copied) = &self.0.copied else { return Ok(None) };
        let bytes = copied.batch(first).await.filter(is_right);
        Ok(bytes.map(|bytes| (bytes, Source::Copy)))
    }

    /// Whether the checkpoint of a batch is signed by the key of the access log; any
    /// will do where this machine has none.
    fn has_signed(&self, first: EntryNo, bytes: &Bytes) -> bool {
        let Ok(batch) = ledger::parse(first, bytes) else { return false };
        let Some(key) = &self.0.key else { return true };
        Checkpoint::open(&batch.checkpoint, &[key.first().to_owned()]).is_ok()
    }

    /// Says that something was restored. That it cannot be recorded keeps nobody from
    /// reading.
    async fn tell(&self, repair: Repair) {
        let (path, source) = (&repair.path, repair.source);
        tracing::warn!(path, ?source, "restored in the access log");
        match self.0.recorder.record(&self.0.system, Act::RepairObject { repair }).await {
            Ok(_) | Err(RecordError::NoKey) => {}
            Err(error) => tracing::error!(%error, "that it was restored was not recorded"),
        }
    }
}
