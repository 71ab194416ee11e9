//! The store encrypted: nobody who has it, and not the keys, reads anything;
//! whoever has both notices no difference; and what was destroyed is gone in
//! every copy.

use std::path::Path as Folder;
use std::sync::Arc;
use std::time::Duration;

use futures::TryStreamExt;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use yidang::app::{App, OpenError};
use yidang::audit::{self, Asked, Report};
use yidang::backup;
use yidang::config::{Config, ReasonIs};
use yidang::encryption::{self, Destruction, EncryptionError};
use yidang::intake::IntakeError;
use yidang::keys::volumes::VolumeKeyError;
use yidang::model::access::{Actor, Role};
use yidang::model::act::{Act, Side};
use yidang::model::id::{Digest, DocumentId};
use yidang::vault::seal::envelope::{HEADER, MAGIC, PIECE};
use yidang::vault::{Key, VaultError};
use yidang::view::ViewError;
use yidang::{binding, filing, rebuild, rendition, setup, view, worker};

use crate::faults::Faults;
use crate::files::{noise, paper};
use crate::harness::{
    Archive, CHEN, ENCRYPTED, SecondPlace, Sql, Store, ZHOU, actor, description, for_all,
    for_all_encrypted, household, of_records,
};
use crate::prove::Packed;

const REASON: &str = "保管期满，销毁清册2026-3号";
const APPLICATION: &[&str] = &["最低生活保障申请书", "申请人：周桂兰", "家住槐荫里十二号"];

async fn verified(archive: &Archive) -> Report {
    audit::verify(&archive.app, &archive.bureau(), Arc::default()).await.unwrap()
}

/// A paper for each household, one filed and bound; returns the first.
async fn lived_in(archive: &Archive) -> (DocumentId, Digest) {
    let (app, bureau) = (&archive.app, archive.bureau());
    let taken = archive.take("", "周桂兰申请.pdf", &paper(&[APPLICATION])).await.unwrap();
    let said = description("A01", "低保申请书", "2026-03-09");
    filing::file(app, &bureau, taken.document, &household(ZHOU), said).await.unwrap();
    archive.take(CHEN, "b.pdf", &paper(&[&["收入证明", "陈志强", "八百元"]])).await.unwrap();
    archive.settle().await;
    view::page_image(app, &bureau, taken.document, 1, 160).await.unwrap();
    binding::bind(app, &bureau, &household(ZHOU), "").await.unwrap();
    app.settle().await.unwrap();
    (taken.document, taken.sha256)
}

/// Somebody of the bureau who decides on what others ask for.
fn approver() -> Actor {
    actor("邓文彬", "990102000000", Role::Approver)
}

/// Destroys the keys of a household's papers, as the bureau asks and an approver
/// agrees.
async fn destroyed(app: &App, no: &str) -> Result<Destruction, EncryptionError> {
    let bureau = actor("宋青", "990102000000", Role::Operator);
    let request = encryption::ask(app, &bureau, &household(no), REASON).await?;
    encryption::destroy(app, &approver(), request.asked, no).await
}

pub async fn contents(store: &dyn ObjectStore) -> Vec<(String, Vec<u8>)> {
    let listed: Vec<_> = store.list(None).try_collect().await.unwrap();
    let mut found = Vec::new();
    for meta in listed {
        let bytes = store.get(&meta.location).await.unwrap().bytes().await.unwrap();
        found.push((meta.location.to_string(), bytes.to_vec()));
    }
    found
}

