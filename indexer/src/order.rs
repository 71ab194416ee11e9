//! In which order documents come, and where the next part of a result begins.
//!
//! A part begins behind the last document of the part before and not at a number of documents to
//! pass over, so papers that come in between move nothing: none is shown twice and none left out.
//! By date and reference code that holds whatever happens. The score of a document depends on how
//! frequent words are in the whole index, so by relevance the document is looked up again, and the
//! part begins behind where it stands now.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use tantivy::Score;

use crate::rows::{Labels, REFERENCE, Row};

/// In which order documents come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sort {
    /// The best first, of equal ones the newer document number.
    #[default]
    Relevance,
    /// The latest date first; documents without one at the end.
    Newest,
    /// The earliest date first; documents without one at the end.
    Oldest,
    /// By reference code, then by place in the volume; documents without a code at the end.
    Reference,
}

impl Sort {
    /// Every order.
    pub const ALL: [Self; 4] = [Self::Relevance, Self::Newest, Self::Oldest, Self::Reference];

    /// Its name in addresses, such as `newest`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Relevance => "relevance",
            Self::Newest => "newest",
            Self::Oldest => "oldest",
            Self::Reference => "reference",
        }
    }
}

impl FromStr for Sort {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|sort| sort.as_str() == text);
        found.ok_or_else(|| format!("{text:?} is not an order of results"))
    }
}

/// Order and beginning of the wanted part of a result.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Order {
    /// The order.
    pub sort: Sort,
    /// The last document of the part before; none for the first part.
    pub after: Option<Cursor>,
}

/// The last document of a part of a result, and where it stood. As text it goes into addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    sort: Sort,
    /// Score, date or place in the volume.
    rank: u32,
    /// Reference code; empty in other orders.
    code: String,
    document: u64,
}

impl Cursor {
    pub(crate) fn at(sort: Sort, score: Score, row: &Row, labels: &Labels) -> Self {
        let rank = match sort {
            Sort::Relevance => score.to_bits(),
            Sort::Newest | Sort::Oldest => row.date,
            Sort::Reference => row.place,
        };
        let names = labels.kind(REFERENCE).list();
        let code = match sort {
            Sort::Reference => names.get(row.labels[REFERENCE] as usize),
            _ => None,
        };
        let code = code.map(|code| code.to_string()).unwrap_or_default();
        Cursor { sort, rank, code, document: row.document }
    }

    /// The order it belongs to.
    #[must_use]
    pub const fn sort(&self) -> Sort {
        self.sort
    }

    /// The last document of the part before.
    pub(crate) const fn document(&self) -> u64 {
        self.document
    }

    /// Where it stood, among the documents there are now.
    pub(crate) fn key(&self, labels: &Labels) -> Key {
        let date = self.rank;
        match self.sort {
            Sort::Relevance => Key::of_score(Score::from_bits(self.rank), self.document),
            Sort::Newest => Key::newest(date, self.document),
            Sort::Oldest => Key::oldest(date, self.document),
            Sort::Reference => {
                Key::of_place(labels.kind(REFERENCE).place(&self.code), self.rank, self.document)
            }
        }
    }
}

/// `relevance.1069547520..17`: order, rank, code in hexadecimal, document.
impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.", self.sort.as_str(), self.rank)?;
        self.code.bytes().try_for_each(|byte| write!(f, "{byte:02x}"))?;
        write!(f, ".{}", self.document)
    }
}

impl FromStr for Cursor {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let read = || {
            let mut parts = text.split('.');
            let mut next = || parts.next();
            let sort = next()?.parse().ok()?;
            let rank = next()?.parse().ok()?;
            let code = from_hex(next()?)?;
            let document = next()?.parse().ok()?;
            parts.next().is_none().then_some(Cursor { sort, rank, code, document })
        };
        read().ok_or_else(|| format!("{text:?} is not where a result goes on"))
    }
}

