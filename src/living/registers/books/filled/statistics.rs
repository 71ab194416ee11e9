//! 统计表: a row for each organisation of the next lower level, their sum, and the period
//! before.

use super::{Asked, Filled, LivingError, RegisterError, Table, text};
use crate::app::App;
use crate::living::statistics;
use crate::model::access::Actor;
use crate::model::statistics::{Line, Measure};
use crate::sheet::{Cell, Column, Sheet};

fn cell(line: &Line, value: i64) -> Cell {
    match line.measure {
        Measure::Amount | Measure::PerHead => Cell::Money(value),
        Measure::Share => text(&format!("{}.{}%", value / 10, value % 10)),
        Measure::Count | Measure::Persons | Measure::Days => Cell::Whole(value),
    }
}

/// The statistics of a period. They are never in parts.
pub(super) async fn statistics(
    app: &App,
    actor: &Actor,
    asked: &Asked,
) -> Result<Table, RegisterError> {
    if !asked.after.is_empty() {
        return Err(LivingError::Asked("the statistics are not in parts").into());
    }
    let wanted = statistics::Asked {
        organisation: asked.organisation.clone(),
        period: asked.period.clone(),
        own: false,
    };
    let found = statistics::statistics(app, actor, &wanted).await?;
    let mut columns = vec![Column::new("单位", "Organisation"), Column::new("统计期", "Period")];
    columns.push(Column::new("低保标准（元/人月）", "Standard, yuan a person and month"));
    columns.extend(found.lines.iter().map(|line| Column::new(&line.zh, &line.en)));
    let sheet = Sheet { name: Filled::Statistics.zh().to_owned(), columns, rows: Vec::new() };
    let mut table = Table { sheet, ..Table::default() };
    let values = |values: &[i64]| -> Vec<Cell> {
        found.lines.iter().zip(values).map(|(line, value)| cell(line, *value)).collect()
    };
    for place in &found.places {
        let (name, own) = match place.own {
            true => (format!("{}本级", place.name), "&own=yes"),
            false => (place.name.clone(), ""),
        };
        let standard = place.standard.map_or(text(""), Cell::Money);
        let name = match place.own {
            true => Cell::word(&name, &format!("{}, itself", place.name)),
            false => text(&name),
        };
        let mut cells = vec![name, text(&found.period), standard];
        cells.extend(values(&place.values));
        let (organisation, period) = (&place.organisation, &found.period);
        let lead = format!("/statistics?organisation={organisation}&period={period}{own}");
        table.push(lead, false, cells);
    }
    let mut cells = vec![Cell::word("合计", "Sum"), text(&found.period), text("")];
    cells.extend(values(&found.sum));
    table.push(format!("/statistics?period={}", found.period), false, cells);
    let mut cells =
        vec![Cell::word("上期合计", "Sum of the period before"), text(&found.before), text("")];
    let previous = found.lines.iter().zip(&found.previous);
    cells.extend(previous.map(|(line, value)| value.map_or(text(""), |value| cell(line, value))));
    table.push(format!("/statistics?period={}", found.before), false, cells);
    Ok(table)
}
