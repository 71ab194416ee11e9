//! The rows of a table below its head.

use jiff::civil::Date;

use super::places::Page;
use super::{Found, Proposed, Rect, SeenLine, beside, bottom, middle_x, middle_y, proposed};
use crate::model::form::{FormField, Group};

/// A column of a table on the page.
struct Column<'a> {
    field: &'a FormField,
    head: Rect,
    label: f32,
}

/// The cells of a row, each with its column.
type Row<'a> = Vec<(usize, &'a SeenLine)>;

/// What stands in the rows of a table.
pub(super) fn rows(page: &Page<'_>, group: &Group, today: Date) -> Vec<Proposed> {
    let Some((number, columns)) = head(page, group) else { return Vec::new() };
    let mut proposals = Vec::new();
    for (row, cells) in below(page, number, &columns, group.most).into_iter().enumerate() {
        for (column, line) in cells {
            let column = &columns[column];
            let name = format!("{}.{}.{}", group.code, row + 1, column.field.code);
            let found = Found { page: number, chars: line.chars.clone(), label: column.label };
            proposals.extend(proposed(column.field, &name, &found, today));
        }
    }
    proposals
}

/// The head of a table: the row with the most labels of its columns, at least two.
fn head<'a>(page: &Page<'_>, group: &'a Group) -> Option<(u32, Vec<Column<'a>>)> {
    let mut places = Vec::new();
    for field in &group.columns {
        places.extend(page.labels.of(&field.labels).map(|place| (field, place)));
    }
    let row = |of: &super::labels::Place| {
        let mut columns: Vec<Column<'a>> = Vec::new();
        for (field, place) in &places {
            let known = columns.iter().any(|one| one.field.code == field.code);
            if place.page == of.page && beside(place.bbox, of.bbox) && !known {
                columns.push(Column { field, head: place.bbox, label: place.sure });
            }
        }
        columns.sort_by_key(|one| one.head[0]);
        columns
    };
    let best = places.iter().map(|&(_, place)| (place.page, row(place)));
    best.max_by_key(|(_, columns)| columns.len()).filter(|(_, columns)| columns.len() >= 2)
}

/// The lines below a head, row by row, each with its column.
fn below<'a>(page: &Page<'a>, number: u32, columns: &[Column<'_>], most: usize) -> Vec<Row<'a>> {
    let floor = columns.iter().map(|one| bottom(one.head)).max().unwrap_or(0);
    let tall = columns.iter().map(|one| one.head[3]).max().unwrap_or(1);
    let mut lines: Vec<(usize, &SeenLine)> = page
        .lines
        .iter()
        .enumerate()
        .filter(|(_, line)| line.page == number && middle_y(line.bbox) > floor)
        .collect();
    lines.sort_by_key(|(_, line)| middle_y(line.bbox));
    let (mut rows, mut last): (Vec<Row<'_>>, u32) = (Vec::new(), floor);
    for (at, line) in lines {
        let column = column_of(columns, line.bbox);
        // A label ends the table; at the side of it one may say what it is of.
        let ends = page.labels.begins(at) && column.is_some();
        if ends || middle_y(line.bbox) > last + tall * 4 {
            break;
        }
        let Some(column) = column.filter(|_| !page.labels.begins(at)) else { continue };
        last = last.max(bottom(line.bbox));
        let same =
            rows.last_mut().filter(|row| row.iter().any(|(_, one)| beside(one.bbox, line.bbox)));
        match same {
            Some(row) if row.iter().any(|(one, _)| *one == column) => {}
            Some(row) => row.push((column, line)),
            None => rows.push(vec![(column, line)]),
        }
    }
    // What is alone in a row is the rest of what did not fit into one.
    rows.retain(|row| row.len() >= 2);
    rows.truncate(most);
    rows
}

/// The column in whose reach the middle of a box is; none left of the first.
fn column_of(columns: &[Column<'_>], bbox: Rect) -> Option<usize> {
    let middle = middle_x(bbox);
    let centre = |at: usize| middle_x(columns[at].head);
    let first = columns.first()?;
    let half = match columns.len() {
        1 => first.head[2],
        _ => (centre(1) - centre(0)) / 2,
    };
    if middle + half.max(first.head[2]) < centre(0) {
        return None;
    }
    (0..columns.len()).min_by_key(|at| centre(*at).abs_diff(middle))
}
