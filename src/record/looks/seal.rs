//! About hourly the access log and the records log take note of each other.

use std::time::Duration;

use jiff::Timestamp;

use super::{Looks, RecordError};
use crate::catalog::{entries, looks};
use crate::ledger;
use crate::model::act::Act;
use crate::model::look::{Kind, Look, Standing};
use crate::tlog::Checkpoint;

/// How long there is at least between two seals.
const SEALED: Duration = Duration::from_secs(3600);

impl Looks {
    /// Seals the log when it has grown, and the seal before is an hour old.
    ///
    /// # Errors
    /// When the database or the store fails.
    pub async fn seal_when_due(&self) -> Result<(), RecordError> {
        let mut tx = self.0.db.read().await?;
        let last = looks::access_seals(&mut tx, 1).await?.pop();
        let time = match &last {
            Some(seal) => Some(entries::exact(&mut tx, seal.entry).await?.time),
            None => None,
        };
        drop(tx);
        let sealed = time.and_then(|time| time.parse::<Timestamp>().ok());
        match sealed.map(|at| self.now().duration_since(at)) {
            Some(since) if since < SEALED.try_into().unwrap_or_default() => Ok(()),
            _ => self.seal().await,
        }
    }

    /// Lets the two logs take note of each other, if anybody has looked since the
    /// last time: first the access log of the records log, then the other way
    /// round.
    ///
    /// # Errors
    /// When the database or the store fails.
    pub async fn seal(&self) -> Result<(), RecordError> {
        if self.0.key.is_none() || self.is_broken() {
            return Ok(());
        }
        let mut tx = self.0.db.read().await?;
        let last = looks::access_seals(&mut tx, 1).await?.first().map_or(0, |seal| seal.size);
        if !looks::has_grown(&mut tx, last).await? {
            return Ok(());
        }
        let records = ledger::newest(&mut tx).await?;
        drop(tx);
        if let Some((_, note)) = records {
            let Checkpoint { origin, size, root } = Checkpoint::parse(&note)?;
            let records = Some(Standing { origin, size, root: root.to_string() });
            let noted = self.write(&self.0.system, Look { records, ..Look::new(Kind::Seal) }).await;
            noted.map_err(|error| RecordError::Failed(error.to_string()))?;
        }
        self.publish().await?;
        let mut tx = self.0.db.read().await?;
        let Some((_, note)) =
            ledger::looks::newest_within(&mut tx, i64::MAX.unsigned_abs()).await?
        else {
            return Ok(());
        };
        drop(tx);
        let Checkpoint { origin, size, root } = Checkpoint::parse(&note)?;
        let act = Act::SealAccessLog { origin, size, root: root.to_string() };
        match self.0.recorder.record(&self.0.system, act).await {
            // Another process has said so meanwhile.
            Ok(_) | Err(RecordError::Refused(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }
}
