//! The audit pages over a whole archive: every entry with its proof, histories,
//! bundles that leave and come back, and what is said when something is wrong.

use std::io::{Cursor, Read, Write};
use std::path::Path;

use axum::http::StatusCode;
use object_store::ObjectStoreExt;
use yidang::model::id::DocumentId;
use yidang::prove::{self, Subject};
use yidang::tlog::{Checkpoint, Frontier, LogKey, Proof};
use yidang::{binding, filing, signing};
use yidang_verifier::policy::Policy;
use yidang_verifier::verify;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::files::paper;
use crate::harness::{ALL_ROUND, Archive, Sql, Store, ZHOU, description, for_all, household};
use crate::pages::Browser;
use crate::prove::python;

const TITLE: &str = "最低生活保障确认通知书";

fn notice() -> Vec<u8> {
    paper(&[&[TITLE, "周桂兰：经审核，符合规定条件", "二〇二六年四月三日"]])
}

/// A paper of 周桂兰 that was filed, corrected and bound.
async fn fill(archive: &Archive) -> DocumentId {
    let (app, bureau) = (&archive.app, archive.bureau());
    let id = archive.take(ZHOU, "a.pdf", &notice()).await.unwrap().document;
    for date in ["2026-04-13", "2026-04-03"] {
        let said = description("A23", TITLE, date);
        filing::file(app, &bureau, id, &household(ZHOU), said).await.unwrap();
    }
    binding::bind(app, &bureau, &household(ZHOU), "").await.unwrap();
    app.settle().await.unwrap();
    id
}

async fn filled() -> (Archive, DocumentId) {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    let id = fill(&archive).await;
    (archive, id)
}

/// The pages as a clerk of the other street sees them.
async fn elsewhere(archive: &Archive) -> Browser {
    Browser::of(archive.second().await.unwrap(), "钱文斌", "990102002000", ALL_ROUND).await
}

/// The files of a zip, by name.
fn unzipped(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..zip.len())
        .map(|index| {
            let mut file = zip.by_index(index).unwrap();
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).unwrap();
            (file.name().unwrap().into_owned(), bytes)
        })
        .collect()
}

