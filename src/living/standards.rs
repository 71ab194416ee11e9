//! 低保标准 and 测算: setting what a person is guaranteed, and setting what
//! households are entitled to by it beside what decisions give them. What is
//! computed decides nothing.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{LivingError, WORDS, possible, region, short};
use crate::app::App;
use crate::catalog::standards;
pub use crate::catalog::standards::StandardRow;
use crate::db::{DbError, Tx};
use crate::model::access::{Actor, Right, scope};
use crate::model::act::Act;
use crate::model::id::OrganisationCode;
use crate::model::money::Fen;
use crate::model::month::Month;
use crate::model::profile::Collector;
use crate::model::standard::{MOST_TIERS, Method, Standard, Tier, Unit};
use crate::record::Receipt;

/// A standard that is to be set.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = StandardToSet)]
pub struct Setting {
    /// Of this organisation and those below it.
    pub organisation: OrganisationCode,
    /// The first month.
    #[schema(value_type = String, pattern = "^20[0-9]{2}-(0[1-9]|1[0-2])$")]
    pub from: Month,
    /// What one person is guaranteed a month, in yuan such as `820.00`.
    #[schema(min_length = 1, max_length = 12)]
    pub amount: String,
    /// How the amount of a household comes about.
    #[serde(default)]
    pub method: Method,
    /// The tiers by category, in yuan: `A=700,B=450`; empty for the difference.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub tiers: String,
    /// To what amounts are rounded up.
    #[serde(default)]
    pub unit: Unit,
    /// 文号 of the paper that sets it.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub words: String,
}

/// Whether a person sets standards: who files at the bureau does.
#[must_use]
pub fn may_set(actor: &Actor) -> bool {
    let bureau = super::level(&actor.organisation) == Collector::Bureau;
    bureau && actor.may(Right::File)
}

/// Sets a standard.
///
/// # Errors
/// When the organisation is not in the actor's scope, or an amount is none.
pub async fn set(app: &App, actor: &Actor, setting: Setting) -> Result<Receipt, LivingError> {
    actor.must(Right::File)?;
    if !may_set(actor) || !scope(actor).covers(setting.organisation.as_str()) {
        return Err(LivingError::OtherLevel(Collector::Bureau));
    }
    possible(setting.from.first())?;
    let amount = amount(&setting.amount)?;
    let tiers = match setting.method {
        Method::Difference => Vec::new(),
        Method::Tiers => tiers(app, &setting.tiers)?,
    };
    let said = Standard {
        organisation: setting.organisation,
        from: setting.from,
        amount,
        method: setting.method,
        tiers,
        unit: setting.unit,
        words: short(&setting.words, WORDS).ok_or(LivingError::Words)?,
    };
    Ok(app.recorder.record(actor, Act::SetStandard(said)).await?)
}

/// An amount above zero that was typed.
pub(super) fn amount(typed: &str) -> Result<Fen, LivingError> {
    let read = typed.trim().replace(',', "").parse::<Fen>().ok();
    read.filter(|amount| *amount > Fen::new(0)).ok_or(LivingError::Asked(
        "an amount is yuan above zero with at most two decimals, such as 1120.00",
    ))
}

fn tiers(app: &App, typed: &str) -> Result<Vec<Tier>, LivingError> {
    let wrong = LivingError::Asked("tiers are categories and yuan, such as A=700,B=450");
    let mut tiers: Vec<Tier> = Vec::new();
    for part in typed.split([',', '，']).filter(|part| !part.trim().is_empty()) {
        let Some((category, each)) = part.split_once('=') else { return Err(wrong) };
        let category = category.trim();
        let known = app.rules.category(category).is_some();
        if !known || tiers.len() >= MOST_TIERS || tiers.iter().any(|one| one.category == category) {
            return Err(wrong);
        }
        tiers.push(Tier { category: category.to_owned(), amount: amount(each)? });
    }
    if tiers.is_empty() { Err(wrong) } else { Ok(tiers) }
}

