//! Where a request comes from. A proxy that the settings trust is believed when
//! it says so in headers; from others such headers are dropped. After this the
//! request says the truth: `Host` is what the person asked for, and [`Origin`]
//! who and over what.

use std::net::IpAddr;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::{HOST, USER_AGENT};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::state::Web;
use crate::config::is_loopback;
use crate::signin::Caller;

/// Headers in which proxies tell; none of them reaches a handler.
const TOLD: [&str; 6] = [
    "x-forwarded-for",
    "x-forwarded-proto",
    "x-forwarded-host",
    "x-forwarded-port",
    "x-real-ip",
    "forwarded",
];

/// Who is at the other end of a connection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer {
    /// Its address.
    pub(crate) address: IpAddr,
    /// Whether the connection is protected by TLS.
    pub(crate) tls: bool,
}

/// Where a request comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Origin {
    /// The address of whoever asks, as far as it is known.
    pub(crate) address: IpAddr,
    /// Whether it came over a protected connection.
    pub(crate) secure: bool,
}

/// Finds out where a request comes from. A request that was not made over a
/// connection, as in tests, comes from this machine.
pub(crate) async fn tell(State(web): State<Web>, mut request: Request, next: Next) -> Response {
    let here = Peer { address: IpAddr::from([127, 0, 0, 1]), tls: false };
    let peer = request.extensions().get::<Peer>().copied().unwrap_or(here);
    let told = origin(peer, &web.app.config.proxy.trusted, request.headers());
    let Some((origin, host)) = told else {
        let sentence = "The proxy does not say that it was asked over https \
                        (X-Forwarded-Proto: https); nothing is answered in the clear.\n";
        return (StatusCode::FORBIDDEN, sentence).into_response();
    };
    for name in TOLD {
        request.headers_mut().remove(name);
    }
    if let Some(host) = host {
        request.headers_mut().insert(HOST, host);
    }
    request.extensions_mut().insert(origin);
    next.run(request).await
}

/// Who asks, before it is known who that is.
#[derive(Debug)]
pub(crate) struct Calling {
    address: IpAddr,
    agent: String,
    /// How this server is called by them: scheme and host.
    pub(crate) base: String,
}

impl Calling {
    /// As the use cases take it.
    pub(crate) fn caller(&self) -> Caller<'_> {
        Caller { address: self.address, agent: &self.agent }
    }
}

impl<S: Sync> FromRequestParts<S> for Calling {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let here = Origin { address: IpAddr::from([127, 0, 0, 1]), secure: false };
        let Origin { address, secure } = parts.extensions.get().copied().unwrap_or(here);
        let text = |name| parts.headers.get(name).and_then(|value| value.to_str().ok());
        // The name was looked at before: it is one of ours.
        let host = text(HOST).or_else(|| parts.uri.authority().map(|one| one.as_str()));
        let scheme = if secure { "https" } else { "http" };
        Ok(Self {
            address,
            agent: text(USER_AGENT).unwrap_or_default().to_owned(),
            base: format!("{scheme}://{}", host.unwrap_or_default()),
        })
    }
}

/// Where a request comes from, and for which host where a proxy says so; none
/// when a proxy hands on what came to it unprotected, from another machine.
fn origin(
    peer: Peer,
    trusted: &[IpAddr],
    headers: &HeaderMap,
) -> Option<(Origin, Option<HeaderValue>)> {
    let proxied = TOLD.iter().any(|name| headers.contains_key(*name));
    if !trusted.contains(&peer.address.to_canonical()) || !proxied {
        return Some((Origin { address: peer.address, secure: peer.tls }, None));
    }
    // What stands last was put there by the proxy itself, what stands first by
    // anybody.
    let last = |name: &str| {
        let value = headers.get_all(name).iter().next_back()?.to_str().ok()?;
        value.rsplit(',').next().map(|value| value.trim().to_owned())
    };
    let host = last("x-forwarded-host");
    let asked = host.as_deref().or_else(|| headers.get(HOST)?.to_str().ok()).unwrap_or_default();
    let secure = last("x-forwarded-proto").is_some_and(|one| one.eq_ignore_ascii_case("https"));
    if !secure && !is_loopback(asked) {
        return None;
    }
    let host = match host {
        Some(host) => Some(HeaderValue::try_from(host).ok()?),
        None => None,
    };
    Some((Origin { address: farthest(peer.address, trusted, headers), secure }, host))
}

