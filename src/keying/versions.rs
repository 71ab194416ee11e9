//! The versions of the fields of a paper: who keyed what when.

use serde::Serialize;
use utoipa::ToSchema;

use super::KeyingError;
use crate::app::App;
use crate::catalog::keyed::{self, KeyedRow};
use crate::model::access::{Actor, Right};
use crate::model::canonical;
use crate::model::form::{Form, FormField, KeyedFrom, KeyedValue};
use crate::model::id::{DocumentId, EntryNo};
use crate::model::keying::{KEYED_FORMAT, Keyed};
use crate::model::mask;
use crate::vault::VaultError;
use crate::view;

/// How many versions are shown.
const SHOWN: u32 = 50;

/// A version of the fields of a paper.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = KeyedVersion)]
pub struct Version {
    /// Its entry.
    pub entry: EntryNo,
    /// The code of the form.
    pub form: String,
    /// When, RFC 3339.
    pub time: String,
    /// Who keyed it.
    pub author: String,
    /// Whether its values can be read; they cannot when they were destroyed with the paper.
    pub readable: bool,
    /// Its values in the order of the paper.
    pub values: Vec<ShownValue>,
    /// The same as one JSON object as the schema of the form has it, but for numbers of
    /// persons, which are covered.
    #[schema(value_type = Object)]
    pub object: serde_json::Value,
}

/// A value that was keyed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = KeyedFieldValue)]
pub struct ShownValue {
    /// The name of the field: `income`, or in a table `members.1.income`.
    pub field: String,
    /// Chinese name; the name of the field where the form has it no more.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// The value, numbers of persons covered.
    pub value: String,
    /// Where it comes from.
    pub from: KeyedFrom,
}

impl ShownValue {
    /// A value as it is shown; without a field that the form has, under its code.
    pub(super) fn of(field: Option<&FormField>, one: KeyedValue) -> Self {
        Self {
            name: field.map_or_else(|| one.field.clone(), |field| field.name.clone()),
            name_en: field.map_or_else(|| one.field.clone(), |field| field.name_en.clone()),
            value: match field {
                Some(field) => field.covered(&one.value),
                None => mask::unnamed(&one.value),
            },
            field: one.field,
            from: one.from,
        }
    }
}

/// The versions of the fields of paper `id`, newest first; that it is opened is noted.
///
/// # Errors
/// When there is none this person may see, no reason was given where one is wanted, or
/// the look cannot be noted.
pub async fn versions(
    app: &App,
    actor: &Actor,
    id: DocumentId,
) -> Result<Vec<Version>, KeyingError> {
    actor.must(Right::Look)?;
    view::document(app, actor, id).await?;
    let mut tx = app.db.read().await?;
    let rows = keyed::versions(&mut tx, id, SHOWN).await?;
    drop(tx);
    let mut versions = Vec::new();
    for row in rows {
        let kept = values(app, &row).await?;
        versions.push(shown(app.forms.get(&row.form), row, kept));
    }
    Ok(versions)
}

fn shown(form: Option<&Form>, row: KeyedRow, kept: Option<Keyed>) -> Version {
    let readable = kept.is_some();
    let value = |one: KeyedValue| ShownValue::of(form.and_then(|form| form.field(&one.field)), one);
    let values: Vec<ShownValue> =
        kept.map_or_else(Vec::new, |kept| kept.values.into_iter().map(value).collect());
    let pairs = || values.iter().map(|one| (one.field.as_str(), one.value.as_str()));
    let object = form.map_or_else(|| serde_json::json!({}), |form| form.object(pairs()));
    Version {
        entry: row.entry,
        form: row.form,
        time: row.time,
        author: row.author,
        readable,
        values,
        object,
    }
}

/// The values that a row names, in full; none when what the store has is damaged,
/// missing or destroyed, which `verify` tells of.
///
/// # Errors
/// When the store does not answer: nobody may take that for a form without values.
pub(crate) async fn values(app: &App, row: &KeyedRow) -> Result<Option<Keyed>, VaultError> {
    let Ok(name) = row.keyed.parse() else { return Ok(None) };
    let bytes = match app.vault.bytes(name).await {
        Err(error) if error.is_damage() || error.is_gone() => {
            tracing::warn!(entry = row.entry, %error, "what was keyed cannot be read");
            return Ok(None);
        }
        bytes => bytes?,
    };
    let found: Option<Keyed> = canonical::from_bytes(&bytes).ok();
    Ok(found.filter(|found| found.format == KEYED_FORMAT))
}
