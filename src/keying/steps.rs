//! Papers drive a case: one that is filed and left by a step that can be taken now
//! proposes that step, with what was keyed from it.

use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::{KeyingError, versions};
use crate::app::App;
use crate::catalog::documents::Document;
use crate::catalog::keyed;
use crate::living::cases::Offered;
use crate::model::document::State;
use crate::model::form::{Gives, KeyedValue};
use crate::model::id::DocumentId;
use crate::model::procedure::{StepRule, Taken};
use crate::view::HouseholdView;

/// How many steps are proposed at a time.
const SHOWN: usize = 3;

/// A step that a paper proposes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ProposedStep)]
pub struct StepOffer {
    /// The paper.
    pub document: i64,
    /// How it is called.
    pub title: String,
    /// Whether its fields were keyed.
    pub keyed: bool,
    /// The code of the procedure that begins; empty where a case runs.
    pub procedure: String,
    /// The step.
    pub step: Offered,
    /// The day.
    #[schema(value_type = Option<String>, format = Date)]
    pub on: Option<Date>,
    /// Who took it.
    pub people: String,
    /// Reason or opinion.
    pub words: String,
    /// 类别, or empty.
    pub category: String,
    /// 保障人数, or empty.
    pub persons: String,
    /// 月保障金 in yuan, or empty.
    pub amount: String,
    /// The first month, or empty.
    pub from: String,
    /// The last month of a phase-out, or empty.
    pub until: String,
}

/// The steps that papers of a file propose, for whoever was shown the file.
///
/// # Errors
/// When the database or the store fails.
pub async fn steps(app: &App, file: &HouseholdView) -> Result<Vec<StepOffer>, KeyingError> {
    let mut offers: Vec<StepOffer> = Vec::new();
    let since = since(file);
    let taken = file.cases.open().map_or_else(Vec::new, |case| file.cases.taken(case.no));
    for (procedure, step) in possible(app, file) {
        let owned = |kind: &String| step.papers.contains(kind);
        let papers = file.places.iter().filter(|place| owned(&place.type_code));
        let mut papers: Vec<_> = papers
            .filter_map(|place| Some((place.document.as_ref()?, place.title.as_str())))
            .filter(|(paper, _)| is_new(paper, file, since))
            .collect();
        // The newest one.
        papers.sort_by(|(a, _), (b, _)| (&a.date, a.id).cmp(&(&b.date, b.id)));
        let Some((paper, title)) = papers.pop() else { continue };
        let offer = offer(app, (procedure, step), paper, (title, &taken)).await?;
        // A paper is left by several steps: the one that leaves fewest means it most.
        match offers.iter_mut().find(|one| one.document == offer.document) {
            Some(other) if fewer(app, &offer, other) => *other = offer,
            Some(_) => {}
            None => offers.push(offer),
        }
    }
    offers.truncate(SHOWN);
    Ok(offers)
}

/// The steps that can be taken: of the case that runs, or the first of those that begin.
fn possible<'a>(app: &'a App, file: &'a HouseholdView) -> Vec<(&'a str, &'a StepRule)> {
    let cases = &file.cases;
    if let Some(case) = cases.open() {
        let Some(procedure) = app.rules.procedure(&case.procedure) else { return Vec::new() };
        let offered = cases.offered.iter();
        return offered.filter_map(|one| Some(("", procedure.step(&one.step)?))).collect();
    }
    let begins = cases.beginning.iter().filter_map(|code| app.rules.procedure(code));
    begins
        .flat_map(|one| one.offered(&[]).into_iter().map(move |step| (one.code.as_str(), step)))
        .collect()
}

/// The day from which on papers are of what is done now: that on which the case began
/// that runs, or the last one ended.
fn since(file: &HouseholdView) -> &str {
    match (file.cases.open(), file.cases.cases.last()) {
        (Some(case), _) => &case.begun,
        (None, Some(last)) => &last.ended,
        (None, None) => "",
    }
}

/// Whether a paper is filed and dated, and no step stands on it.
fn is_new(paper: &Document, file: &HouseholdView, since: &str) -> bool {
    let used = file.cases.steps.iter().any(|step| step.paper == Some(paper.id));
    paper.state() == State::Filed
        && paper.sent_back.is_none()
        && !used
        && !paper.date.is_empty()
        && paper.date.as_str() >= since
}

fn fewer(app: &App, one: &StepOffer, other: &StepOffer) -> bool {
    let papers = |offer: &StepOffer| {
        let procedure = app.rules.procedure(&offer.procedure)?;
        Some(procedure.step(&offer.step.step)?.papers.len())
    };
    papers(one).unwrap_or(0) < papers(other).unwrap_or(0)
}

async fn offer(
    app: &App,
    (procedure, step): (&str, &StepRule),
    paper: &Document,
    (title, taken): (&str, &[Taken]),
) -> Result<StepOffer, KeyingError> {
    let mut tx = app.db.read().await?;
    let row = keyed::last(&mut tx, DocumentId(paper.id)).await?;
    drop(tx);
    let form = app.forms.of_type(&paper.type_code);
    let kept = match row.filter(|row| form.is_some_and(|form| form.code == row.form)) {
        Some(row) => versions::values(app, &row).await?,
        None => None,
    };
    let is_keyed = kept.is_some();
    let values: Vec<KeyedValue> = kept.map_or_else(Vec::new, |kept| kept.values);
    let given = |gives: Gives| {
        let form = form?;
        let of = |one: &&KeyedValue| form.field(&one.field).is_some_and(|f| f.gives == Some(gives));
        values.iter().find(of).map(|one| crate::model::mask::numbers(&one.value))
    };
    let text = |gives| given(gives).unwrap_or_default();
    let decides = step.benefit.is_some();
    let only = |gives| if decides { text(gives) } else { String::new() };
    let day = text(Gives::On).parse().or_else(|_| paper.date.parse()).ok();
    Ok(StepOffer {
        document: paper.id,
        title: title.to_owned(),
        keyed: is_keyed,
        procedure: procedure.to_owned(),
        step: crate::living::cases::offer(step, taken),
        on: day,
        people: text(Gives::People),
        words: text(Gives::Words),
        category: only(Gives::Category),
        persons: only(Gives::Persons),
        amount: only(Gives::Amount),
        from: only(Gives::From),
        until: only(Gives::Until),
    })
}
