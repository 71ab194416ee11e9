//! One shard of one store: every blob it should hold is read, and what stands
//! in its folder is listed.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use object_store::path::Path;

use super::{Bounds, Sweep};
use crate::audit::AuditError;
use crate::catalog::{destroyed, documents};
use crate::db::Db;
use crate::model::act::{FindingClass, Side};
use crate::model::id::{Digest, EntryNo};
use crate::vault::{Vault, VaultError, key};

/// How many files are read between two looks at the clock.
const PIECE: usize = 16;

/// A shard of a store that is to be read, from where.
pub(super) struct Task {
    pub(super) side: Side,
    pub(super) vault: Vault,
    pub(super) end: EntryNo,
    pub(super) shard: u8,
    pub(super) after: Option<Digest>,
    /// The folders of what is made from blobs.
    pub(super) makers: Arc<[Path]>,
}

/// What a look at a shard found.
#[derive(Default)]
pub(super) struct Part {
    pub(super) checked: u64,
    pub(super) bytes: u64,
    pub(super) wrong: Vec<(Digest, FindingClass, String)>,
    /// Objects of its folder that nothing seemed to name.
    pub(super) unnamed: Vec<Path>,
    /// Folders of what was made from blobs that nothing seemed to name.
    pub(super) orphans: Vec<(Digest, Path)>,
    /// Files whose bytes have another SM3 than was recorded.
    pub(super) other_sm3: Vec<Digest>,
    /// Blobs that nobody can read any more, by the entries that destroyed their
    /// keys.
    pub(super) destroyed: Vec<EntryNo>,
    /// Where it was broken off; none at its end.
    pub(super) broken_off: Option<Digest>,
    /// Whether it was begun at all.
    pub(super) begun: bool,
}

/// When a look ends, and how fast it may read.
pub(super) struct Pace {
    pub(super) began: Instant,
    pub(super) bounds: Bounds,
    /// Bytes read by all shards.
    pub(super) bytes: AtomicU64,
}

impl Pace {
    fn is_over(&self) -> bool {
        self.bounds.time.is_some_and(|time| self.began.elapsed() >= time)
    }

    /// Waits until so many bytes more may have been read.
    async fn slow_down(&self, bytes: u64) {
        let read = self.bytes.fetch_add(bytes, Ordering::Relaxed) + bytes;
        let Some(rate) = self.bounds.bytes_per_second.filter(|rate| *rate > 0) else { return };
        let due = Duration::from_secs_f64(read as f64 / rate as f64);
        let left = due.saturating_sub(self.began.elapsed());
        let end = self.bounds.time.map(|time| time.saturating_sub(self.began.elapsed()));
        tokio::time::sleep(end.map_or(left, |end| left.min(end))).await;
    }
}

/// Reads one shard of one store.
pub(super) async fn look_at(
    db: &Db,
    task: &Task,
    pace: &Pace,
    progress: &Arc<Sweep>,
) -> Result<Part, AuditError> {
    let mut part = Part::default();
    if pace.is_over() {
        return Ok(part);
    }
    part.begun = true;
    let mut tx = db.read().await?;
    let names = documents::blobs_in(&mut tx, task.shard, task.end).await?;
    let gone: HashMap<Digest, EntryNo> =
        destroyed::in_shard(&mut tx, task.shard).await?.into_iter().collect();
    let sm3 = match task.side {
        Side::Store => documents::sm3_in(&mut tx, task.shard).await?,
        Side::Copy => Vec::new(),
    };
    drop(tx);
    let from = task.after.map_or(0, |after| names.partition_point(|name| *name <= after));
    progress.done.fetch_add(from as u64, Ordering::Relaxed);
    let piece = match (pace.bounds.time, pace.bounds.bytes_per_second) {
        (None, None) => names.len().max(1),
        _ => PIECE,
    };
    for some in names[from..].chunks(piece) {
        let counted = Arc::clone(progress);
        let count = move || {
            counted.done.fetch_add(1, Ordering::Relaxed);
        };
        let before = part.bytes;
        for (digest, checked) in task.vault.check_all(some.to_vec(), count).await? {
            if let Some(entry) = gone.get(&digest) {
                if checked.is_ok() {
                    let reason = format!("entry {entry} destroyed its key, and it can be read");
                    part.wrong.push((digest, FindingClass::Changed, reason));
                }
                part.destroyed.push(*entry);
                continue;
            }
            let (class, reason) = match checked {
                Ok(bytes) => {
                    part.checked += 1;
                    part.bytes += bytes;
                    continue;
                }
                Err(error) if error.is_damage() => {
                    part.checked += 1;
                    (FindingClass::Changed, String::new())
                }
                Err(VaultError::NotFound(_)) => (FindingClass::Missing, String::new()),
                Err(error) => (FindingClass::Unread, error.to_string()),
            };
            part.wrong.push((digest, class, reason));
        }
        pace.slow_down(part.bytes - before).await;
        if pace.is_over() && some.last() != names.last() {
            part.broken_off = some.last().copied();
            return Ok(part);
        }
    }
    part.other_sm3 = other_sm3(sm3, task, pace).await;
    part.unnamed = task.vault.shard(task.shard).await?;
    part.unnamed.retain(|path| {
        key::blob_of(path).is_none_or(|digest| names.binary_search(&digest).is_err())
    });
    // Its blobs are looked at with the access log.
    let access = task.vault.access().shard(task.shard).await?;
    let access = access.into_iter().filter(|path| key::blob_of(path).is_none());
    let below = |path: Path| Path::from(format!("{}/{path}", key::ACCESS));
    part.unnamed.extend(access.map(below));
    part.orphans = task.vault.derived_from(&task.makers, task.shard).await?;
    part.orphans.retain(|(digest, _)| names.binary_search(digest).is_err());
    Ok(part)
}

/// The files of a shard whose bytes have another SM3 than was `recorded`. What
/// cannot be read is named already.
async fn other_sm3(recorded: Vec<(Digest, Digest)>, task: &Task, pace: &Pace) -> Vec<Digest> {
    let mut found = Vec::new();
    for (digest, sm3) in recorded {
        let Ok((now, bytes)) = task.vault.sm3_of(digest).await else { continue };
        if now != sm3 {
            found.push(digest);
        }
        pace.slow_down(bytes).await;
    }
    found
}
