//! What a bag says of itself (`data/proof.json`). Nothing in it is believed: it tells what
//! to look for, and has one form.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::{Result, Wrong};

/// What a bag is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A document, by its number.
    Document(u64),
    /// A volume, by its reference code.
    Volume(String),
    /// A household, by its number.
    Household(String),
    /// A look at records, by its number in the access log.
    Look(u64),
}

impl Subject {
    /// Whether the bag has to hold all that was recorded about the file of a household.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        matches!(self, Self::Volume(_) | Self::Household(_))
    }
}

/// What a bag says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contents {
    /// What it is about.
    pub subject: Subject,
    /// The random name of the household's file in the log.
    pub volume: Option<String>,
    /// The numbers of its entries.
    pub entries: BTreeSet<u64>,
    /// The entry from which every later one is given.
    pub history_from: Option<u64>,
}

/// The fields it has, and no others.
const FIELDS: [&str; 5] = ["format", "subject", "volume", "entries", "history_from"];

impl Contents {
    /// What stands in a `proof.json`.
    ///
    /// # Errors
    /// When it is none: what is wrong with it.
    pub fn of(json: &Value) -> Result<Self> {
        let wrong = |what: &str| Wrong(format!("data/proof.json: {what}"));
        let fields = json.as_object().ok_or_else(|| wrong("it is no object"))?;
        if fields.get("format").and_then(Value::as_str) != Some("yidang-proof/1") {
            return Err(wrong("it is not of a format that is known"));
        }
        if let Some(other) = fields.keys().find(|key| !FIELDS.contains(&key.as_str())) {
            return Err(wrong(&format!("it has a field {other:?}")));
        }
        let subject = fields.get("subject").and_then(Value::as_object).and_then(subject);
        let subject = subject.ok_or_else(|| wrong("it does not say what the bag is about"))?;
        let volume = match fields.get("volume") {
            None | Some(Value::Null) => None,
            Some(Value::String(name)) => Some(name.clone()),
            Some(_) => return Err(wrong("the name of the file is no text")),
        };
        let history_from = match fields.get("history_from") {
            None | Some(Value::Null) => None,
            Some(number) => {
                Some(number.as_u64().ok_or_else(|| wrong("the history begins at no number"))?)
            }
        };
        let listed = fields.get("entries").and_then(Value::as_array);
        let listed = listed.ok_or_else(|| wrong("it does not list the entries"))?;
        let entries: BTreeSet<u64> = listed.iter().filter_map(Value::as_u64).collect();
        if entries.len() != listed.len() || entries.is_empty() {
            return Err(wrong("the list of entries is not one of different numbers"));
        }
        Ok(Self { subject, volume, entries, history_from })
    }
}

/// The one subject in an object of one field.
fn subject(fields: &Map<String, Value>) -> Option<Subject> {
    let mut fields = fields.iter();
    let (name, value) = fields.next()?;
    if fields.next().is_some() {
        return None;
    }
    let text = || value.as_str().map(ToOwned::to_owned);
    match name.as_str() {
        "document" => value.as_u64().map(Subject::Document),
        "look" => value.as_u64().map(Subject::Look),
        "volume" => text().map(Subject::Volume),
        "household" => text().map(Subject::Household),
        _ => None,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_has_another_form_is_refused() {
        let good = r#"{"format": "yidang-proof/1", "subject": {"document": 22}, "volume": null, "entries": [22, 25], "history_from": null}"#;
        let read = |text: &str| Contents::of(&serde_json::from_str(text).unwrap());
        assert_eq!(read(good).unwrap().subject, Subject::Document(22));
        for (from, to) in [
            ("proof/1", "proof/2"),
            ("22}", "22.0}"),
            ("22}", r#"22, "household": "99010200300400127"}"#),
            ("22}", r#"null, "household": "99010200300400127"}"#),
            (r#""document": 22"#, ""),
            (r#""volume": null"#, r#""volume": ["x"]"#),
            (r#"_from": null"#, r#"_from": "1""#),
            (r#"_from": null"#, r#"_from": null, "more": 1"#),
            ("[22, 25]", "[22, 22]"),
            ("[22, 25]", r#"[22, "x"]"#),
            ("[22, 25]", "[]"),
            ("[22, 25]", "[22, -1]"),
        ] {
            assert!(read(&good.replacen(from, to, 1)).is_err(), "{to}");
        }
    }
}
