//! 领取金签字表: the sheet of a month is issued as a row of a register, printed with the
//! code of that row, and its scan is named when it came back.

use super::super::{LivingError, payments};
use super::{Key, RegisterError, Row};
use crate::app::App;
use crate::catalog::payments::Listed;
use crate::model::access::Actor;
use crate::model::id::OrganisationCode;
use crate::model::money::Fen;
use crate::model::month::Month;
use crate::model::register::{Cell, RowRule};

/// The register of sign-off sheets.
pub use crate::model::codes::register::SIGN_OFFS;
/// The most households of one sheet.
const MOST: u32 = 5000;

/// What is written of a sheet that is issued: its month, as it is given, and how many
/// households the roster has with which sum.
pub(super) async fn filled(
    app: &App,
    actor: &Actor,
    organisation: &OrganisationCode,
    given: &[Cell],
) -> Result<Vec<Cell>, RegisterError> {
    let typed = given.iter().find(|cell| cell.column == "month").map(|cell| cell.value.trim());
    let month: Month = typed
        .unwrap_or_default()
        .parse()
        .map_err(|_| LivingError::Asked("a month is one like 2026-12"))?;
    let part = ("", MOST + 1);
    let listed = payments::roster(app, actor, organisation.prefix(), month, part).await?;
    if listed.len() > MOST as usize {
        return Err(RegisterError::TooMany(MOST));
    }
    if listed.is_empty() {
        return Err(RowRule::Missing(format!("{month}的名册")).into());
    }
    let sum: i64 = listed.iter().map(|one| one.amount).sum();
    let sum = Fen::new(u64::try_from(sum).unwrap_or(0));
    let cell = |column: &str, value: String| Cell { column: column.to_owned(), value };
    Ok(vec![
        cell("month", month.to_string()),
        cell("households", listed.len().to_string()),
        cell("amount", sum.to_string()),
    ])
}

/// The code that stands on the sheet of a row, by which its scan is known again.
#[must_use]
pub fn code(row: &Row) -> String {
    format!("QZB-{}-{}", row.organisation, row.number)
}

/// The sheet of a row as it is printed: the row, and the households that sign. That it is
/// printed is noted.
///
/// # Errors
/// When there is no such row this person may see, or the look cannot be noted.
pub async fn sheet(
    app: &App,
    actor: &Actor,
    key: &Key,
) -> Result<(Row, Vec<Listed>), RegisterError> {
    if key.register != SIGN_OFFS {
        return Err(RegisterError::Unknown(key.register.clone()));
    }
    let row = super::row(app, actor, key).await?;
    let month: Month = row
        .value("month")
        .parse()
        .map_err(|_| crate::db::DbError::Corrupt(format!("row {}", row.number)))?;
    let listed = payments::sheet(app, actor, key.organisation.prefix(), month).await?;
    Ok((row, listed))
}
