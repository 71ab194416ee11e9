//! 办理: taking a step of a case by the rules, and what can be done next.

mod basis;
mod carried;
mod order;
mod put_up;
mod shown;

use jiff::civil::Date;
use serde::Deserialize;
use utoipa::ToSchema;

use self::basis::{Said, said};
pub(super) use self::carried::Carrying;
use self::put_up::Next;
pub use self::shown::{Cases, Offered, list};
pub(crate) use self::shown::{of_household, offer};
use super::standards::Standards;
use super::{
    LivingError, assessment, is_stale, level, lived_in, possible, refused, short, statements, today,
};
use crate::app::App;
use crate::catalog::facts;
use crate::catalog::households::Household;
use crate::model::access::{Actor, Right};
use crate::model::act::Act;
use crate::model::benefit::{Benefit, Departure, Effect, Standing};
use crate::model::id::{DocumentId, EntryNo, HouseholdNo};
use crate::model::living::{LivingRule, NextStep, Owed, Step};
use crate::model::money::Fen;
use crate::model::month::Month;
use crate::model::procedure::{Procedure, StepRule, Taken};
use crate::model::workdays::months_after;
use crate::record::Receipt;

pub use crate::catalog::cases::BenefitRow;

/// A decision on the allowance, as it is typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Giving {
    /// 类别: `A`, `B` or `C`; as before when it is left out.
    #[serde(default)]
    #[schema(max_length = 8)]
    pub category: String,
    /// 保障人数; as before when it is left out.
    #[serde(default)]
    pub persons: Option<u32>,
    /// 月保障金 of the household in yuan, such as `1120.00`; nothing where it stops.
    #[serde(default)]
    #[schema(max_length = 12)]
    pub amount: String,
    /// The first month, such as `2026-12`; the one after the decision when it is
    /// left out.
    #[serde(default)]
    #[schema(value_type = Option<String>, pattern = "^[0-9]{4}-[0-9]{2}$")]
    pub from: Option<Month>,
    /// The last month of a phase-out.
    #[serde(default)]
    #[schema(value_type = Option<String>, pattern = "^[0-9]{4}-[0-9]{2}$")]
    pub until: Option<Month>,
    /// 与测算不同的原因, in 2 to 500 characters: needed where the amount is not what the
    /// standard comes to, and kept only there.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub departs: String,
}

/// A step that is to be taken.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = StepToTake)]
pub struct Taking {
    /// The code of the procedure that begins; empty where a case runs.
    #[serde(default)]
    #[schema(max_length = 40)]
    pub procedure: String,
    /// The code of the step.
    #[schema(min_length = 1, max_length = 40)]
    pub step: String,
    /// The day it was taken; today when it is left out.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    pub on: Option<Date>,
    /// Who took it, by name.
    #[serde(default)]
    #[schema(max_items = 10)]
    pub people: Vec<String>,
    /// 联签单位: the department whose opinion it is.
    #[serde(default)]
    #[schema(max_length = 40)]
    pub office: String,
    /// A reason or an opinion.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub words: String,
    /// The document of the household's file that it stands on.
    #[serde(default)]
    #[schema(value_type = Option<i64>, minimum = 0)]
    pub paper: Option<DocumentId>,
    /// What it does to the allowance, where it does.
    #[serde(default)]
    pub benefit: Option<Giving>,
    /// The entry of the household's last step that was seen, -1 for none: when another
    /// came meanwhile, nothing is done. When it is left out, the last one counts as
    /// seen.
    #[serde(default)]
    #[schema(minimum = -1)]
    pub seen: Option<EntryNo>,
}

