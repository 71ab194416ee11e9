//! A workbook: its first sheet, row by row.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use calamine::{DataRef, Reader, Xlsx, XlsxError};
use zip::ZipArchive;

use super::merged::Merged;
use super::{MOST_COLUMNS, MOST_TEXT, MOST_UNPACKED, Row, SheetError, Why, cell};

/// The most files a workbook is packed of.
const PARTS: usize = 2000;
/// From here on a number of a workbook has lost its last digits.
const PRECISE: f64 = 1e15;

/// Whether a file is packed as workbooks are.
pub(super) fn is_one(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

/// A sheet.
#[derive(Default)]
pub(super) struct Sheet {
    /// Its rows with something in them.
    pub(super) rows: Vec<Row>,
    /// How many cells have a formula.
    pub(super) formulas: u64,
    /// Which cells are merged.
    pub(super) merged: Merged,
    /// How many bytes of text there may be more.
    pub(super) room: usize,
}

/// The first sheet.
pub(super) fn sheet(bytes: &[u8], most: usize) -> Result<Sheet, SheetError> {
    measured(bytes)?;
    // What opens workbooks is not ours: where hostile bytes break it, the file is none.
    std::panic::catch_unwind(|| read(bytes, most)).unwrap_or(Err(SheetError::Text))
}

fn read(bytes: &[u8], most: usize) -> Result<Sheet, SheetError> {
    let unreadable = |_: XlsxError| SheetError::Text;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(unreadable)?;
    let name = book.sheet_names().into_iter().next().ok_or(SheetError::Empty)?;
    let merged = Merged::of(&book.merge_cells_by_sheet_name(&name).map_err(unreadable)?);
    let mut reader = book.worksheet_cells_reader(&name).map_err(unreadable)?;
    let (mut rows, mut formulas): (BTreeMap<u32, Vec<Result<String, Why>>>, u64) =
        (BTreeMap::new(), 0);
    let mut room = MOST_TEXT;
    while let Some(one) = reader.next_cell_with_formula_metadata().map_err(unreadable)? {
        let (row, column) = one.pos;
        formulas += u64::from(one.formula.is_some());
        if matches!(one.value, DataRef::Empty) {
            continue;
        }
        let column = column as usize;
        if column >= MOST_COLUMNS {
            return Err(SheetError::Columns);
        }
        if rows.len() >= most && !rows.contains_key(&row) {
            return Err(SheetError::Rows(most));
        }
        let cells = rows.entry(row).or_default();
        if cells.len() <= column {
            cells.resize(column + 1, Ok(String::new()));
        }
        let shown = shown(&one.value);
        let length = shown.as_ref().map_or(0, String::len);
        room = room.checked_sub(length).ok_or(SheetError::Large)?;
        cells[column] = shown;
    }
    let row = |(at, cells): (u32, Vec<_>)| Row {
        line: u64::from(at) + 1,
        cells: cells.into_iter().collect(),
        merged: Vec::new(),
    };
    Ok(Sheet { rows: rows.into_iter().map(row).collect(), formulas, merged, room })
}

/// Refuses what unpacks to too much. What a file says of its own size is not trusted.
fn measured(bytes: &[u8]) -> Result<(), SheetError> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| SheetError::Text)?;
    if zip.len() > PARTS {
        return Err(SheetError::Large);
    }
    let mut left = MOST_UNPACKED;
    let mut part = vec![0_u8; 64 << 10];
    for at in 0..zip.len() {
        let mut file = zip.by_index(at).map_err(|_| SheetError::Text)?;
        loop {
            let read = file.read(&mut part).map_err(|_| SheetError::Text)?;
            if read == 0 {
                break;
            }
            left = left.checked_sub(read as u64).ok_or(SheetError::Large)?;
        }
    }
    Ok(())
}

fn shown(value: &DataRef<'_>) -> Result<String, Why> {
    match value {
        DataRef::Int(number) => Ok(number.to_string()),
        DataRef::Float(number) => Ok(written(*number)),
        DataRef::String(text) => cell(text),
        DataRef::SharedString(text) => cell(text),
        DataRef::Bool(true) => Ok("1".to_owned()),
        DataRef::Bool(false) => Ok("0".to_owned()),
        DataRef::DateTime(day) if day.is_datetime() => {
            let (year, month, day, ..) = day.to_ymd_hms_milli();
            Ok(format!("{year:04}-{month:02}-{day:02}"))
        }
        DataRef::DateTime(span) => Ok(written(span.as_f64())),
        DataRef::DateTimeIso(text) => cell(text.split('T').next().unwrap_or(text)),
        DataRef::DurationIso(text) => cell(text),
        DataRef::Error(_) => Err(Why::new("有一格的公式出错", "the formula of a cell fails")),
        DataRef::Empty => Ok(String::new()),
    }
}

/// A number as people write it, or as a power of ten where its last digits are lost.
fn written(number: f64) -> String {
    if number.abs() >= PRECISE {
        return format!("{number:.5E}");
    }
    // What adding up has left behind the sixth decimal is none of anybody's.
    let text = format!("{number:.6}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
