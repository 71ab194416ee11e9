//! 密钥树: every key of an archive, computed from one secret.
//!
//! A binary tree of 64 levels: a secret leads to the two below it by
//! HMAC-SHA-256 over one byte, 0 or 1, and never back. A leaf is the secret of
//! the blobs whose digest begins with its place. To destroy a leaf is to put,
//! in the place of the secret above it, those that stand beside its path: from
//! them every other leaf can be computed, and this one by nobody. Pure.

use ring::hmac;

use crate::model::id::Digest;

/// How many levels there are below the root.
const LEVELS: u8 = 64;
/// How many bytes a secret takes when it is written: place, level, secret.
const WRITTEN: usize = 8 + 1 + 32;

/// A secret of the tree, from which those below it are computed.
#[derive(Clone, PartialEq, Eq)]
struct Node {
    /// Where its first leaf stands.
    place: u64,
    /// How many levels it is below the root.
    level: u8,
    secret: [u8; 32],
}

impl Node {
    /// The place of its last leaf.
    fn last(&self) -> u64 {
        self.place | u64::MAX.checked_shr(self.level.into()).unwrap_or(0)
    }

    fn child(&self, right: bool) -> Self {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.secret);
        let mut secret = [0; 32];
        secret.copy_from_slice(hmac::sign(&key, &[u8::from(right)]).as_ref());
        let bit = u64::from(right) << (LEVELS - 1 - self.level);
        Self { place: self.place | bit, level: self.level + 1, secret }
    }

    /// Which of its two children the way to `place` goes through.
    fn turns_right(&self, place: u64) -> bool {
        place >> (LEVELS - 1 - self.level) & 1 == 1
    }
}

/// What is left of the tree: secrets that do not stand above each other, in
/// order of their places.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyTree {
    nodes: Vec<Node>,
}

impl std::fmt::Debug for KeyTree {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KeyTree({} secrets)", self.nodes.len())
    }
}

/// The place of the leaf of a blob.
#[must_use]
pub fn place_of(digest: Digest) -> u64 {
    let [a, b, c, d, e, f, g, h, ..] = *digest.as_bytes();
    u64::from_be_bytes([a, b, c, d, e, f, g, h])
}

impl KeyTree {
    /// A whole tree.
    #[must_use]
    pub fn new(root: [u8; 32]) -> Self {
        Self { nodes: vec![Node { place: 0, level: 0, secret: root }] }
    }

    /// How many secrets it takes to compute all that are left: 1 while nothing
    /// was destroyed.
    #[must_use]
    pub fn secrets(&self) -> usize {
        self.nodes.len()
    }

    /// Which secret stands above the leaf at `place`; none when that was
    /// destroyed.
    fn above(&self, place: u64) -> Option<usize> {
        let at = self.nodes.partition_point(|node| node.place <= place).checked_sub(1)?;
        (self.nodes[at].last() >= place).then_some(at)
    }

    /// Whether the leaf at `place` can be computed.
    #[must_use]
    pub fn has(&self, place: u64) -> bool {
        self.above(place).is_some()
    }

    /// The secret of the leaf at `place`; none when it was destroyed.
    #[must_use]
    pub fn leaf(&self, place: u64) -> Option<[u8; 32]> {
        let mut node = self.nodes[self.above(place)?].clone();
        while node.level < LEVELS {
            node = node.child(node.turns_right(place));
        }
        Some(node.secret)
    }

    /// Destroys the leaf at `place`; one that was destroyed stays so.
    pub fn destroy(&mut self, place: u64) {
        let Some(at) = self.above(place) else { return };
        let mut node = self.nodes[at].clone();
        let mut beside = Vec::new();
        while node.level < LEVELS {
            let right = node.turns_right(place);
            beside.push(node.child(!right));
            node = node.child(right);
        }
        beside.sort_unstable_by_key(|node| node.place);
        self.nodes.splice(at..=at, beside);
    }

