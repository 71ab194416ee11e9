//! Values that people keyed from a page: they count as text of it, each by itself, and can be asked
//! for in their field alone.
//!
//! One tantivy field has them all: its terms are a gram after the name of the field, so a run stands
//! in a field exactly when the terms of its cover stand there at the right distances. Each value
//! begins farther behind the one before than a gram is long.

use std::ops::Range;

use serde::Serialize;
use tantivy::tokenizer::{PreTokenizedString, Token};

use crate::analysis::{LONGEST, characters, grams};
use crate::normalise::Normal;
use crate::values::{self, Value};

/// Parts the name of a field from what stands in it.
const MARK: char = '\u{1f}';
/// Most values of one page, and most characters of one that are indexed.
const MOST: usize = 400;
const LONGEST_VALUE: usize = 4_000;

/// A value that a person keyed from a page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeyedValue {
    /// The name its field is asked for and told by, without line ends.
    pub field: String,
    /// The value as it is shown.
    pub text: String,
    /// Names of signs that stand for it, without blanks and line ends (see [`Sign`](crate::Sign)).
    pub signs: Vec<String>,
    /// Whether it is found only by who asks for its field: `yes`, or how many.
    pub by_field: bool,
    /// Where it stands on the page, handed back as it is.
    pub bbox: Option<[u32; 4]>,
}

/// A keyed value that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KeyedHit {
    /// The name of its field.
    pub field: String,
    /// The value.
    pub text: String,
    /// Where the runs of the query stand in it, as ranges of characters, in order, not overlapping.
    pub marks: Vec<Range<usize>>,
    /// Where it stands on the page.
    pub bbox: Option<[u32; 4]>,
}

impl KeyedValue {
    /// The value as it is kept beside a page.
    pub(crate) fn to_text(&self) -> String {
        let place = self.bbox.map(|place| place.map(|number| number.to_string()).join(" "));
        let alone = if self.by_field { "field" } else { "" };
        let (place, signs) = (place.unwrap_or_default(), self.signs.join(" "));
        format!("{}\n{alone}\n{place}\n{signs}\n{}", self.field, self.text)
    }

    /// What [`to_text`](Self::to_text) made.
    pub(crate) fn from_text(kept: &str) -> Option<Self> {
        let mut parts = kept.splitn(5, '\n');
        let mut next = || parts.next();
        let (field, alone, place, signs, text) = (next()?, next()?, next()?, next()?, next()?);
        let numbers: Option<Vec<u32>> =
            place.split(' ').map(|number| number.parse().ok()).collect();
        Some(KeyedValue {
            field: field.to_owned(),
            text: text.to_owned(),
            signs: signs.split(' ').filter(|name| !name.is_empty()).map(str::to_owned).collect(),
            by_field: !alone.is_empty(),
            bbox: numbers.and_then(|numbers| numbers.try_into().ok()),
        })
    }
}

/// Those values of a page that are indexed.
pub(crate) fn indexed(keyed: &[KeyedValue]) -> impl Iterator<Item = &KeyedValue> {
    keyed.iter().take(MOST).filter(|one| one.text.chars().count() <= LONGEST_VALUE)
}

/// The grams of the values of a page, each after the name of its field; none when nothing was keyed.
pub(crate) fn tokens(keyed: &[KeyedValue]) -> Option<PreTokenizedString> {
    let mut tokens = Vec::new();
    let mut begin = LONGEST;
    for one in indexed(keyed) {
        let normal = Normal::of(&one.text);
        let mut push = |at: usize, text: String| {
            tokens.push(Token { position: begin + at, text, ..Token::default() });
        };
        for sign in &one.signs {
            push(0, sign_of(&one.field, sign));
        }
        for (_, value) in values::found(&normal) {
            push(0, value_of(&one.field, value));
        }
        for gram in characters(&normal.chars).chain(grams(&normal.chars)) {
            push(gram.start, run_of(&one.field, &normal.chars[gram]));
        }
        begin += normal.chars.len() + LONGEST;
    }
    tokens.sort_by_key(|token| token.position);
    (!tokens.is_empty()).then(|| PreTokenizedString { text: String::new(), tokens })
}

/// The term of a gram in a field.
pub(crate) fn run_of(field: &str, gram: &[char]) -> String {
    let mut term = format!("{field}{MARK}");
    term.extend(gram);
    term
}

/// The term of a sign in a field. No folded text has the mark, so it is no gram.
pub(crate) fn sign_of(field: &str, name: &str) -> String {
    format!("{field}{MARK}{MARK}s{name}")
}

/// The term of a day or an amount in a field.
pub(crate) fn value_of(field: &str, value: Value) -> String {
    format!("{field}{MARK}{MARK}v{}", value.term())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn value(text: &str) -> KeyedValue {
        KeyedValue {
            field: "visit.employer".to_owned(),
            text: text.to_owned(),
            signs: vec!["a1".to_owned(), "b2".to_owned()],
            by_field: false,
            bbox: Some([1, 2, 3, 4]),
        }
    }

    #[test]
    fn what_is_kept_is_read_again() {
        for one in [value("第一\n纺织厂"), value(""), KeyedValue::default()] {
            assert_eq!(KeyedValue::from_text(&one.to_text()), Some(one));
        }
        let alone = KeyedValue { by_field: true, bbox: None, signs: Vec::new(), ..value("是") };
        assert_eq!(KeyedValue::from_text(&alone.to_text()), Some(alone));
        assert_eq!(KeyedValue::from_text("a\nb"), None);
    }

    #[test]
    fn values_stand_farther_apart_than_a_gram_is_long() {
        let tokens = tokens(&[value("甲乙"), value("丙")]).unwrap().tokens;
        let at = |text: &str| {
            let term = run_of("visit.employer", &text.chars().collect::<Vec<_>>());
            tokens.iter().find(|token| token.text == term).map(|token| token.position)
        };
        assert_eq!([at("甲"), at("甲乙"), at("乙")], [Some(4), Some(4), Some(5)]);
        assert_eq!(at("丙"), Some(10));
        assert_eq!(at("乙丙"), None);
        assert!(super::tokens(&[]).is_none());
    }

    #[test]
    fn too_much_is_left_out() {
        let long = value(&"长".repeat(LONGEST_VALUE + 1));
        assert_eq!(indexed(&[long, value("甲")]).count(), 1);
        assert_eq!(indexed(&vec![value("甲"); MOST + 5]).count(), MOST);
    }
}
