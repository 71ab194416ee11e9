//! What must hold whenever the archive is open again.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};

use futures::TryStreamExt;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use yidang::app::App;
use yidang::audit;
use yidang::catalog::documents;
use yidang::ledger::{self, bodies};
use yidang::model::act::Body;
use yidang::model::canonical;
use yidang::model::id::{Digest, EntryNo};
use yidang::model::look::LookBody;
use yidang::record;
use yidang::signing;
use yidang::tlog::{Checkpoint, Frontier, Hash};
use yidang::vault::{Vault, key};
use yidang::{args, rebuild};

use super::clerk::{Memory, Outcome};
use super::dice::Dice;
use super::disk::{self, Disk, KEY, operator};
use super::store::{CrashStore, Objects, Power};

/// The log as it was last found, leaf by leaf.
pub type Leaves = Vec<Vec<u8>>;

/// An entry as the database has it: number, leaf, who, what.
type Row = (i64, String, String, String);

/// Checks that there is one history, that it goes on from `before`, and that
/// everything that was told is in it.
pub async fn history(app: &App, memory: &Mutex<Memory>, before: &Mutex<Leaves>) {
    let leaves = published(app).await;
    let mut tx = app.db.read().await.unwrap();
    let sql = "SELECT no, leaf, actor, act FROM entry ORDER BY no";
    let rows: Vec<Row> = tx.all(sql, args![]).await.unwrap();
    drop(tx);
    let of_rows: Vec<_> = rows.iter().map(|(_, leaf, ..)| leaf.as_bytes()).collect();
    assert_eq!(of_rows, leaves, "the database has the entries of the store");
    {
        let mut before = before.lock().unwrap();
        assert!(leaves.starts_with(&before), "an entry that was there is gone or another");
        before.clone_from(&leaves);
    }

    let mut tree = Frontier::default();
    let mut roots: Vec<Hash> = vec![tree.root()];
    for leaf in &leaves {
        tree.push(leaf);
        roots.push(tree.root());
    }
    let keys = keys(app).await;
    let leads_to = |what: &str, checkpoint: &Checkpoint| {
        let root = usize::try_from(checkpoint.size).ok().and_then(|size| roots.get(size));
        assert_eq!(root, Some(&checkpoint.root), "{what}: another history");
    };
    for kept in &memory.lock().unwrap().kept {
        leads_to("a checkpoint that an auditor kept", kept);
    }
    for size in app.vault.checkpoint_sizes().await.unwrap() {
        let note = app.vault.checkpoint_of(size).await.unwrap();
        let found = Checkpoint::open(&note, &keys).unwrap();
        assert_eq!(found.size, size);
        leads_to("a checkpoint of the store", &found);
    }
    if let Some(note) = app.vault.checkpoint().await.unwrap() {
        leads_to("the checkpoint", &Checkpoint::open(&note, &keys).unwrap());
    }
    told(app, memory, &rows).await;
    looks(app, memory).await;
}

/// Checks that the access log is one history, which leads to every checkpoint that
/// was seen of it, and that every look that was published is in it once; what was
/// noted and not published may be lost with the power.
async fn looks(app: &App, memory: &Mutex<Memory>) {
    assert_eq!(app.looks.state().await.unwrap().problem, "");
    let (access, mut tree) = (app.vault.access(), Frontier::default());
    let (mut roots, mut names) = (vec![tree.root()], BTreeMap::<String, usize>::new());
    for first in access.batches(0).await.unwrap() {
        assert_eq!(first, EntryNo::try_from(tree.size()).unwrap(), "a batch of looks is missing");
        let batch = ledger::parse(first, &access.batch(first).await.unwrap()).unwrap();
        let mut together = HashMap::new();
        for name in batch.bodies {
            together.extend(bodies::apart(&access.bytes(name).await.unwrap()));
        }
        for (entry, leaf) in batch.entries {
            tree.push(&leaf);
            roots.push(tree.root());
            let body: LookBody = canonical::from_bytes(&together[&entry.body]).unwrap();
            *names.entry(body.actor.name).or_default() += 1;
        }
    }
    let memory = memory.lock().unwrap();
    for kept in &memory.kept_of_looks {
        let root = usize::try_from(kept.size).ok().and_then(|size| roots.get(size));
        assert_eq!(root, Some(&kept.root), "another history of looks");
    }
    for (by, published) in &memory.looked {
        let found = names.get(by).copied().unwrap_or(0);
        assert!(
            found <= 1 && (found == 1 || !published),
            "{by} is in the access log {found} times"
        );
    }
}