fn has(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

/// Nothing in the store tells of a paper or a person.
async fn tells_nothing(store: &dyn ObjectStore, scan: &[u8]) {
    let middle = scan.len() / 2;
    let pieces = [&scan[..16], &scan[middle..middle + 16], &scan[scan.len() - 16..]];
    let words = ["周桂兰", "陈志强", "槐荫里", "申请", "青石县", "\"salt\"", "%PDF-1", "endobj"];
    for (path, bytes) in contents(store).await {
        for word in words {
            assert!(!has(&bytes, word.as_bytes()), "{path} has {word}");
        }
        assert!(pieces.iter().all(|piece| !has(&bytes, piece)), "{path} has a piece of the scan");
    }
}

#[tokio::test]
async fn whoever_has_the_store_alone_reads_nothing_and_whoever_has_the_keys_everything() {
    for_all_encrypted(async |archive| {
        let scan = paper(&[APPLICATION]);
        let (document, sha256) = lived_in(archive).await;
        tells_nothing(&*archive.objects(), &scan).await;
        assert_eq!(archive.on_the_way(), Vec::<std::path::PathBuf>::new());

        let original = view::original(&archive.app, &archive.bureau(), document, 1).await.unwrap();
        assert_eq!(std::fs::read(original.copy.path()).unwrap(), scan);
        assert_eq!(archive.app.vault.is_sealed(sha256).await.unwrap(), Some(true));
        assert_eq!(archive.finds("槐荫里十二号").await, [document]);
        let (bureau, zhou) = (archive.bureau(), household(ZHOU));
        let volume = view::volume(&archive.app, &bureau, &zhou, None).await.unwrap();
        assert_eq!(volume.manifest.items.len(), 1);
        // The same bytes again are known.
        let again = archive.take(ZHOU, "again.pdf", &scan).await.unwrap();
        assert!(again.was_known());
        // One that is larger than what is handled in memory.
        let large = [noise(1800, 1800), vec![0; 9 << 20]].concat();
        let large = archive.take(ZHOU, "large.png", &large).await.unwrap();
        assert_eq!(archive.app.vault.check(large.sha256).await.unwrap(), large.bytes);

        let report = verified(archive).await;
        assert!(report.is_clean() && report.scope.catalog, "{report:?}");
        let packed = Packed::of(archive, &document.to_string(), true).await;
        packed.is_sound("an encrypted archive", "entries stand in the log");
        let dump = archive.dump().await;
        rebuild::rebuild(&archive.app, |_| {}).await.unwrap();
        assert_eq!(archive.dump().await, dump);
        archive.settle().await;
        assert_eq!(archive.finds("槐荫里十二号").await, [document]);
        archive.reopen().await.unwrap();
        assert!(verified(archive).await.is_clean());
    })
    .await;
}

#[tokio::test]
async fn the_log_says_once_that_the_archive_is_encrypted() {
    let mut archive = Archive::encrypted(Store::Folder, Sql::Sqlite).await;
    let begun = |dump: Vec<String>| {
        dump.iter().filter(|line| line.contains("\\\"begin_encryption\\\"")).count()
    };
    assert_eq!(begun(archive.dump().await), 1);
    archive.reopen().await.unwrap();
    assert_eq!(begun(archive.dump().await), 1);
    let status = encryption::status(&archive.app).await.unwrap();
    assert!(status.on && status.secrets == 1 && status.destroyed == 0, "{status:?}");
    let name = status.keys.unwrap();
    assert!(archive.dump().await.iter().any(|line| line.contains(&name)));
}

#[tokio::test]
async fn keys_are_made_for_an_archive_that_has_none_and_not_for_one_that_lost_them() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let load = || Config::load_with(&data, |_| None).unwrap();
    App::open(load(), true).await.unwrap().db.close().await;
    std::fs::write(data.join("yidang.toml"), ENCRYPTED).unwrap();
    let told = App::open(load(), false).await.unwrap_err().to_string();
    assert!(told.contains("yidang encryption on"), "{told}");
    let (app, made) = encryption::begin(load()).await.unwrap();
    assert!(made && encryption::status(&app).await.unwrap().on);
    let founding =
        setup::Founding { fonds: "J016".into(), fonds_name: "青石县民政局".into() };
    setup::found(&app, &app.operator(), &founding).await.unwrap();
    app.db.close().await;
    let (app, made) = encryption::begin(load()).await.unwrap();
    assert!(!made);
    app.db.close().await;
    for file in ["volumes.key", "master.key"] {
        std::fs::remove_file(data.join("keys").join(file)).unwrap();
    }
    let told = encryption::begin(load()).await.unwrap_err();
    assert!(matches!(told, OpenError::OtherVolumeKeys { .. }), "{told}");
    assert!(!data.join("keys/volumes.key").exists());
}

