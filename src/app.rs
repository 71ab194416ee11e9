//! The wiring: opens the capabilities of one archive and holds them. Use cases
//! are functions on [`App`]; only they let two capabilities meet.

mod latest;

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::{Notify, OnceCell};
use yidang_indexer::{Indexes, Setup};
use yidang_ocr::Engine;

use self::latest::Latest;
use crate::catalog::{destroyed, households};
use crate::config::Config;
use crate::credentials::password::Hasher;
use crate::db::{Db, DbError};
use crate::extract::Reader;
use crate::follow::{self, FollowError};
use crate::intake::Turns;
use crate::keys::volumes::{self, VolumeKeyError};
use crate::keys::{self, KeyError};
use crate::ledger;
use crate::living::computed::Computed;
use crate::model::access::Actor;
use crate::model::act::Act;
use crate::model::form::{FormError, Forms};
use crate::model::lookup::LookupKey;
use crate::model::profile::{Profile, ProfileError};
use crate::model::rules::{Rules, RulesError};
use crate::models::{self, ModelsError};
use crate::record::{self, Clock, Looks, RecordError, Recorder, Signing};
use crate::search::suggest::Suggestions;
use crate::tlog::LogKeys;
use crate::vault::seal::Cipher;
use crate::vault::{Mirror, Place, Vault, VaultError};

