//! A field is asked for by its name, which the search field completes.

use fantoccini::Locator;
use fantoccini::key::Key;
use yidang::filing;
use yidang::keying::{self, Keying, TypedValue};
use yidang::model::access::Role;

use super::{Desk, account, browser_is_here, served};
use crate::files::paper;
use crate::harness::{Archive, CHEN, Sql, Store, ZHOU, description, household};

/// Where the words stand: beside the field, and in another one.
const FORMS: [(&str, &str, &str); 2] =
    [(ZHOU, "审批表甲", "工作单位：纺织厂"), (CHEN, "审批表乙", "现家庭住址：纺织厂宿舍3号")];

#[tokio::test(flavor = "multi_thread")]
async fn the_name_of_a_field_is_completed_and_its_value_found() {
    if !browser_is_here() {
        return;
    }
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    let (app, bureau) = (&archive.app, archive.bureau());
    for (no, title, line) in FORMS {
        let lines = ["城市居民最低生活保障待遇申请审批表", "性别：女", line];
        let taken = archive.take(no, &format!("{no}.pdf"), &paper(&[&lines])).await.unwrap();
        let said = description("A02", title, "2026-04-02");
        filing::file(app, &bureau, taken.document, &household(no), said).await.unwrap();
        archive.settle().await;
        let (field, value) = match line.split_once('：').unwrap() {
            ("工作单位", value) => ("employer", value),
            (_, value) => ("address", value),
        };
        let values = vec![TypedValue { field: field.into(), value: value.into() }];
        let said = Keying { seen: None, values, accept: true };
        keying::save(app, &bureau, taken.document, said).await.unwrap();
    }
    archive.settle().await;
    account(&archive, "吴敏", "wumin", "990102000000", Role::Reader).await;
    let desk = Desk::before(served(app).await, tempfile::tempdir().unwrap()).await;
    desk.goto("/search").await;
    desk.sign_in("wumin").await;

    // The word alone is found in both.
    desk.goto("/search?q=%E7%BA%BA%E7%BB%87%E5%8E%82").await;
    let both = desk.text().await;
    assert!(FORMS.iter().all(|(_, title, _)| both.contains(title)), "{both}");

    // Half of the name, one arrow and Enter: the field stands there, to be gone on with.
    let field = desk.at("#q").await;
    field.clear().await.unwrap();
    field.send_keys("工作").await.unwrap();
    drop(desk.at(".suggest a[data-fill='工作单位:']").await);
    for _ in 0..10 {
        let here = desk.client.active_element().await.unwrap();
        here.send_keys(&char::from(Key::Down).to_string()).await.unwrap();
        let here = desk.client.active_element().await.unwrap();
        if here.attr("data-fill").await.unwrap().as_deref() == Some("工作单位:") {
            here.send_keys(&char::from(Key::Enter).to_string()).await.unwrap();
            break;
        }
    }
    let field = desk.client.active_element().await.unwrap();
    assert_eq!(field.attr("id").await.unwrap().as_deref(), Some("q"));
    assert_eq!(field.prop("value").await.unwrap().as_deref(), Some("工作单位:"));
    let gone = desk.client.find_all(Locator::Css(".suggest")).await.unwrap();
    assert!(gone.is_empty(), "the list is closed once one is chosen");
    field.send_keys("纺织厂\n").await.unwrap();
    desk.comes_to("/search?q=%E5%B7%A5%E4%BD%9C").await;
    desk.says(&["审批表"]).await;
    let found = desk.text().await;
    assert!(found.contains("审批表甲"), "{found}");
    assert!(!found.contains("审批表乙"), "only the field that was asked: {found}");
    desk.client.clone().close().await.unwrap();
}
