//! Checkpoints: what the log says of itself, signed (C2SP tlog-checkpoint and
//! signed-note).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::SigningKey;
use signed_note::{
    Note, NoteError, Signer, StandardSigner, StandardVerifier, VerifierList, is_key_name_valid,
    new_ed25519_verifier_key,
};

use super::TlogError;
use super::tree::{self, Frontier, Hash};

/// The key with which a log signs its checkpoints. Its name is the origin of
/// the log.
#[derive(Clone)]
pub struct LogKey {
    secret: String,
    public: String,
    signer: StandardSigner,
}

impl std::fmt::Debug for LogKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "LogKey({})", self.public)
    }
}

impl LogKey {
    /// The key of the log `origin` made of 32 secret random bytes.
    ///
    /// # Errors
    /// When the origin is empty or has blanks or a plus sign.
    pub fn new(origin: &str, seed: [u8; 32]) -> Result<Self, TlogError> {
        if !is_key_name_valid(origin) {
            return Err(TlogError::Key(format!("{origin:?} cannot name a log")));
        }
        let public =
            new_ed25519_verifier_key(origin, &SigningKey::from_bytes(&seed).verifying_key());
        let id = public.split('+').nth(1).unwrap_or_default();
        let bytes = STANDARD.encode([&[1][..], &seed].concat());
        Self::parse(&format!("PRIVATE+KEY+{origin}+{id}+{bytes}"))
    }

    /// The key in a line as [`LogKey::secret`] writes it.
    ///
    /// # Errors
    /// When it is not one.
    pub fn parse(secret: &str) -> Result<Self, TlogError> {
        let secret = secret.trim();
        let signer =
            StandardSigner::new(secret).map_err(|error| TlogError::Key(error.to_string()))?;
        let seed = secret.splitn(5, '+').nth(4).and_then(|text| STANDARD.decode(text).ok());
        let seed: Option<[u8; 32]> = seed.and_then(|bytes| bytes.get(1..)?.try_into().ok());
        let seed = seed.ok_or_else(|| TlogError::Key("not 32 bytes".into()))?;
        let public =
            new_ed25519_verifier_key(signer.name(), &SigningKey::from_bytes(&seed).verifying_key());
        Ok(Self { secret: secret.to_owned(), public, signer })
    }

    /// The line to keep secret: `PRIVATE+KEY+<origin>+<id>+<key>`.
    #[must_use]
    pub fn secret(&self) -> &str {
        &self.secret
    }

    /// The line to hand out: `<origin>+<id>+<key>`, a verifier key of
    /// signed-note.
    #[must_use]
    pub fn public(&self) -> &str {
        &self.public
    }

    /// The name of the log.
    #[must_use]
    pub fn origin(&self) -> &str {
        self.signer.name()
    }

    /// The signed checkpoint of a tree. The same tree gives the same bytes.
    ///
    /// # Errors
    /// When the signature cannot be made.
    pub fn sign(&self, tree: &Frontier) -> Result<String, TlogError> {
        sign(&[self], tree)
    }

    /// A text as a note signed by this key.
    #[cfg(test)]
    pub(super) fn sign_text(&self, text: &str) -> Result<String, TlogError> {
        signed(&[self], text)
    }
}

/// The checkpoint of a tree, signed by `keys` of one log in this order.
pub(super) fn sign(keys: &[&LogKey], tree: &Frontier) -> Result<String, TlogError> {
    let origin = keys.first().map_or("", |key| key.origin());
    signed(keys, &format!("{origin}\n{}\n{}\n", tree.size(), tree.root()))
}

fn signed(keys: &[&LogKey], text: &str) -> Result<String, TlogError> {
    let failed = |error: NoteError| TlogError::Key(error.to_string());
    let mut note = Note::new(text.as_bytes(), &[]).map_err(failed)?;
    let signers: Vec<&dyn Signer> = keys.iter().map(|key| &key.signer as &dyn Signer).collect();
    note.add_sigs(&signers).map_err(failed)?;
    String::from_utf8(note.to_bytes()).map_err(|error| TlogError::Key(error.to_string()))
}

/// The name of the log whose verifier key this is.
///
/// # Errors
/// When it is not the key of a log.
pub fn origin_of(key: &str) -> Result<&str, TlogError> {
    StandardVerifier::new(key).map_err(|error| TlogError::Key(error.to_string()))?;
    Ok(key.split('+').next().unwrap_or_default())
}

/// The text of a note, which is what is signed, with its last line end.
///
/// # Errors
/// When no signatures follow it after an empty line.
pub fn text(note: &str) -> Result<&str, TlogError> {
    let end = note.rfind("\n\n").ok_or(TlogError::Malformed {
        what: "checkpoint",
        line: 1,
        reason: "not a signed note",
    })?;
    Ok(&note[..=end])
}

/// A checkpoint as it stands in a note.
#[derive(Debug, Clone, PartialEq)]
pub struct Checkpoint {
    /// The log it is of.
    pub origin: String,
    /// How many entries that has.
    pub size: u64,
    /// The root of the tree over them.
    pub root: Hash,
}

