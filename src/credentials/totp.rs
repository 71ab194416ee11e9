//! The second factor: codes of a moment (RFC 6238: SHA-1, six digits, thirty
//! seconds), and what helps when the telephone is lost.
//!
//! The secret is in no database: it is made of a key beside the data and of a
//! salt that is kept for the person. Either alone is worth nothing.

use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use sha1::Sha1;
use sha2::{Digest, Sha256};

/// How long a code is good, in seconds.
const STEP: i64 = 30;
/// So many steps a clock may be off, either way.
const OFF: i64 = 1;
/// How many codes there are for when the telephone is lost.
pub const RECOVERY: usize = 10;

/// What the telephone holds too.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret([u8; 20]);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

impl Secret {
    /// The secret that a key and a salt make.
    #[must_use]
    pub fn of(key: &str, salt: &str) -> Self {
        // Both have a fixed length and 256 bits of chance, so plain hashing of
        // one after the other is a function nobody can guess.
        let hash = Sha256::new().chain_update("totp\0").chain_update(key).chain_update(salt);
        let mut secret = [0; 20];
        secret.copy_from_slice(&hash.finalize()[..20]);
        Self(secret)
    }

    /// As it is typed where no camera is, in Base32, in groups of four.
    #[must_use]
    pub fn typed(&self) -> String {
        let text = base32(&self.0);
        let groups: Vec<&str> = (0..text.len()).step_by(4).map(|at| &text[at..at + 4]).collect();
        groups.join(" ")
    }

    /// The address that a QR code carries to the telephone.
    #[must_use]
    pub fn uri(&self, issuer: &str, login: &str) -> String {
        let (issuer, login) = (escaped(issuer), escaped(login));
        format!(
            "otpauth://totp/{issuer}:{login}?secret={}&issuer={issuer}&algorithm=SHA1&digits=6&period=30",
            base32(&self.0)
        )
    }

    /// The code of a step.
    fn code(&self, step: i64) -> String {
        // A key of any length is taken.
        let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(&self.0) else { return String::new() };
        mac.update(&step.to_be_bytes());
        let hash: [u8; 20] = mac.finalize().into_bytes().into();
        let at = usize::from(hash[19] & 0x0f);
        let four = [hash[at] & 0x7f, hash[at + 1], hash[at + 2], hash[at + 3]];
        format!("{:06}", u32::from_be_bytes(four) % 1_000_000)
    }

    /// The step whose code was given, if that is one of about `now` and later
    /// than `last`, the step of the last code that was accepted: a code is good
    /// once, also when the clock was set back.
    #[must_use]
    pub fn accepts(&self, given: &str, now: Timestamp, last: i64) -> Option<i64> {
        let given = digits(given)?;
        let middle = step_of(now);
        // All are compared, whichever is right.
        let right = |step: &i64| super::fingerprint("totp", &self.code(*step)) == given;
        let found: Vec<i64> = (middle - OFF..=middle + OFF).filter(right).collect();
        found.into_iter().find(|step| *step > last)
    }

    /// The code at a time, as a telephone shows it.
    #[must_use]
    pub fn at(&self, now: Timestamp) -> String {
        self.code(step_of(now))
    }
}

fn step_of(now: Timestamp) -> i64 {
    now.as_second().div_euclid(STEP)
}

/// Hash of six digits as typed, blanks between them or not.
fn digits(given: &str) -> Option<String> {
    let text: String = given.chars().filter(|c| !c.is_whitespace()).take(7).collect();
    let six = text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit());
    six.then(|| super::fingerprint("totp", &text))
}

/// New codes for when the telephone is lost, such as `k7qm-x2pd-vw4c`: sixty bits each.
#[must_use]
pub fn recovery() -> Vec<String> {
    let one = || {
        let text = base32(&rand::random::<[u8; 10]>()).to_ascii_lowercase();
        format!("{}-{}-{}", &text[..4], &text[4..8], &text[8..12])
    };
    (0..RECOVERY).map(|_| one()).collect()
}

