//! Signed notes and checkpoints (C2SP signed-note, tlog-checkpoint,
//! tlog-cosignature).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, VerifyingKey};

use crate::merkle::{self, Hash, sha256};
use crate::{Result, wrong};

/// The most a note may have.
const LONGEST: usize = 1 << 20;
/// The most signatures that are looked at.
const SIGNATURES: usize = 64;

/// What a key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// Signs checkpoints as their log: type 1.
    Log,
    /// Signs, with the time, that a log only grew: type 4.
    Witness,
}

/// A verifier key: `<name>+<id>+<key>`.
#[derive(Debug, Clone)]
pub struct Key {
    /// Whose it is.
    pub name: String,
    id: [u8; 4],
    /// What it is for.
    pub purpose: Use,
    key: VerifyingKey,
}

impl Key {
    /// The key in a text.
    ///
    /// # Errors
    /// When it is not an Ed25519 key of a log or witness, or its id is not that
    /// of the key.
    pub fn parse(text: &str) -> Result<Self> {
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return wrong!("{text:?} is not a key: name, id and key are joined by plus signs");
        };
        if name.is_empty() || name.contains(char::is_whitespace) {
            return wrong!("{text:?} is not a key: the name is empty or has blanks");
        }
        let Ok(bytes) = STANDARD.decode(key) else {
            return wrong!("the key of {name} is not base64");
        };
        let purpose = match bytes.first() {
            Some(1) => Use::Log,
            Some(4) => Use::Witness,
            other => return wrong!("the key of {name} is of type {other:?}; 1 and 4 are known"),
        };
        let hashed = sha256(&[name.as_bytes(), b"\n", &bytes].concat());
        let computed = [hashed[0], hashed[1], hashed[2], hashed[3]];
        let hex: String = computed.iter().map(|byte| format!("{byte:02x}")).collect();
        if hex != id {
            return wrong!("the key of {name} has id {hex}, not {id}");
        }
        let key = <[u8; 32]>::try_from(&bytes[1..]).ok();
        match key.and_then(|bytes| VerifyingKey::from_bytes(&bytes).ok()) {
            Some(key) => Ok(Self { name: name.to_owned(), id: computed, purpose, key }),
            None => wrong!("the key of {name} is not an Ed25519 key"),
        }
    }

    /// The bytes of the public key.
    #[must_use]
    pub fn bytes(&self) -> [u8; 32] {
        self.key.to_bytes()
    }

    /// Checks the signature of this key on a note; returns the time in it, in
    /// seconds since 1970, when it is a witness's. None when this key has not
    /// signed.
    ///
    /// # Errors
    /// When there is a signature of this key, and it is wrong.
    pub fn signed(&self, note: &Note) -> Result<Option<Option<u64>>> {
        let mut of_mine =
            note.signatures.iter().filter(|(name, id, _)| *name == self.name && *id == self.id);
        let Some((_, _, bytes)) = of_mine.next() else { return Ok(None) };
        let (time, message, bytes) = match self.purpose {
            Use::Log => (None, note.text.clone(), bytes.as_slice()),
            Use::Witness => {
                let Some((time, rest)) = bytes.split_first_chunk::<8>() else {
                    return wrong!("the signature of {} is too short", self.name);
                };
                let time = u64::from_be_bytes(*time);
                (Some(time), format!("cosignature/v1\ntime {time}\n{}", note.text), rest)
            }
        };
        let Ok(signature) = Signature::from_slice(bytes) else {
            return wrong!("the signature of {} is not an Ed25519 signature", self.name);
        };
        match self.key.verify_strict(message.as_bytes(), &signature) {
            Ok(()) => Ok(Some(time)),
            Err(_) => wrong!("the signature of {} is not right for this checkpoint", self.name),
        }
    }
}

/// A note with its signatures: name, key id, bytes.
#[derive(Debug, Clone)]
pub struct Note {
    /// The text that is signed, with its last line end.
    pub text: String,
    signatures: Vec<(String, [u8; 4], Vec<u8>)>,
}

impl Note {
    /// The note in a text.
    ///
    /// # Errors
    /// When it is not one: the line and the reason.
    pub fn parse(text: &str) -> Result<Self> {
        if text.len() > LONGEST {
            return wrong!("a note of {} bytes is too long", text.len());
        }
        if let Some(at) = text.find(|c: char| c < ' ' && c != '\n') {
            let line = text[..at].lines().count().max(1);
            return wrong!("line {line} of the note has a control character");
        }
        let Some((body, signatures)) = text.rsplit_once("\n\n") else {
            return wrong!("the note has no empty line before its signatures");
        };
        let Some(signatures) = signatures.strip_suffix('\n') else {
            return wrong!("the last line of the note does not end");
        };
        let begin = body.lines().count() + 2;
        let mut found = Vec::new();
        for (line, at) in signatures.split('\n').zip(begin..) {
            let parts = line.strip_prefix("— ").and_then(|rest| rest.split_once(' '));
            let named =
                parts.filter(|(name, _)| !name.is_empty() && !name.contains(char::is_whitespace));
            let Some((name, bytes)) = named else {
                return wrong!("line {at} of the note is not a signature");
            };
            let Ok(bytes) = STANDARD.decode(bytes) else {
                return wrong!("line {at} of the note: the signature is not base64");
            };
            let parts = bytes.split_first_chunk::<4>().filter(|(_, bytes)| !bytes.is_empty());
            let Some((id, bytes)) = parts else {
                return wrong!("line {at} of the note: the signature is too short");
            };
            if found.len() == SIGNATURES {
                return wrong!("the note has more than {SIGNATURES} signatures");
            }
            found.push((name.to_owned(), *id, bytes.to_vec()));
        }
        Ok(Self { text: format!("{body}\n"), signatures: found })
    }

