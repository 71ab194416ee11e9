//! The pixels a model is shown: the page in colour, the page without its red
//! ink, or the red ink alone.
//!
//! A red seal over black text spoils the text for the reader. Red ink is light
//! in the red channel, where black ink stays dark; and how much redder than
//! green and blue a pixel is tells the seal from the text beneath it. So each
//! can be read without the other.

use std::borrow::Cow;

use image::RgbImage;

/// How much stronger red must be than green and blue before a pixel counts as
/// tinted at all: paper and the colour noise of JPEG stay below.
const TINT: u8 = 24;

/// Pixels of a page, grey or colour.
#[derive(Debug, Clone)]
pub(crate) struct Sheet<'a> {
    width: usize,
    height: usize,
    channels: usize,
    pixels: Cow<'a, [u8]>,
}

impl<'a> Sheet<'a> {
    /// The page as it is.
    pub(crate) fn colour(page: &'a RgbImage) -> Self {
        Self::new(page, 3, Cow::Borrowed(page.as_raw()))
    }

    /// The page without its red ink, in grey.
    pub(crate) fn without_red(page: &RgbImage) -> Sheet<'static> {
        let paper = paper_level(page);
        let pixels = page.pixels().map(|pixel| {
            let red = pixel.0[0];
            red.saturating_add(redness(pixel.0).saturating_sub(TINT)).min(paper.max(red))
        });
        Sheet::new(page, 1, Cow::Owned(pixels.collect()))
    }

    /// The red ink of the page alone, dark on white.
    pub(crate) fn red_ink(page: &RgbImage) -> Sheet<'static> {
        let pixels = page
            .pixels()
            .map(|pixel| 255 - redness(pixel.0).saturating_sub(TINT).saturating_mul(2));
        Sheet::new(page, 1, Cow::Owned(pixels.collect()))
    }

    fn new(page: &RgbImage, channels: usize, pixels: Cow<'a, [u8]>) -> Self {
        Self { width: page.width() as usize, height: page.height() as usize, channels, pixels }
    }

    /// The sheet at half the size: each pixel the mean of four.
    pub(crate) fn halved(&self) -> Sheet<'static> {
        let (width, height) = ((self.width / 2).max(1), (self.height / 2).max(1));
        let mut pixels = Vec::with_capacity(width * height * self.channels);
        for y in 0..height {
            let rows = [self.row(2 * y), self.row(2 * y + 1)];
            for x in 0..width {
                let next = (2 * x + 1).min(self.width - 1);
                for channel in 0..self.channels {
                    let sum: u16 = rows
                        .iter()
                        .flat_map(|row| {
                            [2 * x, next].map(|x| u16::from(row[x * self.channels + channel]))
                        })
                        .sum();
                    pixels.push(((sum + 2) / 4) as u8);
                }
            }
        }
        Sheet { width, height, channels: self.channels, pixels: Cow::Owned(pixels) }
    }

    fn row(&self, y: usize) -> &[u8] {
        let length = self.width * self.channels;
        let start = y.min(self.height - 1) * length;
        &self.pixels[start..start + length]
    }

    /// The value at (`x`, `y`), where whole numbers are pixel centres, mixed
    /// from the four pixels around it: blue, green and red from 0 to 255.
    /// Beyond the edge the edge goes on.
    pub(crate) fn sample(&self, x: f32, y: f32) -> [f32; 3] {
        let (across, down) = (Between::of(x, self.width), Between::of(y, self.height));
        let rows = (self.row(down.first), self.row(down.second));
        let mix = |channel| self.mix(rows, across, down.share, channel);
        match self.channels {
            3 => [mix(2), mix(1), mix(0)],
            _ => [mix(0); 3],
        }
    }

    /// [`Sheet::sample`] at every one of `columns` in every one of `rows`: the
    /// blue of all, row by row, then the green, then the red.
    pub(crate) fn grid(&self, columns: &[f32], rows: &[f32]) -> Vec<f32> {
        let columns: Vec<_> = columns.iter().map(|&x| Between::of(x, self.width)).collect();
        let plane = |channel: usize| {
            let mut values = Vec::with_capacity(rows.len() * columns.len());
            for &y in rows {
                let down = Between::of(y, self.height);
                let rows = (self.row(down.first), self.row(down.second));
                values.extend(columns.iter().map(|&x| self.mix(rows, x, down.share, channel)));
            }
            values
        };
        match self.channels {
            3 => [plane(2), plane(1), plane(0)].concat(),
            _ => plane(0).repeat(3),
        }
    }

    /// One channel between four pixels of two rows.
    fn mix(&self, (upper, lower): (&[u8], &[u8]), x: Between, down: f32, channel: usize) -> f32 {
        let at = |row: &[u8], x: usize| f32::from(row[x * self.channels + channel]);
        let above = at(upper, x.first) + (at(upper, x.second) - at(upper, x.first)) * x.share;
        let below = at(lower, x.first) + (at(lower, x.second) - at(lower, x.first)) * x.share;
        above + (below - above) * down
    }
}

/// A place between two neighbouring pixels of a row or a column.
#[derive(Debug, Clone, Copy)]
struct Between {
    first: usize,
    second: usize,
    /// How much of the second, from 0 to 1.
    share: f32,
}

impl Between {
    /// `at`, or the edge it lies beyond, of `length` pixels.
    fn of(at: f32, length: usize) -> Self {
        let at = at.clamp(0.0, (length - 1) as f32);
        let first = at as usize;
        Self { first, second: (first + 1).min(length - 1), share: at - first as f32 }
    }
}

/// A sheet, and as many smaller copies of it as are needed to shrink it
/// without losing strokes between the sampled points.
#[derive(Debug)]
pub(crate) struct Levels<'a> {
    sheets: Vec<Sheet<'a>>,
}

