//! A district from a seed: households with persons, papers, decisions and years of
//! payments, and the faults that are planted in it. What is made depends on the plan
//! and the list of faults alone. A story and a measurement record it by the same acts
//! that people's work leaves, so the archive is a real one.

mod deeds;
mod dice;
mod expected;
mod family;
mod faults;
mod files;
mod found;
mod life;
mod money;
mod names;
mod numbers;
mod recorded;
mod results;

use jiff::ToSpan;
use yidang::model::id::OrganisationCode;
use yidang::model::month::Month;

pub use expected::Expected;
pub use family::Household;
pub use faults::{Fault, Kind, planted};
pub use files::{RosterFile, carried_file, roster_file};
pub use found::{Found, take};
pub use recorded::{Progress, bank_file, record};
pub use results::results;

/// What goes wrong here.
pub type Failed = Box<dyn std::error::Error + Send + Sync>;

/// The bureau of every district.
pub const BUREAU: &str = "990102000000";

/// How large a district is, and which one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// From which it is drawn.
    pub seed: u64,
    /// How many households it has; three times as many persons, or nearly.
    pub households: usize,
    /// For how many months they are paid, at least 3.
    pub months: u16,
    /// The last of these.
    pub last: Month,
}

impl Plan {
    /// The first month that is paid.
    #[must_use]
    pub fn first(&self) -> Month {
        let back = i64::from(self.months.saturating_sub(1)).months();
        self.last.first().checked_sub(back).map_or(self.last, Month::of)
    }

    /// All months that are paid, in order.
    #[must_use]
    pub fn months(&self) -> Vec<Month> {
        (0..self.months).map(|at| self.first().plus(at)).collect()
    }

    /// How many communities there are: about 500 households in each, and four at
    /// least, of two streets.
    #[must_use]
    pub fn communities(&self) -> usize {
        (self.households / 500).max(4)
    }

    fn communities_of_a_street(&self) -> usize {
        (self.communities() / 2).min(10)
    }

    /// The code of a community: streets count from 010, beside those of other tests.
    #[must_use]
    pub fn community(&self, at: usize) -> String {
        let each = self.communities_of_a_street();
        format!("990102{:03}{:03}", 10 + at / each, 1 + at % each)
    }

    /// All organisations with their names, the bureau first.
    ///
    /// # Errors
    /// Never with codes of this plan.
    pub fn organisations(&self) -> Result<Vec<(OrganisationCode, String)>, Failed> {
        let mut all = vec![(BUREAU.parse()?, "青石县民政局".to_owned())];
        for at in 0..self.communities() {
            let code = self.community(at);
            if code.ends_with("001") {
                let street = format!("{}000", &code[..9]);
                all.push((street.parse()?, format!("第{}街道办事处", &code[6..9])));
            }
            all.push((code.parse()?, format!("第{}社区居民委员会", &code[6..12])));
        }
        Ok(all)
    }
}

/// A district.
#[derive(Debug, Clone)]
pub struct District {
    /// How large it is.
    pub plan: Plan,
    /// What is wrong in it.
    pub faults: Vec<Fault>,
    /// Its households, by number.
    pub households: Vec<Household>,
}

impl District {
    /// The district of a plan with these faults.
    ///
    /// # Errors
    /// When a fault names a household or person it has not.
    pub fn new(plan: Plan, faults: Vec<Fault>) -> Result<Self, Failed> {
        let mut households = Vec::with_capacity(plan.households);
        for at in 0..plan.households {
            households.push(Household::drawn(&plan, at)?);
        }
        let mut district = Self { plan, faults, households };
        for fault in district.faults.clone() {
            district.spoil(&fault)?;
        }
        Ok(district)
    }

    /// The household of that number.
    #[must_use]
    pub fn household(&self, no: &str) -> Option<&Household> {
        let at = self.households.binary_search_by(|one| one.no.as_str().cmp(no)).ok()?;
        self.households.get(at)
    }

    /// Makes of a household what a fault needs.
    fn spoil(&mut self, fault: &Fault) -> Result<(), Failed> {
        if fault.kind.is_of_a_file() {
            return Ok(());
        }
        let unknown = || format!("{fault:?} is about nobody of this district");
        let other = self
            .household(&fault.other)
            .and_then(|other| other.persons.get(fault.other_person? as usize).cloned());
        let place = self.households.binary_search_by(|one| one.no.as_str().cmp(&fault.household));
        let at = place.map_err(|_| unknown())?;
        let plan = self.plan;
        let household = self.households.get_mut(at).ok_or_else(unknown)?;
        household.spoil(&plan, fault, other).ok_or_else(unknown)?;
        Ok(())
    }
}
