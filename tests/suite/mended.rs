//! The newest batches of the log are damaged, and the archive opens all the same: they are
//! made again, what stood there is kept, and it is told. What is signed decides whom to
//! believe; where it says two things nothing is touched.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use yidang::app::OpenError;
use yidang::audit::{self, Asked, Report};
use yidang::catalog::entries;
use yidang::model::act::{Act, Repair, Side, Source};
use yidang::tlog::{Frontier, LogKey};
use yidang::vault::Key;
use yidang::{args, filing, keys, ledger};

use crate::files::paper;
use crate::harness::{
    Archive, CHEN, SecondPlace, Sql, Store, ZHOU, description, for_all, household,
};

/// What becomes of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Harm {
    Changed,
    Truncated,
    Deleted,
}

/// Each harm to the last batch and to one before it, which is compared at a start, too.
const CASES: [(usize, Harm); 6] = [
    (0, Harm::Changed),
    (0, Harm::Truncated),
    (0, Harm::Deleted),
    (2, Harm::Changed),
    (2, Harm::Truncated),
    (2, Harm::Deleted),
];

async fn lived_in(archive: &Archive) {
    for (no, text) in [(ZHOU, "申请书"), (CHEN, "收入证明")] {
        let bytes = paper(&[&[text, "八百元", "签字"]]);
        let document = archive.take(no, "a.pdf", &bytes).await.unwrap().document;
        let said = description("A01", text, "2026-03-09");
        filing::file(&archive.app, &archive.bureau(), document, &household(no), said)
            .await
            .unwrap();
    }
    archive.app.settle().await.unwrap();
}

/// What stands at a path; none where nothing does.
async fn bytes_at(store: &dyn ObjectStore, path: &Path) -> Option<Bytes> {
    match store.get(path).await {
        Ok(got) => Some(got.bytes().await.unwrap()),
        Err(object_store::Error::NotFound { .. }) => None,
        Err(error) => panic!("{error}"),
    }
}

/// Harms an object; returns what it was.
async fn harm(store: &dyn ObjectStore, path: &Path, how: Harm) -> Bytes {
    let right = bytes_at(store, path).await.unwrap();
    let mut wrong = right.to_vec();
    let middle = wrong.len() / 2;
    match how {
        Harm::Changed => wrong[middle] ^= 1,
        Harm::Truncated => wrong.truncate(middle),
        Harm::Deleted => store.delete(path).await.unwrap(),
    }
    if how != Harm::Deleted {
        store.put(path, wrong.into()).await.unwrap();
    }
    right
}

/// The path of the batch that so many follow.
async fn batch(archive: &Archive, back: usize) -> Path {
    let paths = archive.paths("log/entries").await;
    Path::from(paths[paths.len() - 1 - back].as_str())
}

/// The records, without the acts that tell of repairs.
async fn records(archive: &Archive) -> Vec<String> {
    let mut lines = archive.dump().await;
    lines.retain(|line| !line.contains("repair_object"));
    lines
}

/// The last repair that the log tells of.
async fn last_repair(archive: &Archive) -> Repair {
    let mut tx = archive.app.db.read().await.unwrap();
    let entry = entries::last_of(&mut tx, "repair_object").await.unwrap().unwrap();
    match entry.body().unwrap().act {
        Act::RepairObject { repair } => repair,
        other => panic!("{other:?}"),
    }
}

async fn verified(archive: &Archive, repair: bool) -> Report {
    let asked = Asked { repair, ..Asked::default() };
    audit::verify_as(&archive.app, &archive.bureau(), Arc::default(), asked).await.unwrap()
}

/// What is wrong by a report, as code and path.
fn told(report: &Report) -> Vec<(String, String)> {
    let all = report.changed.iter().chain(&report.missing).chain(&report.untracked);
    all.chain(&report.unread).map(|one| (one.code.clone(), one.path.clone())).collect()
}

