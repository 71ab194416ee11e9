//! What a witness is asked, and what it answers (C2SP tlog-witness,
//! `add-checkpoint`). The decision is pure: it depends on the request, the keys
//! that are known and the checkpoint that was cosigned last.

use super::proof;
use super::tree::{self, Hash};
use super::{Checkpoint, TlogError};

/// The most bytes a request may have.
pub const LONGEST: usize = 64 << 10;
/// The most hashes between two trees.
const HASHES: usize = 63;

/// A request to cosign a checkpoint.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// How many entries the log had when the witness signed last, 0 before the
    /// first time.
    pub old: u64,
    /// The hashes that show that the log has only grown since.
    pub path: Vec<Hash>,
    /// The checkpoint, signed by the log.
    pub note: String,
}

impl Request {
    /// The text of the request.
    #[must_use]
    pub fn to_text(&self) -> String {
        let path: String = self.path.iter().map(|hash| format!("{hash}\n")).collect();
        format!("old {}\n{path}\n{}", self.old, self.note)
    }

    /// The request in a text.
    ///
    /// # Errors
    /// When it is not one: the line and the reason.
    pub fn parse(text: &str) -> Result<Self, TlogError> {
        let malformed = |line, reason| TlogError::Malformed { what: "request", line, reason };
        let (head, note) =
            text.split_once("\n\n").ok_or(malformed(1, "no checkpoint after an empty line"))?;
        let mut lines = head.split('\n').zip(1..);
        let size = lines.next().and_then(|(line, _)| line.strip_prefix("old "));
        let size = size.ok_or(malformed(1, "it does not say the old size"))?;
        let old: u64 = size.parse().map_err(|_| malformed(1, "not a size"))?;
        if old.to_string() != size {
            return Err(malformed(1, "the size is not written as usual"));
        }
        let path = lines
            .map(|(line, at)| tree::hash("request", at, line))
            .collect::<Result<Vec<_>, _>>()?;
        if path.len() > HASHES {
            return Err(malformed(HASHES + 2, "more hashes than any tree is high"));
        }
        Ok(Self { old, path, note: note.to_owned() })
    }
}

/// Why a witness does not sign.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The request is none.
    #[error(transparent)]
    Malformed(#[from] TlogError),
    /// The old size is larger than the new.
    #[error("the old size {old} is larger than that of the checkpoint, {new}")]
    Backwards {
        /// The old size.
        old: u64,
        /// That of the checkpoint.
        new: u64,
    },
    /// No log of that name is watched.
    #[error("no log {0:?} is watched here")]
    Unknown(String),
    /// The log that is named has not signed.
    #[error("no key of the log that is known here has signed, or it has signed wrongly")]
    Unsigned,
    /// The last checkpoint that was signed has another size.
    #[error("the last checkpoint that was signed here has {0} entries")]
    Other(u64),
    /// The checkpoint does not continue what was signed before: the log was
    /// rewritten, or the hashes do not show that it was not.
    #[error("the checkpoint is not shown to continue the one that was signed before")]
    Inconsistent,
}

impl Refused {
    /// The status that the protocol has for it.
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            Self::Malformed(_) | Self::Backwards { .. } => 400,
            Self::Unsigned => 403,
            Self::Unknown(_) => 404,
            Self::Other(_) => 409,
            Self::Inconsistent => 422,
        }
    }
}

