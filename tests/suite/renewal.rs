//! After a change of its version the index is filled anew in the background, and the former one
//! answers meanwhile, with what comes and without what goes.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use yidang::app::App;
use yidang::model::access::Role;
use yidang::search::{self, Asked, Part};
use yidang::{encryption, filing, follow, rebuild, view, worker};

use crate::files::paper;
use crate::harness::{Archive, CHEN, Sql, Store, ZHOU, actor, description, for_all, household};
use crate::pages::Browser;

/// What version 5 wrote of an index into which nothing was put yet.
pub const FORMER: &str = include_str!("../../indexer/tests/data/former-5.json");
const VERSION: &str = "yidang-index-version";

/// Puts an empty index of version 5 in the place of the index, as before an upgrade.
pub fn made_former(data: &Path) {
    let index = data.join("index");
    let told = std::fs::read_to_string(index.join("6").join(VERSION)).unwrap();
    let signs = told.strip_prefix("6 ").unwrap();
    std::fs::remove_dir_all(&index).unwrap();
    std::fs::create_dir(&index).unwrap();
    std::fs::write(index.join("meta.json"), FORMER).unwrap();
    std::fs::write(index.join(VERSION), format!("5 {signs}")).unwrap();
}

/// Whether the former index is there.
fn has_former(archive: &Archive) -> bool {
    archive.data().join("index").join(VERSION).exists()
}