fn zipped(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(name.as_str(), SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// Unpacks a bundle and lets both verifiers judge it: they say yes.
fn is_sound(archive: &Archive, bundle: &[u8]) {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in unzipped(bundle) {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    let tops: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(tops.len(), 1, "one folder, the bag");
    let bag = tops[0].as_ref().unwrap().path();
    let policy = std::fs::read_to_string(archive.data().join("auditor.policy")).unwrap();
    let ours = verify::bag(&bag, &Policy::parse(&policy).unwrap(), None);
    assert_eq!(ours.status(), 0, "{}", ours.to_text());
    let (status, said) = python(folder.path(), &policy, &[bag.as_os_str()]);
    assert_eq!(status, 0, "{said}");
}

/// What stands in the folder where bundles are packed.
fn left_over(archive: &Archive) -> usize {
    let folders = |path: &Path| {
        std::fs::read_dir(path).map_or(0, |found| {
            found
                .filter(|one| {
                    let name = one.as_ref().unwrap().file_name();
                    name.to_string_lossy().starts_with("bundle-")
                })
                .count()
        })
    };
    folders(&archive.data().join("spool"))
}

#[tokio::test]
async fn every_entry_has_a_page_with_its_proof_drawn_and_given_out() {
    for_all(async |archive| {
        fill(archive).await;
        let mut browser = Browser::on(archive).await;
        let entries = archive.entries().await;
        for no in 0..entries {
            browser.cookie = if no % 2 == 0 { "lang=zh".into() } else { "lang=en".into() };
            let page = browser.get(&format!("/audit/entry/{no}")).await;
            let text = page.text();
            assert_eq!(page.status, StatusCode::OK, "{no}: {text}");
            let right = text.contains("两枚封条相同") || text.contains("Both seals are equal");
            assert!(right && !text.contains("class=\"bad\""), "{no}: {text}");
            assert!(text.contains("aria-labelledby=\"four\"") && text.contains("<ol id=\"four\""));
            let proof = browser.get(&format!("/audit/entry/{no}/proof")).await;
            let disposition = proof.header("content-disposition");
            assert!(disposition.ends_with(&format!("\"entry-{no}.tlog-proof\"")), "{disposition}");
            let proof = Proof::parse(&proof.text()).unwrap();
            assert_eq!(proof.index, no as u64);
            // The leaf stands on the page as it stands in the log.
            let (_, leaf) = text.split_once("<dd class=\"hash\">{").unwrap();
            let leaf = format!("{{{}", leaf.split("</dd>").next().unwrap());
            let leaf = leaf.replace("&#34;", "\"");
            assert_eq!(proof.check(leaf.as_bytes()).unwrap().size, entries as u64, "{leaf}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_history_tells_who_when_for_whom_and_what_was_corrected() {
    let (archive, id) = filled().await;
    let mut browser = Browser::on(&archive).await;
    for path in [format!("/household/{ZHOU}/history"), format!("/doc/{id}/history")] {
        let page = browser.get(&path).await.text();
        for said in ["宋青", "青石县民政局", "2026-11-23 08:00", "<b>更正</b>", "<b>归入</b>"]
        {
            assert!(page.contains(said), "{path} lacks {said}: {page}");
        }
        assert!(page.contains("<del>2026-04-13</del> → <ins>2026-04-03</ins>"), "{page}");
        let (newer, older) = (page.find("<b>更正</b>"), page.find("<b>归入</b>"));
        assert!(newer < older, "newest first");
        assert!(page.contains(&format!("/audit/entry/{id}\"")), "each leads to its proof");
    }
    let household = browser.get(&format!("/household/{ZHOU}/history")).await.text();
    assert!(
        household.contains("第1版，1件1页") && household.contains("<b>立户</b>"),
        "{household}"
    );
    browser.cookie = "lang=en".into();
    let english = browser.get(&format!("/doc/{id}/history")).await.text();
    assert!(english.contains("<b>Corrected</b>") && english.contains("<dt>Date</dt>"));
}

#[tokio::test]
async fn a_long_history_is_shown_page_by_page_and_nothing_is_lost() {
    let (archive, id) = filled().await;
    let (app, bureau) = (&archive.app, archive.bureau());
    for day in 0..70 {
        let said = description("A23", &format!("{TITLE}{day}"), "");
        filing::file(app, &bureau, id, &household(ZHOU), said).await.unwrap();
    }
    let mut browser = Browser::on(&archive).await;
    for path in [format!("/household/{ZHOU}/history"), format!("/doc/{id}/history")] {
        let (mut next, mut seen) = (path.clone(), Vec::new());
        loop {
            let page = browser.get(&next).await.text();
            let numbers = page.split("<a class=\"nw num\" href=\"/audit/entry/").skip(1);
            seen.extend(
                numbers.map(|rest| rest.split('"').next().unwrap().parse::<i64>().unwrap()),
            );
            let Some((_, rest)) = page.split_once(&format!("href=\"{path}?from=")) else { break };
            next = format!("{path}?from={}", rest.split('"').next().unwrap());
        }
        assert!(seen.windows(2).all(|pair| pair[0] > pair[1]), "{path}: {seen:?}");
        let all = if path.starts_with("/doc") { 73 } else { 75 };
        assert_eq!(seen.len(), all, "{path}");
    }
    let foreign = browser.get(&format!("/household/{ZHOU}/history?from=0")).await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND, "entry 0 is not of this history");
}

#[tokio::test]
async fn another_street_sees_digests_and_no_names_and_gets_no_files() {
    for_all(async |archive| {
        let id = fill(archive).await;
        let mut browser = elsewhere(archive).await;
        let nobody = |text: &str| {
            assert!(
                !text.contains("周桂兰") && !text.contains(TITLE) && !text.contains(ZHOU),
                "{text}"
            );
            assert!(!text.contains("宋青"), "{text}");
        };
        let entry = browser.get(&format!("/audit/entry/{id}")).await;
        assert_eq!(entry.status, StatusCode::OK);
        nobody(&entry.text());
        assert!(entry.text().contains("不在您的范围里") && entry.text().contains("两枚封条相同"));
        assert!(!entry.text().contains("/bundle"), "nothing to take away");
        let proof = browser.get(&format!("/audit/entry/{id}/proof")).await;
        assert!(proof.text().starts_with("c2sp.org/tlog-proof@v1"));
        let audit = browser.get("/audit").await.text();
        assert!(audit.contains("不在您的范围里，只有指纹"), "{audit}");
        assert!(!audit.contains("周桂兰") && !audit.contains(TITLE), "{audit}");
        let told = browser.get(&format!("/api/v1/log/entries/{id}")).await;
        let told: serde_json::Value = serde_json::from_slice(&told.bytes).unwrap();
        assert_eq!((&told["no"], &told["told"]), (&id.0.into(), &serde_json::Value::Null));
        for path in [
            format!("/doc/{id}/history"),
            format!("/doc/{id}/bundle"),
            format!("/household/{ZHOU}/history"),
            format!("/household/{ZHOU}/bundle"),
            format!("/volume/{ZHOU}/bundle"),
            format!("/api/v1/documents/{id}/bundle"),
            format!("/api/v1/households/{ZHOU}/bundle"),
            format!("/api/v1/households/{ZHOU}/volume/bundle"),
        ] {
            let answer = browser.get(&path).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
            assert!(!answer.text().contains("周桂兰"), "{path}");
        }
        let token = browser.token.clone();
        let page = browser.send_file("/audit/check", &token, "x.pdf", &notice(), false).await;
        assert!(page.text().contains("没有这份文件"), "{}", page.text());
        nobody(&page.text());
        assert_eq!(left_over(archive), 0);
    })
    .await;
}

#[tokio::test]
async fn a_bundle_leaves_by_page_and_by_api_and_both_verifiers_say_yes() {
    let (archive, id) = filled().await;
    let mut browser = Browser::on(&archive).await;
    for (path, name) in [
        (format!("/doc/{id}/bundle"), format!("yidang-document-{id}.zip")),
        (format!("/household/{ZHOU}/bundle"), format!("yidang-household-{ZHOU}.zip")),
        (format!("/volume/{ZHOU}/bundle"), "yidang-volume-J016-DB-2026-D10-001.zip".into()),
        (format!("/api/v1/documents/{id}/bundle"), format!("yidang-document-{id}.zip")),
        (format!("/api/v1/households/{ZHOU}/bundle"), format!("yidang-household-{ZHOU}.zip")),
        (
            format!("/api/v1/households/{ZHOU}/volume/bundle"),
            "yidang-volume-J016-DB-2026-D10-001.zip".into(),
        ),
    ] {
        let answer = browser.get(&path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(answer.header("content-type"), "application/zip");
        assert!(answer.header("content-disposition").contains(&name), "{path}");
        assert_eq!(answer.header("content-length"), answer.bytes.len().to_string());
        is_sound(&archive, &answer.bytes);
        assert_eq!(left_over(&archive), 0, "{path}");
    }
}

#[tokio::test]
async fn the_api_gives_an_auditor_what_the_command_line_gives() {
    for_all(async |archive| {
        let id = fill(archive).await;
        let app = archive.app.clone();
        let mut browser = Browser::on(archive).await;
        let note = async || {
            app.settle().await.unwrap();
            app.vault.checkpoint().await.unwrap().unwrap()
        };
        let size = |note: &str| Checkpoint::parse(note).unwrap().size;
        let old = note().await;
        archive.take(ZHOU, "b.pdf", &paper(&[&["以后的材料", "签字", "日期"]])).await.unwrap();
        let new = note().await;
        let (first, second) = (size(&old), size(&new));

        // That the log has only grown, and the checkpoints it rests on.
        let shown = prove::consistency(&app, &old, &new).await.unwrap();
        let asked = format!("/api/v1/log/consistency?old={first}&new={second}");
        let answer = browser.get(&asked).await;
        assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
        assert_eq!(answer.text(), shown);
        let policy = browser.get("/api/v1/log/policy").await.text();
        let trusted = Policy::parse(&policy).unwrap();
        assert_eq!(verify::consistency(&old, &new, &shown, &trusted).status(), 0);
        assert_eq!(verify::consistency(&old, &new, "", &trusted).status(), 1, "hashes are needed");
        for size in [first, second] {
            let kept = browser.get(&format!("/api/v1/log/checkpoints/{size}")).await;
            assert_eq!(kept.text(), app.vault.checkpoint_of(size).await.unwrap());
        }
        let (same, beyond) = (
            browser.get(&format!("/api/v1/log/consistency?old={second}&new={second}")).await,
            browser
                .get(&format!("/api/v1/log/consistency?old={second}&new=9007199254740991"))
                .await,
        );
        assert_eq!((same.status, same.text()), (StatusCode::OK, String::new()));
        for (answer, status, code) in [
            (beyond, StatusCode::NOT_FOUND, "unknown_entry"),
            (
                browser.get(&format!("/api/v1/log/consistency?old={second}&new={first}")).await,
                StatusCode::UNPROCESSABLE_ENTITY,
                "not_in_order",
            ),
            (
                browser.get(&format!("/api/v1/log/consistency?old={first}")).await,
                StatusCode::BAD_REQUEST,
                "bad_query",
            ),
            (
                browser.get("/api/v1/log/checkpoints/9007199254740991").await,
                StatusCode::NOT_FOUND,
                "unknown_checkpoint",
            ),
        ] {
            assert_eq!(answer.status, status, "{}", answer.text());
            assert!(answer.text().contains(&format!("\"code\":\"{code}\"")), "{}", answer.text());
        }

        // The policy is that of the founding, and after a change of the key that of now.
        assert_eq!(policy, std::fs::read_to_string(archive.data().join("auditor.policy")).unwrap());
        signing::rotate(&app, &archive.bureau()).await.unwrap();
        let now = browser.get("/api/v1/log/policy").await.text();
        assert_eq!(now, signing::policy(&app).await.unwrap());
        assert_ne!(now, policy);

        // A paper, and that nothing came later: the same bag.
        app.settle().await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let bag = folder.path().join("bag");
        let subject = Subject::Document(id.0);
        let packed = prove::prove(&app, &archive.bureau(), &subject, true, &bag).await.unwrap();
        assert!(packed.current);
        let answer = browser.get(&format!("/api/v1/documents/{id}/bundle?current=true")).await;
        is_sound(archive, &answer.bytes);
        let mut data = 0;
        for (name, bytes) in unzipped(&answer.bytes) {
            let (_, name) = name.split_once('/').unwrap();
            if name.starts_with("data/") {
                assert_eq!(std::fs::read(bag.join(name)).unwrap(), bytes, "{name}");
                data += 1;
            }
        }
        let history = bag.join("data/history/entries");
        let manifest = std::fs::read_to_string(bag.join("manifest-sha256.txt")).unwrap();
        assert!(history.exists() && manifest.lines().count() == data, "{manifest}");
        let answer = browser.get(&format!("/api/v1/documents/{id}/bundle?current=1")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    })
    .await;
}

#[tokio::test]
async fn a_file_that_comes_back_is_held_or_not_and_a_bundle_is_judged_step_by_step() {
    let (archive, id) = filled().await;
    let mut browser = Browser::on(&archive).await;
    let token = browser.token.clone();
    let before = archive.entries().await;
    let mut send = async |name: &str, bytes: &[u8]| {
        let page = browser.send_file("/audit/check", &token, name, bytes, false).await;
        assert_eq!(page.status, StatusCode::OK, "{name}: {}", page.text());
        page.text()
    };
    let held = send("扫描.pdf", &notice()).await;
    assert!(
        held.contains("这份文件我们有") && held.contains(&format!("href=\"/doc/{id}\"")),
        "{held}"
    );
    assert!(held.contains(&format!("/audit/entry/{id}\"")) && held.contains("扫描.pdf"));
    let mut other = notice();
    other.push(b'\n');
    assert!(send("扫描.pdf", &other).await.contains("没有这份文件。"));
    assert!(send("empty", b"").await.contains("没有这份文件。"));

    let mut pages = Browser::on(&archive).await;
    let bundle = pages.get(&format!("/household/{ZHOU}/bundle")).await.bytes;
    let sound = send("b.zip", &bundle).await;
    assert!(sound.contains("这个核验包没有变过。"), "{sound}");
    assert!(sound.contains("份文件与装包时一样") && sound.contains("没有查"), "{sound}");
    assert!(sound.contains("yidang-verify"), "it says who is independent");

    let mut files = unzipped(&bundle);
    let body = files.iter_mut().find(|(name, _)| name.ends_with("body.json")).unwrap();
    body.1.push(b' ');
    let changed = send("b.zip", &zipped(&files)).await;
    assert!(
        changed.contains("这个核验包不能相信。") && changed.contains("id=\"differs\""),
        "{changed}"
    );

    files.push(("../../out".into(), b"x".to_vec()));
    let hostile = send("b.zip", &zipped(&files)).await;
    assert!(
        hostile.contains("这个压缩包没有打开。") && hostile.contains("会写到别处"),
        "{hostile}"
    );
    let mut bomb = unzipped(&bundle);
    bomb.push(("yidang-x/zeros".into(), vec![0; 64 << 20]));
    let bomb: Vec<_> = bomb
        .into_iter()
        .map(|(name, bytes)| (format!("top/{}", name.split_once('/').unwrap().1), bytes))
        .collect();
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in &bomb {
        let options =
            SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
        zip.start_file(name.as_str(), options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    let swollen = send("bomb.zip", &zip.finish().unwrap().into_inner()).await;
    assert!(swollen.contains("大得不合常理"), "{swollen}");
    let letter = zipped(&[("letter.txt".into(), b"x".to_vec())]);
    assert!(send("letter.zip", &letter).await.contains("没有这份文件。"));

    let forged = browser.send_file("/audit/check", "0000", "a", b"x", false).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
    assert_eq!(archive.entries().await, before, "looking changes nothing");
    assert!(archive.on_the_way().is_empty() && left_over(&archive) == 0, "nothing is kept");
}

#[tokio::test]
async fn bundles_of_before_and_after_a_change_of_the_key_are_both_sound() {
    let (archive, _) = filled().await;
    let bureau = archive.bureau();
    let bundle = async || {
        let mut pages = Browser::on(&archive).await;
        pages.get(&format!("/household/{ZHOU}/bundle")).await.bytes
    };
    let before = bundle().await;
    signing::rotate(&archive.app, &bureau).await.unwrap();
    let between = bundle().await;
    signing::retire(&archive.app, &bureau, None).await.unwrap();
    let after = bundle().await;
    let mut browser = Browser::on(&archive).await;
    let token = browser.token.clone();
    for bytes in [&before, &between, &after] {
        let page = browser.send_file("/audit/check", &token, "b.zip", bytes, false).await;
        assert!(page.text().contains("这个核验包没有变过。"), "{}", page.text());
    }
}

#[tokio::test]
async fn where_the_log_was_changed_the_first_step_that_differs_is_named() {
    let (archive, id) = filled().await;
    let mut browser = Browser::on(&archive).await;
    let entries = archive.entries().await;
    let tile = object_store::path::Path::from(format!("log/tile/0/000.p/{entries}"));
    let store = archive.objects();
    let whole = store.get(&tile).await.unwrap().bytes().await.unwrap().to_vec();
    let page = format!("/audit/entry/{id}");

    let mut own = whole.clone();
    own[id.0 as usize * 32] ^= 1;
    store.put(&tile, own.into()).await.unwrap();
    let text = browser.get(&page).await.text();
    assert!(
        text.contains("日志存的指纹有一处被改过") && text.contains("href=\"#differs\""),
        "{text}"
    );
    assert!(
        text.contains("存的被改过，这一条没有") && text.contains("<rect class=\"bad\""),
        "{text}"
    );
    let refused = browser.get(&format!("{page}/proof")).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    let said = refused.text();
    assert!(said.contains("给不出证明") && said.contains("存的被改过，这一条没有"), "{said}");
    let api = browser.get(&format!("/api/v1/log/entries/{id}/proof")).await;
    assert_eq!(api.status, StatusCode::CONFLICT);

    let mut beside = whole.clone();
    beside[(id.0 as usize ^ 1) * 32] ^= 1;
    store.put(&tile, beside.into()).await.unwrap();
    let text = browser.get(&page).await.text();
    assert!(text.contains("这一条与公布的封条对不上"), "{text}");
    assert!(text.contains("与公布的封条不同"), "{text}");

    store.delete(&tile).await.unwrap();
    let text = browser.get(&page).await.text();
    assert!(text.contains("对不上") || text.contains("没有看成"), "{text}");
    store.put(&tile, whole.into()).await.unwrap();
    assert!(browser.get(&page).await.text().contains("两枚封条相同"));
}

#[tokio::test]
async fn a_forked_or_shortened_log_turns_the_page_to_one_sentence() {
    let (archive, _) = filled().await;
    let mut browser = Browser::on(&archive).await;
    let entries = archive.entries().await;
    let secret = std::fs::read_to_string(archive.data().join("keys/log.key")).unwrap();
    let key = LogKey::parse(&secret).unwrap();
    let stranger = LogKey::new(key.origin(), [9; 32]).unwrap();
    let note = |key: &LogKey, size: i64| {
        let mut tree = Frontier::default();
        (0..size).for_each(|_| tree.push(b"another history"));
        key.sign(&tree).unwrap()
    };
    let path = object_store::path::Path::from("log/checkpoint");
    let store = archive.objects();
    let whole = store.get(&path).await.unwrap().bytes().await.unwrap();
    for (put, sentence) in [
        (note(&key, entries), "历史被改过。"),
        (note(&key, entries + 5), "日志短了："),
        (note(&stranger, entries), "历史被改过。"),
        ("nonsense".to_owned(), "读不懂"),
    ] {
        store.put(&path, put.into()).await.unwrap();
        let page = browser.get("/audit").await;
        let text = page.text();
        assert_eq!(page.status, StatusCode::OK, "{text}");
        assert!(
            text.contains("<h1 class=\"red\">") && text.contains(sentence),
            "{sentence}: {text}"
        );
        assert!(text.contains("本库签过的封条") && !text.contains("id=\"acts\""), "{text}");
        let api = browser.get("/api/v1/log/checkpoint").await;
        assert_eq!(api.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(api.text().contains("\"forked\""), "{}", api.text());
        for certificate in ["/audit/checkpoint", "/audit/checkpoint/print"] {
            let refused = browser.get(certificate).await;
            assert_eq!(refused.status, StatusCode::CONFLICT, "{certificate}");
            assert!(refused.text().contains(sentence), "{sentence}: {}", refused.text());
        }
    }
    store.put(&path, whole.into()).await.unwrap();
    assert!(!browser.get("/audit").await.text().contains("<h1 class=\"red\">"));
}

#[tokio::test]
async fn the_checkpoint_is_given_out_and_printed_with_a_code() {
    for_all(async |archive| {
        fill(archive).await;
        let mut browser = Browser::on(archive).await;
        let path = object_store::path::Path::from("log/checkpoint");
        let stored = archive.objects().get(&path).await.unwrap().bytes().await.unwrap();
        let note = browser.get("/audit/checkpoint").await;
        assert_eq!(note.bytes, stored.to_vec(), "byte for byte what anybody can read in the store");
        assert!(
            note.header("content-disposition").starts_with("attachment; filename=\"checkpoint-")
        );
        let print = browser.get("/audit/checkpoint/print").await.text();
        assert!(print.contains("<svg class=\"qr\"") && print.contains("青石县民政局"), "{print}");
        assert!(print.contains("盖章处") && print.contains("2026-11-23 08:00:00"));
        let told = browser.get("/api/v1/log/checkpoint").await;
        let told: serde_json::Value = serde_json::from_slice(&told.bytes).unwrap();
        assert_eq!(told["note"].as_str().unwrap().as_bytes(), stored.to_vec());
        assert_eq!(
            (&told["size"], &told["signatures"][0]["right"]),
            (&archive.entries().await.into(), &true.into())
        );
        let audit = browser.get("/audit").await.text();
        assert!(
            audit.contains("存证封到2026-11-23 08:00") && audit.contains("aria-label=\"已封存\"")
        );
    })
    .await;
}

#[tokio::test]
async fn what_is_not_in_the_log_is_said_in_the_frame() {
    let (archive, id) = filled().await;
    let mut browser = Browser::on(&archive).await;
    for (path, sentence) in [
        ("/audit/entry/999999", "存证日志里没有第999999条。"),
        ("/audit/entry/-1", "存证日志里没有第-1条。"),
        ("/audit/entry/9223372036854775807/proof", "存证日志里没有第"),
        ("/audit/entry/99999999999999999999", "没有这一页。"),
        ("/audit/entry/one", "没有这一页。"),
        ("/doc/999999/history", "没有第999999号件。"),
        ("/doc/999999/bundle", "没有第999999号件。"),
        ("/household/9901/bundle", "户号是17位数字"),
        ("/household/9901/history", "户号是17位数字"),
        (&format!("/household/{ZHOU}/history?from=999999"), "存证日志里没有第999999条。"),
        ("/volume/99010200200100001/bundle", "没有这一版案卷"),
    ] {
        let page = browser.get(path).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}: {}", page.text());
        assert!(page.text().contains(sentence), "{path}: {}", page.text());
    }
    for path in ["/audit?before=x", "/audit?from=-1", &format!("/doc/{id}/history?from=x")] {
        assert_eq!(browser.get(path).await.status, StatusCode::BAD_REQUEST, "{path}");
    }
    for path in ["/audit?class=nonsense", "/audit?class=changed&from=99999999", "/audit?before=-5"]
    {
        assert_eq!(browser.get(path).await.status, StatusCode::OK, "{path}");
    }
    let api = browser.get("/api/v1/log/entries/999999").await;
    assert_eq!(api.status, StatusCode::NOT_FOUND);
    assert!(api.text().contains("\"unknown_entry\""), "{}", api.text());
    let api = browser.get(&format!("/api/v1/log/entries/{id}/proof")).await.text();
    assert_eq!(api, browser.get(&format!("/audit/entry/{id}/proof")).await.text());
    let none = browser.get("/audit?class=changed").await.text();
    assert!(none.contains("这一类没有。"), "{none}");
}
