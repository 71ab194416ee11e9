//! 测算: what households are entitled to by standard and income, set beside what
//! decisions give them. It decides nothing.

use std::collections::BTreeMap;
use std::slice;

use serde::Serialize;
use utoipa::ToSchema;

use super::computed::Place;
use super::standards::Standards;
use super::statements::Family;
use super::{LivingError, region};
use crate::app::App;
use crate::catalog::standards::{self, Decided};
use crate::model::access::{Actor, Right, scope};
use crate::model::codes::{household, member};
use crate::model::money::{Fen, Total};
use crate::model::month::Month;
use crate::model::standard::Standard;

/// Why a household that has a standard and an income cannot be computed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AssessmentError {
    /// What is stated as income.
    #[error("the income {0:?} is no amount")]
    Income(String),
}

impl From<AssessmentError> for LivingError {
    fn from(AssessmentError::Income(income): AssessmentError) -> Self {
        Self::UnreadableIncome(income)
    }
}

/// 测算: what a household is entitled to by standard, persons and income.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Computed {
    /// What one person is guaranteed, in 分.
    pub standard: i64,
    /// 保障人数
    pub persons: i64,
    /// What all of it has a month, in 分.
    pub income: i64,
    /// What it is entitled to, in 分.
    pub amount: i64,
}

/// A household whose decision is set beside what was computed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = AssessedHousehold)]
pub struct Assessed {
    /// 户号
    pub household: String,
    /// 户主
    pub head: String,
    /// The community in charge.
    pub organisation: String,
    /// 类别
    pub category: String,
    /// What the decision gives, in 分.
    pub decided: i64,
    /// What was computed.
    pub computed: Computed,
    /// Why the decision is another, as it was said with it; empty where nobody had to.
    pub reason: String,
}

impl Assessed {
    /// How much more the decision gives than was computed, in 分.
    #[must_use]
    pub const fn over(&self) -> i64 {
        self.decided - self.computed.amount
    }
}

/// 测算 of an organisation for a month.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Assessment {
    /// Who is entitled by decisions.
    pub decided: Total,
    /// Those of them that could be computed.
    pub computed: Total,
    /// How many have no standard, or no tier of it.
    pub without_standard: i64,
    /// How many have no income stated.
    pub without_income: i64,
    /// Those for which both are not the same, by number.
    pub unlike: Vec<Assessed>,
    /// Those that cannot be computed, since what is stated as income is no amount, by
    /// number.
    pub unreadable: Vec<Unreadable>,
}

/// A household that cannot be computed, since what is stated as income is no amount.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = UnreadableIncome)]
pub struct Unreadable {
    /// 户号
    pub household: String,
    /// 户主
    pub head: String,
    /// The community in charge.
    pub organisation: String,
    /// What is stated.
    pub income: String,
}

/// Sets what households of an organisation are entitled to in a month, by the
/// standards and by what is stated now of their income, beside what decisions give.
///
/// # Errors
/// When the organisation is none.
pub async fn assess(
    app: &App,
    actor: &Actor,
    organisation: &str,
    month: Month,
) -> Result<Assessment, LivingError> {
    actor.must(Right::Look)?;
    let organisation = region(organisation)?;
    let visible = scope(actor);
    let mut tx = app.db.read().await?;
    let key = format!("assessment {} {organisation} {month}", visible.prefix());
    let place = Place::of(&mut tx, &["take_step", "set_standard"], key).await?;
    if let Some(found) = app.computed.get(&place) {
        return Ok(found);
    }
    let standards = Standards::read(&mut tx).await?;
    let decided = standards::decided(&mut tx, &visible, &organisation, month).await?;
    let incomes = standards::incomes(&mut tx, &visible, &organisation).await?;
    drop(tx);
    let incomes = by_household(&incomes);
    let mut found = Assessment::default();
    for one in decided {
        let standard = standards.of(&one.organisation, month);
        let income = incomes.get(one.household.as_str());
        found.add(one, standard, income);
    }
    let rows = found.unlike.len() + found.unreadable.len();
    Ok(app.computed.keep(place, rows, found))
}

