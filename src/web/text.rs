//! How values are written on screen: numbers, sizes, dates, numbers of households.
//!
//! All functions are pure and accept anything: what cannot be understood is
//! shown as it is rather than hidden.

use super::lang::Lang;

/// A whole number with thousands marks: `216,540`.
pub fn number(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A size in bytes with a unit of 1,000: `312 KB`, `1.4 GB`.
pub fn size(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["KB", "MB", "GB", "TB"];
    if bytes < 1_000 {
        return format!("{bytes} B");
    }
    let mut value = bytes as f64 / 1_000.0;
    let mut unit = 0;
    while value >= 999.5 && unit + 1 < UNITS.len() {
        value /= 1_000.0;
        unit += 1;
    }
    let digits = if unit > 0 && value < 10.0 { 1 } else { 0 };
    format!("{value:.digits$} {}", UNITS[unit])
}

/// Year, month and day of an ISO date, with or without a time after it.
fn ymd(date: &str) -> Option<(u32, u32, u32)> {
    let mut parts = date.get(..10)?.split('-').map(|part| part.parse::<u32>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    ((1..=12).contains(&month) && (1..=31).contains(&day)).then_some((year, month, day))
}

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

fn month_name(month: u32) -> &'static str {
    MONTHS.get(month.saturating_sub(1) as usize).copied().unwrap_or("")
}

/// A date inside a sentence: `11月23日`, `23 Nov`.
pub fn day(lang: Lang, date: &str) -> String {
    match (ymd(date), lang) {
        (None, _) => date.to_owned(),
        (Some((_, month, day)), Lang::Zh) => format!("{month}月{day}日"),
        (Some((_, month, day)), Lang::En) => format!("{day} {}", month_name(month)),
    }
}

/// A date with its year inside a sentence: `2026年11月23日`, `23 Nov 2026`.
pub fn full_day(lang: Lang, date: &str) -> String {
    match (ymd(date), lang) {
        (None, _) => date.to_owned(),
        (Some((year, month, day)), Lang::Zh) => format!("{year}年{month}月{day}日"),
        (Some((year, month, day)), Lang::En) => format!("{day} {} {year}", month_name(month)),
    }
}

/// A date with its day of the week: `2026年11月23日 星期一`, `Monday 23 Nov 2026`.
pub fn week_day(lang: Lang, date: &str) -> String {
    const ZH: [&str; 7] = ["日", "一", "二", "三", "四", "五", "六"];
    const EN: [&str; 7] =
        ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
    const SHIFT: [u32; 12] = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4];
    let Some((year, month, day)) = ymd(date) else {
        return date.to_owned();
    };
    // Sakamoto's rule: January and February count with the year before.
    let y = if month < 3 { year.saturating_sub(1) } else { year };
    let shift = SHIFT[(month - 1) as usize];
    let of_week = ((y + y / 4 - y / 100 + y / 400 + shift + day) % 7) as usize;
    match lang {
        Lang::Zh => format!("{} 星期{}", full_day(lang, date), ZH[of_week]),
        Lang::En => format!("{} {}", EN[of_week], full_day(lang, date)),
    }
}

/// A date as printed in catalogs: `20261123`.
pub fn compact_date(date: &str) -> String {
    date.chars().filter(|c| *c != '-').collect()
}

/// Month and day of a date in a narrow column: `11-23`.
pub fn month_day(date: &str) -> &str {
    date.get(5..10).unwrap_or(date)
}

/// A household number as it stands outside the file's own head: `3004-00127`.
pub fn short_no(no: &str) -> String {
    match (no.is_ascii() && no.len() == 17, no.get(8..12), no.get(12..)) {
        (true, Some(region), Some(serial)) => format!("{region}-{serial}"),
        _ => no.to_owned(),
    }
}

/// A household number in full, in groups: `9901 0200 3004 00127`.
pub fn grouped_no(no: &str) -> String {
    match (no.is_ascii() && no.len() == 17, no.get(..4), no.get(4..8), no.get(8..12), no.get(12..))
    {
        (true, Some(a), Some(b), Some(c), Some(d)) => format!("{a} {b} {c} {d}"),
        _ => no.to_owned(),
    }
}

/// The first 16 hex digits of a digest in groups of four: `7c1e 9a40 d2f8 6b13`.
pub fn digest_head(hex: &str) -> String {
    digest(hex.get(..16).unwrap_or(hex))
}

