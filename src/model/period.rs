//! 统计期: a month, a quarter or a year.

use std::fmt;
use std::str::FromStr;

use jiff::Span;
use jiff::civil::Date;

use super::month::Month;

/// A month, a quarter or a year. As text `2026-11`, `2026-Q4`, `2026`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    first: Month,
    length: u16,
}

/// What is no period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a period is written like 2026-12, 2026-Q4 or 2026")]
pub struct NoPeriod;

impl Period {
    /// One month.
    #[must_use]
    pub fn month(month: Month) -> Self {
        Self { first: month, length: 1 }
    }

    /// The year of a month.
    #[must_use]
    pub fn year_of(month: Month) -> Self {
        let first = Date::new(month.first().year(), 1, 1).unwrap_or(Date::MIN);
        Self { first: Month::of(first), length: 12 }
    }

    /// Its first month.
    #[must_use]
    pub fn first(self) -> Month {
        self.first
    }

    /// Its last month.
    #[must_use]
    pub fn last(self) -> Month {
        self.first.plus(self.length - 1)
    }

    /// Its months, in order.
    pub fn months(self) -> impl Iterator<Item = Month> {
        (0..self.length).map(move |at| self.first.plus(at))
    }

    /// Its first and its last day.
    #[must_use]
    pub fn days(self) -> (Date, Date) {
        (self.first.first(), self.last().last())
    }

    /// The one of the same length before it.
    #[must_use]
    pub fn before(self) -> Self {
        let back = Span::new().months(i64::from(self.length));
        Self { first: Month::of(self.first.first().saturating_sub(back)), ..self }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let day = self.first.first();
        match self.length {
            1 => self.first.fmt(f),
            3 => write!(f, "{:04}-Q{}", day.year(), (day.month() + 2) / 3),
            _ => write!(f, "{:04}", day.year()),
        }
    }
}

impl FromStr for Period {
    type Err = NoPeriod;

    fn from_str(text: &str) -> Result<Self, NoPeriod> {
        let text = text.trim();
        let (year, quarter) = match text.split_once("-Q") {
            Some((year, quarter)) => (year, Some(quarter)),
            None => (text, None),
        };
        let (month, length) = match quarter {
            None if text.len() > 4 => {
                let month: Month = text.parse().map_err(|_| NoPeriod)?;
                (month, 1)
            }
            None => (format!("{year}-01").parse().map_err(|_| NoPeriod)?, 12),
            Some(quarter) => {
                let first = match quarter {
                    "1" => "01",
                    "2" => "04",
                    "3" => "07",
                    "4" => "10",
                    _ => return Err(NoPeriod),
                };
                (format!("{year}-{first}").parse().map_err(|_| NoPeriod)?, 3)
            }
        };
        // Before it there is one as well.
        if month.first().year() < 1900 {
            return Err(NoPeriod);
        }
        Ok(Self { first: month, length })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_period_has_one_before_it() {
        for (typed, first, last, before) in [
            ("2026-01", "2026-01-01", "2026-01-31", "2025-12"),
            ("2026-Q1", "2026-01-01", "2026-03-31", "2025-Q4"),
            ("2026-Q4", "2026-10-01", "2026-12-31", "2026-Q3"),
            ("2024", "2024-01-01", "2024-12-31", "2023"),
        ] {
            let period: Period = typed.parse().unwrap();
            let days = (first.parse().unwrap(), last.parse().unwrap());
            assert_eq!((period.to_string().as_str(), period.days()), (typed, days));
            assert_eq!(period.before().to_string(), before);
        }
        for bad in ["", "26", "2026-Q5", "2026-Q0", "2026-Q", "2026-13", "x", "-2026", "0001"] {
            assert_eq!(bad.parse::<Period>(), Err(NoPeriod), "{bad}");
        }
        let year: Period = "2026".parse().unwrap();
        assert_eq!(year.months().count(), 12);
        assert_eq!(year.months().last().unwrap(), year.last());
    }
}