    /// Its bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.nodes.len() * WRITTEN);
        for node in &self.nodes {
            bytes.extend(node.place.to_be_bytes());
            bytes.push(node.level);
            bytes.extend(node.secret);
        }
        bytes
    }

    /// The tree in these bytes; none when they are not one.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let (parts, rest) = bytes.as_chunks::<WRITTEN>();
        let mut nodes: Vec<Node> = Vec::with_capacity(parts.len());
        for part in parts {
            let (place, rest) = part.split_first_chunk::<8>()?;
            let (level, secret) = rest.split_first()?;
            let place = u64::from_be_bytes(*place);
            let node = Node { place, level: *level, secret: secret.try_into().ok()? };
            let fits = node.level <= LEVELS && place & (node.last() ^ place) == 0;
            let follows = nodes.last().is_none_or(|before| before.last() < place);
            if !fits || !follows {
                return None;
            }
            nodes.push(node);
        }
        rest.is_empty().then_some(Self { nodes })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn places() -> impl Strategy<Value = Vec<u64>> {
        // Neighbours as well as strangers.
        let one = prop_oneof![any::<u64>(), 0_u64..6, (0_u64..6).prop_map(|n| u64::MAX - n)];
        prop::collection::vec(one, 1..12)
    }

    proptest! {
        #[test]
        fn what_was_destroyed_is_gone_and_everything_else_is_there(
            destroyed in places(), others in places(), root in any::<[u8; 32]>(),
        ) {
            let whole = KeyTree::new(root);
            let mut tree = whole.clone();
            destroyed.iter().for_each(|place| tree.destroy(*place));
            for place in &destroyed {
                prop_assert_eq!(tree.leaf(*place), None);
                prop_assert!(!tree.has(*place));
            }
            for place in others.iter().filter(|place| !destroyed.contains(place)) {
                prop_assert_eq!(tree.leaf(*place), whole.leaf(*place));
                prop_assert!(tree.has(*place));
            }
            // No secret on the way to a destroyed leaf is kept.
            for node in &tree.nodes {
                prop_assert!(destroyed.iter().all(|at| *at < node.place || *at > node.last()));
            }
            let mut again = whole;
            destroyed.iter().rev().for_each(|place| again.destroy(*place));
            prop_assert_eq!(&again, &tree);
            prop_assert_eq!(KeyTree::parse(&tree.to_bytes()), Some(tree));
        }

        #[test]
        fn bytes_that_are_no_tree_are_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            if let Some(tree) = KeyTree::parse(&bytes) {
                prop_assert_eq!(tree.to_bytes(), bytes);
            }
        }
    }

    #[test]
    fn the_way_down_is_hmac_over_one_bit_at_a_time() {
        let root = [7; 32];
        let step = |secret: [u8; 32], bit: u8| -> [u8; 32] {
            let key = hmac::Key::new(hmac::HMAC_SHA256, &secret);
            hmac::sign(&key, &[bit]).as_ref().try_into().unwrap()
        };
        let place = 0x8000_0000_0000_0001_u64;
        let expected =
            (0..64).fold(root, |secret, at| step(secret, (place >> (63 - at) & 1) as u8));
        assert_eq!(KeyTree::new(root).leaf(place), Some(expected));
    }

    #[test]
    fn a_tree_without_a_leaf_holds_what_stands_beside_its_path() {
        let mut tree = KeyTree::new([1; 32]);
        assert_eq!(tree.secrets(), 1);
        tree.destroy(0);
        assert_eq!(tree.secrets(), 64);
        // A neighbour shares all of the path but its end.
        tree.destroy(1);
        assert_eq!(tree.secrets(), 63);
        assert!(!format!("{tree:?}").contains("01"));
        let mut gone = tree.to_bytes();
        gone.rotate_left(WRITTEN);
        assert_eq!(KeyTree::parse(&gone), None, "out of order");
        gone.truncate(40);
        assert_eq!(KeyTree::parse(&gone), None, "cut");
    }
}
