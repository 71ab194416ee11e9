//! What is laid over a page image before it leaves the child process: solid blocks over what must not be seen, and a mark
//! that says who looks. Both become pixels of the JPEG, so they cannot be taken off again.

use ab_glyph::{Font, FontRef, PxScale, ScaleFont, point};
use image::{Rgb, RgbImage};
use serde::{Deserialize, Serialize};

/// What is laid over a page image.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overlay {
    /// Boxes that are covered, `[x, y, width, height]` in pixels of a page image of this `width`.
    pub blocks: Vec<[u32; 4]>,
    /// The width for which the boxes are given, in pixels; 0 when there are none.
    pub width: u32,
    /// What is written over the whole page, or empty.
    pub mark: String,
}

/// The most characters of a mark.
const MARK: usize = 80;
/// How dark a mark is, of 256: readable, and what is below stays so.
const DARK: u32 = 60;
/// Its colour.
const INK: [u8; 3] = [40, 60, 110];
/// The slope of a mark: 30 degrees up.
const SLOPE: (f32, f32) = (0.866, -0.5);

impl Overlay {
    /// Whether something is written over the page.
    pub(super) fn is_marked(&self) -> bool {
        !self.mark.is_empty()
    }

    /// Draws the blocks, and the mark over all of it.
    pub(super) fn draw(&self, image: &mut RgbImage, font: Option<&[u8]>) {
        let (wide, high) = image.dimensions();
        let scale = |at: u32| u64::from(at) * u64::from(wide) / u64::from(self.width.max(1));
        for &[x, y, width, height] in &self.blocks {
            // One pixel more on every side, since scaling rounds.
            let (left, top) = (scale(x).saturating_sub(1), scale(y).saturating_sub(1));
            let right = (scale(x.saturating_add(width)) + 2).min(wide.into());
            let bottom = (scale(y.saturating_add(height)) + 2).min(high.into());
            for at in top..bottom {
                for across in left..right {
                    image.put_pixel(across as u32, at as u32, Rgb([0; 3]));
                }
            }
        }
        let text: String = self.mark.chars().filter(|c| !c.is_control()).take(MARK).collect();
        if !text.is_empty() {
            let size = (wide as f32 / 40.0).clamp(9.0, 48.0);
            tile(image, &Stamp::of(&text, size, font), size);
        }
    }
}

/// A line of text as how dark each of its pixels is.
struct Stamp {
    width: usize,
    height: usize,
    ink: Vec<u8>,
}

impl Stamp {
    /// The text `size` pixels high, in the font, or in small letters of our own, which have no Chinese.
    fn of(text: &str, size: f32, font: Option<&[u8]>) -> Self {
        let font = font.and_then(|bytes| FontRef::try_from_slice_and_index(bytes, 0).ok());
        match font {
            Some(font) => Self::in_font(text, size, &font),
            None => Self::plain(text, size),
        }
    }

    fn in_font(text: &str, size: f32, font: &FontRef<'_>) -> Self {
        let font = font.as_scaled(PxScale::from(size));
        let advance = |c| font.h_advance(font.glyph_id(c));
        let width = text.chars().map(advance).sum::<f32>().ceil().max(1.0) as usize;
        let height = (font.height().ceil() as usize).max(1);
        let mut stamp = Self { width, height, ink: vec![0; width * height] };
        let mut at = 0.0;
        for c in text.chars() {
            let glyph = font.glyph_id(c).with_scale_and_position(size, point(at, font.ascent()));
            at += advance(c);
            let Some(outline) = font.outline_glyph(glyph) else { continue };
            let bounds = outline.px_bounds();
            outline.draw(|x, y, ink| {
                let (x, y) =
                    (bounds.min.x as i64 + i64::from(x), bounds.min.y as i64 + i64::from(y));
                stamp.put(x, y, (ink * 255.0) as u8);
            });
        }
        stamp
    }

