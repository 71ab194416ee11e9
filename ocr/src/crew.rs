//! The threads the models run on, and the time they may take.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use rten::{RunOptions, ThreadPool};

use crate::error::Error;

/// Two ways to use the same number of threads: all on one large job, or each
/// on a small job of its own.
#[derive(Debug)]
pub(crate) struct Crew {
    together: Arc<ThreadPool>,
    alone: Vec<Arc<ThreadPool>>,
}

impl Crew {
    /// A crew of `threads`, at least one.
    pub(crate) fn of(threads: usize) -> Self {
        let threads = threads.max(1);
        let alone = (0..threads).map(|_| Arc::new(ThreadPool::with_num_threads(1))).collect();
        Self { together: Arc::new(ThreadPool::with_num_threads(threads)), alone }
    }

    /// How many threads it is, at least one.
    pub(crate) fn size(&self) -> usize {
        self.alone.len()
    }

    /// Options to run a model on all threads.
    pub(crate) fn together(&self) -> RunOptions {
        on(&self.together)
    }

    /// `work` done for every item, each on one thread; the results in the
    /// items' order, or the first error met.
    pub(crate) fn each<T: Sync, R: Send>(
        &self,
        items: &[T],
        work: impl Fn(&T, RunOptions) -> Result<R, Error> + Sync,
    ) -> Result<Vec<R>, Error> {
        let next = AtomicUsize::new(0);
        let failed = AtomicBool::new(false);
        let done = Mutex::new(Vec::with_capacity(items.len()));
        let toil = |pool: &Arc<ThreadPool>| {
            while !failed.load(Ordering::Relaxed) {
                let index = next.fetch_add(1, Ordering::Relaxed);
                let Some(item) = items.get(index) else { break };
                let result = work(item, on(pool));
                failed.fetch_or(result.is_err(), Ordering::Relaxed);
                let mut done = done.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
                done.push((index, result));
            }
        };
        std::thread::scope(|scope| {
            for pool in self.alone.iter().take(items.len()).skip(1) {
                scope.spawn(|| toil(pool));
            }
            if let Some(pool) = self.alone.first() {
                toil(pool);
            }
        });
        let mut done = done.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
        done.sort_by_key(|(index, _)| *index);
        done.into_iter().map(|(_, result)| result).collect()
    }

    /// As [`Crew::each`], the longest by `length` begun first, so that none of
    /// them is left to one thread while the others wait at the end.
    pub(crate) fn longest_first<T: Sync, R: Send>(
        &self,
        items: &[T],
        length: impl Fn(&T) -> f64,
        work: impl Fn(&T, RunOptions) -> Result<R, Error> + Sync,
    ) -> Result<Vec<R>, Error> {
        let mut order: Vec<usize> = (0..items.len()).collect();
        order.sort_by(|&a, &b| length(&items[b]).total_cmp(&length(&items[a])));
        let results = self.each(&order, |&number, options| work(&items[number], options))?;
        let mut placed: Vec<(usize, R)> = order.into_iter().zip(results).collect();
        placed.sort_by_key(|(number, _)| *number);
        Ok(placed.into_iter().map(|(_, result)| result).collect())
    }
}

fn on(pool: &Arc<ThreadPool>) -> RunOptions {
    RunOptions::default().with_thread_pool(Some(pool.clone()))
}

/// Time running out.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clock {
    started: Instant,
    limit: Option<Duration>,
}

impl Clock {
    /// A clock that runs out after `limit`, or never.
    pub(crate) fn start(limit: Option<Duration>) -> Self {
        Self { started: Instant::now(), limit }
    }

    /// An error once the time is up.
    pub(crate) fn check(&self) -> Result<(), Error> {
        match self.limit {
            Some(limit) if self.started.elapsed() > limit => Err(Error::TookTooLong { limit }),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn results_keep_the_order_of_the_items() {
        let items: Vec<u64> = (0..50).collect();
        let doubled = Crew::of(3).each(&items, |n, _| {
            std::thread::sleep(Duration::from_micros(100 * (50 - n)));
            Ok(n * 2)
        });
        assert_eq!(doubled.unwrap(), (0..100).step_by(2).collect::<Vec<u64>>());
        let none: Vec<u64> = Crew::of(2).each(&[], |n: &u64, _| Ok(*n)).unwrap();
        assert!(none.is_empty());
    }

    #[test]
    fn the_longest_are_begun_first_and_the_order_is_kept() {
        let begun = Mutex::new(Vec::new());
        let note = |n: &u64, _| {
            begun.lock().unwrap().push(*n);
            Ok(n * 2)
        };
        let results = Crew::of(1).longest_first(&[3, 9, 1, 7], |&n| n as f64, note).unwrap();
        assert_eq!(results, [6, 18, 2, 14]);
        assert_eq!(begun.into_inner().unwrap(), [9, 7, 3, 1]);
    }

    #[test]
    fn an_error_stops_the_work() {
        let limit = Duration::ZERO;
        let items: Vec<usize> = (0..10_000).collect();
        let met = AtomicUsize::new(0);
        let result = Crew::of(2).each(&items, |&n, _| {
            met.fetch_add(1, Ordering::Relaxed);
            if n == 5 { Err(Error::TookTooLong { limit }) } else { Ok(n) }
        });
        assert!(matches!(result, Err(Error::TookTooLong { .. })));
        assert!(met.load(Ordering::Relaxed) < 10_000);
    }

    #[test]
    fn a_clock_runs_out_only_with_a_limit() {
        assert!(Clock::start(None).check().is_ok());
        assert!(Clock::start(Some(Duration::from_secs(60))).check().is_ok());
        let clock = Clock::start(Some(Duration::ZERO));
        std::thread::sleep(Duration::from_millis(1));
        assert!(matches!(clock.check(), Err(Error::TookTooLong { .. })));
    }
}
