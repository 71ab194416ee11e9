//! What was noted in files becomes rows of the database.

use jiff::Timestamp;

use super::journal::{Line, Taken};
use super::{Looks, RecordError};
use crate::db::{DbError, Statement};
use crate::ledger;

/// How many rows are made with one trip to the database.
const TOGETHER: usize = 64;

impl Looks {
    /// Makes rows of the looks that this process has noted: whoever reads such rows
    /// asks for it first.
    ///
    /// # Errors
    /// When the database fails: they go on waiting.
    pub async fn flush(&self) -> Result<(), DbError> {
        let _one = self.0.flushing.lock().await;
        let taken = self.0.journal.take();
        self.keep_rows(taken).await
    }

    /// Lets go of what this process has noted, as its end does: whoever looks next
    /// takes it up.
    pub fn let_go(&self) {
        drop(self.0.journal.take());
    }

    /// As [`flush`](Self::flush), with what processes that are gone have left.
    pub(super) async fn flush_all(&self) -> Result<(), RecordError> {
        self.flush().await?;
        let left = self.0.journal.left().map_err(|e| RecordError::Failed(e.to_string()))?;
        Ok(self.keep_rows(left).await?)
    }

    async fn keep_rows(&self, taken: Vec<Taken>) -> Result<(), DbError> {
        if taken.is_empty() {
            return Ok(());
        }
        let kept = self.rows(taken.iter().flat_map(|one| &one.lines)).await;
        match kept {
            Ok(()) => taken.into_iter().for_each(Taken::forget),
            Err(_) => self.0.journal.put_back(taken),
        }
        kept
    }

    async fn rows(&self, lines: impl Iterator<Item = &Line>) -> Result<(), DbError> {
        let statements = lines.map(|Line { at, body }| {
            let time = Timestamp::from_microsecond(*at).unwrap_or(Timestamp::UNIX_EPOCH);
            ledger::looks::waiting(time, body).map_err(|e| DbError::Corrupt(e.to_string()))
        });
        let statements: Vec<Statement> = statements.collect::<Result<_, _>>()?;
        let mut tx = self.0.db.write().await?;
        for some in statements.chunks(TOGETHER) {
            tx.run_all(some.to_vec()).await?;
        }
        tx.commit().await
    }
}
