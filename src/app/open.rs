//! Opening an archive: its parts are opened, checked against each other, and brought to one
//! history.

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::{Notify, OnceCell};
use yidang_indexer::{Indexes, Setup};

use super::keyring::{access_key, cipher, settle_keys};
use super::latest::Latest;
use super::{App, ClockHolder, own};
use crate::config::Config;
use crate::credentials::password::Hasher;
use crate::db::{Db, DbError};
use crate::extract::Reader;
use crate::follow::{self, FollowError};
use crate::intake::Turns;
use crate::keys::volumes::{self, VolumeKeyError};
use crate::keys::{self, KeyError};
use crate::living::computed::Computed;
use crate::model::act::Act;
use crate::model::form::{FormError, MOST_BYTES};
use crate::model::profile::{Profile, ProfileError};
use crate::model::rules::RulesError;
use crate::record::{self, Clock, Looks, Recorder, Signing};
use crate::search::held::Held;
use crate::search::words;
use crate::tlog::LogKeys;
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
    /// A file among the forms of the bureau is none.
    #[error(
        "{0} is no form: one is a file NAME.json, with a name of a-z, 0-9 and _ that begins with a letter"
    )]
    NoForm(String),
    /// A form of the bureau is too large to be read.
    #[error("{0} has more than {most} KiB, the most of a form", most = MOST_BYTES >> 10)]
    LargeForm(String),
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
            words: words::known(&profile(&config)?, &db).await?,
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
        let (rules, forms) = own::rules(&config)?;
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
        let mut mended = record::mend_newest((&db, &vault), key.as_ref(), clock()).await?;
        record::recover(&db, &vault, &lookup).await?;
        mended.extend(record::mend_copy((&db, &vault), key.as_ref(), clock()).await?);
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
        recorder.compare_copy().await?;
        for repair in mended.into_iter().filter(|_| signs) {
            // That it cannot be recorded keeps nobody out: the next verification tells it.
            let told = recorder.record(&config.system(), Act::RepairObject { repair }).await;
            if let Err(error) = told {
                tracing::error!(%error, "that a batch was mended was not recorded");
            }
        }
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
            held: Held::default(),
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
