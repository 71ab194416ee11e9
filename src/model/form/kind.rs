//! What can be typed into a field of a form, and the one form in which it is kept.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::FormField;
use crate::model::field::day;
use crate::model::mask;
use crate::model::money::Fen;
use crate::model::month::Month;
use crate::model::text::{plain, squeeze};

/// What a field of a form is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = FormKind)]
pub enum Kind {
    /// Any words.
    Text,
    /// A day of the calendar.
    Date,
    /// A month of a year.
    Month,
    /// Yuan with at most two decimals.
    Money,
    /// A whole number.
    Whole,
    /// One of the choices.
    Choice,
    /// `yes` or `no`.
    YesNo,
    /// 身份证号
    IdNumber,
    /// A telephone number.
    Phone,
    /// A bank account.
    Account,
    /// The name of a place that is an organisation's.
    Region,
}

impl Kind {
    /// The type of its values in the schema of a form.
    pub(super) const fn in_schema(self) -> &'static str {
        match self {
            Self::Money | Self::Whole => "integer",
            Self::YesNo => "boolean",
            _ => "string",
        }
    }
}

/// Why what was typed is no value of its kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// It is too long.
    #[error("at most {0} characters")]
    Long(usize),
    /// It is no day.
    #[error("a day like 2026-03-09, 20260309 or 3月9日")]
    Date,
    /// It is no month.
    #[error("a month like 2026-04")]
    Month,
    /// It is no amount.
    #[error("yuan with at most two decimals, up to a million")]
    Money,
    /// It is no number.
    #[error("a whole number up to a million")]
    Whole,
    /// It is none of the choices.
    #[error("one of {0}")]
    Choice(String),
    /// It is neither yes nor no.
    #[error("yes or no")]
    YesNo,
    /// It has neither 18 characters nor 15 digits.
    #[error("an identity number has 18 characters, an old one 15 digits")]
    IdNumber,
    /// It is no telephone number or account.
    #[error("5 to 30 digits")]
    Digits,
}

/// What stands behind a whole number on paper.
const UNITS: [char; 12] = ['人', '口', '岁', '票', '户', '个', '月', '处', '份', '年', '名', '次'];

impl FormField {
    /// The value in the one form of its kind; empty where nothing was typed. `today`
    /// tells the year of a day without one.
    ///
    /// # Errors
    /// When it is none.
    pub fn value(&self, typed: &str, today: Date) -> Result<String, Wrong> {
        let text = plain(typed);
        if text.is_empty() {
            return Ok(text);
        }
        if text.chars().count() > self.longest {
            return Err(Wrong::Long(self.longest));
        }
        let tight = squeeze(&text);
        match self.kind {
            Kind::Text | Kind::Region => Ok(text),
            Kind::Date => {
                let day = day(&tight).or_else(|| day_of_year(&tight, today));
                let day = day.filter(|day| (1900..=2100).contains(&day.year()));
                day.map(|day| day.to_string()).ok_or(Wrong::Date)
            }
            Kind::Month => month(&tight, today).map(|month| month.to_string()).ok_or(Wrong::Month),
            Kind::Money => {
                let bare = tight.trim_start_matches(['¥', '￥']).trim_end_matches(['元', '整']);
                let amount = bare.replace(',', "").parse::<Fen>();
                amount.map(|fen| fen.to_string()).map_err(|_| Wrong::Money)
            }
            Kind::Whole => {
                let number = tight.trim_end_matches(UNITS).parse::<u32>().ok();
                let number = number.filter(|number| *number <= 1_000_000);
                number.map(|number| number.to_string()).ok_or(Wrong::Whole)
            }
            Kind::Choice => {
                let bare = tight.trim_end_matches('类');
                let found = self.choices.iter().find(|one| **one == tight || *one == bare);
                found.cloned().ok_or_else(|| Wrong::Choice(self.choices.join("、")))
            }
            Kind::YesNo => match tight.as_str() {
                "yes" | "是" | "有" => Ok("yes".to_owned()),
                "no" | "否" | "无" | "没有" => Ok("no".to_owned()),
                _ => Err(Wrong::YesNo),
            },
            Kind::IdNumber => id_number(&tight).ok_or(Wrong::IdNumber),
            Kind::Phone | Kind::Account => digits(&text).ok_or(Wrong::Digits),
        }
    }

