//! Who signs the log, as the log says itself: the key it was founded with, and
//! those that its acts name. A batch must be signed by each key that signs at
//! its end; a checkpoint that only a stranger has signed is found.

use crate::app::App;
use crate::catalog::entries;
use crate::keys;
use crate::model::act::{Act, Body, LogEntry};
use crate::model::canonical;
use crate::model::id::{Digest, EntryNo};
use crate::tlog::{Checkpoint, LogKeys, TlogError};

use super::AuditError;

/// Who signs, as far as the log was read.
#[derive(Debug, Clone)]
pub(super) struct Signers {
    /// Sets of verifier keys, in the order in which they signed; the last signs
    /// now.
    sets: Vec<Vec<String>>,
    /// The keys that this machine has.
    own: Vec<String>,
}

impl Signers {
    /// Who signed at the beginning: the key that the first change names as the
    /// old one, or the first one here while there was no change.
    pub(super) async fn begin(app: &App) -> Result<Self, AuditError> {
        // Read anew: they may have been changed since the archive was opened.
        let own = keys::open(&app.config).ok().flatten();
        let own: Vec<String> =
            own.iter().flat_map(LogKeys::public).map(ToOwned::to_owned).collect();
        let mut tx = app.db.read().await?;
        let first = entries::first_of(&mut tx, "rotate_key").await?;
        drop(tx);
        // The leaf is compared with the store like all others, and commits to
        // the body.
        let body = first.as_ref().and_then(|first| {
            let leaf: LogEntry = serde_json::from_str(&first.leaf).ok()?;
            let body: Body = serde_json::from_str(&first.body).ok()?;
            (leaf.body == Digest::of(first.body.as_bytes())).then_some(body)
        });
        let first = match body.map(|body| body.act) {
            Some(Act::RotateKey { old, .. }) => vec![old],
            _ => own.iter().take(1).cloned().collect(),
        };
        Ok(Self { sets: vec![first], own })
    }

    /// Whether an entry may say who signs after it.
    pub(super) fn are_named_by(entry: &LogEntry) -> bool {
        entry.event_type == "policy assignment"
    }

    /// Takes up what the body of entry `no` says of the keys; or says why it
    /// cannot be known.
    pub(super) fn take_up(&mut self, no: EntryNo, body: &[u8]) -> Result<(), String> {
        let body = canonical::from_bytes::<Body>(body)
            .map_err(|error| format!("who signs after entry {no} cannot be known: {error}"))?;
        let mut keys = self.sets.last().cloned().unwrap_or_default();
        match body.act {
            Act::RotateKey { new, .. } => keys.insert(0, new),
            Act::RetireKey { key } => keys.retain(|one| *one != key),
            _ => return Ok(()),
        }
        self.sets.push(keys);
        Ok(())
    }

    /// By what [`Signers::opened_by`] finds those who sign now.
    pub(super) fn now(&self) -> usize {
        self.sets.len() - 1
    }

    /// What a checkpoint says that is signed by all who sign now.
    pub(super) fn opened(&self, note: &str) -> Result<Checkpoint, TlogError> {
        self.opened_by(Some(self.now()), note)
    }

    /// What a checkpoint says that is signed by all who signed then; where they
    /// are not known, by any that ever did.
    pub(super) fn opened_by(
        &self,
        then: Option<usize>,
        note: &str,
    ) -> Result<Checkpoint, TlogError> {
        let Some(keys) = then.and_then(|then| self.sets.get(then)) else {
            let all: Vec<String> = self.sets.iter().flatten().cloned().collect();
            return if all.is_empty() {
                Checkpoint::parse(note)
            } else {
                Checkpoint::open(note, &all)
            };
        };
        for key in keys {
            Checkpoint::open(note, std::slice::from_ref(key))?;
        }
        Checkpoint::parse(note)
    }

    /// Says so when none of the keys of this machine signs in the end.
    pub(super) fn strange(&self) -> Option<String> {
        let signs = |key: &String| self.sets.last().is_some_and(|last| last.contains(key));
        let strange = !self.own.is_empty() && !self.own.iter().any(signs);
        strange.then(|| {
            "none of the keys of this machine signs the log: is their file up to date?".to_owned()
        })
    }
}
