//! The words of a text: they rank pages and never decide.

use std::ops::Range;
use std::sync::{Arc, LazyLock};

use jieba_rs::Jieba;

use crate::normalise::Normal;

/// The usual words, unpacked once per process.
static USUAL: LazyLock<Arc<Jieba>> = LazyLock::new(|| Arc::new(Jieba::new()));

/// The words that are known.
#[derive(Debug, Clone)]
pub(crate) struct Lexicon(Arc<Jieba>);

impl Lexicon {
    /// The usual words, and `more` of them: titles of forms, names of places.
    pub(crate) fn with(more: &[String]) -> Self {
        if more.is_empty() {
            return Lexicon(USUAL.clone());
        }
        let mut words = Jieba::clone(&USUAL);
        for word in more {
            let word: String = Normal::of(word).chars.into_iter().collect();
            if !word.is_empty() {
                words.add_word(&word, None, None);
            }
        }
        Lexicon(Arc::new(words))
    }

    /// The words of a folded text as ranges of its characters, in order; punctuation is left out.
    ///
    /// A blank that was dropped parts two words only between letters or digits: blanks inside
    /// Chinese are the scanner's doing.
    pub(crate) fn words(&self, normal: &Normal) -> Vec<Range<usize>> {
        let chars = &normal.chars;
        let is_latin = |at: usize| chars[at].is_ascii_alphanumeric();
        let mut words = Vec::new();
        let mut start = 0;
        for end in 1..=chars.len() {
            let parted = end == chars.len()
                || (normal.gap_before(end) && is_latin(end - 1) && is_latin(end));
            if parted {
                let piece: String = chars[start..end].iter().collect();
                let found = self.0.cut(&piece, true).into_iter();
                words.extend(
                    found
                        .filter(|word| word.word.chars().any(char::is_alphanumeric))
                        .map(|word| start + word.start..start + word.end),
                );
                start = end;
            }
        }
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(lexicon: &Lexicon, text: &str) -> Vec<String> {
        let normal = Normal::of(text);
        lexicon.words(&normal).into_iter().map(|w| normal.chars[w].iter().collect()).collect()
    }

    #[test]
    fn words_are_cut_across_the_blanks_of_a_scan() {
        let usual = Lexicon::with(&[]);
        let found = words(&usual, "最 低 生\n活保障，申请 ABC 12");
        assert_eq!(found, ["最低", "生活", "保障", "申请", "abc", "12"]);
    }

    #[test]
    fn more_words_can_be_known() {
        let text = "柳桥街道入户调查表";
        let more = ["柳桥街道".to_owned(), "入户调查表".to_owned()];
        assert_eq!(words(&Lexicon::with(&more), text), ["柳桥街道", "入户调查表"]);
        assert_ne!(words(&Lexicon::with(&[]), text), ["柳桥街道", "入户调查表"]);
    }
}