/// Takes a step of household `no`.
///
/// # Errors
/// When there is no such household this person may see, a rule is broken, or
/// another took a step meanwhile.
pub async fn take(
    app: &App,
    actor: &Actor,
    no: &HouseholdNo,
    taking: Taking,
) -> Result<Receipt, LivingError> {
    actor.must(Right::File)?;
    let today = today(app);
    let on = taking.on.unwrap_or(today);
    possible(on)?;
    let mut tx = app.db.read().await?;
    let household = lived_in(&mut tx, actor, no).await?;
    let cases = of_household(app, &mut tx, &household).await?;
    let split = order::split_on(&mut tx, no).await?;
    let family = statements::family(app, facts::present(&mut tx, no).await?, None);
    let standards = Standards::read(&mut tx).await?;
    drop(tx);
    if is_stale(taking.seen, household.stepped) {
        return Err(refused(LivingRule::SteppedMeanwhile(no.clone())));
    }
    let (procedure, case) = going_on(app, &cases, &household, taking.procedure.trim())?;
    let mut steps = cases.taken(case);
    let rule = procedure.allows(taking.step.trim(), &steps, on)?;
    if level(&actor.organisation) < rule.level {
        return Err(LivingError::OtherLevel(rule.level));
    }
    order::follows(rule, (&cases, case), split, on)?;
    let Said { names, office, words } = said(rule, &taking, &steps)?;
    let next = Next { procedure, rule, cases: &cases, case, on };
    next.was_put_up(app, no, taking.paper).await?;
    let why = taking.benefit.as_ref().map_or("", |one| one.departs.as_str()).to_owned();
    let mut benefit = decided(app, rule, &cases, taking.benefit, (on, family.living()))?;
    if let Some(benefit) = &mut benefit
        && benefit.effect != Effect::Stop
    {
        counted_once(app, no, benefit.from).await?;
        benefit.departs = departure(&standards, &family, &household, benefit, &why)?;
    }
    steps.push(Taken { step: rule.code.clone(), on, office: office.clone() });
    let waiting = procedure.waiting(&steps, &app.rules.holidays);
    let next = waiting.map(|waiting| NextStep {
        step: waiting.step.code.clone(),
        level: waiting.step.level,
        due: waiting.due,
    });
    let step = Step {
        household: no.clone(),
        case: u32::try_from(case).unwrap_or(u32::MAX),
        procedure: procedure.code.clone(),
        step: rule.code.clone(),
        called: format!("{}：{}", procedure.name, rule.name),
        on,
        people: names,
        office,
        words,
        paper: taking.paper,
        seen: household.stepped,
        state: rule.state.clone(),
        owed: owed(app, rule),
        case_due: next.as_ref().and(procedure.last_day(&steps, &app.rules.holidays)),
        review: review(app, procedure, rule, (&household, benefit.as_ref()), on),
        kept_until: kept_until(app, &cases, benefit.as_ref()),
        next,
        benefit,
    };
    Ok(app.recorder.record(actor, Act::TakeStep(step)).await?)
}

/// The procedure of the case that goes on, or of one that begins, and the number of
/// the case.
fn going_on<'a>(
    app: &'a App,
    cases: &Cases,
    household: &Household,
    wanted: &str,
) -> Result<(&'a Procedure, i64), LivingError> {
    let unknown = |code: &str| LivingError::NoProcedure(code.to_owned());
    let named = |code: &str| app.rules.procedure(code).ok_or_else(|| unknown(code));
    match cases.open() {
        Some(case) if wanted.is_empty() || wanted == case.procedure => {
            Ok((named(&case.procedure)?, case.no))
        }
        Some(case) => Err(LivingError::Runs(case.no)),
        None if wanted.is_empty() => Err(LivingError::NoCase),
        None => {
            let procedure = named(wanted)?;
            if !procedure.begins.contains(&household.state) {
                let state = app.rules.state(&household.state);
                return Err(LivingError::NotNow {
                    procedure: procedure.name.clone(),
                    state: state.map_or_else(|| household.state.clone(), |one| one.name.clone()),
                });
            }
            let last = cases.cases.last().map_or(0, |case| case.no);
            Ok((procedure, last + 1))
        }
    }
}

