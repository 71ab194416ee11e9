//! Points, convex hulls and slanted rectangles.
//!
//! Everything is in `f64`: in `f32` the hull of a long thin text line
//! degenerates and the line is lost.

/// A point; x grows to the right, y grows downwards.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Point {
    pub(crate) x: f64,
    pub(crate) y: f64,
}

impl Point {
    pub(crate) fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    /// This point after a turn of the axes by `angle` radians around the origin.
    pub(crate) fn turned(self, angle: f64) -> Self {
        let (sin, cos) = angle.sin_cos();
        Self::new(self.x * cos - self.y * sin, self.x * sin + self.y * cos)
    }
}

/// A rectangle with sides `width` along `angle` and `height` across it.
///
/// `angle` is in radians, clockwise on the screen, within ±45°: the width is
/// always the side nearer to horizontal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Slanted {
    pub(crate) centre: Point,
    pub(crate) width: f64,
    pub(crate) height: f64,
    pub(crate) angle: f64,
}

impl Slanted {
    /// The rectangle with all four sides moved outwards by
    /// `area * ratio / perimeter`, which undoes the shrinking the detection
    /// model was trained with.
    pub(crate) fn grown(self, ratio: f64) -> Self {
        let perimeter = 2.0 * (self.width + self.height);
        if perimeter <= 0.0 {
            return self;
        }
        let offset = self.width * self.height * ratio / perimeter;
        Self { width: self.width + 2.0 * offset, height: self.height + 2.0 * offset, ..self }
    }

    /// The four corners, clockwise from the top left.
    pub(crate) fn corners(&self) -> [Point; 4] {
        [(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)].map(|(x, y)| self.at(x, y))
    }

    /// The point `x` widths and `y` heights away from the centre.
    pub(crate) fn at(&self, x: f64, y: f64) -> Point {
        let arm = Point::new(x * self.width, y * self.height).turned(self.angle);
        Point::new(self.centre.x + arm.x, self.centre.y + arm.y)
    }

    /// Whether `point` lies inside.
    pub(crate) fn holds(&self, point: Point) -> bool {
        let arm = Point::new(point.x - self.centre.x, point.y - self.centre.y).turned(-self.angle);
        arm.x.abs() <= self.width / 2.0 && arm.y.abs() <= self.height / 2.0
    }

    /// Its area.
    pub(crate) fn area(&self) -> f64 {
        self.width * self.height
    }

    /// Whether the text in it runs from top to bottom.
    pub(crate) fn is_tall(&self) -> bool {
        self.height >= self.width * 1.5
    }
}

/// The upright pixel box `[x, y, width, height]` around `points`, kept inside
/// a page of `width` by `height` and at least one pixel large.
pub(crate) fn bounds(points: &[Point], width: u32, height: u32) -> [u32; 4] {
    let span = |values: &mut dyn Iterator<Item = f64>, limit: u32| {
        let (low, high) =
            values.fold((f64::MAX, f64::MIN), |(low, high), v| (low.min(v), high.max(v)));
        let start = (low.floor().max(0.0) as u32).min(limit.saturating_sub(1));
        let end = (high.ceil().max(0.0) as u32).min(limit);
        (start, end.saturating_sub(start).max(1))
    };
    let (x, w) = span(&mut points.iter().map(|p| p.x), width);
    let (y, h) = span(&mut points.iter().map(|p| p.y), height);
    [x, y, w, h]
}

/// How much of the smaller of two boxes lies in the other, from 0 to 1.
pub(crate) fn overlap(a: [u32; 4], b: [u32; 4]) -> f64 {
    let shared =
        |p: u32, pl: u32, q: u32, ql: u32| f64::from((p + pl).min(q + ql)) - f64::from(p.max(q));
    let width = shared(a[0], a[2], b[0], b[2]).max(0.0);
    let height = shared(a[1], a[3], b[1], b[3]).max(0.0);
    let area = |r: [u32; 4]| f64::from(r[2]) * f64::from(r[3]);
    width * height / area(a).min(area(b)).max(1.0)
}

/// The corners of the convex hull of `points`, by Andrew's monotone chain.
pub(crate) fn hull(mut points: Vec<Point>) -> Vec<Point> {
    points.sort_by(|a, b| a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y)));
    points.dedup();
    if points.len() < 3 {
        return points;
    }
    let half = |points: &mut dyn Iterator<Item = Point>| {
        let mut chain: Vec<Point> = Vec::new();
        for point in points {
            while let [.., a, b] = chain[..] {
                let cross = (b.x - a.x) * (point.y - a.y) - (b.y - a.y) * (point.x - a.x);
                if cross > 0.0 {
                    break;
                }
                chain.pop();
            }
            chain.push(point);
        }
        chain.pop();
        chain
    };
    let mut corners = half(&mut points.iter().copied());
    corners.extend(half(&mut points.iter().rev().copied()));
    corners
}

