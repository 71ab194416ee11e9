//! The arithmetic of Merkle trees (RFC 6962, section 2.1; verification as in
//! RFC 9162, sections 2.1.3.2 and 2.1.4.2).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use crate::{Result, wrong};

/// A SHA-256 digest.
pub type Hash = [u8; 32];

/// The SHA-256 of bytes.
#[must_use]
pub fn sha256(bytes: &[u8]) -> Hash {
    Sha256::digest(bytes).into()
}

/// The hash of a leaf.
#[must_use]
pub fn leaf(bytes: &[u8]) -> Hash {
    Sha256::new().chain_update([0]).chain_update(bytes).finalize().into()
}

fn node(left: &Hash, right: &Hash) -> Hash {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

/// The hash in a line of base64: exactly 32 bytes, written in the usual way.
///
/// # Errors
/// When it is anything else.
pub fn parse(text: &str) -> Result<Hash> {
    let Ok(bytes) = STANDARD.decode(text) else { return wrong!("{text:?} is not base64") };
    match <Hash>::try_from(bytes) {
        Ok(hash) if STANDARD.encode(hash) == text => Ok(hash),
        Ok(_) => wrong!("{text:?} is not the usual base64 of a hash"),
        Err(bytes) => wrong!("a hash has 32 bytes, this has {}", bytes.len()),
    }
}

/// Checks that `leaf` is number `index` of the tree of `size` leaves with this
/// `root`.
///
/// # Errors
/// When `path` does not lead from it to the root.
pub fn included(leaf: Hash, index: u64, path: &[Hash], size: u64, root: &Hash) -> Result<()> {
    if index >= size {
        return wrong!("the tree has {size} entries, and none with number {index}");
    }
    let (mut at, mut last, mut hash) = (index, size - 1, leaf);
    for beside in path {
        if last == 0 {
            return wrong!("the path is longer than the tree is high");
        }
        if at & 1 == 1 || at == last {
            hash = node(beside, &hash);
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            hash = node(&hash, beside);
        }
        at >>= 1;
        last >>= 1;
    }
    match last == 0 && hash == *root {
        true => Ok(()),
        false => wrong!("the path does not lead to the root of the tree"),
    }
}

/// Checks that the tree of `new.0` leaves begins with all leaves of the tree
/// of `old.0`; each comes with its root.
///
/// # Errors
/// When it does not, or `path` does not show it.
pub fn consistent(old: (u64, Hash), new: (u64, Hash), path: &[Hash]) -> Result<()> {
    let ((old, old_root), (new, new_root)) = (old, new);
    if old > new {
        return wrong!("the log has shrunk, from {old} entries to {new}");
    }
    if old == new {
        let empty = old > 0 || old_root == sha256(b"");
        return match path.is_empty() && old_root == new_root && empty {
            true => Ok(()),
            false => wrong!("two logs of {old} entries have different roots: two histories"),
        };
    }
    if old == 0 {
        return wrong!("the older log is empty: nothing follows from it");
    }
    let mut path = path.iter();
    let (mut at, mut last) = (old - 1, new - 1);
    while at & 1 == 1 {
        at >>= 1;
        last >>= 1;
    }
    let short = "the path between the two trees is too short";
    let begin = match old.is_power_of_two() {
        true => old_root,
        false => match path.next() {
            Some(hash) => *hash,
            None => return wrong!("{short}"),
        },
    };
    let (mut before, mut after) = (begin, begin);
    for beside in path {
        if last == 0 {
            return wrong!("the path between the two trees is too long");
        }
        if at & 1 == 1 || at == last {
            before = node(beside, &before);
            after = node(beside, &after);
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            after = node(&after, beside);
        }
        at >>= 1;
        last >>= 1;
    }
    match () {
        () if last != 0 => wrong!("{short}"),
        () if before != old_root || after != new_root => {
            wrong!(
                "the newer log does not begin with all entries of the older: history was rewritten"
            )
        }
        () => Ok(()),
    }
}

/// A tree that grows: the roots of its full subtrees, largest first.
#[derive(Debug, Clone)]
pub struct Growing {
    size: u64,
    roots: Vec<Hash>,
}

impl Growing {
    /// The tree of `size` leaves with these full subtrees.
    ///
    /// # Errors
    /// When a tree of this size has another number of them.
    pub fn new(size: u64, roots: Vec<Hash>) -> Result<Self> {
        match roots.len() == size.count_ones() as usize {
            true => Ok(Self { size, roots }),
            false => wrong!("a tree of {size} entries does not have {} full subtrees", roots.len()),
        }
    }

    /// Adds a leaf.
    pub fn push(&mut self, bytes: &[u8]) {
        let mut hash = leaf(bytes);
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.roots.pop() {
                hash = node(&left, &hash);
            }
        }
        self.roots.push(hash);
        self.size += 1;
    }

    /// How many leaves it has.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Its root.
    #[must_use]
    pub fn root(&self) -> Hash {
        let joined = self.roots.iter().rev().copied().reduce(|right, left| node(&left, &right));
        joined.unwrap_or_else(|| sha256(b""))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Case {
        leaf_idx: Option<u64>,
        tree_size: Option<u64>,
        root: Option<String>,
        leaf_hash: Option<String>,
        size1: Option<u64>,
        size2: Option<u64>,
        root1: Option<String>,
        root2: Option<String>,
        proof: Option<Vec<String>>,
        desc: String,
        want_err: bool,
    }

    fn path(case: &Case) -> Result<Vec<Hash>> {
        case.proof.iter().flatten().map(|line| parse(line)).collect()
    }

    /// One case has a text that means "any root".
    fn root(text: &Option<String>) -> Hash {
        let text = text.as_deref().unwrap_or_default();
        parse(text).unwrap_or_else(|_| sha256(text.as_bytes()))
    }

    #[test]
    fn the_public_vectors_pass() {
        let inclusion: Vec<Case> =
            serde_json::from_str(include_str!("../../tests/vectors/inclusion.json")).unwrap();
        let consistency: Vec<Case> =
            serde_json::from_str(include_str!("../../tests/vectors/consistency.json")).unwrap();
        assert_eq!((inclusion.len(), consistency.len()), (98, 98));
        for case in inclusion {
            let (index, size) = (case.leaf_idx.unwrap(), case.tree_size.unwrap());
            let checked = path(&case).and_then(|path| {
                let leaf = parse(case.leaf_hash.as_deref().unwrap_or_default())?;
                let root = parse(case.root.as_deref().unwrap_or_default())?;
                included(leaf, index, &path, size, &root)
            });
            assert_eq!(checked.is_err(), case.want_err, "{}: {checked:?}", case.desc);
        }
        for case in consistency {
            let checked = path(&case).and_then(|path| {
                let old = (case.size1.unwrap(), root(&case.root1));
                consistent(old, (case.size2.unwrap(), root(&case.root2)), &path)
            });
            assert_eq!(checked.is_err(), case.want_err, "{}: {checked:?}", case.desc);
        }
    }

    #[test]
    fn a_growing_tree_has_the_roots_of_the_standard() {
        let mut tree = Growing::new(0, Vec::new()).unwrap();
        assert_eq!(tree.root(), sha256(b""));
        tree.push(b"a");
        assert_eq!(tree.root(), leaf(b"a"));
        tree.push(b"b");
        tree.push(b"c");
        assert_eq!(tree.root(), node(&node(&leaf(b"a"), &leaf(b"b")), &leaf(b"c")));
        assert!(Growing::new(3, Vec::new()).is_err());
    }
}
