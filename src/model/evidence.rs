//! 核查结果: what other departments say of persons: the kinds of results there are,
//! which are data (`schemas/rules/evidence.toml`), which columns of a table are read,
//! and the acts.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::finding::FindingRule;
use super::id::{Digest, DocumentId, EntryNo, HouseholdNo, OrganisationCode};
use super::money::Fen;
use super::table::{Table, lost_digits};
use super::text::{is_id_number, squeeze};

/// The most rows of one act: longer tables are several.
pub const MOST_ROWS: usize = 1000;
/// The most characters of a value that is words.
const WORDS: usize = 100;

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = EvidenceUnit)]
pub enum Unit {
    /// Yuan with at most two decimals, kept in 分.
    Money,
    /// A whole number; 1 where none is given.
    Whole,
    /// A day.
    Date,
    /// Yes or no; 1 or 0.
    YesNo,
    /// Words.
    Text,
}

/// A kind of result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EvidenceKind)]
pub struct EvidenceKind {
    /// Such as `deposits`.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// The finding it leads to.
    pub finding: String,
    /// What its values are.
    pub unit: Unit,
    /// Of kinds that tell of the same money the largest counts.
    pub group: String,
    /// Whether a row without a value says nothing.
    #[serde(default)]
    pub needs_value: bool,
    /// How the column of its values is usually called.
    pub value: Vec<String>,
    /// Values that say that there is nothing.
    #[serde(default)]
    pub but: Vec<String>,
}

/// How columns are usually called that every kind has.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UsualColumns {
    /// 身份证号
    pub id_number: Vec<String>,
    /// 姓名
    pub name: Vec<String>,
    /// 日期
    pub date: Vec<String>,
}

/// 核查规则: the kinds and what they lead to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvidenceRules {
    /// What can be found.
    #[serde(rename = "finding")]
    pub findings: Vec<FindingRule>,
    /// What other departments hand over.
    #[serde(rename = "kind")]
    pub kinds: Vec<EvidenceKind>,
    /// How columns are usually called.
    pub columns: UsualColumns,
}

impl EvidenceRules {
    /// The kind of that code.
    #[must_use]
    pub fn kind(&self, code: &str) -> Option<&EvidenceKind> {
        self.kinds.iter().find(|one| one.code == code)
    }

    /// The finding of that code.
    #[must_use]
    pub fn finding(&self, code: &str) -> Option<&FindingRule> {
        self.findings.iter().find(|one| one.code == code)
    }
}

/// 列对应: which columns of a table are read, from 0.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EvidenceMapping)]
pub struct Mapping {
    /// 身份证号
    #[schema(maximum = 63)]
    pub id_number: u32,
    /// 姓名
    #[serde(default)]
    #[schema(maximum = 63)]
    pub name: Option<u32>,
    /// The day the row is of.
    #[serde(default)]
    #[schema(maximum = 63)]
    pub date: Option<u32>,
    /// The value.
    #[serde(default)]
    #[schema(maximum = 63)]
    pub value: Option<u32>,
}

impl Mapping {
    /// The mapping that the names of the columns suggest; none when no column is known
    /// to be that of identity numbers.
    #[must_use]
    pub fn usual(rules: &EvidenceRules, kind: &EvidenceKind, table: &Table) -> Option<Self> {
        let place = |names: &[String]| u32::try_from(table.place(names)?).ok();
        // In the order of the names: the first is the most telling.
        let value = kind.value.iter().find_map(|name| place(std::slice::from_ref(name)));
        Some(Self {
            id_number: place(&rules.columns.id_number)?,
            name: place(&rules.columns.name),
            date: place(&rules.columns.date).filter(|date| Some(*date) != value),
            value,
        })
    }