impl Checkpoint {
    /// What a note says, whoever signed it.
    ///
    /// # Errors
    /// When it is not a checkpoint: the line and the reason.
    pub fn parse(note: &str) -> Result<Self, TlogError> {
        let malformed = |line, reason| TlogError::Malformed { what: "checkpoint", line, reason };
        let parsed =
            Note::from_bytes(note.as_bytes()).map_err(|_| malformed(1, "not a signed note"))?;
        let text = std::str::from_utf8(parsed.text()).map_err(|_| malformed(1, "not UTF-8"))?;
        let lines: Vec<&str> = text.lines().collect();
        let [origin, size, root, extensions @ ..] = lines.as_slice() else {
            return Err(malformed(lines.len() + 1, "three lines are expected"));
        };
        if origin.is_empty() {
            return Err(malformed(1, "no origin"));
        }
        let number: u64 = size.parse().map_err(|_| malformed(2, "not a size"))?;
        if number.to_string() != *size {
            return Err(malformed(2, "the size is not written as usual"));
        }
        let root = tree::hash("checkpoint", 3, root)?;
        if let Some(at) = extensions.iter().position(|line| line.is_empty()) {
            return Err(malformed(4 + at, "an empty line"));
        }
        Ok(Self { origin: (*origin).to_owned(), size: number, root })
    }

    /// What a note says that is signed by one of the `keys` (verifier keys).
    ///
    /// # Errors
    /// When it is not a checkpoint, of another log than the key, not signed by
    /// any of them, or wrongly.
    pub fn open(note: &str, keys: &[String]) -> Result<Self, TlogError> {
        let checkpoint = Self::parse(note)?;
        let mut verifiers: Vec<Box<dyn signed_note::Verifier>> = Vec::new();
        for key in keys {
            let verifier = StandardVerifier::new(key).map_err(|e| TlogError::Key(e.to_string()))?;
            verifiers.push(Box::new(verifier));
        }
        let named = |key: &String| key.split('+').next() == Some(&checkpoint.origin);
        if let (Some(key), false) = (keys.first(), keys.iter().any(named)) {
            let expected = key.split('+').next().unwrap_or_default().to_owned();
            return Err(TlogError::Origin { expected, found: checkpoint.origin });
        }
        let unsigned = || TlogError::Unsigned(checkpoint.origin.clone());
        let parsed = Note::from_bytes(note.as_bytes()).map_err(|_| unsigned())?;
        let (signed, _) = parsed.verify(&VerifierList::new(verifiers)).map_err(|_| unsigned())?;
        if signed.iter().any(|signature| signature.name() == checkpoint.origin) {
            Ok(checkpoint)
        } else {
            Err(unsigned())
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key(seed: u8) -> LogKey {
        LogKey::new("yidang.example/j016", [seed; 32]).unwrap()
    }

    #[test]
    fn a_checkpoint_opens_with_the_key_and_with_no_other() {
        let (mut tree, one, other) = (Frontier::default(), key(1), key(2));
        tree.push(b"a");
        let note = one.sign(&tree).unwrap();
        assert_eq!(note, one.sign(&tree).unwrap(), "the same bytes every time");
        let opened = Checkpoint::open(&note, &[one.public().to_owned()]).unwrap();
        assert_eq!((opened.size, opened.root), (1, tree.root()));
        let refused = Checkpoint::open(&note, &[other.public().to_owned()]);
        assert!(matches!(refused, Err(TlogError::Unsigned(_))), "{refused:?}");
        let elsewhere = LogKey::new("elsewhere", [1; 32]).unwrap();
        let refused = Checkpoint::open(&note, &[elsewhere.public().to_owned()]);
        assert!(matches!(refused, Err(TlogError::Origin { .. })), "{refused:?}");
        let changed = note.replacen("\n1\n", "\n2\n", 1);
        assert!(Checkpoint::open(&changed, &[one.public().to_owned()]).is_err());
    }

    #[test]
    fn a_key_comes_back_from_its_line() {
        let again = LogKey::parse(&format!("{}\n", key(7).secret())).unwrap();
        assert_eq!(again.public(), key(7).public());
        assert!(!format!("{again:?}").contains(again.secret()), "never printed");
        for bad in ["", "PRIVATE+KEY+a+00000000+AAAA", key(7).public()] {
            assert!(LogKey::parse(bad).is_err(), "{bad}");
        }
        assert!(LogKey::new("with blank", [0; 32]).is_err());
    }

    #[test]
    fn the_example_of_the_specification_verifies() {
        let key = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
        let note = "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";
        let list = VerifierList::new(vec![Box::new(StandardVerifier::new(key).unwrap())]);
        assert!(Note::from_bytes(note.as_bytes()).unwrap().verify(&list).is_ok());
        let malformed = Checkpoint::parse(note).unwrap_err();
        assert!(malformed.to_string().contains("line 2"), "{malformed}");
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "(yidang|0|12|\n|—| |\\PC){0,60}") {
            let _ = Checkpoint::open(&text, &[key(1).public().to_owned()]);
        }

        #[test]
        fn a_note_with_one_byte_changed_is_refused(at in 0_usize..120, by in 1_u8..=255) {
            let mut tree = Frontier::default();
            tree.push(b"a");
            let mut note = key(1).sign(&tree).unwrap().into_bytes();
            let at = at % note.len();
            note[at] = note[at].wrapping_add(by);
            if let Ok(text) = String::from_utf8(note) {
                prop_assert!(Checkpoint::open(&text, &[key(1).public().to_owned()]).is_err());
            }
        }
    }
}
