//! Two copies of an archive: either alone is the archive, and what is damaged
//! in one is restored from the other.

use std::path::Path as Folder;
use std::sync::Arc;

use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use yidang::app::OpenError;
use yidang::audit::{self, Asked, Report};
use yidang::config::Sweeping;
use yidang::model::act::{Act, FindingClass, Side, Source};
use yidang::model::id::Digest;
use yidang::vault::Key;
use yidang::{binding, filing, rebuild, view};

use crate::faults::{Faults, When};
use crate::files::paper;
use crate::harness::{
    Archive, CHEN, SecondPlace, Sql, Store, ZHOU, bucket, description, household,
};
use crate::mended::of_another_history;

const PAPER: &[&str] = &["最低生活保障申请书", "申请人：周桂兰", "家住槐荫里"];

async fn verified(archive: &Archive) -> Report {
    audit::verify(&archive.app, &archive.bureau(), Arc::default()).await.unwrap()
}

async fn repaired(archive: &Archive) -> Report {
    let asked = Asked { repair: true, ..Asked::default() };
    audit::verify_as(&archive.app, &archive.bureau(), Arc::default(), asked).await.unwrap()
}

/// Papers, a filing, a binding.
async fn lived_in(archive: &Archive) -> Digest {
    let (app, bureau) = (&archive.app, archive.bureau());
    let taken = archive.take(ZHOU, "a.pdf", &paper(&[PAPER])).await.unwrap();
    let said = description("A01", "申请书", "2026-03-09");
    filing::file(app, &bureau, taken.document, &household(ZHOU), said).await.unwrap();
    binding::bind(app, &bureau, &household(ZHOU), "").await.unwrap();
    archive.take(CHEN, "b.pdf", &paper(&[&["收入证明", "陈志强", "八百元"]])).await.unwrap();
    taken.sha256
}

/// Every object of a store below a folder, with its bytes.
async fn contents(store: &dyn ObjectStore, under: &str) -> Vec<(String, Vec<u8>)> {
    use futures::TryStreamExt;
    let listed: Vec<_> = store.list(Some(&Path::from(under))).try_collect().await.unwrap();
    let mut found = Vec::new();
    for meta in listed {
        let bytes = store.get(&meta.location).await.unwrap().bytes().await.unwrap();
        found.push((meta.location.to_string(), bytes.to_vec()));
    }
    found.sort_unstable();
    found
}

/// The archive on every kind of first and second store there is.
async fn with_copies(waits: bool, body: impl AsyncFn(&mut Archive)) {
    let mut places = vec![
        (Store::Folder, SecondPlace::Folder(Folder::new("").into())),
        (Store::Memory, SecondPlace::Memory(Arc::default())),
    ];
    if let Some(bucket) = bucket() {
        let prefix = format!("{bucket}/copy-{}", hex::encode(rand::random::<[u8; 8]>()));
        places.push((Store::Folder, SecondPlace::S3(prefix)));
    }
    for (store, place) in places {
        eprintln!("-- {store:?} with {place:?}");
        let mut archive = Archive::new(store, Sql::Sqlite).await;
        let place = match place {
            SecondPlace::Folder(_) => SecondPlace::Folder(archive.data().join("copy")),
            other => other,
        };
        archive.copied(place, waits).await.unwrap();
        body(&mut archive).await;
        archive.remove().await;
    }
}

#[tokio::test]
async fn either_copy_alone_is_the_archive() {
    for waits in [true, false] {
        with_copies(waits, async |archive| {
            lived_in(archive).await;
            archive.app.settle().await.unwrap();
            let (store, copy) = (archive.objects(), archive.copy_objects());
            for folder in ["obj", "log/entries"] {
                assert_eq!(contents(&*store, folder).await, contents(&*copy, folder).await);
            }
            let note = |store: Arc<dyn ObjectStore>| async move {
                contents(&*store, "log/checkpoints").await.pop().unwrap()
            };
            assert_eq!(note(Arc::clone(&store)).await, note(Arc::clone(&copy)).await);
            assert!(contents(&*copy, "derived").await.is_empty());
            let state = audit::second(&archive.app).await.unwrap().unwrap();
            assert_eq!((state.behind, state.problem.as_str()), (Some(0), ""));
            assert!(verified(archive).await.is_clean());
        })
        .await;
    }
}

