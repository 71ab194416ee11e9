//! The pages over a whole archive, without a network: what they show, what
//! they let through, what they carry.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use tower::ServiceExt;
use yidang::app::App;
use yidang::model::access::Role;
use yidang::model::id::DocumentId;
use yidang::web;

use crate::files::paper;
use crate::harness::{ALL_ROUND, Archive, NOBODY, Sql, Store, ZHOU, signed_in};

/// What came back.
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The header fields.
    pub headers: HeaderMap,
    /// The body.
    pub bytes: Vec<u8>,
}

impl Answer {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8(self.bytes.clone()).unwrap()
    }

    /// Whether `word` stands in it, in a header or in the body.
    pub fn is_about(&self, word: &str) -> bool {
        let within = |bytes: &[u8]| bytes.windows(word.len()).any(|part| part == word.as_bytes());
        within(&self.bytes) || self.headers.values().any(|value| within(value.as_bytes()))
    }

    /// The value of a header field, empty when there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// A browser on the pages of an archive, as far as it is one: it keeps the
/// token of the forms and the last cookie.
pub struct Browser {
    router: Router,
    /// The token of the forms.
    pub token: String,
    /// The last cookie.
    pub cookie: String,
    /// The cookie of the session, if somebody is signed in.
    pub session: String,
    /// What a program shows as the same person.
    pub bearer: String,
}

impl Browser {
    /// On the pages of the archive, as one of the bureau who does everything.
    pub async fn on(archive: &Archive) -> Self {
        Self::of(archive.app.clone(), "宋青", "990102000000", ALL_ROUND).await
    }

    /// On the pages of an opened archive, as somebody of an organisation.
    pub async fn of(app: Arc<App>, name: &str, organisation: &str, roles: &[Role]) -> Self {
        let key = signed_in(&app, name, organisation, roles).await;
        // Their account is in the log too.
        app.settle().await.unwrap();
        let router = web::router(app);
        let (key, session) = (key.secret(), format!("__Host-yidang={}", key.secret()));
        let bearer = format!("Bearer {key}");
        let mut browser =
            Self { router, token: String::new(), cookie: String::new(), session, bearer };
        let page = browser.get("/audit/check").await.text();
        let (_, rest) = page.split_once("name=\"csrf\" value=\"").unwrap();
        browser.token = rest.split('"').next().unwrap().to_owned();
        browser
    }

    /// On the pages of an opened archive, not signed in.
    pub fn nobody(app: Arc<App>) -> Self {
        let none = String::new;
        let (token, cookie, session) = (none(), none(), none());
        Self { router: web::router(app), token, cookie, session, bearer: none() }
    }

    /// Asks with any method: a form with nothing but the token, or an empty JSON
    /// object.
    pub async fn ask(&mut self, method: &Method, path: &str) -> Answer {
        let request = Self::request(method.clone(), path);
        if method == Method::GET || method == Method::DELETE {
            return self.send(request, Body::empty()).await;
        }
        let (kind, body) = match path.starts_with("/api/") {
            true => ("application/json", "{}".to_owned()),
            false => ("application/x-www-form-urlencoded", format!("csrf={}", self.token)),
        };
        self.send(request.header(header::CONTENT_TYPE, kind), body.into()).await
    }

    async fn send(&mut self, request: axum::http::request::Builder, body: Body) -> Answer {
        let request = request.header(header::AUTHORIZATION, &self.bearer);
        let request = request.header(header::COOKIE, format!("{}; {}", self.session, self.cookie));
        let answer = self.router.clone().oneshot(request.body(body).unwrap()).await.unwrap();
        let (status, headers) = (answer.status(), answer.headers().clone());
        if let Some(cookie) = headers.get(header::SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            self.cookie = cookie.split(';').next().unwrap().to_owned();
        }
        let bytes = answer.into_body().collect().await.unwrap().to_bytes().to_vec();
        Answer { status, headers, bytes }
    }

    fn request(method: Method, path: &str) -> axum::http::request::Builder {
        Request::builder().method(method).uri(path).header(header::HOST, "127.0.0.1:8117")
    }

