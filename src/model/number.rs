//! 号码: numbers of persons in a text: identity cards, bank accounts, mobile
//! phones. Which they are, and where their digits stand.

mod run;

use self::run::{Group, Joint, joined, runs};
use super::text::is_id_number;

/// The most numbers that are named of one text.
const MOST: usize = 2000;
/// The longest number that is written in groups.
const LONGEST: usize = 19;
/// So many blanks and line ends may stand inside a number, where it is surely one.
const APART: usize = 8;

/// A number of a person that stands in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number {
    /// Its digits, and a final `X`, one written way: the same number gives the
    /// same text, however it was grouped.
    pub text: String,
    /// The place of each in the text, in characters.
    pub places: Vec<usize>,
}

impl Number {
    /// How many characters stay when it is covered, at its beginning and its end.
    fn ends(&self) -> (usize, usize) {
        if self.text.len() == 11 { (3, 4) } else { (4, 4) }
    }

    /// The places that are covered.
    fn middle(&self) -> &[usize] {
        let (before, after) = self.ends();
        self.places.get(before..self.places.len().saturating_sub(after)).unwrap_or_default()
    }
}

/// The numbers in `text`, at most 2000:
///
/// * 18 characters of an identity card, also where one was not read; 15 of an old
///   one;
/// * 16, 18, 19 or more digits of a bank account;
/// * 11 digits of a mobile phone.
///
/// Digits may be full-width, and have single blanks or hyphens between groups; those
/// of an identity card whose check digit is right also line ends and more blanks.
/// The 17 digits of a household number name no person, and dates are none.
#[must_use]
pub fn found(text: &str) -> Vec<Number> {
    let chars: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    runs(&chars, |run| {
        if found.len() < MOST {
            inside(run, &mut found);
        }
    });
    found.truncate(MOST);
    found
}

/// The places in a text whose characters are covered.
pub(super) fn covered(chars: &[char]) -> Vec<usize> {
    let mut covered = Vec::new();
    runs(chars, |run| {
        let mut found = Vec::new();
        inside(run, &mut found);
        // What is too long for one number is covered as if it were one.
        for part in run.chunk_by(|_, next| next.joint != Joint::Loose) {
            let whole = joined(part);
            if whole.text.len() >= 18 {
                found.push(whole);
            }
        }
        covered.extend(found.iter().flat_map(Number::middle).copied());
    });
    covered
}

/// The numbers that the groups of a run make: as a whole, or else some of them.
fn inside(run: &[Group], found: &mut Vec<Number>) {
    for part in run.chunk_by(|_, next| next.joint != Joint::Loose) {
        let whole = joined(part);
        if whole.text.len() <= LONGEST && is_number(&whole.text) {
            found.push(whole);
            continue;
        }
        combined(part, found, |text, _| is_number(text));
        part.iter().for_each(|group| in_one(&group.digits, found));
        // Twenty digits and more in groups, as some accounts have.
        if part.len() > 1 && (LONGEST + 1..=2 * LONGEST).contains(&whole.text.len()) {
            found.push(whole);
        }
    }
    combined(run, found, |text, is_loose| is_loose && is_card(text));
}

/// The groups that follow each other and together are one, by their digits and
/// whether line ends stand between them.
fn combined(run: &[Group], found: &mut Vec<Number>, is_one: impl Fn(&str, bool) -> bool) {
    for from in 0..run.len() {
        let (mut length, mut is_loose) = (0, false);
        for to in from..run.len() {
            length += run[to].digits.text.len();
            is_loose |= to > from && run[to].joint == Joint::Loose;
            if length > LONGEST {
                break;
            }
            if length < 11 {
                continue;
            }
            let whole = joined(&run[from..=to]);
            if is_one(&whole.text, is_loose) {
                found.push(whole);
            }
        }
    }
}

/// The numbers in digits that nothing parts. The certificate of a disabled person
/// is an identity card and two digits more.
fn in_one(group: &Number, found: &mut Vec<Number>) {
    if group.text.len() > LONGEST {
        found.push(group.clone());
        for at in 0..=group.text.len() - 18 {
            if is_card(&group.text[at..at + 18]) {
                let (text, places) = (&group.text[at..at + 18], &group.places[at..at + 18]);
                found.push(Number { text: text.to_owned(), places: places.to_vec() });
            }
        }
    }
}

