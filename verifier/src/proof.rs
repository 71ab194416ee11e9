//! Proofs that an entry stands in a log (C2SP tlog-proof).

use crate::merkle::{self, Hash};
use crate::{Result, wrong};

/// A proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The number of the entry.
    pub index: u64,
    /// The hashes beside its way to the root.
    pub path: Vec<Hash>,
    /// The signed note.
    pub checkpoint: String,
}

impl Proof {
    /// The proof in a text.
    ///
    /// # Errors
    /// When it is not one: the line and the reason.
    pub fn parse(text: &str) -> Result<Self> {
        let Some((head, checkpoint)) = text.split_once("\n\n") else {
            return wrong!("the proof has no checkpoint after an empty line");
        };
        // Not `lines`: one ends with a line end and nothing else.
        let mut lines = head.split('\n').zip(1..).peekable();
        if lines.next().map(|(line, _)| line) != Some("c2sp.org/tlog-proof@v1") {
            return wrong!("line 1 is not that of a proof");
        }
        lines.next_if(|(line, _)| line.starts_with("extra "));
        let index = lines.next().and_then(|(line, _)| line.strip_prefix("index "));
        let number =
            index.and_then(|text| text.parse::<u64>().ok().filter(|n| n.to_string() == text));
        let Some(index) = number else {
            return wrong!("the proof does not say which entry it is of");
        };
        let mut path = Vec::new();
        for (line, at) in lines {
            match merkle::parse(line) {
                Ok(hash) if path.len() < 64 => path.push(hash),
                Ok(_) => return wrong!("line {at} of the proof: no tree is so high"),
                Err(why) => return wrong!("line {at} of the proof: {why}"),
            }
        }
        Ok(Self { index, path, checkpoint: checkpoint.to_owned() })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_no_proof_is_refused() {
        let hash = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
        let good = format!("c2sp.org/tlog-proof@v1\nindex 3\n{hash}\n\ncheckpoint\n");
        let proof = Proof::parse(&good).unwrap();
        assert_eq!(
            (proof.index, proof.path.len(), proof.checkpoint.as_str()),
            (3, 1, "checkpoint\n")
        );
        for (from, to, said) in [
            ("@v1", "@v2", "line 1"),
            ("index 3", "index 03", "which entry"),
            ("47DE", "47D", "line 3"),
            ("=\n", "\n", "line 3"),
            ("@v1\n", "@v1\r\n", "line 1"),
            ("index", "extra a\nextra b\nindex", "which entry"),
            ("\n\n", "\n", "empty line"),
        ] {
            let refused = Proof::parse(&good.replacen(from, to, 1)).unwrap_err();
            assert!(refused.0.contains(said), "{to}: {refused}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "(c2sp.org/tlog-proof@v1|index |3|\n|=|\\PC){0,60}") {
            let _ = Proof::parse(&text);
        }
    }
}
