//! Who may be seen: filters on what belongs to the document. They never touch the ranking.

use crate::Error;
use crate::rows::{HOUSEHOLD, Labels, ORGANISATION, Row, TYPE};

/// Which documents are looked at. The default sees nothing, so that a forgotten right hides and does
/// not show.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Prefixes of organisation codes; any of them will do. An empty prefix matches nothing.
    pub organisations: Vec<String>,
    /// Whether no prefix at all means every organisation instead of none.
    pub everything: bool,
    /// Household numbers; any of them will do, none means all.
    pub households: Vec<String>,
    /// Type codes; any of them will do, none means all.
    pub types: Vec<String>,
    /// Earliest date as `YYYY-MM-DD`, or empty. A document without a date is then left out.
    pub date_from: String,
    /// Latest date as `YYYY-MM-DD`, or empty. A document without a date is then left out.
    pub date_to: String,
}

impl Filter {
    /// A filter that lets every document pass.
    pub fn everything() -> Self {
        Filter { everything: true, ..Filter::default() }
    }

    /// A filter that lets the documents of organisations pass whose codes begin with `prefix`.
    pub fn within(prefix: impl Into<String>) -> Self {
        Filter { organisations: vec![prefix.into()], ..Filter::default() }
    }
}

/// A filter worked out for the names of one view.
#[derive(Debug, Clone)]
pub(crate) struct Sieve {
    /// For types, households and organisations: by label number, whether it passes.
    /// `None` when all do.
    labels: [Option<Vec<bool>>; 3],
    dates: Option<(u32, u32)>,
}

const KINDS: [usize; 3] = [TYPE, HOUSEHOLD, ORGANISATION];

impl Sieve {
    pub(crate) fn new(filter: &Filter, labels: &Labels) -> Result<Self, Error> {
        let one_of = |kind: usize, wanted: &[String]| {
            let names = labels.kind(kind);
            let mut passes = vec![false; names.list().len()];
            for number in wanted.iter().filter_map(|name| names.number(name)) {
                passes[number as usize] = true;
            }
            (!wanted.is_empty()).then_some(passes)
        };
        let prefixes = &filter.organisations;
        let begins = |code: &str| {
            prefixes.iter().any(|prefix| !prefix.is_empty() && code.starts_with(prefix.as_str()))
        };
        let organisations = labels.kind(ORGANISATION).list();
        let sees_all = filter.everything && prefixes.is_empty();
        let organisations =
            (!sees_all).then(|| organisations.iter().map(|code| begins(code)).collect());

        let (from, to) = (day(&filter.date_from)?, day(&filter.date_to)?);
        let dates =
            (from > 0 || to > 0).then_some((from.max(1), if to > 0 { to } else { u32::MAX }));
        Ok(Sieve {
            labels: [
                one_of(TYPE, &filter.types),
                one_of(HOUSEHOLD, &filter.households),
                organisations,
            ],
            dates,
        })
    }

    /// Whether the document may be seen.
    pub(crate) fn passes(&self, row: &Row) -> bool {
        let labels_pass = self.labels.iter().zip(KINDS).all(|(passes, kind)| {
            passes.as_ref().is_none_or(|passes| passes[row.labels[kind] as usize])
        });
        labels_pass && self.dates.is_none_or(|(from, to)| (from..=to).contains(&row.date))
    }
}

/// `YYYY-MM-DD` as the number YYYYMMDD, an empty text as 0.
pub(crate) fn day(text: &str) -> Result<u32, Error> {
    if text.is_empty() {
        return Ok(0);
    }
    let bytes = text.as_bytes();
    let digits = |range: std::ops::Range<usize>| {
        let part = bytes.get(range)?;
        part.iter().all(u8::is_ascii_digit).then_some(())?;
        std::str::from_utf8(part).ok()?.parse::<u32>().ok()
    };
    let read = || {
        let shape = bytes.len() == 10 && bytes[4] == b'-' && bytes[7] == b'-';
        let (year, month, day) = (digits(0..4)?, digits(5..7)?, digits(8..10)?);
        let sound = shape && year > 0 && (1..=12).contains(&month) && (1..=31).contains(&day);
        sound.then_some(year * 10_000 + month * 100 + day)
    };
    read().ok_or_else(|| Error::Date(text.to_owned()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_or_refused() {
        assert_eq!(day("").unwrap(), 0);
        assert_eq!(day("2024-05-01").unwrap(), 20_240_501);
        for bad in [
            "2024",
            "2024-13-01",
            "2024-1-1",
            "2024/05/01",
            "２０２４-05-01",
            "2024-05-010",
            "0000-01-01",
        ] {
            assert!(matches!(day(bad), Err(Error::Date(_))), "{bad}");
        }
    }
}
