//! Proofs leave the building: two verifiers that know nothing of the program,
//! and nothing of each other, say yes to what is right and no to what an
//! attacker with full access could have done, and say why.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest as _, Sha256};
use tempfile::TempDir;
use yidang::binding;
use yidang::filing;
use yidang::prove::{self, ProveError, Subject};
use yidang::tlog::{Frontier, LogKey};
use yidang_verifier::policy::Policy;
use yidang_verifier::{Report, verify};

use crate::files::paper;
use crate::harness::{Archive, CHEN, Sql, Store, ZHOU, description, for_all, household};

/// An archive with a bound volume of two papers, and acts after it.
pub async fn fill(archive: &Archive) -> i64 {
    let mut last = 0;
    for (kind, date) in [("A02", "2026-03-09"), ("A03", "2026-03-20")] {
        let text = format!("{kind} 材料");
        let scan = paper(&[&["青石县民政局", &text, "此件用于归档"]]);
        let id = archive.take(ZHOU, &format!("{kind}.pdf"), &scan).await.unwrap().document;
        let said = description(kind, &text, date);
        filing::file(&archive.app, &archive.bureau(), id, &household(ZHOU), said).await.unwrap();
        last = id.0;
    }
    binding::bind(&archive.app, &archive.bureau(), &household(ZHOU), "").await.unwrap();
    archive.take(CHEN, "later.pdf", &paper(&[&["另一户", "的材料", "在后"]])).await.unwrap();
    last
}

/// A bag, and the policy of who trusts its log.
pub struct Packed {
    pub folder: TempDir,
    pub policy: String,
    /// The certificates of the timestamp authority that is trusted.
    pub authority: Option<PathBuf>,
}

impl Packed {
    pub async fn of(archive: &Archive, subject: &str, current: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let Ok(subject) = subject.parse::<Subject>();
        let to = folder.path().join("bag");
        prove::prove(&archive.app, &archive.bureau(), &subject, current, &to).await.unwrap();
        let policy = std::fs::read_to_string(archive.data().join("auditor.policy")).unwrap();
        Self { folder, policy, authority: None }
    }

    pub fn bag(&self) -> PathBuf {
        self.folder.path().join("bag")
    }

    /// The same with something done to a copy of it.
    pub fn with(&self, change: impl FnOnce(&Path)) -> Self {
        let copy = tempfile::tempdir().unwrap();
        let done = Command::new("cp").arg("-r").arg(self.bag()).arg(copy.path()).status();
        assert!(done.unwrap().success());
        change(&copy.path().join("bag"));
        Self { folder: copy, policy: self.policy.clone(), authority: self.authority.clone() }
    }

    /// The same, judged by another policy.
    pub fn by(&self, policy: &str) -> Self {
        Self { policy: policy.to_owned(), ..self.with(|_| {}) }
    }

    /// What both verifiers come to; they agree.
    pub fn verdict(&self) -> (u8, String) {
        let policy = Policy::parse(&self.policy).unwrap();
        let ours = verify::bag(&self.bag(), &policy, self.authority.as_deref());
        let bag = self.bag();
        let mut words = vec![bag.as_os_str()];
        if let Some(authority) = &self.authority {
            words.extend(["--tsa".as_ref(), authority.as_os_str()]);
        }
        let theirs = python(self.folder.path(), &self.policy, &words);
        assert_eq!(ours.status(), theirs.0, "{}\n{}", ours.to_text(), theirs.1);
        (ours.status(), format!("{}{}", ours.to_text(), theirs.1))
    }

    /// Both say no, and for the reason that is meant.
    pub fn is_refused(&self, what: &str, reason: &str) {
        let (status, said) = self.verdict();
        assert_eq!(status, 1, "{what}: {said}");
        let times = said.lines().filter(|line| line.starts_with("WRONG") && line.contains(reason));
        assert_eq!(times.count(), 2, "{what}: both say {reason:?}\n{said}");
    }

    /// Both say yes, and say this.
    pub fn is_sound(&self, what: &str, saying: &str) {
        let (status, said) = self.verdict();
        assert_eq!(status, 0, "{what}: {said}");
        assert_eq!(said.matches(saying).count(), 2, "{what}: both say {saying:?}\n{said}");
    }
}