/// What an envelope is made to be by somebody who has the store: the name of the
/// case, and what stands there then.
fn tampered(right: &[u8], other: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let flipped = |at: usize| {
        let mut bytes = right.to_vec();
        bytes[at] ^= 1;
        bytes
    };
    let piece = HEADER + PIECE + 16;
    vec![
        ("the envelope of another file", other.to_vec()),
        ("another magic", flipped(0)),
        ("another version", {
            let mut bytes = right.to_vec();
            bytes[8] = 0;
            bytes
        }),
        ("other keys", flipped(9)),
        ("another salt", flipped(20)),
        ("another first byte", flipped(HEADER)),
        ("another last byte", flipped(right.len() - 1)),
        ("cut at a piece", right[..piece].to_vec()),
        ("cut in a piece", right[..piece + 100].to_vec()),
        ("the header alone", right[..HEADER].to_vec()),
        ("half a header", right[..12].to_vec()),
        ("nothing", Vec::new()),
        ("more", [right, b"more"].concat()),
        ("pieces swapped", {
            let second = &right[piece..piece + PIECE + 16];
            let rest = &right[piece + PIECE + 16..];
            [&right[..HEADER], second, &right[HEADER..piece], rest].concat()
        }),
    ]
}

#[tokio::test]
async fn an_envelope_that_was_changed_is_found_and_restored_from_the_other_copy() {
    let mut archive = Archive::encrypted(Store::Memory, Sql::Sqlite).await;
    let copy = Arc::new(Faults::default());
    archive.copied(SecondPlace::Memory(Arc::clone(&copy)), true).await.unwrap();
    let (app, bureau) = (Arc::clone(&archive.app), archive.bureau());
    let scan = noise(400, 200);
    assert!(scan.len() > 3 * PIECE, "{}", scan.len());
    let taken = archive.take(ZHOU, "a.png", &scan).await.unwrap();
    let other = archive.take(CHEN, "b.png", &noise(300, 210)).await.unwrap();
    app.settle().await.unwrap();
    tells_nothing(&*archive.objects(), &scan).await;
    tells_nothing(&*archive.copy_objects(), &scan).await;

    let path = Key::Blob(taken.sha256).path();
    let bytes_of = async |store: &dyn ObjectStore, path: &Path| {
        store.get(path).await.unwrap().bytes().await.unwrap().to_vec()
    };
    let right = bytes_of(&*archive.objects(), &path).await;
    let theirs = bytes_of(&*archive.copy_objects(), &path).await;
    assert_ne!(right, theirs, "each copy has an envelope of its own");
    let strange = bytes_of(&*archive.objects(), &Key::Blob(other.sha256).path()).await;
    for (side, store) in [(Side::Store, archive.objects()), (Side::Copy, archive.copy_objects())] {
        for (case, bytes) in tampered(&right, &strange) {
            archive.hands.advance(Duration::from_secs(1));
            store.put(&path, bytes.into()).await.unwrap();
            let report = verified(&archive).await;
            let found: Vec<_> = report.changed.iter().map(|one| one.object.as_str()).collect();
            let expected = taken.sha256.to_string();
            assert_eq!(found, [expected.as_str()], "{case}: {report:?}");
            assert_eq!(report.changed[0].place, side.as_str(), "{case}");
            // It is handed out right all the same, or not at all.
            let vault = if side == Side::Store { app.vault.clone() } else { app.vault.alone() };
            assert_eq!(vault.bytes(taken.sha256).await.unwrap().as_ref(), scan, "{case}");
            let asked = Asked { repair: true, ..Asked::default() };
            let report = audit::verify_as(&app, &bureau, Arc::default(), asked).await.unwrap();
            assert_eq!(report.repaired.len(), 1, "{case}: {report:?}");
            assert!(verified(&archive).await.is_clean(), "{case}");
            let mended = bytes_of(&*store, &path).await;
            assert!(mended.starts_with(&MAGIC) && mended != right, "{case}");
        }
    }
}

#[tokio::test]
async fn the_envelope_of_the_other_copy_is_as_good() {
    // Envelopes are of one set of keys: a copy can be put in the place of the
    // store, file by file or as a whole.
    let mut archive = Archive::encrypted(Store::Folder, Sql::Sqlite).await;
    let copy = archive.data().join("copy");
    archive.copied(SecondPlace::Folder(copy), true).await.unwrap();
    let (_, sha256) = lived_in(&archive).await;
    let path = Key::Blob(sha256).path();
    let theirs = archive.copy_objects().get(&path).await.unwrap().bytes().await.unwrap();
    archive.objects().put(&path, theirs.into()).await.unwrap();
    assert!(verified(&archive).await.is_clean());
}

