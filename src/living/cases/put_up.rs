//! 公示: the notices that steps stand on, put up in the case they belong to.

use jiff::civil::Date;

use super::super::LivingError;
use super::Cases;
use crate::app::App;
use crate::catalog::cases::StepRow;
use crate::catalog::notices;
use crate::model::id::{DocumentId, HouseholdNo};
use crate::model::notice::{Hung, NoticeKind};
use crate::model::procedure::{Procedure, StepRule};

/// A step of a case that is about to be taken.
pub(super) struct Next<'a> {
    pub(super) procedure: &'a Procedure,
    pub(super) rule: &'a StepRule,
    pub(super) cases: &'a Cases,
    /// The number of the case.
    pub(super) case: i64,
    /// On which day.
    pub(super) on: Date,
}

impl Next<'_> {
    fn steps(&self) -> impl Iterator<Item = &StepRow> {
        self.cases.steps.iter().filter(|one| one.case_no == self.case)
    }

    /// The day from which on what a step of the case tells can be put up: the last one of
    /// the steps before it. What hangs from an earlier case was about something else.
    fn since(&self, step: &StepRule) -> String {
        let before = self.steps().filter(|one| step.after.contains(&one.step));
        before.map(|one| one.on_day.clone()).max().unwrap_or_default()
    }

    /// Whether the notice is up that the step is about, unless the paper shows it; and
    /// whether what was proposed before it hung as long as the rules want, unless a paper
    /// showed that.
    ///
    /// # Errors
    /// When it does not hang, or did not for its days.
    pub(super) async fn was_put_up(
        &self,
        app: &App,
        no: &HouseholdNo,
        paper: Option<DocumentId>,
    ) -> Result<(), LivingError> {
        if let Some(kind) = self.rule.notice.filter(|_| paper.is_none()) {
            let mut tx = app.db.read().await?;
            let all = notices::hung(&mut tx, no, kind).await?;
            if !self.own(self.rule, &all).any(|one| one.is_up(self.on)) {
                return Err(LivingError::NotPutUp(kind));
            }
        }
        for step in self.rule.after.iter().filter_map(|code| self.procedure.step(code)) {
            let shown = self.steps().any(|one| one.step == step.code && one.paper.is_some());
            let proposed = step.notice.filter(|kind| *kind == NoticeKind::Proposed);
            let Some(kind) = proposed.filter(|_| !shown) else { continue };
            let days = app.rules.notice_days;
            let mut tx = app.db.read().await?;
            let all = notices::hung(&mut tx, no, kind).await?;
            if !self.own(step, &all).any(|one| one.had_its_days(days, self.on)) {
                return Err(LivingError::TakenDown { kind, days });
            }
        }
        Ok(())
    }

    /// Those that were put up in this case for a step of it.
    fn own<'a>(&self, step: &StepRule, all: &'a [Hung]) -> impl Iterator<Item = &'a Hung> {
        let since = self.since(step);
        all.iter().filter(move |one| one.from.to_string() >= since)
    }
}
