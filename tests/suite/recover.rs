//! Database and object store are brought to one history at every start, or
//! the start is refused in one sentence.

use object_store::ObjectStoreExt;
use object_store::path::Path;
use yidang::app::OpenError;
use yidang::db::Db;
use yidang::ledger;
use yidang::setup::{self, OrganisationEntry};

use crate::files::paper;
use crate::harness::{Archive, CHEN, Sql, Store, ZHOU, for_all};
use crate::mended::of_another_history;

const PAPER: &[&str] = &["低保金发放明细", "本月发放八百元", "经办人签字"];
const LATER: &[&str] = &["入户调查记录", "家中三口人", "调查人签字"];

fn batch(first: i64) -> Path {
    Path::from(format!("log/entries/{first:020}"))
}

#[tokio::test]
async fn an_old_copy_of_the_database_catches_up() {
    let mut archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    archive.take(ZHOU, "a.pdf", &paper(&[PAPER])).await.unwrap();
    archive.settle().await;
    archive.app.db.close().await;
    let (file, old) = (archive.data().join("catalog.sqlite"), archive.data().join("backup"));
    std::fs::copy(&file, &old).unwrap();

    archive.reopen().await.unwrap();
    let later = archive.take(CHEN, "b.pdf", &paper(&[LATER])).await.unwrap();
    archive.settle().await;
    let dump = archive.dump().await;

    archive.app.db.close().await;
    forget(&archive);
    std::fs::copy(&old, &file).unwrap();
    archive.reopen().await.unwrap();
    assert_eq!(archive.dump().await, dump);
    archive.settle().await;
    assert_eq!(archive.finds("家中三口人").await, [later.document]);
    assert_eq!(archive.finds("发放八百元").await.len(), 1);
}

#[tokio::test]
async fn a_long_log_is_applied_part_by_part() {
    let mut archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    for no in 0..300 {
        let name = format!("古井社区居民委员会{no}");
        let entry = OrganisationEntry { code: "990102002001".parse().unwrap(), name };
        setup::register(&archive.app, &archive.bureau(), vec![entry]).await.unwrap();
    }
    let (dump, last) = (archive.dump().await, archive.entries().await - 1);
    let right = archive.objects().get(&batch(last)).await.unwrap().bytes().await.unwrap();
    archive.objects().put(&batch(last), "nothing of the kind".into()).await.unwrap();
    archive.app.db.close().await;
    forget(&archive);
    let told = refusal(&mut archive).await;
    assert!(told.contains(&last.to_string()) && is_one_sentence(&told), "{told}");

    // What came before the damaged part is kept, and nothing of that part.
    let db = Db::sqlite(&archive.data().join("catalog.sqlite")).await.unwrap();
    let mut tx = db.read().await.unwrap();
    let kept = ledger::count_batches(&mut tx).await.unwrap();
    drop(tx);
    db.close().await;
    assert_eq!(kept, 256);

    archive.objects().put(&batch(last), right.into()).await.unwrap();
    archive.reopen().await.unwrap();
    assert_eq!(archive.dump().await, dump);
}

#[tokio::test]
async fn what_another_process_published_is_not_applied_twice() {
    for_all(async |archive| {
        archive.take(ZHOU, "a.pdf", &paper(&[PAPER])).await.unwrap();
        let dump = archive.dump().await;
        for _ in 0..3 {
            archive.reopen().await.unwrap();
            assert_eq!(archive.dump().await, dump);
        }
    })
    .await;
}

/// Why the archive does not open.
async fn refusal(archive: &mut Archive) -> String {
    match archive.reopen().await {
        Err(OpenError::Recovery(error)) => error.to_string(),
        Err(other) => panic!("refused for another reason: {other}"),
        Ok(()) => panic!("it opened"),
    }
}

fn is_one_sentence(text: &str) -> bool {
    !text.contains('\n') && text.len() < 300 && text.contains(' ')
}

#[tokio::test]
async fn a_store_of_another_history_is_refused() {
    // The newest batch, which the database does not know to be published, and
    // the one before, which it does.
    for back in [1, 2] {
        for_all(async |archive| {
            for no in 0..4 {
                let text = format!("第{no}次");
                archive.take(ZHOU, "a.pdf", &paper(&[&["调查记录", &text, "签字"]])).await.unwrap();
            }
            let path = batch(archive.entries().await - back);
            let there = archive.objects().get(&path).await.unwrap().bytes().await.unwrap();
            let other = of_another_history(archive, &path).await;
            assert_ne!(other, there);
            archive.objects().put(&path, other.clone().into()).await.unwrap();
            let told = refusal(archive).await;
            assert!(told.contains("disagree") && is_one_sentence(&told), "{told}");
            // Both are signed: which is right is for people.
            let there = archive.objects().get(&path).await.unwrap().bytes().await.unwrap();
            assert_eq!(there, other);
        })
        .await;
    }
}

#[tokio::test]
async fn a_log_with_a_hole_is_refused() {
    let mut archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    for no in 0..3 {
        let text = format!("第{no}次");
        archive.take(ZHOU, "a.pdf", &paper(&[&["调查记录", &text, "签字"]])).await.unwrap();
    }
    let hole = archive.entries().await - 2;
    archive.objects().delete(&batch(hole)).await.unwrap();
    archive.app.db.close().await;
    forget(&archive);
    let told = refusal(&mut archive).await;
    assert!(told.contains(&format!("log entries {hole}")) && is_one_sentence(&told), "{told}");
}

#[tokio::test]
async fn the_database_of_another_archive_is_refused() {
    let mut archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    let other = Archive::new(Store::Folder, Sql::Sqlite).await;
    for one in [&archive, &other] {
        one.take(ZHOU, "a.pdf", &paper(&[PAPER])).await.unwrap();
        one.app.db.close().await;
    }
    std::fs::copy(other.data().join("catalog.sqlite"), archive.data().join("catalog.sqlite"))
        .unwrap();
    let told = refusal(&mut archive).await;
    assert!(told.contains("do not belong together") && is_one_sentence(&told), "{told}");
}

/// Removes what is there of the database.
fn forget(archive: &Archive) {
    for name in ["catalog.sqlite", "catalog.sqlite-wal", "catalog.sqlite-shm"] {
        std::fs::remove_file(archive.data().join(name)).ok();
    }
}

#[tokio::test]
async fn a_log_that_shrank_is_refused_even_without_the_database() {
    let mut archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    archive.take(ZHOU, "a.pdf", &paper(&[PAPER])).await.unwrap();
    archive.app.settle().await.unwrap();
    let last = archive.entries().await - 1;
    archive.objects().delete(&batch(last)).await.unwrap();
    archive.app.db.close().await;
    forget(&archive);
    let told = refusal(&mut archive).await;
    assert!(told.contains("published checkpoint") && is_one_sentence(&told), "{told}");
}

#[tokio::test]
async fn a_database_whose_tree_was_changed_is_refused() {
    for_all(async |archive| {
        archive.take(ZHOU, "a.pdf", &paper(&[PAPER])).await.unwrap();
        let mut tx = archive.app.db.write().await.unwrap();
        let sql =
            "UPDATE batch SET checkpoint = (SELECT checkpoint FROM batch ORDER BY first LIMIT 1)";
        tx.run(sql, &[]).await.unwrap();
        tx.commit().await.unwrap();
        let told = refusal(archive).await;
        assert!(told.contains("not the one that was signed") && is_one_sentence(&told), "{told}");
    })
    .await;
}
