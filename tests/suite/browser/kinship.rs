//! A household is split and goes together again, without a mouse.

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::key::Key;
use serde_json::json;
use yidang::filing;
use yidang::model::access::Role;

use super::{Desk, account, browser_is_here, served};
use crate::files::noise;
use crate::harness::{Archive, Sql, Store, description, household};
use crate::living::{NO, opened};

/// More than any page has places for the focus.
const PLACES: usize = 200;

impl Desk {
    /// Presses keys one after the other, wherever the focus is.
    async fn keys(&self, keys: impl IntoIterator<Item = char>) {
        let mut pressed = KeyActions::new("keyboard".into());
        for value in keys {
            pressed = pressed.then(KeyAction::Down { value }).then(KeyAction::Up { value });
        }
        self.client.perform_actions(pressed).await.unwrap();
    }

    /// Goes on with Tab until what has the focus is meant; it is seen to have it.
    async fn tabs_to(&self, css: &str) {
        let script = "const here = document.activeElement; \
            return [here.matches(arguments[0]), getComputedStyle(here).outlineStyle]";
        for _ in 0..PLACES {
            let told = self.client.execute(script, vec![json!(css)]).await.unwrap();
            if told[0] == json!(true) {
                assert_ne!(told[1], json!("none"), "{css} does not show that it has the focus");
                return;
            }
            self.keys([Key::Tab.into()]).await;
        }
        panic!("no Tab leads to {css}; the page says: {}", self.text().await);
    }

    async fn writes(&self, css: &str, text: &str) {
        self.tabs_to(css).await;
        self.keys(text.chars()).await;
    }

    /// Chooses one of several by the arrows.
    async fn chooses(&self, css: &str, value: &str) {
        self.tabs_to(css).await;
        let script = "const { type, checked, value } = document.activeElement; \
            return [type !== 'radio' || checked, value]";
        for _ in 0..PLACES {
            let chosen = self.client.execute(script, vec![]).await.unwrap();
            match (chosen[0].as_bool().unwrap(), chosen[1].as_str().unwrap()) {
                (true, one) if one == value => return,
                (true, _) => self.keys([Key::Down.into()]).await,
                // Of radio buttons none is chosen yet.
                (false, _) => self.keys([' ']).await,
            }
        }
        panic!("{css} has no {value}");
    }

    /// Who lives in a household, as its file says.
    async fn members(&self, no: &str) -> String {
        self.opens(&format!("/household/{no}"), "户主和成员").await;
        self.at("section[aria-labelledby=people] table").await.text().await.unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_household_is_split_and_merged_with_the_keyboard_alone() {
    if !browser_is_here() {
        return;
    }
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    opened(&archive).await;
    let taken = archive.take(NO, "结婚证.png", &noise(30, 30)).await.unwrap().document;
    let said = description("B09", "结婚证复印件", "2026-11-01");
    filing::file(&archive.app, &archive.bureau(), taken, &household(NO), said).await.unwrap();
    archive.settle().await;
    account(&archive, "赵玉梅", "zhaoyumei", "990102003000", Role::Clerk).await;
    let desk = Desk::before(served(&archive.app).await, tempfile::tempdir().unwrap()).await;
    let family = format!("/household/{NO}/family");
    desk.goto(&family).await;
    desk.sign_in("zhaoyumei").await;

    // 周小满 goes and is a head of her own.
    desk.opens(&family, "分户：有人另立一户").await;
    let (enter, document) = (char::from(Key::Enter), taken.0.to_string());
    desk.tabs_to("#split > summary").await;
    desk.keys([enter]).await;
    desk.tabs_to("#split [name=goes][value='2']").await;
    desk.keys([' ']).await;
    desk.chooses("#split [name=head]", "2").await;
    desk.chooses("#split [name=document]", &document).await;
    desk.writes("#split [name=words]", "结婚另住").await;
    desk.tabs_to("#split button").await;
    desk.keys([enter]).await;
    desk.says(&["已分户，新户号", "为什么看这一户"]).await;
    let path = desk.client.current_url().await.unwrap().path().to_owned();
    let new = path.trim_start_matches("/household/")[..17].to_owned();
    assert_ne!(new, NO);
    desk.opens(&format!("/household/{new}"), "分户而来1人（周小满）").await;
    let left = desk.members(NO).await;
    assert!(left.contains("周文") && !left.contains("周小满"), "{left}");
    assert!(desk.members(&new).await.contains("周小满"));

    // And comes back: all of the new household goes into the first one.
    desk.opens(&format!("/household/{new}/family"), "并户：全户并入另一户").await;
    desk.tabs_to("#merge > summary").await;
    desk.keys([enter]).await;
    desk.writes("#merge [name=into]", NO).await;
    desk.writes("#merge [name='relation.0']", "女").await;
    desk.writes("#merge [name=document_there]", &document).await;
    desk.tabs_to("#merge button").await;
    desk.keys([enter]).await;
    desk.says(&["已并户", "为什么看这一户"]).await;
    let all = desk.members(NO).await;
    assert!(all.contains("周文") && all.contains("周小满"), "{all}");
    desk.opens(&family, "并入1人（周小满）").await;
    desk.opens(&format!("/household/{new}"), "已经并户").await;

    desk.client.set_window_size(390, 844).await.unwrap();
    for path in [&family, &format!("/household/{new}/family")] {
        desk.goto(path).await;
        assert!(desk.overhang().await <= 0, "{path} is wider than a telephone");
    }
    desk.client.clone().close().await.unwrap();
}
