//! Keys are destroyed by two people: on the pages, over the API, and what they
//! cannot do.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use yidang::encryption::{self, EncryptionError};
use yidang::model::access::Role;
use yidang::prove::{self, ProveError, Subject};
use yidang::{binding, filing, rebuild, search, view};

use crate::files::paper;
use crate::harness::{
    Archive, CHEN, Sql, Store, ZHOU, actor, description, for_all_encrypted, household, signed_in,
};
use crate::pages::Browser;

const BUREAU: &str = "990102000000";
const NANMEN: &str = "990102002000";

async fn with_papers(archive: &Archive) {
    for no in [ZHOU, CHEN] {
        archive.take(no, "a.pdf", &paper(&[&["收入证明", "槐花糕", no]])).await.unwrap();
    }
    archive.settle().await;
}

#[tokio::test]
async fn who_asks_does_not_decide_and_nothing_is_destroyed_twice() {
    for_all_encrypted(async |archive| {
        with_papers(archive).await;
        let app = &archive.app;
        let admin = actor("韩冰", BUREAU, Role::Administrator);
        let deng = actor("邓文彬", BUREAU, Role::Approver);
        let zhou = household(ZHOU);
        let refused = encryption::ask(app, &deng, &zhou, "期满").await;
        assert!(matches!(refused, Err(EncryptionError::Denied(_))), "{refused:?}");
        let asked = encryption::ask(app, &admin, &zhou, "期满").await.unwrap();
        assert!(!asked.yours && asked.stage == "asked", "{asked:?}");
        let again = encryption::ask(app, &admin, &zhou, "期满").await.unwrap_err();
        assert!(again.to_string().contains("asked for already"), "{again}");

        // An account of the same name is no second person, and an approver of
        // another street knows of nothing.
        let same = actor("韩 冰", BUREAU, Role::Approver);
        for told in [
            encryption::destroy(app, &same, asked.asked, ZHOU).await.map(drop).unwrap_err(),
            encryption::refuse(app, &same, asked.asked, "不行").await.map(drop).unwrap_err(),
        ] {
            assert!(told.to_string().contains("does not decide"), "{told}");
        }
        let elsewhere = actor("钱文斌", NANMEN, Role::Approver);
        assert!(encryption::requests(app, &elsewhere).await.unwrap().is_empty());
        let told = encryption::destroy(app, &elsewhere, asked.asked, ZHOU).await;
        assert!(matches!(told, Err(EncryptionError::UnknownRequest(_))), "{told:?}");
        let told = encryption::destroy(app, &admin, asked.asked, ZHOU).await;
        assert!(matches!(told, Err(EncryptionError::Denied(_))), "{told:?}");
        let told = encryption::destroy(app, &deng, asked.asked, CHEN).await;
        assert!(matches!(told, Err(EncryptionError::NotThis(_))), "{told:?}");

        let refused = encryption::refuse(app, &deng, asked.asked, "案子没结").await.unwrap();
        assert_eq!((refused.stage.as_str(), refused.decider.as_str()), ("refused", "邓文彬"));
        let late = encryption::destroy(app, &deng, asked.asked, ZHOU).await.unwrap_err();
        assert!(late.to_string().contains("no destruction"), "{late}");

        let asked = encryption::ask(app, &admin, &zhou, "案子结了").await.unwrap();
        let bureau = archive.bureau();
        assert_eq!(search::unread(app, &bureau).await.unwrap(), 0);
        let done = encryption::destroy(app, &deng, asked.asked, ZHOU).await.unwrap();
        assert_eq!(done.objects.len(), 1);
        assert_eq!(search::unread(app, &bureau).await.unwrap(), 1, "nothing is found on its page");
        let late = encryption::destroy(app, &deng, asked.asked, ZHOU).await;
        assert!(late.is_err(), "{late:?}");
        let all = encryption::requests(app, &admin).await.unwrap();
        let stages: Vec<&str> = all.iter().map(|one| one.stage.as_str()).collect();
        assert_eq!(stages, ["destroyed", "refused"]);
        app.settle().await.unwrap();
        let dump = archive.dump().await;
        assert_eq!(dump.iter().filter(|line| line.contains("\"destruction\"")).count(), 2);
        rebuild::rebuild(app, |_| {}).await.unwrap();
        assert_eq!(archive.dump().await, dump);
        assert_eq!(search::unread(app, &bureau).await.unwrap(), 1);
    })
    .await;
}

