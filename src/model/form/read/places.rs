//! What stands beside a label: behind it on its line, in the next cells of its row, on
//! the next line of a sentence, or below it in its column.

use super::labels::{Labels, Place};
use super::{Found, Rect, Seen, SeenLine, beside, bottom, middle_x, middle_y, right};
use crate::model::form::{FormField, Kind};
use crate::model::text::is_han;

/// The lines of a paper with the labels on them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Page<'a> {
    pub(super) lines: &'a [SeenLine],
    pub(super) labels: &'a Labels,
}

/// What ends a value in a sentence.
const ENDS: [char; 5] = ['，', ',', '。', '；', ';'];
/// What may stand between a label and its value.
const BETWEEN: [char; 6] = [':', '：', '.', '．', '_', '—'];
/// The longest remark behind a label, with its parentheses.
const REMARK: usize = 8;
/// How much of the width of the text a line has that goes on in the next one.
const FULL: (u32, u32) = (3, 4);

impl Page<'_> {
    /// What may stand in a field, the likeliest first.
    pub(super) fn of(&self, field: &FormField) -> Vec<Found> {
        let mut places: Vec<&Place> = self.labels.of(&field.labels).collect();
        match field.nth {
            Some(nth) => places = places.into_iter().nth(nth - 1).into_iter().collect(),
            None => places.sort_by_key(|place| self.runs_on(place)),
        }
        let is_long = field.kind == Kind::Text && field.longest > 200;
        let mut found = Vec::new();
        for place in places {
            let beside = match is_long {
                true => self.block(place).into_iter().collect(),
                false => self.near(place, field.cell),
            };
            found.extend(beside);
        }
        found.extend(self.labels.of(&field.before).filter_map(|place| self.in_front(place)));
        found
    }

    /// Whether a label goes on as a word of a sentence, as in 由法定代理人代签: a value may
    /// stand there, and rather does where it stands apart.
    fn runs_on(&self, place: &Place) -> bool {
        let line = place.lines.first().filter(|_| place.lines.len() == 1);
        let next = line.and_then(|line| self.lines[*line].chars.get(place.to));
        next.is_some_and(|next| is_han(next.c) && !next.apart)
    }

    fn found(&self, page: u32, chars: &[Seen], label: f32) -> Option<Found> {
        let chars = behind_remark(chars).to_vec();
        Some(Found { page, chars, label }).filter(|found| !found.chars.is_empty())
    }

    /// What of the characters of a line is said there: a line as wide as the text has
    /// sentences, and a narrower one is a cell.
    fn said<'b>(&self, line: usize, chars: &'b [Seen]) -> &'b [Seen] {
        if self.goes_on(line) { sentence(chars) } else { chars }
    }

    /// What stands near a label, the nearest first.
    fn near(&self, place: &Place, cell: usize) -> Vec<Found> {
        let Some(&line) = place.lines.first() else { return Vec::new() };
        let found = |chars: &[Seen]| self.found(place.page, chars, place.sure);
        let mut all = Vec::new();
        if place.lines.len() == 1 {
            let chars = &self.lines[line].chars;
            let until = self.labels.next_on(line, place.to).unwrap_or(chars.len());
            let rest = sentence(&chars[place.to..until]);
            all.extend(found(rest));
            let ends = place.from > 0 && until == chars.len();
            if all.is_empty() && ends && self.goes_on(line) {
                all.extend(self.next_line(line).and_then(&found));
            }
        }
        let cells = self.cells(place);
        // The one that is wanted; where there are fewer, the last.
        let wanted = cells.get(cell - 1).or(cells.last()).copied();
        all.extend(wanted.and_then(&found));
        let below = self.below(place).map(|(at, line)| self.said(at, &line.chars));
        all.extend(below.and_then(found));
        all
    }

    /// The cells right of a label, up to the next label of the row.
    fn cells(&self, place: &Place) -> Vec<&[Seen]> {
        let mut row: Vec<(usize, &SeenLine)> = self
            .lines
            .iter()
            .enumerate()
            .filter(|(at, line)| {
                !place.lines.contains(at)
                    && line.page == place.page
                    && beside(line.bbox, place.bbox)
                    && middle_x(line.bbox) > right(place.bbox)
            })
            .collect();
        row.sort_by_key(|(_, line)| line.bbox[0]);
        let mut cells = Vec::new();
        for (at, line) in row {
            if self.labels.begins(at) {
                break;
            }
            let until = self.labels.next_on(at, 0).unwrap_or(line.chars.len());
            cells.push(self.said(at, &line.chars[..until]));
            if until < line.chars.len() {
                break;
            }
        }
        cells
    }

    /// Whether a sentence goes on behind the end of a line.
    fn goes_on(&self, line: usize) -> bool {
        let here = &self.lines[line];
        let of_page = self.lines.iter().filter(|other| other.page == here.page);
        let widest = of_page.map(|other| other.bbox[2]).max().unwrap_or(0);
        here.bbox[2].saturating_mul(FULL.1) >= widest.saturating_mul(FULL.0)
    }

    /// The beginning of the line below, up to a label or the end of what is said.
    fn next_line(&self, line: usize) -> Option<&[Seen]> {
        let here = &self.lines[line];
        let next = self.lines.get(line + 1).filter(|next| {
            next.page == here.page
                && next.bbox[1] > middle_y(here.bbox)
                && next.bbox[1] < bottom(here.bbox) + here.bbox[3] * 2
        })?;
        let until = self.labels.next_on(line + 1, 0).unwrap_or(next.chars.len());
        Some(sentence(&next.chars[..until]))
    }

    /// The cell below a label.
    fn below(&self, place: &Place) -> Option<(usize, &SeenLine)> {
        let [left, edge] = [place.bbox[0], right(place.bbox)];
        let under = |at: &usize, line: &&SeenLine| {
            line.page == place.page
                && line.bbox[1] >= middle_y(place.bbox) + place.bbox[3] / 2
                && line.bbox[1] < bottom(place.bbox) + place.bbox[3] * 4
                && line.bbox[0] < edge
                && left < right(line.bbox)
                && !self.labels.begins(*at)
        };
        let below = self.lines.iter().enumerate().filter(|(at, line)| under(at, line));
        below.min_by_key(|(_, line)| line.bbox[1])
    }

    /// All lines right of a label, as far as they are nearer to it than to the labels
    /// above and below it in its column.
    fn block(&self, place: &Place) -> Option<Found> {
        let &first = place.lines.first()?;
        let behind = match place.lines.len() {
            1 => {
                let chars = &self.lines[first].chars;
                let until = self.labels.next_on(first, place.to).unwrap_or(chars.len());
                &chars[place.to..until]
            }
            _ => &[],
        };
        let [above, below] = self.neighbours(place);
        let mut rows: Vec<(usize, &SeenLine)> = self
            .lines
            .iter()
            .enumerate()
            .filter(|(at, line)| {
                let middle = middle_y(line.bbox);
                // A sentence that begins behind its label goes on below it.
                let in_reach = match behind.is_empty() {
                    true => line.bbox[0] >= right(place.bbox) && middle > above,
                    false => middle > bottom(place.bbox),
                };
                !place.lines.contains(at)
                    && line.page == place.page
                    && in_reach
                    && middle < below
                    && !self.labels.begins(*at)
            })
            .collect();
        rows.sort_by_key(|(at, _)| *at);
        let mut chars = behind.to_vec();
        for (at, line) in rows {
            let until = self.labels.next_on(at, 0).unwrap_or(line.chars.len());
            chars.extend_from_slice(&line.chars[..until]);
        }
        self.found(place.page, &chars, place.sure)
    }

    /// Half way to the labels above and below a label that begin a row as it does.
    fn neighbours(&self, place: &Place) -> [u32; 2] {
        let of_page = self.labels.all().iter().filter(|other| other.page == place.page);
        let (mut above, mut below) = (0, u32::MAX);
        for other in of_page.filter(|other| overlaps(other.bbox, place.bbox)) {
            if bottom(other.bbox) <= place.bbox[1] {
                above = above.max((bottom(other.bbox) + place.bbox[1]) / 2);
            } else if other.bbox[1] >= bottom(place.bbox) {
                below = below.min((other.bbox[1] + bottom(place.bbox)) / 2);
            }
        }
        [above, below]
    }

    /// What stands before a label on its line, or in the cell before it.
    fn in_front(&self, place: &Place) -> Option<Found> {
        let line = &self.lines[*place.lines.first()?];
        let chars = &line.chars[..place.from];
        let begin = chars.iter().rposition(|seen| ENDS.contains(&seen.c)).map_or(0, |at| at + 1);
        self.found(place.page, &chars[begin..], place.sure)
    }
}

