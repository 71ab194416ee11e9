//! Names and numbers while they are typed: the households of an archive, in memory, matched by
//! characters anywhere in the name, by its spelling in letters, by number, by reference code.
//!
//! One walk over all of them, about 50 nanoseconds each: a table of what every name could be
//! found by would be some ten times as large.

use std::collections::HashMap;

use crate::normalise::folded;
use crate::spelling::{first_letters, is_spelled};

/// A household as it is suggested.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Name {
    /// Its number, by which it is told from others.
    pub household: String,
    /// The name of its head.
    pub head: String,
    /// Code of its organisation.
    pub organisation: String,
    /// Reference code of its volume, or empty.
    pub reference: String,
}

/// Many of them.
#[derive(Debug, Default)]
pub struct Names {
    list: Vec<Known>,
    places: HashMap<String, usize>,
}

#[derive(Debug)]
struct Known {
    name: Name,
    /// The head as it is compared.
    folded: String,
    /// What it may begin with when it is spelled in letters.
    letters: u32,
}

/// Most characters of what is typed that are looked at.
const TYPED: usize = 40;
/// Fewest digits that are looked for anywhere in a number.
const DIGITS: usize = 3;

impl Names {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Adds a household, or puts it in the place of what was known of it.
    pub fn put(&mut self, name: Name) {
        let (folded, letters) = (folded(&name.head), first_letters(&name.head));
        match self.places.get(&name.household) {
            Some(place) => self.list[*place] = Known { name, folded, letters },
            None => {
                self.places.insert(name.household.clone(), self.list.len());
                self.list.push(Known { name, folded, letters });
            }
        }
    }

    /// What is known of a household.
    #[must_use]
    pub fn get(&self, household: &str) -> Option<&Name> {
        self.places.get(household).map(|place| &self.list[*place].name)
    }

    /// The households of organisations whose codes begin with `prefix` that may be meant by what
    /// is typed, the likeliest first, at most `limit`. An empty prefix is nobody's.
    #[must_use]
    pub fn meant(&self, typed: &str, prefix: &str, limit: usize) -> Vec<&Name> {
        let Some(typed) = Typed::of(typed).filter(|_| !prefix.is_empty()) else { return vec![] };
        let mut found: Vec<(u8, &Name)> = Vec::new();
        // Farther than this is nobody who is wanted, once there are enough.
        let mut farthest = u8::MAX;
        for known in &self.list {
            if known.name.organisation.starts_with(prefix)
                && let Some(distance) = typed.distance(known).filter(|one| *one <= farthest)
            {
                found.push((distance, &known.name));
                // A single letter keeps no long list.
                if found.len() >= limit.saturating_mul(8).max(512) {
                    nearest(&mut found, limit);
                    farthest = found.last().map_or(u8::MAX, |(distance, _)| *distance);
                }
            }
        }
        nearest(&mut found, limit);
        found.into_iter().map(|(_, name)| name).collect()
    }
}

fn nearest(found: &mut Vec<(u8, &Name)>, limit: usize) {
    found.sort_unstable_by(|a, b| (a.0, &a.1.household).cmp(&(b.0, &b.1.household)));
    found.truncate(limit);
}

/// What is typed, in the forms it is compared in.
struct Typed {
    folded: String,
    letters: String,
    /// The bit of the first letter.
    first: u32,
    digits: String,
    /// As a part of a reference code.
    code: String,
}

impl Typed {
    fn of(typed: &str) -> Option<Self> {
        let typed: String = typed.trim().chars().take(TYPED).collect();
        let folded = folded(&typed);
        if folded.is_empty() {
            return None;
        }
        let only = |kind: fn(&char) -> bool, beside: &[char]| {
            let rest = typed.chars().filter(|c| !c.is_whitespace() && !beside.contains(c));
            let rest: String = rest.collect();
            if rest.chars().all(|c| kind(&c)) { rest } else { String::new() }
        };
        let letters = only(char::is_ascii_alphabetic, &['\'']).to_ascii_lowercase();
        let digits = only(char::is_ascii_digit, &['-']);
        let first = letters.bytes().next().map_or(0, |b| 1 << (b - b'a'));
        let code = if typed.is_ascii() || typed.contains('·') { typed } else { String::new() };
        Some(Self { folded, letters, first, digits, code: code.to_ascii_uppercase() })
    }

