//! One look at stored files, shard by shard: memory depends on a shard and not
//! on the archive, and what a shard should hold is compared with what stands
//! in its folder.
//!
//! A look may be bounded in time and in bytes a second. Then it begins with
//! what was not looked at for longest, and how far it came is kept, so that
//! the next goes on.

mod shard;
mod strays;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use futures::StreamExt;
use jiff::Timestamp;
use object_store::path::Path;

use self::shard::{Pace, Task, look_at};
use super::{AuditError, code};
use crate::app::App;
use crate::catalog::{documents, sweeps};
use crate::db::Db;
use crate::model::act::{Coverage, FindingClass, FixityResult, Found, Side};
use crate::model::id::{Digest, EntryNo};
use crate::vault::{Vault, VaultError, key};

/// How many shards are read at a time.
const AT_ONCE: usize = 4;

/// How far a verification is.
#[derive(Debug, Default)]
pub struct Sweep {
    /// Files read.
    pub done: AtomicU64,
    /// Files to read.
    pub total: AtomicU64,
}

/// How a look is bounded; by default it is not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Bounds {
    /// How long it may take.
    pub time: Option<Duration>,
    /// How many bytes are read in a second at most.
    pub bytes_per_second: Option<u64>,
    /// Whether it goes on where an earlier one was broken off, oldest first.
    pub resume: bool,
    /// Only shards that were not looked at since.
    pub due: Option<Timestamp>,
}

impl Bounds {
    /// Whether nothing bounds it.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        *self == Self::default()
    }
}

/// A store that is looked at.
pub(super) struct Looked {
    pub(super) side: Side,
    pub(super) vault: Vault,
    /// The entries whose blobs it should have end here.
    pub(super) end: EntryNo,
}

/// Reads the blobs the catalog names, in each store, and looks for objects
/// that nothing names; where the `logs` stand, too, if they are looked at.
pub(super) async fn look(
    app: &App,
    stores: &[Looked],
    (bounds, logs): (Bounds, bool),
    progress: &Arc<Sweep>,
) -> Result<FixityResult, AuditError> {
    let mut tx = app.db.read().await?;
    let each = documents::count_blobs(&mut tx).await?;
    let rows = sweeps::all(&mut tx).await?;
    let sizes = strays::sizes(&mut tx).await?;
    drop(tx);
    progress.total.store(each * stores.len() as u64, Ordering::Relaxed);
    let mut result = FixityResult::default();
    let mut scope = Coverage {
        shards: 0,
        of: 256 * u32::try_from(stores.len()).unwrap_or(0),
        copies: u8::try_from(stores.len()).unwrap_or(0),
        files: each * stores.len() as u64,
        log: false,
        catalog: false,
    };
    let (mut suspects, mut ended_shards) = (Suspects::default(), Vec::new());
    let mut gone: BTreeMap<EntryNo, u64> = BTreeMap::new();
    for store in stores {
        match (strays::of(&store.vault, logs.then_some(sizes)).await, store.side) {
            (Ok(strays), side) => {
                suspects.unnamed.extend(strays.into_iter().map(|path| (side, path)));
            }
            (Err(error), Side::Copy) => {
                result
                    .beside
                    .push(super::verify::unread_copy(key::BLOBS.into(), error.to_string()));
            }
            (Err(error), Side::Store) => return Err(error),
        }
    }
    let pace = Arc::new(Pace { began: Instant::now(), bounds, bytes: AtomicU64::new(0) });
    // What is made from blobs stands beside the first store alone.
    let mut makers = Vec::new();
    for store in stores.iter().filter(|store| store.side == Side::Store) {
        makers = store.vault.makers().await?;
    }
    let tasks = plan(stores, &rows, bounds, &makers.into()).into_iter().map(|task| {
        let (db, progress, pace) = (app.db.clone(), Arc::clone(progress), Arc::clone(&pace));
        async move {
            let (side, shard) = (task.side, task.shard);
            let looking = tokio::spawn(async move { look_at(&db, &task, &pace, &progress).await });
            (side, shard, looking.await)
        }
    });
    // Whoever reads slowly reads one after the other.
    let at_once = if bounds.bytes_per_second.is_some() { 1 } else { AT_ONCE };
    let mut tasks = futures::stream::iter(tasks).buffer_unordered(at_once);
    while let Some((side, shard, ended)) = tasks.next().await {
        let stopped = |error| VaultError::Disk(std::io::Error::other(error));
        let part = match (ended.map_err(stopped)?, side) {
            (Ok(part), _) => part,
            // A copy that goes away meanwhile is no reason to look at nothing.
            (Err(error), Side::Copy) => {
                let path = key::shard(shard).to_string();
                result.beside.push(super::verify::unread_copy(path, error.to_string()));
                continue;
            }
            (Err(error), Side::Store) => return Err(error),
        };
        if !part.begun {
            continue;
        }
        scope.shards += u32::from(part.broken_off.is_none());
        ended_shards.push((side, shard, part.broken_off));
        if !bounds.is_whole() {
            keep(app, &mut ended_shards).await?;
        }
        result.checked += part.checked;
        result.bytes += part.bytes;
        for (digest, class, reason) in part.wrong {
            note(&mut result, side, digest, class, reason);
        }
        for digest in part.other_sm3 {
            let class = FindingClass::Changed;
            result.beside.push(Found {
                code: code(Some(side), "blob.sm3", class),
                class,
                side: Some(side),
                path: crate::vault::Key::Blob(digest).path().to_string(),
                reason: "its SM3 is not the one that was recorded".into(),
            });
        }
        if side == Side::Store {
            part.destroyed.into_iter().for_each(|entry| *gone.entry(entry).or_default() += 1);
        }
        suspects.unnamed.extend(part.unnamed.into_iter().map(|path| (side, path)));
        suspects.orphans.extend(part.orphans);
    }
    keep(app, &mut ended_shards).await?;
    suspects.settle(&app.db, &mut result).await?;
    result.changed.sort_unstable();
    result.missing.sort_unstable();
    result.unread.sort_unstable();
    result.beside.sort_unstable();
    result.scope = Some(scope);
    result.destroyed = gone.into_iter().collect();
    Ok(result)
}