    /// Whether every column it names is one of the table's.
    #[must_use]
    pub fn fits(&self, table: &Table) -> bool {
        let there = |at: u32| (at as usize) < table.heads.len();
        there(self.id_number) && [self.name, self.date, self.value].into_iter().flatten().all(there)
    }
}

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
    /// Why it cannot be read, as a sentence in Chinese.
    pub fn told(&self, cells: &[String], mapping: Mapping) -> Result<Option<Told>, String> {
        let cell =
            |at: Option<u32>| at.and_then(|at| cells.get(at as usize)).map_or("", String::as_str);
        let id_number = person(cell(Some(mapping.id_number)))?;
        let typed = cell(mapping.value);
        if self.but.iter().any(|one| squeeze(typed) == *one) {
            return Ok(None);
        }
        let on = match cell(mapping.date) {
            "" => None,
            text => Some(day(text)?),
        };
        if typed.is_empty() && self.needs_value {
            return Err("没有数值".to_owned());
        }
        let (value, amount) = self.value_of(typed)?;
        Ok(Some(Told { id_number, name: cell(mapping.name).to_owned(), on, value, amount }))
    }

    fn value_of(&self, typed: &str) -> Result<(String, i64), String> {
        let bare: String = squeeze(typed).replace([',', '￥', '¥', '元'], "");
        if bare.is_empty() {
            return Ok((String::new(), 1));
        }
        match self.unit {
            Unit::Money => {
                let amount = Fen::of_fund(&bare).map_err(|_| shown("金额看不懂：", typed))?;
                Ok((amount.to_string(), i64::try_from(amount.get()).unwrap_or(i64::MAX)))
            }
            Unit::Whole => {
                let number = bare.trim_end_matches(".0").parse::<u32>().ok();
                let number = number.filter(|number| *number <= 10_000);
                let number = number.ok_or_else(|| shown("个数看不懂：", typed))?;
                Ok((number.to_string(), number.into()))
            }
            Unit::Date => Ok((day(typed)?.to_string(), 1)),
            Unit::YesNo => match bare.as_str() {
                "是" | "有" | "1" | "yes" => Ok(("yes".to_owned(), 1)),
                "否" | "无" | "0" | "no" => Ok(("no".to_owned(), 0)),
                _ => Err(shown("不是“是”或“否”：", typed)),
            },
            Unit::Text => {
                let words = super::text::plain(typed);
                match words.chars().count() <= WORDS {
                    true => Ok((words, 1)),
                    false => Err(format!("超过{WORDS}字")),
                }
            }
        }
    }
}

fn shown(what: &str, typed: &str) -> String {
    let start: String = typed.chars().take(20).collect();
    format!("{what}「{start}」")
}

fn day(typed: &str) -> Result<Date, String> {
    // A day that a system wrote has its time behind it.
    let day = typed.split([' ', 'T']).next().unwrap_or(typed);
    super::field::day(day).ok_or_else(|| shown("日期看不懂：", typed))
}

/// The identity number of 18 characters that stands in a cell; one of 15 as it became.
///
/// # Errors
/// Why it is none, as a sentence in Chinese that does not repeat it.
pub fn person(cell: &str) -> Result<String, String> {
    if lost_digits(cell) {
        return Err("身份证号存成了数字，末几位已经丢了：请把这一列改成文本再导出".to_owned());
    }
    let number = squeeze(cell).to_ascii_uppercase();
    match number.len() {
        0 => Err("没有身份证号".to_owned()),
        18 if is_id_number(&number) => Ok(number),
        18 => Err("身份证号的校验码或出生日期不对".to_owned()),
        15 => long(&number).ok_or_else(|| "15位身份证号看不懂".to_owned()),
        length => Err(format!("身份证号不是18位，是{length}位")),
    }
}

/// The 18 characters that a number of 15 digits became: the century of the year of
/// birth, and the check digit of GB 11643-1999.
#[must_use]
pub fn long(old: &str) -> Option<String> {
    if old.len() != 15 || !old.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let body = format!("{}19{}", old.get(..6)?, old.get(6..)?);
    let found = "0123456789X".chars().map(|check| format!("{body}{check}"));
    found.into_iter().find(|number| is_id_number(number))
}

/// A row that is about a person of the archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EvidenceRow {
    /// The household the person is of.
    pub household: HouseholdNo,
    /// The place of the person in it.
    pub member: u32,
    /// The line of the file.
    pub line: u64,
    /// The day it is of.
    #[schema(value_type = String)]
    pub on: Date,
    /// The value as it is kept: yuan, a number, a day, words; may be empty.
    pub value: String,
    /// The value as a number: 分, or how many.
    pub amount: i64,
}

/// 核查结果导入: what another department says of persons. The file, an electronic
/// voucher 电子凭证, is kept whole; of its rows those about persons of the archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// Of which organisation and those below it the persons are.
    pub organisation: OrganisationCode,
    /// The code of the kind.
    pub kind: String,
    /// What the kind is called, in Chinese.
    pub called: String,
    /// The day the results are of.
    #[schema(value_type = String)]
    pub as_of: Date,
    /// The file it was read from, already durable in the vault.
    pub file: Digest,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its media type.
    pub mime: String,
    /// Its name.
    pub name: String,
    /// Which columns were read.
    pub mapping: Mapping,
    /// Which part of the file it is, from 0.
    pub part: u32,
    /// How many rows of the file are about nobody of the archive; in its first part.
    pub unknown: u64,
    /// How many could not be read, and were left out; in its first part.
    pub bad: u64,
    /// The rows of this part.
    pub rows: Vec<EvidenceRow>,
}