/// The keys that sign the log: of an archive that has no file of them, the one
/// that was handed to it.
async fn keys(app: &App) -> Vec<String> {
    let mut keys = signing::verifiers(app).await.unwrap();
    if keys.is_empty() {
        keys.push(KEY.public().to_owned());
    }
    keys
}

/// Every batch of the store, each with the checkpoint of the tree that ends
/// with it.
async fn published(app: &App) -> Leaves {
    let (mut leaves, mut tree) = (Leaves::new(), Frontier::default());
    let keys = keys(app).await;
    for first in app.vault.batches(0).await.unwrap() {
        assert_eq!(first, EntryNo::try_from(leaves.len()).unwrap(), "a batch is missing");
        let bytes = app.vault.batch(first).await.unwrap();
        let batch = ledger::parse(first, &bytes).unwrap();
        for (_, leaf) in batch.entries {
            tree.push(&leaf);
            leaves.push(leaf);
        }
        let signed = Checkpoint::open(&batch.checkpoint, &keys).unwrap();
        assert_eq!((signed.size, signed.root), (tree.size(), tree.root()), "batch {first}");
    }
    leaves
}

/// What was answered is in the log, once and under its number; what was
/// refused is not; what was not answered is there wholly or not at all. Bytes
/// that were acknowledged are there.
async fn told(app: &App, memory: &Mutex<Memory>, rows: &[Row]) {
    let mut done: BTreeMap<(&str, &str), Vec<i64>> = BTreeMap::new();
    for (no, _, actor, act) in rows {
        done.entry((actor, act)).or_default().push(*no);
    }
    let asked = memory.lock().unwrap().asked.clone();
    for one in &asked {
        let found = done.get(&(one.by.as_str(), one.act)).map(Vec::as_slice).unwrap_or_default();
        let right = match one.outcome {
            Outcome::Done(Some(no)) => found == [no],
            Outcome::Done(None) => found.len() == 1,
            Outcome::Known | Outcome::Refused => found.is_empty(),
            Outcome::Unknown => found.len() <= 1,
        };
        assert!(right, "{one:?} is in the log as {found:?}");
        let acknowledged = matches!(one.outcome, Outcome::Done(_) | Outcome::Known);
        if let (true, Some(bytes)) = (acknowledged, &one.file) {
            let kept = app.vault.alone().bytes(Digest::of(bytes)).await.unwrap();
            assert_eq!(kept, bytes, "{one:?}");
        }
    }
}

