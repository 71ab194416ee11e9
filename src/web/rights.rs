//! Which right each address needs: the one table of all routes, whose rows stand in `table`. An address that
//! is not in it is refused, so a new one cannot be forgotten; a test asks every
//! row as every role, and compares with the matrix printed in `docs/access.md`.

mod table;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::api::Problem;
use super::error::Failure;
use super::identity::{Identity, Visitor};
use super::state::Web;
use crate::looks;
use crate::model::access::Right;
use crate::model::look::{Kind, Look};
use crate::model::mask;

/// Who may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gate {
    /// Everybody: it shows nothing of the archive.
    Public,
    /// Whoever is signed in and has the right. Records are filtered by the
    /// scope of the person besides.
    Needs(Right),
    /// Whoever has both: what is looked through may be taken out.
    Both(Right, Right),
    /// Whoever has one of the two: both have part in it.
    Either(Right, Right),
}

impl Gate {
    /// Whether somebody who may do what `may` says is let through; nobody who is
    /// not signed in asks here.
    #[must_use]
    pub fn lets(self, may: impl Fn(Right) -> bool) -> bool {
        match self {
            Self::Public => true,
            Self::Needs(right) => may(right),
            Self::Both(one, other) => may(one) && may(other),
            Self::Either(one, other) => may(one) || may(other),
        }
    }

    /// A right that somebody lacks who is not let through.
    fn lacking(self, may: impl Fn(Right) -> bool) -> Right {
        match self {
            Self::Public => Right::Own,
            Self::Needs(right) | Self::Either(right, _) => right,
            Self::Both(one, other) => {
                if may(one) {
                    other
                } else {
                    one
                }
            }
        }
    }
}

/// A row of the table: method, address as the router has it, who may ask.
pub type Row = (Method, &'static str, Gate);

use Gate::{Needs, Public};
use Right as R;

/// Every route.
pub fn rows() -> impl Iterator<Item = &'static Row> {
    table::PAGES.iter().chain(table::API)
}

/// Who may ask `method` of `path`, as the router has it; none when the table
/// does not say, and then nobody may.
#[must_use]
pub fn gate(method: &Method, path: &str) -> Option<Gate> {
    // What may be read may be asked about.
    let method = if method == Method::HEAD { &Method::GET } else { method };
    rows().find(|(one, at, _)| one == method && *at == path).map(|(.., gate)| *gate)
}

/// Passes a request on when the person may ask it; that somebody else tried is
/// noted.
pub(crate) async fn allow(State(web): State<Web>, request: Request, next: Next) -> Response {
    let path = request.extensions().get::<MatchedPath>().map_or("", |path| path.as_str());
    let api = path.starts_with("/api/");
    let identity = request.extensions().get::<Identity>();
    // Whoever sits at the counter finds the own pages and nothing else: every
    // other address is as if it were not there, whether it is or not.
    if let Some(visitor) = request.extensions().get::<Visitor>().cloned() {
        let drawn = matches!(path, "/assets/{file}" | "/lang/{code}");
        let own = gate(request.method(), path) == Some(Needs(R::Visit));
        if drawn || own {
            return next.run(request).await;
        }
        let asked = format!("{} {}", request.method(), request.uri().path());
        if let Err(error) = looks::denies(&web.app, &visitor.visit.actor(), &asked).await {
            tracing::error!(%error, "a refused attempt of a visitor was not noted");
        }
        return Failure::not_here().into_response();
    }
    match (gate(request.method(), path), identity) {
        (Some(Public), _) => next.run(request).await,
        (Some(gate), Some(one)) if gate.lets(|right| one.may(right)) => {
            // What is asked for to be seen notes itself when it is not shown.
            let attempt = match *request.method() {
                Method::GET | Method::HEAD => None,
                _ => meant(path, request.uri().path()),
            };
            let actor = one.actor.clone();
            let answer = next.run(request).await;
            if let Some(look) = attempt.filter(|_| answer.status() == StatusCode::NOT_FOUND)
                && let Err(error) = looks::attempts(&web.app, &actor, look).await
            {
                tracing::error!(%error, "an attempt at what is not shown was not noted");
            }
            answer
        }
        // Somebody may go there, but not this person.
        (Some(gate), Some(Identity { actor, .. })) => {
            let right = gate.lacking(|right| actor.may(right));
            let asked = format!("{} {}", request.method(), request.uri().path());
            if let Err(error) = looks::denies(&web.app, actor, &asked).await {
                let asked = mask::numbers(&asked);
                tracing::error!(%error, asked, "a refused attempt was not noted");
            }
            match api {
                true => Problem::denied(right).into_response(),
                false => Failure::denied(right).into_response(),
            }
        }
        (Some(_), None) if api => Problem::no_session().into_response(),
        // A visit that is over leads to no door of the office.
        (Some(Needs(R::Visit)), None) => super::session::go("/guest/over"),
        (Some(_), None) if request.method() == Method::GET => {
            let here = request.uri().path_and_query().map_or("/", |here| here.as_str());
            super::session::go_to_sign_in(here)
        }
        (Some(_), None) => Failure::no_session().into_response(),
        // The address takes another method, or nobody said who may.
        (None, _) if api && known(path) => Problem::no_method().into_response(),
        (None, _) if api => Problem::no_route().into_response(),
        (None, _) if known(path) => StatusCode::METHOD_NOT_ALLOWED.into_response(),
        (None, _) => Failure::not_here().into_response(),
    }
}