/// 处理结果: what a finding came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = FindingOutcome)]
pub enum Outcome {
    /// 不成立: there is no ground for it.
    NoGround,
    /// 已说明: the household explained it.
    Explained,
    /// 已调整: the benefit was changed.
    Changed,
    /// 已停保: it was stopped.
    Stopped,
    /// 已追缴: what was paid too much is asked back.
    Recovered,
}

impl Outcome {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::NoGround, Self::Explained, Self::Changed, Self::Stopped, Self::Recovered];

    /// As it stands in acts and in SQL.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoGround => "no_ground",
            Self::Explained => "explained",
            Self::Changed => "changed",
            Self::Stopped => "stopped",
            Self::Recovered => "recovered",
        }
    }

    /// In Chinese and in English.
    #[must_use]
    pub const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::NoGround => ("不成立", "no ground"),
            Self::Explained => ("已说明", "explained"),
            Self::Changed => ("已调整", "benefit changed"),
            Self::Stopped => ("已停保", "benefit stopped"),
            Self::Recovered => ("已追缴", "asked back"),
        }
    }

    /// The outcome of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == name)
    }
}

impl std::str::FromStr for Outcome {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::named(text).ok_or_else(|| {
            let all = Self::ALL.map(Self::as_str).join(", ");
            format!("{text:?} is none of {all}")
        })
    }
}

/// 核查处理: a finding is closed, by a paper of the household's file that decides it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Closing {
    /// Of which household.
    pub household: HouseholdNo,
    /// The code of the finding.
    pub finding: String,
    /// What it is called, in Chinese.
    pub called: String,
    /// Of which person; none when it is of the household as a whole.
    #[serde(default)]
    pub member: Option<u32>,
    /// What it rests on, as the person saw it: what is found later is another finding.
    pub mark: String,
    /// What was declared, as it was shown.
    pub declared: String,
    /// What was found, as it was shown.
    pub found: String,
    /// What it came to.
    pub outcome: Outcome,
    /// The paper that decides it.
    pub document: DocumentId,
    /// Why.
    pub words: String,
}

/// A rule that an act about evidence breaks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EvidenceRule {
    /// The same file came before.
    #[error("this file was taken in as {0} already")]
    Taken(String),
    /// Somebody else closed it first.
    #[error("the finding was closed by {author} in entry {entry}")]
    Closed {
        /// Who.
        author: String,
        /// Where.
        entry: EntryNo,
    },
}

impl EvidenceRule {
    /// Its name for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Taken(_) => "evidence_taken",
            Self::Closed { .. } => "finding_closed",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words().0)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::model::rules::Rules;

    fn cells(row: &[&str]) -> Vec<String> {
        row.iter().map(|cell| (*cell).to_owned()).collect()
    }

    /// A number whose check digit is right.
    fn number(body: &str) -> String {
        let each = "0123456789X".chars().map(|check| format!("{body}{check}"));
        each.into_iter().find(|number| is_id_number(number)).unwrap()
    }

    #[test]
    fn columns_are_found_by_their_usual_names() {
        let rules = Rules::national().unwrap().evidence;
        let table = |heads: &[&str]| Table { heads: cells(heads), ..Table::default() };
        let kind = rules.kind("deposits").unwrap();
        let found =
            Mapping::usual(&rules, kind, &table(&["序号", "姓 名", "公民身份号码", "余额"]));
        let wanted = Mapping { id_number: 2, name: Some(1), date: None, value: Some(3) };
        assert_eq!(found, Some(wanted));
        assert_eq!(Mapping::usual(&rules, kind, &table(&["姓名", "余额"])), None);
        assert!(!wanted.fits(&table(&["一", "二"])));
        // The first name is the most telling, whatever comes first in the table.
        let wages = rules.kind("wages").unwrap();
        let found = Mapping::usual(&rules, wages, &table(&["金额", "身份证号", "月工资"])).unwrap();
        assert_eq!(found.value, Some(2));
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
            assert!(found.contains(why), "{kind} {row:?}: {found}");
            assert!(!found.contains(&id));
        }
    }

    #[test]
    fn a_number_of_15_digits_is_what_it_became() {
        let whole = number("99010219520314214");
        let old = format!("{}{}", &whole[..6], &whole[8..17]);
        assert_eq!((old.len(), long(&old)), (15, Some(whole.clone())));
        assert_eq!(person(&old), Ok(whole));
        for wrong in ["", "99010252031421X", "990102521314214", "１２３"] {
            assert_eq!(long(wrong), None, "{wrong}");
        }
    }
}
