//! The bodies of acts in blobs: a body that came alone is a blob, and those
//! that came together share one, a line each. An entry commits to the digest of
//! its own line, so a line can be taken out and stored alone without any entry
//! noticing.

use std::collections::HashMap;

use bytes::Bytes;

use crate::model::id::Digest;

/// The most bytes of bodies that share a blob.
const MOST: usize = 4 << 20;

/// Bodies as blobs, in their order, each blob with how many it holds.
#[must_use]
pub fn together(bodies: &[Bytes]) -> Vec<(Bytes, usize)> {
    let (mut blobs, mut rest) = (Vec::new(), bodies);
    while let Some(first) = rest.first() {
        let (mut count, mut bytes) = (1, first.len());
        while let Some(next) = rest.get(count).filter(|next| bytes + next.len() < MOST) {
            bytes += next.len() + 1;
            count += 1;
        }
        let (these, after) = rest.split_at(count);
        let blob = if count == 1 { first.clone() } else { these.join(&b'\n').into() };
        blobs.push((blob, count));
        rest = after;
    }
    blobs
}

/// The bodies in a blob, by their digests.
#[must_use]
pub fn apart(blob: &Bytes) -> HashMap<Digest, Bytes> {
    let (mut found, mut begin) = (HashMap::new(), 0);
    for line in blob.split(|byte| *byte == b'\n') {
        let end = begin + line.len();
        found.insert(Digest::of(line), blob.slice(begin..end));
        begin = end + 1;
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_body_is_found_again_by_its_digest(
            bodies in prop::collection::vec("[a-z{}\":,甲乙]{1,40}", 0..20),
        ) {
            let bodies: Vec<Bytes> = bodies.into_iter().map(Bytes::from).collect();
            let blobs = together(&bodies);
            prop_assert_eq!(blobs.iter().map(|(_, count)| count).sum::<usize>(), bodies.len());
            let mut found = HashMap::new();
            blobs.iter().for_each(|(blob, _)| found.extend(apart(blob)));
            for body in &bodies {
                prop_assert_eq!(found.get(&Digest::of(body)), Some(body));
            }
        }
    }

    #[test]
    fn one_that_comes_alone_is_a_blob_and_long_ones_do_not_share() {
        let (short, long) = (Bytes::from_static(b"{}"), Bytes::from(vec![b'x'; MOST - 2]));
        assert_eq!(together(std::slice::from_ref(&short)), [(short.clone(), 1)]);
        let blobs = together(&[short.clone(), short.clone(), long.clone(), long, short]);
        let counts: Vec<usize> = blobs.iter().map(|(_, count)| *count).collect();
        assert_eq!(counts, [2, 1, 1, 1]);
    }
}
