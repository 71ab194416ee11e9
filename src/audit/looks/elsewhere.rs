//! Where the right bytes of a damaged part of the access log are: the database
//! has every look with its body, and the other store what was published.

use bytes::Bytes;

use super::super::AuditError;
use super::Look;
use crate::ledger::{self, Batch};
use crate::model::act::Source;
use crate::model::id::{Digest, EntryNo};

impl Look<'_> {
    /// The batch in `bytes`, if it leads from the tree as it is to the tree that
    /// was signed, and is the one that the database noted, where it knows it; else
    /// why not.
    pub(super) async fn sound(
        &self,
        first: EntryNo,
        bytes: &Bytes,
    ) -> Result<Result<Batch, String>, AuditError> {
        let batch = match ledger::parse(first, bytes) {
            Ok(batch) => batch,
            Err(error) => return Ok(Err(error.to_string())),
        };
        let mut tree = self.tree.clone();
        batch.entries.iter().for_each(|(_, leaf)| tree.push(leaf));
        match self.opened(&batch.checkpoint) {
            Ok(checkpoint) if checkpoint.root == tree.root() => {}
            Ok(_) => return Ok(Err("its entries do not lead to its checkpoint".into())),
            Err(reason) => return Ok(Err(reason)),
        }
        if self.tree.size() < self.known {
            let mut tx = self.app.db.read().await?;
            let noted = ledger::looks::batch_digest(&mut tx, first).await?;
            if noted.as_deref() != Some(Digest::of(bytes).to_string().as_str()) {
                return Ok(Err("it is not the batch that the database noted".into()));
            }
        }
        Ok(Ok(batch))
    }

    /// The sound batch that begins with entry `first`, from the database or the
    /// other store.
    pub(super) async fn batch_elsewhere(
        &self,
        first: EntryNo,
    ) -> Result<Option<(Batch, Bytes, Source)>, AuditError> {
        let mut tx = self.app.db.read().await?;
        let again = ledger::looks::batch_again(&mut tx, first).await?;
        drop(tx);
        if let Some(bytes) = again
            && let Ok(batch) = self.sound(first, &bytes).await?
        {
            return Ok(Some((batch, bytes, Source::Database)));
        }
        if let Some((other, source)) = &self.other
            && let Ok(bytes) = other.batch(first).await
            && let Ok(batch) = self.sound(first, &bytes).await?
        {
            return Ok(Some((batch, bytes, *source)));
        }
        Ok(None)
    }

    /// The blob of bodies of that name, of the batch that follows the tree as it
    /// is.
    pub(super) async fn bodies_elsewhere(
        &self,
        name: Digest,
    ) -> Result<Option<(Bytes, Source)>, AuditError> {
        if let Some((other, source)) = &self.other
            && let Ok(bytes) = other.bytes(name).await
        {
            return Ok(Some((bytes, *source)));
        }
        let first = EntryNo::try_from(self.tree.size()).unwrap_or(EntryNo::MAX);
        let mut tx = self.app.db.read().await?;
        let mut blobs = ledger::looks::blobs_again(&mut tx, first).await?;
        blobs.retain(|blob| Digest::of(blob) == name);
        Ok(blobs.pop().map(|blob| (blob, Source::Database)))
    }

    /// The checkpoint of the tree of `size` entries, if it is signed and the
    /// entries lead to it, as far as they were looked at.
    pub(super) async fn checkpoint_elsewhere(
        &self,
        size: u64,
    ) -> Result<Option<(Bytes, Source)>, AuditError> {
        let right = |note: &String| {
            let checkpoint = self.opened(note).ok().filter(|one| one.size == size);
            let root = self.roots.get(&size);
            checkpoint.is_some_and(|one| root.is_none_or(|root| one.root == *root))
        };
        let mut tx = self.app.db.read().await?;
        let noted = ledger::looks::newest_within(&mut tx, size).await?;
        drop(tx);
        if let Some((_, note)) = noted.filter(|(_, note)| right(note)) {
            return Ok(Some((note.into(), Source::Database)));
        }
        if let Some((other, source)) = &self.other
            && let Ok(note) = other.checkpoint_of(size).await
            && right(&note)
        {
            return Ok(Some((note.into(), *source)));
        }
        Ok(None)
    }
}
