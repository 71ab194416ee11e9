//! Who may be seen, and what was chosen among that. Filters never touch the ranking.
//!
//! The organisations and dates of a filter decide what is there at all. The rest is chosen, one list
//! for each facet: any value of a list will do, and the counts of a facet leave its own choice aside,
//! so that one sees what else could be chosen.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::rows::{
    BAND, CATEGORY, HOUSEHOLD, Labels, ORGANISATION, Row, STANDING, STATE, TYPE, YEAR,
};
use crate::{Error, Query};

/// Which documents are looked at. The default sees nothing, so that a forgotten right hides and does
/// not show.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Prefixes of organisation codes; any of them will do. An empty prefix matches nothing.
    pub organisations: Vec<String>,
    /// Whether no prefix at all means every organisation instead of none.
    pub everything: bool,
    /// Earliest date as `YYYY-MM-DD`, or empty. A document without a date is then left out.
    pub date_from: String,
    /// Latest date as `YYYY-MM-DD`, or empty. A document without a date is then left out.
    pub date_to: String,
    /// Only documents with a greater number.
    pub newer_than: u64,
    /// What it was searched for before: each of these queries finds a page of the document, or, when
    /// it only excludes, none. Their pages are hits too.
    pub within: Vec<Query>,
    /// Chosen household numbers; none means all.
    pub households: Vec<String>,
    /// Chosen type codes; none means all.
    pub types: Vec<String>,
    /// Chosen years as `YYYY`; none means all.
    pub years: Vec<String>,
    /// Chosen beginnings of organisation codes; none means all that may be seen.
    pub below: Vec<String>,
    /// Chosen states of household files; none means all.
    pub states: Vec<String>,
    /// Chosen bands of confidence; none means all.
    pub bands: Vec<Band>,
    /// Chosen codes of how a household stands; none means all.
    pub standings: Vec<String>,
    /// Chosen categories of households; none means all.
    pub categories: Vec<String>,
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

/// How sure the reading of a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Band {
    /// From 950 per mille.
    High,
    /// From 800 per mille.
    Middle,
    /// Below 800 per mille.
    Low,
    /// Nothing was read.
    Unread,
}

impl Band {
    /// Every band, the surest first.
    pub const ALL: [Self; 4] = [Self::High, Self::Middle, Self::Low, Self::Unread];

    /// The band of a confidence in per mille.
    #[must_use]
    pub const fn of(confidence: u16) -> Self {
        match confidence {
            0 => Self::Unread,
            1..800 => Self::Low,
            800..950 => Self::Middle,
            950.. => Self::High,
        }
    }

    /// Its name, such as `high`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Middle => "middle",
            Self::Low => "low",
            Self::Unread => "unread",
        }
    }
}

impl FromStr for Band {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|band| band.as_str() == text);
        found.ok_or_else(|| format!("{text:?} is no band of confidence"))
    }
}

/// A filter worked out for the names of one view.
#[derive(Debug, Clone)]
pub(crate) struct Sieve {
    /// By number of the organisation, whether it may be seen. `None` when all may.
    scope: Option<Vec<bool>>,
    dates: Option<(u32, u32)>,
    newer_than: u64,
    /// For each facet with a choice: by label number, whether it was chosen.
    chosen: Vec<(usize, Vec<bool>)>,
}

/// What a filter says of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is found.
    Found,
    /// It would be, were it not for the choice in this facet.
    But(usize),
    /// It is not found.
    Out,
}

impl Sieve {
    pub(crate) fn new(filter: &Filter, labels: &Labels) -> Result<Self, Error> {
        let begins = |prefixes: &[String]| -> Vec<bool> {
            let begins = |code: &str| {
                prefixes.iter().any(|one| !one.is_empty() && code.starts_with(one.as_str()))
            };
            labels.kind(ORGANISATION).list().iter().map(|code| begins(code)).collect()
        };
        let sees_all = filter.everything && filter.organisations.is_empty();
        let scope = (!sees_all).then(|| begins(&filter.organisations));

        let one_of = |kind: usize, wanted: &[&str]| {
            let names = labels.kind(kind);
            let mut passes = vec![false; names.list().len()];
            for number in wanted.iter().filter_map(|name| names.number(name)) {
                passes[number as usize] = true;
            }
            (kind, passes)
        };
        fn texts(list: &[String]) -> Vec<&str> {
            list.iter().map(String::as_str).collect()
        }
        let bands = filter.bands.iter().map(|band| band.as_str()).collect();
        let lists = [
            (TYPE, texts(&filter.types)),
            (YEAR, texts(&filter.years)),
            (HOUSEHOLD, texts(&filter.households)),
            (STATE, texts(&filter.states)),
            (BAND, bands),
            (STANDING, texts(&filter.standings)),
            (CATEGORY, texts(&filter.categories)),
        ];
        let with_choice = lists.iter().filter(|(_, wanted)| !wanted.is_empty());
        let mut chosen: Vec<_> = with_choice.map(|(kind, wanted)| one_of(*kind, wanted)).collect();
        if !filter.below.is_empty() {
            chosen.push((ORGANISATION, begins(&filter.below)));
        }

        let (from, to) = (day(&filter.date_from)?, day(&filter.date_to)?);
        let dates =
            (from > 0 || to > 0).then_some((from.max(1), if to > 0 { to } else { u32::MAX }));
        Ok(Sieve { scope, dates, newer_than: filter.newer_than, chosen })
    }

    /// Whether the document may be seen, whatever was chosen.
    pub(crate) fn may_be_seen(&self, row: &Row) -> bool {
        self.scope.as_ref().is_none_or(|scope| scope[row.labels[ORGANISATION] as usize])
    }

    /// Whether the document is found, or only for one choice not.
    pub(crate) fn verdict(&self, row: &Row) -> Verdict {
        let is_there = self.may_be_seen(row)
            && (self.newer_than == 0 || row.document > self.newer_than)
            && self.dates.is_none_or(|(from, to)| (from..=to).contains(&row.date));
        if !is_there {
            return Verdict::Out;
        }
        let mut verdict = Verdict::Found;
        for (kind, chosen) in &self.chosen {
            if !chosen[row.labels[*kind] as usize] {
                if verdict != Verdict::Found {
                    return Verdict::Out;
                }
                verdict = Verdict::But(*kind);
            }
        }
        verdict
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
