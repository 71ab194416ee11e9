//! 合并单元格: cells of a sheet that are merged with others.

use std::collections::BTreeMap;

use calamine::Dimensions;

use super::{MOST_COLUMNS, Row, SheetError, Why};

/// What is said in Chinese and English.
type Said = (&'static str, &'static str);

/// What is said of a row that is merged with others, where that counts for nothing.
const ROWS: Said = (
    "这一行有跨行的合并单元格，请先拆开",
    "the row has cells that are merged with other rows: unmerge them first",
);
/// What is said of a row with cells that are merged across columns.
const COLUMNS: Said = (
    "这一行有跨列的合并单元格，请先拆开",
    "the row has cells that are merged across columns: unmerge them first",
);
/// What is said of a row that is merged with the names of the columns.
const HEADS: Said = (
    "这一行和表头合并在一起，请先拆开",
    "the row is merged with the names of the columns: unmerge it first",
);

/// Rows from one to another, both with, sorted and apart from each other.
#[derive(Debug, Default)]
struct Spans(Vec<(u32, u32)>);

impl Spans {
    /// Those that touch are one.
    fn joined(mut spans: Vec<(u32, u32)>) -> Self {
        spans.sort_unstable();
        let mut joined: Vec<(u32, u32)> = Vec::new();
        for (start, end) in spans {
            match joined.last_mut() {
                Some(last) if start <= last.1 => last.1 = last.1.max(end),
                _ => joined.push((start, end)),
            }
        }
        Self(joined)
    }

    /// The one that a row is in.
    fn around(&self, row: u32) -> Option<(u32, u32)> {
        let after = self.0.partition_point(|span| span.0 <= row);
        after.checked_sub(1).and_then(|at| self.0.get(at)).copied().filter(|span| row <= span.1)
    }
}

/// The merged cells of a sheet. Rows are counted from 0. As many spans are kept as the file
/// has regions, and none of the cells in them.
#[derive(Debug, Default)]
pub(super) struct Merged {
    /// Rows that are merged with other rows, in any column.
    rows: Spans,
    /// Rows with cells merged across columns, or in two ways.
    across: Spans,
    /// By column, rows that are merged in this one alone.
    down: BTreeMap<usize, Spans>,
}

impl Merged {
    pub(super) fn of(regions: &[Dimensions]) -> Self {
        let rows = |one: &Dimensions| (one.start.0, one.end.0);
        let several = regions.iter().filter(|one| one.end.0 > one.start.0);
        let mut across: Vec<_> =
            regions.iter().filter(|one| one.end.1 > one.start.1).map(rows).collect();
        let mut down: BTreeMap<usize, Vec<(u32, u32)>> = BTreeMap::new();
        for one in several.clone().filter(|one| one.end.1 == one.start.1) {
            let column = one.start.1 as usize;
            if column < MOST_COLUMNS {
                down.entry(column).or_default().push(rows(one));
            }
        }
        for spans in down.values_mut() {
            spans.sort_unstable();
            // No program merges a cell with two others; whose it is cannot be said.
            let twice = spans.windows(2).filter(|two| two[1].0 <= two[0].1);
            across.extend(twice.flatten().copied());
        }
        Self {
            rows: Spans::joined(several.map(rows).collect()),
            across: Spans::joined(across),
            down: down.into_iter().map(|(column, spans)| (column, Spans(spans))).collect(),
        }
    }

    /// Marks rows that are merged with others as ones that cannot be read.
    pub(super) fn refuse(&self, rows: &mut [Row]) {
        for row in rows {
            if self.rows.around(at(row)).is_some() {
                row.cells = Err(Why::new(ROWS.0, ROWS.1));
            }
        }
    }

    /// Gives every row what stands in the cells that are merged down to it; `room` is how
    /// many bytes of text there may be.
    pub(super) fn fill(&self, rows: &mut [Row], mut room: usize) -> Result<(), SheetError> {
        let mut first: BTreeMap<(usize, u32), String> = BTreeMap::new();
        for row in rows {
            let line = at(row);
            let Ok(cells) = &mut row.cells else { continue };
            for (column, spans) in &self.down {
                let Some((start, _)) = spans.around(line) else { continue };
                row.merged.push((*column, u64::from(start) + 1));
                if line == start {
                    let cell = cells.get(*column).cloned().unwrap_or_default();
                    first.insert((*column, start), cell);
                    continue;
                }
                let cell = first.get(&(*column, start)).cloned().unwrap_or_default();
                room = room.checked_sub(cell.len()).ok_or(SheetError::Large)?;
                if cells.len() <= *column {
                    cells.resize(column + 1, String::new());
                }
                cells[*column] = cell;
            }
        }
        Ok(())
    }

    /// Marks the rows below line `heads` that cannot be read although they are filled.
    pub(super) fn refuse_below(&self, heads: u64, rows: &mut [Row]) {
        for row in rows {
            if self.across.around(at(row)).is_some() {
                row.cells = Err(Why::new(COLUMNS.0, COLUMNS.1));
            } else if row.merged.iter().any(|(_, start)| *start <= heads) {
                row.cells = Err(Why::new(HEADS.0, HEADS.1));
            }
        }
    }
}

/// The number of a row of a sheet, from 0.
fn at(row: &Row) -> u32 {
    u32::try_from(row.line.saturating_sub(1)).unwrap_or(u32::MAX)
}