    /// The ids of the keys of this name that seem to have signed.
    #[must_use]
    pub fn ids_of(&self, name: &str) -> Vec<String> {
        let of_name = self.signatures.iter().filter(|(of, _, _)| of == name);
        of_name.map(|(_, id, _)| id.iter().map(|byte| format!("{byte:02x}")).collect()).collect()
    }
}

/// What a checkpoint says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log.
    pub origin: String,
    /// How many entries it has.
    pub size: u64,
    /// The root of the tree over them.
    pub root: Hash,
}

impl Checkpoint {
    /// The checkpoint in the text of a note.
    ///
    /// # Errors
    /// When it is not one: the line and the reason.
    pub fn of(note: &Note) -> Result<Self> {
        let lines: Vec<&str> = note.text.lines().collect();
        let [origin, size, root, extensions @ ..] = lines.as_slice() else {
            return wrong!("the checkpoint has {} lines instead of three", lines.len());
        };
        if origin.is_empty() {
            return wrong!("line 1 of the checkpoint names no log");
        }
        let number = size.parse::<u64>().ok().filter(|number| number.to_string() == *size);
        let Some(number) = number else {
            return wrong!("line 2 of the checkpoint is not a number of entries: {size:?}");
        };
        let root = match merkle::parse(root) {
            Ok(root) => root,
            Err(why) => return wrong!("line 3 of the checkpoint: {why}"),
        };
        if let Some(at) = extensions.iter().position(|line| line.is_empty()) {
            return wrong!("line {} of the checkpoint is empty", at + 4);
        }
        Ok(Self { origin: (*origin).to_owned(), size: number, root })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use ed25519_dalek::{Signer, SigningKey};
    use proptest::prelude::*;

    use super::*;

    /// A key of `purpose`, as text, and what signs with it.
    fn key(name: &str, purpose: u8) -> (Key, SigningKey) {
        let secret = SigningKey::from_bytes(&[purpose; 32]);
        let bytes = [&[purpose][..], secret.verifying_key().as_bytes()].concat();
        let id = &sha256(&[name.as_bytes(), b"\n", &bytes].concat())[..4];
        let id: String = id.iter().map(|byte| format!("{byte:02x}")).collect();
        let text = format!("{name}+{id}+{}", STANDARD.encode(bytes));
        (Key::parse(&text).unwrap(), secret)
    }

    fn line(key: &Key, bytes: &[u8]) -> String {
        format!("— {} {}\n", key.name, STANDARD.encode([&key.id[..], bytes].concat()))
    }

    #[test]
    fn the_example_of_the_specification_verifies() {
        let key =
            Key::parse("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")
                .unwrap();
        let text = "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";
        assert_eq!(key.signed(&Note::parse(text).unwrap()).unwrap(), Some(None));
        let other = text.replacen("example message", "example massage", 1);
        assert!(key.signed(&Note::parse(&other).unwrap()).is_err());
    }

    #[test]
    fn a_witness_signs_the_time_too() {
        let (witness, secret) = key("witness.example", 4);
        let text = "log.example\n7\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n";
        let signature = secret.sign(format!("cosignature/v1\ntime 1800000000\n{text}").as_bytes());
        let bytes = [&1_800_000_000_u64.to_be_bytes()[..], &signature.to_bytes()].concat();
        let note = format!("{text}\n{}", line(&witness, &bytes));
        let parsed = Note::parse(&note).unwrap();
        assert_eq!(witness.signed(&parsed).unwrap(), Some(Some(1_800_000_000)));
        assert_eq!(Checkpoint::of(&parsed).unwrap().size, 7);
        let earlier = [&1_700_000_000_u64.to_be_bytes()[..], &signature.to_bytes()].concat();
        let note = format!("{text}\n{}", line(&witness, &earlier));
        assert!(witness.signed(&Note::parse(&note).unwrap()).is_err(), "backdated");
        let (log, _) = key("log.example", 1);
        assert_eq!(log.signed(&parsed).unwrap(), None, "unknown signatures do not count");
    }

    #[test]
    fn what_is_no_checkpoint_is_refused_with_its_line() {
        let good = "log\n12\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n— log AAAAAAAA\n";
        assert!(Checkpoint::of(&Note::parse(good).unwrap()).is_ok());
        for (from, to, said) in [
            ("\n12\n", "\n012\n", "line 2"),
            ("\n12\n", "\n-1\n", "line 2"),
            ("47DE", "47D", "line 3"),
            ("47DEQpj8", "47DEQpj", "line 3"),
            ("log\n12", "log\t\n12", "line 1"),
            ("— log", "- log", "line 5"),
            ("AAAAAAAA", "A", "line 5"),
            ("\n\n", "\n", "empty line"),
        ] {
            let text = good.replacen(from, to, 1);
            let refused = Note::parse(&text).and_then(|note| Checkpoint::of(&note)).unwrap_err();
            assert!(refused.0.contains(said), "{to:?}: {refused}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "(log|12|\n|— |A=|\\PC){0,60}") {
            let _ = Note::parse(&text).map(|note| Checkpoint::of(&note));
            let _ = Key::parse(&text);
        }
    }
}
