//! 导入台: files of other departments that were uploaded and wait until their columns are
//! chosen, and the one that is being taken in. All of it stands in memory.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use jiff::civil::Date;

use crate::app::App;
use crate::living::evidence::{self, GivenResults, Taken};
use crate::model::access::Actor;
use crate::web::error::{Both, Failure};

/// The most files that wait; of more the oldest is given up.
const WAITING: usize = 4;

/// The desk of this process.
#[derive(Debug, Clone, Default)]
pub(crate) struct Checking(Arc<Mutex<Desk>>);

#[derive(Debug, Default)]
struct Desk {
    waiting: VecDeque<(String, Staged)>,
    runs: BTreeMap<String, Run>,
}

/// A file that waits.
#[derive(Debug, Clone)]
pub(crate) struct Staged {
    /// The code of its kind.
    pub(crate) kind: String,
    /// The day its results are of; today where it is not said.
    pub(crate) as_of: Option<Date>,
    /// Its name.
    pub(crate) name: String,
    /// What is in it.
    pub(crate) bytes: Bytes,
}

/// How the last file of a person stands.
#[derive(Debug, Clone)]
pub(crate) enum Run {
    /// It is being taken in: how many rows are done, of how many.
    Goes(Arc<(AtomicU64, AtomicU64)>),
    /// It was.
    Taken(Taken),
    /// It could not be.
    Failed(Both),
}

/// Whose file it is: by account, or by name where there is none.
fn owner(actor: &Actor) -> String {
    let person = actor.person.as_ref().map_or("", |person| person.as_str());
    format!("{person}/{}/{}", actor.organisation, actor.name)
}

impl Checking {
    /// Keeps a file until its columns are chosen, in place of one of before.
    pub(crate) fn put(&self, actor: &Actor, staged: Staged) {
        let owner = owner(actor);
        let mut desk = self.desk();
        desk.waiting.retain(|(other, _)| *other != owner);
        if desk.waiting.len() >= WAITING {
            desk.waiting.pop_front();
        }
        desk.waiting.push_back((owner, staged));
    }

    /// The file of a person that waits.
    pub(crate) fn waiting(&self, actor: &Actor) -> Option<Staged> {
        let owner = owner(actor);
        let desk = self.desk();
        desk.waiting.iter().find(|(other, _)| *other == owner).map(|(_, staged)| staged.clone())
    }

    /// Gives up the file of a person that waits.
    pub(crate) fn give_up(&self, actor: &Actor) {
        let owner = owner(actor);
        self.desk().waiting.retain(|(other, _)| *other != owner);
    }

    /// How the last file of a person stands.
    pub(crate) fn run(&self, actor: &Actor) -> Option<Run> {
        self.desk().runs.get(&owner(actor)).cloned()
    }

    /// Begins to take in a file; false when another one of the person goes.
    pub(crate) fn start(&self, app: Arc<App>, actor: Actor, given: GivenResults) -> bool {
        let owner = owner(&actor);
        let counted = Arc::new((AtomicU64::new(0), AtomicU64::new(0)));
        {
            let mut desk = self.desk();
            if matches!(desk.runs.get(&owner), Some(Run::Goes(_))) {
                return false;
            }
            desk.runs.insert(owner.clone(), Run::Goes(Arc::clone(&counted)));
        }
        // A task of its own, so that a panic inside it ends as an error here.
        let partly = given.partly;
        let work = tokio::spawn(async move {
            let done = move |done, total| {
                counted.0.store(done, Ordering::Relaxed);
                counted.1.store(total, Ordering::Relaxed);
            };
            let taken = evidence::take(&app, &actor, given, &done).await;
            (actor, taken)
        });
        let checking = self.clone();
        tokio::spawn(async move {
            let run = match work.await {
                Ok((actor, Ok(taken))) => {
                    // What was not kept waits, so that its good rows can be.
                    if !taken.entries.is_empty() || partly {
                        checking.give_up(&actor);
                    }
                    Run::Taken(taken)
                }
                Ok((_, Err(error))) => Run::Failed(Failure::from(error).sentence),
                Err(stopped) => {
                    tracing::error!(%stopped, "a file of results was not taken in");
                    Run::Failed(Failure::internal(&stopped).sentence)
                }
            };
            checking.desk().runs.insert(owner, run);
        });
        true
    }

    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
