//! Who signs the log, and how that changes: its keys, and the witnesses beside
//! them.
//!
//! A change of keys is in the file of the secrets before it is in the log: an
//! act that names a key whose secret nobody has would end the archive. So a
//! stop in between leaves a secret that the log does not name and that signs
//! nothing; the same command goes on from there. Retiring is the other way
//! round: the act comes first, and a stop leaves a secret that signs no more.

use serde::Serialize;

use crate::app::App;
use crate::catalog::{self, entries, witnesses};
use crate::db::DbError;
use crate::keys::{self, KeyError};
use crate::model::access::Actor;
use crate::model::act::Act;
use crate::model::id::EntryNo;
use crate::record::RecordError;
use crate::tlog::{Checkpoint, LogKeys};
use crate::vault::VaultError;

/// Why the keys were not changed, or nothing can be said of them.
#[derive(Debug, thiserror::Error)]
pub enum SigningError {
    /// This machine has no keys of the log.
    #[error("this machine has no key of the log: {0} is not there")]
    NoKey(String),
    /// No key has this id.
    #[error("no key of the log has the id {0}")]
    UnknownKey(String),
    /// The newest key cannot be retired.
    #[error("the newest key of the log cannot be retired: rotate first")]
    Newest,
    /// The file of the keys.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The act was not recorded.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// The object store.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

/// What becomes of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It is the newest, and signs.
    Current,
    /// It signs too, for those who know only it.
    Older,
    /// Its secret is here, and the log does not name it: it signs nothing.
    Unused,
}

/// A key of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KeyState {
    /// The verifier key.
    pub key: String,
    /// What becomes of it.
    pub state: State,
    /// Whether this machine has its secret.
    pub secret: bool,
}

/// A witness, and what came of asking it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WitnessState {
    /// What the settings call it.
    pub name: String,
    /// Where it is asked.
    pub url: String,
    /// Its verifier key.
    pub key: String,
    /// How many entries the largest checkpoint has that it signed; 0 before the
    /// first.
    pub size: u64,
    /// When it signed that, in seconds since 1970 by its own clock.
    pub signed: u64,
    /// When it was asked last, in milliseconds since 1970; 0 before the first
    /// time.
    pub tried: u64,
    /// Why it did not sign when it was asked last, or empty.
    pub trouble: String,
}

/// What the log says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// Its name.
    pub origin: String,
    /// How many entries the published checkpoint has.
    pub size: u64,
    /// The root of its tree, in base64.
    pub root: String,
    /// The keys, the newest first.
    pub keys: Vec<KeyState>,
    /// The witnesses of the settings.
    pub witnesses: Vec<WitnessState>,
    /// The number of the entry with the newest timestamp.
    pub timestamp: Option<EntryNo>,
}

/// What the log says of itself, its keys and its witnesses.
///
/// # Errors
/// When database, store or the file of the keys cannot be read.
pub async fn standing(app: &App) -> Result<Standing, SigningError> {
    let published = app.vault.checkpoint().await?;
    let published = published.and_then(|note| Checkpoint::parse(&note).ok());
    let mut tx = app.db.read().await?;
    let named = catalog::keys::signing(&mut tx).await?;
    let known = witnesses::all(&mut tx).await?;
    let timestamp = catalog::entries::last_of(&mut tx, "timestamp_checkpoint").await?;
    drop(tx);
    let kept = keys::open(&app.config)?;
    let origin = kept.as_ref().map(|keys| keys.origin().to_owned());
    let state = |witness: &crate::config::Witness| {
        let key = witness.key.to_string();
        let row = known.iter().find(|row| row.key == key).cloned().unwrap_or_default();
        let count = |n: i64| u64::try_from(n).unwrap_or(0);
        WitnessState {
            name: witness.name.clone(),
            url: witness.url.clone(),
            key,
            size: count(row.size),
            signed: count(row.signed),
            tried: count(row.tried),
            trouble: row.trouble,
        }
    };
    Ok(Standing {
        origin: published.as_ref().map(|one| one.origin.clone()).or(origin).unwrap_or_default(),
        size: published.as_ref().map_or(0, |one| one.size),
        root: published.map(|one| one.root.to_string()).unwrap_or_default(),
        keys: states(&named, kept.as_ref()),
        witnesses: app.config.log.witness.iter().map(state).collect(),
        timestamp: timestamp.map(|entry| entry.no),
    })
}

fn states(named: &[String], kept: Option<&LogKeys>) -> Vec<KeyState> {
    let here: Vec<&str> = kept.iter().flat_map(|keys| keys.public()).collect();
    let named = signing(named, kept);
    let all = named.iter().map(String::as_str);
    let unused = here.iter().copied().filter(|key| named.iter().all(|one| one != key));
    all.chain(unused)
        .map(|key| KeyState {
            key: key.to_owned(),
            state: match named.iter().position(|one| one == key) {
                Some(0) => State::Current,
                Some(_) => State::Older,
                None => State::Unused,
            },
            secret: here.contains(&key),
        })
        .collect()
}

