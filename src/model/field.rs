//! 字段: what can be known of a household and of the persons in it, and what may be
//! typed. The fields are data (`schemas/rules/fields.toml`).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::id::OrganisationCode;
use super::money::Fen;
use super::text::is_id_number;

/// The most characters of a value.
const LONGEST: usize = 200;

/// Whose value it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Of {
    /// Of the household as a whole.
    Household,
    /// Of one of its persons.
    Member,
}

/// What can be typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// Any words.
    Text,
    /// A day of the calendar.
    Date,
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
    /// The code of an organisation.
    Place,
    /// The place of a person of the household, 0 for its first head.
    Member,
}

/// A field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = KnownField)]
pub struct Field {
    /// Such as `address`.
    pub code: String,
    /// Whose it is.
    pub of: Of,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// What can be typed.
    pub kind: FieldKind,
    /// The values of a choice.
    #[serde(default)]
    pub choices: Vec<String>,
    /// The same in English, one for each.
    #[serde(default)]
    pub choices_en: Vec<String>,
    /// What to type, in Chinese.
    #[serde(default)]
    pub hint: String,
    /// What it is a part of that a household can have several of, such as `near_relative`:
    /// the code of that field; empty where there is one alone.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub each: String,
}

/// The most of one thing that a household can have several of.
pub const MOST_EACH: u32 = 20;

/// The code of the field that a code with a number behind it is of: `near_relative` of
/// `near_relative.2`, and of itself.
#[must_use]
pub fn base(code: &str) -> &str {
    code.split_once('.').map_or(code, |(base, _)| base)
}

/// Which of several a code is of: 1 of `near_relative`, 2 of `near_relative.2`; none where it
/// is none that is given.
#[must_use]
pub fn nth(code: &str) -> Option<u32> {
    match code.split_once('.') {
        None => Some(1),
        Some((_, typed)) => {
            let nth: u32 = typed.parse().ok().filter(|nth| (2..=MOST_EACH).contains(nth))?;
            (typed == nth.to_string()).then_some(nth)
        }
    }
}

/// The code of the `nth` of several: the first has the code of the field.
#[must_use]
pub fn code_of(base: &str, nth: u32) -> String {
    if nth <= 1 { base.to_owned() } else { format!("{base}.{nth}") }
}

/// A value that does not fit its field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ValueError {
    /// There is no such field.
    #[error("there is no field {0:?}")]
    Unknown(String),
    /// It is too long.
    #[error("{0} has at most {LONGEST} characters")]
    Long(String),
    /// It is no day.
    #[error("{0} is a day like 2026-11-28, not before 1900 and not to come")]
    Date(String),
    /// It is no amount.
    #[error("{0} is yuan with at most two decimals")]
    Money(String),
    /// It is no number.
    #[error("{0} is a whole number up to a million")]
    Whole(String),
    /// It is none of the choices.
    #[error("{0} is one of {1}")]
    Choice(String, String),
    /// The check digit, the day of birth or the length is wrong.
    #[error("{0} is no identity number: 18 characters with a right check digit")]
    IdNumber(String),
    /// It is no telephone number or account.
    #[error("{0} has 5 to 30 digits")]
    Digits(String),
    /// It is no organisation.
    #[error("{0} is the code of 12 digits of an organisation")]
    Place(String),
}

/// A choice in English; none where it is no choice or has no English word.
#[must_use]
pub fn english<'a>(choices: &[String], choices_en: &'a [String], value: &str) -> Option<&'a str> {
    let place = choices.iter().position(|one| one == value)?;
    choices_en.get(place).map(String::as_str)
}

impl Field {
    /// A choice in English; none where the value is none of the choices.
    #[must_use]
    pub fn english(&self, value: &str) -> Option<&str> {
        english(&self.choices, &self.choices_en, value)
    }

    /// The value as it is kept: without blanks around, in the form of its kind;
    /// empty where nothing is known any more. `today` is the last day that a date
    /// can be.
    ///
    /// # Errors
    /// When it does not fit.
    pub fn value(&self, typed: &str, today: Date) -> Result<String, ValueError> {
        let name = || self.name.clone();
        let text = super::text::plain(typed);
        if text.is_empty() {
            return Ok(text);
        }
        if text.chars().count() > LONGEST {
            return Err(ValueError::Long(name()));
        }
        match self.kind {
            FieldKind::Text => Ok(text),
            FieldKind::Date => {
                let day = day(&text).filter(|day| day.year() >= 1900 && *day <= today);
                day.map(|day| day.to_string()).ok_or_else(|| ValueError::Date(name()))
            }
            FieldKind::Money => {
                let amount = text.replace(',', "").parse::<Fen>();
                amount.map(|fen| fen.to_string()).map_err(|_| ValueError::Money(name()))
            }
            FieldKind::Whole | FieldKind::Member => {
                let number = text.parse::<u32>().ok().filter(|number| *number <= 1_000_000);
                number.map(|number| number.to_string()).ok_or_else(|| ValueError::Whole(name()))
            }
            FieldKind::Choice if self.choices.contains(&text) => Ok(text),
            FieldKind::Choice => Err(ValueError::Choice(name(), self.choices.join("、"))),
            FieldKind::YesNo if matches!(text.as_str(), "yes" | "no") => Ok(text),
            FieldKind::YesNo => Err(ValueError::Choice(name(), "yes, no".to_owned())),
            FieldKind::IdNumber => {
                let number: String = text.split_whitespace().collect();
                let number = number.to_ascii_uppercase();
                if is_id_number(&number) { Ok(number) } else { Err(ValueError::IdNumber(name())) }
            }
            FieldKind::Phone | FieldKind::Account => {
                let digits = text.chars().filter(char::is_ascii_digit).count();
                let plain = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '-' | '+');
                if text.chars().all(plain) && (5..=30).contains(&digits) {
                    Ok(text)
                } else {
                    Err(ValueError::Digits(name()))
                }
            }
            FieldKind::Place => {
                let code = text.parse::<OrganisationCode>();
                code.map(|code| code.to_string()).map_err(|_| ValueError::Place(name()))
            }
        }
    }
}

