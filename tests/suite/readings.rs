//! What was read, how well, and by which version of the reader.

use std::sync::Arc;
use std::time::Duration;

use object_store::ObjectStoreExt as _;
use yidang::catalog::jobs;
use yidang::catalog::readings::{self, DoubtfulPage};
use yidang::extract::Source;
use yidang::model::access::{Actor, scope};
use yidang::model::id::Digest;
use yidang::rendition::{self, Rendition};
use yidang::vault::Key;
use yidang::{follow, worker};

use crate::files::paper;
use crate::harness::{Archive, CHEN, Sql, Store, ZHOU, for_all, models};

const ONE: &[&str] = &["低保申请书", "槐荫里十二号", "周桂兰"];
const TWO: &[&str] = &["收入证明", "退休金八百元", "盖章"];
const THREE: &[&str] = &["新到的一份", "附页", "先读"];

async fn sha256_of(archive: &Archive, document: i64) -> Digest {
    let mut tx = archive.app.db.read().await.unwrap();
    let found: Option<(String,)> = tx
        .one(
            "SELECT sha256 FROM document_file WHERE document = $1 ORDER BY place",
            yidang::args![document],
        )
        .await
        .unwrap();
    found.unwrap().0.parse().unwrap()
}

/// Has the pages of a file read as surely as `shares` say, one a page.
async fn read_as(archive: &Archive, sha256: Digest, shares: &[f32]) {
    let mut found = rendition::newest(&archive.app, sha256).await.unwrap().unwrap();
    for (page, &share) in found.reading.pages.iter_mut().zip(shares) {
        page.source = Source::Ocr;
        page.lines.iter_mut().for_each(|line| line.confidence = share);
    }
    let kept = rendition::keep(&archive.app, sha256, found.reading).await.unwrap();
    let mut tx = archive.app.db.write().await.unwrap();
    worker::keep_summary(&archive.app, &mut tx, &kept).await.unwrap();
    tx.commit().await.unwrap();
}

async fn doubtful(
    archive: &Archive,
    actor: &Actor,
    bar: u32,
    after: Option<DoubtfulPage>,
    limit: u32,
) -> Vec<(i64, i64, i64)> {
    let mut tx = archive.app.db.read().await.unwrap();
    let found = readings::doubtful(&mut tx, &scope(actor), bar, after, limit).await.unwrap();
    found.into_iter().map(|one| (one.quality, one.document, one.page)).collect()
}

#[tokio::test]
async fn pages_that_were_read_badly_are_listed_worst_first_to_those_who_may_see_them() {
    for_all(async |archive| {
        let mut ids = Vec::new();
        for (no, to) in [ZHOU, ZHOU, CHEN].into_iter().enumerate() {
            let name = format!("第{no}份");
            let bytes = paper(&[ONE, TWO, &[name.as_str(), "附页", "续前页"]]);
            ids.push(archive.take(to, "a.pdf", &bytes).await.unwrap().document.0);
        }
        archive.settle().await;
        let all = archive.bureau();
        assert!(doubtful(archive, &all, 1000, None, 100).await.is_empty(), "sound text layers");
        let shares: [&[f32]; 3] = [&[0.95, 0.6, 0.8], &[0.99, 0.99, 0.99], &[0.8, 1.0, 0.89]];
        for (id, shares) in ids.iter().zip(shares) {
            read_as(archive, sha256_of(archive, *id).await, shares).await;
        }
        let [a, b, c] = ids[..] else { panic!("{ids:?}") };
        let worst = [(600, a, 2), (800, a, 3), (800, c, 1), (890, c, 3)];
        assert_eq!(doubtful(archive, &all, 1000, None, 100).await, worst);
        assert_eq!(doubtful(archive, &all, 800, None, 100).await, worst[..1]);
        // Leaf by leaf, nothing twice and nothing left out.
        let mut after = None;
        for expected in worst {
            assert_eq!(doubtful(archive, &all, 1000, after, 1).await, [expected]);
            let (quality, document, page) = expected;
            after = Some(DoubtfulPage { quality, document, page });
        }
        assert!(doubtful(archive, &all, 1000, after, 1).await.is_empty());
        // Each sees their own.
        assert_eq!(doubtful(archive, &archive.clerk(), 1000, None, 100).await, worst[..2]);

        let mut tx = archive.app.db.read().await.unwrap();
        for (id, quality) in [(a, Some(600)), (b, Some(990)), (c, Some(800)), (9999, None)] {
            let id = yidang::model::id::DocumentId(id);
            assert_eq!(readings::quality_of(&mut tx, id).await.unwrap(), quality);
        }
        drop(tx);
        // Read better, it is no longer in the list.
        read_as(archive, sha256_of(archive, a).await, &[0.95, 0.95, 0.95]).await;
        assert_eq!(doubtful(archive, &all, 1000, None, 100).await, worst[2..]);
    })
    .await;
}

