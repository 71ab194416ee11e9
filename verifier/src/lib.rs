//! What an auditor needs to check a bag that Yidang packed: no server, no
//! network, and nothing of Yidang's own code.
//!
//! ```text
//! bag ─► files ─► entries ─► tree ─► checkpoint ─► signatures ─► policy
//! ```
//!
//! The bag brings everything but the policy: whom the auditor trusts is never
//! taken from what is to be checked. Every step says what it established, and
//! what it could not look at.

pub mod bag;
mod case;
pub mod contents;
mod history;
pub mod merkle;
pub mod note;
pub mod policy;
pub mod proof;
pub mod report;
mod subject;
pub mod time;
pub mod timestamp;
pub mod verify;

pub use report::{Report, Verdict};

/// Why something is not what it should be: one sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong(pub String);

impl std::fmt::Display for Wrong {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Wrong {}

/// The result of checking something.
pub type Result<T> = std::result::Result<T, Wrong>;

/// `Err` with a sentence.
macro_rules! wrong {
    ($($arg:tt)*) => { Err($crate::Wrong(format!($($arg)*))) };
}
pub(crate) use wrong;
