//! 抽签: random samples that anybody can draw again. A draw is ordered first; its
//! seed is the root of the log's tree right after the order, which nobody knows
//! before. The formula is in `docs/draws.md`.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::id::{Digest, EntryNo, HouseholdNo, OrganisationCode};
use super::living::NextStep;
use super::month::Month;
use super::register::RowNumber;

/// The most households of one sample.
pub const MOST_DRAWN: usize = 1000;

/// What stands behind the name of the organisation where a population is told.
pub const BELOW: &str = "及以下";

/// 抽检令: a draw is ordered: from whom, how many, for which month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DrawOrdered)]
pub struct DrawOrder {
    /// Of which organisation and those below it.
    pub organisation: OrganisationCode,
    /// For which month.
    #[schema(value_type = String)]
    pub month: Month,
    /// 状态 of the households, such as `receiving`.
    pub state: String,
    /// 类别, or empty for all.
    pub category: String,
    /// How many; none where it is per cent.
    #[serde(default)]
    pub count: Option<u32>,
    /// How many of a hundred; none where it is a number.
    #[serde(default)]
    pub per_cent: Option<u32>,
    /// The population in words, as they stood at this entry.
    pub population: String,
    /// Why, or empty.
    pub words: String,
}

/// A household that was drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DrawnHousehold)]
pub struct Drawn {
    /// 户号
    pub household: HouseholdNo,
    /// The number of its row in the register of spot checks.
    #[schema(value_type = String)]
    pub number: RowNumber,
}

/// 抽签: the sample of an order is drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DrawMade)]
pub struct DrawSample {
    /// The entry that ordered it.
    pub order: EntryNo,
    /// Whose register gets the rows: the organisation of the order.
    pub organisation: OrganisationCode,
    /// The code of that register.
    pub register: String,
    /// The code of the stage the rows begin with.
    pub stage: String,
    /// How many entries the tree has: the order is its last.
    pub tree_size: u64,
    /// The root of that tree.
    pub root: Digest,
    /// How many households were drawn from.
    pub population: u64,
    /// The digest of their numbers in order, each with a line feed after it.
    pub population_sha256: Digest,
    /// The sample, as drawn.
    pub drawn: Vec<Drawn>,
    /// What the rows wait for; none when nothing.
    #[serde(default)]
    pub next: Option<NextStep>,
}

/// How many households a draw takes of a population.
#[must_use]
pub fn size(population: usize, count: Option<u32>, per_cent: Option<u32>) -> usize {
    let of_hundred = |part: u32| (population * part.min(100) as usize).div_ceil(100);
    let wanted = count.map(|count| count as usize).or(per_cent.map(of_hundred)).unwrap_or(0);
    wanted.min(population)
}

/// The digest of a population: its numbers in order, each with a line feed after it.
#[must_use]
pub fn population_sha256<'a>(population: impl IntoIterator<Item = &'a str>) -> Digest {
    let mut text = String::new();
    for household in population {
        text.push_str(household);
        text.push('\n');
    }
    Digest::of(text.as_bytes())
}

/// The first `size` households of the population by the digest of the seed and their
/// numbers. The seed is the 32 bytes of the root and the number of the entry that
/// ordered the draw, as 8 bytes with the greatest first.
#[must_use]
pub fn sample<'a>(
    root: &Digest,
    order: EntryNo,
    population: impl IntoIterator<Item = &'a str>,
    size: usize,
) -> Vec<&'a str> {
    let mut seed = root.as_bytes().to_vec();
    seed.extend_from_slice(&order.to_be_bytes());
    let rank = |household: &'a str| {
        let mut bytes = seed.clone();
        bytes.extend_from_slice(household.as_bytes());
        (Digest::of(&bytes), household)
    };
    let mut ranked: Vec<_> = population.into_iter().map(rank).collect();
    ranked.sort_unstable();
    ranked.truncate(size);
    ranked.into_iter().map(|(_, household)| household).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const POPULATION: [&str; 5] = [
        "99010200300400001",
        "99010200300400002",
        "99010200300400003",
        "99010200300400004",
        "99010200300400005",
    ];

    #[test]
    fn a_sample_is_what_the_formula_says() {
        let root = Digest::of(b"root");
        let drawn = sample(&root, 7, POPULATION, 2);
        // Once more by hand: SHA-256 of root, entry as 8 bytes, number.
        let mut by_hand: Vec<(String, &str)> = POPULATION
            .iter()
            .map(|household| {
                let mut bytes = root.as_bytes().to_vec();
                bytes.extend_from_slice(&[0, 0, 0, 0, 0, 0, 0, 7]);
                bytes.extend_from_slice(household.as_bytes());
                (Digest::of(&bytes).to_string(), *household)
            })
            .collect();
        by_hand.sort();
        assert_eq!(drawn, [by_hand[0].1, by_hand[1].1]);
        assert_ne!(sample(&root, 7, POPULATION, 5), sample(&root, 8, POPULATION, 5));
        assert_ne!(
            sample(&root, 7, POPULATION, 5),
            sample(&Digest::of(b"other"), 7, POPULATION, 5)
        );
    }

    #[test]
    fn a_part_of_a_hundred_is_rounded_up() {
        assert_eq!(size(5, None, Some(30)), 2);
        assert_eq!(size(100, None, Some(10)), 10);
        assert_eq!(size(5, Some(9), None), 5);
        assert_eq!(size(0, Some(9), None), 0);
        assert_eq!(size(5, None, None), 0);
    }

    proptest! {
        /// Whatever is drawn is of the population, nobody twice, and the order in which
        /// the population is given changes nothing.
        #[test]
        fn the_order_of_the_population_changes_nothing(
            numbers in prop::collection::btree_set(1_u32..99_999, 1..60), size in 0_usize..70,
        ) {
            let all: Vec<String> = numbers.iter().map(|n| format!("990102003004{n:05}")).collect();
            let root = Digest::of(b"x");
            let drawn = sample(&root, 1, all.iter().map(String::as_str), size);
            let again = sample(&root, 1, all.iter().rev().map(String::as_str), size);
            prop_assert_eq!(&drawn, &again);
            prop_assert_eq!(drawn.len(), size.min(all.len()));
            let mut once = drawn.clone();
            once.sort_unstable();
            once.dedup();
            prop_assert_eq!(once.len(), drawn.len());
        }
    }
}
