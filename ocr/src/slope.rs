//! How crooked a page lies, by the lines on it.
//!
//! A crooked page is not turned: each line is cut out along its own slope, and
//! what is crooked about the page as a whole matters for the order of its lines
//! and the cells of its tables alone. Up to 20 degrees as many characters are read
//! right as on the straight page.

use crate::geometry::Slanted;

/// How many times as long as high a line must be to show a slope.
const LONG: f64 = 3.0;

/// The slope of the page that `lines` stand on, in radians, clockwise on the
/// screen: the median of those of its long lines, each as often as it is
/// long. 0 without any.
pub(crate) fn slope(lines: &[Slanted]) -> f64 {
    let mut long: Vec<&Slanted> =
        lines.iter().filter(|line| line.width > LONG * line.height).collect();
    long.sort_by(|a, b| a.angle.total_cmp(&b.angle));
    let half = long.iter().map(|line| line.width).sum::<f64>() / 2.0;
    let mut passed = 0.0;
    let middle = long.into_iter().find(|line| {
        passed += line.width;
        passed >= half
    });
    middle.map_or(0.0, |line| line.angle)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Point;

    fn line(width: f64, degrees: f64) -> Slanted {
        let centre = Point::new(500., 500.);
        Slanted { centre, width, height: 30., angle: degrees.to_radians() }
    }

    fn degrees(lines: &[Slanted]) -> f64 {
        slope(lines).to_degrees()
    }

    #[test]
    fn a_few_long_lines_outweigh_many_shorter_ones() {
        let mut lines = vec![line(900., 5.1), line(800., 4.9)];
        lines.extend([line(100., -20.); 5]);
        assert!((degrees(&lines) - 4.9).abs() < 1e-9);
    }

    #[test]
    fn short_lines_say_nothing() {
        assert_eq!(slope(&[]), 0.0);
        assert_eq!(slope(&[line(80., 40.)]), 0.0);
        let mut lines = vec![line(900., -3.)];
        lines.extend([line(80., 40.); 90]);
        assert!((degrees(&lines) + 3.0).abs() < 1e-9);
    }
}
