//! Cosignatures: what a witness signs of the log of another (C2SP
//! tlog-cosignature, the kind with Ed25519): that this is the largest tree it
//! has seen at that time, and that it continues those it saw before.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use serde::Deserialize;
use signed_note::{Note, NoteError, Verifier, VerifierList, is_key_name_valid, key_id};

use super::TlogError;
use super::note;

/// The type of the keys of witnesses.
const KIND: u8 = 4;

/// A witness, by its verifier key `<name>+<id>+<key>`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Witness {
    name: String,
    id: u32,
    key: VerifyingKey,
}

/// What a witness has signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cosignature {
    /// The line of the note, with its line end.
    pub line: String,
    /// When, in seconds since 1970, by the clock of the witness.
    pub time: u64,
}

impl Witness {
    /// The witness of a verifier key.
    ///
    /// # Errors
    /// When it is not the key of a witness.
    pub fn parse(text: &str) -> Result<Self, TlogError> {
        let wrong = |why: &str| TlogError::Witness(format!("{text:?}: {why}"));
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(wrong("a key is a name, an id and a key, joined by plus signs"));
        };
        if !is_key_name_valid(name) {
            return Err(wrong("the name is empty or has blanks"));
        }
        let bytes = STANDARD.decode(key).map_err(|_| wrong("the key is not base64"))?;
        let Some((&KIND, key)) = bytes.split_first() else {
            return Err(wrong("it is not of the type of witnesses, 4"));
        };
        let key = key.try_into().ok().and_then(|key| VerifyingKey::from_bytes(key).ok());
        let key = key.ok_or_else(|| wrong("it is not an Ed25519 key"))?;
        let witness = Self { name: name.to_owned(), id: key_id(name, &bytes), key };
        match format!("{:08x}", witness.id) == id {
            true => Ok(witness),
            false => Err(wrong("the id is not that of the key")),
        }
    }

    /// The name in its key.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What this witness has signed of a note; none when it has not.
    ///
    /// # Errors
    /// When it is no note, or has a signature of this witness that is wrong.
    pub fn signed(&self, note: &str) -> Result<Option<Cosignature>, TlogError> {
        let parsed = Note::from_bytes(note.as_bytes()).map_err(|_| TlogError::Malformed {
            what: "checkpoint",
            line: 1,
            reason: "not a signed note",
        })?;
        match parsed.verify(&VerifierList::new(vec![Box::new(self.clone())])) {
            Ok((signed, _)) => Ok(signed.first().map(|one| Cosignature {
                line: String::from_utf8_lossy(&one.to_bytes()).into_owned(),
                time: split(one.signature()).map_or(0, |(time, _)| time),
            })),
            Err(NoteError::UnverifiedNote) => Ok(None),
            Err(_) => Err(TlogError::Unsigned(self.name.clone())),
        }
    }
}

impl std::fmt::Display for Witness {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let key = STANDARD.encode([&[KIND][..], self.key.as_bytes()].concat());
        write!(f, "{}+{:08x}+{key}", self.name, self.id)
    }
}

impl TryFrom<String> for Witness {
    type Error = TlogError;

    fn try_from(text: String) -> Result<Self, TlogError> {
        Self::parse(&text)
    }
}

impl Verifier for Witness {
    fn name(&self) -> &str {
        &self.name
    }

    fn key_id(&self) -> u32 {
        self.id
    }

    fn verify(&self, text: &[u8], bytes: &[u8]) -> bool {
        let Some((time, signature)) = split(bytes) else { return false };
        let signature = Signature::from_slice(signature);
        signature.is_ok_and(|one| self.key.verify_strict(&message(time, text), &one).is_ok())
    }
}

/// The time and the Ed25519 signature in the bytes of a cosignature.
fn split(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let (time, signature) = bytes.split_first_chunk()?;
    let time = u64::from_be_bytes(*time);
    i64::try_from(time).ok().map(|_| (time, signature))
}

/// What is really signed.
fn message(time: u64, text: &[u8]) -> Vec<u8> {
    [format!("cosignature/v1\ntime {time}\n").as_bytes(), text].concat()
}

/// The key with which a witness signs.
#[derive(Clone)]
pub struct WitnessKey {
    public: Witness,
    signing: SigningKey,
}

impl std::fmt::Debug for WitnessKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "WitnessKey({})", self.public)
    }
}

impl WitnessKey {
    /// The key of the witness `name` made of 32 secret random bytes.
    ///
    /// # Errors
    /// When the name is empty or has blanks or a plus sign.
    pub fn new(name: &str, seed: [u8; 32]) -> Result<Self, TlogError> {
        if !is_key_name_valid(name) {
            return Err(TlogError::Witness(format!("{name:?} cannot name a witness")));
        }
        let signing = SigningKey::from_bytes(&seed);
        let key = signing.verifying_key();
        let id = key_id(name, &[&[KIND][..], key.as_bytes()].concat());
        Ok(Self { public: Witness { name: name.to_owned(), id, key }, signing })
    }

