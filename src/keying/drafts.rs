//! What somebody typed and has not saved: kept for that person until it is.

use jiff::Timestamp;

use super::save::in_full;
use super::sheet::shown;
use super::{Ground, KeyedFrom, KeyedValue, Keying, KeyingError, Sheet, TypedValue, ground};
use crate::app::App;
use crate::catalog::keying_drafts::{self, DraftRow};
use crate::model::access::{Actor, Right};
use crate::model::form::MOST;
use crate::model::id::{DocumentId, EntryNo};
use crate::model::look::key_of;

/// The most bytes of a draft.
const BYTES: usize = 64 << 10;

/// A draft with the form as it is then.
#[derive(Debug)]
pub struct Draft {
    /// When it was kept.
    pub kept: Timestamp,
    /// The version it was begun on; none before the first.
    pub seen: Option<EntryNo>,
    /// The fields whose value cannot be kept as it was typed, and why.
    pub wrong: Vec<(String, KeyingError)>,
    /// The form with these values in it, as they were typed.
    pub sheet: Sheet,
}

/// Keeps what a person typed of paper `id`, in the place of the draft before. Numbers of
/// persons that nobody has read from the paper are covered in it: they are typed again.
///
/// # Errors
/// When the person may not, it is no form whose fields are known, or it is too much.
pub async fn keep_draft(
    app: &App,
    actor: &Actor,
    id: DocumentId,
    keying: Keying,
) -> Result<Draft, KeyingError> {
    actor.must(Right::File)?;
    let ground = ground(app, actor, id).await?;
    if keying.values.len() > MOST {
        return Err(KeyingError::HowMany);
    }
    let mut covered = Vec::new();
    for one in &keying.values {
        let name = one.field.trim();
        let field = ground.form.field(name);
        let field = field.ok_or_else(|| KeyingError::NoField(one.field.clone()))?;
        // A number is covered in the form in which it will be shown.
        let value =
            in_full(app, &ground, one).map_or_else(|_| one.value.clone(), |kept| kept.value);
        let value = match field.covered(&value) {
            hidden if hidden == value => one.value.clone(),
            hidden => hidden,
        };
        let value = crate::model::mask::numbers(&value);
        covered.push(TypedValue { field: name.to_owned(), value });
    }
    let said = serde_json::to_string(&covered).unwrap_or_default();
    if said.len() > BYTES {
        return Err(KeyingError::HowMany);
    }
    let now = app.now();
    let row =
        DraftRow { seen: keying.seen.filter(|seen| *seen >= 0), said, kept: now.as_microsecond() };
    let mut tx = app.db.write().await?;
    keying_drafts::keep(&mut tx, &key_of(actor), id, &row).await?;
    tx.commit().await?;
    filled(app, &ground, (now, row.seen), &keying.values).await
}

/// The draft of this person of paper `id`, if there is one; that the paper is opened is
/// noted.
///
/// # Errors
/// As [`super::sheet`].
pub async fn draft(app: &App, actor: &Actor, id: DocumentId) -> Result<Option<Draft>, KeyingError> {
    actor.must(Right::File)?;
    let ground = ground(app, actor, id).await?;
    let mut tx = app.db.read().await?;
    let row = keying_drafts::get(&mut tx, &key_of(actor), id).await?;
    drop(tx);
    let Some(row) = row else { return Ok(None) };
    let kept = Timestamp::from_microsecond(row.kept).unwrap_or_else(|_| app.now());
    let typed: Vec<TypedValue> = serde_json::from_str(&row.said).unwrap_or_default();
    // Fields that the form has no more are left out.
    let typed: Vec<_> =
        typed.into_iter().filter(|one| ground.form.field(&one.field).is_some()).collect();
    filled(app, &ground, (kept, row.seen), &typed).await.map(Some)
}

/// A draft on the form as it is: what can be kept is checked, the rest is said.
async fn filled(
    app: &App,
    ground: &Ground<'_>,
    (kept, seen): (Timestamp, Option<EntryNo>),
    said: &[TypedValue],
) -> Result<Draft, KeyingError> {
    let (mut values, mut wrong): (Vec<KeyedValue>, Vec<_>) = (Vec::new(), Vec::new());
    for one in said {
        match in_full(app, ground, one) {
            Ok(value) if !value.value.is_empty() => values.push(value),
            Ok(_) => {}
            Err(error) => {
                let (field, value) = (one.field.trim().to_owned(), one.value.clone());
                wrong.push((field.clone(), error));
                values.push(KeyedValue { field, value, from: KeyedFrom::Typed });
            }
        }
    }
    let mut sheet = shown(app, ground, &values).await?;
    let field = |name: &str| said.iter().rfind(|one| one.field.trim() == name);
    for one in sheet.sections.iter_mut().flat_map(|section| &mut section.fields) {
        one.value = field(&one.field).map(|typed| typed.value.clone()).unwrap_or_default();
    }
    Ok(Draft { kept, seen, wrong, sheet })
}
