//! 公示: what of a household is put up in its community, and for how long. Only
//! three things about people are ever shown: the applicant's name, how many
//! live in the household, the amount (《最低生活保障审核确认办法》民发〔2021〕57号,
//! articles 19 and 24).

use jiff::civil::Date;
use jiff::{Span, SpanRelativeTo};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::workdays::after;

/// The longest that a notice with a last day stays up, and the furthest ahead that
/// one is put up, in days.
const MOST_DAYS: i32 = 366;
/// The most characters of a reason.
pub const MOST_WORDS: usize = 200;

/// Which notice it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// 公示: the first opinion, before it is decided.
    Proposed,
    /// 公布: what was decided, for as long as it is paid.
    Confirmed,
}

impl NoticeKind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Proposed, Self::Confirmed];

    /// As it stands in acts and in SQL.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Confirmed => "confirmed",
        }
    }

    /// In Chinese.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Proposed => "初审公示",
            Self::Confirmed => "确认公布",
        }
    }

    /// In English.
    #[must_use]
    pub const fn en(self) -> &'static str {
        match self {
            Self::Proposed => "first opinion",
            Self::Confirmed => "confirmed",
        }
    }
}

impl std::str::FromStr for NoticeKind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|kind| kind.as_str() == text.trim());
        found.ok_or_else(|| "a notice is proposed or confirmed".to_owned())
    }
}

/// A rule that a notice breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoticeRule {
    /// What is proposed is up for some days at least, which the rules say (article 19).
    #[error("what is proposed stays up for at least {0} days after the first")]
    TooShort(u16),
    /// The days are in the wrong order, or too far away.
    #[error("the days of a notice are in order, and not more than a year away")]
    Days,
    /// Nothing is paid that could be put up.
    #[error("the household does not receive the allowance, and has not applied for it")]
    NotPaid,
    /// It is of those who live there.
    #[error("nobody lives in the household any more")]
    Nobody,
    /// What is confirmed is what was decided.
    #[error("what is confirmed is put up with the amount that was decided")]
    Otherwise,
    /// A reason is needed.
    #[error("a reason of 1 to {MOST_WORDS} characters is needed")]
    Reason,
}

/// The last day of a notice that is put up on `from`: the one that was wanted,
/// or the usual one.
///
/// # Errors
/// When it is up for less than `least` days after the first, or the days make no sense;
/// `today` is the day on which it is written down.
pub fn last_day(
    kind: NoticeKind,
    (from, wanted): (Date, Option<Date>),
    today: Date,
    least: u16,
) -> Result<Option<Date>, NoticeRule> {
    if days_between(today, from)?.abs() > MOST_DAYS {
        return Err(NoticeRule::Days);
    }
    let until = match (kind, wanted) {
        (NoticeKind::Confirmed, None) => return Ok(None),
        (_, Some(until)) => until,
        (NoticeKind::Proposed, None) => {
            from.checked_add(Span::new().days(i32::from(least))).map_err(|_| NoticeRule::Days)?
        }
    };
    match (kind, days_between(from, until)?) {
        (_, days) if days < 0 => Err(NoticeRule::Days),
        (NoticeKind::Proposed, days) if days < i32::from(least) => Err(NoticeRule::TooShort(least)),
        (_, days) if days > MOST_DAYS => Err(NoticeRule::Days),
        _ => Ok(Some(until)),
    }
}

/// The days of a notice that was put up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hung {
    /// The first.
    pub from: Date,
    /// The last; none for as long as it is paid.
    pub until: Option<Date>,
    /// The one on which it was taken down.
    pub taken_down: Option<Date>,
}

impl Hung {
    /// Whether it was up on that day.
    #[must_use]
    pub fn is_up(&self, on: Date) -> bool {
        self.from <= on
            && self.until.is_none_or(|until| on <= until)
            && self.taken_down.is_none_or(|taken| on < taken)
    }

    /// Whether by that day it had been up for at least so many days after the first, and was
    /// not taken down before they were over (article 19).
    #[must_use]
    pub fn had_its_days(&self, least: u16, by: Date) -> bool {
        let over = after(self.from, least);
        over <= by && self.taken_down.is_none_or(|taken| over <= taken)
    }
}

