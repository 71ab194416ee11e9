//! What others try where people sign in.

use std::time::Duration;

use axum::http::{Method, StatusCode, header};
use yidang::people::{self, access};

use super::visitor::Visitor;
use super::{OFFICE, PASSWORD, archive_with_zhao, day, person};
use crate::harness::{Archive, Sql, Store, for_all};
use yidang::model::access::Role;
use yidang::model::look::Outcome;
use yidang::uses;

const LIMIT: StatusCode = StatusCode::TOO_MANY_REQUESTS;
const WRONG: StatusCode = StatusCode::UNAUTHORIZED;

#[tokio::test]
async fn who_fails_waits_and_keeps_nobody_else_out() {
    for_all(async |archive| {
        super::behind_a_proxy(archive).await;
        person(archive, "zhao", &[Role::Clerk]).await;
        let mut thief = Visitor::new(&archive.app, "198.51.100.7");
        for _ in 0..5 {
            assert_eq!(thief.sign_in("zhao", "guess, guess, guess").await.status, WRONG);
        }
        let waits = thief.sign_in("zhao", "guess, guess, guess").await;
        assert_eq!(waits.status, LIMIT);
        let seconds: u64 = waits.headers[header::RETRY_AFTER].to_str().unwrap().parse().unwrap();
        assert!((1..=3600).contains(&seconds), "{seconds}");
        // Not even the right one is looked at now, however it is written.
        for login in ["zhao", "ZHAO", " zhao "] {
            assert_eq!(thief.sign_in(login, PASSWORD).await.status, LIMIT, "{login}");
        }
        let second = archive.second().await.unwrap();
        let mut elsewhere = Visitor::new(&second, "198.51.100.7");
        assert_eq!(elsewhere.sign_in("zhao", PASSWORD).await.status, LIMIT, "another process");
        // The owner, at the office, is let in.
        let mut owner = Visitor::new(&archive.app, OFFICE);
        assert_eq!(owner.sign_in("zhao", PASSWORD).await.to(), "/");
        // The clock set back opens nothing, and does not close for long.
        archive.hands.set_back(day(24));
        assert_eq!(thief.sign_in("zhao", PASSWORD).await.status, LIMIT);
        archive.hands.advance(Duration::from_secs(3));
        assert_eq!(thief.sign_in("zhao", PASSWORD).await.to(), "/");
    })
    .await;
}

#[tokio::test]
async fn a_crowd_of_thieves_does_not_lock_the_owner_out() {
    let archive = archive_with_zhao().await;
    for thief in 0..60 {
        let mut thief = Visitor::new(&archive.app, &format!("198.51.100.{thief}"));
        assert_eq!(thief.sign_in("zhao", "guess, guess, guess").await.status, WRONG);
    }
    // Each of them waits after the first now.
    let mut thief = Visitor::new(&archive.app, "198.51.100.1");
    assert_eq!(thief.sign_in("zhao", "guess, guess, guess").await.status, LIMIT);
    let mut owner = Visitor::new(&archive.app, OFFICE);
    assert_eq!(owner.sign_in("zhao", PASSWORD).await.to(), "/");
    // One address that goes through the names waits as well.
    let mut sprayer = Visitor::new(&archive.app, "192.0.2.1");
    let mut last = WRONG;
    for name in 0..55 {
        last = sprayer.sign_in(&format!("name{name}"), "summer, summer 2026").await.status;
    }
    assert_eq!(last, LIMIT);
    // Its IPv6 neighbours are the same subscriber.
    let mut sprayer = Visitor::new(&archive.app, "2001:db8::1");
    for _ in 0..5 {
        sprayer.sign_in("zhao", "guess, guess, guess").await;
    }
    sprayer.address = "2001:db8::2".into();
    assert_eq!(sprayer.sign_in("zhao", PASSWORD).await.status, LIMIT);
}

