//! An archive of its own for every test: store, database, index and clock.

use std::io::Write;
use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Once};
use std::time::Duration;

use bytes::Bytes;
use futures::TryStreamExt;
use jiff::Timestamp;
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::prefix::PrefixStore;
use object_store::{ObjectStore, ObjectStoreExt};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tempfile::TempDir;
use yidang::app::{App, OpenError, Parts};
use yidang::args;
use yidang::catalog::entries;
use yidang::config::{Config, Digests, ReasonIs, Sweeping};
use yidang::db::Db;
use yidang::extract::Limits;
use yidang::intake::{self, IntakeError, Taken};
use yidang::model::access::{Actor, Role};
use yidang::model::document::Description;
use yidang::model::id::{Digest, DocumentId, HouseholdNo};
use yidang::people::{self, NewPerson};
use yidang::record::Clock;
use yidang::search::{self, Answer, Asked, Part};
use yidang::setup::{self, Founding, HouseholdEntry, OrganisationEntry};
use yidang::vault::{Key, Mirror, Place, Vault};
use yidang::{follow, keys, rebuild, sessions, worker};
use yidang_indexer::{Indexes, Setup};

use crate::faults::Faults;

/// The household of 周桂兰 in 柳桥街道.
pub const ZHOU: &str = "99010200300400001";
/// The household of 陈志强 in another street, 南门街道.
pub const CHEN: &str = "99010200200100001";
/// A number that nobody has.
pub const NOBODY: &str = "99010200300499999";

/// The settings of an archive that is encrypted.
pub const ENCRYPTED: &str = "[encryption]\nvolumes = true\n";

/// Where an archive keeps its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Store {
    /// A folder of its own.
    Folder,
    /// Memory, with failures on demand.
    Memory,
    /// A fresh prefix of the S3 bucket in `YIDANG_TEST_S3`.
    S3,
}

/// Where an archive keeps its catalog.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sql {
    /// A file of its own.
    Sqlite,
    /// A fresh database of the server in `YIDANG_TEST_POSTGRES`.
    Postgres,
}

/// A clock that moves only when it is told to.
#[derive(Debug, Clone)]
pub struct Hands(Arc<AtomicI64>);

impl Hands {
    /// Lets time pass.
    pub fn advance(&self, by: Duration) {
        self.0.fetch_add(i64::try_from(by.as_millis()).unwrap(), Ordering::Relaxed);
    }

    /// Sets the clock back.
    pub fn set_back(&self, by: Duration) {
        self.0.fetch_sub(i64::try_from(by.as_millis()).unwrap(), Ordering::Relaxed);
    }

    fn clock(&self) -> Clock {
        let hands = self.clone();
        Arc::new(move || Timestamp::from_millisecond(hands.0.load(Ordering::Relaxed)).unwrap())
    }
}

/// An open archive with two households, and everything it stands on.
pub struct Archive {
    /// The archive itself.
    pub app: Arc<App>,
    /// Its clock: 2026-11-23, eight in the morning in China.
    pub hands: Hands,
    /// What makes its store fail, when it is in memory.
    pub faults: Arc<Faults>,
    /// Bounds on what is taken in; in force from the next [`Archive::reopen`].
    pub limits: Limits,
    /// How its second copy is kept, if it has one; in force from the next
    /// [`Archive::reopen`].
    pub second_copy: Option<Second>,
    /// When its files are read again; in force from the next
    /// [`Archive::reopen`].
    pub sweep: Sweeping,
    /// Which digests are recorded beside SHA-256; in force from the next
    /// [`Archive::reopen`].
    pub digests: Digests,
    data: TempDir,
    place: Place,
    database: String,
}

/// A second copy of an archive.
#[derive(Debug, Clone)]
pub struct Second {
    /// Where it is.
    pub place: SecondPlace,
    /// Whether acts wait for it.
    pub waits: bool,
}

/// Where a second copy is.
#[derive(Debug, Clone)]
pub enum SecondPlace {
    /// A folder.
    Folder(PathBuf),
    /// Memory, with failures on demand.
    Memory(Arc<Faults>),
    /// A prefix of the S3 bucket.
    S3(String),
}

