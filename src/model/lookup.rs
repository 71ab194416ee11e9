//! 查号: a number of a person is looked up by a digest that only who has the key
//! can make. Numbers have few digits: a plain digest would be guessed in seconds.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use unicode_normalization::UnicodeNormalization;

use super::number;

/// How many bytes a digest has: no two numbers of an archive share one.
const BYTES: usize = 16;

/// The key of lookups.
#[derive(Clone, PartialEq, Eq)]
pub struct LookupKey([u8; 32]);

impl fmt::Debug for LookupKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LookupKey")
    }
}

impl LookupKey {
    /// The key of these bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// What tells this key from others, 32 hexadecimal digits; it gives nothing
    /// away.
    #[must_use]
    pub fn name(&self) -> String {
        self.mac("yidang lookup key")
    }

    /// The digest of a number, 32 hexadecimal digits, the same however it is
    /// written; none of an empty text.
    #[must_use]
    pub fn digest(&self, number: &str) -> Option<String> {
        let plain: String = number
            .nfkc()
            .filter(|c| c.is_alphanumeric() || *c == '*')
            .flat_map(char::to_uppercase)
            .collect();
        (!plain.is_empty()).then(|| self.mac(&format!("number {plain}")))
    }

    /// The digests of the numbers that stand in a text, each with the places of
    /// its first and its last character.
    #[must_use]
    pub fn in_text(&self, text: &str) -> Vec<(String, std::ops::Range<usize>)> {
        let each = |one: number::Number| {
            let range = *one.places.first()?..*one.places.last()? + 1;
            Some((self.digest(&one.text)?, range))
        };
        number::found(text).into_iter().filter_map(each).collect()
    }

    fn mac(&self, text: &str) -> String {
        // A key of any length is taken.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else { return String::new() };
        mac.update(text.as_bytes());
        let mac: [u8; 32] = mac.finalize().into_bytes().into();
        hex::encode(&mac[..BYTES])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_one_digest_under_one_key() {
        let key = LookupKey::new([7; 32]);
        let digest = key.digest("11010519491231002X");
        for text in ["11010519491231002x", "110105 19491231 002X", "１１０１０５-19491231-002ｘ"]
        {
            assert_eq!(key.digest(text), digest, "{text}");
        }
        assert_ne!(key.digest("110105194912310021"), digest);
        assert_ne!(LookupKey::new([8; 32]).digest("11010519491231002X"), digest);
        assert_ne!(key.name(), LookupKey::new([8; 32]).name());
        assert_eq!(key.digest(" "), None);
        // HMAC-SHA256 by an independent program: printf 'number 1' | openssl dgst
        // -sha256 -mac HMAC -macopt hexkey:0707…
        assert_eq!(key.digest("1").unwrap_or_default(), "30d80617bd55cd60f6822abb74c90714");
    }

    #[test]
    fn numbers_of_a_text_come_with_their_places() {
        let key = LookupKey::new([7; 32]);
        let found = key.in_text("证110105 19491231 002X，电话13812345678");
        let wanted = [("11010519491231002X", 1..21), ("13812345678", 24..35)];
        let wanted: Vec<_> =
            wanted.into_iter().filter_map(|(text, at)| Some((key.digest(text)?, at))).collect();
        assert_eq!(found, wanted);
    }
}
