//! What concerns oneself, over the API, and how an administrator sees it.

use axum::http::Method;
use serde_json::{Value, json};
use yidang::model::access::Role;

use super::visitor::Visitor;
use super::{OFFICE, PASSWORD, archive_with_zhao, person, telephone};
use crate::harness::Archive;

const ANOTHER: &str = "a heron stands in the shallows";

/// A program of `zhao`, who signs in with this password and code.
async fn signed_in(archive: &Archive, login: &str, password: &str, code: &str) -> Program {
    let mut visitor = Visitor::new(&archive.app, OFFICE);
    let who = json!({ "login": login, "password": password, "code": code }).to_string();
    let answer = visitor.api(Method::POST, "/api/v1/session", "", &who).await;
    let told: Value = serde_json::from_str(&answer.text).unwrap();
    let token = told["token"].as_str().unwrap_or_else(|| panic!("{told}")).to_owned();
    Program { visitor, token }
}

struct Program {
    visitor: Visitor,
    token: String,
}

impl Program {
    async fn ask(&mut self, method: Method, path: &str, body: Value) -> (u16, Value) {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let path = format!("/api/v1/{path}");
        let answer = self.visitor.api(method, &path, &self.token, &body).await;
        (answer.status.as_u16(), serde_json::from_str(&answer.text).unwrap_or(Value::Null))
    }
}

#[tokio::test]
async fn a_person_manages_the_own_account_over_the_api() {
    let archive = archive_with_zhao().await;
    let mut zhao = signed_in(&archive, "zhao", PASSWORD, "").await;
    let mut other = signed_in(&archive, "zhao", PASSWORD, "").await;
    let none = Value::Null;

    let (status, sessions) = zhao.ask(Method::GET, "me/sessions", none.clone()).await;
    let of = |this: bool| {
        let mut all = sessions.as_array().unwrap().iter();
        all.find(|one| one["this"] == json!(this)).unwrap()["id"].as_str().unwrap().to_owned()
    };
    assert_eq!((status, sessions.as_array().unwrap().len()), (200, 2), "{sessions}");
    let gone = format!("me/sessions/{}", of(false));
    assert_eq!(zhao.ask(Method::DELETE, &gone, none.clone()).await.0, 204);
    assert_eq!(zhao.ask(Method::DELETE, &gone, none.clone()).await.0, 404);
    assert_eq!(other.ask(Method::GET, "me/sessions", none.clone()).await.0, 401);

    // A token for a machine, which has nothing of its own.
    let wanted = json!({ "name": "扫描仪", "rights": ["upload"], "until": "2026-12-31" });
    let (status, made) = zhao.ask(Method::POST, "me/tokens", wanted).await;
    assert_eq!(status, 201, "{made}");
    let shown = made["token"].as_str().unwrap().to_owned();
    let mut machine = Program { visitor: Visitor::new(&archive.app, OFFICE), token: shown.clone() };
    let refused = machine.ask(Method::GET, "me/tokens", none.clone()).await;
    assert_eq!(refused.0, 401, "nobody is signed in: {}", refused.1);
    let too_much = json!({ "name": "x", "rights": ["bind"], "until": "2026-12-31" });
    assert_eq!(zhao.ask(Method::POST, "me/tokens", too_much).await.0, 422);
    let (_, tokens) = zhao.ask(Method::GET, "me/tokens", none.clone()).await;
    assert_eq!(tokens[0]["rights"], json!(["upload"]), "{tokens}");
    assert!(!tokens.to_string().contains(&shown), "it is shown once");
    let token = format!("me/tokens/{}", tokens[0]["id"].as_str().unwrap());
    assert_eq!(zhao.ask(Method::DELETE, &token, none.clone()).await.0, 204);
    assert_eq!(machine.ask(Method::GET, "me/tokens", none.clone()).await.0, 401);

    // The telephone.
    let (status, setup) = zhao.ask(Method::POST, "me/second-factor", none.clone()).await;
    assert_eq!(status, 201, "{setup}");
    let code = telephone(&archive, setup["typed"].as_str().unwrap()).await;
    let wrong = json!({ "code": "000000" });
    assert_eq!(zhao.ask(Method::PUT, "me/second-factor", wrong).await.0, 422);
    let (status, told) = zhao.ask(Method::PUT, "me/second-factor", json!({ "code": code })).await;
    assert_eq!((status, told["codes"].as_array().unwrap().len()), (200, 10), "{told}");
    let spare = told["codes"][0].as_str().unwrap().to_owned();
    let (_, factor) = zhao.ask(Method::GET, "me/second-factor", none.clone()).await;
    assert_eq!(factor["codes"], json!(10), "{factor}");
    assert!(factor["begun"].as_i64().unwrap() > 0);
    let password = json!({ "password": PASSWORD });
    let (status, renewed) =
        zhao.ask(Method::POST, "me/second-factor/codes", password.clone()).await;
    assert_eq!(status, 201, "{renewed}");
    assert_ne!(renewed["codes"][0], json!(spare));

    // Another password: other sessions end, this one goes on.
    let spare = renewed["codes"][0].as_str().unwrap();
    let mut other = signed_in(&archive, "zhao", PASSWORD, spare).await;
    let wrong = json!({ "old": "not this one", "new": ANOTHER });
    assert_eq!(zhao.ask(Method::PUT, "me/password", wrong).await.0, 422);
    let weak = json!({ "old": PASSWORD, "new": "short" });
    assert_eq!(zhao.ask(Method::PUT, "me/password", weak).await.0, 422);
    let right = json!({ "old": PASSWORD, "new": ANOTHER });
    assert_eq!(zhao.ask(Method::PUT, "me/password", right).await.0, 204);
    assert_eq!(other.ask(Method::GET, "me/sessions", none.clone()).await.0, 401);
    let password = json!({ "password": ANOTHER });
    assert_eq!(zhao.ask(Method::POST, "me/second-factor/end", password).await.0, 204);
    let mut last = signed_in(&archive, "zhao", ANOTHER, "").await;
    let (_, ended) = last.ask(Method::DELETE, "me/sessions", none.clone()).await;
    assert_eq!(ended, json!({ "ended": 1 }));
    assert_eq!(zhao.ask(Method::GET, "me/sessions", none).await.0, 401);
}

