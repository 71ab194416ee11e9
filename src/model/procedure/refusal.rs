//! Why a step of a case cannot be taken.

use jiff::civil::Date;

use super::Called;

/// Why a step cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MoveError {
    /// The procedure has no such step.
    #[error("there is no step {0:?}")]
    Unknown(String),
    /// The case is over.
    #[error("the case has ended")]
    Over,
    /// It was taken.
    #[error("step {0} has been taken")]
    Twice(Called),
    /// Another step comes first.
    #[error("step {step} comes after {first} ({rule})")]
    First {
        /// The step that was wanted.
        step: Called,
        /// The one that is missing.
        first: Called,
        /// Where it is written.
        rule: String,
    },
    /// Departments have to sign another step first.
    #[error("step {step} waits for {first} by {offices} ({rule})")]
    Unsigned {
        /// The step that was wanted.
        step: Called,
        /// The one they sign.
        first: Called,
        /// Who has not signed, parted by 、.
        offices: String,
        /// Where it is written.
        rule: String,
    },
    /// It is too late for it.
    #[error("step {step} comes before {then} ({rule})")]
    TooLate {
        /// The step that was wanted.
        step: Called,
        /// The one that was taken already.
        then: Called,
        /// Where it is written.
        rule: String,
    },
    /// It is taken later.
    #[error("step {step} cannot be taken before {from} ({rule})")]
    TooEarly {
        /// The step that was wanted.
        step: Called,
        /// The first day on which it can be.
        from: Date,
        /// Where it is written.
        rule: String,
    },
    /// Its day is before that of a step it follows.
    #[error("step {step} cannot be earlier than {first} on {on}")]
    Backwards {
        /// The step that was wanted.
        step: Called,
        /// The step it follows.
        first: Called,
        /// The day of that one.
        on: Date,
    },
    /// Its day is before something else that the household has behind it.
    #[error("step {step} cannot be earlier than {on}, when {behind}")]
    Sooner {
        /// The step that was wanted.
        step: Called,
        /// What that is.
        behind: Behind,
        /// The day of it.
        on: Date,
    },
}

/// What a household has behind it when a case goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Behind {
    /// The case before began.
    Case,
    /// Its allowance was decided last.
    Decision,
    /// It became a household of its own.
    Split,
}

impl Behind {
    /// In Chinese, after a day.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Case => "前一宗开始",
            Self::Decision => "上一次待遇决定",
            Self::Split => "分户",
        }
    }
}

impl std::fmt::Display for Behind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Case => "the case before it began",
            Self::Decision => "the allowance was decided last",
            Self::Split => "the household became one of its own",
        })
    }
}
