//! 表: a list as it is taken along: CSV, or XLSX with typed cells. The one writer of
//! lists. What people wrote is text in every cell: a table program must not run it as
//! a formula.

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, XlsxError};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::model::money::signed;

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

/// A value in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Words, or nothing.
    Text(String),
    /// A whole number.
    Whole(i64),
    /// An amount in 分, written in yuan.
    Money(i64),
    /// A day such as `2026-11-28`; what is no day is written as words.
    Day(String),
    /// A word of the program or of its rules, in Chinese and English: files and paper have
    /// it in Chinese, a screen in its language.
    Word(String, String),
}

impl Cell {
    /// A word in Chinese and English.
    #[must_use]
    pub fn word(zh: &str, en: &str) -> Self {
        Self::Word(zh.to_owned(), en.to_owned())
    }
}

/// As it is read on screen, on paper and in CSV.
impl std::fmt::Display for Cell {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Text(text) | Self::Day(text) | Self::Word(text, _) => f.write_str(text),
            Self::Whole(number) => number.fmt(f),
            Self::Money(fen) => f.write_str(&signed(*fen)),
        }
    }
}

/// A column of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = SheetColumn)]
pub struct Column {
    /// Chinese name.
    pub zh: String,
    /// English name.
    pub en: String,
}

impl Column {
    /// A column of these names.
    #[must_use]
    pub fn new(zh: &str, en: &str) -> Self {
        Self { zh: zh.to_owned(), en: en.to_owned() }
    }
}

/// A list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sheet {
    /// What it is called, in Chinese.
    pub name: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows, each with a cell for every column.
    pub rows: Vec<Vec<Cell>>,
}

/// The file could not be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the file could not be written: {0}")]
pub struct SheetTrouble(pub String);

impl Sheet {
    /// The same list with its columns and the words of the program in English, for a file that
    /// is of nobody but the person on whose screen it is asked for.
    #[must_use]
    pub fn in_english(mut self) -> Self {
        for column in &mut self.columns {
            column.zh.clone_from(&column.en);
        }
        for cell in self.rows.iter_mut().flatten() {
            if let Cell::Word(zh, en) = cell {
                zh.clone_from(en);
            }
        }
        self
    }

    /// The list as a file, with its columns in Chinese.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn file(&self, shape: Shape) -> Result<Vec<u8>, SheetTrouble> {
        match shape {
            Shape::Csv => self.csv().map_err(|error| SheetTrouble(error.to_string())),
            Shape::Xlsx => self.xlsx().map_err(|error| SheetTrouble(error.to_string())),
        }
    }

    fn csv(&self) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
        // The mark tells older table programs that it is UTF-8.
        let mut csv = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer("\u{feff}".as_bytes().to_vec());
        csv.write_record(self.columns.iter().map(|column| &column.zh))?;
        for row in &self.rows {
            csv.write_record(row.iter().map(written))?;
        }
        Ok(csv.into_inner()?)
    }

    fn xlsx(&self) -> Result<Vec<u8>, XlsxError> {
        let mut book = Workbook::new();
        let bold = Format::new().set_bold();
        let (money, day) =
            (Format::new().set_num_format("#,##0.00"), Format::new().set_num_format("yyyy-mm-dd"));
        let sheet = book.add_worksheet();
        // Names of sheets are short, and have none of these.
        let name: String = self.name.chars().filter(|c| !"[]:*?/\\".contains(*c)).collect();
        sheet.set_name(name.chars().take(31).collect::<String>())?;
        sheet.set_landscape().set_paper_size(9).set_repeat_rows(0, 0)?;
        sheet.set_freeze_panes(1, 0)?;
        for (column, at) in self.columns.iter().zip(0..) {
            sheet.write_string_with_format(0, at, &column.zh, &bold)?;
        }
        for (row, line) in self.rows.iter().zip(1..) {
            for (cell, at) in row.iter().zip(0..) {
                match cell {
                    // A whole number up to 2^53 is one in a workbook too.
                    Cell::Whole(number) => sheet.write_number(line, at, *number as f64)?,
                    Cell::Money(fen) => {
                        sheet.write_number_with_format(line, at, *fen as f64 / 100.0, &money)?
                    }
                    Cell::Day(text) => match ExcelDateTime::parse_from_str(text) {
                        Ok(date) if text.len() == 10 => {
                            sheet.write_datetime_with_format(line, at, &date, &day)?
                        }
                        _ => sheet.write_string(line, at, written(cell))?,
                    },
                    Cell::Text(_) | Cell::Word(..) => {
                        sheet.write_string(line, at, written(cell))?
                    }
                };
            }
        }
        book.save_to_buffer()
    }
}

/// A cell as text that is no formula.
fn written(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) | Cell::Day(text) | Cell::Word(text, _) => harmless(text),
        number => number.to_string(),
    }
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::io::Read;

    use super::*;

    fn sheet() -> Sheet {
        Sheet {
            name: "花名册[2026]".to_owned(),
            columns: ["户主", "人数", "金额", "日期"].map(|name| Column::new(name, name)).to_vec(),
            rows: vec![vec![
                Cell::Text("=cmd()".to_owned()),
                Cell::Whole(3),
                Cell::Money(112_005),
                Cell::Day("2026-11-28".to_owned()),
            ]],
        }
    }

    #[test]
    fn no_cell_is_a_formula() {
        for bad in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\u{3000}@x", "＝1"] {
            assert_eq!(harmless(bad), format!("'{bad}"));
        }
        for good in ["周桂兰", "99010200300400127", "2026-11-24", "", "'=1"] {
            assert_eq!(harmless(good), good);
        }
    }

    #[test]
    fn a_list_as_text_has_commas_and_the_mark_of_utf_8() {
        let text = String::from_utf8(sheet().file(Shape::Csv).unwrap()).unwrap();
        let wanted = "\u{feff}户主,人数,金额,日期\r\n'=cmd(),3,1120.05,2026-11-28\r\n";
        assert_eq!(text, wanted);
        assert_eq!(Cell::Money(-560).to_string(), "-5.60");
        assert_eq!(Cell::word("差额", "By the difference").to_string(), "差额");
    }

    #[test]
    fn numbers_amounts_and_days_are_values_in_a_workbook() {
        let bytes = sheet().file(Shape::Xlsx).unwrap();
        let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
        let mut text = String::new();
        zip.by_name("xl/worksheets/sheet1.xml").unwrap().read_to_string(&mut text).unwrap();
        // 2026-11-28 is day 46354 of the calendar of workbooks.
        for value in ["<v>3</v>", "<v>1120.05</v>", "<v>46354</v>"] {
            assert!(text.contains(value), "{value}: {text}");
        }
        assert!(!text.contains("<f>"), "{text}");
    }
}
