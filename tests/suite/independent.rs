//! Programs of others, which know nothing of Yidang, say the same: bagit.py of
//! the Library of Congress accepts every bag, and a tlog client checks the log
//! from the files of the store alone.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Once;

use yidang::binding;
use yidang::filing;
use yidang::prove::{self, Subject};
use yidang::setup::{self, OrganisationEntry};
use yidang::signing;
use yidang::tlog::LogKey;

use crate::files::paper;
use crate::harness::{Archive, Sql, Store, ZHOU, description, household, not_tested};

/// The folder of the programs of others; none when they are not there, which
/// is said on standard error.
pub fn auditors() -> Option<PathBuf> {
    static SAID: Once = Once::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(".local/auditors");
    if folder.join("bagit.py").is_file() {
        return Some(folder);
    }
    not_tested(&SAID, "bagit.py and a tlog client: tools/auditors.sh fetches them");
    None
}

pub fn python(auditors: &Path) -> Command {
    let mut command = Command::new("python3");
    command.arg("-B").env("PYTHONPATH", auditors);
    command
}

pub fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned()
}

#[tokio::test]
async fn bagit_accepts_every_bag_and_no_changed_one() {
    let Some(auditors) = auditors() else { return };
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    let (app, bureau) = (&archive.app, archive.bureau());
    let taken = archive.take(ZHOU, "a.pdf", &paper(&[&["申请书", "周桂兰"]])).await.unwrap();
    let said_of = description("A01", "申请书", "2026-03-09");
    filing::file(app, &bureau, taken.document, &household(ZHOU), said_of).await.unwrap();
    let bound = binding::bind(app, &bureau, &household(ZHOU), "").await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let validate = |bag: &Path| {
        let done = python(&auditors).args(["-m", "bagit", "--validate"]).arg(bag).output().unwrap();
        (done.status.success(), said(&done))
    };
    for (place, subject) in
        [taken.document.to_string(), bound.reference_code, ZHOU.to_owned()].iter().enumerate()
    {
        for current in [true, false] {
            let to = folder.path().join(format!("{place}-{current}"));
            let Ok(subject) = subject.parse::<Subject>();
            prove::prove(app, &bureau, &subject, current, &to).await.unwrap();
            let (valid, told) = validate(&to);
            assert!(valid && told.contains("is valid"), "{subject:?}: {told}");
            std::fs::write(to.join("data/extra"), "x").unwrap();
            assert!(!validate(&to).0, "bagit.py looks at what is there");
        }
    }
}

#[tokio::test]
async fn a_client_of_others_checks_the_log_from_its_files() {
    let Some(auditors) = auditors() else { return };
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    archive.app.settle().await.unwrap();
    // So many that tiles are full and a second level begins.
    for part in 0..3 {
        let organisations = (0..200).map(|no| OrganisationEntry {
            code: format!("9902{:08}", part * 1000 + no).parse().unwrap(),
            name: "社区".into(),
        });
        setup::register(&archive.app, &archive.bureau(), organisations.collect()).await.unwrap();
        archive.app.settle().await.unwrap();
    }
    let entries = archive.entries().await;
    let key = signing::verifiers(&archive.app).await.unwrap().remove(0);
    let log = archive.data().join("store/log");
    let check = |log: &Path, key: &str| {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/suite/tlog_client.py");
        let done = python(&auditors).arg(script).arg(log).arg(key).output().unwrap();
        (done.status.success(), said(&done))
    };
    let (sound, told) = check(&log, &key);
    let checkpoints = archive.paths("log/checkpoints").await.len();
    assert!(sound && checkpoints >= 4, "{told}");
    assert_eq!(told, format!("{entries} entries, {checkpoints} checkpoints\n"));

    // It is not one that says yes to everything.
    let origin = key.split('+').next().unwrap();
    let other = LogKey::new(origin, [9; 32]).unwrap();
    assert!(!check(&log, other.public()).0, "another key");
    let changed = |path: &str, change: &dyn Fn(&mut Vec<u8>)| {
        let copy = tempfile::tempdir().unwrap();
        let copied = Command::new("cp").arg("-r").arg(&log).arg(copy.path()).status();
        assert!(copied.unwrap().success());
        let file = copy.path().join("log").join(path);
        let mut bytes = std::fs::read(&file).unwrap();
        change(&mut bytes);
        std::fs::write(&file, bytes).unwrap();
        check(&copy.path().join("log"), &key).0
    };
    assert!(changed("checkpoint", &|_| {}), "an honest copy");
    let flip = |bytes: &mut Vec<u8>| bytes[100] ^= 1;
    assert!(!changed("tile/entries/000", &flip), "a changed entry");
    assert!(!changed("tile/0/001", &flip), "a changed tile");
    assert!(!changed("tile/1/000.p/2", &|bytes| bytes[40] ^= 1), "a changed tile above");
    let size = |bytes: &mut Vec<u8>| {
        let text = String::from_utf8(bytes.clone()).unwrap();
        *bytes =
            text.replacen(&format!("\n{entries}\n"), &format!("\n{}\n", entries - 1), 1).into();
    };
    assert!(!changed("checkpoint", &size), "a checkpoint that was cut");
}