#[tokio::test]
async fn many_guesses_at_once_are_no_more_than_one_after_the_other() {
    let archive = archive_with_zhao().await;
    let mut thief = Visitor::new(&archive.app, "198.51.100.7");
    let page = thief.get("/signin").await;
    let token = page.between("name=\"csrf\" value=\"", "\"").to_owned();
    let guesses = (0..20).map(|guess| {
        let (mut thief, token) = (thief.clone(), token.clone());
        async move {
            let guess = format!("guess number {guess}");
            let fields = [("login", "zhao"), ("password", guess.as_str())];
            thief.post_with(&token, "/signin", &fields).await.status
        }
    });
    let before = archive.app.hasher.made();
    let answers = futures::future::join_all(guesses).await;
    let looked_at = answers.iter().filter(|status| **status == WRONG).count();
    assert_eq!(looked_at, 5, "{answers:?}");
    assert_eq!(archive.app.hasher.made() - before, 5, "the others cost nothing");
}

#[tokio::test]
async fn the_second_factor_cannot_be_guessed_either() {
    let archive = archive_with_zhao().await;
    let mut zhao = Visitor::new(&archive.app, OFFICE);
    zhao.sign_in("zhao", PASSWORD).await;
    let page = zhao.post_from("/me", "/me/second-factor/new", &[]).await;
    let typed = page.between("class=\"hash\">", "<").to_owned();
    let code = super::telephone(&archive, &typed).await;
    zhao.post_from("/me", "/me/second-factor", &[("code", &code)]).await;
    // Who knows the password gets no new tries by signing in again and again.
    let mut thief = Visitor::new(&archive.app, "198.51.100.7");
    let mut tries = 0;
    'all: for _ in 0..20 {
        if thief.sign_in("zhao", PASSWORD).await.status == LIMIT {
            break;
        }
        for _ in 0..3 {
            let answer = thief.post("/signin/second", &[("code", "123456")]).await;
            match answer.status {
                LIMIT => break 'all,
                status => assert_eq!(status, WRONG),
            }
            tries += 1;
        }
    }
    assert!(tries <= 5, "{tries}");
    // Half way does not last, and is not another's.
    archive.hands.advance(day(1));
    assert_eq!(thief.sign_in("zhao", PASSWORD).await.to(), "/signin/second");
    archive.hands.advance(Duration::from_secs(601));
    let code = super::telephone(&archive, &typed).await;
    thief.post("/signin/second", &[("code", &code)]).await.says("隔得太久");
    let mut other = Visitor::new(&archive.app, "198.51.100.8");
    other.cookies.insert("__Host-yidang-half".into(), "0".repeat(64));
    other.post("/signin/second", &[("code", &code)]).await.says("隔得太久");
}

#[tokio::test]
async fn an_unknown_name_costs_and_says_what_a_known_one_does() {
    let archive = archive_with_zhao().await;
    person(&archive, "empty", &[Role::Clerk]).await;
    people::grant(&archive.app, &archive.bureau(), "empty", vec![]).await.unwrap();
    let answers = async |login: &str, address: &str| {
        let mut visitor = Visitor::new(&archive.app, address);
        let before = archive.app.hasher.made();
        let page = visitor.sign_in(login, "guess, guess, guess").await;
        let text = page.text.replace(login, "NAME");
        // What is chance on every page.
        let nonce = page.between("nonce=\"", "\"").to_owned();
        let token = page.between("name=\"csrf\" value=\"", "\"").to_owned();
        let text = text.replace(&nonce, "").replace(&token, "");
        (archive.app.hasher.made() - before, page.status, text)
    };
    let known = answers("zhao", "192.0.2.10").await;
    assert_eq!(known.0, 1, "one hash");
    assert!(known == answers("nobody", "192.0.2.11").await);
    assert!(known == answers("empty", "192.0.2.12").await, "without a role");
    assert!(known == answers("nobody", "192.0.2.13").await);
}

