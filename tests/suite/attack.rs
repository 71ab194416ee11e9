//! What is malformed is refused by both verifiers with the place and the
//! reason; and what an operator with full access to a live archive might do is
//! noticed: by `verify`, at the start, or by an auditor who kept a checkpoint.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use object_store::ObjectStoreExt;
use yidang::model::id::Digest;
use yidang::prove::{self, Subject};
use yidang::tlog::LogKey;
use yidang::vault::Key;
use yidang::{args, audit, filing};
use yidang_verifier::policy::Policy;
use yidang_verifier::verify;

use crate::harness::{Archive, Sql, Store, ZHOU, description, household};
use crate::prove::{Packed, edit, fill, first_with, python, read, repack};

/// What is done to a file of a bag.
type Change<'a> = &'a dyn Fn(String) -> String;

#[tokio::test]
async fn what_is_malformed_is_refused_with_its_place() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    fill(&archive).await;
    let sound = Packed::of(&archive, ZHOU, true).await;
    let line = |n: usize, to: &'static str| {
        move |text: String| {
            let mut lines: Vec<&str> = text.split('\n').collect();
            lines[n - 1] = to;
            lines.join("\n")
        }
    };
    let hash = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n";
    let cases: &[(&str, &str, Change<'_>, &str)] = &[
        // Notes and checkpoints.
        (
            "no signature",
            "data/checkpoint",
            &|text| format!("{}\n\n", text.split("\n\n").next().unwrap()),
            "the note",
        ),
        (
            "no empty line",
            "data/checkpoint",
            &|text| text.replacen("\n\n", "\n", 1),
            "no empty line before its signatures",
        ),
        (
            "a signature that is none",
            "data/checkpoint",
            &|text| format!("{text}nonsense\n"),
            "line 6 of the note is not a signature",
        ),
        (
            "a signature without bytes",
            "data/checkpoint",
            &|text| format!("{text}— a.example !!!!\n"),
            "line 6 of the note",
        ),
        ("a size that is none", "data/checkpoint", &line(2, "-1"), "line 2 of the checkpoint"),
        (
            "a size too large",
            "data/checkpoint",
            &line(2, "18446744073709551616"),
            "line 2 of the checkpoint",
        ),
        ("a root too short", "data/checkpoint", &line(3, "AAAA"), "line 3 of the checkpoint"),
        ("another root", "data/checkpoint", &line(3, hash.trim_end()), "signature"),
        // Proofs.
        ("another format", ".tlog-proof", &line(1, "c2sp.org/tlog-proof@v2"), "line 1"),
        ("an odd index", ".tlog-proof", &line(2, "index 007"), "which entry"),
        ("a hash too short", ".tlog-proof", &line(3, "AAAA"), "line 3 of the proof"),
        ("a hash that is none", ".tlog-proof", &line(3, "!"), "line 3 of the proof"),
        (
            "too many hashes",
            ".tlog-proof",
            &|text| text.replacen("\n\n", &format!("\n{}\n", hash.repeat(70)), 1),
            "high",
        ),
        ("another hash", ".tlog-proof", &line(3, hash.trim_end()), "is not in the log"),
        // Entries, bodies and what the bag says of itself.
        ("no JSON", "data/proof.json", &|_| "{".into(), "data/proof.json is not JSON"),
        ("another format", "data/proof.json", &|text| text.replace("proof/1", "proof/9"), "format"),
        (
            "entries that are not there",
            "data/proof.json",
            &|text| text.replace("\"entries\": [", "\"entries\": [ 0,"),
            "not those it says it has",
        ),
        (
            "an entry with a blank",
            "entry.json",
            &|text| text.replacen(':', ": ", 1),
            "is not in the log",
        ),
        // Bundles.
        (
            "a tree of another size",
            "data/history/frontier",
            &|text| format!("{text}{hash}"),
            "tree",
        ),
        // The bag.
        ("another BagIt", "bagit.txt", &|text| text.replace("1.0", "0.97"), "bagit.txt"),
    ];
    for (what, file, change, reason) in cases {
        sound
            .with(|bag| {
                let file =
                    if bag.join(file).is_file() { bag.join(file) } else { first_with(bag, file) };
                let text = String::from_utf8_lossy(&std::fs::read(&file).unwrap()).into_owned();
                std::fs::write(&file, change(text)).unwrap();
                repack(bag);
            })
            .is_refused(&format!("{what} in {file}"), reason);
    }
    sound
        .with(|bag| {
            let path = bag.join("data/history/entries");
            let bundle = std::fs::read(&path).unwrap();
            std::fs::write(&path, &bundle[..bundle.len() - 5]).unwrap();
            repack(bag);
        })
        .is_refused("a bundle cut off", "cut off");
    let manifest = |what: &str, change: Change<'_>, reason: &str| {
        sound.with(|bag| edit(&bag.join("manifest-sha256.txt"), change)).is_refused(what, reason);
    };
    manifest("a line that is none", &line(1, "nonsense"), "line 1 of manifest-sha256.txt");
    let outside = |text: String| format!("{}  data/../../etc/passwd\n{text}", "0".repeat(64));
    manifest("a path out of the bag", &outside, "etc/passwd");
    let absolute = |text: String| format!("{}  /etc/passwd\n{text}", "0".repeat(64));
    manifest("an absolute path", &absolute, "line 1 of manifest-sha256.txt");
    let twice = |text: String| format!("{}\n{text}", text.lines().next().unwrap());
    manifest("a path twice", &twice, "line 2 of manifest-sha256.txt");
    sound
        .with(|bag| {
            std::fs::write(bag.join("fetch.txt"), "https://example.org 1 data/x\n").unwrap();
            repack(bag);
        })
        .is_refused("files elsewhere", "fetched from elsewhere");
}

