//! Every stored file is read again; what is not as it should be is named with
//! the document and household it belongs to, and is not served.

use std::sync::Arc;
use std::time::Duration;

use object_store::ObjectStoreExt;
use object_store::path::Path;
use yidang::args;
use yidang::audit::{self, Asked, Bounds, Report, schedule};
use yidang::catalog::leases;
use yidang::config::Sweeping;
use yidang::intake::IntakeError;
use yidang::ledger;
use yidang::model::id::Digest;
use yidang::tlog::{Frontier, LogKey};
use yidang::vault::Key;
use yidang::view::{self, ViewError};
use yidang::{binding, filing};

use crate::files::paper;
use crate::harness::{Archive, CHEN, Sql, Store, ZHOU, description, for_all, household};

const PAPER: &[&str] = &["最低生活保障申请书", "申请人：周桂兰", "家住槐荫里"];

async fn verified(archive: &Archive) -> Report {
    audit::verify(&archive.app, &archive.bureau(), Arc::default()).await.unwrap()
}

#[tokio::test]
async fn a_sound_archive_is_clean_and_the_check_is_itself_an_act() {
    for_all(async |archive| {
        let (app, bureau) = (&archive.app, archive.bureau());
        assert_eq!(audit::last(app, &bureau).await.unwrap(), None);
        let id = archive.take(ZHOU, "a.pdf", &paper(&[PAPER])).await.unwrap().document;
        filing::file(app, &bureau, id, &household(ZHOU), description("A01", "申请书", ""))
            .await
            .unwrap();
        binding::bind(app, &bureau, &household(ZHOU), "").await.unwrap();
        let blobs = archive.paths("obj").await.len() as u64;
        let report = verified(archive).await;
        assert!(report.is_clean(), "{report:?}");
        assert_eq!(report.checked, blobs);
        let (_, by, last) = audit::last(app, &bureau).await.unwrap().unwrap();
        assert_eq!((by, last), (bureau.name, report));
        // The second time reads the act of the first, too.
        assert_eq!(verified(archive).await.checked, blobs + 1);
    })
    .await;
}

#[tokio::test]
async fn a_flipped_bit_is_found_with_its_household_and_not_served() {
    for_all(async |archive| {
        let (app, bureau) = (&archive.app, archive.bureau());
        let sound = archive
            .take(CHEN, "b.pdf", &paper(&[&["收入证明", "陈志强", "八百元"]]))
            .await
            .unwrap();
        let taken = archive.take(ZHOU, "a.pdf", &paper(&[PAPER])).await.unwrap();
        filing::file(
            app,
            &bureau,
            taken.document,
            &household(ZHOU),
            description("A01", "低保申请书", ""),
        )
        .await
        .unwrap();
        archive.damage(taken.sha256).await;

        let report = verified(archive).await;
        assert_eq!((report.changed.len(), report.missing.len(), report.untracked.len()), (1, 0, 0));
        let finding = &report.changed[0];
        assert_eq!(finding.object, taken.sha256.to_string());
        assert_eq!(
            (finding.document, finding.title.as_str()),
            (Some(taken.document.0), "低保申请书")
        );
        assert_eq!((finding.household.as_deref(), finding.head.as_str()), (Some(ZHOU), "周桂兰"));

        let served = view::original(app, &bureau, taken.document, 1).await;
        let damaged = |error: &ViewError| matches!(error, ViewError::Vault(one) if one.is_damage());
        assert!(served.as_ref().is_err_and(damaged), "{served:?}");
        let drawn = view::page_image(app, &bureau, taken.document, 1, 900).await;
        assert!(drawn.is_err_and(|error| damaged(&error)));
        // Nor is it taken for stored when the right bytes come again.
        let again = archive.take(ZHOU, "a.pdf", &paper(&[PAPER])).await;
        assert!(matches!(again, Err(IntakeError::Vault(error)) if error.is_damage()));
        assert!(view::original(app, &bureau, sound.document, 1).await.is_ok());
        assert!(archive.on_the_way().is_empty());
    })
    .await;
}