/// Notes how far shards are.
async fn keep(app: &App, ended: &mut Vec<(Side, u8, Option<Digest>)>) -> Result<(), AuditError> {
    let mut tx = app.db.write().await?;
    for (side, shard, broken_off) in ended.drain(..) {
        match broken_off {
            Some(at) => sweeps::broken_off(&mut tx, side, shard.into(), at).await?,
            None => sweeps::looked(&mut tx, side, shard.into(), app.now()).await?,
        }
    }
    tx.commit().await?;
    Ok(())
}

/// The shards that are to be read, in order.
fn plan(
    stores: &[Looked],
    rows: &[sweeps::ShardRow],
    bounds: Bounds,
    makers: &Arc<[Path]>,
) -> Vec<Task> {
    let none: Arc<[Path]> = Arc::default();
    let known: HashMap<(&str, i64), &sweeps::ShardRow> =
        rows.iter().map(|row| ((row.side.as_str(), row.shard), row)).collect();
    let mut tasks = Vec::new();
    for store in stores {
        for shard in 0..=u8::MAX {
            let row = known.get(&(store.side.as_str(), i64::from(shard)));
            let after = row.and_then(|row| row.after.parse().ok()).filter(|_| bounds.resume);
            let looked = row.map_or(0, |row| row.looked);
            if bounds.due.is_some_and(|due| looked > due.as_millisecond()) && after.is_none() {
                continue;
            }
            let (side, vault, end) = (store.side, store.vault.clone(), store.end);
            let makers = Arc::clone(if side == Side::Store { makers } else { &none });
            tasks.push((after.is_none(), looked, Task { side, vault, end, shard, after, makers }));
        }
    }
    if bounds.resume {
        // What was broken off first, then what was not looked at for longest.
        tasks.sort_by_key(|(whole, looked, _)| (*whole, *looked));
    }
    tasks.into_iter().map(|(.., task)| task).collect()
}

/// Puts what is wrong with a blob where acts have it.
fn note(
    result: &mut FixityResult,
    side: Side,
    digest: Digest,
    class: FindingClass,
    reason: String,
) {
    match (side, class) {
        // It is as it was, and that is what is wrong.
        (_, FindingClass::Changed) if !reason.is_empty() => result.beside.push(Found {
            code: if side == Side::Copy { "copy.blob.readable" } else { "blob.readable" }.into(),
            class,
            side: Some(side),
            path: crate::vault::Key::Blob(digest).path().to_string(),
            reason,
        }),
        (Side::Store, FindingClass::Changed) => result.changed.push(digest),
        (Side::Store, FindingClass::Missing) => result.missing.push(digest),
        (Side::Store, _) => result.unread.push((digest, reason)),
        (Side::Copy, class) => result.beside.push(Found {
            code: code(Some(side), "blob", class),
            class,
            side: Some(side),
            path: crate::vault::Key::Blob(digest).path().to_string(),
            reason,
        }),
    }
}

/// Objects that nothing seemed to name when they were seen.
#[derive(Default)]
struct Suspects {
    unnamed: Vec<(Side, Path)>,
    orphans: Vec<(Digest, Path)>,
}

impl Suspects {
    /// Notes those that nothing names now, since acts go on during a sweep.
    async fn settle(self, db: &Db, result: &mut FixityResult) -> Result<(), AuditError> {
        if self.unnamed.is_empty() && self.orphans.is_empty() {
            return Ok(());
        }
        // A body is stored a moment before the act that names it is committed.
        tokio::time::sleep(Duration::from_secs(1)).await;
        let mut newest = db.read().await?;
        let sizes = strays::sizes(&mut newest).await?;
        let found = |side, kind, class, path: &Path| Found {
            code: code(Some(side), kind, class),
            class,
            side: Some(side),
            path: path.to_string(),
            reason: String::new(),
        };
        for (side, path) in self.unnamed {
            let named = match key::blob_of(&path) {
                Some(digest) => documents::names_blob(&mut newest, digest).await?,
                None => strays::is_of(&path, sizes),
            };
            match side {
                _ if named => {}
                Side::Store => result.untracked.push(path.to_string()),
                Side::Copy => {
                    result.beside.push(found(side, "blob", FindingClass::Untracked, &path));
                }
            }
        }
        for (digest, path) in self.orphans {
            if !documents::names_blob(&mut newest, digest).await? {
                let class = FindingClass::DerivedOnly;
                result.beside.push(found(Side::Store, "derived", class, &path));
            }
        }
        result.untracked.sort_unstable();
        Ok(())
    }
}
