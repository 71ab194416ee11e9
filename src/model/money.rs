//! 分: money in whole cents, so that sums are exact.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The most that is taken for an amount of a household: a million yuan.
const MOST: u64 = 100_000_000;
/// The most that is taken for an amount of a fund: a billion yuan.
const MOST_OF_A_FUND: u64 = 100_000_000_000;

/// An amount in 分, the hundredth part of a yuan.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema,
)]
#[serde(transparent)]
pub struct Fen(u64);

impl Fen {
    /// So many 分.
    #[must_use]
    pub const fn new(fen: u64) -> Self {
        Self(fen)
    }

    /// How many 分.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }

    /// An amount of a fund, up to a billion yuan, as it is typed.
    ///
    /// # Errors
    /// When it is none.
    pub fn of_fund(text: &str) -> Result<Self, NoAmount> {
        Self::read(text, MOST_OF_A_FUND)
    }

    fn read(text: &str, most: u64) -> Result<Self, NoAmount> {
        let (yuan, rest) = match text.trim().split_once('.') {
            Some((_, "")) => return Err(NoAmount),
            Some(parts) => parts,
            None => (text.trim(), ""),
        };
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if yuan.is_empty() || yuan.len() > 10 || rest.len() > 2 || !digits(yuan) || !digits(rest) {
            return Err(NoAmount);
        }
        let fen: u64 = format!("{yuan}{rest:0<2}").parse().map_err(|_| NoAmount)?;
        if fen > most { Err(NoAmount) } else { Ok(Self(fen)) }
    }
}

/// How many households, and what they come to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = HouseholdTotal)]
pub struct Total {
    /// How many households.
    pub households: i64,
    /// Their sum in 分.
    pub amount: i64,
}

impl Total {
    /// So many households with so many 分 together.
    #[must_use]
    pub const fn new(households: i64, amount: i64) -> Self {
        Self { households, amount }
    }

    /// Counts a household with its amount in 分.
    pub const fn add(&mut self, amount: i64) {
        self.households += 1;
        self.amount += amount;
    }
}

/// An amount in 分 that can be below zero, in yuan with two decimals: `-560.00`.
#[must_use]
pub fn signed(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    format!("{sign}{}", Fen::new(fen.unsigned_abs()))
}

/// In yuan with two decimals: `560.00`.
impl fmt::Display for Fen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

/// What is no amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an amount is yuan with at most two decimals, up to a million, such as 560 or 560.50")]
pub struct NoAmount;

/// Yuan with at most two decimals: `560`, `560.5`, `560.50`.
impl FromStr for Fen {
    type Err = NoAmount;

    fn from_str(text: &str) -> Result<Self, NoAmount> {
        Self::read(text, MOST)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::{Fen, MOST, NoAmount, signed};

    #[test]
    fn yuan_are_read_to_the_cent() {
        for (text, fen) in
            [("0", 0), ("560", 56_000), (" 560.5 ", 56_050), ("0.01", 1), ("1000000.00", MOST)]
        {
            assert_eq!(text.parse(), Ok(Fen::new(fen)), "{text}");
        }
        for text in
            ["", ".", ".5", "5.", "-1", "+1", "1e3", "1,000", "0.001", "1000000.01", "５", "五"]
        {
            assert_eq!(text.parse::<Fen>(), Err(NoAmount), "{text}");
        }
        assert_eq!(Fen::of_fund("1000000000"), Ok(Fen::new(100_000_000_000)));
        assert_eq!(Fen::of_fund("1000000000.01"), Err(NoAmount));
        assert_eq!(signed(-5), "-0.05");
        assert_eq!(signed(i64::MIN), "-92233720368547758.08");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(fen in 0..=MOST) {
            prop_assert_eq!(Fen::new(fen).to_string().parse(), Ok(Fen::new(fen)));
        }

        #[test]
        fn nothing_that_is_typed_makes_it_panic(text in "\\PC{0,20}") {
            let _ = text.parse::<Fen>();
        }
    }
}
