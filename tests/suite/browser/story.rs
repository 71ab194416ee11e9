//! The story through all roles, played in a real browser: everybody comes to the
//! same desk, signs in, clicks and types, and signs out. The server stands in
//! this process, so that the test moves its clock.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use fantoccini::Locator;
use image::RgbImage;
use serde_json::json;
use yidang::model::access::Role;

use super::{Desk, PASSWORD, PATIENCE, account, browser_is_here, bundle_is_checked, served};
use crate::files::paper;
use crate::harness::{Archive, Sql, Store};

/// A household of the new street.
const NO: &str = "99010200400100001";
const BUREAU: &str = "990102000000";
const STREET: &str = "990102004000";
const NANMEN: &str = "990102002000";

impl Desk {
    /// The element, as soon as it is there.
    pub(super) async fn at(&self, css: &str) -> fantoccini::elements::Element {
        let found = self.client.wait().at_most(PATIENCE);
        match found.for_element(Locator::Css(css)).await {
            Ok(element) => element,
            Err(error) => panic!("{css}: {error}; the page says: {}", self.text().await),
        }
    }

    pub(super) async fn click(&self, css: &str) {
        self.at(css).await.click().await.unwrap();
    }

    /// Presses the button with these words, and waits for the page after it.
    pub(super) async fn press(&self, words: &str) {
        let main = self.at("main").await;
        let button = format!("//main//*[self::button or self::a][contains(., '{words}')]");
        let button = self.client.find(Locator::XPath(&button)).await;
        let Ok(button) = button else { panic!("no {words} on: {}", self.text().await) };
        button.click().await.unwrap();
        // The page that was there is gone as soon as the next one comes.
        for _ in 0..1200 {
            if main.tag_name().await.is_err() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        drop(self.at("main").await);
    }

    /// Types into a field, in the place of what stands there.
    pub(super) async fn types(&self, css: &str, text: &str) {
        let field = self.at(css).await;
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// Waits until the page is one whose address begins like this; returns its
    /// path. What stands on a page is looked at only then: the one before may say
    /// the same.
    pub(super) async fn comes_to(&self, begin: &str) -> String {
        for _ in 0..900 {
            let here = self.client.current_url().await.unwrap();
            if here.as_str().starts_with(&format!("{}{begin}", self.address)) {
                return here.path().to_owned();
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("{begin} does not come; the page says: {}", self.text().await);
    }

    pub(super) async fn enters(&self, login: &str) {
        self.goto("/signin").await;
        self.sign_in(login).await;
    }

    async fn leaves(&self) {
        self.click("form[action='/signout'] button").await;
        drop(self.at("[name=password]").await);
    }

    /// A page image, as the browser gets it.
    async fn picture(&self, address: &str) -> RgbImage {
        let script = "const [address, done] = arguments; \
            fetch(address).then((answer) => answer.blob()).then((blob) => { \
                const reader = new FileReader(); \
                reader.onload = () => done(reader.result.split(',')[1]); \
                reader.readAsDataURL(blob); });";
        let told = self.client.execute_async(script, vec![json!(address)]).await.unwrap();
        let bytes = STANDARD.decode(told.as_str().unwrap()).unwrap();
        image::load_from_memory(&bytes).unwrap().into_rgb8()
    }
}

/// How many of 1000 pixels differ visibly.
fn differ(one: &RgbImage, other: &RgbImage) -> usize {
    assert_eq!(one.dimensions(), other.dimensions());
    let pairs = one.pixels().zip(other.pixels());
    let far = pairs.filter(|(a, b)| a.0.iter().zip(b.0).any(|(a, b)| a.abs_diff(b) > 8));
    far.count() * 1000 / (one.width() * one.height()) as usize
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_made_lent_read_and_accounted_for_in_a_browser() {
    if !browser_is_here() {
        return;
    }
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    archive.app.looks.keep_publishing();
    for (name, login, organisation, role) in [
        ("韩冰", "han", BUREAU, Role::Administrator),
        ("罗琳", "luo", BUREAU, Role::SecurityOfficer),
        ("钱文斌", "qian", NANMEN, Role::Reader),
        ("邓文彬", "deng", BUREAU, Role::Approver),
        ("吴敏", "wu", BUREAU, Role::Auditor),
    ] {
        account(&archive, name, login, organisation, role).await;
    }
    let folder = tempfile::tempdir().unwrap();
    let lines = ["最低生活保障申请书", "申请人：林秀芳", "退休金八百元"];
    let scan = folder.path().join("申请书.pdf");
    std::fs::write(&scan, paper(&[&lines])).unwrap();
    let desk = Desk::before(served(&archive.app).await, folder).await;

    // The administrator makes a street and an account, and a code for it.
    desk.enters("han").await;
    for (code, name) in [(STREET, "新河街道办事处"), ("990102004001", "新河社区居民委员会")]
    {
        desk.goto("/organisations").await;
        desk.types("[name=code]", code).await;
        desk.types("[name=name]", name).await;
        desk.press("登记").await;
        desk.says(&["登记好了"]).await;
    }
    desk.goto("/people").await;
    desk.click("[popovertarget=add]").await;
    desk.types("#add [name=name]", "赵玉梅").await;
    desk.types("#add [name=login]", "zhao.yumei").await;
    let office = desk.at("#add [name=organisation]").await;
    office.select_by_value(STREET).await.unwrap();
    desk.click("#add .btn.go").await;
    desk.says(&["户头开好了"]).await;
    desk.press("发登录码").await;
    let code = desk.at("p.code").await.text().await.unwrap();
    desk.leaves().await;

    // The security officer gives the rights.
    desk.enters("luo").await;
    desk.goto("/people/zhao.yumei").await;
    desk.click("[name=role][value=clerk]").await;
    desk.press("就这样授权").await;
    desk.says(&["授权好了"]).await;
    desk.leaves().await;

    // The clerk comes in with the code, uploads a paper, opens a file for it.
    desk.goto("/signin/code").await;
    desk.types("[name=code]", &code).await;
    desk.types("[name=password]", PASSWORD).await;
    desk.types("[name=again]", PASSWORD).await;
    desk.press("设好，登录").await;
    drop(desk.at(".rail").await);
    desk.goto("/intake").await;
    let input = desk.at("input[type=file]").await;
    input.send_keys(scan.to_str().unwrap()).await.unwrap();
    desk.says(&["已收下", "件在等"]).await;
    archive.settle().await;
    desk.until("/intake", "the reading", |text| text.contains("申请书")).await;
    desk.click("li.other label").await;
    desk.types("input[name=other]", NO).await;
    desk.types("input[name=new_head]", "林秀芳").await;
    desk.click("#proposal button.go").await;
    archive.settle().await;
    desk.until("/households", "the household", |text| text.contains("林秀芳")).await;
    desk.goto(&format!("/household/{NO}")).await;
    desk.click("main a[href^='/doc/']").await;
    let document = desk.comes_to("/doc/").await;
    drop(desk.at("[data-page] img").await);
    let plain = desk.picture(&format!("{document}/page/1.jpg?w=900")).await;
    desk.leaves().await;

    // A reader of another street finds nothing, and asks.
    desk.enters("qian").await;
    desk.types("#q", "退休金\n").await;
    desk.comes_to("/search?").await;
    desk.says(&["没有"]).await;
    assert!(!desk.text().await.contains("林秀芳"), "{}", desk.text().await);
    desk.goto(&document).await;
    desk.says(&["没有"]).await;
    desk.goto("/lending").await;
    desk.press("提请借阅").await;
    desk.types("[name=household]", NO).await;
    desk.types("[name=reason]", "核对两地是否重复领取").await;
    desk.press("提请").await;
    desk.goto("/lending").await;
    desk.click(".tbl a[href^='/lending/']").await;
    let lending = desk.comes_to("/lending/").await;
    desk.says(&["待审批"]).await;
    desk.goto(&format!("{lending}/file")).await;
    desk.says(&["没有"]).await;
    desk.leaves().await;

    // An approver agrees.
    desk.enters("deng").await;
    desk.goto("/lending").await;
    desk.click(&format!(".tbl a[href='{lending}']")).await;
    desk.comes_to(&lending).await;
    desk.press("同意").await;
    desk.says(&["可查阅"]).await;
    desk.leaves().await;

    // It is read, with a mark on the page that no other copy has.
    desk.enters("qian").await;
    desk.goto(&lending).await;
    desk.press("打开来看").await;
    desk.says(&["每页有水印"]).await;
    assert!(desk.text().await.contains("林秀芳"), "{}", desk.text().await);
    desk.click(".op-list a").await;
    let image = desk.at(".op-pages img").await;
    let source = image.attr("src").await.unwrap().unwrap();
    let drawn = "const i = document.querySelector('.op-pages img'); \
                 return i.complete && i.naturalWidth > 0";
    for _ in 0..900 {
        if desk.client.execute(drawn, vec![]).await.unwrap().as_bool().unwrap() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(desk.client.execute(drawn, vec![]).await.unwrap(), json!(true), "it is shown");
    let marked = desk.picture(&source).await;
    let share = differ(&plain, &marked);
    assert!((5..600).contains(&share), "{share} of 1000 pixels are marked");
    assert_eq!(differ(&marked, &desk.picture(&source).await), 0, "the mark is not chance");

    // The term passes.
    archive.hands.advance(Duration::from_secs(40 * 86_400));
    desk.enters("qian").await;
    desk.goto(&format!("{lending}/file")).await;
    desk.says(&["没有"]).await;
    assert!(!desk.text().await.contains("林秀芳"), "{}", desk.text().await);
    desk.leaves().await;

    // The auditor reads all of it, and checks the proof of the reading.
    desk.enters("wu").await;
    let read =
        |text: &str| ["钱文斌", "赵玉梅", "借阅", "林秀芳"].iter().all(|word| text.contains(word));
    desk.until("/uses", "the register", read).await;
    desk.types("[name=person]", "钱文斌\n").await;
    desk.comes_to("/uses?person=%E9%92%B1%E6%96%87%E6%96%8C").await;
    let (mut proof, css) = (None, Locator::Css("a[href$='/bundle']"));
    for _ in 0..120 {
        if let Ok(link) = desk.client.find(css).await {
            proof = link.attr("href").await.unwrap();
            break;
        }
        // What was noted just now is published within seconds.
        tokio::time::sleep(Duration::from_millis(500)).await;
        desk.goto("/uses?person=%E9%92%B1%E6%96%87%E6%96%8C").await;
    }
    assert!(!desk.text().await.contains("赵玉梅"), "filtered: {}", desk.text().await);
    desk.goto("/audit/check").await;
    bundle_is_checked(&desk, &proof.expect("a look with its proof")).await;
    desk.client.clone().close().await.unwrap();
}
