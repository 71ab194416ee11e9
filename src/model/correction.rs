//! 订正文字: what a person read on a page, line by line, as it is kept in the
//! store. Newer readings of the machine never take its place.

use serde::{Deserialize, Serialize};
use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::id::Digest;
use super::mask;

/// The name of the format; its JSON Schema has the same name.
pub const CORRECTION_FORMAT: &str = "yidang-correction/1";
/// The most lines of a page.
pub const MOST_LINES: usize = 2_000;
/// The most characters of a line.
pub const MOST_CHARS: usize = 1_000;

/// `[x, y, width, height]` in pixels of the upright page image.
pub type Rect = [u32; 4];

/// What a person read on a page: a blob of its own, with the key of no other, so
/// that it can be destroyed with the page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Correction {
    /// [`CORRECTION_FORMAT`].
    pub format: String,
    /// 32 random bytes in hexadecimal: the digest tells nothing of the text.
    pub salt: String,
    /// The file the page is of.
    pub file: Digest,
    /// The page of that file, from 1.
    pub page: u32,
    /// Width of the upright page image in pixels, which the boxes are of.
    pub width: u32,
    /// Its height in pixels.
    pub height: u32,
    /// Whether these lines are all that stands on the page. Otherwise the others
    /// are as the machine reads them.
    pub whole: bool,
    /// The lines that the person looked at, in reading order.
    pub lines: Vec<CheckedLine>,
}

/// A line that a person looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckedLine {
    /// What stands there; empty when nothing does.
    pub text: String,
    /// Box of the whole line.
    #[serde(rename = "box")]
    pub bbox: Rect,
    /// One box for each character of `text`.
    pub chars: Vec<Rect>,
}

/// A line as the machine read it.
#[derive(Debug, Clone, Copy)]
pub struct ReadLine<'a> {
    /// Its characters.
    pub text: &'a str,
    /// One box for each.
    pub chars: &'a [Rect],
    /// The same with numbers of persons covered, character for character: what the
    /// person was shown.
    pub covered: &'a str,
}

impl CheckedLine {
    /// A line where the machine read nothing: its characters share the box, along
    /// its longer side.
    #[must_use]
    pub fn added(text: &str, bbox: Rect) -> Self {
        let count = text.chars().count();
        Self { text: text.to_owned(), bbox, chars: share(bbox, count, runs_across(bbox)) }
    }

    /// What a person made of a line: characters that stayed keep their boxes, others
    /// have those of what they took the place of, or of their neighbour. A number that
    /// was covered and left as it was shown is the number that stands there; where
    /// anything of it or beside it was changed, its stars are stars: nobody gets to
    /// see of a number what was covered.
    #[must_use]
    pub fn of(said: &str, bbox: Rect, read: ReadLine<'_>) -> Self {
        let full: Vec<char> = read.text.chars().collect();
        let shown: Vec<char> = read.covered.chars().collect();
        let said: Vec<char> = said.chars().collect();
        if shown.len() != full.len() || read.chars.len() != full.len() {
            return Self::added(&said.iter().collect::<String>(), bbox);
        }
        let mut line = Self { text: String::new(), bbox, chars: Vec::new() };
        for op in capture_diff_slices(Algorithm::Myers, &shown, &said) {
            match op {
                DiffOp::Equal { old_index, len, .. } => {
                    line.text.extend(&shown[old_index..old_index + len]);
                    line.chars.extend(&read.chars[old_index..old_index + len]);
                }
                DiffOp::Delete { .. } => {}
                DiffOp::Insert { old_index, new_index, new_len } => {
                    let beside = old_index.saturating_sub(1);
                    let at = read.chars.get(beside).copied().unwrap_or(bbox);
                    line.text.extend(&said[new_index..new_index + new_len]);
                    line.chars.extend(std::iter::repeat_n(at, new_len));
                }
                DiffOp::Replace { old_index, old_len, new_index, new_len } => {
                    let old = &read.chars[old_index..old_index + old_len];
                    line.text.extend(&said[new_index..new_index + new_len]);
                    match old_len == new_len {
                        true => line.chars.extend(old),
                        false => line.chars.extend(share(around(old), new_len, runs_across(bbox))),
                    }
                }
            }
        }
        line.text = uncovered(&line.text, read);
        line
    }
}

/// What a person said with the covered numbers of the line in full, as far as they
/// stand there as they were shown and would be covered again.
fn uncovered(said: &str, read: ReadLine<'_>) -> String {
    if said == read.covered {
        return read.text.to_owned();
    }
    let mut text = said.to_owned();
    for (covered, number) in numbers(read) {
        let full = text.replacen(&covered, &number, 1);
        // What is covered of the whole is what the person sent: nothing more is told.
        if mask::numbers(&full) == mask::numbers(&text) {
            text = full;
        }
    }
    text
}

