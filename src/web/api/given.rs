//! What a request gives, checked before any use case sees it: the acting
//! person, the parts of the address, the query, the JSON body. Keys that are
//! not known are refused, since a filter misspelt would silently filter
//! nothing.

use std::str::FromStr;
use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::JsonRejection;
use axum::extract::{
    FromRequest, FromRequestParts, OptionalFromRequest, Path, Query, RawPathParams, Request,
};
use axum::http::request::Parts;
use bytes::Bytes;
use jiff::civil::Date;
use percent_encoding::percent_decode;
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};

use super::problem::{Problem, sentence};
use crate::app::App;
use crate::living::LivingError;
use crate::looks;
use crate::model::access::Actor;
use crate::model::id::HouseholdNo;
use crate::model::look::{Reason, ReasonError};
use crate::model::table::{MOST_BYTES, SheetError};
use crate::web::identity::{Identity, Own};

/// The header in which a program says why it looks.
const REASON: &str = "yidang-reason";

/// The acting person. The one place where a request gets one.
pub(super) struct Acting(pub(super) Actor);

impl FromRequestParts<Arc<App>> for Acting {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let Some(Identity { actor, .. }) = parts.extensions.get().cloned() else {
            return Err(Problem::no_session());
        };
        if let Some(reason) = parts.headers.get(REASON).cloned() {
            keep_reason(parts, app, &actor, reason.as_bytes()).await?;
        }
        Ok(Self(actor))
    }
}

/// Keeps the reason of a request for the household in whose file its address
/// leads. Where it leads to none that this person may see, nothing is kept and
/// nothing said: the handler refuses as always.
async fn keep_reason(
    parts: &mut Parts,
    app: &Arc<App>,
    actor: &Actor,
    reason: &[u8],
) -> Result<(), Problem> {
    let text = percent_decode(reason).decode_utf8().map_err(|_| ReasonError::Control)?;
    let reason: Reason = text.parse()?;
    let Ok(named) = RawPathParams::from_request_parts(parts, app).await else { return Ok(()) };
    let value = |name| named.iter().find(|(one, _)| *one == name).map(|(_, value)| value);
    let no = match (value("no").map(str::parse::<HouseholdNo>), value("id").map(str::parse)) {
        (Some(Ok(no)), _) => Some(no),
        (_, Some(Ok(id))) => looks::household_of(app, actor, id).await?,
        _ => None,
    };
    if let Some(no) = no {
        looks::give_reason(app, actor, &no, &reason).await?;
    }
    Ok(())
}

/// Whoever is signed in and comes for what is their own; never a machine with a
/// token.
pub(super) struct Mine(pub(super) Own);

impl<S: Sync> FromRequestParts<S> for Mine {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Own::of(parts).map(Self).ok_or_else(Problem::no_session)
    }
}

/// The parts of the address.
pub(super) struct Named<T>(pub(super) T);

impl<T, S> FromRequestParts<S> for Named<T>
where
    T: DeserializeOwned + Send,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Path::from_request_parts(parts, state).await {
            Ok(Path(value)) => Ok(Self(value)),
            Err(wrong) => Err(Problem::malformed("bad_address", wrong.body_text())),
        }
    }
}

/// The query.
pub(super) struct Asked<T>(pub(super) T);

impl<T, S> FromRequestParts<S> for Asked<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Query::from_request_parts(parts, state).await {
            Ok(Query(value)) => Ok(Self(value)),
            Err(wrong) => Err(Problem::malformed("bad_query", wrong.body_text())),
        }
    }
}

/// The query, of which a key may be there several times.
pub(super) struct Repeated<T>(pub(super) T);

impl<T, S> FromRequestParts<S> for Repeated<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        match serde_html_form::from_str(parts.uri.query().unwrap_or_default()) {
            Ok(value) => Ok(Self(value)),
            Err(wrong) => Err(Problem::malformed("bad_query", wrong.to_string())),
        }
    }
}

