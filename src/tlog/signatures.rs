//! Who signed a note, as its lines say: for pages that show a checkpoint.
//! Whether a signature is right is not looked at here.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The bytes before the signature itself: the head of the key's digest.
const KEY_ID: usize = 4;
/// The bytes of an Ed25519 signature.
const ED25519: usize = 64;
/// The bytes of a time: seconds since 1970, big-endian.
const TIME: usize = 8;

/// A signature line of a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// The name of the key.
    pub name: String,
    /// The first digits of the key's digest, in hexadecimal.
    pub key: String,
    /// When a witness signed, in seconds since 1970 (C2SP tlog-cosignature);
    /// none for a plain signature.
    pub time: Option<u64>,
}

/// The signatures of a note in their order. Lines that are of no known form are
/// left out: a note may carry signatures of kinds still to come.
#[must_use]
pub fn signatures(note: &str) -> Vec<Signature> {
    let Some((_, lines)) = note.split_once("\n\n") else { return Vec::new() };
    lines.lines().filter_map(signature).collect()
}

fn signature(line: &str) -> Option<Signature> {
    let (name, text) = line.strip_prefix("— ")?.split_once(' ')?;
    let bytes = STANDARD.decode(text).ok()?;
    let (id, rest) = bytes.split_first_chunk::<KEY_ID>()?;
    let time = match rest.len() {
        ED25519 => None,
        length if length == TIME + ED25519 => {
            Some(u64::from_be_bytes(*rest.first_chunk::<TIME>()?))
        }
        _ => return None,
    };
    Some(Signature { name: name.to_owned(), key: hex::encode(id), time })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::tlog::{Frontier, LogKey};

    /// A note of one entry, with a line of a witness after that of the log.
    fn cosigned() -> String {
        let mut tree = Frontier::default();
        tree.push(b"a");
        let note = LogKey::new("yidang.example/j016", [7; 32]).unwrap().sign(&tree).unwrap();
        let mut line = vec![1, 2, 3, 4];
        line.extend(1_795_000_000_u64.to_be_bytes());
        line.extend([9; ED25519]);
        format!("{note}— archive.example/witness {}\n", STANDARD.encode(line))
    }

    #[test]
    fn the_log_and_its_witnesses_are_named_with_their_times() {
        let found = signatures(&cosigned());
        let told: Vec<_> = found.iter().map(|one| (one.name.as_str(), one.time)).collect();
        assert_eq!(
            told,
            [("yidang.example/j016", None), ("archive.example/witness", Some(1_795_000_000))]
        );
        assert_eq!(found[1].key, "01020304");
    }

    #[test]
    fn a_line_of_another_kind_is_left_out() {
        let more = format!("{}— later.example/key AAECAwQF\nnot a line\n— x\n", cosigned());
        assert_eq!(signatures(&more).len(), 2);
        assert!(signatures("no note").is_empty());
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "(— |a |AAECAw==|\n\n|\n|\\PC){0,40}") {
            let _ = signatures(&text);
        }
    }
}
