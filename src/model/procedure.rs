//! 办理程序: which steps a case has, which can be taken now, and by when. The steps
//! are data (`schemas/rules/procedures.toml`); here is what they mean.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::benefit::Effect;
use super::profile::Collector;
use super::workdays::{Holidays, Limit, after};

/// 状态 of a household.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HouseholdState {
    /// Such as `receiving`.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
}

/// 类别 of households that receive the allowance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Category {
    /// Such as `B`.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// How many months after a review the next one is due.
    pub months: u16,
}

/// How long after another step one is taken at the earliest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wait {
    /// Days of the calendar.
    pub days: u16,
    /// After which step.
    pub since: String,
}

/// 环节: a step of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepRule {
    /// Such as `visit`.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// Who takes it.
    pub level: Collector,
    /// The steps that come before it, all of them.
    #[serde(default)]
    pub after: Vec<String>,
    /// The steps after which it is too late.
    #[serde(default)]
    pub before: Vec<String>,
    /// Whether the usual way goes past it.
    #[serde(default)]
    pub aside: bool,
    /// Whether it can be taken several times.
    #[serde(default)]
    pub again: bool,
    /// Whether the case ends with it.
    #[serde(default)]
    pub ends: bool,
    /// By when.
    #[serde(default)]
    pub limit: Option<Limit>,
    /// Not before.
    #[serde(default)]
    pub wait: Option<Wait>,
    /// Whether it is taken only once the phase-out is over.
    #[serde(default)]
    pub expired: bool,
    /// How many people have to be named who did it.
    #[serde(default)]
    pub people: u8,
    /// Whether the department has to be named that gives its opinion.
    #[serde(default)]
    pub office: bool,
    /// Whether it needs words: a reason, an opinion.
    #[serde(default)]
    pub words: bool,
    /// What it does to the allowance.
    #[serde(default)]
    pub benefit: Option<Effect>,
    /// The state of the household from then on.
    #[serde(default)]
    pub state: Option<String>,
    /// 件种 that it leaves in the file.
    #[serde(default)]
    pub papers: Vec<String>,
    /// Where it is written.
    pub rule: String,
}

/// 程序: what is done in a case of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Procedure {
    /// Such as `application`.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// In which states of a household it can begin.
    pub begins: Vec<String>,
    /// By when it ends.
    #[serde(default)]
    pub limit: Option<Limit>,
    /// Whether it is the review that the calendar asks for.
    #[serde(default)]
    pub review: bool,
    /// Its steps, in the usual order.
    #[serde(rename = "step")]
    pub steps: Vec<StepRule>,
}

/// A step that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// Which.
    pub step: String,
    /// On which day.
    pub on: Date,
}

/// 现在停在: the step a case waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting<'a> {
    /// Which.
    pub step: &'a StepRule,
    /// The last day, where there is one.
    pub due: Option<Date>,
}

/// What a step is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Called {
    /// Its code.
    pub code: String,
    /// Chinese name.
    pub zh: String,
    /// English name.
    pub en: String,
}

/// Its code, for programs and logs.
impl std::fmt::Display for Called {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.code)
    }
}

impl StepRule {
    /// What it is called.
    #[must_use]
    pub fn called(&self) -> Called {
        Called { code: self.code.clone(), zh: self.name.clone(), en: self.name_en.clone() }
    }
}

/// Why a step cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MoveError {
    /// The procedure has no such step.
    #[error("there is no step {0:?}")]
    Unknown(String),
    /// The case is over.
    #[error("the case has ended")]
    Over,
    /// It was taken.
    #[error("step {0} has been taken")]
    Twice(Called),
    /// Another step comes first.
    #[error("step {step} comes after {first} ({rule})")]
    First {
        /// The step that was wanted.
        step: Called,
        /// The one that is missing.
        first: Called,
        /// Where it is written.
        rule: String,
    },
    /// It is too late for it.
    #[error("step {step} comes before {then} ({rule})")]
    TooLate {
        /// The step that was wanted.
        step: Called,
        /// The one that was taken already.
        then: Called,
        /// Where it is written.
        rule: String,
    },
    /// It is taken later.
    #[error("step {step} cannot be taken before {from} ({rule})")]
    TooEarly {
        /// The step that was wanted.
        step: Called,
        /// The first day on which it can be.
        from: Date,
        /// Where it is written.
        rule: String,
    },
    /// Its day is before that of a step it follows.
    #[error("step {step} cannot be earlier than {first} on {on}")]
    Backwards {
        /// The step that was wanted.
        step: Called,
        /// The step it follows.
        first: Called,
        /// The day of that one.
        on: Date,
    },
    /// Its day is before something else that the household has behind it.
    #[error("step {step} cannot be earlier than {on}, when {behind}")]
    Sooner {
        /// The step that was wanted.
        step: Called,
        /// What that is.
        behind: Behind,
        /// The day of it.
        on: Date,
    },
}

/// What a household has behind it when a case goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Behind {
    /// The case before began.
    Case,
    /// Its allowance was decided last.
    Decision,
    /// It became a household of its own.
    Split,
}

impl Behind {
    /// In Chinese, after a day.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Case => "前一宗开始",
            Self::Decision => "上一次待遇决定",
            Self::Split => "分户",
        }
    }
}

impl std::fmt::Display for Behind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Case => "the case before it began",
            Self::Decision => "the allowance was decided last",
            Self::Split => "the household became one of its own",
        })
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
        if !rule.again && was(&rule.code) {
            return Err(MoveError::Twice(rule.called()));
        }
        let (step, written) = (rule.called(), rule.rule.clone());
        if let Some(first) = rule.after.iter().find(|step| !was(step)) {
            return Err(MoveError::First { step, first: self.called(first), rule: written });
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
        let step = self.offered(taken).into_iter().find(|one| !one.aside)?;
        let due = step.limit.as_ref().and_then(|limit| end(limit, taken, holidays));
        Some(Waiting { step, due })
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
        steps.iter().map(|(step, on)| Taken { step: (*step).to_owned(), on: *on }).collect()
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

    proptest! {
        /// Whatever is chosen of what is offered, a case neither gets stuck nor takes
        /// a step before its time.
        #[test]
        fn every_way_leads_to_an_end(choices in prop::collection::vec(any::<u8>(), 40)) {
            let rules = rules();
            for case in &rules.procedures {
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
                    steps.push(Taken { step, on: day });
                    let waits = case.waiting(&steps, &rules.holidays).is_some();
                    prop_assert_eq!(waits, !case.is_over(&steps));
                }
            }
        }
    }
}