/// Why an archive cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The data folder has no archive.
    #[error("{0} holds no archive; make one with `yidang init`")]
    NoArchive(String),
    /// The data folder, or a file in it, cannot be made or read.
    #[error("{folder} cannot be used: {cause}")]
    Folder {
        /// Which.
        folder: String,
        /// Why.
        cause: std::io::Error,
    },
    /// The store of an archive that was here is not there.
    #[error("the store {0:?} is not there: is its disk mounted? Nothing was made in its place")]
    NoStore(String),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// The object store.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The store holds nothing, and its second copy an archive.
    #[error(
        "the store {store:?} holds no archive, and the second copy {copy:?} does: bring the store back, or \
         name the copy as `store` in the settings and run `yidang rebuild`"
    )]
    StoreLost {
        /// The store, as the settings name it.
        store: String,
        /// The copy, as the settings name it.
        copy: String,
    },
    /// The index.
    #[error("the index cannot be opened: {0}")]
    Index(#[from] yidang_indexer::Error),
    /// The index does not fit the database, and could not be emptied.
    #[error(transparent)]
    Follow(#[from] FollowError),
    /// The profile.
    #[error(transparent)]
    Profile(#[from] ProfileError),
    /// The rules by which files live.
    #[error(transparent)]
    Rules(#[from] RulesError),
    /// The forms whose fields are keyed.
    #[error(transparent)]
    Forms(#[from] FormError),
    /// The key of the log.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The keys of the volumes.
    #[error(transparent)]
    VolumeKeys(#[from] VolumeKeyError),
    /// The settings want the store encrypted, and there are no keys.
    #[error(
        "the settings say that the store is encrypted, and {0} is not there: bring it back from a \
         backup, or, when there never was one, run `yidang encryption on`"
    )]
    NoVolumeKeys(String),
    /// The archive was encrypted with keys that are not those of this machine.
    #[error("this archive is encrypted with the keys {needed}, and {file} {found}")]
    OtherVolumeKeys {
        /// The name of the keys of the archive.
        needed: String,
        /// The file that should have them.
        file: String,
        /// What it is instead.
        found: String,
    },
    /// Database and object store do not belong together.
    #[error(transparent)]
    Recovery(#[from] record::RecordError),
}

/// An open archive.
#[derive(Debug)]
pub struct App {
    /// Its settings.
    pub config: Config,
    /// The bureau's rules.
    pub profile: Profile,
    /// 办理程序, fields and holidays.
    pub rules: Rules,
    /// 表单 whose fields are keyed.
    pub forms: Forms,
    /// The catalog, the log's numbers, the jobs.
    pub db: Db,
    /// The bytes.
    pub vault: Vault,
    /// The full text.
    pub index: Indexes,
    /// What turns files into pages, without OCR; [`App::reading`] has it.
    pub reader: Reader,
    engine: OnceCell<Result<Arc<Engine>, ModelsError>>,
    /// Who is taking in which bytes.
    pub turns: Turns,
    /// Where acts are recorded.
    pub recorder: Recorder,
    /// Where looks at records are noted.
    pub looks: Looks,
    /// The key that numbers of persons are looked up with.
    pub lookup: LookupKey,
    /// Told when there is work for the worker or the index.
    pub news: Arc<Notify>,
    /// Names and numbers, to be suggested while somebody types.
    pub suggestions: Suggestions,
    /// What hashes passwords.
    pub hasher: Hasher,
    /// What was computed of all households, while it holds.
    pub computed: Computed,
    clock: ClockHolder,
    latest: Arc<Latest>,
}

/// A [`Clock`] that can be printed.
struct ClockHolder(Clock);

impl std::fmt::Debug for ClockHolder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Clock")
    }
}

/// The parts of an archive that tests bring themselves.
pub struct Parts {
    /// Settings.
    pub config: Config,
    /// Database.
    pub db: Db,
    /// Object store.
    pub vault: Vault,
    /// Index.
    pub index: Indexes,
    /// Clock.
    pub clock: Clock,
    /// What signs the log; without it nothing can be recorded.
    pub key: Option<LogKeys>,
}

impl App {
    /// Opens the archive that `config` names; with `make`, its folder is made.
    ///
    /// # Errors
    /// When a part cannot be opened, or parts do not belong together.
    pub async fn open(config: Config, make: bool) -> Result<Arc<Self>, OpenError> {
        let folder = &config.data;
        let in_folder = |cause| OpenError::Folder { folder: folder.display().to_string(), cause };
        let place = Place::parse(&config.store, folder)?;
        let mirror = mirror(&config)?;
        if make {
            std::fs::create_dir_all(folder).map_err(in_folder)?;
        } else if !has_store(folder, &place) {
            // Nothing is made in its place: its disk may not be mounted.
            let copy = match &mirror {
                Some(mirror) => mirror.vault().await.ok(),
                None => None,
            };
            return Err(match copy {
                Some(copy) if !copy.is_empty().await? => lost(&config),
                _ if has_catalog(folder, &config.database) => OpenError::NoStore(config.store),
                _ => OpenError::NoArchive(folder.display().to_string()),
            });
        }
        let key = if make { Some(keys::make(&config)?) } else { keys::open(&config)? };
        if make && config.encryption.volumes {
            volumes::make(&config)?;
        }
        let vault = Vault::open(&place, &folder.join("spool")).await?;
        let mut vault = vault.with_sm3(config.digests.sm3);
        if let Some(mirror) = mirror {
            vault = vault.with_mirror(mirror);
        }
        let db = if config.database.is_empty() {
            Db::sqlite(&folder.join("catalog.sqlite")).await?
        } else {
            Db::postgres(&config.database).await?
        };
        let setup = Setup {
            signs: keys::lookup(&config)?.name(),
            words: profile(&config)?.types.into_iter().map(|one| one.name).collect(),
        };
        let index = Indexes::open(&folder.join("index"), &setup)?;
        let clock: Clock = Arc::new(Timestamp::now);
        let app = Self::of(Parts { config, db, vault, index, clock, key }).await?;
        app.looks.keep_publishing();
        Ok(app)
    }

    /// An archive of these parts, brought to one history first. Looks are published
    /// when somebody says so, and not by the clock on the wall.
    ///
    /// # Errors
    /// When the parts do not belong together.
    pub async fn of(parts: Parts) -> Result<Arc<Self>, OpenError> {
        let Parts { config, db, vault, index, clock, key } = parts;
        let profile = profile(&config)?;
        let rules = Rules::national()?;
        let forms = Forms::national()?;
        let lookup = keys::lookup(&config)?;
        let cipher = cipher(&config)?;
        let vault = match &cipher {
            Some(cipher) => vault.with_cipher(cipher.clone(), &config.data.join("spool"))?,
            None => vault,
        };
        // Another process may be receiving into the same folder just now.
        vault.sweep(std::time::Duration::from_secs(24 * 3600)).await?;
        if let Some(mirror) = vault.mirror()
            && vault.is_empty().await?
            && let Ok(copy) = mirror.vault().await
            && !copy.is_empty().await?
        {
            return Err(lost(&config));
        }
        follow::begin(&db, &index).await?;
        let mended = record::mend_newest(&db, &vault, clock()).await?;
        record::recover(&db, &vault, &lookup).await?;
        record::cover(&db, &vault, &lookup).await?;
        settle_keys(&config, &db, cipher.as_ref()).await?;
        let reader = Reader::new(config.limits.clone());
        let news = Arc::new(Notify::new());
        let again = config.clone();
        let signs = key.is_some();
        let access = access_key(&config, key.as_ref(), (&db, &vault)).await?;
        let signing = Signing {
            keys: key.into(),
            again: Box::new(move || keys::open(&again).ok().flatten()),
            witnesses: config.log.witness.clone(),
        };
        let (theirs, told) = (Arc::clone(&clock), Arc::clone(&news));
        let parts = (db.clone(), vault.clone(), theirs);
        let recorder = Recorder::start(parts, signing, lookup.clone(), told);
        for repair in mended {
            tracing::warn!(path = repair.path, "restored from the second copy");
            if signs {
                recorder.record(&config.system(), Act::RepairObject { repair }).await?;
            }
        }
        recorder.compare_copy().await?;
        let parts = (db.clone(), vault.clone(), Arc::clone(&clock));
        let signed = (access, config.log.witness.clone());
        let system = config.system();
        let looks = Looks::start(parts, &config.data, signed, recorder.clone(), system).await?;
        let latest = Latest::begin(db.clone(), Arc::clone(&clock)).await?;
        let app = Self {
            config,
            profile,
            rules,
            forms,
            db,
            vault,
            index,
            reader,
            engine: OnceCell::new(),
            turns: Turns::default(),
            recorder,
            looks,
            lookup,
            news,
            suggestions: Suggestions::default(),
            hasher: Hasher::default(),
            computed: Computed::default(),
            clock: ClockHolder(clock),
            latest,
        };
        if signs {
            app.begin_encryption(&app.config.system()).await?;
        }
        Ok(Arc::new(app))
    }

    /// Records that what is stored from now on is encrypted, where it is and the
    /// log does not say so yet.
    ///
    /// # Errors
    /// When the act is not recorded.
    pub async fn begin_encryption(&self, actor: &Actor) -> Result<(), RecordError> {
        let Some(cipher) = self.vault.cipher().filter(|cipher| cipher.seals) else { return Ok(()) };
        let mut tx = self.db.read().await?;
        let founded = !households::setting(&mut tx, "fonds").await?.is_empty();
        let begun = destroyed::keys(&mut tx).await?.is_some();
        drop(tx);
        if founded && !begun {
            let keys = hex::encode(cipher.ring.now().id);
            self.recorder.record(actor, Act::BeginEncryption { keys }).await?;
        }
        Ok(())
    }

    /// What turns files into pages, with OCR where the models are installed;
    /// they are loaded the first time.
    pub async fn reading(&self) -> Reader {
        let (folder, threads) = (self.config.models.clone(), self.config.recogniser_threads());
        let load = async || {
            tokio::task::spawn_blocking(move || models::load(&folder, threads).map(Arc::new))
                .await
                .unwrap_or_else(|stopped| Err(ModelsError::Engine(stopped.to_string())))
        };
        let engine = self.engine.get_or_init(load).await;
        if let Err(error) = engine {
            tracing::warn!(%error, "pages are not read by OCR");
        }
        self.reader.with_engine(engine.clone().ok())
    }

    /// Why pages are not read by OCR, when they are not.
    #[must_use]
    pub fn no_ocr(&self) -> Option<ModelsError> {
        match self.engine.get() {
            Some(loaded) => loaded.as_ref().err().cloned(),
            None => models::missing(&self.config.models),
        }
    }

    /// Brings the tiles and the checkpoint of the log up to its last entry,
    /// before the program ends; a server does it all the time.
    ///
    /// # Errors
    /// When the database or the store fails.
    pub async fn settle(&self) -> Result<(), RecordError> {
        if let Err(error) = self.keep_latest().await {
            tracing::warn!(%error, "the latest moment was not kept");
        }
        // Looks are noted already; what keeps them from being published must not
        // keep acts from it.
        if let Err(error) = self.looks.settle().await {
            tracing::error!(%error, "looks are noted and cannot be published");
        }
        self.recorder.settle().await
    }

    /// As [`App::settle`], for a program that has shown records: the access log
    /// is sealed in the log of the records, if that is due, or `at_once`.
    ///
    /// # Errors
    /// When the database or the store fails.
    pub async fn close(&self, at_once: bool) -> Result<(), RecordError> {
        let closed = match at_once {
            true => self.looks.close().await,
            false => match self.looks.publish().await {
                Ok(()) => self.looks.seal_when_due().await,
                failed => failed,
            },
        };
        if let Err(error) = closed {
            tracing::error!(%error, "the access log was not sealed");
        }
        self.settle().await
    }

    /// What time it is, as the clock says.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        (self.clock.0)()
    }

    /// The latest moment that is known, by which whatever was given for a time
    /// ends: a clock that was set back brings nothing to life again.
    #[must_use]
    pub fn latest(&self) -> Timestamp {
        self.latest.moment()
    }

    /// Keeps the latest moment for the next start.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keep_latest(&self) -> Result<(), DbError> {
        self.latest.keep().await
    }

    /// Who acts on the command line.
    #[must_use]
    pub fn operator(&self) -> Actor {
        self.config.actor()
    }
}