#[tokio::test]
async fn store_and_keys_are_the_whole_archive() {
    let archive = Archive::encrypted(Store::Folder, Sql::Sqlite).await;
    let (document, _) = lived_in(&archive).await;
    let dump = archive.dump().await;
    archive.app.db.close().await;
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let copy = |names: &[&str]| {
        std::fs::create_dir_all(&data).unwrap();
        for name in names {
            let from = archive.data().join(name);
            let done = std::process::Command::new("cp").arg("-r").arg(from).arg(&data).status();
            assert!(done.unwrap().success());
        }
    };
    // Without the keys, it says so, and in one sentence.
    copy(&["store", "yidang.toml"]);
    let open = async || {
        let mut config = Config::load_with(&data, |_| None).unwrap();
        config.access.reason = ReasonIs::Optional;
        App::open(config, false).await
    };
    let told = open().await.unwrap_err();
    assert!(matches!(told, OpenError::NoVolumeKeys(_)), "{told}");
    std::fs::write(data.join("yidang.toml"), "").unwrap();
    let told = open().await.unwrap_err().to_string();
    assert!(told.contains("is encrypted, and the keys are not on this machine"), "{told}");
    let _ = std::fs::remove_file(data.join("catalog.sqlite"));

    copy(&["keys", "yidang.toml"]);
    let app = open().await.unwrap();
    rebuild::rebuild(&app, |_| {}).await.unwrap();
    assert_eq!(of_records(rebuild::dump(&app).await.unwrap()), dump);
    let original = view::original(&app, &archive.bureau(), document, 1).await.unwrap();
    assert_eq!(std::fs::read(original.copy.path()).unwrap(), paper(&[APPLICATION]));
    app.db.close().await;

    // Keys of another archive are told before anything is done.
    std::fs::remove_file(data.join("keys/volumes.key")).unwrap();
    std::fs::remove_file(data.join("keys/master.key")).unwrap();
    let config = Config::load_with(&data, |_| None).unwrap();
    yidang::keys::volumes::make(&config).unwrap();
    let told = open().await.unwrap_err();
    assert!(matches!(told, OpenError::OtherVolumeKeys { .. }), "{told}");
}

#[tokio::test]
async fn a_backup_has_the_keys_and_not_what_opens_them() {
    let archive = Archive::encrypted(Store::Folder, Sql::Sqlite).await;
    lived_in(&archive).await;
    let dump = archive.dump().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("backup.tar");
    let config = Config::load_with(archive.data(), |_| None).unwrap();
    let written = backup::write(&config, &file).await.unwrap();
    assert!(written.files.contains(&"keys/volumes.key".to_owned()), "{written:?}");
    assert!(!written.files.iter().any(|name| name.contains("master")), "{written:?}");
    let master = std::fs::read(archive.data().join("keys/master.key")).unwrap();
    assert!(written.master.unwrap().ends_with("keys/master.key"));
    assert!(!has(&std::fs::read(&file).unwrap(), &master[20..]));
    archive.app.db.close().await;

    let data = folder.path().join("data");
    std::fs::create_dir(&data).unwrap();
    std::fs::rename(archive.data().join("store"), data.join("store")).unwrap();
    backup::restore(&file, &data).unwrap();
    let open = async || {
        let mut config = Config::load_with(&data, |_| None).unwrap();
        config.access.reason = ReasonIs::Optional;
        App::open(config, false).await
    };
    let told = open().await.unwrap_err();
    let missing = matches!(told, OpenError::VolumeKeys(VolumeKeyError::NoMaster { .. }));
    assert!(missing && !told.to_string().contains('\n'), "{told}");
    std::fs::write(data.join("keys/master.key"), master).unwrap();
    let app = open().await.unwrap();
    assert_eq!(of_records(rebuild::dump(&app).await.unwrap()), dump);
    let report = audit::verify(&app, &archive.bureau(), Arc::default()).await.unwrap();
    assert!(report.is_clean(), "{report:?}");
}

