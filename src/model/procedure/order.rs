//! 先后: which steps of a case can be taken after others, and which one it waits for.

use jiff::civil::Date;

use super::{Called, MoveError, Procedure, StepRule};
use crate::model::workdays::{Holidays, Limit, after};

/// A step that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// Which.
    pub step: String,
    /// On which day.
    pub on: Date,
    /// 联签单位: the department that signed, or empty.
    pub office: String,
}

/// 现在停在: the step a case waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting<'a> {
    /// Which.
    pub step: &'a StepRule,
    /// The last day, where there is one.
    pub due: Option<Date>,
}

impl StepRule {
    /// The departments that have still to sign it.
    #[must_use]
    pub fn unsigned(&self, taken: &[Taken]) -> Vec<&str> {
        let signed = |office: &str| {
            taken.iter().any(|one| one.step == self.code && one.office.as_str() == office)
        };
        self.offices.iter().map(String::as_str).filter(|office| !signed(office)).collect()
    }

    /// Whether it was taken, and signed by every department that has to.
    fn is_done(&self, taken: &[Taken]) -> bool {
        taken.iter().any(|one| one.step == self.code) && self.unsigned(taken).is_empty()
    }
}

impl Procedure {
    /// The step of that code.
    #[must_use]
    pub fn step(&self, code: &str) -> Option<&StepRule> {
        self.steps.iter().find(|one| one.code == code)
    }

    /// Whether a case of these steps is over.
    #[must_use]
    pub fn is_over(&self, taken: &[Taken]) -> bool {
        taken.iter().any(|one| self.step(&one.step).is_some_and(|rule| rule.ends))
    }

    /// The rule of a step, when it can be taken on the day `on` after the others.
    ///
    /// # Errors
    /// Which rule it breaks.
    pub fn allows(&self, code: &str, taken: &[Taken], on: Date) -> Result<&StepRule, MoveError> {
        let rule = self.comes(code, taken)?;
        let step = || rule.called();
        if let Some(wait) = &rule.wait {
            let since = taken.iter().rev().find(|one| one.step == wait.since);
            let from = since.map(|one| after(one.on, wait.days));
            if let Some(from) = from.filter(|from| on < *from) {
                return Err(MoveError::TooEarly { step: step(), from, rule: rule.rule.clone() });
            }
        }
        let follows = |one: &&Taken| rule.after.contains(&one.step) && on < one.on;
        match taken.iter().find(follows) {
            Some(first) => Err(MoveError::Backwards {
                step: step(),
                first: self.called(&first.step),
                on: first.on,
            }),
            None => Ok(rule),
        }
    }

    /// What the step of that code is called.
    fn called(&self, code: &str) -> Called {
        let unknown = || Called { code: code.to_owned(), zh: code.to_owned(), en: code.to_owned() };
        self.step(code).map_or_else(unknown, StepRule::called)
    }

    /// As [`Procedure::allows`], whatever the day is.
    fn comes(&self, code: &str, taken: &[Taken]) -> Result<&StepRule, MoveError> {
        let rule = self.step(code).ok_or_else(|| MoveError::Unknown(code.to_owned()))?;
        let was = |step: &String| taken.iter().any(|one| one.step == *step);
        if self.is_over(taken) {
            return Err(MoveError::Over);
        }
        if !rule.again && rule.is_done(taken) {
            return Err(MoveError::Twice(rule.called()));
        }
        let (step, written) = (rule.called(), rule.rule.clone());
        if let Some(first) = rule.after.iter().find(|step| !was(step)) {
            return Err(MoveError::First { step, first: self.called(first), rule: written });
        }
        let mut others = rule.after.iter().filter_map(|code| self.step(code));
        if let Some(first) = others.find(|one| !one.is_done(taken)) {
            let offices = first.unsigned(taken).join("、");
            return Err(MoveError::Unsigned {
                step,
                first: first.called(),
                offices,
                rule: written,
            });
        }
        match rule.before.iter().find(|step| was(step)) {
            Some(then) => Err(MoveError::TooLate { step, then: self.called(then), rule: written }),
            None => Ok(rule),
        }
    }

    /// The steps that can be taken now or after a wait, in order.
    #[must_use]
    pub fn offered(&self, taken: &[Taken]) -> Vec<&StepRule> {
        self.steps.iter().filter(|one| self.comes(&one.code, taken).is_ok()).collect()
    }