    /// The key in a line as [`WitnessKey::secret`] writes it.
    ///
    /// # Errors
    /// When it is not one. The line is not repeated.
    pub fn parse(secret: &str) -> Result<Self, TlogError> {
        let read = || {
            let mut parts = secret.trim().strip_prefix("PRIVATE+KEY+")?.splitn(3, '+');
            let (name, id, key) = (parts.next()?, parts.next()?, parts.next()?);
            let bytes = STANDARD.decode(key).ok()?;
            let (&KIND, seed) = bytes.split_first()? else { return None };
            let key = Self::new(name, seed.try_into().ok()?).ok()?;
            (format!("{:08x}", key.public.id) == id).then_some(key)
        };
        read().ok_or_else(|| TlogError::Witness("the line is not a secret key of one".into()))
    }

    /// The line to keep secret: `PRIVATE+KEY+<name>+<id>+<key>`.
    #[must_use]
    pub fn secret(&self) -> String {
        let key = STANDARD.encode([&[KIND][..], &self.signing.to_bytes()].concat());
        format!("PRIVATE+KEY+{}+{:08x}+{key}", self.public.name, self.public.id)
    }

    /// What others know it by.
    #[must_use]
    pub fn public(&self) -> &Witness {
        &self.public
    }

    /// The line that says that this witness has seen the checkpoint of `note`
    /// at `time`, in seconds since 1970.
    ///
    /// # Errors
    /// When that is not a note.
    pub fn cosign(&self, note: &str, time: u64) -> Result<String, TlogError> {
        let text = note::text(note)?;
        let signature = self.signing.sign(&message(time, text.as_bytes()));
        let bytes = [&time.to_be_bytes()[..], &signature.to_bytes()].concat();
        let Witness { name, id, .. } = &self.public;
        let line = signed_note::Signature::new(name.clone(), *id, bytes)
            .map_err(|error| TlogError::Witness(error.to_string()))?;
        Ok(String::from_utf8_lossy(&line.to_bytes()).into_owned())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::tlog::{Checkpoint, Frontier, LogKey};

    fn witness(seed: u8) -> WitnessKey {
        WitnessKey::new("witness.example/county", [seed; 32]).unwrap()
    }

    fn note() -> String {
        let mut tree = Frontier::default();
        tree.push(b"a");
        LogKey::new("yidang.example/j016", [1; 32]).unwrap().sign(&tree).unwrap()
    }

    #[test]
    fn a_cosignature_says_who_and_when_and_of_what() {
        let (one, other, note) = (witness(1), witness(2), note());
        let signed = note.clone() + &one.cosign(&note, 1_800_000_000).unwrap();
        let found = one.public().signed(&signed).unwrap().unwrap();
        assert_eq!((found.time, note.clone() + &found.line), (1_800_000_000, signed.clone()));
        assert_eq!(other.public().signed(&signed).unwrap(), None, "another has not");
        assert_eq!(one.public().signed(&note).unwrap(), None);
        let of_another = signed.replacen("\n1\n", "\n2\n", 1);
        assert!(one.public().signed(&of_another).is_err());
        // The log's own signature is still seen, and both of two.
        let both = signed + &other.cosign(&note, 7).unwrap();
        assert_eq!(other.public().signed(&both).unwrap().unwrap().time, 7);
        assert_eq!(Checkpoint::parse(&both).unwrap().size, 1);
    }

    #[test]
    fn keys_come_back_from_their_lines_and_others_are_refused() {
        let key = witness(3);
        assert_eq!(WitnessKey::parse(&key.secret()).unwrap().public(), key.public());
        let line = key.public().to_string();
        assert_eq!(&Witness::parse(&line).unwrap(), key.public());
        assert!(!format!("{key:?}").contains(&key.secret()));
        let log = LogKey::new("yidang.example", [1; 32]).unwrap();
        let cut = &line[..line.len() - 4];
        for bad in ["", "a+b", "a+00000000+AAAA", log.public(), cut, &format!(" {line}")] {
            assert!(Witness::parse(bad).is_err(), "{bad}");
        }
        for bad in ["", "PRIVATE+KEY+a+00000000+AAAA", log.secret(), &line] {
            assert!(WitnessKey::parse(bad).is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "(yidang|— |witness.example/county|0|\\+|BA==|\n|\\PC){0,60}") {
            let _ = Witness::parse(&text);
            let _ = WitnessKey::parse(&text);
            let _ = witness(1).public().signed(&text);
            let _ = witness(1).cosign(&text, 0);
        }

        #[test]
        fn a_cosignature_with_one_byte_changed_does_not_count(at in 0_usize..400, by in 1_u8..=255) {
            let (key, note) = (witness(1), note());
            let mut signed = (note.clone() + &key.cosign(&note, 7).unwrap()).into_bytes();
            let at = at % signed.len();
            signed[at] = signed[at].wrapping_add(by);
            if let Ok(text) = String::from_utf8(signed) {
                // The log's own line may be spoilt: that is not this witness's.
                let own = note::text(&text).is_ok_and(|changed| Ok(changed) == note::text(&note));
                let counts = matches!(key.public().signed(&text), Ok(Some(found)) if found.time == 7);
                prop_assert!(own || !counts);
            }
        }
    }
}
