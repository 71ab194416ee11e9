//! What a person reads on a page takes the place of what the machine did, at once
//! and for good, and only there.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use yidang::correction::{self, CorrectError, Said, SaidLine, Sheet};
use yidang::encryption;
use yidang::extract::{Alternative, Reading, Source};
use yidang::model::access::Role;
use yidang::model::id::{Digest, DocumentId};
use yidang::vault::VaultError;
use yidang::view::{self, ViewError};
use yidang::{history, rebuild, rendition, worker};

use crate::files::paper;
use crate::harness::{
    Archive, CHEN, Sql, Store, ZHOU, actor, for_all, for_all_encrypted, household, signed_in,
};
use crate::pages::Browser;
use crate::prove::Packed;

const PAGE: [&str; 3] = ["最低生活保障申请表", "申请人周桂兰", "身份证号990102195503120021"];

/// A paper of two pages whose second the machine has read badly: 佳 for 桂.
async fn misread(archive: &Archive, to: &str) -> DocumentId {
    let bytes = paper(&[&["封面", "第一页", to], &PAGE]);
    let id = archive.take(to, "form.pdf", &bytes).await.unwrap().document;
    archive.settle().await;
    let sha256 = file_of(archive, id).await;
    let mut found = rendition::newest(&archive.app, sha256).await.unwrap().unwrap();
    let page = &mut found.reading.pages[1];
    page.source = Source::Ocr;
    let line = &mut page.lines[1];
    line.text = "申请人周佳兰".into();
    line.confidence = 0.1;
    line.alternatives = vec![Alternative { at: 4, text: '往', probability: 0.2 }];
    read_again(archive, sha256, found.reading).await;
    id
}

/// What a machine has read just now.
async fn read_again(archive: &Archive, sha256: Digest, reading: Reading) {
    let kept = rendition::keep(&archive.app, sha256, reading).await.unwrap();
    let mut tx = archive.app.db.write().await.unwrap();
    worker::keep_summary(&archive.app, &mut tx, &kept).await.unwrap();
    tx.commit().await.unwrap();
    archive.settle().await;
}

async fn file_of(archive: &Archive, id: DocumentId) -> Digest {
    let mut tx = archive.app.db.read().await.unwrap();
    let files = yidang::catalog::documents::files(&mut tx, id).await.unwrap();
    files[0].digest().unwrap()
}

async fn sheet(archive: &Archive, id: DocumentId) -> Sheet {
    correction::sheet(&archive.app, &archive.bureau(), id, 2).await.unwrap()
}

/// The lines of a page with one of them changed, as a person sends them.
fn with(sheet: &Sheet, changed: usize, text: &str) -> Said {
    let line = &sheet.lines[changed];
    let lines = vec![SaidLine { bbox: line.bbox, text: text.to_owned() }];
    Said { seen: sheet.seen, whole: false, lines }
}

async fn doubtful(archive: &Archive) -> Vec<(i64, i64)> {
    let found = view::doubtful(&archive.app, &archive.bureau(), 900, None, 9).await.unwrap();
    found.into_iter().map(|page| (page.document, page.page)).collect()
}

