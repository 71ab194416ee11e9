//! Numbers of persons in a query. The index has them covered, so a whole number is
//! looked for by its digest; it may be typed in groups, and beside other words. Asked
//! for by its field, 身份证, an identity card is found whole or by what is not covered:
//! its first or its last four characters.

use unicode_normalization::UnicodeNormalization;
use yidang_indexer::{Field, FieldTerm, Query, Term};

use super::SearchError;
use crate::model::lookup::LookupKey;
use crate::model::number::{self, Number};

/// Takes no room and parts no words.
const JOINER: char = '\u{2060}';
/// How many characters numbers of identity cards have: new ones, those of which one was
/// not read, old ones.
const CARDS: [usize; 3] = [18, 17, 15];
/// So many stay uncovered at either end.
const END: usize = 4;

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
        Field::Id => Query::Field(card(key, asked)),
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

/// What is asked of the number of an identity card: its digest when it is whole, the shapes
/// it may have on a page when it is one of its ends, and otherwise nothing.
fn card(key: &LookupKey, asked: FieldTerm) -> FieldTerm {
    let text: String = asked.text.chars().filter(|c| *c != JOINER).collect();
    let typed: String = text.nfkc().filter(|c| c.is_alphanumeric()).collect();
    let typed = typed.to_uppercase();
    let is_whole = |one: &Number| CARDS.contains(&one.text.len()) && one.text == typed;
    let whole = number::found(&text).into_iter().find(is_whole);
    let signs = whole.and_then(|one| key.digest(&one.text)).into_iter().collect();
    FieldTerm { codes: ends(&typed), text, signs, ..asked }
}

/// The shapes of covered numbers that begin or end with these characters, with `?` for the
/// digit at the other side of what is covered; none unless they are an end of a number.
fn ends(typed: &str) -> Vec<String> {
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let is_end = typed.len() == END && is_digits(typed.strip_suffix('X').unwrap_or(typed));
    if !is_end {
        return Vec::new();
    }
    let is_start = is_digits(typed);
    let stars = CARDS.map(|length| "*".repeat(length - 2 * END));
    let last = stars.iter().map(|stars| format!("?{stars}{typed}"));
    let first = stars.iter().filter(|_| is_start).map(|stars| format!("{typed}{stars}?"));
    // In groups with hyphens between them: region, day of birth, and the rest.
    let grouped = [format!("**-********-{typed}"), format!("{typed}**-********-")];
    let grouped = grouped.into_iter().take(if is_start { 2 } else { 1 });
    last.chain(first).chain(grouped).collect()
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
    use crate::model::mask;

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
    }

    #[test]
    fn an_identity_card_is_asked_for_whole_or_by_an_end() {
        let key = LookupKey::new([7; 32]);
        let asked = |text: &str| match query(&key, text, &|_| false).unwrap() {
            Query::Field(asked) => asked,
            other => panic!("{other:?}"),
        };
        for text in [
            "身份证:110105 19491231 002X",
            "id:11010519491231002x",
            "证件号：１１０１０５-19491231-002X",
        ] {
            let one = asked(text);
            assert_eq!(one.signs, [key.digest(CARD).unwrap()], "{text}");
            assert!(one.codes.is_empty(), "{text}");
        }
        assert_eq!(asked("身份证:110105 19491231 002X").to_string(), "身份证:11010519491231002X");
        for text in [
            "身份证:860",
            "身份证:13812345678",
            "身份证:6222020200112233445",
            "身份证:周桂兰",
            "身份证:00X2",
            "身份证:19491231",
        ] {
            let one = asked(text);
            assert!(one.signs.is_empty() && one.codes.is_empty(), "{text}: {one:?}");
            assert_eq!(one.to_string(), text);
        }
        // An end has the shape that it has where numbers are covered, and no telephone's.
        let fits = |text: &str, end: &str| {
            let covered = mask::numbers(text);
            let digit = |c: char| if c.is_ascii_digit() { '?' } else { c };
            asked(&format!("身份证:{end}")).codes.iter().any(|shape| {
                let typed: Vec<char> = shape.chars().collect();
                let other = |at: usize| typed.get(at) == Some(&'?');
                let mut windows = covered.chars().collect::<Vec<_>>();
                windows.retain(|c| !c.is_whitespace());
                windows.windows(typed.len()).any(|window| {
                    let mut each = window.iter().enumerate().zip(&typed);
                    each.all(|((at, c), wanted)| c == wanted || other(at) && digit(*c) == '?')
                })
            })
        };
        for text in [CARD, "110105 19491231 002X", "110105-19491231-002X"] {
            assert!(fits(text, "1101") && fits(text, "002x") && !fits(text, "1949"), "{text}");
        }
        assert!(fits("110105491231002", "1002") && fits("110105491231002", "1101"));
        for text in ["13812341101", "6222020200112231101", "6222020200111101"] {
            assert!(!fits(text, "1101") && !fits(text, "6222"), "{text}");
        }
        assert!(query(&key, "周桂兰 -身份证:002X", &|_| false).is_ok());
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
