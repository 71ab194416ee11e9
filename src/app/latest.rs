//! The latest moment that is known. A clock can be set back; what has ended by
//! then does not begin again. Whatever was recorded or looked at has its time, and
//! every few seconds the moment is kept even when nobody does anything.

use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::catalog::clock;
use crate::db::{Db, DbError};
use crate::record::Clock;

/// How often the moment is kept.
const KEPT: Duration = Duration::from_secs(10);
/// By how much time goes on at most between two looks at a clock that is behind:
/// then it may have been set, and nobody knows by how much.
const STEP: SignedDuration = SignedDuration::from_mins(1);

/// The latest moment that is known to this process.
pub(super) struct Latest {
    db: Db,
    clock: Clock,
    seen: Mutex<Seen>,
}

/// What the clock said last, and which moment that was.
#[derive(Debug, Clone, Copy)]
struct Seen {
    clock: Timestamp,
    moment: Timestamp,
}

impl Seen {
    /// The moment when the clock says `now`: that, or where it is behind as much
    /// later than before as it has gone on.
    fn at(&mut self, now: Timestamp) -> Timestamp {
        let gone = now.duration_since(self.clock).clamp(SignedDuration::ZERO, STEP);
        let later = self.moment.checked_add(gone).unwrap_or(self.moment);
        *self = Self { clock: now, moment: later.max(now) };
        self.moment
    }
}

impl std::fmt::Debug for Latest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Latest").field("seen", &self.seen).finish_non_exhaustive()
    }
}

impl Latest {
    /// Begins with what the database knows, and keeps the moment until the last
    /// handle is gone.
    pub(super) async fn begin(db: Db, clock: Clock) -> Result<Arc<Self>, DbError> {
        let mut tx = db.read().await?;
        let known = clock::latest(&mut tx).await?;
        drop(tx);
        let now = clock();
        if known.duration_since(now) > STEP {
            tracing::warn!(
                %now, %known,
                "the clock is behind what was recorded: what has ended since stays ended"
            );
        }
        let seen = Mutex::new(Seen { clock: now, moment: known.max(now) });
        let latest = Arc::new(Self { db, clock, seen });
        tokio::spawn(follow(Arc::downgrade(&latest)));
        Ok(latest)
    }

    /// The latest moment that is known: it never becomes earlier.
    pub(super) fn moment(&self) -> Timestamp {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.at((self.clock)())
    }

    /// Keeps it; takes over what another process knows.
    pub(super) async fn keep(&self) -> Result<(), DbError> {
        let moment = self.moment();
        let mut tx = self.db.write().await?;
        let kept = clock::keep(&mut tx, moment).await?;
        tx.commit().await?;
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.moment = seen.moment.max(kept);
        Ok(())
    }
}

async fn follow(latest: Weak<Latest>) {
    loop {
        tokio::time::sleep(KEPT).await;
        let Some(latest) = latest.upgrade() else { return };
        if let Err(error) = latest.keep().await {
            tracing::warn!(%error, "the latest moment was not kept");
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn however_the_clock_is_set_the_moment_never_becomes_earlier_nor_runs_away(
            sets in prop::collection::vec(-100_000_i64..100_000, 1..50),
        ) {
            let start = Timestamp::UNIX_EPOCH;
            let mut seen = Seen { clock: start, moment: start };
            let (mut before, mut newest) = (start, start);
            for (at, step) in sets.into_iter().zip(1..) {
                let now = start + SignedDuration::from_secs(at);
                newest = newest.max(now);
                let moment = seen.at(now);
                prop_assert!(moment >= before && moment >= newest);
                prop_assert!(moment <= newest + STEP * step);
                before = moment;
            }
        }
    }

    #[test]
    fn behind_the_moment_time_goes_on_and_a_clock_that_is_right_again_is_believed() {
        let at = |seconds| Timestamp::UNIX_EPOCH + SignedDuration::from_secs(seconds);
        let mut seen = Seen { clock: at(0), moment: at(0) };
        assert_eq!(seen.at(at(100_000)), at(100_000));
        assert_eq!(seen.at(at(10)), at(100_000));
        assert_eq!(seen.at(at(20)), at(100_010));
        assert_eq!(seen.at(at(100_020)), at(100_070), "set forward: a minute at most");
        assert_eq!(seen.at(at(100_100)), at(100_130));
        assert_eq!(seen.at(at(200_000)), at(200_000));
    }
}
