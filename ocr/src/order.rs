//! Lines sorted as a person reads them: rows from the top, each from the left,
//! and the cells of a ruled table one after another.

use crate::columns;
use crate::geometry::{Point, Slanted};
use crate::rules::{Cell, Level, Rules};
use crate::sheet::Sheet;
use crate::slope::slope;

/// The numbers of `lines` in reading order, on a page of `size` that is shown
/// on `sheet`.
///
/// The page is levelled first by its slope, so that a long row of a skewed
/// table stays one row. All lines of a ruled cell are read before the next
/// cell: a label that is broken over two lines stays before its value, a value
/// of three lines stays whole. A cell that reaches over several rows is read
/// with the first. Columns outside of cells, of writing that runs downwards,
/// are read from the right, one block after another.
pub(crate) fn reading_order(lines: &[Slanted], sheet: &Sheet, size: (u32, u32)) -> Vec<usize> {
    let level = Level::of(size, slope(lines));
    let rules = Rules::of(sheet, size, level);
    let cells: Vec<Option<Cell>> = lines.iter().map(|line| rules.cell(line)).collect();
    by_cells(lines, &level, &cells)
}

/// Something to be read in one go: a line, or all lines of a cell.
struct Unit {
    /// Where it begins, on the levelled page.
    place: Place,
    cell: Option<Cell>,
    lines: Vec<usize>,
    /// Whether `lines` are in reading order already.
    in_order: bool,
}

/// The left end and the middle of a row of text, and its height.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    start: Point,
    height: f64,
}

impl Place {
    /// The place of a row that begins at `left`, has its middle at `middle`
    /// and is `height` high.
    pub(crate) fn new(left: f64, middle: f64, height: f64) -> Self {
        Self { start: Point::new(left, middle), height }
    }
}

fn by_cells(lines: &[Slanted], level: &Level, cells: &[Option<Cell>]) -> Vec<usize> {
    let places: Vec<Place> = lines.iter().map(|line| place(line, level)).collect();
    let mut heights: Vec<f64> = places.iter().map(|place| place.height).collect();
    heights.sort_by(f64::total_cmp);
    let usual = heights.get(heights.len() / 2).copied().unwrap_or(0.0);
    let blocks = columns::blocks(lines, level, |number| cells[number].is_none());
    let unit = |(place, lines)| Unit { place, cell: None, lines, in_order: true };
    let mut units: Vec<Unit> = blocks.into_iter().map(unit).collect();
    let mut is_placed = vec![false; lines.len()];
    units.iter().flat_map(|unit| &unit.lines).for_each(|&number| is_placed[number] = true);
    for (number, (&place, cell)) in places.iter().zip(cells).enumerate() {
        if is_placed[number] {
            continue;
        }
        let same = |unit: &&mut Unit| match (cell, unit.cell) {
            (Some(a), Some(b)) => a.is(&b),
            _ => false,
        };
        if let Some(unit) = units.iter_mut().find(same) {
            unit.lines.push(number);
            continue;
        }
        // All cells of a table row begin at one height, wherever their text is.
        let begins = |cell: &Cell| Place::new(cell.left, cell.top + usual / 2.0, usual);
        let place = cell.as_ref().map_or(place, begins);
        units.push(Unit { place, cell: *cell, lines: vec![number], in_order: false });
    }
    let order = in_rows(&units.iter().map(|unit| unit.place).collect::<Vec<_>>());
    let inside = |unit: &Unit| {
        if unit.in_order {
            return unit.lines.clone();
        }
        let places: Vec<Place> = unit.lines.iter().map(|&number| places[number]).collect();
        in_rows(&places).into_iter().map(|index| unit.lines[index]).collect::<Vec<_>>()
    };
    order.into_iter().flat_map(|index| inside(&units[index])).collect()
}

/// The numbers of `places` row by row. One belongs to the row above it when
/// their middles differ by less than half the height of the lower of the two.
pub(crate) fn in_rows(places: &[Place]) -> Vec<usize> {
    let mut numbers: Vec<usize> = (0..places.len()).collect();
    numbers.sort_by(|&a, &b| places[a].start.y.total_cmp(&places[b].start.y));
    let same_row =
        |a: &Place, b: &Place| (a.start.y - b.start.y).abs() < a.height.min(b.height) / 2.0;
    let mut rows: Vec<Vec<usize>> = Vec::new();
    for number in numbers {
        match rows.last_mut() {
            Some(row) if row.iter().any(|&other| same_row(&places[other], &places[number])) => {
                row.push(number);
            }
            _ => rows.push(vec![number]),
        }
    }
    for row in &mut rows {
        row.sort_by(|&a, &b| places[a].start.x.total_cmp(&places[b].start.x));
    }
    rows.concat()
}