    /// The value with the numbers of persons in it covered.
    #[must_use]
    pub fn covered(&self, value: &str) -> String {
        match self.kind {
            Kind::IdNumber | Kind::Account => mask::card(value),
            _ => mask::numbers(value),
        }
    }

    /// The value as the schema of the form has it; one that was kept when the field was of
    /// another kind stays as it is.
    pub(super) fn json(&self, value: &str) -> serde_json::Value {
        match self.kind {
            Kind::Money => {
                value.parse::<Fen>().map_or_else(|_| value.into(), |fen| fen.get().into())
            }
            Kind::Whole => value.parse::<u32>().map_or_else(|_| value.into(), Into::into),
            Kind::YesNo if matches!(value, "yes" | "no") => (value == "yes").into(),
            _ => value.into(),
        }
    }

    /// The value of a money or whole field as a number: 分, or how many.
    pub(super) fn number(&self, value: &str) -> Option<i64> {
        match self.kind {
            Kind::Money => i64::try_from(value.parse::<Fen>().ok()?.get()).ok(),
            Kind::Whole => value.parse().ok(),
            _ => None,
        }
    }
}

/// `3月9日`: the last such day up to today.
fn day_of_year(text: &str, today: Date) -> Option<Date> {
    let (month, rest) = text.split_once('月')?;
    let (month, day): (i8, i8) = (month.parse().ok()?, rest.trim_end_matches('日').parse().ok()?);
    let this = Date::new(today.year(), month, day).ok();
    this.filter(|day| *day <= today).or_else(|| Date::new(today.year() - 1, month, day).ok())
}

/// `2026-04`, `2026年4月`, `202604`, `4月`: without a year, that of today.
fn month(text: &str, today: Date) -> Option<Month> {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let of = |year: &str, month: &str| -> Option<Month> {
        let (year, month) = (year.parse().ok()?, month.parse().ok()?);
        Date::new(year, month, 1).ok().filter(|day| day.year() >= 1900).map(Month::of)
    };
    if text.len() == 6 && digits(text) {
        return of(&text[..4], &text[4..]);
    }
    let text = text.trim_end_matches(['月', '份']);
    match text.split_once(['年', '-', '.', '/']) {
        Some((year, month)) if digits(year) && digits(month) => of(year, month),
        None if digits(text) && text.len() <= 2 => of(&today.year().to_string(), text),
        _ => None,
    }
}

/// 18 characters, or the 15 digits of before.
fn id_number(text: &str) -> Option<String> {
    let text = text.to_ascii_uppercase();
    let digits = |part: &[u8]| part.iter().all(u8::is_ascii_digit);
    let body = match text.as_bytes() {
        [number @ .., last] if number.len() == 17 => {
            digits(number) && (last.is_ascii_digit() || *last == b'X')
        }
        number => number.len() == 15 && digits(number),
    };
    body.then_some(text)
}

