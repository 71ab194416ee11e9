//! The JSON API over a whole archive in a folder, without a network.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt;
use yidang::app::App;
use yidang::config::{Config, ReasonIs};
use yidang::follow;
use yidang::model::id::Digest;
use yidang::setup::{self, Founding};
use yidang::web;

use crate::harness::{ALL_ROUND, signed_in};

const NO: &str = "99010200300400001";

struct Api {
    app: Arc<App>,
    router: Router,
    key: String,
    _folder: TempDir,
}

struct Answer {
    status: u16,
    headers: HeaderMap,
    bytes: Vec<u8>,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap()
    }

    /// The status and the code of an error, whose shape is checked.
    fn error(&self) -> (u16, String) {
        let value = self.json();
        let error = value["error"].as_object().unwrap();
        assert_eq!(error.keys().collect::<Vec<_>>(), ["code", "hint", "message"]);
        assert!(!error["message"].as_str().unwrap().is_empty());
        (self.status, error["code"].as_str().unwrap().to_owned())
    }
}

impl Api {
    async fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let mut config = Config { data: folder.path().join("data"), ..Config::default() };
        config.models = folder.path().join("none");
        config.limits.bytes = 1 << 20;
        // Stories about something else do not say why they look.
        config.access.reason = ReasonIs::Optional;
        let app = App::open(config, true).await.unwrap();
        let founding = Founding { fonds: "J016".into(), fonds_name: "青石县民政局".into() };
        setup::found(&app, &app.operator(), &founding).await.unwrap();
        let key = signed_in(&app, "宋青", "990102000000", ALL_ROUND).await.secret().to_owned();
        let router = web::router(Arc::clone(&app));
        Self { app, router, key, _folder: folder }
    }

    async fn send(&self, mut request: Request<Body>) -> Answer {
        let bearer = format!("Bearer {}", self.key).parse().unwrap();
        request.headers_mut().entry(header::AUTHORIZATION).or_insert(bearer);
        let answer = self.router.clone().oneshot(request).await.unwrap();
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let bytes = answer.into_body().collect().await.unwrap().to_bytes().to_vec();
        Answer { status, headers, bytes }
    }

    fn request(method: Method, path: &str) -> axum::http::request::Builder {
        let uri = format!("/api/v1{path}");
        Request::builder().method(method).uri(uri).header(header::HOST, "127.0.0.1:8117")
    }

    async fn get(&self, path: &str) -> Answer {
        self.send(Self::request(Method::GET, path).body(Body::empty()).unwrap()).await
    }

    async fn ask(&self, method: Method, path: &str, body: Value) -> Answer {
        let request = Self::request(method, path).header(header::CONTENT_TYPE, "application/json");
        self.send(request.body(body.to_string().into()).unwrap()).await
    }

    async fn post(&self, path: &str, body: Value) -> Answer {
        self.ask(Method::POST, path, body).await
    }

    async fn add(&self, query: &str, bytes: Vec<u8>) -> Answer {
        let request = Self::request(Method::POST, &format!("/documents{query}"));
        self.send(request.body(bytes.into()).unwrap()).await
    }

    async fn entries(&self) -> i64 {
        self.get("/status").await.json()["log"]["entries"].as_i64().unwrap()
    }
}

/// A small picture; each `shade` is another file.
fn scan(shade: u8) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let picture = image::RgbImage::from_pixel(80, 120, image::Rgb([shade, 255, 255]));
    picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

