//! Files that are being taken in, the last of each person: how far it is, and what became of
//! it. All of it stands in memory.

use std::collections::{BTreeMap, VecDeque};
use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::task::JoinHandle;

use super::error::Failure;
use super::lang::Lang;
use crate::living::{LivingError, payments};
use crate::model::access::Actor;
use crate::model::month::Month;
use crate::model::table::BadRow;

/// Of so many people what became of their last file is kept.
const PEOPLE: usize = 100;
/// Of so many people every row that could not be read is kept; of the others the first ones.
const LISTS: usize = 8;
/// A file that is taken in by then is answered with what became of it, others with how far
/// they are.
const SOON: Duration = Duration::from_secs(2);

/// How many rows or households are done, of how many.
#[derive(Debug, Default)]
pub(crate) struct Counted {
    done: AtomicU64,
    total: AtomicU64,
}

impl Counted {
    /// Notes that so many are done, of so many.
    pub(crate) fn tell(&self, done: u64, total: u64) {
        self.done.store(done, Ordering::Relaxed);
        self.total.store(total, Ordering::Relaxed);
    }

    /// How many are done, of how many; of none before it is known.
    pub(crate) fn now(&self) -> (u64, u64) {
        (self.done.load(Ordering::Relaxed), self.total.load(Ordering::Relaxed))
    }
}

/// What becomes of a file.
pub(crate) trait Outcome: Clone + Send + 'static {
    /// Every row that could not be read, as far as it is kept.
    fn every_bad(&self) -> &[BadRow];

    /// Leaves the first of them.
    fn shorten(&mut self);
}

/// Bad rows as a page tells them: line and reason, in its language.
pub(crate) fn bad_lines(lang: Lang, rows: &[BadRow]) -> Vec<(u64, String)> {
    let said = |one: &BadRow| (one.line, lang.t(&one.reason, &one.reason_en).to_owned());
    rows.iter().map(said).collect()
}

/// What became of a bank's file.
#[derive(Debug, Clone)]
pub(crate) struct Returned {
    /// The month it is of.
    pub(crate) month: Month,
    /// What of it was taken in.
    pub(crate) taken: payments::Taken,
}

impl Outcome for Returned {
    fn every_bad(&self) -> &[BadRow] {
        &self.taken.bad
    }

    fn shorten(&mut self) {}
}

/// How the last file of a person stands.
#[derive(Debug, Clone)]
pub(crate) enum Import<T> {
    /// It is being taken in.
    Goes(Arc<Counted>),
    /// It was.
    Ended(T),
    /// It could not be.
    Failed(Box<Failure>),
}

/// A file by its name, and how it stands.
type Named<T> = (String, Import<T>);

/// The last files of people; cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Imports<T>(Arc<Mutex<Kept<T>>>);

#[derive(Debug)]
struct Kept<T> {
    imports: BTreeMap<String, Named<T>>,
    /// Whose last file has a list of every bad row, the newest last.
    lists: VecDeque<String>,
}

impl<T> Default for Imports<T> {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Kept { imports: BTreeMap::new(), lists: VecDeque::new() })))
    }
}

/// Whose file it is: by account, or by name where there is none.
pub(crate) fn owner(actor: &Actor) -> String {
    let person = actor.person.as_ref().map_or("", |person| person.as_str());
    format!("{person}/{}/{}", actor.organisation, actor.name)
}

impl<T: Outcome> Kept<T> {
    fn ended(&mut self, owner: String, name: String, import: Import<T>) {
        self.lists.retain(|other| *other != owner);
        if matches!(&import, Import::Ended(outcome) if !outcome.every_bad().is_empty()) {
            self.lists.push_back(owner.clone());
        }
        if self.lists.len() > LISTS
            && let Some(oldest) = self.lists.pop_front()
            && let Some((_, Import::Ended(outcome))) = self.imports.get_mut(&oldest)
        {
            outcome.shorten();
        }
        self.imports.insert(owner, (name, import));
    }
}

impl<T: Outcome> Imports<T> {
    /// The last file of a person by its name, and how it stands.
    pub(crate) fn of(&self, actor: &Actor) -> Option<Named<T>> {
        self.kept().imports.get(&owner(actor)).cloned()
    }

    /// Forgets what became of the last file of a person; returns it. None while one goes.
    pub(crate) fn take(&self, actor: &Actor) -> Option<Import<T>> {
        let (owner, mut kept) = (owner(actor), self.kept());
        match kept.imports.get(&owner)? {
            (_, Import::Goes(_)) => None,
            _ => kept.imports.remove(&owner).map(|(_, import)| import),
        }
    }

