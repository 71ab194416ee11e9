//! The register as a file to take away: CSV or XLSX. Taking it along is a look
//! itself, and its reason is noted. What people wrote is text in every cell: a
//! table program must not run it as a formula.

use super::{Asked, Use, UsesError, register};
use crate::app::App;
use crate::model::access::{Actor, Right};
use crate::model::look::{Kind, Look, Reason};
pub use crate::sheet::Shape;
pub(crate) use crate::sheet::harmless;
use crate::sheet::{Cell, Column, Sheet};

/// The most rows of a file.
const MOST: u32 = 20_000;

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

/// A register of that name as a file.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn written<R: AsRef<[String]>>(
    shape: Shape,
    name: &str,
    columns: &[&str],
    rows: &[R],
) -> Result<Vec<u8>, UsesError> {
    let cells = |row: &R| row.as_ref().iter().cloned().map(Cell::Text).collect();
    let sheet = Sheet {
        name: name.to_owned(),
        columns: columns.iter().map(|name| Column::new(name, name)).collect(),
        rows: rows.iter().map(cells).collect(),
    };
    sheet.file(shape).map_err(|error| UsesError::File(error.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_told_as_in_china() {
        assert_eq!(local("2026-11-23T16:30:00.25Z"), "2026-11-24 00:30:00");
    }
}
