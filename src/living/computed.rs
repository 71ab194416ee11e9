//! What was computed of a whole district, for who asks again before anything is recorded
//! that could change it. Whether that is so is read in the database, so it holds for acts
//! of other processes too.

use std::any::Any;
use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use crate::catalog::entries;
use crate::db::{DbError, Tx};
use crate::model::id::EntryNo;

/// How many rows are kept in all, some hundred bytes each; what nobody asked for longest
/// goes first.
const MOST: usize = 400_000;

/// The acts by which a household comes, moves, or changes who lives in it: nearly all that
/// is computed of a district rests on them.
pub(crate) const HOUSEHOLDS: [&str; 4] =
    ["open_household", "state_facts", "link_households", "unlink_households"];

/// The results of this process.
#[derive(Default)]
pub struct Computed(Mutex<VecDeque<Kept>>);

struct Kept {
    key: String,
    last: EntryNo,
    rows: usize,
    value: Arc<dyn Any + Send + Sync>,
}

impl fmt::Debug for Computed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Computed")
    }
}

impl Computed {
    /// What was kept under `key` while the last entry was `last`.
    pub(crate) fn get<T: Clone + 'static>(&self, key: &str, last: EntryNo) -> Option<T> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = kept.iter().position(|one| one.key == key && one.last == last)?;
        let found = kept.remove(at)?;
        let value = found.value.downcast_ref::<T>().cloned();
        kept.push_back(found);
        value
    }

    /// Keeps a result of so many rows.
    pub(crate) fn keep<T: Send + Sync + 'static>(
        &self,
        key: String,
        last: EntryNo,
        (rows, value): (usize, T),
    ) {
        // Whoever has no rows takes room too.
        let rows = rows + 100;
        if rows > MOST {
            return;
        }
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|one| one.key != key);
        let mut sum: usize = kept.iter().map(|one| one.rows).sum();
        while sum + rows > MOST {
            sum -= kept.pop_front().map_or(sum, |one| one.rows);
        }
        kept.push_back(Kept { key, last, rows, value: Arc::new(value) });
    }
}

/// The last entry of one of these acts; -1 before the first.
pub(crate) async fn last_of(tx: &mut Tx, acts: &[&str]) -> Result<EntryNo, DbError> {
    let mut last = super::NONE_SEEN;
    for act in acts {
        last = last.max(entries::last_number_of(tx, act).await?);
    }
    Ok(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_computed_holds_until_something_is_recorded_and_not_too_much_is_kept() {
        let computed = Computed::default();
        let keep = |key: &str, last, rows| computed.keep(key.to_owned(), last, (rows, rows));
        keep("a", 7, 10);
        assert_eq!(computed.get::<usize>("a", 7), Some(10));
        assert_eq!(computed.get::<usize>("a", 8), None);
        assert_eq!(computed.get::<usize>("b", 7), None);
        assert_eq!(computed.get::<String>("a", 7), None);
        keep("a", 8, 20);
        assert_eq!((computed.get::<usize>("a", 7), computed.get("a", 8)), (None, Some(20_usize)));
        keep("b", 8, MOST);
        assert_eq!(computed.get::<usize>("b", 8), None, "too much for all of it");
        keep("c", 8, 20);
        assert_eq!(computed.get("a", 8), Some(20_usize));
        keep("b", 8, MOST - 300);
        assert_eq!(computed.get::<usize>("b", 8), Some(MOST - 300));
        assert_eq!(computed.get::<usize>("c", 8), None, "what nobody asked for goes first");
        assert_eq!(computed.get("a", 8), Some(20_usize));
    }
}