#[tokio::test]
async fn of_what_was_destroyed_there_is_no_bundle_and_it_is_said_by_which_act() {
    let archive = Archive::encrypted(Store::Folder, Sql::Sqlite).await;
    with_papers(&archive).await;
    let (app, bureau, zhou) = (&archive.app, archive.bureau(), household(ZHOU));
    let bytes = paper(&[&["收入证明", "八百元", "签字"]]);
    let document = archive.take(ZHOU, "b.pdf", &bytes).await.unwrap().document;
    let said = description("A02", "收入证明", "2026-03-09");
    filing::file(app, &bureau, document, &zhou, said).await.unwrap();
    binding::bind(app, &bureau, &zhou, "").await.unwrap();
    let code = view::newest_code(app, &bureau, &zhou).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let subjects =
        [Subject::Household(ZHOU.to_owned()), Subject::Volume(code), Subject::Document(document.0)];
    for (subject, name) in subjects.iter().zip(["a", "b", "c"]) {
        let to = folder.path().join(name);
        prove::prove(app, &bureau, subject, true, &to).await.unwrap();
    }
    let admin = actor("韩冰", BUREAU, Role::Administrator);
    let deng = actor("邓文彬", BUREAU, Role::Approver);
    let asked = encryption::ask(app, &admin, &zhou, "期满").await.unwrap();
    let entry = encryption::destroy(app, &deng, asked.asked, ZHOU).await.unwrap().entry.unwrap();
    let to = folder.path().join("bag");
    for subject in &subjects {
        let told = prove::prove(app, &bureau, subject, true, &to).await.unwrap_err();
        assert!(matches!(told, ProveError::Destroyed(no) if no == entry), "{subject:?}: {told}");
        assert!(told.to_string().contains(&format!("log entry {entry} destroyed")), "{told}");
        assert!(!to.exists(), "nothing half-packed stays");
    }
    // What is left is proved entry by entry; and others are as they were.
    prove::proof(app, entry).await.unwrap();
    let other = Subject::Household(CHEN.to_owned());
    prove::prove(app, &bureau, &other, true, &to).await.unwrap();
}

#[tokio::test]
async fn an_administrator_asks_on_a_page_and_an_approver_agrees_on_it() {
    let archive = Archive::encrypted(Store::Folder, Sql::Sqlite).await;
    with_papers(&archive).await;
    let app = &archive.app;
    let mut admin = Browser::of(app.clone(), "韩冰", BUREAU, &[Role::Administrator]).await;
    let mut deng = Browser::of(app.clone(), "邓文彬", BUREAU, &[Role::Approver]).await;
    let page = admin.get("/encryption").await.text();
    assert!(page.contains("存下的文件都加了密") && page.contains("master.key"), "{page}");
    let wrong = admin.post("/encryption", &[("household", "12"), ("reason", "期满")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", wrong.text());
    assert!(wrong.is_about("期满"), "what was typed stays: {}", wrong.text());
    let asked = admin.post("/encryption", &[("household", ZHOU), ("reason", "期满")]).await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.text());
    let page = admin.get("/encryption").await.text();
    assert!(page.contains("等审批") && !page.contains("name=\"agreed\""), "{page}");
    assert!(!page.contains("周桂兰"), "an administrator sees no record");

    let page = deng.get("/encryption").await.text();
    assert!(!page.contains("master.key") && page.contains("name=\"agreed\""), "{page}");
    let (_, rest) = page.split_once("action=\"/encryption/").unwrap();
    let at = format!("/encryption/{}", rest.split('"').next().unwrap());
    let yes = |no: &'static str| [("agreed", "yes"), ("household", no)];
    let refused = admin.post(&at, &yes(ZHOU)).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let wrong = deng.post(&at, &yes(CHEN)).await;
    assert!(wrong.text().contains("什么也没有销毁"), "{}", wrong.text());
    let done = deng.post(&at, &yes(ZHOU)).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
    assert!(deng.get("/encryption").await.text().contains("已销毁"));
    archive.settle().await;
    assert_eq!(archive.finds("槐花糕").await.len(), 1, "that of the other household");
}

#[tokio::test]
async fn the_api_asks_lists_refuses_and_destroys() {
    let archive = Archive::encrypted(Store::Memory, Sql::Sqlite).await;
    with_papers(&archive).await;
    let key = async |name: &str, role| signed_in(&archive.app, name, BUREAU, &[role]).await;
    let admin = key("韩冰", Role::Administrator).await;
    let deng = key("邓文彬", Role::Approver).await;
    let mut visitor = crate::signin::visitor::Visitor::new(&archive.app, "203.0.113.9");
    let mut ask = async |who: &yidang::sessions::Key, path: &str, body: Value| {
        let method = if body.is_null() { Method::GET } else { Method::POST };
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let answer = visitor.api(method, &format!("/api/v1/{path}"), who.secret(), &body).await;
        let value: Value = serde_json::from_str(&answer.text).unwrap();
        (answer.status.as_u16(), value)
    };
    let (status, told) = ask(&admin, "encryption", Value::Null).await;
    assert_eq!((status, &told["on"]), (200, &json!(true)), "{told}");
    let wanted = json!({ "household": ZHOU, "reason": "期满" });
    let (status, first) = ask(&admin, "destructions", wanted.clone()).await;
    assert_eq!((status, &first["yours"]), (201, &json!(false)), "{first}");
    let no = &first["asked"];
    let (status, told) =
        ask(&deng, &format!("destructions/{no}/refusal"), json!({ "reason": "没结" })).await;
    assert_eq!((status, &told["stage"]), (200, &json!("refused")), "{told}");
    let (_, second) = ask(&admin, "destructions", wanted).await;
    let at = format!("destructions/{}/agreement", second["asked"]);
    let (status, told) = ask(&deng, &at, json!({ "household": CHEN })).await;
    assert_eq!((status, &told["error"]["code"]), (422, &json!("not_this")), "{told}");
    let (status, told) = ask(&deng, &at, json!({ "household": ZHOU })).await;
    assert_eq!((status, told["objects"].as_array().unwrap().len()), (200, 1), "{told}");
    let (_, all) = ask(&deng, "destructions", Value::Null).await;
    assert_eq!((&all[0]["stage"], &all[1]["stage"]), (&json!("destroyed"), &json!("refused")));
}