#[tokio::test]
async fn what_is_missing_and_what_is_too_much_is_named() {
    for_all(async |archive| {
        let taken = archive.take(ZHOU, "a.pdf", &paper(&[PAPER])).await.unwrap();
        let store = archive.objects();
        store.delete(&Key::Blob(taken.sha256).path()).await.unwrap();
        let stray = Digest::of(b"nobody knows me");
        store.put(&Key::Blob(stray).path(), "nobody knows me".into()).await.unwrap();
        store.put(&Path::from("obj/sha256/ab/notes.txt"), "x".into()).await.unwrap();

        let report = verified(archive).await;
        assert_eq!(report.changed, []);
        assert_eq!(report.missing.len(), 1);
        assert_eq!(report.missing[0].household.as_deref(), Some(ZHOU));
        assert_eq!(report.missing[0].document, Some(taken.document.0));
        let mut strays: Vec<_> = report.untracked.iter().map(|one| one.object.as_str()).collect();
        strays.sort_unstable();
        let mut expected =
            [Key::Blob(stray).path().to_string(), "obj/sha256/ab/notes.txt".to_owned()];
        expected.sort_unstable();
        assert_eq!(strays, expected);
    })
    .await;
}

#[tokio::test]
async fn manifests_and_acts_are_read_again_too() {
    for_all(async |archive| {
        let (app, bureau) = (&archive.app, archive.bureau());
        archive.take(ZHOU, "a.pdf", &paper(&[PAPER])).await.unwrap();
        archive.settle().await;
        let bound = binding::bind(app, &bureau, &household(ZHOU), "").await.unwrap();
        archive.damage(bound.manifest).await;
        let mut tx = app.db.read().await.unwrap();
        let entry =
            yidang::catalog::entries::last_of(&mut tx, "bind_volume").await.unwrap().unwrap();
        drop(tx);
        let batch = ledger::parse(entry.no, &app.vault.batch(entry.no).await.unwrap()).unwrap();
        archive.damage(batch.bodies[0]).await;

        let report = verified(archive).await;
        let mut found: Vec<_> =
            report.changed.iter().map(|one| (one.kind, one.household.as_deref())).collect();
        found.sort_unstable();
        assert_eq!(found, [("act", Some(ZHOU)), ("manifest", Some(ZHOU))]);
        let act = report.changed.iter().find(|one| one.kind == "act").unwrap();
        assert_eq!(act.reason, format!("log entry {}", entry.no));
        // Others learn that something is wrong, and not whose it is.
        let (_, _, told) = audit::last(app, &archive.other_clerk()).await.unwrap().unwrap();
        assert_eq!(told.changed.len(), 2);
        assert!(
            told.changed.iter().all(|one| one.household.is_none() && one.head.is_empty()),
            "{told:?}"
        );
        assert!(view::volume(app, &bureau, &household(ZHOU), None).await.is_err());
    })
    .await;
}

/// What a verification says of the log, after something was done to a copy of
/// an archive with three batches and more.
async fn after(attack: impl AsyncFn(&Archive)) -> Vec<(String, String)> {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    archive.take(ZHOU, "a.pdf", &paper(&[PAPER])).await.unwrap();
    assert!(verified(&archive).await.is_clean());
    attack(&archive).await;
    let report = verified(&archive).await;
    let found = report.changed.into_iter().chain(report.missing);
    found.filter(|one| one.kind == "log").map(|one| (one.object, one.reason)).collect()
}

/// Writes something else over an object of the log.
async fn overwrite(archive: &Archive, path: &str, change: impl Fn(String) -> String) {
    let path = Path::from(path);
    let bytes = archive.objects().get(&path).await.unwrap().bytes().await.unwrap();
    let text = change(String::from_utf8(bytes.to_vec()).unwrap());
    archive.objects().put(&path, text.into()).await.unwrap();
}

