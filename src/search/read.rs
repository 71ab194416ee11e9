//! What a person typed, as the index is asked: numbers of persons by their digests, names of types
//! and places by their codes, fields of forms by what the index calls them.

use yidang_indexer::{Field, FieldTerm, Query};

use super::{SearchError, fields, numbers};
use crate::app::App;
use crate::catalog::organisations::{self, Organisation};
use crate::model::id::OrganisationCode;
use crate::model::profile::Profile;

/// The query of `text`.
///
/// # Errors
/// When it cannot be read, or the database fails.
pub(super) async fn query(app: &App, text: &str) -> Result<Query, SearchError> {
    let is_keyed = |name: &str| !fields::called(app, name).is_empty();
    let query = numbers::query(&app.lookup, text, &is_keyed)?;
    let mut asks_places = false;
    let query = query.with_fields(&mut |asked| {
        asks_places |= asked.field == Field::Place;
        Query::Field(match asked.field {
            Field::Type => FieldTerm { codes: types(&app.profile, &asked.text), ..asked },
            Field::Keyed => FieldTerm { codes: fields::called(app, &asked.name), ..asked },
            _ => asked,
        })
    });
    if !asks_places {
        return Ok(query);
    }
    let mut tx = app.db.read().await?;
    let known = organisations::all(&mut tx).await?;
    Ok(query.with_fields(&mut |asked| {
        Query::Field(match asked.field {
            Field::Place => FieldTerm { codes: places(&known, &asked.text), ..asked },
            _ => asked,
        })
    }))
}

/// Whether a query cannot be read.
pub fn is_flawed(app: &App, text: &str) -> bool {
    numbers::query(&app.lookup, text, &|name| !fields::called(app, name).is_empty()).is_err()
}

/// The codes of the types that are called so, or have that code.
fn types(profile: &Profile, text: &str) -> Vec<String> {
    let text = text.trim().to_lowercase();
    let is_one = |code: &str, names: [&str; 2]| {
        code.to_lowercase() == text || names.iter().any(|name| name.to_lowercase().contains(&text))
    };
    let types = profile.types.iter();
    types
        .filter(|one| is_one(&one.code, [&one.name, &one.name_en]))
        .map(|one| one.code.clone())
        .collect()
}

/// The beginnings of codes of the organisations that are called so, or have that code.
fn places(known: &[Organisation], text: &str) -> Vec<String> {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        let whole: Option<OrganisationCode> = text.parse().ok();
        return vec![whole.map_or_else(|| text.to_owned(), |code| code.prefix().to_owned())];
    }
    let named = known.iter().filter(|one| one.name.contains(text));
    let prefix = |one: &Organisation| {
        let code: Option<OrganisationCode> = one.code.parse().ok();
        code.map(|code| code.prefix().to_owned())
    };
    named.filter_map(prefix).collect()
}
