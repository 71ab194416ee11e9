//! 字段名: by which names the fields of forms are found and told, and how they are called
//! in the index: the code of the form and of the field, `visit.employer`, and in a table
//! `application.members.employer`, whatever the row.

use super::{Form, FormField, Forms, Group, Item};

/// A field as it is called.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldName {
    /// Chinese name: 工作单位, in a table 家庭成员·姓名.
    pub name: String,
    /// English name.
    pub name_en: String,
}

/// What the field `field` of the form `form` is called in the index.
#[must_use]
pub fn key_of(form: &str, field: &str) -> String {
    let is_row = |part: &&str| !part.bytes().all(|byte| byte.is_ascii_digit());
    let parts: Vec<&str> = field.split('.').filter(is_row).collect();
    format!("{form}.{}", parts.join("."))
}

/// Whether a field with these names is meant by what was typed: its Chinese name, or two
/// characters or more that it ends with (住址 is 现住址 too), or its English name, in
/// which `_` stands for a blank.
#[must_use]
pub fn is_called(name: &str, name_en: &str, typed: &str) -> bool {
    let typed = typed.trim();
    let is_end = typed.chars().count() >= 2 && name.ends_with(typed);
    is_end || name == typed || english(name_en) == english(typed)
}

/// An English name as it can be typed before a colon: `work_unit`.
#[must_use]
pub fn english(name: &str) -> String {
    name.trim().to_lowercase().replace([' ', '-'], "_")
}

/// Whether one of the labels that are printed before a field is what was typed.
fn is_labelled(field: &FormField, typed: &str) -> bool {
    typed.chars().count() >= 2 && field.labels.iter().any(|label| label == typed)
}

impl Form {
    /// Its fields and the columns of its tables, with the table.
    pub(super) fn columns(&self) -> impl Iterator<Item = (Option<&Group>, &FormField)> {
        self.items().flat_map(|item| match item {
            Item::Field(field) => vec![(None, field)],
            Item::Group(group) => group.columns.iter().map(|one| (Some(group), one)).collect(),
        })
    }

    fn key(&self, group: Option<&Group>, field: &FormField) -> String {
        match group {
            Some(group) => format!("{}.{}.{}", self.code, group.code, field.code),
            None => format!("{}.{}", self.code, field.code),
        }
    }
}

impl Forms {
    /// What the fields are called in the index that are meant by a name; none when it is
    /// no field's.
    #[must_use]
    pub fn keys_called(&self, typed: &str) -> Vec<String> {
        let is_one = |field: &FormField| {
            is_called(&field.name, &field.name_en, typed) || is_labelled(field, typed.trim())
        };
        let mut keys = Vec::new();
        for form in self.all() {
            let called = form.columns().filter(|(_, field)| is_one(field));
            keys.extend(called.map(|(group, field)| form.key(group, field)));
        }
        keys
    }

    /// How the field is called that has this name in the index; none when no form has it.
    #[must_use]
    pub fn name_of(&self, key: &str) -> Option<FieldName> {
        let (form, _) = key.split_once('.')?;
        let form = self.get(form)?;
        let (group, field) =
            form.columns().find(|(group, field)| form.key(*group, field) == key)?;
        let within = |group: &str, name: &str| match group {
            "" => name.to_owned(),
            group => format!("{group}·{name}"),
        };
        let (of, of_en) = group.map_or(("", ""), |one| (one.name.as_str(), one.name_en.as_str()));
        Some(FieldName { name: within(of, &field.name), name_en: within(of_en, &field.name_en) })
    }

    /// The names of all fields, each once, in the order of the forms.
    #[must_use]
    pub fn field_names(&self) -> Vec<FieldName> {
        let mut names: Vec<FieldName> = Vec::new();
        for (_, field) in self.all().iter().flat_map(Form::columns) {
            if names.iter().all(|known| known.name != field.name) {
                let (name, name_en) = (field.name.clone(), field.name_en.clone());
                names.push(FieldName { name, name_en });
            }
        }
        names
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_meant_by_its_names() {
        assert!(is_called("现住址", "Address", "住址"));
        assert!(is_called("现住址", "Address", "address"));
        assert!(is_called("家庭人口", "Persons in the household", "persons_in_the_household"));
        for other in ["址", "住", "现住", "addr", ""] {
            assert!(!is_called("现住址", "Address", other), "{other}");
        }
    }

    #[test]
    fn every_field_is_found_by_its_name_and_told_by_its_key() {
        let forms = Forms::national().unwrap();
        for form in forms.all() {
            for (group, field) in form.columns() {
                let key = form.key(group, field);
                let row = group.map(|group| format!("{}.3.{}", group.code, field.code));
                assert_eq!(key_of(&form.code, row.as_deref().unwrap_or(&field.code)), key);
                assert!(forms.keys_called(&field.name).contains(&key), "{key}");
                assert!(forms.keys_called(&english(&field.name_en)).contains(&key), "{key}");
                assert!(forms.name_of(&key).unwrap().name.ends_with(&field.name), "{key}");
                // It can be typed before a colon.
                assert!(!field.name.contains([':', '：', ' ', '"']), "{key}");
            }
        }
        assert!(forms.keys_called("政治面貌").is_empty());
        assert_eq!(forms.name_of("visit.nothing"), None);
        let names = forms.field_names();
        assert_eq!(names.iter().filter(|one| one.name == "身份证号").count(), 1);
    }
}
