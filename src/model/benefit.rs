//! 待遇: what decisions give a household a month, and which of them can be made
//! (民发〔2021〕57号, arts 23, 32 and 33).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::money::Fen;
use super::month::Month;

/// What a decision does to the allowance of a household.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = BenefitEffect)]
pub enum Effect {
    /// 核定: it begins.
    Grant,
    /// 增发
    Raise,
    /// 减发
    Reduce,
    /// 渐退: it goes on for some months, and ends.
    PhaseOut,
    /// 停发
    Stop,
}

impl Effect {
    /// As it stands in acts, rules and SQL.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Grant => "grant",
            Self::Raise => "raise",
            Self::Reduce => "reduce",
            Self::PhaseOut => "phase_out",
            Self::Stop => "stop",
        }
    }

    /// That of a code.
    #[must_use]
    pub fn named(code: &str) -> Option<Self> {
        let all = [Self::Grant, Self::Raise, Self::Reduce, Self::PhaseOut, Self::Stop];
        all.into_iter().find(|one| one.as_str() == code)
    }

    /// What it is called in Chinese.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Grant => "核定",
            Self::Raise => "增发",
            Self::Reduce => "减发",
            Self::PhaseOut => "渐退",
            Self::Stop => "停发",
        }
    }

    /// What it is called in English.
    #[must_use]
    pub const fn en(self) -> &'static str {
        match self {
            Self::Grant => "Granted",
            Self::Raise => "Raised",
            Self::Reduce => "Reduced",
            Self::PhaseOut => "Phased out",
            Self::Stop => "Stopped",
        }
    }
}

/// 待遇: what a decision gives a household from a month on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Benefit {
    /// What it does.
    pub effect: Effect,
    /// 类别 of the household.
    pub category: String,
    /// 保障人数
    pub persons: u32,
    /// 月保障金 of the household, in 分; 0 when it is stopped.
    pub amount: Fen,
    /// The first month it is so.
    #[schema(value_type = String)]
    pub from: Month,
    /// The last month, of a phase-out.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub until: Option<Month>,
    /// 与测算不同: why it is not what the standard comes to; none where it is, where
    /// nothing could be computed, and in acts of before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub departs: Option<Departure>,
}

/// A decision that is not what was computed (测算).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BenefitDeparture)]
pub struct Departure {
    /// What was computed, in 分.
    pub computed: Fen,
    /// Why the decision is another.
    pub words: String,
}

impl Departure {
    /// The fewest characters of the reason.
    pub const FEWEST: usize = 2;
    /// The most.
    pub const MOST: usize = 500;
}

/// What there is to decide about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// What is paid now.
    pub paid: Fen,
    /// How many live in the household.
    pub people: u32,
    /// The first month of the phase-out it is in, if it is.
    pub phasing: Option<Month>,
    /// The most months of a phase-out (art. 33).
    pub longest: u16,
}

/// A rule that a decision on the allowance breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BenefitRule {
    /// It has to say how much.
    #[error("an amount above zero, and for how many persons")]
    Nothing,
    /// It is not more than before.
    #[error("a raise gives more than {0} yuan, which is paid now")]
    NotMore(Fen),
    /// It is not less than before.
    #[error("a reduction gives less than {0} yuan, which is paid now")]
    NotLess(Fen),
    /// More persons than there are.
    #[error("{0} persons live in the household, no more can be covered")]
    Persons(u32),
    /// The month is none it can begin with.
    #[error("the month is neither before the one paid last nor more than a year away")]
    Month,
    /// A phase-out ends, however often it is decided anew.
    #[error("a phase-out ends after 1 to {0} months in all")]
    PhaseOut(u16),
}

impl Benefit {
    /// Whether the decision can be made in the month `this`, as the household stands.
    ///
    /// # Errors
    /// Which rule it breaks.
    pub fn check(&self, standing: Standing, this: Month) -> Result<(), BenefitRule> {
        let Standing { paid, people, phasing, longest } = standing;
        let nothing = self.amount == Fen::new(0) || self.persons == 0;
        match self.effect {
            Effect::Stop if self.amount == Fen::new(0) && self.until.is_none() => {}
            Effect::Stop => return Err(BenefitRule::Nothing),
            _ if nothing => return Err(BenefitRule::Nothing),
            Effect::Raise if self.amount <= paid => return Err(BenefitRule::NotMore(paid)),
            Effect::Reduce if self.amount >= paid => return Err(BenefitRule::NotLess(paid)),
            _ => {}
        }
        if self.persons > people {
            return Err(BenefitRule::Persons(people));
        }
        if self.from < this || self.from > this.plus(12) {
            return Err(BenefitRule::Month);
        }
        match (self.effect, self.until) {
            (Effect::PhaseOut, Some(until))
                if until >= self.from && until < phasing.unwrap_or(self.from).plus(longest) =>
            {
                Ok(())
            }
            (Effect::PhaseOut, _) => Err(BenefitRule::PhaseOut(longest)),
            (_, Some(_)) => Err(BenefitRule::PhaseOut(longest)),
            (_, None) => Ok(()),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const THIS: fn() -> Month = || Month::of(date(2026, 11, 28));

    fn fen(yuan: u64) -> Fen {
        Fen::new(yuan * 100)
    }

    fn benefit(effect: Effect, amount: Fen) -> Benefit {
        let from = THIS().next();
        Benefit {
            effect,
            category: "B".to_owned(),
            persons: 2,
            amount,
            from,
            until: None,
            departs: None,
        }
    }

    #[test]
    fn a_decision_does_what_it_is_called() {
        use Effect::{Grant, PhaseOut, Raise, Reduce, Stop};
        let standing = Standing { paid: fen(1000), people: 2, phasing: None, longest: 6 };
        let check = |one: Benefit| one.check(standing, THIS());
        assert_eq!(check(benefit(Grant, fen(0))), Err(BenefitRule::Nothing));
        assert_eq!(check(benefit(Raise, fen(1000))), Err(BenefitRule::NotMore(fen(1000))));
        assert_eq!(check(benefit(Reduce, fen(1000))), Err(BenefitRule::NotLess(fen(1000))));
        assert_eq!(check(benefit(Raise, fen(1001))), Ok(()));
        assert_eq!(check(benefit(Stop, fen(0))), Ok(()));
        assert_eq!(check(benefit(Stop, fen(1))), Err(BenefitRule::Nothing));
        let many = Benefit { persons: 3, ..benefit(Grant, fen(1)) };
        assert_eq!(check(many), Err(BenefitRule::Persons(2)));
        let early = Benefit { from: Month::of(date(2026, 10, 1)), ..benefit(Grant, fen(1)) };
        assert_eq!(check(early), Err(BenefitRule::Month));
        let phase =
            |months| Benefit { until: Some(THIS().plus(months)), ..benefit(PhaseOut, fen(800)) };
        assert_eq!(check(phase(6)), Ok(()));
        assert_eq!(check(phase(7)), Err(BenefitRule::PhaseOut(6)));
        assert_eq!(check(phase(0)), Err(BenefitRule::PhaseOut(6)));
        assert_eq!(check(benefit(PhaseOut, fen(800))), Err(BenefitRule::PhaseOut(6)));
        // It is not longer for being decided twice.
        let since = THIS().before(2);
        let again = Standing { phasing: Some(since), ..standing };
        assert_eq!(phase(3).check(again, THIS()), Ok(()));
        assert_eq!(phase(4).check(again, THIS()), Err(BenefitRule::PhaseOut(6)));
    }
}
