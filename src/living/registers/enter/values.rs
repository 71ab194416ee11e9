//! The values of a stage in the form of their columns, and those that are kept apart.

use std::collections::BTreeMap;

use bytes::Bytes;
use jiff::civil::Date;

use super::super::{RegisterError, Row};
use super::Entering;
use crate::app::App;
use crate::living::LivingError;
use crate::model::act::FORMAT;
use crate::model::canonical;
use crate::model::field::ValueError;
use crate::model::id::Digest;
use crate::model::register::{Cell, Register, RowRule, Sealed, SealedCells, Stage};

/// What was kept apart in the line that is corrected.
pub(super) fn kept(row: Option<&Row>, entering: &Entering) -> Option<Digest> {
    let wrong = entering.instead_of?;
    row?.lines.iter().find(|one| one.entry == wrong)?.apart
}

type Values = (Vec<Cell>, BTreeMap<String, String>);

/// The values in the form of their columns, and those that are kept apart.
pub(super) fn values(
    rule: &Register,
    stage: &Stage,
    given: &[Cell],
    (today, kept): (Date, bool),
) -> Result<Values, RegisterError> {
    for cell in given {
        if !stage.columns.iter().any(|column| column.code == cell.column) {
            let unknown = format!("{}.{}", rule.code, cell.column);
            return Err(LivingError::Value(ValueError::Unknown(unknown)).into());
        }
    }
    let (mut cells, mut apart, mut all) = (Vec::new(), BTreeMap::new(), BTreeMap::new());
    for column in &stage.columns {
        let typed = given.iter().find(|cell| cell.column == column.code);
        let value = column.value(typed.map_or("", |cell| cell.value.as_str()), today)?;
        all.insert(column.code.clone(), value.clone());
        match column.seen_by {
            _ if value.is_empty() => {}
            Some(_) => drop(apart.insert(column.code.clone(), value)),
            None => cells.push(Cell { column: column.code.clone(), value }),
        }
    }
    for column in &stage.columns {
        let wanted = column.required_when.as_ref().is_some_and(|when| when.holds(&all));
        let is_kept = kept && column.seen_by.is_some();
        if wanted && !is_kept && all.get(&column.code).is_none_or(String::is_empty) {
            return Err(RowRule::Missing(column.name.clone()).into());
        }
    }
    Ok((cells, apart))
}

/// Refuses a number that is greater than the one of an earlier stage that bounds it.
pub(super) fn at_most(
    rule: &Register,
    stage: &Stage,
    row: Option<&Row>,
    values: &[Cell],
) -> Result<(), RegisterError> {
    for column in &stage.columns {
        let Some((row, bound)) = row.zip(column.at_most.as_deref()) else { continue };
        let number = |text: &str| text.parse::<u64>().ok();
        let given = values.iter().find(|cell| cell.column == column.code);
        let given = given.and_then(|cell| number(&cell.value));
        if let (Some(given), Some(most)) = (given, number(row.value(bound)))
            && given > most
        {
            let called = rule.columns().find(|one| one.code == bound);
            let called = called.map_or(bound, |one| one.name.as_str()).to_owned();
            return Err(RowRule::More(column.name.clone(), called, most).into());
        }
    }
    Ok(())
}

/// Keeps values apart: in the store alone, under a digest that a salt hides.
pub(super) async fn seal(
    app: &App,
    values: BTreeMap<String, String>,
) -> Result<Sealed, RegisterError> {
    let salt = hex::encode(rand::random::<[u8; 32]>());
    let cells = SealedCells { v: FORMAT, salt, values };
    let bytes = canonical::to_bytes(&cells)
        .map_err(|error| crate::db::DbError::Corrupt(error.to_string()))?;
    let size = bytes.len() as u64;
    Ok(Sealed { sha256: app.vault.put(Bytes::from(bytes)).await?, bytes: size })
}