/// Harms a batch of one of the two stores; the next start makes it again, and all of it is
/// told once.
async fn is_mended(archive: &mut Archive, side: Side, source: Source, (back, how): (usize, Harm)) {
    // Whoever published before is gone.
    archive.hands.advance(Duration::from_secs(120));
    archive.app.settle().await.unwrap();
    let (path, before) = (batch(archive, back).await, records(archive).await);
    let store = match side {
        Side::Store => archive.objects(),
        Side::Copy => archive.copy_objects(),
    };
    let right = harm(&*store, &path, how).await;
    let wrong = bytes_at(&*store, &path).await;
    let what = format!("{side:?} {back} {how:?}");

    archive.reopen().await.unwrap();
    assert_eq!(bytes_at(&*store, &path).await, Some(right), "byte for byte: {what}");
    assert_eq!(records(archive).await, before, "{what}");
    let repair = last_repair(archive).await;
    assert_eq!((repair.side, repair.path.as_str()), (side, path.as_ref()), "{what}");
    assert_eq!(repair.source, source, "{what}");
    let kept = match &repair.quarantine {
        Some(at) => bytes_at(&*store, &Path::from(at.as_str())).await,
        None => None,
    };
    assert_eq!(kept, wrong, "what stood there is kept: {what}");

    archive.hands.advance(Duration::from_secs(120));
    let report = verified(archive, back == 0).await;
    let place = if side == Side::Copy { "copy." } else { "" };
    let class = if how == Harm::Deleted { "missing" } else { "changed" };
    assert_eq!(told(&report), [(format!("{place}log.batch.{class}"), path.to_string())], "{what}");
    assert_eq!(report.repaired, [repair], "{what}");
    assert_eq!(told(&verified(archive, false).await), [], "it is told once: {what}");
}

#[tokio::test]
async fn a_damaged_batch_is_made_again_from_the_database() {
    for_all(async |archive| {
        lived_in(archive).await;
        for case in CASES {
            is_mended(archive, Side::Store, Source::Database, case).await;
        }
        let dump = archive.dump().await;
        yidang::rebuild::rebuild(&archive.app, |_| {}).await.unwrap();
        assert_eq!(archive.dump().await, dump);
    })
    .await;
}

#[tokio::test]
async fn a_damaged_batch_of_either_copy_is_restored_from_the_other() {
    for waits in [true, false] {
        let mut archive = Archive::new(Store::Folder, Sql::Sqlite).await;
        let copy = archive.data().join("copy");
        archive.copied(SecondPlace::Folder(copy), waits).await.unwrap();
        lived_in(&archive).await;
        for case in CASES {
            is_mended(&mut archive, Side::Store, Source::Copy, case).await;
            is_mended(&mut archive, Side::Copy, Source::Store, case).await;
        }
        archive.hands.advance(Duration::from_secs(120));
        archive.app.settle().await.unwrap();
        for path in archive.paths("log/entries").await.iter().map(|path| Path::from(path.as_str()))
        {
            let ours = bytes_at(&*archive.objects(), &path).await;
            assert_eq!(ours, bytes_at(&*archive.copy_objects(), &path).await, "{path}");
        }
    }
}

#[tokio::test]
async fn what_is_damaged_in_both_copies_is_made_again_from_the_database() {
    let mut archive = Archive::new(Store::Memory, Sql::Sqlite).await;
    archive.copied(SecondPlace::Memory(Arc::default()), true).await.unwrap();
    lived_in(&archive).await;
    let path = batch(&archive, 0).await;
    let right = harm(&*archive.objects(), &path, Harm::Changed).await;
    harm(&*archive.copy_objects(), &path, Harm::Truncated).await;
    archive.reopen().await.unwrap();
    for store in [archive.objects(), archive.copy_objects()] {
        assert_eq!(bytes_at(&*store, &path).await, Some(right.clone()));
    }
    archive.hands.advance(Duration::from_secs(120));
    let report = verified(&archive, false).await;
    let sources: Vec<_> = report.repaired.iter().map(|one| (one.side, one.source)).collect();
    assert_eq!(sources.len(), 2, "{report:?}");
    assert!(sources.contains(&(Side::Store, Source::Database)), "{sources:?}");
    assert!(sources.contains(&(Side::Copy, Source::Store)), "{sources:?}");
    assert_eq!(told(&verified(&archive, false).await), []);
}

