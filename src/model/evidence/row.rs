//! What a row of a table tells of somebody.

use jiff::civil::Date;

use super::super::identity::{is_somebody, long};
use super::super::money::Fen;
use super::super::table::{Why, lost_digits};
use super::super::text::squeeze;
use super::{EvidenceKind, Mapping, Unit};

/// The most characters of a value that is words.
const WORDS: usize = 100;
/// The most of what is counted.
const MOST: u32 = 10_000;

/// A row of a table that is in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// 身份证号 of 18 characters.
    pub id_number: String,
    /// 姓名, or empty.
    pub name: String,
    /// The day it is of, where it says so.
    pub on: Option<Date>,
    /// The value as it is kept: yuan, a number, a day, words; may be empty.
    pub value: String,
    /// The value as a number: 分, or how many; 1 for what has none.
    pub amount: i64,
}

impl EvidenceKind {
    /// What a row says; none when it says that there is nothing.
    ///
    /// # Errors
    /// Why it cannot be read.
    pub fn told(&self, cells: &[String], mapping: Mapping) -> Result<Option<Told>, Why> {
        let cell =
            |at: Option<u32>| at.and_then(|at| cells.get(at as usize)).map_or("", String::as_str);
        let id_number = person(cell(Some(mapping.id_number)))?;
        let typed = cell(mapping.value);
        // It may stand in a column of its own, as 登记状态 does beside 企业名称; a mere 无 stands
        // in remarks too.
        let says = |cell: &str| self.but.iter().find(|one| squeeze(cell) == **one);
        let elsewhere = |cell: &String| says(cell).is_some_and(|one| one.chars().count() > 1);
        if says(typed).is_some() || cells.iter().any(elsewhere) {
            return Ok(None);
        }
        let on = match cell(mapping.date) {
            "" => None,
            text => Some(day(text)?),
        };
        if typed.is_empty() && self.needs_value {
            return Err(Why::new("没有数值", "no value"));
        }
        let (value, amount) = self.value_of(typed)?;
        Ok(Some(Told { id_number, name: cell(mapping.name).to_owned(), on, value, amount }))
    }

    fn value_of(&self, typed: &str) -> Result<(String, i64), Why> {
        let bare: String = squeeze(typed).replace([',', '￥', '¥', '元'], "");
        if bare.is_empty() {
            return Ok((String::new(), 1));
        }
        match self.unit {
            Unit::Money => {
                let amount = Fen::of_fund(&bare)
                    .map_err(|_| Why::shown("金额看不懂", "not an amount", typed))?;
                Ok((amount.to_string(), i64::try_from(amount.get()).unwrap_or(i64::MAX)))
            }
            Unit::Whole => {
                let number = bare.trim_end_matches(".0").parse::<u32>().ok();
                let number = number.filter(|number| *number <= MOST);
                let number = number.ok_or_else(|| {
                    let en = format!("not a whole number up to {MOST}");
                    Why::shown("个数看不懂", &en, typed)
                })?;
                Ok((number.to_string(), number.into()))
            }
            Unit::Date => Ok((day(typed)?.to_string(), 1)),
            Unit::YesNo => match bare.as_str() {
                "是" | "有" | "1" | "yes" => Ok(("yes".to_owned(), 1)),
                "否" | "无" | "0" | "no" => Ok(("no".to_owned(), 0)),
                _ => Err(Why::shown("不是“是”或“否”", "neither yes nor no", typed)),
            },
            Unit::Text => {
                let words = super::super::text::plain(typed);
                match words.chars().count() <= WORDS {
                    true => Ok((words, 1)),
                    false => {
                        let en = format!("more than {WORDS} characters");
                        Err(Why::new(format!("超过{WORDS}字"), en))
                    }
                }
            }
        }
    }
}

fn day(typed: &str) -> Result<Date, Why> {
    // A day that a system wrote has its time behind it.
    let day = typed.split([' ', 'T']).next().unwrap_or(typed);
    super::super::field::day(day).ok_or_else(|| Why::shown("日期看不懂", "not a day", typed))
}

