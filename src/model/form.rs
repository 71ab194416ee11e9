//! 表单: the fields of the forms on paper, in the order in which they stand there. The
//! forms are data (`schemas/forms/`), each a JSON Schema of what can be keyed from it;
//! keys that begin with `x-` say what a schema cannot.

mod checks;
mod field;
mod kind;
pub mod names;
mod own;
pub mod read;
mod sound;
mod source;
mod sums;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use self::checks::{Finding, Problem, Said, check, sums};
pub use self::field::{About, FactOf, FormField, Gives, Whose};
pub use self::kind::{Kind, Wrong};
pub use self::own::{MOST_BYTES, MOST_OWN, OwnForms, file_of, is_name};
use self::sums::Sum;
use super::profile::Profile;

/// The most values of one form.
pub const MOST: usize = 400;

/// Forms that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FormError {
    /// A file is not JSON of the right shape.
    #[error("{file} cannot be read: {cause}")]
    Unreadable {
        /// Which.
        file: String,
        /// Why.
        cause: serde_json::Error,
    },
    /// A form says what cannot be, or what goes with no other form or with no rule.
    #[error("the form in {file} {why}")]
    Wrong {
        /// The file that has it.
        file: String,
        /// What is wrong with it.
        why: String,
    },
    /// There are more than are looked at.
    #[error("at most {MOST_OWN} forms of a bureau's own can be used, and there are {0}")]
    Many(usize),
}

/// All forms.
#[derive(Debug, Clone, Default)]
pub struct Forms(Vec<Form>);

/// A form.
#[derive(Debug, Clone)]
pub struct Form {
    /// Such as `approval`.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// 件种 that are such a form.
    pub types: Vec<String>,
    /// Its parts, in the order of the paper.
    pub sections: Vec<Section>,
    /// What its numbers have to do with each other.
    sums: Vec<Sum>,
}

/// A part of a form.
#[derive(Debug, Clone)]
pub struct Section {
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// What is in it.
    pub items: Vec<Item>,
}

/// A field, or a table of them.
#[derive(Debug, Clone)]
pub enum Item {
    /// One field.
    Field(FormField),
    /// A table with a row for each person or thing.
    Group(Group),
}

/// A table of a form.
#[derive(Debug, Clone)]
pub struct Group {
    /// Such as `members`.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// How many rows can be keyed.
    pub most: usize,
    /// Its columns.
    pub columns: Vec<FormField>,
}

impl Forms {
    /// The form that papers of a type are, if they are one.
    #[must_use]
    pub fn of_type(&self, kind: &str) -> Option<&Form> {
        self.0.iter().find(|form| form.types.iter().any(|one| one == kind))
    }

    /// The form of that code.
    #[must_use]
    pub fn get(&self, code: &str) -> Option<&Form> {
        self.0.iter().find(|form| form.code == code)
    }

    /// All of them.
    #[must_use]
    pub fn all(&self) -> &[Form] {
        &self.0
    }

    /// Those of papers that this profile has.
    pub fn of_profile<'a>(&'a self, profile: &'a Profile) -> impl Iterator<Item = &'a Form> {
        let has = move |form: &Form| form.types.iter().any(|one| profile.type_of(one).is_some());
        self.0.iter().filter(move |form| has(form))
    }
}

impl Form {
    /// Whether a name of a sum is that of a field or of a column.
    fn knows(&self, name: &str) -> bool {
        match name.split_once('.') {
            None => self.field(name).is_some(),
            Some((group, column)) => self.field(&format!("{group}.1.{column}")).is_some(),
        }
    }

