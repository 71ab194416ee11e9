//! 存证封条: the newest checkpoint of the log, and whether it is that of the
//! history this archive has.

use serde::Serialize;
use utoipa::ToSchema;

use super::ProveError;
use crate::app::App;
use crate::catalog::entries;
use crate::config::Witness;
use crate::signing;
use crate::tlog::signatures::{self, Signature};
use crate::tlog::{Checkpoint, TlogError};
use crate::vault::VaultError;

/// A checkpoint as people see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Sealed {
    /// The name of the log.
    pub origin: String,
    /// How many entries it has.
    pub size: u64,
    /// The root of the tree over them, in hexadecimal.
    pub root: String,
    /// The signed note it stands in.
    pub note: String,
    /// Who signed, as the note says: the log, then its witnesses.
    pub signatures: Vec<Signer>,
    /// When the last entry under it was recorded, RFC 3339.
    pub time: String,
}

/// A signature under a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Signer {
    /// The name of the key.
    pub name: String,
    /// The first digits of the key's digest, in hexadecimal.
    pub key: String,
    /// When a witness signed, RFC 3339; none for the log itself.
    pub time: Option<String>,
    /// Whether the signature was checked and is right; none when this program
    /// does not know the key. An auditor's own policy knows it.
    pub right: Option<bool>,
}

/// What was published beside what this archive knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The published checkpoint; none when there is none, or it cannot be read.
    pub published: Option<Sealed>,
    /// The checkpoint that this archive signed over as many entries, or its
    /// newest when it never signed one of that size; none when it has none.
    pub known: Option<Sealed>,
    /// Why the two are not one history, where they are not.
    pub wrong: Option<String>,
}

impl Sealed {
    fn of(note: &str, known: &Known<'_>, time: String) -> Result<Self, TlogError> {
        let Checkpoint { origin, size, root } = Checkpoint::parse(note)?;
        let signer = |one: Signature| Signer {
            right: known.judge(note, &origin, &one),
            time: one.time.map(at),
            name: one.name,
            key: one.key,
        };
        let signatures = signatures::signatures(note).into_iter().map(signer).collect();
        let root = hex::encode(root.0);
        Ok(Self { origin, size, root, note: note.to_owned(), signatures, time })
    }
}

/// Whose signatures this program can check.
struct Known<'a> {
    /// The verifier keys of the log.
    log: Vec<String>,
    witnesses: &'a [Witness],
}

impl Known<'_> {
    /// Whether a signature is right; none when its key is not known. Under the
    /// name of the log it is wrong then.
    fn judge(&self, note: &str, origin: &str, one: &Signature) -> Option<bool> {
        if one.name == origin && one.time.is_none() {
            let its = |key: &&String| key.split('+').nth(1) == Some(one.key.as_str());
            let opens = |key| Checkpoint::open(note, std::slice::from_ref(key)).is_ok();
            return (!self.log.is_empty()).then(|| self.log.iter().find(its).is_some_and(opens));
        }
        let witness = self.witnesses.iter().map(|witness| &witness.key);
        let mut its = witness.filter(|key| key.to_string().split('+').nth(1) == Some(&one.key));
        its.next().map(|key| matches!(key.signed(note), Ok(Some(_))))
    }
}

/// Seconds since 1970 as RFC 3339; as they are where that has no such year.
fn at(seconds: u64) -> String {
    let time = i64::try_from(seconds).ok().and_then(|it| jiff::Timestamp::from_second(it).ok());
    time.map_or_else(|| seconds.to_string(), |time| time.to_string())
}

/// The newest checkpoint beside what this archive knows.
///
/// # Errors
/// When database or store fail.
pub async fn seal(app: &App) -> Result<Standing, ProveError> {
    if let Err(error) = app.settle().await {
        tracing::warn!(%error, "the checkpoint may be behind the log");
    }
    let note = match app.vault.checkpoint().await {
        Err(VaultError::Conflict(_)) => Some("not text".to_owned()),
        found => found?,
    };
    let log = match signing::verifiers(app).await {
        Ok(keys) => keys,
        Err(error) => {
            tracing::warn!(%error, "signatures cannot be checked");
            Vec::new()
        }
    };
    let key = &Known { log, witnesses: &app.config.log.witness };
    let mut tx = app.db.read().await?;
    let (mut published, mut wrong) = (None, None);
    if let Some(note) = &note {
        let time = match Checkpoint::parse(note) {
            Ok(said) => entries::time_of(&mut tx, said.size).await?,
            Err(_) => String::new(),
        };
        match Sealed::of(note, key, time) {
            Ok(seal) => published = Some(seal),
            Err(error) => wrong = Some(error.to_string()),
        }
    }
    let size = published.as_ref().map(|seal| seal.size);
    let known = match entries::checkpoint_over(&mut tx, size).await? {
        None => None,
        Some(note) => {
            let end = Checkpoint::parse(&note).map_or(0, |known| known.size);
            let time = entries::time_of(&mut tx, end).await?;
            Some(Sealed::of(&note, key, time)?)
        }
    };
    if wrong.is_none() {
        wrong = compared(published.as_ref(), known.as_ref()).map(ToOwned::to_owned);
    }
    Ok(Standing { published, known, wrong })
}

/// Why what was published is not what this archive knows; none when it is.
fn compared(published: Option<&Sealed>, known: Option<&Sealed>) -> Option<&'static str> {
    let (published, known) = match (published, known) {
        (Some(published), Some(known)) => (published, known),
        (None, Some(_)) => return Some("the log has no checkpoint"),
        (Some(_), None) => return Some("the database has no entry"),
        (None, None) => return None,
    };
    let unsigned = published.signatures.iter().all(|one| one.right == Some(false));
    match () {
        () if published.origin != known.origin => Some("it is of another log"),
        () if published.size > known.size => Some("it has more entries than the database"),
        () if published.size < known.size => Some("the database never signed one of this size"),
        () if published.root != known.root => Some("it is over other entries"),
        () if unsigned => Some("it is not signed by the key of the log"),
        () => None,
    }
}
