//! Canonical JSON (RFC 8785): one value, one byte sequence, one digest.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// A value that has no canonical form, or bytes that are not one.
#[derive(Debug, thiserror::Error)]
#[error("not canonical JSON: {0}")]
pub struct CanonicalError(String);

/// The greatest whole number that has a form of its own: RFC 8785 writes numbers
/// as JavaScript does, where those above share theirs.
pub const GREATEST: i64 = (1 << 53) - 1;

/// The canonical bytes of `value`.
///
/// # Errors
/// When the value holds what canonical JSON cannot: a map with keys that are not
/// text, a whole number beyond [`GREATEST`].
pub fn to_bytes<T: Serialize>(value: &T) -> Result<Vec<u8>, CanonicalError> {
    let bytes =
        serde_json_canonicalizer::to_vec(value).map_err(|e| CanonicalError(e.to_string()))?;
    match greatest(&bytes) {
        number if number > GREATEST.unsigned_abs() => {
            Err(CanonicalError(format!("a number is greater than {GREATEST}")))
        }
        _ => Ok(bytes),
    }
}

/// The greatest run of digits outside of texts, as a number.
fn greatest(json: &[u8]) -> u64 {
    let (mut greatest, mut number) = (0, 0_u64);
    let (mut text, mut escaped) = (false, false);
    for byte in json {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = text,
            b'"' => text = !text,
            b'0'..=b'9' if !text => {
                number = number.saturating_mul(10).saturating_add(u64::from(byte - b'0'));
                greatest = greatest.max(number);
                continue;
            }
            _ => {}
        }
        number = 0;
    }
    greatest
}

/// The value whose canonical bytes these are.
///
/// # Errors
/// When the bytes are another JSON text of the same value, or none: a digest
/// over them would not be the value's.
pub fn from_bytes<T: Serialize + DeserializeOwned>(bytes: &[u8]) -> Result<T, CanonicalError> {
    let value: T = serde_json::from_slice(bytes).map_err(|e| CanonicalError(e.to_string()))?;
    if to_bytes(&value)? != bytes {
        return Err(CanonicalError("the text is not in canonical form".into()));
    }
    Ok(value)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn keys_are_sorted_and_blanks_are_gone() {
        let value = json!({"b": 1, "a": "周桂兰", "c": [true, null]});
        let bytes = to_bytes(&value).unwrap();
        assert_eq!(bytes, r#"{"a":"周桂兰","b":1,"c":[true,null]}"#.as_bytes());
        assert_eq!(from_bytes::<Value>(&bytes).unwrap(), value);
    }

    #[test]
    fn a_number_that_would_come_back_as_another_is_refused() {
        for good in [0, 7, GREATEST, -GREATEST] {
            assert_eq!(from_bytes::<i64>(&to_bytes(&good).unwrap()).unwrap(), good);
        }
        for bad in [GREATEST + 1, i64::MAX, i64::MIN] {
            assert!(to_bytes(&json!([{ "n": bad }])).is_err(), "{bad}");
        }
        let text = "\"9223372036854775807\\";
        assert!(to_bytes(&json!({ text: text, "n": [1, 2] })).is_ok(), "digits in a text");
    }

    #[test]
    fn another_spelling_of_the_same_value_is_refused() {
        assert!(from_bytes::<Value>(br#"{"a": 1}"#).is_err());
        assert!(from_bytes::<Value>(br#"{"b":1,"a":1}"#).is_err());
    }
}