/// Runs `body` on an archive of every kind, PostgreSQL and an S3 service
/// included where there is one; where there is none, says so on standard error.
pub async fn for_all(body: impl AsyncFn(&mut Archive)) {
    for_every_kind(false, body).await;
}

/// As [`for_all`], on archives that are encrypted.
pub async fn for_all_encrypted(body: impl AsyncFn(&mut Archive)) {
    for_every_kind(true, body).await;
}

async fn for_every_kind(encrypted: bool, body: impl AsyncFn(&mut Archive)) {
    let kinds = [
        (Store::Folder, Sql::Sqlite),
        (Store::Memory, Sql::Sqlite),
        (Store::Folder, Sql::Postgres),
        (Store::S3, Sql::Sqlite),
    ];
    for (store, sql) in kinds {
        let left_out = (sql == Sql::Postgres && postgres().is_none())
            || (store == Store::S3 && bucket().is_none());
        if left_out {
            continue;
        }
        eprintln!("-- on {store:?} and {sql:?}");
        let mut archive = match encrypted {
            true => Archive::encrypted(store, sql).await,
            false => Archive::new(store, sql).await,
        };
        body(&mut archive).await;
        archive.remove().await;
    }
}

impl Archive {
    /// A founded archive with two streets and a household in each.
    pub async fn new(store: Store, sql: Sql) -> Self {
        let data = tempfile::tempdir().unwrap();
        let root = data.path().join("store");
        Self::made(data, root, store, sql).await
    }

    /// As [`Archive::new`], with everything that is stored encrypted.
    pub async fn encrypted(store: Store, sql: Sql) -> Self {
        let data = tempfile::tempdir().unwrap();
        std::fs::write(data.path().join("yidang.toml"), ENCRYPTED).unwrap();
        let root = data.path().join("store");
        Self::made(data, root, store, sql).await
    }

    /// An archive in a folder and on SQLite whose bureau has this file of rules of its own.
    pub async fn ruled(name: &str, text: &str) -> Self {
        let data = tempfile::tempdir().unwrap();
        let rules = data.path().join("rules");
        std::fs::create_dir(&rules).unwrap();
        std::fs::write(rules.join(name), text).unwrap();
        std::fs::write(data.path().join("yidang.toml"), "rules = \"rules\"\n").unwrap();
        let root = data.path().join("store");
        Self::made(data, root, Store::Folder, Sql::Sqlite).await
    }

    /// An archive on SQLite whose store is the folder `root`.
    pub async fn at(root: &std::path::Path) -> Self {
        Self::made(tempfile::tempdir().unwrap(), root.to_owned(), Store::Folder, Sql::Sqlite).await
    }

    async fn made(data: TempDir, root: PathBuf, store: Store, sql: Sql) -> Self {
        let settings = data.path().join("yidang.toml");
        if std::env::var_os("YIDANG_TEST_ENCRYPTED").is_some() && !settings.exists() {
            std::fs::write(settings, ENCRYPTED).unwrap();
        }
        let start: Timestamp = "2026-11-23T00:00:00Z".parse().unwrap();
        let hands = Hands(Arc::new(AtomicI64::new(start.as_millisecond())));
        let database = match sql {
            Sql::Sqlite => String::new(),
            Sql::Postgres => fresh_database().await,
        };
        let (faults, limits) = (Arc::new(Faults::default()), Limits::default());
        let place = match store {
            Store::Folder => Place::Folder(root.clone()),
            Store::Memory => Place::Memory,
            Store::S3 => {
                let bucket = bucket().expect("S3 is asked for only where there is some");
                Place::S3(format!("{bucket}/test-{}", hex::encode(rand::random::<[u8; 8]>())))
            }
        };
        let sweep = Sweeping::default();
        let parts = (data.path(), &place, database.as_str(), &faults, &hands);
        let digests = Digests::default();
        let app = open(parts, &limits, None, (&sweep, digests)).await.unwrap();
        let second_copy = None;
        let archive =
            Self { app, hands, faults, limits, second_copy, sweep, digests, data, place, database };
        archive.begin().await;
        archive
    }

