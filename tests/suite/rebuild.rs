//! The object store is the archive: catalog and index are made again from it.

use std::path::Path;

use object_store::ObjectStoreExt;
use yidang::search::Answer;
use yidang::{binding, filing, rebuild, worker};

use crate::files::paper;
use crate::harness::{Archive, CHEN, Sql, Store, ZHOU, description, for_all, household};

/// An archive in which everything that can happen has happened.
async fn lived_in(archive: &Archive) {
    let (app, bureau) = (&archive.app, archive.bureau());
    archive
        .take(ZHOU, "a.pdf", &paper(&[&["最低生活保障申请书", "申请人：周桂兰", "退休金八百元"]]))
        .await
        .unwrap();
    let two = archive
        .take(
            "",
            "b.pdf",
            &paper(&[&["收入证明", "陈志强", "退休金九百元"], &["附页", "无", "盖章"]]),
        )
        .await
        .unwrap();
    let three =
        archive.take("", "c.pdf", &paper(&[&["附页二", "退休金", "续前页"]])).await.unwrap();
    let four = archive.take("", "d.pdf", &paper(&[&["糊了", "看不清", "退休金"]])).await.unwrap();
    archive.settle().await;
    let said = description("A03", "收入证明", "2026-03-09");
    filing::file(app, &bureau, two.document, &household(CHEN), said.clone()).await.unwrap();
    filing::join(app, &bureau, three.document, two.document).await.unwrap();
    filing::give_back(app, &bureau, four.document, "重扫").await.unwrap();
    for no in [ZHOU, CHEN] {
        binding::bind(app, &bureau, &household(no), "").await.unwrap();
    }
    let better = description("A03", "收入证明（更正）", "2026-03-10");
    filing::file(app, &bureau, two.document, &household(CHEN), better).await.unwrap();
    binding::bind(app, &bureau, &household(CHEN), "").await.unwrap();
    archive.take(ZHOU, "empty.pdf", &[]).await.unwrap_err();
    archive.settle().await;
}

/// What is asked before and after.
async fn answers(archive: &Archive) -> Vec<String> {
    let mut told = Vec::new();
    for query in ["退休金", "周桂兰", "\"收入证明\"", "盖章 OR 续前页", "元", "没有这个词"]
    {
        let Answer {
            total, total_pages, mut found, types, years, households, organisations, ..
        } = archive.find(query).await;
        found.sort_by_key(|one| one.document);
        let found = serde_json::to_string(&found).unwrap();
        let facets = format!("{types:?} {years:?} {households:?} {organisations:?}");
        told.push(format!("{query}: {total} {total_pages} {facets} {found}"));
    }
    told
}

fn remove_projections(data: &Path) {
    std::fs::remove_dir_all(data.join("index")).unwrap();
    for file in std::fs::read_dir(data).unwrap() {
        let path = file.unwrap().path();
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("catalog.")) {
            std::fs::remove_file(path).unwrap();
        }
    }
}

#[tokio::test]
async fn everything_comes_back_from_the_object_store() {
    for_all(async |archive| {
        lived_in(archive).await;
        let (dump, told) = (archive.dump().await, answers(archive).await);
        assert!(dump.len() > 30 && told[0].starts_with("退休金: 2 3"), "{}", told[0]);

        archive.app.db.close().await;
        remove_projections(archive.data());
        archive.reopen().await.unwrap();
        let rebuilt = rebuild::rebuild(&archive.app, |_| {}).await.unwrap();
        assert_eq!(rebuilt.entries as i64, archive.entries().await);
        assert_eq!((rebuilt.to_read, rebuilt.documents > 0), (0, true));
        assert_eq!(archive.dump().await, dump);
        assert_eq!(answers(archive).await, told);

        // And again on what is there; and acts go on where they were.
        rebuild::rebuild(&archive.app, |_| {}).await.unwrap();
        assert_eq!(archive.dump().await, dump);
        let next =
            archive.take(ZHOU, "next.pdf", &paper(&[&["新的一页", "内容", "续"]])).await.unwrap();
        assert_eq!(next.document.0 as u64, rebuilt.entries);
        archive.settle().await;
        assert_eq!(archive.finds("新的一页").await, [next.document]);
    })
    .await;
}

#[tokio::test]
async fn what_was_read_may_be_lost_too() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    lived_in(&archive).await;
    let (dump, told) = (archive.dump().await, answers(&archive).await);
    std::fs::remove_dir_all(archive.data().join("store/derived")).unwrap();
    let rebuilt = rebuild::rebuild(&archive.app, |_| {}).await.unwrap();
    assert_eq!(rebuilt.to_read, 4, "one for each file");
    assert_eq!(worker::drain(&archive.app, false, |_, _| {}).await.unwrap(), 4);
    archive.settle().await;
    assert_eq!(archive.dump().await, dump);
    assert_eq!(answers(&archive).await, told);
}

#[tokio::test]
async fn a_log_with_a_gap_leaves_everything_as_it_is() {
    for_all(async |archive| {
        lived_in(archive).await;
        let (dump, told) = (archive.dump().await, answers(archive).await);
        let batches = archive.paths("log").await;
        let lost = batches[batches.len() / 2].as_str().into();
        archive.objects().delete(&lost).await.unwrap();
        let refused = rebuild::rebuild(&archive.app, |_| {}).await.unwrap_err();
        assert!(refused.to_string().contains("missing from the object store"), "{refused}");
        assert_eq!(archive.dump().await, dump);
        assert_eq!(answers(archive).await, told);
    })
    .await;
}

#[tokio::test]
async fn a_rebuild_waits_for_nobody_who_writes_the_index() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    lived_in(&archive).await;
    let before = archive.dump().await;
    let other = archive.second().await.unwrap();
    let _writer = other.index.own().writer().unwrap();
    let refused = rebuild::rebuild(&archive.app, |_| {}).await;
    assert!(matches!(refused, Err(rebuild::RebuildError::InUse)), "{refused:?}");
    assert_eq!(archive.dump().await, before);
}
