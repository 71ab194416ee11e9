//! 编号: the number of a row in the register of an organisation, per year.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The number of a row; ordered as they were given. As text `2026-001`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RowNumber {
    /// The year.
    pub year: i16,
    /// The serial in that year, from 1.
    pub serial: u32,
}

/// What is no number of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a row is numbered like 2026-001")]
pub struct NoNumber;

impl fmt::Display for RowNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:03}", self.year, self.serial)
    }
}

impl FromStr for RowNumber {
    type Err = NoNumber;

    fn from_str(text: &str) -> Result<Self, NoNumber> {
        let (year, serial) = text.trim().split_once('-').ok_or(NoNumber)?;
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if year.len() != 4 || !(3..=7).contains(&serial.len()) || !digits(year) || !digits(serial) {
            return Err(NoNumber);
        }
        let number = Self {
            year: year.parse().map_err(|_| NoNumber)?,
            serial: serial.parse().map_err(|_| NoNumber)?,
        };
        // One row has one number: 2026-001 is never written 2026-0001.
        if number.serial > 0 && number.to_string() == text.trim() {
            Ok(number)
        } else {
            Err(NoNumber)
        }
    }
}

impl TryFrom<String> for RowNumber {
    type Error = NoNumber;

    fn try_from(text: String) -> Result<Self, NoNumber> {
        text.parse()
    }
}

impl From<RowNumber> for String {
    fn from(number: RowNumber) -> Self {
        number.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_prints_as_it_parses() {
        for text in ["2026-001", "2026-999", "2026-1000", "1999-012"] {
            assert_eq!(text.parse::<RowNumber>().map(|one| one.to_string()), Ok(text.to_owned()));
        }
        for bad in ["", "2026", "2026-0", "2026-000", "2026-0001", "26-001", "2026-1", "2026-+12"] {
            assert_eq!(bad.parse::<RowNumber>(), Err(NoNumber), "{bad}");
        }
    }
}
