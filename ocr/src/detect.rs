//! Where the lines are: the first model, and its probability map made boxes.

use std::path::Path;

use rten::Model;
use rten_tensor::prelude::*;
use rten_tensor::{NdTensor, NdTensorView};

use crate::components::regions;
use crate::crew::Crew;
use crate::error::Error;
use crate::geometry::{Point, Slanted, least_rectangle};
use crate::ink::Area;
use crate::models::open;
use crate::neck::Neck;
use crate::sheet::Levels;

const NAME: &str = "detection";
/// The model wants sides that are multiples of this.
const STRIDE: f64 = 32.0;
/// Probability from which a pixel belongs to a line.
const PIXEL: f32 = 0.3;
/// Mean probability from which a box holds a line.
const BOX: f32 = 0.5;
/// How far boxes are grown again after the model's shrinking.
const GROWTH: f64 = 1.6;
/// Least short side of a box in model pixels, before and after growing.
const THIN: (f64, f64) = (3.0, 5.0);
/// Short side in model pixels to which small images are enlarged.
const SHORT_SIDE: f64 = 736.0;

/// The detection model.
#[derive(Debug)]
pub(crate) struct Detector {
    model: Model,
    neck: Option<Neck>,
}

impl Detector {
    /// The model in `path`, tried once on an empty image.
    pub(crate) fn load(path: &Path, crew: &Crew) -> Result<Self, Error> {
        let model = open(NAME, path)?;
        let detector = Self { neck: Neck::of(&model), model };
        let trial = detector.map(NdTensor::zeros([1, 3, 64, 64]), crew);
        let wrong = |why| Error::Model { model: NAME, why };
        match trial {
            Ok(map) if map.shape() == [1, 1, 64, 64] => Ok(detector),
            Ok(map) => Err(wrong(format!("it answers in the shape {:?}", map.shape()))),
            Err(error) => Err(wrong(error.to_string())),
        }
    }

    /// The lines in `area` of the page, in page pixels and no particular order.
    /// `scale` is model pixels a page pixel.
    pub(crate) fn lines(
        &self,
        levels: &Levels,
        area: Area,
        scale: f64,
        crew: &Crew,
    ) -> Result<Vec<Slanted>, Error> {
        let [x, y, width, height] = area.map(f64::from);
        let side = |length: f64| (length * scale / STRIDE).round().max(1.0) * STRIDE;
        let (across, down) = (side(width), side(height));
        let frame =
            Frame { corner: Point::new(x, y), step: Point::new(width / across, height / down) };
        let map = self.map(frame.input(levels, scale, across as usize, down as usize), crew)?;
        Ok(boxes(map.slice((0, 0)), &frame))
    }

    fn map(&self, input: NdTensor<f32, 4>, crew: &Crew) -> Result<NdTensor<f32, 4>, Error> {
        let wrong = |why: String| Error::Run { model: NAME, why };
        let output = match &self.neck {
            Some(neck) => neck.run(&self.model, input.into(), crew),
            None => self.model.run_one(input.into(), Some(crew.together())),
        };
        let output = output.map_err(|e| wrong(e.to_string()))?;
        output.try_into().map_err(|_| wrong("its answer is not a map".into()))
    }
}

/// Model pixels for each page pixel, for a page of `width` by `height`.
///
/// Large pages are shrunk until they have as many pixels as an A4 page of the
/// long side `side`; small ones are enlarged to a short side of 736, never
/// beyond that number.
pub(crate) fn scale(width: u32, height: u32, side: u32) -> f64 {
    let (width, height) = (f64::from(width.max(1)), f64::from(height.max(1)));
    let most = f64::from(side) * f64::from(side) / std::f64::consts::SQRT_2;
    let fitting = (most / (width * height)).sqrt();
    let enlarged = (SHORT_SIDE / width.min(height)).max(1.0);
    fitting.min(enlarged)
}

/// How the model's pixels lie on the page.
struct Frame {
    corner: Point,
    /// Page pixels a model pixel, along and down.
    step: Point,
}

impl Frame {
    fn to_page(&self, point: Point) -> Point {
        Point::new(self.corner.x + point.x * self.step.x, self.corner.y + point.y * self.step.y)
    }