/// 5 to 30 digits with blanks and hyphens between them.
fn digits(text: &str) -> Option<String> {
    let text: String =
        text.chars().map(|c| if matches!(c, '－' | '—' | '–') { '-' } else { c }).collect();
    let plain = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '-');
    let count = text.chars().filter(char::is_ascii_digit).count();
    let begins = text.strip_prefix('+').unwrap_or(&text);
    let ends = begins.starts_with(|c: char| c.is_ascii_digit())
        && begins.ends_with(|c: char| c.is_ascii_digit());
    (ends && begins.chars().all(plain) && (5..=30).contains(&count) && text.len() <= 32)
        .then_some(text)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;
    use crate::model::form::Form;

    const TODAY: Date = date(2026, 11, 28);

    fn field(kind: Kind) -> FormField {
        let choices = match kind {
            Kind::Choice => r#","enum":["A","增发"]"#,
            _ => "",
        };
        let of = kind.in_schema();
        let kind = serde_json::to_string(&kind).unwrap();
        let source = format!(
            r#"{{"$schema":"","$id":"x","title":"x","x-en":"x","x-types":[],"type":"object","additionalProperties":false,
            "required":[],"x-sections":[{{"title":"x","x-en":"x","fields":["one"]}}],"x-sums":[],
            "properties":{{"one":{{"title":"一项","x-en":"One","type":"{of}","x-kind":{kind}{choices}}}}}}}"#
        );
        Form::parse("x", &source).unwrap().field("one").unwrap().clone()
    }

    #[test]
    fn what_people_type_is_kept_in_one_form() {
        for (kind, typed, kept) in [
            (Kind::Text, " 周桂兰 ", "周桂兰"),
            (Kind::Date, "20260309", "2026-03-09"),
            (Kind::Date, "2026.3.9", "2026-03-09"),
            (Kind::Date, "3月9日", "2026-03-09"),
            (Kind::Date, "12月1日", "2025-12-01"),
            (Kind::Date, "２０２６年３月９日", "2026-03-09"),
            (Kind::Month, "2026年4月", "2026-04"),
            (Kind::Month, "202604", "2026-04"),
            (Kind::Month, "2026-4", "2026-04"),
            (Kind::Month, "4月", "2026-04"),
            (Kind::Money, "1,995.5元", "1995.50"),
            (Kind::Money, "￥0", "0.00"),
            (Kind::Whole, "3人", "3"),
            (Kind::Whole, "2026年", "2026"),
            (Kind::Choice, "A类", "A"),
            (Kind::Choice, "增 发", "增发"),
            (Kind::YesNo, "否", "no"),
            (Kind::IdNumber, "990102 19520314 214x", "99010219520314214X"),
            (Kind::IdNumber, "990102520314214", "990102520314214"),
            (Kind::Phone, "0999-0000112", "0999-0000112"),
            (Kind::Account, "6222 0200 0000 0001", "6222 0200 0000 0001"),
            (Kind::Date, " ", ""),
        ] {
            assert_eq!(field(kind).value(typed, TODAY).as_deref(), Ok(kept), "{typed}");
        }
    }

    #[test]
    fn what_is_no_value_is_refused() {
        for (kind, typed) in [
            (Kind::Date, "2026-02-30"),
            (Kind::Date, "13月1日"),
            (Kind::Date, "2026-03-09起"),
            (Kind::Month, "2026-13"),
            (Kind::Month, "下个月"),
            (Kind::Money, "-1"),
            (Kind::Money, "很多"),
            (Kind::Whole, "三"),
            (Kind::Choice, "增"),
            (Kind::YesNo, "也许"),
            (Kind::IdNumber, "9901021952031421"),
            (Kind::IdNumber, "99010219520314214Y"),
            (Kind::Phone, "12"),
            (Kind::Account, "=cmd()"),
        ] {
            assert!(field(kind).value(typed, TODAY).is_err(), "{kind:?} {typed}");
        }
        assert_eq!(field(Kind::Text).value(&"长".repeat(201), TODAY), Err(Wrong::Long(200)));
    }

    proptest! {
        #[test]
        fn what_is_kept_is_kept_as_it_is(typed in "\\PC{0,24}") {
            for kind in [Kind::Date, Kind::Month, Kind::Money, Kind::Whole, Kind::IdNumber, Kind::Phone] {
                if let Ok(kept) = field(kind).value(&typed, TODAY) {
                    prop_assert_eq!(field(kind).value(&kept, TODAY), Ok(kept));
                }
            }
        }
    }
}
