//! 利用日志: every look at records is noted before anything is shown, and the
//! notes are published in batches as a log of their own, with a key of its own
//! and tiles of its own below `access/`.
//!
//! A note is a line of a file before the page is shown: so it survives the end of
//! the process, and a loss of power takes at most the last seconds. It becomes a
//! row of the database when somebody asks for such rows, or a few seconds later
//! with others, and is published then, and when the program ends. A look is the
//! same look when the same person opens the same thing again within minutes:
//! who turns the pages of a paper has opened it once.
//!
//! About hourly the two logs take note of each other: the access log of how far
//! the records log is, and the other way round. So neither can be cut back
//! alone.

mod copy;
mod journal;
mod mend;
mod publish;
mod recent;
mod rows;
mod seal;

use std::path::Path;
use std::sync::{Arc, Mutex as Held, PoisonError, Weak};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::Mutex;

use self::copy::Copied;
use self::journal::{Journal, Line};
use self::recent::Recent;
use super::tiles::Tiles;
use super::witnesses::Witnesses;
use super::{Clock, RecordError, Recorder, Tree};
use crate::catalog::looks;
use crate::config::Witness;
use crate::db::{Db, DbError};
use crate::ledger::{self, LedgerError};
use crate::model::access::Actor;
use crate::model::act::Side;
use crate::model::id::HouseholdNo;
use crate::model::look::{Look, LookBody, key_of};
use crate::model::mask;
use crate::tlog::LogKeys;
use crate::vault::{Mirror, Vault};

/// How long there is between two batches.
const PAUSE: Duration = Duration::from_secs(10);

/// Why a look was not noted: what was asked for is not shown.
#[derive(Debug, thiserror::Error)]
pub enum LookError {
    /// The person must say why first.
    #[error("say why you look at the file of household {0}")]
    NoReason(HouseholdNo),
    /// The database did not take the note.
    #[error("the look could not be noted: {0}")]
    Db(#[from] DbError),
    /// The file of notes did not take it.
    #[error("the look could not be noted: {0}")]
    File(#[from] std::io::Error),
    /// The note has no canonical form.
    #[error("the look could not be noted: {0}")]
    Ledger(#[from] LedgerError),
    /// Access log and records log, database and store do not belong together.
    #[error("looks cannot be noted: {0}")]
    Broken(String),
}

/// How the access log stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LooksState {
    /// The name of the log, or empty where this machine has no key of it.
    pub origin: String,
    /// Its verifier key, or empty.
    pub key: String,
    /// How many entries it has.
    pub size: u64,
    /// The root of its tree, in base64.
    pub root: String,
    /// How many looks wait to be published.
    pub waiting: i64,
    /// The entry of the records log that said last how far it was, and how far
    /// that is; none before the first.
    pub sealed: Option<(i64, i64)>,
    /// How many entries its second copy lacks; none while nobody knows, or where
    /// there is none.
    pub behind: Option<u64>,
    /// Why no look can be noted, or the copy does not follow; or empty.
    pub problem: String,
}

/// The handle through which looks are noted; cheap to clone.
#[derive(Debug, Clone)]
pub struct Looks(Arc<Inner>);

struct Inner {
    db: Db,
    /// The store, without its second copy.
    store: Vault,
    /// The part of it that has the access log.
    vault: Vault,
    clock: Clock,
    key: Option<LogKeys>,
    recorder: Recorder,
    system: Actor,
    tiles: Tiles,
    copied: Option<Copied>,
    recent: Recent,
    journal: Journal,
    flushing: Mutex<()>,
    publishing: Mutex<()>,
    broken: Held<String>,
    /// The moment of the last look, in microseconds.
    last: Held<i64>,
}

impl std::fmt::Debug for Inner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Looks").field("vault", &self.vault).finish_non_exhaustive()
    }
}

/// By what a person is told from others.
fn person(actor: &Actor) -> String {
    format!("{}\n{}", key_of(actor), actor.organisation)
}

/// Publishes what was noted, until the last handle is gone.
async fn follow(looks: Weak<Inner>) {
    loop {
        tokio::time::sleep(PAUSE).await;
        let Some(now) = looks.upgrade().map(Looks) else { return };
        if let Err(error) = now.flush_all().await {
            tracing::error!(%error, "looks are noted and cannot become rows");
        }
        if let Err(error) = now.publish().await {
            tracing::error!(%error, "looks are noted and cannot be published");
        }
        if let Err(error) = now.seal_when_due().await {
            tracing::error!(%error, "the access log was not sealed");
        }
    }
}

impl Looks {
    /// Begins to note looks, with the `key` of the access log and the offices that
    /// are asked to sign it; database and store
    /// are brought to one history first. When they cannot be, nothing is noted
    /// and so nothing shown, and the rest of the archive works.
    ///
    /// # Errors
    /// When the database or the store fails.
    pub async fn start(
        (db, vault, clock): (Db, Vault, Clock),
        folder: &Path,
        (key, witnesses): (Option<LogKeys>, Vec<Witness>),
        recorder: Recorder,
        system: Actor,
    ) -> Result<Self, RecordError> {
        let access = vault.access();
        let witnesses = Witnesses::of_looks(witnesses);
        let (of_tiles, at) = (db.clone(), Arc::clone(&clock));
        let tiles = Tiles::of_looks(of_tiles, access.clone(), at, (witnesses, Side::Store));
        let copied = vault.mirror().map(|mirror: &Arc<Mirror>| {
            Copied::new(db.clone(), access.clone(), Arc::clone(mirror), Arc::clone(&clock))
        });
        let looks = Self(Arc::new(Inner {
            db,
            store: vault.alone(),
            vault: access,
            clock,
            key,
            recorder,
            system,
            tiles,
            copied,
            recent: Recent::default(),
            journal: Journal::new(folder).map_err(|e| RecordError::Failed(e.to_string()))?,
            flushing: Mutex::default(),
            publishing: Mutex::default(),
            broken: Held::default(),
            last: Held::default(),
        }));
        looks.flush_all().await?;
        looks.begin_again().await?;
        Ok(looks)
    }

