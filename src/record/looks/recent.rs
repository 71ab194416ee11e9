//! What was noted a moment ago: the same again is the same look.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::OnceCell;

use crate::model::look::{Kind, Look, Outcome};

/// Within how long the same look is the same.
const WINDOW: Duration = Duration::from_secs(600);
/// How many looks are remembered.
const MOST: usize = 20_000;
/// How many refusals of one person within that time are noted singly: who tries
/// every number must not fill the log.
const REFUSED: u32 = 200;

/// Set when the look was noted; who comes meanwhile waits for it.
pub(super) type Noted = Arc<OnceCell<()>>;

/// The looks of the last minutes.
#[derive(Debug, Default)]
pub(super) struct Recent(Mutex<Memory>);

#[derive(Debug, Default)]
struct Memory {
    noted: HashMap<String, (Timestamp, Noted)>,
    refused: HashMap<String, (Timestamp, u32)>,
}

/// Whether the same look again within minutes is the same: reading is, taking
/// something along is not.
pub(super) fn is_once(look: &Look) -> bool {
    let reads = matches!(look.kind, Kind::Open | Kind::Search | Kind::Guest);
    reads || look.outcome != Outcome::Shown
}

/// Whether what was at `at` is still of this moment. A clock that was set back
/// does not make a look last for ever.
fn is_fresh(at: Timestamp, now: Timestamp) -> bool {
    let since = now.duration_since(at);
    since < WINDOW.try_into().unwrap_or_default() && !since.is_negative()
}

impl Recent {
    /// Whether this look of `person` was noted a moment ago.
    pub(super) fn has(&self, person: &str, look: &Look, now: Timestamp) -> bool {
        let memory = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = memory.noted.get(&format!("{person}\n{}", look.subject()));
        is_once(look) && found.is_some_and(|(at, noted)| is_fresh(*at, now) && noted.initialized())
    }

    /// The note of a look of `person`, new or from a moment ago; none when so many
    /// were refused that this one is not noted.
    pub(super) fn of(&self, person: &str, look: &Look, now: Timestamp) -> Option<Noted> {
        let mut memory = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = |at| is_fresh(at, now);
        let key = format!("{person}\n{}", look.subject());
        if let Some((at, noted)) = memory.noted.get(&key)
            && fresh(*at)
        {
            return Some(Arc::clone(noted));
        }
        if look.outcome != Outcome::Shown {
            let count = memory.refused.entry(person.to_owned()).or_insert((now, 0));
            if !fresh(count.0) {
                *count = (now, 0);
            }
            count.1 = count.1.saturating_add(1);
            if count.1 > REFUSED {
                if count.1 == REFUSED + 1 {
                    tracing::warn!(person, "more is refused than is noted singly");
                }
                return None;
            }
        }
        if memory.noted.len() >= MOST {
            memory.noted.retain(|_, (at, _)| fresh(*at));
            memory.refused.retain(|_, (at, _)| fresh(*at));
        }
        if memory.noted.len() >= MOST {
            memory.noted.clear();
        }
        let noted = Noted::default();
        memory.noted.insert(key, (now, Arc::clone(&noted)));
        Some(noted)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::model::id::DocumentId;

    #[test]
    fn the_same_soon_is_the_same_look_and_refusals_are_bounded() {
        let recent = Recent::default();
        let start: Timestamp = "2026-11-23T00:00:00Z".parse().unwrap();
        let later = start + WINDOW;
        let open = |id| Look::new(Kind::Open).at(DocumentId(id));
        let same = |a: &Noted, b: &Noted| Arc::ptr_eq(a, b);
        let first = recent.of("甲", &open(1), start).unwrap();
        assert!(same(&first, &recent.of("甲", &open(1), start).unwrap()));
        assert!(!same(&first, &recent.of("乙", &open(1), start).unwrap()));
        assert!(!same(&first, &recent.of("甲", &open(2), start).unwrap()));
        assert!(!same(&first, &recent.of("甲", &open(1), later).unwrap()));
        let refused = |id: u32| open(i64::from(id) + 9).ending(Outcome::Refused);
        let noted = |at| (0..2 * REFUSED).map(move |id| (id, at));
        let count = noted(start).filter(|(id, at)| recent.of("丙", &refused(*id), *at).is_some());
        assert_eq!(count.count(), REFUSED as usize);
        assert!(recent.of("丙", &open(1), start).is_some(), "what may be seen is noted");
        assert!(recent.of("丙", &refused(7777), later).is_some());
    }
}
