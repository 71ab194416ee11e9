//! The registers that are entered, as tables: a line for each row, and one for each line
//! that was struck.

use super::super::rows::found;
use super::super::{Asked as Rows, Line, RegisterError, Row, behind, register};
use super::{Asked, Table};
use crate::app::App;
use crate::model::access::Actor;
use crate::model::field::FieldKind;
use crate::model::money::Fen;
use crate::model::register::{AboutHousehold, Column as Rule, Register};
use crate::sheet::{Cell, Column, Sheet};

/// What stands for a value that is kept apart.
const APART: &str = "（另存）";

pub(super) async fn table(
    app: &App,
    actor: &Actor,
    code: &str,
    asked: &Asked,
    limit: u32,
) -> Result<Table, RegisterError> {
    let rule = register(app, code)?;
    let wanted = Rows {
        organisation: asked.organisation.clone(),
        year: asked.period.clone(),
        household: asked.household.clone(),
        open: asked.open,
        after: asked.after.clone(),
    };
    let mut rows = found(app, actor, code, &wanted, limit.saturating_add(1)).await?;
    let more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let sheet = Sheet { name: rule.name.clone(), columns: columns(rule), rows: Vec::new() };
    let next = rows.last().filter(|_| more).map(behind);
    let mut table = Table { sheet, next, ..Table::default() };
    for row in &rows {
        let lead = format!("/registers/{}/{}/{}", row.register, row.organisation, row.number);
        table.push(lead.clone(), false, cells(rule, row, None));
        for line in row.lines.iter().filter(|line| line.struck.is_some()) {
            table.push(lead.clone(), true, cells(rule, row, Some(line)));
        }
    }
    Ok(table)
}

fn columns(rule: &Register) -> Vec<Column> {
    let mut all = vec![
        Column::new("编号", "No."),
        Column::new("日期", "Date"),
        Column::new("单位", "Organisation"),
    ];
    if rule.between {
        all.push(Column::new("对方单位", "Other side"));
    }
    if rule.household != AboutHousehold::None {
        all.push(Column::new("户号", "Household"));
        all.push(Column::new("户主", "Head"));
    }
    all.extend(rule.columns().map(|one| Column::new(&one.name, &one.name_en)));
    all.push(Column::new("办到", "Stage"));
    all.push(Column::new("限", "By"));
    all.push(Column::new("备注", "Remarks"));
    all
}

/// The cells of a row as it holds, or of one line that was struck.
fn cells(rule: &Register, row: &Row, struck: Option<&Line>) -> Vec<Cell> {
    let text = |value: &str| Cell::Text(value.to_owned());
    let on = struck.map_or(&row.on, |line| &line.on);
    let mut all = vec![text(&row.number), Cell::Day(on.clone()), text(&row.organisation_name)];
    if rule.between {
        all.push(text(&row.other_name));
    }
    if rule.household != AboutHousehold::None {
        all.push(text(&row.household));
        all.push(text(&row.head));
    }
    for stage in &rule.stages {
        for column in &stage.columns {
            let mut lines = row.lines.iter().filter(|line| line.stage == stage.code);
            let line = match struck {
                Some(line) => Some(line).filter(|line| line.stage == stage.code),
                None => lines.rfind(|line| line.struck.is_none()),
            };
            all.push(cell(column, line));
        }
    }
    let called = |code: &str| rule.stage(code).map_or("", |stage| stage.name.as_str()).to_owned();
    match struck {
        Some(line) => {
            all.push(Cell::Text(called(&line.stage)));
            all.push(text(""));
            all.push(text("已更正，作废"));
        }
        None => {
            let waits = called(&row.next_stage);
            let waits = if waits.is_empty() { "办结".to_owned() } else { format!("待{waits}") };
            all.push(Cell::Text(waits));
            all.push(Cell::Day(row.due.clone()));
            let corrected = row.lines.iter().any(|line| line.struck.is_some());
            all.push(text(if corrected { "有更正" } else { "" }));
        }
    }
    all
}

fn cell(column: &Rule, line: Option<&Line>) -> Cell {
    let Some(line) = line else { return Cell::Text(String::new()) };
    if column.seen_by.is_some() {
        return Cell::Text(if line.sealed { APART.to_owned() } else { String::new() });
    }
    let value = line.value(&column.code).to_owned();
    match column.kind {
        FieldKind::Whole => value.parse().map_or(Cell::Text(value), Cell::Whole),
        FieldKind::Money => match value.parse::<Fen>() {
            Ok(fen) => Cell::Money(i64::try_from(fen.get()).unwrap_or(i64::MAX)),
            Err(_) => Cell::Text(value),
        },
        FieldKind::Date => Cell::Day(value),
        _ => Cell::Text(value),
    }
}
