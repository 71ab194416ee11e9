//! What every request passes before a handler sees it, and what every answer
//! carries: only this machine, only our own pages, nothing foreign.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::api::same_site;
use super::origin::Origin;
use crate::app::App;
use crate::config::{Config, is_loopback};

/// What an answer may do that says nothing else: nothing.
const POLICY: &str =
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// What every answer carries unless it says otherwise.
const HEADERS: [(&str, &str); 10] = [
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("content-security-policy", POLICY),
    ("cross-origin-embedder-policy", "require-corp"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
    ("cache-control", "no-store"),
    // For browsers of long ago: the policy says the first better, and the second
    // was a filter that could be turned against the page.
    ("x-frame-options", "DENY"),
    ("x-xss-protection", "0"),
];

/// The policy of a page whose own style block has this nonce.
pub(crate) fn policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; \
         img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'"
    )
}

/// For a year, this name is asked for over protected connections only.
const ALWAYS_PROTECTED: (&str, &str) = ("strict-transport-security", "max-age=31536000");

/// Adds what every answer carries.
pub(crate) async fn headers(request: Request, next: Next) -> Response {
    let secure = request.extensions().get::<Origin>().is_some_and(|origin| origin.secure);
    let here = host(request.headers(), authority(&request)).is_some_and(is_loopback);
    let mut response = next.run(request).await;
    if secure && !here {
        let (name, value) = ALWAYS_PROTECTED;
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    for (name, value) in HEADERS {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

/// Why a request is not heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Foreign {
    /// It came under this name, which is not one of this server: a name that
    /// was made to lead here would let its pages read the answers.
    Host(String),
    /// It changes something, and a page of another site sent it.
    Site,
}

/// Refuses what is foreign; the API says so in its own shape.
pub(crate) async fn check(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    if request.uri().path().starts_with("/api/") {
        return same_site(State(app), request, next).await;
    }
    match foreign(&app.config, request.method(), request.headers(), authority(&request)) {
        None => next.run(request).await,
        Some(Foreign::Host(_)) => {
            let sentence =
                "This server does not answer under this name; its names are in its settings.\n";
            (StatusCode::MISDIRECTED_REQUEST, sentence).into_response()
        }
        Some(Foreign::Site) => {
            let sentence = "Another site cannot change anything here.\n";
            (StatusCode::FORBIDDEN, sentence).into_response()
        }
    }
}

/// What HTTP/2 has in the place of `Host`.
fn authority(request: &Request) -> Option<&str> {
    request.uri().authority().map(axum::http::uri::Authority::as_str)
}

/// The one host that a request names; a value that is not text is no name.
fn host<'r>(headers: &'r HeaderMap, authority: Option<&'r str>) -> Option<&'r str> {
    let mut named = headers.get_all("host").iter().map(|value| value.to_str().unwrap_or("?"));
    match (named.next(), named.next()) {
        (Some(host), None) => Some(host),
        (None, _) => authority,
        _ => None,
    }
}

/// Why a request is not heard; none when it is.
pub(crate) fn foreign(
    config: &Config,
    method: &Method,
    headers: &HeaderMap,
    authority: Option<&str>,
) -> Option<Foreign> {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let host = host(headers, authority).unwrap_or_default();
    if !config.is_called(host) {
        return Some(Foreign::Host(host.to_owned()));
    }
    // A page of another port on this machine is `same-site`, and not ours.
    let site = text("sec-fetch-site").is_some_and(|it| !matches!(it, "same-origin" | "none"));
    let origin = text("origin").is_some_and(|origin| {
        origin.split_once("://").is_none_or(|(_, from)| !from.eq_ignore_ascii_case(host))
    });
    (!method.is_safe() && (site || origin)).then_some(Foreign::Site)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn heard(method: &Method, pairs: &[(&'static str, &'static str)]) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, HeaderValue::from_static(value));
        }
        let config = Config { names: vec!["yidang.example".into()], ..Config::default() };
        foreign(&config, method, &headers, None).is_none()
    }

    #[test]
    fn only_names_of_this_server_are_answered() {
        assert!(heard(&Method::GET, &[("host", "localhost:8117")]));
        assert!(heard(&Method::GET, &[("host", "yidang.example")]));
        for bad in ["evil.example", "", "192.168.1.2"] {
            assert!(!heard(&Method::GET, &[("host", bad)]), "{bad}");
        }
        assert!(!heard(&Method::GET, &[]));
        let two = [("host", "localhost"), ("host", "evil.example")];
        assert!(!heard(&Method::GET, &two), "one name and no other");
    }

    #[test]
    fn a_page_of_another_site_changes_nothing() {
        let host = ("host", "127.0.0.1:8117");
        assert!(heard(&Method::POST, &[host]));
        assert!(heard(&Method::POST, &[host, ("origin", "http://127.0.0.1:8117")]));
        assert!(heard(&Method::POST, &[host, ("sec-fetch-site", "same-origin")]));
        for theirs in [
            ("origin", "http://evil.example"),
            ("origin", "null"),
            ("origin", "http://127.0.0.1:9999"),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
        ] {
            assert!(!heard(&Method::POST, &[host, theirs]), "{theirs:?}");
            assert!(heard(&Method::GET, &[host, theirs]), "a link from elsewhere: {theirs:?}");
        }
    }
}