    fn plain(text: &str, size: f32) -> Self {
        let unit = ((size / 9.0).round() as usize).max(1);
        let letters: Vec<[u8; 5]> =
            text.chars().filter_map(|c| letter(c.to_ascii_uppercase())).collect();
        let (width, height) = ((letters.len() * 6 * unit).max(1), 7 * unit);
        let mut stamp = Self { width, height, ink: vec![0; width * height] };
        for (at, columns) in letters.iter().enumerate() {
            for (x, y) in (0..5 * unit).flat_map(|x| (0..height).map(move |y| (x, y))) {
                if columns[x / unit] >> (y / unit) & 1 == 1 {
                    stamp.put((at * 6 * unit + x) as i64, y as i64, 255);
                }
            }
        }
        stamp
    }

    fn put(&mut self, x: i64, y: i64, ink: u8) {
        if let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y))
            && x < self.width
            && y < self.height
        {
            let at = &mut self.ink[y * self.width + x];
            *at = (*at).max(ink);
        }
    }
}

/// Writes the stamp over the whole image again and again, along a slope, every other row shifted.
fn tile(image: &mut RgbImage, stamp: &Stamp, size: f32) {
    let (wide, high) = (stamp.width as f32 + 3.0 * size, stamp.height as f32 + 5.0 * size);
    let (cos, sin) = SLOPE;
    for (x, y, pixel) in image.enumerate_pixels_mut() {
        let (x, y) = (x as f32, y as f32);
        let (along, down) = (x * cos + y * sin, y * cos - x * sin);
        let row = (down / high).floor();
        let shift = if row.rem_euclid(2.0) < 1.0 { 0.0 } else { wide / 2.0 };
        let (u, v) = ((along + shift).rem_euclid(wide) as usize, down.rem_euclid(high) as usize);
        if u < stamp.width && v < stamp.height {
            let ink = u32::from(stamp.ink[v * stamp.width + u]) * DARK / 255;
            for (channel, to) in pixel.0.iter_mut().zip(INK) {
                *channel = ((u32::from(*channel) * (256 - ink) + u32::from(to) * ink) / 256) as u8;
            }
        }
    }
}