/// The last address on the way here that is no proxy of ours.
fn farthest(peer: IpAddr, trusted: &[IpAddr], headers: &HeaderMap) -> IpAddr {
    let lines: Vec<&str> =
        headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok()).collect();
    let mut address = peer;
    for step in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
        // What is no address was not put there by a proxy of ours.
        let Ok(said) = step.trim().parse::<IpAddr>() else { break };
        address = said.to_canonical();
        if !trusted.contains(&address) {
            break;
        }
    }
    address
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn told(
        peer: &str,
        headers: &[(&'static str, &'static str)],
    ) -> Option<(Origin, Option<String>)> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, HeaderValue::from_static(value));
        }
        let peer = Peer { address: ip(peer), tls: false };
        let (origin, host) = origin(peer, &[ip("10.0.0.5"), ip("10.0.0.6")], &map)?;
        Some((origin, host.map(|host| host.to_str().unwrap().to_owned())))
    }

    #[test]
    fn only_a_proxy_of_ours_is_believed() {
        let forged = [
            ("x-forwarded-for", "127.0.0.1"),
            ("x-forwarded-proto", "https"),
            ("x-forwarded-host", "yidang.example"),
        ];
        let (origin, host) = told("10.0.0.9", &forged).unwrap();
        assert_eq!(origin, Origin { address: ip("10.0.0.9"), secure: false });
        assert_eq!(host, None);
        let (origin, host) = told("10.0.0.5", &forged).unwrap();
        assert_eq!(origin, Origin { address: ip("127.0.0.1"), secure: true });
        assert_eq!(host.as_deref(), Some("yidang.example"));
    }

    #[test]
    fn what_a_stranger_put_before_the_proxy_counts_for_nothing() {
        let headers = [
            ("x-forwarded-for", "1.2.3.4, 203.0.113.9"),
            ("x-forwarded-proto", "http, https"),
            ("x-forwarded-host", "evil.example, yidang.example"),
        ];
        let (origin, host) = told("10.0.0.5", &headers).unwrap();
        assert_eq!(origin, Origin { address: ip("203.0.113.9"), secure: true });
        assert_eq!(host.as_deref(), Some("yidang.example"));
        // Two proxies of ours, one behind the other, in two lines.
        let headers = [
            ("x-forwarded-for", "1.2.3.4, 203.0.113.9"),
            ("x-forwarded-for", "10.0.0.6"),
            ("x-forwarded-proto", "https"),
        ];
        assert_eq!(told("::ffff:10.0.0.5", &headers).unwrap().0.address, ip("203.0.113.9"));
        let headers = [("x-forwarded-for", "203.0.113.9, unknown"), ("x-forwarded-proto", "https")];
        assert_eq!(told("10.0.0.5", &headers).unwrap().0.address, ip("10.0.0.5"));
    }

    #[test]
    fn a_proxy_hands_on_nothing_that_came_in_the_clear() {
        let host = ("host", "yidang.example");
        assert_eq!(told("10.0.0.5", &[host, ("x-forwarded-for", "203.0.113.9")]), None);
        let clear = [host, ("x-forwarded-proto", "http")];
        assert_eq!(told("10.0.0.5", &clear), None);
        assert!(
            told("10.0.0.5", &[("host", "localhost"), ("x-forwarded-for", "127.0.0.1")]).is_some()
        );
    }
}
