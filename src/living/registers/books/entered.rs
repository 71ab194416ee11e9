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
    if rule.places {
        all.push(Column::new("街道", "Street"));
        all.push(Column::new("居委会", "Community"));
    }
    for stage in &rule.stages {
        if let Some(day) = &stage.day {
            all.push(Column::new(day, stage.day_en.as_ref().unwrap_or(day)));
        }
        all.extend(stage.columns.iter().map(|one| Column::new(&one.name, &one.name_en)));
    }
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
    if rule.places {
        all.push(text(&row.street));
        all.push(text(&row.community));
    }
    for stage in &rule.stages {
        let mut lines = row.lines.iter().filter(|line| line.stage == stage.code);
        let line = match struck {
            Some(line) => Some(line).filter(|line| line.stage == stage.code),
            None => lines.rfind(|line| line.struck.is_none()),
        };
        if stage.day.is_some() {
            all.push(Cell::Day(line.map_or("", |line| &line.on).to_owned()));
        }
        all.extend(stage.columns.iter().map(|column| cell(column, line)));
    }
    match struck {
        Some(line) => {
            let stage = rule.stage(&line.stage);
            let called = stage.map(|stage| Cell::word(&stage.name, &stage.name_en));
            all.push(called.unwrap_or_else(|| text("")));
            all.push(text(""));
            all.push(Cell::word("已更正，作废", "Corrected, void"));
        }
        None => {
            all.push(match rule.stage(&row.next_stage) {
                None => Cell::word("办结", "Done"),
                Some(stage) => {
                    Cell::Word(format!("待{}", stage.name), format!("waits: {}", stage.name_en))
                }
            });
            all.push(Cell::Day(row.due.clone()));
            all.push(remarks(rule, row));
        }
    }
    all
}

/// What of a row is to be seen at once: that it was corrected, and which counts differ.
fn remarks(rule: &Register, row: &Row) -> Cell {
    let (mut zh, mut en) = (Vec::new(), Vec::new());
    if row.lines.iter().any(|line| line.struck.is_some()) {
        zh.push("有更正".to_owned());
        en.push("corrected".to_owned());
    }
    for (told, told_en) in rule.differences(&row.values()) {
        zh.push(told);
        en.push(told_en);
    }
    Cell::Word(zh.join("；"), en.join("; "))
}

fn cell(column: &Rule, line: Option<&Line>) -> Cell {
    let Some(line) = line else { return Cell::Text(String::new()) };
    if column.seen_by.is_some() {
        return if line.sealed {
            Cell::word(APART, "(kept apart)")
        } else {
            Cell::Text(String::new())
        };
    }
    let value = line.value(&column.code).to_owned();
    match column.kind {
        FieldKind::Whole => value.parse().map_or(Cell::Text(value), Cell::Whole),
        FieldKind::Money => match value.parse::<Fen>() {
            Ok(fen) => Cell::Money(i64::try_from(fen.get()).unwrap_or(i64::MAX)),
            Err(_) => Cell::Text(value),
        },
        FieldKind::Date => Cell::Day(value),
        _ => match column.english(&value) {
            Some(english) => Cell::word(&value, english),
            None => Cell::Text(value),
        },
    }
}
