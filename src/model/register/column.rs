//! 栏: a column of a register, and the values that fit it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{RowRule, When};
use crate::model::field::{self, Field, FieldKind, Of};
use crate::model::profile::Collector;
use crate::model::text;

/// The most characters of a text in a register.
const LONGEST: usize = 1000;
/// The most people that are named in a column.
const MOST_PEOPLE: usize = 10;

/// 栏: a column of a register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RegisterColumn)]
pub struct Column {
    /// Such as `findings`.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// What can be typed.
    pub kind: FieldKind,
    /// The values of a choice.
    #[serde(default)]
    pub choices: Vec<String>,
    /// The same in English, one for each.
    #[serde(default)]
    pub choices_en: Vec<String>,
    /// Whether it cannot be left empty.
    #[serde(default)]
    pub required: bool,
    /// When it cannot be left empty, where it can otherwise.
    #[serde(default)]
    pub required_when: Option<When>,
    /// The number of an earlier stage that this one is not greater than.
    #[serde(default)]
    pub at_most: Option<String>,
    /// What those are of whom it is fewer than another number that it should agree with, behind
    /// how many they are: `户没有签字`.
    #[serde(default)]
    pub fewer: Option<String>,
    /// The same in English.
    #[serde(default)]
    pub fewer_en: Option<String>,
    /// How many names it has at least; 0 where it is not of people.
    #[serde(default)]
    pub people: u8,
    /// From which level on it is seen; by all where there is none.
    #[serde(default)]
    pub seen_by: Option<Collector>,
}

impl Column {
    /// A choice in English; none where the value is none of the choices.
    #[must_use]
    pub fn english(&self, value: &str) -> Option<&str> {
        field::english(&self.choices, &self.choices_en, value)
    }

    /// The value as it is kept, in the form of its kind; empty where nothing was
    /// typed. `today` is the last day that a date can be.
    ///
    /// # Errors
    /// When it does not fit.
    pub fn value(&self, typed: &str, today: Date) -> Result<String, RowRule> {
        let text = text::plain(typed);
        if text.is_empty() {
            return if self.required { Err(RowRule::Missing(self.name.clone())) } else { Ok(text) };
        }
        if self.people > 0 {
            return self.named(&text);
        }
        if self.kind == FieldKind::Text {
            let fits = text.chars().count() <= LONGEST;
            return if fits { Ok(text) } else { Err(RowRule::Long(self.name.clone())) };
        }
        let field = Field {
            code: self.code.clone(),
            of: Of::Household,
            name: self.name.clone(),
            name_en: self.name_en.clone(),
            kind: self.kind,
            choices: self.choices.clone(),
            choices_en: self.choices_en.clone(),
            hint: String::new(),
            each: String::new(),
        };
        field.value(&text, today).map_err(RowRule::Value)
    }

    /// Names of people, each once, parted by 、.
    fn named(&self, text: &str) -> Result<String, RowRule> {
        let mut names: Vec<&str> = Vec::new();
        for name in text.split(['、', ',', '，', ';', '；']).map(str::trim) {
            if !name.is_empty() && !names.contains(&name) {
                names.push(name);
            }
        }
        let enough = names.len() >= usize::from(self.people) && names.len() <= MOST_PEOPLE;
        if !enough || names.iter().any(|name| name.chars().count() > 40) {
            return Err(RowRule::People(self.name.clone(), self.people));
        }
        Ok(names.join("、"))
    }
}
