//! What other departments say of the persons of a district: a file of each kind. It agrees
//! with what was declared, within the thresholds, but for what the list of faults says.

use std::fmt::Write;

use super::dice::Dice;
use super::family::{Household, day_before};
use super::faults::Kind;
use super::{District, names};

/// A line: the place of a person, and what is said of that person.
type Line = (usize, String);

impl District {
    /// Lines of `who` of every household and a value, where there is one. Names that are
    /// planted wrong are so in the results of deposits alone.
    fn rows(
        &self,
        value: &str,
        of_deposits: bool,
        each: impl Fn(&Household, &mut Dice) -> Vec<Line>,
    ) -> String {
        let mut text = format!("姓名,身份证号,{value}\n");
        for one in &self.households {
            let mut dice = Dice::new(self.plan.seed ^ 1, one.at as u64);
            for (place, value) in each(one, &mut dice) {
                let Some(person) = one.persons.get(place) else { continue };
                let is_planted = one.faults.iter().any(|one| {
                    one.kind == Kind::NameMismatch
                        && one.person.map(|one| one as usize) == Some(place)
                });
                let name = match of_deposits && is_planted {
                    true => names::other(&person.name),
                    false => person.name.clone(),
                };
                let _ = writeln!(text, "{name},{},{value}", person.id_number);
            }
        }
        text
    }

    /// The lines of those whom a fault of this kind is about, and of all others what is
    /// usual there.
    fn planted(
        &self,
        value: &str,
        kind: Kind,
        spoilt: impl Fn(&Household, &mut Dice) -> String,
        usual: impl Fn(&Household, &mut Dice) -> Option<String>,
    ) -> String {
        self.rows(value, false, |one, dice| {
            let these: Vec<usize> = about(one, kind).collect();
            if these.is_empty() {
                return usual(one, dice).into_iter().map(|value| (0, value)).collect();
            }
            let value = spoilt(one, dice);
            these.into_iter().map(|place| (place, value.clone())).collect()
        })
    }

    /// What one person earns a month: of one head of five, at most 90 yuan more than was
    /// declared.
    fn earned(&self, value: &str, kind: Kind, of_five: usize) -> String {
        let yuan = |one: &Household, more: u64| format!("{}.00", one.income_now() + more);
        self.planted(
            value,
            kind,
            |one, dice| yuan(one, 700 + dice.below(3_000)),
            |one, dice| (one.at % 5 == of_five).then(|| yuan(one, dice.below(91))),
        )
    }
}

/// The persons of a household that a fault of this kind is about.
fn about(household: &Household, kind: Kind) -> impl Iterator<Item = usize> {
    let these = household.faults.iter().filter(move |one| one.kind == kind);
    these.filter_map(|one| one.person.map(|place| place as usize))
}

/// The results of all departments: the code of their kind and the file.
#[must_use]
pub fn results(district: &District) -> Vec<(&'static str, String)> {
    vec![
        ("deposits", deposits(district)),
        ("wages", district.earned("月工资", Kind::HiddenIncome, 0)),
        // Of the same heads: who is paid, insured and taxed earns that once.
        ("social_insurance", district.earned("缴费基数", Kind::HiddenInsurance, 0)),
        ("tax", district.earned("月收入额", Kind::HiddenTax, 0)),
        ("pensions", district.earned("月养老金", Kind::HiddenPension, 1)),
        ("vehicles", vehicles(district)),
        ("properties", properties(district)),
        ("business", business(district)),
        ("deaths", deaths(district)),
        ("marriages", marriages(district)),
        ("residents", residents(district)),
        ("staff", staff(district)),
    ]
}

/// 存款: a line for every head. Who hides nothing has at most 900 yuan more than was
/// declared, which is below the threshold.
#[must_use]
pub fn deposits(district: &District) -> String {
    district.rows("余额", true, |one, dice| {
        let hidden = about(one, Kind::HiddenDeposits).next().is_some();
        let more = if hidden { 5_000 + dice.below(90_000) } else { dice.below(901) };
        vec![(0, format!("{}.00", one.deposits + more))]
    })
}

/// 车辆: those that are declared.
fn vehicles(district: &District) -> String {
    district.rows("数量", false, |one, _| {
        let hidden = about(one, Kind::HiddenVehicle).map(|place| (place, "1".to_owned()));
        let mut all: Vec<_> = hidden.collect();
        if one.vehicles > 0 {
            all.push((0, one.vehicles.to_string()));
        }
        all
    })
}

/// 不动产: the one that every household declares, of every second one.
fn properties(district: &District) -> String {
    let usual = |one: &Household, _: &mut Dice| one.at.is_multiple_of(2).then(|| "1".to_owned());
    district.planted("套数", Kind::HiddenProperty, |_, _| "2".to_owned(), usual)
}

/// 市场主体: what some had and closed.
fn business(district: &District) -> String {
    let usual = |one: &Household, _: &mut Dice| (one.at % 7 == 2).then(|| "注销".to_owned());
    district.planted("登记状态", Kind::HiddenBusiness, |_, _| "存续".to_owned(), usual)
}

/// 死亡: everybody who died, reported or not.
fn deaths(district: &District) -> String {
    let unknown = day_before(district.plan.last, 3);
    district.rows("死亡日期", false, |one, _| {
        let reported = one.persons.iter().enumerate().filter_map(|(at, one)| Some((at, one.died?)));
        let dead = about(one, Kind::DeadMember).map(|place| (place, unknown));
        reported.chain(dead).map(|(place, day)| (place, day.to_string())).collect()
    })
}

/// 婚姻: the partner who lives in the household, or nobody.
fn marriages(district: &District) -> String {
    let usual = |one: &Household, _: &mut Dice| match one.persons.get(1) {
        Some(partner) => partner.died.is_none().then(|| partner.name.clone()),
        None => Some("离婚".to_owned()),
    };
    let elsewhere = |one: &Household, _: &mut Dice| {
        one.persons.first().map(|head| names::other(&head.name)).unwrap_or_default()
    };
    district.planted("配偶姓名", Kind::UnknownPartner, elsewhere, usual)
}

/// 户籍人数: those who live there.
fn residents(district: &District) -> String {
    let living = |one: &Household| one.persons.iter().filter(|one| one.died.is_none()).count();
    let more = |one: &Household, _: &mut Dice| (living(one) + 1).to_string();
    let usual = |one: &Household, _: &mut Dice| Some(living(one).to_string());
    district.planted("户籍人数", Kind::OtherCount, more, usual)
}

/// 工作人员及近亲属: those who are on record.
fn staff(district: &District) -> String {
    let usual = |one: &Household, _: &mut Dice| one.is_relative().then(|| "陈主任".to_owned());
    district.planted("工作人员", Kind::StaffRelative, |_, _| "陈主任".to_owned(), usual)
}