/// What the step does to the allowance.
fn decided(
    app: &App,
    rule: &StepRule,
    cases: &Cases,
    giving: Option<Giving>,
    (on, people): (Date, u32),
) -> Result<Option<Benefit>, LivingError> {
    let (effect, giving) = match (rule.benefit, giving) {
        (None, None) => return Ok(None),
        (None, Some(_)) => return Err(LivingError::Benefit("this step decides no allowance")),
        (Some(Effect::Stop), None) => (Effect::Stop, Giving::default()),
        (Some(_), None) => return Err(LivingError::Benefit("the allowance has to be decided")),
        (Some(effect), Some(giving)) => (effect, giving),
    };
    let this = Month::of(on);
    let from = giving.from.unwrap_or_else(|| this.next());
    let before = cases.paid_in(from).or_else(|| cases.paid_in(this));
    let category = match (giving.category.trim(), before) {
        ("", Some(before)) => before.category.clone(),
        (category, _) => category.to_owned(),
    };
    if effect != Effect::Stop && app.rules.category(&category).is_none() {
        return Err(LivingError::Benefit("the category is one of the rules, such as B"));
    }
    let covered = before.and_then(|one| u32::try_from(one.persons).ok());
    let persons = match effect {
        Effect::Stop => 0,
        _ => giving.persons.or(covered).unwrap_or(people),
    };
    let amount = match giving.amount.trim() {
        "" => Fen::new(0),
        typed => typed.parse().map_err(|_| {
            LivingError::Benefit("an amount is yuan with at most two decimals, such as 1120.00")
        })?,
    };
    let until = giving.until;
    let benefit = Benefit { effect, category, persons, amount, from, until, departs: None };
    let paid = before.and_then(|one| u64::try_from(one.amount).ok()).unwrap_or(0);
    let longest = app.rules.phase_out;
    let standing = Standing { paid: Fen::new(paid), people, phasing: cases.phasing(), longest };
    benefit.check(standing, this)?;
    Ok(Some(benefit))
}

/// Refuses to pay for somebody who is still paid for in the household that was left.
async fn counted_once(app: &App, no: &HouseholdNo, from: Month) -> Result<(), LivingError> {
    let mut tx = app.db.read().await?;
    if super::kinship::counted_there(&mut tx, no, from).await? {
        return Err(LivingError::Told {
            zh: "分出来的那一户，那个月的待遇还算着这些人：先办它的减发，或从以后的月份起。",
            en: "the household these persons came from is paid for them in that month: reduce it \
                 first, or begin with a later month",
        });
    }
    Ok(())
}

/// 与测算不同: why a decision is not what the standard comes to; none where it is, or
/// where there is no standard or no income. An income that is no amount is refused:
/// whether the decision departs could not be said.
fn departure(
    standards: &Standards,
    family: &statements::Family,
    household: &Household,
    benefit: &Benefit,
    why: &str,
) -> Result<Option<Departure>, LivingError> {
    let of = (household.organisation.as_str(), benefit.category.as_str());
    let computed = assessment::of_family(standards, family, of, benefit.persons, benefit.from)?;
    let Some(computed) = computed.and_then(|one| u64::try_from(one.amount).ok()).map(Fen::new)
    else {
        return Ok(None);
    };
    if computed == benefit.amount {
        return Ok(None);
    }
    let words = short(why, Departure::MOST);
    let words = words.filter(|words| words.chars().count() >= Departure::FEWEST);
    let words = words.ok_or(LivingError::Departs { decided: benefit.amount, computed })?;
    Ok(Some(Departure { computed, words }))
}

/// The papers that the step leaves.
fn owed(app: &App, rule: &StepRule) -> Vec<Owed> {
    let kinds = rule.papers.iter().filter_map(|code| app.profile.type_of(code));
    kinds.map(|kind| Owed { type_code: kind.code.clone(), collector: kind.collector }).collect()
}

/// When the household is reviewed next, where the step says so.
fn review(
    app: &App,
    procedure: &Procedure,
    rule: &StepRule,
    (household, benefit): (&Household, Option<&Benefit>),
    on: Date,
) -> Option<Date> {
    let months = |category: &str| app.rules.category(category).map(|one| one.months);
    match benefit {
        Some(benefit) if benefit.effect == Effect::Stop => None,
        Some(benefit) => match benefit.until {
            Some(until) => Some(until.last()),
            None => Some(months_after(on, months(&benefit.category)?)),
        },
        None if procedure.review && rule.ends => {
            Some(months_after(on, months(&household.category)?))
        }
        None => None,
    }
}

/// Until when the file is kept at least, once it is known when the allowance ends: the
/// term of volumes, from the end of the last month that is paid.
fn kept_until(app: &App, cases: &Cases, benefit: Option<&Benefit>) -> Option<Date> {
    let benefit = benefit?;
    let last = match (benefit.effect, benefit.until) {
        (Effect::Stop, _) => {
            let stopped = benefit.from.before(1);
            // A phase-out may have ended before.
            order::phase_out_ends(cases).map_or(stopped, |last| last.min(stopped))
        }
        (_, until) => until?,
    };
    let years = app.profile.retention_of(&app.profile.volume.retention)?.years?;
    Some(months_after(last.last(), years.saturating_mul(12)))
}