    fn input(&self, levels: &Levels, scale: f64, across: usize, down: usize) -> NdTensor<f32, 4> {
        let (sheet, size) = levels.at(scale);
        let at = |corner: f64, step: f64, index: usize| {
            ((corner + (index as f64 + 0.5) * step) * size - 0.5) as f32
        };
        let columns: Vec<f32> = (0..across).map(|x| at(self.corner.x, self.step.x, x)).collect();
        let rows: Vec<f32> = (0..down).map(|y| at(self.corner.y, self.step.y, y)).collect();
        let mut values = sheet.grid(&columns, &rows);
        for value in &mut values {
            *value = *value / 127.5 - 1.0;
        }
        NdTensor::from_data([1, 3, down, across], values)
    }
}

/// The boxes of all likely lines in a probability map.
fn boxes(map: NdTensorView<f32, 2>, frame: &Frame) -> Vec<Slanted> {
    let [rows, columns] = map.shape();
    let found = regions(rows, columns, |y, x| map[[y, x]] > PIXEL);
    let line = |points: Vec<Point>| {
        let kernel = least_rectangle(points.clone())?;
        let thin = |shape: &Slanted, least: f64| shape.width.min(shape.height) < least;
        if thin(&kernel, THIN.0)
            || likelihood(&map, &kernel) < BOX
            || thin(&kernel.grown(GROWTH), THIN.1)
        {
            return None;
        }
        // Again in page pixels, where the two scales may differ a little.
        let on_page = points.into_iter().map(|point| frame.to_page(point)).collect();
        least_rectangle(on_page).map(|kernel| kernel.grown(GROWTH))
    };
    found.into_iter().filter_map(line).collect()
}

/// Mean probability inside `shape`.
fn likelihood(map: &NdTensorView<f32, 2>, shape: &Slanted) -> f32 {
    let [rows, columns] = map.shape();
    let [x, y, w, h] =
        crate::geometry::bounds(&shape.corners(), columns as u32, rows as u32).map(|v| v as usize);
    let (mut sum, mut count) = (0.0f32, 0u32);
    for row in y..(y + h).min(rows) {
        for column in x..(x + w).min(columns) {
            if shape.holds(Point::new(column as f64 + 0.5, row as f64 + 0.5)) {
                sum += map[[row, column]];
                count += 1;
            }
        }
    }
    sum / count.max(1) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(parts: &[([usize; 4], f32)]) -> NdTensor<f32, 2> {
        let mut map = NdTensor::zeros([96, 320]);
        for &([x, y, w, h], value) in parts {
            for row in y..y + h {
                for column in x..x + w {
                    map[[row, column]] = value;
                }
            }
        }
        map
    }

    fn frame() -> Frame {
        Frame { corner: Point::new(100., 50.), step: Point::new(2., 2.) }
    }

    #[test]
    fn a_likely_region_becomes_a_grown_box_on_the_page() {
        let map = map(&[([20, 30, 200, 10], 0.9)]);
        let found = boxes(map.view(), &frame());
        assert_eq!(found.len(), 1);
        let line = found[0];
        assert!((line.centre.x - 340.).abs() < 2. && (line.centre.y - 120.).abs() < 2., "{line:?}");
        assert!(line.height > 40. && line.height < 56. && line.width > 410., "{line:?}");
    }

    #[test]
    fn unlikely_and_thin_regions_are_dropped() {
        let map =
            map(&[([20, 10, 100, 10], 0.4), ([20, 40, 100, 2], 0.9), ([200, 60, 60, 12], 0.8)]);
        let found = boxes(map.view(), &frame());
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].centre.x > 500.);
    }

    #[test]
    fn the_scale_follows_the_number_of_pixels() {
        let close = |a: f64, b: f64| (a - b).abs() < 0.01;
        assert!(close(scale(1654, 2339, 1600), 1600. / 2339.), "A4 at 200 dpi");
        assert!(close(scale(1000, 640, 1600), 736. / 640.), "an identity card is enlarged");
        assert!(close(scale(1000, 1200, 1600), 1.0), "enough as it is");
        let receipt = scale(300, 4000, 1600);
        assert!(receipt > 1.0 && receipt < 1.3, "{receipt}");
    }
}
