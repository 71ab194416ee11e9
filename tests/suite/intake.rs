//! Files come in: answered before they are read, told when they are known,
//! refused without a trace when they are no scans.

use std::process::Command;

use bytes::Bytes;
use futures::StreamExt;
use yidang::catalog::Refusal;
use yidang::extract::Limits;
use yidang::intake::{self, IntakeError};
use yidang::model::id::Digest;
use yidang::record::RecordError;
use yidang::vault::VaultError;
use yidang::view;

use crate::files::{FOOTER, endless_pdf, locked, noise, page, paper, pdf, pixel_bomb, raw_pdf};
use crate::harness::{Archive, CHEN, NOBODY, Sql, Store, ZHOU, for_all, not_tested, stream};

const PAPER: &[&str] = &["最低生活保障申请书", "申请人：周桂兰", "家住槐荫里社区三号楼"];

/// What an archive holds, to compare before and after.
async fn holdings(archive: &Archive) -> (Vec<String>, Vec<String>) {
    (archive.dump().await, archive.paths("obj").await)
}

fn code(error: &IntakeError) -> &'static str {
    match error {
        IntakeError::File(error) => error.code(),
        IntakeError::Vault(VaultError::TooLarge { .. }) => "too_large",
        IntakeError::Vault(VaultError::Interrupted(_)) => "interrupted",
        IntakeError::Vault(VaultError::Full)
        | IntakeError::Record(RecordError::Vault(VaultError::Full)) => "full",
        _ => "other",
    }
}

#[tokio::test]
async fn an_upload_is_answered_before_it_is_read() {
    for_all(async |archive| {
        let bytes = paper(&[PAPER]);
        let taken = archive.take(ZHOU, "申请书.pdf", &bytes).await.unwrap();
        assert_eq!((taken.pages, taken.bytes), (1, bytes.len() as u64));
        assert_eq!(taken.sha256, Digest::of(&bytes));
        assert_eq!(taken.duplicate_of, None);

        let shown = view::document(&archive.app, &archive.bureau(), taken.document).await.unwrap();
        assert_eq!(shown.pages[0].reading, None);
        assert_eq!(shown.job.unwrap().state, "ready");
        assert!(archive.finds("槐荫里").await.is_empty());

        archive.settle().await;
        let shown = view::document(&archive.app, &archive.bureau(), taken.document).await.unwrap();
        let text = shown.pages[0].reading.as_ref().unwrap().text();
        assert_eq!(text, format!("{}\n{FOOTER}", PAPER.join("\n")));
        assert_eq!(shown.job, None);
        assert_eq!(archive.finds("槐荫里").await, [taken.document]);

        let original = view::original(&archive.app, &archive.bureau(), taken.document, 1).await;
        assert_eq!(std::fs::read(original.unwrap().copy.path()).unwrap(), bytes);
    })
    .await;
}

#[tokio::test]
async fn a_duplicate_is_told_stored_once_and_filed_where_asked() {
    for_all(async |archive| {
        let bytes = paper(&[PAPER]);
        let first = archive.take(ZHOU, "申请书.pdf", &bytes).await.unwrap();
        let (before, blobs) = holdings(archive).await;

        // Where it is already, and on the desk, there is nothing to do but to tell.
        for to in [ZHOU, ""] {
            let again = archive.take(to, "another name.pdf", &bytes).await.unwrap();
            let known = again.duplicate_of.unwrap();
            assert_eq!((again.document, known.document), (first.document, first.document));
            assert_eq!(known.household.unwrap().1, "周桂兰");
            assert_eq!(known.title, "申请书.pdf");
        }
        assert_eq!(archive.dump().await, before);

        // In another household it is another document of the same bytes.
        let other = archive.take(CHEN, "copy.pdf", &bytes).await.unwrap();
        assert_ne!(other.document, first.document);
        assert_eq!(other.duplicate_of.unwrap().document, first.document);
        let original = format!("obj/sha256/{}/{}", &first.sha256.to_string()[..2], first.sha256);
        let now = archive.paths("obj").await;
        assert_eq!(now.iter().filter(|path| **path == original).count(), 1);
        assert_eq!(now.len(), blobs.len() + 1, "only the act was added");
        archive.settle().await;
        assert_eq!(archive.finds("槐荫里").await, [first.document, other.document]);
    })
    .await;
}

