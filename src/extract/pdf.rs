//! PDF, in the child process: open, judge the embedded text, render.
//!
//! lopdf gives the text in the order of the file, without places; the survey gives it as drawn, with a box for each character.
//! Where both agree and the text is sound, the drawn one is taken.

mod survey;

use std::cell::OnceCell;
use std::sync::Arc;

use hayro::hayro_interpret::font::{FontData, FontQuery};
use hayro::hayro_interpret::{InterpreterCache, InterpreterSettings};
use hayro::hayro_syntax::page::Page;
use hayro::hayro_syntax::{LoadPdfError, Pdf};
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings, render};
use image::RgbImage;

use self::survey::Survey;
use super::child::Outcome;
use super::judge::{Verdict, judge};
use super::picture::{MAX_SIDE, NO_MODELS};
use super::{Error, PageReading, Source, layout};

/// The long side of a drawn page in pixels: 200 dpi on A4, where recognition is as good as at 300 and twice as fast.
const SIDE: f64 = 2_300.0;
/// The share of a page from which pictures are taken for a scan of the page, and their pixels for the page's.
const FULL_PAGE: f64 = 0.8;
/// What the content of one page may unpack to when lopdf reads its text.
const MAX_CONTENT: usize = 64 << 20;

/// An opened PDF.
pub(super) struct Document {
    pdf: Pdf,
    file: Arc<Vec<u8>>,
    settings: InterpreterSettings,
    second: OnceCell<Result<lopdf::Document, String>>,
}

impl Document {
    /// Opens a PDF; one whose user password is empty opens too.
    pub(super) fn open(file: Vec<u8>, font: Option<Vec<u8>>) -> Result<Self, Error> {
        let file = Arc::new(file);
        let pdf = Pdf::new(file.clone()).map_err(|error| match error {
            LoadPdfError::Decryption(_) => Error::Encrypted,
            LoadPdfError::Invalid => Error::unreadable("the PDF has no readable structure"),
        })?;
        if pdf.pages().is_empty() {
            return Err(Error::unreadable("the PDF has no pages"));
        }
        Ok(Document { pdf, file, settings: settings(font), second: OnceCell::new() })
    }

    pub(super) fn pages(&self) -> u32 {
        u32::try_from(self.pdf.pages().len()).unwrap_or(u32::MAX)
    }

    /// The embedded text where it is sound, else the page image, or the reason why there is neither.
    pub(super) fn read(&self, number: u32, ocr: bool) -> Result<Outcome, Error> {
        let page = self.page(number)?;
        let survey = self.survey(page);
        let (width, height) = survey.size;
        let lines = layout::lines(survey.glyphs, width, height);
        let mut reading = PageReading {
            page: number,
            width,
            height,
            turned: 0,
            source: Source::TextLayer,
            reason: "The embedded text is sound.".into(),
            missed: 0.0,
            lines,
        };
        if survey.hidden {
            reading.reason = "The embedded text is sound; it lies unseen over the picture.".into();
        }
        Ok(match judge(&reading.text(), || self.plain_text(number), survey.picture) {
            Verdict::Sound => Outcome::Page(reading),
            Verdict::Unsound(reason) if ocr => {
                Outcome::Pixels { image: self.draw(page, (width, height)), reason }
            }
            Verdict::Unsound(_) => {
                Outcome::Page(PageReading::unread(number, (width, height), NO_MODELS))
            }
        })
    }

    /// The page image.
    pub(super) fn render(&self, number: u32) -> Result<RgbImage, Error> {
        let page = self.page(number)?;
        let size = self.survey(page).size;
        Ok(self.draw(page, size))
    }

