//! The right to read that a lending gives, while it is open: of the papers that
//! were in the file when it was agreed to, and marked with who reads.

use jiff::Timestamp;

use super::{LendingError, known};
use crate::app::App;
use crate::catalog::lendings::{self, Lending};
use crate::catalog::{organisations, people};
use crate::db::DbError;
use crate::model::access::{Actor, Grant, Right};
use crate::model::cover::Covered;
use crate::model::lending::{Cover, Stage, Standing};
use crate::model::look::{self, Kind, Look, Reason};

/// The right to read that a lending gives the person now: they borrow it, work
/// where they did when it was asked for, it was agreed to, and its last day is
/// not over.
///
/// # Errors
/// When there is none.
pub async fn grant(app: &App, actor: &Actor, id: &str) -> Result<Grant, LendingError> {
    actor.must(Right::AskLending)?;
    let lending = known(app, actor, id).await?;
    let mut tx = app.db.read().await?;
    let now = app.latest();
    let me = actor.person.as_ref().map_or("-", |person| person.as_str());
    let mine = lending.row.borrower_person == me
        && lending.row.borrower_organisation == actor.organisation.as_str();
    if !mine || lending.facts()?.standing(now) != Standing::Open {
        return Err(LendingError::Unknown);
    }
    let login = match &actor.person {
        Some(person) => people::get(&mut tx, person).await?.map(|one| one.login),
        None => None,
    };
    let organisation = organisations::name(&mut tx, &lending.row.borrower_organisation);
    let who = format!("{} {} {}", actor.name, login.unwrap_or_default(), organisation.await?);
    Ok(opened(&lending, &who, app.now())?)
}

/// The right to read that a lending gives somebody without an account; none
/// when it is not open.
///
/// # Errors
/// When the database fails.
pub(crate) async fn grant_to_guest(
    app: &App,
    id: &str,
) -> Result<Option<(Grant, String)>, DbError> {
    let mut tx = app.db.read().await?;
    let Some(lending) = lendings::get(&mut tx, id).await? else { return Ok(None) };
    let now = app.latest();
    let outside = lending.row.borrower_person.is_empty();
    if !outside || lending.facts()?.standing(now) != Standing::Open {
        return Ok(None);
    }
    let who = format!("{} {}", lending.row.borrower, lending.row.body);
    Ok(Some((opened(&lending, &who, app.now())?, who)))
}

fn opened(lending: &Lending, who: &str, now: Timestamp) -> Result<Grant, DbError> {
    let cover = match lending.row.cover()? {
        Cover::Nothing => Covered::Nothing,
        Cover::Numbers => Covered::Numbers,
    };
    let number = lending.row.id.get(..8).unwrap_or_default();
    let mark = format!("{who} {} {number}", stamp(now));
    // Why it was opened stands on the request; the number leads to it.
    let reason = Reason { purpose: look::Purpose::Other, words: format!("借阅 {number}") };
    let look = Look { reason: Some(reason), ..Look::new(Kind::Open) };
    let grant = Grant::new(lending.row.household()?, cover, mark, look);
    let agreed = lending.step(Stage::Agreed).map(|step| step.entry);
    // What is open was agreed to; nothing stood before the log began.
    Ok(grant.decided_by(agreed.unwrap_or(-1)))
}

/// A moment as it is drawn on pages: in China, to the minute.
pub(crate) fn stamp(now: Timestamp) -> String {
    let china = jiff::tz::TimeZone::fixed(jiff::tz::Offset::constant(8));
    china.to_datetime(now).strftime("%Y-%m-%d %H:%M").to_string()
}
