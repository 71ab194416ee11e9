//! What a stretch of text is worth: days and amounts of money, in whatever form they are written.
//!
//! 二〇二六年三月九日, 2026.3.9 and 20260309 are one day; 捌佰陆拾元整, ¥860.00 and 860元 are one
//! amount. The text stays as it is; its values are terms beside it, so a question in one form
//! finds the page in another.

mod amounts;
mod days;
mod numerals;

use std::ops::Range;

use crate::normalise::Normal;

/// A value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Value {
    /// A year.
    Year(u32),
    /// A month as YYYYMM.
    Month(u32),
    /// A day as YYYYMMDD.
    Day(u32),
    /// A day of any year as MMDD.
    Date(u32),
    /// Money in 分.
    Fen(u64),
}

impl Value {
    /// The term the value is indexed as.
    pub(crate) fn term(self) -> String {
        match self {
            Value::Year(number) => format!("y{number}"),
            Value::Month(number) => format!("m{number}"),
            Value::Day(number) => format!("d{number}"),
            Value::Date(number) => format!("n{number:04}"),
            Value::Fen(number) => format!("f{number}"),
        }
    }

    /// The value that is all of a text as it is typed: `2026.3.9`, `三月九日`, `860元`, `860`.
    pub(crate) fn of(normal: &Normal) -> Option<Value> {
        let chars = &normal.chars;
        let whole = |(place, value): (Range<usize>, Value)| {
            (place.start == 0 && place.end == chars.len()).then_some(value)
        };
        // The last is the narrowest: a day says more than its year.
        let typed = found(normal).into_iter().filter_map(whole).next_back();
        typed.or_else(|| amounts::bare(chars).map(Value::Fen))
    }

    /// As [`Display`](std::fmt::Display) shows it, or none when `text` already has that form.
    pub(crate) fn other_form(self, text: &str) -> Option<String> {
        Some(self.to_string()).filter(|shown| shown != text)
    }
}

/// In figures: `2026年3月9日`, `860元`.
impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match *self {
            Value::Year(year) => write!(f, "{year}年"),
            Value::Month(month) => write!(f, "{}年{}月", month / 100, month % 100),
            Value::Day(day) => {
                write!(f, "{}年{}月{}日", day / 10_000, day / 100 % 100, day % 100)
            }
            Value::Date(date) => write!(f, "{}月{}日", date / 100, date % 100),
            Value::Fen(fen) if fen % 100 == 0 => write!(f, "{}元", fen / 100),
            Value::Fen(fen) => write!(f, "{}.{:02}元", fen / 100, fen % 100),
        }
    }
}

/// The values of a folded text with their places in it, in order of where they begin. A day is
/// also its year, its month, and the day of any year.
pub(crate) fn found(normal: &Normal) -> Vec<(Range<usize>, Value)> {
    let mut found = days::found(&normal.chars);
    found.extend(
        amounts::found(&normal.chars).into_iter().map(|(place, fen)| (place, Value::Fen(fen))),
    );
    found.sort_by_key(|(place, _)| place.start);
    found
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(text: &str) -> Option<String> {
        Value::of(&Normal::of(text)).map(|value| value.to_string())
    }

    #[test]
    fn one_day_has_many_forms() {
        for text in [
            "二〇二六年三月九日",
            "2026.3.9",
            "2026-03-09",
            "20260309",
            "２０２６／３／９",
            "2026 年 3 月 9 日",
        ] {
            assert_eq!(of(text).as_deref(), Some("2026年3月9日"), "{text}");
        }
        assert_eq!(of("三月九日").as_deref(), Some("3月9日"));
        assert_eq!(of("二零二六年三月").as_deref(), Some("2026年3月"));
        assert_eq!(of("2026年").as_deref(), Some("2026年"));
    }

    #[test]
    fn one_amount_has_many_forms() {
        for text in [
            "捌佰陆拾元整",
            "捌佰陸拾圓整",
            "¥860.00",
            "860元",
            "860",
            "八百六十元",
            "人民币 860.00 元",
        ] {
            assert_eq!(of(text).as_deref(), Some("860元"), "{text}");
        }
        assert_eq!(of("1,234.50").as_deref(), Some("1234.50元"));
    }

    #[test]
    fn words_have_no_value() {
        for text in ["周桂兰", "2026年王小明", "第3页", "", "一", "110101199003074514"] {
            assert_eq!(of(text), None, "{text}");
        }
    }

    #[test]
    fn a_page_has_its_values_where_they_stand() {
        let normal = Normal::of("自二〇二六年三月九日起，\n每月捌佰陆拾元");
        let found = found(&normal);
        let terms: Vec<_> = found.iter().map(|(_, value)| value.term()).collect();
        assert_eq!(terms, ["y2026", "m202603", "n0309", "d20260309", "f86000"]);
        assert_eq!(normal.original(found[3].0.clone()), 1..10);
        assert_eq!(normal.original(found[4].0.clone()), 15..20);
    }

    proptest! {
        #[test]
        fn any_text_is_looked_through(text in "[0-9〇零一二三九十百千万亿壹贰拾佰仟元圆角分年月日整.,，¥/\\- a王]{0,60}") {
            let normal = Normal::of(&text);
            for (place, value) in found(&normal) {
                prop_assert!(place.start < place.end && place.end <= normal.chars.len());
                // What is shown can be typed, and is the same value.
                prop_assert_eq!(Value::of(&Normal::of(&value.to_string())), Some(value));
            }
        }
    }
}