    /// The step that the case waits for, and its last day; none when it is over.
    #[must_use]
    pub fn waiting(&self, taken: &[Taken], holidays: &Holidays) -> Option<Waiting<'_>> {
        let step = self.usual(taken)?;
        let due = step.limit.as_ref().and_then(|limit| end(limit, taken, holidays));
        Some(Waiting { step, due })
    }

    /// The next step of the usual way.
    fn usual(&self, taken: &[Taken]) -> Option<&StepRule> {
        self.offered(taken).into_iter().find(|one| !one.aside && !one.is_done(taken))
    }

    /// The step behind which the usual way has no other although the case goes on, so that
    /// it would wait for nothing; the code of the case where the way has no step at all.
    #[must_use]
    pub fn dead_end(&self) -> Option<&str> {
        let (mut taken, mut last) = (Vec::new(), self.code.as_str());
        while let Some(step) = self.usual(&taken) {
            last = &step.code;
            let nobody = [String::new()];
            let offices = if step.offices.is_empty() { &nobody[..] } else { &step.offices };
            taken.extend(offices.iter().map(|office| Taken {
                step: step.code.clone(),
                on: Date::ZERO,
                office: office.clone(),
            }));
        }
        (!self.is_over(&taken)).then_some(last)
    }

    /// The last day of the case as a whole, where there is one and it runs.
    #[must_use]
    pub fn last_day(&self, taken: &[Taken], holidays: &Holidays) -> Option<Date> {
        self.limit.as_ref().and_then(|limit| end(limit, taken, holidays))
    }
}

