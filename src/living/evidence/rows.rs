//! The rows of a file, by what they are about, and those that cannot be read.

use std::collections::HashMap;

use jiff::civil::Date;

use super::super::{LivingError, today};
use super::Taken;
use crate::app::App;
use crate::catalog::evidence::Person;
use crate::model::evidence::{EvidenceKind, EvidenceRow, Mapping, Unit};
use crate::model::identity;
use crate::model::table::{BadRow, BadRows, Table, Why};
use crate::model::text::squeeze;
use crate::sheet::{Cell, Column, Sheet};

/// The rows of a file that are kept, those that cannot be read, and how many are neither.
pub(super) struct Sorted {
    pub(super) rows: Vec<EvidenceRow>,
    pub(super) bad: BadRows,
    pub(super) taken: Taken,
}

/// The rows of a table, by what they are about.
pub(super) fn sorted(
    app: &App,
    kind: &EvidenceKind,
    mapping: Mapping,
    as_of: Date,
    table: Table,
    persons: &HashMap<String, Vec<Person>>,
) -> Result<Sorted, LivingError> {
    let mut taken = Taken { formulas: table.formulas, ..Taken::default() };
    let (mut rows, mut bad) = (Vec::new(), BadRows::default());
    let not_yet = || Why::new("日期还没有到", "the day has not come yet");
    for row in table.rows {
        let told = match row.cells.and_then(|cells| kind.told(&cells, mapping)) {
            Err(why) => {
                bad.add(row.line, why);
                continue;
            }
            Ok(None) => {
                taken.nothing += 1;
                continue;
            }
            Ok(Some(told)) => told,
        };
        let on = told.on.unwrap_or(as_of);
        if on > today(app) {
            bad.add(row.line, not_yet());
            continue;
        }
        let digest = app.lookup.digest(&told.id_number).unwrap_or_default();
        let Some(found) = persons.get(&digest) else {
            taken.unknown += 1;
            continue;
        };
        let another =
            |one: &&Person| !told.name.is_empty() && squeeze(&told.name) != squeeze(&one.name);
        if found.iter().any(|one| another(&one)) {
            let en = "the person with this identity number has another name in the archive";
            bad.add(row.line, Why::new("姓名与档案里同一身份证号的人不一样", en));
            continue;
        }
        if let (Unit::Date, Ok(day)) = (kind.unit, told.value.parse::<Date>()) {
            if day > today(app) {
                bad.add(row.line, not_yet());
                continue;
            }
            if identity::born(&told.id_number).is_some_and(|born| day < born) {
                bad.add(row.line, Why::new("日期早于出生", "the day is before the birth"));
                continue;
            }
        }
        for one in found {
            let corrupt = || crate::db::DbError::Corrupt(one.household.clone());
            rows.push(EvidenceRow {
                household: one.household.parse().map_err(|_| corrupt())?,
                member: u32::try_from(one.place).map_err(|_| corrupt())?,
                line: row.line,
                on,
                value: told.value.clone(),
                amount: told.amount,
            });
        }
    }
    Ok(Sorted { rows, bad, taken })
}

/// Rows that could not be read, as a list to be taken along.
#[must_use]
pub fn bad_rows(rows: &[BadRow]) -> Sheet {
    let row = |bad: &BadRow| {
        let line = i64::try_from(bad.line).unwrap_or(i64::MAX);
        vec![Cell::Whole(line), Cell::word(&bad.reason, &bad.reason_en)]
    };
    Sheet {
        name: "读不出的行".to_owned(),
        columns: vec![Column::new("行", "Line"), Column::new("原因", "Why")],
        rows: rows.iter().map(row).collect(),
    }
}
