//! Rows of registers with everything that was entered in them.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;
use utoipa::ToSchema;

use super::super::{LivingError, region, today};
use super::{Key, RegisterError, names, register};
use crate::app::App;
use crate::catalog::registers::{self, LineRow, RowRow, Wanted};
use crate::db::{DbError, Tx};
use crate::looks;
use crate::model::access::{Actor, Right, Scope, scope};
use crate::model::id::{Digest, EntryNo};
use crate::model::look::{Kind, Look};
use crate::model::register::Cell;

/// What was entered at a stage of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = RegisterLineShown)]
pub struct Line {
    /// The entry that entered it.
    pub entry: EntryNo,
    /// The code of the stage.
    pub stage: String,
    /// The day it happened.
    pub on: String,
    /// The values, without those that are kept apart.
    pub values: Vec<Cell>,
    /// Whether something is kept apart.
    pub sealed: bool,
    /// Where that stands.
    #[serde(skip)]
    pub(crate) apart: Option<Digest>,
    /// The scan of the paper it stands on.
    pub paper: Option<i64>,
    /// Who entered it.
    pub author: String,
    /// 更正: the entry it stands in place of.
    pub instead_of: Option<EntryNo>,
    /// The entry that struck it.
    pub struck: Option<EntryNo>,
}

impl Line {
    /// The value of a column, or empty.
    #[must_use]
    pub fn value(&self, column: &str) -> &str {
        self.values.iter().find(|one| one.column == column).map_or("", |one| one.value.as_str())
    }
}

/// A row of a register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = RegisterRow)]
pub struct Row {
    /// The code of the register.
    pub register: String,
    /// Whose register it is.
    pub organisation: String,
    /// Its name.
    pub organisation_name: String,
    /// 编号, such as `2026-001`.
    pub number: String,
    /// The other side of a row that goes between two, or empty.
    pub other: String,
    /// Its name.
    pub other_name: String,
    /// 户号, or empty.
    pub household: String,
    /// 户主, as far as this person may see the household; or empty.
    pub head: String,
    /// The street of that household now, or empty.
    pub street: String,
    /// Its community now, or empty.
    pub community: String,
    /// The day it began.
    pub on: String,
    /// What was entered, in order, with what was struck.
    pub lines: Vec<Line>,
    /// The stage it waits for; empty when it is done.
    pub next_stage: String,
    /// Who enters that: `community`, `street`, `bureau`, or empty.
    pub next_level: String,
    /// The last day of that, or empty.
    pub due: String,
    /// Whether that day is past.
    pub late: bool,
    /// The last entry of the row: what was seen of it.
    pub last: EntryNo,
    /// The entry that began it.
    pub opened: EntryNo,
}

impl Row {
    /// The value of a column that holds, or empty.
    #[must_use]
    pub fn value(&self, column: &str) -> &str {
        let holding = self.lines.iter().filter(|one| one.struck.is_none());
        holding.map(|one| one.value(column)).find(|value| !value.is_empty()).unwrap_or("")
    }

    /// The values that hold, by column.
    #[must_use]
    pub fn values(&self) -> BTreeMap<String, String> {
        let holding = self.lines.iter().filter(|one| one.struck.is_none());
        let cells = holding.flat_map(|one| &one.values);
        cells.map(|cell| (cell.column.clone(), cell.value.clone())).collect()
    }
}

fn line(row: LineRow) -> Result<Line, DbError> {
    let corrupt = || DbError::Corrupt(format!("line {}.{}", row.entry, row.place));
    let cells: BTreeMap<String, String> =
        serde_json::from_str(&row.cells).map_err(|_| corrupt())?;
    let cell = |(column, value)| Cell { column, value };
    Ok(Line {
        entry: row.entry,
        stage: row.stage,
        on: row.on_day,
        values: cells.into_iter().map(cell).collect(),
        sealed: !row.sealed.is_empty(),
        apart: row.sealed.parse().ok(),
        paper: row.paper,
        author: row.author,
        instead_of: row.instead_of,
        struck: row.struck,
    })
}

/// A row with its lines, for whoever `visible` is of.
pub(super) async fn gathered(
    tx: &mut Tx,
    visible: &Scope,
    names: &HashMap<String, String>,
    (row, today): (RowRow, &str),
) -> Result<Row, DbError> {
    let lines = registers::lines(tx, &row).await?;
    let lines: Result<Vec<Line>, DbError> = lines.into_iter().map(line).collect();
    let name = |code: &str| names.get(code).map_or(code, String::as_str).to_owned();
    let (head, organisation) = registers::head(tx, visible, &row.household).await?;
    // A street and its communities share the first nine digits.
    let street = organisation.get(..9).map(|street| name(&format!("{street}000")));
    Ok(Row {
        number: row.number().to_string(),
        head,
        street: street.unwrap_or_default(),
        community: name(&organisation),
        organisation_name: name(&row.organisation),
        other_name: name(&row.other),
        lines: lines?,
        late: !row.due.is_empty() && row.due.as_str() < today,
        register: row.register,
        organisation: row.organisation,
        other: row.other,
        household: row.household,
        on: row.on_day,
        next_stage: row.next_stage,
        next_level: row.next_level,
        due: row.due,
        last: row.last_entry,
        opened: row.opened,
    })
}

