//! 清点: every stored file is read again and compared with its name; what the
//! catalog names and the store has not, and the other way round, is found.
//! Findings are data; an error means only that nobody could look.

mod catalog;
mod log;
mod looks;
mod remade;
mod repair;
pub mod schedule;
mod signers;
mod sweep;
mod verify;

use serde::Serialize;
use utoipa::ToSchema;

pub use self::sweep::{Bounds, Sweep};
pub use self::verify::{Asked, verify, verify_as};
use crate::app::App;
use crate::catalog::{documents, entries, households};
use crate::db::{DbError, Tx};
use crate::model::access::{Actor, scope};
use crate::model::act::{Act, Coverage, FindingClass, FixityResult, Found, Repair, Side};
use crate::model::id::{Digest, HouseholdNo};
use crate::record::RecordError;
use crate::vault::{Key, VaultError, key};

/// Why nobody could look.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// The object store.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The result could not be recorded.
    #[error(transparent)]
    Record(#[from] RecordError),
}

/// A file that is not as it should be, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Finding {
    /// The name of the bytes, or the path of an object nothing names.
    pub object: String,
    /// What it is: `original`, `manifest`, `act`, `log`, `access`, `derived`, `catalog` or
    /// `unknown`.
    pub kind: &'static str,
    /// What is wrong with it, for programs: `blob.changed`,
    /// `copy.log.tile.missing`.
    pub code: String,
    /// Where: in the `store`, in its second `copy`, or in the `catalog`.
    pub place: &'static str,
    /// Its path in that store, or table and key in the catalog.
    pub path: String,
    /// The document it is in, when it is an original.
    pub document: Option<i64>,
    /// The title of that document.
    pub title: String,
    /// The household whose it is.
    pub household: Option<String>,
    /// Its head.
    pub head: String,
    /// Why, where there is more to say.
    pub reason: String,
}

/// The result of a verification.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Report {
    /// How many files were read.
    pub checked: u64,
    /// How many bytes.
    pub bytes: u64,
    /// Bytes other than their name says.
    pub changed: Vec<Finding>,
    /// Named by the catalog and not in the store.
    pub missing: Vec<Finding>,
    /// In the store and named by nothing.
    pub untracked: Vec<Finding>,
    /// Could not be read: nobody knows whether they are right.
    pub unread: Vec<Finding>,
    /// Made from a blob that nothing names.
    pub derived_only: Vec<Finding>,
    /// What was looked at. A part is not the whole.
    pub scope: Looking,
    /// Files of the store that nobody can read any more, by the entries that
    /// destroyed their keys, and how many. They are no findings.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub destroyed: Vec<(i64, u64)>,
    /// What was repaired since.
    pub repaired: Vec<Repair>,
    /// Why the result is not in the log; none when it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unrecorded: Option<String>,
}

/// What a verification looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Looking {
    /// Whether every stored file and the log were read.
    pub whole: bool,
    /// Shards that were read to their ends.
    pub shards: u32,
    /// How many shards there are: 256 a store.
    pub of: u32,
    /// How many stores were looked at.
    pub copies: u8,
    /// How many files there were to read, in all of them; 0 in acts that do not
    /// say it.
    pub files: u64,
    /// Whether the log was read.
    pub log: bool,
    /// Whether the catalog was compared with the log.
    pub catalog: bool,
}

impl Default for Looking {
    /// What acts looked at that do not say it: one whole store and its log.
    fn default() -> Self {
        Self { whole: true, shards: 256, of: 256, copies: 1, files: 0, log: true, catalog: false }
    }
}

impl From<Coverage> for Looking {
    fn from(scope: Coverage) -> Self {
        let Coverage { shards, of, copies, files, log, catalog } = scope;
        Self { whole: scope.is_whole(), shards, of, copies, files, log, catalog }
    }
}

impl Report {
    /// Whether everything was read and is right.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.changed.is_empty()
            && self.missing.is_empty()
            && self.untracked.is_empty()
            && self.unread.is_empty()
            && self.derived_only.is_empty()
    }
}

