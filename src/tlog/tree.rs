//! The Merkle tree of RFC 6962, grown at its right edge.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
pub use tlog_tiles::Hash;
use tlog_tiles::{EMPTY_HASH, node_hash, record_hash};

use super::TlogError;

/// What is needed of a tree to let it grow: the roots of its full subtrees,
/// largest first, at most 64.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Frontier {
    size: u64,
    roots: Vec<Hash>,
}

impl Frontier {
    /// How many leaves the tree has.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds a leaf with these bytes.
    pub fn push(&mut self, leaf: &[u8]) {
        let mut right = record_hash(leaf);
        // Two full subtrees of equal size become one, as a carry does in an
        // addition.
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.roots.pop() {
                right = node_hash(left, right);
            }
        }
        self.roots.push(right);
        self.size += 1;
    }

    /// The root of the tree (RFC 6962, 2.1).
    #[must_use]
    pub fn root(&self) -> Hash {
        self.roots
            .iter()
            .rev()
            .copied()
            .reduce(|right, left| node_hash(left, right))
            .unwrap_or(EMPTY_HASH)
    }

    /// The frontier of a tree of `size` leaves with these full subtrees, largest
    /// first.
    pub(crate) fn of(size: u64, roots: Vec<Hash>) -> Self {
        Self { size, roots }
    }

    /// The hashes, one line each in base64.
    #[must_use]
    pub fn to_text(&self) -> String {
        self.roots.iter().map(|hash| format!("{hash}\n")).collect()
    }

    /// The frontier of a tree of `size` leaves, of such a text.
    ///
    /// # Errors
    /// When these are not as many hashes of 32 bytes as such a tree has.
    pub fn parse(size: u64, text: &str) -> Result<Self, TlogError> {
        let roots = text
            .lines()
            .zip(1..)
            .map(|(line, at)| hash("frontier", at, line))
            .collect::<Result<Vec<_>, _>>()?;
        if roots.len() != size.count_ones() as usize {
            let line = roots.len();
            let reason = "there are not as many hashes as a tree of this size has";
            return Err(TlogError::Malformed { what: "frontier", line, reason });
        }
        Ok(Self { size, roots })
    }
}

/// The hash in a line: base64 of exactly 32 bytes, written as this program
/// would write it.
pub(super) fn hash(what: &'static str, line: usize, text: &str) -> Result<Hash, TlogError> {
    let malformed = |reason| TlogError::Malformed { what, line, reason };
    let bytes = STANDARD.decode(text).map_err(|_| malformed("not base64"))?;
    let hash = Hash(bytes.try_into().map_err(|_| malformed("not a hash of 32 bytes"))?);
    if hash.to_string() != text {
        return Err(malformed("not the usual base64"));
    }
    Ok(hash)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use ct_merkle::mem_backed_tree::MemoryBackedTree;
    use proptest::prelude::*;
    use sha2::Sha256;

    use super::*;

    proptest! {
        #[test]
        fn another_implementation_comes_to_the_same_root(
            leaves in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..40), 0..300),
        ) {
            let mut oracle = MemoryBackedTree::<Sha256, Vec<u8>>::new();
            let mut frontier = Frontier::default();
            for leaf in &leaves {
                oracle.push(leaf.clone());
                frontier.push(leaf);
            }
            let root = oracle.root();
            prop_assert_eq!(&frontier.root().0[..], root.as_bytes().as_slice());
            let again = Frontier::parse(frontier.size(), &frontier.to_text()).unwrap();
            prop_assert_eq!(again, frontier);
        }
    }

    #[test]
    fn what_is_not_a_frontier_of_that_size_is_refused() {
        let mut frontier = Frontier::default();
        (0..5).for_each(|_| frontier.push(b"x"));
        let text = frontier.to_text();
        assert!(Frontier::parse(5, &text).is_ok());
        assert!(Frontier::parse(6, &format!("{text}x")).is_err());
        assert!(Frontier::parse(7, &text).is_err());
        assert!(Frontier::parse(1, "c2hvcnQ=\n").is_err());
        let padded = text.replacen('=', "", 1);
        assert!(Frontier::parse(5, &padded).is_err());
    }
}
