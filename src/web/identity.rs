//! Who asks: the session whose key the request carries. A page carries it in a
//! cookie, a program in `Authorization`; neither is taken for the other, so
//! that no page of another site can make a browser act as a program.

use std::net::IpAddr;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::Response;

use super::error::Failure;
use super::origin::Origin;
use super::session::cookie;
use super::state::Web;
use crate::db::DbError;
use crate::guests::{self, Visit};
use crate::model::access::{Actor, Right};
use crate::model::id::Digest;
use crate::model::people::Person;
use crate::own;
use crate::sessions::{self, Key};

/// The cookie that holds the key of a session. Its prefix makes browsers keep
/// it to this host and to a protected connection; this machine itself counts
/// as one.
const COOKIE: &str = "__Host-yidang";
/// The cookie that holds the key of somebody who is half way in. It comes along
/// when a provider sends the browser back.
const HALF: &str = "__Host-yidang-half";

/// Who asks.
#[derive(Debug, Clone)]
pub(crate) struct Identity {
    /// The key of the session; none for a machine with a token.
    pub(crate) key: Option<Key>,
    /// Whose it is.
    pub(crate) person: Person,
    /// The person as one who acts.
    pub(crate) actor: Actor,
}

impl Identity {
    /// Whether the person may do `right`.
    pub(crate) fn may(&self, right: Right) -> bool {
        self.actor.may(right)
    }
}

/// Somebody without an account asks: one file is open to them.
#[derive(Debug, Clone)]
pub(crate) struct Visitor {
    /// The key of the session.
    pub(crate) key: Key,
    /// What is open.
    pub(crate) visit: Visit,
}

/// Finds out who asks, and hands it on with the request. A database that does
/// not answer is told by whoever needs to know.
pub(crate) async fn identify(State(web): State<Web>, mut request: Request, next: Next) -> Response {
    let key = cookie(request.headers(), COOKIE).and_then(Key::parse);
    let page = !request.uri().path().starts_with("/api/");
    match whose(&web, shown(&request)).await {
        Ok(Some(identity)) => drop(request.extensions_mut().insert(identity)),
        // A browser may be that of a visitor; a program never is.
        Ok(None) if page => {
            if let Some(visitor) = visiting(&web, key).await {
                request.extensions_mut().insert(visitor);
            }
        }
        Ok(None) => {}
        Err(error) => tracing::error!(%error, "who asks is not known"),
    }
    next.run(request).await
}

/// The visitor whose session this key opens.
async fn visiting(web: &Web, key: Option<Key>) -> Option<Visitor> {
    let key = key?;
    match guests::identify(&web.app, &key).await {
        Ok(visit) => visit.map(|visit| Visitor { key, visit }),
        Err(error) => {
            tracing::error!(%error, "who visits is not known");
            None
        }
    }
}

/// What a request shows.
enum Shown {
    /// The key of a session.
    Key(Key),
    /// Something else in `Authorization`: a token of a machine, perhaps.
    Other(String),
    Nothing,
}

/// A page takes no token, and a program no cookie.
fn shown(request: &Request) -> Shown {
    let headers = request.headers();
    let program = request.uri().path().starts_with("/api/");
    let key = if program { bearer(headers) } else { cookie(headers, COOKIE) };
    if let Some(key) = key.and_then(Key::parse) {
        return Shown::Key(key);
    }
    let other = headers.get(header::AUTHORIZATION).filter(|_| program);
    match other.and_then(|value| value.to_str().ok()) {
        Some(other) => Shown::Other(other.to_owned()),
        None => Shown::Nothing,
    }
}

async fn whose(web: &Web, shown: Shown) -> Result<Option<Identity>, DbError> {
    match shown {
        Shown::Key(key) => {
            let found = sessions::identify(&web.app, &key).await?;
            Ok(found.map(|(person, actor)| Identity { key: Some(key), person, actor }))
        }
        Shown::Other(other) => {
            let found = own::identify(&web.app, &other).await?;
            Ok(found.map(|(person, actor)| Identity { key: None, person, actor }))
        }
        Shown::Nothing => Ok(None),
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, key) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| key.trim())
}

/// The cookie that begins a session in a browser.
pub(crate) fn begin(key: &Key) -> String {
    format!("{COOKIE}={}; Path=/; Secure; HttpOnly; SameSite=Strict", key.secret())
}

/// The cookie that ends it.
pub(crate) fn end() -> String {
    format!("{COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0")
}

/// The cookie of somebody who is half way in.
pub(crate) fn half(key: &str) -> String {
    format!("{HALF}={key}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=600")
}

/// The cookie that ends being half way.
pub(crate) fn end_half() -> String {
    format!("{HALF}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0")
}

/// What somebody who is half way in holds.
pub(crate) fn held(headers: &HeaderMap) -> Option<&str> {
    cookie(headers, HALF).filter(|key| !key.is_empty())
}

/// Somebody who is signed in, and comes for what is their own.
#[derive(Debug)]
pub(crate) struct Own {
    /// Who.
    pub(crate) identity: Identity,
    session: Digest,
    address: IpAddr,
}

impl Own {
    /// As the use cases take it.
    pub(crate) fn me(&self) -> own::Me<'_> {
        own::Me { person: &self.identity.person, session: self.session, address: self.address }
    }

    /// Whoever asks; none without a session.
    pub(crate) fn of(parts: &Parts) -> Option<Self> {
        let identity = parts.extensions.get::<Identity>()?.clone();
        let session = identity.key.as_ref().map(Key::digest)?;
        let origin = parts.extensions.get::<Origin>();
        let address = origin.map_or(IpAddr::from([127, 0, 0, 1]), |origin| origin.address);
        Some(Self { identity, session, address })
    }
}

impl FromRequestParts<Web> for Own {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &Web) -> Result<Self, Failure> {
        Self::of(parts).ok_or_else(Failure::no_session)
    }
}