/// All standards that were ever set for an organisation the person sees, the newest
/// first.
///
/// # Errors
/// When the person may not look.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<StandardRow>, LivingError> {
    actor.must(Right::Look)?;
    let mut tx = app.db.read().await?;
    let all = standards::all(&mut tx).await?;
    let prefix = scope(actor).prefix().to_owned();
    // Those of the levels above hold here too.
    let concerns = |one: &StandardRow| {
        let of = region_of(&one.organisation);
        of.starts_with(&prefix) || prefix.starts_with(&of)
    };
    Ok(all.into_iter().filter(concerns).collect())
}

fn region_of(organisation: &str) -> String {
    let code = organisation.parse::<OrganisationCode>();
    code.map_or_else(|_| organisation.to_owned(), |code| code.prefix().to_owned())
}

/// All standards, to find the one of a household.
#[derive(Debug, Clone, Default)]
pub(crate) struct Standards(Vec<(String, Standard)>);

impl Standards {
    /// All that were set.
    pub(crate) async fn read(tx: &mut Tx) -> Result<Self, DbError> {
        let rows = standards::all(tx).await?;
        let read = rows.into_iter().filter_map(|row| {
            let standard = read(&row)?;
            Some((standard.organisation.prefix().to_owned(), standard))
        });
        Ok(Self(read.collect()))
    }

    /// The one that holds for households of a community in a month: of the nearest
    /// organisation above it, the one from the latest month.
    pub(crate) fn of(&self, organisation: &str, month: Month) -> Option<&Standard> {
        let begun = self
            .0
            .iter()
            .filter(|(prefix, one)| organisation.starts_with(prefix.as_str()) && one.from <= month);
        // The newest comes first, and the first of the greatest is wanted.
        begun.rev().max_by_key(|(prefix, one)| (prefix.len(), one.from)).map(|(_, one)| one)
    }
}

fn read(row: &StandardRow) -> Option<Standard> {
    let fen = |amount: i64| u64::try_from(amount).ok().map(Fen::new);
    let tier = |text: &str| {
        let (category, amount) = text.split_once('=')?;
        Some(Tier { category: category.to_owned(), amount: fen(amount.parse().ok()?)? })
    };
    Some(Standard {
        organisation: row.organisation.parse().ok()?,
        from: row.from_month.parse().ok()?,
        amount: fen(row.amount)?,
        method: if row.method == "tiers" { Method::Tiers } else { Method::Difference },
        tiers: row.tiers.split(',').filter_map(tier).collect(),
        unit: match row.unit.as_str() {
            "jiao" => Unit::Jiao,
            "yuan" => Unit::Yuan,
            _ => Unit::Fen,
        },
        words: row.words.clone(),
    })
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
    /// How many households are entitled by decisions, and the sum in 分.
    pub decided: (i64, i64),
    /// How many of them could be computed, and the sum in 分.
    pub computed: (i64, i64),
    /// How many have no standard, or no tier of it.
    pub without_standard: i64,
    /// How many have no income stated.
    pub without_income: i64,
    /// Those for which both are not the same, by number.
    pub unlike: Vec<Assessed>,
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
    let standards = Standards::read(&mut tx).await?;
    let decided = standards::decided(&mut tx, &visible, &organisation, month).await?;
    let incomes = standards::incomes(&mut tx, &visible, &organisation).await?;
    drop(tx);
    let incomes = by_household(&incomes);
    let mut found = Assessment::default();
    for one in decided {
        found.decided.0 += 1;
        found.decided.1 += one.amount;
        let standard = standards.of(&one.organisation, month);
        let income = incomes.get(one.household.as_str());
        let (Some(standard), Some(income)) = (standard, income) else {
            let lacks = if standard.is_none() {
                &mut found.without_standard
            } else {
                &mut found.without_income
            };
            *lacks += 1;
            continue;
        };
        let persons = u32::try_from(one.persons).unwrap_or(0);
        let Some(computed) = compute(standard, persons, *income, &one.category) else {
            found.without_standard += 1;
            continue;
        };
        found.computed.0 += 1;
        found.computed.1 += computed.amount;
        if computed.amount != one.amount {
            found.unlike.push(Assessed {
                household: one.household,
                head: one.head,
                organisation: one.organisation,
                category: one.category,
                decided: one.amount,
                computed,
            });
        }
    }
    Ok(found)
}