/// The slanted rectangle of least area around `points`; `None` for no points.
///
/// One side of it always lies along an edge of the hull, so trying every edge
/// is enough.
pub(crate) fn least_rectangle(points: Vec<Point>) -> Option<Slanted> {
    let corners = hull(points);
    let first = *corners.first()?;
    let edges = corners.iter().zip(corners.iter().cycle().skip(1));
    edges
        .map(|(a, b)| level_angle((b.y - a.y).atan2(b.x - a.x)))
        .map(|angle| around(&corners, angle))
        .min_by(|a, b| (a.width * a.height).total_cmp(&(b.width * b.height)))
        .or(Some(Slanted { centre: first, width: 0.0, height: 0.0, angle: 0.0 }))
}

/// `angle` brought within ±45° by quarter turns.
fn level_angle(angle: f64) -> f64 {
    let quarter = std::f64::consts::FRAC_PI_2;
    angle - quarter * (angle / quarter).round()
}

/// The rectangle around `corners` whose width runs along `angle`.
fn around(corners: &[Point], angle: f64) -> Slanted {
    let (mut left, mut right) = (f64::MAX, f64::MIN);
    let (mut top, mut bottom) = (f64::MAX, f64::MIN);
    for corner in corners.iter().map(|p| p.turned(-angle)) {
        (left, right) = (left.min(corner.x), right.max(corner.x));
        (top, bottom) = (top.min(corner.y), bottom.max(corner.y));
    }
    let centre = Point::new((left + right) / 2.0, (top + bottom) / 2.0).turned(angle);
    Slanted { centre, width: right - left, height: bottom - top, angle }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-6
    }

    #[test]
    fn hull_leaves_out_inner_and_straight_points() {
        let square = [(0., 0.), (4., 0.), (4., 4.), (0., 4.), (2., 2.), (2., 0.), (4., 0.)];
        let corners = hull(square.iter().map(|&(x, y)| Point::new(x, y)).collect());
        assert_eq!(corners.len(), 4);
        assert!(!corners.contains(&Point::new(2., 2.)));
        assert!(!corners.contains(&Point::new(2., 0.)));
    }

    #[test]
    fn a_slanted_rectangle_is_found_again() {
        let drawn =
            Slanted { centre: Point::new(300., 200.), width: 120., height: 30., angle: 0.3 };
        let found = least_rectangle(drawn.corners().to_vec()).unwrap();
        assert!(close(found.width, 120.) && close(found.height, 30.), "{found:?}");
        assert!(close(found.angle, 0.3) && close(found.centre.x, 300.), "{found:?}");
    }

    /// A text line of 1311 by 15 pixels, slightly stepped as a skewed line is:
    /// the shape that degenerates in single precision.
    #[test]
    fn a_long_thin_line_keeps_its_height() {
        let points = (0..1312).flat_map(|x| {
            let step = f64::from(x / 90);
            [Point::new(f64::from(x), 700.0 + step), Point::new(f64::from(x), 714.0 + step)]
        });
        let found = least_rectangle(points.collect()).unwrap();
        assert!(found.width > 1300. && found.height > 13. && found.height < 17., "{found:?}");
    }

    #[test]
    fn the_width_is_the_side_nearer_to_horizontal() {
        let tall = Slanted { centre: Point::new(0., 0.), width: 10., height: 90., angle: 0.1 };
        let found = least_rectangle(tall.corners().to_vec()).unwrap();
        assert!(found.is_tall() && close(found.width, 10.), "{found:?}");
    }

    #[test]
    fn few_points_do_no_harm() {
        assert!(least_rectangle(Vec::new()).is_none());
        let dot = least_rectangle(vec![Point::new(3., 4.)]).unwrap();
        assert!(close(dot.width, 0.) && close(dot.centre.y, 4.));
        let stroke = least_rectangle(vec![Point::new(0., 0.), Point::new(9., 0.)]).unwrap();
        assert!(close(stroke.width, 9.) && close(stroke.height, 0.));
    }

    #[test]
    fn growing_moves_every_side_alike() {
        let line = Slanted { centre: Point::new(0., 0.), width: 100., height: 20., angle: 0. };
        let grown = line.grown(1.5);
        let offset = 100. * 20. * 1.5 / 240.;
        assert!(close(grown.width, 100. + 2. * offset) && close(grown.height, 20. + 2. * offset));
    }

    #[test]
    fn bounds_stay_on_the_page() {
        let corners = [Point::new(-5., 3.2), Point::new(50., 99.)];
        assert_eq!(bounds(&corners, 40, 60), [0, 3, 40, 57]);
        assert_eq!(bounds(&[Point::new(99., 99.)], 40, 60), [39, 59, 1, 1]);
    }

    #[test]
    fn overlap_is_a_share_of_the_smaller_box() {
        assert!(close(overlap([0, 0, 100, 10], [50, 0, 10, 10]), 1.));
        assert!(close(overlap([0, 0, 10, 10], [5, 0, 10, 10]), 0.5));
        assert!(close(overlap([0, 0, 10, 10], [20, 0, 10, 10]), 0.));
    }
}
