//! What is outside the store, saved and put back; and an archive that an
//! earlier version of the program made.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest as _, Sha256};
use yidang::app::App;
use yidang::audit;
use yidang::backup::{self, BackupError};
use yidang::config::{Config, ReasonIs};
use yidang::intake;
use yidang::model::canonical;
use yidang::{prove, rebuild, view};
use yidang_verifier::policy::Policy;
use yidang_verifier::verify;

use crate::files::paper;
use crate::harness::{Archive, Sql, Store, ZHOU, stream};
use crate::numbers::{files_below, holds};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/archive-1").join(name)
}

/// A line of a dump; when the body in it has something covered, its salt is too.
fn without_salt_of_the_covered(line: &str) -> String {
    let mut row: serde_json::Value = serde_json::from_str(line).unwrap();
    if let Some(body) = row["row"]["body"].as_str().filter(|body| body.contains("****")) {
        let mut body: serde_json::Value = serde_json::from_str(body).unwrap();
        body["salt"] = "*".repeat(64).into();
        let text = canonical::to_bytes(&body).unwrap();
        row["row"]["body"] = String::from_utf8(text).unwrap().into();
    }
    String::from_utf8(canonical::to_bytes(&row).unwrap()).unwrap()
}

/// A tar of these members: name, kind, bytes.
fn tar_of(members: &[(&str, tar::EntryType, &[u8])]) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    for (name, kind, bytes) in members {
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(*kind);
        header.set_size(bytes.len() as u64);
        header.set_mode(0o777);
        // Past the checks of the library: an attacker has none.
        let place = &mut header.as_old_mut().name;
        place[..name.len()].copy_from_slice(name.as_bytes());
        if *kind == tar::EntryType::Symlink {
            header.set_link_name_literal("/etc/passwd").unwrap();
        }
        header.set_cksum();
        tar.append(&header, *bytes).unwrap();
    }
    tar.into_inner().unwrap()
}

fn manifest(format: u32, files: &[(&str, &[u8])]) -> Vec<u8> {
    let files: Vec<_> = files
        .iter()
        .map(|(path, bytes)| {
            let sha256 = hex::encode(Sha256::digest(bytes));
            serde_json::json!({ "path": path, "bytes": bytes.len(), "sha256": sha256 })
        })
        .collect();
    let text = serde_json::json!({ "format": format, "program": "9.9.9", "files": files });
    text.to_string().into_bytes()
}

#[tokio::test]
async fn a_backup_brings_everything_back_but_the_store() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    std::fs::write(archive.data().join("yidang.toml"), "readers = 1\n").unwrap();
    archive.take(ZHOU, "a.pdf", &paper(&[&["申请书", "周桂兰", "槐荫里"]])).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("backup.tar");
    // The archive is in use.
    let config = Config { data: archive.data().to_owned(), ..Config::default() };
    let written = backup::write(&config, &file).await.unwrap();
    assert_eq!(
        written.files,
        [
            "auditor.policy",
            "keys/access.key",
            "keys/log.key",
            "keys/lookup.key",
            "yidang.toml",
            "catalog.sqlite"
        ]
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let again = backup::write(&config, &file).await;
    assert!(matches!(again, Err(BackupError::Exists(_))), "{again:?}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else is left");

    // Acts go on after it; the store is copied later.
    archive.take(ZHOU, "b.pdf", &paper(&[&["收入证明", "周桂兰", "八百元"]])).await.unwrap();
    archive.app.settle().await.unwrap();
    let dump = archive.dump().await;
    archive.app.db.close().await;
    let data = folder.path().join("data");
    std::fs::create_dir(&data).unwrap();
    std::fs::rename(archive.data().join("store"), data.join("store")).unwrap();
    let restored = backup::restore(&file, &data).unwrap();
    assert_eq!(restored.files, written.files);
    let key = std::fs::read(data.join("keys/log.key")).unwrap();
    assert_eq!(key, std::fs::read(archive.data().join("keys/log.key")).unwrap());
    let second = backup::restore(&file, &data);
    assert!(matches!(second, Err(BackupError::Exists(_))), "{second:?}");

    let app = App::open(Config::load_with(&data, |_| None).unwrap(), false).await.unwrap();
    assert_eq!(app.config.readers, 1);
    assert_eq!(rebuild::dump(&app).await.unwrap(), dump);
    let report = audit::verify(&app, &archive.bureau(), Default::default()).await.unwrap();
    assert!(report.is_clean(), "{report:?}");
}