#[tokio::test]
async fn a_session_cannot_be_prepared_for_another_nor_kept_after_the_end() {
    let archive = archive_with_zhao().await;
    let mut zhao = Visitor::new(&archive.app, OFFICE);
    // Fixation: what was there before is not taken over.
    let planted = "ab".repeat(32);
    zhao.cookies.insert("__Host-yidang".into(), planted.clone());
    let answer = zhao.sign_in("zhao", PASSWORD).await;
    let set: Vec<&str> = answer
        .headers
        .get_all(header::SET_COOKIE)
        .iter()
        .map(|one| one.to_str().unwrap())
        .collect();
    let session = set.iter().find(|one| one.starts_with("__Host-yidang=")).unwrap();
    for word in ["; Path=/", "; Secure", "; HttpOnly", "; SameSite=Strict"] {
        assert!(session.contains(word), "{session}");
    }
    assert!(!session.contains("Domain") && !session.contains(&planted));
    let mut thief = Visitor::new(&archive.app, "198.51.100.7");
    thief.cookies.insert("__Host-yidang".into(), planted);
    assert!(!thief.is_in().await);
    // Signing in again begins another session; a copy of a cookie ends with it.
    let first = zhao.cookies["__Host-yidang"].clone();
    thief.cookies.insert("__Host-yidang".into(), first);
    assert!(thief.is_in().await, "a stolen cookie works");
    zhao.post_from("/me", "/signout", &[]).await.to();
    assert!(!zhao.is_in().await && !thief.is_in().await, "until its owner signs out");
    assert!(!zhao.cookies.contains_key("__Host-yidang"));
    // Nothing in the database lets anybody in.
    zhao.sign_in("zhao", PASSWORD).await;
    let mut tx = archive.app.db.read().await.unwrap();
    let kept: Vec<(String,)> = tx.all("SELECT key_sha256 FROM session", &[]).await.unwrap();
    assert_eq!(kept.len(), 1);
    for (key,) in kept {
        thief.cookies.insert("__Host-yidang".into(), key.clone());
        assert!(!thief.is_in().await);
        assert_eq!(thief.api(Method::GET, "/api/v1/session", &key, "").await.status, WRONG);
    }
    // Idle, and set back.
    archive.hands.set_back(day(48));
    assert!(!zhao.is_in().await, "a session from the future");
    archive.hands.advance(day(48) + Duration::from_secs(31 * 60));
    assert!(!zhao.is_in().await, "idle");
}

#[tokio::test]
async fn another_site_signs_nobody_in_and_changes_nothing() {
    let archive = archive_with_zhao().await;
    let mut zhao = Visitor::new(&archive.app, OFFICE);
    zhao.sign_in("zhao", PASSWORD).await;
    let page = zhao.get("/me").await;
    let token = page.between("name=\"csrf\" value=\"", "\"").to_owned();
    let new = "another willow, much taller";
    let fields = [("old", PASSWORD), ("new", new), ("again", new)];
    for (name, value) in [
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ] {
        zhao.headers = vec![(name, value.into())];
        let answer = zhao.post_with(&token, "/me/password", &fields).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{name}: {value}");
        let answer =
            zhao.post_with(&token, "/signin", &[("login", "zhao"), ("password", PASSWORD)]).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "signing in: {value}");
    }
    zhao.headers.clear();
    // The token of the form is that of this session alone.
    let mut deng = Visitor::new(&archive.app, OFFICE);
    let theirs = deng.get("/signin").await.between("name=\"csrf\" value=\"", "\"").to_owned();
    for wrong in ["", "x", &theirs, &token[1..]] {
        let answer = zhao.post_with(wrong, "/me/password", &fields).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{wrong}");
    }
    // Nor by a GET, nor by another shape.
    assert_eq!(zhao.get("/signout").await.status, StatusCode::METHOD_NOT_ALLOWED);
    let json = format!("{{\"csrf\":\"{token}\"}}");
    let answer = zhao.send(Method::POST, "/signout", "application/json", json).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(zhao.is_in().await);
    assert_eq!(zhao.post_with(&token, "/me/password", &fields).await.to(), "/me");
}

