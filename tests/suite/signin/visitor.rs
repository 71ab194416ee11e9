//! Somebody at the pages, from an address of their own: a browser that keeps its
//! cookies and reads the token of the forms.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use tower::ServiceExt;
use yidang::app::App;
use yidang::web;

/// What came back.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    /// Where it leads.
    pub fn to(&self) -> &str {
        let status = self.status;
        assert_eq!(status, StatusCode::SEE_OTHER, "{}", self.text);
        self.headers[header::LOCATION].to_str().unwrap()
    }

    /// What stands between two texts.
    pub fn between(&self, before: &str, after: &str) -> &str {
        let rest = self.text.split_once(before).unwrap_or_else(|| panic!("{}", self.text)).1;
        rest.split_once(after).unwrap().0
    }

    pub fn says(&self, words: &str) {
        assert!(self.text.contains(words), "{words} is not in {}", self.text);
    }
}

#[derive(Clone)]
pub struct Visitor {
    router: Router,
    /// From where, as a proxy that is trusted tells it.
    pub address: String,
    pub cookies: BTreeMap<String, String>,
    /// Headers of every request, beside.
    pub headers: Vec<(&'static str, String)>,
}

/// Answers go through a proxy on this machine, which the settings have to trust.
pub const SETTINGS: &str = "[proxy]\ntrusted = [\"127.0.0.1\"]\n";

impl Visitor {
    pub fn new(app: &Arc<App>, address: &str) -> Self {
        Self {
            router: web::router(Arc::clone(app)),
            address: address.into(),
            cookies: BTreeMap::new(),
            headers: Vec::new(),
        }
    }

    pub async fn send(&mut self, method: Method, path: &str, kind: &str, body: String) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("x-forwarded-for", &self.address)
            .header("x-forwarded-proto", "https")
            .header(header::CONTENT_TYPE, kind);
        if !self.headers.iter().any(|(name, _)| *name == "host") {
            request = request.header(header::HOST, "localhost");
        }
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        let pairs = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
        request = request.header(header::COOKIE, pairs.collect::<Vec<_>>().join("; "));
        let answer =
            self.router.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
        let (parts, body) = answer.into_parts();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            match value {
                "" => drop(self.cookies.remove(name)),
                value => drop(self.cookies.insert(name.into(), value.into())),
            }
        }
        let bytes = body.collect().await.unwrap().to_bytes();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status: parts.status, headers: parts.headers, text }
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, "text/plain", String::new()).await
    }

    /// Posts a form with the token that the forms at `from` have.
    pub async fn post_from(&mut self, from: &str, to: &str, fields: &[(&str, &str)]) -> Answer {
        let page = self.get(from).await;
        let token = page.between("name=\"csrf\" value=\"", "\"").to_owned();
        self.post_with(&token, to, fields).await
    }

    /// Posts the form of the page at this address.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.post_from(path, path, fields).await
    }

    pub async fn post_with(&mut self, token: &str, to: &str, fields: &[(&str, &str)]) -> Answer {
        let mut body = format!("csrf={}", web::text::query_value(token));
        for (name, value) in fields {
            body.push_str(&format!("&{name}={}", web::text::query_value(value)));
        }
        self.send(Method::POST, to, "application/x-www-form-urlencoded", body).await
    }

    pub async fn sign_in(&mut self, login: &str, password: &str) -> Answer {
        self.post("/signin", &[("login", login), ("password", password)]).await
    }

    /// Whether pages are open to the visitor.
    pub async fn is_in(&mut self) -> bool {
        self.get("/me").await.status == StatusCode::OK
    }

    /// Asks the API with something in `Authorization`.
    pub async fn api(&mut self, method: Method, path: &str, shown: &str, body: &str) -> Answer {
        let kept = (self.headers.clone(), std::mem::take(&mut self.cookies));
        self.headers.push(("authorization", format!("Bearer {shown}")));
        let answer = self.send(method, path, "application/json", body.to_owned()).await;
        (self.headers, self.cookies) = kept;
        answer
    }
}
