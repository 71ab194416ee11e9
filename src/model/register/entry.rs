//! 登记: a stage of a row of a register, as acts have it. What the rules said on the
//! day (its number, who is next, until when) is written down with it.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::RowNumber;
use crate::model::field::ValueError;
use crate::model::id::{Digest, DocumentId, EntryNo, HouseholdNo, OrganisationCode};
use crate::model::living::NextStep;

/// A value in a column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RegisterCell)]
pub struct Cell {
    /// The code of the column.
    pub column: String,
    /// The value in the form of its kind.
    pub value: String,
}

/// What is kept apart from a row: who reported something. It stands in the object
/// store alone, and the act has its digest, which a salt keeps from being guessed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RegisterSealed)]
pub struct Sealed {
    /// Where it stands: a [`SealedCells`], already durable in the vault.
    pub sha256: Digest,
    /// Its size in bytes.
    pub bytes: u64,
}

/// The values that are kept apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealedCells {
    /// The version of this format.
    pub v: u8,
    /// 32 random bytes in hexadecimal.
    pub salt: String,
    /// The values, by column.
    pub values: BTreeMap<String, String>,
}

/// 登记: a stage of a row is entered, or 更正: one that was wrong is struck and
/// entered again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RegisterEntered)]
pub struct Entered {
    /// The code of the register.
    pub register: String,
    /// The code of the stage.
    pub stage: String,
    /// What both are called, in Chinese: `群众举报登记册：核查`.
    pub called: String,
    /// Whose register it is.
    pub organisation: OrganisationCode,
    /// The number of the row in it.
    #[schema(value_type = String)]
    pub number: RowNumber,
    /// The day it happened.
    #[schema(value_type = String)]
    pub on: Date,
    /// The other side of a row that goes between two.
    #[serde(default)]
    pub other: Option<OrganisationCode>,
    /// The household it is about.
    #[serde(default)]
    pub household: Option<HouseholdNo>,
    /// Whether it is told in the history of that household.
    pub in_file: bool,
    /// The values.
    pub values: Vec<Cell>,
    /// What is kept apart.
    #[serde(default)]
    pub sealed: Option<Sealed>,
    /// The scan of the paper it stands on.
    #[serde(default)]
    pub paper: Option<DocumentId>,
    /// The stage the row waits for then; none when it is done.
    #[serde(default)]
    pub next: Option<NextStep>,
    /// 更正: the entry of this stage that was wrong, and is struck.
    #[serde(default)]
    pub instead_of: Option<EntryNo>,
    /// The entry of the row that the person saw last; none for a new row.
    #[serde(default)]
    pub seen: Option<EntryNo>,
}

/// A rule that what is entered breaks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RowRule {
    /// A value does not fit its column.
    #[error(transparent)]
    Value(ValueError),
    /// A column is left empty.
    #[error("{0} has to be filled in")]
    Missing(String),
    /// A text is too long.
    #[error("{0} has at most 1000 characters")]
    Long(String),
    /// A number is greater than one of an earlier stage.
    #[error("{0} is not more than {1}, which is {2}")]
    More(String, String, u64),
    /// People are missing.
    #[error("{0} names at least {1} people, each with at most 40 characters")]
    People(String, u8),
    /// What is written down has happened.
    #[error("{0} has not come yet")]
    NotYet(Date),
    /// A stage is of a day before the stage it follows, or after one that follows it.
    #[error("{0} cannot be on {1}: {2} was on {3}")]
    Order(String, Date, String, Date),
    /// Another row has this number.
    #[error("row {0} was begun meanwhile")]
    NumberTaken(RowNumber),
    /// There is no such row.
    #[error("there is no row {0} in this register of this organisation")]
    NoRow(RowNumber),
    /// Somebody else entered something first.
    #[error("something was entered in row {0} meanwhile: look at it first")]
    Meanwhile(RowNumber),
    /// The row waits for another stage, or is done.
    #[error("row {0} does not wait for this stage")]
    NotItsTurn(RowNumber),
    /// There is nothing to correct.
    #[error("entry {0} is no line that holds of this row and stage")]
    NoLine(EntryNo),
    /// The paper is not one of the organisation or household.
    #[error("document {0} is not one of this household or organisation")]
    NoPaper(DocumentId),
    /// No organisation has this code.
    #[error("no organisation {0} is known")]
    NoOrganisation(OrganisationCode),
    /// There is no such order of a draw.
    #[error("entry {0} orders no draw")]
    NoOrder(EntryNo),
    /// It was drawn already.
    #[error("the draw that entry {0} orders was made already")]
    DrawnAlready(EntryNo),
    /// Nobody, or too many, would be drawn.
    #[error("a sample has 1 to 1000 households, and this order gives {0}")]
    Sample(usize),
    /// The sample is not what the formula gives.
    #[error("this is not the sample that the order and the log give")]
    OtherSample,
}

impl RowRule {
    /// Its name for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Value(_)
            | Self::Missing(_)
            | Self::Long(_)
            | Self::More(..)
            | Self::People(..) => "value",
            Self::NotYet(_) => "not_yet",
            Self::Order(..) => "order",
            Self::NumberTaken(_) => "number_taken",
            Self::NoRow(_) => "unknown_row",
            Self::Meanwhile(_) => "entered_meanwhile",
            Self::NotItsTurn(_) => "not_its_turn",
            Self::NoLine(_) => "unknown_line",
            Self::NoPaper(_) => "unknown_paper",
            Self::NoOrganisation(_) => "unknown_organisation",
            Self::NoOrder(_) => "unknown_order",
            Self::DrawnAlready(_) => "drawn_already",
            Self::Sample(_) => "sample_size",
            Self::OtherSample => "other_sample",
        }
    }

    /// Whether it is because of what somebody else did first.
    #[must_use]
    pub const fn is_conflict(&self) -> bool {
        matches!(
            self,
            Self::NumberTaken(_) | Self::Meanwhile(_) | Self::NotItsTurn(_) | Self::DrawnAlready(_)
        )
    }
}
