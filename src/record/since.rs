//! What an act rests on beside its own rules: somebody looked, and decided by what they saw.

use super::RecordError;
use crate::catalog::{Refusal, entries};
use crate::db::{DbError, Tx};
use crate::model::act::Act;
use crate::model::id::EntryNo;

/// That no act of some kinds came since somebody looked. It is asked once, when the act is
/// recorded, and is no part of it: what stands in the log happened.
#[derive(Debug, Clone, Copy)]
pub struct Since {
    kinds: &'static [&'static str],
    last: EntryNo,
}

impl Since {
    /// From what is seen in this transaction on, for acts of these names.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn now(tx: &mut Tx, kinds: &'static [&'static str]) -> Result<Self, DbError> {
        let mut last = -1;
        for kind in kinds {
            last = last.max(entries::last_number_of(tx, kind).await?);
        }
        Ok(Self { kinds, last })
    }

    /// The same from entry `no` on, which whoever looked has recorded.
    #[must_use]
    pub fn after(self, no: EntryNo) -> Self {
        Self { last: no, ..self }
    }

    /// Whether an act is of these kinds.
    pub(super) fn is_about(&self, act: &Act) -> bool {
        self.kinds.contains(&act.name())
    }

    /// Whether there is a later one in the database.
    pub(super) async fn is_over(&self, tx: &mut Tx) -> Result<bool, DbError> {
        Ok(Self::now(tx, self.kinds).await?.last > self.last)
    }
}

/// Attempts what rests on a look and is recorded by
/// [`record_since`](super::Recorder::record_since), and looks again as long as others come
/// first. `why` has, of an error of the attempt, why nothing was recorded, if it is that.
///
/// # Errors
/// Those of the attempt.
pub async fn looking_again<T, E, F: Future<Output = Result<T, E>>>(
    attempt: impl Fn() -> F,
    why: impl Fn(&E) -> Option<&RecordError>,
) -> Result<T, E> {
    loop {
        match attempt().await {
            Err(error) if matches!(why(&error), Some(RecordError::Refused(Refusal::Meanwhile))) => {
            }
            ended => return ended,
        }
    }
}