/// The path of the last batch.
async fn last_batch(archive: &Archive) -> String {
    archive.paths("log/entries").await.pop().unwrap()
}

#[tokio::test]
async fn a_log_that_was_tampered_with_is_reported() {
    let told = |found: &[(String, String)], path: &str, reason: &str| {
        let hit = found.iter().any(|(at, why)| at.contains(path) && why.contains(reason));
        assert!(hit, "{path} {reason:?} is not in {found:?}");
    };
    let backdated = after(async |archive| {
        overwrite(archive, &last_batch(archive).await, |text| text.replace("2026-11", "2025-11"))
            .await;
    });
    told(&backdated.await, "log/entries/", "do not lead to its checkpoint");
    // The tree says nothing of where bodies are: the batch is compared whole, and
    // so are the bodies with what the entries commit to.
    let elsewhere = after(async |archive| {
        let other = Digest::of(b"elsewhere").to_string();
        overwrite(archive, &last_batch(archive).await, |text| {
            let at = text.find("bodies ").unwrap() + "bodies ".len();
            text[..at].to_owned() + &other + &text[at + 64..]
        })
        .await;
    });
    told(&elsewhere.await, "log/entries/", "the database noted");
    let swapped = after(async |archive| {
        let first = last_batch(archive).await.rsplit('/').next().unwrap().parse().unwrap();
        let batch = archive.app.vault.batch(first).await.unwrap();
        let name = ledger::parse(first, &batch).unwrap().bodies[0];
        let other = archive.app.vault.put("{}".into()).await.unwrap();
        overwrite(archive, &last_batch(archive).await, |text| {
            text.replacen(&name.to_string(), &other.to_string(), 1)
        })
        .await;
        // The database is made to agree.
        let batch = archive.app.vault.batch(first).await.unwrap();
        let mut tx = archive.app.db.write().await.unwrap();
        let noted = args![Digest::of(&batch).to_string(), first];
        tx.run("UPDATE batch SET sha256 = $1 WHERE first = $2", noted).await.unwrap();
        let named = args![other.to_string(), first];
        tx.run("UPDATE bodies SET sha256 = $1 WHERE batch = $2", named).await.unwrap();
        tx.commit().await.unwrap();
    });
    told(&swapped.await, "log/entries/", "is not among its own");
    let dropped = after(async |archive| {
        let path = Path::from(last_batch(archive).await);
        archive.objects().delete(&path).await.unwrap();
    });
    told(&dropped.await, "log/entries/", "are not there");
    let cut = after(async |archive| {
        let path = Path::from(archive.paths("log/entries").await.remove(1));
        archive.objects().delete(&path).await.unwrap();
    });
    told(&cut.await, "log/entries/", "are not in the store");
    let tile = after(async |archive| {
        let path = archive.paths("log/tile/0").await.pop().unwrap();
        archive.objects().put(&Path::from(path), vec![7; 64].into()).await.unwrap();
    });
    told(&tile.await, "log/tile/0/", "not the tile of these entries");
    let forged = after(async |archive| {
        let key = LogKey::new("yidang.local/forged", [1; 32]).unwrap();
        let mut tree = Frontier::default();
        let path = archive.paths("log/checkpoints").await.pop().unwrap();
        (0..archive.entries().await).for_each(|_| tree.push(b"forged"));
        let note = key.sign(&tree).unwrap();
        archive.objects().put(&Path::from(path), note.into()).await.unwrap();
    });
    told(&forged.await, "log/checkpoints/", "is of the log yidang.local/forged");
    let rows = after(async |archive| {
        let mut tx = archive.app.db.write().await.unwrap();
        let sql = "UPDATE entry SET leaf = REPLACE(leaf, 'ingestion', 'creation')";
        tx.run(sql, &[]).await.unwrap();
        tx.commit().await.unwrap();
    });
    told(&rows.await, "log/entries/", "the database has another entry");
}