/// The batch that begins with entry `first` as another history would have it, signed by
/// `sign`, with the tree that it leads to.
async fn another(
    archive: &Archive,
    first: i64,
    sign: impl Fn(&Frontier) -> String,
) -> (Bytes, String, Frontier) {
    let batch = ledger::parse(first, &archive.app.vault.batch(first).await.unwrap()).unwrap();
    let mut tx = archive.app.db.read().await.unwrap();
    let before = ledger::leaves(&mut tx, 0, first.unsigned_abs(), 100_000).await.unwrap();
    drop(tx);
    let mut tree = Frontier::default();
    before.iter().for_each(|leaf| tree.push(leaf.as_bytes()));
    let other = |leaf: &[u8]| String::from_utf8(leaf.to_vec()).unwrap().replace("2026", "2025");
    let leaves: Vec<String> = batch.entries.iter().map(|(_, leaf)| other(leaf)).collect();
    leaves.iter().for_each(|leaf| tree.push(leaf.as_bytes()));
    let note = sign(&tree);
    let bytes = ledger::text(&note, &batch.bodies, leaves.iter().map(String::as_bytes));
    (bytes, note, tree)
}

/// The signature of the archive itself.
fn ours(archive: &Archive) -> impl Fn(&Frontier) -> String + use<> {
    let keys = keys::open(&archive.app.config).unwrap().unwrap();
    move |tree| keys.sign(&[], tree).unwrap()
}

/// The batch at `path` as another history would have it, signed by this archive.
pub async fn of_another_history(archive: &Archive, path: &Path) -> Bytes {
    another(archive, first_of(path), ours(archive)).await.0
}

fn first_of(path: &Path) -> i64 {
    path.filename().unwrap().parse().unwrap()
}

/// That the archive does not open, and nothing stands elsewhere than before.
async fn is_refused(archive: &mut Archive, reason: &str) {
    let before = (archive.paths("log/entries").await, archive.paths("quarantine").await);
    match archive.reopen().await {
        Err(OpenError::Recovery(error)) => {
            let told = error.to_string();
            assert!(told.contains(reason) && !told.contains('\n'), "{told}");
        }
        other => panic!("{other:?}"),
    }
    let after = (archive.paths("log/entries").await, archive.paths("quarantine").await);
    assert_eq!(after, before);
}

/// Makes the database believe another last batch, and takes the right one from the store.
async fn forge(archive: &Archive, sign: impl Fn(&Frontier) -> String) {
    let path = batch(archive, 0).await;
    let first = first_of(&path);
    let (bytes, note, tree) = another(archive, first, sign).await;
    let sha256 = yidang::model::id::Digest::of(&bytes).to_string();
    let mut tx = archive.app.db.write().await.unwrap();
    let sql = "UPDATE entry SET leaf = REPLACE(leaf, '2026', '2025') WHERE no >= $1";
    tx.run(sql, args![first]).await.unwrap();
    let sql = "UPDATE batch SET sha256 = $1, checkpoint = $2 WHERE first = $3";
    tx.run(sql, args![sha256, note, first]).await.unwrap();
    tx.run("UPDATE tree SET frontier = $1", args![tree.to_text()]).await.unwrap();
    tx.commit().await.unwrap();
    archive.objects().delete(&path).await.unwrap();
}

/// Takes every checkpoint away.
async fn without_checkpoints(archive: &Archive) {
    let mut paths = archive.paths("log/checkpoints").await;
    paths.push("log/checkpoint".into());
    for path in paths {
        archive.objects().delete(&Path::from(path)).await.unwrap();
    }
}

#[tokio::test]
async fn a_database_that_nobody_signed_is_not_believed() {
    let mut archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    lived_in(&archive).await;
    without_checkpoints(&archive).await;
    let origin = keys::open(&archive.app.config).unwrap().unwrap().origin().to_owned();
    let stranger = LogKey::new(&origin, [7; 32]).unwrap();
    forge(&archive, |tree| stranger.sign(tree).unwrap()).await;
    is_refused(&mut archive, "disagree").await;
}

#[tokio::test]
async fn a_database_that_a_published_checkpoint_contradicts_is_not_believed() {
    let mut archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    lived_in(&archive).await;
    let sign = ours(&archive);
    forge(&archive, sign).await;
    is_refused(&mut archive, "disagree").await;
}

#[tokio::test]
async fn a_database_whose_entries_do_not_lead_to_what_was_signed_is_not_believed() {
    let mut archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    lived_in(&archive).await;
    let mut tx = archive.app.db.write().await.unwrap();
    let sql = "UPDATE entry SET leaf = REPLACE(leaf, '2026', '2025') WHERE no = 0";
    tx.run(sql, args![]).await.unwrap();
    tx.commit().await.unwrap();
    archive.objects().delete(&batch(&archive, 0).await).await.unwrap();
    is_refused(&mut archive, "disagree").await;
}