fn end(limit: &Limit, taken: &[Taken], holidays: &Holidays) -> Option<Date> {
    let since = taken.iter().rev().find(|one| one.step == limit.since)?;
    Some(holidays.end_of(limit, since.on))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;
    use crate::model::rules::Rules;

    fn rules() -> Rules {
        Rules::national().unwrap()
    }

    fn taken(steps: &[(&str, Date)]) -> Vec<Taken> {
        let one = |(step, on): &(&str, Date)| Taken {
            step: (*step).to_owned(),
            on: *on,
            office: String::new(),
        };
        steps.iter().map(one).collect()
    }

    #[test]
    fn an_application_goes_its_way() {
        let rules = rules();
        let case = rules.procedure("application").unwrap();
        let mut steps = taken(&[]);
        for (step, on, due) in [
            ("apply", date(2026, 3, 9), None),
            ("accept", date(2026, 3, 9), None),
            ("check", date(2026, 3, 10), Some(date(2026, 3, 12))),
            ("visit", date(2026, 3, 11), Some(date(2026, 3, 12))),
            ("opinion", date(2026, 3, 13), None),
            ("notice", date(2026, 3, 13), None),
            ("confirm", date(2026, 3, 23), Some(date(2026, 4, 3))),
            ("notify", date(2026, 3, 24), Some(date(2026, 3, 26))),
        ] {
            let waiting = case.waiting(&steps, &rules.holidays).unwrap();
            assert_eq!((waiting.step.code.as_str(), waiting.due), (step, due));
            case.allows(step, &steps, on).unwrap();
            steps.extend(taken(&[(step, on)]));
        }
        assert!(case.is_over(&steps));
        assert_eq!(case.waiting(&steps, &rules.holidays), None);
        // 30 working days from the acceptance, over the days of 清明.
        assert_eq!(case.last_day(&steps, &rules.holidays), Some(date(2026, 4, 21)));
    }

    #[test]
    fn what_is_not_its_turn_is_refused_with_the_rule() {
        let rules = rules();
        let case = rules.procedure("application").unwrap();
        let day = date(2026, 3, 9);
        let steps = taken(&[("apply", day), ("accept", day), ("check", day)]);
        assert_eq!(case.allows("fly", &steps, day), Err(MoveError::Unknown("fly".to_owned())));
        assert!(matches!(
            case.allows("apply", &steps, day),
            Err(MoveError::Twice(step)) if step.zh == "申请"
        ));
        assert!(matches!(
            case.allows("opinion", &steps, day),
            Err(MoveError::First { first, rule, .. }) if first.code == "visit" && rule == "art. 19"
        ));
        assert!(matches!(
            case.allows("supplement", &steps, day),
            Err(MoveError::TooLate { then, .. }) if then.code == "accept"
        ));
        assert!(matches!(
            case.allows("visit", &steps, date(2026, 3, 8)),
            Err(MoveError::Backwards { first, .. }) if first.code == "accept"
        ));
        let steps = taken(&[
            ("apply", day),
            ("accept", day),
            ("check", day),
            ("visit", day),
            ("opinion", day),
            ("notice", day),
        ]);
        assert!(matches!(
            case.allows("confirm", &steps, date(2026, 3, 15)),
            Err(MoveError::TooEarly { from, .. }) if from == date(2026, 3, 16)
        ));
        assert!(case.allows("confirm", &steps, date(2026, 3, 16)).is_ok());
        let over = taken(&[("apply", day), ("withdraw", day)]);
        assert_eq!(case.allows("accept", &over, day), Err(MoveError::Over));
    }

    /// The rules of an office where two departments sign every application.
    fn signed() -> Rules {
        let usual = include_str!("../../../schemas/rules/procedures.toml");
        let own = usual
            .replacen(
                "code = \"cosign\"",
                "code = \"cosign\"\noffices = [\"公安局\", \"人社局\"]",
                1,
            )
            .replacen(
                "before = [\"confirm\"]\naside = true\nagain = true\noffice = true",
                "before = [\"confirm\"]\noffice = true",
                1,
            )
            .replacen("after = [\"notice\"]", "after = [\"notice\", \"cosign\"]", 1);
        let own = crate::model::rules::OwnRules::from([("procedures.toml", own)]);
        Rules::with(&own).unwrap()
    }

    #[test]
    fn what_several_departments_sign_waits_for_each_of_them() {
        let rules = signed();
        let case = rules.procedure("application").unwrap();
        let day = date(2026, 3, 9);
        let mut steps = taken(&[("apply", day), ("accept", day), ("check", day), ("visit", day)]);
        let waits = |steps: &[Taken]| case.waiting(steps, &rules.holidays).unwrap().step;
        assert_eq!(waits(&steps).code, "cosign");
        let sign = |office: &str| Taken { step: "cosign".into(), on: day, office: office.into() };
        steps.push(sign("公安局"));
        assert_eq!(waits(&steps).unsigned(&steps), ["人社局"]);
        steps.extend(taken(&[("opinion", day), ("notice", day)]));
        let later = date(2026, 3, 20);
        assert!(matches!(
            case.allows("confirm", &steps, later),
            Err(MoveError::Unsigned { first, offices, .. })
                if first.code == "cosign" && offices == "人社局"
        ));
        // Somebody else's signature is not theirs.
        steps.push(sign("市场监管局"));
        assert!(case.allows("confirm", &steps, later).is_err());
        steps.push(sign("人社局"));
        assert_eq!(waits(&steps).code, "confirm");
        assert!(case.allows("confirm", &steps, later).is_ok());
        assert!(matches!(case.allows("cosign", &steps, later), Err(MoveError::Twice(_))));
    }

    proptest! {
        /// Whatever is chosen of what is offered, a case neither gets stuck nor takes
        /// a step before its time.
        #[test]
        fn every_way_leads_to_an_end(choices in prop::collection::vec(any::<u8>(), 40)) {
            let procedures = [rules(), signed()].map(|one| (one.procedures, one.holidays));
            let all = procedures.iter().flat_map(|(all, days)| all.iter().map(move |one| (one, days)));
            for (case, holidays) in all {
                let mut steps: Vec<Taken> = Vec::new();
                let mut day = date(2026, 3, 9);
                for choice in &choices {
                    let offered = case.offered(&steps);
                    if offered.is_empty() {
                        break;
                    }
                    let step = offered[usize::from(*choice) % offered.len()].code.clone();
                    if let Err(MoveError::TooEarly { from, .. }) = case.allows(&step, &steps, day) {
                        prop_assert!(from > day);
                        day = from;
                    }
                    prop_assert!(case.allows(&step, &steps, day).is_ok());
                    let rule = case.step(&step).unwrap();
                    prop_assert!(rule.after.iter().all(|one| steps.iter().any(|t| t.step == *one)));
                    let office = rule.unsigned(&steps).first().map_or("", |office| office).to_owned();
                    steps.push(Taken { step, on: day, office });
                    let waits = case.waiting(&steps, holidays).is_some();
                    prop_assert_eq!(waits, !case.is_over(&steps));
                }
            }
        }
    }
}