/// The keys that sign: those that the log names, or the first of the file while
/// it names none.
fn signing(named: &[String], kept: Option<&LogKeys>) -> Vec<String> {
    match named {
        [] => kept.iter().map(|keys| keys.first().to_owned()).collect(),
        named => named.to_vec(),
    }
}

/// The verifier keys that sign now, the newest first; none when this machine has
/// no keys and the log names none.
///
/// # Errors
/// When database or the file of the keys cannot be read.
pub async fn verifiers(app: &App) -> Result<Vec<String>, SigningError> {
    let mut tx = app.db.read().await?;
    let named = catalog::keys::signing(&mut tx).await?;
    drop(tx);
    Ok(signing(&named, keys::open(&app.config)?.as_ref()))
}

/// A policy for the auditor as things are now, to be taken away.
///
/// # Errors
/// When this machine has no keys and the log names none, or they cannot be
/// read.
pub async fn policy(app: &App) -> Result<String, SigningError> {
    match verifiers(app).await?.as_slice() {
        [] => Err(no_key(app)),
        signing => Ok(keys::policy(&app.config, signing)),
    }
}

/// A policy by which bundles of this archive are judged, whenever they were packed: as
/// [`policy`], with every key besides that the log has named before.
///
/// # Errors
/// As [`policy`].
pub async fn policy_of_all(app: &App) -> Result<String, SigningError> {
    let mut all = verifiers(app).await?;
    let mut tx = app.db.read().await?;
    for entry in entries::after(&mut tx, "rotate_key", -1, CHANGES).await? {
        if let Act::RotateKey { old, new } = entry.body()?.act {
            for key in [old, new] {
                if !all.contains(&key) {
                    all.push(key);
                }
            }
        }
    }
    match all.as_slice() {
        [] => Err(no_key(app)),
        all => Ok(keys::policy(&app.config, all)),
    }
}

/// The most changes of keys that are looked through.
const CHANGES: u32 = 10_000;

/// Lets a new key sign the log from now on, beside the one before; returns its
/// verifier key. A new key whose secret was made before a stop is taken up.
///
/// # Errors
/// When this machine has no keys, the file cannot be written, or the act is
/// not recorded: the same again goes on.
pub async fn rotate(app: &App, actor: &Actor) -> Result<String, SigningError> {
    let _held = keys::lock(&app.config)?;
    let mut kept = keys::open(&app.config)?.ok_or_else(|| no_key(app))?;
    let mut tx = app.db.read().await?;
    let named = signing(&catalog::keys::signing(&mut tx).await?, Some(&kept));
    drop(tx);
    let old = named.first().cloned().unwrap_or_default();
    let made = kept.public().find(|key| named.iter().all(|one| one != key));
    let new = match made {
        Some(made) => made.to_owned(),
        None => {
            let key = keys::another(&app.config, kept.origin())?;
            let new = key.public().to_owned();
            kept = kept.with(key);
            keys::replace(&app.config, &kept)?;
            new
        }
    };
    app.recorder.record(actor, Act::RotateKey { old, new: new.clone() }).await?;
    Ok(new)
}

/// Lets an older key sign the log no more, by its id or the oldest; its secret
/// is removed. Returns its verifier key.
///
/// # Errors
/// When there is no such key or it is the newest, or the act is not recorded.
pub async fn retire(app: &App, actor: &Actor, id: Option<&str>) -> Result<String, SigningError> {
    let _held = keys::lock(&app.config)?;
    let kept = keys::open(&app.config)?.ok_or_else(|| no_key(app))?;
    let mut tx = app.db.read().await?;
    let mut named = signing(&catalog::keys::signing(&mut tx).await?, Some(&kept));
    drop(tx);
    let has_id = |key: &str, id: &str| key.split('+').nth(1) == Some(id);
    let key = match id {
        None => named.last().cloned().unwrap_or_default(),
        Some(id) => {
            let mut all = named.iter().map(String::as_str).chain(kept.public());
            let found = all.find(|key| has_id(key, id)).map(ToOwned::to_owned);
            found.ok_or_else(|| SigningError::UnknownKey(id.to_owned()))?
        }
    };
    if named.first() == Some(&key) {
        return Err(SigningError::Newest);
    }
    if named.contains(&key) {
        app.recorder.record(actor, Act::RetireKey { key: key.clone() }).await?;
        named.retain(|one| *one != key);
    }
    let left: Vec<String> =
        kept.public().filter(|one| *one != key).map(ToOwned::to_owned).collect();
    // A machine that was left behind by a change keeps what it has.
    if !left.is_empty() {
        keys::replace(&app.config, &kept.only(&left))?;
    }
    Ok(key)
}

fn no_key(app: &App) -> SigningError {
    SigningError::NoKey(app.config.data.join(&app.config.log.key).display().to_string())
}
