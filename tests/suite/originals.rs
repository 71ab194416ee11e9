//! Files of other offices that were taken in: taken along again as they came, with every
//! row that could not be read; the roster that households were opened from is kept.

use bytes::Bytes;
use serde_json::json;
use yidang::living::LivingError;
use yidang::living::evidence::{self, GivenResults};
use yidang::living::roster::{self, GivenRoster};
use yidang::model::access::Role;
use yidang::model::id::Digest;
use yidang::model::look::{Kind, Reason};
use yidang::rebuild;
use yidang::uses::{self, Asked};

use crate::harness::{Archive, Sql, Store, actor, for_all, household};
use crate::living::{NO, opened};
use crate::pages::Browser;

const LIN: &str = "990102195203142149";

/// A row of somebody, and so many that cannot be read.
fn results(bad: usize) -> String {
    format!("姓名,身份证号,余额\n林秀芳,{LIN},8000\n{}", "谁,123,1\n".repeat(bad))
}

fn given(text: &str) -> GivenResults {
    GivenResults {
        kind: "deposits".into(),
        as_of: None,
        name: "存款.csv".into(),
        bytes: Bytes::from(text.to_owned()),
        mapping: None,
        partly: true,
    }
}

fn because(words: &str) -> Option<Reason> {
    Some(words.parse().unwrap())
}

#[tokio::test]
async fn a_file_is_taken_along_as_it_came_and_that_is_noted() {
    for_all(async |archive| {
        opened(archive).await;
        let (app, clerk) = (archive.app.clone(), archive.clerk());
        let keeper = actor("周文斌", "990102003000", Role::Archivist);
        let text = results(250);
        let taken = evidence::take(&app, &clerk, given(&text), &|_, _| {}).await.unwrap();
        assert_eq!((taken.bad.len(), taken.every_bad.len(), taken.bad_total), (200, 250, 250));
        let list = evidence::bad_rows(&taken.every_bad);
        assert_eq!(list.rows.len(), 250);
        let entry = taken.entries[0];
        let file = evidence::original(&app, &keeper, entry, because("核对")).await.unwrap();
        assert_eq!((file.name.as_str(), file.mime), ("存款.csv", "text/csv"));
        assert_eq!(file.bytes, text.as_bytes());

        // Nobody else: not another street, not who takes nothing along, not what is no file.
        let other = actor("钱文斌", "990102002000", Role::Archivist);
        let hidden = evidence::original(&app, &other, entry, because("核对")).await;
        assert!(matches!(hidden, Err(LivingError::UnknownDocument(_))), "{hidden:?}");
        let reader = actor("钱一", "990102003000", Role::Reader);
        let denied = evidence::original(&app, &reader, entry, because("核对")).await;
        assert!(matches!(denied, Err(LivingError::Denied(_))), "{denied:?}");
        let nothing = evidence::original(&app, &keeper, 0, because("核对")).await;
        assert!(matches!(nothing, Err(LivingError::UnknownDocument(_))), "{nothing:?}");
        let asked = Asked::default();
        let noted = uses::register(&app, &archive.bureau(), &asked, None, 100).await.unwrap();
        let exports: Vec<_> =
            noted.uses.iter().filter(|one| one.look.kind == Kind::Export).collect();
        assert_eq!(exports.len(), 1);
        assert_eq!(exports[0].look.title, "存款 存款.csv");
        assert_eq!(exports[0].look.reason.as_ref().map(|one| one.words.as_str()), Some("核对"));
    })
    .await;
}

