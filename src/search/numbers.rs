//! Numbers of persons in a query. The index has them covered, so a whole number is
//! looked for by its digest; it may be typed in groups, and beside other words.

use yidang_indexer::{Field, FieldTerm, Query, Term};

use super::SearchError;
use crate::model::lookup::LookupKey;
use crate::model::number::{self, Number};

/// Takes no room and parts no words.
const JOINER: char = '\u{2060}';

/// The query that a person typed; `is_keyed` says whether a field of a form has a name.
///
/// # Errors
/// When it cannot be read.
pub(super) fn query(
    key: &LookupKey,
    text: &str,
    is_keyed: &dyn Fn(&str) -> bool,
) -> Result<Query, SearchError> {
    let mut chars: Vec<char> = text.chars().collect();
    for number in apart(text) {
        let ends = number.places.first().zip(number.places.last());
        for place in ends.map_or(0..0, |(first, last)| *first..*last) {
            if chars[place].is_whitespace() {
                chars[place] = JOINER;
            }
        }
    }
    let joined: String = chars.into_iter().collect();
    let asked = |asked: FieldTerm| match asked.field {
        Field::Id => signed(key, Term::plain(asked.text)),
        Field::Keyed => {
            let signs = apart(&asked.text).iter().filter_map(|one| key.digest(&one.text)).collect();
            let text = asked.text.chars().filter(|c| *c != JOINER).collect();
            Query::Field(FieldTerm { text, signs, ..asked })
        }
        _ => Query::Field(asked),
    };
    let query = Query::read_with(&joined, is_keyed)?.replaced(&mut |term| signed(key, term));
    Ok(query.with_fields(&mut { asked }))
}

/// The numbers of a text, none of which has a part in another: those that are
/// written without blanks before others, the long before the short.
fn apart(text: &str) -> Vec<Number> {
    let mut found = number::found(text);
    let span = |one: &Number| one.places.last().unwrap_or(&0) - one.places.first().unwrap_or(&0);
    found.sort_by_key(|one| (span(one) + 1 != one.text.len(), std::cmp::Reverse(one.text.len())));
    let mut apart: Vec<Number> = Vec::new();
    for one in found {
        let is_free = |other: &Number| one.places.iter().all(|at| !other.places.contains(at));
        if apart.iter().all(is_free) {
            apart.push(one);
        }
    }
    apart.sort_by_key(|one| one.places.first().copied());
    apart
}

/// A term with its numbers as signs, and what stands between them as runs.
fn signed(key: &LookupKey, term: Term) -> Query {
    let plain = |text: &[char]| -> String { text.iter().filter(|c| **c != JOINER).collect() };
    let chars: Vec<char> = term.text.chars().collect();
    let (mut parts, mut at) = (Vec::new(), 0);
    let beside = |from: usize, to: usize| {
        let text = plain(&chars[from..to]);
        text.chars().any(char::is_alphanumeric).then(|| Query::Term(Term::exact(text)))
    };
    for number in apart(&term.text) {
        let (Some(first), Some(last)) = (number.places.first(), number.places.last()) else {
            continue;
        };
        let Some(name) = key.digest(&number.text) else { continue };
        parts.extend(beside(at, *first));
        parts.push(Query::Term(Term::signed(plain(&chars[*first..=*last]), name)));
        at = last + 1;
    }
    if parts.is_empty() {
        return Query::Term(term);
    }
    parts.extend(beside(at, chars.len()));
    Query::all(parts)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use yidang_indexer::ReadAs;

    use super::*;

    const CARD: &str = "11010519491231002X";

    /// The terms that must occur, those that are signs with `#` before them.
    fn read(text: &str) -> Vec<String> {
        let key = LookupKey::new([7; 32]);
        let read = ReadAs::of(&query(&key, text, &|_| false).unwrap());
        let term = |term: Term| match term.sign {
            Some(_) => format!("#{}", term.text),
            None => term.text,
        };
        read.must.into_iter().map(term).collect()
    }

    #[test]
    fn a_number_is_one_term_however_it_is_typed() {
        let card = format!("#{CARD}");
        for text in [CARD, "110105 19491231 002X", "\"110105 19491231 002X\""] {
            assert_eq!(read(text), [card.as_str()], "{text}");
        }
        assert_eq!(read("１１０１０５ 19491231 002x"), ["#１１０１０５19491231002x"]);
        assert_eq!(read("身份证号11010519491231002X，周桂兰"), ["身份证号", &card, "，周桂兰"]);
        assert_eq!(read("周桂兰 138-1234-5678"), ["周桂兰", "#138-1234-5678"]);
        assert_eq!(read("110105 19491231 002X 13812345678"), [&card, "#13812345678"]);
        assert_eq!(read("6222 0202 0011 2233 4455"), ["#62220202001122334455"]);
        assert_eq!(read("身份证:110105 19491231 002X 周桂兰"), [&card, "周桂兰"]);
        assert_eq!(read("id:002X"), ["002X"]);
    }

    #[test]
    fn a_number_in_a_field_is_its_digest() {
        let key = LookupKey::new([7; 32]);
        let asked = |text: &str| match query(&key, text, &|name| name == "账号").unwrap() {
            Query::Field(asked) => (asked.text, asked.signs),
            other => panic!("{other:?}"),
        };
        let card = key.digest("62220202001122334455").unwrap();
        let (text, signs) = asked("账号:6222 0202 0011 2233 4455");
        assert_eq!((text.as_str(), signs), ("62220202001122334455", vec![card]));
        assert_eq!(asked("账号:4455"), ("4455".to_owned(), Vec::new()));
    }

    #[test]
    fn what_is_no_number_is_read_as_before() {
        for text in ["周桂兰 低保", "0021", "99010200300400001", "\"2026-03-09\"", "6222 0202"]
        {
            let as_before = ReadAs::of(&Query::read(text).unwrap());
            let key = LookupKey::new([7; 32]);
            let now = query(&key, text, &|_| false).unwrap();
            assert_eq!(ReadAs::of(&now), as_before, "{text}");
        }
        let key = LookupKey::new([7; 32]);
        let error = query(&key, "110105 19491231 002X )", &|_| false).unwrap_err();
        assert!(error.to_string().contains("at character 22"), "{error}");
    }
}