/// A whole digest in groups of four.
pub fn digest(hex: &str) -> String {
    let chars: Vec<char> = hex.chars().collect();
    chars.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// A page range as printed: `2` or `2–3`; a dash when there is none.
pub fn pages(range: Option<(u64, u64)>) -> String {
    match range {
        None => "—".to_owned(),
        Some((from, to)) if from == to => from.to_string(),
        Some((from, to)) => format!("{from}–{to}"),
    }
}

/// A value for the query part of an address, percent-encoded.
pub fn query_value(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for byte in value.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                out.push(byte as char)
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// An amount in yuan with commas: `1,120.00`.
pub fn yuan(amount: crate::model::money::Fen) -> String {
    format!("{}.{:02}", number(amount.get() / 100), amount.get() % 100)
}

/// As [`yuan`], of 分 that can be below zero.
pub fn signed_yuan(fen: i64) -> String {
    let sign = if fen < 0 { "−" } else { "" };
    format!("{sign}{}", yuan(crate::model::money::Fen::new(fen.unsigned_abs())))
}

/// An amount of yuan that is kept as text, with commas: `48,120.55`; what is no amount
/// stays as it is.
pub fn stated_yuan(amount: &str) -> String {
    crate::model::money::Fen::of_fund(amount).map_or_else(|_| amount.to_owned(), yuan)
}

/// An address made of a path and the pairs whose value is not empty.
pub fn address(path: &str, pairs: &[(&str, &str)]) -> String {
    let query: Vec<String> = pairs
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={}", query_value(value)))
        .collect();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{}", query.join("&")) }
}

/// `Content-Disposition` for a file that is to be kept under a name: the name
/// in ASCII for old programs, and where that is not all of it in full after RFC 8187.
#[must_use]
pub fn attachment(name: &str) -> String {
    let name = crate::intake::clean_name(name);
    let plain: String =
        name.chars()
            .map(|c| {
                if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ' ') {
                    c
                } else {
                    '_'
                }
            })
            .collect();
    if plain == name {
        return format!("attachment; filename=\"{name}\"");
    }
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{}", query_value(&name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stated_amounts_have_commas_and_words_stay() {
        for (stated, read) in [
            ("48120.55", "48,120.55"),
            ("640", "640.00"),
            ("1000000000", "1,000,000,000.00"),
            ("", ""),
            ("约八百", "约八百"),
            ("-5", "-5"),
        ] {
            assert_eq!(stated_yuan(stated), read);
        }
    }

    #[test]
    fn numbers_and_sizes_are_readable() {
        assert_eq!(number(0), "0");
        assert_eq!(number(216_540), "216,540");
        assert_eq!(number(1_000_000), "1,000,000");
        assert_eq!(size(980), "980 B");
        assert_eq!(size(312_400), "312 KB");
        assert_eq!(size(1_440_000_000), "1.4 GB");
        assert_eq!(size(999_600), "1.0 MB");
    }

    #[test]
    fn dates_follow_the_place_they_stand_in() {
        assert_eq!(day(Lang::Zh, "2026-11-23"), "11月23日");
        assert_eq!(day(Lang::En, "2026-11-03 02:10"), "3 Nov");
        assert_eq!(week_day(Lang::Zh, "2026-11-23"), "2026年11月23日 星期一");
        assert_eq!(week_day(Lang::En, "2000-02-29"), "Tuesday 29 Feb 2000");
        assert_eq!(compact_date("2026-03-09"), "20260309");
        assert_eq!(month_day("2026-03-09"), "03-09");
    }

    #[test]
    fn what_is_not_a_date_or_number_is_shown_as_it_is() {
        for odd in ["", "民国三十年", "2026", "2026-13-40"] {
            assert_eq!(day(Lang::Zh, odd), odd);
            assert_eq!(week_day(Lang::En, odd), odd);
        }
        assert_eq!(short_no("J016"), "J016");
        assert_eq!(grouped_no("户号不详一二三四五"), "户号不详一二三四五");
    }

    #[test]
    fn household_numbers_are_short_outside_and_grouped_inside() {
        assert_eq!(short_no("99010200300400127"), "3004-00127");
        assert_eq!(grouped_no("99010200300400127"), "9901 0200 3004 00127");
    }

    #[test]
    fn addresses_leave_out_what_is_empty() {
        assert_eq!(
            address("/search", &[("q", "周 兰"), ("type", "")]),
            "/search?q=%E5%91%A8%20%E5%85%B0"
        );
        assert_eq!(address("/households", &[("q", "")]), "/households");
    }

    #[test]
    fn a_name_cannot_break_out_of_its_header() {
        assert_eq!(
            attachment("扫描 \"7\"\r\n.jpg"),
            "attachment; filename=\"__ _7_.jpg\"; filename*=UTF-8''%E6%89%AB%E6%8F%8F%20%227%22.jpg"
        );
    }
}