/// The code of a finding.
fn code(side: Option<Side>, kind: &str, class: FindingClass) -> String {
    let copy = if side == Some(Side::Copy) { "copy." } else { "" };
    format!("{copy}{kind}.{}", class.as_str())
}

/// What a part of the log is, by its path.
fn log_kind(path: &str) -> &'static str {
    match path {
        path if path.starts_with("log/entries/") => "log.batch",
        path if path.starts_with("log/tile/") => "log.tile",
        _ => "log.checkpoint",
    }
}

/// The result with the documents and households of what was found, as far as
/// `actor` may see them; a finding outside the scope keeps only its digest.
///
/// # Errors
/// When the database fails.
pub async fn explain(
    app: &App,
    actor: &Actor,
    result: &FixityResult,
) -> Result<Report, AuditError> {
    let mut tx = app.db.read().await?;
    let mut report = Report { checked: result.checked, bytes: result.bytes, ..Report::default() };
    report.scope = result.scope.map(Looking::from).unwrap_or_default();
    report.destroyed.clone_from(&result.destroyed);
    let blob = |digest: &Digest, class, reason: &str| Found {
        code: code(None, "blob", class),
        class,
        side: Some(Side::Store),
        path: Key::Blob(*digest).path().into(),
        reason: reason.to_owned(),
    };
    let changed = result.changed.iter().map(|digest| blob(digest, FindingClass::Changed, ""));
    let missing = result.missing.iter().map(|digest| blob(digest, FindingClass::Missing, ""));
    let unread =
        result.unread.iter().map(|(digest, reason)| blob(digest, FindingClass::Unread, reason));
    let blobs: Vec<Found> = changed.chain(missing).chain(unread).collect();
    let untracked = result.untracked.iter().map(|path| Found {
        code: code(None, "blob", FindingClass::Untracked),
        class: FindingClass::Untracked,
        side: Some(Side::Store),
        path: path.clone(),
        reason: String::new(),
    });
    let log = result.log.iter().map(|one| Found {
        code: code(None, log_kind(&one.path), one.class),
        class: one.class,
        side: Some(Side::Store),
        path: one.path.clone(),
        reason: one.reason.clone(),
    });
    let rest: Vec<Found> = untracked.chain(log).chain(result.beside.iter().cloned()).collect();
    for found in blobs.into_iter().chain(rest) {
        let class = match found.class {
            FindingClass::Changed => &mut report.changed,
            FindingClass::Missing => &mut report.missing,
            FindingClass::Untracked => &mut report.untracked,
            FindingClass::DerivedOnly => &mut report.derived_only,
            FindingClass::Unread => &mut report.unread,
        };
        class.extend(findings(&mut tx, actor, &found).await?);
    }
    Ok(report)
}

/// A finding about an object that belongs to no household.
fn object(found: &Found) -> Finding {
    let kind = match found.code.trim_start_matches("copy.") {
        code if code.starts_with("log.") => "log",
        code if code.starts_with("access.") => "access",
        code if code.starts_with("derived.") => "derived",
        code if code.starts_with("catalog.") => "catalog",
        _ => "unknown",
    };
    Finding {
        object: found.path.clone(),
        kind,
        code: found.code.clone(),
        place: found.side.map_or("catalog", Side::as_str),
        path: found.path.clone(),
        document: None,
        title: String::new(),
        household: None,
        head: String::new(),
        reason: found.reason.clone(),
    }
}

