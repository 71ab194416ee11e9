//! What a roster says of a household as a whole: how many live in it, what is known of it,
//! and which allowance it gets.

use crate::model::codes::{household, member};
use jiff::civil::Date;

use super::super::benefit::{Benefit, BenefitRule, Effect, Standing};
use super::super::field::{FieldKind, Of};
use super::super::living::Fact;
use super::super::money::Fen;
use super::super::month::Month;
use super::super::rules::Rules;
use super::super::text::squeeze;
use super::columns::{Use, called};
use super::line::Line;

/// What is stated of the household, and the field it becomes.
const FACTS: [(Use, &str); 5] = [
    (Use::Registered, household::REGISTERED_ADDRESS),
    (Use::Certificate, household::CERTIFICATE_NO),
    (Use::Phone, household::PHONE),
    (Use::Bank, household::BANK),
    (Use::Account, household::ACCOUNT),
];
/// Households that received the allowance before this year were no 低保 households.
const EARLIEST: i16 = 1993;

/// By what a household is judged.
pub(super) struct By<'a> {
    pub(super) rules: &'a Rules,
    pub(super) today: Date,
    /// Whether the file says which allowances there are.
    pub(super) decides: bool,
}

/// What the rows say of it: that of the head first, then the first that says something.
fn said(lines: &[Line], what: Use) -> Option<&str> {
    lines.iter().find_map(|line| line.whole.get(&what)).map(String::as_str)
}

/// What the rows say of it, all of them the same.
fn one(lines: &[Line], what: Use) -> Result<Option<&str>, String> {
    let mut all = lines.iter().filter_map(|line| line.whole.get(&what));
    let first = all.next();
    match first.is_some_and(|first| all.any(|other| squeeze(other) != squeeze(first))) {
        true => Err(format!("同一户的{}不一样", called(what))),
        false => Ok(first.map(String::as_str)),
    }
}

impl By<'_> {
    /// What is known of the household and its persons, who stand in order of their places.
    ///
    /// # Errors
    /// Why it cannot be, in Chinese.
    pub(super) fn facts(&self, lines: &[Line]) -> Result<Vec<Fact>, String> {
        let mut facts = Vec::new();
        for (what, code) in FACTS {
            let Some(typed) = said(lines, what) else { continue };
            // A bureau may know of no such field.
            let Ok(field) = self.rules.field(Of::Household, code) else { continue };
            let value = field.value(typed, self.today).map_err(|_| match field.kind {
                FieldKind::Phone | FieldKind::Account => {
                    format!("{}只写数字，5到30位", called(what))
                }
                _ => format!("{}太长", called(what)),
            })?;
            facts.push(Fact { member: None, field: code.to_owned(), value });
        }
        for (place, line) in (0_u32..).zip(lines) {
            for (code, value) in
                [(member::BIRTH, &line.person.birth), (member::SEX, &line.person.sex)]
            {
                let Ok(field) = self.rules.field(Of::Member, code) else { continue };
                let value = field.value(value, self.today);
                let value = value.map_err(|_| format!("{}不对", field.name))?;
                if !value.is_empty() {
                    facts.push(Fact { member: Some(place), field: code.to_owned(), value });
                }
            }
        }
        Ok(facts)
    }

    /// Which allowance the household gets; none where the file does not say so.
    ///
    /// # Errors
    /// Why it cannot be, in Chinese.
    pub(super) fn benefit(&self, lines: &[Line]) -> Result<Option<Benefit>, String> {
        let people = u32::try_from(lines.len()).unwrap_or(u32::MAX);
        if let Some(typed) = one(lines, Use::People)? {
            let told = counted(typed).ok_or_else(|| shown("家庭人口数看不懂：", typed))?;
            if told != people {
                return Err(format!("家庭人口数是{told}，名册上这一户有{people}人"));
            }
        }
        if !self.decides {
            return Ok(None);
        }
        let amount = one(lines, Use::Amount)?.ok_or("没有保障金额")?;
        let amount = yuan(amount).ok_or_else(|| shown("保障金额看不懂：", amount))?;
        let category = one(lines, Use::Category)?.ok_or("没有类别")?;
        let category = self.category(category).ok_or_else(|| shown("没有这个类别：", category))?;
        let from = one(lines, Use::From)?.ok_or("没有起始月")?;
        let from = month(from).ok_or_else(|| shown("起始月看不懂：", from))?;
        let persons = match one(lines, Use::Covered)? {
            None => people,
            Some(typed) => counted(typed).ok_or_else(|| shown("保障人数看不懂：", typed))?,
        };
        let effect = Effect::Grant;
        let benefit =
            Benefit { effect, category, persons, amount, from, until: None, departs: None };
        let standing =
            Standing { paid: Fen::new(0), people, phasing: None, longest: self.rules.phase_out };
        // What begins next month is decided by now; what begins later is no 存量.
        if from > Month::of(self.today).next() {
            return Err("起始月不能晚于下月".to_owned());
        }
        let this = Month::of(decided_on(from, self.today));
        benefit.check(standing, this).map_err(|rule| match rule {
            BenefitRule::Persons(people) => {
                format!("保障人数是{persons}，名册上这一户只有{people}人")
            }
            _ => "保障金额和保障人数要大于0".to_owned(),
        })?;
        Ok(Some(benefit))
    }

    /// The code of the category that is typed: `B`, `b类`, or what it is called.
    fn category(&self, typed: &str) -> Option<String> {
        let typed = squeeze(typed).to_ascii_uppercase();
        let found = self.rules.categories.iter().find(|one| {
            let (code, name) = (one.code.to_ascii_uppercase(), squeeze(&one.name));
            typed == code || typed == format!("{code}类") || typed == name.to_ascii_uppercase()
        });
        found.map(|one| one.code.clone())
    }
}