#[tokio::test]
async fn what_a_person_says_is_found_at_once_and_stays() {
    for_all(async |archive| {
        let id = misread(archive, ZHOU).await;
        let app = archive.app.clone();
        assert_eq!(archive.finds("\"申请人周佳兰\"").await, [id]);
        assert_eq!(doubtful(archive).await, [(id.0, 2)]);
        let before = sheet(archive, id).await;
        assert_eq!((before.lines[1].confidence, &before.lines[1].doubted), (100, &vec![4]));
        assert!(before.seen.is_none() && before.by.is_none());

        let said = with(&before, 1, "申请人周桂兰");
        let entry = correction::correct(&app, &archive.bureau(), id, 2, said).await.unwrap();
        archive.settle().await;
        assert_eq!(archive.finds("\"申请人周桂兰\"").await, [id]);
        assert!(archive.finds("\"申请人周佳兰\"").await.is_empty());
        assert!(doubtful(archive).await.is_empty(), "the page is as good as the others");
        // It is marked where it stands on the scan.
        let answer = archive.find("\"周桂兰\"").await;
        let boxes = &answer.found[0].pages[0].boxes;
        let [x, _, width, _] = before.lines[1].bbox;
        assert!(boxes[0][0] > x && boxes[0][0] + boxes[0][2] <= x + width, "{boxes:?}");

        let after = sheet(archive, id).await;
        assert_eq!(after.seen, Some(entry));
        assert_eq!(after.by.as_ref().unwrap().name, "宋青");
        assert!(after.lines[1].checked && !after.lines[0].checked);
        let told = history::of_document(&app, &archive.bureau(), id, None, 9).await.unwrap();
        assert_eq!(told.told[0].body.act.name(), "correct_text");

        // Another version of the machine reads it otherwise, and sees a line more.
        let sha256 = file_of(archive, id).await;
        let mut later = rendition::newest(&app, sha256).await.unwrap().unwrap().reading;
        let page = &mut later.pages[1];
        page.lines[1].text = "申清人周住兰".into();
        page.lines[1].bbox[1] += 1;
        let mut more = page.lines[2].clone();
        (more.text, more.bbox[1]) = ("补盖的章".into(), more.bbox[1] + 400);
        page.lines.push(more);
        read_again(archive, sha256, later).await;
        assert_eq!(archive.finds("\"申请人周桂兰\"").await, [id]);
        assert!(archive.finds("\"申清人\"").await.is_empty());
        assert_eq!(archive.finds("\"补盖的章\"").await, [id]);

        // From the store alone it comes back.
        app.settle().await.unwrap();
        let dump = archive.dump().await;
        assert_eq!(dump.iter().filter(|line| line.contains("\"correction\"")).count(), 1);
        rebuild::rebuild(&app, |_| {}).await.unwrap();
        assert_eq!(archive.dump().await, dump);
        assert_eq!(archive.finds("\"申请人周桂兰\"").await, [id]);
    })
    .await;
}

#[tokio::test]
async fn lines_are_crossed_out_added_and_the_whole_page_vouched_for() {
    let archive = Archive::new(Store::Memory, Sql::Sqlite).await;
    let id = misread(&archive, ZHOU).await;
    let (app, bureau) = (&archive.app, archive.bureau());
    let first = sheet(&archive, id).await;
    correction::correct(app, &bureau, id, 2, with(&first, 1, "")).await.unwrap();
    let second = sheet(&archive, id).await;
    assert_eq!(second.lines.len(), first.lines.len() - 1, "nothing stands there");
    // What was crossed out stays so when something else is corrected.
    let [_, _, width, height] = [0, 0, second.width, second.height];
    let mut said = with(&second, 0, "低保申请表");
    said.lines
        .push(SaidLine {
            bbox: [10, height - 60, width - 20, 40], text: " 页脚\n的字 ".into()
        });
    correction::correct(app, &bureau, id, 2, said).await.unwrap();
    let third = sheet(&archive, id).await;
    let texts: Vec<&str> = third.lines.iter().map(|line| line.text.as_str()).collect();
    let [title, number, _, foot] = texts[..] else { panic!("{texts:?}") };
    assert_eq!([title, number, foot], ["低保申请表", "身份证号9901**********0021", "页脚 的字"]);
    archive.settle().await;
    assert_eq!(archive.finds("\"页脚的字\"").await, [id]);

    let lines =
        third.lines.iter().map(|line| SaidLine { bbox: line.bbox, text: line.text.clone() });
    let said = Said { seen: third.seen, whole: true, lines: lines.collect() };
    correction::correct(app, &bureau, id, 2, said).await.unwrap();
    let whole = sheet(&archive, id).await;
    assert_eq!((whole.source, whole.quality), (Source::Person, 1000));
    assert!(whole.lines.iter().all(|line| line.checked));
    // A number that was shown covered and left so is the number that stands there.
    archive.settle().await;
    assert_eq!(archive.finds("990102195503120021").await, [id]);
    let bytes = std::fs::read(archive.data().join("yidang.sqlite")).unwrap_or_default();
    assert!(!bytes.windows(10).any(|part| part == b"1955031200"), "covered at rest");
    // The first page was not touched.
    let other = correction::sheet(app, &bureau, id, 1).await.unwrap();
    assert!(other.seen.is_none() && other.lines.iter().all(|line| !line.checked));
}

