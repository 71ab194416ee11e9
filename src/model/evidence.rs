//! 核查结果: what other departments say of persons: the kinds of results there are,
//! which are data (`schemas/rules/evidence.toml`), and the acts.

mod kind;
mod row;

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use self::kind::{EvidenceKind, EvidenceRules, Mapping, Unit, UsualColumns};
pub use self::row::{Told, person};
use super::id::{Digest, DocumentId, EntryNo, HouseholdNo, OrganisationCode};

/// The most rows of one act: longer tables are several.
pub const MOST_ROWS: usize = 1000;

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
    /// The digest of the names of its columns, by which the next file with the same ones is
    /// read the same way; none in acts of before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heads: Option<Digest>,
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
