//! 录入字段: a person keys a form against its scan: what was read is proposed, what is
//! typed is checked, every version of the values is kept.

mod drafts;
mod offered;
mod save;
mod sheet;
mod steps;
mod versions;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use self::drafts::{Draft, draft, keep_draft};
pub use self::offered::{OfferedFact, Offers, Stating, offers, state};
pub use self::save::{is_meanwhile, save};
pub use self::sheet::{Sheet, SheetField, SheetFinding, SheetSection, sheet};
pub use self::steps::{StepOffer, steps};
pub(crate) use self::versions::values as kept;
pub use self::versions::{ShownValue, Version, versions};
use crate::app::App;
use crate::catalog::keyed;
use crate::db::DbError;
use crate::extract::Reading;
use crate::living::LivingError;
use crate::model::access::{Actor, Denied};
use crate::model::document::State;
use crate::model::form::read::{Proposed, Rect, SeenLine, read};
use crate::model::form::{About, Form, FormField, KeyedFrom, KeyedValue, MOST, Wrong};
use crate::model::id::{DocumentId, EntryNo, HouseholdNo};
use crate::model::lending::day_of;
use crate::record::RecordError;
use crate::rendition;
use crate::vault::VaultError;
use crate::view::{self, DocumentView, ViewError};

/// How many pages of a paper are looked at for what stands in its fields.
const PAGES: u32 = 20;
/// How sure it is what the catalog says of a filed paper: a person confirmed it.
const CONFIRMED: u8 = 95;

