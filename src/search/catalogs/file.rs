//! A catalog as a file or on paper.

use super::{Asked, Catalog, Listed, Row, SearchError, part};
use crate::app::App;
use crate::config::ReasonIs;
use crate::model::access::{Actor, Right};
use crate::model::look::{Kind, Look, Reason};
use crate::model::money::Fen;
use crate::sheet::{Cell, Column, Shape, Sheet};

/// The most rows of a file.
pub const MOST: u32 = 20_000;

/// A value as it stands in a file: numbers and amounts as such.
fn cell(is_number: bool, value: &str) -> Cell {
    let text = || Cell::Text(value.to_owned());
    if !is_number {
        return text();
    }
    let amount = || value.parse::<Fen>().ok().and_then(|fen| i64::try_from(fen.get()).ok());
    value.parse().map(Cell::Whole).unwrap_or_else(|_| amount().map_or_else(text, Cell::Money))
}

/// A catalog as a file to take away; that it was taken along is noted.
///
/// # Errors
/// When the person may not take records along, a reason is wanted and there is
/// none, there are too many rows, or the look cannot be noted.
pub async fn export(
    app: &App,
    actor: &Actor,
    catalog: Catalog,
    asked: &Asked,
    shape: Shape,
    reason: Option<Reason>,
) -> Result<Vec<u8>, SearchError> {
    actor.must(Right::Export)?;
    if reason.is_none() && app.config.access.reason == ReasonIs::Required {
        return Err(SearchError::NoReason);
    }
    let listed = part(app, actor, catalog, asked, "", MOST).await?;
    if listed.next.is_some() {
        let found = u64::try_from(listed.total).unwrap_or(u64::MAX);
        return Err(SearchError::TooMany { found, most: MOST as usize });
    }
    let columns = catalog.columns().iter().map(|(zh, en)| Column::new(zh, en));
    let cells = |row: &Row| {
        let values = row.values.iter().enumerate();
        values.map(|(at, value)| cell(catalog.is_number(at), value)).collect()
    };
    let sheet = Sheet {
        name: catalog.zh().to_owned(),
        columns: columns.collect(),
        rows: listed.rows.iter().map(cells).collect(),
    };
    let file = sheet.file(shape).map_err(|error| SearchError::File(error.to_string()))?;
    noted(app, actor, Kind::Export, catalog, asked, listed.rows.len(), reason).await?;
    Ok(file)
}

/// As [`list`](super::list), of everything up to `limit`, to be printed: that is noted.
///
/// # Errors
/// As [`list`](super::list), or when the look cannot be noted.
pub async fn printed(
    app: &App,
    actor: &Actor,
    catalog: Catalog,
    asked: &Asked,
    limit: u32,
) -> Result<Listed, SearchError> {
    let listed = part(app, actor, catalog, asked, "", limit).await?;
    noted(app, actor, Kind::Print, catalog, asked, listed.rows.len(), None).await?;
    Ok(listed)
}

async fn noted(
    app: &App,
    actor: &Actor,
    kind: Kind,
    catalog: Catalog,
    asked: &Asked,
    rows: usize,
    reason: Option<Reason>,
) -> Result<(), SearchError> {
    let told = format!("{} {}", catalog.zh(), asked.part);
    let look = Look::new(kind).titled(told.trim_end()).counting(rows);
    Ok(app.looks.note(actor, Look { reason, ..look }).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_numbers_in_a_file() {
        assert_eq!(cell(true, "12"), Cell::Whole(12));
        assert_eq!(cell(true, "560.55"), Cell::Money(56_055));
        assert_eq!(cell(true, ""), Cell::Text(String::new()));
        assert_eq!(cell(true, "=1+1"), Cell::Text("=1+1".to_owned()));
        assert_eq!(cell(false, "12"), Cell::Text("12".to_owned()));
    }
}