/// Checks a second copy as it is after a loss of power: its log is the
/// beginning of that of the store, with everything that names, and everything
/// that was answered is in it where acts wait for it.
pub async fn copy(disk: &Disk, waits: bool, memory: &Mutex<Memory>) {
    let folder = disk::folder();
    let vault = async |objects: &Objects, name| {
        let power = Power::plain();
        let store = CrashStore::new("", objects, Dice::new(0), u64::MAX, false, &power).await;
        Vault::over(Arc::new(store), &folder.path().join(name)).unwrap()
    };
    let (store, copy) = (vault(&disk.objects, "a").await, vault(&disk.copy, "b").await);
    let (mut next, mut done) = (0, BTreeMap::<(String, &str), usize>::new());
    for first in copy.batches(0).await.unwrap() {
        assert_eq!(first, next, "a batch of the copy is missing");
        let bytes = copy.batch(first).await.unwrap();
        assert_eq!(bytes, store.batch(first).await.unwrap(), "the copy has another batch");
        let batch = ledger::parse(first, &bytes).unwrap();
        let mut together = HashMap::new();
        for name in batch.bodies {
            together.extend(bodies::apart(&copy.bytes(name).await.unwrap()));
        }
        for (entry, _) in batch.entries {
            let body: Body = canonical::from_bytes(&together[&entry.body]).unwrap();
            *done.entry((body.actor.name, body.act.name())).or_default() += 1;
            for object in entry.objects {
                copy.check(object).await.unwrap();
            }
            next += 1;
        }
    }
    let asked = memory.lock().unwrap().asked.clone();
    for one in asked.iter().filter(|_| waits) {
        if matches!(one.outcome, Outcome::Done(_)) {
            let found = done.get(&(one.by.clone(), one.act));
            assert_eq!(found, Some(&1), "{one:?} is in the copy");
        }
        if let (Outcome::Done(_) | Outcome::Known, Some(bytes)) = (&one.outcome, &one.file) {
            copy.check(Digest::of(bytes)).await.unwrap();
        }
    }
}

/// Checks that the second copy alone is the archive: the same database comes of
/// it, and `verify` finds nothing.
pub async fn alone(app: &App, copy: &CrashStore, life: u64) {
    app.settle().await.unwrap();
    let folder = disk::folder();
    let other = disk::open(folder.path(), Arc::new(copy.clone()), None, life).await.unwrap();
    assert_eq!(
        rebuild::dump(app).await.unwrap(),
        rebuild::dump(&other).await.unwrap(),
        "the copy alone is the archive"
    );
    is_sound(&other).await;
}

/// Checks that `verify` finds nothing, except that tiles and checkpoints were made
/// again which a store that lies has lost: that is told once.
async fn is_sound(app: &App) {
    let verify =
        || async { audit::verify(app, &operator("审计"), Arc::default()).await.unwrap() };
    let first = verify().await;
    let made_again = |one: &audit::Finding| one.reason.contains("made again");
    let lost = first.changed.iter().chain(&first.missing).any(made_again);
    let report = if lost { verify().await } else { first };
    assert!(report.is_clean(), "{report:?}");
}

/// Checks everything once more and thoroughly: what nothing names is whole;
/// `verify` finds nothing; the database is what the log says.
pub async fn everything(app: &App, stores: &[Arc<dyn ObjectStore>]) {
    // What acts brought is on its way to the copy.
    app.settle().await.unwrap();
    for store in stores {
        remove_unnamed(app, store).await;
    }
    is_sound(app).await;
    let before = rebuild::dump(app).await.unwrap();
    record::replay_all(&app.db, &app.vault, &app.lookup, |_| {}).await.unwrap();
    app.looks.begin_again().await.unwrap();
    assert_eq!(before, rebuild::dump(app).await.unwrap(), "the database is what the logs say");
}

/// Removes the blobs that nothing names, so that the sweep need not wait for
/// acts that would name them. Each is whole: an act that was not recorded left
/// its bytes wholly or not at all.
async fn remove_unnamed(app: &App, store: &Arc<dyn ObjectStore>) {
    let mut tx = app.db.read().await.unwrap();
    let listed: Vec<_> = store.list(Some(&Path::from(key::BLOBS))).try_collect().await.unwrap();
    for object in listed {
        let name = key::blob_of(&object.location).unwrap();
        if !documents::names_blob(&mut tx, name).await.unwrap() {
            // Encrypted, it is looked at through the archive.
            let bytes = store.get(&object.location).await.unwrap().bytes().await.unwrap();
            let whole = Digest::of(&bytes) == name || app.vault.check_here(name).await.is_ok();
            assert!(whole, "{name} is there in part");
            store.delete(&object.location).await.unwrap();
        }
    }
}