#[tokio::test]
async fn a_malformed_policy_is_nobodys_verdict() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    fill(&archive).await;
    let sound = Packed::of(&archive, ZHOU, false).await;
    let log = read(&archive.data().join("auditor.policy"));
    let log = log.lines().find(|line| line.starts_with("log ")).unwrap();
    let other = LogKey::new("other.example", [3; 32]).unwrap();
    for (policy, reason) in [
        (String::new(), "names no log"),
        (format!("{log}\n"), "no line `quorum`"),
        (format!("{log}\n{log}\nquorum none\n"), "line 2 of the policy"),
        (format!("{log}\nquorum none\nquorum none\n"), "line 3 of the policy"),
        (format!("{log}\nquorum nobody\n"), "line 2 of the policy"),
        (format!("{log}\ngroup g 2 g\nquorum g\n"), "line 2 of the policy"),
        (format!("{log}\nwitness w {}\nquorum w\n", other.public()), "line 2 of the policy"),
        ("log a+00000000+AAAA\nquorum none\n".into(), "line 1 of the policy"),
        (format!("{log}x\nquorum none\n"), "line 1 of the policy"),
        (format!("{log}\nnonsense\nquorum none\n"), "line 2 of the policy"),
    ] {
        let ours = Policy::parse(&policy).unwrap_err().0;
        assert!(ours.contains(reason), "{policy:?}: {ours}");
        let (status, theirs) = python(sound.folder.path(), &policy, &[sound.bag().as_os_str()]);
        assert_eq!((status, theirs.contains(reason)), (3, true), "{policy:?}: {theirs}");
    }
}

/// What the next verification finds, in one text.
async fn found(archive: &Archive) -> String {
    let report = audit::verify(&archive.app, &archive.bureau(), Arc::default()).await.unwrap();
    format!(
        "changed {:?} missing {:?} untracked {:?}",
        report.changed, report.missing, report.untracked
    )
}

#[tokio::test]
async fn a_catalog_that_was_swapped_is_noticed() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    fill(&archive).await;
    // Another manifest under its own name, and the database says it was always
    // that one.
    let store = archive.objects();
    let mut tx = archive.app.db.read().await.unwrap();
    let old: Option<(String,)> = tx.one("SELECT manifest FROM volume", args![]).await.unwrap();
    drop(tx);
    let old: Digest = old.unwrap().0.parse().unwrap();
    let bytes = store.get(&Key::Blob(old).path()).await.unwrap().bytes().await.unwrap();
    let forged = String::from_utf8(bytes.to_vec()).unwrap().replace("A02 材料", "A02 别的");
    let new = Digest::of(forged.as_bytes());
    store.put(&Key::Blob(new).path(), forged.into()).await.unwrap();
    let mut tx = archive.app.db.write().await.unwrap();
    for sql in [
        "UPDATE volume SET manifest = $1 WHERE manifest = $2",
        "UPDATE blob SET sha256 = $1 WHERE sha256 = $2",
    ] {
        tx.run(sql, args![new.to_string(), old.to_string()]).await.unwrap();
    }
    tx.commit().await.unwrap();
    // The one that was bound is there and nothing seems to name it.
    assert!(found(&archive).await.contains(&old.to_string()));
    // Without it, `verify` would have to believe the database; a bag cannot be
    // made, or is refused, for the entry names what was bound.
    store.delete(&Key::Blob(old).path()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (to, Ok(subject)) = (folder.path().join("bag"), ZHOU.parse::<Subject>());
    let proved = prove::prove(&archive.app, &archive.bureau(), &subject, true, &to).await;
    let policy = Policy::parse(&read(&archive.data().join("auditor.policy"))).unwrap();
    let said = proved.map(|_| verify::bag(&to, &policy, None).status());
    assert!(said.as_ref().is_err() || said.as_ref().is_ok_and(|status| *status == 1), "{said:?}");
}