/// Why nothing was keyed or shown.
#[derive(Debug, thiserror::Error)]
pub enum KeyingError {
    /// The document, or what stands on it.
    #[error(transparent)]
    View(#[from] ViewError),
    /// The person may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The paper is no form whose fields are known.
    #[error("document {0} is filed as no form whose fields are known")]
    NoForm(DocumentId),
    /// The form has no such field.
    #[error("the form has no field {0:?}")]
    NoField(String),
    /// A value is none of its kind.
    #[error("{name}: {wrong}")]
    Value {
        /// The name of the field.
        field: String,
        /// What it is called, in Chinese.
        name: String,
        /// And in English.
        name_en: String,
        /// Why not.
        wrong: Wrong,
    },
    /// A number has stars in it that stand for none that is known.
    #[error("{name}: the stars stand for no number that is known: type it")]
    Covered {
        /// The name of the field.
        field: String,
        /// What it is called, in Chinese.
        name: String,
        /// And in English.
        name_en: String,
    },
    /// Nothing was keyed, or more than a form has.
    #[error("1 to {MOST} values are keyed from a form")]
    HowMany,
    /// No value that is offered has this name.
    #[error("no value {0:?} is offered")]
    NotOffered(String),
    /// What is stated of the household.
    #[error(transparent)]
    Living(#[from] LivingError),
    /// The act.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// The object store.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

/// A value as it is typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TypedFormValue)]
pub struct TypedValue {
    /// The name of the field: `income`, or in a table `members.1.income`.
    #[schema(min_length = 1, max_length = 80)]
    pub field: String,
    /// The value. A number that is shown covered is left as it stands when its stars are.
    #[schema(max_length = 2000)]
    pub value: String,
}

/// What is to be kept of a form: all of its values.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = FormToKey)]
pub struct Keying {
    /// The entry of the version that was seen, -1 for none: when another came meanwhile,
    /// nothing is kept. When it is left out, the last one counts as seen.
    #[serde(default)]
    #[schema(minimum = -1)]
    pub seen: Option<EntryNo>,
    /// The values; an empty one is left out.
    #[serde(default)]
    #[schema(max_items = 400)]
    pub values: Vec<TypedValue>,
    /// Whether fields that are not named get what was keyed before, or else what was
    /// read; otherwise they get nothing.
    #[serde(default)]
    pub accept: bool,
}

/// A paper that can be keyed, with all that is known of its fields, in full.
struct Ground<'a> {
    seen: DocumentView,
    household: Option<HouseholdNo>,
    form: &'a Form,
    proposals: Vec<Proposed>,
    /// The newest version, whatever form it was keyed as.
    last: Option<keyed::KeyedRow>,
    /// Its values, where it is this form.
    before: Vec<KeyedValue>,
    is_read: bool,
}

impl Ground<'_> {
    fn proposal(&self, field: &str) -> Option<&Proposed> {
        self.proposals.iter().find(|one| one.field == field)
    }

    fn before(&self, field: &str) -> Option<&KeyedValue> {
        self.before.iter().find(|one| one.field == field)
    }

    /// The values that were keyed before of fields that the form has no more.
    fn former(&self) -> impl Iterator<Item = &KeyedValue> {
        self.before.iter().filter(|one| self.form.field(&one.field).is_none())
    }

    /// The values that a form begins with: those keyed before, or else those read.
    fn first(&self) -> Vec<KeyedValue> {
        if self.last.is_some() && !self.before.is_empty() {
            return self.before.clone();
        }
        let read = |one: &Proposed| KeyedValue {
            field: one.field.clone(),
            value: one.value.clone(),
            from: KeyedFrom::Read,
        };
        self.proposals.iter().map(read).collect()
    }
}

/// The paper `id` with what is known of its fields; that it is opened is noted.
async fn ground<'a>(
    app: &'a App,
    actor: &Actor,
    id: DocumentId,
) -> Result<Ground<'a>, KeyingError> {
    let seen = view::document(app, actor, id).await?;
    if seen.document.state() != State::Filed {
        return Err(KeyingError::NoForm(id));
    }
    let form = app.forms.of_type(&seen.document.type_code).ok_or(KeyingError::NoForm(id))?;
    let household = seen.document.household.as_ref().and_then(|no| no.parse().ok());
    let mut tx = app.db.read().await?;
    let (mut lines, mut first, mut is_read) = (Vec::new(), 1_u32, true);
    for file in &seen.files {
        if first > PAGES {
            break;
        }
        match rendition::load::<ViewError>(app, &mut tx, file).await? {
            Some(reading) => lines.extend(self::lines(&reading, first)),
            None => is_read = false,
        }
        first = first.saturating_add(u32::try_from(file.pages).unwrap_or(u32::MAX));
    }
    let last = keyed::last(&mut tx, id).await?;
    drop(tx);
    let mut proposals = read(form, &lines, day_of(app.now()));
    for field in form.fields().filter(|field| field.about.is_some()) {
        if let Some(known) = catalogued(field, &seen) {
            proposals.retain(|one| one.field != field.code);
            proposals.push(known);
        }
    }
    let before = match &last {
        Some(row) if row.form == form.code => {
            versions::values(app, row).await?.map_or_else(Vec::new, |kept| kept.values)
        }
        _ => Vec::new(),
    };
    Ok(Ground { seen, household, form, proposals, last, before, is_read })
}

/// The lines in which the fields of a form are looked for: of the first pages of a paper.
/// The first page of the reading is page `first` of it.
#[must_use]
pub(crate) fn lines(reading: &Reading, first: u32) -> Vec<SeenLine> {
    let mut lines = match first <= PAGES {
        true => rendition::form_lines(reading, first),
        false => Vec::new(),
    };
    lines.retain(|line| line.page <= PAGES);
    lines
}

/// What the catalog says of a paper, as the value of a field.
fn catalogued(field: &FormField, seen: &DocumentView) -> Option<Proposed> {
    let value = match field.about? {
        About::Date => seen.document.date.clone(),
        About::Responsible => seen.document.responsible.clone(),
        About::DocumentNo => seen.document.document_no.clone(),
    };
    let bbox = Rect::default();
    let proposal = Proposed { field: field.code.clone(), value, sure: CONFIRMED, page: 0, bbox };
    (!proposal.value.is_empty()).then_some(proposal)
}
