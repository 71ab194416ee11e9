//! 动态: what changes in the life of a household, as acts have it. What the rules
//! said on the day (who is next, until when, which papers are owed) is written
//! down with the step, so that the catalog is made again without them.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::benefit::Benefit;
use super::evidence::EvidenceRule;
use super::fund::FundRule;
use super::id::{DocumentId, EntryNo, HouseholdNo};
use super::kinship::KinRule;
use super::month::Month;
use super::profile::Collector;

/// A value that holds from a day on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    /// Whose value: the place of a person in the household, 0 for the first head;
    /// none for the household as a whole.
    #[serde(default)]
    pub member: Option<u32>,
    /// The code of the field, such as `address`; with a number behind it, such as
    /// `near_relative.2`, of all after the first where there can be several.
    pub field: String,
    /// The value in the form of its kind; empty when none holds any more.
    pub value: String,
}

/// 记载: what is known of a household from a day on, and by which paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// Of which household.
    pub household: HouseholdNo,
    /// From which day on.
    #[schema(value_type = String)]
    pub from: Date,
    /// The paper that proves it, if there is one.
    #[serde(default)]
    pub proof: Option<DocumentId>,
    /// A remark, or empty.
    pub words: String,
    /// The values.
    pub facts: Vec<Fact>,
    /// 更正: the entry of a statement that was wrong and holds no more.
    #[serde(default)]
    pub instead_of: Option<EntryNo>,
    /// The entry of the last statement that the person saw; none before the first.
    #[serde(default)]
    pub seen: Option<EntryNo>,
}

/// 应有: a paper that a step leaves in the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Owed {
    /// 件种
    #[serde(rename = "type")]
    pub type_code: String,
    /// Who collects it.
    pub collector: Collector,
}

/// 待办: the step a case waits for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NextStep {
    /// Its code.
    pub step: String,
    /// Who takes it.
    pub level: Collector,
    /// The last day, where there is one.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub due: Option<Date>,
}

/// 办理: a step of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TakenStep)]
pub struct Step {
    /// Of which household.
    pub household: HouseholdNo,
    /// The number of the case in the household, from 1.
    pub case: u32,
    /// The code of its procedure.
    pub procedure: String,
    /// The code of the step.
    pub step: String,
    /// What both are called, in Chinese: `申请：受理`.
    pub called: String,
    /// The day it was taken.
    #[schema(value_type = String)]
    pub on: Date,
    /// Who took it, by name.
    pub people: Vec<String>,
    /// 联签单位: the department whose opinion it is, or empty.
    pub office: String,
    /// A reason or an opinion, or empty.
    pub words: String,
    /// The paper it stands on, if there is one.
    #[serde(default)]
    pub paper: Option<DocumentId>,
    /// The entry of the household's step before, which the person saw; none before
    /// the first.
    #[serde(default)]
    pub seen: Option<EntryNo>,
    /// The state of the household from then on; none when it stays.
    #[serde(default)]
    pub state: Option<String>,
    /// The papers it leaves.
    pub owed: Vec<Owed>,
    /// What the case waits for then; none when it is over.
    #[serde(default)]
    pub next: Option<NextStep>,
    /// The last day of the case as a whole, where there is one.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub case_due: Option<Date>,
    /// What it does to the allowance.
    #[serde(default)]
    pub benefit: Option<Benefit>,
    /// 下次核查: when the household is reviewed next; none when that stays.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub review: Option<Date>,
    /// 保管到: until when the file is kept at least, once the allowance has ended.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub kept_until: Option<Date>,
}

/// 退回补正: a paper in the file is not good enough, and is owed again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SendBack {
    /// In whose file.
    pub household: HouseholdNo,
    /// Which paper.
    pub document: DocumentId,
    /// Why, for whoever collects it.
    pub reason: String,
}

/// A rule that a statement, a step or a paper sent back breaks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LivingRule {
    /// Somebody else stated something of the household first.
    #[error("something was stated of household {0} meanwhile: look at it first")]
    StatedMeanwhile(HouseholdNo),
    /// Somebody else took a step first.
    #[error("a step of household {0} was taken meanwhile: look at it first")]
    SteppedMeanwhile(HouseholdNo),
    /// What is written down has happened.
    #[error("{0} has not come yet")]
    NotYet(Date),
    /// The paper is not one of the household's file.
    #[error("document {0} is not in the file of household {1}, or was sent back already")]
    NotInFile(DocumentId, HouseholdNo),
    /// The household has no such person.
    #[error("household {0} has no person at place {1} who lives in it")]
    NoPerson(HouseholdNo, i64),
    /// Somebody has to be the head.
    #[error(
        "the head of household {0} leaves: state first who is the head from now on; where nobody \
         else lives there, state a death as one, or stop its allowance"
    )]
    HeadLeaves(HouseholdNo),
    /// There is no such statement, or it holds no more.
    #[error("entry {0} is no statement that holds of household {1}")]
    NoStatement(EntryNo, HouseholdNo),
    /// No organisation has this code.
    #[error("no organisation {0} is known")]
    UnknownPlace(String),
    /// The household is on the roster of that month, or not known.
    #[error("household {0} is on the roster of {1} already, or not known")]
    Listed(HouseholdNo, Month),
    /// Another case runs.
    #[error("case {1} of household {0} has not ended")]
    OtherCase(HouseholdNo, i64),
    /// The fund.
    #[error(transparent)]
    Fund(#[from] FundRule),
    /// The case is not one that runs.
    #[error("case {1} of household {0} does not run")]
    CaseOver(HouseholdNo, i64),
    /// Somebody else keyed the paper first.
    #[error("the fields of document {0} were keyed meanwhile: look at them first")]
    KeyedMeanwhile(DocumentId),
    /// Evidence.
    #[error(transparent)]
    Evidence(#[from] EvidenceRule),
    /// Households that came from each other.
    #[error(transparent)]
    Kin(#[from] KinRule),
    /// What is stated as the place of the head is no number.
    #[error("{1:?} is no place of a person of household {0}")]
    NoPlace(HouseholdNo, String),
}

impl LivingRule {
    /// Its name for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::StatedMeanwhile(_) => "stated_meanwhile",
            Self::SteppedMeanwhile(_) => "stepped_meanwhile",
            Self::NotYet(_) => "not_yet",
            Self::NotInFile(..) => "not_in_file",
            Self::NoPerson(..) => "no_person",
            Self::HeadLeaves(_) => "head_leaves",
            Self::NoStatement(..) => "no_statement",
            Self::UnknownPlace(_) => "unknown_place",
            Self::Listed(..) => "listed_already",
            Self::OtherCase(..) => "other_case",
            Self::CaseOver(..) => "case_over",
            Self::KeyedMeanwhile(_) => "keyed_meanwhile",
            Self::Fund(rule) => rule.code(),
            Self::Evidence(rule) => rule.code(),
            Self::Kin(rule) => rule.code(),
            Self::NoPlace(..) => "no_place",
        }
    }

    /// Whether it is because of what somebody else did first.
    #[must_use]
    pub const fn is_conflict(&self) -> bool {
        if let Self::Kin(rule) = self {
            return rule.is_conflict();
        }
        matches!(
            self,
            Self::StatedMeanwhile(_)
                | Self::SteppedMeanwhile(_)
                | Self::Listed(..)
                | Self::OtherCase(..)
                | Self::CaseOver(..)
                | Self::KeyedMeanwhile(_)
                | Self::Evidence(_)
        )
    }
}
