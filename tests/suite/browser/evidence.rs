//! Results of another department are taken in by a clerk: a column that was found wrongly
//! is corrected, bad rows are taken along, a finding is closed with a paper.

use serde_json::json;
use yidang::filing;
use yidang::model::access::Role;

use super::{Desk, account, browser_is_here, served};
use crate::files::noise;
use crate::harness::{Archive, Sql, Store, description, household};
use crate::living::{NO, opened};

/// The last column is the one that is meant; the one before is of last year.
const RESULTS: &str = "姓名,身份证号,余额,今年余额\n\
    林秀芳,990102195203142149,100,48120.55\n\
    谁,123,1,1\n";

impl Desk {
    /// Chooses the file of `text` in the form of results, and looks at its columns.
    async fn brings(&self, name: &str, text: &str) {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        let form = "form[action='/checks/look']";
        let kind = self.at(&format!("{form} [name=kind]")).await;
        kind.select_by_value("deposits").await.unwrap();
        let file = self.at(&format!("{form} [name=file]")).await;
        file.send_keys(path.to_str().unwrap()).await.unwrap();
        self.press("看看列").await;
        self.says(&["今年余额"]).await;
    }

    /// The column that is chosen for the value, from 0.
    async fn column(&self) -> String {
        let select = self.at("form[action='/checks/take'] [name=value]").await;
        select.prop("value").await.unwrap().unwrap()
    }

    /// What an address gives, as the browser gets it.
    async fn gets(&self, address: &str) -> String {
        let script = "const [address, done] = arguments; \
            fetch(address).then((answer) => answer.text()).then(done);";
        let told = self.client.execute_async(script, vec![json!(address)]).await.unwrap();
        told.as_str().unwrap().to_owned()
    }

    /// Opens a page of a household, and says why where that is asked.
    pub(super) async fn opens(&self, path: &str, word: &str) {
        self.goto(path).await;
        self.says(&["为什么看这一户", word]).await;
        if self.text().await.contains("为什么看这一户") {
            self.at("body").await.send_keys("2").await.unwrap();
        }
        self.says(&[word]).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clerk_takes_in_results_and_closes_what_was_found() {
    if !browser_is_here() {
        return;
    }
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    opened(&archive).await;
    let taken = archive.take(NO, "说明.png", &noise(30, 30)).await.unwrap().document;
    let said = description("A15", "核查情况说明", "2026-11-23");
    filing::file(&archive.app, &archive.bureau(), taken, &household(NO), said).await.unwrap();
    archive.settle().await;
    account(&archive, "赵玉梅", "zhaoyumei", "990102003000", Role::Clerk).await;
    let desk = Desk::before(served(&archive.app).await, tempfile::tempdir().unwrap()).await;
    desk.goto("/checks").await;
    desk.sign_in("zhaoyumei").await;
    desk.goto("/checks").await;

    // The column that was found is the wrong one; what is chosen instead stays chosen when
    // a row that cannot be read holds the file up.
    desk.brings("存款.csv", RESULTS).await;
    assert_eq!(desk.column().await, "2", "{}", desk.text().await);
    let select = desk.at("form[action='/checks/take'] [name=value]").await;
    select.select_by_value("3").await.unwrap();
    desk.press("导入").await;
    desk.until("/checks", "the bad row", |text| text.contains("有1行读不出，都还没有存")).await;
    let bad = desk.at("a[href='/checks/bad']").await;
    assert!(bad.is_displayed().await.unwrap());
    let list = desk.gets("/checks/bad").await;
    let lines: Vec<&str> = list.lines().collect();
    assert!(lines.len() == 2 && lines[1].starts_with("3,"), "{list}");
    assert_eq!(desk.column().await, "3");
    assert!(desk.text().await.contains("没有待处理的核查发现"), "nothing is kept yet");

    // The others are kept, and lead to what the household did not declare.
    desk.click("form[action='/checks/take'] [name=partly]").await;
    desk.press("导入").await;
    desk.until("/checks", "the result", |text| text.contains("存下1行")).await;
    let page = desk.text().await;
    assert!(page.contains("存款不符") && page.contains("48,120.55"), "{page}");
    let link = format!("/household/{NO}/findings");
    desk.click(&format!("main a[href='{link}']")).await;
    desk.comes_to(&link).await;
    desk.opens(&link, "1条核查发现待处理").await;
    assert!(desk.text().await.contains("没有申报"), "{}", desk.text().await);
    desk.click("main details > summary").await;
    let outcome = desk.at("main details [name=outcome]").await;
    outcome.select_by_value("explained").await.unwrap();
    desk.types("main details [name=words]", "丧葬费，已核实").await;
    desk.press("处理").await;
    desk.says(&["处理好了"]).await;
    let page = desk.text().await;
    assert!(page.contains("已处理") && page.contains("丧葬费，已核实"), "{page}");
    let paper = desk.at("main table a[href^='/doc/']").await;
    assert_eq!(paper.attr("href").await.unwrap(), Some(format!("/doc/{}", taken.0)));
    desk.goto("/checks").await;
    assert!(desk.text().await.contains("没有待处理的核查发现"), "{}", desk.text().await);

    desk.client.set_window_size(390, 844).await.unwrap();
    for path in ["/checks", "/checks?state=closed", &link] {
        desk.goto(path).await;
        assert!(desk.overhang().await <= 0, "{path} is wider than a telephone");
    }
    desk.client.clone().close().await.unwrap();
}