fn place(line: &Slanted, level: &Level) -> Place {
    let centre = level.at(line.centre);
    let (width, height) = (level.length(line.width), level.length(line.height));
    Place::new(centre.x - width / 2.0, centre.y, height)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{Rgb, RgbImage};

    const SIZE: (u32, u32) = (1300, 900);

    /// The point of the page that is at (`x`, `y`) when it is level.
    fn turned(x: f64, y: f64, angle: f64) -> Point {
        let (w, h) = (f64::from(SIZE.0) / 2.0, f64::from(SIZE.1) / 2.0);
        let arm = Point::new(x - w, y - h).turned(angle);
        Point::new(arm.x + w, arm.y + h)
    }

    /// Lines 30 high at the places of a level page, which is then turned.
    fn page(places: &[(f64, f64, f64)], angle: f64) -> Vec<Slanted> {
        let line = |&(x, y, width): &(f64, f64, f64)| Slanted {
            centre: turned(x + width / 2., y, angle),
            width,
            height: 30.,
            angle,
        };
        places.iter().map(line).collect()
    }

    fn order(lines: &[Slanted], image: &RgbImage) -> Vec<usize> {
        reading_order(lines, &Sheet::colour(image), SIZE)
    }

    fn plain(lines: &[Slanted]) -> Vec<usize> {
        order(lines, &RgbImage::from_pixel(SIZE.0, SIZE.1, Rgb([240; 3])))
    }

    const FORM: [(f64, f64, f64); 5] = [
        (900., 204., 300.),
        (100., 200., 150.),
        (400., 196., 300.),
        (100., 100., 900.),
        (100., 260., 1000.),
    ];

    #[test]
    fn rows_from_the_top_and_cells_from_the_left() {
        assert_eq!(plain(&page(&FORM, 0.0)), [3, 1, 2, 0, 4]);
    }

    #[test]
    fn a_skewed_page_is_levelled_first() {
        // Two degrees over 1000 pixels shift a row by more than a line.
        for degrees in [2.0, 3.0, 5.0, 10.0, 15.0f64] {
            assert_eq!(plain(&page(&FORM, degrees.to_radians())), [3, 1, 2, 0, 4], "{degrees}");
            assert_eq!(plain(&page(&FORM, -degrees.to_radians())), [3, 1, 2, 0, 4], "-{degrees}");
        }
    }

    #[test]
    fn nothing_and_one() {
        assert!(plain(&[]).is_empty());
        assert_eq!(plain(&page(&FORM[..1], 0.0)), [0]);
    }

    /// A label of two lines before a value of three, and beside the value
    /// another label in the middle of its height; below them a row of a
    /// register, in a table whose first column goes down to its end.
    const TABLE: [(f64, f64, f64); 8] = [
        (120., 240., 60.),
        (120., 280., 60.),
        (320., 220., 260.),
        (320., 260., 260.),
        (320., 300., 100.),
        (720., 260., 100.),
        (320., 380., 100.),
        (720., 380., 100.),
    ];

    #[test]
    fn the_cells_of_a_table_are_read_one_after_another() {
        for angle in [0.0, 2.0, -2.0, 3.0, -5.0, 10.0, -10.0f64].map(f64::to_radians) {
            let level = Level::of(SIZE, angle);
            let scale = level.length(1.0);
            let image = RgbImage::from_fn(SIZE.0, SIZE.1, |x, y| {
                let at = level.at(Point::new(f64::from(x), f64::from(y)));
                let (x, y) = (at.x / scale, at.y / scale);
                let near = |value: f64, rule: f64| (value - rule).abs() < 1.3;
                let row = near(y, 190.) || near(y, 420.) || (near(y, 340.) && x > 300.);
                let column = [100., 300., 700., 1000.].iter().any(|&rule| near(x, rule));
                let inside = (99. ..1001.).contains(&x) && (189. ..421.).contains(&y);
                Rgb([if inside && (row || column) { 50 } else { 240 }; 3])
            });
            let lines = page(&TABLE, angle);
            assert_eq!(order(&lines, &image), [0, 1, 2, 3, 4, 5, 6, 7], "at {angle}");
            // Without its rules, row by row is all that can be said.
            assert_ne!(plain(&lines), [0, 1, 2, 3, 4, 5, 6, 7]);
        }
    }
}
