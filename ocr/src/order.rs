//! Lines sorted as a person reads them: rows from the top, each from the left.

use crate::geometry::Slanted;

/// The numbers of `lines` in reading order.
///
/// The page is levelled first by the middle of all slopes, so that a long row
/// of a skewed table stays one row. A line belongs to the row above it when
/// their middles differ by less than half the height of the lower of the two.
pub(crate) fn reading_order(lines: &[Slanted]) -> Vec<usize> {
    let slope = slope(lines);
    let level = |index: usize| lines[index].centre.turned(-slope);
    let mut numbers: Vec<usize> = (0..lines.len()).collect();
    numbers.sort_by(|&a, &b| level(a).y.total_cmp(&level(b).y));
    let mut rows: Vec<Vec<usize>> = Vec::new();
    for number in numbers {
        match rows.last_mut() {
            Some(row) if row.iter().any(|&other| same_row(lines, slope, other, number)) => {
                row.push(number);
            }
            _ => rows.push(vec![number]),
        }
    }
    for row in &mut rows {
        row.sort_by(|&a, &b| level(a).x.total_cmp(&level(b).x));
    }
    rows.concat()
}

fn same_row(lines: &[Slanted], slope: f64, a: usize, b: usize) -> bool {
    let (a, b) = (&lines[a], &lines[b]);
    let apart = (a.centre.turned(-slope).y - b.centre.turned(-slope).y).abs();
    apart < a.height.min(b.height) / 2.0
}

/// The median slope of the lines long enough to show one, in radians.
fn slope(lines: &[Slanted]) -> f64 {
    let long = lines.iter().filter(|line| line.width > 3.0 * line.height);
    let mut slopes: Vec<f64> = long.map(|line| line.angle).collect();
    slopes.sort_by(f64::total_cmp);
    slopes.get(slopes.len() / 2).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Point;

    /// Lines 30 high at the places of a level page, which is then turned.
    fn page(places: &[(f64, f64, f64)], angle: f64) -> Vec<Slanted> {
        let line = |&(x, y, width): &(f64, f64, f64)| Slanted {
            centre: Point::new(x + width / 2., y).turned(angle),
            width,
            height: 30.,
            angle,
        };
        places.iter().map(line).collect()
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
        assert_eq!(reading_order(&page(&FORM, 0.0)), [3, 1, 2, 0, 4]);
    }

    #[test]
    fn a_skewed_page_is_levelled_first() {
        // Two degrees over 1000 pixels shift a row by more than a line.
        assert_eq!(reading_order(&page(&FORM, 0.035)), [3, 1, 2, 0, 4]);
        assert_eq!(reading_order(&page(&FORM, -0.035)), [3, 1, 2, 0, 4]);
    }

    #[test]
    fn nothing_and_one() {
        assert!(reading_order(&[]).is_empty());
        assert_eq!(reading_order(&page(&FORM[..1], 0.0)), [0]);
    }
}
