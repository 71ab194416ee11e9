//! Pictures, in the child process: decoded, turned as the camera noted, brought to a workable size, written as JPEG.

use std::cell::RefCell;
use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, RgbImage};

use super::child::Outcome;
use super::header::{Bytes, tiff};
use super::wire::Drawn;
use super::{Error, Kind, Limits, PageReading};

/// The long side of a page image at most, in pixels: 300 dpi on A4 stays as it is, and a page fits 50 MB of memory.
pub(super) const MAX_SIDE: u32 = 4_000;
/// What people look at: small, and without visible rings around strokes.
const JPEG_QUALITY: u8 = 82;

/// Why a page without text of its own is not read when there is nothing to read it with.
pub const NO_MODELS: &str = "OCR models are not installed";

/// An image file, decoded page by page.
pub(super) struct Document {
    kind: Kind,
    /// Changed only in the few bytes that say which page of a TIFF is the first.
    file: RefCell<Vec<u8>>,
    /// Directories of a TIFF; of other kinds one entry that means nothing.
    pages: Vec<u64>,
    memory: u64,
}

impl Document {
    pub(super) fn open(kind: Kind, file: Vec<u8>, limits: &Limits) -> Result<Self, Error> {
        let pages = match kind {
            Kind::Tiff => tiff::pages(&mut Bytes::new(Cursor::new(&file), kind)?, limits)?,
            _ => vec![0],
        };
        Ok(Document { kind, file: RefCell::new(file), pages, memory: limits.child_memory })
    }

    pub(super) fn pages(&self) -> u32 {
        self.pages.len() as u32
    }

    pub(super) fn read(&self, page: u32, ocr: bool) -> Result<Outcome, Error> {
        let image = self.render(page)?;
        Ok(if ocr {
            Outcome::Pixels { image, reason: "The file is a picture.".into() }
        } else {
            Outcome::Page(PageReading::unread(page, image.dimensions(), NO_MODELS))
        })
    }

    /// The page image: as the camera noted it to be held, at most [`MAX_SIDE`] long.
    pub(super) fn render(&self, page: u32) -> Result<RgbImage, Error> {
        let directory = (page as usize).checked_sub(1).and_then(|index| self.pages.get(index));
        let directory = directory.ok_or(Error::NoSuchPage { page, pages: self.pages() })?;
        let format = match self.kind {
            Kind::Jpeg => ImageFormat::Jpeg,
            Kind::Png => ImageFormat::Png,
            Kind::Tiff => ImageFormat::Tiff,
            Kind::Webp => ImageFormat::WebP,
            Kind::Bmp => ImageFormat::Bmp,
            Kind::Pdf => return Err(Error::unreadable("a PDF is not a picture")),
        };
        if self.kind == Kind::Tiff {
            tiff::make_first(&mut self.file.borrow_mut(), *directory);
        }
        let image = decode(format, &self.file.borrow(), self.memory)?;
        let image = on_white(image);
        let long = image.width().max(image.height());
        if long <= MAX_SIDE {
            return Ok(image);
        }
        let scaled =
            |side: u32| (u64::from(side) * u64::from(MAX_SIDE)).div_ceil(u64::from(long)) as u32;
        let (width, height) = (scaled(image.width()), scaled(image.height()));
        Ok(shrink(image, width, height))
    }
}

/// Decodes by the given format and applies the orientation noted in the file.
fn decode(format: ImageFormat, file: &[u8], memory: u64) -> Result<DynamicImage, Error> {
    let mut reader = ImageReader::with_format(Cursor::new(file), format);
    let mut limits = image::Limits::default();
    limits.max_alloc = Some(memory);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(Error::unreadable)?;
    // A note that cannot be read is no reason to refuse the picture.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut image = DynamicImage::from_decoder(decoder).map_err(Error::unreadable)?;
    image.apply_orientation(orientation);
    Ok(image)
}

/// Without transparency: what shines through is paper.
fn on_white(image: DynamicImage) -> RgbImage {
    if !image.color().has_alpha() {
        return image.into_rgb8();
    }
    let image = image.into_rgba8();
    let mut paper = RgbImage::new(image.width(), image.height());
    for (to, from) in paper.pixels_mut().zip(image.pixels()) {
        let [red, green, blue, alpha] = from.0.map(u32::from);
        to.0 = [red, green, blue].map(|value| ((value * alpha + 255 * (255 - alpha)) / 255) as u8);
    }
    paper
}

/// Smaller, with strokes kept: averaged down to twice the size, which is quick, then filtered, which is sharp.
fn shrink(image: RgbImage, width: u32, height: u32) -> RgbImage {
    let (width, height) = (width.max(1), height.max(1));
    let mut image = DynamicImage::ImageRgb8(image);
    if image.width() > 3 * width {
        image = image.thumbnail_exact(2 * width, 2 * height);
    }
    image.resize_exact(width, height, FilterType::Lanczos3).into_rgb8()
}

/// The page image turned clockwise by 0, 90, 180 or 270 degrees, at most so wide, with what is laid over it, as a JPEG.
/// `font` is what a mark is written in, if there is one.
pub(super) fn jpeg(image: RgbImage, drawn: &Drawn, font: Option<&[u8]>) -> Result<Vec<u8>, Error> {
    let Drawn { turned, width, overlay, .. } = drawn;
    let image = DynamicImage::ImageRgb8(image);
    let image = match turned % 360 {
        90 => image.rotate90(),
        180 => image.rotate180(),
        270 => image.rotate270(),
        _ => image,
    };
    let mut image = image.into_rgb8();
    let width = (*width).max(1);
    if image.width() > width {
        let height = u64::from(image.height()) * u64::from(width) / u64::from(image.width());
        image = shrink(image, width, height as u32);
    }
    overlay.draw(&mut image, font);
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY)
        .encode_image(&image)
        .map_err(Error::unreadable)?;
    Ok(bytes)
}
