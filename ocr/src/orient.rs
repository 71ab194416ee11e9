//! Which way up the page is, and turning it.
//!
//! Models read a line that lies on its side or stands on its head now and
//! then, but the boxes and the reading order are wrong all the same: the page
//! has to be turned, not the line.

use std::path::Path;

use image::{RgbImage, imageops};
use rten::{Model, RunOptions};
use rten_tensor::NdTensor;
use rten_tensor::prelude::*;

use crate::crew::Crew;
use crate::crop::Strip;
use crate::error::Error;
use crate::geometry::Slanted;
use crate::models::open;
use crate::sheet::Levels;

const NAME: &str = "orientation";
/// The model's input in pixels.
const HEIGHT: usize = 48;
const WIDTH: usize = 192;
/// Share of the area of all lines that must lie in tall ones.
const TALL_SHARE: f64 = 0.6;
/// Lines that vote, and how many of them, the largest, are asked first: when
/// these agree the others are not asked.
const VOTERS: usize = 24;
const FIRST: usize = 8;

/// `page` turned clockwise by `degrees`; any angle other than 90, 180 or 270
/// leaves it as it is.
pub fn turn(page: &RgbImage, degrees: u16) -> RgbImage {
    match degrees {
        90 => imageops::rotate90(page),
        180 => imageops::rotate180(page),
        270 => imageops::rotate270(page),
        _ => page.clone(),
    }
}

/// Whether the page lies on its side: most of its text runs up or down.
pub(crate) fn is_sideways(lines: &[Slanted]) -> bool {
    let all: f64 = lines.iter().map(Slanted::area).sum();
    let tall: f64 = lines.iter().filter(|line| line.is_tall()).map(Slanted::area).sum();
    tall > TALL_SHARE * all
}

/// The orientation model.
#[derive(Debug)]
pub(crate) struct Orienter {
    model: Model,
}

impl Orienter {
    /// The model in `path`, tried once on an empty line.
    pub(crate) fn load(path: &Path, options: RunOptions) -> Result<Self, Error> {
        let orienter = Self { model: open(NAME, path)? };
        match orienter.vote(NdTensor::zeros([1, 3, HEIGHT, WIDTH]), options) {
            Ok(_) => Ok(orienter),
            Err(error) => Err(Error::Model { model: NAME, why: error.to_string() }),
        }
    }

    /// Whether the page stands on its head, by a vote of its largest lines in
    /// which each is worth as much as it is sure. Tall ones have none: the
    /// model was taught lines that run across.
    pub(crate) fn is_upside_down(
        &self,
        levels: &Levels,
        lines: &[Slanted],
        crew: &Crew,
    ) -> Result<bool, Error> {
        let mut voters: Vec<&Slanted> = lines.iter().filter(|line| !line.is_tall()).collect();
        voters.sort_by(|a, b| b.area().total_cmp(&a.area()));
        voters.truncate(VOTERS);
        let (first, others) = voters.split_at(FIRST.min(voters.len()));
        let ask = |voters: &[&Slanted]| {
            crew.each(voters, |line, options| {
                let strip = Strip::of(line);
                let width = ((HEIGHT as f64 * strip.aspect()).ceil() as usize).clamp(1, WIDTH);
                self.vote(strip.input(levels, HEIGHT, width, WIDTH), options)
            })
        };
        let mut votes = ask(first)?;
        if !agree(&votes) {
            votes.extend(ask(others)?);
        }
        Ok(votes.into_iter().sum::<f32>() > 0.0)
    }

    /// Above 0 when the line is upside down, below when upright; at most 1.
    fn vote(&self, input: NdTensor<f32, 4>, options: RunOptions) -> Result<f32, Error> {
        let wrong = |why: String| Error::Run { model: NAME, why };
        let output =
            self.model.run_one(input.into(), Some(options)).map_err(|e| wrong(e.to_string()))?;
        let output: NdTensor<f32, 2> =
            output.try_into().map_err(|_| wrong("its answer is not a pair".into()))?;
        match output.to_vec()[..] {
            [upright, turned] if turned > upright => Ok(turned),
            [upright, _] => Ok(-upright),
            _ => Err(wrong("its answer is not a pair".into())),
        }
    }
}

/// Whether all votes are for the same way up, and surely.
fn agree(votes: &[f32]) -> bool {
    let surely = votes.iter().all(|vote| vote.abs() > 0.75);
    surely && votes.windows(2).all(|pair| pair[0].signum() == pair[1].signum())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Point;
    use image::Rgb;

    fn line(width: f64, height: f64) -> Slanted {
        Slanted { centre: Point::new(0., 0.), width, height, angle: 0. }
    }

    #[test]
    fn a_page_is_sideways_when_most_text_is_tall() {
        assert!(!is_sideways(&[]));
        assert!(!is_sideways(&[line(300., 30.), line(30., 300.), line(200., 30.)]));
        assert!(is_sideways(&[line(30., 300.), line(30., 200.), line(200., 30.)]));
    }

    #[test]
    fn votes_agree_when_all_are_sure_of_the_same() {
        assert!(agree(&[0.9, 0.99, 0.8]));
        assert!(agree(&[-0.9, -0.99]));
        assert!(!agree(&[0.9, -0.99, 0.9]));
        assert!(!agree(&[-0.9, -0.6, -0.9]));
    }

    #[test]
    fn turning_is_clockwise() {
        let mut page = RgbImage::new(3, 2);
        page.put_pixel(0, 0, Rgb([9, 9, 9]));
        let mark = |page: &RgbImage| {
            page.enumerate_pixels().find(|(.., p)| p.0 == [9; 3]).map(|(x, y, _)| (x, y))
        };
        assert_eq!(mark(&turn(&page, 90)), Some((1, 0)));
        assert_eq!(mark(&turn(&page, 180)), Some((2, 1)));
        assert_eq!(mark(&turn(&page, 270)), Some((0, 2)));
        assert_eq!(turn(&page, 0), page);
        assert_eq!(turn(&page, 45), page);
    }
}
