//! The sheet of a form: its fields with what was keyed and what was read, and what does
//! not agree.

use serde::Serialize;
use utoipa::ToSchema;

use super::{Ground, KeyingError, ShownValue, ground};
use crate::app::App;
use crate::catalog::organisations;
use crate::model::access::{Actor, MadeBy, Right};
use crate::model::form::read::Proposed;
use crate::model::form::{self, Finding, FormField, Item, KeyedValue, Kind, Problem};
use crate::model::id::{DocumentId, EntryNo, HouseholdNo};

/// A form as it can be keyed now.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = FormSheet)]
pub struct Sheet {
    /// The document.
    pub document: i64,
    /// The code of the form.
    pub form: String,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// The entry of the newest version; none before the first. Whoever saves says it, so
    /// that nobody overwrites what was not seen.
    pub seen: Option<EntryNo>,
    /// Who keyed that, and when; none before the first.
    pub by: Option<MadeBy>,
    /// Whether all of the paper has been read, so that more cannot be proposed.
    pub read: bool,
    /// Its parts in the order of the paper.
    pub sections: Vec<SheetSection>,
    /// What was keyed of fields that the form has no more; it goes along with every version.
    pub former: Vec<ShownValue>,
    /// What does not agree.
    pub findings: Vec<SheetFinding>,
}

/// A part of a form.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = FormSection)]
pub struct SheetSection {
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// Its fields in the order of the paper.
    pub fields: Vec<SheetField>,
}

/// A field of a form, with what is known of it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = FormSheetField)]
pub struct SheetField {
    /// Its name: `income`, or in a table `members.1.income`.
    pub field: String,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// What can be typed.
    pub kind: Kind,
    /// The values of a choice.
    pub choices: Vec<String>,
    /// In English, those that the form says so, in the same order.
    pub choices_en: Vec<String>,
    /// The most characters.
    pub longest: usize,
    /// Whether the form is not complete without it.
    pub required: bool,
    /// What was keyed last, or before that what was read; numbers of persons covered.
    pub value: String,
    /// What was read, numbers of persons covered; empty where nothing was.
    pub proposed: String,
    /// 把握 of that, from 0 to 100.
    pub sure: Option<u8>,
    /// On which page that stands, from 1.
    pub page: Option<u32>,
    /// Where, in pixels of the upright page image: `[x, y, width, height]`.
    #[serde(rename = "box")]
    pub bbox: Option<[u32; 4]>,
}

/// What is odd about a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = FormFinding)]
pub struct SheetFinding {
    /// The name of the field.
    pub field: String,
    /// What is odd, for programs.
    pub code: &'static str,
    /// The same as a sentence in English.
    pub message: String,
    /// As it is.
    #[serde(skip)]
    pub problem: Problem,
}

/// The form that paper `id` is, with what was keyed and what was read, numbers of
/// persons covered; that the paper is opened is noted.
///
/// # Errors
/// When there is none this person may see, it is no form whose fields are known, no
/// reason was given where one is wanted, or the look cannot be noted.
pub async fn sheet(app: &App, actor: &Actor, id: DocumentId) -> Result<Sheet, KeyingError> {
    actor.must(Right::File)?;
    let ground = ground(app, actor, id).await?;
    let values = ground.first();
    shown(app, &ground, &values).await
}