/// Makes what was read of a file that of the version before, with one line more.
async fn aged(archive: &Archive, sha256: Digest) {
    let Rendition { mut reading, .. } =
        rendition::newest(&archive.app, sha256).await.unwrap().unwrap();
    reading.pages[0].lines[0].text.push_str("旧读法");
    let last = *reading.pages[0].lines[0].chars.last().unwrap();
    reading.pages[0].lines[0].chars.extend([last; 3]);
    let old = Rendition { maker: "read@1".into(), sha256, reading };
    let key = |maker| Key::Derived { maker, of: sha256, part: "pages.json".into() };
    archive.objects().delete(&key(rendition::MAKER).path()).await.unwrap();
    let bytes = serde_json::to_vec(&old).unwrap();
    archive.app.vault.put_derived(&key("read@1"), bytes.into()).await.unwrap();
    let mut tx = archive.app.db.write().await.unwrap();
    worker::keep_summary(&archive.app, &mut tx, &old).await.unwrap();
    tx.commit().await.unwrap();
    follow::until_current(&archive.app).await.unwrap();
}

#[tokio::test]
async fn what_an_earlier_version_read_serves_until_it_is_read_again() {
    let mut archive = Archive::new(Store::Memory, Sql::Sqlite).await;
    let first = archive.take(ZHOU, "a.pdf", &paper(&[ONE])).await.unwrap().document;
    archive.take(ZHOU, "b.pdf", &paper(&[TWO])).await.unwrap();
    archive.settle().await;
    let sha256 = sha256_of(&archive, first.0).await;
    aged(&archive, sha256).await;
    assert_eq!(archive.finds("旧读法").await, [first]);

    // Without models nothing is queued: a poorer reading must not replace a good one.
    assert_eq!(worker::take_up_outdated(&archive.app).await.unwrap(), 0);
    let now = archive.app.now();
    let again = async |archive: &Archive, maker: &str, limit| {
        let mut tx = archive.app.db.write().await.unwrap();
        let queued = readings::requeue_outdated(&mut tx, maker, now, limit).await.unwrap();
        tx.commit().await.unwrap();
        queued
    };
    assert_eq!(again(&archive, rendition::MAKER, 100).await, 1, "only what is outdated");
    assert_eq!(again(&archive, rendition::MAKER, 100).await, 0, "it waits already");
    archive.settle().await;
    assert_eq!(archive.finds("旧读法").await, [first], "what is there stays without models");

    let Some(models) = models() else { return };
    archive.reopen().await.unwrap();
    Arc::get_mut(&mut archive.app).expect("nobody else has it open").config.models = models;
    assert_eq!(worker::take_up_outdated(&archive.app).await.unwrap(), 1);
    // What comes in now is read before what is read again.
    archive.hands.advance(Duration::from_secs(5));
    let third = archive.take(CHEN, "c.pdf", &paper(&[THREE])).await.unwrap().document;
    let mut tx = archive.app.db.write().await.unwrap();
    let next = jobs::take(&mut tx, "me", archive.app.now(), Duration::ZERO).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(next.unwrap().subject, sha256_of(&archive, third.0).await.to_string());
    archive.hands.advance(Duration::from_secs(5));
    archive.settle().await;
    assert!(archive.finds("旧读法").await.is_empty());
    assert_eq!(archive.finds("槐荫里十二号").await, [first]);
    assert!(rendition::newest(&archive.app, sha256).await.unwrap().unwrap().is_current());
    assert_eq!(worker::take_up_outdated(&archive.app).await.unwrap(), 0);
}
