//! What people keyed from a paper, and what they stated by it, as the index has it: the
//! newest version alone, numbers of persons covered and found by their digests.

use jiff::Timestamp;
use jiff::civil::Date;
use yidang_indexer::KeyedValue;

use super::FollowError;
use crate::app::App;
use crate::catalog::documents::Document;
use crate::catalog::keyed::{self, KeyedRow};
use crate::catalog::{destroyed, facts};
use crate::db::{DbError, Tx};
use crate::keying;
use crate::model::codes::member::NAME;
use crate::model::document::State;
use crate::model::field::{FieldKind, Of, base};
use crate::model::form::names::key_of;
use crate::model::form::read::{Proposed, SeenLine, read};
use crate::model::form::{Form, FormField, Kind};
use crate::model::id::HouseholdNo;
use crate::model::keying::Keyed;
use crate::model::lending::day_of;
use crate::model::mask;
use crate::model::month::Month;
use crate::search::fields;

/// What was keyed from a paper.
#[derive(Default)]
pub(super) struct Known<'a> {
    /// The form it was keyed as, the day, and the values in the order of the paper.
    keyed: Option<(&'a Form, Date, Keyed)>,
    /// What the paper proves of the household.
    stated: Vec<KeyedValue>,
}

impl<'a> Known<'a> {
    /// What was keyed from a paper and is stated by it now.
    pub(super) async fn of(
        app: &'a App,
        tx: &mut Tx,
        document: &Document,
    ) -> Result<Self, FollowError> {
        if document.state() != State::Filed {
            return Ok(Self::default());
        }
        let mut known = Self::default();
        let mut row = keyed::last(tx, document.id()).await?;
        if let Some(name) = row.as_ref().and_then(|row| row.keyed.parse().ok())
            && destroyed::by(tx, name).await?.is_some()
        {
            row = None;
        }
        // Of another form than the paper is filed as now, its values are not its own.
        let form = app.forms.of_type(&document.type_code);
        if let (Some(row), Some(form)) = (row, form)
            && row.form == form.code
            && let Some(kept) = keying::kept(app, &row).await?
        {
            known.keyed = Some((form, day_of(time(&row)?), kept));
        }
        if let Some(no) = document.household.as_ref().and_then(|no| no.parse().ok()) {
            known.stated = stated(app, tx, document, &no).await?;
        }
        Ok(known)
    }

    /// Whether lines are looked at for where values stand.
    pub(super) fn has_values(&self) -> bool {
        self.keyed.is_some()
    }

    /// Names of persons among the values.
    pub(super) fn names(&self) -> Vec<String> {
        let Some((form, _, kept)) = &self.keyed else { return Vec::new() };
        let is_name = |name: &str| {
            let field = form.field(name);
            let fact = field.and_then(|field| field.fact.as_ref());
            fact.is_some_and(|fact| fact.field == NAME)
        };
        let names = kept.values.iter().filter(|one| is_name(&one.field));
        names.map(|one| one.value.clone()).collect()
    }

    /// The values with the number of the page each stands on. One that nobody reads on
    /// the paper stands on the page of the one before it.
    pub(super) fn on_pages(self, app: &App, lines: &[SeenLine]) -> Vec<(u32, KeyedValue)> {
        let mut values: Vec<(u32, KeyedValue)> = Vec::new();
        if let Some((form, day, kept)) = self.keyed {
            let places = read(form, lines, day);
            let mut page = 1;
            for one in kept.values {
                let key = key_of(&form.code, &one.field);
                let Some(field) = form.field(&one.field) else {
                    values.push((page, former(app, key, &one.value)));
                    continue;
                };
                let place = places.iter().find(|place| place.field == one.field);
                page = place.map_or(page, |place| place.page);
                values.push((page, value(app, key, field, &one.value, place)));
            }
        }
        for one in self.stated {
            // What was stated because it was keyed is the same.
            if values.iter().all(|(_, known)| known.text != one.text) {
                values.push((1, one));
            }
        }
        values
    }
}

