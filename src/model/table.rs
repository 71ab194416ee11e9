//! 表格: reading the tables that other offices hand over, CSV in UTF-8 or GB18030 and
//! XLSX, into rows of text. Everything is bounded; a row that cannot be read as it
//! stands is told with its line, and none is guessed.

mod book;
mod merged;
mod why;

use serde::Serialize;
use utoipa::ToSchema;

use self::book::Sheet;
pub use self::why::Why;
#[cfg(test)]
pub(crate) use self::why::is_english;

/// The most bytes of a file.
pub const MOST_BYTES: usize = 32 << 20;
/// The most bytes of a workbook once it is unpacked: a cell of 100 MB is none.
pub const MOST_UNPACKED: u64 = 96 << 20;
/// The most rows of a table, where its reader does not say otherwise.
pub const MOST_ROWS: usize = 100_000;
/// The most columns.
pub const MOST_COLUMNS: usize = 64;
/// The most characters of a cell.
pub const CELL: usize = 500;
/// The most bytes of all cells of a table together. A workbook keeps a text once that stands
/// in many cells.
const MOST_TEXT: usize = 96 << 20;
/// The most bad rows that are told.
pub const TOLD: usize = 200;
/// Among so many rows the one that names the columns is looked for.
const BEFORE_HEADS: usize = 10;

/// A row that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct BadRow {
    /// Its line in the file, from 1.
    pub line: u64,
    /// Why, in Chinese.
    pub reason: String,
    /// Why, in English.
    pub reason_en: String,
}

/// Bad rows: those that are told, and how many there are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BadRows {
    /// The first 200.
    pub told: Vec<BadRow>,
    /// All that a table of the usual size can have.
    pub every: Vec<BadRow>,
    /// All of them.
    pub total: u64,
}

impl BadRows {
    /// Adds one.
    pub fn add(&mut self, line: u64, why: Why) {
        self.total += 1;
        let bad = BadRow { line, reason: why.zh, reason_en: why.en };
        if self.told.len() < TOLD {
            self.told.push(bad.clone());
        }
        if self.every.len() < MOST_ROWS {
            self.every.push(bad);
        }
    }
}

/// Why a file is no table that can be taken in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SheetError {
    /// It is too large.
    #[error("the file is larger than {} MB, or unpacks to more than {} MB", MOST_BYTES >> 20, MOST_UNPACKED >> 20)]
    Large,
    /// It has more rows than are read.
    #[error("the table has more than {0} rows: part it into several files")]
    Rows(usize),
    /// It has too many columns.
    #[error("the table has more than {MOST_COLUMNS} columns")]
    Columns,
    /// It is no text.
    #[error("the file is no CSV in UTF-8 or GBK, and no XLSX")]
    Text,
    /// A column is missing.
    #[error("the first row names no column {0}")]
    Column(&'static str),
    /// There is nothing in it.
    #[error("the file has no rows")]
    Empty,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its line in the file, from 1.
    pub line: u64,
    /// The text of its cells, or why it cannot be read.
    pub cells: Result<Vec<String>, Why>,
    /// The columns in which it has what is merged down over several rows, with the line at
    /// which that begins; nothing where the table is not read so.
    pub merged: Vec<(usize, u64)>,
}

impl Row {
    fn is_blank(&self) -> bool {
        self.cells.as_ref().is_ok_and(|cells| cells.iter().all(String::is_empty))
    }
}

/// A table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// The names of its columns.
    pub heads: Vec<String>,
    /// The rows below them that are not blank.
    pub rows: Vec<Row>,
    /// How many cells have a formula: what it came to last was read.
    pub formulas: u64,
}

/// The media type of a workbook.
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The kind of a file, by what it begins with.
#[must_use]
pub fn mime(bytes: &[u8]) -> &'static str {
    if book::is_one(bytes) { XLSX } else { "text/csv" }
}

impl Table {
    /// The table in a file, of at most `most` rows. A workbook is read by its first
    /// sheet. The columns are named by the first row with more than one cell, so that a
    /// title above it may stand. A row that is merged with others cannot be read.
    ///
    /// # Errors
    /// When it is no such file, too large, or has no rows.
    pub fn read(bytes: &[u8], most: usize) -> Result<Self, SheetError> {
        let mut sheet = Sheet::of(bytes, most)?;
        sheet.merged.refuse(&mut sheet.rows);
        Self::below(sheet.heads(), sheet.rows, sheet.formulas, most)
    }

    /// As [`Table::read`]; but what is merged down over several rows stands in each of them.
    /// A row below the heads that is merged across columns cannot be read.
    ///
    /// # Errors
    /// As [`Table::read`].
    pub fn filled(bytes: &[u8], most: usize) -> Result<Self, SheetError> {
        let mut sheet = Sheet::of(bytes, most)?;
        sheet.merged.fill(&mut sheet.rows, sheet.room)?;
        let heads = sheet.heads();
        let line = sheet.rows.get(heads).map_or(0, |row| row.line);
        let below = sheet.rows.get_mut(heads + 1..).unwrap_or_default();
        sheet.merged.refuse_below(line, below);
        Self::below(heads, sheet.rows, sheet.formulas, most)
    }

