//! 登记: entering a stage of a row, and correcting one that was wrong.

use std::collections::BTreeMap;

use bytes::Bytes;
use jiff::civil::Date;
use serde::Deserialize;
use utoipa::ToSchema;

use super::super::{is_stale, level, possible, seen};
use super::rows::{gathered, seen_row};
use super::{Key, LivingError, RegisterError, Row, names, register, registers};
use crate::app::App;
use crate::catalog::Refusal;
use crate::living::today;
use crate::model::access::{Actor, Right, scope};
use crate::model::act::{Act, FORMAT};
use crate::model::canonical;
use crate::model::field::ValueError;
use crate::model::id::{DocumentId, EntryNo, HouseholdNo, OrganisationCode};
use crate::model::living::NextStep;
use crate::model::register::{
    AboutHousehold, BySide, Cell, Entered, Register, RowNumber, RowRule, Sealed, SealedCells, Stage,
};
use crate::record::{Receipt, RecordError};

/// How often a number is taken anew when another row got it.
const TRIES: usize = 5;
/// The most values that are given at a time.
const MOST: usize = 50;

/// What is to be entered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RowToEnter)]
pub struct Entering {
    /// The number of the row that goes on; a new row when it is left out.
    #[serde(default)]
    #[schema(value_type = Option<String>, pattern = "^[0-9]{4}-[0-9]{3,7}$")]
    pub number: Option<RowNumber>,
    /// Whose register it is: where it is left out, that of the community of the household
    /// the new row is about, else the own one.
    #[serde(default)]
    pub organisation: Option<OrganisationCode>,
    /// The other side of a new row that goes between two.
    #[serde(default)]
    pub other: Option<OrganisationCode>,
    /// The household a new row is about.
    #[serde(default)]
    #[schema(value_type = Option<String>, pattern = "^[0-9]{17}$")]
    pub household: Option<HouseholdNo>,
    /// The day it happened; today when it is left out.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    pub on: Option<Date>,
    /// The values as they are typed.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub values: Vec<Cell>,
    /// The scan of the paper it stands on.
    #[serde(default)]
    #[schema(value_type = Option<i64>, minimum = 0)]
    pub paper: Option<DocumentId>,
    /// 更正: the entry of a line that was wrong, and is struck.
    #[serde(default)]
    #[schema(minimum = 0)]
    pub instead_of: Option<EntryNo>,
    /// The last entry of the row that was seen: when another came meanwhile, nothing is
    /// entered. When it is left out, the last one counts as seen.
    #[serde(default)]
    #[schema(minimum = 0)]
    pub seen: Option<EntryNo>,
}

/// Enters a new row of register `code`, the stage that a row waits for, or a
/// correction; returns the name of the row.
///
/// # Errors
/// When there is no such register or row this person may see, a rule is broken, or
/// another entered something meanwhile.
pub async fn enter(
    app: &App,
    actor: &Actor,
    code: &str,
    mut entering: Entering,
) -> Result<(Key, Receipt), RegisterError> {
    actor.must(Right::File)?;
    let rule = register(app, code)?;
    let on = entering.on.unwrap_or_else(|| today(app));
    possible(on)?;
    if entering.values.len() > MOST {
        return Err(LivingError::Asked("at most 50 values are given at a time").into());
    }
    let (organisation, row) = place(app, actor, rule, &entering).await?;
    if rule.printed && row.is_none() {
        entering.values =
            super::sign_offs::filled(app, actor, &organisation, &entering.values).await?;
    }
    let stage = stage(rule, row.as_ref(), &entering)?;
    may(actor, rule, stage, (&organisation, row.as_ref()))?;
    let first = rule.stages.first().is_some_and(|one| one.code == stage.code);
    let household = match first {
        true => about(app, actor, rule, entering.household.clone()).await?,
        false => row.as_ref().and_then(|row| row.household.parse().ok()),
    };
    let other = match &row {
        Some(row) => row.other.parse().ok(),
        None if rule.between && entering.other.as_ref().is_none_or(|one| *one == organisation) => {
            return Err(RowRule::Missing("对方单位".to_owned()).into());
        }
        None => entering.other.clone().filter(|_| rule.between),
    };
    if let Some(row) = &row {
        in_order(rule, stage, row, on)?;
    }
    if stage.paper && entering.paper.is_none() {
        return Err(RowRule::Missing("扫描件".to_owned()).into());
    }
    let kept = kept(row.as_ref(), &entering);
    let (values, apart) = values(rule, stage, &entering.values, (today(app), kept.is_some()))?;
    let sealed = match apart.is_empty() {
        true => match kept {
            Some(digest) => {
                let bytes = app.vault.bytes(digest).await?.len() as u64;
                Some(Sealed { sha256: digest, bytes })
            }
            None => None,
        },
        false => Some(seal(app, apart).await?),
    };
    at_most(rule, stage, row.as_ref(), &values)?;
    let next = next(app, rule, stage, (row.as_ref(), &values, on), (&organisation, other.as_ref()));
    let mut said = Entered {
        register: rule.code.clone(),
        stage: stage.code.clone(),
        called: format!("{}：{}", rule.name, stage.name),
        organisation,
        number: entering.number.unwrap_or(RowNumber { year: on.year(), serial: 1 }),
        on,
        other,
        household,
        in_file: rule.in_file,
        values,
        sealed,
        paper: entering.paper,
        next,
        instead_of: entering.instead_of,
        seen: row.as_ref().map(|row| row.last),
    };
    for _ in 0..TRIES {
        if row.is_none() {
            let mut tx = app.db.read().await?;
            let last =
                registers::last_serial(&mut tx, code, &said.organisation, said.number.year).await?;
            said.number.serial = last + 1;
        }
        let key = Key {
            register: rule.code.clone(),
            organisation: said.organisation.clone(),
            number: said.number,
        };
        match app.recorder.record(actor, Act::EnterRow(said.clone())).await {
            // Somebody else began a row at the same moment.
            Err(RecordError::Refused(Refusal::Row(RowRule::NumberTaken(_)))) if row.is_none() => {}
            answer => return Ok((key, answer?)),
        }
    }
    Err(RowRule::NumberTaken(said.number).into())
}