    /// Begins to take in the file of that name: `work` tells how far it is. Returns what ends
    /// with it, or none when another file of the person goes.
    pub(crate) fn begin<W, F>(&self, actor: &Actor, name: &str, work: W) -> Option<Begun>
    where
        W: FnOnce(Arc<Counted>) -> F,
        F: Future<Output = Result<T, LivingError>> + Send + 'static,
    {
        let (owner, counted) = (owner(actor), Arc::new(Counted::default()));
        {
            let mut kept = self.kept();
            if matches!(kept.imports.get(&owner), Some((_, Import::Goes(_)))) {
                return None;
            }
            // What became of files of others is kept while it is not too much.
            if kept.imports.len() >= PEOPLE {
                kept.imports.retain(|_, (_, import)| matches!(import, Import::Goes(_)));
            }
            let goes = (name.to_owned(), Import::Goes(Arc::clone(&counted)));
            kept.imports.insert(owner.clone(), goes);
        }
        // A task of its own, so that a panic inside it ends as an error here.
        let work = tokio::spawn(work(counted));
        let (imports, name) = (self.clone(), name.to_owned());
        Some(Begun(tokio::spawn(async move {
            let import = match work.await {
                Ok(Ok(outcome)) => Import::Ended(outcome),
                Ok(Err(error)) => Import::Failed(Box::new(error.into())),
                Err(stopped) => {
                    tracing::error!(%stopped, "a file was not taken in");
                    Import::Failed(Box::new(Failure::internal(&stopped)))
                }
            };
            imports.kept().ended(owner, name, import);
        })))
    }

    fn kept(&self) -> MutexGuard<'_, Kept<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A file that is being taken in; it goes on when this is dropped.
#[derive(Debug)]
pub(crate) struct Begun(JoinHandle<()>);

impl Begun {
    /// Whether it ends within two seconds, as most files do.
    pub(crate) async fn ends_soon(self) -> bool {
        tokio::time::timeout(SOON, self.0).await.is_ok()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use tokio::sync::oneshot;

    use super::*;
    use crate::model::access::Role;

    #[derive(Debug, Clone)]
    struct Rows(Vec<BadRow>);

    impl Outcome for Rows {
        fn every_bad(&self) -> &[BadRow] {
            &self.0
        }

        fn shorten(&mut self) {
            self.0.clear();
        }
    }

    fn clerk(name: &str) -> Actor {
        Actor::new(name, "990102003004".parse().unwrap(), Role::Clerk)
    }

    fn bad() -> Rows {
        let (reason, reason_en) = ("不对".to_owned(), "wrong".to_owned());
        Rows(vec![BadRow { line: 3, reason, reason_en }])
    }

    #[tokio::test]
    async fn one_file_of_a_person_goes_at_a_time() {
        let imports = Imports::default();
        let (go, on) = oneshot::channel();
        let first = imports.begin(&clerk("甲"), "a.csv", |counted| async move {
            counted.tell(3, 10);
            on.await.unwrap();
            Ok(bad())
        });
        assert!(imports.begin(&clerk("甲"), "a.csv", |_| async { Ok(bad()) }).is_none());
        let other = imports.begin(&clerk("乙"), "a.csv", |_| async { Ok(bad()) });
        other.unwrap().0.await.unwrap();
        assert!(matches!(imports.of(&clerk("甲")), Some((_, Import::Goes(_)))));
        assert!(imports.take(&clerk("甲")).is_none(), "what goes is not forgotten");
        go.send(()).unwrap();
        first.unwrap().0.await.unwrap();
        assert!(matches!(imports.take(&clerk("甲")), Some(Import::Ended(_))));
        assert!(imports.of(&clerk("甲")).is_none());
    }

    #[tokio::test]
    async fn a_panic_ends_as_a_failure() {
        let imports = Imports::<Rows>::default();
        let begun = imports.begin(&clerk("甲"), "a.csv", |_| async { panic!("broken") });
        begun.unwrap().0.await.unwrap();
        assert!(matches!(imports.of(&clerk("甲")), Some((_, Import::Failed(_)))));
    }

    #[tokio::test]
    async fn of_the_last_people_alone_every_bad_row_is_kept() {
        let imports = Imports::default();
        for person in 0..=LISTS {
            let begun =
                imports.begin(&clerk(&person.to_string()), "a.csv", |_| async { Ok(bad()) });
            begun.unwrap().0.await.unwrap();
        }
        let kept = |person: &str| match imports.of(&clerk(person)) {
            Some((_, Import::Ended(rows))) => rows.every_bad().len(),
            other => panic!("{other:?}"),
        };
        assert_eq!((kept("0"), kept("1"), kept(&LISTS.to_string())), (0, 1, 1));
    }
}