/// When it was keyed. Days on a form are read as of that day: an unreadable one is damage
/// of the database, and is told instead of read as some other day.
fn time(row: &KeyedRow) -> Result<Timestamp, DbError> {
    let unreadable = |_| DbError::Corrupt(format!("time {:?} of entry {}", row.time, row.entry));
    row.time.parse().map_err(unreadable)
}

/// A value of a form as it is shown and found.
fn value(
    app: &App,
    key: String,
    field: &FormField,
    full: &str,
    place: Option<&Proposed>,
) -> KeyedValue {
    let text = match field.kind {
        Kind::Money => format!("{full}元"),
        Kind::Month => month(full),
        Kind::YesNo => if full == "yes" { "是" } else { "否" }.to_owned(),
        // However the number of a person is covered in its field, it is nowhere else.
        _ => mask::numbers(&field.covered(full)),
    };
    let mut signs: Vec<String> =
        app.lookup.in_text(full).into_iter().map(|(name, _)| name).collect();
    if matches!(field.kind, Kind::IdNumber | Kind::Phone | Kind::Account) {
        // One that was written down wrongly is looked up as well.
        signs.extend(app.lookup.digest(full).filter(|name| !signs.contains(name)));
    }
    KeyedValue {
        field: key,
        text,
        signs,
        by_field: matches!(field.kind, Kind::YesNo | Kind::Whole),
        bbox: place.map(|place| place.bbox),
    }
}

/// A value of a field that the form has no more, as it is shown and found.
fn former(app: &App, key: String, full: &str) -> KeyedValue {
    let mut signs: Vec<String> =
        app.lookup.in_text(full).into_iter().map(|(name, _)| name).collect();
    let text = mask::unnamed(full);
    let whole = app.lookup.digest(full).filter(|_| text != full);
    signs.extend(whole.filter(|name| !signs.contains(name)));
    KeyedValue { field: key, text, signs, ..KeyedValue::default() }
}

/// A month as it is written on paper; anything else as it is.
fn month(text: &str) -> String {
    let Ok(month) = text.parse::<Month>() else { return text.to_owned() };
    let first = month.first();
    format!("{}年{}月", first.year(), first.month())
}

/// What a paper proves of its household, without what was taken back. Numbers of persons
/// are covered in the catalog already.
async fn stated(
    app: &App,
    tx: &mut Tx,
    document: &Document,
    no: &HouseholdNo,
) -> Result<Vec<KeyedValue>, FollowError> {
    let mut values: Vec<KeyedValue> = Vec::new();
    for row in facts::proved_by(tx, no, document.id()).await? {
        let of = if row.member == facts::WHOLE { Of::Household } else { Of::Member };
        let Ok(field) = app.rules.field(of, base(&row.field)) else { continue };
        let text = match field.kind {
            // Codes and places of persons are no words.
            FieldKind::Place | FieldKind::Member => continue,
            FieldKind::Money => format!("{}元", row.value),
            FieldKind::YesNo => if row.value == "yes" { "是" } else { "否" }.to_owned(),
            _ => mask::numbers(&row.value),
        };
        let by_field = matches!(field.kind, FieldKind::YesNo | FieldKind::Whole);
        let field = fields::stated(of, &field.code);
        values.push(KeyedValue { field, text, by_field, ..KeyedValue::default() });
    }
    values.dedup();
    Ok(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keyed(time: &str) -> KeyedRow {
        KeyedRow {
            entry: 7,
            document: 3,
            form: "A02".to_owned(),
            keyed: String::new(),
            time: time.to_owned(),
            author: String::new(),
        }
    }

    #[test]
    fn an_unreadable_time_is_told_and_is_not_1970() {
        assert!(time(&keyed("2026-11-23T08:00:00Z")).is_ok());
        for wrong in ["", "2026-11-23", "昨天"] {
            let told = time(&keyed(wrong));
            assert!(
                matches!(&told, Err(DbError::Corrupt(of)) if of.contains("entry 7")),
                "{told:?}"
            );
        }
    }
}