async fn until(what: &str, so: impl AsyncFn() -> bool) {
    for _ in 0..600 {
        if so().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{what} was waited for in vain");
}

/// Follows in the background until the value is dropped.
struct Serving(tokio::task::JoinHandle<()>);

impl Serving {
    fn of(app: &Arc<App>) -> Self {
        Self(tokio::spawn(follow::serve(Arc::clone(app))))
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Waits until the index that answers has everything.
async fn current(archive: &Archive) {
    let so = async || !follow::is_behind(&archive.app).await.unwrap();
    until("the index that answers", so).await;
}

#[tokio::test]
async fn the_former_index_answers_while_this_one_is_filled() {
    for_all(async |archive| {
        let lines = |word: &str| paper(&[&["收入证明", word, "青石县"]]);
        let zhou = archive.take(ZHOU, "a.pdf", &lines("槐花糕")).await.unwrap().document;
        let desk = archive.take("", "b.pdf", &lines("槐花蜜")).await.unwrap().document;
        let title = description("A08", "收入证明", "2026-03-10");
        filing::file(&archive.app, &archive.bureau(), zhou, &household(ZHOU), title).await.unwrap();
        archive.settle().await;
        made_former(archive.data());
        archive.reopen().await.unwrap();

        // As long as somebody else writes this one, it is not filled.
        let writer = archive.app.index.own().writer().unwrap();
        let serving = Serving::of(&archive.app);
        current(archive).await;
        assert_eq!(archive.finds("槐花").await, [zhou, desk]);
        let answer = archive.find("槐花糕").await;
        let renewal = answer.renewal.unwrap();
        assert!(renewal.former && renewal.done == 0 && renewal.of > 0, "{renewal:?}");
        assert_eq!(answer.found[0].pages[0].boxes.len(), 1);
        assert!(answer.standings.is_empty(), "what is new is not known yet");
        let stands = Asked { standings: vec!["none".into()], ..Asked::of("槐花糕") };
        let stands = async || {
            let (app, bureau) = (&archive.app, archive.bureau());
            search::find(app, &bureau, &stands, &Part::first(9)).await.unwrap().total
        };
        assert_eq!(stands().await, 0);
        let status = view::status(&archive.app, &archive.bureau()).await.unwrap();
        assert_eq!((status.index.behind, status.index.renewal), (false, Some(renewal)));
        let mut browser = Browser::on(archive).await;
        for page in ["/search", "/search?q=%E6%A7%90%E8%8A%B1", "/search?q=nothing", "/jobs"] {
            let text = browser.get(page).await.text();
            assert!(text.contains("检索正在更新，已完成0%：件照常查得到"), "{page}: {text}");
        }

        // What comes is found, what goes is not.
        let new = archive.take(CHEN, "c.pdf", &lines("槐花茶")).await.unwrap().document;
        worker::drain(&archive.app, false, |_, _| {}).await.unwrap();
        filing::give_back(&archive.app, &archive.bureau(), desk, "是别的局的").await.unwrap();
        current(archive).await;
        assert_eq!(archive.finds("槐花").await, [zhou, new]);
        assert!(has_former(archive));

        // This one is filled, answers, and the former one goes.
        drop(writer);
        let whole = async || search::renewal(&archive.app).await.unwrap().is_none();
        until("the new index", whole).await;
        until("the end of the former index", async || !has_former(archive)).await;
        assert_eq!(archive.finds("槐花").await, [zhou, new]);
        assert_eq!(stands().await, 1);
        let answer = archive.find("槐花").await;
        assert_eq!((answer.standings, answer.renewal), (vec![("none".to_owned(), 2)], None));
        let text = browser.get("/search").await.text();
        assert!(!text.contains("检索正在更新"), "{text}");
        drop(serving);
    })
    .await;
}

#[tokio::test]
async fn a_destroyed_paper_is_not_found_meanwhile() {
    let mut archive = Archive::encrypted(Store::Folder, Sql::Sqlite).await;
    for no in [ZHOU, CHEN] {
        archive.take(no, "a.pdf", &paper(&[&["收入证明", "槐花糕", no]])).await.unwrap();
    }
    archive.settle().await;
    made_former(archive.data());
    archive.reopen().await.unwrap();
    let writer = archive.app.index.own().writer().unwrap();
    let serving = Serving::of(&archive.app);
    current(&archive).await;
    assert_eq!(archive.finds("槐花糕").await.len(), 2);
    let (app, bureau) = (&archive.app, archive.bureau());
    let asked = encryption::ask(app, &bureau, &household(ZHOU), "期满").await.unwrap();
    let approver = actor("邓文彬", "990102000000", Role::Approver);
    encryption::destroy(app, &approver, asked.asked, ZHOU).await.unwrap();
    current(&archive).await;
    assert!(has_former(&archive));
    let answer = archive.find("槐花糕").await;
    assert_eq!((answer.total, answer.total_pages), (1, 1));
    assert_eq!(answer.found[0].household.as_deref(), Some(CHEN));
    drop((serving, writer));
}

#[tokio::test]
async fn without_a_former_index_what_is_not_in_yet_is_said_to_be_missing() {
    let mut archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    assert_eq!(archive.find("槐花糕").await.renewal, None, "nothing is there to be filled");
    archive.take(ZHOU, "a.pdf", &paper(&[&["收入证明", "槐花糕"]])).await.unwrap();
    archive.settle().await;
    // Its signs are named with another key: it cannot be read on.
    made_former(archive.data());
    std::fs::write(archive.data().join("index").join(VERSION), "5 another").unwrap();
    archive.reopen().await.unwrap();
    assert!(!has_former(&archive));
    let renewal = archive.find("槐花糕").await.renewal.unwrap();
    assert_eq!((renewal.former, renewal.done, archive.finds("槐花糕").await.len()), (false, 0, 0));
    let mut browser = Browser::on(&archive).await;
    let page = browser.get("/search?q=%E6%A7%90%E8%8A%B1").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text().contains("还没轮到的件暂时查不到"), "{}", page.text());
    follow::until_current(&archive.app).await.unwrap();
    assert_eq!(archive.finds("槐花糕").await.len(), 1);
    assert_eq!(archive.find("槐花糕").await.renewal, None);
}

#[tokio::test]
async fn a_command_fills_it_and_a_rebuild_forgets_the_former_one() {
    let mut archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    archive.take(ZHOU, "a.pdf", &paper(&[&["收入证明", "槐花糕"]])).await.unwrap();
    archive.settle().await;
    made_former(archive.data());
    archive.reopen().await.unwrap();
    follow::until_current(&archive.app).await.unwrap();
    assert!(archive.app.index.own().is_whole().unwrap() && !has_former(&archive));
    assert_eq!(archive.finds("槐花糕").await.len(), 1);

    made_former(archive.data());
    archive.reopen().await.unwrap();
    assert!(has_former(&archive));
    rebuild::rebuild(&archive.app, |_| {}).await.unwrap();
    assert!(archive.app.index.own().is_whole().unwrap() && !has_former(&archive));
    assert_eq!(archive.finds("槐花糕").await.len(), 1);
}