#[tokio::test]
async fn nobody_corrects_what_was_not_seen_or_is_not_theirs() {
    let archive = Archive::new(Store::Memory, Sql::Sqlite).await;
    let id = misread(&archive, ZHOU).await;
    let app = &archive.app;
    let seen = sheet(&archive, id).await;
    let said = with(&seen, 1, "申请人周桂兰");
    let entries = archive.entries().await;
    let elsewhere = archive.other_clerk();
    let told = correction::sheet(app, &elsewhere, id, 2).await;
    assert!(matches!(told, Err(CorrectError::View(ViewError::UnknownDocument(_)))), "{told:?}");
    let told = correction::correct(app, &elsewhere, id, 2, said.clone()).await;
    assert!(matches!(told, Err(CorrectError::View(ViewError::UnknownDocument(_)))), "{told:?}");
    let reader = actor("沈一帆", "990102003000", Role::Reader);
    let told = correction::correct(app, &reader, id, 2, said.clone()).await;
    assert!(matches!(told, Err(CorrectError::Denied(_))), "{told:?}");
    for page in [0, 3, u32::MAX] {
        let told = correction::correct(app, &archive.clerk(), id, page, said.clone()).await;
        assert!(matches!(told, Err(CorrectError::View(ViewError::UnknownPage(_)))), "{told:?}");
    }
    let line = |bbox, text: &str| SaidLine { bbox, text: text.into() };
    for wrong in [
        vec![line([0, 0, 0, 9], "字")],
        vec![line([u32::MAX, 0, 9, 9], "字")],
        vec![line([0, seen.height - 3, 9, 9], "字")],
        vec![line([0, 0, 9, 9], &"字".repeat(1001))],
        vec![line([0, 0, 9, 9], "字"); 2001],
    ] {
        let said = Said { seen: None, whole: false, lines: wrong };
        let told = correction::correct(app, &archive.clerk(), id, 2, said).await;
        let refused = matches!(told, Err(CorrectError::Outside(_) | CorrectError::TooMuch));
        assert!(refused, "{told:?}");
    }
    assert_eq!(archive.entries().await, entries, "nothing was done");

    // Two look at the same page: who comes second sees the first's change.
    correction::correct(app, &archive.clerk(), id, 2, said.clone()).await.unwrap();
    let blobs = archive.paths("blobs").await.len();
    let told = correction::correct(app, &archive.bureau(), id, 2, said).await;
    assert!(matches!(told, Err(CorrectError::Meanwhile(_, 2))), "{told:?}");
    assert_eq!(archive.paths("blobs").await.len(), blobs, "what was refused leaves nothing");
}

#[tokio::test]
async fn the_same_bytes_of_another_office_are_another_paper() {
    for_all(async |archive| {
        let (app, bureau) = (archive.app.clone(), archive.bureau());
        let bytes = paper(&[&PAGE, &PAGE]);
        let ours = archive.take(ZHOU, "a.pdf", &bytes).await.unwrap().document;
        let theirs = archive.take(CHEN, "b.pdf", &bytes).await.unwrap().document;
        assert_ne!(ours, theirs);
        archive.settle().await;
        let said = with(&sheet(archive, ours).await, 1, "申请人周桂兰亲笔");
        correction::correct(&app, &bureau, ours, 2, said).await.unwrap();
        archive.settle().await;
        assert_eq!(archive.finds("\"亲笔\"").await, [ours]);
        let other = sheet(archive, theirs).await;
        assert!(other.seen.is_none() && other.lines[1].text == PAGE[1], "{other:?}");
        // A paper that is joined to another takes along what was read on it.
        let more = archive.take(ZHOU, "c.pdf", &paper(&[&["附页", "一", "二"]])).await.unwrap();
        yidang::filing::join(&app, &bureau, ours, more.document).await.unwrap();
        archive.settle().await;
        assert_eq!(archive.finds("\"亲笔\"").await, [more.document]);
    })
    .await;
}