/// One finding for each document that has the file, or one for the file alone.
async fn findings(tx: &mut Tx, actor: &Actor, found: &Found) -> Result<Vec<Finding>, DbError> {
    let blob = key::blob_of(&found.path.as_str().into());
    let Some(digest) = blob.filter(|_| found.class != FindingClass::Untracked) else {
        return Ok(vec![object(found)]);
    };
    let bare = |kind| Finding { object: digest.to_string(), kind, ..object(found) };
    let reason = found.reason.as_str();
    let visible = scope(actor);
    let holders = documents::all_with_blob(tx, digest).await?;
    if !holders.is_empty() {
        let mut findings = Vec::new();
        for document in holders.iter().filter(|one| visible.covers(&one.organisation)) {
            findings.push(Finding {
                document: Some(document.id),
                title: document.title.clone(),
                household: document.household.clone(),
                head: head_of(tx, document.household.as_deref()).await?,
                ..bare("original")
            });
        }
        if findings.is_empty() {
            findings.push(bare("original"));
        }
        return Ok(findings);
    }
    // Numbers of households begin with the code of their organisation.
    let seen = |household: &String| visible.covers(household);
    if let Some(household) = documents::household_of_manifest(tx, digest).await? {
        let household = Some(household).filter(seen);
        let head = head_of(tx, household.as_deref()).await?;
        return Ok(vec![Finding { household, head, ..bare("manifest") }]);
    }
    if let Some(entry) = entries::of_body(tx, digest).await? {
        let household = entry.body()?.act.household().map(ToString::to_string).filter(seen);
        let head = head_of(tx, household.as_deref()).await?;
        let reason =
            format!("log entry {}{}{reason}", entry.no, if reason.is_empty() { "" } else { ": " });
        return Ok(vec![Finding { household, head, reason, ..bare("act") }]);
    }
    if let Some((first, last)) = entries::of_bodies(tx, digest).await? {
        let entries = match first == last {
            true => format!("log entry {first}"),
            false => format!("log entries {first} to {last}"),
        };
        let reason = if reason.is_empty() { entries } else { format!("{entries}: {reason}") };
        return Ok(vec![Finding { reason, ..bare("act") }]);
    }
    Ok(vec![bare("unknown")])
}

async fn head_of(tx: &mut Tx, household: Option<&str>) -> Result<String, DbError> {
    let no: Option<HouseholdNo> = household.and_then(|no| no.parse().ok());
    match no {
        Some(no) => Ok(households::get(tx, &no).await?.map(|one| one.head).unwrap_or_default()),
        None => Ok(String::new()),
    }
}

/// The last verification: when, by whom, and what it found; none before the
/// first. It may have looked at a part: its scope says so.
///
/// # Errors
/// When the database fails.
pub async fn last(
    app: &App,
    actor: &Actor,
) -> Result<Option<(String, String, Report)>, AuditError> {
    let mut tx = app.db.read().await?;
    let Some(entry) = entries::last_of(&mut tx, "check_fixity").await? else { return Ok(None) };
    let since = entries::after(&mut tx, "repair_object", entry.no, REPAIRS).await?;
    drop(tx);
    let body = entry.body()?;
    let Act::CheckFixity { result } = &body.act else { return Ok(None) };
    let mut report = explain(app, actor, result).await?;
    for row in since {
        if let Act::RepairObject { repair } = row.body()?.act {
            report.repaired.push(repair);
        }
    }
    Ok(Some((entry.time, body.actor.name, report)))
}

/// The most repairs that are told with a verification.
const REPAIRS: u32 = 1000;

/// How far the second copy is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SecondCopy {
    /// As the settings name it.
    pub address: String,
    /// How many copies hold what is answered: 1, or 2 when acts wait for both.
    pub copies: u8,
    /// How many log entries it lacks; none while nobody knows.
    pub behind: Option<u64>,
    /// Why it does not follow, or empty.
    pub problem: String,
}

/// How far the second copy is; none where there is none.
///
/// # Errors
/// When the database fails.
pub async fn second(app: &App) -> Result<Option<SecondCopy>, RecordError> {
    let state = app.recorder.copy_state().await?;
    Ok(state.map(|state| SecondCopy {
        address: state.address,
        copies: if state.waits { 2 } else { 1 },
        behind: state.behind,
        problem: state.problem,
    }))
}