    /// The table whose columns are named by the row at `heads`.
    fn below(heads: usize, rows: Vec<Row>, formulas: u64, most: usize) -> Result<Self, SheetError> {
        let mut rows = rows.into_iter().skip(heads);
        let heads = rows.next().and_then(|row| row.cells.ok()).unwrap_or_default();
        let rows: Vec<Row> = rows.filter(|row| !row.is_blank()).collect();
        if rows.len() > most {
            return Err(SheetError::Rows(most));
        }
        Ok(Self { heads, rows, formulas })
    }

    /// The place of the column that has one of these names, however it is spaced.
    #[must_use]
    pub fn place<S: AsRef<str>>(&self, names: &[S]) -> Option<usize> {
        let same = |head: &String| {
            let head = super::text::squeeze(head);
            names.iter().any(|name| super::text::squeeze(name.as_ref()) == head)
        };
        self.heads.iter().position(same)
    }
}

impl Sheet {
    /// The first sheet of a workbook, or the rows of a text.
    fn of(bytes: &[u8], most: usize) -> Result<Self, SheetError> {
        if bytes.len() > MOST_BYTES {
            return Err(SheetError::Large);
        }
        // One that is to be looked over, and rows above the heads.
        let room = most.saturating_add(BEFORE_HEADS);
        let read = match book::is_one(bytes) {
            true => book::sheet(bytes, room),
            false => text(bytes, room).map(|rows| Self { rows, ..Self::default() }),
        };
        read.map_err(|error| match error {
            SheetError::Rows(_) => SheetError::Rows(most),
            other => other,
        })
    }

    /// The place of the row that names the columns.
    fn heads(&self) -> usize {
        let named = |row: &Row| {
            let cells = row.cells.as_deref().unwrap_or_default();
            cells.iter().filter(|cell| !cell.is_empty()).count() > 1
        };
        self.rows.iter().take(BEFORE_HEADS).position(named).unwrap_or(0)
    }
}

/// A cell as it is kept: without what is not seen, and without what table programs put
/// around a number that is to stay text, as ="…" or '….
fn cell(text: &str) -> Result<String, Why> {
    let text = super::text::plain(text);
    if text.chars().count() > CELL {
        let en = format!("a cell has more than {CELL} characters");
        return Err(Why::new(format!("有一格超过{CELL}字"), en));
    }
    let bare = text.strip_prefix('=').and_then(|rest| rest.strip_prefix('"')?.strip_suffix('"'));
    let bare = bare.or_else(|| text.strip_prefix('\''));
    Ok(bare.map_or(text.clone(), |bare| bare.trim().to_owned()))
}

fn text(bytes: &[u8], most: usize) -> Result<Vec<Row>, SheetError> {
    let text = decoded(bytes)?;
    // Every cell of a row takes room before it is known how many there are.
    if times(&text, b',') > most.saturating_mul(MOST_COLUMNS) {
        return Err(SheetError::Columns);
    }
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(text.as_bytes());
    let mut rows: Vec<Row> = Vec::new();
    for row in reader.records() {
        if rows.len() >= most {
            return Err(SheetError::Rows(most));
        }
        // Lines that end as old programs end them are counted as rows.
        let next = rows.last().map_or(1, |row| row.line + 1);
        let line = row.as_ref().ok().and_then(|row| row.position()).map_or(next, |at| at.line());
        let line = line.max(next);
        let cells = match row {
            Err(_) => Err(Why::new("读不出这一行", "the row cannot be read")),
            Ok(row) if row.len() > MOST_COLUMNS => return Err(SheetError::Columns),
            Ok(row) => row.iter().map(cell).collect(),
        };
        rows.push(Row { line, cells, merged: Vec::new() });
    }
    Ok(rows)
}

/// How often a byte stands in a text.
fn times(text: &str, wanted: u8) -> usize {
    text.bytes().filter(|byte| *byte == wanted).count()
}

/// The text of a file in UTF-8, with or without its mark, or in GB18030, of which GBK is
/// a part.
fn decoded(bytes: &[u8]) -> Result<String, SheetError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.contains(&0) {
        return Err(SheetError::Text);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(text.to_owned());
    }
    let (text, _, wrong) = encoding_rs::GB18030.decode(bytes);
    if wrong { Err(SheetError::Text) } else { Ok(text.into_owned()) }
}

/// Whether a cell has a number of so many digits that a table program has lost the last
/// ones, or shows it as a power of ten: `9.90102E+17`.
#[must_use]
pub fn lost_digits(cell: &str) -> bool {
    let Some((number, power)) = cell.split_once(['E', 'e']) else { return false };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    number.starts_with(|c: char| c.is_ascii_digit())
        && number.split('.').all(digits)
        && digits(power.trim_start_matches('+'))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