#[tokio::test]
async fn a_catalog_that_was_edited_past_the_log_is_reported() {
    for_all(async |archive| {
        let (app, bureau) = (&archive.app, archive.bureau());
        let taken = archive.take(ZHOU, "a.pdf", &paper(&[PAPER])).await.unwrap();
        let said = description("A01", "申请书", "2026-03-09");
        filing::file(app, &bureau, taken.document, &household(ZHOU), said).await.unwrap();
        let report = verified(archive).await;
        assert!(report.is_clean() && report.scope.catalog, "{report:?}");
        let mut tx = app.db.write().await.unwrap();
        for sql in [
            "UPDATE document SET title = '另一份', date = '2020-01-01'",
            "DELETE FROM organisation WHERE code = '990102002001'",
            "INSERT INTO setting (key, value) VALUES ('owner', 'me')",
        ] {
            tx.run(sql, &[]).await.unwrap();
        }
        tx.commit().await.unwrap();
        let report = verified(archive).await;
        let told = |found: &[yidang::audit::Finding]| -> Vec<(String, String, String)> {
            found.iter().map(|f| (f.code.clone(), f.path.clone(), f.reason.clone())).collect()
        };
        let row = format!("document/{}", taken.document);
        let reason = "the log has another date, title".to_owned();
        assert_eq!(told(&report.changed), [("catalog.changed".into(), row, reason)]);
        assert_eq!(report.missing[0].path, "organisation/990102002001");
        assert_eq!(report.untracked[0].path, "setting/owner");
        assert!(report.untracked[0].place == "catalog" && report.untracked[0].kind == "catalog");
    })
    .await;
}

#[tokio::test]
async fn what_was_made_from_a_blob_that_is_not_there_is_named() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    archive.take(ZHOU, "a.pdf", &paper(&[PAPER])).await.unwrap();
    archive.settle().await;
    assert!(verified(&archive).await.is_clean());
    let stray = Digest::of(b"nobody knows me");
    let key =
        Key::Derived { maker: yidang::rendition::MAKER, of: stray, part: "pages.json".into() };
    archive.objects().put(&key.path(), "{}".into()).await.unwrap();
    let report = verified(&archive).await;
    assert_eq!(report.derived_only.len(), 1, "{report:?}");
    let found = &report.derived_only[0];
    assert_eq!((found.code.as_str(), found.kind), ("derived.orphan", "derived"));
    assert!(key.path().as_ref().starts_with(&found.path), "{}", found.path);
}

/// The shards that were read to their ends.
async fn looked(archive: &Archive) -> usize {
    let mut tx = archive.app.db.read().await.unwrap();
    let rows = yidang::catalog::sweeps::all(&mut tx).await.unwrap();
    rows.iter().filter(|row| row.looked > 0 && row.shard < 256).count()
}

#[tokio::test]
async fn a_look_that_is_broken_off_says_so_and_goes_on() {
    for_all(async |archive| {
        for no in 0..4 {
            let text = format!("第{no}次");
            archive.take(ZHOU, "a.pdf", &paper(&[&["调查记录", &text, "签字"]])).await.unwrap();
        }
        let blobs = archive.paths("obj").await.len() as u64;
        let bounded = |time, rate| Asked {
            bounds: Bounds { time, bytes_per_second: rate, resume: true, due: None },
            ..Asked::default()
        };
        // No time at all: nothing is looked at, and that is said.
        let (app, bureau) = (&archive.app, archive.bureau());
        let none = bounded(Some(Duration::ZERO), None);
        let report = audit::verify_as(app, &bureau, Arc::default(), none).await.unwrap();
        assert_eq!((report.checked, report.scope.shards, report.scope.whole), (0, 0, false));
        assert_eq!((report.scope.of, report.scope.files), (256, blobs));
        // Slowly: the time is over long before the files are.
        let slow = bounded(Some(Duration::from_millis(300)), Some(1));
        let mut checked = 0;
        let mut rounds = 0;
        while looked(archive).await < 256 {
            let report = audit::verify_as(app, &bureau, Arc::default(), slow).await.unwrap();
            assert!(!report.scope.whole || rounds > 0, "{report:?}");
            checked += report.checked;
            rounds += 1;
            assert!(rounds < 100, "it does not go on");
        }
        assert!(rounds > 1 && checked >= blobs, "{rounds} {checked} {blobs}");
        let (_, _, last) = audit::last(app, &bureau).await.unwrap().unwrap();
        assert!(!last.scope.whole || last.checked >= blobs, "{last:?}");
    })
    .await;
}

