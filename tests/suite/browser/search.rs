//! A name is searched that the scanner and the clerk got wrong: what is near comes last and says
//! why, in both languages, and the keyboard goes through every place.

use std::sync::Arc;
use std::time::Duration;

use fantoccini::key::Key;
use fantoccini::{Client, Locator};
use yidang::filing;
use yidang::model::access::Role;
use yidang::model::id::DocumentId;
use yidang::people::{self, NewPerson};
use yidang::web;

use super::{Desk, PASSWORD, browser_is_here};
use crate::files::paper;
use crate::harness::{Archive, Sql, Store, ZHOU, description, household};

async fn filed(archive: &Archive, kind: &str, pages: &[&[&str]]) -> DocumentId {
    let taken = archive.take(ZHOU, "a.pdf", &paper(pages)).await.unwrap().document;
    let said = description(kind, pages[0][0], "2026-03-10");
    filing::file(&archive.app, &archive.bureau(), taken, &household(ZHOU), said).await.unwrap();
    taken
}

/// What a script finds out about the page.
async fn seen(client: &Client, script: &str) -> String {
    let told = client.execute(&format!("return String({script})"), vec![]).await.unwrap();
    told.as_str().unwrap().to_owned()
}

impl Desk {
    /// Waits until what a script finds out is as it should be.
    async fn comes(&self, script: &str, wanted: &str) {
        let mut last = String::new();
        for _ in 0..240 {
            // The page may be another one just now.
            let told = self.client.execute(&format!("return String({script})"), vec![]).await;
            last = told.ok().and_then(|told| Some(told.as_str()?.to_owned())).unwrap_or_default();
            if last == wanted {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("{script} is {last:?} and not {wanted:?}: {}", self.text().await);
    }

    /// Types into the search box, which a key leads to, and sends it.
    async fn searches(&self, words: &str) {
        let body = self.client.find(Locator::Css("body")).await.unwrap();
        body.send_keys("/").await.unwrap();
        let field = self.client.active_element().await.unwrap();
        assert_eq!(field.attr("name").await.unwrap().as_deref(), Some("q"));
        field.clear().await.unwrap();
        field.send_keys(&format!("{words}{}", char::from(Key::Enter))).await.unwrap();
        let asked = "new URLSearchParams(location.search).get('q')";
        self.comes(asked, words).await;
    }

    async fn key(&self, keys: &str) {
        let here = self.client.active_element().await.unwrap();
        here.send_keys(keys).await.unwrap();
    }
}

const TITLE: &str = "document.querySelector('.hit[aria-current=true] h2')?.innerText";
const BOXES: &str = "document.querySelectorAll('#preview .box').length";
const CURRENT: &str =
    "[...document.querySelectorAll('#preview .box')].findIndex((box) => box.matches('.cur'))";
const ROW: &str = "[...document.querySelectorAll('.hit')]\
    .findIndex((one) => one.matches('[aria-current=true]'))";
const HIT: &str = "document.querySelector('[data-hit-now]')?.textContent";
const PLACE: &str = "location.pathname";

#[tokio::test(flavor = "multi_thread")]
async fn a_misspelt_name_is_found_with_its_reason_and_hits_are_gone_through_by_keys() {
    if !browser_is_here() {
        return;
    }
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    let one = filed(&archive, "A08", &[&["收入证明", "证明人王小明", "清河饭店"]]).await;
    let two = filed(&archive, "A01", &[&["低保申请书", "证明人王小朋", "青石县"]]).await;
    let pages: [&[&str]; 2] =
        [&["入户调查表", "调查人王小明", "又访王小明"], &["续页", "王小明签字", "完"]];
    let three = filed(&archive, "A16", &pages).await;
    archive.settle().await;
    let (app, operator) = (Arc::clone(&archive.app), archive.bureau());
    let new = NewPerson {
        login: "zhaoyumei".into(),
        name: "赵玉梅".into(),
        organisation: "990102003000".parse().unwrap(),
    };
    people::add(&app, &operator, new).await.unwrap();
    people::grant(&app, &operator, "zhaoyumei", vec![Role::Clerk]).await.unwrap();
    people::set_password(&app, &operator, "zhaoyumei", PASSWORD).await.unwrap();
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let router = web::router(Arc::clone(&app));
    tokio::spawn(async move { axum::serve(listener, router).await });
    let desk = Desk::before(port, tempfile::tempdir().unwrap()).await;
    desk.goto("/search").await;
    desk.sign_in("zhaoyumei").await;

    // The scanner misread one of three: it comes last.
    desk.searches("王小明").await;
    desk.says(&["3件、4页"]).await;
    let text = desk.text().await;
    assert!(text.contains("其中1件只是近似"), "{text}");
    let last = "[...document.querySelectorAll('.hit')].at(-1).innerText";
    let last = seen(&desk.client, last).await;
    assert!(
        last.contains("低保申请书") && last.contains("这里读作「王小朋」（字形相近）"),
        "{last}"
    );
    // The clerk mistook it: nobody is called so, and who is near says why.
    desk.searches("王晓明").await;
    desk.says(&["差一个字"]).await;
    let text = desk.text().await;
    assert!(text.contains("没有一页写有「王晓明」，2件、") && text.contains("页近似。"), "{text}");
    assert!(text.contains("这里读作「王小明」（差一个字）"), "{text}");

    // The same in English, of the same search.
    let switch = "document.querySelector('form.lang button').click()";
    desk.client.execute(switch, vec![]).await.unwrap();
    desk.says(&["one character off"]).await;
    let text = desk.text().await;
    assert!(text.contains("2 documents, ") && text.contains("pages near it."), "{text}");
    desk.searches("王小明").await;
    desk.says(&["3 documents, 4 pages"]).await;

    // Row by row, the page beside follows; N goes through its places.
    let mut titles = vec![seen(&desk.client, TITLE).await];
    for _ in 0..2 {
        let at: usize = seen(&desk.client, ROW).await.parse().unwrap();
        desk.key("j").await;
        desk.comes(ROW, &(at + 1).to_string()).await;
        titles.push(seen(&desk.client, TITLE).await);
    }
    titles.sort_unstable();
    assert_eq!(titles, ["低保申请书", "入户调查表", "收入证明"]);
    for _ in 0..2 {
        if seen(&desk.client, TITLE).await != "入户调查表" {
            desk.key("k").await;
        }
    }
    desk.comes(TITLE, "入户调查表").await;
    desk.comes(BOXES, "2").await;
    desk.comes(CURRENT, "0").await;
    desk.key("n").await;
    desk.comes(CURRENT, "1").await;
    desk.key("n").await;
    desk.comes(CURRENT, "0").await;

    // Enter opens the paper there; N goes on over its pages and into the next paper.
    desk.key(&String::from(char::from(Key::Enter))).await;
    desk.comes(PLACE, &format!("/doc/{three}")).await;
    if desk.text().await.contains("Why do you look") {
        desk.key("1").await;
    }
    desk.comes(HIT, "1").await;
    for hit in ["2", "3"] {
        desk.key("n").await;
        desk.comes(HIT, hit).await;
    }
    desk.comes("document.querySelector('[data-page] img')?.src.includes('/page/2.jpg')", "true")
        .await;
    desk.comes("document.querySelectorAll('[data-page] .box.cur').length", "1").await;
    let behind = "new URL(document.querySelector('.hitbar').dataset.behind, location).pathname";
    let behind = seen(&desk.client, behind).await;
    assert!(behind == format!("/doc/{one}") || behind == format!("/doc/{two}"), "{behind}");
    desk.key("n").await;
    desk.comes(PLACE, &behind).await;
    desk.comes(HIT, "1").await;

    for (width, height) in [(1440, 900), (390, 844)] {
        desk.client.set_window_size(width, height).await.unwrap();
        for path in ["/search", "/search?q=%E7%8E%8B%E5%B0%8F%E6%98%8E"] {
            desk.goto(path).await;
            assert!(desk.overhang().await <= 0, "{path} scrolls sideways at {width} px");
        }
    }
}
