//! The analysis as tantivy tokenizers, one for each kind of field.

use std::ops::Range;

use tantivy::tokenizer::{Token, TokenStream, Tokenizer, TokenizerManager};

use super::lexicon::Lexicon;
use super::{LONGEST, characters, grams};
use crate::normalise::Normal;

/// What a field is cut into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    /// Single characters.
    Chars,
    /// Grams of two and four characters, with their positions.
    Grams,
    /// Both, for a field that is one short label.
    Label,
}

impl Cut {
    /// The name the tokenizer is registered under.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Cut::Chars => "chars",
            Cut::Grams => "grams",
            Cut::Label => "label",
        }
    }

    /// Makes all tokenizers known to an index.
    pub(crate) fn register(tokenizers: &TokenizerManager, lexicon: &Lexicon) {
        for cut in [Cut::Chars, Cut::Grams, Cut::Label] {
            tokenizers.register(cut.name(), Cutter { cut, lexicon: lexicon.clone() });
        }
    }
}

/// Cuts texts, knowing words.
#[derive(Debug, Clone)]
pub(crate) struct Cutter {
    cut: Cut,
    lexicon: Lexicon,
}

impl Tokenizer for Cutter {
    type TokenStream<'a> = Pieces;

    /// The pieces of `text`. One that is a word of its own comes twice at its place, and so counts
    /// twice in the ranking without a second field to be asked.
    fn token_stream<'a>(&'a mut self, text: &'a str) -> Pieces {
        let normal = Normal::of(text);
        let pieces: Vec<_> = match self.cut {
            Cut::Chars => characters(&normal.chars).collect(),
            Cut::Grams => grams(&normal.chars).collect(),
            Cut::Label => {
                let pieces = characters(&normal.chars).chain(grams(&normal.chars)).collect();
                return Pieces::new(&normal.chars, pieces);
            }
        };
        let mut words = self.lexicon.words(&normal).into_iter().peekable();
        let mut ranges = Vec::with_capacity(pieces.len() * 2);
        for piece in pieces {
            while words.next_if(|word| word.start < piece.start).is_some() {}
            if words.peek() == Some(&piece) {
                ranges.push(piece.clone());
            }
            ranges.push(piece);
        }
        Pieces::new(&normal.chars, ranges)
    }
}

/// A stream over pieces of one folded text.
#[derive(Debug)]
pub(crate) struct Pieces {
    text: String,
    /// Byte offset of each character in `text`, and its end.
    bytes: Vec<usize>,
    ranges: std::vec::IntoIter<Range<usize>>,
    token: Token,
}

impl Pieces {
    fn new(chars: &[char], ranges: Vec<Range<usize>>) -> Self {
        let mut text = String::with_capacity(chars.len() * 3);
        let mut bytes = Vec::with_capacity(chars.len() + 1);
        for &c in chars {
            bytes.push(text.len());
            text.push(c);
        }
        bytes.push(text.len());
        Pieces { text, bytes, ranges: ranges.into_iter(), token: Token::default() }
    }
}

impl TokenStream for Pieces {
    fn advance(&mut self) -> bool {
        let Some(range) = self.ranges.next() else {
            return false;
        };
        let (from, to) = (self.bytes[range.start], self.bytes[range.end]);
        self.token.text.clear();
        self.token.text.push_str(&self.text[from..to]);
        self.token.offset_from = from;
        self.token.offset_to = to;
        // A value begins this far from the end of the one before it, so that no cover of a run can
        // reach from one value into the next.
        self.token.position = range.start + LONGEST;
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_count_twice_and_values_keep_their_distance() {
        let mut grams = Cutter { cut: Cut::Grams, lexicon: Lexicon::with(&[]) };
        let mut stream = grams.token_stream("低保，A12 345");
        let mut found = Vec::new();
        while stream.advance() {
            found.push((stream.token().text.clone(), stream.token().position));
        }
        let found: Vec<_> = found.iter().map(|(text, at)| (text.as_str(), *at)).collect();
        let pairs = [("低保", 4), ("低保", 4), ("保,", 5), (",a", 6), ("a1", 7), ("a123", 7)];
        assert_eq!(found[..6], pairs);
        assert_eq!(
            found[6..],
            [("12", 8), ("1234", 8), ("23", 9), ("2345", 9), ("34", 10), ("45", 11)]
        );
    }
}