#[tokio::test]
async fn what_is_due_is_swept_by_itself_and_by_one_process() {
    let mut archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    archive.sweep = Sweeping { every: "2d".into(), bytes_per_second: 0, ..Sweeping::default() };
    archive.reopen().await.unwrap();
    let taken = archive.take(ZHOU, "a.pdf", &paper(&[PAPER])).await.unwrap();
    let first = schedule::once(&archive.app).await.unwrap().unwrap();
    assert!(first.is_clean() && first.scope.whole && first.checked > 0, "{first:?}");
    assert_eq!(schedule::once(&archive.app).await.unwrap(), None);
    archive.hands.advance(Duration::from_secs(47 * 3600));
    assert_eq!(schedule::once(&archive.app).await.unwrap(), None);
    archive.damage(taken.sha256).await;
    archive.hands.advance(Duration::from_secs(2 * 3600));
    // Half of the shards were looked at a while after the others; they are done
    // with them.
    let mut tx = archive.app.db.write().await.unwrap();
    let sql = "UPDATE sweep SET looked = looked + 7200000 WHERE shard < 128";
    tx.run(sql, &[]).await.unwrap();
    tx.commit().await.unwrap();
    let other = archive.second().await.unwrap();
    let (one, two) = tokio::join!(schedule::once(&archive.app), schedule::once(&other));
    let found: Vec<Report> = [one.unwrap(), two.unwrap()].into_iter().flatten().collect();
    assert_eq!(found.len(), 1, "one of two processes does it");
    assert_eq!((found[0].changed.len(), found[0].scope.whole), (1, true));
    let (_, by, _) = audit::last(&archive.app, &archive.bureau()).await.unwrap().unwrap();
    assert_eq!(by, "系统");
}

#[tokio::test]
async fn a_bounded_sweep_rests_and_goes_on_the_next_day() {
    let mut archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    archive.sweep = Sweeping { minutes: 1, bytes_per_second: 0, ..Sweeping::default() };
    archive.reopen().await.unwrap();
    let report = schedule::once(&archive.app).await.unwrap().unwrap();
    assert!(report.scope.whole, "a minute is enough");
    archive.hands.advance(Duration::from_secs(31 * 24 * 3600));
    // Half of it was done when the time of the day was used up.
    let mut tx = archive.app.db.write().await.unwrap();
    let (now, day) = (archive.app.now(), jiff::SignedDuration::from_hours(24));
    leases::take(&mut tx, "sweep", "rest", now, now + day).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(schedule::once(&archive.app).await.unwrap(), None);
    archive.hands.advance(Duration::from_secs(25 * 3600));
    assert!(schedule::once(&archive.app).await.unwrap().is_some());
}

