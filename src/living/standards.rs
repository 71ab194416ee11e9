//! 低保标准: what a person is guaranteed, set by the bureau from a month on.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{LivingError, Names, WORDS, amount, files_at_bureau, possible, short};
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

/// Sets a standard.
///
/// # Errors
/// When the organisation is not in the actor's scope, or an amount is none.
pub async fn set(app: &App, actor: &Actor, setting: Setting) -> Result<Receipt, LivingError> {
    actor.must(Right::File)?;
    if !files_at_bureau(actor) || !scope(actor).covers(setting.organisation.as_str()) {
        return Err(LivingError::OtherLevel(Collector::Bureau));
    }
    possible(setting.from.first())?;
    let amount = amount(&setting.amount, str::parse)?;
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
        tiers.push(Tier { category: category.to_owned(), amount: amount(each, str::parse)? });
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

fn fen(amount: Fen) -> i64 {
    i64::try_from(amount.get()).unwrap_or(i64::MAX)
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

    /// Those that hold in a month for the communities whose codes begin with `start`: that of
    /// the nearest organisation above them all, and those of organisations among them.
    pub(super) fn in_force(&self, start: &str, month: Month, names: &Names) -> Vec<InForce> {
        let whole = format!("{start:0<12}");
        let among = self.0.iter().filter(|(prefix, _)| prefix.starts_with(start));
        let codes = among.map(|(_, one)| one.organisation.as_str()).chain([whole.as_str()]);
        let mut found: Vec<InForce> = codes
            .filter_map(|code| self.of(code, month))
            .map(|one| InForce {
                organisation: one.organisation.as_str().to_owned(),
                name: names.of(one.organisation.as_str()),
                from: one.from.to_string(),
                amount: fen(one.amount),
            })
            .collect();
        found.sort_by(|a, b| a.organisation.cmp(&b.organisation));
        found.dedup();
        found
    }

    /// What holds for the households of an organisation in a month, in 分.
    pub(super) fn amount_of(&self, organisation: &str, month: Month) -> Option<i64> {
        self.of(organisation, month).map(|one| fen(one.amount))
    }
}

/// A standard that holds in a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = StandardInForce)]
pub struct InForce {
    /// Of this organisation and those below it that have none of their own.
    pub organisation: String,
    /// Its name, or its code again.
    pub name: String,
    /// The first month, such as `2026-01`.
    pub from: String,
    /// What one person is guaranteed a month, in 分.
    pub amount: i64,
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
}
