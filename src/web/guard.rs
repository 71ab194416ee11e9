//! What every request passes before a handler sees it, and what every answer
//! carries: only this machine, only our own pages, nothing foreign.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// What an answer may do that says nothing else: nothing.
const POLICY: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// What every answer carries unless it says otherwise.
const HEADERS: [(&str, &str); 7] = [
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("content-security-policy", POLICY),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
    ("cache-control", "no-store"),
];

/// The policy of a page whose own style block has this nonce.
pub(crate) fn policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; \
         img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'"
    )
}

/// Adds what every answer carries.
pub(crate) async fn headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    for (name, value) in HEADERS {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

/// Refuses requests that come under a foreign name, as a page of another site
/// that had its name pointed here would send them, and changes that a page of
/// another site asks for.
pub(crate) async fn check(request: Request, next: Next) -> Response {
    let headers = request.headers();
    let host = text(headers, header::HOST).or_else(|| request.uri().host());
    if host.is_some_and(|host| !is_loopback(host)) {
        let sentence = "This server answers only under localhost, 127.0.0.1 or [::1].\n";
        return (StatusCode::MISDIRECTED_REQUEST, sentence).into_response();
    }
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if !reads && is_foreign(headers, host) {
        let sentence = "Another site cannot change anything here.\n";
        return (StatusCode::FORBIDDEN, sentence).into_response();
    }
    next.run(request).await
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    // A value that is not text is no name of ours.
    headers.get(name).map(|value| value.to_str().unwrap_or("?"))
}

/// Whether a Host names this machine, with or without a port.
fn is_loopback(host: &str) -> bool {
    let name = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((name, _)) => name,
        None => host.rsplit_once(':').map_or(host, |(name, _)| name),
    };
    name.eq_ignore_ascii_case("localhost")
        || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Whether the browser says that a page of another origin sent this. Programs
/// that are no browser say nothing.
fn is_foreign(headers: &HeaderMap, host: Option<&str>) -> bool {
    let site = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
    let ours = |origin: &str| {
        origin.split_once("://").is_some_and(|(_, of)| Some(of) == host)
    };
    match (site, text(headers, header::ORIGIN)) {
        (Some(b"same-origin" | b"none"), _) => false,
        (Some(_), _) => true,
        (None, Some(origin)) => !ours(origin),
        (None, None) => false,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_machine_are_answered() {
        for good in ["localhost", "localhost:8117", "127.0.0.1:8117", "127.8.0.1", "[::1]:80", "[::1]"] {
            assert!(is_loopback(good), "{good}");
        }
        for bad in ["evil.example", "127.0.0.1.evil.example:80", "192.168.1.2", "[::]:80", "", "localhost.evil:1"] {
            assert!(!is_loopback(bad), "{bad}");
        }
    }

    #[test]
    fn a_page_of_another_site_changes_nothing() {
        let headers = |pairs: &[(&'static str, &'static str)]| -> HeaderMap {
            pairs
                .iter()
                .map(|(name, value)| ((*name).parse().unwrap(), HeaderValue::from_static(value)))
                .collect()
        };
        let host = Some("127.0.0.1:8117");
        for ours in [
            headers(&[]),
            headers(&[("origin", "http://127.0.0.1:8117")]),
            headers(&[("sec-fetch-site", "same-origin")]),
        ] {
            assert!(!is_foreign(&ours, host), "{ours:?}");
        }
        for theirs in [
            headers(&[("origin", "http://evil.example")]),
            headers(&[("origin", "null")]),
            headers(&[("origin", "http://127.0.0.1:9999")]),
            headers(&[("sec-fetch-site", "cross-site")]),
            headers(&[("sec-fetch-site", "same-site")]),
        ] {
            assert!(is_foreign(&theirs, host), "{theirs:?}");
        }
    }
}
