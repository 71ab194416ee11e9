//! 台账: the rows of the registers that are entered, and what was entered at each
//! stage. Lines are never changed; one that was wrong is struck by a later one.

use serde::Serialize;
use sqlx::FromRow;

use super::apply::{ApplyError, Refusal};
use super::owed;
use crate::args;
use crate::db::{DbError, Tx};
use crate::model::access::Scope;
use crate::model::act::{Body, LogEntry};
use crate::model::canonical;
use crate::model::draw::DrawSample;
use crate::model::id::{DocumentId, EntryNo, HouseholdNo, OrganisationCode};
use crate::model::lending::day_of;
use crate::model::living::NextStep;
use crate::model::register::{Entered, RowNumber, RowRule};

/// A row of a register.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize)]
pub struct RowRow {
    /// The code of the register.
    pub register: String,
    /// Whose register it is.
    pub organisation: String,
    /// The year of its number.
    pub year: i64,
    /// The serial in that year.
    pub serial: i64,
    /// The other side of a row that goes between two, or empty.
    pub other: String,
    /// 户号, or empty.
    pub household: String,
    /// The day it began.
    pub on_day: String,
    /// The entry that began it.
    pub opened: i64,
    /// The last entry of it.
    pub last_entry: i64,
    /// The stage that was entered last.
    pub last_stage: String,
    /// The stage it waits for; empty when it is done.
    pub next_stage: String,
    /// Who enters that: `community`, `street`, `bureau`, or empty.
    pub next_level: String,
    /// The last day of that; empty where there is none.
    pub due: String,
}

/// What was entered at a stage.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize)]
pub struct LineRow {
    /// The entry that entered it.
    pub entry: i64,
    /// Its place in that entry, from 0.
    pub place: i64,
    /// The code of the register.
    pub register: String,
    /// Whose register it is.
    pub organisation: String,
    /// The year of the number of its row.
    pub year: i64,
    /// The serial in that year.
    pub serial: i64,
    /// The code of the stage.
    pub stage: String,
    /// The day it happened.
    pub on_day: String,
    /// 户号, or empty.
    pub household: String,
    /// The values by column, a JSON object.
    pub cells: String,
    /// The digest of what is kept apart, or empty.
    pub sealed: String,
    /// The scan of the paper it stands on.
    pub paper: Option<i64>,
    /// Who entered it.
    pub author: String,
    /// The entry it stands in place of.
    pub instead_of: Option<i64>,
    /// The entry that struck it.
    pub struck: Option<i64>,
}

/// By what a row is named.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Key {
    /// The code of the register.
    pub register: String,
    /// Whose register it is.
    pub organisation: OrganisationCode,
    /// Its number.
    pub number: RowNumber,
}

impl RowRow {
    /// Its number.
    #[must_use]
    pub fn number(&self) -> RowNumber {
        number(self.year, self.serial)
    }
}

impl LineRow {
    /// The number of its row.
    #[must_use]
    pub fn number(&self) -> RowNumber {
        number(self.year, self.serial)
    }
}

fn number(year: i64, serial: i64) -> RowNumber {
    RowNumber { year: i16::try_from(year).unwrap_or(0), serial: u32::try_from(serial).unwrap_or(0) }
}