/// The numbers of a line that are covered: as they are shown, and in full.
fn numbers(read: ReadLine<'_>) -> Vec<(String, String)> {
    let full: Vec<char> = read.text.chars().collect();
    let shown: Vec<char> = read.covered.chars().collect();
    let of_number = |c: &char| *c == '*' || c.is_ascii_alphanumeric();
    let mut found = Vec::new();
    let mut at = 0;
    while at < shown.len().min(full.len()) {
        let end = at + shown[at..].iter().take_while(|c| of_number(c)).count();
        if shown[at..end].contains(&'*') {
            found.push((shown[at..end].iter().collect(), full[at..end].iter().collect()));
        }
        at = end.max(at + 1);
    }
    found
}

/// Whether a line in this box is written from left to right, and not downwards.
fn runs_across([_, _, width, height]: Rect) -> bool {
    width >= height
}

/// The box in parts for so many characters.
fn share(bbox: Rect, count: usize, across: bool) -> Vec<Rect> {
    let [x, y, width, height] = bbox;
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    let cut = |length: u32, at: u32| {
        let part = u64::from(length) * u64::from(at) / u64::from(count);
        u32::try_from(part).unwrap_or(length)
    };
    let part = |at: u32| match across {
        true => [x + cut(width, at), y, cut(width, at + 1) - cut(width, at), height],
        false => [x, y + cut(height, at), width, cut(height, at + 1) - cut(height, at)],
    };
    (0..count).map(part).collect()
}

/// The smallest box around these.
fn around(boxes: &[Rect]) -> Rect {
    let far = |at: usize| move |b: &Rect| b[at].saturating_add(b[at + 2]);
    let least = |at: usize| boxes.iter().map(|b| b[at]).min().unwrap_or(0);
    let most = |at: usize| boxes.iter().map(far(at)).max().unwrap_or(0);
    let (x, y) = (least(0), least(1));
    [x, y, most(0).saturating_sub(x), most(1).saturating_sub(y)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(count: u32) -> Vec<Rect> {
        (0..count).map(|at| [at * 10, 0, 10, 20]).collect()
    }

    fn of(read: &str, covered: &str, said: &str) -> CheckedLine {
        let chars = row(u32::try_from(read.chars().count()).unwrap_or(0));
        let line = ReadLine { text: read, chars: &chars, covered };
        CheckedLine::of(said, [0, 0, 100, 20], line)
    }

    #[test]
    fn what_stays_keeps_its_place() {
        let line = of("户主周佳兰", "户主周佳兰", "户主:周桂兰");
        assert_eq!(line.text, "户主:周桂兰");
        let left: Vec<u32> = line.chars.iter().map(|b| b[0]).collect();
        assert_eq!(left, [0, 10, 10, 20, 30, 40], "the colon stands with its neighbour");
        assert_eq!(of("周", "周", "").chars, Vec::<Rect>::new());
        let longer = of("周佳兰", "周佳兰", "周一二三兰");
        assert_eq!(longer.chars[1..4], [[10, 0, 3, 20], [13, 0, 3, 20], [16, 0, 4, 20]]);
    }

    #[test]
    fn a_covered_number_that_is_left_alone_is_the_number() {
        let (read, shown) = ("证号990102199001011234", "证号9901**********1234");
        assert_eq!(of(read, shown, shown).text, read);
        assert_eq!(of(read, shown, "证号:9901**********1234").text, "证号:990102199001011234");
        for (wanted, said) in [
            ("证号9901**甲****", "证号9901**甲****"),
            ("证号19901**********1234", "证号19901**********1234"),
            ("9901**********12345", "9901**********12345"),
        ] {
            assert_eq!(of(read, shown, said).text, wanted, "its digits are not told");
        }
        let typed = "证号990102199001011235";
        assert_eq!(of(read, shown, typed).text, typed);
    }

    #[test]
    fn an_added_line_is_shared_along_its_longer_side() {
        let line = CheckedLine::added("三个字", [5, 5, 30, 10]);
        assert_eq!(line.chars, [[5, 5, 10, 10], [15, 5, 10, 10], [25, 5, 10, 10]]);
        let down = CheckedLine::added("竖排", [0, 0, 10, 41]);
        assert_eq!(down.chars, [[0, 0, 10, 20], [0, 20, 10, 21]]);
        assert_eq!(CheckedLine::added("", [0, 0, 10, 41]).text, "");
    }

    proptest::proptest! {
        #[test]
        fn every_character_has_a_place(read in ".{0,40}", said in ".{0,40}") {
            let line = of(&read, &read, &said);
            proptest::prop_assert_eq!(&line.text, &said);
            proptest::prop_assert_eq!(line.chars.len(), said.chars().count());
        }
    }
}