#[tokio::test]
async fn a_store_that_has_none_of_the_newest_is_not_filled() {
    let mut archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    lived_in(&archive).await;
    for path in archive.paths("log/entries").await {
        archive.objects().delete(&Path::from(path)).await.unwrap();
    }
    is_refused(&mut archive, "disagree").await;
    assert!(archive.paths("log/entries").await.is_empty());
}

/// Puts the database back as it was.
fn put_back(archive: &Archive, old: &std::path::Path) {
    for name in ["catalog.sqlite", "catalog.sqlite-wal", "catalog.sqlite-shm"] {
        std::fs::remove_file(archive.data().join(name)).ok();
    }
    std::fs::copy(old, archive.data().join("catalog.sqlite")).unwrap();
}

#[tokio::test]
async fn a_store_that_is_ahead_of_an_older_database_is_mended_and_never_overwritten() {
    let mut archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    lived_in(&archive).await;
    archive.app.db.close().await;
    let old = archive.data().join("backup");
    std::fs::copy(archive.data().join("catalog.sqlite"), &old).unwrap();
    let known = batch(&archive, 0).await;
    archive.reopen().await.unwrap();
    archive.take(ZHOU, "b.pdf", &paper(&[&["调查记录", "三口人", "签字"]])).await.unwrap();
    archive.hands.advance(Duration::from_secs(120));
    archive.app.settle().await.unwrap();
    let (newest, dump) = (batch(&archive, 0).await, records(&archive).await);
    assert_ne!(newest, known);

    // What the older database has is made again; the rest is applied.
    archive.app.db.close().await;
    let right = harm(&*archive.objects(), &known, Harm::Truncated).await;
    put_back(&archive, &old);
    archive.reopen().await.unwrap();
    assert_eq!(bytes_at(&*archive.objects(), &known).await, Some(right));
    assert_eq!(records(&archive).await, dump);

    // What it has not is not there any more: nothing is put in its place.
    archive.app.db.close().await;
    harm(&*archive.objects(), &newest, Harm::Changed).await;
    let wrong = bytes_at(&*archive.objects(), &newest).await;
    put_back(&archive, &old);
    assert!(archive.reopen().await.is_err());
    assert_eq!(bytes_at(&*archive.objects(), &newest).await, wrong);
    // Nor does what was published go back to what the older one has, which it still is.
    for path in archive.paths("log/entries").await {
        if path.as_str() >= newest.as_ref() {
            archive.objects().delete(&Path::from(path)).await.unwrap();
        }
    }
    is_refused(&mut archive, "published checkpoint").await;
}

#[cfg(unix)]
#[tokio::test]
async fn a_pipe_in_the_place_of_a_batch_is_damage_like_any_other() {
    let mut archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    lived_in(&archive).await;
    let replace = async |archive: &Archive, path: &Path| {
        let right = harm(&*archive.objects(), path, Harm::Deleted).await;
        let file = archive.data().join("store").join(path.as_ref());
        assert!(std::process::Command::new("mkfifo").arg(&file).status().unwrap().success());
        right
    };
    // An earlier one, while the archive is open.
    let first = Key::Entries(0).path();
    let right = replace(&archive, &first).await;
    let waited = tokio::time::timeout(Duration::from_secs(60), verified(&archive, true));
    let report = waited.await.unwrap();
    let found = report.changed.iter().find(|one| one.path == first.as_ref()).unwrap();
    assert!(found.code == "log.batch.changed" && found.reason.contains("not a file"), "{found:?}");
    assert_eq!(bytes_at(&*archive.objects(), &first).await, Some(right));
    assert_eq!(told(&verified(&archive, false).await), []);
    // And the last one, at a start.
    archive.hands.advance(Duration::from_secs(120));
    archive.app.settle().await.unwrap();
    let last = batch(&archive, 0).await;
    let right = replace(&archive, &last).await;
    tokio::time::timeout(Duration::from_secs(60), archive.reopen()).await.unwrap().unwrap();
    assert_eq!(bytes_at(&*archive.objects(), &last).await, Some(right));
    assert_eq!(last_repair(&archive).await.path, last.as_ref());
}
