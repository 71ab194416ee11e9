//! Whether states, categories and procedures go together.

use std::collections::BTreeSet;

use super::super::procedure::{OFFICE, StepRule};
use super::{Rules, RulesError};

impl Rules {
    /// Nothing, when states, categories and procedures go together.
    pub(super) fn check(&self) -> Result<(), RulesError> {
        once("state", self.states.iter().map(|one| &one.code))?;
        once("category", self.categories.iter().map(|one| &one.code))?;
        once("case", self.procedures.iter().map(|one| &one.code))?;
        for case in &self.procedures {
            once(&case.code, case.steps.iter().map(|one| &one.code))?;
            for state in &case.begins {
                known(&case.code, state, self.state(state).is_some())?;
            }
            if let Some(limit) = &case.limit {
                known(&case.code, &limit.since, case.step(&limit.since).is_some())?;
            }
            for step in &case.steps {
                let place = format!("{} of {}", step.code, case.code);
                let since = step.limit.iter().map(|one| &one.since);
                let wait = step.wait.iter().map(|one| &one.since);
                for other in step.after.iter().chain(&step.before).chain(since).chain(wait) {
                    known(&place, other, case.step(other).is_some())?;
                }
                if !is_signed_well(step) {
                    return Err(RulesError::Signed(place));
                }
                if let Some(state) = &step.state {
                    known(&place, state, self.state(state).is_some())?;
                }
            }
            if let Some(step) = case.dead_end() {
                let (case, step) = (case.code.clone(), step.to_owned());
                return Err(RulesError::DeadEnd { case, step });
            }
        }
        Ok(())
    }
}

/// Whether the departments that have to sign a step can, each once, and it turns nothing.
fn is_signed_well(step: &StepRule) -> bool {
    let turns = step.ends || step.state.is_some() || step.benefit.is_some();
    let written = |office: &String| {
        !office.is_empty() && office.trim() == office && office.chars().count() <= OFFICE
    };
    let once = step.offices.iter().collect::<BTreeSet<_>>().len() == step.offices.len();
    step.offices.is_empty() || step.office && !turns && once && step.offices.iter().all(written)
}

pub(super) fn once<'a>(
    what: &str,
    mut codes: impl Iterator<Item = &'a String>,
) -> Result<(), RulesError> {
    let mut seen = BTreeSet::new();
    match codes.find(|code| !seen.insert(*code)) {
        Some(code) => Err(RulesError::Twice(format!("{what} {code}"))),
        None => Ok(()),
    }
}

pub(super) fn known(place: &str, what: &str, there: bool) -> Result<(), RulesError> {
    let unknown = || RulesError::Unknown { place: place.to_owned(), what: what.to_owned() };
    if there { Ok(()) } else { Err(unknown()) }
}
