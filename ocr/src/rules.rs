//! The ruled lines of forms and tables, and the cell that a text line is in.
//!
//! Everything here is on the levelled page: its slope is taken out, so that a
//! rule stays in one row of pixels, and its long side is brought to
//! [`SIDE`] pixels.

use crate::geometry::{Point, Slanted};
use crate::sheet::Sheet;

/// Long side of the levelled page in pixels. At this size a rule of an A4 form
/// is one or two pixels thick, and a character some fifteen high.
const SIDE: f64 = 1200.0;
/// How much darker a rule is than the paper on both sides of it.
const CONTRAST: f32 = 28.0;
/// How far beside a pixel the paper is looked at.
const BESIDE: usize = 4;
/// Least length of a rule: across, longer than a few strokes of characters in
/// a row; down, longer than a stroke of one.
const LEAST: (usize, usize) = (60, 26);
/// Pixels that a rule may be broken for, where others cross it or ink is thin.
const GAP: usize = 6;
/// Least share of its pixels that are dark.
const DENSITY: f64 = 0.8;
/// Pixels by which the sides of one cell may differ as seen from two lines.
const SLACK: f64 = 4.0;

/// How the page is levelled.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Level {
    centre: Point,
    slope: f64,
    /// Levelled pixels a page pixel.
    scale: f64,
}

impl Level {
    /// The way to level a page of `size` whose lines rise by `slope` radians.
    pub(crate) fn of(size: (u32, u32), slope: f64) -> Self {
        let (width, height) = (f64::from(size.0), f64::from(size.1));
        let scale = (SIDE / width.max(height).max(1.0)).min(1.0);
        Self { centre: Point::new(width / 2.0, height / 2.0), slope, scale }
    }

    /// Where a point of the page is on the levelled page.
    pub(crate) fn at(&self, point: Point) -> Point {
        let arm = Point::new(point.x - self.centre.x, point.y - self.centre.y).turned(-self.slope);
        Point::new((arm.x + self.centre.x) * self.scale, (arm.y + self.centre.y) * self.scale)
    }

    /// The levelled length of a length on the page.
    pub(crate) fn length(&self, length: f64) -> f64 {
        length * self.scale
    }

    fn to_page(self, x: f64, y: f64) -> Point {
        let (x, y) = (x / self.scale - self.centre.x, y / self.scale - self.centre.y);
        let arm = Point::new(x, y).turned(self.slope);
        Point::new(arm.x + self.centre.x, arm.y + self.centre.y)
    }
}

/// A ruled cell, in pixels of the levelled page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Cell {
    pub(crate) left: f64,
    pub(crate) top: f64,
    right: f64,
    bottom: f64,
}

impl Cell {
    /// Whether two lines that found these cells are in the same.
    pub(crate) fn is(&self, other: &Self) -> bool {
        let close = |a: f64, b: f64| (a - b).abs() <= SLACK;
        close(self.left, other.left)
            && close(self.top, other.top)
            && close(self.right, other.right)
            && close(self.bottom, other.bottom)
    }
}

/// A straight rule: at `place` across its direction, from `start` to `end` along it.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Rule {
    place: usize,
    start: usize,
    end: usize,
}

/// The rules of a page.
#[derive(Debug)]
pub(crate) struct Rules {
    level: Level,
    across: Vec<Rule>,
    down: Vec<Rule>,
}

impl Rules {
    /// The rules on `sheet`, a page of `size`.
    pub(crate) fn of(sheet: &Sheet, size: (u32, u32), level: Level) -> Self {
        let grid = Grid::of(sheet, size, level);
        let across = rules(grid.height, grid.width, LEAST.0, |y, x| {
            y >= BESIDE && y + BESIDE < grid.height && grid.is_thin(x, y, (0, BESIDE))
        });
        let down = rules(grid.width, grid.height, LEAST.1, |x, y| {
            x >= BESIDE && x + BESIDE < grid.width && grid.is_thin(x, y, (BESIDE, 0))
        });
        Self { level, across, down }
    }

    /// The cell that `line` stands in: the nearest rule on each of its four
    /// sides. None when one of them is missing.
    pub(crate) fn cell(&self, line: &Slanted) -> Option<Cell> {
        let centre = self.level.at(line.centre);
        let (width, height) = (self.level.length(line.width), self.level.length(line.height));
        // The box is larger than the ink, and may lie over a rule.
        let loose = 0.5 * width.min(height);
        let (across, down) = ((width / 2.0 - loose).max(0.0), (height / 2.0 - loose).max(0.0));
        let beside = |rules: &[Rule], along: f64| {
            let covers = |rule: &&Rule| (rule.start as f64..=rule.end as f64).contains(&along);
            rules.iter().filter(covers).map(|rule| rule.place as f64).collect::<Vec<_>>()
        };
        let (columns, rows) = (beside(&self.down, centre.y), beside(&self.across, centre.x));
        let before = |places: &[f64], at: f64| {
            places.iter().copied().filter(|&place| place <= at).reduce(f64::max)
        };
        let after = |places: &[f64], at: f64| {
            places.iter().copied().filter(|&place| place >= at).reduce(f64::min)
        };
        Some(Cell {
            left: before(&columns, centre.x - across)?,
            top: before(&rows, centre.y - down)?,
            right: after(&columns, centre.x + across)?,
            bottom: after(&rows, centre.y + down)?,
        })
    }
}

/// The levelled page in grey.
struct Grid {
    width: usize,
    height: usize,
    grey: Vec<f32>,
}

