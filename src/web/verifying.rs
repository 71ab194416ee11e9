//! A verification started from the page: it runs in the background, one at a
//! time, and how far it is stands in memory. Its result is an act in the log.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::app::App;
use crate::audit::{self, Sweep};
use crate::model::access::Actor;

/// The verification of this process.
#[derive(Debug, Clone, Default)]
pub(crate) struct Verifying(Arc<Mutex<Run>>);

#[derive(Debug, Default)]
struct Run {
    sweep: Option<Arc<Sweep>>,
    problem: Option<String>,
}

impl Verifying {
    /// Starts a verification; false when one runs already.
    pub(crate) fn start(&self, app: Arc<App>, actor: Actor) -> bool {
        let sweep = Arc::new(Sweep::default());
        {
            let mut run = self.run();
            if run.sweep.is_some() {
                return false;
            }
            *run = Run { sweep: Some(Arc::clone(&sweep)), problem: None };
        }
        // A task of its own, so that a panic inside it ends as an error here.
        let work = tokio::spawn(async move { audit::verify(&app, &actor, sweep).await });
        let verifying = self.clone();
        tokio::spawn(async move {
            let problem = match work.await {
                Ok(Ok(report)) => report.unrecorded,
                Ok(Err(error)) => Some(error.to_string()),
                Err(stopped) => Some(stopped.to_string()),
            };
            if let Some(problem) = &problem {
                tracing::error!(problem, "a verification did not end");
            }
            *verifying.run() = Run { sweep: None, problem };
        });
        true
    }

    /// How many files have been read, of how many; none when nothing runs.
    pub(crate) fn progress(&self) -> Option<(u64, u64)> {
        let run = self.run();
        let sweep = run.sweep.as_ref()?;
        Some((sweep.done.load(Ordering::Relaxed), sweep.total.load(Ordering::Relaxed)))
    }

    /// Why the last one did not end, if so.
    pub(crate) fn problem(&self) -> Option<String> {
        self.run().problem.clone()
    }

    fn run(&self) -> MutexGuard<'_, Run> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
