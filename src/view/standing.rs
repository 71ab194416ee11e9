//! What stands around every page: who acts, where, and how far the log is.

use super::ViewError;
use crate::app::App;
use crate::catalog::{documents, entries, households, organisations, volumes};
use crate::model::access::{Actor, scope};
use crate::model::id::HouseholdNo;

/// Who acts, where, and how far the log is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The name of the person's organisation, or its code.
    pub organisation: String,
    /// How many entries the log has.
    pub entries: i64,
    /// How many papers wait for a person.
    pub waiting: i64,
}

/// Who acts, where, and how far the log is.
///
/// # Errors
/// When the database fails.
pub async fn standing(app: &App, actor: &Actor) -> Result<Standing, ViewError> {
    let mut tx = app.db.read().await?;
    Ok(Standing {
        organisation: organisations::name(&mut tx, actor.organisation.as_str()).await?,
        entries: entries::count(&mut tx).await?,
        waiting: documents::count_waiting(&mut tx, &scope(actor)).await?,
    })
}

/// The household that `number` names: its own number, or the reference code of
/// its volume. None when it names no household this person may see.
///
/// # Errors
/// When the database fails.
pub async fn named(
    app: &App,
    actor: &Actor,
    number: &str,
) -> Result<Option<HouseholdNo>, ViewError> {
    let (number, visible) = (number.trim(), scope(actor));
    let mut tx = app.db.read().await?;
    if let Ok(no) = number.parse::<HouseholdNo>() {
        let found = households::get(&mut tx, &no).await?;
        return Ok(found.filter(|one| visible.covers(&one.organisation)).map(|_| no));
    }
    let household = volumes::of_code(&mut tx, &visible, number).await?;
    Ok(household.and_then(|no| no.parse().ok()))
}
