//! Kinds of results, and which columns of a table are read.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::finding::FindingRule;
use super::super::table::Table;

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
    /// 件种 by which offices decide: one of them closes a finding.
    pub decided_by: Vec<String>,
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

    /// As it stands in SQL: the four columns, such as `2,1,,3`.
    #[must_use]
    pub fn to_text(self) -> String {
        let column = |at: Option<u32>| at.map_or_else(String::new, |at| at.to_string());
        let all = [Some(self.id_number), self.name, self.date, self.value].map(column);
        all.join(",")
    }

    /// The mapping that stands in SQL so; none where it is none.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        let mut columns = text.split(',').map(|part| part.parse::<u32>().ok());
        let id_number = columns.next()??;
        let mut column = || columns.next().flatten();
        Some(Self { id_number, name: column(), date: column(), value: column() })
    }

    /// Whether every column it names is one of the table's.
    #[must_use]
    pub fn fits(&self, table: &Table) -> bool {
        let there = |at: u32| (at as usize) < table.heads.len();
        there(self.id_number) && [self.name, self.date, self.value].into_iter().flatten().all(there)
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
        assert_eq!(wanted.to_text(), "2,1,,3");
        assert_eq!(Mapping::from_text("2,1,,3"), Some(wanted));
        assert_eq!(Mapping::from_text(""), None);
        // The first name is the most telling, whatever comes first in the table.
        let wages = rules.kind("wages").unwrap();
        let found = Mapping::usual(&rules, wages, &table(&["金额", "身份证号", "月工资"])).unwrap();
        assert_eq!(found.value, Some(2));
    }
}