/// 月收入 of each household, in 分: what is stated of all of it, or else of its
/// persons together.
fn by_household(rows: &[(String, i64, String)]) -> BTreeMap<&str, i64> {
    let mut sums: BTreeMap<&str, (bool, i64)> = BTreeMap::new();
    for (household, member, yuan) in rows {
        let amount = yuan.parse::<Fen>().map_or(0, |fen| i64::try_from(fen.get()).unwrap_or(0));
        // The household's own row comes before those of its persons.
        let sum = sums.entry(household).or_insert((*member < 0, 0));
        if *member < 0 || !sum.0 {
            sum.1 += amount;
        }
    }
    sums.into_iter().map(|(household, (_, sum))| (household, sum)).collect()
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
pub(crate) fn of_family(
    standards: &Standards,
    family: &super::statements::Family,
    (organisation, category): (&str, &str),
    persons: u32,
    month: Month,
) -> Option<Computed> {
    let of_all = Some(family.value("income")).filter(|value| !value.is_empty());
    let of_persons = family.persons.iter().filter(|one| !one.left).map(|one| one.value("income"));
    let stated: Vec<&str> = match of_all {
        Some(income) => vec![income],
        None => of_persons.filter(|value| !value.is_empty()).collect(),
    };
    if stated.is_empty() {
        return None;
    }
    let fen = |yuan: &str| yuan.parse::<Fen>().map_or(0, Fen::get);
    let income = i64::try_from(stated.into_iter().map(fen).sum::<u64>()).unwrap_or(i64::MAX);
    compute(standards.of(organisation, month)?, persons, income, category)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_standard_from_the_latest_month_holds() {
        let one = |organisation: &str, from: &str, amount| Standard {
            organisation: organisation.parse().unwrap(),
            from: from.parse().unwrap(),
            amount: Fen::new(amount),
            method: Method::Difference,
            tiers: Vec::new(),
            unit: Unit::Fen,
            words: String::new(),
        };
        // As they are read: the newest first.
        let all = [
            one("990102000000", "2026-07", 4),
            one("990102003000", "2026-01", 3),
            one("990102000000", "2026-01", 2),
            one("990102000000", "2026-01", 1),
        ];
        let all = all.map(|one| (one.organisation.prefix().to_owned(), one));
        let standards = Standards(all.into_iter().collect());
        let of = |organisation: &str, month: &str| {
            standards.of(organisation, month.parse().unwrap()).map(|one| one.amount.get())
        };
        assert_eq!(of("990102003004", "2026-08"), Some(3));
        assert_eq!(of("990102002001", "2026-08"), Some(4));
        assert_eq!(of("990102002001", "2026-06"), Some(2));
        assert_eq!(of("990102002001", "2025-12"), None);
        assert_eq!(of("990103002001", "2026-08"), None);
    }

    #[test]
    fn what_is_stated_of_all_goes_before_what_is_of_persons() {
        let row =
            |household: &str, member, yuan: &str| (household.to_owned(), member, yuan.to_owned());
        let rows = [
            row("1", -1, "900.00"),
            row("1", 0, "100.00"),
            row("2", 0, "100.00"),
            row("2", 1, "20.50"),
        ];
        let sums = by_household(&rows);
        assert_eq!(sums, BTreeMap::from([("1", 90_000), ("2", 12_050)]));
    }
}
