//! 状态: how far each part of the archive is, for whoever watches over it.

use serde::Serialize;
use utoipa::ToSchema;

use super::ViewError;
use crate::app::App;
use crate::audit::{self, SecondCopy};
use crate::catalog::organisations::{self, Organisation};
use crate::catalog::{documents, entries, feed, jobs, settings};
use crate::filing::FilingError;
use crate::follow::{self, Renewal};
use crate::model::access::{Actor, Right, scope};
use crate::model::id::{EntryNo, OrganisationCode};

/// How far the log is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Log {
    /// How many entries it has: the number the next one gets.
    pub entries: EntryNo,
}

/// How many jobs there are in each state, of this person's records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Jobs {
    /// Waiting for a reader.
    pub ready: i64,
    /// Being worked on.
    pub running: i64,
    /// Given up: they wait for a person.
    pub failed: i64,
}

/// Whether pages are read by OCR.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Ocr {
    /// Whether they are.
    pub on: bool,
    /// Why not, or empty.
    pub reason: String,
}

/// How far the index is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Index {
    /// The last change it has followed.
    pub position: u64,
    /// The last change there is.
    pub end: u64,
    /// Whether a search may miss what was changed last.
    pub behind: bool,
    /// How far the index of this version is while it is being filled; none when it is
    /// whole.
    pub renewal: Option<Renewal>,
}

/// How far each part of the archive is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Status {
    /// The version of the program.
    pub version: &'static str,
    /// 全宗号
    pub fonds: String,
    /// 全宗名称
    pub fonds_name: String,
    /// The log.
    pub log: Log,
    /// How many papers wait for a person.
    pub waiting: i64,
    /// The jobs.
    pub jobs: Jobs,
    /// The recogniser.
    pub ocr: Ocr,
    /// The index.
    pub index: Index,
    /// The second copy; none where there is none.
    pub copy: Option<SecondCopy>,
}

/// How far each part of the archive is.
///
/// # Errors
/// When the database or the index cannot be read.
pub async fn status(app: &App, actor: &Actor) -> Result<Status, ViewError> {
    let copy = audit::second(app).await.map_err(FilingError::from)?;
    let position = app.index.answering()?.position()?;
    let renewal = follow::renewal::<ViewError>(app).await?;
    let mut tx = app.db.read().await?;
    let visible = scope(actor);
    let waiting = documents::counts(&mut tx, &visible).await?;
    let waiting = waiting.iter().filter(|row| matches!(row.0.as_str(), "waiting" | "undescribed"));
    let (ready, running, failed) = jobs::counts_within(&mut tx, &visible).await?;
    let end = u64::try_from(feed::position(&mut tx).await?).unwrap_or(0);
    let no_ocr = app.no_ocr();
    Ok(Status {
        version: env!("CARGO_PKG_VERSION"),
        fonds: settings::get(&mut tx, "fonds").await?,
        fonds_name: settings::get(&mut tx, "fonds_name").await?,
        log: Log { entries: entries::count(&mut tx).await? },
        waiting: waiting.map(|row| row.1).sum(),
        jobs: Jobs { ready, running, failed },
        ocr: Ocr {
            on: no_ocr.is_none(),
            reason: no_ocr.map(|why| why.to_string()).unwrap_or_default(),
        },
        index: Index { position, end, behind: position < end, renewal },
        copy,
    })
}

/// The organisations this person works with: the own one, those above it, and
/// those below it where records or accounts of theirs are seen, in order of
/// codes.
///
/// # Errors
/// When the database fails.
pub async fn organisations(app: &App, actor: &Actor) -> Result<Vec<Organisation>, ViewError> {
    let visible = scope(actor);
    let accounts = actor.may(Right::SeePeople);
    let mut tx = app.db.read().await?;
    let mut found = organisations::all(&mut tx).await?;
    found.retain(|one| {
        visible.covers(&one.code)
            || (accounts && one.code.starts_with(actor.organisation.prefix()))
            || one.code.parse().is_ok_and(|above: OrganisationCode| {
                actor.organisation.as_str().starts_with(above.prefix())
            })
    });
    Ok(found)
}