#[tokio::test]
async fn an_archive_that_was_plain_is_encrypted_later_and_read_in_between() {
    for_all(async |archive| {
        let scan = paper(&[APPLICATION]);
        let (document, sha256) = lived_in(archive).await;
        let copy = Arc::new(Faults::default());
        archive.copied(SecondPlace::Memory(copy), false).await.unwrap();
        archive.app.settle().await.unwrap();
        std::fs::write(archive.data().join("yidang.toml"), ENCRYPTED).unwrap();
        archive.reopen().await.unwrap();
        if archive.app.vault.is_sealed(sha256).await.unwrap() == Some(true) {
            // The whole suite is run on encrypted archives.
            return;
        }
        let later = archive.take(ZHOU, "later.pdf", &paper(&[&["续页", "内容", "在后"]])).await;
        let later = later.unwrap().sha256;
        assert_eq!(archive.app.vault.is_sealed(later).await.unwrap(), Some(true));
        assert!(verified(archive).await.is_clean());
        let told = destroyed(&archive.app, ZHOU).await.unwrap_err();
        assert!(matches!(told, EncryptionError::Plain { side: Side::Store, .. }), "{told}");

        let (mut before, entries) = (archive.dump().await, archive.entries().await);
        archive.app.settle().await.unwrap();
        let sealed = encryption::seal(&archive.app, &archive.bureau(), |_| {}).await.unwrap();
        assert!(sealed.left.is_empty() && sealed.files > 8, "{sealed:?}");
        archive.app.settle().await.unwrap();
        tells_nothing(&*archive.objects(), &scan).await;
        tells_nothing(&*archive.copy_objects(), &scan).await;
        let again = encryption::seal(&archive.app, &archive.bureau(), |_| {}).await.unwrap();
        assert_eq!(again.files, 0);
        let said = archive.dump().await;
        let acts: Vec<_> = said.iter().filter(|line| line.contains("encrypt_blobs")).collect();
        assert_eq!(acts.len(), 2, "one for each store");
        assert_eq!(archive.entries().await, entries + 2);
        let report = verified(archive).await;
        assert!(report.is_clean() && report.scope.copies == 2, "{report:?}");
        assert_eq!(archive.finds("槐荫里十二号").await, [document]);
        before.retain(|line| !line.contains("\"table\":\"entry\""));
        let mut after = archive.dump().await;
        after.retain(|line| !line.contains("\"table\":\"entry\""));
        assert_eq!(after, before, "nothing else has changed");
    })
    .await;
}

/// That nobody reads the papers of 周桂兰 any more, and everybody the others.
async fn is_gone(archive: &Archive, document: DocumentId, objects: &[Digest]) {
    let (app, bureau) = (&archive.app, archive.bureau());
    for object in objects {
        let told = app.vault.bytes(*object).await.unwrap_err();
        assert!(matches!(told, VaultError::Destroyed(of) if of == *object), "{told}");
    }
    let told = view::original(app, &bureau, document, 1).await.unwrap_err();
    assert!(matches!(told, ViewError::Vault(VaultError::Destroyed(_))), "{told}");
    let told = view::page_image(app, &bureau, document, 1, 160).await.unwrap_err();
    assert!(matches!(told, ViewError::Vault(VaultError::Destroyed(_))), "{told}");
    let compared = view::compare(app, &bureau, document).await.unwrap();
    assert!(matches!(compared, view::Compared::Destroyed(_)), "{compared:?}");
    archive.settle().await;
    assert!(archive.finds("槐荫里十二号").await.is_empty());
    assert_eq!(archive.finds("八百元").await.len(), 1);
    for object in objects {
        let folder = format!("derived/{}/{}", rendition::MAKER, &object.to_string()[..2]);
        let made = archive.paths(&folder).await;
        assert!(made.iter().all(|path| !path.contains(&object.to_string())), "{made:?}");
    }
}

