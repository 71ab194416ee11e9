//! Work that follows an act: taken with leases, harmless when done twice, tried
//! again with growing pauses, in sight when it has been given up.

use std::time::Duration;

use yidang::catalog::jobs::{self as table, Job};
use yidang::{jobs, view, worker};

use crate::files::{noise, paper};
use crate::harness::{Archive, CHEN, ZHOU, for_all};

const PAPER: &[&str] = &["入户调查表", "调查人：赵玉梅", "住房两间"];

async fn listed(archive: &Archive) -> Vec<Job> {
    let mut tx = archive.app.db.read().await.unwrap();
    table::list(&mut tx, 100).await.unwrap()
}

/// Takes a job as a worker that is then heard of no more.
async fn taken_by(archive: &Archive, owner: &str) -> Option<Job> {
    let lease = Duration::from_secs(archive.app.config.lease_seconds);
    let mut tx = archive.app.db.write().await.unwrap();
    let job = table::take(&mut tx, owner, archive.app.now(), lease).await.unwrap();
    tx.commit().await.unwrap();
    job
}

async fn still_has(archive: &Archive, job: &Job, owner: &str) -> bool {
    let mut tx = archive.app.db.write().await.unwrap();
    let kept = table::progress(&mut tx, job, owner, 1, 2, archive.app.now()).await.unwrap();
    tx.commit().await.unwrap();
    kept
}

async fn drain(archive: &Archive) -> u64 {
    worker::drain(&archive.app, false, |_, _| {}).await.unwrap()
}