#[tokio::test]
async fn an_unknown_household_is_refused_before_a_byte_is_kept() {
    for_all(async |archive| {
        let before = holdings(archive).await;
        let refused = archive.take(NOBODY, "a.pdf", &paper(&[PAPER])).await.unwrap_err();
        let IntakeError::Record(RecordError::Refused(Refusal::UnknownHousehold(no))) = refused
        else {
            panic!("{refused}");
        };
        assert_eq!(no.as_str(), NOBODY);
        assert_eq!(holdings(archive).await, before);
    })
    .await;
}

#[tokio::test]
async fn what_is_no_scan_leaves_no_trace() {
    for_all(async |archive| {
        archive.limits = Limits { bytes: 20 << 20, ..Limits::default() };
        archive.reopen().await.unwrap();
        let whole = paper(&[PAPER]);
        let picture = noise(200, 100);
        let mut large = picture.clone();
        large.resize((20 << 20) + 1, 0);
        let bad: Vec<(&str, Vec<u8>)> = vec![
            ("empty", Vec::new()),
            ("truncated", picture[..picture.len() / 2].to_vec()),
            ("truncated", whole[..whole.len() / 2].to_vec()),
            ("encrypted", locked(pdf(vec![Default::default()]), "secret")),
            ("too_many_pixels", pixel_bomb(100_000)),
            ("too_many_pages", endless_pdf()),
            ("too_large", large),
            ("not_a_document", b"<html><script>alert(1)</script>".to_vec()),
            ("not_a_document", vec![0; 4096]),
            (
                "unreadable",
                raw_pdf(&["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[2 0 R]>>"]),
            ),
        ];
        let before = holdings(archive).await;
        for (expected, bytes) in &bad {
            // While it is refused, another upload goes its way.
            let good = paper(&[&["民主评议记录", &format!("{expected} {}", bytes.len()), "同意"]]);
            let (refused, taken) = tokio::join!(
                archive.take(ZHOU, "扫描.jpg", bytes),
                archive.take("", "good.pdf", &good)
            );
            let error = refused.unwrap_err();
            assert_eq!(code(&error), *expected, "{error}");
            assert!(error.to_string().len() > 10, "{error}");
            assert_eq!(taken.unwrap().duplicate_of, None);
            assert_eq!(archive.on_the_way(), Vec::<std::path::PathBuf>::new());
        }
        // Every good file brought itself and its act; the bad ones brought nothing.
        let after = archive.paths("obj").await;
        assert_eq!(after.len(), before.1.len() + 2 * bad.len());
        assert_eq!(archive.paths("staging").await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn names_are_only_names() {
    for_all(async |archive| {
        let names = [
            ("../../etc/passwd", "passwd"),
            ("C:\\scan\\户口簿.pdf", "户口簿.pdf"),
            ("a\0b\n.png", "ab.png"),
            ("\u{202e}gpj.exe", "gpj.exe"),
            ("..", "未命名"),
            ("'; DROP TABLE document; --", "'; DROP TABLE document; --"),
            ("<img src=x onerror=alert(1)>.jpg", "<img src=x onerror=alert(1)>.jpg"),
        ];
        let around = std::fs::read_dir(archive.data()).unwrap().count();
        for (given, kept) in names {
            // A picture is a picture under any name.
            let taken = archive.take("", given, &noise(20, 20)).await.unwrap();
            let shown =
                view::document(&archive.app, &archive.bureau(), taken.document).await.unwrap();
            assert_eq!(
                (shown.files[0].name.as_str(), shown.files[0].mime.as_str()),
                (kept, "image/png")
            );
        }
        assert_eq!(std::fs::read_dir(archive.data()).unwrap().count(), around);
    })
    .await;
}

#[tokio::test]
async fn an_upload_that_breaks_off_leaves_nothing() {
    for_all(async |archive| {
        let before = holdings(archive).await;
        let bytes = noise(300, 300);

        // The line goes dead with an error.
        let half = stream(&bytes[..bytes.len() / 2]);
        let broken =
            half.chain(futures::stream::iter([Err(std::io::Error::other("reset by peer"))]));
        let taken = intake::take(&archive.app, &archive.bureau(), "a.png", None, broken).await;
        assert_eq!(code(&taken.unwrap_err()), "interrupted");

        // The browser is closed: nobody waits for the answer any more.
        let (half, never) =
            (stream(&bytes[..60_000]), futures::stream::pending::<Result<Bytes, std::io::Error>>());
        let (app, bureau) = (archive.app.clone(), archive.bureau());
        let upload = tokio::spawn(async move {
            intake::take(&app, &bureau, "a.png", None, half.chain(never)).await
        });
        while archive.on_the_way().is_empty() {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        upload.abort();
        assert!(upload.await.unwrap_err().is_cancelled());

        assert!(archive.on_the_way().is_empty());
        assert_eq!(holdings(archive).await, before);
        archive.take("", "a.png", &bytes).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn two_at_once_of_the_same_bytes_are_stored_once() {
    for_all(async |archive| {
        let bytes = noise(400, 400);
        let (a, b) =
            tokio::join!(archive.take(ZHOU, "a.png", &bytes), archive.take(CHEN, "b.png", &bytes));
        let (a, b) = (a.unwrap(), b.unwrap());
        assert_eq!(a.sha256, b.sha256);
        assert_ne!(a.document, b.document);
        assert_eq!(archive.app.vault.check(a.sha256).await.unwrap(), bytes.len() as u64);
    })
    .await;
}

#[tokio::test]
async fn two_at_once_on_the_desk_are_one_paper() {
    for_all(async |archive| {
        let bytes = noise(300, 300);
        let names = ["a.png", "b.png", "c.png", "d.png"];
        let taken = names.map(|name| archive.take("", name, &bytes));
        let taken = futures::future::try_join_all(taken).await.unwrap();
        let known = taken.iter().filter(|one| one.was_known()).count();
        assert_eq!(known, 3, "one is new, the others are told where it is");
        assert!(taken.iter().all(|one| one.document == taken[0].document));
    })
    .await;
}

/// A file system of one megabyte; unmounted when dropped.
struct Small(tempfile::TempDir);

impl Small {
    fn mount() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=1m", "tmpfs"])
            .arg(folder.path())
            .output();
        if mounted.is_ok_and(|done| done.status.success()) {
            return Some(Self(folder));
        }
        static SAID: std::sync::Once = std::sync::Once::new();
        not_tested(&SAID, "a full disk: only root may mount a small file system");
        None
    }

    fn grow(&self) {
        let grown =
            Command::new("mount").args(["-o", "remount,size=16m"]).arg(self.0.path()).status();
        assert!(grown.unwrap().success());
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        drop(Command::new("umount").arg("--lazy").arg(self.0.path()).status());
    }
}

#[tokio::test]
async fn a_full_disk_is_said_and_survived() {
    let Some(disk) = Small::mount() else { return };
    let archive = Archive::at(disk.0.path()).await;
    let kept = archive.take(ZHOU, "kept.png", &noise(300, 300)).await.unwrap();
    let before = archive.entries().await;

    let too_much = archive.take(ZHOU, "large.png", &noise(600, 600)).await.unwrap_err();
    assert_eq!(code(&too_much), "full", "{too_much}");
    assert_eq!(archive.entries().await, before);
    assert!(archive.on_the_way().is_empty());

    // What was there is served, and with room again everything goes on.
    assert!(archive.app.vault.check(kept.sha256).await.is_ok());
    disk.grow();
    archive.take(ZHOU, "large.png", &noise(600, 600)).await.unwrap();
    assert!(archive.entries().await > before);
    archive.app.db.close().await;
}

#[tokio::test]
async fn the_same_page_is_read_whatever_it_is_called() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    let as_pdf = archive.take("", "photo.jpg", &paper(&[PAPER])).await.unwrap();
    let picture = crate::files::encoded(&page(64, 48), image::ImageFormat::WebP);
    let as_webp = archive.take("", "letter.pdf", &picture).await.unwrap();
    archive.settle().await;
    assert_eq!(archive.finds("槐荫里").await, [as_pdf.document]);
    let drawn = view::page_image(&archive.app, &archive.bureau(), as_webp.document, 1, 160).await;
    assert_eq!(drawn.unwrap()[..3], [0xFF, 0xD8, 0xFF]);
}