    async fn begin(&self) {
        let (app, bureau) = (&self.app, self.bureau());
        let founding = Founding { fonds: "J016".into(), fonds_name: "青石县民政局".into() };
        setup::found(app, &bureau, &founding).await.unwrap();
        let organisations = [
            ("990102000000", "青石县民政局"),
            ("990102002000", "南门街道办事处"),
            ("990102002001", "古井社区居民委员会"),
            ("990102003000", "柳桥街道办事处"),
            ("990102003004", "槐荫里社区居民委员会"),
        ]
        .map(|(code, name)| OrganisationEntry { code: code.parse().unwrap(), name: name.into() });
        setup::register(app, &bureau, organisations.into()).await.unwrap();
        let households = [(ZHOU, "周桂兰"), (CHEN, "陈志强")].map(|(no, head)| HouseholdEntry {
            household_no: household(no),
            head: head.into(),
            id_number: String::new(),
            address: String::new(),
            members: Vec::new(),
        });
        setup::open_all(app, &bureau, households.into()).await.unwrap();
    }

    /// Closes the archive and opens it again on the same bytes, as a new start
    /// of the program would.
    pub async fn reopen(&mut self) -> Result<(), OpenError> {
        self.app.db.close().await;
        self.app.looks.let_go();
        self.app = self.second().await?;
        Ok(())
    }

    /// A second opening of the same archive, as another process would have it.
    pub async fn second(&self) -> Result<Arc<App>, OpenError> {
        let Self { data, place, database, faults, hands, limits, second_copy, .. } = self;
        let parts = (data.path(), place, database.as_str(), faults, hands);
        open(parts, limits, second_copy.as_ref(), (&self.sweep, self.digests)).await
    }

    /// Gives the archive a second copy, for which acts wait when `waits`.
    pub async fn copied(&mut self, place: SecondPlace, waits: bool) -> Result<(), OpenError> {
        self.second_copy = Some(Second { place, waits });
        self.reopen().await
    }

    /// The second copy as it is, past the vault.
    pub fn copy_objects(&self) -> Arc<dyn ObjectStore> {
        match &self.second_copy.as_ref().expect("there is a second copy").place {
            SecondPlace::Folder(root) => Arc::new(LocalFileSystem::new_with_prefix(root).unwrap()),
            SecondPlace::Memory(store) => Arc::clone(store) as Arc<dyn ObjectStore>,
            SecondPlace::S3(url) => {
                let (bucket, prefix) = url.rsplit_once('/').unwrap();
                let store = AmazonS3Builder::from_env().with_url(bucket).build().unwrap();
                Arc::new(PrefixStore::new(store, prefix))
            }
        }
    }

    /// Closes the archive and removes all of it.
    pub async fn remove(self) {
        self.app.db.close().await;
        if let Some((server, name)) = self.database.rsplit_once('/') {
            let mut server = PgConnection::connect(&format!("{server}/postgres")).await.unwrap();
            let drop = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
            sqlx::query(AssertSqlSafe(drop)).execute(&mut server).await.unwrap();
        }
    }

    /// Whoever has the machine of the bureau, who sees everything.
    pub fn bureau(&self) -> Actor {
        actor("宋青", "990102000000", Role::Operator)
    }

    /// A clerk of 柳桥街道, who sees the household of 周桂兰.
    pub fn clerk(&self) -> Actor {
        actor("赵玉梅", "990102003000", Role::Clerk)
    }

    /// A clerk of 南门街道, who sees the household of 陈志强.
    pub fn other_clerk(&self) -> Actor {
        actor("钱文斌", "990102002000", Role::Clerk)
    }

    /// Takes in a file for a household, or for the intake desk when that is "".
    pub async fn take(&self, to: &str, name: &str, bytes: &[u8]) -> Result<Taken, IntakeError> {
        self.take_as(&self.bureau(), to, name, bytes).await
    }