#[tokio::test]
async fn an_act_that_was_dropped_from_the_database_is_noticed() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    fill(&archive).await;
    let mut tx = archive.app.db.write().await.unwrap();
    let sql = "DELETE FROM entry WHERE act = 'bind_volume'";
    assert_eq!(tx.run(sql, args![]).await.unwrap(), 1);
    tx.commit().await.unwrap();
    let told = found(&archive).await;
    assert!(told.contains("the database has another entry"), "{told}");
}

/// Puts a copy of everything the archive is back: store, database, all.
fn put_back(copy: &Path, archive: &Archive) {
    for entry in std::fs::read_dir(archive.data()).unwrap() {
        let path = entry.unwrap().path();
        let removed = if path.is_dir() {
            std::fs::remove_dir_all(&path)
        } else {
            std::fs::remove_file(&path)
        };
        removed.unwrap();
    }
    copied(copy, archive.data());
}

fn copied(from: &Path, to: &Path) {
    let done = Command::new("cp").arg("-r").arg(from.join(".")).arg(to).status();
    assert!(done.unwrap().success());
}

#[tokio::test]
async fn an_archive_put_back_with_its_key_is_noticed_by_who_kept_a_checkpoint() {
    let mut archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    let last = fill(&archive).await;
    archive.app.settle().await.unwrap();
    archive.app.db.close().await;
    let copy = tempfile::tempdir().unwrap();
    copied(archive.data(), copy.path());

    // An act that the operator will regret; the auditor comes and goes.
    archive.reopen().await.unwrap();
    let said = description("A02", "收入证明", "2026-03-09");
    let correct = async |archive: &Archive, title: &str| {
        let said = yidang::model::document::Description { title: title.into(), ..said.clone() };
        let document = yidang::model::id::DocumentId(last);
        filing::file(&archive.app, &archive.bureau(), document, &household(ZHOU), said)
            .await
            .unwrap();
    };
    correct(&archive, "实际收入九千元").await;
    archive.app.settle().await.unwrap();
    let kept = archive.app.vault.checkpoint().await.unwrap().unwrap();
    archive.app.db.close().await;

    // Everything is put back as it was, and goes on from there: by itself it is
    // sound.
    put_back(copy.path(), &archive);
    archive.reopen().await.unwrap();
    archive.app.settle().await.unwrap();
    let shrunken = archive.app.vault.checkpoint().await.unwrap().unwrap();
    for _ in 0..3 {
        correct(&archive, "收入八百元").await;
    }
    let told = found(&archive).await;
    assert_eq!(told, "changed [] missing [] untracked []");
    archive.app.settle().await.unwrap();
    let rewritten = archive.app.vault.checkpoint().await.unwrap().unwrap();
    let path = prove::consistency(&archive.app, &kept, &rewritten).await.unwrap();

    let policy = read(&archive.data().join("auditor.policy"));
    let folder = tempfile::tempdir().unwrap();
    for (new, path, reason) in
        [(&shrunken, "", "has shrunk"), (&rewritten, path.as_str(), "history was rewritten")]
    {
        let ours = verify::consistency(&kept, new, path, &Policy::parse(&policy).unwrap());
        assert_eq!(
            (ours.status(), ours.to_text().contains(reason)),
            (1, true),
            "{}",
            ours.to_text()
        );
        for (name, text) in [("old", kept.as_str()), ("new", new.as_str()), ("path", path)] {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        let place = |name: &str| folder.path().join(name).into_os_string();
        let words =
            ["consistency".into(), place("old"), place("new"), "--path".into(), place("path")];
        let words: Vec<_> = words.iter().map(std::ffi::OsString::as_os_str).collect();
        let (status, theirs) = python(folder.path(), &policy, &words);
        assert_eq!((status, theirs.contains(reason)), (1, true), "{theirs}");
    }
}