/// The profile of the bureau, or the national one.
fn profile(config: &Config) -> Result<Profile, OpenError> {
    if config.profile.as_os_str().is_empty() {
        return Ok(Profile::national_2008()?);
    }
    let path = config.data.join(&config.profile);
    let text = std::fs::read_to_string(&path)
        .map_err(|cause| OpenError::Folder { folder: path.display().to_string(), cause })?;
    Ok(Profile::parse(&text)?)
}

/// The key of the access log. A log that has no entry yet gets one, where this
/// machine has a `key` of the log of the records; one whose key was lost does not
/// get another in silence.
async fn access_key(
    config: &Config,
    key: Option<&LogKeys>,
    (db, vault): (&Db, &Vault),
) -> Result<Option<LogKeys>, OpenError> {
    let (kept, Some(key)) = (keys::open_access(config)?, key) else {
        return Ok(keys::open_access(config)?);
    };
    if kept.is_some() {
        return Ok(kept);
    }
    let mut tx = db.read().await?;
    let size = ledger::looks::current(&mut tx).await.map_err(RecordError::from)?.size();
    if size > 0 || !vault.access().is_empty().await? {
        tracing::error!("the key of the access log is not there: looks are noted, not published");
        return Ok(None);
    }
    Ok(Some(keys::make_access(config, key.origin())?))
}

