//! 办理程序: which steps a case has, which can be taken now, and by when. The steps
//! are data (`schemas/rules/procedures.toml`); here is what they mean.

mod order;
mod refusal;

use serde::{Deserialize, Serialize};

pub use self::order::{Taken, Waiting};
pub use self::refusal::{Behind, MoveError};
use super::benefit::Effect;
use super::notice::NoticeKind;
use super::profile::Collector;
use super::workdays::Limit;

/// The most characters of the name of a department.
pub const OFFICE: usize = 40;

/// 状态 of a household.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HouseholdState {
    /// Such as `receiving`.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
}

/// 类别 of households that receive the allowance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Category {
    /// Such as `B`.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// How many months after a review the next one is due.
    pub months: u16,
}

/// How long after another step one is taken at the earliest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wait {
    /// Days of the calendar.
    pub days: u16,
    /// After which step.
    pub since: String,
}

/// 环节: a step of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepRule {
    /// Such as `visit`.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// Who takes it.
    pub level: Collector,
    /// The steps that come before it, all of them.
    #[serde(default)]
    pub after: Vec<String>,
    /// The steps after which it is too late.
    #[serde(default)]
    pub before: Vec<String>,
    /// Whether the usual way goes past it.
    #[serde(default)]
    pub aside: bool,
    /// Whether it can be taken several times.
    #[serde(default)]
    pub again: bool,
    /// Whether the case ends with it.
    #[serde(default)]
    pub ends: bool,
    /// By when.
    #[serde(default)]
    pub limit: Option<Limit>,
    /// Not before.
    #[serde(default)]
    pub wait: Option<Wait>,
    /// Whether it is taken only once the phase-out is over.
    #[serde(default)]
    pub expired: bool,
    /// How many people have to be named who did it.
    #[serde(default)]
    pub people: u8,
    /// Whether the department has to be named that gives its opinion.
    #[serde(default)]
    pub office: bool,
    /// 联签单位: the departments that all sign before it counts as taken, each by itself;
    /// none where whoever is named signs.
    #[serde(default)]
    pub offices: Vec<String>,
    /// Whether it needs words: a reason, an opinion.
    #[serde(default)]
    pub words: bool,
    /// Whether the paper has to be named that it stands on.
    #[serde(default)]
    pub paper: bool,
    /// 公示: the notice that is up on its day, unless a paper is named that shows it.
    #[serde(default)]
    pub notice: Option<NoticeKind>,
    /// What it does to the allowance.
    #[serde(default)]
    pub benefit: Option<Effect>,
    /// The state of the household from then on.
    #[serde(default)]
    pub state: Option<String>,
    /// 件种 that it leaves in the file.
    #[serde(default)]
    pub papers: Vec<String>,
    /// Where it is written.
    pub rule: String,
}

/// 程序: what is done in a case of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Procedure {
    /// Such as `application`.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// In which states of a household it can begin.
    pub begins: Vec<String>,
    /// By when it ends.
    #[serde(default)]
    pub limit: Option<Limit>,
    /// Whether it is the review that the calendar asks for.
    #[serde(default)]
    pub review: bool,
    /// Its steps, in the usual order.
    #[serde(rename = "step")]
    pub steps: Vec<StepRule>,
}

/// What a step is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Called {
    /// Its code.
    pub code: String,
    /// Chinese name.
    pub zh: String,
    /// English name.
    pub en: String,
}

/// Its code, for programs and logs.
impl std::fmt::Display for Called {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.code)
    }
}

impl StepRule {
    /// What it is called.
    #[must_use]
    pub fn called(&self) -> Called {
        Called { code: self.code.clone(), zh: self.name.clone(), en: self.name_en.clone() }
    }
}
