//! Text as it is compared, with the way back to the original characters.
//!
//! Every character is folded by itself, so folding a piece of a text gives the piece of the
//! folded text: that is what makes "any run that stands on the page is found" provable. What would
//! need its neighbours (composing a letter with an accent that follows it) is left alone; what a
//! number is worth in another form is in `values.rs`.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

use crate::script;

/// A text folded for comparison: the characters, and for each the place it came from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Normal {
    /// The folded characters, blanks and line ends dropped.
    pub(crate) chars: Vec<char>,
    /// For each folded character the number (in characters) of the original one.
    origin: Vec<usize>,
}

impl Normal {
    /// `text` folded.
    pub(crate) fn of(text: &str) -> Self {
        let mut normal = Normal {
            chars: Vec::with_capacity(text.len() / 2),
            origin: Vec::with_capacity(text.len() / 2),
        };
        for (index, c) in text.chars().enumerate() {
            fold(c, |folded| {
                normal.chars.push(folded);
                normal.origin.push(index);
            });
        }
        normal
    }

    /// The original characters that folded characters `range` came from, blanks between them
    /// included. `range` is not empty and within the text.
    pub(crate) fn original(&self, range: Range<usize>) -> Range<usize> {
        self.origin[range.start]..self.origin[range.end - 1] + 1
    }

    /// The folded character that the original one with this number became, if it is one.
    pub(crate) fn folded(&self, original: usize) -> Option<usize> {
        let at = self.origin.binary_search(&original).ok()?;
        let next = self.origin.get(at + 1);
        let before = at.checked_sub(1).map(|before| self.origin[before]);
        (next != Some(&original) && before != Some(original)).then_some(at)
    }

    /// Whether something was dropped between folded character `at` and the one before it.
    pub(crate) fn gap_before(&self, at: usize) -> bool {
        at > 0 && self.origin[at] > self.origin[at - 1] + 1
    }

    /// All places where `run` stands, overlapping ones included, as ranges of folded characters.
    pub(crate) fn find<'a>(&'a self, run: &'a [char]) -> impl Iterator<Item = Range<usize>> + 'a {
        let first = run.first();
        let starts = self.chars.iter().enumerate().filter(move |&(_, c)| Some(c) == first);
        starts
            .map(move |(at, _)| at..at + run.len())
            .filter(move |place| self.chars.get(place.clone()) == Some(run))
    }
}

/// A text as it is compared: a run of one stands in another exactly where it does so folded.
#[must_use]
pub fn folded(text: &str) -> String {
    Normal::of(text).chars.into_iter().collect()
}

/// Whether nothing of `c` remains when it is folded: blanks, line ends, invisible characters.
pub(crate) fn is_dropped(c: char) -> bool {
    let mut kept = false;
    fold(c, |_| kept = true);
    !kept
}

/// Hands the folded form of `c` to `keep`, which may be called several times or never: NFKC, lower
/// case, simplified, without blanks and invisible characters.
fn fold(c: char, mut keep: impl FnMut(char)) {
    match c {
        // What nearly all of a page consists of, without looking into tables.
        '\u{4e00}'..='\u{9fff}' => keep(script::simplified(c)),
        '\u{3001}'..='\u{3029}' => keep(one_form(c)),
        '!'..='~' => keep(c.to_ascii_lowercase()),
        '\u{ff01}'..='\u{ff5e}' => {
            // Full-width forms stand in the order of ASCII.
            let ascii = char::from_u32(c as u32 - 0xfee0).unwrap_or(c);
            keep(ascii.to_ascii_lowercase());
        }
        '\0'..=' ' => {}
        _ => fold_any(c, keep),
    }
}

fn fold_any(c: char, keep: impl FnMut(char)) {
    std::iter::once(c)
        .nfkc()
        .flat_map(char::to_lowercase)
        .filter(|&c| !is_invisible(c))
        .map(|c| one_form(script::simplified(c)))
        .for_each(keep);
}

/// One form of marks that print, input methods and recognisers use for each other.
fn one_form(c: char) -> char {
    match c {
        '、' => ',',
        '。' => '.',
        '〈' | '《' => '<',
        '〉' | '》' => '>',
        '「' | '」' | '『' | '』' | '“' | '”' | '‘' | '’' => '"',
        '【' | '〔' | '〖' => '[',
        '】' | '〕' | '〗' => ']',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '•' | '‧' | '∙' | '・' => '·',
        '〜' => '~',
        // The zero of dates, which is often set as a circle.
        '○' | '◯' => '〇',
        c => c,
    }
}

fn is_invisible(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{e0100}'..='\u{e01ef}')
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn width_case_and_blanks_are_folded() {
        assert_eq!(folded("ＡＢｃ　１２\n34 王 小\t明"), "abc1234王小明");
        assert_eq!(folded("（㎡）"), "(m2)");
        assert_eq!(folded("a\u{200b}\u{feff}b"), "ab");
        assert_eq!(folded("\u{2f08}口"), "人口", "a Kangxi radical is the character");
    }

    #[test]
    fn traditional_characters_are_the_simplified_ones() {
        assert_eq!(folded("申請審批表申請人王小明"), "申请审批表申请人王小明");
        // Also where one simplified character stands for several.
        assert_eq!(folded("後面 皇后 頭髮 出發"), "后面皇后头发出发");
        let normal = Normal::of("申 請\n人");
        assert_eq!(normal.original(0..2), 0..3);
    }

    #[test]
    fn marks_have_one_form() {
        assert_eq!(folded("王·小•明、（甲）—乙。"), "王·小·明,(甲)-乙.");
        assert_eq!(folded("“二○二六”"), "\"二〇二六\"");
    }

    #[test]
    fn places_lead_back_over_what_was_dropped() {
        let normal = Normal::of("户 主\n王㎡明");
        let run: Vec<char> = "主王m".chars().collect();
        let found: Vec<_> = normal.find(&run).collect();
        assert_eq!(found, vec![1..4]);
        assert_eq!(normal.original(1..4), 2..6);
        assert!(normal.gap_before(1) && !normal.gap_before(3));
    }

    #[test]
    fn an_empty_or_long_run_is_nowhere() {
        let normal = Normal::of("王");
        assert_eq!(normal.find(&[]).count(), 0);
        assert_eq!(normal.find(&['王', '王']).count(), 0);
        assert_eq!(Normal::of("").find(&['王']).count(), 0);
    }

    #[test]
    fn the_short_way_gives_the_same_as_the_long_one() {
        for c in '\0'..=char::MAX {
            let (mut short, mut long) = (Vec::new(), Vec::new());
            fold(c, |c| short.push(c));
            fold_any(c, |c| long.push(c));
            assert_eq!(short, long, "{:04x}", c as u32);
        }
    }

    proptest! {
        #[test]
        fn folding_a_piece_is_a_piece_of_the_folding(head in ".{0,20}", tail in ".{0,20}") {
            let whole = folded(&format!("{head}{tail}"));
            prop_assert_eq!(whole, folded(&head) + &folded(&tail));
        }
    }
}
