//! A household of a district, as it is drawn: its persons, what it declares, and how it
//! lives.

use jiff::ToSpan;
use jiff::civil::Date;
use yidang::model::id::HouseholdNo;
use yidang::model::month::Month;

use super::dice::Dice;
use super::faults::{Fault, Kind};
use super::numbers::{self, Age};
use super::{Failed, Plan, names};

/// 低保标准 of the district: yuan a person and month.
pub const STANDARD: u64 = 850;

/// Somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// 姓名
    pub name: String,
    /// 与户主关系; empty for the head.
    pub relation: String,
    /// 身份证号
    pub id_number: String,
    /// 出生日期
    pub born: Date,
    /// 性别
    pub is_male: bool,
    /// The day of death, which was reported.
    pub died: Option<Date>,
}

/// What becomes of a household.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Life {
    /// It is paid the same all the time.
    Steady,
    /// It is being reviewed.
    Waiting,
    /// It lost its income, and is paid more from the month on.
    Raised(Month),
    /// A member died, and it is paid less from the month on.
    Smaller(Month),
    /// It is stopped from the month on.
    Stopped(Month),
    /// It has applied, and nothing is decided.
    Applying,
}

/// A household.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Household {
    /// Which of the district it is.
    pub at: usize,
    /// 户号
    pub no: HouseholdNo,
    /// Where it lives.
    pub address: String,
    /// Its persons, the head first.
    pub persons: Vec<Person>,
    /// 类别
    pub category: &'static str,
    /// 家庭月收入 at the beginning, in yuan.
    pub income: u64,
    /// 存款, in yuan.
    pub deposits: u64,
    /// 机动车辆
    pub vehicles: u64,
    /// How it lives.
    pub life: Life,
    /// What is wrong with it.
    pub faults: Vec<Fault>,
}

impl Household {
    /// The household at that place of a district.
    ///
    /// # Errors
    /// When there are too many to have numbers.
    pub fn drawn(plan: &Plan, at: usize) -> Result<Self, Failed> {
        let mut dice = Dice::new(plan.seed, at as u64);
        // Communities one after the other, so that numbers are in order.
        let each = plan.households.div_ceil(plan.communities());
        let no: HouseholdNo =
            format!("{}{:05}", plan.community(at / each), at % each + 1).parse()?;
        let persons = persons(plan.seed, at as u64, 1 + dice.place(5), &mut dice)?;
        let mut household = Self {
            at,
            no,
            address: format!("第{}居民小组{}号", 1 + dice.below(12), 1 + dice.below(400)),
            category: ["A", "A", "B", "B", "B", "C"][dice.place(6)],
            income: dice.below(31) * 10,
            deposits: dice.below(200) * 100,
            vehicles: u64::from(dice.below(20) == 0),
            life: Life::Steady,
            faults: Vec::new(),
            persons,
        };
        let some = 1 + u16::try_from(dice.below(u64::from(plan.months) - 1))?;
        let month = plan.first().plus(some);
        household.life = match dice.below(100) {
            0..5 => Life::Waiting,
            5..10 if household.income > 0 => Life::Raised(month),
            10..14 if household.persons.len() > 1 => Life::Smaller(month),
            14..17 => Life::Stopped(month),
            17..20 => Life::Applying,
            _ => Life::Steady,
        };
        if let (Life::Smaller(month), Some(last)) = (household.life, household.persons.last_mut()) {
            last.died = Some(day_before(month, 10));
        }
        Ok(household)
    }

    /// Whether nothing happens to it.
    #[must_use]
    pub fn is_steady(&self) -> bool {
        self.life == Life::Steady
    }

    /// Whether somebody of it is a relative of staff, and that is on record.
    #[must_use]
    pub fn is_relative(&self) -> bool {
        let is_hidden = self.faults.iter().any(|one| one.kind == Kind::StaffRelative);
        self.at % 17 == 3 && !is_hidden
    }

    /// Makes it what a fault needs; `other` is the person of another household that the
    /// fault is about. None when it has no such person.
    pub fn spoil(&mut self, plan: &Plan, fault: &Fault, other: Option<Person>) -> Option<()> {
        self.life = match fault.kind {
            Kind::StoppedPaid => Life::Stopped(fault.month?),
            _ => Life::Steady,
        };
        for person in &mut self.persons {
            person.died = None;
        }
        let person = self.persons.get_mut(fault.person.unwrap_or(0) as usize)?;
        match fault.kind {
            Kind::TwoHouseholds => *person = Person { relation: person.relation.clone(), ..other? },
            Kind::PaidAfterDeath => {
                let month = fault.month?;
                (month > plan.first()).then_some(())?;
                person.died = Some(day_before(month, 10));
            }
            _ => {}
        }
        self.faults.push(fault.clone());
        Some(())
    }

    /// 家庭月收入 as it is declared in the end, in yuan.
    #[must_use]
    pub fn income_now(&self) -> u64 {
        if matches!(self.life, Life::Raised(_)) { 0 } else { self.income }
    }

    /// The month from which it is paid otherwise.
    #[must_use]
    pub fn changes(&self) -> Option<Month> {
        match self.life {
            Life::Raised(month) | Life::Smaller(month) | Life::Stopped(month) => Some(month),
            _ => None,
        }
    }
}

/// A day of the month before.
pub fn day_before(month: Month, day: i8) -> Date {
    let last = month.first().yesterday().unwrap_or(month.first());
    last.with().day(day).build().unwrap_or(last)
}

/// The day on which all households were taken over.
pub fn carried(plan: &Plan) -> Date {
    let first = plan.first().first();
    first.checked_sub(20.days()).unwrap_or(first)
}

/// So many persons of one household; `at` is its place among all that get numbers.
///
/// # Errors
/// When there are too many to have numbers.
pub fn persons(seed: u64, at: u64, count: usize, dice: &mut Dice) -> Result<Vec<Person>, Failed> {
    let surname = names::surname(dice);
    let mut all = Vec::new();
    for place in 0..count {
        let age = if place < 2 { Age::Grown } else { Age::Child };
        let is_male = dice.below(2) == 0;
        let nth = at * 5 + place as u64;
        let found = numbers::number(seed, nth, age, is_male);
        let (id_number, born) = found.ok_or("there are no more numbers")?;
        let own = match place {
            1 => names::surname(dice),
            _ => surname.clone(),
        };
        let relation = match (place, is_male) {
            (0, _) => "",
            (1, true) => "夫",
            (1, false) => "妻",
            (_, true) => "子",
            (_, false) => "女",
        };
        all.push(Person {
            name: names::name(&own, dice),
            relation: relation.to_owned(),
            id_number,
            born,
            is_male,
            died: None,
        });
    }
    Ok(all)
}
