//! The wiring: opens the capabilities of one archive and holds them. Use cases
//! are functions on [`App`]; only they let two capabilities meet.

mod keyring;
mod latest;
mod open;
pub(crate) mod own;

use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::{Notify, OnceCell};
use yidang_indexer::Indexes;
use yidang_ocr::Engine;

use self::latest::Latest;
pub use self::open::{OpenError, Parts};
use crate::catalog::{destroyed, settings};
use crate::config::Config;
use crate::credentials::password::Hasher;
use crate::db::{Db, DbError};
use crate::extract::Reader;
use crate::intake::Turns;
use crate::living::computed::Computed;
use crate::model::access::Actor;
use crate::model::act::Act;
use crate::model::form::Forms;
use crate::model::lookup::LookupKey;
use crate::model::profile::Profile;
use crate::model::rules::Rules;
use crate::models::{self, ModelsError};
use crate::record::{Clock, Looks, RecordError, Recorder};
use crate::search::held::Held;
use crate::vault::Vault;

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
    /// Households in memory, to be suggested and to be looked for in the catalogs.
    pub(crate) held: Held,
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

impl App {
    /// Records that what is stored from now on is encrypted, where it is and the
    /// log does not say so yet.
    ///
    /// # Errors
    /// When the act is not recorded.
    pub async fn begin_encryption(&self, actor: &Actor) -> Result<(), RecordError> {
        let Some(cipher) = self.vault.cipher().filter(|cipher| cipher.seals) else { return Ok(()) };
        let mut tx = self.db.read().await?;
        let founded = !settings::get(&mut tx, "fonds").await?.is_empty();
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