    fn page(&self, number: u32) -> Result<&Page<'_>, Error> {
        let pages = self.pdf.pages();
        number
            .checked_sub(1)
            .and_then(|index| pages.get(index as usize))
            .ok_or(Error::NoSuchPage { page: number, pages: self.pages() })
    }

    /// Text and pictures of a page, in pixels of its page image.
    fn survey<'a>(&self, page: &'a Page<'a>) -> Survey {
        let cache = InterpreterCache::new();
        let survey = Survey::of(page, &cache, &self.settings);
        let size = page_size(page.render_dimensions(), survey.picture, survey.picture_density);
        survey.scaled_to(size)
    }

    fn draw<'a>(&self, page: &'a Page<'a>, (width, height): (u32, u32)) -> RgbImage {
        let (page_width, page_height) = page.render_dimensions();
        // The renderer cuts fractions off; a hundredth of a pixel keeps it from cutting one whole.
        let scale = |pixels: u32, units: f32| (pixels as f32 + 0.01) / units;
        let pixmap = render(
            page,
            &RenderCache::new(),
            &self.settings,
            &RenderSettings::default(),
            &PixmapSettings {
                x_scale: scale(width, page_width),
                y_scale: scale(height, page_height),
                bg_color: WHITE,
            },
        );
        let (width, height) = (u32::from(pixmap.width()), u32::from(pixmap.height()));
        let mut image = RgbImage::new(width, height);
        for (to, from) in image.pixels_mut().zip(pixmap.data()) {
            to.0 = [from.r, from.g, from.b];
        }
        image
    }

    /// The text of a page as lopdf reads it.
    fn plain_text(&self, number: u32) -> Result<String, String> {
        let document = self.second.get_or_init(|| {
            lopdf::Document::load_mem(&self.file).map_err(|error| error.to_string())
        });
        match document {
            Ok(document) => document
                .extract_text_with_limit(&[number], MAX_CONTENT)
                .map_err(|error| error.to_string()),
            Err(error) => Err(error.clone()),
        }
    }
}

/// How many pixels the page image of a page gets. A scan keeps its own, so that nothing is lost or invented.
fn page_size((width, height): (f32, f32), picture: f64, density: f64) -> (u32, u32) {
    let (width, height) = (f64::from(width).max(1.0), f64::from(height).max(1.0));
    let long = width.max(height);
    let wanted = if picture >= FULL_PAGE { density * long } else { SIDE };
    let scale = wanted.clamp(100.0, f64::from(MAX_SIDE)) / long;
    let pixels = |units: f64| (units * scale).round().max(1.0) as u32;
    (pixels(width), pixels(height))
}

/// The embedded Latin fonts, and the given font for Chinese text without a font of its own.
fn settings(font: Option<Vec<u8>>) -> InterpreterSettings {
    let settings = InterpreterSettings::default();
    let Some(font) = font else { return settings };
    // Collections of the Noto CJK fonts hold the simplified Chinese face third; others begin with what is wanted.
    let face = if font.starts_with(b"ttcf") && faces(&font) > 2 { 2 } else { 0 };
    let font: FontData = Arc::new(font);
    let usual = settings.font_resolver.clone();
    InterpreterSettings {
        font_resolver: Arc::new(move |query| match query {
            FontQuery::Fallback(wanted) if wanted.character_collection.is_some() => {
                Some((font.clone(), face))
            }
            _ => usual(query),
        }),
        ..settings
    }
}

/// How many faces a font collection holds.
fn faces(collection: &[u8]) -> u32 {
    collection.get(8..12).and_then(|bytes| bytes.try_into().ok()).map_or(0, u32::from_be_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drawn_pages_are_200_dpi_and_scans_keep_their_pixels() {
        assert_eq!(page_size((595.0, 842.0), 0.0, 0.0), (1625, 2300));
        // A 300 dpi scan on A4, and one without dpi, which got a point for each pixel.
        assert_eq!(page_size((595.2, 841.92), 1.0, 300.0 / 72.0), (2480, 3508));
        assert_eq!(page_size((1654.0, 2339.0), 1.0, 1.0), (1654, 2339));
    }

    #[test]
    fn no_page_is_too_large_or_without_pixels() {
        assert_eq!(page_size((14400.0, 1.0), 1.0, 9.0), (4000, 1));
        assert_eq!(page_size((0.0, 0.0), 0.0, 0.0), (2300, 2300));
        assert_eq!(page_size((100.0, 100.0), 1.0, 1e9), (4000, 4000));
    }
}