/// What encrypts the store and opens what was encrypted, where there are keys.
fn cipher(config: &Config) -> Result<Option<Cipher>, OpenError> {
    let seals = config.encryption.volumes;
    match volumes::open(config)? {
        Some(ring) => Ok(Some(Cipher { ring: Arc::new(ring), seals })),
        None if seals => Err(OpenError::NoVolumeKeys(volume_keys(config))),
        None => Ok(None),
    }
}

fn volume_keys(config: &Config) -> String {
    config.data.join(&config.encryption.keys).display().to_string()
}

/// Sees to it that the keys are those of the archive, and that what its log says
/// was destroyed is: a stop may have come between, or an older backup of the
/// keys have been put back.
async fn settle_keys(config: &Config, db: &Db, cipher: Option<&Cipher>) -> Result<(), OpenError> {
    let mut tx = db.read().await?;
    let Some(needed) = destroyed::keys(&mut tx).await? else { return Ok(()) };
    let gone = destroyed::all(&mut tx).await?;
    drop(tx);
    let other = |found: String| {
        let (needed, file) = (needed.clone(), volume_keys(config));
        OpenError::OtherVolumeKeys { needed, file, found }
    };
    let cipher = cipher.ok_or_else(|| other("is not there".into()))?;
    let found = hex::encode(cipher.ring.now().id);
    if found != needed {
        return Err(other(format!("has the keys {found}")));
    }
    if gone.iter().any(|blob| cipher.ring.has(*blob)) && volumes::destroy(config, &gone)? {
        tracing::warn!("keys that the log says were destroyed were still there, and are no more");
    }
    Ok(())
}

/// The second copy that the settings name, not opened yet.
fn mirror(config: &Config) -> Result<Option<Mirror>, VaultError> {
    let address = &config.copy.store;
    if address.is_empty() {
        return Ok(None);
    }
    let place = Place::parse(address, &config.data)?;
    let scratch = config.data.join("spool").join("copy");
    Ok(Some(Mirror::new(address, place, &scratch, config.copies == 2)))
}

fn lost(config: &Config) -> OpenError {
    OpenError::StoreLost { store: config.store.clone(), copy: config.copy.store.clone() }
}

fn has_store(folder: &Path, place: &Place) -> bool {
    let store = match place {
        Place::Folder(root) => root.join("log/entries").is_dir(),
        Place::S3(_) => true,
        Place::Memory => false,
    };
    folder.is_dir() && store
}

fn has_catalog(folder: &Path, database: &str) -> bool {
    folder.is_dir() && (!database.is_empty() || folder.join("catalog.sqlite").is_file())
}
