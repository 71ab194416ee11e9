//! The way of one entry to the root, step by step, as it is drawn for people.
//! Nothing is believed here: the tiles are taken as they stand, so that where
//! they do not fit the first step that differs can be named.

use tlog_tiles::{node_hash, record_hash};

use super::ProveError;
use crate::app::App;
use crate::catalog::entries;
use crate::tlog::{Checkpoint, Hash};

/// One step upwards: what was computed so far is hashed with its neighbour.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The entries below the neighbour: the first, and the one after the last.
    pub beside: (u64, u64),
    /// Whether the neighbour stands on the left.
    pub left: bool,
    /// The published hash of the neighbour; none when its tile is not there.
    pub neighbour: Option<Hash>,
    /// The hash of both; none where a neighbour is not there.
    pub computed: Option<Hash>,
    /// What was published in its place; none when that is not there.
    pub published: Option<Hash>,
}

/// The way of an entry to the root.
#[derive(Debug, Clone, PartialEq)]
pub struct Trace {
    /// The number of the entry.
    pub index: u64,
    /// The signed note.
    pub note: String,
    /// What the note says.
    pub checkpoint: Checkpoint,
    /// The hash of the entry's bytes as the database has them.
    pub leaf: Hash,
    /// The hash that was published of the entry; none when that is not there.
    pub published: Option<Hash>,
    /// The steps, from the entry upwards.
    pub steps: Vec<Step>,
}

impl Trace {
    /// The root that the entry and its neighbours lead to; none where a
    /// neighbour is not there.
    #[must_use]
    pub fn computed(&self) -> Option<Hash> {
        self.steps.last().map_or(Some(self.leaf), |step| step.computed)
    }

    /// The first place where what was computed is not what was published: 0 is
    /// the entry, 1 the first step; none when all agrees.
    #[must_use]
    pub fn differs_at(&self) -> Option<usize> {
        let leaf = (Some(self.leaf), self.published);
        let steps = self.steps.iter().map(|step| (step.computed, step.published));
        let mut pairs = std::iter::once(leaf).chain(steps);
        pairs.position(|(computed, published)| computed.is_none() || computed != published)
    }
}

/// The way of entry `no` to the root of the newest checkpoint; none when the
/// log has no checkpoint over it yet.
///
/// # Errors
/// When there is no such entry, or database or store fail.
pub async fn trace(app: &App, no: i64) -> Result<Option<Trace>, ProveError> {
    let index = u64::try_from(no).unwrap_or(u64::MAX);
    let mut tx = app.db.read().await?;
    let leaf = record_hash(entries::exact(&mut tx, no).await?.leaf.as_bytes());
    drop(tx);
    let Some(tree) = super::newest(app).await? else { return Ok(None) };
    let checkpoint = tree.checkpoint().clone();
    if index >= checkpoint.size {
        return Ok(None);
    }
    let mut steps = Vec::new();
    let mut computed = Some(leaf);
    for (beside, left, both) in way(index, checkpoint.size) {
        let neighbour = tree.raw(beside.0, beside.1).await?;
        computed = computed.zip(neighbour).map(|(own, other)| match left {
            true => node_hash(other, own),
            false => node_hash(own, other),
        });
        let published = match both {
            (0, end) if end == checkpoint.size => Some(checkpoint.root),
            (from, end) => tree.raw(from, end).await?,
        };
        steps.push(Step { beside, left, neighbour, computed, published });
    }
    let published = match checkpoint.size {
        1 => Some(checkpoint.root),
        _ => tree.raw(index, index + 1).await?,
    };
    let note = tree.note().to_owned();
    Ok(Some(Trace { index, note, checkpoint, leaf, published, steps }))
}

/// Entries from the first to the one after the last.
type Range = (u64, u64);

/// From entry `index` upwards in a tree of `size`: the entries below each
/// neighbour, whether it stands on the left, and the entries below both.
fn way(index: u64, size: u64) -> Vec<(Range, bool, Range)> {
    let (mut from, mut end) = (0, size);
    let mut steps = Vec::new();
    while end.saturating_sub(from) > 1 {
        // The largest power of two that is smaller (RFC 6962, 2.1).
        let middle = from + (end - from).next_power_of_two() / 2;
        let both = (from, end);
        if index < middle {
            steps.push(((middle, end), false, both));
            end = middle;
        } else {
            steps.push(((from, middle), true, both));
            from = middle;
        }
    }
    steps.reverse();
    steps
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_way_through_a_tree_that_is_not_full() {
        assert_eq!(way(0, 1), []);
        assert_eq!(way(2, 3), [((0, 2), true, (0, 3))]);
        assert_eq!(way(9, 10), [((8, 9), true, (8, 10)), ((0, 8), true, (0, 10))]);
        let up = way(5, 10);
        assert_eq!(up[0], ((4, 5), true, (4, 6)));
        assert_eq!(up.last().unwrap(), &((8, 10), false, (0, 10)));
    }

    proptest! {
        #[test]
        fn every_step_joins_neighbours_and_the_last_has_all(size in 1_u64..1 << 40, at in any::<u64>()) {
            let index = at % size;
            let mut own = (index, index + 1);
            for (beside, left, both) in way(index, size) {
                let joined = if left { (beside.0, own.1) } else { (own.0, beside.1) };
                prop_assert_eq!(if left { beside.1 } else { own.1 }, if left { own.0 } else { beside.0 });
                prop_assert_eq!(joined, both);
                own = both;
            }
            prop_assert_eq!(own, (0, size));
        }
    }
}