/// No query at all.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Nothing {}

/// The JSON body, of no more bytes than a form may have.
pub(super) struct Given<T>(pub(super) T);

impl<T, S> FromRequest<S> for Given<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        match <Json<T> as FromRequest<S>>::from_request(request, state).await {
            Ok(Json(value)) => Ok(Self(value)),
            Err(wrong) => Err(not_json(&wrong)),
        }
    }
}

impl<T, S> OptionalFromRequest<S> for Given<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Option<Self>, Problem> {
        match <Json<T> as OptionalFromRequest<S>>::from_request(request, state).await {
            Ok(given) => Ok(given.map(|Json(value)| Self(value))),
            Err(wrong) => Err(not_json(&wrong)),
        }
    }
}

fn not_json(wrong: &JsonRejection) -> Problem {
    let problem = Problem::new(wrong.status(), "bad_body", sentence(&wrong.body_text()));
    match wrong {
        JsonRejection::MissingJsonContentType(_) => {
            problem.hint("send JSON, with the header Content-Type: application/json")
        }
        _ => problem.hint("what each address takes is in /api/v1/openapi.json"),
    }
}

/// A table that is sent as the body, of no more bytes than one may have.
pub(super) async fn sheet(body: Body) -> Result<Bytes, Problem> {
    let bytes = axum::body::to_bytes(body, MOST_BYTES).await;
    Ok(bytes.map_err(|_| LivingError::Sheet(SheetError::Large))?)
}

/// A number from `MIN` to `MAX`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Within<const MIN: u32, const MAX: u32>(pub(super) u32);

impl<'de, const MIN: u32, const MAX: u32> Deserialize<'de> for Within<MIN, MAX> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        match u32::deserialize(from)? {
            number if (MIN..=MAX).contains(&number) => Ok(Self(number)),
            number => Err(D::Error::custom(format!("{number} is not from {MIN} to {MAX}"))),
        }
    }
}

/// How many of a list.
pub(super) type Limit = Within<1, 1000>;

/// So many where a request does not say.
pub(super) fn fifty() -> Limit {
    Within(50)
}

/// A text as a value. An empty one is none: it would filter nothing.
pub(super) fn maybe<'de, D, T>(from: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err: std::fmt::Display>,
{
    String::deserialize(from)?.parse().map(Some).map_err(D::Error::custom)
}

/// Values with commas between them.
pub(super) fn several<'de, D, T>(from: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err: std::fmt::Display>,
{
    let text = String::deserialize(from)?;
    let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
    parts.map(|part| part.parse().map_err(D::Error::custom)).collect()
}

/// A day such as `2026-03-09`, and nothing else that could be read as one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Day(Date);

impl Day {
    /// The day.
    pub(super) const fn date(self) -> Date {
        self.0
    }

    /// As catalog and index have it.
    pub(super) fn text(day: Option<Self>) -> String {
        day.map(|day| day.0.to_string()).unwrap_or_default()
    }
}

impl FromStr for Day {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.parse::<Date>() {
            Ok(date) if date.to_string() == text => Ok(Self(date)),
            _ => Err(format!("{text:?} is not a day such as 2026-03-09")),
        }
    }
}

/// The beginning of an organisation code: at most 12 digits.
#[derive(Debug, Clone)]
pub(super) struct CodeStart(pub(super) String);

impl FromStr for CodeStart {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.len() <= 12 && text.bytes().all(|b| b.is_ascii_digit()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(format!("{text:?} is not an organisation code or the beginning of one"))
        }
    }
}

/// The name of a page image: `3.jpg`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Picture(pub(super) u32);

impl<'de> Deserialize<'de> for Picture {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let number = text.strip_suffix(".jpg").and_then(|number| number.parse().ok());
        match number {
            Some(page) if page > 0 => Ok(Self(page)),
            _ => Err(D::Error::custom(format!("{text:?} is not a page such as 1.jpg"))),
        }
    }
}
