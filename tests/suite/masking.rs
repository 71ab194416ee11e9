//! Numbers of persons: covered wherever text leaves the archive.

use yidang::filing::{self, NewHousehold};
use yidang::model::access::Role;
use yidang::model::act::Member;
use yidang::model::look::{Kind, Outcome};
use yidang::uses;

use crate::files::paper;
use crate::harness::{ALL_ROUND, Archive, Sql, Store, description, household};
use crate::pages::Browser;

/// The household of the numbers; its own number names no person.
const NO: &str = "99010200300400777";
const HEAD: &str = "990102194912310021";
const MEMBER: &str = "990102197001010013";
const ACCOUNT: &str = "6222020200112233445";
const PHONE: &str = "13812345678";

#[tokio::test]
async fn no_page_no_answer_and_no_hit_has_a_whole_number() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    let (app, bureau, no) = (&archive.app, archive.bureau(), household(NO));
    let member =
        Member { name: "林小满".into(), relation: "女".into(), id_number: MEMBER.into() };
    let new = NewHousehold {
        head: "林秀芳".into(),
        id_number: HEAD.into(),
        address: "槐荫里7号".into(),
        members: vec![member],
    };
    filing::open_household(app, &bureau, &no, new).await.unwrap();
    let lines = [
        "最低生活保障申请书".to_owned(),
        format!("申请人：林秀芳，身份证号{HEAD}"),
        format!("家庭成员：林小满，{MEMBER}"),
        format!("开户银行账号：{ACCOUNT}，电话{PHONE}"),
    ];
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let taken = archive.take(NO, "申请书.pdf", &paper(&[&lines])).await.unwrap();
    archive.settle().await;
    // The number on the paper still says whose it is.
    let proposed = filing::propose(app, &bureau, taken.document).await.unwrap();
    assert!(proposed.candidates[0].certain, "{:?}", proposed.candidates);
    let said = description("A01", "低保申请书", "2026-03-09");
    filing::file(app, &bureau, taken.document, &no, said).await.unwrap();
    archive.settle().await;

    let mut browser = Browser::of(app.clone(), "宋青", "990102000000", ALL_ROUND).await;
    let id = taken.document;
    let mut covered = Vec::new();
    for path in [
        format!("/household/{NO}"),
        format!("/household/{NO}/history"),
        format!("/doc/{id}"),
        format!("/doc/{id}?tab=text"),
        format!("/doc/{id}?tab=from"),
        format!("/doc/{id}/history"),
        "/search?q=身份证号".to_owned(),
        format!("/search?q={HEAD}"),
        "/search?q=开户银行账号".to_owned(),
        "/audit".to_owned(),
        format!("/api/v1/households/{NO}"),
        format!("/api/v1/documents/{id}"),
        format!("/api/v1/documents/{id}/proposal"),
        "/api/v1/search?q=%E8%BA%AB%E4%BB%BD%E8%AF%81%E5%8F%B7".to_owned(),
        "/api/v1/log/entries/8".to_owned(),
    ] {
        let path = yidang_address(&path);
        let answer = browser.get(&path).await;
        assert!(answer.status.is_success(), "{path}: {}", answer.status);
        let text = answer.text();
        // What was typed as a query is shown to whoever typed it.
        for number in [HEAD, MEMBER, ACCOUNT, PHONE].iter().filter(|one| !path.contains(*one)) {
            assert!(!text.contains(number), "{path} has {number}: {text}");
        }
        if text.contains("**********0021") {
            covered.push(path);
        }
    }
    assert!(covered.len() >= 2, "{covered:?} have the covered number");
    eprintln!("covered in {covered:?}");
}

#[tokio::test]
async fn a_number_is_shown_for_a_reason_and_that_is_noted() {
    let archive = Archive::new(Store::Folder, Sql::Sqlite).await;
    let (app, bureau, no) = (&archive.app, archive.bureau(), household(NO));
    let new =
        NewHousehold {
            head: "林秀芳".into(), id_number: HEAD.into(), ..NewHousehold::default()
        };
    filing::open_household(app, &bureau, &no, new).await.unwrap();
    let shown = format!("/household/{NO}/numbers");
    let mut reader = Browser::of(app.clone(), "何立新", "990102000000", &[Role::Reader]).await;
    assert_eq!(reader.post(&shown, &[("purpose", "review")]).await.status, 403);
    let mut other = Browser::of(app.clone(), "钱文斌", "990102002000", &[Role::Clerk]).await;
    assert_eq!(other.post(&shown, &[("purpose", "review")]).await.status, 404);
    let mut clerk = Browser::of(app.clone(), "赵玉梅", "990102003000", &[Role::Clerk]).await;
    for fields in [&[][..], &[("purpose", "other")], &[("purpose", "9")]] {
        let refused = clerk.post(&shown, fields).await;
        assert!(refused.status.is_client_error(), "{fields:?}");
        assert!(!refused.text().contains(HEAD), "{fields:?}");
    }
    let page = clerk.post(&shown, &[("purpose", "check"), ("words", "<b>核对存折")]).await;
    assert_eq!(page.status, 200);
    assert!(page.text().contains(HEAD) && page.text().contains("&#60;b&#62;核对存折"));
    assert_eq!(page.header("cache-control"), "no-store");

    app.looks.flush().await.unwrap();
    let seen = uses::of_household(app, &bureau, &no, 10).await.unwrap();
    let told: Vec<_> = seen
        .uses
        .iter()
        .map(|one| (one.look.kind, one.look.outcome, one.person.as_str()))
        .collect();
    let reveals: Vec<_> = told.iter().filter(|(kind, ..)| *kind == Kind::Reveal).collect();
    assert_eq!(
        reveals,
        [&(Kind::Reveal, Outcome::Shown, "赵玉梅"), &(Kind::Reveal, Outcome::Refused, "钱文斌")]
    );
}

/// An address as a browser sends it.
fn yidang_address(path: &str) -> String {
    match path.split_once("?q=") {
        Some((page, query)) if !query.starts_with('%') => {
            format!("{page}?q={}", yidang::web::text::query_value(query))
        }
        _ => path.to_owned(),
    }
}
