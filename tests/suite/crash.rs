//! Power failures: clerks work, the power fails in the middle of it, and again,
//! and each time the archive opens again with everything it had answered and
//! one history. `make soak` does many of these schedules.
//!
//! A schedule follows from its seed: who asks for what, at which step of the
//! store the power fails, which unsure writes are left, where the write-ahead
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

use object_store::ObjectStore;
use tokio::runtime::Builder;

use self::check::Leaves;
use self::clerk::{Clerk, Memory};
use self::dice::Dice;
use self::disk::Disk;
use self::store::CrashStore;

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
    memory: Arc<Mutex<Memory>>,
    leaves: Arc<Mutex<Leaves>>,
    story: Vec<String>,
    /// The store of the present life.
    store: Option<CrashStore>,
}

impl Schedule {
    fn new(seed: u64, disk: Disk) -> Self {
        let mut dice = Dice::new(seed);
        let lies = dice.percent(25);
        let (memory, leaves) = (Arc::default(), Arc::default());
        Self { dice, disk, lies, memory, leaves, story: Vec::new(), store: None }
    }

    /// One life of the program, until the power fails at step `crash_at` of the
    /// store or when all work is done.
    fn live(&mut self, life: u64, crash_at: u64) {
        let folder = disk::folder();
        self.disk.write(folder.path());
        // A runtime of one thread, which ends with the life: what it was doing
        // is not done.
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let taken = Arc::new(Mutex::new(None));
        let moment = {
            let (taken, folder) = (Arc::clone(&taken), folder.path().to_owned());
            Box::new(move || *taken.lock().unwrap() = Some(Disk::database(&folder)))
        };
        let objects = runtime.block_on(async {
            let dice = self.dice.fork(life * 100);
            let store =
                CrashStore::new(&self.disk.objects, dice, crash_at, self.lies, moment).await;
            self.story.push(format!("life {life}, to end at step {crash_at}"));
            self.store = Some(store.clone());
            tokio::select! {
                () = store.death() => {}
                () = self.work(&store, folder.path(), life) => {}
            }
            store.die();
            self.story.extend(store.told());
            let wrong = [store.wrong(), self.memory.lock().unwrap().wrong.clone()].concat();
            assert!(wrong.is_empty(), "{wrong:?}");
            store.left().await
        });
        let (database, wal) = taken.lock().unwrap().take().unwrap();
        runtime.shutdown_background();
        self.disk = Disk { objects, database, wal };
        let lost = self.disk.lose(&mut self.dice);
        self.story.push(lost.to_owned());
    }

    /// Opens the archive, checks it, and works on.
    async fn work(&self, store: &CrashStore, folder: &std::path::Path, life: u64) {
        let app = disk::open(folder, Arc::new(store.clone()), life).await.unwrap();
        check::history(&app, &self.memory, &self.leaves).await;
        let mut dice = self.dice.fork(life * 100 + 50);
        let clerks = (0..2 + dice.below(4)).map(|number| {
            let (app, memory) = (Arc::clone(&app), Arc::clone(&self.memory));
            let clerk = Clerk { app, store: store.clone(), memory, dice: dice.fork(number) };
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
            let dice = self.dice.fork(life * 100);
            let store =
                CrashStore::new(&self.disk.objects, dice, u64::MAX, false, Box::new(|| {})).await;
            self.story.push("the last life".to_owned());
            self.store = Some(store.clone());
            self.work(&store, folder.path(), life).await;
            let app = disk::open(folder.path(), Arc::new(store.clone()), life + 1).await.unwrap();
            check::history(&app, &self.memory, &self.leaves).await;
            let objects: Arc<dyn ObjectStore> = Arc::new(store.clone());
            check::everything(&app, &objects).await;
            assert_eq!(store.wrong(), Vec::<String>::new());
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
                        schedule.story.extend(schedule.store.iter().flat_map(CrashStore::told));
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
