//! The JSON of a form: a schema whose keys that begin with `x-` say what a schema cannot.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::sums::{self, Sum};
use super::{
    About, FactOf, Form, FormError, FormField, Gives, Group, Item, Kind, Section, Whose, file_of,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Source {
    #[serde(rename = "$schema")]
    _schema: String,
    #[serde(rename = "$id")]
    code: String,
    #[serde(rename = "title")]
    name: String,
    #[serde(rename = "x-en")]
    name_en: String,
    #[serde(rename = "x-types")]
    types: Vec<String>,
    #[serde(rename = "type")]
    _type: String,
    #[serde(rename = "additionalProperties")]
    _more: bool,
    required: Vec<String>,
    #[serde(rename = "x-sections")]
    sections: Vec<SourceSection>,
    #[serde(rename = "x-sums")]
    sums: Vec<sums::Source>,
    properties: BTreeMap<String, Property>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceSection {
    #[serde(rename = "title")]
    name: String,
    #[serde(rename = "x-en")]
    name_en: String,
    fields: Vec<String>,
}

/// A property of a form or of a row; which keys of the schema belong together, the test of
/// the schemas holds of the forms that come with the program.
#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
struct Property {
    title: String,
    #[serde(rename = "x-en")]
    en: String,
    #[serde(rename = "type")]
    is: String,
    #[serde(rename = "x-kind", default)]
    kind: Option<Kind>,
    #[serde(rename = "x-labels", default)]
    labels: Vec<String>,
    #[serde(rename = "x-before", default)]
    before: Vec<String>,
    #[serde(rename = "x-nth", default)]
    nth: Option<usize>,
    #[serde(rename = "x-cell", default)]
    cell: Option<usize>,
    #[serde(rename = "x-about", default)]
    about: Option<About>,
    #[serde(rename = "x-fact", default)]
    fact: Option<String>,
    #[serde(rename = "x-gives", default)]
    gives: Option<Gives>,
    #[serde(rename = "enum", default)]
    choices: Vec<String>,
    #[serde(rename = "x-enum-en", default)]
    choices_en: Vec<String>,
    #[serde(rename = "maxLength", default)]
    longest: Option<usize>,
    #[serde(rename = "maxItems", default)]
    most: Option<usize>,
    #[serde(default)]
    items: Option<Box<Rows>>,
    #[serde(rename = "pattern", default)]
    _pattern: Option<String>,
    #[serde(rename = "format", default)]
    _format: Option<String>,
    #[serde(rename = "minimum", default)]
    _minimum: Option<i64>,
    #[serde(rename = "maximum", default)]
    _maximum: Option<i64>,
}

#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
struct Rows {
    #[serde(rename = "type")]
    _type: String,
    #[serde(rename = "additionalProperties")]
    _more: bool,
    #[serde(rename = "x-order")]
    order: Vec<String>,
    properties: BTreeMap<String, Property>,
}

impl Form {
    /// The form `code` of a JSON text.
    ///
    /// # Errors
    /// When it is none, or names what it has not.
    pub fn parse(code: &str, source: &str) -> Result<Self, FormError> {
        let unreadable = |cause| FormError::Unreadable { file: file_of(code), cause };
        let source: Source = serde_json::from_str(source).map_err(unreadable)?;
        let wrong = |why: String| FormError::Wrong { file: file_of(code), why };
        if source.code != code {
            return Err(wrong(format!("has the \"$id\" {:?}, which is not its name", source.code)));
        }
        let needed = source.required.iter().find(|name| !source.properties.contains_key(*name));
        if let Some(name) = needed {
            return Err(wrong(format!("needs {name}, which it has not")));
        }
        let mut left = source.properties;
        let mut sections = Vec::new();
        for section in source.sections {
            let mut items = Vec::new();
            for name in section.fields {
                let property =
                    left.remove(&name).ok_or_else(|| wrong(format!("has no {name}, or twice")))?;
                let required = source.required.contains(&name);
                items.push(item(name, property, required).map_err(&wrong)?);
            }
            sections.push(Section { name: section.name, name_en: section.name_en, items });
        }
        if let Some(name) = left.keys().next() {
            return Err(wrong(format!("has {name} in no section")));
        }
        let sums = source.sums.into_iter().map(Sum::parse).collect::<Result<Vec<_>, _>>();
        let form = Self {
            name: source.name,
            name_en: source.name_en,
            types: source.types,
            sections,
            sums: sums.map_err(&wrong)?,
            code: code.to_owned(),
        };
        let unknown = form.sums.iter().flat_map(Sum::fields).find(|name| !form.knows(name));
        match unknown {
            Some(name) => Err(wrong(format!("reckons with {name}, which it has not"))),
            None => Ok(form),
        }
    }
}

fn item(code: String, mut property: Property, required: bool) -> Result<Item, String> {
    let Some(rows) = property.items.take() else {
        return Ok(Item::Field(field(code, property, required)?));
    };
    if property.is != "array" {
        return Err(format!("has rows of {code}, which is of type {}, not array", property.is));
    }
    let Rows { order, properties: mut left, .. } = *rows;
    let mut columns = Vec::new();
    for name in order {
        let property = left.remove(&name).ok_or_else(|| format!("has no {code}.{name}"))?;
        columns.push(field(name, property, false)?);
    }
    match left.keys().next() {
        Some(name) => Err(format!("has {code}.{name} in no order")),
        None => Ok(Item::Group(Group {
            code,
            name: property.title,
            name_en: property.en,
            most: property.most.unwrap_or(1),
            columns,
        })),
    }
}

fn field(code: String, property: Property, required: bool) -> Result<FormField, String> {
    let fact = match property.fact.as_deref().map(|fact| (fact, fact.split_once('.'))) {
        None => None,
        Some((_, Some((whose, field)))) => Some(FactOf {
            whose: match whose {
                "household" => Whose::Household,
                "head" => Whose::Head,
                "member" => Whose::Member,
                _ => return Err(format!("says of {code} that it is of {whose}")),
            },
            field: field.to_owned(),
        }),
        Some((fact, None)) => return Err(format!("says of {code} that it is {fact}")),
    };
    let kind = property.kind.ok_or_else(|| format!("does not say what {code} is"))?;
    if property.is != kind.in_schema() {
        return Err(format!(
            "says that {code} is of type {}, not {}",
            property.is,
            kind.in_schema()
        ));
    }
    Ok(FormField {
        kind,
        name: property.title,
        name_en: property.en,
        choices: property.choices,
        choices_en: property.choices_en,
        longest: property.longest.unwrap_or(200),
        required,
        labels: property.labels,
        before: property.before,
        nth: property.nth,
        cell: property.cell.unwrap_or(1),
        about: property.about,
        fact,
        gives: property.gives,
        code,
    })
}
