//! Who asks: the session whose key the request carries. A page carries it in a
//! cookie, a program in `Authorization`; neither is taken for the other, so
//! that no page of another site can make a browser act as a program.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::Response;

use super::session::cookie;
use super::state::Web;
use crate::guests::{self, Visit};
use crate::model::access::{Actor, Right};
use crate::model::people::Person;
use crate::sessions::{self, Key};

/// The cookie that holds the key of a session. Its prefix makes browsers keep
/// it to this host and to a protected connection; this machine itself counts
/// as one.
const COOKIE: &str = "__Host-yidang";

/// Who asks.
#[derive(Debug, Clone)]
pub(crate) struct Identity {
    /// The key of the session.
    pub(crate) key: Key,
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
    let api = request.uri().path().starts_with("/api/");
    let headers = request.headers();
    let key = if api { bearer(headers) } else { cookie(headers, COOKIE) };
    if let Some(key) = key.and_then(Key::parse) {
        match sessions::identify(&web.app, &key).await {
            Ok(Some((person, actor))) => {
                request.extensions_mut().insert(Identity { key, person, actor });
            }
            // A browser may be that of a visitor; a program never is.
            Ok(None) if !api => match guests::identify(&web.app, &key).await {
                Ok(Some(visit)) => {
                    request.extensions_mut().insert(Visitor { key, visit });
                }
                Ok(None) => {}
                Err(error) => tracing::error!(%error, "who visits is not known"),
            },
            Ok(None) => {}
            Err(error) => tracing::error!(%error, "who asks is not known"),
        }
    }
    next.run(request).await
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