/// Whose register it is, and the row that goes on.
async fn place(
    app: &App,
    actor: &Actor,
    rule: &Register,
    entering: &Entering,
) -> Result<(OrganisationCode, Option<Row>), RegisterError> {
    let visible = scope(actor);
    let mut tx = app.db.read().await?;
    let organisation = match (&entering.organisation, &entering.household) {
        (Some(given), _) => given.clone(),
        (None, Some(no)) if !rule.between => {
            let household = seen(&mut tx, actor, no).await?;
            let corrupt = |_| crate::db::DbError::Corrupt(household.no.clone());
            household.organisation.parse().map_err(corrupt)?
        }
        (None, _) => actor.organisation.clone(),
    };
    let Some(number) = entering.number else {
        let own = !rule.between || organisation == actor.organisation;
        if !visible.covers(organisation.as_str()) || !own {
            return Err(RegisterError::Side);
        }
        return Ok((organisation, None));
    };
    let key = Key { register: rule.code.clone(), organisation, number };
    let found = seen_row(&mut tx, actor, &key).await?;
    drop(tx);
    let (names, day) = (names(app).await?, today(app).to_string());
    let mut tx = app.db.read().await?;
    let row = gathered(&mut tx, &visible, &names, (found, &day)).await?;
    if is_stale(entering.seen, Some(row.last)) {
        return Err(RowRule::Meanwhile(number).into());
    }
    Ok((key.organisation, Some(row)))
}

/// The stage that is entered.
fn stage<'a>(
    rule: &'a Register,
    row: Option<&Row>,
    entering: &Entering,
) -> Result<&'a Stage, RegisterError> {
    let unknown = || RegisterError::Unknown(rule.code.clone());
    let Some(row) = row else {
        if rule.drawn {
            return Err(RegisterError::BegunBy("draws"));
        }
        return rule.stages.first().ok_or_else(unknown);
    };
    let number = entering.number.unwrap_or(RowNumber { year: 0, serial: 0 });
    let code = match entering.instead_of {
        None => row.next_stage.as_str(),
        Some(wrong) => {
            let holds = |one: &&super::Line| one.entry == wrong && one.struck.is_none();
            let line = row.lines.iter().find(holds).ok_or(RowRule::NoLine(wrong))?;
            line.stage.as_str()
        }
    };
    Ok(rule.stage(code).ok_or(RowRule::NotItsTurn(number))?)
}