fn days_between(from: Date, to: Date) -> Result<i32, NoticeRule> {
    let span = from.until(to).map_err(|_| NoticeRule::Days)?;
    let days = span.total((jiff::Unit::Day, SpanRelativeTo::days_are_24_hours()));
    days.map(|days| days as i32).map_err(|_| NoticeRule::Days)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use jiff::civil::{Date, date};
    use proptest::prelude::*;

    use super::*;

    const TODAY: Date = date(2026, 11, 24);

    fn last(
        kind: NoticeKind,
        from: Date,
        wanted: Option<Date>,
    ) -> Result<Option<Date>, NoticeRule> {
        last_day(kind, (from, wanted), TODAY, 7)
    }

    #[test]
    fn what_is_proposed_is_up_for_seven_days() {
        use NoticeKind::{Confirmed, Proposed};
        assert_eq!(last(Proposed, TODAY, None), Ok(Some(date(2026, 12, 1))));
        assert_eq!(last(Proposed, TODAY, Some(date(2026, 12, 1))), Ok(Some(date(2026, 12, 1))));
        assert_eq!(last(Proposed, TODAY, Some(date(2026, 11, 30))), Err(NoticeRule::TooShort(7)));
        let ten = last_day(Proposed, (TODAY, None), TODAY, 10);
        assert_eq!(ten, Ok(Some(date(2026, 12, 4))));
        assert_eq!(last(Proposed, TODAY, Some(date(2026, 11, 1))), Err(NoticeRule::Days));
        assert_eq!(last(Confirmed, TODAY, None), Ok(None));
        assert_eq!(last(Confirmed, TODAY, Some(TODAY)), Ok(Some(TODAY)));
        assert_eq!(last(Confirmed, date(2024, 1, 1), None), Err(NoticeRule::Days));
        assert_eq!(last(Confirmed, Date::MAX, None), Err(NoticeRule::Days));
        assert_eq!(last(Confirmed, TODAY, Some(date(2999, 1, 1))), Err(NoticeRule::Days));
        assert_eq!(last(Proposed, TODAY, Some(date(2999, 1, 1))), Err(NoticeRule::Days));
    }

    #[test]
    fn a_notice_had_its_days_unless_it_was_taken_down_before() {
        let hung = |until: Option<Date>, taken_down| Hung { from: TODAY, until, taken_down };
        let (first, last) = (TODAY, date(2026, 12, 1));
        let whole = hung(Some(last), None);
        assert_eq!([first, last].map(|day| whole.is_up(day)), [true, true]);
        let around = [date(2026, 11, 23), date(2026, 12, 2)];
        assert_eq!(around.map(|day| whole.is_up(day)), [false, false]);
        assert!(hung(None, None).is_up(date(2030, 1, 1)));
        assert_eq!([date(2026, 11, 30), last].map(|day| whole.had_its_days(7, day)), [false, true]);
        let early = hung(Some(last), Some(date(2026, 11, 30)));
        assert!(early.is_up(date(2026, 11, 29)) && !early.is_up(date(2026, 11, 30)));
        assert!(!early.had_its_days(7, date(2026, 12, 20)) && early.had_its_days(6, last));
        assert!(hung(Some(date(2026, 12, 9)), Some(last)).had_its_days(7, last));
    }

    proptest! {
        #[test]
        fn no_days_make_it_panic_and_none_is_too_short(
            from in any::<i16>(), to in any::<i16>(), proposed in any::<bool>(),
        ) {
            let day = |days: i16| TODAY.checked_add(Span::new().days(i32::from(days))).unwrap();
            let kind = if proposed { NoticeKind::Proposed } else { NoticeKind::Confirmed };
            if let Ok(Some(until)) = last(kind, day(from), Some(day(to))) {
                let apart = i32::from(to) - i32::from(from);
                prop_assert_eq!(until, day(to));
                let least = if proposed { 7 } else { 0 };
                prop_assert!(apart >= least);
            }
        }
    }
}