#[tokio::test]
async fn a_search_comes_in_parts_and_is_kept() {
    let api = Api::new().await;
    api.post("/households", json!({"household": NO, "head": "周桂兰"})).await;
    for shade in 1..=3 {
        let added = api.add(&format!("?name=income{shade}.png&household={NO}"), scan(shade)).await;
        assert_eq!(added.status, 201);
    }
    follow::until_current(&api.app).await.unwrap();
    let (mut found, mut after) = (Vec::new(), String::new());
    loop {
        let part = api.get(&format!("/search?q=income&sort=oldest&limit=2{after}")).await.json();
        assert_eq!(part["total"], 3);
        let hits = part["hits"].as_array().unwrap().iter();
        found.extend(hits.map(|hit| hit["document"].as_i64().unwrap()));
        match part["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    assert_eq!(found.len(), 3);
    assert!(found.is_sorted(), "none has a date: the older number first");
    let narrowed = "/search?q=income&in=income1&in=png&state=open&confidence=unread,high";
    let part = api.get(narrowed).await.json();
    assert_eq!((&part["total"], &part["within"]), (&json!(1), &json!(["income1", "png"])));
    assert_eq!(part["counts"]["state"], json!([{"value": "open", "documents": 1}]));
    for bad in ["sort=best", "after=1", "state=gone", "confidence=9", "q=a", "nothing=1"] {
        let (status, code) = api.get(&format!("/search?q=income&{bad}")).await.error();
        assert_eq!((status, code.as_str()), (400, "bad_query"), "{bad}");
    }
    let links = "&in=a".repeat(9);
    assert_eq!(api.get(&format!("/search?q=a{links}")).await.error(), (422, "too_many".into()));

    let suggested = api.get("/search/suggestions?q=zgl").await.json();
    assert_eq!(suggested["households"][0]["no"], NO);
    let kept = api.post("/search/saved", json!({"name": "收入", "asked": "q=income"})).await;
    let path = format!("/search/saved/{}", kept.json()["id"].as_str().unwrap());
    let renamed = api.ask(Method::PUT, &path, json!({"name": "工资"})).await;
    assert_eq!(renamed.status, 204);
    let saved = api.get("/search/saved").await.json();
    assert_eq!(saved["searches"][0]["name"], "工资");
    assert_eq!(api.post(&format!("{path}/opening"), json!({})).await.status, 204);
    assert_eq!(api.ask(Method::DELETE, &path, json!({})).await.status, 204);
    let gone = api.ask(Method::DELETE, &path, json!({})).await;
    assert_eq!(gone.error(), (404, "unknown_saved_search".into()));
    let bad =
        api.post("/search/saved", json!({"name": "x", "asked": "q=110105194912310021"})).await;
    assert_eq!(bad.error(), (422, "has_number".into()));
    assert!(api.get("/search/recent").await.json()["searches"].as_array().unwrap().len() > 1);
    assert_eq!(api.ask(Method::DELETE, "/search/recent", json!({})).await.status, 204);
    assert_eq!(api.get("/search/recent").await.json(), json!({"searches": []}));

    let file = api.post("/search/export", json!({"asked": "q=income", "shape": "csv"})).await;
    assert_eq!(file.status, 200);
    assert_eq!(String::from_utf8(file.bytes).unwrap().lines().count(), 4);
    let listed = api.get("/catalogs/hardship?q=%E5%91%A8").await.json();
    assert_eq!((&listed["total"], &listed["rows"][0]["household"]), (&json!(1), &json!(NO)));
    assert_eq!((&listed["columns"][1], &listed["columns_en"][1]), (&json!("户主"), &json!("Head")));
    assert_eq!(api.get("/catalogs/none").await.status, 404);
    let alike = api.get(&format!("/documents/{}/alike", found[0])).await;
    assert_eq!((alike.status, &alike.json()["total"]), (200, &json!(0)));
    assert_eq!(api.get("/documents/99999/alike").await.error(), (404, "unknown_document".into()));
}

#[tokio::test]
async fn a_paper_goes_its_whole_way() {
    let api = Api::new().await;
    let opened = api.post("/households", json!({"household": NO, "head": "周桂兰"})).await;
    assert_eq!((opened.status, opened.json()), (201, json!({"household": NO, "head": "周桂兰"})));

    let name = "?name=%E7%94%B3%E8%AF%B7%E4%B9%A6.png";
    let added = api.add(&format!("{name}&household={NO}"), scan(1)).await;
    assert_eq!(added.status, 201);
    let added = added.json();
    let id = added["document"].as_i64().unwrap();
    assert_eq!(added["file"], "申请书.png");
    assert_eq!(added["duplicate_of"], Value::Null);
    assert_eq!(added["sha256"], Digest::of(&scan(1)).to_string());
    let again = api.add(&format!("{name}&household={NO}"), scan(1)).await;
    assert_eq!((again.status, &again.json()["duplicate_of"]), (200, &json!(id)));

    let got = api.get(&format!("/documents/{id}/files/1")).await;
    assert_eq!((got.status, got.bytes), (200, scan(1)));
    assert_eq!(got.headers[header::ETAG], format!("\"{}\"", Digest::of(&scan(1))));
    let disposition = got.headers[header::CONTENT_DISPOSITION].to_str().unwrap();
    assert!(disposition.starts_with("attachment;"), "{disposition}");

    let filing =
        json!({"household": NO, "type": "A01", "title": " 低保申请书 ", "date": "2026-03-09"});
    let filed = api.ask(Method::PUT, &format!("/documents/{id}/description"), filing).await;
    assert_eq!(filed.status, 200);
    assert_eq!(filed.json()["description"]["title"], "低保申请书");
    assert_eq!(api.get(&format!("/documents/{id}")).await.json()["document"]["state"], "filed");

    let plan = api.get(&format!("/households/{NO}/plan")).await.json();
    assert_eq!((&plan["version"], &plan["items"][0]["document"]), (&json!(1), &json!(id)));
    let volume = format!("/households/{NO}/volume");
    let bare = Api::request(Method::POST, &volume).body(Body::empty()).unwrap();
    let bound = api.send(bare).await;
    assert_eq!((bound.status, &bound.json()["items"]), (201, &json!(1)));
    let manifest = api.get(&format!("/households/{NO}/volumes/1")).await;
    assert_eq!(Digest::of(&manifest.bytes).to_string(), bound.json()["manifest"]);
    assert!(crate::schemas::schema("manifest").is_valid(&manifest.json()));
    assert_eq!(api.post(&volume, json!({})).await.error(), (409, "unchanged".into()));

    follow::until_current(&api.app).await.unwrap();
    let found =
        api.get(&format!("/search?q=%E5%91%A8%E6%A1%82%E5%85%B0&household={NO}")).await.json();
    assert_eq!((&found["total"], &found["hits"][0]["document"]), (&json!(1), &json!(id)));
    let keys: Vec<_> = found["hits"][0].as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        [
            "boxes",
            "date",
            "document",
            "gone",
            "head",
            "household",
            "organisation",
            "page",
            "pages",
            "snippet",
            "title",
            "type",
            "volume",
        ]
    );

    let report = api.post("/verifications", Value::Null).await;
    assert_eq!((report.status, &report.json()["changed"]), (200, &json!([])));
    let last = api.get("/verifications/last").await.json();
    assert_eq!((&last["clean"], &last["report"]), (&json!(true), &report.json()));
}

#[tokio::test]
async fn the_intake_desk_takes_joins_and_returns() {
    let api = Api::new().await;
    let first = api.add("?name=a.png", scan(1)).await.json()["document"].as_i64().unwrap();
    let second = api.add("?name=b.png", scan(2)).await.json()["document"].as_i64().unwrap();
    let third = api.add("?name=c.png", scan(3)).await.json()["document"].as_i64().unwrap();
    assert_eq!(api.get("/status").await.json()["waiting"], 3);
    let jobs = api.get("/jobs").await.json();
    let working_for =
        |id: i64| jobs.as_array().unwrap().iter().any(|job| job["documents"] == json!([id]));
    assert!(working_for(first) && working_for(second) && working_for(third), "{jobs}");

    let joined = api.post(&format!("/documents/{second}/join"), json!({"into": first})).await;
    assert_eq!(joined.status, 200);
    let files = api.get(&format!("/documents/{first}")).await.json()["files"].clone();
    assert_eq!(files.as_array().unwrap().len(), 2);
    let returned = format!("/documents/{third}/return");
    assert_eq!(
        api.post(&returned, json!({"reason": " "})).await.error(),
        (422, "no_reason".into())
    );
    assert_eq!(api.post(&returned, json!({"reason": "看不清"})).await.status, 200);
    assert_eq!(
        api.post(&returned, json!({"reason": "看不清"})).await.error(),
        (409, "not_live".into())
    );
    assert_eq!(api.get("/status").await.json()["waiting"], 1);

    let next =
        api.post("/households", json!({"community": "990102003004", "head": "周桂兰"})).await;
    assert_eq!(next.json()["household"], NO);
    let wang = "?household=99010200300400002&open=%E7%8E%8B%E5%B0%8F%E6%98%8E";
    let opened = api.add(wang, scan(4)).await;
    assert_eq!(opened.status, 201);
    let list = api.get("/households?limit=1").await.json();
    assert_eq!((&list["households"][0]["no"], &list["next"]), (&json!(NO), &json!(NO)));
    let rest = api.get(&format!("/households?limit=1&after={NO}")).await.json();
    assert_eq!((&rest["households"][0]["head"], &rest["next"]), (&json!("王小明"), &Value::Null));
}

#[tokio::test]
async fn what_cannot_be_is_refused_with_the_right_status() {
    let api = Api::new().await;
    let id = api.add("?name=a.png", scan(1)).await.json()["document"].as_i64().unwrap();
    let before = api.entries().await;
    for (path, status, code) in [
        ("/nowhere", 404, "no_route"),
        ("/documents/7777", 404, "unknown_document"),
        ("/documents/x", 400, "bad_address"),
        (&format!("/documents/{id}/files/2"), 404, "unknown_page"),
        (&format!("/documents/{id}/pages/1.png"), 400, "bad_address"),
        (&format!("/documents/{id}/pages/9.jpg"), 404, "unknown_page"),
        (&format!("/documents/{id}/pages/1.jpg?w=0"), 400, "bad_query"),
        ("/households/99010200300400009", 404, "unknown_household"),
        ("/households/990102003004", 400, "bad_address"),
        ("/search?query=x", 400, "bad_query"),
        ("/search?q=x&limit=0", 400, "bad_query"),
        ("/search?q=x&offset=10001", 400, "bad_query"),
        ("/search?q=x&from=20260309", 400, "bad_query"),
        ("/search?q=x&organisation=99x", 400, "bad_query"),
        ("/search?q=x&type=Z99", 422, "unknown_type"),
        ("/search?q=%28x", 422, "query"),
        ("/status?verbose=1", 400, "bad_query"),
        ("/verifications/last", 404, "never_verified"),
        ("/documents", 405, "no_method"),
        ("/catalogs/nothing", 404, "unknown_catalog"),
    ] {
        let answer = api.get(path).await;
        assert_eq!(answer.error(), (status, code.to_owned()), "{path}");
        let error = answer.json()["error"].clone();
        let (message, hint) = (error["message"].as_str().unwrap(), error["hint"].as_str().unwrap());
        assert!(!message.contains('\n') && !message.contains("eserialize"), "{path}: {message}");
        assert!(status != 400 || !hint.is_empty(), "{path}: {message}");
    }
    let taking = api.post("/catalogs/nothing/export", json!({})).await;
    assert_eq!(taking.error(), (404, "unknown_catalog".into()));
    for (query, bytes, status, code) in [
        ("", Vec::new(), 422, "empty"),
        ("", b"<html></html>".to_vec(), 415, "not_a_document"),
        ("", vec![0; (1 << 20) + 1], 413, "too_large"),
        ("?household=99010200300400009", scan(2), 404, "unknown_household"),
        ("?household=1", scan(2), 400, "bad_query"),
        ("?open=x", scan(2), 400, "bad_query"),
        ("?nmae=x", scan(2), 400, "bad_query"),
    ] {
        assert_eq!(api.add(query, bytes).await.error(), (status, code.to_owned()), "{query}");
    }
    let filing = format!("/documents/{id}/description");
    let whose = json!({"household": NO, "type": "A01", "title": "x"});
    assert_eq!(
        api.ask(Method::PUT, &filing, whose).await.error(),
        (404, "unknown_household".into())
    );
    let extra = json!({"household": NO, "type": "A01", "title": "x", "colour": "red"});
    let extra = api.ask(Method::PUT, &filing, extra).await;
    assert_eq!(extra.error(), (422, "bad_body".into()));
    let said = extra.json()["error"]["message"].as_str().unwrap().to_owned();
    assert!(said.contains("colour") && !said.contains("eserialize"), "{said}");
    let broken =
        Api::request(Method::PUT, &filing).header(header::CONTENT_TYPE, "application/json");
    let broken = api.send(broken.body("{\"household\":".into()).unwrap()).await;
    assert_eq!(broken.error(), (400, "bad_body".into()));
    assert!(!broken.json()["error"]["hint"].as_str().unwrap().is_empty());
    let text = Api::request(Method::PUT, &filing).body("{}".into()).unwrap();
    assert_eq!(api.send(text).await.error(), (415, "bad_body".into()));
    let itself = api.post(&format!("/documents/{id}/join"), json!({"into": id})).await;
    assert_eq!(itself.error(), (422, "joined_to_itself".into()));
    let both = json!({"household": NO, "community": "990102003004", "head": "x"});
    assert_eq!(api.post("/households", both).await.error(), (422, "number_or_community".into()));
    assert_eq!(api.entries().await, before, "something was recorded");
}

#[tokio::test]
async fn pages_of_other_sites_change_nothing() {
    let api = Api::new().await;
    let before = api.entries().await;
    for (name, value, status) in [
        ("sec-fetch-site", "cross-site", StatusCode::FORBIDDEN),
        ("origin", "https://evil.example", StatusCode::FORBIDDEN),
    ] {
        let request = Api::request(Method::POST, "/documents").header(name, value);
        let answer = api.send(request.body(scan(1).into()).unwrap()).await;
        assert_eq!(answer.error().0, status.as_u16(), "{name}");
    }
    let rebound = Request::get("/api/v1/status").header(header::HOST, "evil.example");
    assert_eq!(api.send(rebound.body(Body::empty()).unwrap()).await.error().0, 421);
    assert_eq!(api.entries().await, before);
}

#[tokio::test]
async fn damaged_bytes_are_never_handed_out() {
    let api = Api::new().await;
    let added = api.add("?name=a.png", scan(1)).await.json();
    let name = added["sha256"].as_str().unwrap();
    let blob = api.app.config.data.join(format!("store/obj/sha256/{}/{name}", &name[..2]));
    damage(&blob);
    let path = format!("/documents/{}/files/1", added["document"]);
    assert_eq!(api.get(&path).await.error(), (500, "corrupt".into()));
    let report = api.post("/verifications", Value::Null).await.json();
    assert_eq!((&report["changed"][0]["object"], &report["missing"]), (&json!(name), &json!([])));
}

fn damage(blob: &Path) {
    let mut bytes = std::fs::read(blob).unwrap();
    bytes[40] ^= 1;
    std::fs::remove_file(blob).unwrap();
    std::fs::write(blob, bytes).unwrap();
}

#[tokio::test]
async fn who_has_to_wait_is_told_how_long() {
    let api = Api::new().await;
    let wrong = || json!({"login": "p10", "password": "guess, guess, guess"});
    let mut answer = api.post("/session", wrong()).await;
    for _ in 0..6 {
        answer = api.post("/session", wrong()).await;
    }
    assert_eq!(answer.error(), (429, "wait".into()));
    let seconds: u64 = answer.headers[header::RETRY_AFTER].to_str().unwrap().parse().unwrap();
    let said = answer.json()["error"]["message"].as_str().unwrap().to_owned();
    let unit = if seconds == 1 { "second" } else { "seconds" };
    assert!(said.ends_with(&format!("wait {seconds} {unit}")), "{said}");
}