#[tokio::test]
async fn a_job_whose_worker_died_is_taken_over() {
    for_all(async |archive| {
        let id = archive.take(ZHOU, "a.pdf", &paper(&[PAPER])).await.unwrap().document;
        let job = taken_by(archive, "first").await.unwrap();
        assert_eq!((job.state.as_str(), job.attempts), ("running", 1));
        // While the lease runs nobody else gets it.
        assert_eq!(drain(archive).await, 0);
        assert!(taken_by(archive, "second").await.is_none());
        assert!(still_has(archive, &job, "first").await);

        archive.hands.advance(Duration::from_secs(archive.app.config.lease_seconds + 1));
        let again = taken_by(archive, "second").await.unwrap();
        assert_eq!((again.key.as_str(), again.attempts), (job.key.as_str(), 2));
        assert!(!still_has(archive, &job, "first").await, "the first one learns that it lost it");
        let mut tx = archive.app.db.write().await.unwrap();
        assert!(!table::finish(&mut tx, &job, "first").await.unwrap());
        let now = archive.app.now();
        assert!(!table::give_back(&mut tx, &job, "first", "too late", true, now).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(listed(archive).await[0].state, "running", "it can neither end nor return it");

        archive.hands.advance(Duration::from_secs(archive.app.config.lease_seconds + 1));
        assert_eq!(drain(archive).await, 1);
        archive.settle().await;
        assert_eq!(archive.finds("住房两间").await, [id]);
        assert!(listed(archive).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn two_workers_share_the_queue_and_take_nothing_twice() {
    for_all(async |archive| {
        for no in 0..6 {
            archive.take("", &format!("{no}.png"), &noise(30, 30)).await.unwrap();
        }
        let other = archive.second().await.unwrap();
        let (here, there) = tokio::join!(
            worker::drain(&archive.app, false, |_, _| {}),
            worker::drain(&other, false, |_, _| {})
        );
        assert_eq!(here.unwrap() + there.unwrap(), 6);
        assert!(listed(archive).await.is_empty());
        other.db.close().await;
    })
    .await;
}

#[tokio::test]
async fn reading_twice_changes_nothing() {
    for_all(async |archive| {
        let first = archive.take(ZHOU, "a.pdf", &paper(&[PAPER])).await.unwrap();
        archive.settle().await;
        let read = archive.paths("derived").await;
        // The same bytes for another household queue the reading again.
        let second = archive.take(CHEN, "b.pdf", &paper(&[PAPER])).await.unwrap();
        let dump = archive.dump().await;
        assert_eq!(drain(archive).await, 1);
        archive.settle().await;
        assert_eq!(archive.dump().await, dump);
        assert_eq!(archive.paths("derived").await, read);
        assert_eq!(archive.finds("住房两间").await, [first.document, second.document]);
    })
    .await;
}

#[tokio::test]
async fn what_fails_is_tried_thrice_with_growing_pauses_and_then_waits_for_a_person() {
    for_all(async |archive| {
        archive.read_with("/nowhere/yidang");
        let id = archive.take("", "a.png", &noise(30, 30)).await.unwrap().document;
        for (attempt, pause) in [(1, 2), (2, 8)] {
            assert_eq!(drain(archive).await, 0);
            let job = listed(archive).await.remove(0);
            assert_eq!((job.state.as_str(), job.attempts), ("ready", attempt));
            assert!(job.error.contains("这台机器"), "{}", job.error);
            // Not a moment too early.
            archive.hands.advance(Duration::from_millis(pause * 1000 - 1));
            assert_eq!(drain(archive).await, 0);
            assert_eq!(listed(archive).await[0].attempts, attempt);
            archive.hands.advance(Duration::from_millis(1));
        }
        drain(archive).await;
        let job = listed(archive).await.remove(0);
        assert_eq!((job.state.as_str(), job.attempts), ("failed", 3));
        archive.hands.advance(Duration::from_secs(86_400));
        assert_eq!(drain(archive).await, 0);

        // It stays in sight, with its document, until somebody deals with it.
        let seen = jobs::list(&archive.app, &archive.bureau(), 10).await.unwrap();
        assert_eq!((seen[0].0.state.as_str(), seen[0].1[0].id), ("failed", id.0));
        let waiting = view::overview(&archive.app, &archive.bureau()).await.unwrap();
        assert_eq!(waiting.jobs, (0, 0, 1));

        archive.read_with(env!("CARGO_BIN_EXE_yidang"));
        let key = Some(job.key.as_str());
        assert_eq!(jobs::retry(&archive.app, &archive.other_clerk(), key).await.unwrap(), 0);
        assert_eq!(jobs::retry(&archive.app, &archive.bureau(), key).await.unwrap(), 1);
        assert_eq!(drain(archive).await, 1);
        assert!(listed(archive).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn what_cannot_get_better_fails_at_once() {
    for_all(async |archive| {
        let damaged = archive.take("", "a.png", &noise(300, 300)).await.unwrap();
        archive.damage(damaged.sha256).await;
        drain(archive).await;
        let job = listed(archive).await.remove(0);
        assert_eq!((job.state.as_str(), job.attempts), ("failed", 1));
        assert!(job.error.contains("指纹不符"), "{}", job.error);
    })
    .await;
}

#[tokio::test]
async fn a_file_that_cannot_be_read_holds_up_no_other() {
    for_all(async |archive| {
        let bad = archive.take("", "bad.png", &noise(300, 300)).await.unwrap();
        archive.damage(bad.sha256).await;
        let good = archive.take("", "good.pdf", &paper(&[PAPER])).await.unwrap();
        assert_eq!(drain(archive).await, 1);
        archive.settle().await;
        assert_eq!(archive.finds("住房两间").await, [good.document]);
    })
    .await;
}

#[tokio::test]
async fn pages_without_models_are_known_by_name_and_say_why_they_are_not_read() {
    for_all(async |archive| {
        let id = archive.take(ZHOU, "户口簿首页.png", &noise(60, 40)).await.unwrap().document;
        archive.settle().await;
        let shown = view::document(&archive.app, &archive.bureau(), id).await.unwrap();
        let reading = shown.pages[0].reading.as_ref().unwrap();
        assert_eq!(reading.reason, yidang::extract::NO_MODELS);
        assert_eq!(shown.unread(), 1);
        assert_eq!(archive.finds("户口簿").await, [id]);
    })
    .await;
}
