//! What an act waits for where both copies have to have it.

use bytes::Bytes;

use super::{Copies, PATIENCE, RecordError};
use crate::model::id::EntryNo;
use crate::record::batch;
use crate::vault::VaultError;

impl Copies {
    /// Makes sure, before a batch is published, that the copy has everything
    /// before entry `first`.
    ///
    /// # Errors
    /// When it is away or far behind: nothing was recorded.
    pub(in crate::record) async fn before(&self, first: EntryNo) -> Result<(), RecordError> {
        if !self.mirror.waits() {
            return Ok(());
        }
        match self.next.try_lock().map(|next| *next) {
            Ok(Some(next)) if next == first => {
                self.mirror.vault().await?;
                return Ok(());
            }
            _ => {}
        }
        self.levelled().await
    }

    /// Makes sure, before somebody is told again of an act that is recorded, that
    /// the copy has its entry `no` too, where acts wait for that: its own answer
    /// may have been lost because the copy did not.
    ///
    /// # Errors
    /// When it is away or far behind.
    pub(in crate::record) async fn has(&self, no: EntryNo) -> Result<(), RecordError> {
        let end = self.end().and_then(|end| EntryNo::try_from(end).ok());
        if !self.mirror.waits() || end.is_some_and(|end| no < end) {
            return Ok(());
        }
        self.levelled().await
    }

    /// Brings over what is lacking, for as long as an act waits.
    async fn levelled(&self) -> Result<(), RecordError> {
        match tokio::time::timeout(PATIENCE, self.level(false)).await {
            Ok(levelled) => levelled.map(|_| ()),
            Err(_) => Err(VaultError::Copy(format!(
                "{} is still being filled; wait for it, or set copies = 1 meanwhile",
                self.mirror.address()
            ))
            .into()),
        }
    }

    /// Publishes a batch that the store has to the copy too, where acts wait for
    /// that.
    ///
    /// # Errors
    /// When the copy does not take it: the acts have happened all the same, and
    /// are brought over before the next.
    pub(in crate::record) async fn publish(
        &self,
        first: EntryNo,
        end: u64,
        text: Bytes,
    ) -> Result<(), RecordError> {
        if !self.mirror.waits() {
            return Ok(());
        }
        let mut next = self.next.lock().await;
        let published = match self.mirror.vault().await {
            Ok(copy) => batch::publish(copy, first, text).await,
            Err(error) => Err(error.into()),
        };
        let end = EntryNo::try_from(end).unwrap_or(EntryNo::MAX);
        self.knows(&mut next, published.is_ok().then_some(end));
        published.map_err(|error| RecordError::Unsure(error.to_string()))
    }
}
