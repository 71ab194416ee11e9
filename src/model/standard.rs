//! 低保标准: what a person is guaranteed a month, and what a household is entitled
//! to by it (民发〔2021〕57号, art. 23: by the difference, or by tiers).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::id::OrganisationCode;
use super::money::Fen;
use super::month::Month;

/// The most tiers of a standard.
pub const MOST_TIERS: usize = 12;

/// How the amount of a household comes about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = StandardMethod)]
pub enum Method {
    /// 补差: what the counted income lacks to the standard.
    #[default]
    Difference,
    /// 分档: so much for each person, by the category of the household.
    Tiers,
}

impl Method {
    /// As it stands in SQL and on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Difference => "difference",
            Self::Tiers => "tiers",
        }
    }
}

/// To which unit an amount is rounded up, once, at the end.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = StandardUnit)]
pub enum Unit {
    /// 分
    #[default]
    Fen,
    /// 角
    Jiao,
    /// 元
    Yuan,
}

impl Unit {
    /// As it stands in SQL and on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fen => "fen",
            Self::Jiao => "jiao",
            Self::Yuan => "yuan",
        }
    }

    const fn fen(self) -> u64 {
        match self {
            Self::Fen => 1,
            Self::Jiao => 10,
            Self::Yuan => 100,
        }
    }
}

impl std::str::FromStr for Unit {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let all = [Self::Fen, Self::Jiao, Self::Yuan];
        let found = all.into_iter().find(|one| one.as_str() == text);
        found.ok_or_else(|| format!("{text:?} is none of fen, jiao, yuan"))
    }
}

/// 档: what each person of a household of a category is given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = StandardTier)]
pub struct Tier {
    /// 类别, such as `B`.
    pub category: String,
    /// Of one person a month, in 分.
    pub amount: Fen,
}

/// 低保标准 of a region from a month on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Standard {
    /// Of this organisation and those below it.
    pub organisation: OrganisationCode,
    /// The first month.
    #[schema(value_type = String)]
    pub from: Month,
    /// What one person is guaranteed a month, in 分.
    pub amount: Fen,
    /// How the amount of a household comes about.
    pub method: Method,
    /// The tiers; none where it is the difference.
    pub tiers: Vec<Tier>,
    /// To what amounts are rounded up.
    pub unit: Unit,
    /// 文号 of the paper that sets it, or a remark.
    pub words: String,
}

impl Standard {
    /// 应得: what a household is entitled to a month, in 分: zero where its income
    /// reaches the standard; none where there is no tier for its category. `income`
    /// is what all of it has a month; sums are made first and rounded once.
    #[must_use]
    pub fn entitles(&self, persons: u32, income: Fen, category: &str) -> Option<Fen> {
        let guaranteed = self.amount.get().saturating_mul(persons.into());
        let lacks = guaranteed.saturating_sub(income.get());
        let sum = match self.method {
            _ if lacks == 0 => 0,
            Method::Difference => lacks,
            Method::Tiers => {
                let tier = self.tiers.iter().find(|tier| tier.category == category)?;
                tier.amount.get().saturating_mul(persons.into())
            }
        };
        let unit = self.unit.fen();
        Some(Fen::new(sum.div_ceil(unit).saturating_mul(unit)))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn standard(method: Method, unit: Unit) -> Standard {
        let tier = |category: &str, amount| Tier { category: category.to_owned(), amount };
        Standard {
            organisation: "990102000000".parse().unwrap(),
            from: "2026-01".parse().unwrap(),
            amount: Fen::new(82_000),
            method,
            tiers: vec![tier("A", Fen::new(70_000)), tier("B", Fen::new(45_000))],
            unit,
            words: String::new(),
        }
    }

    #[test]
    fn what_is_lacking_is_rounded_up_once() {
        let difference = standard(Method::Difference, Unit::Fen);
        // 820 for each of three, less 1,000.01 of income.
        assert_eq!(difference.entitles(3, Fen::new(100_001), "B"), Some(Fen::new(145_999)));
        let yuan = standard(Method::Difference, Unit::Yuan);
        assert_eq!(yuan.entitles(3, Fen::new(100_001), "B"), Some(Fen::new(146_000)));
        assert_eq!(yuan.entitles(3, Fen::new(246_000), "B"), Some(Fen::new(0)));
        assert_eq!(yuan.entitles(0, Fen::new(0), "B"), Some(Fen::new(0)));
    }

    #[test]
    fn tiers_are_by_category_and_end_where_the_income_reaches_the_standard() {
        let tiers = standard(Method::Tiers, Unit::Yuan);
        assert_eq!(tiers.entitles(2, Fen::new(0), "A"), Some(Fen::new(140_000)));
        assert_eq!(tiers.entitles(2, Fen::new(0), "B"), Some(Fen::new(90_000)));
        assert_eq!(tiers.entitles(2, Fen::new(0), "C"), None);
        assert_eq!(tiers.entitles(2, Fen::new(164_000), "A"), Some(Fen::new(0)));
    }

    proptest! {
        #[test]
        fn more_income_never_gives_more(persons in 0u32..12, low in 0u64..900_000, more in 0u64..900_000) {
            let one = standard(Method::Difference, Unit::Jiao);
            let amount = |income| one.entitles(persons, Fen::new(income), "").unwrap();
            prop_assert!(amount(low + more) <= amount(low));
            // Income and allowance together reach the standard, and not a unit more.
            let together = amount(low).get() + low;
            let guaranteed = 82_000 * u64::from(persons);
            prop_assert!(together >= guaranteed);
            prop_assert!(amount(low).get() == 0 || together < guaranteed + 10);
        }
    }
}