#[tokio::test]
async fn a_correction_travels_with_its_paper_and_is_destroyed_with_it() {
    for_all_encrypted(async |archive| {
        let id = misread(archive, ZHOU).await;
        misread(archive, CHEN).await;
        let (app, bureau) = (archive.app.clone(), archive.bureau());
        let said = with(&sheet(archive, id).await, 1, "申请人周桂兰");
        correction::correct(&app, &bureau, id, 2, said).await.unwrap();
        app.settle().await.unwrap();
        let mut tx = app.db.read().await.unwrap();
        let file = file_of(archive, id).await;
        let rows = yidang::catalog::corrections::of_file(&mut tx, id, file).await.unwrap();
        drop(tx);
        let blob: Digest = rows[0].correction.parse().unwrap();
        let bag = Packed::of(archive, &id.to_string(), false).await;
        bag.is_sound("a corrected paper", "is here as it was taken in");
        let named = format!("data/objects/{blob}.json");
        assert!(bag.bag().join(&named).exists());
        let without = bag.with(|bag| {
            std::fs::remove_file(bag.join(&named)).unwrap();
            crate::prove::repack(bag);
        });
        without.is_refused("without the correction", "missing from the bag");

        let admin = actor("韩冰", "990102000000", Role::Administrator);
        let deng = actor("邓文彬", "990102000000", Role::Approver);
        let asked = encryption::ask(&app, &admin, &household(ZHOU), "期满").await.unwrap();
        let done = encryption::destroy(&app, &deng, asked.asked, ZHOU).await.unwrap();
        assert!(done.objects.contains(&blob), "the text goes with the scan");
        let gone = app.vault.bytes(blob).await;
        assert!(matches!(gone, Err(VaultError::Destroyed(_))), "{gone:?}");
        archive.settle().await;
        assert!(archive.finds("\"申请人周桂兰\"").await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_clerk_goes_through_the_doubtful_pages_and_two_do_not_overwrite_each_other() {
    let archive = Archive::new(Store::Memory, Sql::Sqlite).await;
    let id = misread(&archive, ZHOU).await;
    misread(&archive, CHEN).await;
    let street = "990102003000";
    let mut zhao = Browser::of(archive.app.clone(), "赵玉梅", street, &[Role::Clerk]).await;
    let mut lu = Browser::of(archive.app.clone(), "陆小舟", street, &[Role::Clerk]).await;
    let list = zhao.get("/pages").await.text();
    assert!(list.contains(&format!("/doc/{id}/text/2?listed=")), "{list}");
    assert_eq!(list.matches("/text/2?listed=").count(), 2, "one row and the button: {list}");
    assert!(zhao.get("/").await.text().contains("href=\"/pages\""));
    let next = zhao.get("/pages/next").await;
    let at = next.header("location").to_owned();
    let page = zhao.get(&at).await.text();
    assert!(page.contains("申请人周佳兰") && page.contains("<mark>佳</mark>"), "{page}");
    assert!(page.contains("9901**********0021") && !page.contains("990102195503120021"));
    assert!(zhao.get(&format!("/doc/{id}?p=2&tab=text")).await.text().contains("/text/2\""));

    let seen = sheet(&archive, id).await;
    let boxes: Vec<String> =
        seen.lines.iter().map(|line| line.bbox.map(|n| n.to_string()).join(" ")).collect();
    let form = |texts: [&'static str; 3], seen: &'static str| {
        let mut fields = vec![("seen", seen), ("listed", "800-1-2"), ("checked", "1")];
        for (text, place) in texts.into_iter().zip(&boxes) {
            fields.extend([("text", text), ("box", place.as_str())]);
        }
        fields.into_iter().map(|(a, b)| (a.to_owned(), b.to_owned())).collect::<Vec<_>>()
    };
    let post = async |who: &mut Browser, fields: Vec<(String, String)>| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(a, b)| (&**a, &**b)).collect();
        who.post(&format!("/doc/{id}/text/2"), &fields).await
    };
    let kept = post(&mut zhao, form([PAGE[0], "申请人周桂兰", ""], "")).await;
    assert_eq!((kept.status, kept.header("location")), (StatusCode::SEE_OTHER, "/pages"));
    assert!(zhao.get("/pages").await.text().contains("没有存疑的页"));
    let texts: Vec<String> =
        sheet(&archive, id).await.lines.into_iter().map(|line| line.text).collect();
    assert_eq!(texts[..2], [PAGE[0], "申请人周桂兰"], "lines that were not ticked are left alone");
    assert!(texts[2].starts_with("身份证号9901"));

    // The other one had the page open all the time.
    let late = post(&mut lu, form([PAGE[0], "申请人周柱兰", ""], "")).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.is_about("申请人周柱兰") && late.is_about("申请人周桂兰"), "{}", late.text());
    for (path, status) in [
        (format!("/doc/{id}/text/9"), StatusCode::NOT_FOUND),
        (format!("/doc/{id}/text/x"), StatusCode::NOT_FOUND),
        ("/doc/999999/text/1".to_owned(), StatusCode::NOT_FOUND),
    ] {
        assert_eq!(lu.get(&path).await.status, status, "{path}");
    }
}

#[tokio::test]
async fn the_api_lists_shows_and_corrects() {
    let archive = Archive::new(Store::Memory, Sql::Sqlite).await;
    let id = misread(&archive, ZHOU).await;
    let key = signed_in(&archive.app, "赵玉梅", "990102003000", &[Role::Clerk]).await;
    let mut visitor = crate::signin::visitor::Visitor::new(&archive.app, "203.0.113.9");
    let mut ask = async |method: Method, path: &str, body: Value| {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let answer = visitor.api(method, &format!("/api/v1/{path}"), key.secret(), &body).await;
        let value: Value = serde_json::from_str(&answer.text).unwrap();
        (answer.status.as_u16(), value)
    };
    let (status, list) = ask(Method::GET, "doubtful-pages?limit=1", Value::Null).await;
    assert_eq!((status, &list["pages"][0]["document"]), (200, &json!(id.0)), "{list}");
    let next = list["next"].as_str().unwrap();
    let (_, rest) = ask(Method::GET, &format!("doubtful-pages?after={next}"), Value::Null).await;
    assert_eq!(rest, json!({ "pages": [], "next": null }));
    let at = format!("documents/{id}/pages/2/text");
    let (status, page) = ask(Method::GET, &at, Value::Null).await;
    assert_eq!((status, &page["lines"][1]["text"]), (200, &json!("申请人周佳兰")), "{page}");
    assert_eq!(page["language"], "zh");
    let line = json!({ "box": page["lines"][1]["box"], "text": "申请人周桂兰" });
    let said = json!({ "seen": page["seen"], "lines": [line] });
    let (status, kept) = ask(Method::PUT, &at, said.clone()).await;
    assert_eq!(status, 200, "{kept}");
    let (status, told) = ask(Method::PUT, &at, said).await;
    assert_eq!((status, &told["error"]["code"]), (409, &json!("corrected_meanwhile")), "{told}");
    let (_, page) = ask(Method::GET, &at, Value::Null).await;
    assert_eq!((&page["seen"], &page["lines"][1]["checked"]), (&kept["entry"], &json!(true)));
}