    /// Its fields and tables, in the order of the paper.
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        self.sections.iter().flat_map(|section| &section.items)
    }

    /// Its fields that are no columns.
    pub fn fields(&self) -> impl Iterator<Item = &FormField> {
        self.items().filter_map(|item| match item {
            Item::Field(field) => Some(field),
            Item::Group(_) => None,
        })
    }

    /// Its tables.
    pub fn groups(&self) -> impl Iterator<Item = &Group> {
        self.items().filter_map(|item| match item {
            Item::Group(group) => Some(group),
            Item::Field(_) => None,
        })
    }

    /// The field with this name: `income`, or in a table `members.1.income`.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&FormField> {
        let mut parts = name.split('.');
        let (first, row, column) = (parts.next()?, parts.next(), parts.next());
        match (row, column, parts.next()) {
            (None, None, None) => self.fields().find(|field| field.code == first),
            (Some(row), Some(column), None) => {
                let group = self.groups().find(|group| group.code == first)?;
                let number: usize = row.parse().ok().filter(|n: &usize| n.to_string() == row)?;
                let column = group.columns.iter().find(|one| one.code == column)?;
                (1..=group.most).contains(&number).then_some(column)
            }
            _ => None,
        }
    }

    /// The names of all fields in the order of the paper, tables with so many rows as
    /// `rows` says of each.
    #[must_use]
    pub fn names(&self, rows: impl Fn(&Group) -> usize) -> Vec<String> {
        let mut names = Vec::new();
        for item in self.items() {
            match item {
                Item::Field(field) => names.push(field.code.clone()),
                Item::Group(group) => {
                    for row in 1..=rows(group).min(group.most) {
                        let name = |one: &FormField| format!("{}.{row}.{}", group.code, one.code);
                        names.extend(group.columns.iter().map(name));
                    }
                }
            }
        }
        names
    }

    /// The values as the JSON object that the schema of the form describes: money in 分.
    pub fn object<'a>(
        &self,
        values: impl Iterator<Item = (&'a str, &'a str)>,
    ) -> serde_json::Value {
        let mut object = serde_json::Map::new();
        let mut tables: BTreeMap<&str, BTreeMap<usize, serde_json::Map<_, _>>> = BTreeMap::new();
        for (name, value) in values {
            let Some(field) = self.field(name) else { continue };
            let value = field.json(value);
            match name.split_once('.') {
                None => drop(object.insert(name.to_owned(), value)),
                Some((group, rest)) => {
                    let row = rest.split('.').next().and_then(|row| row.parse().ok()).unwrap_or(1);
                    let rows = tables.entry(group).or_default();
                    rows.entry(row).or_default().insert(field.code.clone(), value);
                }
            }
        }
        for (group, rows) in tables {
            let rows = rows.into_values().map(serde_json::Value::Object).collect();
            object.insert(group.to_owned(), rows);
        }
        serde_json::Value::Object(object)
    }
}

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum KeyedFrom {
    /// 照读: as it was read from the scan, and accepted.
    Read,
    /// A person typed it.
    Typed,
}

/// A value of a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeyedValue {
    /// The name of the field: `income`, or in a table `members.1.income`.
    pub field: String,
    /// The value in the form of its kind.
    pub value: String,
    /// Where it comes from.
    pub from: KeyedFrom,
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_that_come_with_the_program_are_sound() {
        let forms = Forms::national().unwrap();
        let profile = Profile::national_2008().unwrap();
        assert_eq!(forms.of_profile(&profile).count(), 14);
        for form in forms.all() {
            for kind in &form.types {
                assert!(profile.type_of(kind).is_some(), "{kind}");
                assert_eq!(forms.of_type(kind).unwrap().code, form.code);
            }
            let columns = form.groups().flat_map(|group| &group.columns);
            for field in form.fields().chain(columns) {
                let shown = !field.labels.is_empty() || !field.before.is_empty();
                assert!(shown || field.about.is_some(), "{}.{}", form.code, field.code);
            }
        }
    }

    #[test]
    fn a_field_has_one_name() {
        let forms = Forms::national().unwrap();
        let form = forms.of_type("A02").unwrap();
        assert_eq!(form.field("income").unwrap().name, "家庭月总收入");
        assert_eq!(form.field("members.20.income").unwrap().name, "月收入");
        for name in [
            "members.0.income",
            "members.21.income",
            "members.01.income",
            "members",
            "x",
            "members.1.x",
            "income.1",
            "members.1.income.1",
        ] {
            assert!(form.field(name).is_none(), "{name}");
        }
        let names = form.names(|_| 2);
        assert_eq!(names.first().map(String::as_str), Some("household_no"));
        assert!(names.contains(&"members.2.income".to_owned()));
        assert!(!names.contains(&"members.3.income".to_owned()));
    }
}
