//! 字段检索: what people keyed from forms, and what they stated by a paper, found by the
//! name of its field: `工作单位:纺织厂`.

use serde::Serialize;
use utoipa::ToSchema;
use yidang_indexer::{KeyedHit, is_spelled};

use crate::app::App;
use crate::model::field::{Field, Of};
use crate::model::form::names::{FieldName, english, is_called};

/// What the fields of statements begin with in the index: `stated.household.address`.
const STATED: &str = "stated.";
/// The most characters of a value that are shown.
const SHOWN: usize = 72;

/// A field in which something was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FoundField {
    /// The code of the form and the field: `application.members.employer`; of what was
    /// stated by the paper `stated.household.address`.
    pub field: String,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// 记载: whether it was stated of the household by this paper, and not keyed from it.
    pub stated: bool,
    /// A piece of the value, numbers of persons covered.
    pub snippet: String,
    /// Ranges of characters of the snippet to mark: from, to.
    pub marks: Vec<(usize, usize)>,
    /// Where it stands, in pixels of the upright page image, if that is known.
    #[serde(rename = "box")]
    pub bbox: Option<[u32; 4]>,
}

/// What a field of a statement is called in the index.
pub(crate) fn stated(of: Of, code: &str) -> String {
    let of = match of {
        Of::Household => "household",
        Of::Member => "member",
    };
    format!("{STATED}{of}.{code}")
}

/// What the fields are called in the index that are meant by a name; none when there is
/// no such field.
pub(super) fn called(app: &App, typed: &str) -> Vec<String> {
    let mut keys = app.forms.keys_called(typed);
    let is_one = |field: &&Field| is_called(&field.name, &field.name_en, typed);
    keys.extend(app.rules.fields.iter().filter(is_one).map(|one| stated(one.of, &one.code)));
    keys
}

/// A hit in a field, as it is told.
pub(super) fn found(app: &App, hit: &KeyedHit) -> FoundField {
    let of_statement = || {
        let field = app.rules.fields.iter().find(|one| stated(one.of, &one.code) == hit.field)?;
        Some(FieldName { name: field.name.clone(), name_en: field.name_en.clone() })
    };
    let known = app.forms.name_of(&hit.field).or_else(of_statement);
    let unknown = || FieldName { name: hit.field.clone(), name_en: hit.field.clone() };
    let FieldName { name, name_en } = known.unwrap_or_else(unknown);
    let (snippet, marks) = piece(hit);
    FoundField {
        stated: hit.field.starts_with(STATED),
        field: hit.field.clone(),
        name,
        name_en,
        snippet,
        marks,
        bbox: hit.bbox,
    }
}

/// A piece of the value around what was found first, with what is marked in it.
fn piece(hit: &KeyedHit) -> (String, Vec<(usize, usize)>) {
    let length = hit.text.chars().count();
    let first = hit.marks.first().map_or(0, |mark| mark.start);
    let start = match length <= SHOWN {
        true => 0,
        false => first.saturating_sub(SHOWN / 3).min(length - SHOWN),
    };
    let end = (start + SHOWN).min(length);
    let blank = |c: char| if c.is_control() { ' ' } else { c };
    let text = hit.text.chars().skip(start).take(SHOWN).map(blank).collect();
    let inside = hit.marks.iter().map(|mark| (mark.start.max(start), mark.end.min(end)));
    let inside = inside.filter(|(from, to)| from < to);
    (text, inside.map(|(from, to)| (from - start, to - start)).collect())
}

/// The names of fields that may be meant by what is being typed, at most `most`: their
/// beginning or any part, in characters or in letters.
pub(super) fn meant(app: &App, typed: &str, most: usize) -> Vec<FieldName> {
    let letters = typed.to_lowercase();
    if typed.is_empty() || typed.contains([':', '：', '"', '“', '(', '（']) {
        return Vec::new();
    }
    let is_letters = letters.len() >= 2 && letters.is_ascii();
    let is_meant = |one: &FieldName| {
        one.name.contains(typed)
            || is_letters
                && (is_spelled(&letters, &one.name) || english(&one.name_en).starts_with(&letters))
    };
    let mut names = app.forms.field_names();
    for field in &app.rules.fields {
        if names.iter().all(|known| known.name != field.name) {
            names.push(FieldName { name: field.name.clone(), name_en: field.name_en.clone() });
        }
    }
    // What begins so comes first; otherwise the order of the forms stays.
    names.retain(is_meant);
    names.sort_by_key(|one| !one.name.starts_with(typed));
    names.truncate(most);
    names
}

#[cfg(test)]
#[allow(clippy::panic)]
mod tests {
    use super::*;

    #[test]
    fn a_long_value_is_shown_around_what_was_found() {
        let text = format!("{}纺织厂{}", "前".repeat(100), "后\n".repeat(50));
        let mark = std::iter::once(100..103).collect();
        let hit = KeyedHit { field: String::new(), text, marks: mark, bbox: None };
        let (snippet, marks) = piece(&hit);
        let [(from, to)] = marks[..] else { panic!("{marks:?}") };
        let marked: String = snippet.chars().skip(from).take(to - from).collect();
        assert_eq!((marked.as_str(), snippet.chars().count()), ("纺织厂", SHOWN));
        assert!(!snippet.contains('\n'));
        let short =
            KeyedHit { text: "市纺织厂".into(), marks: std::iter::once(1..4).collect(), ..hit };
        assert_eq!(piece(&short), ("市纺织厂".to_owned(), vec![(1, 4)]));
    }
}