#[tokio::test]
async fn destroyed_keys_make_every_copy_unreadable_and_verify_says_by_which_act() {
    for_all_encrypted(async |archive| {
        let copy = Arc::new(Faults::default());
        archive.copied(SecondPlace::Memory(copy), true).await.unwrap();
        let (document, sha256) = lived_in(archive).await;
        // A certificate that another household has too stays.
        let shared = noise(60, 60);
        let both = archive.take(ZHOU, "shared.png", &shared).await.unwrap();
        archive.take(CHEN, "shared.png", &shared).await.unwrap();
        archive.settle().await;
        archive.app.settle().await.unwrap();
        let tape = contents(&*archive.objects()).await;
        let (app, bureau) = (Arc::clone(&archive.app), archive.bureau());
        let other = archive.second().await.unwrap();

        let plan = encryption::plan(&app, &bureau, &household(ZHOU)).await.unwrap();
        assert_eq!((plan.papers, plan.versions, plan.objects.len()), (2, 1, 2));
        assert!(plan.objects.contains(&sha256) && !plan.objects.contains(&both.sha256));
        let refused = encryption::ask(&app, &bureau, &household(ZHOU), " ").await.unwrap_err();
        assert!(matches!(refused, EncryptionError::NoReason), "{refused}");
        let theirs = actor("韩冰", "990102002000", Role::Administrator);
        let refused = encryption::ask(&app, &theirs, &household(ZHOU), REASON).await;
        assert!(matches!(refused, Err(EncryptionError::UnknownHousehold(_))), "{refused:?}");
        assert!(app.vault.bytes(sha256).await.is_ok());
        let done = destroyed(&app, ZHOU).await.unwrap();
        let entry = done.entry.unwrap();
        is_gone(archive, document, &done.objects).await;
        // Who had it open already reads nothing more either.
        let told = other.vault.bytes(sha256).await.unwrap_err();
        assert!(matches!(told, VaultError::Destroyed(_)), "{told}");
        other.db.close().await;
        assert!(app.vault.check(both.sha256).await.is_ok());
        let again = destroyed(&app, ZHOU).await;
        assert!(matches!(again, Err(EncryptionError::Nothing(_))), "{again:?}");
        // The same scan cannot be kept again.
        let told = archive.take(ZHOU, "again.pdf", &paper(&[APPLICATION])).await.unwrap_err();
        assert!(matches!(told, IntakeError::Vault(VaultError::Destroyed(_))), "{told}");

        let report = verified(archive).await;
        assert!(report.is_clean() && report.scope.copies == 2, "{report:?}");
        assert_eq!(report.destroyed, [(entry, 2)]);
        let dump = archive.dump().await;
        rebuild::rebuild(&app, |_| {}).await.unwrap();
        assert_eq!(archive.dump().await, dump);
        is_gone(archive, document, &done.objects).await;

        // A copy of the store from before, with the keys of now.
        for (path, bytes) in tape {
            archive.objects().put(&Path::from(path), bytes.into()).await.unwrap();
        }
        let told = app.vault.bytes(sha256).await.unwrap_err();
        assert!(matches!(told, VaultError::Destroyed(_)), "{told}");
        let report = verified(archive).await;
        assert_eq!(report.destroyed, [(entry, 2)]);
    })
    .await;
}

#[tokio::test]
async fn a_stop_before_the_keys_are_gone_is_made_good_and_so_is_an_older_backup_of_them() {
    let mut archive = Archive::encrypted(Store::Folder, Sql::Sqlite).await;
    let (document, sha256) = lived_in(&archive).await;
    let files = ["keys/volumes.key", "keys/master.key"].map(|name| archive.data().join(name));
    let before = files.clone().map(|file| std::fs::read(file).unwrap());
    let plan = encryption::plan(&archive.app, &archive.bureau(), &household(ZHOU)).await.unwrap();
    let act = Act::DestroyKeys {
        household: household(ZHOU),
        objects: plan.objects.clone(),
        reason: REASON.into(),
        asked: None,
    };
    archive.app.recorder.record(&approver(), act).await.unwrap();
    assert!(archive.app.vault.bytes(sha256).await.is_ok(), "a stop came here");
    archive.settle().await;
    assert!(archive.finds("槐荫里十二号").await.is_empty(), "the index goes by the act");
    let report = verified(&archive).await;
    assert_eq!(report.changed.len(), 2, "{report:?}");
    assert!(report.changed[0].reason.contains("it can be read"), "{report:?}");
    assert_eq!(report.changed[0].code, "blob.readable");
    archive.reopen().await.unwrap();
    assert!(matches!(archive.app.vault.bytes(sha256).await, Err(VaultError::Destroyed(_))));
    assert!(verified(&archive).await.is_clean());

    files.iter().zip(&before).for_each(|(file, bytes)| std::fs::write(file, bytes).unwrap());
    archive.reopen().await.unwrap();
    archive.settle().await;
    assert!(matches!(archive.app.vault.bytes(sha256).await, Err(VaultError::Destroyed(_))));
    let told = view::original(&archive.app, &archive.bureau(), document, 1).await;
    assert!(matches!(told, Err(ViewError::Vault(VaultError::Destroyed(_)))), "{told:?}");
}

