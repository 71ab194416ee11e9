//! What is on the disk between two lives of a program: the objects of the
//! store, and the file of the database with its write-ahead log.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, OnceLock};
use std::time::Duration;

use jiff::Timestamp;
use object_store::ObjectStore;
use tempfile::TempDir;
use yidang::app::{App, OpenError, Parts};
use yidang::config::Config;
use yidang::db::Db;
use yidang::keys;
use yidang::model::access::{Actor, Role};
use yidang::setup::{self, Founding, HouseholdEntry, OrganisationEntry};
use yidang::tlog::{LogKey, LogKeys};
use yidang::vault::{Mirror, Vault};
use yidang_indexer::Index;

use super::dice::Dice;
use super::store::{CrashStore, Objects, Power};
use crate::harness::{CHEN, ZHOU, actor, household};

const DATABASE: &str = "catalog.sqlite";
const WAL: &str = "catalog.sqlite-wal";

/// The key of every log here.
pub static KEY: LazyLock<LogKey> =
    LazyLock::new(|| LogKey::new("yidang.example/crash", [7; 32]).unwrap());

/// The key of their access logs.
static ACCESS: LazyLock<LogKey> =
    LazyLock::new(|| LogKey::new("yidang.example/crash/access", [8; 32]).unwrap());

/// What a life begins with.
#[derive(Clone)]
pub struct Disk {
    pub objects: Objects,
    /// Those of the second copy.
    pub copy: Objects,
    pub database: Option<Vec<u8>>,
    pub wal: Vec<u8>,
}

/// A folder in memory where there is one: nothing here waits for a disk.
pub fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    match memory.is_dir() {
        true => tempfile::tempdir_in(memory).unwrap(),
        false => tempfile::tempdir().unwrap(),
    }
}

impl Disk {
    /// Puts the files of the database into `folder`.
    pub fn write(&self, folder: &Path) {
        if let Some(database) = &self.database {
            std::fs::write(folder.join(DATABASE), database).unwrap();
            if !self.wal.is_empty() {
                std::fs::write(folder.join(WAL), &self.wal).unwrap();
            }
        }
    }

    /// Takes the files of the database as they are in `folder`, in the middle of
    /// whatever is being done to them.
    pub fn database(folder: &Path) -> (Option<Vec<u8>>, Vec<u8>) {
        let database = std::fs::read(folder.join(DATABASE)).ok();
        (database, std::fs::read(folder.join(WAL)).unwrap_or_default())
    }

    /// What the database may be after a loss of power: it commits without
    /// waiting for the disk. Mostly the end of its write-ahead log is cut off,
    /// anywhere; sometimes nothing is lost, or an operator finds no database
    /// at all.
    pub fn lose(&mut self, dice: &mut Dice) -> &'static str {
        match dice.below(10) {
            0..4 => "the database kept everything",
            4..9 => {
                let kept = dice.below(self.wal.len() as u64 + 1);
                self.wal.truncate(usize::try_from(kept).unwrap());
                "the database fell back"
            }
            _ => {
                (self.database, self.wal) = (None, Vec::new());
                "the database is gone"
            }
        }
    }
}

/// Opens the archive in `folder` over `store`, with the `copy` for which acts
/// wait or not, `life` hours after the first.
pub async fn open(
    folder: &Path,
    store: Arc<dyn ObjectStore>,
    copy: Option<(Arc<dyn ObjectStore>, bool)>,
    life: u64,
) -> Result<Arc<App>, OpenError> {
    let mut vault = Vault::over(store, &folder.join("spool"))?;
    if let Some((copy, waits)) = copy {
        let copy = Vault::over(copy, &folder.join("spool/copy"))?;
        vault = vault.with_mirror(Mirror::over(copy, waits));
    }
    let db = Db::sqlite(&folder.join(DATABASE)).await?;
    let mut config = Config {
        data: folder.to_owned(),
        models: PathBuf::from("no-models"),
        readers: 1,
        ..Config::default()
    };
    config.encryption.volumes = encrypted(folder);
    // Keys outlive the power.
    std::fs::create_dir_all(folder.join("keys")).unwrap();
    std::fs::write(folder.join(&config.access.key), ACCESS.secret()).unwrap();
    let start: Timestamp = "2026-11-23T00:00:00Z".parse().unwrap();
    // Every time is another, and a lease of the life before has run out.
    let ticks = AtomicU64::new(0);
    let clock = move || {
        let tick = ticks.fetch_add(1, Ordering::Relaxed);
        start + Duration::from_secs(3600 * life) + Duration::from_millis(tick)
    };
    let index = Index::in_memory()?.into();
    let key = LogKeys::parse(KEY.secret()).ok();
    App::of(Parts { config, db, vault, index, clock: Arc::new(clock), key }).await
}

/// Whether every archive of this run is encrypted: then its keys, which outlive
/// the power, are put into `folder`.
fn encrypted(folder: &Path) -> bool {
    static KEYS: OnceLock<TempDir> = OnceLock::new();
    if std::env::var_os("YIDANG_TEST_ENCRYPTED").is_none() {
        return false;
    }
    let kept = KEYS.get_or_init(|| {
        let kept = tempfile::tempdir().unwrap();
        let config = Config { data: kept.path().to_owned(), ..Config::default() };
        keys::volumes::make(&config).unwrap();
        kept
    });
    std::fs::create_dir_all(folder.join("keys")).unwrap();
    for file in ["keys/volumes.key", "keys/master.key"] {
        std::fs::copy(kept.path().join(file), folder.join(file)).unwrap();
    }
    true
}

/// Whoever has the machine of the bureau, under a name of the moment.
pub fn operator(name: &str) -> Actor {
    actor(name, "990102000000", Role::Operator)
}

/// A founded archive with two streets, a household in each, and so many more
/// organisations.
pub async fn founded(more: u32) -> Disk {
    let folder = folder();
    let (power, nothing) = (Power::plain(), Objects::new());
    let store = CrashStore::new("", &nothing, Dice::new(0), u64::MAX, false, &power).await;
    let app = open(folder.path(), Arc::new(store.clone()), None, 0).await.unwrap();
    let bureau = operator("宋青");
    let founding = Founding { fonds: "J016".into(), fonds_name: "青石县民政局".into() };
    setup::found(&app, &bureau, &founding).await.unwrap();
    let named = |code: String| OrganisationEntry { code: code.parse().unwrap(), name: code };
    let first = ["990102000000", "990102002001", "990102003004"].map(ToOwned::to_owned);
    let organisations = first.into_iter().chain((0..more).map(|no| format!("9901{no:08}")));
    setup::register(&app, &bureau, organisations.map(named).collect()).await.unwrap();
    let households = [(ZHOU, "周桂兰"), (CHEN, "陈志强")].map(|(no, head)| HouseholdEntry {
        household_no: household(no),
        head: head.into(),
        id_number: String::new(),
        address: String::new(),
        members: Vec::new(),
    });
    setup::open_all(&app, &bureau, households.into()).await.unwrap();
    app.settle().await.unwrap();
    // The write-ahead log goes into the file.
    app.db.close().await;
    let (database, wal) = Disk::database(folder.path());
    assert!(database.is_some() && wal.is_empty());
    power.fail();
    Disk { objects: store.left().await, copy: nothing, database, wal }
}
