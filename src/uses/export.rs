//! The register as a file to take away: CSV or XLSX. Taking it along is a look
//! itself, and its reason is noted. What people wrote is text in every cell: a
//! table program must not run it as a formula.

use rust_xlsxwriter::{Format, Workbook, XlsxError};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Asked, Use, UsesError, register};
use crate::app::App;
use crate::model::access::{Actor, Right};
use crate::model::look::{Kind, Look, Reason};

/// The most rows of a file.
const MOST: u32 = 20_000;

/// The kind of file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Shape {
    /// Text with commas, UTF-8 (RFC 4180).
    Csv,
    /// A workbook.
    #[default]
    Xlsx,
}

impl Shape {
    /// The ending of its name.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }

    /// Its media type.
    #[must_use]
    pub const fn mime(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// The columns of 查(借)阅登记簿, as far as they are about looks.
const COLUMNS: [&str; 15] = [
    "序号",
    "日期时间",
    "利用人",
    "单位",
    "身份",
    "利用方式",
    "结果",
    "户号",
    "档号",
    "题名或检索词",
    "件号",
    "页数或件数",
    "事由",
    "利用日志号",
    "记录指纹",
];

/// The looks that are asked for as a file, newest first, and that they were taken
/// along is noted with the reason.
///
/// # Errors
/// When something asked for cannot be understood, there are too many rows, or the
/// look cannot be noted.
pub async fn export(
    app: &App,
    actor: &Actor,
    asked: &Asked,
    shape: Shape,
    reason: Reason,
) -> Result<Vec<u8>, UsesError> {
    actor.must(Right::Export)?;
    let found = register(app, actor, asked, None, MOST).await?;
    if found.next.is_some() {
        return Err(UsesError::TooMany { found: found.total, most: MOST });
    }
    let rows: Vec<[String; COLUMNS.len()]> = found.uses.iter().zip(1..).map(row).collect();
    let file = written(shape, "利用登记册", &COLUMNS, &rows)?;
    let look = Look::new(Kind::Export).titled(&asked.told()).counting(rows.len());
    app.looks.note(actor, Look { reason: Some(reason), ..look }).await?;
    Ok(file)
}

fn row((one, place): (&Use, usize)) -> [String; COLUMNS.len()] {
    let look = &one.look;
    let number = |number: Option<i64>| number.map(|n| n.to_string()).unwrap_or_default();
    let document = look.document.map(|id| id.0);
    [
        place.to_string(),
        local(&one.time),
        one.person.clone(),
        one.organisation_name.clone(),
        one.role.zh().to_owned(),
        look.kind.zh().to_owned(),
        look.outcome.zh().to_owned(),
        look.household.as_ref().map(ToString::to_string).unwrap_or_default(),
        look.code.clone(),
        look.title.clone(),
        number(document),
        look.count.map(|count| count.to_string()).unwrap_or_default(),
        look.reason.as_ref().map(Reason::zh).unwrap_or_default(),
        number(one.no),
        one.body_sha256.clone(),
    ]
    .map(|cell| harmless(&cell))
}

/// The moment as an office in China reads it.
fn local(time: &str) -> String {
    let zone = jiff::tz::Offset::constant(crate::looks::CHINA);
    let local = time.parse().map(|time| zone.to_datetime(time));
    local.map_or_else(|_| time.to_owned(), |at| at.strftime("%Y-%m-%d %H:%M:%S").to_string())
}

/// A cell that no table program takes for a formula: one that would begin like
/// one begins with an apostrophe, which says that it is text.
pub(crate) fn harmless(cell: &str) -> String {
    let begins = cell.trim_start_matches([' ', '\u{3000}', '\u{feff}']);
    match begins.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
        true => format!("'{cell}"),
        false => cell.to_owned(),
    }
}

/// Rows below their columns as CSV that office programs read; the cells are
/// [`harmless`].
///
/// # Errors
/// When a row cannot be written.
pub(crate) fn csv<R: AsRef<[String]>>(columns: &[&str], rows: &[R]) -> Result<Vec<u8>, UsesError> {
    let trouble = |error: &dyn std::fmt::Display| UsesError::File(error.to_string());
    // The mark tells older table programs that it is UTF-8.
    let mut csv = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer("\u{feff}".as_bytes().to_vec());
    csv.write_record(columns).map_err(|error| trouble(&error))?;
    for row in rows {
        csv.write_record(row.as_ref()).map_err(|error| trouble(&error))?;
    }
    csv.into_inner().map_err(|error| trouble(&error))
}

/// A register of that name as a file; the cells are [`harmless`].
///
/// # Errors
/// When a row cannot be written.
pub(crate) fn written<R: AsRef<[String]>>(
    shape: Shape,
    name: &str,
    columns: &[&str],
    rows: &[R],
) -> Result<Vec<u8>, UsesError> {
    match shape {
        Shape::Csv => csv(columns, rows),
        Shape::Xlsx => {
            xlsx(name, columns, rows).map_err(|error| UsesError::File(error.to_string()))
        }
    }
}

fn xlsx<R: AsRef<[String]>>(
    name: &str,
    columns: &[&str],
    rows: &[R],
) -> Result<Vec<u8>, XlsxError> {
    let (mut book, bold) = (Workbook::new(), Format::new().set_bold());
    let sheet = book.add_worksheet();
    sheet.set_name(name)?;
    sheet.set_landscape().set_paper_size(9).set_repeat_rows(0, 0)?;
    sheet.set_freeze_panes(1, 0)?;
    for (name, at) in columns.iter().zip(0..) {
        sheet.write_string_with_format(0, at, *name, &bold)?;
    }
    for (row, line) in rows.iter().zip(1..) {
        for (cell, at) in row.as_ref().iter().zip(0..) {
            sheet.write_string(line, at, cell)?;
        }
    }
    book.save_to_buffer()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for bad in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\u{3000}@x", "＝1"] {
            assert_eq!(harmless(bad), format!("'{bad}"));
        }
        for good in ["周桂兰", "99010200300400127", "2026-11-24", ""] {
            assert_eq!(harmless(good), good);
        }
    }

    #[test]
    fn a_moment_is_told_as_in_china() {
        assert_eq!(local("2026-11-23T16:30:00.25Z"), "2026-11-24 00:30:00");
    }
}
