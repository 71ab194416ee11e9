//! 导入台: files of other departments that were uploaded and wait until their columns are
//! chosen, and the one that is being taken in. All of it stands in memory.

use std::collections::{BTreeMap, VecDeque};
use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use jiff::civil::Date;

use crate::app::App;
use crate::living::LivingError;
use crate::living::evidence::{self, GivenResults, Taken};
use crate::living::roster::{self, GivenRoster, Imported, Preview};
use crate::model::access::Actor;
use crate::model::evidence::Mapping;
use crate::model::table::BadRow;
use crate::web::error::{Both, Failure};

/// The most files that wait; of more the oldest is given up.
const WAITING: usize = 4;
/// Of so many people what became of their last file is kept.
const RUNS: usize = 100;
/// Of so many people every row that could not be read is kept; of the others the first ones.
const LISTS: usize = 8;

/// The desk of this process.
#[derive(Debug, Clone, Default)]
pub(crate) struct Checking(Arc<Mutex<Desk>>);

#[derive(Debug, Default)]
struct Desk {
    waiting: VecDeque<(String, Staged)>,
    rosters: VecDeque<(String, StagedRoster)>,
    runs: BTreeMap<String, Run>,
    /// Whose last file has a list of every bad row, the newest last.
    lists: VecDeque<String>,
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
    /// The columns that were chosen last; none before.
    pub(crate) mapping: Option<Mapping>,
}

/// A roster that waits.
#[derive(Debug, Clone)]
pub(crate) struct StagedRoster {
    /// Its name.
    pub(crate) name: String,
    /// What is in it, and how it is read.
    pub(crate) given: GivenRoster,
    /// What would become of it.
    pub(crate) preview: Preview,
    /// Whether it says allowances that are passed over, since the bureau carries them over.
    pub(crate) left_to_bureau: bool,
}

/// Keeps what a person brought, in place of what the same person did before.
fn keep<T>(queue: &mut VecDeque<(String, T)>, owner: String, one: T) {
    queue.retain(|(other, _)| *other != owner);
    if queue.len() >= WAITING {
        queue.pop_front();
    }
    queue.push_back((owner, one));
}

/// What a person brought.
fn of<T: Clone>(queue: &VecDeque<(String, T)>, owner: &str) -> Option<T> {
    queue.iter().find(|(other, _)| other == owner).map(|(_, one)| one.clone())
}

/// How many rows or households are done, of how many.
pub(crate) type Counted = (AtomicU64, AtomicU64);

/// How the last file of a person stands.
#[derive(Debug, Clone)]
pub(crate) enum Run {
    /// It is being taken in: how many rows are done, of how many.
    Goes(Arc<Counted>),
    /// It was.
    Taken(Taken),
    /// It was a roster, and its households are open.
    Opened(Imported),
    /// It could not be.
    Failed(Both),
}

fn counting(counted: Arc<Counted>) -> impl Fn(u64, u64) + Send + Sync {
    move |done, total| {
        counted.0.store(done, Ordering::Relaxed);
        counted.1.store(total, Ordering::Relaxed);
    }
}

/// Whose file it is: by account, or by name where there is none.
fn owner(actor: &Actor) -> String {
    let person = actor.person.as_ref().map_or("", |person| person.as_str());
    format!("{person}/{}/{}", actor.organisation, actor.name)
}

impl Run {
    /// Every row that could not be read, as far as it is kept.
    pub(crate) fn every_bad(&self) -> &[BadRow] {
        match self {
            Run::Taken(taken) => &taken.every_bad,
            Run::Opened(opened) => &opened.every_bad,
            Run::Goes(_) | Run::Failed(_) => &[],
        }
    }

    /// Leaves the first of them.
    fn shorten(&mut self) {
        match self {
            Run::Taken(taken) => taken.every_bad.clone_from(&taken.bad),
            Run::Opened(opened) => opened.every_bad.clone_from(&opened.bad),
            Run::Goes(_) | Run::Failed(_) => {}
        }
    }
}

