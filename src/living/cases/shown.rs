//! The cases of a household as they stand, with what can be done next.

use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::{LivingError, seen, statements};
use crate::app::App;
use crate::catalog::cases::{self, BenefitRow, CaseRow, StepRow};
use crate::catalog::households::Household;
use crate::db::{DbError, Tx};
use crate::model::access::Actor;
use crate::model::benefit::Effect;
use crate::model::id::{EntryNo, HouseholdNo};
use crate::model::month::Month;
use crate::model::notice::NoticeKind;
use crate::model::procedure::{StepRule, Taken};

/// A step that can be taken now, for a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = OfferedStep)]
pub struct Offered {
    /// Its code.
    pub step: String,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// Who takes it: `community`, `street`, `bureau`.
    pub level: String,
    /// Whether it is on the usual way.
    pub usual: bool,
    /// How many people have to be named.
    pub people: u8,
    /// Whether a department has to be named.
    pub office: bool,
    /// The departments of which one has to be: those that have not signed; any, when empty.
    pub offices: Vec<String>,
    /// Whether words are needed.
    pub words: bool,
    /// Whether the paper has to be named that it stands on.
    pub paper: bool,
    /// The notice that has to be up on its day, unless a paper shows it, or empty.
    pub notice: String,
    /// What it does to the allowance, or empty.
    pub benefit: String,
}

/// The cases of a household.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Cases {
    /// 状态, by its code.
    pub state: String,
    /// Its cases, in order.
    pub cases: Vec<CaseRow>,
    /// The steps of all of them, in the order they were recorded.
    pub steps: Vec<StepRow>,
    /// The decisions on its allowance, in order.
    pub benefits: Vec<BenefitRow>,
    /// What can be done next in the case that runs.
    pub offered: Vec<Offered>,
    /// The codes of the procedures that can begin, where none runs.
    pub beginning: Vec<String>,
    /// The day by which it is reviewed next, or empty.
    pub review_due: String,
    /// The entry of the last step; none before the first.
    pub stepped: Option<EntryNo>,
}

impl Cases {
    /// The case that runs.
    #[must_use]
    pub fn open(&self) -> Option<&CaseRow> {
        self.cases.iter().find(|case| case.ended.is_empty())
    }

    /// The steps that were taken in case `no`, in the order they were recorded.
    #[must_use]
    pub fn taken(&self, no: i64) -> Vec<Taken> {
        taken(&self.steps, no)
    }

    /// 待遇: what is paid in a month, if something is, by the decision that was made last of
    /// those from then or earlier.
    #[must_use]
    pub fn paid_in(&self, month: Month) -> Option<&BenefitRow> {
        let month = month.to_string();
        let begun = self.benefits.iter().filter(|one| one.from_month <= month);
        let last = begun.max_by_key(|one| one.entry)?;
        let ended = !last.until_month.is_empty() && last.until_month < month;
        (last.amount > 0 && !ended).then_some(last)
    }

    /// The first month of the phase-out that was decided last, however often it was decided
    /// anew; none when the last decision is no phase-out.
    #[must_use]
    pub fn phasing(&self) -> Option<Month> {
        let is_phase = |one: &&BenefitRow| one.effect == Effect::PhaseOut.as_str();
        let row = self.benefits.iter().rev().take_while(is_phase);
        row.map(|one| one.from_month.as_str()).min()?.parse().ok()
    }

    /// Whether a decision never came about: another was made before its first month, and is
    /// from that month or an earlier one.
    #[must_use]
    pub fn is_overtaken(&self, one: &BenefitRow) -> bool {
        let mut later = self.benefits.iter().filter(|other| other.entry > one.entry);
        later.any(|other| other.from_month <= one.from_month)
    }
}

/// The cases of a household, for whoever may see its file.
pub(crate) async fn of_household(
    app: &App,
    tx: &mut Tx,
    household: &Household,
) -> Result<Cases, DbError> {
    let no: HouseholdNo =
        household.no.parse().map_err(|_| DbError::Corrupt(household.no.clone()))?;
    let all = cases::of_household(tx, &no).await?;
    let steps = cases::steps(tx, &no).await?;
    let benefits = cases::benefits(tx, &no).await?;
    let running = all.iter().find(|case| case.ended.is_empty());
    let offered = match running {
        Some(case) => {
            let taken = taken(&steps, case.no);
            app.rules.procedure(&case.procedure).map_or_else(Vec::new, |rule| {
                rule.offered(&taken).into_iter().map(|one| offer(one, &taken)).collect()
            })
        }
        None => Vec::new(),
    };
    let beginning = match running {
        Some(_) => Vec::new(),
        None => app.rules.beginning(&household.state).map(|one| one.code.clone()).collect(),
    };
    Ok(Cases {
        state: household.state.clone(),
        cases: all,
        steps,
        benefits,
        offered,
        beginning,
        review_due: household.review_due.clone(),
        stepped: household.stepped,
    })
}

/// A step as it is offered after those that were taken.
pub(crate) fn offer(step: &StepRule, taken: &[Taken]) -> Offered {
    Offered {
        step: step.code.clone(),
        name: step.name.clone(),
        name_en: step.name_en.clone(),
        level: step.level.as_str().to_owned(),
        usual: !step.aside,
        people: step.people,
        office: step.office,
        offices: step.unsigned(taken).into_iter().map(str::to_owned).collect(),
        words: step.words,
        paper: step.paper,
        notice: step.notice.map_or("", NoticeKind::as_str).to_owned(),
        benefit: step.benefit.map_or("", Effect::as_str).to_owned(),
    }
}

/// The cases of household `no`. It is part of its file, and that this is looked at
/// is noted with that.
///
/// # Errors
/// When there is none this person may see, or the look cannot be noted.
pub async fn list(app: &App, actor: &Actor, no: &HouseholdNo) -> Result<Cases, LivingError> {
    statements::on_day(app, actor, no, None, None).await?;
    let mut tx = app.db.read().await?;
    let household = seen(&mut tx, actor, no).await?;
    Ok(of_household(app, &mut tx, &household).await?)
}

/// The steps that were taken in a case.
fn taken(steps: &[StepRow], case: i64) -> Vec<Taken> {
    let of_case = steps.iter().filter(|one| one.case_no == case);
    let day = |text: &str| text.parse::<Date>().unwrap_or(Date::MIN);
    let one = |one: &StepRow| Taken {
        step: one.step.clone(),
        on: day(&one.on_day),
        office: one.office.clone(),
    };
    of_case.map(one).collect()
}
