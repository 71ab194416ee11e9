//! Writing that runs downwards: columns beside each other are one block, read
//! from the right.

use crate::geometry::Slanted;
use crate::order::{Place, in_rows};
use crate::rules::Level;

/// How far columns of one block are apart at the most, in widths of the wider.
const APART: f64 = 2.0;
/// How far the parts of a broken column are apart at the most, in its widths.
const BROKEN: f64 = 3.0;

/// Where a tall line is on the levelled page.
#[derive(Debug, Clone, Copy)]
struct Column {
    number: usize,
    left: f64,
    top: f64,
    width: f64,
    height: f64,
}

impl Column {
    fn right(&self) -> f64 {
        self.left + self.width
    }

    fn bottom(&self) -> f64 {
        self.top + self.height
    }

    /// Whether another column stands beside this one, or goes on below it.
    fn touches(&self, other: &Self) -> bool {
        let shared = |a: (f64, f64), b: (f64, f64)| a.1.min(b.1) - a.0.max(b.0);
        let across = shared((self.left, self.right()), (other.left, other.right()));
        let down = shared((self.top, self.bottom()), (other.top, other.bottom()));
        let widest = self.width.max(other.width);
        let is_beside = down > 0.5 * self.height.min(other.height) && -across < APART * widest;
        let is_below = across > 0.5 * self.width.min(other.width) && -down < BROKEN * widest;
        is_beside || is_below
    }
}

/// The blocks of two and more columns among those `lines` for which
/// `is_free(number)`. Each has the numbers of its lines as they are read, and
/// the place where it begins.
pub(crate) fn blocks(
    lines: &[Slanted],
    level: &Level,
    is_free: impl Fn(usize) -> bool,
) -> Vec<(Place, Vec<usize>)> {
    let tall = (0..lines.len()).filter(|&number| lines[number].is_tall() && is_free(number));
    let mut left: Vec<Column> = tall.map(|number| column(number, &lines[number], level)).collect();
    let mut blocks = Vec::new();
    while let Some(first) = left.pop() {
        let mut block = vec![first];
        let mut seen = 0;
        while let Some(&one) = block.get(seen) {
            let beside = |other: &mut Column| one.touches(other);
            block.extend(left.extract_if(.., beside));
            seen += 1;
        }
        if block.len() > 1 {
            blocks.push(read_down(&block));
        }
    }
    blocks
}

fn column(number: usize, line: &Slanted, level: &Level) -> Column {
    let centre = level.at(line.centre);
    let (width, height) = (level.length(line.width), level.length(line.height));
    let (left, top) = (centre.x - width / 2.0, centre.y - height / 2.0);
    Column { number, left, top, width, height }
}

/// A block's columns from the right, each from its top: rows, on a page that
/// is laid on its left side.
fn read_down(block: &[Column]) -> (Place, Vec<usize>) {
    let laid = |one: &Column| Place::new(one.top, -(one.left + one.width / 2.0), one.width);
    let order = in_rows(&block.iter().map(laid).collect::<Vec<_>>());
    let least = |values: &mut dyn Iterator<Item = f64>| values.fold(f64::MAX, f64::min);
    let width = least(&mut block.iter().map(|one| one.width));
    let left = least(&mut block.iter().map(|one| one.left));
    let top = least(&mut block.iter().map(|one| one.top));
    let place = Place::new(left, top + width / 2.0, width);
    (place, order.into_iter().map(|index| block[index].number).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Point;

    const SIZE: (u32, u32) = (1000, 1000);

    fn line(left: f64, top: f64, width: f64, height: f64) -> Slanted {
        let centre = Point::new(left + width / 2.0, top + height / 2.0);
        Slanted { centre, width, height, angle: 0.0 }
    }

    fn orders(lines: &[Slanted]) -> Vec<Vec<usize>> {
        let found = blocks(lines, &Level::of(SIZE, 0.0), |_| true);
        found.into_iter().map(|(_, numbers)| numbers).collect()
    }

    #[test]
    fn columns_are_read_from_the_right() {
        let column = |left| line(left, 100., 40., 600.);
        let lines = [column(200.), line(100., 40., 500., 40.), column(340.), column(270.)];
        assert_eq!(orders(&lines), [[2, 3, 0]]);
    }

    #[test]
    fn a_broken_column_is_read_to_its_end() {
        let lines = [
            line(200., 100., 40., 500.),
            line(300., 400., 40., 300.),
            line(302., 100., 40., 250.),
            line(100., 104., 40., 90.),
        ];
        assert_eq!(orders(&lines), [[2, 1, 0, 3]]);
    }

    #[test]
    fn blocks_far_apart_and_single_columns_stand_alone() {
        let mut lines = vec![line(100., 100., 40., 300.), line(600., 100., 40., 300.)];
        assert!(orders(&lines).is_empty());
        lines.extend([line(170., 120., 40., 300.), line(670., 120., 40., 100.)]);
        let mut found = orders(&lines);
        found.sort();
        assert_eq!(found, [[2, 0], [3, 1]]);
        // One column above another, with other text between.
        assert!(orders(&[line(100., 0., 40., 300.), line(100., 600., 40., 300.)]).is_empty());
    }

    #[test]
    fn what_is_not_free_is_left_out() {
        let lines = [line(100., 100., 40., 300.), line(170., 100., 40., 300.)];
        assert!(blocks(&lines, &Level::of(SIZE, 0.0), |number| number > 0).is_empty());
    }
}