/// Runs the second verifier: its exit status, and what it says.
pub fn python(at: &Path, policy: &str, words: &[&std::ffi::OsStr]) -> (u8, String) {
    let file = at.join("policy");
    std::fs::write(&file, policy).unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/verifier/yidang_verify.py");
    let done = Command::new("python3")
        .arg("-B")
        .arg(script)
        .args(words)
        .arg("--policy")
        .arg(&file)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    let trouble = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(trouble.is_empty(), "{trouble}");
    (u8::try_from(done.status.code().unwrap()).unwrap(), said)
}

/// What both verifiers come to of two checkpoints; they agree.
pub fn consistency(policy: &str, old: &str, new: &str, path: &str) -> (u8, String) {
    let folder = tempfile::tempdir().unwrap();
    let kept = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let ours: Report = verify::consistency(old, new, path, &Policy::parse(policy).unwrap());
    let (old, new, path) = (kept("old", old), kept("new", new), kept("path", path));
    let words = [
        "consistency".as_ref(),
        old.as_os_str(),
        new.as_os_str(),
        "--path".as_ref(),
        path.as_os_str(),
    ];
    let theirs = python(folder.path(), policy, &words);
    assert_eq!(ours.status(), theirs.0, "{}\n{}", ours.to_text(), theirs.1);
    (ours.status(), format!("{}{}", ours.to_text(), theirs.1))
}

pub fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

pub fn edit(path: &Path, change: impl FnOnce(String) -> String) {
    let text = change(read(path));
    std::fs::write(path, text).unwrap();
}

