//! Glyphs as drawn to lines as read: pure geometry in pixels of the page image.

use super::Line;
use super::judge::fold;

/// Where the text of a glyph runs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Right,
    /// Vertical writing, and text turned clockwise: lines follow each other from right to left.
    Down,
    /// Upside down.
    Left,
    /// Text turned counter-clockwise.
    Up,
}

/// A character, or the few that one glyph stands for, with its box `[left, top, right, bottom]`.
#[derive(Clone, Debug)]
pub(super) struct Glyph {
    pub(super) text: String,
    pub(super) area: [f64; 4],
    pub(super) direction: Direction,
    /// Font size in pixels.
    pub(super) size: f64,
}

/// A gap wider than this many font sizes starts a new line, as the next cell of a table is one.
const CELL: f64 = 1.0;
/// A gap wider than this between letters or digits is a blank.
const BLANK: f64 = 0.2;
/// Chinese is set without blanks, and spread to fill its line; only a wide gap means something.
const WIDE_BLANK: f64 = 0.6;
/// A glyph drawn again this close by is the same, made bold.
const REPEAT: f64 = 0.2;

/// Lines in reading order: rows from the top, in a row from the left; after them what runs in other directions.
pub(super) fn lines(glyphs: Vec<Glyph>, width: u32, height: u32) -> Vec<Line> {
    use Direction::{Down, Left, Right, Up};
    let mut lines = Vec::new();
    for direction in [Right, Down, Up, Left] {
        let cast: Vec<Cast> = glyphs
            .iter()
            .filter(|glyph| glyph.direction == direction && is_within(glyph.area, width, height))
            .map(Cast::new)
            .collect();
        for row in rows(cast) {
            for cell in cells(row) {
                lines.extend(line(&cell, width, height));
            }
        }
    }
    lines
}

/// A glyph seen along its direction: text runs with growing `along`, lines follow with growing `across`.
struct Cast<'a> {
    glyph: &'a Glyph,
    along: [f64; 2],
    across: [f64; 2],
}

impl<'a> Cast<'a> {
    fn new(glyph: &'a Glyph) -> Self {
        let [left, top, right, bottom] = glyph.area;
        let (along, across) = match glyph.direction {
            Direction::Right => ([left, right], [top, bottom]),
            Direction::Down => ([top, bottom], [-right, -left]),
            Direction::Left => ([-right, -left], [-bottom, -top]),
            Direction::Up => ([-bottom, -top], [left, right]),
        };
        Cast { glyph, along, across }
    }

    fn middle(&self) -> f64 {
        (self.across[0] + self.across[1]) / 2.0
    }
}

