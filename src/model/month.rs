//! 月份: the month an allowance is paid for.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A month of a year; ordered as the calendar is. As text `2026-11`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Month {
    year: i16,
    month: i8,
}

/// What is no month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a month is written like 2026-11")]
pub struct NoMonth;

impl Month {
    /// The month of a day.
    #[must_use]
    pub fn of(day: Date) -> Self {
        Self { year: day.year(), month: day.month() }
    }

    /// Its first day.
    #[must_use]
    pub fn first(self) -> Date {
        Date::new(self.year, self.month, 1).unwrap_or(Date::MAX)
    }

    /// Its last day.
    #[must_use]
    pub fn last(self) -> Date {
        self.first().last_of_month()
    }

    /// The month so many months later; the last there is where it is beyond that.
    #[must_use]
    pub fn plus(self, months: u16) -> Self {
        Self::of(super::workdays::months_after(self.first(), months))
    }

    /// The month so many months earlier; the first there is where it is beyond that.
    #[must_use]
    pub fn before(self, months: u16) -> Self {
        Self::of(self.first().saturating_sub(jiff::Span::new().months(months)))
    }

    /// The month after it.
    #[must_use]
    pub fn next(self) -> Self {
        self.plus(1)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl FromStr for Month {
    type Err = NoMonth;

    fn from_str(text: &str) -> Result<Self, NoMonth> {
        let text = text.trim();
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let (year, month) = text.split_once('-').ok_or(NoMonth)?;
        if year.len() != 4 || month.len() != 2 || !digits(year) || !digits(month) {
            return Err(NoMonth);
        }
        let year = year.parse().map_err(|_| NoMonth)?;
        let month = month.parse().map_err(|_| NoMonth)?;
        Date::new(year, month, 1).map(Self::of).map_err(|_| NoMonth)
    }
}

impl TryFrom<String> for Month {
    type Error = NoMonth;

    fn try_from(text: String) -> Result<Self, NoMonth> {
        text.parse()
    }
}

impl From<Month> for String {
    fn from(month: Month) -> Self {
        month.to_string()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn months_are_read_and_counted() {
        let month: Month = "2026-11".parse().unwrap();
        assert_eq!(month, Month::of(date(2026, 11, 30)));
        assert_eq!(month.plus(2).to_string(), "2027-01");
        assert_eq!(month.last(), date(2026, 11, 30));
        assert!(month < month.next());
        for text in ["", "2026", "2026-13", "2026-00", "26-11", "2026-1", "2026-+1", "２０２６-11"]
        {
            assert_eq!(text.parse::<Month>(), Err(NoMonth), "{text}");
        }
        assert_eq!("9999-12".parse::<Month>().unwrap().next().to_string(), "9999-12");
    }
}
