//! What is wrong in a district: a list that is given, and that the code which looks for
//! faults does not know.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use yidang::model::month::Month;
use yidang::model::profile::{Collector, Profile};
use yidang::model::rules::Rules;

use super::dice::Dice;
use super::family::Household;
use super::{Failed, Plan, files};

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A paper was never filed.
    PaperMissing,
    /// A paper was sent back and did not come again.
    PaperSentBack,
    /// A person has more in a bank than was declared.
    HiddenDeposits,
    /// A person earns more than was declared.
    HiddenIncome,
    /// A person is insured for a wage above what was declared.
    HiddenInsurance,
    /// A person pays taxes on more than was declared.
    HiddenTax,
    /// A person has a pension that was not declared.
    HiddenPension,
    /// A person has a car that was not declared.
    HiddenVehicle,
    /// A person owns a house that was not declared.
    HiddenProperty,
    /// A person has a business.
    HiddenBusiness,
    /// The head is married to somebody who is not in the household.
    UnknownPartner,
    /// More persons are registered than live in the household.
    OtherCount,
    /// A person is a relative of staff, and nobody put that on record.
    StaffRelative,
    /// A person is dead, and still a member.
    DeadMember,
    /// A person lives in another household too.
    TwoHouseholds,
    /// It was stopped, and is on the rosters from the month on.
    StoppedPaid,
    /// A member died, and is still paid for from the month on.
    PaidAfterDeath,
    /// It is entitled, and not on the roster of the month.
    NotListed,
    /// The roster of the month has another amount.
    OtherAmount,
    /// The bank could not pay in the month.
    NotPaid,
    /// The bank paid twice in the month.
    PaidTwice,
    /// The bank paid another amount in the month.
    PaidOther,
    /// The bank says nothing of it in the month.
    NoAnswer,
    /// In a file to be imported, the last character of a number is wrong.
    WrongCheckDigit,
    /// In a file to be imported, somebody was born on the 30th of February.
    ImpossibleDate,
    /// The same in a number of 15 digits.
    ImpossibleOldNumber,
    /// In a file to be imported, a digit is lacking.
    ShortNumber,
    /// In a file to be imported, two have the same number.
    DuplicateInFile,
    /// In a file to be imported, somebody has the number of somebody who is known.
    DuplicateInArchive,
    /// In results of a check, somebody has another name.
    NameMismatch,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 30] = [
        Self::PaperMissing,
        Self::PaperSentBack,
        Self::HiddenDeposits,
        Self::HiddenIncome,
        Self::HiddenInsurance,
        Self::HiddenTax,
        Self::HiddenPension,
        Self::HiddenVehicle,
        Self::HiddenProperty,
        Self::HiddenBusiness,
        Self::UnknownPartner,
        Self::OtherCount,
        Self::StaffRelative,
        Self::DeadMember,
        Self::TwoHouseholds,
        Self::StoppedPaid,
        Self::PaidAfterDeath,
        Self::NotListed,
        Self::OtherAmount,
        Self::NotPaid,
        Self::PaidTwice,
        Self::PaidOther,
        Self::NoAnswer,
        Self::WrongCheckDigit,
        Self::ImpossibleDate,
        Self::ImpossibleOldNumber,
        Self::ShortNumber,
        Self::DuplicateInFile,
        Self::DuplicateInArchive,
        Self::NameMismatch,
    ];

    /// Whether it is in the roster to be imported, whose households are not known yet.
    pub fn is_of_a_file(self) -> bool {
        matches!(
            self,
            Self::WrongCheckDigit
                | Self::ImpossibleDate
                | Self::ImpossibleOldNumber
                | Self::ShortNumber
                | Self::DuplicateInFile
                | Self::DuplicateInArchive
        )
    }

    fn has_month(self) -> bool {
        matches!(
            self,
            Self::StoppedPaid
                | Self::PaidAfterDeath
                | Self::NotListed
                | Self::OtherAmount
                | Self::NotPaid
                | Self::PaidTwice
                | Self::PaidOther
                | Self::NoAnswer
        )
    }
}

/// A fault.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Fault {
    /// What is wrong.
    pub kind: Kind,
    /// 户号
    pub household: String,
    /// Which person, by place.
    pub person: Option<u32>,
    /// Another household it is about, or empty.
    #[serde(default)]
    pub other: String,
    /// Which person of that.
    #[serde(default)]
    pub other_person: Option<u32>,
    /// In which month, or from which on.
    #[serde(default)]
    pub month: Option<Month>,
    /// 件种, or empty.
    #[serde(default)]
    pub paper: String,
}

/// The faults of a plan, drawn from its seed: every kind `times`, each in households of
/// its own; of papers every level.
///
/// # Errors
/// When the district is too small for so many.
pub fn planted(
    plan: &Plan,
    (profile, rules): (&Profile, &Rules),
    times: usize,
) -> Result<Vec<Fault>, Failed> {
    let mut dice = Dice::new(plan.seed, u64::MAX);
    let (mut used, mut new) = (BTreeSet::new(), BTreeSet::new());
    let carried = rules.procedure("carried_over").and_then(|one| one.step("carry"));
    let papers = &carried.ok_or("no step carries a household over")?.papers;
    let mut levels = [Collector::Community, Collector::Street, Collector::Bureau].iter().cycle();
    let mut faults = Vec::new();
    let family = |dice: &mut Dice, used: &mut BTreeSet<usize>| {
        for _ in 0..plan.households * 20 {
            let at = dice.place(plan.households);
            let household = Household::drawn(plan, at)?;
            if household.persons.len() > 1 && household.is_steady() && used.insert(at) {
                return Ok::<_, Failed>(household);
            }
        }
        Err("the district is too small for so many faults".into())
    };
    for kind in Kind::ALL.into_iter().flat_map(|kind| std::iter::repeat_n(kind, times)) {
        let mut fault = Fault {
            kind,
            household: String::new(),
            person: None,
            other: String::new(),
            other_person: None,
            month: None,
            paper: String::new(),
        };
        if kind.is_of_a_file() {
            let mut listed = || files::free(plan, &mut dice, &mut new);
            (fault.household, fault.person) = listed().ok_or("too many faults of a file")?;
            if kind == Kind::DuplicateInFile {
                (fault.other, fault.other_person) = listed().ok_or("too many faults of a file")?;
            }
        } else {
            let household = family(&mut dice, &mut used)?;
            fault.household = household.no.to_string();
            fault.person = Some(u32::try_from(household.persons.len() - 1)?);
        }
        match kind {
            Kind::TwoHouseholds | Kind::DuplicateInArchive => {
                let other = family(&mut dice, &mut used)?;
                fault.other = other.no.to_string();
                fault.other_person = Some(u32::try_from(other.persons.len() - 1)?);
            }
            Kind::HiddenDeposits | Kind::NameMismatch | Kind::UnknownPartner => {
                fault.person = Some(0);
            }
            Kind::PaperMissing | Kind::PaperSentBack => {
                let level = levels.next().copied().unwrap_or(Collector::Bureau);
                let of = |code: &&String| {
                    profile.type_of(code).is_some_and(|one| one.collector == level)
                };
                let these: Vec<&String> = papers.iter().filter(of).collect();
                let paper = these.get(dice.place(these.len())).ok_or("no such paper")?;
                (fault.paper, fault.person) = ((*paper).clone(), None);
            }
            _ => {}
        }
        if kind.has_month() {
            let at = 1 + dice.below(u64::from(plan.months.saturating_sub(1)).max(1));
            fault.month = Some(plan.first().plus(u16::try_from(at)?));
        }
        faults.push(fault);
    }
    Ok(faults)
}