    /// Asks for a page.
    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Self::request(Method::GET, path), Body::empty()).await
    }

    /// Posts a form with the token; values are taken as they are typed.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut body = format!("csrf={}", self.token);
        for (name, value) in fields {
            body.push_str(&format!("&{name}={}", web::text::query_value(value)));
        }
        let form = "application/x-www-form-urlencoded";
        let request = Self::request(Method::POST, path).header(header::CONTENT_TYPE, form);
        self.send(request, body.into()).await
    }

    /// Sends JSON to the API.
    pub async fn send_json(&mut self, path: &str, body: &serde_json::Value) -> Answer {
        self.with_json(Method::POST, path, body).await
    }

    /// Puts JSON in the place of what the API has.
    pub async fn put_json(&mut self, path: &str, body: &serde_json::Value) -> Answer {
        self.with_json(Method::PUT, path, body).await
    }

    async fn with_json(&mut self, method: Method, path: &str, body: &serde_json::Value) -> Answer {
        let json = Self::request(method, path).header(header::CONTENT_TYPE, "application/json");
        self.send(json, body.to_string().into()).await
    }

    /// Sends bytes to the API.
    pub async fn send_bytes(&mut self, path: &str, bytes: &[u8]) -> Answer {
        let request = Self::request(Method::POST, path)
            .header(header::CONTENT_TYPE, "application/octet-stream");
        self.send(request, bytes.to_vec().into()).await
    }

    /// Sends bytes to the API, and wants to be told line by line.
    pub async fn follow_bytes(&mut self, path: &str, bytes: &[u8]) -> Answer {
        let request = Self::request(Method::POST, path)
            .header(header::CONTENT_TYPE, "application/octet-stream")
            .header(header::ACCEPT, "application/x-ndjson, application/json;q=0.5");
        self.send(request, bytes.to_vec().into()).await
    }

    /// Uploads a file, as the script does when `json`, else as the plain form.
    async fn upload(&mut self, token: &str, name: &str, bytes: &[u8], json: bool) -> Answer {
        self.send_file("/intake/upload", token, name, bytes, json).await
    }

    /// Sends a file with the form at `path`.
    pub async fn send_file(
        &mut self,
        path: &str,
        token: &str,
        name: &str,
        bytes: &[u8],
        json: bool,
    ) -> Answer {
        let mut body = format!(
            "--cut\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{token}\r\n--cut\r\n\
             Content-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        )
        .into_bytes();
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n--cut--\r\n");
        let mut request = Self::request(Method::POST, path)
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=cut");
        if json {
            request = request.header(header::ACCEPT, "application/json");
        }
        self.send(request, body.into()).await
    }
}

/// A notice to 周桂兰, with a text layer.
fn notice() -> Vec<u8> {
    paper(&[&["最低生活保障确认通知书", "周桂兰：经审核，符合规定条件", "二〇二六年四月三日"]])
}

async fn archive() -> Archive {
    Archive::new(Store::Folder, Sql::Sqlite).await
}

/// An archive with one paper of 周桂兰, read, on the desk.
async fn archive_with_a_paper() -> (Archive, DocumentId) {
    let archive = archive().await;
    let taken = archive.take("", "确认通知书.pdf", &notice()).await.unwrap();
    archive.settle().await;
    (archive, taken.document)
}

#[tokio::test]
async fn every_page_of_an_empty_archive_opens_in_both_languages() {
    let archive = archive().await;
    let mut browser = Browser::on(&archive).await;
    for cookie in ["lang=zh", "lang=en"] {
        for path in [
            "/",
            "/intake",
            "/search",
            "/search?q=周",
            "/households",
            "/volumes",
            "/audit",
            "/jobs",
            &format!("/household/{ZHOU}"),
        ] {
            browser.cookie = cookie.to_owned();
            let page = browser.get(&path.replace('周', "%E5%91%A8")).await;
            assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.text());
            let lang =
                if cookie.ends_with("en") { "<html lang=\"en\">" } else { "<html lang=\"zh-CN\">" };
            assert!(page.text().contains(lang), "{path}");
        }
    }
}

