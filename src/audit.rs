//! 清点: every stored file is read again and compared with its name; what the
//! catalog names and the store has not, and the other way round, is found.
//! Findings are data; an error means only that nobody could look.

mod log;
mod sweep;

use std::sync::Arc;

use serde::Serialize;
use utoipa::ToSchema;

pub use self::sweep::Sweep;
use crate::app::App;
use crate::catalog::{documents, entries, households};
use crate::db::{DbError, Tx};
use crate::model::access::{Actor, scope};
use crate::model::act::{Act, FindingClass, FixityResult};
use crate::model::id::{Digest, HouseholdNo};
use crate::record::RecordError;
use crate::vault::VaultError;

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
    /// What it is: `original`, `manifest`, `act`, `log` or `unknown`.
    pub kind: &'static str,
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
}

impl Report {
    /// Whether everything was read and is right.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.changed.is_empty()
            && self.missing.is_empty()
            && self.untracked.is_empty()
            && self.unread.is_empty()
    }
}

/// Reads every stored file again. The result is recorded as an act, and
/// reported with the documents and households of what was found.
///
/// # Errors
/// When the catalog or the store cannot be read at all.
pub async fn verify(app: &App, actor: &Actor, sweep: Arc<Sweep>) -> Result<Report, AuditError> {
    let mut result = sweep::look(app, &sweep).await?;
    result.log = log::look(app).await?;
    app.recorder.record(actor, Act::CheckFixity { result: result.clone() }).await?;
    explain(app, actor, &result).await
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
    for digest in &result.changed {
        report.changed.extend(findings(&mut tx, actor, *digest, "").await?);
    }
    for digest in &result.missing {
        report.missing.extend(findings(&mut tx, actor, *digest, "").await?);
    }
    for (digest, reason) in &result.unread {
        report.unread.extend(findings(&mut tx, actor, *digest, reason).await?);
    }
    report.untracked.extend(result.untracked.iter().map(|path| object(path, "unknown", "")));
    for one in &result.log {
        let class = match one.class {
            FindingClass::Changed => &mut report.changed,
            FindingClass::Missing => &mut report.missing,
        };
        class.push(object(&one.path, "log", &one.reason));
    }
    Ok(report)
}

/// A finding about an object that belongs to no household.
fn object(path: &str, kind: &'static str, reason: &str) -> Finding {
    Finding {
        object: path.to_owned(),
        kind,
        document: None,
        title: String::new(),
        household: None,
        head: String::new(),
        reason: reason.to_owned(),
    }
}

/// One finding for each document that has the file, or one for the file alone.
async fn findings(
    tx: &mut Tx,
    actor: &Actor,
    digest: Digest,
    reason: &str,
) -> Result<Vec<Finding>, DbError> {
    let bare = |kind| object(&digest.to_string(), kind, reason);
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
/// first.
///
/// # Errors
/// When the database fails.
pub async fn last(
    app: &App,
    actor: &Actor,
) -> Result<Option<(String, String, Report)>, AuditError> {
    let mut tx = app.db.read().await?;
    let Some(entry) = entries::last_of(&mut tx, "check_fixity").await? else { return Ok(None) };
    drop(tx);
    let body = entry.body()?;
    let Act::CheckFixity { result } = &body.act else { return Ok(None) };
    let report = explain(app, actor, result).await?;
    Ok(Some((entry.time, body.actor.name, report)))
}