/// Refuses who is not of the level or the side that enters a stage.
fn may(
    actor: &Actor,
    rule: &Register,
    stage: &Stage,
    (organisation, row): (&OrganisationCode, Option<&Row>),
) -> Result<(), RegisterError> {
    if level(&actor.organisation) < stage.level {
        return Err(LivingError::OtherLevel(stage.level).into());
    }
    let side = stage.by.or(rule.between.then_some(BySide::Own));
    let of = match side {
        None => return Ok(()),
        Some(BySide::Own) => organisation.as_str(),
        Some(BySide::Other) => row.map_or("", |row| row.other.as_str()),
    };
    if actor.organisation.as_str() == of { Ok(()) } else { Err(RegisterError::Side) }
}

/// Refuses a day before that of a stage that comes first, or after that of one that
/// follows: nothing is checked before it was reported (审核确认办法 art. 36 and 37).
fn in_order(rule: &Register, stage: &Stage, row: &Row, on: Date) -> Result<(), RowRule> {
    let place = |code: &str| rule.stages.iter().position(|one| one.code == code);
    for line in row.lines.iter().filter(|line| line.struck.is_none() && line.stage != stage.code) {
        let Ok(day) = line.on.parse::<Date>() else { continue };
        let before = place(&line.stage) < place(&stage.code);
        if (before && on < day) || (!before && on > day) {
            let other = rule.stage(&line.stage).map_or("", |one| one.name.as_str()).to_owned();
            return Err(RowRule::Order(stage.name.clone(), on, other, day));
        }
    }
    Ok(())
}

/// The household a row is about, as the register wants it.
async fn about(
    app: &App,
    actor: &Actor,
    rule: &Register,
    household: Option<HouseholdNo>,
) -> Result<Option<HouseholdNo>, RegisterError> {
    match (rule.household, household) {
        (AboutHousehold::Must, None) => Err(RowRule::Missing("户号".to_owned()).into()),
        (AboutHousehold::None, _) | (AboutHousehold::May, None) => Ok(None),
        (_, Some(no)) => {
            let mut tx = app.db.read().await?;
            seen(&mut tx, actor, &no).await?;
            Ok(Some(no))
        }
    }
}

/// What was kept apart in the line that is corrected.
fn kept(row: Option<&Row>, entering: &Entering) -> Option<crate::model::id::Digest> {
    let wrong = entering.instead_of?;
    row?.lines.iter().find(|one| one.entry == wrong)?.apart
}

type Values = (Vec<Cell>, BTreeMap<String, String>);

/// The values in the form of their columns, and those that are kept apart.
fn values(
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
fn at_most(
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
async fn seal(app: &App, values: BTreeMap<String, String>) -> Result<Sealed, RegisterError> {
    let salt = hex::encode(rand::random::<[u8; 32]>());
    let cells = SealedCells { v: FORMAT, salt, values };
    let bytes = canonical::to_bytes(&cells)
        .map_err(|error| crate::db::DbError::Corrupt(error.to_string()))?;
    let size = bytes.len() as u64;
    Ok(Sealed { sha256: app.vault.put(Bytes::from(bytes)).await?, bytes: size })
}

/// The stage the row waits for then.
fn next(
    app: &App,
    rule: &Register,
    stage: &Stage,
    (row, values, on): (Option<&Row>, &[Cell], Date),
    (organisation, other): (&OrganisationCode, Option<&OrganisationCode>),
) -> Option<NextStep> {
    let holds = |one: &&super::Line| one.struck.is_none() && one.stage != stage.code;
    let others = row.map_or(&[][..], |row| &row.lines).iter().filter(holds);
    let cells = others.flat_map(|one| &one.values).chain(values);
    let all = cells.map(|cell| (cell.column.clone(), cell.value.clone())).collect();
    // After a correction the row waits as its last stage leaves it.
    let order = |code: &str| rule.stages.iter().position(|one| one.code == code);
    let lines = row.map_or(&[][..], |row| &row.lines);
    let last = lines
        .iter()
        .filter(holds)
        .filter(|one| order(&one.stage) > order(&stage.code))
        .max_by_key(|one| order(&one.stage));
    let (after, from) = match last {
        Some(line) => (line.stage.as_str(), line.on.parse().unwrap_or(on)),
        None => (stage.code.as_str(), on),
    };
    let next = rule.next(after, &all)?;
    let of = match next.by.or(rule.between.then_some(BySide::Own)) {
        Some(BySide::Other) => other.map_or(next.level, level),
        _ => level(organisation),
    };
    Some(NextStep {
        step: next.code.clone(),
        level: next.level.max(of),
        due: next.due(from, &app.rules.holidays),
    })
}
