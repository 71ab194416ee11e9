//! Runs that count for a term although they are not it.

use std::fmt;

use serde::Serialize;

/// Why another run counts for a term, the better reasons first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The recogniser also thought of the term where the run stands.
    Recogniser,
    /// One character looks like another.
    LookAlike,
    /// One character is another, or missing.
    OneCharacter,
    /// It sounds so.
    Sound,
}

impl Why {
    /// How many steps below the term itself such a page stands.
    pub(crate) fn steps(self) -> u8 {
        match self {
            Why::Recogniser => 1,
            Why::LookAlike => 2,
            Why::OneCharacter => 3,
            Why::Sound => 4,
        }
    }
}

/// A run that counts for a term.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Near {
    /// The run, as it stands on pages.
    pub text: String,
    /// Why it counts.
    pub why: Why,
}

impl fmt::Display for Near {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let why = match self.why {
            Why::Recogniser => "may have been read for it",
            Why::LookAlike => "looks like it",
            Why::OneCharacter => "one character off",
            Why::Sound => "sounds so",
        };
        write!(f, "{} {why}", self.text)
    }
}