/// The sheet of a form with these values in its fields.
pub(super) async fn shown(
    app: &App,
    ground: &Ground<'_>,
    values: &[KeyedValue],
) -> Result<Sheet, KeyingError> {
    let form = ground.form;
    let field = |name: String, field: &FormField| {
        let value = values.iter().find(|one| one.field == name);
        let proposal = ground.proposal(&name);
        let place = proposal.filter(|one| one.page > 0);
        SheetField {
            name: field.name.clone(),
            name_en: field.name_en.clone(),
            kind: field.kind,
            choices: choices(field, ground.before(&name)),
            choices_en: field.choices_en.clone(),
            longest: field.longest,
            required: field.required,
            value: value.map(|one| field.covered(&one.value)).unwrap_or_default(),
            proposed: proposal.map(|one| field.covered(&one.value)).unwrap_or_default(),
            sure: proposal.map(|one| one.sure),
            page: place.map(|one| one.page),
            bbox: place.map(|one| one.bbox),
            field: name,
        }
    };
    let section = |section: &form::Section| {
        let mut fields = Vec::new();
        for item in &section.items {
            match item {
                Item::Field(one) => fields.push(field(one.code.clone(), one)),
                Item::Group(group) => {
                    for row in 1..=rows(group, values, &ground.proposals) {
                        for one in &group.columns {
                            fields.push(field(format!("{}.{row}.{}", group.code, one.code), one));
                        }
                    }
                }
            }
        }
        SheetSection { name: section.name.clone(), name_en: section.name_en.clone(), fields }
    };
    Ok(Sheet {
        document: ground.seen.document.id,
        form: form.code.clone(),
        name: form.name.clone(),
        name_en: form.name_en.clone(),
        seen: ground.last.as_ref().map(|row| row.entry),
        by: ground
            .last
            .as_ref()
            .map(|row| MadeBy { name: row.author.clone(), time: row.time.clone() }),
        read: ground.is_read,
        sections: form.sections.iter().map(section).collect(),
        former: ground.former().cloned().map(|one| ShownValue::of(None, one)).collect(),
        findings: findings(app, ground, values).await?,
    })
}

/// The values of a choice; one that was kept when the form had it among them stays.
fn choices(field: &FormField, before: Option<&KeyedValue>) -> Vec<String> {
    let mut choices = field.choices.clone();
    let kept = before.map(|one| &one.value).filter(|one| !choices.contains(one));
    choices.extend(kept.filter(|_| field.kind == Kind::Choice).cloned());
    choices
}

/// How many rows of a table are shown: those with something in them and an empty one.
fn rows(group: &form::Group, values: &[KeyedValue], proposals: &[Proposed]) -> usize {
    let names = values.iter().map(|one| &one.field).chain(proposals.iter().map(|one| &one.field));
    let row = |name: &String| {
        let rest = name.strip_prefix(&group.code)?.strip_prefix('.')?;
        rest.split('.').next()?.parse::<usize>().ok()
    };
    (names.filter_map(row).max().unwrap_or(0) + 1).min(group.most)
}

/// What does not agree on a form with these values.
async fn findings(
    app: &App,
    ground: &Ground<'_>,
    values: &[KeyedValue],
) -> Result<Vec<SheetFinding>, KeyingError> {
    let mut findings = form::check(ground.form, values);
    let mut tx = app.db.read().await?;
    let places = organisations::all(&mut tx).await?;
    drop(tx);
    for one in values {
        let Some(field) = ground.form.field(&one.field) else { continue };
        let known = || places.iter().any(|place| one.value.contains(bare(&place.name)));
        let problem = match field.kind {
            Kind::Region if !known() => Problem::UnknownRegion,
            _ if field.code == "household_no" && is_other(&one.value, ground) => {
                Problem::OtherHousehold
            }
            _ => continue,
        };
        findings.push(Finding { field: one.field.clone(), problem });
    }
    let told = |one: Finding| SheetFinding {
        field: one.field,
        code: one.problem.code(),
        message: one.problem.to_string(),
        problem: one.problem,
    };
    Ok(findings.into_iter().map(told).collect())
}

/// The name of an organisation as it stands in addresses: 槐荫里社区.
fn bare(name: &str) -> &str {
    ["居民委员会", "村民委员会", "街道办事处", "办事处"]
        .iter()
        .find_map(|end| name.strip_suffix(end))
        .unwrap_or(name)
}

/// Whether a number is a household's, and that of another than the paper's.
fn is_other(value: &str, ground: &Ground<'_>) -> bool {
    let no = value.parse::<HouseholdNo>().ok();
    no.is_some_and(|no| ground.household.as_ref().is_some_and(|own| *own != no))
}