/// Text of at most 200 bytes from its bytes in hexadecimal.
fn from_hex(text: &str) -> Option<String> {
    if !text.is_ascii() || text.len() % 2 == 1 || text.len() > 400 {
        return None;
    }
    let byte = |at: usize| u8::from_str_radix(&text[at..at + 2], 16).ok();
    let bytes: Option<Vec<u8>> = (0..text.len()).step_by(2).map(byte).collect();
    String::from_utf8(bytes?).ok()
}

/// By what documents are compared in one order: the greater comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key(u64, u64);

impl Key {
    /// Where a document stands in an order.
    pub(crate) fn of(sort: Sort, score: Score, row: &Row, labels: &Labels) -> Self {
        match sort {
            Sort::Relevance => Self::of_score(score, row.document),
            Sort::Newest => Self::newest(row.date, row.document),
            Sort::Oldest => Self::oldest(row.date, row.document),
            Sort::Reference => {
                let place = labels.kind(REFERENCE).place_of(row.labels[REFERENCE]);
                Self::of_place(place, row.place, row.document)
            }
        }
    }

    pub(crate) fn of_score(score: Score, document: u64) -> Self {
        // The bits of a float in the order of `total_cmp`.
        let bits = score.to_bits();
        let ordered = if bits >> 31 == 1 { !bits } else { bits | 1 << 31 };
        Key(ordered.into(), document)
    }

    fn newest(date: u32, document: u64) -> Self {
        Key(date.into(), document)
    }

    fn oldest(date: u32, document: u64) -> Self {
        let first = if date == 0 { 0 } else { u32::MAX - date };
        Key(first.into(), u64::MAX - document)
    }

    /// The place of the code among all codes, 0 for none, and that of the document in the volume, 0
    /// for one that came after it was bound.
    fn of_place(code: u32, place: u32, document: u64) -> Self {
        let first = if code == 0 { 0 } else { u32::MAX - code };
        let second = if place == 0 { 0 } else { u32::MAX - place };
        Key(u64::from(first) << 32 | u64::from(second), u64::MAX - document)
    }

    /// The key in the opposite order.
    pub(crate) const fn reversed(self) -> Self {
        let Key(first, second) = self;
        Key(u64::MAX - first, u64::MAX - second)
    }
}

/// Reference codes as they are compared: the last number of `J016-DB·2026-D10-012` is a number,
/// though the code is text.
pub(crate) fn natural(code: &str) -> (&str, usize, &str) {
    let at = code.rfind('-').map_or(0, |at| at + 1);
    let (series, serial) = code.split_at(at);
    (series, serial.len(), serial)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_goes_through_an_address() {
        for (sort, rank, code) in [
            (Sort::Relevance, 1.5_f32.to_bits(), ""),
            (Sort::Newest, 20_260_309, ""),
            (Sort::Reference, 3, "J016-DB·2026-D10-001"),
        ] {
            let cursor = Cursor { sort, rank, code: code.to_owned(), document: 17 };
            assert_eq!(cursor.to_string().parse(), Ok(cursor));
        }
    }

    #[test]
    fn what_is_no_cursor_is_refused() {
        for bad in [
            "",
            "relevance",
            "relevance.1.2",
            "best.1..2",
            "newest.-1..2",
            "reference.1.zz.2",
            "reference.1.é.2",
            "reference.1.ff.2",
            "newest.1..2.3",
            "newest.1..99999999999999999999",
        ] {
            assert!(bad.parse::<Cursor>().is_err(), "{bad}");
        }
        let long = format!("reference.1.{}.2", "41".repeat(201));
        assert!(long.parse::<Cursor>().is_err());
    }

    #[test]
    fn scores_keep_their_order() {
        let scores = [f32::MIN, -1.0, -0.5, 0.0, 0.5, 1.0, 1000.0];
        let keys: Vec<Key> = scores.iter().map(|&score| Key::of_score(score, 1)).collect();
        assert!(keys.is_sorted());
        assert!(Key::of_score(1.0, 2) > Key::of_score(1.0, 1), "the newer of equal ones first");
    }

    #[test]
    fn the_serial_of_a_code_is_a_number() {
        assert!(natural("J-D10-999") < natural("J-D10-1000"));
        assert!(natural("J-D10-1000") < natural("J-D30-001"));
    }
}