impl<'a> Levels<'a> {
    /// `sheet` for sampling at `scale` model pixels a page pixel, or above.
    pub(crate) fn new(sheet: Sheet<'a>, scale: f64) -> Self {
        let mut sheets = vec![sheet];
        let mut size = 1.0;
        while let Some(last) = sheets.last()
            && scale <= size / 2.0
            && last.width.min(last.height) > 1
        {
            let halved = last.halved();
            sheets.push(halved);
            size /= 2.0;
        }
        Self { sheets }
    }

    /// The sheet as it was given.
    pub(crate) fn whole(&self) -> &Sheet<'a> {
        &self.sheets[0]
    }

    /// The smallest copy that still has a pixel for every one wanted at
    /// `scale`, and the share of a page pixel's side that one of its has.
    pub(crate) fn at(&self, scale: f64) -> (&Sheet<'a>, f64) {
        let halvings = (1.0 / scale.max(f64::MIN_POSITIVE)).log2().floor().max(0.0) as usize;
        let level = halvings.min(self.sheets.len() - 1);
        (&self.sheets[level], 0.5f64.powi(level as i32))
    }
}

/// How much stronger red is than both green and blue.
pub(crate) fn redness([red, green, blue]: [u8; 3]) -> u8 {
    red.saturating_sub(green.max(blue))
}

/// The most common value of the red channel: that of the paper.
fn paper_level(page: &RgbImage) -> u8 {
    let mut counts = [0u32; 256];
    for pixel in page.pixels() {
        counts[usize::from(pixel.0[0])] += 1;
    }
    let most = (0u8..=255).max_by_key(|&level| counts[usize::from(level)]);
    most.unwrap_or(255)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    const PAPER: [u8; 3] = [244, 242, 238];
    const BLACK: [u8; 3] = [30, 30, 32];
    const SEAL: [u8; 3] = [196, 52, 58];
    /// Black ink with the seal over it, as JPEG smears it.
    const BOTH: [u8; 3] = [62, 14, 16];

    fn page() -> RgbImage {
        let mut page = RgbImage::from_pixel(8, 8, Rgb(PAPER));
        for (x, ink) in [BLACK, SEAL, BOTH].into_iter().enumerate() {
            page.put_pixel(x as u32, 0, Rgb(ink));
        }
        page
    }

    #[test]
    fn red_vanishes_and_black_stays() {
        let page = page();
        let sheet = Sheet::without_red(&page);
        let grey = |x: f32| sheet.sample(x, 0.0)[0];
        assert!(grey(0.0) < 60.0);
        assert!(grey(1.0) > 230.0 && grey(1.0) <= 244.0, "{}", grey(1.0));
        assert!(grey(2.0) < 110.0, "{}", grey(2.0));
    }

    #[test]
    fn red_ink_stands_alone() {
        let page = page();
        let sheet = Sheet::red_ink(&page);
        let grey = |x: f32| sheet.sample(x, 0.0)[0];
        assert!(grey(0.0) > 250.0 && grey(5.0) > 250.0);
        assert!(grey(1.0) < 60.0, "{}", grey(1.0));
    }

    #[test]
    fn samples_are_mixed_and_in_blue_green_red_order() {
        let mut page = RgbImage::from_pixel(2, 2, Rgb([0, 0, 0]));
        page.put_pixel(1, 0, Rgb([100, 60, 20]));
        let sheet = Sheet::colour(&page);
        assert_eq!(sheet.sample(1.0, 0.0), [20.0, 60.0, 100.0]);
        assert_eq!(sheet.sample(0.5, 0.0), [10.0, 30.0, 50.0]);
        assert_eq!(sheet.sample(9.0, -9.0), [20.0, 60.0, 100.0]);
    }

    #[test]
    fn a_grid_is_its_samples() {
        let page = page();
        let (columns, rows) = ([-1.0, 0.3, 1.0, 1.7, 9.0], [-0.5, 0.25, 8.0]);
        for sheet in [Sheet::colour(&page), Sheet::without_red(&page)] {
            let grid = sheet.grid(&columns, &rows);
            let mut one = grid.iter();
            for channel in 0..3 {
                for (&y, &x) in rows.iter().flat_map(|y| columns.iter().map(move |x| (y, x))) {
                    assert_eq!(one.next(), Some(&sheet.sample(x, y)[channel]), "{channel} {x} {y}");
                }
            }
            assert_eq!(one.next(), None);
        }
    }

    #[test]
    fn the_level_fits_the_scale() {
        let page = RgbImage::new(64, 32);
        let levels = Levels::new(Sheet::colour(&page), 0.2);
        assert_eq!(levels.sheets.len(), 3);
        let widths = [2.0, 0.6, 0.5, 0.3, 0.25, 0.1].map(|scale| levels.at(scale).0.width);
        assert_eq!(widths, [64, 64, 32, 32, 16, 16]);
        assert_eq!(Levels::new(Sheet::colour(&page), 0.7).sheets.len(), 1);
    }

    #[test]
    fn halving_takes_the_mean_and_never_vanishes() {
        let mut page = RgbImage::from_pixel(4, 2, Rgb([0, 0, 0]));
        page.put_pixel(0, 0, Rgb([200, 200, 200]));
        let sheet = Sheet::colour(&page).halved();
        assert_eq!((sheet.width, sheet.height), (2, 1));
        assert_eq!(sheet.sample(0.0, 0.0), [50.0; 3]);
        let dot = RgbImage::from_pixel(1, 1, Rgb([7, 7, 7]));
        assert_eq!(Sheet::colour(&dot).halved().sample(0.0, 0.0), [7.0; 3]);
    }
}