#[tokio::test]
async fn nobody_is_led_elsewhere_and_no_header_is_injected() {
    let archive = archive_with_zhao().await;
    for bad in [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "/x\r\nSet-Cookie: a=b",
        "/x\nLocation: https://evil.example",
        "\t//evil.example",
        "/\t/evil.example",
        "",
    ] {
        let mut zhao = Visitor::new(&archive.app, OFFICE);
        let fields = [("login", "zhao"), ("password", PASSWORD), ("back", bad)];
        let answer = zhao.post("/signin", &fields).await;
        assert_eq!(answer.to(), "/", "{bad:?}");
        assert!(
            answer
                .headers
                .get_all(header::SET_COOKIE)
                .iter()
                .all(|one| !one.to_str().unwrap().starts_with("a="))
        );
        let path = format!("/signin?back={}", yidang::web::text::query_value(bad));
        assert_eq!(zhao.get(&path).await.to(), "/", "{bad:?}");
        let page = Visitor::new(&archive.app, OFFICE).get(&path).await;
        page.says("name=\"back\" value=\"/\"");
    }
    let mut zhao = Visitor::new(&archive.app, OFFICE);
    let fields = [("login", "zhao"), ("password", PASSWORD), ("back", "/search?q=a")];
    assert_eq!(zhao.post("/signin", &fields).await.to(), "/search?q=a");
    // What is typed is never markup.
    let script = "\"><script>alert(1)</script>";
    let page = zhao.post("/me", &[]).await;
    assert_eq!(page.status, StatusCode::METHOD_NOT_ALLOWED);
    let mut other = Visitor::new(&archive.app, OFFICE);
    let page = other.sign_in(script, script).await;
    assert!(!page.text.contains("<script>alert"), "{}", page.text);
    let page =
        other.get(&format!("/signin/code?code={}", yidang::web::text::query_value(script))).await;
    assert!(!page.text.contains("<script>alert"), "{}", page.text);
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(
        policy.contains("script-src 'self'") && policy.contains("frame-ancestors 'none'"),
        "{policy}"
    );
}

#[tokio::test]
async fn what_is_too_large_is_not_read() {
    let archive = archive_with_zhao().await;
    let mut visitor = Visitor::new(&archive.app, "192.0.2.1");
    let page = visitor.get("/signin").await;
    let token = page.between("name=\"csrf\" value=\"", "\"").to_owned();
    let before = archive.app.hasher.made();
    let huge = "x".repeat(300 * 1024);
    let answer =
        visitor.post_with(&token, "/signin", &[("login", "zhao"), ("password", &huge)]).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "{}", answer.text);
    assert_eq!(archive.app.hasher.made(), before);
    // What fits is bounded all the same.
    let long = "x".repeat(80 * 1024);
    for fields in
        [[("login", long.as_str()), ("password", "y")], [("login", "zhao"), ("password", &long)]]
    {
        let answer = visitor.post_with(&token, "/signin", &fields).await;
        assert_eq!(answer.status, WRONG);
        assert!(!answer.text.contains(&long[..200]));
    }
    let fields = [("code", long.as_str()), ("password", PASSWORD), ("again", PASSWORD)];
    let answer = visitor.post_with(&token, "/signin/code", &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    visitor.cookies.insert("__Host-yidang".into(), long[..6000].into());
    visitor.cookies.insert("__Host-yidang-half".into(), long[..6000].into());
    assert!(!visitor.is_in().await);
}

#[tokio::test]
async fn a_code_that_ended_or_was_replaced_opens_nothing() {
    let archive = Archive::new(Store::Memory, Sql::Sqlite).await;
    let mut archive = archive;
    super::behind_a_proxy(&mut archive).await;
    person(&archive, "zhao", &[Role::Clerk]).await;
    let operator = archive.bureau();
    let issue =
        async || access::issue_code(&archive.app, &operator, "zhao", false).await.unwrap().0;
    let set = async |code: &str| {
        let mut visitor = Visitor::new(&archive.app, OFFICE);
        let new = "another willow, much taller";
        let fields = [("code", code), ("password", new), ("again", new)];
        visitor.post("/signin/code", &fields).await.status
    };
    let first = issue().await;
    let second = issue().await;
    assert_eq!(set(&first).await, WRONG, "only the newest is good");
    archive.hands.advance(day(73));
    assert_eq!(set(&second).await, WRONG, "three days are over");
    archive.hands.set_back(day(100));
    assert_eq!(set(&second).await, WRONG, "not made yet, by a clock that was set back");
    archive.hands.advance(day(30));
    assert_eq!(set(&second).await, WRONG, "it had ended, whatever the clock says now");
    let again = issue().await;
    assert_eq!(set(&again).await, StatusCode::SEE_OTHER, "another is good all the same");
    let third = issue().await;
    people::grant(&archive.app, &operator, "zhao", vec![]).await.unwrap();
    let changed = people::Changed {
        name: "赵".into(),
        organisation: "990102003000".parse().unwrap(),
        disabled: true,
    };
    people::change(&archive.app, &operator, "zhao", changed).await.unwrap();
    assert_eq!(set(&third).await, WRONG, "the account is closed");
}