impl Desk {
    /// Keeps what became of the file of a person.
    fn ended(&mut self, owner: String, run: Run) {
        self.lists.retain(|other| *other != owner);
        if !run.every_bad().is_empty() {
            self.lists.push_back(owner.clone());
        }
        if self.lists.len() > LISTS
            && let Some(run) = self.lists.pop_front().and_then(|oldest| self.runs.get_mut(&oldest))
        {
            run.shorten();
        }
        self.runs.insert(owner, run);
    }
}

impl Checking {
    /// Keeps a file until its columns are chosen, in place of one of before.
    pub(crate) fn put(&self, actor: &Actor, staged: Staged) {
        keep(&mut self.desk().waiting, owner(actor), staged);
    }

    /// The file of a person that waits.
    pub(crate) fn waiting(&self, actor: &Actor) -> Option<Staged> {
        of(&self.desk().waiting, &owner(actor))
    }

    /// Gives up the file of a person that waits.
    pub(crate) fn give_up(&self, actor: &Actor) {
        let owner = owner(actor);
        self.desk().waiting.retain(|(other, _)| *other != owner);
    }

    /// Keeps a roster until it is taken in, in place of one of before.
    pub(crate) fn put_roster(&self, actor: &Actor, staged: StagedRoster) {
        keep(&mut self.desk().rosters, owner(actor), staged);
    }

    /// The roster of a person that waits.
    pub(crate) fn waiting_roster(&self, actor: &Actor) -> Option<StagedRoster> {
        of(&self.desk().rosters, &owner(actor))
    }

    /// Gives up the roster of a person that waits.
    pub(crate) fn give_up_roster(&self, actor: &Actor) {
        let owner = owner(actor);
        self.desk().rosters.retain(|(other, _)| *other != owner);
    }

    /// How the last file of a person stands.
    pub(crate) fn run(&self, actor: &Actor) -> Option<Run> {
        self.desk().runs.get(&owner(actor)).cloned()
    }

    /// Begins to take in a file of results; false when another one of the person goes.
    pub(crate) fn start(&self, app: Arc<App>, actor: Actor, given: GivenResults) -> bool {
        let (owner, checking, partly) = (owner(&actor), self.clone(), given.partly);
        self.begin(owner, move |counted| async move {
            let done = counting(counted);
            let taken = evidence::take(&app, &actor, given, &done).await?;
            // What was not kept waits, so that its good rows can be.
            if !taken.entries.is_empty() || partly {
                checking.give_up(&actor);
            }
            Ok(Run::Taken(taken))
        })
    }

    /// Begins to open the households of a roster; false when another file of the person
    /// goes.
    pub(crate) fn open(&self, app: Arc<App>, actor: Actor, given: GivenRoster) -> bool {
        let checking = self.clone();
        self.begin(owner(&actor), move |counted| async move {
            let done = counting(counted);
            let opened = roster::import(&app, &actor, given, &done).await?;
            checking.give_up_roster(&actor);
            Ok(Run::Opened(opened))
        })
    }

    fn begin<W, F>(&self, owner: String, work: W) -> bool
    where
        W: FnOnce(Arc<Counted>) -> F,
        F: Future<Output = Result<Run, LivingError>> + Send + 'static,
    {
        let counted = Arc::new(Counted::default());
        {
            let mut desk = self.desk();
            if matches!(desk.runs.get(&owner), Some(Run::Goes(_))) {
                return false;
            }
            // What became of files of others is kept while it is not too much.
            if desk.runs.len() >= RUNS {
                desk.runs.retain(|_, run| matches!(run, Run::Goes(_)));
            }
            desk.runs.insert(owner.clone(), Run::Goes(Arc::clone(&counted)));
        }
        // A task of its own, so that a panic inside it ends as an error here.
        let work = tokio::spawn(work(counted));
        let checking = self.clone();
        tokio::spawn(async move {
            let run = match work.await {
                Ok(Ok(run)) => run,
                Ok(Err(error)) => Run::Failed(Failure::from(error).sentence),
                Err(stopped) => {
                    tracing::error!(%stopped, "a file was not taken in");
                    Run::Failed(Failure::internal(&stopped).sentence)
                }
            };
            checking.desk().ended(owner, run);
        });
        true
    }

    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
