//! Proofs that travel (C2SP tlog-proof) and the arithmetic behind them.

use tlog_tiles::{EMPTY_HASH, check_record, check_tree, record_hash};

use super::tree::{self, Hash};
use super::{Checkpoint, TlogError};

/// The first line of a proof.
const HEADER: &str = "c2sp.org/tlog-proof@v1";

/// That an entry stands in a log: where, the hashes beside its way to the
/// root, and the checkpoint with that root.
#[derive(Debug, Clone, PartialEq)]
pub struct Proof {
    /// The number of the entry, from 0.
    pub index: u64,
    /// The hashes, from the leaf's sibling upwards.
    pub path: Vec<Hash>,
    /// The signed note.
    pub checkpoint: String,
}

impl Proof {
    /// The text of the proof.
    #[must_use]
    pub fn to_text(&self) -> String {
        let path: String = self.path.iter().map(|hash| format!("{hash}\n")).collect();
        format!("{HEADER}\nindex {}\n{path}\n{}", self.index, self.checkpoint)
    }

    /// The proof in a text. The line `extra` is not read: nothing signs it.
    ///
    /// # Errors
    /// When it is not one: the line and the reason.
    pub fn parse(text: &str) -> Result<Self, TlogError> {
        let malformed = |line, reason| TlogError::Malformed { what: "tlog-proof", line, reason };
        let (head, checkpoint) =
            text.split_once("\n\n").ok_or(malformed(1, "no checkpoint after an empty line"))?;
        let mut lines = head.lines().zip(1..).peekable();
        if lines.next().map(|(line, _)| line) != Some(HEADER) {
            return Err(malformed(1, "not a proof of this format"));
        }
        lines.next_if(|(line, _)| line.starts_with("extra "));
        let (line, at) = lines.next().ok_or(malformed(2, "no index"))?;
        let index = line.strip_prefix("index ").ok_or(malformed(at, "no index"))?;
        let number: u64 = index.parse().map_err(|_| malformed(at, "not a number"))?;
        if number.to_string() != index {
            return Err(malformed(at, "the number is not written as usual"));
        }
        let path = lines
            .map(|(line, at)| tree::hash("tlog-proof", at, line))
            .collect::<Result<Vec<_>, _>>()?;
        if path.len() > 63 {
            return Err(malformed(66, "more hashes than any tree is high"));
        }
        Ok(Self { index: number, path, checkpoint: checkpoint.to_owned() })
    }

    /// Checks that `entry` stands where the proof says, in the tree of its
    /// checkpoint; returns that. Who signed the checkpoint is not looked at.
    ///
    /// # Errors
    /// When it does not.
    pub fn check(&self, entry: &[u8]) -> Result<Checkpoint, TlogError> {
        let checkpoint = Checkpoint::parse(&self.checkpoint)?;
        included(record_hash(entry), self.index, &self.path, checkpoint.size, checkpoint.root)?;
        Ok(checkpoint)
    }
}

/// Checks that `leaf` is number `index` of the tree of `size` leaves.
///
/// # Errors
/// When the path does not lead from it to the root.
pub fn included(
    leaf: Hash,
    index: u64,
    path: &[Hash],
    size: u64,
    root: Hash,
) -> Result<(), TlogError> {
    check_record(&path.to_vec(), size, root, index, leaf).map_err(|_| TlogError::Broken)
}

/// Checks that the larger of two trees begins with all of the smaller:
/// (size, root) of each.
///
/// # Errors
/// When it does not, or the hashes do not show it.
pub fn consistent(
    (old, old_root): (u64, Hash),
    (new, new_root): (u64, Hash),
    path: &[Hash],
) -> Result<(), TlogError> {
    // From an empty log nothing follows for another, so there is no proof.
    let proven = match old {
        _ if old > new || (old == 0 && new > 0) => false,
        0 => path.is_empty() && old_root == EMPTY_HASH && new_root == EMPTY_HASH,
        _ if old == new => path.is_empty() && old_root == new_root,
        _ => check_tree(&path.to_vec(), new, new_root, old, old_root).is_ok(),
    };
    if proven { Ok(()) } else { Err(TlogError::Broken) }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use proptest::prelude::*;
    use serde::Deserialize;

    use super::*;

    /// A case of the vectors of transparency-dev/merkle.
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Inclusion {
        leaf_idx: u64,
        tree_size: u64,
        root: String,
        leaf_hash: String,
        proof: Option<Vec<String>>,
        desc: String,
        want_err: bool,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Consistency {
        size1: u64,
        size2: u64,
        root1: String,
        root2: String,
        proof: Option<Vec<String>>,
        desc: String,
        want_err: bool,
    }

    /// An element that is not 32 bytes is refused before any arithmetic.
    fn hash(text: &str) -> Option<Hash> {
        Some(Hash(STANDARD.decode(text).ok()?.try_into().ok()?))
    }

    /// A root of the vectors. One case has a text that means "any root".
    fn root(text: &str) -> Option<Hash> {
        hash(text).or_else(|| Some(record_hash(&STANDARD.decode(text).ok()?)))
    }

    fn hashes(texts: Option<Vec<String>>) -> Option<Vec<Hash>> {
        texts.unwrap_or_default().iter().map(|text| hash(text)).collect()
    }

    #[test]
    fn the_public_inclusion_vectors_pass() {
        let cases: Vec<Inclusion> =
            serde_json::from_str(include_str!("../../tests/vectors/inclusion.json")).unwrap();
        assert_eq!(cases.len(), 98);
        for case in cases {
            let checked = || {
                let (leaf, root) = (hash(&case.leaf_hash)?, hash(&case.root)?);
                included(leaf, case.leaf_idx, &hashes(case.proof)?, case.tree_size, root).ok()
            };
            assert_eq!(checked().is_none(), case.want_err, "{}", case.desc);
        }
    }

    #[test]
    fn the_public_consistency_vectors_pass() {
        let cases: Vec<Consistency> =
            serde_json::from_str(include_str!("../../tests/vectors/consistency.json")).unwrap();
        assert_eq!(cases.len(), 98);
        for case in cases {
            let checked = || {
                let (old, new) = (root(&case.root1)?, root(&case.root2)?);
                consistent((case.size1, old), (case.size2, new), &hashes(case.proof)?).ok()
            };
            assert_eq!(
                checked().is_none(),
                case.want_err,
                "{} {} {}",
                case.desc,
                case.size1,
                case.size2
            );
        }
    }

    #[test]
    fn a_text_that_is_no_proof_is_refused_with_its_line() {
        let good = Proof { index: 3, path: vec![Hash([1; 32])], checkpoint: "x\n".into() };
        assert_eq!(Proof::parse(&good.to_text()).unwrap(), good);
        let with_extra = good.to_text().replacen('\n', "\nextra AAAA\n", 1);
        assert_eq!(Proof::parse(&with_extra).unwrap(), good);
        for (from, to, line) in [
            ("index 3", "index 03", "line 2"),
            ("index 3", "place 3", "line 2"),
            ("AQEB", "AQE", "line 3"),
            ("tlog-proof@v1", "tlog-proof@v2", "line 1"),
            ("\n\n", "\n", "line 1"),
        ] {
            let error = Proof::parse(&good.to_text().replacen(from, to, 1)).unwrap_err();
            assert!(error.to_string().contains(line), "{from}: {error}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "(c2sp.org/tlog-proof@v1|index |7|\n|AQEB|=|\\PC){0,80}") {
            if let Ok(proof) = Proof::parse(&text) {
                let _ = proof.check(b"entry");
            }
        }
    }
}