/// The identity number of 18 characters that stands in a cell; one of 15 as it became.
///
/// # Errors
/// Why it is none, without repeating it.
pub fn person(cell: &str) -> Result<String, Why> {
    if lost_digits(cell) {
        return Err(Why::new(
            "身份证号存成了数字，末几位已经丢了：请把这一列改成文本再导出",
            "the identity number was kept as a number and has lost its last digits: \
             make the column text and export it again",
        ));
    }
    let number = squeeze(cell).to_ascii_uppercase();
    match number.len() {
        0 => Err(Why::new("没有身份证号", "no identity number")),
        18 if is_somebody(&number) => Ok(number),
        18 => Err(Why::new(
            "身份证号的校验码或出生日期不对",
            "the check digit or the day of birth in the identity number is wrong",
        )),
        15 => long(&number).ok_or_else(|| {
            Why::new("15位身份证号看不懂", "the identity number of 15 digits cannot be read")
        }),
        length => Err(Why::new(
            format!("身份证号不是18位，是{length}位"),
            format!("the identity number has a length of {length}, not 18"),
        )),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::model::rules::Rules;
    use crate::model::table::is_english;
    use crate::model::text::is_id_number;

    fn cells(row: &[&str]) -> Vec<String> {
        row.iter().map(|cell| (*cell).to_owned()).collect()
    }

    /// A number whose check digit is right.
    fn number(body: &str) -> String {
        let each = "0123456789X".chars().map(|check| format!("{body}{check}"));
        each.into_iter().find(|number| is_id_number(number)).unwrap()
    }

    #[test]
    fn a_row_says_who_and_how_much() {
        let rules = Rules::national().unwrap().evidence;
        let mapping = Mapping { id_number: 0, name: Some(1), date: Some(3), value: Some(2) };
        let id = number("99010219520314214");
        let told = |kind: &str, row: &[&str]| rules.kind(kind).unwrap().told(&cells(row), mapping);
        let one = told("deposits", &[&id, "周桂兰", "￥12,345.60元", "2026-03-09 10:00"]);
        let one = one.unwrap().unwrap();
        assert_eq!((one.id_number, one.amount), (id.clone(), 1_234_560));
        assert_eq!(
            (one.value.as_str(), one.on.unwrap().to_string()),
            ("12345.60", "2026-03-09".to_owned())
        );
        assert_eq!(told("vehicles", &[&id, "", "", ""]).unwrap().unwrap().amount, 1);
        assert_eq!(told("business", &[&id, "", "注销", ""]), Ok(None));
        assert_eq!(told("business", &[&id, "", "某某小吃店", "", "注销"]), Ok(None));
        for (kind, row, why) in [
            ("deposits", [id.as_str(), "", "", ""], "没有数值"),
            ("deposits", [&id, "", "-5", ""], "金额看不懂"),
            ("vehicles", [&id, "", "一辆", ""], "个数看不懂"),
            ("deaths", [&id, "", "2026-02-30", ""], "日期看不懂"),
            ("deposits", ["9.90102E+17", "", "5", ""], "存成了数字"),
            ("deposits", ["123", "", "5", ""], "是3位"),
            ("deposits", ["", "", "5", ""], "没有身份证号"),
        ] {
            let found = told(kind, &row).unwrap_err();
            assert!(found.zh.contains(why), "{kind} {row:?}: {found:?}");
            assert!(is_english(&found.en), "{kind} {row:?}: {found:?}");
            assert!(!found.zh.contains(&id) && !found.en.contains(&id));
        }
    }

    #[test]
    fn a_number_of_15_digits_is_what_it_became() {
        let whole = number("99010219520314214");
        let old = format!("{}{}", &whole[..6], &whole[8..17]);
        assert_eq!((old.len(), long(&old)), (15, Some(whole.clone())));
        assert_eq!(person(&old), Ok(whole));
        for wrong in ["", "99010252031421X", "990102521314214", "990102520230214", "１２３"] {
            assert_eq!(long(wrong), None, "{wrong}");
        }
        // The check digit is right, and nobody is born on that day.
        assert!(person(&number("99010219520230214")).unwrap_err().zh.contains("出生日期"));
    }
}
