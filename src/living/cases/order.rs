//! What a household has behind it: no step is dated before that.

use jiff::civil::Date;

use super::super::LivingError;
use super::Cases;
use crate::catalog::kinship;
use crate::db::{DbError, Tx};
use crate::model::id::HouseholdNo;
use crate::model::month::Month;
use crate::model::procedure::{Behind, MoveError, StepRule};

/// The day on which household `no` was split off another one, if it was.
///
/// # Errors
/// When the database refuses.
pub(super) async fn split_on(tx: &mut Tx, no: &HouseholdNo) -> Result<Option<Date>, DbError> {
    let links = kinship::of_household(tx, no).await?;
    let own = links
        .iter()
        .find(|one| one.kind == "split" && one.target == no.as_str() && one.voided.is_none());
    Ok(own.and_then(|one| one.on_day.parse().ok()))
}

/// Whether a step of the case may be taken on the day `on`: not before the household was
/// split off, nor before its last case began, nor before its last decision; and where it
/// ends a phase-out, not before that is over.
///
/// # Errors
/// Which of them it would come before.
pub(super) fn follows(
    rule: &StepRule,
    (cases, case): (&Cases, i64),
    split: Option<Date>,
    on: Date,
) -> Result<(), LivingError> {
    let last = cases.cases.iter().rfind(|one| one.no < case).map(|one| one.begun.as_str());
    let decided = cases.benefits.last().map(|one| one.entry);
    let decided = cases.steps.iter().find(|one| Some(one.entry) == decided);
    let day = |text: &str| text.parse::<Date>().ok();
    let behind = [
        (Behind::Split, split),
        (Behind::Case, last.and_then(day)),
        (Behind::Decision, decided.and_then(|one| day(&one.on_day))),
    ];
    for (behind, day) in behind {
        if let Some(day) = day.filter(|day| on < *day) {
            return Err(MoveError::Sooner { step: rule.called(), behind, on: day }.into());
        }
    }
    match phase_out_ends(cases).filter(|_| rule.expired).map(|last| last.next().first()) {
        Some(from) if on < from => {
            let (step, rule) = (rule.called(), rule.rule.clone());
            Err(MoveError::TooEarly { step, from, rule }.into())
        }
        _ => Ok(()),
    }
}

/// The last month of the phase-out that was decided last, when nothing was decided since.
pub(super) fn phase_out_ends(cases: &Cases) -> Option<Month> {
    cases.benefits.last().and_then(|one| one.until_month.parse().ok())
}
