//! 存量接收 of a roster: the step by which a household that is opened goes on with the
//! allowance that the roster says.

use jiff::civil::Date;

use super::{Cases, kept_until, level, months_after, owed};
use crate::app::App;
use crate::living::LivingError;
use crate::model::access::Actor;
use crate::model::benefit::Benefit;
use crate::model::codes::procedure::{CARRIED_OVER, CARRY};
use crate::model::id::HouseholdNo;
use crate::model::living::Step;
use crate::model::procedure::{Procedure, StepRule};
use crate::model::roster_file::decided_on;

/// What stands with the decision as its reason.
const WORDS: &str = "照花名册接收";

/// How households are carried over, by the rules.
#[derive(Debug, Clone, Copy)]
pub(in crate::living) struct Carrying<'a> {
    app: &'a App,
    procedure: &'a Procedure,
    rule: &'a StepRule,
}

impl<'a> Carrying<'a> {
    /// As the rules have it.
    ///
    /// # Errors
    /// When those of the bureau have no such step.
    pub(in crate::living) fn by(app: &'a App) -> Result<Self, LivingError> {
        let unknown = || LivingError::NoProcedure(CARRIED_OVER.to_owned());
        let procedure = app.rules.procedure(CARRIED_OVER).ok_or_else(unknown)?;
        let rule = procedure.step(CARRY).ok_or_else(unknown)?;
        Ok(Self { app, procedure, rule })
    }

    /// Refuses whom the step does not belong to.
    ///
    /// # Errors
    /// When it is of another level.
    pub(in crate::living) fn may(&self, actor: &Actor) -> Result<(), LivingError> {
        if level(&actor.organisation) < self.rule.level {
            return Err(LivingError::OtherLevel(self.rule.level));
        }
        Ok(())
    }

    /// The first step of household `no`. The decision is of the first day of its first month,
    /// so that what was done since can still be entered.
    pub(in crate::living) fn step(&self, no: &HouseholdNo, benefit: Benefit, today: Date) -> Step {
        let Self { app, procedure, rule } = *self;
        let on = decided_on(benefit.from, today);
        Step {
            household: no.clone(),
            case: 1,
            procedure: procedure.code.clone(),
            step: rule.code.clone(),
            called: format!("{}：{}", procedure.name, rule.name),
            on,
            people: Vec::new(),
            office: String::new(),
            words: WORDS.to_owned(),
            paper: None,
            seen: None,
            state: rule.state.clone(),
            owed: owed(app, rule),
            next: None,
            case_due: None,
            review: self.review(&benefit.category, on, today),
            kept_until: kept_until(app, &Cases::default(), Some(&benefit)),
            benefit: Some(benefit),
        }
    }

    /// The next day on which the household would be reviewed if it had always been since the
    /// decision: those before this archive had it are not owed here.
    fn review(&self, category: &str, on: Date, today: Date) -> Option<Date> {
        let months = self.app.rules.category(category)?.months.max(1);
        let all = (1_u16..).map(|times| months_after(on, months.saturating_mul(times)));
        all.take(2000).find(|day| *day >= today)
    }
}
