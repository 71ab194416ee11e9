//! Where on the page there is anything to read, and where its ink is red.

use image::RgbImage;

use crate::components::regions;
use crate::geometry::bounds;
use crate::sheet::redness;

/// Cells along one side of a tile.
const TILE: u32 = 8;
/// Grey difference between neighbouring cells that makes an edge of ink. The
/// noise of a scan, averaged over a cell, stays far below.
const EDGE: u32 = 16;
/// Edges that make a tile written on; fewer are specks of dust.
const EDGES: u32 = 6;
/// [`redness`] from which a pixel counts as red ink.
const RED: u8 = 60;
/// Red pixels that make a tile red.
const RED_PIXELS: u32 = 8;
/// Share of red pixels on the page below which red is noise, and above which
/// it is a background and not ink.
const RED_SHARE: std::ops::Range<f64> = 0.0002..0.25;

/// A part of the page: `[x, y, width, height]` in pixels.
pub(crate) type Area = [u32; 4];

/// What was found on a page before any model has looked at it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Ink {
    /// Around everything written.
    pub(crate) written: Area,
    /// Around each patch of red ink; empty when the page has none worth reading.
    pub(crate) red: Vec<Area>,
}

impl Ink {
    /// The ink on `page`; `None` when the page is blank.
    pub(crate) fn of(page: &RgbImage) -> Option<Self> {
        let cells = Cells::of(page);
        let mut edges = vec![0u32; (cells.tiles_across * cells.tiles_down) as usize];
        for y in 0..cells.down {
            for x in 0..cells.across {
                let here = cells.grey(x, y);
                let right = cells.grey((x + 1).min(cells.across - 1), y);
                let below = cells.grey(x, (y + 1).min(cells.down - 1));
                if here.abs_diff(right) > EDGE || here.abs_diff(below) > EDGE {
                    edges[cells.tile(x, y)] += 1;
                }
            }
        }
        let written = cells.patches(&edges, EDGES).into_iter().reduce(around)?;
        Some(Self { written, red: cells.red_patches(page) })
    }
}

/// The page in small squares, and those in tiles of 8 by 8.
struct Cells {
    /// Side of a cell in pixels.
    side: u32,
    across: u32,
    down: u32,
    tiles_across: u32,
    tiles_down: u32,
    /// Sum of red, green and blue over each cell's pixels.
    sums: Vec<u32>,
    /// Pixels of red ink in each tile.
    red: Vec<u32>,
    page: (u32, u32),
}

impl Cells {
    fn of(page: &RgbImage) -> Self {
        let (width, height) = page.dimensions();
        let side = (width.max(height) / 600).clamp(2, 16);
        let (across, down) = ((width / side).max(1), (height / side).max(1));
        let (tiles_across, tiles_down) = (across.div_ceil(TILE), down.div_ceil(TILE));
        let mut cells = Self {
            side,
            across,
            down,
            tiles_across,
            tiles_down,
            sums: vec![0; (across * down) as usize],
            red: vec![0; (tiles_across * tiles_down) as usize],
            page: (width, height),
        };
        for (y, row) in page.rows().enumerate() {
            let cell_y = y as u32 / side;
            if cell_y >= down {
                break;
            }
            for (x, pixel) in row.enumerate() {
                let cell_x = x as u32 / side;
                if cell_x >= across {
                    break;
                }
                let sum: u32 = pixel.0.iter().map(|&v| u32::from(v)).sum();
                cells.sums[(cell_y * across + cell_x) as usize] += sum;
                if redness(pixel.0) > RED {
                    let tile = cells.tile(cell_x, cell_y);
                    cells.red[tile] += 1;
                }
            }
        }
        cells
    }

    /// Mean grey of a cell, from 0 to 255.
    fn grey(&self, x: u32, y: u32) -> u32 {
        self.sums[(y * self.across + x) as usize] / (3 * self.side * self.side)
    }

    fn tile(&self, x: u32, y: u32) -> usize {
        ((y / TILE) * self.tiles_across + x / TILE) as usize
    }

    /// Page areas of the patches of neighbouring tiles that count `least` or
    /// more, one tile wider on every side.
    fn patches(&self, counts: &[u32], least: u32) -> Vec<Area> {
        let (rows, columns) = (self.tiles_down as usize, self.tiles_across as usize);
        let size = f64::from(TILE * self.side);
        let found = regions(rows, columns, |y, x| counts[y * columns + x] >= least);
        let area = |mut points: Vec<crate::geometry::Point>| {
            for point in &mut points {
                (point.x, point.y) = (point.x * size, point.y * size);
            }
            let [x, y, w, h] = bounds(&points, self.page.0, self.page.1);
            // The points are tile centres: half a tile to the edge, one more around.
            let margin = (size * 1.5) as u32;
            let (left, top) = (x.saturating_sub(margin), y.saturating_sub(margin));
            let right = (x + w + margin).min(self.page.0);
            let bottom = (y + h + margin).min(self.page.1);
            [left, top, right - left, bottom - top]
        };
        found.into_iter().map(area).collect()
    }