#[tokio::test]
async fn sm3_is_kept_beside_sha256_where_it_is_wanted() {
    for_all(async |archive| {
        let bureau = archive.bureau();
        let plain = archive.take(ZHOU, "a.pdf", &paper(&[PAPER])).await.unwrap();
        archive.digests.sm3 = true;
        archive.reopen().await.unwrap();
        let bytes = paper(&[&["收入证明", "周桂兰", "八百元"]]);
        let taken = archive.take(ZHOU, "b.pdf", &bytes).await.unwrap();
        let app = &archive.app;
        let sm3 = hex::encode(<sm3::Sm3 as sm3::Digest>::digest(&bytes));
        let dump = archive.dump().await;
        assert_eq!(dump.iter().filter(|line| line.contains("\"sm3\"")).count(), 1);
        assert!(dump.iter().any(|line| line.contains(&format!("\"sm3\":\"{sm3}\""))));
        let file = &view::document(app, &bureau, taken.document).await.unwrap().files[0];
        assert_eq!(file.sm3.as_deref(), Some(sm3.as_str()));
        let file = &view::document(app, &bureau, plain.document).await.unwrap().files[0];
        assert_eq!(file.sm3, None);
        assert!(verified(archive).await.is_clean());
        yidang::rebuild::rebuild(app, |_| {}).await.unwrap();
        assert_eq!(archive.dump().await.len(), dump.len() + 1);
        // What was recorded is compared, too.
        let mut tx = app.db.write().await.unwrap();
        let sql = "UPDATE document_file SET sm3 = sha256 WHERE sm3 IS NOT NULL";
        tx.run(sql, &[]).await.unwrap();
        tx.commit().await.unwrap();
        let report = verified(archive).await;
        let codes: Vec<&str> = report.changed.iter().map(|one| one.code.as_str()).collect();
        assert!(codes.contains(&"blob.sm3.changed"), "{codes:?}");
    })
    .await;
}

/// What is wrong by a report, as code and path.
fn told(report: &Report) -> Vec<(String, String)> {
    let all = report.changed.iter().chain(&report.missing).chain(&report.untracked);
    let mut told: Vec<_> = all.map(|one| (one.code.clone(), one.path.clone())).collect();
    told.sort_unstable();
    told
}

/// Changes a byte of an object, or removes it; returns what it was.
async fn harm(archive: &Archive, path: &str, remove: bool) -> bytes::Bytes {
    let (store, path) = (archive.objects(), Path::from(path));
    let right = store.get(&path).await.unwrap().bytes().await.unwrap();
    let mut wrong = right.to_vec();
    let middle = wrong.len() / 2;
    wrong[middle] ^= 1;
    match remove {
        true => store.delete(&path).await.unwrap(),
        false => drop(store.put(&path, wrong.into()).await.unwrap()),
    }
    right
}

/// An archive whose logs were published several times, each with entries more.
async fn published() -> Archive {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    for text in ["甲证明", "乙证明", "丙证明"] {
        archive.take(ZHOU, "a.pdf", &paper(&[&[text, "签字"]])).await.unwrap();
        archive.find(text).await;
        archive.app.looks.close().await.unwrap();
        archive.app.settle().await.unwrap();
    }
    assert_eq!(told(&verified(&archive).await), []);
    archive.app.settle().await.unwrap();
    archive
}

/// The sizes of which a checkpoint of the log below `log` is kept, in order.
async fn kept(archive: &Archive, log: &str) -> Vec<u64> {
    let paths = archive.paths(&format!("{log}/checkpoints")).await;
    paths.iter().map(|path| path.rsplit('/').next().unwrap().parse().unwrap()).collect()
}

#[tokio::test]
async fn what_was_published_before_of_either_log_is_looked_at_and_restored() {
    let archive = published().await;
    let repaired = async || {
        let asked = Asked { repair: true, ..Asked::default() };
        audit::verify_as(&archive.app, &archive.bureau(), Arc::default(), asked).await.unwrap()
    };
    for (log, kind) in [("log", "log"), ("access/log", "access")] {
        let size = kept(&archive, log).await[0];
        let parts = [
            (format!("{log}/tile/0/000.p/{size}"), "tile", false),
            (format!("{log}/tile/entries/000.p/{size}"), "tile", false),
            (format!("{log}/checkpoints/{size:020}"), "checkpoint", false),
            (format!("{log}/checkpoints/{size:020}"), "checkpoint", true),
        ];
        for (path, part, gone) in parts {
            let right = harm(&archive, &path, gone).await;
            let class = if gone { "missing" } else { "changed" };
            let code = format!("{kind}.{part}.{class}");
            assert_eq!(told(&verified(&archive).await), [(code.clone(), path.clone())]);
            let report = repaired().await;
            assert_eq!(told(&report), [(code, path.clone())]);
            assert!(report.repaired.iter().any(|one| one.path == path), "{report:?}");
            let now = archive.objects().get(&Path::from(path)).await.unwrap();
            assert_eq!(now.bytes().await.unwrap(), right);
            assert_eq!(told(&verified(&archive).await), []);
        }
    }
}

