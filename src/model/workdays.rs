//! 工作日: which days are worked, and where a term of days ends. The holidays are
//! data (`schemas/rules/holidays.toml`).

use std::collections::BTreeSet;

use jiff::Span;
use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};

/// The most days of a term.
const LONGEST: u16 = 3660;

/// The holidays of the years that are known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Holidays {
    years: BTreeSet<i16>,
    off: BTreeSet<Date>,
    on: BTreeSet<Date>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    year: Vec<Year>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Year {
    year: i16,
    off: Vec<(Date, Date)>,
    on: Vec<Date>,
}

/// 时限: within how many days something is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// How many.
    pub days: u16,
    /// Whether only days that are worked count.
    #[serde(default)]
    pub working: bool,
    /// The step from whose day they are counted.
    pub since: String,
    /// How many days of the calendar after that day counting begins.
    #[serde(default)]
    pub plus: u16,
}

impl Holidays {
    /// The holidays of a table in TOML.
    ///
    /// # Errors
    /// When it is none.
    pub fn parse(source: &str) -> Result<Self, toml::de::Error> {
        let table: Table = toml::from_str(source)?;
        let mut found = Self::default();
        for year in table.year {
            found.years.insert(year.year);
            found.on.extend(year.on);
            for (first, last) in year.off {
                let days = first.series(Span::new().days(1)).take_while(|day| *day <= last);
                found.off.extend(days.take(usize::from(LONGEST)));
            }
        }
        Ok(found)
    }

    /// Whether the holidays of the year of this day are known. Where they are not,
    /// only its weekends are.
    #[must_use]
    pub fn knows(&self, day: Date) -> bool {
        self.years.contains(&day.year())
    }

    /// Whether this day is worked.
    #[must_use]
    pub fn is_worked(&self, day: Date) -> bool {
        if self.on.contains(&day) {
            return true;
        }
        let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        !weekend && !self.off.contains(&day)
    }

    /// The last day of a term of `days` that begins on the day after `from`; of a
    /// term in working days, the last one that is worked. The end of the calendar
    /// where it is beyond that.
    #[must_use]
    pub fn end(&self, from: Date, days: u16, working: bool) -> Date {
        if !working {
            return after(from, days);
        }
        let (mut day, mut left) = (from, days.min(LONGEST));
        while left > 0 && day < Date::MAX {
            day = after(day, 1);
            left -= u16::from(self.is_worked(day));
        }
        day
    }

    /// The last day of `limit`, when the step it is counted from was taken on `from`.
    #[must_use]
    pub fn end_of(&self, limit: &Limit, from: Date) -> Date {
        self.end(after(from, limit.plus), limit.days, limit.working)
    }
}

/// The day so many days of the calendar after `day`, or the last one there is.
#[must_use]
pub fn after(day: Date, days: u16) -> Date {
    day.saturating_add(Span::new().days(i64::from(days)))
}

/// The day so many months after `day`: the last of that month where it has no
/// such day.
#[must_use]
pub fn months_after(day: Date, months: u16) -> Date {
    day.saturating_add(Span::new().months(i64::from(months)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn holidays() -> Holidays {
        Holidays::parse(include_str!("../../schemas/rules/holidays.toml")).unwrap()
    }

    #[test]
    fn holidays_are_not_worked_and_the_weekends_for_them_are() {
        let holidays = holidays();
        assert!(!holidays.is_worked(date(2026, 2, 16)));
        assert!(holidays.is_worked(date(2026, 2, 14)));
        assert!(!holidays.is_worked(date(2026, 11, 28)));
        assert!(holidays.is_worked(date(2026, 11, 27)));
        assert!(holidays.knows(date(2026, 1, 1)));
        assert!(!holidays.knows(date(2031, 1, 1)));
        // Of a year nobody has told of, the weekends.
        assert!(holidays.is_worked(date(2031, 10, 1)));
        assert!(!holidays.is_worked(date(2031, 10, 4)));
    }

    #[test]
    fn a_term_begins_on_the_day_after() {
        let holidays = holidays();
        // Friday; Saturday and Sunday do not count.
        assert_eq!(holidays.end(date(2026, 11, 27), 1, true), date(2026, 11, 30));
        assert_eq!(holidays.end(date(2026, 11, 24), 3, true), date(2026, 11, 27));
        // Over the spring festival, with the Saturday that is worked for it.
        assert_eq!(holidays.end(date(2026, 2, 13), 3, true), date(2026, 2, 25));
        assert_eq!(holidays.end(date(2026, 2, 13), 3, false), date(2026, 2, 16));
        assert_eq!(holidays.end(date(2026, 2, 13), 0, true), date(2026, 2, 13));
        assert_eq!(holidays.end(Date::MAX, 9, true), Date::MAX);
        let limit = Limit { days: 10, working: true, since: "notice".to_owned(), plus: 7 };
        assert_eq!(holidays.end_of(&limit, date(2026, 11, 2)), date(2026, 11, 23));
        assert_eq!(months_after(date(2026, 8, 31), 6), date(2027, 2, 28));
    }

    proptest! {
        #[test]
        fn a_term_of_working_days_has_so_many_of_them(
            shift in 0_u16..1500, days in 0_u16..60,
        ) {
            let holidays = holidays();
            let from = after(date(2024, 6, 1), shift);
            let end = holidays.end(from, days, true);
            let mut day = from;
            let mut worked = 0;
            while day < end {
                day = after(day, 1);
                worked += u16::from(holidays.is_worked(day));
            }
            prop_assert_eq!(worked, days);
            prop_assert!(days == 0 || holidays.is_worked(end));
        }
    }
}
