//! The whole way by a provider, through our pages.

use axum::http::StatusCode;
use yidang::model::access::Role;
use yidang::people::access;

use super::visitor::{Answer, SETTINGS, Visitor};
use super::{OFFICE, person};
use crate::harness::{Archive, Sql, Store};
use crate::oidc::provider::{CLIENT, Running, SECRET, Twist};

/// An archive with a clerk, and a provider it trusts.
async fn archive() -> (Archive, Running) {
    let mut archive = Archive::new(Store::Memory, Sql::Sqlite).await;
    let running = Running::new(archive.app.now().as_second()).await;
    let settings = format!(
        "{SETTINGS}[oidc]\nissuer = \"{}\"\nclient_id = \"{CLIENT}\"\n\
         client_secret_file = \"keys/oidc\"\nbutton = \"统一认证\"\n",
        running.issuer()
    );
    std::fs::write(archive.data().join("yidang.toml"), settings).unwrap();
    std::fs::create_dir_all(archive.data().join("keys")).unwrap();
    std::fs::write(archive.data().join("keys/oidc"), format!("{SECRET}\n")).unwrap();
    archive.reopen().await.unwrap();
    person(&archive, "zhao", &[Role::Clerk]).await;
    (archive, running)
}

/// Is sent to the provider; returns where that sends the browser back to.
async fn sent(visitor: &mut Visitor, back: &str) -> String {
    let answer = visitor.get(&format!("/signin/provider?back={back}")).await;
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
    let there = client.build().unwrap().get(answer.to()).send().await.unwrap();
    let to = there.headers()["location"].to_str().unwrap().to_owned();
    to.strip_prefix("https://localhost").unwrap().to_owned()
}

/// The whole way.
async fn goes(visitor: &mut Visitor) -> Answer {
    let back = sent(visitor, "/me").await;
    visitor.get(&back).await
}

#[tokio::test]
async fn the_first_time_ties_an_account_by_name_and_then_only_the_subject_counts() {
    let (archive, running) = archive().await;
    let operator = archive.bureau();
    let mut zhao = Visitor::new(&archive.app, OFFICE);
    zhao.get("/signin").await.says("统一认证");
    let stranger = goes(&mut zhao).await;
    assert_eq!(stranger.status, StatusCode::UNAUTHORIZED);
    stranger.says("没有对应的户头");
    assert!(!zhao.is_in().await);

    access::name_at_provider(&archive.app, &operator, "zhao", "zhao.yumei").await.unwrap();
    let page = goes(&mut zhao).await;
    // The page itself goes on, or the cookie would stay behind.
    assert_eq!(page.headers["refresh"], "0; url=/me");
    assert!(zhao.is_in().await);
    // Another subject under that name is another person.
    running.says("another subject", "zhao.yumei");
    let mut thief = Visitor::new(&archive.app, "198.51.100.7");
    goes(&mut thief).await.says("没有对应的户头");
    // The same subject under another name is zhao.
    running.says("248289761001", "renamed");
    let mut again = Visitor::new(&archive.app, "203.0.113.21");
    goes(&mut again).await;
    assert!(again.is_in().await);
    // Nobody takes a name that is another's, and what is taken away is gone.
    person(&archive, "deng", &[Role::Clerk]).await;
    assert!(access::name_at_provider(&archive.app, &operator, "deng", "zhao.yumei").await.is_err());
    access::name_at_provider(&archive.app, &operator, "zhao", "").await.unwrap();
    let mut gone = Visitor::new(&archive.app, "203.0.113.22");
    goes(&mut gone).await.says("没有对应的户头");
}

#[tokio::test]
async fn whoever_comes_back_was_sent_there_and_comes_once() {
    let (archive, running) = archive().await;
    let operator = archive.bureau();
    access::name_at_provider(&archive.app, &operator, "zhao", "zhao.yumei").await.unwrap();
    // A link with somebody else's code signs nobody in as them.
    let mut thief = Visitor::new(&archive.app, "198.51.100.7");
    let link = sent(&mut thief, "/").await;
    let mut victim = Visitor::new(&archive.app, OFFICE);
    assert_eq!(victim.get(&link).await.status, StatusCode::UNAUTHORIZED);
    assert!(!victim.is_in().await);
    sent(&mut victim, "/").await;
    victim.get(&link).await.says("重新登录");
    assert!(!victim.is_in().await, "with a key of its own, but another state");
    // Twice.
    let mut zhao = Visitor::new(&archive.app, OFFICE);
    let back = sent(&mut zhao, "/").await;
    let held = zhao.cookies.clone();
    zhao.get(&back).await;
    assert!(zhao.is_in().await);
    zhao.cookies = held;
    assert_eq!(zhao.get(&back).await.status, StatusCode::UNAUTHORIZED);
    // A provider that breaks a rule, does not answer, or sends an error back.
    running.breaks(Twist::Nonce);
    let mut other = Visitor::new(&archive.app, OFFICE);
    let refused = goes(&mut other).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    refused.says("没有说清您是谁");
    running.breaks(Twist::None);
    sent(&mut other, "/").await;
    let path = "/signin/provider/back?error=access_denied&error_description=%3Cscript%3E";
    let answer = other.get(path).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert!(!answer.text.contains("<script>"));
    // Nobody is led elsewhere afterwards.
    let back = sent(&mut other, "//evil.example").await;
    assert_eq!(other.get(&back).await.headers["refresh"], "0; url=/");
    drop(running);
    let mut late = Visitor::new(&archive.app, OFFICE);
    let answer = late.get("/signin/provider").await;
    assert_eq!(answer.status, StatusCode::BAD_GATEWAY);
    assert!(!late.is_in().await);
}

#[tokio::test]
async fn without_a_provider_there_is_no_way_to_one() {
    let archive = super::archive_with_zhao().await;
    let mut visitor = Visitor::new(&archive.app, OFFICE);
    assert_eq!(visitor.get("/signin/provider").await.status, StatusCode::NOT_FOUND);
    assert!(!visitor.get("/signin").await.text.contains("/signin/provider"));
    let answer = visitor.get("/signin/provider/back?code=a&state=b").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}