#[tokio::test]
async fn what_was_being_read_while_its_key_was_destroyed_is_not_kept() {
    let archive = Archive::encrypted(Store::Memory, Sql::Sqlite).await;
    let (_, sha256) = lived_in(&archive).await;
    let rendition = rendition::newest(&archive.app, sha256).await.unwrap().unwrap();
    destroyed(&archive.app, ZHOU).await.unwrap();
    let kept = rendition::keep(&archive.app, sha256, rendition.reading.clone()).await;
    assert!(matches!(kept, Err(VaultError::Destroyed(_))), "{kept:?}");
    let mut tx = archive.app.db.write().await.unwrap();
    worker::keep_summary(&archive.app, &mut tx, &rendition).await.unwrap();
    let sql = "SELECT COUNT(*) FROM reading WHERE sha256 = $1";
    assert_eq!(tx.number(sql, yidang::args![sha256.to_string()]).await.unwrap(), 0);
}

#[tokio::test]
async fn a_file_of_another_household_is_never_destroyed_with_one() {
    let archive = Archive::encrypted(Store::Memory, Sql::Sqlite).await;
    let (_, sha256) = lived_in(&archive).await;
    let act = |objects| Act::DestroyKeys {
        household: household(CHEN),
        objects,
        reason: REASON.into(),
        asked: None,
    };
    for objects in [vec![sha256], vec![Digest::of(b"nothing")]] {
        let told = archive.app.recorder.record(&approver(), act(objects)).await;
        let told = told.unwrap_err().to_string();
        assert!(told.contains("is not a file of household"), "{told}");
    }
}

#[tokio::test]
async fn a_file_that_looks_like_an_envelope_is_not_taken_in() {
    for archive in [
        Archive::new(Store::Folder, Sql::Sqlite).await,
        Archive::encrypted(Store::Folder, Sql::Sqlite).await,
    ] {
        let disguised = [MAGIC.as_slice(), &paper(&[APPLICATION])].concat();
        let told = archive.take(ZHOU, "a.pdf", &disguised).await.unwrap_err();
        assert!(matches!(told, IntakeError::Vault(VaultError::Reserved)), "{told}");
        assert!(archive.on_the_way().is_empty());
    }
}

#[tokio::test]
async fn a_broken_upload_leaves_nothing_plain_in_the_store() {
    let archive = Archive::encrypted(Store::Folder, Sql::Sqlite).await;
    let source = async_stream_that_breaks(&noise(300, 300));
    let told = yidang::intake::take(&archive.app, &archive.bureau(), "a.png", None, source).await;
    assert!(matches!(told, Err(IntakeError::Vault(VaultError::Interrupted(_)))), "{told:?}");
    let left = |folder: &Folder| {
        let folders = std::fs::read_dir(folder).unwrap().map(|one| one.unwrap().path());
        folders.filter(|one| one.is_dir()).flat_map(|one| std::fs::read_dir(one).unwrap()).count()
    };
    assert_eq!(left(&archive.data().join("store/staging")), 0);
    assert_eq!(left(&archive.data().join("spool")), 0);
}

fn async_stream_that_breaks(
    bytes: &[u8],
) -> impl futures::Stream<Item = Result<bytes::Bytes, std::io::Error>> + use<> {
    let half = bytes::Bytes::copy_from_slice(&bytes[..bytes.len() / 2]);
    let broken = std::io::Error::other("the cable");
    futures::stream::iter([Ok(half), Err(broken)])
}
