//! Passwords: which are taken, and how they are kept (argon2id).
//!
//! A hash costs 19 MiB for a moment, so a few are made at a time and a few more
//! may wait. An unknown name costs the same hash as a known one.

mod choice;
mod hash;

use unicode_normalization::UnicodeNormalization;

pub use self::choice::{LONGEST, SHORTEST, Weak, check};
pub use self::hash::{Compared, Hasher, PasswordError};

/// The one form of a password that is hashed.
fn normal(password: &str) -> String {
    password.nfc().collect()
}
