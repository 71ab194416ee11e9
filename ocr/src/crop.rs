//! One slanted line cut out of the page, level and ready for a model.

use rten_tensor::NdTensor;

use crate::geometry::{Point, Slanted, bounds};
use crate::sheet::Levels;

/// A line's frame on the page, in reading direction.
///
/// A place in it is (`u`, `v`): 0 to 1 along the line, and 0 to 1 across it
/// from the top of the characters to their foot.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Strip {
    corner: Point,
    along: Point,
    across: Point,
    length: f64,
    height: f64,
}

impl Strip {
    /// The frame of `line`. A tall one is laid on its left side, as the
    /// recognition model was taught to read lines that run downwards.
    pub(crate) fn of(line: &Slanted) -> Self {
        let [top_left, top_right, bottom_right, bottom_left] = line.corners();
        let between = |a: Point, b: Point| Point::new(b.x - a.x, b.y - a.y);
        if line.is_tall() {
            Self {
                corner: top_right,
                along: between(top_right, bottom_right),
                across: between(top_right, top_left),
                length: line.height,
                height: line.width,
            }
        } else {
            Self {
                corner: top_left,
                along: between(top_left, top_right),
                across: between(top_left, bottom_left),
                length: line.width,
                height: line.height,
            }
        }
    }

    /// Length of the line in units of its height.
    pub(crate) fn aspect(&self) -> f64 {
        self.length / self.height.max(1.0)
    }

    /// The strip with its height multiplied by `factor` around its middle.
    pub(crate) fn with_air(&self, factor: f64) -> Self {
        let shift = (1.0 - factor) / 2.0;
        Self {
            corner: self.point(0.0, shift),
            across: Point::new(self.across.x * factor, self.across.y * factor),
            height: self.height * factor,
            ..*self
        }
    }

    /// The page point at (`u`, `v`).
    pub(crate) fn point(&self, u: f64, v: f64) -> Point {
        Point::new(
            self.corner.x + u * self.along.x + v * self.across.x,
            self.corner.y + u * self.along.y + v * self.across.y,
        )
    }

    /// The upright box `[x, y, width, height]` around the part of the strip
    /// from `start` to `end` (both 0 to 1), on a page of `size`.
    pub(crate) fn bounds(&self, start: f64, end: f64, size: (u32, u32)) -> [u32; 4] {
        let corners = [(start, 0.0), (end, 0.0), (start, 1.0), (end, 1.0)];
        bounds(&corners.map(|(u, v)| self.point(u, v)), size.0, size.1)
    }

    /// The line stretched to `width` by `height` model pixels, from -1 to 1 in
    /// blue, green and red; columns from `width` to `padded` are left at 0.
    pub(crate) fn input(
        &self,
        levels: &Levels,
        height: usize,
        width: usize,
        padded: usize,
    ) -> NdTensor<f32, 4> {
        let (sheet, size) = levels.at(height as f64 / self.height.max(1.0));
        let plane = height * padded;
        let mut values = vec![0.0f32; 3 * plane];
        // Across a row the samples are evenly spaced: start and step are enough.
        let step = (
            (self.along.x / width as f64 * size) as f32,
            (self.along.y / width as f64 * size) as f32,
        );
        for row in 0..height {
            let start = self.point(0.5 / width as f64, (row as f64 + 0.5) / height as f64);
            let (x, y) = ((start.x * size - 0.5) as f32, (start.y * size - 0.5) as f32);
            for column in 0..width {
                let along = column as f32;
                let sample = sheet.sample(x + step.0 * along, y + step.1 * along);
                for (channel, value) in sample.into_iter().enumerate() {
                    values[channel * plane + row * padded + column] = value / 127.5 - 1.0;
                }
            }
        }
        NdTensor::from_data([1, 3, height, padded], values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet::Sheet;
    use image::{Rgb, RgbImage};
    use rten_tensor::prelude::*;

    fn line(width: f64, height: f64, angle: f64) -> Slanted {
        Slanted { centre: Point::new(200., 100.), width, height, angle }
    }

    #[test]
    fn a_level_line_is_cut_as_it_stands() {
        let mut page = RgbImage::from_pixel(400, 200, Rgb([255; 3]));
        for y in 90..110 {
            for x in 250..300 {
                page.put_pixel(x, y, Rgb([0; 3]));
            }
        }
        let levels = Levels::new(Sheet::colour(&page), 1.0);
        let input = Strip::of(&line(200., 20., 0.)).input(&levels, 48, 480, 500);
        assert_eq!(input.shape(), [1, 3, 48, 500]);
        assert!(input[[0, 0, 24, 300]] > 0.99, "before the block is paper");
        assert!(input[[0, 0, 24, 420]] < -0.99, "the block is ink");
        assert_eq!(input[[0, 0, 24, 490]], 0.0, "beyond the line is nothing");
    }

    #[test]
    fn a_tall_line_starts_at_its_top() {
        let strip = Strip::of(&line(20., 120., 0.));
        assert!((strip.aspect() - 6.0).abs() < 1e-9);
        let start = strip.point(0.0, 0.5);
        assert!((start.x - 200.).abs() < 1e-9 && (start.y - 40.).abs() < 1e-9, "{start:?}");
        // What was on the right becomes the top.
        assert!(strip.point(0.5, 0.0).x > strip.point(0.5, 1.0).x);
    }

    #[test]
    fn air_grows_the_height_around_the_same_middle() {
        let strip = Strip::of(&line(200., 20., 0.1));
        let airy = strip.with_air(1.5);
        assert!((airy.aspect() * 1.5 - strip.aspect()).abs() < 1e-9);
        let (before, after) = (strip.point(0.3, 0.5), airy.point(0.3, 0.5));
        assert!((before.x - after.x).abs() < 1e-9 && (before.y - after.y).abs() < 1e-9);
        assert!(airy.point(0.0, 0.0).y < strip.point(0.0, 0.0).y - 4.0);
    }

    #[test]
    fn boxes_follow_a_slanted_line() {
        let strip = Strip::of(&line(200., 20., 0.1));
        let first = strip.bounds(0.0, 0.1, (400, 200));
        let last = strip.bounds(0.9, 1.0, (400, 200));
        assert!(first[1] + 10 < last[1], "{first:?} {last:?}");
        assert!(first[0] < 110 && last[0] + last[2] > 290, "{first:?} {last:?}");
    }
}
