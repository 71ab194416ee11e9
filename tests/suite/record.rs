//! Acts are numbered without gaps, committed together and published in order;
//! the same through every failure of the store.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use futures::future::join_all;
use object_store::ObjectStoreExt;
use object_store::path::Path;
use yidang::audit;
use yidang::catalog::Refusal;
use yidang::ledger;
use yidang::model::act::Act;
use yidang::model::id::{Digest, EntryNo};
use yidang::record::{Receipt, RecordError};

use crate::faults::When;
use crate::harness::{Archive, NOBODY, Sql, Store, for_all, household};

fn named(serial: usize) -> Act {
    let code = format!("9901{serial:08}").parse().unwrap();
    Act::RegisterOrganisation { code, name: format!("第{serial}居委会") }
}

fn opening(no: &str, head: &str) -> Act {
    Act::OpenHousehold {
        household: household(no),
        head: head.into(),
        id_number: String::new(),
        address: String::new(),
        members: Vec::new(),
        volume: hex::encode(rand::random::<[u8; 16]>()),
        source: None,
    }
}

async fn record(archive: &Archive, act: Act) -> Result<Receipt, RecordError> {
    archive.app.recorder.record(&archive.bureau(), act).await
}

/// The log as published: the number of every batch, and all its lines.
async fn published(archive: &Archive) -> (Vec<EntryNo>, String) {
    let firsts = archive.app.vault.batches(0).await.unwrap();
    let mut lines = String::new();
    for first in &firsts {
        let batch = archive.app.vault.batch(*first).await.unwrap();
        for (_, leaf) in ledger::parse(*first, &batch).unwrap().entries {
            lines.push_str(&format!("{}\n", String::from_utf8(leaf).unwrap()));
        }
    }
    (firsts, lines)
}

#[tokio::test]
async fn two_hundred_at_once_get_consecutive_numbers() {
    for_all(async |archive| {
        let begin = archive.entries().await;
        let batches = published(archive).await.0.len();
        let acts = (0..200).map(|serial| record(archive, named(serial)));
        let receipts: Vec<Receipt> =
            join_all(acts).await.into_iter().collect::<Result<_, _>>().unwrap();
        let mut numbers: Vec<EntryNo> = receipts.iter().map(|receipt| receipt.no).collect();
        numbers.sort_unstable();
        assert_eq!(numbers, (begin..begin + 200).collect::<Vec<_>>());

        let (firsts, lines) = published(archive).await;
        assert!(firsts.len() - batches < 50, "acts were committed together: {firsts:?}");
        for (line, no) in lines.lines().zip(0..) {
            assert!(line.contains(&format!("\"no\":{no},")), "{no}: {line}");
        }
        assert_eq!(lines.lines().count() as i64, begin + 200);
        // No name and no number of a person or place stands in the log.
        assert!(!lines.contains("居委会") && !lines.contains("99010000"));
    })
    .await;
}

#[tokio::test]
async fn a_tile_that_a_store_lost_is_made_again_from_the_entries() {
    for_all(async |archive| {
        join_all((0..300).map(|serial| record(archive, named(serial)))).await;
        archive.app.settle().await.unwrap();
        let (store, lost) = (archive.objects(), ["0/000", "entries/000", "1/000.p/1"]);
        let tile = async |name: &str| {
            let path = Path::from(format!("log/tile/{name}"));
            (store.get(&path).await.ok().unwrap().bytes().await.unwrap(), path)
        };
        // That it was lost is told, once, and nothing else is wrong.
        let told = async |name: &str| {
            let (bureau, path) = (archive.bureau(), format!("log/tile/{name}"));
            let asked = audit::Asked { repair: true, ..audit::Asked::default() };
            let verify = || audit::verify_as(&archive.app, &bureau, Arc::default(), asked);
            let report = verify().await.unwrap();
            let code = "log.tile.missing";
            assert!(report.missing.iter().all(|one| one.code == code && one.path == path));
            let report = audit::Report { missing: Vec::new(), ..report };
            assert!(report.is_clean(), "{report:?}");
            let report = verify().await.unwrap();
            assert!(report.is_clean(), "{report:?}");
        };
        for name in lost {
            let (before, path) = tile(name).await;
            store.delete(&path).await.unwrap();
            // Whoever publishes looks once an hour whether everything is there.
            archive.hands.advance(std::time::Duration::from_secs(3600));
            told(name).await;
            assert!(name.contains(".p/") || tile(name).await.0 == before, "{name}");
            // And at the start of the program.
            store.delete(&path).await.ok();
            let other = archive.second().await.unwrap();
            // One publishes at a time: whoever is at it is asked to rest first.
            for _ in 0..50 {
                archive.app.settle().await.unwrap();
                other.settle().await.unwrap();
                if name.contains(".p/") || store.head(&path).await.is_ok() {
                    break;
                }
                tokio::time::sleep(std::time::Duration::from_millis(200)).await;
            }
            other.db.close().await;
            told(name).await;
        }
    })
    .await;
}

