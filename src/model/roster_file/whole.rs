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
use super::super::table::Why;
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
fn one(lines: &[Line], what: Use) -> Result<Option<&str>, Why> {
    let mut all = lines.iter().filter_map(|line| line.whole.get(&what));
    let first = all.next();
    match first.is_some_and(|first| all.any(|other| squeeze(other) != squeeze(first))) {
        true => {
            let (zh, en) = called(what);
            let en = format!("\"{en}\" is not the same in all rows of the household");
            Err(Why::new(format!("同一户的{zh}不一样"), en))
        }
        false => Ok(first.map(String::as_str)),
    }
}

/// What is said where nothing stands in a column that has to say something.
fn missing(zh: &str, what: Use) -> Why {
    Why::new(zh, format!("\"{}\" is missing", called(what).1))
}

/// What is said where something else stands in a column than is wanted.
fn is_no(zh: &str, what: Use, wanted: &str, typed: &str) -> Why {
    Why::shown(zh, &format!("\"{}\" is no {wanted}", called(what).1), typed)
}

impl By<'_> {
    /// What is known of the household and its persons, who stand in order of their places.
    ///
    /// # Errors
    /// Why it cannot be.
    pub(super) fn facts(&self, lines: &[Line]) -> Result<Vec<Fact>, Why> {
        let mut facts = Vec::new();
        for (what, code) in FACTS {
            let Some(typed) = said(lines, what) else { continue };
            // A bureau may know of no such field.
            let Ok(field) = self.rules.field(Of::Household, code) else { continue };
            let value = field.value(typed, self.today).map_err(|_| {
                let (zh, en) = called(what);
                match field.kind {
                    FieldKind::Phone | FieldKind::Account => Why::new(
                        format!("{zh}只写数字，5到30位"),
                        format!("\"{en}\" has only digits, 5 to 30 of them"),
                    ),
                    _ => Why::new(format!("{zh}太长"), format!("\"{en}\" is too long")),
                }
            })?;
            facts.push(Fact { member: None, field: code.to_owned(), value });
        }
        for (place, line) in (0_u32..).zip(lines) {
            for (code, value) in
                [(member::BIRTH, &line.person.birth), (member::SEX, &line.person.sex)]
            {
                let Ok(field) = self.rules.field(Of::Member, code) else { continue };
                let value = field.value(value, self.today);
                let value = value.map_err(|_| {
                    let en = format!("\"{}\" is not valid", field.name_en);
                    Why::new(format!("{}不对", field.name), en)
                })?;
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
    /// Why it cannot be.
    pub(super) fn benefit(&self, lines: &[Line]) -> Result<Option<Benefit>, Why> {
        let people = u32::try_from(lines.len()).unwrap_or(u32::MAX);
        if let Some(typed) = one(lines, Use::People)? {
            let told = counted(typed).ok_or_else(|| {
                is_no("家庭人口数看不懂", Use::People, "number of persons", typed)
            })?;
            if told != people {
                let en = called(Use::People).1;
                return Err(Why::new(
                    format!("家庭人口数是{told}，名册上这一户有{people}人"),
                    format!("\"{en}\" is {told}, but the roster lists {people} in the household"),
                ));
            }
        }
        if !self.decides {
            return Ok(None);
        }
        let said = |what, zh| one(lines, what)?.ok_or_else(|| missing(zh, what));
        let amount = said(Use::Amount, "没有保障金额")?;
        let amount =
            yuan(amount).ok_or_else(|| is_no("保障金额看不懂", Use::Amount, "amount", amount))?;
        let category = said(Use::Category, "没有类别")?;
        let category = self
            .category(category)
            .ok_or_else(|| Why::shown("没有这个类别", "there is no such category", category))?;
        let from = said(Use::From, "没有起始月")?;
        let from = month(from).ok_or_else(|| is_no("起始月看不懂", Use::From, "month", from))?;
        let persons = match one(lines, Use::Covered)? {
            None => people,
            Some(typed) => counted(typed)
                .ok_or_else(|| is_no("保障人数看不懂", Use::Covered, "number of persons", typed))?,
        };
        let effect = Effect::Grant;
        let benefit =
            Benefit { effect, category, persons, amount, from, until: None, departs: None };
        let standing =
            Standing { paid: Fen::new(0), people, phasing: None, longest: self.rules.phase_out };
        // What begins next month is decided by now; what begins later is no 存量.
        if from > Month::of(self.today).next() {
            let en = format!("\"{}\" cannot be later than next month", called(Use::From).1);
            return Err(Why::new("起始月不能晚于下月", en));
        }
        let this = Month::of(decided_on(from, self.today));
        benefit.check(standing, this).map_err(|rule| {
            let (amount, covered) = (called(Use::Amount).1, called(Use::Covered).1);
            match rule {
                BenefitRule::Persons(people) => Why::new(
                    format!("保障人数是{persons}，名册上这一户只有{people}人"),
                    format!(
                        "\"{covered}\" is {persons}, but the roster lists only {people} \
                         in the household"
                    ),
                ),
                _ => Why::new(
                    "保障金额和保障人数要大于0",
                    format!("\"{amount}\" and \"{covered}\" have to be above 0"),
                ),
            }
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