/// A letter as five columns, the lowest bit on top; none for what is not drawn.
fn letter(c: char) -> Option<[u8; 5]> {
    Some(match c {
        ' ' => [0; 5],
        '-' => [8; 5],
        '.' => [0, 0, 0x60, 0x60, 0],
        ':' => [0, 0, 0x36, 0x36, 0],
        '_' => [0x40; 5],
        '0' => [0x3e, 0x41, 0x41, 0x41, 0x3e],
        '1' => [0, 0x42, 0x7f, 0x40, 0],
        '2' => [0x62, 0x51, 0x49, 0x49, 0x46],
        '3' => [0x22, 0x41, 0x49, 0x49, 0x36],
        '4' => [0x18, 0x14, 0x12, 0x7f, 0x10],
        '5' => [0x2f, 0x49, 0x49, 0x49, 0x31],
        '6' => [0x3e, 0x49, 0x49, 0x49, 0x32],
        '7' => [0x01, 0x01, 0x79, 0x05, 0x03],
        '8' => [0x36, 0x49, 0x49, 0x49, 0x36],
        '9' => [0x26, 0x49, 0x49, 0x49, 0x3e],
        'A' => [0x7c, 0x12, 0x11, 0x12, 0x7c],
        'B' => [0x7f, 0x49, 0x49, 0x49, 0x36],
        'C' => [0x3e, 0x41, 0x41, 0x41, 0x22],
        'D' => [0x7f, 0x41, 0x41, 0x22, 0x1c],
        'E' => [0x7f, 0x49, 0x49, 0x49, 0x41],
        'F' => [0x7f, 0x09, 0x09, 0x09, 0x01],
        'G' => [0x3e, 0x41, 0x49, 0x49, 0x3a],
        'H' => [0x7f, 0x08, 0x08, 0x08, 0x7f],
        'I' => [0, 0x41, 0x7f, 0x41, 0],
        'J' => [0x20, 0x40, 0x40, 0x40, 0x3f],
        'K' => [0x7f, 0x08, 0x14, 0x22, 0x41],
        'L' => [0x7f, 0x40, 0x40, 0x40, 0x40],
        'M' => [0x7f, 0x02, 0x0c, 0x02, 0x7f],
        'N' => [0x7f, 0x06, 0x08, 0x30, 0x7f],
        'O' => [0x3e, 0x41, 0x41, 0x41, 0x3e],
        'P' => [0x7f, 0x09, 0x09, 0x09, 0x06],
        'Q' => [0x3e, 0x41, 0x51, 0x21, 0x5e],
        'R' => [0x7f, 0x09, 0x19, 0x29, 0x46],
        'S' => [0x26, 0x49, 0x49, 0x49, 0x32],
        'T' => [0x01, 0x01, 0x7f, 0x01, 0x01],
        'U' => [0x3f, 0x40, 0x40, 0x40, 0x3f],
        'V' => [0x0f, 0x30, 0x40, 0x30, 0x0f],
        'W' => [0x3f, 0x40, 0x38, 0x40, 0x3f],
        'X' => [0x63, 0x14, 0x08, 0x14, 0x63],
        'Y' => [0x07, 0x08, 0x70, 0x08, 0x07],
        'Z' => [0x61, 0x51, 0x49, 0x45, 0x43],
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn white(width: u32, height: u32) -> RgbImage {
        RgbImage::from_pixel(width, height, Rgb([255; 3]))
    }

    #[test]
    fn a_block_covers_its_box_at_every_scale() {
        // Black strokes fill the box of a line on a page of 1000 pixels.
        for width in [160, 333, 900, 1000, 1800] {
            let mut page = white(width, width * 3 / 2);
            let overlay =
                Overlay { blocks: vec![[100, 200, 300, 40]], width: 1000, mark: String::new() };
            overlay.draw(&mut page, None);
            let at = |x: u32, y: u32| page.get_pixel(x * width / 1000, y * width / 1000).0[0];
            for (x, y) in [(101, 201), (398, 201), (101, 238), (398, 238), (250, 220)] {
                assert_eq!(at(x, y), 0, "{width}: {x} {y}");
            }
            for (x, y) in [(60, 220), (440, 220), (250, 160), (250, 280)] {
                assert_eq!(at(x, y), 255, "{width}: {x} {y}");
            }
        }
    }

    #[test]
    fn a_box_outside_the_page_is_no_panic() {
        let blocks = vec![[0, 0, u32::MAX, u32::MAX], [u32::MAX, 5, 9, 9], [5, u32::MAX, 0, 0]];
        let mut page = white(40, 60);
        Overlay { blocks, width: 0, mark: "X".repeat(500) }.draw(&mut page, Some(b"no font"));
        assert_eq!(page.dimensions(), (40, 60));
    }

    #[test]
    fn a_mark_is_everywhere_light_and_different_for_others() {
        let marked = |mark: &str| {
            let mut page = white(900, 1200);
            Overlay { mark: mark.into(), ..Overlay::default() }.draw(&mut page, None);
            page
        };
        let page = marked("p10 2026-11-24 15:30 3f2a90c1");
        for (x, y) in (0..3_u32).flat_map(|x| (0..3_u32).map(move |y| (x * 300, y * 400))) {
            let part = image::imageops::crop_imm(&page, x, y, 300, 400).to_image();
            let dark = part.pixels().filter(|pixel| pixel.0[0] < 255).count();
            assert!(dark > 200, "{x} {y}: {dark}");
        }
        assert!(page.pixels().all(|pixel| pixel.0[0] > 180), "what is below can be read");
        assert_ne!(page, marked("p11 2026-11-24 15:30 3f2a90c1"));
        // What our own letters lack is left out.
        assert_eq!(marked("周桂兰"), marked("陈志强"));
    }
}
