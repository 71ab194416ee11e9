//! Times and days as the office reads and types them.

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};

use crate::web::lang::Lang;

/// A time as the office reads it, `2026-11-23 11:40:12`; what is no time stays
/// as it is.
pub(crate) fn clock(time: &str) -> String {
    match time.parse::<Timestamp>() {
        Ok(time) => at(time),
        Err(_) => time.to_owned(),
    }
}

/// As [`clock`], without the seconds.
pub(crate) fn minute(time: &str) -> String {
    let clock = clock(time);
    clock.get(..16).unwrap_or(&clock).to_owned()
}

/// As [`clock`], without the time of day.
pub(crate) fn date(time: &str) -> String {
    let clock = clock(time);
    clock.get(..10).unwrap_or(&clock).to_owned()
}

/// A time as the office reads it: in China, where it is.
pub(crate) fn at(time: Timestamp) -> String {
    let china = TimeZone::fixed(Offset::constant(8));
    china.to_datetime(time).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// A time in milliseconds since 1970 as the office reads it, without the
/// seconds; empty where there is none.
pub(crate) fn moment(millisecond: i64) -> String {
    minute(
        &Timestamp::from_millisecond(millisecond).map(|time| time.to_string()).unwrap_or_default(),
    )
}

/// As [`moment`], without the time of day.
pub(crate) fn day_of(millisecond: i64) -> String {
    moment(millisecond).get(..10).unwrap_or_default().to_owned()
}

/// A date as a person types it, as `2026-03-09`; empty stays empty. None when
/// it is no date.
pub(crate) fn typed_date(typed: &str) -> Option<Option<jiff::civil::Date>> {
    let squeezed = crate::model::text::squeeze(typed);
    if squeezed.is_empty() {
        return Some(None);
    }
    let whole = if squeezed.len() == 8 && squeezed.bytes().all(|byte| byte.is_ascii_digit()) {
        format!("{}-{}-{}", &squeezed[..4], &squeezed[4..6], &squeezed[6..])
    } else {
        squeezed
    };
    match crate::model::text::dates(&whole).as_slice() {
        [(0, date)] => Some(Some(*date)),
        _ => None,
    }
}

/// The sentence for a date that is none.
pub(crate) fn no_date(lang: Lang) -> String {
    lang.t(
        "日期写成2026-03-09这样，不知道可以空着。",
        "Write a date as 2026-03-09, or leave it empty.",
    )
    .to_owned()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_taken_as_people_type_them() {
        for typed in ["20260309", "2026-3-9", "2026.3.9", " 2026年3月9日 ", "２０２６/３/９"]
        {
            let date = typed_date(typed).unwrap().unwrap();
            assert_eq!(date.to_string(), "2026-03-09", "{typed}");
        }
        assert_eq!(typed_date(" "), Some(None));
        for odd in ["昨天", "20261340", "2026-13-01", "2026-03-09和2026-03-10"] {
            assert_eq!(typed_date(odd), None, "{odd}");
        }
    }

    #[test]
    fn times_are_those_of_the_office() {
        assert_eq!(clock("2026-11-22T18:10:05Z"), "2026-11-23 02:10:05");
        assert_eq!(minute("2026-11-22T18:10:05.123Z"), "2026-11-23 02:10");
        assert_eq!(date("2026-11-22T18:10:05Z"), "2026-11-23");
        assert_eq!(clock("民国三十年"), "民国三十年");
    }
}
