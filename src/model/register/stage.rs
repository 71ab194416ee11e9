//! 环节: a stage of a row: who enters it, by when, and what is written then.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Column, When};
use crate::model::profile::Collector;
use crate::model::workdays::Holidays;

/// Which side of a row that goes between two organisations enters a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BySide {
    /// The one that began it.
    Own,
    /// The one it goes to.
    Other,
}

/// 时限: within how many days after the stage before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RegisterTerm)]
pub struct Term {
    /// How many.
    pub days: u16,
    /// Whether only days that are worked count.
    #[serde(default)]
    pub working: bool,
}

/// 环节: a stage of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RegisterStage)]
pub struct Stage {
    /// Such as `checked`.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// What the day it is entered of is called, where that is a column of its own.
    #[serde(default)]
    pub day: Option<String>,
    /// The same in English.
    #[serde(default)]
    pub day_en: Option<String>,
    /// Who enters it, at least.
    pub level: Collector,
    /// Which side enters it; either, where it says nothing.
    #[serde(default)]
    pub by: Option<BySide>,
    /// By when, counted from the stage before.
    #[serde(default)]
    pub limit: Option<Term>,
    /// When it is not passed over; always, where it says nothing.
    #[serde(default)]
    pub when: Option<When>,
    /// Whether the scan of a paper has to be named.
    #[serde(default)]
    pub paper: bool,
    /// What is written then.
    #[serde(default, rename = "column")]
    pub columns: Vec<Column>,
}

impl Stage {
    /// The last day of this stage, when the one before it was entered on `from`.
    #[must_use]
    pub fn due(&self, from: Date, holidays: &Holidays) -> Option<Date> {
        self.limit.map(|limit| holidays.end(from, limit.days, limit.working))
    }
}
