//! What was done in time: the steps that have a last day, the reviews, and how long cases
//! took. Last days are those of the rules as they are now.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Date;

use super::super::computed::Place;
use crate::app::App;
use crate::catalog::statistics::{self as catalog, Walked, Wanted};
use crate::db::{DbError, Tx};
use crate::model::access::Scope;
use crate::model::benefit::Effect;
use crate::model::month::Month;
use crate::model::procedure::Taken;
use crate::model::rules::Rules;
use crate::model::statistics::Figure;
use crate::model::workdays::{Holidays, after, months_after};

/// A step, a review or a case of the period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Counts {
    pub figure: Figure,
    pub about: String,
    pub household: String,
    pub head: String,
    pub organisation: String,
    pub day: String,
    /// The code of the step.
    pub step: String,
    /// The code of the procedure.
    pub procedure: String,
    /// The last day there was, if there was one.
    pub due: Option<Date>,
    /// How many working days it took, of a case.
    pub days: Option<i64>,
    pub entry: i64,
}

/// What of the period was done in time, household by household; kept until another step
/// is taken.
pub(super) async fn walked(
    app: &App,
    tx: &mut Tx,
    visible: &Scope,
    wanted: &Wanted,
) -> Result<Arc<Vec<Counts>>, DbError> {
    let key = format!("walked {} {wanted:?}", visible.prefix());
    let place = Place::of(tx, &["take_step"], key).await?;
    if let Some(found) = app.computed.get(&place) {
        return Ok(found);
    }
    let steps = catalog::walked(tx, visible, wanted).await?;
    let first = wanted.period.days().0;
    let households = steps.chunk_by(|one, next| one.household == next.household);
    let found: Arc<Vec<Counts>> =
        Arc::new(households.flat_map(|steps| of_household(&app.rules, steps, first)).collect());
    Ok(app.computed.keep(place, found.len(), found))
}

/// Goes through the steps of one household; those before `first` only count for what
/// comes after them.
fn of_household(rules: &Rules, steps: &[Walked], first: Date) -> Vec<Counts> {
    let mut found = Vec::new();
    let mut cases: HashMap<i64, Vec<Taken>> = HashMap::new();
    let (mut review_due, mut category) = (None, String::new());
    for one in steps {
        let Some(procedure) = rules.procedure(&one.procedure) else { continue };
        let Ok(on) = one.on_day.parse::<Date>() else { continue };
        let taken = cases.entry(one.case_no).or_default();
        let rule = procedure.step(&one.step);
        let counts = |figure, about: &str, due: Option<Date>, days| Counts {
            figure,
            about: about.to_owned(),
            household: one.household.clone(),
            head: one.head.clone(),
            organisation: one.organisation.clone(),
            day: one.on_day.clone(),
            step: one.step.clone(),
            procedure: one.procedure.clone(),
            due,
            days,
            entry: one.entry,
        };
        let in_time = |due: Date| if on <= due { "in_time" } else { "late" };
        let before = taken.len();
        taken.push(Taken { step: one.step.clone(), on, office: one.office.clone() });
        // What several departments sign is over with the last of them.
        let whole = rule.filter(|rule| rule.unsigned(taken).is_empty());
        if let Some(limit) = whole.and_then(|rule| rule.limit.as_ref()) {
            let since = taken.iter().take(before).rev().find(|before| before.step == limit.since);
            let due = since.map(|since| rules.holidays.end_of(limit, since.on));
            if let Some(due) = due.filter(|_| on >= first) {
                found.push(counts(Figure::Steps, in_time(due), Some(due), None));
            }
        }
        let ends = rule.is_some_and(|rule| rule.ends);
        if ends && on >= first {
            let begun = taken.first().map_or(on, |begun| begun.on);
            let days = Some(worked(&rules.holidays, begun, on));
            found.push(counts(Figure::Cases, &one.procedure, None, days));
            if procedure.review {
                let about = review_due.map_or("in_time", in_time);
                found.push(counts(Figure::Reviews, about, review_due, None));
            }
        }
        if !one.category.is_empty() {
            category.clone_from(&one.category);
        }
        // As taking a step sets it.
        let next = || Some(months_after(on, rules.category(&category)?.months));
        review_due = match one.effect.as_str() {
            stop if stop == Effect::Stop.as_str() => None,
            "" if procedure.review && ends => next(),
            "" => review_due,
            _ => match one.until_month.parse::<Month>() {
                Ok(until) => Some(until.last()),
                Err(_) => next(),
            },
        };
    }
    found
}

/// How many working days are after `from` up to `until`.
fn worked(holidays: &Holidays, from: Date, until: Date) -> i64 {
    let (mut day, mut count) = (from, 0);
    while day < until && day < Date::MAX {
        day = after(day, 1);
        count += i64::from(holidays.is_worked(day));
    }
    count
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn only_worked_days_count() {
        let holidays =
            Holidays::parse(include_str!("../../../schemas/rules/holidays.toml")).unwrap();
        // From a Friday over a weekend.
        assert_eq!(worked(&holidays, date(2026, 11, 20), date(2026, 11, 23)), 1);
        assert_eq!(worked(&holidays, date(2026, 11, 23), date(2026, 11, 23)), 0);
        assert_eq!(worked(&holidays, date(2026, 11, 23), date(2026, 11, 30)), 5);
        assert_eq!(worked(&holidays, date(2026, 11, 24), date(2026, 11, 23)), 0);
    }
}
