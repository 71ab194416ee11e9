//! What the lists of the program have to say of a district, from its list of faults
//! alone: this and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use yidang::model::month::Month;
use yidang::model::payment::Difference;
use yidang::model::profile::Profile;

use super::faults::{Fault, Kind};
use super::{District, names, results};

/// What is to be found, in one organisation and those below it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expected {
    /// 缺件: household, type, who owes it.
    pub missing: BTreeSet<(String, String, &'static str)>,
    /// 核查发现: household, code, place of the person.
    pub findings: BTreeSet<(String, String, Option<i64>)>,
    /// Of what is found after the month: household and difference.
    differences: Vec<(String, Difference, When)>,
    /// Lines of the results of deposits that are bad.
    pub mismatched: BTreeSet<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum When {
    Always,
    From(Month),
    In(Month),
}

impl Expected {
    /// What is to be found in the organisations whose codes begin so.
    #[must_use]
    pub fn of(district: &District, profile: &Profile, prefix: &str) -> Self {
        let mut found = Self::default();
        for fault in &district.faults {
            found.add(fault, profile, district.plan.last);
        }
        found.missing.retain(|one| one.0.starts_with(prefix));
        found.findings.retain(|one| one.0.starts_with(prefix));
        found.differences.retain(|one| one.0.starts_with(prefix));
        found.mismatched = mismatched(district);
        found
    }

    /// 对账: what does not agree in a month.
    #[must_use]
    pub fn differences(&self, month: Month) -> BTreeMap<String, BTreeSet<Difference>> {
        let mut found: BTreeMap<String, BTreeSet<Difference>> = BTreeMap::new();
        for (no, difference, when) in &self.differences {
            let is_so = match when {
                When::Always => true,
                When::From(first) => month >= *first,
                When::In(only) => month == *only,
            };
            if is_so {
                found.entry(no.clone()).or_default().insert(*difference);
            }
        }
        found
    }

    fn add(&mut self, fault: &Fault, profile: &Profile, last: Month) {
        let no = || fault.household.clone();
        let mut finding = |no: String, code: &str, person: Option<u32>| {
            self.findings.insert((no, code.to_owned(), person.map(i64::from)));
        };
        let month = fault.month.unwrap_or_else(|| Month::of(jiff::civil::Date::MAX));
        let (difference, when) = match fault.kind {
            Kind::PaperMissing | Kind::PaperSentBack => {
                let owes = profile.type_of(&fault.paper).map_or("", |one| one.collector.as_str());
                self.missing.insert((no(), fault.paper.clone(), owes));
                return;
            }
            Kind::HiddenDeposits => return finding(no(), "deposits", None),
            Kind::HiddenIncome | Kind::HiddenInsurance | Kind::HiddenTax | Kind::HiddenPension => {
                return finding(no(), "income", None);
            }
            Kind::HiddenVehicle => return finding(no(), "vehicles", None),
            Kind::HiddenProperty => return finding(no(), "properties", None),
            Kind::HiddenBusiness => return finding(no(), "business", fault.person),
            Kind::UnknownPartner => return finding(no(), "marriage", fault.person),
            Kind::OtherCount => return finding(no(), "persons", None),
            Kind::StaffRelative => return finding(no(), "staff", fault.person),
            Kind::DeadMember => {
                finding(no(), "dead", fault.person);
                // They died in the month before.
                (Difference::FoundDead, When::From(last))
            }
            Kind::TwoHouseholds => {
                finding(no(), "two_households", fault.person);
                finding(fault.other.clone(), "two_households", fault.other_person);
                let same = (fault.other.clone(), Difference::SamePerson, When::Always);
                self.differences.push(same);
                (Difference::SamePerson, When::Always)
            }
            Kind::StoppedPaid => (Difference::NotEntitled, When::From(month)),
            Kind::PaidAfterDeath => (Difference::TooMany, When::From(month)),
            Kind::NotListed => (Difference::NotListed, When::In(month)),
            Kind::OtherAmount => (Difference::OtherAmount, When::In(month)),
            Kind::NotPaid => (Difference::NotPaid, When::In(month)),
            Kind::PaidTwice => (Difference::PaidTwice, When::In(month)),
            Kind::PaidOther => (Difference::PaidOther, When::In(month)),
            Kind::NoAnswer => (Difference::NoAnswer, When::In(month)),
            Kind::WrongCheckDigit
            | Kind::ImpossibleDate
            | Kind::ImpossibleOldNumber
            | Kind::ShortNumber
            | Kind::DuplicateInFile
            | Kind::DuplicateInArchive
            | Kind::NameMismatch => return,
        };
        self.differences.push((no(), difference, when));
    }
}

/// The lines of the results of deposits that have another name.
fn mismatched(district: &District) -> BTreeSet<u64> {
    let file = results::deposits(district);
    let with = |fault: &&Fault| fault.kind == Kind::NameMismatch;
    let others: BTreeSet<String> = district
        .faults
        .iter()
        .filter(with)
        .filter_map(|fault| {
            let household = district.household(&fault.household)?;
            let person = household.persons.get(fault.person? as usize)?;
            Some(format!("{},{},", names::other(&person.name), person.id_number))
        })
        .collect();
    let is_other = |line: &str| others.iter().any(|other| line.starts_with(other.as_str()));
    file.lines().zip(1..).filter(|(line, _)| is_other(line)).map(|(_, at)| at).collect()
}