/// Writes what is entered at a stage of a row.
pub(super) async fn enter(
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
        && !super::households::exists(tx, household).await?
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
    if super::households::is_organisation(tx, organisation).await? {
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
pub(super) async fn begin(
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

/// The row of that name; none where there is none.
///
/// # Errors
/// When the database refuses.
pub async fn get(tx: &mut Tx, key: &Key) -> Result<Option<RowRow>, DbError> {
    tx.one(
        "SELECT * FROM register_row WHERE register = $1 AND organisation = $2 AND year = $3
           AND serial = $4",
        args![
            &key.register,
            key.organisation.as_str(),
            i64::from(key.number.year),
            i64::from(key.number.serial),
        ],
    )
    .await
}

/// The last serial of a register of an organisation in a year; 0 where there is none.
///
/// # Errors
/// When the database refuses.
pub async fn last_serial(
    tx: &mut Tx,
    register: &str,
    organisation: &OrganisationCode,
    year: i16,
) -> Result<u32, DbError> {
    let last = tx
        .number(
            "SELECT MAX(serial) FROM register_row WHERE register = $1 AND organisation = $2
               AND year = $3",
            args![register, organisation.as_str(), i64::from(year)],
        )
        .await?;
    Ok(u32::try_from(last).unwrap_or(0))
}

/// Which rows are asked for. Empty fields narrow nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The code of the register.
    pub register: String,
    /// The beginning of the codes of organisations.
    pub organisation: String,
    /// The year of their numbers.
    pub year: Option<i16>,
    /// 户号
    pub household: String,
    /// Only those that wait for something.
    pub open: bool,
    /// Those before this one: the entry that began it, and its serial.
    pub before: (EntryNo, i64),
}

/// The rows of a register that the scope sees, on either side, newest first, at most
/// `limit`.
///
/// # Errors
/// When the database refuses.
pub async fn rows(
    tx: &mut Tx,
    scope: &Scope,
    wanted: &Wanted,
    limit: u32,
) -> Result<Vec<RowRow>, DbError> {
    tx.all(
        "SELECT * FROM register_row
         WHERE register = $1 AND (organisation LIKE $2 OR other LIKE $2)
           AND (organisation LIKE $3 OR other LIKE $3) AND ($4 = 0 OR year = $4)
           AND ($5 = '' OR household = $5) AND ($6 = 0 OR next_stage <> '')
           AND (opened < $7 OR (opened = $7 AND serial < $8))
         ORDER BY opened DESC, serial DESC LIMIT $9",
        args![
            &wanted.register,
            format!("{}%", scope.prefix()),
            format!("{}%", wanted.organisation),
            i64::from(wanted.year.unwrap_or(0)),
            &wanted.household,
            i64::from(wanted.open),
            wanted.before.0,
            wanted.before.1,
            limit,
        ],
    )
    .await
}

/// The lines of a row, in the order they were entered.
///
/// # Errors
/// When the database refuses.
pub async fn lines(tx: &mut Tx, row: &RowRow) -> Result<Vec<LineRow>, DbError> {
    tx.all(
        "SELECT * FROM register_line WHERE register = $1 AND organisation = $2 AND year = $3
           AND serial = $4 ORDER BY entry, place",
        args![&row.register, &row.organisation, row.year, row.serial],
    )
    .await
}

/// The name of the head of a household that the scope sees; empty for any other.
///
/// # Errors
/// When the database refuses.
pub async fn head(tx: &mut Tx, scope: &Scope, household: &str) -> Result<String, DbError> {
    let sql = "SELECT head FROM household WHERE no = $1 AND organisation LIKE $2";
    let found: Option<(String,)> =
        tx.one(sql, args![household, format!("{}%", scope.prefix())]).await?;
    Ok(found.map(|(head,)| head).unwrap_or_default())
}

/// How many rows each register has in the scope: code, rows, waiting, late on `today`.
///
/// # Errors
/// When the database refuses.
pub async fn counts(
    tx: &mut Tx,
    scope: &Scope,
    today: &str,
) -> Result<Vec<(String, i64, i64, i64)>, DbError> {
    tx.all(
        "SELECT register, COUNT(*),
                CAST(SUM(CASE WHEN next_stage <> '' THEN 1 ELSE 0 END) AS BIGINT),
                CAST(SUM(CASE WHEN due <> '' AND due < $2 THEN 1 ELSE 0 END) AS BIGINT)
         FROM register_row WHERE organisation LIKE $1 OR other LIKE $1
         GROUP BY register ORDER BY register",
        args![format!("{}%", scope.prefix()), today],
    )
    .await
}