    /// As [`Archive::take`], by `actor`.
    pub async fn take_as(
        &self,
        actor: &Actor,
        to: &str,
        name: &str,
        bytes: &[u8],
    ) -> Result<Taken, IntakeError> {
        let no = (!to.is_empty()).then(|| household(to));
        intake::take(&self.app, actor, name, no.as_ref(), stream(bytes)).await
    }

    /// Reads everything that is due and brings the index up to it.
    pub async fn settle(&self) {
        worker::drain(&self.app, false, |_, _| {}).await.unwrap();
        follow::until_current(&self.app).await.unwrap();
    }

    /// What the bureau finds.
    pub async fn find(&self, query: &str) -> Answer {
        self.find_as(&self.bureau(), query).await
    }

    /// What `actor` finds.
    pub async fn find_as(&self, actor: &Actor, query: &str) -> Answer {
        search::find(&self.app, actor, &Asked::of(query), &Part::first(100)).await.unwrap()
    }

    /// The documents that the bureau finds, in order of numbers.
    pub async fn finds(&self, query: &str) -> Vec<DocumentId> {
        let mut found: Vec<_> =
            self.find(query).await.found.into_iter().map(|one| one.document).collect();
        found.sort_unstable();
        found
    }

    /// How many entries the log has.
    pub async fn entries(&self) -> i64 {
        let mut tx = self.app.db.read().await.unwrap();
        entries::count(&mut tx).await.unwrap()
    }

    /// The canonical dump of the records. The looks are in another log: what a
    /// story looks at does not change it.
    pub async fn dump(&self) -> Vec<String> {
        self.counts_hold().await;
        of_records(rebuild::dump(&self.app).await.unwrap())
    }

    /// What is counted when an act comes is what counting it now gives.
    async fn counts_hold(&self) {
        let mut tx = self.app.db.read().await.unwrap();
        let sql = "SELECT COUNT(*) FROM household h WHERE h.unbound <> (
                SELECT COUNT(*) FROM document d WHERE d.household = h.no
                AND (d.state = 'undescribed' OR (d.state = 'filed'
                     AND COALESCE(d.described, d.id) > (
                        SELECT COALESCE(MAX(v.entry), -1) FROM volume v WHERE v.household = h.no))))
            OR h.lacks <> (SELECT COUNT(*) FROM owed o WHERE o.household = h.no AND o.met = 0)";
        assert_eq!(tx.number(sql, args![]).await.unwrap(), 0);
    }

    /// The store as it is, past the vault.
    pub fn objects(&self) -> Arc<dyn ObjectStore> {
        match &self.place {
            Place::Folder(root) => Arc::new(LocalFileSystem::new_with_prefix(root).unwrap()),
            Place::S3(url) => {
                let (bucket, prefix) = url.rsplit_once('/').unwrap();
                let store = AmazonS3Builder::from_env().with_url(bucket).build().unwrap();
                Arc::new(PrefixStore::new(store, prefix))
            }
            Place::Memory => Arc::clone(&self.faults) as Arc<dyn ObjectStore>,
        }
    }

    /// The paths below a folder of the store, in order.
    pub async fn paths(&self, under: &str) -> Vec<String> {
        let listed = self.objects().list(Some(&Path::from(under)));
        let found: Vec<_> =
            listed.map_ok(|meta| meta.location.to_string()).try_collect().await.unwrap();
        let mut found: Vec<String> = found;
        found.sort_unstable();
        found
    }

    /// The files that are on their way in just now.
    pub fn on_the_way(&self) -> Vec<PathBuf> {
        let list = |folder| std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
        let (folders, files): (Vec<_>, Vec<_>) = list(self.staging()).partition(|p| p.is_dir());
        files.into_iter().chain(folders.into_iter().flat_map(list)).collect()
    }

    /// Where bytes on their way in are kept.
    pub fn staging(&self) -> PathBuf {
        match &self.place {
            Place::Folder(root) if !self.app.config.encryption.volumes => root.join("staging"),
            _ => self.data.path().join("spool"),
        }
    }

    /// The data folder, with the index and, on SQLite, the catalog.
    pub fn data(&self) -> &std::path::Path {
        self.data.path()
    }

    /// Flips one bit in the middle of a stored blob.
    pub async fn damage(&self, blob: Digest) {
        let path = Key::Blob(blob).path();
        let store = self.objects();
        let mut bytes = store.get(&path).await.unwrap().bytes().await.unwrap().to_vec();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 0b0001_0000;
        store.put(&path, bytes.into()).await.unwrap();
    }

    /// Uses another program to read pages from now on.
    pub fn read_with(&mut self, program: &str) {
        Arc::get_mut(&mut self.app).expect("nobody else has it open").reader.program =
            program.into();
    }
}

