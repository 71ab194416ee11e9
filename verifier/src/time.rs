//! Times for people.

/// The seconds since 1970 as `2026-11-24 08:00:00 UTC`.
#[must_use]
pub fn utc(seconds: u64) -> String {
    let (days, rest) = (seconds / 86400, seconds % 86400);
    // Years begin in March here, so that the odd day is the last of the year;
    // 400 of them have 146,097 days.
    let shifted = days + 719_468;
    let (era, day) = (shifted / 146_097, shifted % 146_097);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let of_year = day - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let date = of_year - (153 * month + 2) / 5 + 1;
    let (year, month) = match month {
        0..=9 => (era * 400 + year, month + 3),
        _ => (era * 400 + year + 1, month - 9),
    };
    let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
    format!("{year:04}-{month:02}-{date:02} {hour:02}:{minute:02}:{second:02} UTC")
}

/// The seconds since 1970 of a time as `openssl` tells it, such as
/// `Nov 24 08:00:00.25 2026 GMT`, without their fraction; none when it is not
/// one.
#[must_use]
pub fn told(text: &str) -> Option<u64> {
    const MONTHS: [&str; 12] =
        ["Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan", "Feb"];
    let mut words = text.split_ascii_whitespace();
    let month = words.next()?;
    let month = MONTHS.iter().zip(0_u64..).find(|(name, _)| **name == month)?.1;
    let day: u64 = words.next()?.parse().ok().filter(|day| (1..=31).contains(day))?;
    let mut clock = words.next()?.split('.').next()?.split(':').map(str::parse::<u64>);
    let (hour, minute, second) = (clock.next()?.ok()?, clock.next()?.ok()?, clock.next()?.ok()?);
    let year: u64 = words.next()?.parse().ok().filter(|year| (1970..=9999).contains(year))?;
    let ends = (words.next(), words.next()) == (Some("GMT"), None);
    if !ends || clock.next().is_some() || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    // Years begin in March here, as in `utc`.
    let year = if month >= 10 { year - 1 } else { year };
    let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1;
    Some(days.checked_sub(719_468)? * 86400 + hour * 3600 + minute * 60 + second)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::{told, utc};

    #[test]
    fn what_openssl_tells_is_a_time() {
        for (text, said) in [
            ("Jan  1 00:00:00 1970 GMT", "1970-01-01 00:00:00 UTC"),
            ("Feb 29 23:59:59.999 2024 GMT", "2024-02-29 23:59:59 UTC"),
            ("Mar  1 00:00:00 2000 GMT", "2000-03-01 00:00:00 UTC"),
            ("Dec 31 12:30:01 2099 GMT", "2099-12-31 12:30:01 UTC"),
        ] {
            assert_eq!(utc(told(text).unwrap()), said);
        }
        let bad = ["", "Nov 24 2026 GMT", "Nov 24 08:00 2026 GMT", "Nov 32 08:00:00 2026 GMT"];
        for bad in bad.into_iter().chain(["Nov 24 08:00:00 2026", "Nov 24 08:00:00 1969 GMT"]) {
            assert_eq!(told(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn every_day_is_told_as_it_is_read(days in 0_u64..2_000_000, second in 0_u64..86400) {
            let said = utc(days * 86400 + second);
            let (date, clock) = said.trim_end_matches(" UTC").split_once(' ').unwrap();
            let parts: Vec<&str> = date.split('-').collect();
            let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct",
                "Nov", "Dec"];
            let month = names[parts[1].parse::<usize>().unwrap() - 1];
            let text = format!("{month} {} {clock} {} GMT", parts[2], parts[0]);
            prop_assert_eq!(told(&text), Some(days * 86400 + second));
        }

        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,40}") {
            let _ = told(&text);
        }
    }

    #[test]
    fn times_are_those_of_the_calendar() {
        for (seconds, said) in [
            (0, "1970-01-01 00:00:00 UTC"),
            (951_782_399, "2000-02-28 23:59:59 UTC"),
            (951_868_800, "2000-03-01 00:00:00 UTC"),
            (1_709_164_800, "2024-02-29 00:00:00 UTC"),
            (1_795_392_123, "2026-11-23 00:02:03 UTC"),
            (4_102_444_800, "2100-01-01 00:00:00 UTC"),
        ] {
            assert_eq!(utc(seconds), said);
        }
        let _ = utc(i64::MAX as u64);
    }
}