    /// How far a household is from what is typed; none when it is not meant.
    fn distance(&self, known: &Known) -> Option<u8> {
        let Known { name, folded, letters } = known;
        if let Some(at) = folded.find(&self.folded) {
            return Some(match at {
                0 if folded.len() == self.folded.len() => 0,
                0 => 1,
                _ => 3,
            });
        }
        if self.first & letters != 0 && is_spelled(&self.letters, &name.head) {
            return Some(2);
        }
        if self.digits.len() >= DIGITS && name.household.contains(&self.digits) {
            return Some(if name.household.ends_with(&self.digits) { 1 } else { 4 });
        }
        let is_code = self.code.len() >= DIGITS && !name.reference.is_empty();
        (is_code && name.reference.contains(&self.code)).then_some(5)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Names {
        let mut names = Names::default();
        for (household, head, reference) in [
            ("99010200300400001", "周桂兰", "J016-DB·2026-D10-001"),
            ("99010200300400002", "周桂兰英", ""),
            ("99010200300400003", "王周桂", ""),
            ("99010200200100001", "周桂香", "J016-DB·2026-D10-002"),
        ] {
            names.put(Name {
                household: household.into(),
                head: head.into(),
                organisation: household[..12].into(),
                reference: reference.into(),
            });
        }
        names
    }

    fn heads(typed: &str, prefix: &str) -> Vec<String> {
        names().meant(typed, prefix, 10).into_iter().map(|name| name.head.clone()).collect()
    }

    #[test]
    fn the_likeliest_comes_first() {
        assert_eq!(heads("周桂兰", "99"), ["周桂兰", "周桂兰英"]);
        assert_eq!(heads("周桂", "99"), ["周桂香", "周桂兰", "周桂兰英", "王周桂"]);
        assert_eq!(
            heads("周 桂蘭", "99"),
            ["周桂兰", "周桂兰英"],
            "blanks and script do not count"
        );
        assert_eq!(heads("zgl", "99"), ["周桂兰", "周桂兰英"]);
        assert_eq!(heads("ZhouGuiX", "99"), ["周桂香"]);
        assert_eq!(heads("3004-00002", "99"), ["周桂兰英"]);
        assert_eq!(heads("d10-002", "99"), ["周桂香"]);
        assert_eq!(heads("李", "99"), [""; 0]);
        assert_eq!(heads("  ", "99"), [""; 0]);
        assert_eq!(heads("0", "99"), [""; 0], "a digit or two is in every number");
    }

    #[test]
    fn another_street_is_never_suggested() {
        assert_eq!(heads("周桂", "990102002"), ["周桂香"]);
        assert_eq!(heads("300400", "990102002"), [""; 0]);
        assert_eq!(heads("D10-001", "990102002"), [""; 0]);
        assert_eq!(heads("周", ""), [""; 0]);
    }

    #[test]
    fn what_is_known_is_replaced() {
        let mut names = names();
        names.put(Name { head: "周小军".into(), ..names.list[0].name.clone() });
        assert_eq!(names.len(), 4);
        assert_eq!(names.get("99010200300400001").map(|name| name.head.as_str()), Some("周小军"));
        assert!(names.meant("周桂兰", "99", 10).iter().all(|name| name.head != "周桂兰"));
    }

    #[test]
    fn a_short_list_of_many_is_the_nearest() {
        let mut names = Names::default();
        for no in 0..500 {
            names.put(Name {
                household: format!("{no:017}"),
                head: if no == 400 { "周".into() } else { format!("周{no}") },
                organisation: "99".into(),
                ..Name::default()
            });
        }
        let found = names.meant("周", "99", 3);
        assert_eq!((found.len(), found[0].head.as_str()), (3, "周"));
    }
}
