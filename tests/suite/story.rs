//! One story from the first account to the auditor's last look, as people play
//! it in the pages: everybody signs in as themselves and does their own part.

use std::time::Duration;

use axum::http::StatusCode;
use yidang::model::access::Role;

use crate::files::paper;
use crate::harness::{Archive, Sql, Store};
use crate::pages::Browser;

/// A household of the new street.
const NO: &str = "99010200400100001";
const BUREAU: &str = "990102000000";
const STREET: &str = "990102004000";
const NANMEN: &str = "990102002000";

/// What stands between two texts of a page.
fn between<'t>(text: &'t str, before: &str, after: &str) -> &'t str {
    let (_, rest) = text.split_once(before).unwrap_or_else(|| panic!("{before} in {text}"));
    rest.split_once(after).unwrap().0
}

#[tokio::test]
async fn a_file_is_made_lent_read_and_accounted_for() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    let app = &archive.app;
    let somebody = async |name: &str, organisation: &str, role: Role| {
        Browser::of(app.clone(), name, organisation, &[role]).await
    };

    // The administrator makes a street and an account, which may do nothing yet.
    let mut admin = somebody("韩冰", BUREAU, Role::Administrator).await;
    let street = [("code", STREET), ("name", "新河街道办事处")];
    assert_eq!(admin.post("/organisations", &street).await.status, StatusCode::SEE_OTHER);
    let community = [("code", "990102004001"), ("name", "新河社区居民委员会")];
    assert_eq!(admin.post("/organisations", &community).await.status, StatusCode::SEE_OTHER);
    let account = [("name", "赵玉梅"), ("login", "zhao.yumei"), ("organisation", STREET)];
    assert_eq!(admin.post("/people", &account).await.status, StatusCode::SEE_OTHER);
    let made = admin.post("/people/zhao.yumei/code", &[]).await.text();
    let code = between(&made, "<p class=\"code\">", "</p>").to_owned();
    let refused = admin.post("/people/zhao.yumei/roles", &[("role", "clerk")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "who makes accounts gives no rights");
    let mut officer = somebody("罗琳", BUREAU, Role::SecurityOfficer).await;
    let granted = officer.post("/people/zhao.yumei/roles", &[("role", "clerk")]).await;
    assert_eq!(granted.status, StatusCode::SEE_OTHER, "{}", granted.text());

    // The clerk comes in with the code, opens a file, adds a paper, files it.
    let mut clerk = Browser::nobody(app.clone());
    let page = clerk.get("/signin/code").await.text();
    clerk.token = between(&page, "name=\"csrf\" value=\"", "\"").to_owned();
    let word = "the willow bends in march";
    let fields = [("code", code.as_str()), ("password", word), ("again", word)];
    let entered = clerk.post("/signin/code", &fields).await;
    assert_eq!(entered.status, StatusCode::SEE_OTHER, "{}", entered.text());
    clerk.session = clerk.cookie.clone();
    let page = clerk.get("/households").await.text();
    clerk.token = between(&page, "name=\"csrf\" value=\"", "\"").to_owned();
    let opened = [("household_no", NO), ("head", "林秀芳"), ("address", "新河7号")];
    let opened = clerk.post("/household/open", &opened).await;
    assert_eq!(opened.status, StatusCode::SEE_OTHER, "{}", opened.text());
    let lines = ["最低生活保障申请书", "申请人：林秀芳", "户号99010200400100001", "退休金八百元"];
    let token = clerk.token.clone();
    let sent = clerk.send_file("/intake/upload", &token, "a.pdf", &paper(&[&lines]), true).await;
    let sent: serde_json::Value = serde_json::from_slice(&sent.bytes).unwrap();
    let id = sent["document"].as_i64().unwrap_or_else(|| panic!("{sent}"));
    archive.settle().await;
    let filing =
        [("household", NO), ("type", "A01"), ("title", "低保申请书"), ("date", "2026-03-09")];
    let filed = clerk.post(&format!("/intake/{id}/file"), &filing).await;
    assert_eq!(filed.status, StatusCode::SEE_OTHER, "{}", filed.text());
    archive.settle().await;

    // A reader of another street finds nothing, and asks for the file by number.
    let mut reader = somebody("钱文斌", NANMEN, Role::Reader).await;
    let found = reader.get("/search?q=%E9%80%80%E4%BC%91%E9%87%91").await;
    assert!(found.status.is_success() && !found.is_about("林秀芳"), "{}", found.text());
    for path in [format!("/doc/{id}"), format!("/doc/{id}/page/1.jpg"), format!("/household/{NO}")]
    {
        assert_eq!(reader.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let asked = [
        ("household", NO),
        ("who", "oneself"),
        ("manner", "look"),
        ("purpose", "check"),
        ("reason", "核对两地是否重复领取"),
        ("until", "2026-11-25"),
        ("cover", "numbers"),
    ];
    let asked = reader.post("/lending/new", &asked).await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.text());
    let lists = reader.get("/lending").await.text();
    let lending = between(&lists, "href=\"/lending/", "\"").split(['?', '#']).next().unwrap();
    let lending = match lending {
        "new" | "register" => {
            let (_, rest) = lists.rsplit_once("href=\"/lending/").unwrap();
            rest.split('"').next().unwrap().to_owned()
        }
        id => id.to_owned(),
    };
    let file = format!("/lending/{lending}/file");
    assert_eq!(reader.get(&file).await.status, StatusCode::NOT_FOUND, "nobody has agreed yet");

    // Somebody else agrees; it is read with a mark on every page, and ends.
    let mut approver = somebody("邓文彬", STREET, Role::Approver).await;
    let decide = format!("/lending/{lending}/decide");
    let agreed = approver.post(&decide, &[("agreed", "yes"), ("reason", "")]).await;
    assert_eq!(agreed.status, StatusCode::SEE_OTHER, "{}", agreed.text());
    let read = reader.get(&file).await;
    assert!(read.status.is_success() && read.is_about("林秀芳"), "{}", read.text());
    let marked = reader.get(&format!("/lending/{lending}/doc/{id}/page/1.jpg")).await;
    assert_eq!(marked.status, StatusCode::OK);
    assert_eq!(marked.header("cache-control"), "no-store");
    let mut street = somebody("周敏", STREET, Role::Archivist).await;
    let plain = street.get(&format!("/doc/{id}/page/1.jpg")).await;
    assert_eq!(plain.status, StatusCode::OK);
    assert!(marked.bytes != plain.bytes, "the borrower's page is marked");
    archive.hands.advance(Duration::from_secs(4 * 86_400));
    let mut later = somebody("钱文斌", NANMEN, Role::Reader).await;
    assert_eq!(later.get(&file).await.status, StatusCode::NOT_FOUND, "it has ended by itself");

    // The auditor reads all of it in the register, and takes a proof along.
    app.close(true).await.unwrap();
    let mut auditor = somebody("吴敏", BUREAU, Role::Auditor).await;
    let register = auditor.get("/uses").await.text();
    for told in ["钱文斌", "借阅", "林秀芳"] {
        assert!(register.contains(told), "{told}: {register}");
    }
    let (before, _) = register.split_once("/bundle\"").unwrap();
    let (_, entry) = before.rsplit_once('/').unwrap();
    let proof = auditor.get(&format!("/uses/{entry}/bundle")).await;
    assert_eq!(proof.header("content-type"), "application/zip");
    let checked = auditor.token.clone();
    let checked =
        auditor.send_file("/audit/check", &checked, "proof.zip", &proof.bytes, false).await;
    assert!(checked.text().contains("这个核验包没有变过。"), "{}", checked.text());
}
