//! What a household is entitled to in a month, what the roster has, and what the bank
//! says.

use yidang::model::month::Month;

use super::family::{Household, Life, STANDARD};
use super::faults::Kind;

/// An amount for so many persons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// 保障人数
    pub persons: u32,
    /// In 分.
    pub amount: u64,
}

/// What the bank says of one payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer {
    /// In 分.
    pub amount: u64,
    /// Why it was not paid, or empty.
    pub failed: &'static str,
}

impl Household {
    /// What is decided at the beginning.
    #[must_use]
    pub fn granted(&self) -> Due {
        due(self.persons.len(), self.income)
    }

    /// What is decided later; none where it is stopped, or nothing changes.
    #[must_use]
    pub fn changed(&self) -> Option<Due> {
        match self.life {
            Life::Raised(_) => Some(due(self.persons.len(), 0)),
            Life::Smaller(_) => Some(due(self.persons.len() - 1, self.income)),
            _ => None,
        }
    }

    /// What decisions give it.
    #[must_use]
    pub fn entitled(&self, month: Month) -> Option<Due> {
        match self.changes() {
            _ if self.life == Life::Applying => None,
            Some(from) if month >= from => self.changed(),
            _ => Some(self.granted()),
        }
    }

    fn is(&self, kind: Kind, month: Month) -> bool {
        self.faults.iter().any(|one| one.kind == kind && one.month == Some(month))
    }

    /// What the roster has.
    #[must_use]
    pub fn listed(&self, month: Month) -> Option<Due> {
        if self.is(Kind::NotListed, month) {
            return None;
        }
        let goes_on = self.faults.iter().any(|one| one.kind == Kind::StoppedPaid);
        let due = self.entitled(month).or_else(|| goes_on.then(|| self.granted()))?;
        let more = if self.is(Kind::OtherAmount, month) { 1_000 } else { 0 };
        Some(Due { amount: due.amount + more, ..due })
    }

    /// What the bank says of it.
    #[must_use]
    pub fn answers(&self, month: Month) -> Vec<Answer> {
        let Some(due) = self.listed(month) else { return Vec::new() };
        let paid = Answer { amount: due.amount, failed: "" };
        if self.is(Kind::NoAnswer, month) {
            return Vec::new();
        }
        if self.is(Kind::NotPaid, month) {
            return vec![Answer { failed: "账号不符", ..paid }];
        }
        if self.is(Kind::PaidTwice, month) {
            return vec![paid, paid];
        }
        if self.is(Kind::PaidOther, month) {
            return vec![Answer { amount: due.amount - 100, ..paid }];
        }
        vec![paid]
    }
}

fn due(persons: usize, income: u64) -> Due {
    let persons = u32::try_from(persons).unwrap_or(0);
    Due { persons, amount: (STANDARD * u64::from(persons)).saturating_sub(income) * 100 }
}