/// The day of a decision that holds from this month on: its first day, if that has come.
#[must_use]
pub fn decided_on(from: Month, today: Date) -> Date {
    from.first().min(today)
}

pub(super) fn shown(what: &str, typed: &str) -> String {
    let start: String = typed.chars().take(20).collect();
    format!("{what}「{start}」")
}

/// A number of persons: `3`, `3人`.
fn counted(typed: &str) -> Option<u32> {
    let typed = squeeze(typed);
    typed.trim_end_matches(['人', '口']).parse().ok().filter(|number| (1..=1000).contains(number))
}

/// An amount in yuan: `1,120.50`, `￥560元`.
fn yuan(typed: &str) -> Option<Fen> {
    let bare = squeeze(typed).replace([',', '￥', '¥', '元'], "");
    bare.parse().ok()
}

/// A month: `2024-05`, `2024年5月`, `2024.5`, `202405`, or a day of it.
fn month(typed: &str) -> Option<Month> {
    let text = squeeze(typed.split('T').next().unwrap_or(typed));
    let month = match super::super::field::day(&text) {
        Some(day) => Month::of(day),
        None => {
            let parts = text.trim_end_matches('月').split(['-', '.', '/', '年']);
            let parts: Vec<&str> = parts.collect();
            let (year, month) = match parts[..] {
                [both] if both.len() == 6 => (both.get(..4)?, both.get(4..)?),
                [year, month] if year.len() == 4 && (1..=2).contains(&month.len()) => (year, month),
                _ => return None,
            };
            format!("{year}-{month:0>2}").parse().ok()?
        }
    };
    (month.first().year() >= EARLIEST).then_some(month)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn months_and_amounts_are_read_as_offices_write_them() {
        for text in [
            "2024-05",
            "2024年5月",
            "2024年05月",
            "202405",
            "2024.5",
            "2024/05",
            "2024-05-01",
            "2024年5月1日",
            "２０２４０５",
            " 2024 年 5 月 ",
            "2024-5",
            "20240501",
        ] {
            assert_eq!(
                month(text).map(|one| one.to_string()).as_deref(),
                Some("2024-05"),
                "{text}"
            );
        }
        for text in ["", "5月", "2024", "2024-13", "202413", "1992-01", "2024-05-32", "24-05", "长"]
        {
            assert_eq!(month(text), None, "{text}");
        }
        for (text, fen) in [("560", 56_000), ("1,120.5", 112_050), ("￥860.05元", 86_005)] {
            assert_eq!(yuan(text), Some(Fen::new(fen)), "{text}");
        }
        for text in ["", "-1", "1.001", "五百", "1e3"] {
            assert_eq!(yuan(text), None, "{text}");
        }
        assert_eq!(
            (counted("3人"), counted(" 3 "), counted("0"), counted("三")),
            (Some(3), Some(3), None, None)
        );
    }

    proptest! {
        #[test]
        fn nothing_that_is_typed_makes_it_panic(text in "\\PC{0,12}") {
            let _ = (month(&text), yuan(&text), counted(&text));
        }

        #[test]
        fn every_month_is_read(year in 1993_i16..2100, at in 1_u32..13) {
            for text in [format!("{year}-{at:02}"), format!("{year}年{at}月"), format!("{year}{at:02}")] {
                prop_assert_eq!(month(&text).map(|one| one.to_string()), Some(format!("{year}-{at:02}")));
            }
        }
    }
}
