//! 发放: listing who is paid in a month, taking in what the bank says of it, and
//! finding what does not agree.

mod reconciliation;
mod returns;

use serde::Serialize;
use utoipa::ToSchema;

pub use self::reconciliation::{Reconciliation, Unlike, reconcile};
pub use self::returns::{GivenFile, Taken, files, take_return};
use super::{LivingError, possible, recorded, region, today};
use crate::app::App;
pub use crate::catalog::payments::BankFile;
use crate::catalog::payments::{self, Entitled, Listed};
use crate::looks;
use crate::model::access::{Actor, Right, scope};
use crate::model::act::Act;
use crate::model::id::{EntryNo, OrganisationCode};
use crate::model::look::{Kind, Look};
use crate::model::money::Fen;
use crate::model::month::Month;
use crate::model::payment::{MOST_ROWS, Roster, RosterRow};

/// The most rows of a sheet.
const PRINTED: u32 = 5000;

/// What was listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = RosterMade)]
pub struct Made {
    /// The entries that listed it.
    pub entries: Vec<EntryNo>,
    /// How many households.
    pub households: usize,
    /// The sum, in 分.
    pub amount: i64,
}

/// The households of an organisation that are entitled in a month and not listed for
/// it yet.
///
/// # Errors
/// When the organisation is none.
pub async fn to_list(
    app: &App,
    actor: &Actor,
    organisation: &str,
    month: Month,
) -> Result<Vec<Entitled>, LivingError> {
    actor.must(Right::Look)?;
    let organisation = region(organisation)?;
    let mut tx = app.db.read().await?;
    Ok(payments::to_list(&mut tx, &scope(actor), &organisation, month).await?)
}

/// Lists everybody of an organisation who is entitled in a month and not listed for it
/// yet.
///
/// # Errors
/// When the month is more than one ahead, nobody is to be listed, or somebody was
/// listed by another meanwhile.
pub async fn list(
    app: &App,
    actor: &Actor,
    organisation: &OrganisationCode,
    month: Month,
) -> Result<Made, LivingError> {
    actor.must(Right::File)?;
    payable(app, month)?;
    let found = to_list(app, actor, organisation.as_str(), month).await?;
    if found.is_empty() {
        return Err(LivingError::NobodyToList);
    }
    let (mut made, mut acts) = (Made { entries: Vec::new(), households: 0, amount: 0 }, Vec::new());
    for part in found.chunks(MOST_ROWS) {
        let mut rows = Vec::new();
        for one in part {
            let number = one.household.parse();
            rows.push(RosterRow {
                household: number
                    .map_err(|_| crate::db::DbError::Corrupt(one.household.clone()))?,
                persons: u32::try_from(one.persons).unwrap_or(0),
                amount: Fen::new(u64::try_from(one.amount).unwrap_or(0)),
            });
            made.amount += one.amount;
        }
        made.households += rows.len();
        let roster = Roster { month, organisation: organisation.clone(), rows };
        acts.push(Act::MakeRoster(roster));
    }
    made.entries = recorded(app, actor, acts, |_| {}).await?;
    Ok(made)
}

/// Refuses a month that nobody is paid for yet.
fn payable(app: &App, month: Month) -> Result<(), LivingError> {
    if month > Month::of(today(app)).next() {
        return Err(LivingError::Asked("a month is this one, one before, or the next"));
    }
    possible(month.first())
}

/// The roster of a month, by household number, after `after`, at most `limit`.
///
/// # Errors
/// When the organisation is none.
pub async fn roster(
    app: &App,
    actor: &Actor,
    organisation: &str,
    month: Month,
    part: (&str, u32),
) -> Result<Vec<Listed>, LivingError> {
    actor.must(Right::Look)?;
    let organisation = region(organisation)?;
    let mut tx = app.db.read().await?;
    Ok(payments::roster(&mut tx, &scope(actor), &organisation, month, part).await?)
}

/// 领取金签字表: the roster as it is printed; that it was printed is noted.
///
/// # Errors
/// When the organisation is none, or the look cannot be noted.
pub async fn sheet(
    app: &App,
    actor: &Actor,
    organisation: &str,
    month: Month,
) -> Result<Vec<Listed>, LivingError> {
    let found = roster(app, actor, organisation, month, ("", PRINTED)).await?;
    let title = format!("领取金签字表 {month} {organisation}");
    let look = Look::new(Kind::Print).titled(title.trim_end()).counting(found.len());
    looks::shows_at_work(app, actor, look).await?;
    Ok(found)
}