/// The row of that name, when it is of an organisation this person sees, on either side.
pub(super) async fn seen_row(
    tx: &mut Tx,
    actor: &Actor,
    key: &Key,
) -> Result<RowRow, RegisterError> {
    let visible = scope(actor);
    let found = registers::get(tx, key).await?;
    let found = found.filter(|one| {
        visible.covers(&one.organisation) || (!one.other.is_empty() && visible.covers(&one.other))
    });
    found.ok_or(RegisterError::UnknownRow(key.number))
}

/// A row with everything that was entered in it. That it is looked at is noted.
///
/// # Errors
/// When there is none this person may see, or the look cannot be noted.
pub async fn row(app: &App, actor: &Actor, key: &Key) -> Result<Row, RegisterError> {
    actor.must(Right::Look)?;
    let rule = register(app, &key.register)?;
    let names = names(app).await?;
    let mut tx = app.db.read().await?;
    let look = Look::new(Kind::Open).titled(&format!("{} {}", rule.name, key.number));
    let found = match seen_row(&mut tx, actor, key).await {
        Err(error @ RegisterError::UnknownRow(_)) => {
            drop(tx);
            looks::refuses(app, actor, look).await?;
            return Err(error);
        }
        found => found?,
    };
    let day = today(app).to_string();
    let found = gathered(&mut tx, &scope(actor), &names, (found, &day)).await?;
    drop(tx);
    looks::shows_at_work(app, actor, look).await?;
    Ok(found)
}

/// Which rows are asked for, as it is typed. Empty fields narrow nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// The code of an organisation, or the beginning of codes.
    pub organisation: String,
    /// The year of their numbers.
    pub year: String,
    /// 户号
    pub household: String,
    /// Only those that wait for something.
    pub open: bool,
    /// Those behind this one: `entry.serial`.
    pub after: String,
}

impl Asked {
    fn read(&self, register: &str) -> Result<Wanted, LivingError> {
        let wrong = LivingError::Asked;
        let before = match self.after.split_once('.') {
            None if self.after.is_empty() => (EntryNo::MAX, i64::MAX),
            Some((entry, serial)) => {
                let number = |text: &str| {
                    text.parse::<i64>().map_err(|_| wrong("a position is one that was handed out"))
                };
                (number(entry)?, number(serial)?)
            }
            None => return Err(wrong("a position is one that was handed out")),
        };
        let year = match self.year.trim() {
            "" => None,
            year => match year.parse::<i16>() {
                Ok(year) if (1900..=9999).contains(&year) => Some(year),
                _ => return Err(wrong("a year is one like 2026")),
            },
        };
        let household: String = self.household.split_whitespace().collect();
        if household.len() > 17 || !household.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(wrong("a household is 17 digits"));
        }
        Ok(Wanted {
            register: register.to_owned(),
            organisation: region(&self.organisation)?,
            year,
            household,
            open: self.open,
            before,
        })
    }
}

/// Where the list goes on behind a row.
#[must_use]
pub fn behind(row: &Row) -> String {
    let serial = row.number.split_once('-').map_or("0", |(_, serial)| serial);
    format!("{}.{}", row.opened, serial.trim_start_matches('0'))
}

/// The rows of a register of the own scope, newest first, at most `limit`.
pub(super) async fn found(
    app: &App,
    actor: &Actor,
    code: &str,
    asked: &Asked,
    limit: u32,
) -> Result<Vec<Row>, RegisterError> {
    actor.must(Right::Look)?;
    register(app, code)?;
    let wanted = asked.read(code)?;
    let names = names(app).await?;
    let day = today(app).to_string();
    let visible = scope(actor);
    let mut tx = app.db.read().await?;
    let mut all = Vec::new();
    for row in registers::rows(&mut tx, &visible, &wanted, limit).await? {
        all.push(gathered(&mut tx, &visible, &names, (row, &day)).await?);
    }
    Ok(all)
}

/// The rows of a register of the own scope, newest first, at most `limit`. That they
/// are looked at is noted.
///
/// # Errors
/// When there is no such register, what is asked for cannot be, or the look cannot be
/// noted.
pub async fn rows(
    app: &App,
    actor: &Actor,
    code: &str,
    asked: &Asked,
    limit: u32,
) -> Result<Vec<Row>, RegisterError> {
    let all = found(app, actor, code, asked, limit).await?;
    let title = format!("{} {}", register(app, code)?.name, asked.organisation);
    let look = Look::new(Kind::Open).titled(title.trim_end()).counting(all.len());
    looks::shows_at_work(app, actor, look).await?;
    Ok(all)
}