#[tokio::test]
async fn a_rebuild_from_the_copy_alone_gives_the_same_dump() {
    let mut archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    let copy = archive.data().join("copy");
    archive.copied(SecondPlace::Folder(copy.clone()), true).await.unwrap();
    lived_in(&archive).await;
    assert!(verified(&archive).await.is_clean());
    archive.app.settle().await.unwrap();
    let dump = archive.dump().await;
    archive.app.db.close().await;
    // The store, the database and the index are lost.
    let store = archive.data().join("store");
    std::fs::remove_dir_all(&store).unwrap();
    for name in ["catalog.sqlite", "catalog.sqlite-wal", "catalog.sqlite-shm"] {
        std::fs::remove_file(archive.data().join(name)).ok();
    }
    match archive.reopen().await {
        Err(OpenError::StoreLost { .. }) => {}
        other => panic!("{other:?}"),
    }
    archive.app.db.close().await;
    std::fs::remove_dir_all(&store).unwrap();
    std::fs::rename(&copy, &store).unwrap();
    archive.second_copy = None;
    archive.reopen().await.unwrap();
    rebuild::rebuild(&archive.app, |_| {}).await.unwrap();
    assert_eq!(archive.dump().await, dump);
    assert!(verified(&archive).await.is_clean());
    lived_in_again(&archive).await;
}

/// New acts go on.
async fn lived_in_again(archive: &Archive) {
    let entries = archive.entries().await;
    let taken = archive.take(ZHOU, "z.pdf", &paper(&[&["新的一页", "内容", "续"]])).await.unwrap();
    assert_eq!(taken.document.0, entries);
}

/// An archive in memory with a copy in memory that fails on demand.
async fn with_faults(waits: bool) -> (Archive, Arc<Faults>) {
    let mut archive = Archive::new(Store::Memory, Sql::Sqlite).await;
    let copy = Arc::<Faults>::default();
    archive.copied(SecondPlace::Memory(Arc::clone(&copy)), waits).await.unwrap();
    archive.app.settle().await.unwrap();
    (archive, copy)
}

#[tokio::test]
async fn acts_that_wait_for_a_copy_that_is_down_are_refused_and_leave_nothing() {
    let (archive, copy) = with_faults(true).await;
    let (blobs, entries) = (archive.paths("obj").await, archive.entries().await);
    copy.fail("", 0, 1000, When::Before);
    let told = archive.take(ZHOU, "a.pdf", &paper(&[PAPER])).await.unwrap_err().to_string();
    assert!(told.contains("second copy"), "{told}");
    assert_eq!((archive.paths("obj").await, archive.entries().await), (blobs, entries));
    assert!(archive.on_the_way().is_empty());
    copy.heal();
    archive.take(ZHOU, "a.pdf", &paper(&[PAPER])).await.unwrap();
    assert!(verified(&archive).await.is_clean());
}

#[tokio::test]
async fn a_batch_that_the_copy_did_not_take_is_brought_over_before_the_next() {
    let (archive, copy) = with_faults(true).await;
    for when in [When::Before, When::After] {
        let times = if matches!(when, When::Before) { 1000 } else { 5 };
        copy.fail("log/entries", 0, times, when);
        let bytes = paper(&[&["一", "二", &format!("{when:?}")]]);
        let taken = archive.take("", "a.pdf", &bytes).await;
        let lost = matches!(when, When::Before);
        assert_eq!(taken.is_err(), lost, "{taken:?}");
        if lost {
            let told = taken.unwrap_err().to_string();
            assert!(told.contains("whether it was recorded is not known"), "{told}");
            // Sent again while the copy is still down, it is not answered either.
            let again = archive.take("", "a.pdf", &bytes).await;
            assert!(again.is_err(), "{again:?}");
        }
        copy.heal();
        let again = archive.take("", "a.pdf", &bytes).await.unwrap();
        assert!(again.was_known(), "{again:?}");
        let (store, second) = (archive.objects(), archive.copy_objects());
        let (store, second) =
            (contents(&*store, "log/entries").await, contents(&*second, "log/entries").await);
        assert_eq!(store, second, "whoever was answered has both");
        archive.take("", "b.pdf", &paper(&[&["三", "四", &format!("{when:?}")]])).await.unwrap();
    }
    archive.app.settle().await.unwrap();
    let (store, copy) = (archive.objects(), archive.copy_objects());
    for folder in ["obj", "log/entries"] {
        assert_eq!(contents(&*store, folder).await, contents(&*copy, folder).await);
    }
    let report = verified(&archive).await;
    assert!(report.is_clean(), "{report:#?}");
}

