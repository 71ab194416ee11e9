//! A field of a form: what can be typed, where it stands, what it says of whom.

use serde::{Deserialize, Serialize};

use super::Kind;

/// What else of a household a value is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactOf {
    /// Whose.
    pub whose: Whose,
    /// The code of the field of `fields.toml`.
    pub field: String,
}

/// Whose fact a value of a form is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// The household's.
    Household,
    /// The head's.
    Head,
    /// The person's who is named in the same row.
    Member,
}

/// What a step of a case gets from a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gives {
    /// The day it was taken.
    On,
    /// Who took it.
    People,
    /// Reason or opinion.
    Words,
    /// 类别
    Category,
    /// 保障人数
    Persons,
    /// 月保障金
    Amount,
    /// The first month.
    From,
    /// The last month of a phase-out.
    Until,
}

/// What the catalog says of the paper already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// 日期
    Date,
    /// 责任者
    Responsible,
    /// 文号
    DocumentNo,
}

/// A field of a form.
#[derive(Debug, Clone)]
pub struct FormField {
    /// Such as `per_head`.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// What can be typed.
    pub kind: Kind,
    /// The values of a choice.
    pub choices: Vec<String>,
    /// The same in English; none where they are not said.
    pub choices_en: Vec<String>,
    /// The most characters.
    pub longest: usize,
    /// Whether a form without it is not complete.
    pub required: bool,
    /// The words before it, as they are printed.
    pub labels: Vec<String>,
    /// The words behind it.
    pub before: Vec<String>,
    /// Which of several such labels, from 1.
    pub nth: Option<usize>,
    /// In which cell to the right, from 1.
    pub cell: usize,
    /// What the catalog says of it already.
    pub about: Option<About>,
    /// What else of the household it is.
    pub fact: Option<FactOf>,
    /// What a step gets from it.
    pub gives: Option<Gives>,
}