fn files(root: &Path) -> Vec<PathBuf> {
    let (mut folders, mut found) = (vec![root.to_owned()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}

/// Writes the manifests anew, as whoever changed a file would.
pub fn repack(bag: &Path) {
    let hex = |path: &Path| hex::encode(Sha256::digest(std::fs::read(path).unwrap()));
    for name in ["manifest-sha256.txt", "tagmanifest-sha256.txt"] {
        std::fs::remove_file(bag.join(name)).unwrap();
        let payload = name.starts_with("manifest");
        let lines: BTreeMap<String, String> = files(bag)
            .iter()
            .map(|path| (path.strip_prefix(bag).unwrap().to_str().unwrap().to_owned(), hex(path)))
            .filter(|(path, _)| path.starts_with("data/") == payload)
            .collect();
        let text: String = lines.iter().map(|(path, hex)| format!("{hex}  {path}\n")).collect();
        std::fs::write(bag.join(name), text).unwrap();
    }
}

pub fn first_with(bag: &Path, part: &str) -> PathBuf {
    let found = files(bag).into_iter().find(|path| path.to_str().unwrap().contains(part));
    found.unwrap_or_else(|| panic!("the bag has no {part}"))
}

/// The folder of the last entry of a kind of act.
fn entry_of(bag: &Path, act: &str) -> PathBuf {
    let is = |path: &&PathBuf| {
        path.ends_with("body.json") && read(path).contains(&format!("\"act\":\"{act}\""))
    };
    let bodies = files(bag);
    let mut found: Vec<&PathBuf> = bodies.iter().filter(is).collect();
    found.sort_by_key(|path| number(path.parent().unwrap()));
    found.pop().unwrap().parent().unwrap().to_owned()
}

fn number(folder: &Path) -> u64 {
    folder.file_name().unwrap().to_str().unwrap().parse().unwrap()
}

fn manifest_of(bag: &Path) -> PathBuf {
    let manifests = files(&bag.join("data/objects"));
    manifests.into_iter().find(|path| path.extension().unwrap() == "json").unwrap()
}

#[tokio::test]
async fn what_is_packed_is_sound_wherever_it_was_kept() {
    for_all(async |archive| {
        let document = fill(archive).await.to_string();
        for (subject, current, said) in [
            (document.as_str(), false, "is here as it was taken in"),
            (document.as_str(), true, "are about the same household's file and not in this bag"),
            (ZHOU, true, "nothing else was recorded about this file"),
            ("J016-DB·2026-D10-001", true, "version 1, is here with its 2 papers"),
        ] {
            let packed = Packed::of(archive, subject, current).await;
            let (status, text) = packed.verdict();
            assert_eq!(status, 0, "{subject}: {text}");
            assert_eq!(text.matches(said).count(), 2, "{subject}: {text}");
            let page = read(&packed.bag().join("README.html"));
            assert!(page.contains("yidang-verify") && page.contains("归入"), "{page}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_may_not_be_seen_is_not_packed() {
    let archive = Archive::new(Store::Memory, Sql::Sqlite).await;
    let document = fill(&archive).await;
    let folder = tempfile::tempdir().unwrap();
    for subject in [
        Subject::Document(document),
        Subject::Household(ZHOU.into()),
        Subject::Volume("J016-DB·2026-D10-001".into()),
    ] {
        let to = folder.path().join("bag");
        let refused = prove::prove(&archive.app, &archive.other_clerk(), &subject, true, &to).await;
        assert!(
            matches!(refused, Err(ProveError::View(_) | ProveError::UnknownVolume(_))),
            "{subject:?}: {refused:?}"
        );
        assert!(!to.exists());
    }
    let (clerk, subject) = (archive.clerk(), Subject::Document(document));
    let taken = prove::prove(&archive.app, &clerk, &subject, false, folder.path()).await;
    assert!(matches!(taken, Err(ProveError::Place { .. })), "the folder is there already");
}

#[tokio::test]
async fn whatever_is_changed_is_refused_by_both() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    fill(&archive).await;
    let sound = Packed::of(&archive, ZHOU, true).await;
    assert_eq!(sound.verdict().0, 0);

    // Without the manifests written anew.
    sound
        .with(|bag| std::fs::write(bag.join("data/extra"), "x").unwrap())
        .is_refused("an extra file", "in none of its manifests");
    sound
        .with(|bag| std::fs::remove_file(first_with(bag, "data/objects/")).unwrap())
        .is_refused("a missing file", "is missing from the bag");
    sound
        .with(|bag| std::fs::write(first_with(bag, ".pdf"), "%PDF-1.4 another").unwrap())
        .is_refused("a changed scan", "is not as it was packed");

    // With them.
    let repacked = |change: &dyn Fn(&Path)| {
        sound.with(|bag| {
            change(bag);
            repack(bag);
        })
    };
    repacked(&|bag| std::fs::write(first_with(bag, ".pdf"), "%PDF-1.4 another").unwrap())
        .is_refused("a changed scan", "has the digest");
    repacked(&|bag| {
        let (old, other) = (first_with(bag, ".pdf"), b"%PDF-1.4 another");
        std::fs::remove_file(&old).unwrap();
        let name = format!("{}.pdf", hex::encode(Sha256::digest(other)));
        std::fs::write(old.with_file_name(name), other).unwrap();
    })
    .is_refused("another scan under its own name", "is named by no entry");
    repacked(&|bag| std::fs::remove_file(first_with(bag, ".pdf")).unwrap())
        .is_refused("a scan left out", "is missing from the bag");
    repacked(&|bag| edit(&manifest_of(bag), |text| text.replace("A02", "A03")))
        .is_refused("a changed catalog", "has the digest");
    repacked(&|bag| {
        let old = manifest_of(bag);
        let text = read(&old).replace("A02 材料", "A02 别的");
        std::fs::remove_file(&old).unwrap();
        let name = format!("{}.json", hex::encode(Sha256::digest(text.as_bytes())));
        std::fs::write(old.with_file_name(name), text).unwrap();
    })
    .is_refused("another catalog", "is named by no entry");
    repacked(&|bag| {
        edit(&entry_of(bag, "file_document").join("body.json"), |text| text.replace("材料", "资料"))
    })
    .is_refused("a changed body", "is not the one it commits to");
    repacked(&|bag| {
        edit(&entry_of(bag, "bind_volume").join("entry.json"), |text| text.replace("2026", "2025"));
    })
    .is_refused("a backdated entry", "is not in the log");
    repacked(&|bag| {
        let (one, other) = (entry_of(bag, "file_document"), entry_of(bag, "accept_document"));
        let aside = bag.join("aside");
        std::fs::rename(&one, &aside).unwrap();
        std::fs::rename(&other, &one).unwrap();
        std::fs::rename(&aside, &other).unwrap();
    })
    .is_refused("reordered entries", "is that of");
    repacked(&|bag| {
        let folder = entry_of(bag, "bind_volume");
        let no = number(&folder);
        std::fs::remove_dir_all(&folder).unwrap();
        edit(&bag.join("data/proof.json"), |text| text.replace(&format!(",\n    {no}\n"), "\n"));
        for object in files(&bag.join("data/objects")) {
            if object.extension().unwrap() == "json" {
                std::fs::remove_file(object).unwrap();
            }
        }
    })
    .is_refused("an act held back", "holds back entries");
    repacked(&|bag| {
        let path = bag.join("data/history/entries");
        let bundle = std::fs::read(&path).unwrap();
        let first = usize::from(u16::from_be_bytes([bundle[0], bundle[1]])) + 2;
        std::fs::write(&path, &bundle[first..]).unwrap();
    })
    .is_refused("a removed leaf", "is not that of the log");
    repacked(&|bag| {
        edit(&bag.join("data/proof.json"), |text| {
            let (before, after) = text.split_once("\"history_from\": ").unwrap();
            format!("{before}\"history_from\": null{}", after.trim_start_matches(char::is_numeric))
        })
    })
    .is_refused("no history", "does not show that nothing came later");
    repacked(&|bag| edit(&bag.join("data/checkpoint"), |text| text.replacen('\n', "\n0", 1)))
        .is_refused("a malformed checkpoint", "line 2 of the checkpoint");
    repacked(&|bag| {
        edit(&first_with(bag, ".tlog-proof"), |text| text.replacen("index ", "place ", 1))
    })
    .is_refused("a malformed proof", "which entry it is of");
    repacked(&|bag| edit(&bag.join("data/proof.json"), |text| text.replace(ZHOU, CHEN)))
        .is_refused("another household's name", "does not show how the file of");
}

#[tokio::test]
async fn only_the_auditors_own_policy_counts() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    let document = fill(&archive).await.to_string();
    let sound = Packed::of(&archive, &document, false).await;
    let trusting = |policy: String| Packed { policy, ..sound.with(|_| {}) };
    let key = read(&archive.data().join("keys/log.key"));
    let origin = LogKey::parse(&key).unwrap().origin().to_owned();

    let other = LogKey::new(&origin, [9; 32]).unwrap();
    trusting(format!("log {}\nquorum none\n", other.public()))
        .is_refused("another key", "that the policy trusts has signed");
    let elsewhere = LogKey::new("elsewhere.example", [9; 32]).unwrap();
    trusting(format!("log {}\nquorum none\n", elsewhere.public()))
        .is_refused("another log", "the checkpoint is of the log");
    let witness = "witness w witness.example+8ed03f94+BAYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYG";
    if Policy::parse(&format!("{}{witness}\n", sound.policy)).is_ok() {
        trusting(sound.policy.replace("quorum none", &format!("{witness}\nquorum w")))
            .is_refused("no witness", "the quorum w is not met by this checkpoint of");
    }
    // A policy that cannot be read is nobody's verdict.
    let (status, said) = python(sound.folder.path(), "log nonsense\n", &[sound.bag().as_os_str()]);
    assert_eq!((status, said.contains("line 1 of the policy")), (3, true), "{said}");
    assert!(Policy::parse("log nonsense\n").unwrap_err().0.contains("line 1 of the policy"));
}

#[tokio::test]
async fn a_log_that_grew_is_told_from_one_that_was_rewritten() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    archive.app.recorder.settle().await.unwrap();
    let old = archive.app.vault.checkpoint().await.unwrap().unwrap();
    fill(&archive).await;
    archive.app.recorder.settle().await.unwrap();
    let new = archive.app.vault.checkpoint().await.unwrap().unwrap();
    let path = prove::consistency(&archive.app, &old, &new).await.unwrap();
    let policy = read(&archive.data().join("auditor.policy"));

    let both = |old: &str, new: &str, path: &str| consistency(&policy, old, new, path);
    let said = |outcome: (u8, String), status: u8, reason: &str| {
        assert_eq!(outcome.0, status, "{}", outcome.1);
        assert_eq!(outcome.1.matches(reason).count(), 2, "{}", outcome.1);
    };
    said(both(&old, &new, &path), 0, "begin with");
    said(both(&new, &new, ""), 0, "begin with");
    said(both(&new, &old, &path), 1, "has shrunk");
    said(both(&old, &new, ""), 1, "too short");

    // The operator rewrites history with the key in hand.
    let key = LogKey::parse(&read(&archive.data().join("keys/log.key"))).unwrap();
    let mut forged = Frontier::default();
    while forged.size() < yidang::tlog::Checkpoint::parse(&new).unwrap().size {
        forged.push(b"another history");
    }
    let forged = key.sign(&forged).unwrap();
    said(both(&old, &forged, &path), 1, "history was rewritten");
    said(both(&new, &forged, ""), 1, "two histories");
}
