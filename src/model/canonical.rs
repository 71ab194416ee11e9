//! Canonical JSON (RFC 8785): one value, one byte sequence, one digest.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// A value that has no canonical form, or bytes that are not one.
#[derive(Debug, thiserror::Error)]
#[error("not canonical JSON: {0}")]
pub struct CanonicalError(String);

/// The canonical bytes of `value`.
///
/// # Errors
/// When the value holds what JSON cannot (a map with keys that are not text).
pub fn to_bytes<T: Serialize>(value: &T) -> Result<Vec<u8>, CanonicalError> {
    serde_json_canonicalizer::to_vec(value).map_err(|e| CanonicalError(e.to_string()))
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
    fn another_spelling_of_the_same_value_is_refused() {
        assert!(from_bytes::<Value>(br#"{"a": 1}"#).is_err());
        assert!(from_bytes::<Value>(br#"{"b":1,"a":1}"#).is_err());
    }
}