/// Decides whether to sign. `keys` are the verifier keys that are known of the
/// log of the request, none when it is not watched; `last` is the checkpoint
/// that was signed last. Returns what is to be kept, durably, before the
/// signature leaves the house.
///
/// # Errors
/// When it is not to be signed, and why; nothing is to be kept then.
pub fn decide(
    request: &Request,
    keys: &[String],
    last: Option<&Checkpoint>,
) -> Result<Checkpoint, Refused> {
    let asked = Checkpoint::parse(&request.note)?;
    if keys.is_empty() {
        return Err(Refused::Unknown(asked.origin));
    }
    Checkpoint::open(&request.note, keys).map_err(|error| match error {
        TlogError::Origin { found, .. } => Refused::Unknown(found),
        _ => Refused::Unsigned,
    })?;
    if request.old > asked.size {
        return Err(Refused::Backwards { old: request.old, new: asked.size });
    }
    let known = last.map_or(0, |last| last.size);
    if request.old != known {
        return Err(Refused::Other(known));
    }
    let continues = match last {
        // Every tree continues the empty one; nothing is to be shown.
        None | Some(Checkpoint { size: 0, .. }) if asked.size > 0 => request.path.is_empty(),
        None => request.path.is_empty() && asked.root == tree::Frontier::default().root(),
        Some(last) => {
            let (old, new) = ((last.size, last.root), (asked.size, asked.root));
            proof::consistent(old, new, &request.path).is_ok()
        }
    };
    if continues { Ok(asked) } else { Err(Refused::Inconsistent) }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use ct_merkle::mem_backed_tree::MemoryBackedTree;
    use proptest::prelude::*;
    use sha2::Sha256;

    use super::*;
    use crate::tlog::{Frontier, LogKey};

    fn key(seed: u8) -> LogKey {
        LogKey::new("yidang.example/j016", [seed; 32]).unwrap()
    }

    /// The tree of `size` leaves of the history `name`.
    fn tree(name: &str, size: u64) -> Frontier {
        let mut tree = Frontier::default();
        (0..size).for_each(|no| tree.push(format!("{name} {no}").as_bytes()));
        tree
    }

    fn checkpoint(name: &str, size: u64) -> Checkpoint {
        Checkpoint::parse(&key(1).sign(&tree(name, size)).unwrap()).unwrap()
    }

    /// The path between two sizes of a history, by another implementation.
    fn path(name: &str, old: u64, new: u64) -> Vec<Hash> {
        let mut oracle = MemoryBackedTree::<Sha256, Vec<u8>>::new();
        (0..new).for_each(|no| oracle.push(format!("{name} {no}").into_bytes()));
        if old == 0 || old >= new {
            return Vec::new();
        }
        let proof = oracle.prove_consistency(usize::try_from(new - old).unwrap());
        let (hashes, _) = proof.as_bytes().as_chunks::<32>();
        hashes.iter().copied().map(Hash).collect()
    }

    fn asking(name: &str, old: u64, new: u64) -> Request {
        let note = key(1).sign(&tree(name, new)).unwrap();
        Request { old, path: path(name, old, new), note }
    }

    fn known() -> Vec<String> {
        vec![key(1).public().to_owned()]
    }

    #[test]
    fn what_an_operator_may_try_is_refused() {
        let last = checkpoint("true", 9);
        let ask = |request: &Request| decide(request, &known(), Some(&last));
        assert_eq!(ask(&asking("true", 9, 20)).unwrap(), checkpoint("true", 20));
        assert_eq!(ask(&asking("true", 9, 9)).unwrap(), last, "again, for a lost answer");
        // History is rewritten, from the beginning or only at its end.
        let mut rewritten = asking("false", 9, 20);
        assert_eq!(ask(&rewritten), Err(Refused::Inconsistent));
        rewritten.path = path("true", 9, 20);
        assert_eq!(ask(&rewritten), Err(Refused::Inconsistent));
        // The log shrinks.
        assert_eq!(ask(&asking("true", 5, 5)), Err(Refused::Other(9)));
        let shrunk = Request { old: 9, ..asking("true", 5, 5) };
        assert_eq!(ask(&shrunk), Err(Refused::Backwards { old: 9, new: 5 }));
        // It pretends that nothing was signed yet.
        assert_eq!(ask(&asking("false", 0, 20)), Err(Refused::Other(9)));
        // Two histories of one size.
        assert_eq!(ask(&asking("false", 9, 9)), Err(Refused::Inconsistent));
        // Hashes too many, too few.
        let more = Request { path: path("true", 8, 20), ..asking("true", 9, 20) };
        let none = Request { path: Vec::new(), ..asking("true", 9, 20) };
        assert_eq!(
            (ask(&more), ask(&none)),
            (Err(Refused::Inconsistent), Err(Refused::Inconsistent))
        );
    }

    #[test]
    fn only_a_log_that_is_known_and_has_signed_is_cosigned() {
        let request = asking("true", 0, 3);
        assert_eq!(decide(&request, &known(), None).unwrap().size, 3);
        let unknown = decide(&request, &[], None).unwrap_err();
        assert_eq!(
            (unknown.status(), unknown),
            (404, Refused::Unknown("yidang.example/j016".into()))
        );
        let others = [key(2).public().to_owned()];
        assert_eq!(decide(&request, &others, None), Err(Refused::Unsigned));
        let both = [others[0].clone(), known()[0].clone()];
        assert!(decide(&request, &both, None).is_ok(), "one of its keys is enough");
        let needless = Request { path: vec![Hash([1; 32])], ..request };
        assert_eq!(decide(&needless, &known(), None), Err(Refused::Inconsistent));
        assert_eq!(decide(&asking("true", 0, 0), &known(), None).unwrap().size, 0);
    }

    #[test]
    fn a_text_that_is_no_request_is_refused_with_its_line() {
        let good = asking("true", 5, 9);
        assert_eq!(Request::parse(&good.to_text()).unwrap(), good);
        let hash = good.path[0].to_string();
        for (from, to, line) in [
            ("old 5", "old 05", "line 1"),
            ("old 5", "new 5", "line 1"),
            ("old 5", "old 99999999999999999999", "line 1"),
            (hash.as_str(), "AAAA", "line 2"),
            ("\n\n", "\n", "line"),
        ] {
            let error = Request::parse(&good.to_text().replacen(from, to, 1)).unwrap_err();
            assert!(error.to_string().contains(line), "{to}: {error}");
        }
        let long = Request { path: vec![Hash([1; 32]); 64], ..good };
        assert!(Request::parse(&long.to_text()).unwrap_err().to_string().contains("high"));
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "(old |0|7|\n|yidang.example/j016|AQEB|=|— |\\PC){0,80}") {
            if let Ok(request) = Request::parse(&text) {
                let _ = decide(&request, &known(), Some(&checkpoint("true", 7)));
            }
        }

        /// Whatever is asked in whatever order: what is signed is one history
        /// that only grows.
        #[test]
        fn what_is_signed_is_one_history(
            asked in proptest::collection::vec((any::<bool>(), 0_u64..12, 0_u64..40, any::<bool>()), 1..12)
        ) {
            let mut last: Option<Checkpoint> = None;
            let mut signed: Vec<Checkpoint> = Vec::new();
            for (truly, off, new, honest) in asked {
                let name = if truly { "true" } else { "false" };
                let known_size = last.as_ref().map_or(0, |last| last.size);
                let old = if honest { known_size } else { off };
                let mut request = asking(name, old.min(new), new);
                request.old = old;
                if let Ok(kept) = decide(&request, &known(), last.as_ref()) {
                    signed.push(kept.clone());
                    last = Some(kept);
                }
            }
            prop_assert!(signed.is_sorted_by_key(|one| one.size));
            let of = |name: &str| signed.iter().all(|one| *one == checkpoint(name, one.size));
            prop_assert!(of("true") || of("false"), "{signed:?}");
        }

        #[test]
        fn sizes_of_any_height_are_only_refused(old in any::<u64>(), new in any::<u64>(), hashes in 0_usize..64) {
            let last = Checkpoint { size: old, ..checkpoint("true", 3) };
            let asked = format!("yidang.example/j016\n{new}\n{}\n", last.root);
            let request = Request { old, path: vec![Hash([7; 32]); hashes], note: key(1).sign_text(&asked).unwrap() };
            let answer = decide(&request, &known(), Some(&last));
            prop_assert!(answer.is_err() || (old == new && hashes == 0));
        }
    }
}