/// The paper or the household's file that an address names: `path` is the address as
/// the router has it, `uri` as it was asked for.
fn meant(path: &str, uri: &str) -> Option<Look> {
    let mut before = "";
    for (part, value) in path.split('/').zip(uri.split('/')) {
        match (before, part) {
            ("doc" | "documents" | "intake", "{id}") => {
                return Some(Look::new(Kind::Open).at(value.parse().ok()?));
            }
            ("household" | "households", "{no}") => {
                let household = Some(value.parse().ok()?);
                return Some(Look { household, ..Look::new(Kind::Open) });
            }
            _ => before = part,
        }
    }
    None
}

fn known(path: &str) -> bool {
    rows().any(|(_, at, _)| *at == path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_what_is_meant() {
        let meant = |path, uri| meant(path, uri).map(|look| (look.document, look.household));
        let paper = meant("/api/v1/documents/{id}/join", "/api/v1/documents/38/join");
        assert_eq!(paper.and_then(|(id, _)| id).map(|id| id.0), Some(38));
        let file = meant("/household/{no}/bind", "/household/99010200300400001/bind");
        assert!(file.is_some_and(|(_, no)| no.is_some()));
        assert!(meant("/lending/{id}/decide", "/lending/38/decide").is_none());
        assert!(meant("/doc/{id}/correct", "/doc/x/correct").is_none());
    }

    #[test]
    fn no_address_has_two_answers() {
        for (at, (method, path, _)) in rows().enumerate() {
            let twice = rows().take(at).any(|(m, p, _)| m == method && p == path);
            assert!(!twice, "{method} {path}");
        }
    }

    #[test]
    fn every_operation_of_the_api_has_a_row_and_every_row_an_operation() {
        let api = serde_json::to_value(crate::web::api::openapi()).unwrap_or_default();
        let mut described = std::collections::BTreeSet::new();
        for (path, item) in api["paths"].as_object().into_iter().flatten() {
            for (method, _) in item.as_object().into_iter().flatten() {
                described.insert(format!("{} /api/v1{path}", method.to_uppercase()));
            }
        }
        let mut listed: std::collections::BTreeSet<_> = rows()
            .filter(|(_, path, _)| path.starts_with("/api/"))
            .map(|(method, path, _)| format!("{method} {path}"))
            .collect();
        assert!(listed.remove("GET /api/v1/openapi.json"));
        assert_eq!(described, listed);
    }

    #[test]
    fn every_page_the_router_has_is_listed() {
        let router = include_str!("router.rs");
        let flat: String = router.split_whitespace().collect();
        let paths: Vec<&str> =
            flat.split(".route(\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert!(paths.len() > 20);
        for path in &paths {
            assert!(known(path), "{path}");
        }
        for (_, path, _) in rows().filter(|(_, path, _)| !path.starts_with("/api/")) {
            assert!(paths.contains(path), "{path} is not routed");
        }
    }
}
