//! 台账: the rows of the registers that are entered, and what was entered at each
//! stage. Lines are never changed; one that was wrong is struck by a later one.

mod enter;

use serde::Serialize;
use sqlx::FromRow;

pub(super) use self::enter::{begin, enter};
use crate::args;
use crate::db::{DbError, Tx};
use crate::model::access::Scope;
use crate::model::id::{EntryNo, OrganisationCode};
use crate::model::register::RowNumber;

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

/// The name of the head of a household that the scope sees, and the code of the
/// organisation in charge of it; empty for any other.
///
/// # Errors
/// When the database refuses.
pub async fn head(
    tx: &mut Tx,
    scope: &Scope,
    household: &str,
) -> Result<(String, String), DbError> {
    let sql = "SELECT head, organisation FROM household WHERE no = $1 AND organisation LIKE $2";
    let found = tx.one(sql, args![household, format!("{}%", scope.prefix())]).await?;
    Ok(found.unwrap_or_default())
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