impl Grid {
    fn of(sheet: &Sheet, size: (u32, u32), level: Level) -> Self {
        let side = |length: u32| (f64::from(length) * level.scale) as usize;
        let (width, height) = (side(size.0), side(size.1));
        let mut grey = Vec::with_capacity(width * height);
        for y in 0..height {
            let start = level.to_page(0.5, y as f64 + 0.5);
            let next = level.to_page(1.5, y as f64 + 0.5);
            let (dx, dy) = (next.x - start.x, next.y - start.y);
            for x in 0..width {
                let (px, py) = (start.x + dx * x as f64, start.y + dy * x as f64);
                // The darker of two, so that a rule thinner than a step stays.
                let at = |shift: f64| {
                    sheet.sample((px + shift - 0.5) as f32, (py + shift - 0.5) as f32)[1]
                };
                grey.push(at(-0.5).min(at(0.5)));
            }
        }
        Self { width, height, grey }
    }

    /// Whether there is thin ink: paper `beside` it on both sides.
    fn is_thin(&self, x: usize, y: usize, beside: (usize, usize)) -> bool {
        let at = |x: usize, y: usize| self.grey[y * self.width + x];
        let paper = at(x - beside.0, y - beside.1).min(at(x + beside.0, y + beside.1));
        paper - at(x, y) > CONTRAST
    }
}

/// The rules along `length` in each of `places`, where `is_ink(place, along)`,
/// itself or a neighbouring place, for a step of the slope is left over.
fn rules(
    places: usize,
    length: usize,
    least: usize,
    is_ink: impl Fn(usize, usize) -> bool,
) -> Vec<Rule> {
    let mut found = Vec::new();
    let row = |place: usize| (0..length).map(|along| is_ink(place, along)).collect::<Vec<_>>();
    let (mut before, mut here) = (vec![false; length], row(0));
    for place in 0..places {
        let after = if place + 1 < places { row(place + 1) } else { vec![false; length] };
        let ink = |along: usize| before[along] || here[along] || after[along];
        let (mut start, mut dark, mut last) = (0, 0, None);
        for along in 0..=length {
            if along < length && ink(along) {
                if last.is_none() {
                    (start, dark) = (along, 0);
                }
                dark += 1;
                last = Some(along);
            } else if let Some(end) = last
                && (along == length || along - end > GAP)
            {
                let long = end + 1 - start;
                if long >= least && dark as f64 >= DENSITY * long as f64 {
                    found.push(Rule { place, start, end });
                }
                last = None;
            }
        }
        (before, here) = (here, after);
    }
    found
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use image::{Rgb, RgbImage};

    const SIZE: (u32, u32) = (1654, 2339);

    /// A table of two columns and two rows, 600 by 200 pixels from (300, 400),
    /// drawn on a page that is turned by `slope`.
    fn table(slope: f64) -> RgbImage {
        let level = Level { scale: 1.0, ..Level::of(SIZE, slope) };
        RgbImage::from_fn(SIZE.0, SIZE.1, |x, y| {
            let at = level.at(Point::new(f64::from(x), f64::from(y)));
            let near = |value: f64, rule: f64| (value - rule).abs() < 1.3;
            let row = [400., 500., 600.].iter().any(|&rule| near(at.y, rule));
            let column = [300., 500., 900.].iter().any(|&rule| near(at.x, rule));
            let inside = (299. ..901.).contains(&at.x) && (399. ..601.).contains(&at.y);
            Rgb([if inside && (row || column) { 60 } else { 240 }; 3])
        })
    }

    fn line(level: &Level, x: f64, y: f64, slope: f64) -> Slanted {
        let full = Level { scale: 1.0, ..*level };
        Slanted { centre: full.to_page(x, y), width: 120., height: 40., angle: slope }
    }

    #[test]
    fn a_line_is_in_the_cell_around_it_however_the_page_lies() {
        for slope in [0.0, 2.0, -2.0, 3.0, 5.0, -10.0, 10.0f64].map(f64::to_radians) {
            let page = table(slope);
            let level = Level::of(SIZE, slope);
            let rules = Rules::of(&Sheet::colour(&page), SIZE, level);
            let cell = |x, y| rules.cell(&line(&level, x, y, slope));
            let first = cell(400., 430.).unwrap();
            let scale = level.scale;
            assert!((first.left - 300. * scale).abs() < 3., "{first:?} at {slope}");
            assert!((first.top - 400. * scale).abs() < 3., "{first:?} at {slope}");
            assert!(first.is(&cell(400., 470.).unwrap()), "two lines of one cell");
            assert!(!first.is(&cell(600., 430.).unwrap()), "the cell beside it");
            assert!(!first.is(&cell(400., 550.).unwrap()), "the cell below it");
            assert_eq!(cell(400., 300.), None, "above the table");
            assert_eq!(cell(1100., 450.), None, "beside the table");
        }
    }

    #[test]
    fn strokes_are_no_rules() {
        // A row of characters as blocks of 30 pixels, 4 apart, with a stroke in their middle.
        let page = RgbImage::from_fn(SIZE.0, SIZE.1, |x, y| {
            let stroke = (500..503).contains(&y) && x % 34 < 22;
            let upright = (490..520).contains(&y) && x % 34 == 10;
            Rgb([if stroke || upright { 40 } else { 240 }; 3])
        });
        let rules = Rules::of(&Sheet::colour(&page), SIZE, Level::of(SIZE, 0.0));
        assert!(rules.across.is_empty() && rules.down.is_empty(), "{rules:?}");
    }
}
