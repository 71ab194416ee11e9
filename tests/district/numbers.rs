//! Numbers of identity cards from a region that nobody was born in, each given once:
//! right ones, and wrong ones of every kind.

use jiff::ToSpan;
use jiff::civil::{Date, date};
use yidang::model::text::is_id_number;

/// The region of every number.
const REGION: &str = "990102";
/// A step through the days that has no divisor in common with how many there are.
const STEP: u64 = 7_919;

/// How old somebody is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Age {
    /// Born 1930 to 1994.
    Grown,
    /// Born 2005 to 2020.
    Child,
}

impl Age {
    const fn days(self) -> (Date, u64) {
        match self {
            Self::Grown => (date(1930, 1, 1), 23_741),
            Self::Child => (date(2005, 1, 1), 5_843),
        }
    }
}

/// The number of somebody, with the day of birth: every `nth` has another one.
pub fn number(seed: u64, nth: u64, age: Age, is_male: bool) -> Option<(String, Date)> {
    let (first, days) = age.days();
    let day = ((nth % days).checked_mul(STEP)? + seed % days) % days;
    let born = first.checked_add(i64::try_from(day).ok()?.days()).ok()?;
    // Odd for men, as in every such number.
    let serial = (nth / days) * 2 + if is_male { 1 } else { 2 };
    let body = format!("{REGION}{}{serial:03}", born.strftime("%Y%m%d"));
    Some((checked(&body)?, born))
}

/// The number with those 17 digits.
pub fn checked(body: &str) -> Option<String> {
    let mut all = "0123456789X".chars().map(|check| format!("{body}{check}"));
    all.find(|number| is_id_number(number))
}

/// With another last digit, which is wrong.
pub fn wrong_check(number: &str) -> String {
    let body = number.get(..17).unwrap_or_default();
    let last = if number.ends_with('5') { '6' } else { '5' };
    format!("{body}{last}")
}

/// Born on the 30th of February, with the check digit of that.
pub fn impossible(number: &str) -> String {
    let year = number.get(6..10).unwrap_or_default();
    let serial = number.get(14..17).unwrap_or_default();
    checked(&format!("{REGION}{year}0230{serial}")).unwrap_or_default()
}

/// The 15 digits that a number of somebody born before 2000 had before.
pub fn old(number: &str) -> String {
    let part = |range: std::ops::Range<usize>| number.get(range).unwrap_or_default();
    format!("{}{}", part(0..6), part(8..17))
}
