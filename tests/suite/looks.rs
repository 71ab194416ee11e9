//! Use is recorded: who looks leaves one entry in a log that nobody can cut back,
//! and what cannot be noted is not shown.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, header};
use futures::TryStreamExt;
use http_body_util::BodyExt;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use sqlx::AssertSqlSafe;
use tower::ServiceExt;
use yidang::app::App;
use yidang::audit::{self, Sweep};
use yidang::config::ReasonIs;
use yidang::db::Db;
use yidang::history::{self, HistoryError};
use yidang::model::access::{Actor, Role};
use yidang::model::act::Source;
use yidang::model::id::{Digest, DocumentId};
use yidang::model::look::{Kind, Look, Outcome, Reason};
use yidang::prove::{self, Subject};
use yidang::uses::export::{self, Shape};
use yidang::uses::{self, Asked};
use yidang::view::{self, ViewError};
use yidang::{filing, looks};

use crate::faults::When;
use crate::files::{noise, paper};
use crate::harness::{
    Archive, CHEN, NOBODY, SecondPlace, Sql, Store, ZHOU, actor, description, for_all, household,
};
use crate::pages::Browser;
use crate::prove::{Packed, edit, fill, repack};
use crate::served::{answer, ask, serve, upload, yidang};

/// The register as the bureau sees it, oldest first: what was done and what came
/// of it.
async fn noted(app: &App, archive: &Archive) -> Vec<(Kind, Outcome, String)> {
    let found = uses::register(app, &archive.bureau(), &Asked::default(), None, 1000).await;
    let uses = found.unwrap().uses.into_iter().rev();
    uses.map(|one| (one.look.kind, one.look.outcome, one.look.title)).collect()
}

/// An archivist of 柳桥街道, who may also bind and read the register.
fn keeper() -> Actor {
    actor("赵玉梅", "990102003000", Role::Archivist)
}

async fn kinds(archive: &Archive) -> Vec<Kind> {
    noted(&archive.app, archive).await.into_iter().map(|(kind, ..)| kind).collect()
}

