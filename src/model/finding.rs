//! 核查发现: what other departments say of a household, set against what it declared.
//! A finding is computed, never kept, and decides nothing: it is closed by a person.

mod computed;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use self::computed::findings;
use super::evidence::Unit;
use super::money::{Fen, signed};

/// How what was found is compared with what was declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = FindingComparison)]
pub enum How {
    /// More was found than was declared, by more than the threshold.
    More,
    /// Something was found of a person who lives in the household.
    There,
    /// As [`How::There`], and the field of the household is empty.
    Undeclared,
    /// Somebody is named who does not live in the household.
    Partner,
    /// The number is not how many live in the household.
    Count,
    /// A person lives in two households.
    Twice,
}

/// What can be found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = FindingRule)]
pub struct FindingRule {
    /// Such as `deposits`.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// How both are compared.
    pub how: How,
    /// The field of the household that declares it; empty for none.
    #[serde(default)]
    pub field: String,
    /// What the values are.
    pub unit: Unit,
    /// 阈值: how much more may be found, in yuan or as a number.
    #[serde(default)]
    pub threshold: String,
}

impl FindingRule {
    /// A value as a number: 分, or how many; 0 for none.
    fn number(&self, text: &str) -> i64 {
        match self.unit {
            Unit::Money => {
                text.parse::<Fen>().map_or(0, |fen| i64::try_from(fen.get()).unwrap_or(i64::MAX))
            }
            _ => text.parse().unwrap_or(0),
        }
    }

    /// Whether so much is more than was declared, by more than the threshold.
    #[must_use]
    pub fn exceeds(&self, declared: &str, found: i64) -> bool {
        found.saturating_sub(self.number(declared)) > self.number(&self.threshold)
    }

    /// A number as it is shown.
    fn text(&self, number: i64) -> String {
        if self.unit == Unit::Money { signed(number) } else { number.to_string() }
    }
}

/// A value that was stated of a household.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stated {
    /// The entry that stated it, and its place there.
    pub entry: (i64, i64),
    /// The place of the person; -1 for the household.
    pub member: i64,
    /// The code of the field.
    pub field: String,
    /// The value; empty when none holds.
    pub value: String,
    /// From which day on.
    pub from: String,
    /// The entry that took it back.
    pub voided: Option<i64>,
    /// Whether a paper proves it.
    pub proven: bool,
}

/// A row of a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResultRow {
    /// The entry that took it in.
    pub entry: i64,
    /// The place of the person.
    pub member: i64,
    /// The code of its kind.
    pub kind: String,
    /// The day all results of the file are of.
    pub as_of: String,
    /// The day this one is of.
    pub on: String,
    /// The value as it is kept.
    pub value: String,
    /// The value as a number.
    pub amount: i64,
    /// The SHA-256 of the file, and the line.
    pub line: (String, i64),
}

/// Somebody of the household who lives in another one too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Twin {
    /// The place of the person.
    pub member: i64,
    /// The random name of the other file, which tells nobody whose it is.
    pub other: String,
    /// What of the other one may be told.
    pub told: String,
}

/// What is known of a household.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Household {
    /// Everything that was ever stated of it.
    pub stated: Vec<Stated>,
    /// What was found of its persons.
    pub results: Vec<ResultRow>,
    /// Those of its persons who live in another one too.
    pub twins: Vec<Twin>,
}

/// 核查发现
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ComputedFinding)]
pub struct Finding {
    /// The code of its rule.
    pub code: String,
    /// Of which person, by place; none when it is of the household as a whole.
    pub member: Option<i64>,
    /// The name of that person, or empty.
    pub name: String,
    /// What it rests on: what is found later is another finding.
    pub mark: String,
    /// What was declared; empty for nothing.
    pub declared: String,
    /// What was found.
    pub found: String,
    /// How much more was found than declared, in 分 or as a number; 0 where it is none.
    pub difference: i64,
    /// Since when; empty where no day is known.
    pub since: String,
    /// The entries that took in what it rests on.
    pub entries: Vec<i64>,
    /// 已更正: that what is declared now agrees, and a paper proves it; it held when the
    /// results came.
    pub settled: bool,
    /// That later results say otherwise. It stands all the same until somebody decides.
    pub outdated: bool,
}
