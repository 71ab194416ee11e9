//! Power failures: clerks work, the power fails in the middle of it, and again,
//! and each time the archive opens again with everything it had answered and
//! one history. `make soak` does many of these schedules.
//!
//! A third of the schedules has one store, a third a second copy for which acts
//! wait, a third a copy that follows.
//!
//! A schedule follows from its seed: who asks for what, at which step of the
//! stores the power fails, which unsure writes are left, where the write-ahead
//! log of the database is cut. The threads of SQLite and of file I/O are real,
//! so two runs of a seed may order what happens at the same time differently;
//! a failure prints what was asked of the store, in order.

pub mod check;
pub mod clerk;
pub mod dice;
mod disk;
mod store;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use tokio::runtime::Builder;
use yidang::app::App;

use self::check::Leaves;
use self::clerk::{Clerk, Memory};
use self::dice::Dice;
use self::disk::Disk;
use self::store::{CrashStore, Power};

/// How many schedules are run unless `CRASHES` says otherwise.
const SCHEDULES: u64 = 150;

/// What happened in all schedules.
#[derive(Debug, Default)]
struct Figures {
    crashes: AtomicU64,
    answered: AtomicU64,
    unanswered: AtomicU64,
    entries: AtomicU64,
}

/// One schedule: the disk as it is, and what everybody remembers.
struct Schedule {
    dice: Dice,
    disk: Disk,
    lies: bool,
    /// Whether there is a second copy, and acts wait for it.
    copied: Option<bool>,
    memory: Arc<Mutex<Memory>>,
    leaves: Arc<Mutex<Leaves>>,
    story: Vec<String>,
    /// The stores of the present life.
    stores: Vec<CrashStore>,
}

/// The store of a life, and its second copy where there is one.
struct Stores {
    store: CrashStore,
    copy: Option<(CrashStore, bool)>,
}

impl Stores {
    fn all(&self) -> Vec<CrashStore> {
        let copy = self.copy.iter().map(|(copy, _)| copy);
        [&self.store].into_iter().chain(copy).cloned().collect()
    }

    async fn open(&self, folder: &std::path::Path, life: u64) -> Arc<App> {
        let copy = self.copy.clone().map(|(copy, waits)| (Arc::new(copy) as _, waits));
        disk::open(folder, Arc::new(self.store.clone()), copy, life).await.unwrap()
    }

    /// What nobody may do and somebody did.
    fn wrong(&self) -> Vec<String> {
        self.all().iter().flat_map(CrashStore::wrong).collect()
    }
}

impl Schedule {
    fn new(seed: u64, mut disk: Disk) -> Self {
        let mut dice = Dice::new(seed);
        let lies = dice.percent(25);
        let copied = [None, Some(true), Some(false)][usize::try_from(seed % 3).unwrap()];
        // A copy that is about to be filled, or one that has everything.
        if copied.is_some() && dice.percent(50) {
            disk.copy = disk.objects.clone();
        }
        let (memory, leaves) = (Arc::default(), Arc::default());
        Self { dice, disk, lies, copied, memory, leaves, story: Vec::new(), stores: Vec::new() }
    }

    /// The stores of a life, whose power fails at step `crash_at` of the one or
    /// `copy_at` of the other.
    async fn stores(&mut self, life: u64, ends: [u64; 2], lies: bool, power: &Power) -> Stores {
        let (dice, disk) = (|part| self.dice.fork(life * 100 + part), &self.disk);
        let store = CrashStore::new("", &disk.objects, dice(0), ends[0], lies, power).await;
        let copy = match self.copied {
            Some(waits) => {
                let copy = CrashStore::new("copy", &disk.copy, dice(1), ends[1], lies, power).await;
                Some((copy, waits))
            }
            None => None,
        };
        let stores = Stores { store, copy };
        self.stores = stores.all();
        stores
    }

    /// One life of the program, until the power fails at step `crash_at` of the
    /// store or when all work is done.
    fn live(&mut self, life: u64, crash_at: u64) {
        let folder = disk::folder();
        self.disk.write(folder.path());
        // Power may fail in the middle of what is asked of the copy.
        let copy_at = match self.copied.is_some() && self.dice.percent(50) {
            true => 1 + self.dice.below(160),
            false => u64::MAX,
        };
        // A runtime of one thread, which ends with the life: what it was doing
        // is not done.
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let taken = Arc::new(Mutex::new(None));
        let power = {
            let (taken, folder) = (Arc::clone(&taken), folder.path().to_owned());
            Power::new(Box::new(move || *taken.lock().unwrap() = Some(Disk::database(&folder))))
        };
        let (objects, copy) = runtime.block_on(async {
            self.story.push(format!("life {life}, to end at step {crash_at} or {copy_at}"));
            let stores = self.stores(life, [crash_at, copy_at], self.lies, &power).await;
            tokio::select! {
                () = power.failure() => {}
                () = self.work(&stores, folder.path(), life) => {}
            }
            power.fail();
            self.story.extend(self.stores.iter().flat_map(CrashStore::told));
            let wrong = [stores.wrong(), self.memory.lock().unwrap().wrong.clone()].concat();
            assert!(wrong.is_empty(), "{wrong:?}");
            let copy = match &stores.copy {
                Some((copy, _)) => copy.left().await,
                None => store::Objects::new(),
            };
            (stores.store.left().await, copy)
        });
        let (database, wal) = taken.lock().unwrap().take().unwrap();
        runtime.shutdown_background();
        self.disk = Disk { objects, copy, database, wal };
        let lost = self.disk.lose(&mut self.dice);
        self.story.push(lost.to_owned());
        if let Some(waits) = self.copied {
            let runtime = Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(check::copy(&self.disk, waits, &self.memory));
        }
    }

