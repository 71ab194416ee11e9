//! 台账: the registers that are entered by hand: which rows they have, through
//! which stages a row goes, what is written in each. The registers are data
//! (`schemas/rules/registers.toml`); here is what they mean.

mod column;
mod entry;
mod number;
mod stage;
mod when;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use self::column::Column;
pub use self::entry::{Cell, Entered, RowRule, Sealed, SealedCells};
pub use self::number::{NoNumber, RowNumber};
pub use self::stage::{BySide, Stage, Term};
pub use self::when::When;
use super::rules::RulesError;

/// Whether a row is about a household.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AboutHousehold {
    /// It is.
    Must,
    /// It may be.
    May,
    /// It is not.
    None,
}

/// 台账: a register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RegisterRules)]
pub struct Register {
    /// Such as `tips`.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// Whether a row is about a household.
    pub household: AboutHousehold,
    /// Whether the street and the community of the household are columns of their own.
    #[serde(default)]
    pub places: bool,
    /// Whether a row is told in the history of its household.
    #[serde(default = "yes")]
    pub in_file: bool,
    /// Whether a row goes from one organisation to another.
    #[serde(default)]
    pub between: bool,
    /// Whether rows are begun by draws alone.
    #[serde(default)]
    pub drawn: bool,
    /// Whether a row is begun by printing its sheet.
    #[serde(default)]
    pub printed: bool,
    /// Its stages, in order.
    #[serde(rename = "stage")]
    pub stages: Vec<Stage>,
}

const fn yes() -> bool {
    true
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    register: Vec<Register>,
}

/// The registers of a table in TOML.
///
/// # Errors
/// When it cannot be read, or names what is not there.
pub fn parse(source: &str) -> Result<Vec<Register>, RulesError> {
    let Table { register } = toml::from_str(source)?;
    let mut seen = BTreeSet::new();
    for one in &register {
        if !seen.insert(one.code.clone()) {
            return Err(RulesError::Twice(format!("register {}", one.code)));
        }
        one.check()?;
    }
    Ok(register)
}

impl Register {
    /// The stage of that code.
    #[must_use]
    pub fn stage(&self, code: &str) -> Option<&Stage> {
        self.stages.iter().find(|one| one.code == code)
    }

    /// Its columns, of all stages in order.
    pub fn columns(&self) -> impl Iterator<Item = &Column> {
        self.stages.iter().flat_map(|stage| &stage.columns)
    }

    /// The stage that a row waits for after stage `after`, with these values; none
    /// when it is done.
    #[must_use]
    pub fn next(&self, after: &str, values: &BTreeMap<String, String>) -> Option<&Stage> {
        let mut begun = self.stages.iter().skip_while(|one| one.code != after).skip(1);
        begun.find(|stage| stage.when.as_ref().is_none_or(|when| when.holds(values)))
    }

    /// What two columns that should agree say of a row, where they do not: such as how many
    /// papers were sent, and how many came.
    #[must_use]
    pub fn unlike(&self, values: &BTreeMap<String, String>) -> Vec<(&Column, &Column)> {
        let named = |code: &str| self.columns().find(|one| one.code == code);
        let value = |column: &Column| values.get(&column.code).filter(|value| !value.is_empty());
        let pair = |when: &When| Some((named(when.differs.as_deref()?)?, named(&when.column)?));
        let whens = self.stages.iter().filter_map(|one| one.when.as_ref()).flat_map(When::all);
        let differ = |(one, other): &(&Column, &Column)| {
            value(one).is_some() && value(other).is_some() && value(one) != value(other)
        };
        whens.filter_map(pair).filter(differ).collect()
    }

    /// The same as it is told, in Chinese and in English: `发出份数3，收到份数2`, or of how many
    /// it is fewer, `2户没有签字`.
    #[must_use]
    pub fn differences(&self, values: &BTreeMap<String, String>) -> Vec<(String, String)> {
        let value = |column: &Column| values.get(&column.code).map_or("", String::as_str);
        let number = |column: &Column| value(column).parse::<u64>().ok();
        let told = |(one, other): (&Column, &Column)| {
            if let (Some(zh), Some(all), Some(some)) = (&other.fewer, number(one), number(other))
                && some < all
            {
                let en = other.fewer_en.as_ref().unwrap_or(zh);
                return (format!("{}{zh}", all - some), format!("{} {en}", all - some));
            }
            let (this, that) = (value(one), value(other));
            (
                format!("{}{this}，{}{that}", one.name, other.name),
                format!("{} {this}, {} {that}", one.name_en, other.name_en),
            )
        };
        self.unlike(values).into_iter().map(told).collect()
    }

    fn check(&self) -> Result<(), RulesError> {
        let mut seen = BTreeSet::new();
        let names = self.stages.iter().map(|one| format!("stage {}", one.code));
        let columns = self.columns().map(|one| format!("column {}", one.code));
        for name in names.chain(columns) {
            if !seen.insert(name.clone()) {
                return Err(RulesError::Twice(format!("{name} of {}", self.code)));
            }
        }
        let unknown =
            |what: &str| RulesError::Unknown { place: self.code.clone(), what: what.to_owned() };
        if self.stages.is_empty() {
            return Err(unknown("a first stage"));
        }
        let named = |one: &Column| one.choices_en.len() == one.choices.len();
        if let Some(column) = self.columns().find(|one| !named(one)) {
            return Err(unknown(&format!("choices_en of {}", column.code)));
        }
        let bounds = self.columns().filter_map(|one| one.at_most.as_ref());
        for bound in bounds {
            if !self.columns().any(|one| one.code == *bound) {
                return Err(unknown(bound));
            }
        }
        let of_columns = self.columns().filter_map(|one| one.required_when.as_ref());
        for when in self.stages.iter().filter_map(|one| one.when.as_ref()).chain(of_columns) {
            for column in when.all().flat_map(|one| [Some(&one.column), one.differs.as_ref()]) {
                let Some(column) = column else { continue };
                if !self.columns().any(|one| one.code == *column) {
                    return Err(unknown(column));
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
