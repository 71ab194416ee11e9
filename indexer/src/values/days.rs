//! Days, months and years.

use std::ops::Range;

use super::Value;
use super::numerals::{digit, in_words, is_numeral};

/// Years that papers of households may bear.
const YEARS: std::ops::RangeInclusive<u32> = 1900..=2199;

/// All days, months and years of a folded text.
pub(super) fn found(chars: &[char]) -> Vec<(Range<usize>, Value)> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        // A number begins where no digit stands before it.
        let begins = digit(chars[at]).is_some() || is_numeral(chars[at]);
        let inside = at > 0 && (digit(chars[at - 1]).is_some() || is_numeral(chars[at - 1]));
        let read = (begins && !inside).then(|| read(chars, at)).flatten();
        at = match read {
            Some((end, values)) => {
                found.extend(values.into_iter().map(|(end, value)| (at..end, value)));
                end
            }
            None => at + 1,
        };
    }
    found
}

/// The values that begin at `start`, each with its end, and the end of all.
fn read(chars: &[char], start: usize) -> Option<(usize, Vec<(usize, Value)>)> {
    day_of_a_year(chars, start).or_else(|| in_eight(chars, start)).or_else(|| date(chars, start))
}

/// 2026年3月9日 in all its forms, also without the day, and without the month.
fn day_of_a_year(chars: &[char], start: usize) -> Option<(usize, Vec<(usize, Value)>)> {
    let year_end = start + 4;
    let year =
        chars.get(start..year_end)?.iter().try_fold(0, |sum, &c| Some(sum * 10 + digit(c)?))?;
    if !YEARS.contains(&year) {
        return None;
    }
    let mark = *chars.get(year_end)?;
    if !matches!(mark, '年' | '-' | '.' | '/') {
        return None;
    }
    let in_words = mark == '年';
    let only_year = || in_words.then(|| (year_end + 1, vec![(year_end + 1, Value::Year(year))]));
    let Some((month, after)) = small(chars, year_end + 1, 12) else { return only_year() };
    let month_mark = if in_words { '月' } else { mark };
    if chars.get(after) != Some(&month_mark) {
        return only_year();
    }
    let ym = year * 100 + month;
    let month_end = after + 1;
    let day = small(chars, month_end, days_of(year, month));
    let day = day.filter(|&(_, end)| match in_words {
        true => matches!(chars.get(end), Some('日' | '号')),
        false => chars.get(end).is_none_or(|c| digit(*c).is_none()),
    });
    let Some((day, after)) = day else {
        // 2026.3. is no month: only the words are sure without a day.
        let values = vec![(year_end + 1, Value::Year(year)), (month_end, Value::Month(ym))];
        return in_words.then_some((month_end, values));
    };
    let end = after + usize::from(in_words);
    Some((end, whole(end, year, month, day)))
}

/// 20260309 by itself.
fn in_eight(chars: &[char], start: usize) -> Option<(usize, Vec<(usize, Value)>)> {
    let end = start + 8;
    let figures = chars.get(start..end)?;
    let ends = chars.get(end).is_none_or(|c| !c.is_ascii_alphanumeric());
    let begins = start == 0 || !chars[start - 1].is_ascii_alphanumeric();
    if !(begins && ends && figures.iter().all(char::is_ascii_digit)) {
        return None;
    }
    let number = figures.iter().fold(0, |sum, &c| sum * 10 + (c as u32 - '0' as u32));
    let (year, month, day) = (number / 10_000, number / 100 % 100, number % 100);
    let sound = YEARS.contains(&year)
        && (1..=12).contains(&month)
        && (1..=days_of(year, month)).contains(&day);
    sound.then(|| (end, whole(end, year, month, day)))
}

/// 3月9日 of no year.
fn date(chars: &[char], start: usize) -> Option<(usize, Vec<(usize, Value)>)> {
    let (month, after) = small(chars, start, 12)?;
    if chars.get(after) != Some(&'月') {
        return None;
    }
    // A leap year: the twenty-ninth of February has no year here.
    let (day, end) = small(chars, after + 1, days_of(2000, month))?;
    let marked = matches!(chars.get(end), Some('日' | '号'));
    marked.then(|| (end + 1, vec![(end + 1, Value::Date(month * 100 + day))]))
}

fn whole(end: usize, year: u32, month: u32, day: u32) -> Vec<(usize, Value)> {
    let ym = year * 100 + month;
    let values = [
        Value::Year(year),
        Value::Month(ym),
        Value::Date(month * 100 + day),
        Value::Day(ym * 100 + day),
    ];
    values.into_iter().map(|value| (end, value)).collect()
}

/// A number from 1 to `most` in one or two figures or in words, and its end.
fn small(chars: &[char], start: usize, most: u32) -> Option<(u32, usize)> {
    let run = |part: &dyn Fn(char) -> bool| {
        let rest = chars.get(start..).unwrap_or_default();
        start + rest.iter().take(4).take_while(|c| part(**c)).count()
    };
    let end = run(&|c| c.is_ascii_digit());
    let (number, end) = if end > start {
        let figures = chars.get(start..end).filter(|figures| figures.len() <= 2)?;
        (figures.iter().fold(0, |sum, &c| sum * 10 + (c as u32 - '0' as u32)), end)
    } else {
        let end = run(&is_numeral);
        (u32::try_from(in_words(chars.get(start..end)?)?).ok()?, end)
    };
    (1..=most).contains(&number).then_some((number, end))
}

fn days_of(year: u32, month: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(text: &str) -> Vec<String> {
        let chars: Vec<char> = text.chars().collect();
        found(&chars).into_iter().map(|(_, value)| value.term()).collect()
    }

    #[test]
    fn days_are_found_and_impossible_ones_are_not() {
        assert_eq!(terms("贰零贰陆年叁月玖日"), ["y2026", "m202603", "n0309", "d20260309"]);
        assert_eq!(terms("2026年十二月三十一日"), ["y2026", "m202612", "n1231", "d20261231"]);
        assert_eq!(terms("2024-02-29至2025-02-29"), ["y2024", "m202402", "n0229", "d20240229"]);
        assert_eq!(terms("2026年13月"), ["y2026"]);
        assert_eq!(terms("2026年3月32日"), ["y2026", "m202603"]);
        assert_eq!(terms("2026年3月至5月"), ["y2026", "m202603"]);
        assert_eq!(terms("十二月三日、3月9号"), ["n1203", "n0309"]);
        assert!(terms("12026年").is_empty() && terms("3026年").is_empty());
        assert!(terms("2026.3").is_empty() && terms("192.168.1.1").is_empty());
        assert!(terms("990102003004001 20260309a 120260309").is_empty());
    }
}