/// The one way to write such a code that was typed; empty when it is none.
#[must_use]
pub fn recovery_typed(typed: &str) -> String {
    let plain = |c: &char| !c.is_whitespace() && *c != '-';
    let text: String =
        typed.chars().filter(plain).take(13).map(|c| c.to_ascii_lowercase()).collect();
    match text.len() == 12 && text.bytes().all(|b| b.is_ascii_alphanumeric()) {
        true => format!("{}-{}-{}", &text[..4], &text[4..8], &text[8..]),
        false => String::new(),
    }
}

/// Base32 (RFC 4648) of a multiple of five bytes, which needs no padding.
fn base32(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut text = String::new();
    for five in bytes.chunks(5) {
        let bits = five.iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
        for at in (0..8).rev() {
            let letter = usize::try_from(bits >> (at * 5) & 31).unwrap_or(0);
            text.push(char::from(LETTERS[letter]));
        }
    }
    text
}

/// A text as a part of an address.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                out.push(char::from(byte));
            }
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn the_codes_are_those_of_the_standards() {
        let secret = Secret(*b"12345678901234567890");
        // RFC 4226, appendix D.
        let counted = ["755224", "287082", "359152", "969429", "338314", "254676", "287922"];
        for (step, code) in (0..).zip(counted) {
            assert_eq!(secret.code(step), code);
        }
        // RFC 6238, appendix B, the last six of eight digits.
        for (second, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(secret.at(at(second)), code);
        }
        // RFC 4648.
        assert_eq!(base32(b"fooba"), "MZXW6YTB");
        assert_eq!(secret.typed(), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
    }

    #[test]
    fn a_code_is_good_for_a_moment_and_once() {
        let secret = Secret::of("key", "salt");
        let now = at(1_800_000_010);
        let code = secret.at(now);
        let step = secret.accepts(&code, now, 0).unwrap();
        assert_eq!(secret.accepts(&format!(" {} {} ", &code[..3], &code[3..]), now, 0), Some(step));
        for early in [-30, 30] {
            assert_eq!(secret.accepts(&code, at(1_800_000_010 + early), 0), Some(step));
        }
        for far in [-60, 60, 86_400] {
            assert_eq!(secret.accepts(&code, at(1_800_000_010 + far), 0), None);
        }
        assert_eq!(secret.accepts(&code, now, step), None, "used");
        assert_eq!(secret.accepts(&secret.code(step - 1), now, step), None, "older than the last");
        // The clock set back brings no old code back.
        assert_eq!(secret.accepts(&secret.at(at(1_700_000_000)), at(1_700_000_000), step), None);
        for odd in ["", "12345", "1234567", "abcdef", "１２３４５６", &"1".repeat(1 << 20)] {
            assert_eq!(secret.accepts(odd, now, 0), None);
        }
        let other = Secret::of("key", "other salt");
        assert_ne!(secret, other);
        assert_ne!(secret, Secret::of("other key", "salt"));
    }

    #[test]
    fn the_telephone_gets_names_and_secret() {
        let secret = Secret(*b"12345678901234567890");
        assert_eq!(
            secret.uri("一档", "zhao&x"),
            "otpauth://totp/%E4%B8%80%E6%A1%A3:zhao%26x?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\
             &issuer=%E4%B8%80%E6%A1%A3&algorithm=SHA1&digits=6&period=30"
        );
        assert_eq!(format!("{secret:?}"), "Secret");
    }

    #[test]
    fn a_code_for_a_lost_telephone_is_read_however_it_is_typed() {
        let codes = recovery();
        assert_eq!(codes.len(), RECOVERY);
        for code in &codes {
            assert_eq!(recovery_typed(code), *code);
            assert_eq!(recovery_typed(&code.to_uppercase().replace('-', " ")), *code);
        }
        for odd in ["", "k7qm", "k7qm-x2pd-vw4c-k7qm", "码码码码", &"a".repeat(1 << 20)] {
            assert_eq!(recovery_typed(odd), "");
        }
    }
}