#[tokio::test]
async fn a_paper_is_filed_bound_found_and_given_out() {
    let (archive, id) = archive_with_a_paper().await;
    let mut browser = Browser::on(&archive).await;
    let desk = browser.get("/intake").await.text();
    assert!(desk.contains(&format!("action=\"/intake/{id}/file\"")), "{desk}");

    let fields = [
        ("household", ""),
        ("other", "9901 0200 3004 00001"),
        ("type", "A23"),
        ("title", "最低生活保障确认通知书"),
        ("date", "2026年4月3日"),
    ];
    let filed = browser.post(&format!("/intake/{id}/file"), &fields).await;
    assert_eq!((filed.status, filed.header("location")), (StatusCode::SEE_OTHER, "/intake"));
    assert!(browser.get("/intake").await.text().contains("已归入周桂兰户第1件。"));
    assert!(
        !browser.get("/intake").await.text().contains("已归入周桂兰户第1件。"),
        "it is said once"
    );

    let household = browser.get(&format!("/household/{ZHOU}")).await.text();
    assert!(household.contains("最低生活保障确认通知书") && household.contains("2026-04-03"));
    let bound = browser.post(&format!("/household/{ZHOU}/bind"), &[("note", "")]).await;
    assert_eq!(bound.header("location"), format!("/volume/{ZHOU}"));
    let volume = browser.get(&format!("/volume/{ZHOU}")).await.text();
    assert!(volume.contains("已装订成第1版") && volume.contains("卷内文件目录"));
    let print = browser.get(&format!("/volume/{ZHOU}/print")).await;
    assert!(print.status.is_success() && print.text().contains("2026-11-23 08:00"));
    assert!(browser.get("/volumes").await.text().contains("周桂兰"));

    archive.settle().await;
    let found = browser.get("/search?q=%E5%91%A8%E6%A1%82%E5%85%B0").await.text();
    assert!(found.contains("<mark>周桂兰</mark>"), "{found}");
    let viewer = browser.get(&format!("/doc/{id}?q=%E5%91%A8%E6%A1%82%E5%85%B0")).await.text();
    assert!(viewer.contains("data-hit=\"1\"") && viewer.contains("#page-0{left:"), "{viewer}");
    assert!(viewer.contains("与存证一致"));

    let fields = [("type", "A23"), ("title", "确认通知书"), ("date", "20260404")];
    let corrected = browser.post(&format!("/doc/{id}/correct"), &fields).await;
    assert_eq!(corrected.status, StatusCode::SEE_OTHER);
    assert!(browser.get(&format!("/doc/{id}?tab=from")).await.text().contains("更正：确认通知书"));
    assert!(browser.get("/audit").await.text().contains("<b>更正</b>"));

    let file = browser.get(&format!("/doc/{id}/file/1")).await;
    assert_eq!(file.bytes, notice());
    let disposition = file.header("content-disposition");
    assert!(
        disposition.starts_with("attachment;") && disposition.contains("filename*=UTF-8''%E7"),
        "{disposition}"
    );
    assert!(file.header("content-security-policy").contains("sandbox"));
    assert_eq!(file.header("x-content-type-options"), "nosniff");
    let wrong = browser.get(&format!("/doc/{id}/file/2")).await;
    assert_eq!(wrong.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_wrong_field_is_shown_with_what_was_typed() {
    let (archive, id) = archive_with_a_paper().await;
    let mut browser = Browser::on(&archive).await;
    let before = archive.entries().await;
    for (field, value, sentence) in [
        ("title", "", "题名要写。"),
        ("date", "昨天", "日期写成2026-03-09这样"),
        ("other", "9901", "这里有4位。"),
        ("other", NOBODY, "没有这个户号。"),
    ] {
        let mut fields = vec![("household", ""), ("other", ZHOU), ("title", "通知"), ("date", "")];
        fields.retain(|(name, _)| *name != field);
        fields.push((field, value));
        let page = browser.post(&format!("/intake/{id}/file"), &fields).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
        assert!(page.text().contains(sentence), "{field}: {}", page.text());
        assert!(page.text().contains(&format!("value=\"{value}\"")) || field == "title");
    }
    assert_eq!(archive.entries().await, before, "nothing was recorded");
    let fields = [("household_no", "99010200300400001"), ("head", "周桂兰")];
    let twice = browser.post("/household/open", &fields).await;
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(twice.text().contains("这个户号已经立过户。") && twice.text().contains("data-open"));
}

#[tokio::test]
async fn an_upload_answers_the_script_and_sends_the_plain_form_on() {
    let archive = archive().await;
    let mut browser = Browser::on(&archive).await;
    let token = browser.token.clone();
    let first = browser.upload(&token, "扫描 0007.pdf", &notice(), true).await;
    let value: serde_json::Value = serde_json::from_slice(&first.bytes).unwrap();
    assert_eq!((first.status, &value["pages"]), (StatusCode::OK, &1.into()));
    assert_eq!(
        (&value["duplicate_of"], value["sha256"].as_str().unwrap().len()),
        (&serde_json::Value::Null, 64)
    );

    let again = browser.upload(&token, "b.pdf", &notice(), true).await;
    let again: serde_json::Value = serde_json::from_slice(&again.bytes).unwrap();
    assert_eq!(again["duplicate_of"], value["document"]);
    assert!(again["message"].as_str().unwrap().contains("没有再存一份"));

    let plain = browser.upload(&token, "b.pdf", &notice(), false).await;
    assert_eq!((plain.status, plain.header("location")), (StatusCode::SEE_OTHER, "/intake"));
    assert!(browser.get("/intake").await.text().contains("没有再存一份"));

    let page = browser.upload(&token, "x.html", b"<html><script>alert(1)</script>", true).await;
    let refused: serde_json::Value = serde_json::from_slice(&page.bytes).unwrap();
    assert_eq!(page.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert!(refused["error"].as_str().unwrap().contains("HTML"), "{refused}");

    let before = archive.entries().await;
    let forged = browser.upload("0000", "c.pdf", b"%PDF-1.4 other", true).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
    assert_eq!(archive.entries().await, before);
    assert!(archive.on_the_way().is_empty());
}

#[tokio::test]
async fn nothing_foreign_is_heard_and_nothing_foreign_is_loaded() {
    let archive = archive().await;
    let mut browser = Browser::on(&archive).await;
    let page = browser.get("/").await;
    let policy = page.header("content-security-policy");
    assert!(
        policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
        "{policy}"
    );
    let (_, nonce) = policy.split_once("'nonce-").unwrap();
    let nonce = nonce.split('\'').next().unwrap();
    assert!(page.text().contains(&format!("<style nonce=\"{nonce}\"")));
    assert!(!browser.get("/").await.text().contains(nonce), "a nonce is used once");
    assert_eq!(page.header("referrer-policy"), "same-origin");

    let before = archive.entries().await;
    let fields = [("household_no", NOBODY), ("head", "某某")];
    browser.token = "f".repeat(64);
    let forged = browser.post("/household/open", &fields).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
    assert!(forged.text().contains("这一次什么也没有存下"));
    let elsewhere =
        Browser::request(Method::POST, "/audit/verify").header("sec-fetch-site", "cross-site");
    assert_eq!(browser.send(elsewhere, Body::empty()).await.status, StatusCode::FORBIDDEN);
    let rebound = Request::builder().uri("/").header(header::HOST, "evil.example");
    let rebound = browser.send(rebound, Body::empty()).await;
    assert_eq!(rebound.status, StatusCode::MISDIRECTED_REQUEST);
    assert!(!rebound.text().contains("宋青"));
    assert_eq!(archive.entries().await, before);
}

#[tokio::test]
async fn what_is_not_there_is_said_in_the_frame() {
    let archive = archive().await;
    let mut browser = Browser::on(&archive).await;
    for (path, sentence) in [
        ("/nowhere", "没有这一页。"),
        ("/doc/99999", "没有第99999号件。"),
        ("/doc/abc", "没有这一页。"),
        ("/doc/99999/page/1.jpg", "没有第99999号件。"),
        ("/doc/1/page/one.jpg", "没有这一页。"),
        ("/household/9901", "户号是17位数字"),
        (&format!("/household/{NOBODY}"), "没有这一户"),
        (&format!("/volume/{ZHOU}"), "没有这一版案卷"),
    ] {
        let page = browser.get(path).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
        assert!(
            page.text().contains(sentence) && page.text().contains("请求号"),
            "{path}: {}",
            page.text()
        );
    }
    assert_eq!(browser.get("/intake/1/file").await.status, StatusCode::METHOD_NOT_ALLOWED);
    let refused = browser.get("/search?q=%22%E5%91%A8").await;
    assert!(refused.status.is_success() && refused.text().contains("引号没有成对。"));
}

#[tokio::test]
async fn a_damaged_file_is_neither_shown_nor_given_out() {
    let (archive, id) = archive_with_a_paper().await;
    let mut browser = Browser::on(&archive).await;
    let sha256 = yidang::model::id::Digest::of(&notice());
    archive.damage(sha256).await;
    for path in [format!("/doc/{id}/file/1"), format!("/doc/{id}/page/1.jpg")] {
        let answer = browser.get(&path).await;
        assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR, "{path}");
        assert!(answer.text().contains("存着的内容与存证不符"), "{path}");
    }
    let viewer = browser.get(&format!("/doc/{id}")).await.text();
    assert!(viewer.contains("这份原文与存证不符") && !viewer.contains("data-page "));

    let started = browser.post("/audit/verify", &[]).await;
    assert_eq!(started.header("location"), "/audit");
    for _ in 0..200 {
        let page = browser.get("/audit").await.text();
        if page.contains("1份内容变了") {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the verification did not end: {}", browser.get("/audit").await.text());
}