#[tokio::test]
async fn what_a_start_makes_again_of_the_newest_is_told_as_found_and_repaired() {
    let mut archive = published().await;
    for (log, kind) in [("log", "log"), ("access/log", "access")] {
        for gone in [false, true] {
            for part in ["checkpoint", "tile/0", "tile/entries"] {
                let size = *kept(&archive, log).await.last().unwrap();
                let (path, part) = match part {
                    "checkpoint" => (format!("{log}/checkpoint"), part),
                    tile => (format!("{log}/{tile}/000.p/{size}"), "tile"),
                };
                archive.app.settle().await.unwrap();
                harm(&archive, &path, gone).await;
                archive.reopen().await.unwrap();
                // Nobody else publishes any more.
                archive.hands.advance(Duration::from_secs(31));
                archive.app.settle().await.unwrap();
                let report = verified(&archive).await;
                let class = if gone { "missing" } else { "changed" };
                assert_eq!(told(&report), [(format!("{kind}.{part}.{class}"), path.clone())]);
                assert!(report.repaired.iter().any(|one| one.path == path), "{report:?}");
                assert_eq!(told(&verified(&archive).await), [], "it is told once");
                archive.app.settle().await.unwrap();
            }
        }
    }
}

#[tokio::test]
async fn what_stands_where_nothing_of_ours_does_is_named() {
    for_all(async |archive| {
        archive.take(ZHOU, "a.pdf", &paper(&[PAPER])).await.unwrap();
        archive.find("甲").await;
        archive.app.looks.close().await.unwrap();
        let foreign = [
            "access/log/tile/0/700",
            "access/obj/sha256/ab/notes.txt",
            "access/other",
            "foreign",
            "log/checkpoints/99999999999999999999",
            "log/tile/0/500",
            "log/tile/9/000",
            "log/unknown",
            "obj/sha256/ab/notes.txt",
        ];
        let ours = ["derived/a@1/x", "staging/x", "quarantine/x", "others/deep/inside"];
        for path in foreign.iter().chain(&ours) {
            archive.objects().put(&Path::from(*path), "x".into()).await.unwrap();
        }
        let report = verified(archive).await;
        // Of a folder that is not known only its own path is told.
        let mut expected: Vec<_> = foreign.into_iter().chain(["others"]).collect();
        expected.sort_unstable();
        let code = "blob.untracked".to_owned();
        let expected: Vec<_> = expected.iter().map(|at| (code.clone(), (*at).into())).collect();
        assert_eq!(told(&report), expected);
    })
    .await;
}

#[cfg(unix)]
#[tokio::test]
async fn what_is_no_file_is_found_and_nobody_waits_for_it() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    let taken = archive.take(ZHOU, "a.pdf", &paper(&[PAPER])).await.unwrap();
    let path = Key::Blob(taken.sha256).path();
    archive.objects().delete(&path).await.unwrap();
    let file = archive.data().join("store").join(path.as_ref());
    let made = std::process::Command::new("mkfifo").arg(&file).status().unwrap();
    assert!(made.success());
    let report = tokio::time::timeout(Duration::from_secs(60), verified(&archive)).await.unwrap();
    let unread: Vec<_> = report.unread.iter().map(|one| one.code.as_str()).collect();
    assert_eq!(unread, ["blob.unread"]);
    assert!(report.unread[0].reason.contains("not a file"), "{report:?}");
    let served = view::original(&archive.app, &archive.bureau(), taken.document, 1).await;
    assert!(served.is_err());
    let compared = view::compare(&archive.app, &archive.bureau(), taken.document).await.unwrap();
    assert_eq!(compared, view::Compared::Unread);
}
