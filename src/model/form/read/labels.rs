//! Where the labels of a form are printed: blanks and colons do not count, and a label
//! that is nowhere as it should be may have one character misread.

use std::collections::BTreeSet;

use super::{Rect, Seen, SeenLine, bottom, union};
use crate::model::form::{Form, FormField, Item};
use crate::model::text::{is_han, squeeze};

/// A label of so few characters stands apart: it is too easily a part of a word.
const SHORT: usize = 2;
/// One of so many may have a misread character.
const LONG: usize = 4;

/// A label on the page.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Place {
    /// Its words as the form has them.
    pub(super) label: String,
    /// The lines it is on: one, or two where it stands in two rows.
    pub(super) lines: Vec<usize>,
    /// Its first character in the first of them, and the one behind it.
    pub(super) from: usize,
    /// The one behind its last.
    pub(super) to: usize,
    /// Where it stands.
    pub(super) bbox: Rect,
    /// Its page.
    pub(super) page: u32,
    /// 1 when it was read without a mistake.
    pub(super) sure: f32,
}

/// The labels that were found, in reading order.
#[derive(Debug, Default)]
pub(super) struct Labels(Vec<Place>);

impl Labels {
    /// The labels of `form` on these lines.
    pub(super) fn find(form: &Form, lines: &[SeenLine]) -> Self {
        let mut words: BTreeSet<String> = BTreeSet::new();
        for item in form.items() {
            match item {
                Item::Field(field) => words.extend(of(field)),
                Item::Group(group) => {
                    words.extend(group.columns.iter().flat_map(of));
                    words.insert(squeeze(&group.name));
                }
            }
        }
        // The title of a part that has a label of it in it is none of that field.
        let titles: Vec<String> = form.sections.iter().map(|part| squeeze(&part.name)).collect();
        let has_label = |title: &&String| words.iter().any(|word| title.contains(word.as_str()));
        let titles: Vec<String> = titles.iter().filter(has_label).cloned().collect();
        words.extend(titles);
        let mut words: Vec<Vec<char>> = words.iter().map(|one| one.chars().collect()).collect();
        // What is part of a longer label is none.
        words.sort_by_key(|one| std::cmp::Reverse(one.len()));
        let mut found = Self::default();
        for word in &words {
            found.exact(word, lines);
        }
        for word in &words {
            found.stacked(word, lines);
        }
        for word in words.iter().filter(|word| word.len() >= LONG) {
            if !found.has(word) {
                found.misread(word, lines);
            }
        }
        found.0.sort_by_key(|one| (one.lines.first().copied(), one.from));
        found
    }

    /// The places of one of these labels, in reading order.
    pub(super) fn of<'a>(&'a self, labels: &'a [String]) -> impl Iterator<Item = &'a Place> {
        self.0.iter().filter(move |one| labels.iter().any(|label| squeeze(label) == one.label))
    }

    /// All of them.
    pub(super) fn all(&self) -> &[Place] {
        &self.0
    }

    /// The first label on a line that begins at `from` or behind it: where it begins.
    pub(super) fn next_on(&self, line: usize, from: usize) -> Option<usize> {
        self.0.iter().filter(|one| one.is_on(line) && one.from >= from).map(|one| one.from).min()
    }

    /// Whether a line begins with a label, or is part of one.
    pub(super) fn begins(&self, line: usize) -> bool {
        self.0.iter().any(|one| one.lines.contains(&line) && one.from == 0)
    }

    fn has(&self, word: &[char]) -> bool {
        self.0.iter().any(|one| one.label.chars().eq(word.iter().copied()))
    }

    fn is_free(&self, line: usize, from: usize, to: usize) -> bool {
        self.0.iter().all(|one| !one.lines.contains(&line) || one.to <= from || to <= one.from)
    }

    fn add(
        &mut self,
        word: &[char],
        lines: Vec<usize>,
        at: (usize, usize),
        place: (Rect, u32, f32),
    ) {
        let (bbox, page, sure) = place;
        let label = word.iter().collect();
        self.0.push(Place { label, lines, from: at.0, to: at.1, bbox, page, sure });
    }

    fn exact(&mut self, word: &[char], lines: &[SeenLine]) {
        for (at, line) in lines.iter().enumerate() {
            for from in 0..(line.chars.len() + 1).saturating_sub(word.len()) {
                let run = &line.chars[from..from + word.len()];
                let same = run.iter().zip(word).all(|(seen, c)| seen.c == *c);
                let apart = word.len() > SHORT || stands_apart(&line.chars, from, word.len());
                if same && apart && self.is_free(at, from, from + word.len()) {
                    let place = (around(run), line.page, 1.0);
                    self.add(word, vec![at], (from, from + word.len()), place);
                }
            }
        }
    }

    /// A label in two rows: 申请 above 理由.
    fn stacked(&mut self, word: &[char], lines: &[SeenLine]) {
        for (at, upper) in lines.iter().enumerate() {
            let length = upper.chars.len();
            if length == 0 || length >= word.len() || !same(&upper.chars, &word[..length]) {
                continue;
            }
            let below = lines.iter().enumerate().find(|(_, lower)| {
                let apart = lower.bbox[1].saturating_sub(bottom(upper.bbox));
                let [left, reach] = [upper.bbox, lower.bbox].map(|b| (b[0], b[0] + b[2]));
                lower.page == upper.page
                    && lower.bbox[1] > upper.bbox[1]
                    && apart <= upper.bbox[3] * 3 / 2
                    && left.0 < reach.1
                    && reach.0 < left.1
                    && same(&lower.chars, &word[length..])
            });
            let Some((under, lower)) = below else { continue };
            let free = |line: usize, to: usize| self.is_free(line, 0, to);
            if free(at, length) && free(under, lower.chars.len()) {
                let place = (union(upper.bbox, lower.bbox), upper.page, 1.0);
                self.add(word, vec![at, under], (0, length), place);
            }
        }
    }

    fn misread(&mut self, word: &[char], lines: &[SeenLine]) {
        for (at, line) in lines.iter().enumerate() {
            for from in 0..(line.chars.len() + 1).saturating_sub(word.len()) {
                let run = &line.chars[from..from + word.len()];
                let wrong = run.iter().zip(word).filter(|(seen, c)| seen.c != **c).count();
                if wrong == 1 && self.is_free(at, from, from + word.len()) {
                    let place = (around(run), line.page, 0.9);
                    self.add(word, vec![at], (from, from + word.len()), place);
                }
            }
        }
    }
}

impl Place {
    /// Whether it is on a line, and its characters there are counted by `from` and `to`.
    fn is_on(&self, line: usize) -> bool {
        self.lines.first() == Some(&line)
    }
}

/// The words of a field, those behind its value too.
fn of(field: &FormField) -> impl Iterator<Item = String> {
    field.labels.iter().chain(&field.before).map(|word| squeeze(word))
}

fn same(chars: &[Seen], word: &[char]) -> bool {
    chars.len() == word.len() && chars.iter().zip(word).all(|(seen, c)| seen.c == *c)
}

fn around(run: &[Seen]) -> Rect {
    run.iter().map(|seen| seen.bbox).reduce(union).unwrap_or_default()
}

/// Whether a short word begins a line, or stands behind a sign or a blank; at an end of
/// a line or before a value it is one too.
fn stands_apart(chars: &[Seen], from: usize, length: usize) -> bool {
    let begins = from == 0
        || chars[from].apart
        || !is_han(chars[from - 1].c) && !chars[from - 1].c.is_ascii_digit();
    let ends = chars.get(from + length).is_some_and(|next| matches!(next.c, ':' | '：'));
    begins || ends
}