#[tokio::test]
async fn an_administrator_sees_how_others_come_in_and_nothing_that_lets_in() {
    let archive = archive_with_zhao().await;
    person(&archive, "han", &[Role::Administrator]).await;
    let mut zhao = signed_in(&archive, "zhao", PASSWORD, "").await;
    let mut han = signed_in(&archive, "han", PASSWORD, "").await;
    let none = Value::Null;
    let (status, stands) = han.ask(Method::GET, "people/zhao/access", none.clone()).await;
    assert_eq!(status, 200, "{stands}");
    assert_eq!((&stands["password"], &stands["second_factor"]), (&json!(true), &json!(false)));
    assert_eq!(stands["sessions"].as_array().unwrap().len(), 1, "{stands}");
    assert_eq!(zhao.ask(Method::GET, "people/han/access", none.clone()).await.0, 403);

    // One session of another ends, and no other; what names it lets nobody in.
    let mut other = signed_in(&archive, "zhao", PASSWORD, "").await;
    let names = async |who: &mut Program, login: &str| -> Vec<String> {
        let (_, stands) =
            who.ask(Method::GET, &format!("people/{login}/access"), json!(null)).await;
        let all = stands["sessions"].as_array().unwrap().iter();
        all.map(|one| one["id"].as_str().unwrap().to_owned()).collect()
    };
    let first = stands["sessions"][0]["id"].as_str().unwrap().to_owned();
    let visitor = Visitor::new(&archive.app, OFFICE);
    let mut thief = Program { visitor, token: first.clone() };
    assert_eq!(thief.ask(Method::GET, "me/sessions", none.clone()).await.0, 401);
    assert_eq!(names(&mut han, "zhao").await.len(), 2);
    let gone = format!("people/zhao/sessions/{first}");
    assert_eq!(other.ask(Method::DELETE, &gone, none.clone()).await.0, 403);
    let own = names(&mut han, "han").await.remove(0);
    let mixed = format!("people/zhao/sessions/{own}");
    assert_eq!(han.ask(Method::DELETE, &mixed, none.clone()).await.0, 404, "it is not zhao's");
    assert_eq!(han.ask(Method::DELETE, &gone, none.clone()).await.0, 204);
    assert_eq!(han.ask(Method::DELETE, &gone, none.clone()).await.0, 404);
    assert_eq!(zhao.ask(Method::GET, "me/sessions", none.clone()).await.0, 401);
    assert_eq!(other.ask(Method::GET, "me/sessions", none.clone()).await.0, 200);
    let mut zhao = other;

    let named = json!({ "name": "新河街道办事处" });
    let (status, _) = han.ask(Method::PUT, "organisations/990102004000", named.clone()).await;
    assert_eq!(status, 204);
    let (_, all) = han.ask(Method::GET, "organisations", none).await;
    assert!(all.to_string().contains("新河街道办事处"), "{all}");
    let elsewhere = han.ask(Method::PUT, "organisations/110101000000", named.clone()).await;
    assert_eq!(elsewhere.0, 422, "{}", elsewhere.1);
    assert_eq!(zhao.ask(Method::PUT, "organisations/990102004000", named).await.0, 403);
}