    /// Opens the archive, checks it, and works on.
    async fn work(&self, stores: &Stores, folder: &std::path::Path, life: u64) {
        let app = stores.open(folder, life).await;
        check::history(&app, &self.memory, &self.leaves).await;
        let mut dice = self.dice.fork(life * 100 + 50);
        let clerks = (0..2 + dice.below(4)).map(|number| {
            let (app, memory) = (Arc::clone(&app), Arc::clone(&self.memory));
            let power = stores.store.power().clone();
            let clerk = Clerk { app, power, memory, dice: dice.fork(number) };
            clerk.work(4)
        });
        futures::future::join_all(clerks).await;
    }

    /// The last start: everything is there, and the archive works.
    fn end(&mut self, life: u64) {
        let folder = disk::folder();
        self.disk.write(folder.path());
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            self.story.push("the last life".to_owned());
            let stores = self.stores(life, [u64::MAX; 2], false, &Power::plain()).await;
            self.work(&stores, folder.path(), life).await;
            let app = stores.open(folder.path(), life + 1).await;
            check::history(&app, &self.memory, &self.leaves).await;
            let objects = stores.all().into_iter().map(|store| Arc::new(store) as _);
            check::everything(&app, &objects.collect::<Vec<_>>()).await;
            if let Some((copy, _)) = &stores.copy {
                check::alone(&app, copy, life + 2).await;
            }
            assert_eq!(stores.wrong(), Vec::<String>::new());
        });
        runtime.shutdown_background();
    }

    fn run(&mut self, figures: &Figures) {
        let lives = 1 + self.dice.below(3);
        for life in 1..=lives {
            let crash_at = 1 + self.dice.below(160);
            self.live(life, crash_at);
        }
        self.end(lives + 1);
        let memory = self.memory.lock().unwrap();
        let unanswered = memory.asked.iter().filter(|one| one.outcome == clerk::Outcome::Unknown);
        let unanswered = unanswered.count() as u64;
        figures.crashes.fetch_add(lives, Ordering::Relaxed);
        figures.unanswered.fetch_add(unanswered, Ordering::Relaxed);
        figures.answered.fetch_add(memory.asked.len() as u64 - unanswered, Ordering::Relaxed);
        let entries = self.leaves.lock().unwrap().len() as u64;
        figures.entries.fetch_add(entries, Ordering::Relaxed);
    }
}

/// The number in a variable of the environment.
pub fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn what_was_answered_survives_every_loss_of_power() {
    let schedules = number("CRASHES").unwrap_or(SCHEDULES);
    let base = number("YIDANG_SEED").unwrap_or_else(|| u64::from(rand::random::<u32>()));
    eprintln!("seeds from {base} on: CRASHES=1 YIDANG_SEED=<seed> repeats one");
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    // A log of a few entries, and one that is about to fill its first tile.
    let (small, large) =
        runtime.block_on(async { (disk::founded(0).await, disk::founded(235).await) });
    let (next, figures) = (AtomicU64::new(0), Figures::default());
    let begun = std::time::Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    if at >= schedules {
                        return;
                    }
                    let seed = base.wrapping_add(at);
                    let disk = if seed % 8 == 0 { large.clone() } else { small.clone() };
                    let mut schedule = Schedule::new(seed, disk);
                    let run = std::panic::AssertUnwindSafe(|| schedule.run(&figures));
                    if let Err(cause) = std::panic::catch_unwind(run) {
                        schedule.story.extend(schedule.stores.iter().flat_map(CrashStore::told));
                        eprintln!("{}", schedule.story.join("\n"));
                        eprintln!("*** schedule {seed} failed: CRASHES=1 YIDANG_SEED={seed}");
                        next.store(schedules, Ordering::Relaxed);
                        std::panic::resume_unwind(cause);
                    }
                    if at % 1000 == 999 {
                        eprintln!("{} schedules, {:?}", at + 1, begun.elapsed());
                    }
                }
            });
        }
    });
    eprintln!("{schedules} schedules in {:?}: {figures:?}, nothing lost", begun.elapsed());
}