impl Assessment {
    /// Sets a household beside what its standard and its income come to.
    fn add(
        &mut self,
        one: Decided,
        standard: Option<&Standard>,
        income: Option<&Result<i64, AssessmentError>>,
    ) {
        self.decided.add(one.amount);
        let Some(standard) = standard else {
            self.without_standard += 1;
            return;
        };
        let income = match income {
            None => {
                self.without_income += 1;
                return;
            }
            Some(Err(AssessmentError::Income(income))) => {
                self.unreadable.push(Unreadable {
                    household: one.household,
                    head: one.head,
                    organisation: one.organisation,
                    income: income.clone(),
                });
                return;
            }
            Some(Ok(income)) => *income,
        };
        let persons = u32::try_from(one.persons).unwrap_or(0);
        let Some(computed) = compute(standard, persons, income, &one.category) else {
            self.without_standard += 1;
            return;
        };
        self.computed.add(computed.amount);
        if computed.amount != one.amount {
            self.unlike.push(Assessed {
                household: one.household,
                head: one.head,
                organisation: one.organisation,
                category: one.category,
                decided: one.amount,
                computed,
                reason: one.departs,
            });
        }
    }
}

/// 月收入 of each household, in 分: what is stated of all of it, or else of its
/// persons together.
fn by_household(rows: &[(String, i64, String)]) -> BTreeMap<&str, Result<i64, AssessmentError>> {
    let households = rows.chunk_by(|one, next| one.0 == next.0);
    let incomes = households.filter_map(|rows| {
        let of_all = rows.iter().find(|(_, member, _)| *member < 0);
        let counted = of_all.map_or(rows, slice::from_ref);
        let (household, ..) = rows.first()?;
        Some((household.as_str(), sum(counted.iter().map(|(.., yuan)| yuan.as_str()))))
    });
    incomes.collect()
}

/// Incomes together, in 分.
fn sum<'a>(stated: impl Iterator<Item = &'a str>) -> Result<i64, AssessmentError> {
    let fen = |yuan: &str| {
        let wrong = |_| AssessmentError::Income(yuan.to_owned());
        yuan.parse::<Fen>().map(Fen::get).map_err(wrong)
    };
    let sum = stated.map(fen).sum::<Result<u64, _>>()?;
    Ok(i64::try_from(sum).unwrap_or(i64::MAX))
}

fn compute(standard: &Standard, persons: u32, income: i64, category: &str) -> Option<Computed> {
    let counted = Fen::new(u64::try_from(income).unwrap_or(0));
    let amount = standard.entitles(persons, counted, category)?;
    let fen = |amount: Fen| i64::try_from(amount.get()).unwrap_or(i64::MAX);
    Some(Computed {
        standard: fen(standard.amount),
        persons: persons.into(),
        income,
        amount: fen(amount),
    })
}

/// 测算 of one household of a community for so many persons, from what is stated of
/// it; none without a standard, or where no income is stated.
///
/// # Errors
/// When what is stated as income is no amount.
pub(crate) fn of_family(
    standards: &Standards,
    family: &Family,
    (organisation, category): (&str, &str),
    persons: u32,
    month: Month,
) -> Result<Option<Computed>, AssessmentError> {
    let of_all = Some(family.value(household::INCOME)).filter(|value| !value.is_empty());
    let of_persons =
        family.persons.iter().filter(|one| !one.left).map(|one| one.value(member::INCOME));
    let stated: Vec<&str> = match of_all {
        Some(income) => vec![income],
        None => of_persons.filter(|value| !value.is_empty()).collect(),
    };
    let Some(standard) = standards.of(organisation, month).filter(|_| !stated.is_empty()) else {
        return Ok(None);
    };
    Ok(compute(standard, persons, sum(stated.into_iter())?, category))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(household: &str, member: i64, yuan: &str) -> (String, i64, String) {
        (household.to_owned(), member, yuan.to_owned())
    }

    #[test]
    fn what_is_stated_of_all_goes_before_what_is_of_persons() {
        let rows = [
            row("1", -1, "900.00"),
            row("1", 0, "100.00"),
            row("2", 0, "100.00"),
            row("2", 1, "20.50"),
        ];
        let sums = by_household(&rows);
        assert_eq!(sums, BTreeMap::from([("1", Ok(90_000)), ("2", Ok(12_050))]));
    }

    #[test]
    fn an_income_that_is_no_amount_is_told() {
        let rows = [
            row("1", -1, "八百"),
            row("1", 0, "100.00"),
            row("2", 0, "100.00"),
            row("2", 1, "约20"),
            row("3", -1, "900.00"),
            row("3", 0, "不详"),
        ];
        let wrong = |income: &str| Err(AssessmentError::Income(income.to_owned()));
        let sums = by_household(&rows);
        let expected = [("1", wrong("八百")), ("2", wrong("约20")), ("3", Ok(90_000))];
        assert_eq!(sums, BTreeMap::from(expected));
    }
}