#[tokio::test]
async fn an_act_refused_among_others_leaves_no_trace() {
    for_all(async |archive| {
        let begin = archive.entries().await;
        let mut acts =
            vec![opening(NOBODY, "李一"), opening(NOBODY, "李二"), opening(NOBODY, "李三")];
        acts.extend((0..20).map(named));
        let outcomes = join_all(acts.into_iter().map(|act| record(archive, act))).await;
        let (done, refused): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
        assert_eq!((done.len(), refused.len()), (21, 2));
        for error in refused {
            let RecordError::Refused(Refusal::HouseholdExists(no)) = error.unwrap_err() else {
                panic!("refused for another reason");
            };
            assert_eq!(no.as_str(), NOBODY);
        }
        assert_eq!(archive.entries().await, begin + 21);
        let report = audit::verify(&archive.app, &archive.bureau(), Arc::default()).await.unwrap();
        assert!(report.is_clean(), "no body of an act that was refused: {report:?}");
        let dump = archive.dump().await.join("\n");
        assert_eq!(["李一", "李二", "李三"].iter().filter(|head| dump.contains(**head)).count(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_write_that_fails_a_moment_costs_nothing() {
    let archive = Archive::new(Store::Memory, Sql::Sqlite).await;
    for when in [When::Before, When::After] {
        archive.faults.fail("log/entries", 0, 2, when);
        let receipt = record(&archive, named(1)).await.unwrap();
        let (_, lines) = published(&archive).await;
        assert_eq!(lines.lines().count() as i64, receipt.no + 1, "{when:?}");
    }
}

#[tokio::test]
async fn an_act_whose_body_is_not_stored_did_not_happen() {
    let archive = Archive::new(Store::Memory, Sql::Sqlite).await;
    let before = archive.dump().await;
    archive.faults.fail("obj/", 0, 5, When::Before);
    let failed = record(&archive, named(1)).await;
    assert!(matches!(failed, Err(RecordError::Failed(_))), "{failed:?}");
    assert_eq!(archive.dump().await, before);

    // Stored, and only not told: it is found there and confirmed.
    archive.faults.fail("obj/", 0, 1, When::After);
    let done = record(&archive, named(1)).await.unwrap();
    assert_eq!(done.no as usize, published(&archive).await.1.lines().count() - 1);
}

#[tokio::test]
async fn what_cannot_be_published_did_not_happen() {
    let mut archive = Archive::new(Store::Memory, Sql::Sqlite).await;
    let (begin, dump) = (archive.entries().await, archive.dump().await);
    archive.faults.fail("log/entries", 0, u32::MAX, When::Before);
    let told = record(&archive, named(1)).await;
    assert!(matches!(told, Err(RecordError::Unsure(_))), "{told:?}");
    assert_eq!(archive.dump().await, dump);

    archive.faults.heal();
    assert_eq!(record(&archive, named(2)).await.unwrap().no, begin);
    archive.reopen().await.unwrap();
    assert_eq!(published(&archive).await.1.lines().count() as i64, begin + 1);
}

#[tokio::test]
async fn what_was_published_after_all_is_known_when_the_store_is_back() {
    let archive = Archive::new(Store::Memory, Sql::Sqlite).await;
    let begin = archive.entries().await;
    // The object is stored, and neither that nor anything after it is told.
    archive.faults.fail("log/entries", 0, 1, When::After);
    archive.faults.fail("log/entries", 0, 4, When::Before);
    let told = record(&archive, named(1)).await;
    assert!(matches!(told, Err(RecordError::Unsure(_))), "{told:?}");
    assert_eq!(archive.entries().await, begin + 1, "the database knows of it");

    assert_eq!(record(&archive, named(2)).await.unwrap().no, begin + 1);
    let (firsts, lines) = published(&archive).await;
    assert_eq!(lines.lines().count() as i64, begin + 2);
    assert!(firsts.ends_with(&[begin, begin + 1]), "{firsts:?}");
    assert!(archive.dump().await.join("\n").contains("第1居委会"));
}

#[tokio::test]
async fn nothing_that_was_published_is_written_over() {
    for_all(async |archive| {
        let done = record(archive, named(1)).await.unwrap();
        let lines = archive.app.vault.batch(done.no).await.unwrap();
        archive.app.vault.publish(done.no, lines.clone()).await.unwrap();
        let other = archive.app.vault.publish(done.no, "{}\n".into()).await;
        assert!(matches!(other, Err(yidang::vault::VaultError::Conflict(_))), "{other:?}");
        assert_eq!(archive.app.vault.batch(done.no).await.unwrap(), lines);
    })
    .await;
}

#[tokio::test]
async fn a_second_process_opens_while_the_first_records() {
    for_all(async |archive| {
        let archive = &*archive;
        let begin = archive.entries().await;
        let acts = join_all((0..120).map(|serial| async move {
            tokio::time::sleep(std::time::Duration::from_millis(serial as u64 * 4)).await;
            record(archive, named(serial)).await.unwrap()
        }));
        let openings = async {
            for _ in 0..8 {
                let second = archive.second().await.unwrap();
                let bureau = second.operator();
                second.recorder.record(&bureau, named(999)).await.unwrap();
                second.db.close().await;
            }
        };
        tokio::join!(acts, openings);
        let (_, lines) = published(archive).await;
        assert_eq!(lines.lines().count() as i64, begin + 128);
        assert_eq!(archive.entries().await, begin + 128);
    })
    .await;
}

#[tokio::test]
async fn who_comes_after_a_program_that_ended_publishes_at_once() {
    for_all(async |archive| {
        archive.app.settle().await.unwrap();
        let second = archive.second().await.unwrap();
        second.recorder.record(&archive.bureau(), named(1)).await.unwrap();
        second.settle().await.unwrap();
        let note = second.vault.checkpoint().await.unwrap().unwrap();
        let size = yidang::tlog::Checkpoint::parse(&note).unwrap().size;
        assert_eq!(size as i64, archive.entries().await);
        second.db.close().await;
    })
    .await;
}

#[tokio::test]
async fn bodies_that_come_together_share_a_blob_of_lines_that_the_entries_commit_to() {
    for_all(async |archive| {
        let acts = join_all((0..40).map(|serial| record(archive, named(serial)))).await;
        let last = acts.into_iter().map(|done| done.unwrap().no).max().unwrap();
        let (mut blobs, mut first) = (BTreeSet::new(), last - 39);
        while first <= last {
            let batch =
                ledger::parse(first, &archive.app.vault.batch(first).await.unwrap()).unwrap();
            let mut lines = BTreeMap::new();
            for name in batch.bodies {
                let path = Path::from(format!("obj/sha256/{}/{name}", &name.to_string()[..2]));
                let blob = archive.objects().get(&path).await.unwrap().bytes().await.unwrap();
                let text = String::from_utf8(blob.to_vec()).unwrap();
                lines.extend(
                    text.lines().map(|line| (Digest::of(line.as_bytes()), line.to_owned())),
                );
                blobs.insert(name);
            }
            for (entry, _) in &batch.entries {
                assert!(lines[&entry.body].contains("居委会"), "{lines:?}");
            }
            first += batch.entries.len() as i64;
        }
        assert!(blobs.len() < 30, "many came together: {}", blobs.len());
    })
    .await;
}