/// Without what stands between a label and its value.
fn behind_signs(chars: &[Seen]) -> &[Seen] {
    let begin = chars.iter().position(|seen| !BETWEEN.contains(&seen.c)).unwrap_or(chars.len());
    &chars[begin..]
}

/// As [`behind_signs`]; and without a remark in parentheses that belongs to the label, as in
/// 法定代理人(代签). What stands in parentheses alone, as in 性别(女), is no remark.
fn behind_remark(chars: &[Seen]) -> &[Seen] {
    let chars = behind_signs(chars);
    let end = match chars.first() {
        Some(Seen { c: '(' | '（', .. }) => {
            chars.iter().take(REMARK).position(|seen| matches!(seen.c, ')' | '）'))
        }
        _ => None,
    };
    let rest = end.map_or(chars, |end| behind_signs(&chars[end + 1..]));
    if rest.is_empty() { chars } else { rest }
}

/// Characters up to the end of what is said, or of the parentheses it stands in.
fn sentence(chars: &[Seen]) -> &[Seen] {
    let begin = chars.iter().position(|seen| !BETWEEN.contains(&seen.c)).unwrap_or(chars.len());
    let mut open = 0_i32;
    let mut closes = |at: usize| {
        open += match chars[at].c {
            '(' | '（' => 1,
            ')' | '）' => -1,
            _ => 0,
        };
        open < 0
    };
    let is_thousand = |at: usize| {
        let digit = |at: Option<usize>| {
            at.and_then(|at| chars.get(at)).is_some_and(|seen| seen.c.is_ascii_digit())
        };
        chars[at].c == ',' && digit(at.checked_sub(1)) && digit(Some(at + 1))
    };
    let end = (begin..chars.len())
        .find(|at| closes(*at) || ENDS.contains(&chars[*at].c) && !is_thousand(*at));
    &chars[begin..end.unwrap_or(chars.len())]
}

/// Whether two boxes share a part of a column.
fn overlaps(a: Rect, b: Rect) -> bool {
    a[0] < right(b) && b[0] < right(a)
}
