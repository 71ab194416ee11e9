//! Writing what is entered at a stage of a row, and the rows that a draw begins.

use super::super::apply::{ApplyError, Refusal};
use super::super::owed;
use super::{Key, RowRow, get};
use crate::args;
use crate::db::{DbError, Tx};
use crate::model::act::{Body, LogEntry};
use crate::model::canonical;
use crate::model::draw::DrawSample;
use crate::model::id::{DocumentId, EntryNo, HouseholdNo, OrganisationCode};
use crate::model::lending::day_of;
use crate::model::living::NextStep;
use crate::model::register::{Entered, RowRule};

/// Writes what is entered at a stage of a row.
pub(crate) async fn enter(
    tx: &mut Tx,
    entry: &LogEntry,
    body: &Body,
    said: &Entered,
) -> Result<(), ApplyError> {
    if said.on > day_of(entry.time) {
        return Err(RowRule::NotYet(said.on).into());
    }
    known(tx, &said.organisation).await?;
    if let Some(other) = &said.other {
        known(tx, other).await?;
    }
    if let Some(household) = &said.household
        && !super::super::households::exists(tx, household).await?
    {
        return Err(Refusal::UnknownHousehold(household.clone()).into());
    }
    if let Some(paper) = said.paper {
        holds(tx, said, paper).await?;
    }
    let key = Key {
        register: said.register.clone(),
        organisation: said.organisation.clone(),
        number: said.number,
    };
    let row = get(tx, &key).await?;
    match (&row, said.seen) {
        (None, None) => open(tx, entry.no, said).await?,
        (Some(_), None) => return Err(RowRule::NumberTaken(said.number).into()),
        (None, Some(_)) => return Err(RowRule::NoRow(said.number).into()),
        (Some(row), seen) if Some(row.last_entry) != seen => {
            return Err(RowRule::Meanwhile(said.number).into());
        }
        (Some(row), _) => go_on(tx, entry.no, said, row).await?,
    }
    let values: serde_json::Map<String, serde_json::Value> =
        said.values.iter().map(|cell| (cell.column.clone(), cell.value.clone().into())).collect();
    let cells =
        canonical::to_bytes(&values).map_err(|error| DbError::Corrupt(error.to_string()))?;
    tx.run(
        "INSERT INTO register_line (entry, place, register, organisation, year, serial, stage,
                                    on_day, household, cells, sealed, paper, author, instead_of,
                                    struck)
         VALUES ($1, 0, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, NULL)",
        args![
            entry.no,
            &said.register,
            said.organisation.as_str(),
            i64::from(said.number.year),
            i64::from(said.number.serial),
            &said.stage,
            said.on.to_string(),
            said.household.as_ref().map_or("", HouseholdNo::as_str),
            String::from_utf8_lossy(&cells).into_owned(),
            said.sealed.as_ref().map(|one| one.sha256.to_string()).unwrap_or_default(),
            said.paper.map(|document| document.0),
            &body.actor.name,
            said.instead_of,
        ],
    )
    .await?;
    Ok(())
}

async fn known(tx: &mut Tx, organisation: &OrganisationCode) -> Result<(), ApplyError> {
    if super::super::organisations::is_registered(tx, organisation).await? {
        Ok(())
    } else {
        Err(RowRule::NoOrganisation(organisation.clone()).into())
    }
}

/// Refuses a paper that is neither in the file of the household nor, where there is
/// none, with the organisation.
async fn holds(tx: &mut Tx, said: &Entered, paper: DocumentId) -> Result<(), ApplyError> {
    if let Some(household) = &said.household {
        return owed::in_file(tx, household, paper).await;
    }
    let sql = "SELECT COUNT(*) FROM document WHERE id = $1 AND organisation LIKE $2
               AND state IN ('filed', 'undescribed', 'waiting')";
    let of = format!("{}%", said.organisation.prefix());
    match tx.number(sql, args![paper.0, of]).await? {
        0 => Err(RowRule::NoPaper(paper).into()),
        _ => Ok(()),
    }
}

fn waits(next: Option<&NextStep>) -> [String; 3] {
    let due = next.and_then(|next| next.due).map(|day| day.to_string()).unwrap_or_default();
    match next {
        Some(next) => [next.step.clone(), next.level.as_str().to_owned(), due],
        None => [String::new(), String::new(), String::new()],
    }
}

