//! What a page is cut into: grams that decide whether a run stands on it, words that rank it
//! (`analysis/lexicon.rs`).
//!
//! A gram is one character, two neighbouring ones, or four neighbouring letters or digits.
//! [`grams`] cuts a page, [`cover`] cuts a query; they are kept side by side because a run is found
//! exactly when every gram of its cover is among the grams of the page at the same distance.

pub(crate) mod lexicon;
pub(crate) mod tokens;

use std::ops::Range;
/// Longest gram, in characters. Values of one field are indexed at least so far apart.
pub(crate) const LONGEST: usize = 4;

/// The grams of one character of `chars`, in order.
pub(crate) fn characters(chars: &[char]) -> impl Iterator<Item = Range<usize>> + '_ {
    (0..chars.len()).map(|at| at..at + 1)
}

/// The grams of two and four characters of `chars`, in order of where they begin.
pub(crate) fn grams(chars: &[char]) -> impl Iterator<Item = Range<usize>> + '_ {
    (0..chars.len()).flat_map(move |at| {
        let pair = (at + 2 <= chars.len()).then_some(at..at + 2);
        let four = is_four(chars, at).then_some(at..at + LONGEST);
        pair.into_iter().chain(four)
    })
}

/// The grams by which a run is looked up: together they hold every character of it. A run of one
/// character is its own cover, and an empty one has none.
///
/// All its grams, but for pairs inside four letters or digits, which would add work and nothing
/// else. Every other pair would do to cover Chinese; all of them are taken because one of them is
/// often rare where its neighbours are not (the seam between two frequent words), and the rarest
/// decides how many pages have to be looked at.
pub(crate) fn cover(run: &[char]) -> Vec<Range<usize>> {
    if run.len() == 1 {
        return std::iter::once(0..1).collect();
    }
    let in_four = |pair: &Range<usize>| {
        (pair.end.saturating_sub(LONGEST)..=pair.start).any(|start| is_four(run, start))
    };
    grams(run).filter(|gram| gram.len() == LONGEST || !in_four(gram)).collect()
}

/// Whether four letters or digits begin at `at`. Only ASCII ones: what is rare is well served by
/// pairs.
fn is_four(chars: &[char], at: usize) -> bool {
    chars.get(at..at + LONGEST).is_some_and(|four| four.iter().all(char::is_ascii_alphanumeric))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;
    use crate::normalise::Normal;
    use proptest::prelude::*;

    fn cut(text: &str, ranges: impl IntoIterator<Item = Range<usize>>) -> Vec<String> {
        let chars = Normal::of(text).chars;
        ranges.into_iter().map(|range| chars[range].iter().collect()).collect()
    }

    fn cover_of(text: &str) -> Vec<String> {
        cut(text, cover(&Normal::of(text).chars))
    }

    #[test]
    fn a_run_is_covered_by_few_grams() {
        assert_eq!(cover_of(""), Vec::<String>::new());
        assert_eq!(cover_of("王"), ["王"]);
        assert_eq!(cover_of("小明"), ["小明"]);
        assert_eq!(cover_of("王小明"), ["王小", "小明"]);
        assert_eq!(cover_of("1234"), ["1234"]);
        assert_eq!(cover_of("123"), ["12", "23"]);
        assert_eq!(cover_of("123456"), ["1234", "2345", "3456"]);
        assert_eq!(cover_of("第1234号"), ["第1", "1234", "4号"]);
    }

    proptest! {
        #[test]
        fn the_cover_lies_in_the_grams_and_leaves_nothing_out(run in "[a-c1-3王小明]{2,12}") {
            let chars = Normal::of(&run).chars;
            let all: Vec<_> = grams(&chars).collect();
            let cover = cover(&chars);
            prop_assert!(cover.iter().all(|gram| all.contains(gram)));
            prop_assert!((0..chars.len()).all(|at| cover.iter().any(|gram| gram.contains(&at))));
        }
    }
}