#[tokio::test]
async fn programs_sign_in_by_the_same_rules() {
    let archive = archive_with_zhao().await;
    let mut program = Visitor::new(&archive.app, "198.51.100.7");
    let ask = async |program: &mut Visitor, password: &str, code: &str| {
        let body = serde_json::json!({ "login": "zhao", "password": password, "code": code });
        let path = "/api/v1/session";
        program.send(Method::POST, path, "application/json", body.to_string()).await
    };
    assert_eq!(ask(&mut program, PASSWORD, "").await.status, StatusCode::CREATED);
    let mut zhao = Visitor::new(&archive.app, OFFICE);
    zhao.sign_in("zhao", PASSWORD).await;
    let page = zhao.post_from("/me", "/me/second-factor/new", &[]).await;
    let typed = page.between("class=\"hash\">", "<").to_owned();
    let code = super::telephone(&archive, &typed).await;
    zhao.post_from("/me", "/me/second-factor", &[("code", &code)]).await;
    ask(&mut program, PASSWORD, "").await.says("code_needed");
    ask(&mut program, PASSWORD, "000000").await.says("wrong_code");
    archive.hands.advance(Duration::from_secs(60));
    let code = super::telephone(&archive, &typed).await;
    assert_eq!(ask(&mut program, PASSWORD, &code).await.status, StatusCode::CREATED);
    ask(&mut program, PASSWORD, &code).await.says("wrong_code");
    for _ in 0..4 {
        ask(&mut program, "guess, guess, guess", "").await;
    }
    assert_eq!(ask(&mut program, PASSWORD, &code).await.status, LIMIT);
}

#[tokio::test]
async fn who_was_not_let_in_stands_in_the_register_and_fills_none() {
    let mut archive = Archive::new(Store::Memory, Sql::Sqlite).await;
    super::behind_a_proxy(&mut archive).await;
    person(&archive, "zhao", &[Role::Clerk]).await;
    let app = &archive.app;
    let mut thief = Visitor::new(app, "198.51.100.7");
    assert_eq!(thief.sign_in("zhao", "guess, guess, guess").await.status, WRONG);
    assert_eq!(thief.sign_in("nobody.at.all", "guess, guess, guess").await.status, WRONG);
    // The note is written beside the answer.
    let refused = async || {
        for _ in 0..200 {
            let stands = access::standing(app, &archive.bureau(), "zhao").await.unwrap();
            if !stands.refused.is_empty() {
                return stands.refused;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("nothing was noted");
    };
    let first = refused().await;
    assert_eq!(first.iter().map(|one| one.from.as_str()).collect::<Vec<_>>(), ["198.51.100.7"]);

    // In the register, by kind, with the address and nothing that was typed.
    let asked = uses::Asked { kind: "sign_in".into(), ..uses::Asked::default() };
    let found = uses::register(app, &archive.bureau(), &asked, None, 100).await.unwrap();
    assert_eq!(found.total, 1, "{found:?}");
    let told = serde_json::to_string(&found).unwrap();
    assert!(!told.contains("guess") && !told.contains("nobody.at.all"), "{told}");
    assert_eq!(found.uses[0].look.outcome, Outcome::Refused);

    // A hundred addresses that try an account, and then an address that tries it again and
    // again, are noted fifty times in all, and the last of them says so.
    for thief in 0..100 {
        let mut thief = Visitor::new(app, &format!("203.0.113.{thief}"));
        thief.sign_in("zhao", "guess, guess, guess").await;
    }
    let mut noted = 0;
    for _ in 0..200 {
        noted = uses::register(app, &archive.bureau(), &asked, None, 100).await.unwrap().total;
        if noted >= 50 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    let found = uses::register(app, &archive.bureau(), &asked, None, 100).await.unwrap();
    assert_eq!((noted, found.total), (50, 50));
    assert!(found.uses.iter().any(|one| one.look.title.contains("暂不再逐次登记")));
    let stands = access::standing(app, &archive.bureau(), "zhao").await.unwrap();
    assert_eq!(stands.refused.len(), 10);
}