/// The day that was typed: `2026-03-09`, `2026.3.9`, `20260309`, `2026年3月9日`.
#[must_use]
pub fn day(typed: &str) -> Option<Date> {
    let text = typed.trim();
    if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        let number = |range| text.get(range).and_then(|part: &str| part.parse::<i16>().ok());
        let (month, day) = (i8::try_from(number(4..6)?), i8::try_from(number(6..8)?));
        return Date::new(number(0..4)?, month.ok()?, day.ok()?).ok();
    }
    let (_, date) = super::text::dates(text).into_iter().next()?;
    // Nothing but the day.
    let marks = |c: char| c.is_ascii_digit() || matches!(c, '-' | '.' | '/' | '年' | '月' | '日');
    text.chars().all(marks).then_some(date)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    const TODAY: Date = date(2026, 11, 28);

    fn field(kind: FieldKind) -> Field {
        Field {
            code: "one".to_owned(),
            of: Of::Member,
            name: "一项".to_owned(),
            name_en: "One".to_owned(),
            kind,
            choices: vec!["健康".to_owned(), "重病".to_owned()],
            choices_en: vec!["Well".to_owned(), "Seriously ill".to_owned()],
            hint: String::new(),
            each: String::new(),
        }
    }

    #[test]
    fn what_fits_is_kept_in_one_form() {
        use FieldKind::{Account, Choice, Date, IdNumber, Money, Phone, Place, Text, Whole};
        for (kind, typed, kept) in [
            (Text, "  周桂兰 ", "周桂兰"),
            (Date, "2026年3月9日", "2026-03-09"),
            (Date, "20260309", "2026-03-09"),
            (Money, "1,995", "1995.00"),
            (Whole, "007", "7"),
            (Choice, "重病", "重病"),
            (IdNumber, "990102 19520314 2148", "990102195203142148"),
            (Phone, "138-1234-5678", "138-1234-5678"),
            (Account, "6222 0200 0000 0001", "6222 0200 0000 0001"),
            (Place, "990102003004", "990102003004"),
            (Date, "", ""),
        ] {
            let value = field(kind).value(typed, TODAY);
            if kind == IdNumber {
                // Only a number whose check digit is right.
                assert_eq!(value.is_ok(), is_id_number(kept), "{typed}");
            } else {
                assert_eq!(value.as_deref(), Ok(kept), "{typed}");
            }
        }
    }

    #[test]
    fn a_choice_has_an_english_word() {
        let health = field(FieldKind::Choice);
        assert_eq!(health.english("重病"), Some("Seriously ill"));
        assert_eq!(health.english("多病"), None);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        use FieldKind::{Account, Choice, Date, IdNumber, Money, Phone, Place, Text, Whole};
        for (kind, typed) in [
            (Date, "2026-02-30"),
            (Date, "2026-11-29"),
            (Date, "1899-12-31"),
            (Date, "大约2026-03-09"),
            (Money, "-1"),
            (Money, "1.001"),
            (Whole, "-1"),
            (Whole, "9999999"),
            (Choice, "健"),
            (IdNumber, "990102195203142140"),
            (IdNumber, "990102520314214"),
            (Phone, "12"),
            (Account, "=cmd()"),
            (Place, "9901"),
        ] {
            assert!(field(kind).value(typed, TODAY).is_err(), "{kind:?} {typed}");
        }
        assert!(field(Text).value(&"长".repeat(201), TODAY).is_err());
    }

    #[test]
    fn of_several_the_first_has_the_code_of_the_field() {
        for (code, of, which) in [
            ("near_relative", "near_relative", Some(1)),
            ("near_relative.2", "near_relative", Some(2)),
            ("near_relative.20", "near_relative", Some(20)),
            ("near_relative.21", "near_relative", None),
            ("near_relative.1", "near_relative", None),
            ("near_relative.02", "near_relative", None),
            ("near_relative.2.3", "near_relative", None),
            ("near_relative.", "near_relative", None),
        ] {
            assert_eq!((base(code), nth(code)), (of, which), "{code}");
            if let Some(which) = which {
                assert_eq!(code_of(of, which), code);
            }
        }
    }

    proptest! {
        #[test]
        fn nothing_that_is_typed_makes_it_panic(typed in "\\PC{0,30}") {
            use FieldKind::{Date, IdNumber, Money, Phone, Whole};
            for kind in [Date, Money, Whole, IdNumber, Phone] {
                if let Ok(kept) = field(kind).value(&typed, TODAY) {
                    // What is kept is kept as it is.
                    prop_assert_eq!(field(kind).value(&kept, TODAY), Ok(kept));
                }
            }
        }
    }
}