async fn open(tx: &mut Tx, no: EntryNo, said: &Entered) -> Result<(), ApplyError> {
    let [stage, level, due] = waits(said.next.as_ref());
    tx.run(
        "INSERT INTO register_row (register, organisation, year, serial, other, household, on_day,
                                   opened, last_entry, last_stage, next_stage, next_level, due)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9, $10, $11, $12)",
        args![
            &said.register,
            said.organisation.as_str(),
            i64::from(said.number.year),
            i64::from(said.number.serial),
            said.other.as_ref().map_or("", OrganisationCode::as_str),
            said.household.as_ref().map_or("", HouseholdNo::as_str),
            said.on.to_string(),
            no,
            &said.stage,
            stage,
            level,
            due,
        ],
    )
    .await?;
    Ok(())
}

async fn go_on(tx: &mut Tx, no: EntryNo, said: &Entered, row: &RowRow) -> Result<(), ApplyError> {
    let first = match said.instead_of {
        None if row.next_stage != said.stage => {
            return Err(RowRule::NotItsTurn(said.number).into());
        }
        None => false,
        Some(wrong) => strike(tx, no, said, wrong).await? == row.opened,
    };
    let (household, on) = match first {
        true => (
            said.household.as_ref().map_or("", HouseholdNo::as_str).to_owned(),
            said.on.to_string(),
        ),
        false => (row.household.clone(), row.on_day.clone()),
    };
    let last = if said.instead_of.is_some() { &row.last_stage } else { &said.stage };
    let [stage, level, due] = waits(said.next.as_ref());
    tx.run(
        "UPDATE register_row SET household = $5, on_day = $6, last_entry = $7, last_stage = $8,
                next_stage = $9, next_level = $10, due = $11
         WHERE register = $1 AND organisation = $2 AND year = $3 AND serial = $4",
        args![
            &said.register,
            said.organisation.as_str(),
            i64::from(said.number.year),
            i64::from(said.number.serial),
            household,
            on,
            no,
            last,
            stage,
            level,
            due,
        ],
    )
    .await?;
    Ok(())
}

/// Strikes a line; returns the entry that entered its stage first.
async fn strike(
    tx: &mut Tx,
    by: EntryNo,
    said: &Entered,
    wrong: EntryNo,
) -> Result<EntryNo, ApplyError> {
    let done = tx
        .run(
            "UPDATE register_line SET struck = $1
             WHERE entry = $2 AND register = $3 AND organisation = $4 AND year = $5
               AND serial = $6 AND stage = $7 AND struck IS NULL",
            args![
                by,
                wrong,
                &said.register,
                said.organisation.as_str(),
                i64::from(said.number.year),
                i64::from(said.number.serial),
                &said.stage,
            ],
        )
        .await?;
    if done == 0 {
        return Err(RowRule::NoLine(wrong).into());
    }
    Ok(tx
        .number(
            "SELECT MIN(entry) FROM register_line WHERE register = $1 AND organisation = $2
               AND year = $3 AND serial = $4 AND stage = $5",
            args![
                &said.register,
                said.organisation.as_str(),
                i64::from(said.number.year),
                i64::from(said.number.serial),
                &said.stage,
            ],
        )
        .await?)
}

/// Begins a row for each household of a sample.
pub(crate) async fn begin(
    tx: &mut Tx,
    entry: &LogEntry,
    body: &Body,
    drawn: &DrawSample,
) -> Result<(), ApplyError> {
    let [stage, level, due] = waits(drawn.next.as_ref());
    let on = day_of(entry.time).to_string();
    for (one, place) in drawn.drawn.iter().zip(0_i64..) {
        let (year, serial) = (i64::from(one.number.year), i64::from(one.number.serial));
        let done = tx
            .run(
                "INSERT INTO register_row (register, organisation, year, serial, other, household,
                                           on_day, opened, last_entry, last_stage, next_stage,
                                           next_level, due)
                 VALUES ($1, $2, $3, $4, '', $5, $6, $7, $7, $8, $9, $10, $11)
                 ON CONFLICT (register, organisation, year, serial) DO NOTHING",
                args![
                    &drawn.register,
                    drawn.organisation.as_str(),
                    year,
                    serial,
                    one.household.as_str(),
                    &on,
                    entry.no,
                    &drawn.stage,
                    &stage,
                    &level,
                    &due,
                ],
            )
            .await?;
        if done == 0 {
            return Err(RowRule::NumberTaken(one.number).into());
        }
        tx.run(
            "INSERT INTO register_line (entry, place, register, organisation, year, serial, stage,
                                        on_day, household, cells, sealed, paper, author,
                                        instead_of, struck)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '{}', '', NULL, $10, NULL, NULL)",
            args![
                entry.no,
                place,
                &drawn.register,
                drawn.organisation.as_str(),
                year,
                serial,
                &drawn.stage,
                &on,
                one.household.as_str(),
                &body.actor.name,
            ],
        )
        .await?;
    }
    Ok(())
}