#[test]
fn a_backup_that_means_harm_is_refused_and_nothing_is_put_in_place() {
    use tar::EntryType as Kind;
    let (name, file, good) = ("yidang-backup.json", Kind::Regular, b"readers = 1\n");
    let toml = "yidang.toml";
    let of = |path| manifest(1, &[(path, good)]);
    let twice = manifest(1, &[(toml, good), (toml, good)]);
    let newer = manifest(2, &[]);
    let many: Vec<_> = (0..300).map(|no| format!("keys/{no}")).collect();
    let many: Vec<_> = many.iter().map(|path| (path.as_str(), good.as_slice())).collect();
    let many = manifest(1, &many);
    let huge = br#"{"format":1,"program":"1","files":[{"path":"yidang.toml","bytes":99999999999,
        "sha256":"0000000000000000000000000000000000000000000000000000000000000000"}]}"#;
    let plain = of(toml);
    let (up, root, dotted) = (of("../x"), of("/etc/x"), of("a/../../x"));
    let cases: [(&str, Vec<u8>); 16] = [
        ("is empty", Vec::new()),
        ("", b"not a tar at all, but a text that goes on for a while".repeat(30)),
        ("does not begin with", tar_of(&[(toml, file, good)])),
        ("below the data folder", tar_of(&[(name, file, &up), ("../x", file, good)])),
        ("below the data folder", tar_of(&[(name, file, &root), ("/etc/x", file, good)])),
        ("below the data folder", tar_of(&[(name, file, &dotted), ("a/../../x", file, good)])),
        ("below the data folder", tar_of(&[(name, file, &plain), ("../x", file, good)])),
        ("not a plain file", tar_of(&[(name, file, &plain), (toml, Kind::Symlink, b"")])),
        ("not a plain file", tar_of(&[(name, file, &plain), (toml, Kind::Link, b"")])),
        ("not named", tar_of(&[(name, file, &plain), ("keys/x", file, good)])),
        ("twice", tar_of(&[(name, file, &plain), (toml, file, good), (toml, file, good)])),
        ("names a file twice", tar_of(&[(name, file, &twice)])),
        ("not in it", tar_of(&[(name, file, &plain)])),
        ("changed", tar_of(&[(name, file, &plain), (toml, file, b"readers = 9\n")])),
        ("more than", tar_of(&[(name, file, &many)])),
        ("too large", tar_of(&[(name, file, huge)])),
    ];
    let folder = tempfile::tempdir().unwrap();
    let (from, data) = (folder.path().join("backup.tar"), folder.path().join("data"));
    for (reason, bytes) in cases {
        std::fs::write(&from, bytes).unwrap();
        let told = backup::restore(&from, &data).unwrap_err().to_string();
        assert!(told.contains(reason) && !told.contains('\n'), "{reason}: {told}");
        assert_eq!(std::fs::read_dir(&data).unwrap().count(), 0, "{reason}");
    }
    std::fs::write(&from, tar_of(&[(name, file, &newer)])).unwrap();
    let told = backup::restore(&from, &data).unwrap_err().to_string();
    assert!(told.contains("9.9.9") && told.contains("format 2"), "{told}");
    // Cut anywhere, it is refused; whole, it is taken.
    let whole = tar_of(&[(name, file, &plain), (toml, file, good)]);
    for cut in (0..2048).step_by(97) {
        std::fs::write(&from, &whole[..cut]).unwrap();
        assert!(backup::restore(&from, &data).is_err(), "cut at {cut}");
        assert_eq!(std::fs::read_dir(&data).unwrap().count(), 0, "cut at {cut}");
    }
    std::fs::write(&from, &whole).unwrap();
    assert_eq!(backup::restore(&from, &data).unwrap().files, [toml]);
}