    /// Publishes from now on what was noted, every ten seconds, and seals it about
    /// hourly, until the last handle is gone.
    pub fn keep_publishing(&self) {
        tokio::spawn(follow(Arc::downgrade(&self.0)));
    }

    /// Brings database and store to one history, as at a start: what is damaged of
    /// the newest batches is mended, where it can be. When they disagree after that,
    /// no look can be noted from now on.
    ///
    /// # Errors
    /// When the database or the store fails.
    pub async fn begin_again(&self) -> Result<(), RecordError> {
        self.mend_newest().await?;
        let problem = match self.recover().await {
            Ok(()) => String::new(),
            Err(error @ (RecordError::Disagree(_) | RecordError::Ledger(_))) => {
                tracing::error!(%error, "no look can be noted, so nothing is shown");
                error.to_string()
            }
            Err(error) => return Err(error),
        };
        *self.0.broken.lock().unwrap_or_else(PoisonError::into_inner) = problem;
        Ok(())
    }

    fn now(&self) -> Timestamp {
        (self.0.clock)()
    }

    /// Notes a look; it survives the end of this process when this returns. The
    /// same again within minutes is the same look.
    ///
    /// # Errors
    /// When it cannot be noted: what was asked for must not be shown.
    pub async fn note(&self, actor: &Actor, look: Look) -> Result<(), LookError> {
        let broken = self.0.broken.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if !broken.is_empty() {
            return Err(LookError::Broken(broken));
        }
        if !recent::is_once(&look) {
            return self.write(actor, look).await;
        }
        let Some(noted) = self.0.recent.of(&person(actor), &look, self.now()) else {
            // So many were refused that they are not noted singly any more.
            return Ok(());
        };
        noted.get_or_try_init(|| self.write(actor, look)).await?;
        Ok(())
    }

    /// Whether the same look of this person was noted a moment ago.
    #[must_use]
    pub fn has_noted(&self, actor: &Actor, look: &Look) -> bool {
        self.0.recent.has(&person(actor), look, self.now())
    }

    /// The moment of a look in microseconds. Looks are ordered by it, so no two of
    /// this process have the same.
    fn next_moment(&self) -> i64 {
        let now = self.now().as_microsecond();
        let mut last = self.0.last.lock().unwrap_or_else(PoisonError::into_inner);
        // A clock that was set back is believed.
        *last = if (0..1_000_000).contains(&(*last - now)) { *last + 1 } else { now };
        *last
    }

    async fn write(&self, actor: &Actor, look: Look) -> Result<(), LookError> {
        let body = ledger::looks::body(&LookBody::new(actor.clone(), mask::look(look)))?;
        // A few bytes for the system to keep: nothing that is worth another thread.
        if self.0.journal.note(Line { at: self.next_moment(), body })? {
            self.flush().await?;
        }
        Ok(())
    }

    /// Publishes what waits, for a program that ends now.
    ///
    /// # Errors
    /// When the database or the store fails.
    pub async fn settle(&self) -> Result<(), RecordError> {
        self.publish().await?;
        self.0.tiles.rest().await?;
        match &self.0.copied {
            Some(copied) => copied.rest().await,
            None => Ok(()),
        }
    }

    /// Publishes what waits, and seals the log if it has grown: a clean end.
    ///
    /// # Errors
    /// When the database or the store fails.
    pub async fn close(&self) -> Result<(), RecordError> {
        self.publish().await?;
        self.seal().await?;
        self.settle().await
    }

    fn is_broken(&self) -> bool {
        !self.0.broken.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    /// How the access log stands.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn state(&self) -> Result<LooksState, RecordError> {
        self.flush().await?;
        let mut tx = self.0.db.read().await?;
        let tree = ledger::looks::current(&mut tx).await?;
        let seal = looks::access_seals(&mut tx, 1).await?.pop();
        let waiting = ledger::looks::count_waiting(&mut tx).await?;
        drop(tx);
        let mut problem = self.0.broken.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let copied = self.0.copied.as_ref();
        if problem.is_empty() {
            problem = copied.map(Copied::problem).unwrap_or_default();
        }
        let key = self.0.key.as_ref();
        Ok(LooksState {
            origin: key.map(|key| key.origin().to_owned()).unwrap_or_default(),
            key: key.map(|key| key.first().to_owned()).unwrap_or_default(),
            size: tree.size(),
            root: tree.root().to_string(),
            waiting,
            sealed: seal.map(|seal| (seal.entry, seal.size)),
            behind: copied.and_then(Copied::end).map(|end| tree.size().saturating_sub(end)),
            problem,
        })
    }

    /// The tree of the newest published checkpoint of the access log; none while
    /// there is none.
    ///
    /// # Errors
    /// When the store fails, or the checkpoint is none.
    pub async fn tree(&self) -> Result<Option<Tree>, RecordError> {
        let note = self.0.vault.checkpoint().await?;
        Ok(note.map(|note| Tree::new(self.0.vault.clone(), note)).transpose()?)
    }

    /// How many entries the second copy of the access log should have; none
    /// while nobody knows, or where there is none.
    #[must_use]
    pub fn copy_end(&self) -> Option<u64> {
        self.0.copied.as_ref()?.end()
    }
}