async fn open(
    (data, place, database, faults, hands): (&std::path::Path, &Place, &str, &Arc<Faults>, &Hands),
    limits: &Limits,
    second_copy: Option<&Second>,
    (sweep, digests): (&Sweeping, Digests),
) -> Result<Arc<App>, OpenError> {
    let spool = data.join("spool");
    let mut vault = match place {
        Place::Memory => Vault::over(Arc::clone(faults) as Arc<dyn ObjectStore>, &spool)?,
        place => Vault::open(place, &spool).await?,
    };
    vault = vault.with_sm3(digests.sm3);
    if let Some(Second { place, waits }) = second_copy {
        let scratch = data.join("spool-of-copy");
        vault = vault.with_mirror(match place {
            SecondPlace::Folder(root) => {
                Mirror::new("copy", Place::Folder(root.clone()), &scratch, *waits)
            }
            SecondPlace::Memory(store) => {
                let store = Arc::clone(store) as Arc<dyn ObjectStore>;
                Mirror::over(Vault::over(store, &scratch)?, *waits)
            }
            // The same service, reached by the variables of the first store.
            SecondPlace::S3(url) => {
                Mirror::over(Vault::open(&Place::S3(url.clone()), &scratch).await?, *waits)
            }
        });
    }
    let db = match database {
        "" => Db::sqlite(&data.join("catalog.sqlite")).await?,
        url => Db::postgres(url).await?,
    };
    std::fs::create_dir_all(data.join("index")).unwrap();
    let said = std::fs::read_to_string(data.join("yidang.toml")).unwrap_or_default();
    let mut config = Config {
        data: data.to_owned(),
        models: data.join("no-models"),
        readers: 2,
        limits: limits.clone(),
        sweep: sweep.clone(),
        ..Config::load_with(data, |_| None).expect("the settings of a test are right")
    };
    // A story about something else does not say why it looks.
    if !said.contains("[access]") {
        config.access.reason = ReasonIs::Optional;
    }
    let signs = keys::lookup(&config).expect("the data folder is ours").name();
    let setup = Setup { signs, ..Setup::default() };
    let index = Indexes::open(&data.join("index"), &setup)?;
    let key = Some(keys::make(&config).expect("the data folder is ours"));
    if config.encryption.volumes && !config.data.join(&config.encryption.master).exists() {
        keys::volumes::make(&config).expect("the data folder is ours");
    }
    let mut app = App::of(Parts { config, db, vault, index, clock: hands.clock(), key }).await?;
    let reader = &mut Arc::get_mut(&mut app).expect("it was just made").reader;
    reader.program = env!("CARGO_BIN_EXE_yidang").into();
    Ok(app)
}

/// The number as a household's.
pub fn household(no: &str) -> HouseholdNo {
    no.parse().unwrap()
}

/// A person of an organisation.
pub fn actor(name: &str, organisation: &str, role: Role) -> Actor {
    Actor::new(name, organisation.parse().unwrap(), role)
}

/// The bytes as they come from a browser, in pieces.
pub fn stream(bytes: &[u8]) -> impl futures::Stream<Item = Result<Bytes, std::io::Error>> + use<> {
    let pieces: Vec<_> =
        bytes.chunks(50_000).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
    futures::stream::iter(pieces)
}

