//! 凭据: what a person shows to be let in, and what is kept of it.
//!
//! Nothing that is kept here lets anybody in: passwords, codes and tokens are
//! kept as hashes, second factors as salts under a key that is outside of the
//! database. All of it is expendable: who lost it is given a new code.

pub mod code;
pub mod oidc;
pub mod password;
pub mod throttle;
pub mod token;
pub mod totp;

use sha2::{Digest, Sha256};

/// What is kept of a secret of at least 64 random bits, in hexadecimal: its
/// SHA-256, with `kind` in front, so that what is kept of one kind is nothing
/// of another.
#[must_use]
pub fn fingerprint(kind: &str, secret: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(kind.as_bytes());
    hash.update([0]);
    hash.update(secret.as_bytes());
    hex::encode(hash.finalize())
}

/// A new secret of 256 random bits, in hexadecimal.
#[must_use]
pub fn secret() -> String {
    hex::encode(rand::random::<[u8; 32]>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_of_one_kind_is_nothing_of_another() {
        assert_eq!(fingerprint("code", "a"), fingerprint("code", "a"));
        assert_ne!(fingerprint("code", "a"), fingerprint("token", "a"));
        assert_ne!(fingerprint("code", "a"), fingerprint("code", "b"));
        assert_ne!(fingerprint("a", "b"), fingerprint("", "ab"));
        assert_eq!(secret().len(), 64);
    }
}
