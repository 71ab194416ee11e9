//! 分户、并户: some of a household become one of their own, or all of one go into another;
//! how households came from each other, and where somebody lived before. What splitting,
//! merging and taking back have in common.

mod merge;
mod shown;
mod split;
mod take_back;

use serde::Deserialize;
use utoipa::ToSchema;

pub use self::merge::{Merging, merge};
pub(super) use self::shown::counted_there;
pub use self::shown::{Kinship, Link, LivesOn, list, lived, of_household};
pub use self::split::{Split, Splitting, goes_along, split};
pub use self::take_back::take_back;
use super::{LivingError, NAME, refused, short};
use crate::db::DbError;
use crate::model::id::HouseholdNo;
use crate::model::kinship::KinRule;

pub use crate::catalog::kinship::Lived;

/// A person who goes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PersonWhoGoes)]
pub struct Going {
    /// The place in the household.
    #[schema(maximum = 10_000)]
    pub place: u32,
    /// 与户主关系 in the other household; empty for its head.
    #[serde(default)]
    #[schema(max_length = 40)]
    pub relation: String,
}

fn rule(rule: KinRule) -> LivingError {
    refused(rule.into())
}

fn told(zh: &'static str, en: &'static str) -> LivingError {
    LivingError::Told { zh, en }
}

fn relation(typed: &str) -> Result<String, LivingError> {
    let long = told("与户主关系最多40字。", "a relation has at most 40 characters");
    short(typed, NAME).ok_or(long)
}

fn number(text: &str) -> Result<HouseholdNo, LivingError> {
    text.parse().map_err(|_| DbError::Corrupt(text.to_owned()).into())
}
