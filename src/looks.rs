//! 利用登记: the one place where it is decided that somebody may be shown
//! something and that it is noted. A use case asks here before it hands out what
//! it has gathered; what cannot be noted is not shown.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::tz::Offset;

use crate::app::App;
use crate::args;
use crate::catalog::{documents, households, looks};
use crate::config::ReasonIs;
use crate::db::DbError;
use crate::model::access::{Actor, scope};
use crate::model::id::{DocumentId, HouseholdNo};
use crate::model::look::{Kind, Look, Outcome, Reason, key_of};
use crate::model::mask;
pub use crate::record::LookError;

/// The hours by which the day of an office in China begins earlier than in UTC.
pub const CHINA: i8 = 8;

/// The day of `time` in China.
#[must_use]
pub fn day_of(time: Timestamp) -> String {
    Offset::constant(CHINA).to_datetime(time).date().to_string()
}

/// By what a person is told from others, with the organisation.
fn who(actor: &Actor) -> (String, String) {
    (key_of(actor), actor.organisation.to_string())
}

/// Notes that `look` is shown, with the reason that was given today for the
/// household's file. The caller shows it only when this succeeds.
///
/// # Errors
/// When a reason is wanted and none was given, or the look cannot be noted.
pub async fn shows(app: &App, actor: &Actor, look: Look) -> Result<(), LookError> {
    let wanted = app.config.access.reason == ReasonIs::Required;
    noting(app, actor, look, wanted).await
}

/// As [`shows`], of a paper that nobody has filed yet: whoever works on it need
/// not say why.
///
/// # Errors
/// When the look cannot be noted.
pub async fn shows_at_work(app: &App, actor: &Actor, look: Look) -> Result<(), LookError> {
    noting(app, actor, look, false).await
}

async fn noting(app: &App, actor: &Actor, look: Look, wanted: bool) -> Result<(), LookError> {
    // Every page of a paper asks, and the first one was noted.
    if app.looks.has_noted(actor, &look) {
        return Ok(());
    }
    let reason = match &look.household {
        Some(no) => reason(app, actor, no).await?,
        None => None,
    };
    match &look.household {
        Some(no) if reason.is_none() && wanted => Err(LookError::NoReason(no.clone())),
        _ => app.looks.note(actor, Look { reason, ..look }).await,
    }
}

/// Notes that `look` was not shown, as far as there is such a thing. Whether there
/// is, is looked up and noted either way: the asker learns nothing from the time
/// it takes.
///
/// # Errors
/// When the look cannot be noted.
pub async fn refuses(app: &App, actor: &Actor, look: Look) -> Result<(), LookError> {
    let known = match (&look.document, &look.household) {
        (Some(id), _) => app.db.has("SELECT 1 FROM document WHERE id = $1", args![id.0]).await?,
        (None, Some(no)) => {
            app.db.has("SELECT 1 FROM household WHERE no = $1", args![no.as_str()]).await?
        }
        (None, None) => !look.title.is_empty(),
    };
    let outcome = if known { Outcome::Refused } else { Outcome::Unknown };
    app.looks.note(actor, look.ending(outcome)).await
}

/// Notes that somebody tried to change what they may not see; nothing where they may
/// see it, and something else about it was not there.
///
/// # Errors
/// When it cannot be noted.
pub async fn attempts(app: &App, actor: &Actor, look: Look) -> Result<(), LookError> {
    let visible = scope(actor);
    let mut tx = app.db.read().await?;
    let sees = match (&look.document, &look.household) {
        (Some(id), _) => documents::get(&mut tx, &visible, *id).await?.is_some(),
        (None, Some(no)) => {
            let found = households::get(&mut tx, no).await?;
            found.is_some_and(|one| visible.covers(&one.organisation))
        }
        (None, None) => true,
    };
    drop(tx);
    if sees { Ok(()) } else { refuses(app, actor, look).await }
}

/// Notes that somebody tried what needs a right that the person does not have.
///
/// # Errors
/// When it cannot be noted.
pub async fn denies(app: &App, actor: &Actor, asked: &str) -> Result<(), LookError> {
    let look = Look::new(Kind::Open).titled(asked).ending(Outcome::Refused);
    app.looks.note(actor, look).await
}

/// Why this person looks at the file of a household today; none when it was not
/// said.
///
/// # Errors
/// When the database fails.
pub async fn reason(app: &App, actor: &Actor, no: &HouseholdNo) -> Result<Option<Reason>, DbError> {
    looks::reason(&app.db, who(actor), no.as_str(), &day_of(app.now())).await
}

/// Of these households those whose papers are not shown yet: it is wanted that this person
/// says why, and today nothing was said.
///
/// # Errors
/// When the database fails.
pub async fn unsaid(
    app: &App,
    actor: &Actor,
    mut households: BTreeSet<String>,
) -> Result<BTreeSet<String>, DbError> {
    if app.config.access.reason != ReasonIs::Required || households.is_empty() {
        return Ok(BTreeSet::new());
    }
    let mut tx = app.db.read().await?;
    for no in looks::reasoned(&mut tx, who(actor), &day_of(app.now())).await? {
        households.remove(&no);
    }
    Ok(households)
}

/// Keeps why this person looks at the file of a household, until the end of the
/// day. Returns false, and keeps nothing, where there is no such household this
/// person may see.
///
/// # Errors
/// When the database fails.
pub async fn give_reason(
    app: &App,
    actor: &Actor,
    no: &HouseholdNo,
    reason: &Reason,
) -> Result<bool, DbError> {
    let mut tx = app.db.write().await?;
    let household = households::get(&mut tx, no).await?;
    if household.is_none_or(|one| !scope(actor).covers(&one.organisation)) {
        return Ok(false);
    }
    let covered = Reason { words: mask::numbers(&reason.words), ..reason.clone() };
    looks::keep_reason(&mut tx, who(actor), no.as_str(), &day_of(app.now()), &covered).await?;
    tx.commit().await?;
    Ok(true)
}

/// The household in whose file a document is, as far as this person may know.
///
/// # Errors
/// When the database fails.
pub async fn household_of(
    app: &App,
    actor: &Actor,
    id: DocumentId,
) -> Result<Option<HouseholdNo>, DbError> {
    let mut tx = app.db.read().await?;
    let document = documents::get(&mut tx, &scope(actor), id).await?;
    Ok(document.and_then(|one| one.household?.parse().ok()))
}