    fn red_patches(&self, page: &RgbImage) -> Vec<Area> {
        let pixels = f64::from(page.width()) * f64::from(page.height());
        let red: f64 = self.red.iter().map(|&count| f64::from(count)).sum();
        if !RED_SHARE.contains(&(red / pixels)) {
            return Vec::new();
        }
        let mut patches = self.patches(&self.red, RED_PIXELS);
        // Patches grown by their margins may overlap; one look is enough.
        while let Some((kept, gone)) = first_touching(&patches) {
            let merged = around(patches[kept], patches[gone]);
            patches.swap_remove(gone);
            patches[kept] = merged;
        }
        patches
    }
}

fn first_touching(areas: &[Area]) -> Option<(usize, usize)> {
    let touch = |a: Area, b: Area| {
        a[0] < b[0] + b[2] && b[0] < a[0] + a[2] && a[1] < b[1] + b[3] && b[1] < a[1] + a[3]
    };
    (0..areas.len())
        .find_map(|a| (a + 1..areas.len()).find(|&b| touch(areas[a], areas[b])).map(|b| (a, b)))
}

/// The smallest area around two.
fn around(a: Area, b: Area) -> Area {
    let (left, top) = (a[0].min(b[0]), a[1].min(b[1]));
    let right = (a[0] + a[2]).max(b[0] + b[2]);
    let bottom = (a[1] + a[3]).max(b[1] + b[3]);
    [left, top, right - left, bottom - top]
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use image::Rgb;

    fn paper() -> RgbImage {
        // A slow shade from side to side, as a scanner's lamp leaves it.
        RgbImage::from_fn(1200, 1600, |x, y| {
            let noise = ((x * 7919 + y * 104_729) % 11) as u8;
            Rgb([225 + (x / 60) as u8 - noise; 3])
        })
    }

    fn fill(page: &mut RgbImage, [x, y, w, h]: Area, ink: [u8; 3]) {
        for (dx, dy) in (0..w).flat_map(|dx| (0..h).map(move |dy| (dx, dy))) {
            // Strokes, not a solid patch.
            if dx % 12 < 5 {
                page.put_pixel(x + dx, y + dy, Rgb(ink));
            }
        }
    }

    #[test]
    fn paper_is_blank_even_with_shade_noise_and_a_speck() {
        let mut page = paper();
        assert_eq!(Ink::of(&page), None);
        page.put_pixel(600, 700, Rgb([0, 0, 0]));
        assert_eq!(Ink::of(&page), None);
        assert_eq!(Ink::of(&RgbImage::new(1, 1)), None);
    }

    #[test]
    fn writing_is_bounded() {
        let mut page = paper();
        fill(&mut page, [200, 300, 240, 30], [40, 40, 40]);
        fill(&mut page, [500, 900, 100, 30], [40, 40, 40]);
        let ink = Ink::of(&page).unwrap();
        let [x, y, w, h] = ink.written;
        assert!((150..=200).contains(&x) && (250..=300).contains(&y), "{ink:?}");
        assert!((600..=660).contains(&(x + w)) && (930..=990).contains(&(y + h)), "{ink:?}");
        assert!(ink.red.is_empty());
    }

    #[test]
    fn red_ink_is_found_where_it_is() {
        let mut page = paper();
        fill(&mut page, [100, 100, 600, 30], [40, 40, 40]);
        fill(&mut page, [800, 1200, 150, 150], [200, 40, 50]);
        let ink = Ink::of(&page).unwrap();
        assert_eq!(ink.red.len(), 1, "{ink:?}");
        let [x, y, w, h] = ink.red[0];
        assert!(x <= 800 && y <= 1200 && x + w >= 950 && y + h >= 1350 && w < 260, "{ink:?}");
    }

    #[test]
    fn a_red_cover_is_not_ink() {
        let mut page = RgbImage::from_pixel(800, 600, Rgb([170, 20, 30]));
        fill(&mut page, [200, 200, 300, 60], [230, 190, 90]);
        assert!(Ink::of(&page).unwrap().red.is_empty());
    }
}
