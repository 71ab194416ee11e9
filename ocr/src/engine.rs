//! The stages of reading one page, in order.

use std::borrow::Cow;
use std::time::Duration;

use image::RgbImage;

use crate::crew::{Clock, Crew};
use crate::crop::Strip;
use crate::ctc::Reading;
use crate::detect::{Detector, scale};
use crate::error::Error;
use crate::geometry::{Slanted, overlap};
use crate::ink::{Area, Ink};
use crate::models::Models;
use crate::opinion;
use crate::order::reading_order;
use crate::orient::{Orienter, is_sideways, turn};
use crate::page::{Line, Page};
use crate::recognise::{Look, Recogniser};
use crate::sheet::{Levels, Sheet};
use crate::standing::is_written_down;

/// How a page is to be read.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Pixels an image may have at most. Default: 80 million, A3 at 600 dpi
    /// with room to spare.
    pub pixel_limit: u64,
    /// How closely the page is looked at for lines: the long side, in pixels,
    /// to which an A4 page is brought. Default: 960, at which print of six points
    /// is found as well as at 1280.
    pub side: u32,
    /// Lines less sure than this, from 0 to 1, are left out. Default: 0.5.
    pub least_confidence: f32,
    /// Time one page may take; checked between stages and lines. Default: none.
    pub time_limit: Option<Duration>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { pixel_limit: 80_000_000, side: 960, least_confidence: 0.5, time_limit: None }
    }
}

/// The three models, ready to read pages.
///
/// Pages may be read from several threads at once; the models run on the
/// engine's own threads all the same.
#[derive(Debug)]
pub struct Engine {
    crew: Crew,
    detector: Detector,
    recogniser: Recogniser,
    orienter: Orienter,
}

impl Engine {
    /// An engine with the given models, running them on `threads` threads (at
    /// least one).
    ///
    /// # Errors
    ///
    /// [`Error::Model`] when a file cannot be opened or is not the model it
    /// should be.
    pub fn load(models: &Models, threads: usize) -> Result<Self, Error> {
        let crew = Crew::of(threads);
        Ok(Self {
            detector: Detector::load(&models.detection, &crew)?,
            recogniser: Recogniser::load(&models.recognition, crew.together())?,
            orienter: Orienter::load(&models.orientation, crew.together())?,
            crew,
        })
    }

    /// What is written on the page in `image`, whichever way up it was scanned.
    /// A blank page has no lines.
    ///
    /// # Errors
    ///
    /// [`Error::TooLarge`] and [`Error::TookTooLong`] by the limits in
    /// `settings`, [`Error::Run`] when a model fails.
    pub fn read(&self, image: &RgbImage, settings: &Settings) -> Result<Page, Error> {
        let clock = Clock::start(settings.time_limit);
        let pixels = u64::from(image.width()) * u64::from(image.height());
        if pixels > settings.pixel_limit {
            return Err(Error::TooLarge { pixels, limit: settings.pixel_limit });
        }
        let mut page = Cow::Borrowed(image);
        let mut turned = 0;
        // A page is turned at most twice: once off its side, once off its head.
        loop {
            let degrees = {
                let Some(view) = View::of(&page, settings) else {
                    return Ok(upright(&page, turned, Found::default()));
                };
                let boxes = self.detect(&view.body, view.scale, view.ink.written)?;
                clock.check()?;
                if turned == 0 && is_sideways(&boxes) && !self.is_written_down(&view, &boxes)? {
                    90
                } else if turned < 180
                    && self.orienter.is_upside_down(&view.body, &boxes, &self.crew)?
                {
                    180
                } else {
                    let found = self.lines(&view, boxes, settings, &clock)?;
                    return Ok(upright(&page, turned, found));
                }
            };
            clock.check()?;
            page = Cow::Owned(turn(&page, degrees));
            turned += degrees;
        }
    }

    /// The boxes of the lines in one area of a sheet.
    fn detect(&self, levels: &Levels, scale: f64, area: Area) -> Result<Vec<Slanted>, Error> {
        self.detector.lines(levels, area, scale, &self.crew)
    }

    fn is_written_down(&self, view: &View, boxes: &[Slanted]) -> Result<bool, Error> {
        is_written_down(&self.recogniser, &view.body, boxes, &self.crew)
    }

    /// The lines of an upright page in reading order: those of the body in
    /// `boxes`, and those in red ink.
    fn lines(
        &self,
        view: &View,
        boxes: Vec<Slanted>,
        settings: &Settings,
        clock: &Clock,
    ) -> Result<Found, Error> {
        let all: f64 = boxes.iter().map(Slanted::area).sum();
        let mut read = self.recognise(view, &view.body, boxes, settings, clock)?;
        let missed =
            1.0 - read.iter().map(|(slanted, _)| slanted.area()).sum::<f64>() / all.max(1.0);
        if let Some(red) = view.red_ink() {
            let mut boxes = Vec::new();
            for &area in &view.ink.red {
                clock.check()?;
                boxes.extend(self.detect(&red, view.scale, area)?);
            }
            let extra = self.recognise(view, &red, boxes, settings, clock)?;
            let body = read.len();
            for (slanted, line) in extra {
                if !read[..body].iter().any(|(_, other)| is_same(other, &line)) {
                    read.push((slanted, line));
                }
            }
        }
        let (boxes, lines): (Vec<Slanted>, Vec<Line>) = read.into_iter().unzip();
        let mut lines: Vec<Option<Line>> = lines.into_iter().map(Some).collect();
        let order = reading_order(&boxes, view.body.whole(), view.size).into_iter();
        let lines = order.filter_map(|number| lines[number].take()).collect();
        Ok(Found { lines, missed: if all > 0.0 { missed.clamp(0.0, 1.0) as f32 } else { 0.0 } })
    }