/// Glyphs whose middles are within half a font size of the first of their row.
fn rows(mut glyphs: Vec<Cast<'_>>) -> Vec<Vec<Cast<'_>>> {
    glyphs.sort_by(|a, b| a.middle().total_cmp(&b.middle()));
    let mut rows: Vec<Vec<Cast<'_>>> = Vec::new();
    for glyph in glyphs {
        match rows.last_mut() {
            Some(row) if row.first().is_some_and(|first| is_same_row(first, &glyph)) => {
                row.push(glyph)
            }
            _ => rows.push(vec![glyph]),
        }
    }
    for row in &mut rows {
        row.sort_by(|a, b| a.along[0].total_cmp(&b.along[0]));
        row.dedup_by(|next, kept| {
            next.glyph.text == kept.glyph.text
                && next.along[0] - kept.along[0] < REPEAT * kept.glyph.size
        });
    }
    rows
}

fn is_same_row(first: &Cast<'_>, next: &Cast<'_>) -> bool {
    next.middle() - first.middle() < 0.5 * first.glyph.size.min(next.glyph.size)
}

/// A row cut at its wide gaps.
fn cells(row: Vec<Cast<'_>>) -> Vec<Vec<Cast<'_>>> {
    let mut cells: Vec<Vec<Cast<'_>>> = Vec::new();
    let mut end = f64::NEG_INFINITY;
    for glyph in row {
        let gap = glyph.along[0] - end;
        match cells.last_mut() {
            Some(cell) if gap < CELL * glyph.glyph.size => cell.push(glyph),
            _ => cells.push(vec![glyph]),
        }
        end = cells.last().and_then(|cell| cell.last()).map_or(end, |last| last.along[1].max(end));
    }
    cells
}

/// One line with a box for each character, blanks put where gaps mean them; `None` when there are only blanks.
fn line(cell: &[Cast<'_>], width: u32, height: u32) -> Option<Line> {
    let mut characters: Vec<(char, [f64; 4])> = Vec::new();
    for (index, cast) in cell.iter().enumerate() {
        if let Some(before) = index.checked_sub(1).and_then(|index| cell.get(index))
            && let Some(area) = blank(before, cast)
        {
            characters.push((' ', area));
        }
        let text = fold(&cast.glyph.text);
        let parts = text.chars().count();
        for (part, c) in text.chars().enumerate() {
            let c = if c.is_whitespace() { ' ' } else { c };
            characters.push((c, slice(cast.glyph, part, parts)));
        }
    }
    // Blanks at the ends, and one after another, say nothing.
    characters.dedup_by(|next, kept| next.0 == ' ' && kept.0 == ' ');
    let first = characters.iter().position(|(c, _)| *c != ' ')?;
    let last = characters.iter().rposition(|(c, _)| *c != ' ')?;
    let characters = &characters[first..=last];
    let around = characters
        .iter()
        .map(|(_, area)| *area)
        .reduce(|a, b| [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])])?;
    Some(Line {
        text: characters.iter().map(|(c, _)| c).collect(),
        bbox: pixels(around, width, height),
        confidence: 1.0,
        chars: characters.iter().map(|(_, area)| pixels(*area, width, height)).collect(),
        alternatives: Vec::new(),
    })
}

/// The area of a blank between two neighbours, when their gap is one.
fn blank(before: &Cast<'_>, after: &Cast<'_>) -> Option<[f64; 4]> {
    let is_latin = |text: &str, at_end: bool| {
        let c = if at_end { text.chars().next_back() } else { text.chars().next() };
        c.is_some_and(|c| c.is_ascii_alphanumeric())
    };
    let threshold = if is_latin(&before.glyph.text, true) && is_latin(&after.glyph.text, false) {
        BLANK
    } else {
        WIDE_BLANK
    };
    if after.along[0] - before.along[1] < threshold * after.glyph.size {
        return None;
    }
    let ([l, t, r, b], [left, top, right, bottom]) = (before.glyph.area, after.glyph.area);
    Some(match after.glyph.direction {
        Direction::Right => [r, top, left, bottom],
        Direction::Left => [right, top, l, bottom],
        Direction::Down => [left, b, right, top],
        Direction::Up => [left, bottom, right, t],
    })
}

/// The area of one of several characters that a glyph stands for: an even slice along its direction.
fn slice(glyph: &Glyph, part: usize, parts: usize) -> [f64; 4] {
    let [left, top, right, bottom] = glyph.area;
    let (from, to) = (part as f64 / parts as f64, (part + 1) as f64 / parts as f64);
    let (width, height) = (right - left, bottom - top);
    match glyph.direction {
        Direction::Right => [left + from * width, top, left + to * width, bottom],
        Direction::Left => [right - to * width, top, right - from * width, bottom],
        Direction::Down => [left, top + from * height, right, top + to * height],
        Direction::Up => [left, bottom - to * height, right, bottom - from * height],
    }
}

/// Whether the middle of an area is on the page; what lies outside is not seen.
fn is_within([left, top, right, bottom]: [f64; 4], width: u32, height: u32) -> bool {
    let (x, y) = ((left + right) / 2.0, (top + bottom) / 2.0);
    (0.0..f64::from(width)).contains(&x) && (0.0..f64::from(height)).contains(&y)
}

/// `[x, y, width, height]` in whole pixels on the page, at least one each way.
fn pixels([left, top, right, bottom]: [f64; 4], width: u32, height: u32) -> [u32; 4] {
    // Casts from float to integer saturate, so that a box beyond the page ends at its edge.
    let x = (left.floor() as u32).min(width.saturating_sub(1));
    let y = (top.floor() as u32).min(height.saturating_sub(1));
    let right = (right.ceil() as u32).clamp(x + 1, width.max(x + 1));
    let bottom = (bottom.ceil() as u32).clamp(y + 1, height.max(y + 1));
    [x, y, right - x, bottom - y]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A run of glyphs 20 px wide and high, starting at a point.
    fn run(text: &str, x: f64, y: f64, direction: Direction) -> Vec<Glyph> {
        text.chars()
            .enumerate()
            .map(|(index, c)| {
                let step = 20.0 * index as f64;
                let (x, y) = match direction {
                    Direction::Right => (x + step, y),
                    Direction::Down => (x, y + step),
                    Direction::Left => (x - step, y),
                    Direction::Up => (x, y - step),
                };
                Glyph {
                    text: c.to_string(),
                    area: [x, y, x + 20.0, y + 20.0],
                    direction,
                    size: 20.0,
                }
            })
            .collect()
    }

    fn texts(glyphs: Vec<Glyph>) -> Vec<String> {
        lines(glyphs, 1000, 1000).into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn rows_and_cells_are_read_as_people_do() {
        let mut glyphs = run("周桂兰", 300.0, 102.0, Direction::Right);
        glyphs.extend(run("第二行", 100.0, 140.0, Direction::Right));
        glyphs.extend(run("户主姓名", 100.0, 100.0, Direction::Right));
        assert_eq!(texts(glyphs), ["户主姓名", "周桂兰", "第二行"]);
    }

    #[test]
    fn every_character_has_its_box() {
        let found = lines(run("户 主", 100.0, 50.0, Direction::Right), 1000, 1000);
        assert_eq!(found[0].text, "户 主");
        assert_eq!(found[0].bbox, [100, 50, 60, 20]);
        assert_eq!(found[0].chars, [[100, 50, 20, 20], [120, 50, 20, 20], [140, 50, 20, 20]]);
        let ligature =
            Glyph { text: "ﬁ".into(), ..run("x", 10.0, 10.0, Direction::Right).remove(0) };
        let found = lines(vec![ligature], 1000, 1000);
        assert_eq!(found[0].text, "fi");
        assert_eq!(found[0].chars, [[10, 10, 10, 20], [20, 10, 10, 20]]);
    }

    #[test]
    fn gaps_become_blanks_where_they_mean_one() {
        let mut glyphs = run("No", 0.0, 0.0, Direction::Right);
        glyphs.extend(run("12", 45.0, 0.0, Direction::Right));
        assert_eq!(texts(glyphs), ["No 12"]);
        let mut spread = run("申", 0.0, 0.0, Direction::Right);
        spread.extend(run("请", 28.0, 0.0, Direction::Right));
        spread.extend(run("表", 64.0, 0.0, Direction::Right));
        assert_eq!(texts(spread), ["申请 表"]);
    }

    #[test]
    fn bold_by_drawing_twice_is_read_once() {
        let mut glyphs = run("公示公示", 0.0, 0.0, Direction::Right);
        glyphs.extend(run("公示公示", 1.0, 0.0, Direction::Right));
        assert_eq!(texts(glyphs), ["公示公示"]);
    }

    #[test]
    fn other_directions_are_read_their_way() {
        let mut columns = run("先读", 500.0, 0.0, Direction::Down);
        columns.extend(run("后读", 460.0, 0.0, Direction::Down));
        assert_eq!(texts(columns), ["先读", "后读"]);
        assert_eq!(texts(run("上行", 500.0, 500.0, Direction::Up)), ["上行"]);
        assert_eq!(texts(run("倒置", 500.0, 500.0, Direction::Left)), ["倒置"]);
    }

    #[test]
    fn what_is_off_the_page_is_not_seen_and_boxes_end_at_its_edge() {
        assert!(texts(run("页外", 2000.0, 0.0, Direction::Right)).is_empty());
        let found = lines(run("边", 990.0 - 5.0, 995.0 - 8.0, Direction::Right), 1000, 1000);
        assert_eq!(found[0].bbox, [985, 987, 15, 13]);
        let strange =
            Glyph { area: [f64::NAN; 4], ..run("x", 0.0, 0.0, Direction::Right).remove(0) };
        assert!(texts(vec![strange]).is_empty());
    }
}
