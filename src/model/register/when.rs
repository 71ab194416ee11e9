//! The conditions of a register: when a stage is not passed over, when a column cannot be
//! left empty.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// When a stage is not passed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RegisterWhen)]
pub struct When {
    /// The column that is looked at.
    pub column: String,
    /// What it has to be.
    #[serde(default)]
    pub is: Option<String>,
    /// The column it has to differ from.
    #[serde(default)]
    pub differs: Option<String>,
    /// Another condition: either is enough.
    #[serde(default)]
    #[schema(no_recursion)]
    pub or: Option<Box<When>>,
}

impl When {
    /// Whether it holds for these values.
    #[must_use]
    pub fn holds(&self, values: &BTreeMap<String, String>) -> bool {
        let value = |column: &str| values.get(column).map_or("", String::as_str);
        let one = value(&self.column);
        let is = self.is.as_ref().is_none_or(|word| one == word);
        // What was never written differs from nothing.
        let differs = |other: &String| !one.is_empty() && one != value(other);
        let holds = is && self.differs.as_ref().is_none_or(differs);
        holds || self.or.as_ref().is_some_and(|or| or.holds(values))
    }

    /// It, and the other conditions of which one is enough.
    pub(super) fn all(&self) -> impl Iterator<Item = &Self> {
        std::iter::successors(Some(self), |one| one.or.as_deref())
    }
}