    /// What the lines in `boxes` say; those that say nothing sure are left out.
    fn recognise(
        &self,
        view: &View,
        levels: &Levels,
        boxes: Vec<Slanted>,
        settings: &Settings,
        clock: &Clock,
    ) -> Result<Vec<(Slanted, Line)>, Error> {
        let strips: Vec<Strip> = boxes.iter().map(Strip::of).collect();
        let mut readings = self.crew.longest_first(&strips, Strip::aspect, |strip, options| {
            clock.check()?;
            self.recogniser.read(levels, strip, Look::First, options)
        })?;
        let lines = readings.iter().zip(&strips);
        let lines: Vec<_> = lines.map(|(read, strip)| (read.confidence, strip.aspect())).collect();
        let again = opinion::doubted(&lines);
        let opinions = self.crew.each(&again, |&number, options| {
            clock.check()?;
            self.recogniser.read(levels, &strips[number], Look::Second, options)
        })?;
        for (number, second) in again.into_iter().zip(opinions) {
            let first = std::mem::take(&mut readings[number]);
            readings[number] = opinion::joined(first, second);
        }
        let sure =
            |line: &Line| !line.text.is_empty() && line.confidence >= settings.least_confidence;
        let lines = strips.iter().zip(readings).map(|(strip, read)| line(strip, read, view.size));
        Ok(boxes.into_iter().zip(lines).filter(|(_, line)| sure(line)).collect())
    }
}

/// What was read in a strip, as a line of a page of `size`.
fn line(strip: &Strip, reading: Reading, size: (u32, u32)) -> Line {
    let close = strip.with_air(reading.height);
    let place = |(start, end)| close.bounds(start, end, size);
    Line {
        bbox: strip.bounds(0.0, 1.0, size),
        chars: reading.spans.into_iter().map(place).collect(),
        text: reading.text,
        confidence: reading.confidence,
        alternatives: reading.alternatives,
    }
}

/// A page as the models are shown it.
struct View<'a> {
    page: &'a RgbImage,
    size: (u32, u32),
    ink: Ink,
    /// Model pixels a page pixel in detection.
    scale: f64,
    /// The page without its red ink, when it has any.
    body: Levels<'a>,
}

impl<'a> View<'a> {
    /// A view of `page`; `None` when it is blank.
    fn of(page: &'a RgbImage, settings: &Settings) -> Option<Self> {
        let ink = Ink::of(page)?;
        let size = page.dimensions();
        let scale = scale(size.0, size.1, settings.side);
        let sheet = if ink.red.is_empty() { Sheet::colour(page) } else { Sheet::without_red(page) };
        Some(Self { page, size, ink, scale, body: Levels::new(sheet, scale) })
    }

    /// The red ink of the page alone; `None` when it has none.
    fn red_ink(&self) -> Option<Levels<'static>> {
        (!self.ink.red.is_empty()).then(|| Levels::new(Sheet::red_ink(self.page), self.scale))
    }
}

/// What was read on a page.
#[derive(Default)]
struct Found {
    lines: Vec<Line>,
    /// See [`Page::missed`].
    missed: f32,
}

fn upright(page: &RgbImage, turned: u16, Found { lines, missed }: Found) -> Page {
    let (width, height) = page.dimensions();
    Page { width, height, turned, missed, lines }
}

/// Whether two lines are one, read from two sheets: in the same place, and
/// with most of the shorter text in the longer. A seal over a line is not.
fn is_same(a: &Line, b: &Line) -> bool {
    if overlap(a.bbox, b.bbox) < 0.5 {
        return false;
    }
    let (short, long) = if a.chars.len() < b.chars.len() { (a, b) } else { (b, a) };
    let shared = short.text.chars().filter(|&symbol| long.text.contains(symbol)).count();
    2 * shared >= short.chars.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str, bbox: [u32; 4]) -> Line {
        let chars = vec![bbox; text.chars().count()];
        Line { text: text.into(), bbox, confidence: 0.9, chars, alternatives: Vec::new() }
    }

    #[test]
    fn a_line_read_twice_is_one() {
        let body = line("青石县民政局文件", [100, 50, 400, 40]);
        assert!(is_same(&body, &line("青石县民政局文仵", [102, 52, 396, 38])));
        assert!(!is_same(&body, &line("青石县民政局文件", [100, 500, 400, 40])));
    }

    #[test]
    fn a_seal_over_a_line_is_another() {
        let body = line("经办人：周桂兰", [100, 50, 400, 40]);
        assert!(!is_same(&body, &line("婚姻登记专用章", [150, 45, 300, 45])));
    }
}
