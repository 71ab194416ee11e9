//! 导入台: files of other departments and rosters that were uploaded and wait until somebody
//! has looked at them, and how they are taken in. All of it stands in memory.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use jiff::civil::Date;

use super::imports::{Begun, Imports, Outcome, owner};
use crate::app::App;
use crate::living::evidence::{self, GivenResults, Taken};
use crate::living::roster::{self, GivenRoster, Imported, Preview};
use crate::model::access::Actor;
use crate::model::evidence::Mapping;
use crate::model::table::BadRow;

/// The most files that wait; of more the oldest is given up.
const WAITING: usize = 4;

/// The desk of this process.
#[derive(Debug, Clone, Default)]
pub(crate) struct Checking {
    desk: Arc<Mutex<Desk>>,
    /// The files that are being taken in, and what became of them.
    pub(crate) imports: Imports<Ended>,
}

#[derive(Debug, Default)]
struct Desk {
    waiting: VecDeque<(String, Staged)>,
    rosters: VecDeque<(String, StagedRoster)>,
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

/// What became of a file.
#[derive(Debug, Clone)]
pub(crate) enum Ended {
    /// It was taken in.
    Taken(Taken),
    /// It was a roster, and its households are open.
    Opened(Imported),
}

impl Outcome for Ended {
    fn every_bad(&self) -> &[BadRow] {
        match self {
            Self::Taken(taken) => &taken.every_bad,
            Self::Opened(opened) => &opened.every_bad,
        }
    }

    fn shorten(&mut self) {
        match self {
            Self::Taken(taken) => taken.every_bad.clone_from(&taken.bad),
            Self::Opened(opened) => opened.every_bad.clone_from(&opened.bad),
        }
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

    /// Begins to take in a file of results; none when another one of the person goes.
    pub(crate) fn start(&self, app: Arc<App>, actor: Actor, given: GivenResults) -> Option<Begun> {
        let (checking, partly, name) = (self.clone(), given.partly, given.name.clone());
        self.imports.begin(&actor.clone(), &name, move |counted| async move {
            let done = |done, total| counted.tell(done, total);
            let taken = evidence::take(&app, &actor, given, &done).await?;
            // What was not kept waits, so that its good rows can be.
            if !taken.entries.is_empty() || partly {
                checking.give_up(&actor);
            }
            Ok(Ended::Taken(taken))
        })
    }

    /// Begins to open the households of a roster; none when another file of the person
    /// goes.
    pub(crate) fn open(
        &self,
        (app, actor): (Arc<App>, Actor),
        name: &str,
        given: GivenRoster,
    ) -> Option<Begun> {
        let checking = self.clone();
        self.imports.begin(&actor.clone(), name, move |counted| async move {
            let done = |done, total| counted.tell(done, total);
            let opened = roster::import(&app, &actor, given, &done).await?;
            checking.give_up_roster(&actor);
            Ok(Ended::Opened(opened))
        })
    }

    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