#[tokio::test]
async fn a_copy_that_follows_may_be_down_and_is_complete_later() {
    let (archive, copy) = with_faults(false).await;
    copy.fail("", 0, u32::MAX, When::Before);
    lived_in(&archive).await;
    archive.app.settle().await.unwrap();
    let state = audit::second(&archive.app).await.unwrap().unwrap();
    assert!(state.problem.contains("second copy"), "{state:?}");
    copy.heal();
    archive.app.settle().await.unwrap();
    let state = audit::second(&archive.app).await.unwrap().unwrap();
    assert_eq!((state.behind, state.problem.as_str()), (Some(0), ""));
    let (store, copy) = (archive.objects(), archive.copy_objects());
    for folder in ["obj", "log/entries"] {
        assert_eq!(contents(&*store, folder).await, contents(&*copy, folder).await);
    }
}

#[tokio::test]
async fn a_copy_of_another_history_is_refused() {
    let (mut archive, _) = with_faults(false).await;
    lived_in(&archive).await;
    archive.app.settle().await.unwrap();
    let copy = archive.copy_objects();
    let last = Path::from(contents(&*copy, "log/entries").await.pop().unwrap().0);
    let other = of_another_history(&archive, &last).await;
    copy.put(&last, other.clone().into()).await.unwrap();
    match archive.reopen().await {
        Err(OpenError::Recovery(error)) => {
            let told = error.to_string();
            assert!(told.contains("second copy") && told.contains("disagree"), "{told}");
            assert!(!told.contains('\n'), "{told}");
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(copy.get(&last).await.unwrap().bytes().await.unwrap(), other);
}

#[tokio::test]
async fn a_copy_that_knows_more_than_the_store_is_refused() {
    let mut archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    let copy = archive.data().join("copy");
    archive.copied(SecondPlace::Folder(copy), true).await.unwrap();
    lived_in(&archive).await;
    archive.app.settle().await.unwrap();
    // The last batch is lost, and an older database was put back.
    let last = archive.entries().await - 1;
    archive.objects().delete(&Key::Entries(last).path()).await.unwrap();
    for path in archive.paths("log/checkpoints").await.into_iter().chain(["log/checkpoint".into()])
    {
        archive.objects().delete(&Path::from(path)).await.unwrap();
    }
    archive.app.db.close().await;
    for name in ["catalog.sqlite", "catalog.sqlite-wal", "catalog.sqlite-shm"] {
        std::fs::remove_file(archive.data().join(name)).ok();
    }
    match archive.reopen().await {
        Err(OpenError::Recovery(error)) => {
            let told = error.to_string();
            assert!(told.contains("the store has not"), "{told}");
        }
        other => panic!("{other:?}"),
    }
}

/// Flips a bit in the middle of an object.
async fn damage(store: &dyn ObjectStore, path: &Path) -> Vec<u8> {
    let mut bytes = store.get(path).await.unwrap().bytes().await.unwrap().to_vec();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    store.put(path, bytes.clone().into()).await.unwrap();
    bytes
}

#[tokio::test]
async fn what_is_damaged_is_served_from_the_copy_and_restored() {
    with_copies(true, async |archive| {
        let blob = lived_in(archive).await;
        archive.app.settle().await.unwrap();
        let path = Key::Blob(blob).path();
        let (store, copy) = (archive.objects(), archive.copy_objects());
        for (side, damaged, code) in
            [(Side::Store, &store, "blob.changed"), (Side::Copy, &copy, "copy.blob.changed")]
        {
            let bytes = damage(&**damaged, &path).await;
            let id =
                yidang::model::id::DocumentId(verified(archive).await.changed[0].document.unwrap());
            let served = view::original(&archive.app, &archive.bureau(), id, 1).await.unwrap();
            assert_eq!(served.copy.digest(), blob);
            // Looking alone changes nothing.
            assert_eq!(damaged.get(&path).await.unwrap().bytes().await.unwrap(), bytes);

            let report = repaired(archive).await;
            assert_eq!(report.changed.len(), 1, "{report:?}");
            let found = &report.changed[0];
            assert_eq!((found.code.as_str(), found.place), (code, side.as_str()));
            assert_eq!(
                (found.object.as_str(), found.path.as_str()),
                (&*blob.to_string(), path.as_ref())
            );
            assert_eq!(found.household.as_deref(), Some(ZHOU));
            let repair = &report.repaired[0];
            assert_eq!((repair.side, repair.class), (side, FindingClass::Changed));
            let kept = Path::from(repair.quarantine.clone().unwrap());
            assert!(kept.as_ref().starts_with(&format!("quarantine/{blob}-")), "{kept}");
            assert_eq!(damaged.get(&kept).await.unwrap().bytes().await.unwrap(), bytes);
            let (_, _, last) = audit::last(&archive.app, &archive.bureau()).await.unwrap().unwrap();
            assert_eq!(last.repaired, report.repaired);
            assert!(verified(archive).await.is_clean());
        }
        // Missing, in either.
        for damaged in [&store, &copy] {
            damaged.delete(&path).await.unwrap();
            let report = repaired(archive).await;
            assert_eq!((report.missing.len(), report.repaired.len()), (1, 1), "{report:?}");
            assert_eq!(report.repaired[0].quarantine, None);
            assert!(verified(archive).await.is_clean());
        }
        let mut tx = archive.app.db.read().await.unwrap();
        let entry =
            yidang::catalog::entries::last_of(&mut tx, "repair_object").await.unwrap().unwrap();
        drop(tx);
        assert!(matches!(entry.body().unwrap().act, Act::RepairObject { .. }));
        // And all of it can be done again from the store.
        let dump = archive.dump().await;
        rebuild::rebuild(&archive.app, |_| {}).await.unwrap();
        assert_eq!(archive.dump().await, dump);
    })
    .await;
}

#[tokio::test]
async fn what_is_sound_nowhere_stays_as_it_is() {
    let (archive, copy) = with_faults(true).await;
    let blob = lived_in(&archive).await;
    let path = Key::Blob(blob).path();
    damage(&*archive.objects(), &path).await;
    damage(&*copy, &path).await;
    let before = archive.objects().get(&path).await.unwrap().bytes().await.unwrap();
    let report = repaired(&archive).await;
    assert_eq!((report.changed.len(), report.repaired.len()), (2, 0), "{report:?}");
    assert_eq!(archive.objects().get(&path).await.unwrap().bytes().await.unwrap(), before);
    assert!(archive.paths("quarantine").await.is_empty());
}

#[tokio::test]
async fn a_body_is_restored_from_the_database() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    lived_in(&archive).await;
    let mut tx = archive.app.db.read().await.unwrap();
    let entry = yidang::catalog::entries::last_of(&mut tx, "bind_volume").await.unwrap().unwrap();
    drop(tx);
    archive.damage(entry.body_sha256.parse().unwrap()).await;
    let report = repaired(&archive).await;
    assert_eq!(report.repaired.len(), 1, "{report:?}");
    assert_eq!(report.repaired[0].source, Source::Database);
    assert!(verified(&archive).await.is_clean());
}

#[tokio::test]
async fn the_log_is_restored_batch_tile_and_checkpoint() {
    let (archive, copy) = with_faults(true).await;
    lived_in(&archive).await;
    archive.app.settle().await.unwrap();
    assert!(verified(&archive).await.is_clean());
    let store = archive.objects();
    for side in [&store, &(Arc::clone(&copy) as Arc<dyn ObjectStore>)] {
        archive.app.settle().await.unwrap();
        let newest = |found: Vec<(String, Vec<u8>)>| Path::from(found.last().unwrap().0.as_str());
        let batch = Path::from(contents(&**side, "log/entries").await[2].0.as_str());
        let tile = newest(contents(&**side, "log/tile/0").await);
        let kept = newest(contents(&**side, "log/checkpoints").await);
        let head = Path::from("log/checkpoint");
        for path in [&batch, &tile, &kept, &head] {
            archive.app.settle().await.unwrap();
            damage(&**side, path).await;
            let report = repaired(&archive).await;
            assert!(
                report.changed.iter().any(|one| one.path == path.as_ref()),
                "{path} is not in {report:?}"
            );
            assert!(report.repaired.iter().any(|one| one.path == path.as_ref()), "{report:?}");
            let report = verified(&archive).await;
            assert!(report.is_clean(), "{path}: {report:?}");
        }
        side.delete(&batch).await.unwrap();
        let report = repaired(&archive).await;
        assert_eq!(report.missing[0].path, batch.as_ref());
        assert!(report.missing[0].code.ends_with("log.batch.missing"), "{report:?}");
        assert!(verified(&archive).await.is_clean());
    }
}

#[tokio::test]
async fn a_damaged_batch_is_restored_at_the_start() {
    for missing in [false, true] {
        let (mut archive, _) = with_faults(true).await;
        lived_in(&archive).await;
        archive.app.settle().await.unwrap();
        let last = Key::Entries(archive.entries().await - 1).path();
        let store = archive.objects();
        if missing {
            store.delete(&last).await.unwrap();
        } else {
            damage(&*store, &last).await;
        }
        archive.reopen().await.unwrap();
        let mut tx = archive.app.db.read().await.unwrap();
        let told = yidang::catalog::entries::last(&mut tx, 1).await.unwrap().remove(0);
        drop(tx);
        match told.body().unwrap().act {
            Act::RepairObject { repair } => {
                assert_eq!((repair.path.as_str(), repair.source), (last.as_ref(), Source::Copy));
                assert_eq!(repair.quarantine.is_none(), missing);
            }
            other => panic!("{other:?}"),
        }
        assert!(!verified(&archive).await.is_clean(), "the next verification tells it");
        assert!(verified(&archive).await.is_clean(), "once");
    }
}

#[tokio::test]
async fn what_was_served_from_the_copy_is_restored_by_itself() {
    let (archive, _) = with_faults(true).await;
    let blob = lived_in(&archive).await;
    archive.app.settle().await.unwrap();
    damage(&*archive.objects(), &Key::Blob(blob).path()).await;
    assert!(archive.app.vault.alone().copy(blob).await.is_err());
    assert_eq!(archive.app.vault.copy(blob).await.unwrap().digest(), blob);
    let quiet = Sweeping { every: String::new(), ..Sweeping::default() };
    let mut archive = archive;
    archive.sweep = quiet;
    archive.reopen().await.unwrap();
    assert_eq!(archive.app.vault.copy(blob).await.unwrap().digest(), blob);
    assert_eq!(audit::schedule::once(&archive.app).await.unwrap(), None);
    assert_eq!(archive.app.vault.alone().copy(blob).await.unwrap().digest(), blob);
    assert_eq!(archive.paths("quarantine").await.len(), 1);
}

#[tokio::test]
async fn a_copy_on_a_disk_that_is_not_mounted_is_not_made_anew() {
    {
        let mut archive = Archive::new(Store::Folder, Sql::Sqlite).await;
        let copy = archive.data().join("disk/copy");
        archive.copied(SecondPlace::Folder(copy.clone()), true).await.unwrap();
        let told = archive.take("", "a.pdf", &paper(&[PAPER])).await.unwrap_err().to_string();
        assert!(told.contains("disk is not there"), "{told}");
        assert!(!copy.exists());
        std::fs::create_dir(archive.data().join("disk")).unwrap();
        archive.take("", "a.pdf", &paper(&[PAPER])).await.unwrap();
        // And taken away again while the program runs, and nothing is on its way: what
        // is being written then makes its folder anew.
        archive.app.settle().await.unwrap();
        std::fs::rename(archive.data().join("disk"), archive.data().join("away")).unwrap();
        let told = archive.take("", "b.pdf", &paper(&[&["一", "二", "三"]])).await.unwrap_err();
        assert!(told.to_string().contains("not there any more"), "{told}");
        assert!(!copy.exists());
        // What a verification found is told, though it cannot be recorded.
        let entries = archive.entries().await;
        let report = verified(&archive).await;
        assert!(report.unrecorded.as_ref().is_some_and(|why| why.contains("not there any more")));
        assert!(!report.is_clean() && report.checked > 0, "{report:?}");
        assert!(report.unread.iter().all(|one| one.place == "copy"), "{report:?}");
        assert_eq!(archive.entries().await, entries);
        std::fs::rename(archive.data().join("away"), archive.data().join("disk")).unwrap();
        archive.take("", "b.pdf", &paper(&[&["一", "二", "三"]])).await.unwrap();
        assert!(verified(&archive).await.is_clean());
    }
}
