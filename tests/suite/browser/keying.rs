//! A form is keyed with the keyboard alone: from the viewer, along what is in doubt, to
//! the statement it leads to.

use std::sync::Arc;

use fantoccini::key::Key;
use yidang::filing::{self, NewHousehold};
use yidang::model::access::Role;

use super::{Desk, account, browser_is_here, served};
use crate::files::paper;
use crate::harness::{Archive, Sql, Store, description, household};

const NO: &str = "99010200300400888";
/// The amount was misread: it does not come out.
const FORM: [&str; 9] = [
    "城市居民最低生活保障待遇申请审批表",
    "户主姓名：林秀芳",
    "身份证号：990102195203142149",
    "家庭人口：2人",
    "现家庭住址：槐荫里7号",
    "月人均收入：630.00元",
    "保障人口：2人",
    "保障标准：1085元",
    "户月保障金额：190元",
];

impl Desk {
    /// Presses a key where the focus is; returns the name of the field that had it.
    async fn presses(&self, keys: &str) -> String {
        let field = self.client.active_element().await.unwrap();
        let name = field.attr("name").await.unwrap().unwrap_or_default();
        field.send_keys(keys).await.unwrap();
        name
    }

    async fn focused(&self) -> String {
        let field = self.client.active_element().await.unwrap();
        let saves = field.attr("data-save").await.unwrap().is_some();
        if saves { "save".into() } else { field.attr("name").await.unwrap().unwrap_or_default() }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_is_keyed_with_the_keyboard_alone_and_its_facts_are_stated() {
    if !browser_is_here() {
        return;
    }
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    let (app, operator, clerk) = (Arc::clone(&archive.app), archive.bureau(), archive.clerk());
    let new = NewHousehold {
        head: "林秀芳".into(),
        id_number: "990102195203142149".into(),
        address: "槐荫里5号".into(),
        members: Vec::new(),
    };
    filing::open_household(&app, &operator, &household(NO), new).await.unwrap();
    let taken = archive.take(NO, "form.pdf", &paper(&[&FORM])).await.unwrap().document;
    let said = description("A02", "城市低保审批表", "2026-04-02");
    filing::file(&app, &clerk, taken, &household(NO), said).await.unwrap();
    archive.settle().await;
    account(&archive, "赵玉梅", "zhaoyumei", "990102003000", Role::Clerk).await;
    let desk = Desk::before(served(&app).await, tempfile::tempdir().unwrap()).await;
    let viewer = format!("/doc/{}", taken.0);
    desk.goto(&viewer).await;
    desk.sign_in("zhaoyumei").await;
    desk.goto(&viewer).await;
    if desk.text().await.contains("为什么看这一户") {
        desk.presses("1").await;
    }
    desk.says(&["录字段"]).await;
    desk.presses("e").await;
    desk.says(&["存为新一版字段"]).await;

    // Enter goes along what is in doubt, and the scan follows; the amount is mended.
    let mut passed = Vec::new();
    for _ in 0..30 {
        let here = desk.focused().await;
        if here == "save" {
            break;
        }
        if here == "v.amount" {
            let spot = "return !document.querySelector('[data-spot]:not([hidden])')";
            let hidden = desk.client.execute(spot, vec![]).await.unwrap();
            assert_eq!(hidden, serde_json::json!(false), "the place on the scan is boxed");
            desk.presses("910").await;
        }
        let enter = String::from(char::from(Key::Enter));
        passed.push(desk.presses(&enter).await);
    }
    assert!(passed.contains(&"v.amount".to_owned()), "{passed:?}");
    assert!(!passed.contains(&"v.head".to_owned()), "what is sure is passed over: {passed:?}");
    // The server has kept it meanwhile, and says that the sum comes out now.
    desk.says(&["草稿存好了"]).await;
    assert!(!desk.text().await.contains("算出来是"), "{}", desk.text().await);
    desk.presses(&String::from(char::from(Key::Enter))).await;
    desk.says(&["与户档不同"]).await;
    let text = desk.text().await;
    assert!(text.contains("槐荫里5号") && text.contains("槐荫里7号"), "{text}");
    // To the one button there is, by Tab alone.
    for _ in 0..60 {
        let field = desk.client.active_element().await.unwrap();
        let is_button = field.tag_name().await.unwrap() == "button";
        if is_button && field.text().await.unwrap().contains("记进户档") {
            break;
        }
        field.send_keys(&String::from(char::from(Key::Tab))).await.unwrap();
    }
    desk.presses(&String::from(char::from(Key::Enter))).await;
    desk.says(&["记进户档了"]).await;
    desk.goto(&format!("/household/{NO}/family")).await;
    assert!(desk.text().await.contains("槐荫里7号"), "{}", desk.text().await);

    desk.client.set_window_size(390, 844).await.unwrap();
    for path in ["/key", "/key/versions", "/key/facts"] {
        desk.goto(&format!("{viewer}{path}")).await;
        assert!(desk.overhang().await <= 0, "{path} is wider than a telephone");
    }
}
