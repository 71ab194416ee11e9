//! What was computed of a whole district, for who asks again before anything is recorded
//! that could change it. Whether that is so is read in the database, so it holds for acts
//! of other processes too.

use std::any::Any;
use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use crate::catalog::{entries, feed};
use crate::db::{DbError, Tx};
use crate::model::id::EntryNo;

/// How many rows are kept in all, some hundred bytes each; what nobody asked for longest
/// goes first.
const MOST: usize = 400_000;

/// The acts by which a household comes, moves, or changes who lives in it: nearly all that
/// is computed of a district rests on them.
const HOUSEHOLDS: [&str; 4] =
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

/// Where a result is kept: under which key, for as long as which entry, or which number of the
/// index feed, is the last one that could change it.
#[derive(Debug)]
pub(crate) struct Place {
    key: String,
    last: EntryNo,
}

impl Place {
    /// The place of a result that rests on what these acts say and on the households.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn of(tx: &mut Tx, acts: &[&str], key: String) -> Result<Self, DbError> {
        let mut last = super::NONE_SEEN;
        for act in HOUSEHOLDS.iter().chain(acts) {
            last = last.max(entries::last_number_of(tx, act).await?);
        }
        Ok(Self { key, last })
    }

    /// The place of a result that rests on papers and on what was read of them: for as long
    /// as the index has nothing more to follow.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn of_papers(tx: &mut Tx, key: String) -> Result<Self, DbError> {
        Ok(Self { key, last: feed::position(tx).await? })
    }
}

impl Computed {
    /// What is kept there.
    pub(crate) fn get<T: Clone + 'static>(&self, place: &Place) -> Option<T> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = kept.iter().position(|one| one.key == place.key && one.last == place.last)?;
        let found = kept.remove(at)?;
        let value = found.value.downcast_ref::<T>().cloned();
        kept.push_back(found);
        value
    }

    /// Keeps a result of so many rows, and returns it.
    pub(crate) fn keep<T: Clone + Send + Sync + 'static>(
        &self,
        Place { key, last }: Place,
        rows: usize,
        value: T,
    ) -> T {
        // Whoever has no rows takes room too.
        let rows = rows + 100;
        if rows > MOST {
            return value;
        }
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|one| one.key != key);
        let mut sum: usize = kept.iter().map(|one| one.rows).sum();
        while sum + rows > MOST {
            sum -= kept.pop_front().map_or(sum, |one| one.rows);
        }
        kept.push_back(Kept { key, last, rows, value: Arc::new(value.clone()) });
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_computed_holds_until_something_is_recorded_and_not_too_much_is_kept() {
        let computed = Computed::default();
        let place = |key: &str, last| Place { key: key.to_owned(), last };
        let keep = |key, last, rows: usize| {
            assert_eq!(computed.keep(place(key, last), rows, rows), rows);
        };
        let get = |key, last| computed.get::<usize>(&place(key, last));
        keep("a", 7, 10);
        assert_eq!(get("a", 7), Some(10));
        assert_eq!(get("a", 8), None);
        assert_eq!(get("b", 7), None);
        assert_eq!(computed.get::<String>(&place("a", 7)), None);
        keep("a", 8, 20);
        assert_eq!((get("a", 7), get("a", 8)), (None, Some(20)));
        keep("b", 8, MOST);
        assert_eq!(get("b", 8), None, "too much for all of it");
        keep("c", 8, 20);
        assert_eq!(get("a", 8), Some(20));
        keep("b", 8, MOST - 300);
        assert_eq!(get("b", 8), Some(MOST - 300));
        assert_eq!(get("c", 8), None, "what nobody asked for goes first");
        assert_eq!(get("a", 8), Some(20));
    }
}
