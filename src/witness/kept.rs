//! What a witness keeps of one log, in one file: the keys it is known by, and
//! the checkpoint that was signed last. Both stand in one file so that the
//! second cannot be lost without the first: a log whose file is gone is not
//! known any more, and not one that begins anew.

use std::path::Path;

use super::WitnessError;
use crate::durable;
use crate::tlog::{Checkpoint, TlogError};

/// What is kept of a log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Kept {
    /// Its verifier keys.
    pub(super) keys: Vec<String>,
    /// The note that was signed last, as it was sent; empty before the first.
    pub(super) note: String,
}

impl Kept {
    /// Reads the file; none when there is none.
    pub(super) fn read(path: &Path) -> Result<Option<Self>, WitnessError> {
        match std::fs::read_to_string(path) {
            Ok(text) => Self::parse(&text)
                .map(Some)
                .map_err(|cause| WitnessError::Damaged { path: path.display().to_string(), cause }),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(cause) => Err(WitnessError::at(path, cause)),
        }
    }

    /// Puts this in the place of what was kept; durable when it returns.
    pub(super) fn write(&self, path: &Path) -> Result<(), WitnessError> {
        durable::replace(path, &self.to_text(), 0o644)
            .map_err(|cause| WitnessError::at(path, cause))
    }

    /// The checkpoint that was signed last.
    pub(super) fn last(&self) -> Result<Option<Checkpoint>, TlogError> {
        match self.note.as_str() {
            "" => Ok(None),
            note => Checkpoint::parse(note).map(Some),
        }
    }

    /// `log <key>` for each key, an empty line, and the note.
    fn to_text(&self) -> String {
        let keys: String = self.keys.iter().map(|key| format!("log {key}\n")).collect();
        format!("{keys}\n{}", self.note)
    }

    fn parse(text: &str) -> Result<Self, TlogError> {
        let malformed = |line, reason| TlogError::Malformed { what: "file of a log", line, reason };
        let (head, note) =
            text.split_once("\n\n").ok_or(malformed(1, "no empty line after the keys"))?;
        let mut kept = Self { keys: Vec::new(), note: note.to_owned() };
        for (line, at) in head.split('\n').zip(1..) {
            let key = line.strip_prefix("log ").ok_or(malformed(at, "not `log` and a key"))?;
            kept.keys.push(key.to_owned());
        }
        kept.last()?;
        Ok(kept)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::tlog::{Frontier, LogKey};

    #[test]
    fn what_is_kept_comes_back_and_what_is_damaged_is_refused() {
        let key = LogKey::new("yidang.example", [1; 32]).unwrap();
        let none = Kept { keys: vec![key.public().to_owned()], note: String::new() };
        assert_eq!(Kept::parse(&none.to_text()).unwrap(), none);
        let some = Kept { note: key.sign(&Frontier::default()).unwrap(), ..none };
        let text = some.to_text();
        assert_eq!(Kept::parse(&text).unwrap(), some);
        for bad in ["", "log a", "key a\n\n", &text[..text.len() - 20], &text.replace("log ", "")] {
            assert!(Kept::parse(bad).is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "(log |a\\+b|\n|— |0|\\PC){0,40}") {
            let _ = Kept::parse(&text);
        }
    }
}