/// What a verification finds of the access log.
async fn found(archive: &Archive) -> Vec<String> {
    let sweep = Arc::new(Sweep::default());
    let report = audit::verify(&archive.app, &archive.bureau(), sweep).await.unwrap();
    let all = report.changed.iter().chain(&report.missing).chain(&report.unread);
    let mut codes: Vec<String> = all.map(|one| one.code.clone()).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

async fn sql(archive: &Archive, statement: &str) {
    let Db::Sqlite { writer, .. } = &archive.app.db else { panic!("it is on SQLite") };
    sqlx::raw_sql(AssertSqlSafe(statement.to_owned())).execute(writer).await.unwrap();
}

#[tokio::test]
async fn every_kind_of_look_leaves_exactly_one_entry() {
    for_all(async |archive| {
        let taken = archive.take(ZHOU, "income.pdf", &paper(&[&["收入证明", "八百元"]])).await;
        let id = taken.unwrap().document;
        archive.settle().await;
        let (app, clerk, zhou) = (&archive.app, keeper(), household(ZHOU));
        yidang::binding::bind(app, &clerk, &zhou, "").await.unwrap();
        for _ in 0..2 {
            view::household(app, &clerk, &zhou).await.unwrap();
            view::document(app, &clerk, id).await.unwrap();
            for width in [160, 900] {
                view::page_image(app, &clerk, id, 1, width).await.unwrap();
            }
            view::volume(app, &clerk, &zhou, None).await.unwrap();
            archive.find_as(&clerk, "八百元").await;
        }
        view::original(app, &clerk, id, 1).await.unwrap();
        view::printed(app, &clerk, &zhou, None).await.unwrap();
        let to = archive.data().join("bag");
        prove::prove(app, &clerk, &Subject::Document(id.0), false, &to).await.unwrap();
        let own = Asked { person: "赵玉梅".into(), ..Asked::default() };
        let reason = Reason::new("4", "").unwrap();
        export::export(app, &clerk, &own, Shape::Csv, reason).await.unwrap();
        let wanted = [
            Kind::Open,
            Kind::Open,
            Kind::Open,
            Kind::Search,
            Kind::Download,
            Kind::Print,
            Kind::Export,
            Kind::Export,
        ];
        assert_eq!(kinds(archive).await, wanted);
        // After a while the same is another look.
        archive.hands.advance(Duration::from_secs(601));
        view::household(app, &clerk, &zhou).await.unwrap();
        assert_eq!(kinds(archive).await.len(), wanted.len() + 1);
        // They are a log, whose entries name nobody.
        app.looks.publish().await.unwrap();
        assert_eq!(uses::state(app).await.unwrap().size, wanted.len() as u64 + 1);
        let batch = archive.objects();
        let first = Path::from("access/log/entries/00000000000000000000");
        let batch = batch.get(&first).await.unwrap().bytes().await.unwrap();
        let batch = String::from_utf8(batch.to_vec()).unwrap();
        for secret in ["赵玉梅", "八百元", ZHOU, "990102003000", "income"] {
            assert!(!batch.contains(secret), "{batch}");
        }
        assert_eq!(found(archive).await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn what_is_refused_is_noted_and_the_asker_learns_nothing_more() {
    for_all(async |archive| {
        let taken = archive.take(ZHOU, "a.pdf", &paper(&[&["收入证明"]])).await.unwrap();
        archive.settle().await;
        let (app, other) = (&archive.app, archive.other_clerk());
        let asked = async |no: &str| {
            view::household(app, &other, &household(no)).await.err().unwrap().to_string()
        };
        let (refused, unknown) = (asked(ZHOU).await, asked(NOBODY).await);
        assert_eq!(refused.replace(ZHOU, NOBODY), unknown);
        let document = view::document(app, &other, taken.document).await;
        assert!(matches!(document, Err(ViewError::UnknownDocument(_))));
        assert!(view::original(app, &other, taken.document, 1).await.is_err());
        assert!(view::page_image(app, &other, taken.document, 1, 900).await.is_err());
        let told: Vec<_> = noted(app, archive).await.into_iter().map(|(k, o, _)| (k, o)).collect();
        let wanted = [
            (Kind::Open, Outcome::Refused),
            (Kind::Open, Outcome::Unknown),
            (Kind::Open, Outcome::Refused),
            (Kind::Download, Outcome::Refused),
        ];
        assert_eq!(told, wanted);
        // Neither a look at the file itself nor one by his own people.
        let clerk = archive.clerk();
        app.looks.flush().await.unwrap();
        let seen = uses::of_household(app, &clerk, &household(ZHOU), 10).await.unwrap();
        assert_eq!((seen.total, seen.uses[0].person.as_str()), (1, "钱文斌"));
        assert!(uses::of_household(app, &other, &household(ZHOU), 10).await.is_err());
        assert!(uses::of_document(app, &other, taken.document, 10).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_noted_is_not_shown() {
    let archive = Archive::new(Store::Memory, Sql::Sqlite).await;
    let taken = archive.take(ZHOU, "a.pdf", &paper(&[&["收入证明"]])).await.unwrap();
    archive.settle().await;
    let (app, clerk) = (&archive.app, archive.clerk());
    let [folder, away] = ["looks", "away"].map(|name| archive.data().join(name));
    std::fs::rename(&folder, &away).unwrap();
    let id = taken.document;
    assert!(matches!(
        view::household(app, &clerk, &household(ZHOU)).await,
        Err(ViewError::Look(_))
    ));
    assert!(matches!(view::document(app, &clerk, id).await, Err(ViewError::Look(_))));
    assert!(matches!(view::page_image(app, &clerk, id, 1, 900).await, Err(ViewError::Look(_))));
    assert!(matches!(view::original(app, &clerk, id, 1).await, Err(ViewError::Look(_))));
    let searched = yidang::search::find(
        app,
        &clerk,
        &yidang::search::Asked::of("收入"),
        &yidang::search::Part::first(9),
    )
    .await;
    assert!(matches!(searched, Err(yidang::search::SearchError::Look(_))));
    let to = archive.data().join("bag");
    let proven = prove::prove(app, &clerk, &Subject::Document(id.0), false, &to).await;
    assert!(proven.is_err() && !to.exists());
    let refused = view::household(app, &clerk, &household(CHEN)).await;
    assert!(matches!(refused, Err(ViewError::Look(_))), "nor is it told that it is not there");
    // The first one after that is noted, although the same was tried before.
    std::fs::rename(&away, &folder).unwrap();
    view::document(app, &clerk, id).await.unwrap();
    assert_eq!(kinds(&archive).await, [Kind::Open]);
    // A table that takes nothing keeps nobody from reading: the note is in its file.
    sql(
        &archive,
        "CREATE TRIGGER fault BEFORE INSERT ON look
        BEGIN SELECT RAISE(ABORT, 'a planned failure'); END",
    )
    .await;
    view::document(app, &archive.bureau(), id).await.unwrap();
    assert!(app.looks.flush().await.is_err());
    sql(&archive, "DROP TRIGGER fault").await;
    assert_eq!(kinds(&archive).await, [Kind::Open, Kind::Open]);
    // A store that fails keeps nobody from reading: the note is safe here.
    archive.faults.fail("access/", 0, u32::MAX, When::Before);
    view::household(app, &clerk, &household(ZHOU)).await.unwrap();
    assert!(app.looks.publish().await.is_err());
    archive.faults.heal();
    app.looks.publish().await.unwrap();
    assert_eq!(uses::state(app).await.unwrap().waiting, 0);
    assert_eq!(found(&archive).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_batch_whose_answer_is_lost_is_taken_up_once() {
    let mut archive = Archive::new(Store::Memory, Sql::Sqlite).await;
    let clerk = archive.clerk();
    view::household(&archive.app, &clerk, &household(ZHOU)).await.unwrap();
    sql(
        &archive,
        "CREATE TRIGGER fault BEFORE INSERT ON look_batch
        BEGIN SELECT RAISE(ABORT, 'a planned failure'); END",
    )
    .await;
    assert!(archive.app.looks.publish().await.is_err());
    sql(&archive, "DROP TRIGGER fault").await;
    // Another look comes before anybody noticed that the first one is published.
    view::household(&archive.app, &archive.bureau(), &household(CHEN)).await.unwrap();
    archive.app.looks.publish().await.unwrap();
    assert_eq!(uses::state(&archive.app).await.unwrap().size, 2);
    assert_eq!(kinds(&archive).await.len(), 2);
    assert_eq!(found(&archive).await, Vec::<String>::new());
    archive.reopen().await.unwrap();
    assert_eq!(uses::state(&archive.app).await.unwrap().problem, "");
}

#[tokio::test]
async fn a_rebuild_brings_the_register_back() {
    for_all(async |archive| {
        archive.take(ZHOU, "a.pdf", &paper(&[&["收入证明"]])).await.unwrap();
        archive.settle().await;
        let clerk = archive.clerk();
        view::household(&archive.app, &clerk, &household(ZHOU)).await.unwrap();
        archive.app.looks.close().await.unwrap();
        archive.find_as(&clerk, "收入").await;
        let (before, dump) = (
            noted(&archive.app, archive).await,
            yidang::rebuild::dump(&archive.app).await.unwrap(),
        );
        yidang::rebuild::rebuild(&archive.app, |_| {}).await.unwrap();
        assert_eq!(noted(&archive.app, archive).await, before);
        assert_eq!(yidang::rebuild::dump(&archive.app).await.unwrap(), dump);
        // And when another look waits meanwhile.
        archive.find_as(&clerk, "证明").await;
        yidang::rebuild::rebuild(&archive.app, |_| {}).await.unwrap();
        assert_eq!(noted(&archive.app, archive).await.len(), before.len() + 1);
        assert_eq!(found(archive).await, Vec::<String>::new());
    })
    .await;
}

/// Looks, seals, and looks again, so that something can be cut back.
async fn with_seals(archive: &Archive) {
    let clerk = archive.clerk();
    for query in ["甲", "乙", "丙"] {
        archive.find_as(&clerk, query).await;
        archive.app.looks.close().await.unwrap();
        archive.hands.advance(Duration::from_secs(60));
    }
}

async fn remove(archive: &Archive, path: &str) {
    archive.objects().delete(&Path::from(path)).await.unwrap();
}

#[tokio::test]
async fn an_access_log_that_is_cut_back_is_found_by_the_log_of_the_records() {
    let mut archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    with_seals(&archive).await;
    assert_eq!(found(&archive).await, Vec::<String>::new());
    let batches = archive.paths("access/log/entries").await;
    assert_eq!(batches.len(), 6, "a look and a seal, three times");
    for path in &batches[4..] {
        remove(&archive, path).await;
    }
    // The newest checkpoint is put back too.
    let store = archive.objects();
    let kept = store.get(&Path::from("access/log/checkpoints/00000000000000000004")).await;
    let kept = kept.unwrap().bytes().await.unwrap();
    store.put(&Path::from("access/log/checkpoint"), kept.into()).await.unwrap();
    for size in [5, 6] {
        remove(&archive, &format!("access/log/checkpoints/{size:020}")).await;
    }
    // The database has them all the same, and they lead to the seals.
    assert_eq!(found(&archive).await, ["access.batch.missing", "access.checkpoint.missing"]);
    // And the database with it, as who cuts back both would.
    sql(&archive, "DELETE FROM look WHERE no >= 4; DELETE FROM look_batch WHERE first >= 4").await;
    let mut tree = yidang::tlog::Frontier::default();
    let mut tx = archive.app.db.read().await.unwrap();
    let leaves = yidang::ledger::looks::leaves(&mut tx, 0, 4, 9).await.unwrap();
    drop(tx);
    leaves.iter().for_each(|leaf| tree.push(leaf.as_bytes()));
    let text = tree.to_text();
    sql(&archive, &format!("UPDATE look_tree SET size = 4, frontier = '{text}'")).await;
    assert_eq!(found(&archive).await, ["access.seal.changed"]);
    // The next start shows nothing until it is mended, and still verifies.
    archive.reopen().await.unwrap();
    let problem = uses::state(&archive.app).await.unwrap().problem;
    assert!(problem.contains("cut back"), "{problem}");
    let refused = view::household(&archive.app, &archive.clerk(), &household(ZHOU)).await;
    assert!(matches!(refused, Err(ViewError::Look(looks::LookError::Broken(_)))));
    assert_eq!(found(&archive).await, ["access.seal.changed"]);
}

#[tokio::test]
async fn a_records_log_that_is_cut_back_is_found_by_the_access_log() {
    let mut archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    archive.take(ZHOU, "a.pdf", &paper(&[&["收入证明"]])).await.unwrap();
    archive.app.settle().await.unwrap();
    let before = archive.data().join("before.sqlite");
    Db::snapshot(&archive.data().join("catalog.sqlite"), &before).await.unwrap();
    let (log, note) = (archive.paths("log").await, "log/checkpoint");
    let note = archive.objects().get(&Path::from(note)).await.unwrap().bytes().await.unwrap();
    archive.take(CHEN, "b.pdf", &paper(&[&["残疾证"]])).await.unwrap();
    archive.find("残疾证").await;
    archive.app.looks.close().await.unwrap();
    archive.app.settle().await.unwrap();
    // Database and log of the records are put back; the access log stays.
    archive.app.db.close().await;
    for path in archive.paths("log").await.iter().filter(|path| !log.contains(path)) {
        remove(&archive, path).await;
    }
    archive.objects().put(&Path::from("log/checkpoint"), note.into()).await.unwrap();
    for old in ["catalog.sqlite-wal", "catalog.sqlite-shm"] {
        drop(std::fs::remove_file(archive.data().join(old)));
    }
    std::fs::copy(&before, archive.data().join("catalog.sqlite")).unwrap();
    archive.reopen().await.unwrap();
    let problem = uses::state(&archive.app).await.unwrap().problem;
    assert!(problem.contains("records log"), "{problem}");
    let codes = found(&archive).await;
    assert!(codes.contains(&"access.seal.changed".to_owned()), "{codes:?}");
}

#[tokio::test]
async fn what_is_changed_in_the_access_log_is_found() {
    let archive = Archive::new(Store::Memory, Sql::Sqlite).await;
    with_seals(&archive).await;
    let bodies = archive.paths("access/obj").await;
    let cases = [
        ("access/log/entries/00000000000000000002".to_owned(), "access.batch.changed"),
        ("access/log/checkpoint".to_owned(), "access.checkpoint.changed"),
        ("access/log/checkpoints/00000000000000000002".to_owned(), "access.checkpoint.changed"),
        ("access/log/tile/0/000.p/6".to_owned(), "access.tile.changed"),
        (bodies[0].clone(), "access.bodies.changed"),
    ];
    for (path, code) in cases {
        let (store, path) = (archive.objects(), Path::from(path));
        let right = store.get(&path).await.unwrap().bytes().await.unwrap();
        let mut wrong = right.to_vec();
        let middle = wrong.len() / 2;
        wrong[middle] ^= 1;
        store.put(&path, wrong.into()).await.unwrap();
        let codes = found(&archive).await;
        assert!(codes.contains(&code.to_owned()), "{path}: {codes:?}");
        store.delete(&path).await.unwrap();
        assert!(!found(&archive).await.is_empty(), "{path}");
        store.put(&path, right.into()).await.unwrap();
    }
    assert_eq!(found(&archive).await, Vec::<String>::new());
}

/// Verifies with repair; returns what was mended, as path and source.
async fn mended(archive: &Archive) -> Vec<(String, Source)> {
    let asked = audit::Asked { repair: true, ..audit::Asked::default() };
    let sweep = Arc::new(Sweep::default());
    let report = audit::verify_as(&archive.app, &archive.bureau(), sweep, asked).await.unwrap();
    report.repaired.into_iter().map(|one| (one.path, one.source)).collect()
}

async fn bytes_of(store: &dyn ObjectStore, path: &str) -> bytes::Bytes {
    store.get(&Path::from(path)).await.unwrap().bytes().await.unwrap()
}

/// Changes a byte of an object, or removes it.
async fn harm(store: &dyn ObjectStore, path: &str, remove: bool) {
    let mut wrong = bytes_of(store, path).await.to_vec();
    let (path, middle) = (Path::from(path), wrong.len() / 2);
    wrong[middle] ^= 1;
    match remove {
        true => store.delete(&path).await.unwrap(),
        false => drop(store.put(&path, wrong.into()).await.unwrap()),
    }
}

#[tokio::test]
async fn what_is_damaged_in_the_access_log_is_mended_in_either_store() {
    let mut archive = Archive::new(Store::Memory, Sql::Sqlite).await;
    let copy = Arc::new(crate::faults::Faults::default());
    archive.copied(SecondPlace::Memory(copy), false).await.unwrap();
    with_seals(&archive).await;
    archive.app.settle().await.unwrap();
    let bodies = archive.paths("access/obj").await;
    let parts = [
        ("access/log/entries/00000000000000000002", Source::Database),
        ("access/log/entries/00000000000000000005", Source::Database),
        ("access/log/checkpoint", Source::Database),
        ("access/log/checkpoints/00000000000000000006", Source::Database),
        ("access/log/tile/0/000.p/6", Source::Entries),
        ("access/log/tile/entries/000.p/6", Source::Entries),
        (bodies[0].as_str(), Source::Copy),
    ];
    for (store, place) in [(archive.objects(), ""), (archive.copy_objects(), "copy.")] {
        for (path, source) in parts {
            let right = bytes_of(&*store, path).await;
            for remove in [false, true] {
                harm(&*store, path, remove).await;
                let codes = found(&archive).await;
                assert!(!codes.is_empty(), "{path}");
                assert!(codes.iter().all(|code| code.starts_with(&format!("{place}access."))));
                let source = match source {
                    Source::Copy if place == "copy." => Source::Store,
                    source => source,
                };
                let done = mended(&archive).await;
                assert_eq!(done, [(path.to_owned(), source)], "{place} {remove}");
                assert_eq!(found(&archive).await, Vec::<String>::new(), "{path}");
                // An envelope is another each time; what it holds is the same.
                if !path.contains("/obj/") || !archive.app.config.encryption.volumes {
                    assert_eq!(bytes_of(&*store, path).await, right, "{path}");
                }
            }
        }
        let moved: Vec<_> =
            store.list(Some(&Path::from("quarantine"))).try_collect().await.unwrap();
        let moved: Vec<object_store::ObjectMeta> = moved;
        assert_eq!(moved.len(), parts.len(), "what was there is kept: {moved:?}");
    }
    let told = archive.dump().await.iter().any(|line| line.contains("repair_object"));
    assert!(told, "it is in the log of the records");
}

#[tokio::test]
async fn what_the_database_lost_of_the_access_log_is_mended_from_the_copy() {
    let mut archive = Archive::new(Store::Memory, Sql::Sqlite).await;
    let copy = Arc::new(crate::faults::Faults::default());
    archive.copied(SecondPlace::Memory(copy), false).await.unwrap();
    with_seals(&archive).await;
    archive.app.settle().await.unwrap();
    sql(&archive, "UPDATE look_batch SET checkpoint = '' WHERE first = 2").await;
    let path = "access/log/entries/00000000000000000002";
    harm(&*archive.objects(), path, true).await;
    assert_eq!(mended(&archive).await, [(path.to_owned(), Source::Copy)]);
    assert_eq!(found(&archive).await, Vec::<String>::new());
    // What is sound nowhere stays as it is.
    harm(&*archive.objects(), path, false).await;
    harm(&*archive.copy_objects(), path, false).await;
    assert_eq!(mended(&archive).await, []);
    let codes = found(&archive).await;
    assert!(codes.contains(&"access.batch.changed".to_owned()), "{codes:?}");
    assert!(codes.contains(&"copy.access.batch.changed".to_owned()), "{codes:?}");
}

/// The newest batch after [`with_seals`].
const NEWEST: &str = "access/log/entries/00000000000000000005";

/// What was repaired, as the log of the records has it.
async fn repairs(archive: &Archive) -> Vec<String> {
    let repair = |line: &String| line.contains("repair_object");
    archive.dump().await.into_iter().filter(repair).collect()
}

/// Whether somebody can look; else that is since the log is broken.
async fn can_look(archive: &Archive) -> bool {
    match view::household(&archive.app, &archive.clerk(), &household(ZHOU)).await {
        Err(ViewError::Look(looks::LookError::Broken(_))) => false,
        seen => seen.is_ok(),
    }
}

#[tokio::test]
async fn the_start_mends_the_access_log_from_the_database() {
    for remove in [false, true] {
        let mut archive = Archive::new(Store::Folder, Sql::Sqlite).await;
        with_seals(&archive).await;
        let right = bytes_of(&*archive.objects(), NEWEST).await;
        harm(&*archive.objects(), NEWEST, remove).await;
        archive.reopen().await.unwrap();
        assert_eq!(uses::state(&archive.app).await.unwrap().problem, "");
        assert!(can_look(&archive).await);
        assert_eq!(bytes_of(&*archive.objects(), NEWEST).await, right, "byte for byte");
        let told = repairs(&archive).await;
        assert!(told.len() == 1 && told[0].contains(NEWEST), "{told:?}");
        assert!(told[0].contains("database"), "{told:?}");
        // What was there is kept, and nothing is mended twice.
        assert_eq!(archive.paths("quarantine").await.len(), usize::from(!remove));
        archive.reopen().await.unwrap();
        assert_eq!(repairs(&archive).await.len(), 1);
        archive.app.looks.close().await.unwrap();
        assert_eq!(found(&archive).await, Vec::<String>::new());
    }
}

#[tokio::test]
async fn a_store_that_lost_many_batches_of_the_access_log_gets_them_back() {
    let mut archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    for _ in 0..3 {
        with_seals(&archive).await;
        archive.hands.advance(Duration::from_secs(3600));
    }
    let batches = archive.paths("access/log/entries").await;
    assert_eq!(batches.len(), 18, "more than a start compares");
    for path in &batches[2..] {
        remove(&archive, path).await;
    }
    archive.reopen().await.unwrap();
    assert!(can_look(&archive).await);
    assert_eq!(archive.paths("access/log/entries").await, batches);
    archive.app.looks.close().await.unwrap();
    assert_eq!(found(&archive).await, Vec::<String>::new());
}

#[tokio::test]
async fn the_start_mends_the_access_log_from_the_second_copy() {
    let mut archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    let copy = Arc::new(crate::faults::Faults::default());
    archive.copied(SecondPlace::Memory(copy), false).await.unwrap();
    with_seals(&archive).await;
    archive.app.settle().await.unwrap();
    // The database has lost the body of a look, so it does not make the batch again.
    let last = "access/log/entries/00000000000000000004";
    let right = bytes_of(&*archive.objects(), last).await;
    harm(&*archive.objects(), last, false).await;
    sql(&archive, "UPDATE look SET body = '{}' WHERE no = 4").await;
    archive.reopen().await.unwrap();
    assert_eq!(uses::state(&archive.app).await.unwrap().problem, "");
    assert!(can_look(&archive).await);
    assert_eq!(bytes_of(&*archive.objects(), last).await, right);
    let told = repairs(&archive).await;
    assert!(told.len() == 1 && told[0].contains(last) && told[0].contains("copy"), "{told:?}");
}

#[tokio::test]
async fn what_the_start_cannot_mend_keeps_everybody_from_looking_until_it_is_mended() {
    let mut archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    with_seals(&archive).await;
    let row = "SELECT checkpoint, sha256 FROM look_batch WHERE first = 5";
    let mut tx = archive.app.db.read().await.unwrap();
    let right: (String, String) = tx.one(row, yidang::args![]).await.unwrap().unwrap();
    drop(tx);
    // A row without its checkpoint, and one that was changed to another batch, which
    // no key has signed.
    let batch = bytes_of(&*archive.objects(), NEWEST).await;
    let forged = |text: &str| text.replace("\n— ", "\n— not-");
    let batch = forged(std::str::from_utf8(&batch).unwrap());
    let other = (forged(&right.0), Digest::of(batch.as_bytes()).to_string());
    let set = |(note, sha256): &(String, String)| {
        format!("UPDATE look_batch SET checkpoint = '{note}', sha256 = '{sha256}' WHERE first = 5")
    };
    assert_ne!(other, right);
    remove(&archive, NEWEST).await;
    for wrong in [(String::new(), right.1.clone()), other] {
        sql(&archive, &set(&wrong)).await;
        archive.reopen().await.unwrap();
        assert!(!can_look(&archive).await);
        let problem = uses::state(&archive.app).await.unwrap().problem;
        assert!(problem.contains("entry 5 of the access log"), "{problem}");
        assert_eq!(archive.paths("access/log/entries").await.len(), 5);
        assert!(repairs(&archive).await.is_empty());
    }
    // The row is as it was: verifying with repair opens the files again.
    sql(&archive, &set(&right)).await;
    assert_eq!(mended(&archive).await, [(NEWEST.to_owned(), Source::Database)]);
    assert!(can_look(&archive).await);
    archive.app.looks.close().await.unwrap();
    assert_eq!(found(&archive).await, Vec::<String>::new());
}

#[tokio::test]
async fn another_process_notes_and_publishes_too() {
    for_all(async |archive| {
        let second = archive.second().await.unwrap();
        let clerk = archive.clerk();
        view::household(&archive.app, &clerk, &household(ZHOU)).await.unwrap();
        view::household(&second, &archive.bureau(), &household(ZHOU)).await.unwrap();
        archive.app.looks.flush().await.unwrap();
        assert_eq!(noted(&second, archive).await.len(), 2);
        second.looks.settle().await.unwrap();
        assert_eq!(uses::state(&archive.app).await.unwrap().size, 2);
        archive.find_as(&clerk, "甲").await;
        let (one, other) = (archive.app.looks.clone(), second.looks.clone());
        let (one, other) = tokio::join!(one.publish(), other.publish());
        one.unwrap();
        other.unwrap();
        archive.app.looks.close().await.unwrap();
        second.looks.close().await.unwrap();
        assert_eq!(noted(&second, archive).await.len(), 3);
        assert_eq!(found(archive).await, Vec::<String>::new());
        second.db.close().await;
    })
    .await;
}

#[tokio::test]
async fn the_second_copy_has_the_access_log_too() {
    let mut archive = Archive::new(Store::Memory, Sql::Sqlite).await;
    let copy = Arc::new(crate::faults::Faults::default());
    archive.find("甲").await;
    archive.app.looks.settle().await.unwrap();
    archive.copied(SecondPlace::Memory(Arc::clone(&copy)), false).await.unwrap();
    archive.find("乙").await;
    // A copy that is away keeps nobody from reading or publishing.
    copy.fail("access/", 0, u32::MAX, When::Before);
    archive.app.looks.publish().await.unwrap();
    let state = uses::state(&archive.app).await.unwrap();
    assert!(!state.problem.is_empty());
    copy.heal();
    archive.app.looks.close().await.unwrap();
    archive.app.settle().await.unwrap();
    let state = uses::state(&archive.app).await.unwrap();
    assert_eq!((state.behind, state.problem.as_str()), (Some(0), ""));
    for path in archive.paths("access").await {
        let (path, ours, theirs) = (Path::from(path), archive.objects(), archive.copy_objects());
        let ours = ours.get(&path).await.unwrap().bytes().await.unwrap();
        // Partial tiles of before are not copied.
        match theirs.get(&path).await {
            Ok(theirs) => assert_eq!(theirs.bytes().await.unwrap(), ours, "{path}"),
            Err(_) => assert!(
                path.as_ref().contains(".p/") || path.as_ref().contains("checkpoints"),
                "{path}"
            ),
        }
    }
    assert_eq!(found(&archive).await, Vec::<String>::new());
    let path = Path::from("access/log/entries/00000000000000000000");
    archive.copy_objects().delete(&path).await.unwrap();
    assert_eq!(found(&archive).await, ["copy.access.batch.missing"]);
}

#[tokio::test]
async fn a_reason_is_asked_once_a_day_for_each_file() {
    let mut archive = Archive::new(Store::Memory, Sql::Sqlite).await;
    let file = archive.data().join("yidang.toml");
    std::fs::write(&file, "[access]\nreason = \"required\"\n").unwrap();
    let taken = archive.take(ZHOU, "a.pdf", &paper(&[&["收入证明"]])).await.unwrap();
    let desk = archive.take("", "b.pdf", &paper(&[&["残疾证"]])).await.unwrap();
    archive.settle().await;
    archive.reopen().await.unwrap();
    assert_eq!(archive.app.config.access.reason, ReasonIs::Required);
    let (app, clerk, zhou) = (&archive.app, archive.clerk(), household(ZHOU));
    let wanted = |error: &ViewError| matches!(error, ViewError::Look(looks::LookError::NoReason(no)) if *no == household(ZHOU));
    assert!(wanted(&view::household(app, &clerk, &zhou).await.err().unwrap()));
    let to = archive.data().join("bag");
    let subject = Subject::Household(ZHOU.into());
    assert!(prove::prove(app, &clerk, &subject, true, &to).await.is_err() && !to.exists());
    assert!(kinds(&archive).await.is_empty(), "nothing was shown");
    // Papers that nobody has filed yet are work.
    view::document(app, &archive.bureau(), desk.document).await.unwrap();
    view::document(app, &clerk, taken.document).await.unwrap();
    // Who may not see the file cannot give a reason for it.
    let reason = Reason::new("3", "户主上访").unwrap();
    let other = archive.other_clerk();
    assert!(!looks::give_reason(app, &other, &zhou, &reason).await.unwrap());
    assert!(!looks::give_reason(app, &other, &household(NOBODY), &reason).await.unwrap());
    assert!(looks::give_reason(app, &clerk, &zhou, &reason).await.unwrap());
    view::household(app, &clerk, &zhou).await.unwrap();
    prove::prove(app, &clerk, &subject, true, &to).await.unwrap();
    app.looks.flush().await.unwrap();
    let seen = uses::of_household(app, &clerk, &zhou, 10).await.unwrap();
    assert_eq!(seen.uses[0].look.reason.as_ref(), Some(&reason));
    assert_eq!(seen.uses[1].look.reason.as_ref(), Some(&reason));
    // Nobody else has given one, nor is it good tomorrow (in China).
    assert!(wanted(&view::household(app, &archive.bureau(), &zhou).await.err().unwrap()));
    archive.hands.advance(Duration::from_secs(15 * 3600));
    view::household(app, &clerk, &zhou).await.unwrap();
    archive.hands.advance(Duration::from_secs(2 * 3600));
    assert!(wanted(&view::household(app, &clerk, &zhou).await.err().unwrap()));
}

#[tokio::test]
async fn a_register_that_is_taken_along_runs_nothing() {
    let archive = Archive::new(Store::Memory, Sql::Sqlite).await;
    let clerk = archive.clerk();
    for query in ["=HYPERLINK(\"http://evil\")", "+1", "@SUM(1)", "\"a\",\"b\"", "<b>粗</b>"] {
        let look = Look::new(Kind::Search).titled(query);
        archive.app.looks.note(&clerk, look).await.unwrap();
    }
    let (app, asked) = (&archive.app, Asked::default());
    let reason = Reason::new("5", "=cmd|' /C calc'!A0").unwrap();
    let csv = export::export(app, &archive.bureau(), &asked, Shape::Csv, reason.clone()).await;
    let csv = csv.unwrap();
    let mut rows = csv::Reader::from_reader(csv.strip_prefix("\u{feff}".as_bytes()).unwrap());
    let rows: Vec<_> = rows.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 5);
    for cell in rows.iter().flatten() {
        assert!(!cell.starts_with(['=', '+', '-', '@']), "{cell}");
    }
    assert_eq!(&rows[1][9], "\"a\",\"b\"");
    let again = export::export(app, &archive.bureau(), &asked, Shape::Csv, reason.clone()).await;
    assert!(String::from_utf8(again.unwrap()).unwrap().contains(",'=cmd|"));
    let xlsx = export::export(app, &archive.bureau(), &asked, Shape::Xlsx, reason).await.unwrap();
    let mut book = zip::ZipArchive::new(std::io::Cursor::new(xlsx)).unwrap();
    let mut sheet = String::new();
    std::io::Read::read_to_string(
        &mut book.by_name("xl/worksheets/sheet1.xml").unwrap(),
        &mut sheet,
    )
    .unwrap();
    assert!(!sheet.contains("<f>"), "no cell is a formula");
    let mut texts = String::new();
    std::io::Read::read_to_string(&mut book.by_name("xl/sharedStrings.xml").unwrap(), &mut texts)
        .unwrap();
    assert!(texts.contains("'=HYPERLINK") && texts.contains("&lt;b&gt;"), "{texts}");
}

#[tokio::test]
async fn the_register_is_narrowed_and_goes_on() {
    let archive = Archive::new(Store::Memory, Sql::Sqlite).await;
    let (app, clerk, bureau) = (&archive.app, archive.clerk(), archive.bureau());
    for number in 0..7 {
        archive.find_as(&clerk, &format!("词{number}")).await;
        archive.hands.advance(Duration::from_secs(3600 * 5));
    }
    view::household(app, &bureau, &household(ZHOU)).await.unwrap();
    let of = async |asked: Asked| {
        uses::register(app, &bureau, &asked, None, 50).await.map(|found| found.total)
    };
    let none = Asked::default;
    assert_eq!(of(none()).await.unwrap(), 8);
    assert_eq!(of(Asked { person: "玉".into(), ..none() }).await.unwrap(), 7);
    assert_eq!(of(Asked { person: "%".into(), ..none() }).await.unwrap(), 8, "no wildcard");
    assert_eq!(of(Asked { household: ZHOU.into(), ..none() }).await.unwrap(), 1);
    assert_eq!(of(Asked { kind: "open".into(), ..none() }).await.unwrap(), 1);
    assert_eq!(of(Asked { organisation: "990102003".into(), ..none() }).await.unwrap(), 7);
    // 2026-11-23 in China begins eight hours before it does in UTC.
    let day = Asked { from: "2026-11-23".into(), to: "2026-11-23".into(), ..none() };
    assert_eq!(of(day).await.unwrap(), 4);
    assert_eq!(of(Asked { from: "2026-11-24".into(), ..none() }).await.unwrap(), 4);
    for odd in [
        Asked { kind: "x".into(), ..none() },
        Asked { household: "12".into(), ..none() },
        Asked { from: "yesterday".into(), ..none() },
        Asked { organisation: "%".into(), ..none() },
    ] {
        assert!(of(odd).await.is_err());
    }
    let (mut seen, mut next) = (Vec::new(), None);
    loop {
        let part = uses::register(app, &bureau, &none(), next.as_deref(), 3).await.unwrap();
        seen.extend(part.uses.into_iter().map(|one| one.body_sha256));
        next = part.next;
        if next.is_none() {
            break;
        }
    }
    seen.dedup();
    assert_eq!(seen.len(), 8);
    // A street sees what its own people did, and who looked at its files.
    let street = uses::register(app, &keeper(), &none(), None, 50).await.unwrap();
    assert_eq!(street.total, 8);
    let elsewhere = actor("钱文斌", "990102002000", Role::Archivist);
    let other = uses::register(app, &elsewhere, &none(), None, 50).await.unwrap();
    assert_eq!(other.total, 0);
    // Not everybody reads it, and who may not look does not see at what.
    assert!(matches!(
        uses::register(app, &clerk, &none(), None, 50).await,
        Err(uses::UsesError::Denied(_))
    ));
    let officer = actor("高敏", "990102000000", Role::SecurityOfficer);
    let watched = uses::register(app, &officer, &none(), None, 50).await.unwrap();
    assert_eq!(watched.total, 8);
    assert!(watched.uses.iter().all(|one| one.look.title.is_empty()));
}

/// The pages and the API of an archive where a reason is required, as somebody of
/// 柳桥街道.
async fn strict(roles: &[Role]) -> (Archive, Browser, i64) {
    let mut archive = Archive::new(Store::Memory, Sql::Sqlite).await;
    let file = archive.data().join("yidang.toml");
    std::fs::write(&file, "[access]\nreason = \"required\"\n").unwrap();
    let id = fill(&archive).await;
    archive.settle().await;
    archive.reopen().await.unwrap();
    let browser = Browser::of(archive.app.clone(), "赵玉梅", "990102003000", roles).await;
    (archive, browser, id)
}

#[tokio::test]
async fn a_page_asks_why_in_the_place_of_what_it_would_show() {
    let (archive, mut browser, id) = strict(&[Role::Clerk, Role::Archivist]).await;
    let (file, paper) = (format!("/household/{ZHOU}"), format!("/doc/{id}?p=1"));
    for path in [&file, &paper, &format!("/volume/{ZHOU}"), &format!("/volume/{ZHOU}/print")] {
        let asked = browser.get(path).await;
        let text = asked.text();
        assert_eq!(asked.status, 403, "{path}");
        assert!(text.contains("name=\"purpose\"") && text.contains("data-act=\"reason-2\""));
        assert!(!text.contains("周桂兰") && !text.contains("A02"), "{path} shows nothing");
    }
    let picture = browser.get(&format!("/doc/{id}/page/1.jpg")).await;
    assert_eq!(picture.status, 403);
    assert!(browser.get(&format!("/doc/{id}/file/1")).await.status == 403);
    assert!(kinds(&archive).await.is_empty());

    let give = format!("{file}/reason");
    let long = "长".repeat(201);
    for (purpose, words) in [("other", ""), ("7", ""), ("", ""), ("other", long.as_str())] {
        let refused = browser.post(&give, &[("purpose", purpose), ("words", words)]).await;
        assert_eq!(refused.status, 422, "{purpose} {words}");
    }
    let other = format!("/household/{CHEN}/reason");
    let refused = browser.post(&other, &[("purpose", "check")]).await;
    let nobody = format!("/household/{NOBODY}/reason");
    let unknown = browser.post(&nobody, &[("purpose", "check")]).await;
    assert!(refused.status == 404 && unknown.status == 404);
    for elsewhere in ["//evil.example", "https://evil.example", "/\\evil.example", "/\t/evil"] {
        let went = browser.post(&give, &[("purpose", "check"), ("next", elsewhere)]).await;
        assert_eq!(went.header("location"), file, "{elsewhere}");
    }
    let bad = "<script>alert(1)</script>";
    let went = browser.post(&give, &[("purpose", "other"), ("words", bad), ("next", &paper)]).await;
    assert_eq!((went.status, went.header("location")), (303.try_into().unwrap(), paper.as_str()));

    browser.get(&paper).await;
    archive.app.looks.flush().await.unwrap();
    let text = browser.get(&paper).await.text();
    assert!(text.contains("data-panel=\"seen\"") && text.contains("&#60;script&#62;"), "{text}");
    let text = browser.get(&file).await.text();
    assert!(text.contains("谁看过") && text.contains("赵玉梅") && !text.contains(bad));
    let text = browser.get("/uses").await.text();
    assert!(text.contains("alert(1)") && !text.contains(bad));
    // Two that were shown, and the two that were not theirs.
    assert_eq!(kinds(&archive).await, [Kind::Open; 4]);
    let printed = browser.get(&format!("/uses/print?household={ZHOU}")).await;
    assert!(printed.text().contains("利用登记册") && !printed.text().contains(bad));
    let wrong = browser.get("/uses?from=gestern").await;
    assert!(wrong.status == 200 && wrong.text().contains("看不懂"));
    let taken = browser.post("/uses/export", &[("purpose", "audit"), ("shape", "csv")]).await;
    assert_eq!(taken.header("content-disposition"), "attachment; filename=\"uses.csv\"");
    assert!(taken.text().contains("赵玉梅"));
    let refused = browser.post("/uses/export", &[("purpose", ""), ("shape", "csv")]).await;
    assert_eq!(refused.status, 422);
    let wanted = [&[Kind::Open; 4][..], &[Kind::Print, Kind::Export]].concat();
    assert_eq!(kinds(&archive).await, wanted);
    // A look that cannot be noted is a page that says so.
    std::fs::rename(archive.data().join("looks"), archive.data().join("away")).unwrap();
    archive.hands.advance(Duration::from_secs(601));
    let away = browser.get(&file).await;
    assert!(away.status == 503 && !away.text().contains("周桂兰"));
}

#[tokio::test]
async fn a_program_says_why_in_a_header() {
    let (archive, browser, id) = strict(&[Role::Clerk, Role::Archivist]).await;
    let router = yidang::web::router(archive.app.clone());
    let ask = async |path: &str, reason: &str| {
        let mut request = Request::get(format!("/api/v1{path}"))
            .header(header::HOST, "127.0.0.1:8117")
            .header(header::AUTHORIZATION, &browser.bearer);
        if !reason.is_empty() {
            request = request.header("Yidang-Reason", reason);
        }
        let answer = router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let status = answer.status().as_u16();
        let bytes = answer.into_body().collect().await.unwrap().to_bytes();
        (status, String::from_utf8_lossy(&bytes).into_owned())
    };
    let (file, paper) = (format!("/households/{ZHOU}"), format!("/documents/{id}"));
    let (plan, proposal) = (format!("{file}/plan"), format!("{paper}/proposal"));
    for path in [&file, &paper, &plan, &proposal] {
        let (status, said) = ask(path, "").await;
        assert!(
            status == 403 && said.contains("reason_wanted") && !said.contains("周桂兰"),
            "{said}"
        );
    }
    for odd in ["9", "5", "%FF", &"a".repeat(300)] {
        assert_eq!(ask(&file, odd).await.0, 422, "{odd}");
    }
    // Outside the scope a reason changes nothing.
    let (status, said) = ask(&format!("/households/{CHEN}"), "2").await;
    assert!(status == 404 && said.contains("unknown_household"));
    assert_eq!(ask(&paper, "%E6%88%B7%E4%B8%BB%E6%9D%A5%E7%94%B5").await.0, 200);
    assert_eq!(ask(&file, "").await.0, 200, "it is kept for the day");
    let (status, told) = ask("/uses?kind=open&outcome=shown", "").await;
    assert!(status == 200 && told.matches("户主来电").count() == 2, "{told}");
    assert_eq!(ask("/uses?kind=sniff", "").await.0, 400);
    assert_eq!(ask("/uses/99999/bundle", "").await.0, 404);
}

#[tokio::test]
async fn whoever_has_no_right_leaves_a_trace_too() {
    let (archive, mut browser, _) = strict(&[Role::Reader]).await;
    for path in ["/uses", "/uses/print", "/uses/0/bundle", "/audit"] {
        assert_eq!(browser.get(path).await.status, 403, "{path}");
    }
    let noted = noted(&archive.app, &archive).await;
    let told: Vec<_> = noted.iter().map(|(_, outcome, title)| (*outcome, title.as_str())).collect();
    let wanted = ["GET /uses", "GET /uses/print", "GET /uses/0/bundle", "GET /audit"];
    assert_eq!(told, wanted.map(|path| (Outcome::Refused, path)));
}

#[tokio::test]
async fn a_look_leaves_with_its_proof_and_two_verifiers_agree() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    let bureau = archive.bureau();
    archive.find("甲").await;
    view::household(&archive.app, &bureau, &household(ZHOU)).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    archive.app.looks.publish().await.unwrap();
    uses::prove(&archive.app, &bureau, 1, &folder.path().join("bag")).await.unwrap();
    let policy = std::fs::read_to_string(archive.data().join("auditor.policy")).unwrap();
    let packed = Packed { folder, policy: policy.clone(), authority: None };
    packed.is_sound("a look", "entry 1 is a look at records: open, shown");
    // By a policy that does not know the access log it is nothing.
    let alone: String = policy
        .lines()
        .filter(|line| !line.contains("/access+"))
        .map(|line| format!("{line}\n"))
        .collect();
    packed.by(&alone).is_refused("another log", "the policy");
    let other = packed.with(|bag| {
        edit(&bag.join("data/entries/1/body.json"), |text| text.replace(ZHOU, CHEN));
        repack(bag);
    });
    other.is_refused("another household", "is not the one it commits to");
    // A look is no paper, and a paper no look.
    let posing = packed.with(|bag| {
        edit(&bag.join("data/proof.json"), |text| text.replace("look", "document"));
        repack(bag);
    });
    posing.is_refused("a look as a paper", "the bag does not show how");
    let id = archive.take(ZHOU, "a.pdf", &paper(&[&["收入证明"]])).await.unwrap().document;
    let paper = Packed::of(&archive, &id.to_string(), false).await;
    let posing = paper.with(|bag| {
        edit(&bag.join("data/proof.json"), |text| text.replace("\"document\"", "\"look\""));
        repack(bag);
    });
    posing.is_refused("a paper as a look", "does not show one look");
    // Whoever may not see a look gets no proof of it.
    let elsewhere = actor("钱文斌", "990102002000", Role::Archivist);
    let to = archive.data().join("other");
    let refused = uses::prove(&archive.app, &elsewhere, 1, &to).await;
    assert!(matches!(refused, Err(uses::UsesError::Unknown(1))) && !to.exists());
}

#[tokio::test]
async fn an_older_archive_gets_its_access_log_and_the_policy_names_it() {
    let mut archive = Archive::new(Store::Memory, Sql::Sqlite).await;
    let (key, policy) =
        (archive.data().join("keys/access.key"), archive.data().join("auditor.policy"));
    std::fs::remove_file(&key).unwrap();
    let text = std::fs::read_to_string(&policy).unwrap();
    let old: String =
        text.lines().filter(|line| !line.contains("/access+")).map(|l| format!("{l}\n")).collect();
    std::fs::write(&policy, &old).unwrap();
    archive.reopen().await.unwrap();
    let made = uses::state(&archive.app).await.unwrap().key;
    let text = std::fs::read_to_string(&policy).unwrap();
    assert!(text.contains(&format!("log {made}\n")), "{text}");
    assert!(yidang_verifier::policy::Policy::parse(&text).is_ok());
    archive.find("甲").await;
    archive.app.looks.settle().await.unwrap();
    // A key that is lost later is not made anew in silence: looks wait.
    std::fs::remove_file(&key).unwrap();
    archive.reopen().await.unwrap();
    archive.find("乙").await;
    archive.app.looks.publish().await.unwrap();
    let state = uses::state(&archive.app).await.unwrap();
    assert_eq!((state.key.as_str(), state.size, state.waiting), ("", 1, 1));
}

#[test]
fn a_killed_server_keeps_the_notes_of_what_it_showed() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    assert!(yidang(data).arg("init").output().unwrap().status.success());
    let mut server = serve(yidang(data));
    let (status, taken) = upload(&server.address, &noise(40, 40)).unwrap();
    assert!(matches!(status, 200 | 201), "{taken}");
    let document = taken["document"].as_i64().unwrap();
    let file = format!("/api/v1/documents/{document}/files/1");
    assert_eq!(ask(&server.address, "GET", &file, b"").unwrap().0, 200);
    assert_eq!(ask(&server.address, "GET", "/api/v1/search?q=%E7%94%B2", b"").unwrap().0, 200);
    server.kill();
    let told = answer(data, &["uses"]);
    let told: Vec<_> = told["uses"].as_array().unwrap().iter().map(|one| &one["kind"]).collect();
    assert_eq!(told, ["search", "download"]);
    // The next program publishes what waited, and everything is as it should be.
    answer(data, &["find", "乙"]);
    assert_eq!(answer(data, &["uses"])["uses"][1]["no"], 1);
    let found = answer(data, &["verify"]);
    assert!(found["changed"].as_array().unwrap().is_empty(), "{found}");
    // What is served afterwards is sealed when it ends in peace.
    let printed = yidang(data).arg("log").output().unwrap();
    let printed = String::from_utf8_lossy(&printed.stdout).into_owned();
    assert!(printed.contains("/access: ") && printed.contains("sealed by entry"), "{printed}");
    let to = data.join("bag");
    let to = to.to_str().unwrap();
    answer(data, &["uses", "--prove", "0", "--output", to]);
    let csv = data.join("uses.csv");
    let csv = csv.to_str().unwrap();
    let refused = yidang(data).args(["uses", "--export", csv]).output().unwrap();
    assert_eq!(refused.status.code(), Some(2), "without a reason nothing is taken along");
    let done = yidang(data).args(["uses", "--export", csv, "--reason", "4"]).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert!(std::fs::read_to_string(csv).unwrap().contains("宋青"));
}

/// Prints what a note costs: `cargo test --release --test suite -- --ignored
/// --nocapture what_a_note_costs`. A page is asked for twice by somebody for whom
/// everything is warm; only the first time is noted.
#[tokio::test]
#[ignore = "it measures"]
async fn what_a_note_costs() {
    const PAPERS: usize = 150;
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    let zhou = fill(&archive).await;
    let mut papers = vec![zhou];
    for number in 0..PAPERS {
        let text = format!("收入证明 第{number}号");
        let scan = paper(&[&[text.as_str(), "每月八百元", "槐荫里社区"], &["第二页"]]);
        papers.push(archive.take("", "a.pdf", &scan).await.unwrap().document.0);
    }
    archive.settle().await;
    let mut pages: Vec<String> = papers.iter().map(|id| format!("/doc/{id}")).collect();
    pages.extend(papers.iter().map(|id| format!("/doc/{id}/page/1.jpg?w=900")));
    let words = |number: usize| yidang::web::text::query_value(&format!("收入 第{number}号"));
    pages.extend((0..=PAPERS).map(|number| format!("/search?q={}", words(number))));
    let roles = &[Role::Clerk, Role::Archivist];
    let organisation = "990102000000";
    let app = archive.app.clone();
    let mut warm = Browser::of(app.clone(), "甲", organisation, roles).await;
    for page in &pages {
        assert_eq!(warm.get(page).await.status, 200, "{page}");
    }
    let mut times = vec![[Vec::new(), Vec::new()]; 3];
    for round in 0..4 {
        let name = format!("乙{round}");
        let mut browser = Browser::of(app.clone(), &name, organisation, roles).await;
        // Pictures first, so that they are noted and not covered by their paper.
        for kind in [1, 0, 2] {
            for page in &pages[kind * (PAPERS + 1)..(kind + 1) * (PAPERS + 1)] {
                if kind == 0 {
                    archive.hands.advance(Duration::from_millis(1));
                }
                for again in [0, 1] {
                    let begun = std::time::Instant::now();
                    assert_eq!(browser.get(page).await.status, 200);
                    times[kind][again].push(begun.elapsed());
                }
            }
            if kind == 1 {
                archive.hands.advance(Duration::from_secs(601));
            }
        }
    }
    for (what, times) in ["open a paper", "its picture", "search"].iter().zip(&mut times) {
        let [noted, again] = times.each_mut().map(|times| {
            times.sort_unstable();
            times[times.len() / 2].as_secs_f64() * 1000.0
        });
        let more = (noted / again - 1.0) * 100.0;
        println!("{what}: {again:.3} ms without, {noted:.3} ms with a note, {more:+.1} %");
    }
    // Adding a paper while 50 people a second look, and while nobody does.
    let mut adding = [Vec::new(), Vec::new()];
    for round in 0..120_usize {
        for looks in [0, 1] {
            for number in 0..looks * 5 {
                let who = actor(&format!("丙{round}-{number}"), organisation, Role::Archivist);
                view::document(&app, &who, DocumentId(zhou)).await.unwrap();
            }
            let scan = paper(&[&[format!("{looks} {round}").as_str()]]);
            let begun = std::time::Instant::now();
            archive.take("", "b.pdf", &scan).await.unwrap();
            adding[looks].push(begun.elapsed());
        }
        app.looks.publish().await.unwrap();
    }
    let [without, with] = adding.map(|mut times| {
        times.sort_unstable();
        times[times.len() / 2].as_secs_f64() * 1000.0
    });
    let more = (with / without - 1.0) * 100.0;
    println!("add: {without:.3} ms without, {with:.3} ms with looks, {more:+.1} %");
}

#[tokio::test]
async fn who_tries_to_change_what_is_of_others_leaves_a_trace() {
    let archive = Archive::new(Store::Memory, Sql::Sqlite).await;
    let id = fill(&archive).await;
    archive.settle().await;
    let app = archive.app.clone();
    let mut qian = Browser::of(app, "钱文斌", "990102002000", &[Role::Clerk]).await;
    for path in [
        format!("/doc/{id}/correct"),
        format!("/intake/{id}/return"),
        format!("/household/{ZHOU}/notices"),
        format!("/household/{NOBODY}/notices"),
    ] {
        let fields = [("reason", "不是本户"), ("kind", "proposed"), ("amount", "800")];
        let fields = [&fields[..], &[("from", "2026-11-24"), ("until", "2026-12-01")]].concat();
        assert_eq!(qian.post(&path, &fields).await.status, 404, "{path}");
    }
    // What is their own and has no such page is no attempt.
    let own = archive.take(CHEN, "a.pdf", &paper(&[&["一", "二", "三"]])).await.unwrap().document;
    assert_eq!(qian.post(&format!("/doc/{own}/text/9"), &[]).await.status, 404);
    let noted = noted(&archive.app, &archive).await;
    let outcomes: Vec<Outcome> = noted.iter().map(|(_, outcome, _)| *outcome).collect();
    let refused = outcomes.iter().filter(|one| **one == Outcome::Refused).count();
    assert_eq!((refused, outcomes.contains(&Outcome::Unknown)), (2, true), "{noted:?}");
}

#[tokio::test]
async fn what_the_log_tells_of_a_file_is_a_look_at_it() {
    let mut archive = Archive::new(Store::Memory, Sql::Sqlite).await;
    let taken = archive.take(ZHOU, "a.png", &noise(200, 200)).await.unwrap();
    let said = description("A01", "低保申请书", "2026-03-09");
    filing::file(&archive.app, &archive.bureau(), taken.document, &household(ZHOU), said)
        .await
        .unwrap();
    let app = Arc::get_mut(&mut archive.app).expect("nobody else has it open");
    app.config.access.reason = ReasonIs::Required;
    let (app, keeper) = (&archive.app, keeper());
    let last = archive.entries().await - 1;

    // An entry of the log: noted at the paper and its household, and no reason is wanted.
    let entry = history::entry(app, &keeper, last).await.unwrap();
    assert!(entry.told.is_some());
    let found = uses::register(app, &archive.bureau(), &Asked::default(), None, 10).await.unwrap();
    let look = &found.uses[0].look;
    assert_eq!((found.total, look.document), (1, Some(taken.document)));
    assert_eq!(look.household.as_ref().map(ToString::to_string).as_deref(), Some(ZHOU));
    assert!(look.title.starts_with(&format!("存证日志第{last}条")), "{look:?}");
    // One that is of others, or of nobody's file, is none.
    let other = Actor { organisation: "990102002000".parse().unwrap(), ..keeper.clone() };
    assert!(history::entry(app, &other, last).await.unwrap().told.is_none());
    history::entry(app, &keeper, 0).await.unwrap();
    assert_eq!(kinds(&archive).await.len(), 1);
    // A page of the log is one look.
    history::acts(app, &keeper, None, 50).await.unwrap();
    history::acts(app, &keeper, None, 50).await.unwrap();
    assert_eq!(noted(app, &archive).await[1].2, "存证日志");
    assert_eq!(kinds(&archive).await.len(), 2);

    // What was done with a file is read like the file: with a reason, once with it, and not by others.
    let no = household(ZHOU);
    let wanting = history::of_household(app, &keeper, &no, None, 10).await.unwrap_err();
    assert!(matches!(wanting, HistoryError::View(ViewError::Look(_))), "{wanting:?}");
    let reason = Reason::new("review", "").unwrap();
    assert!(looks::give_reason(app, &keeper, &no, &reason).await.unwrap());
    history::of_household(app, &keeper, &no, None, 10).await.unwrap();
    view::household(app, &keeper, &no).await.unwrap();
    assert_eq!(kinds(&archive).await.len(), 3, "the history and the file are one look");
    history::of_document(app, &keeper, taken.document, None, 10).await.unwrap();
    let before = kinds(&archive).await.len();
    assert!(history::of_household(app, &other, &no, None, 10).await.is_err());
    assert!(history::of_document(app, &other, taken.document, None, 10).await.is_err());
    let refused = noted(app, &archive).await;
    assert_eq!(refused.len(), before + 2);
    assert!(refused[before..].iter().all(|(_, outcome, _)| *outcome == Outcome::Refused));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_sealed_during_a_verification_is_no_alarm() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    let (app, reader) = (archive.app.clone(), archive.clerk());
    for at in 0..200 {
        let look = Look::new(Kind::Search).titled(&format!("第{at}次"));
        app.looks.note(&reader, look).await.unwrap();
        if at % 10 == 0 {
            app.looks.settle().await.unwrap();
        }
    }
    let (sealing, who) = (app.clone(), reader.clone());
    let over = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let ends = Arc::clone(&over);
    let seals = tokio::spawn(async move {
        let mut sealed = 0;
        while !ends.load(std::sync::atomic::Ordering::Relaxed) {
            let look = Look::new(Kind::Search).titled(&format!("其间第{sealed}次"));
            sealing.looks.note(&who, look).await.unwrap();
            sealing.looks.seal().await.unwrap();
            sealed += 1;
        }
        sealed
    });
    for _ in 0..4 {
        let report = audit::verify(&app, &archive.bureau(), Arc::default()).await.unwrap();
        let alarms: Vec<_> =
            report.changed.iter().filter(|one| one.code.contains("seal")).collect();
        assert!(alarms.is_empty(), "{alarms:?}");
    }
    over.store(true, std::sync::atomic::Ordering::Relaxed);
    assert!(seals.await.unwrap() > 4, "it was sealed while it was verified");
}
