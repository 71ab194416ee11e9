//! Keeping what is keyed: every value is checked, and a number that is shown covered stays.

use bytes::Bytes;

use super::{Ground, Keying, KeyingError, TypedValue, ground};
use crate::app::App;
use crate::catalog::{Refusal, keying_drafts};
use crate::db::DbError;
use crate::living::NONE_SEEN;
use crate::model::access::{Actor, Right};
use crate::model::act::Act;
use crate::model::canonical;
use crate::model::form::{KeyedFrom, KeyedValue, MOST};
use crate::model::id::{DocumentId, EntryNo};
use crate::model::keying::{KEYED_FORMAT, KeyFields, Keyed};
use crate::model::lending::day_of;
use crate::model::living::LivingRule;
use crate::model::look::key_of;
use crate::record::{Receipt, RecordError};

/// Keeps the next version of the fields of paper `id`. Returns the entry that has it.
///
/// # Errors
/// When the person may not, it is no form whose fields are known, a value does not fit,
/// or another keyed it meanwhile.
pub async fn save(
    app: &App,
    actor: &Actor,
    id: DocumentId,
    keying: Keying,
) -> Result<Receipt, KeyingError> {
    actor.must(Right::File)?;
    let ground = ground(app, actor, id).await?;
    let last = ground.last.as_ref().map(|row| row.entry);
    let stale = match keying.seen {
        None => false,
        Some(NONE_SEEN) => last.is_some(),
        seen => seen != last,
    };
    if stale {
        let rule = LivingRule::KeyedMeanwhile(id);
        return Err(KeyingError::Record(RecordError::Refused(rule.into())));
    }
    let mut values = typed(app, &ground, &keying.values)?;
    if keying.accept {
        let named = |one: &KeyedValue| keying.values.iter().any(|said| said.field == one.field);
        values.extend(ground.first().into_iter().filter(|one| !named(one)));
    }
    let order = ground.form.names(|group| group.most);
    values.retain(|one| !one.value.is_empty() && order.contains(&one.field));
    values.sort_by_key(|one| order.iter().position(|name| *name == one.field));
    if values.is_empty() {
        return Err(KeyingError::HowMany);
    }
    // What the form has no more is what the paper said all the same.
    values.extend(ground.former().cloned());
    if values.len() > MOST {
        return Err(KeyingError::HowMany);
    }
    let kept = Keyed {
        format: KEYED_FORMAT.to_owned(),
        salt: hex::encode(rand::random::<[u8; 32]>()),
        document: id,
        form: ground.form.code.clone(),
        values,
    };
    let receipt = record(app, actor, &kept, last).await?;
    let mut tx = app.db.write().await?;
    keying_drafts::forget(&mut tx, &key_of(actor), id).await?;
    tx.commit().await?;
    app.news.notify_waiters();
    Ok(receipt)
}

/// Puts the values into the store and records the act.
async fn record(
    app: &App,
    actor: &Actor,
    kept: &Keyed,
    seen: Option<EntryNo>,
) -> Result<Receipt, KeyingError> {
    let bytes = canonical::to_bytes(kept).map_err(|e| DbError::Corrupt(e.to_string()))?;
    let size = bytes.len() as u64;
    let digest = app.vault.put(Bytes::from(bytes)).await?;
    let form = kept.form.clone();
    let said = KeyFields { document: kept.document, form, keyed: digest, bytes: size, seen };
    match app.recorder.record(actor, Act::KeyFields(said)).await {
        Err(RecordError::Refused(refusal)) => {
            // Its salt makes it this one alone: nobody else has stored it.
            app.vault.forget(digest).await?;
            Err(KeyingError::Record(RecordError::Refused(refusal)))
        }
        done => Ok(done?),
    }
}

/// Whether an error is because of what somebody else keyed first.
#[must_use]
pub fn is_meanwhile(error: &KeyingError) -> bool {
    matches!(
        error,
        KeyingError::Record(RecordError::Refused(Refusal::Living(LivingRule::KeyedMeanwhile(_))))
    )
}

/// The values that were typed, in the form of their kinds and in full.
fn typed(
    app: &App,
    ground: &Ground<'_>,
    said: &[TypedValue],
) -> Result<Vec<KeyedValue>, KeyingError> {
    if said.len() > MOST {
        return Err(KeyingError::HowMany);
    }
    let mut values: Vec<KeyedValue> = Vec::new();
    for one in said {
        let value = in_full(app, ground, one)?;
        // What is said last of a field holds.
        values.retain(|other| other.field != value.field);
        values.push(value);
    }
    Ok(values)
}

/// A value that was typed: a number that was left covered as it was shown is the one
/// that stands there.
pub(super) fn in_full(
    app: &App,
    ground: &Ground<'_>,
    said: &TypedValue,
) -> Result<KeyedValue, KeyingError> {
    let name = said.field.trim();
    let field = ground.form.field(name).ok_or_else(|| KeyingError::NoField(said.field.clone()))?;
    let (proposal, before) = (ground.proposal(name), ground.before(name));
    let called = || (name.to_owned(), field.name.clone(), field.name_en.clone());
    let text = said.value.trim();
    let value = if let Some(kept) = before.filter(|kept| field.covered(&kept.value) == text) {
        // Left as it stands, also when the form would not have it so any more.
        kept.value.clone()
    } else if text.contains('*') {
        let read = proposal.map(|one| &one.value).filter(|value| field.covered(value) == text);
        read.cloned().ok_or_else(|| {
            let (field, name, name_en) = called();
            KeyingError::Covered { field, name, name_en }
        })?
    } else {
        field.value(text, day_of(app.now())).map_err(|wrong| {
            let (field, name, name_en) = called();
            KeyingError::Value { field, name, name_en, wrong }
        })?
    };
    let from = match (proposal, before) {
        (Some(proposal), _) if proposal.value == value => KeyedFrom::Read,
        (_, Some(before)) if before.value == value => before.from,
        _ => KeyedFrom::Typed,
    };
    Ok(KeyedValue { field: name.to_owned(), value, from })
}