fn is_number(text: &str) -> bool {
    let digits = text.as_bytes();
    match digits.len() {
        11 => digits[0] == b'1' && (b'3'..=b'9').contains(&digits[1]),
        // Region, then year of the twentieth century, month and day of birth.
        15 => (11..=65).contains(&two(text, 0)) && is_day(two(text, 8), two(text, 10)),
        // A digit of an identity card was not read: its day of birth is there. A
        // household number has none in that place.
        17 => is_date(&text[6..10], &text[10..12], &text[12..14]),
        length => length == 16 || length >= 18,
    }
}

/// Whether this is the number of an identity card, by its check digit and the day
/// of birth in it.
fn is_card(text: &str) -> bool {
    text.len() == 18 && is_id_number(text) && is_date(&text[6..10], &text[10..12], &text[12..14])
}

fn is_date(year: &str, month: &str, day: &str) -> bool {
    (year.len(), month.len(), day.len()) == (4, 2, 2)
        && matches!(&year[..2], "19" | "20")
        && is_day(two(month, 0), two(day, 0))
}

fn is_day(month: u32, day: u32) -> bool {
    (1..=12).contains(&month) && (1..=31).contains(&day)
}

fn two(text: &str, at: usize) -> u32 {
    text.get(at..at + 2).and_then(|two| two.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::run::digit;
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        found(text).into_iter().map(|one| one.text).collect()
    }

    #[test]
    fn a_number_is_the_same_however_it_is_written() {
        for text in [
            "身份证11010519491231002X。",
            "11010519491231002x",
            "１１０１０５１９４９１２３１００２ｘ",
            "110105 19491231 002X",
            "110105-19491231-002x",
            "110105\u{200b}19491231002X",
            "1101051949\n1231002X",
            "110105   19491231  002X",
            "11010519491231002 X。",
            "1 1 0 1 0 5 1 9 4 9 1 2 3 1 0 0 2 X",
        ] {
            assert_eq!(texts(text), ["11010519491231002X"], "{text:?}");
        }
        assert_eq!(texts("电话138-1234-5678"), ["13812345678"]);
        assert_eq!(texts("6222 0202 0011 2233"), ["6222020200112233"]);
        assert_eq!(texts("110105491231002"), ["110105491231002"]);
    }

    #[test]
    fn numbers_beside_each_other_are_each_found() {
        let both = texts("110105194912310021 13812345678");
        assert!(both.contains(&"110105194912310021".into()), "{both:?}");
        assert!(both.contains(&"13812345678".into()), "{both:?}");
        assert_eq!(texts("13812345678 2026"), ["13812345678"]);
        // 残疾人证; the example of the standard with a digit as its check digit.
        let certificate = texts("34052419800101001X43");
        assert_eq!(certificate, ["34052419800101001X"]);
        let certificate = texts("11010119900307723243");
        assert_eq!(certificate, ["11010119900307723243"]);
    }

    #[test]
    fn what_is_no_number_is_not_found() {
        for text in [
            "",
            "99010200300400001",
            "2026-03-09 2026-03-10",
            "2015-03-01 2035-03-01 12",
            "20150301 20350301",
            "800\n1200\n2026\n12345678901",
            "2026年3月9日",
            "1995.00",
            "12811112222",
            "99010220020100001",
        ] {
            let found: Vec<_> = texts(text).into_iter().filter(|one| one.len() != 11).collect();
            assert!(found.is_empty(), "{text:?}: {found:?}");
        }
    }

    proptest::proptest! {
        /// No arrangement of digits is a panic, and places are those of the digits.
        #[test]
        fn places_are_those_of_the_digits(text in "[0-9xX０-９ \\-\n周桂兰a]{0,90}") {
            let chars: Vec<char> = text.chars().collect();
            for one in found(&text) {
                let again: String = one
                    .places
                    .iter()
                    .filter_map(|at| chars.get(*at))
                    .map(|c| digit(*c).unwrap_or('X'))
                    .collect();
                proptest::prop_assert_eq!(again, one.text);
                proptest::prop_assert!(one.places.windows(2).all(|two| two[0] < two[1]));
            }
        }

        #[test]
        fn a_number_is_found_in_any_grouping(
            number in "[1-9][0-9]{16}[0-9X]",
            cuts in proptest::collection::vec(1..17_usize, 0..4),
        ) {
            let text: String = number
                .chars()
                .enumerate()
                .flat_map(|(at, c)| {
                    let cut = at == 17 && c == 'X';
                    let blank = (cuts.contains(&at) && !cut).then_some(' ');
                    blank.into_iter().chain([c])
                })
                .collect();
            proptest::prop_assert!(texts(&text).contains(&number), "{}", text);
        }
    }
}