/// What a clerk writes into the catalog.
pub fn description(type_code: &str, title: &str, date: &str) -> Description {
    Description {
        type_code: type_code.into(),
        title: title.into(),
        date: date.parse().ok(),
        ..Description::default()
    }
}

/// The folder of the OCR models; none when they are not there, which is said
/// on standard error.
pub fn models() -> Option<PathBuf> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = std::env::var("YIDANG_MODELS").unwrap_or_else(|_| ".local/models".into());
    let folder = root.join(folder);
    if yidang::models::missing(&folder).is_none() {
        return Some(folder);
    }
    static SAID: Once = Once::new();
    not_tested(&SAID, "reading by OCR: there are no models; `make models` fetches them");
    None
}

/// The address of a PostgreSQL server for tests; none when there is none.
fn postgres() -> Option<String> {
    static SAID: Once = Once::new();
    service("YIDANG_TEST_POSTGRES", "PostgreSQL", &SAID)
}

/// The bucket of an S3 service for tests, `s3://name`, which the `AWS_…`
/// environment leads to; none when there is none.
pub fn bucket() -> Option<String> {
    static SAID: Once = Once::new();
    service("YIDANG_TEST_S3", "S3", &SAID)
}

/// What the variable `name` says; that it is not set is said on standard
/// error, and is an error where everything has to be tested.
fn service(name: &str, what: &str, said: &'static Once) -> Option<String> {
    let address = std::env::var(name).ok().filter(|address| !address.is_empty());
    if address.is_none() {
        let required = ["CI", "YIDANG_TEST_EVERYTHING"].iter().any(|name| {
            std::env::var(name).is_ok_and(|value| !matches!(value.as_str(), "" | "0" | "false"))
        });
        assert!(!required, "{name} is not set; `make test` starts a server and sets it");
        not_tested(said, &format!("{what}: {name} is not set; `make test` sets it"));
    }
    address
}

/// Says once, past the capture of the test program, what was left out.
pub fn not_tested(said: &'static Once, what: &str) {
    said.call_once(|| drop(writeln!(std::io::stderr(), "\n*** NOT TESTED: {what}\n")));
}

async fn fresh_database() -> String {
    let server = postgres().expect("PostgreSQL is asked for only where there is one");
    let (server, _) = server.rsplit_once('/').expect("postgres://user@host:port/database");
    let name = format!("test_{}", hex::encode(rand::random::<[u8; 8]>()));
    let mut connection = PgConnection::connect(&format!("{server}/postgres")).await.unwrap();
    let create = format!("CREATE DATABASE {name}");
    sqlx::query(AssertSqlSafe(create)).execute(&mut connection).await.unwrap();
    format!("{server}/{name}")
}

/// The roles of who sees and does everything in the pages.
pub const ALL_ROUND: &[Role] = &[Role::Clerk, Role::Archivist, Role::Reader, Role::Approver];

/// The key of a session of a person with these roles, who is made if nobody of
/// this name is there.
pub async fn signed_in(app: &App, name: &str, organisation: &str, roles: &[Role]) -> sessions::Key {
    let operator = Actor::new("宋青", "990102000000".parse().unwrap(), Role::Operator);
    let all = people::list(app, &operator, None, 1000).await.unwrap();
    let person = match all.iter().find(|one| one.name == name) {
        Some(person) => person.clone(),
        None => {
            let login = format!("p{}", all.len() + 10);
            let (name, organisation) = (name.to_owned(), organisation.parse().unwrap());
            let new = NewPerson { login: login.clone(), name, organisation };
            people::add(app, &operator, new).await.unwrap();
            people::grant(app, &operator, &login, roles.to_vec()).await.unwrap()
        }
    };
    sessions::begin(app, &person.id, "tests").await.unwrap()
}

/// The lines of a dump without the looks, which go on while a test looks.
pub fn of_records(mut lines: Vec<String>) -> Vec<String> {
    lines.retain(|line| !line.contains("\"table\":\"look\""));
    lines
}