/// The dump without the tables and columns that came after `then` was dumped.
fn as_told_then(dump: &[String], then: &[String]) -> Vec<String> {
    let parse = |line: &String| serde_json::from_str::<serde_json::Value>(line).unwrap();
    let mut columns = std::collections::BTreeMap::new();
    for line in then {
        let line = parse(line);
        let fields = line["row"].as_object().unwrap().keys().cloned();
        let known: &mut std::collections::BTreeSet<String> =
            columns.entry(line["table"].as_str().unwrap().to_owned()).or_default();
        known.extend(fields);
    }
    let told = dump.iter().filter_map(|line| {
        let mut line = parse(line);
        let known = columns.get(line["table"].as_str().unwrap())?;
        line["row"].as_object_mut().unwrap().retain(|field, _| known.contains(field));
        Some(String::from_utf8(canonical::to_bytes(&line).unwrap()).unwrap())
    });
    told.collect()
}

#[tokio::test]
async fn an_archive_of_an_earlier_version_lives_on() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    backup::restore(&fixture("backup.tar"), &data).unwrap();
    tar::Archive::new(std::fs::File::open(fixture("store.tar")).unwrap()).unpack(&data).unwrap();
    let mut dump = String::new();
    std::fs::File::open(fixture("dump.jsonl")).unwrap().read_to_string(&mut dump).unwrap();

    let mut config = Config::load_with(&data, |_| None).unwrap();
    config.access.reason = ReasonIs::Optional;
    let mut app = App::open(config, false).await.unwrap();
    Arc::get_mut(&mut app).unwrap().reader.program = env!("CARGO_BIN_EXE_yidang").into();
    // Its catalog has the numbers of persons in clear; nothing has any more.
    let numbers =
        ["990102195704129284", "990102196108234293", "990102196311055020", "99010219850130850X"];
    assert!(numbers.iter().all(|number| dump.contains(number)));
    let mut covered = dump.clone();
    for number in numbers {
        covered = covered.replace(number, &format!("{}**********{}", &number[..4], &number[14..]));
    }
    let covered: Vec<String> = covered.lines().map(without_salt_of_the_covered).collect();
    let brought_up = rebuild::dump(&app).await.unwrap();
    assert_eq!(as_told_then(&brought_up, &covered), covered);
    let mut files = Vec::new();
    files_below(&data, &mut files);
    for file in files.iter().filter(|file| !file.starts_with(data.join("store"))) {
        let bytes = std::fs::read(file).unwrap();
        for number in numbers {
            assert!(!holds(&bytes, &number[4..14]), "{} has {number}", file.display());
        }
    }
    let operator = app.operator();
    for number in numbers {
        assert_eq!(view::households(&app, &operator, number, "", 9).await.unwrap().len(), 1);
        let other = number.replace("0102", "0103");
        assert!(view::households(&app, &operator, &other, "", 9).await.unwrap().is_empty());
    }
    // What an earlier program read is queued, not lost.
    rebuild::rebuild(&app, |_| {}).await.unwrap();
    // What later versions added is the same whether it was brought up or made anew.
    assert_eq!(rebuild::dump(&app).await.unwrap(), brought_up);
    assert_eq!(view::households(&app, &operator, numbers[3], "", 9).await.unwrap().len(), 1);
    let report = audit::verify(&app, &operator, Default::default()).await.unwrap();
    assert!(report.is_clean() && report.scope.catalog, "{report:?}");
    let bag = folder.path().join("bag");
    let household = "99010200300400127".parse().unwrap();
    prove::prove(&app, &operator, &household, true, &bag).await.unwrap();
    let policy = std::fs::read_to_string(data.join("auditor.policy")).unwrap();
    let judged = verify::bag(&bag, &Policy::parse(&policy).unwrap(), None);
    assert_eq!(judged.status(), 0, "{}", judged.to_text());
    let next = paper(&[&["新的一页", "内容", "续"]]);
    let taken = intake::take(&app, &operator, "next.pdf", None, stream(&next)).await.unwrap();
    assert_eq!(
        taken.document.0,
        dump.lines().filter(|line| line.contains("\"table\":\"entry\"")).count() as i64 + 1
    );
}