#[tokio::test]
async fn pages_and_programs_hand_it_out() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    opened(&archive).await;
    let text = results(250);
    let app = &archive.app;
    let roles = [Role::Clerk, Role::Archivist];
    let mut browser = Browser::of(app.clone(), "赵玉梅", "990102003000", &roles).await;
    let token = browser.token.clone();
    let part = |name: &str, value: &str| {
        format!("\r\n--cut\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}")
    };
    let fields = format!("{token}{}{}", part("kind", "deposits"), part("as_of", "2026-11-20"));
    let sent = browser.send_file("/checks/look", &fields, "存款.csv", text.as_bytes(), false).await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    let form = [("id_number", "1"), ("name", "0"), ("value", "2"), ("partly", "yes")];
    assert_eq!(browser.post("/checks/take", &form).await.status, 303);
    let mut page = String::new();
    for _ in 0..400 {
        page = browser.get("/checks").await.text();
        if page.contains("存下1行") {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert!(page.contains("250行读不出") && page.contains("下载原件"), "{page}");
    let list = browser.get("/checks/bad").await;
    assert_eq!(list.text().lines().count(), 251, "all of them, and the heads");
    assert!(list.text().starts_with("\u{feff}行,原因\r\n"), "{}", list.text());
    browser.cookie = "lang=en".into();
    let list = browser.get("/checks/bad").await.text();
    browser.cookie = "lang=zh".into();
    assert!(list.starts_with("\u{feff}Line,Why\r\n"), "{list}");
    let why = list.lines().nth(1).unwrap().split(": \"").next().unwrap();
    assert!(why.is_ascii() && why.contains(',') && list.lines().count() == 251, "{list}");
    let entry = page.split("name=\"entry\"><option value=\"").nth(1).unwrap();
    let entry = entry.split('"').next().unwrap().to_owned();
    let form = [("entry", entry.as_str()), ("purpose", "other"), ("words", "")];
    let refused = browser.post("/checks/file", &form).await;
    assert!(refused.status.is_client_error(), "{}", refused.status);
    let form = [("entry", entry.as_str()), ("purpose", "check"), ("words", "")];
    let file = browser.post("/checks/file", &form).await;
    assert_eq!((file.status.as_u16(), file.bytes.as_slice()), (200, text.as_bytes()));
    assert!(file.header("content-disposition").contains("%E5%AD%98%E6%AC%BE.csv"));

    let path = format!("/api/v1/evidence/files/{entry}");
    let file = browser.send_json(&path, &json!({ "reason": "核对" })).await;
    assert_eq!((file.status.as_u16(), file.bytes.as_slice()), (200, text.as_bytes()));
    let unknown = browser.send_json("/api/v1/evidence/files/1", &json!({ "reason": "核对" })).await;
    assert_eq!(unknown.status, 404, "{}", unknown.text());
    let mut other = Browser::of(app.clone(), "钱文斌", "990102002000", &[Role::Archivist]).await;
    let hidden = other.send_json(&path, &json!({ "reason": "核对" })).await;
    assert_eq!(hidden.status, 404, "{}", hidden.text());
}

#[tokio::test]
async fn the_roster_that_households_were_opened_from_is_kept() {
    for_all(async |archive| {
        let (app, clerk) = (archive.app.clone(), archive.clerk());
        let text = format!("户号,姓名,与户主关系,身份证号\n{NO},林秀芳,户主,{LIN}\n");
        let given = |partly| GivenRoster {
            community: None,
            bytes: Bytes::from(text.clone()),
            partly,
            only_open: false,
        };
        let opened = roster::import(&app, &clerk, given(false), &|_, _| {}).await.unwrap();
        assert_eq!((opened.households, opened.bad_total), (1, 0), "{opened:?}");
        let file = Digest::of(text.as_bytes());
        assert_eq!(app.vault.bytes(file).await.unwrap(), text.as_bytes());
        app.settle().await.unwrap();
        let dump = archive.dump().await;
        let name = file.to_string();
        let named: Vec<_> = dump.iter().filter(|line| line.contains(&name)).collect();
        assert!(!named.is_empty(), "the catalog names the file");
        rebuild::rebuild(&app, |_| {}).await.unwrap();
        assert_eq!(archive.dump().await, dump);
        assert!(yidang::view::household(&app, &clerk, &household(NO)).await.is_ok());

        // Who has the organisation that took it in may take it along, with a reason.
        assert_eq!(opened.one, Some(household(NO)));
        let keeper = actor("周文斌", "990102003000", Role::Archivist);
        let no = household(NO);
        assert!(roster::has_original(&app, &keeper, &no).await.unwrap());
        let taken = roster::original(&app, &keeper, &no, because("核对")).await.unwrap();
        assert_eq!((taken.name.as_str(), taken.bytes.as_ref()), ("花名册.csv", text.as_bytes()));
        let community = actor("孙晓", no.organisation().as_str(), Role::Archivist);
        assert!(!roster::has_original(&app, &community, &no).await.unwrap());
        let above = roster::original(&app, &community, &no, because("核对")).await;
        assert!(matches!(above, Err(LivingError::Told { .. })), "{above:?}");
        let other = actor("钱文斌", "990102002000", Role::Archivist);
        let hidden = roster::original(&app, &other, &no, because("核对")).await;
        assert!(matches!(hidden, Err(LivingError::UnknownHousehold(_))), "{hidden:?}");
        let reader = actor("钱一", "990102003000", Role::Reader);
        let denied = roster::original(&app, &reader, &no, because("核对")).await;
        assert!(matches!(denied, Err(LivingError::Denied(_))), "{denied:?}");
        assert!(!roster::has_original(&app, &reader, &no).await.unwrap());
        let asked = Asked::default();
        let noted = uses::register(&app, &archive.bureau(), &asked, None, 100).await.unwrap();
        let mut exports = noted.uses.iter().filter(|one| one.look.kind == Kind::Export);
        let one = exports.next().unwrap();
        assert_eq!(one.look.household, Some(no.clone()));
        assert_eq!(one.look.reason.as_ref().map(|one| one.words.as_str()), Some("核对"));
        assert!(exports.next().is_none(), "what was refused was not handed out");

        // A roster that opens nothing leaves nothing.
        let again = roster::import(&app, &clerk, given(true), &|_, _| {}).await.unwrap();
        assert_eq!((again.households, again.every_bad.len()), (0, 1), "{again:?}");
    })
    .await;
}

#[tokio::test]
async fn the_roster_is_handed_out_on_the_pages_and_to_programs() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    let (app, clerk) = (archive.app.clone(), archive.clerk());
    opened(&archive).await;
    let listed = "99010200300400901";
    let text = format!("户号,姓名,与户主关系,身份证号\n{listed},何桂珍,户主,990102195001012135\n");
    let given = GivenRoster {
        community: None,
        bytes: Bytes::from(text.clone()),
        partly: false,
        only_open: false,
    };
    let found = roster::import(&app, &clerk, given, &|_, _| {}).await.unwrap();
    assert_eq!(found.households, 1, "{found:?}");
    app.settle().await.unwrap();
    let roles = [Role::Clerk, Role::Archivist];
    let mut browser = Browser::of(app.clone(), "赵玉梅", "990102003000", &roles).await;
    browser.post(&format!("/household/{listed}/reason"), &[("purpose", "check")]).await;
    let page = browser.get(&format!("/household/{listed}")).await.text();
    assert!(page.contains("取回立户的花名册"), "{page}");
    let path = format!("/household/{listed}/roster");
    let unsaid = browser.post(&path, &[("purpose", "other"), ("words", "")]).await;
    assert!(unsaid.status.is_client_error(), "{}", unsaid.status);
    let file = browser.post(&path, &[("purpose", "check"), ("words", "")]).await;
    assert_eq!((file.status.as_u16(), file.bytes.as_slice()), (200, text.as_bytes()));
    assert!(file.header("content-disposition").contains("%E8%8A%B1%E5%90%8D%E5%86%8C.csv"));
    let path = format!("/api/v1/households/{listed}/roster");
    let file = browser.send_json(&path, &json!({ "reason": "核对" })).await;
    assert_eq!((file.status.as_u16(), file.bytes.as_slice()), (200, text.as_bytes()));
    // A household that stands on no roster offers none.
    browser.post(&format!("/household/{NO}/reason"), &[("purpose", "check")]).await;
    let page = browser.get(&format!("/household/{NO}")).await.text();
    assert!(page.contains("卷内文件") && !page.contains("取回立户的花名册"), "{page}");
    let none = format!("/api/v1/households/{NO}/roster");
    let none = browser.send_json(&none, &json!({ "reason": "核对" })).await;
    assert!(none.status.is_client_error(), "{}", none.text());
    let mut other = Browser::of(app.clone(), "钱文斌", "990102002000", &[Role::Archivist]).await;
    let hidden = other.send_json(&path, &json!({ "reason": "核对" })).await;
    assert_eq!(hidden.status, 404, "{}", hidden.text());
}
