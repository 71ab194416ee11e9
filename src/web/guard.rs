//! What every request passes before a handler sees it, and what every answer
//! carries: only this machine, only our own pages, nothing foreign.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// What an answer may do that says nothing else: nothing.
const POLICY: &str =
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

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

/// Why a request is not heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Foreign {
    /// It came under this name, which is not one of this machine: a name that
    /// was made to lead here would let its pages read the answers.
    Host(String),
    /// It changes something, and a page of another site sent it.
    Site,
}

/// Refuses what is foreign. The API does so itself, in its own shape.
pub(crate) async fn check(request: Request, next: Next) -> Response {
    if request.uri().path().starts_with("/api/") {
        return next.run(request).await;
    }
    let authority = request.uri().authority().map(axum::http::uri::Authority::as_str);
    match foreign(request.method(), request.headers(), authority) {
        None => next.run(request).await,
        Some(Foreign::Host(_)) => {
            let sentence = "This server answers only under localhost, 127.0.0.1 or [::1].\n";
            (StatusCode::MISDIRECTED_REQUEST, sentence).into_response()
        }
        Some(Foreign::Site) => {
            let sentence = "Another site cannot change anything here.\n";
            (StatusCode::FORBIDDEN, sentence).into_response()
        }
    }
}

/// Why a request is not heard; none when it is.
pub(crate) fn foreign(
    method: &Method,
    headers: &HeaderMap,
    authority: Option<&str>,
) -> Option<Foreign> {
    // A value that is not text is no name of ours.
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let host = text("host").or(authority).unwrap_or_default();
    if !is_loopback(host) {
        return Some(Foreign::Host(host.to_owned()));
    }
    // A page of another port on this machine is `same-site`, and not ours.
    let site = text("sec-fetch-site").is_some_and(|it| !matches!(it, "same-origin" | "none"));
    let origin = text("origin").is_some_and(|origin| {
        origin.split_once("://").is_none_or(|(_, from)| !from.eq_ignore_ascii_case(host))
    });
    (!method.is_safe() && (site || origin)).then_some(Foreign::Site)
}

/// Whether a `Host` names this machine and nothing else.
fn is_loopback(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    };
    let bare = name.strip_prefix('[').and_then(|name| name.strip_suffix(']'));
    match bare {
        Some(v6) => v6.parse::<std::net::Ipv6Addr>().is_ok_and(|one| one.is_loopback()),
        None => {
            name.eq_ignore_ascii_case("localhost")
                || name.parse::<std::net::Ipv4Addr>().is_ok_and(|one| one.is_loopback())
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn heard(method: &Method, pairs: &[(&'static str, &'static str)]) -> bool {
        let headers: HeaderMap = pairs
            .iter()
            .map(|(name, value)| ((*name).parse().unwrap(), HeaderValue::from_static(value)))
            .collect();
        foreign(method, &headers, None).is_none()
    }

    #[test]
    fn only_names_of_this_machine_are_answered() {
        for good in
            ["localhost", "LOCALHOST:8117", "127.0.0.1:8117", "127.8.0.1", "[::1]:80", "[::1]"]
        {
            assert!(heard(&Method::GET, &[("host", good)]), "{good}");
        }
        for bad in [
            "evil.example",
            "127.0.0.1.evil.example:80",
            "192.168.1.2",
            "[::]:80",
            "",
            "localhost.evil:1",
        ] {
            assert!(!heard(&Method::GET, &[("host", bad)]), "{bad}");
        }
        assert!(!heard(&Method::GET, &[]));
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
