//! Who asks, in which language, and how a page goes back to them.

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};

use super::error::{Failure, Status};
use super::guard;
use super::identity::{Identity, Visitor};
use super::lang::Lang;
use super::page::Page;
use super::page::frame::Frame;
use super::state::Web;
use crate::app::App;
use crate::model::access::{Actor, Right, Role};
use crate::model::id::OrganisationCode;
use crate::sessions::Key;
use crate::view;

/// The cookie that holds the language.
const LANG: &str = "lang";
/// The cookie that carries one sentence over a redirect.
const SAID: &str = "said";

/// One request of one person.
#[derive(Debug)]
pub(crate) struct Session {
    /// Who acts; nobody on pages for everybody.
    pub(crate) actor: Actor,
    /// What every form of this person carries.
    token: String,
    /// The language of the answer.
    pub(crate) lang: Lang,
    /// What stands around the page.
    pub(crate) frame: Frame,
    /// What was done a moment ago, as a sentence.
    said: Option<String>,
}

impl Session {
    /// The session of a request. Without a database the frame stays bare, so
    /// that an error can still be shown in it.
    pub(crate) async fn of(parts: &Parts, web: &Web) -> (Self, Result<(), view::ViewError>) {
        let identity = parts.extensions.get::<Identity>();
        let token = form_token(&parts.extensions, web);
        let lang = cookie(&parts.headers, LANG).and_then(Lang::from_code).unwrap_or_default();
        let Some(Identity { actor, .. }) = identity else {
            let frame = Frame { lang, csrf: token.clone(), nonce: nonce(), ..Frame::default() };
            let frame = Frame { here: here(parts), ..frame };
            let actor = Actor::new("", OrganisationCode::default(), Role::Guest);
            return (Self { actor, token, lang, frame, said: said(parts) }, Ok(()));
        };
        let (standing, known) = match view::standing(&web.app, actor).await {
            Ok(standing) => (Some(standing), Ok(())),
            Err(error) => (None, Err(error)),
        };
        let organisation = standing
            .as_ref()
            .map_or_else(|| actor.organisation.as_str().to_owned(), |one| one.organisation.clone());
        let count = |n: i64| u64::try_from(n).unwrap_or(0);
        let roles: Vec<&str> = actor.roles().map(|role| lang.t(role.zh(), role.en())).collect();
        let frame = Frame {
            lang,
            csrf: token.clone(),
            nonce: nonce(),
            person: actor.name.clone(),
            role: roles.join(lang.t("、", ", ")),
            rights: Right::ALL.into_iter().filter(|right| actor.may(*right)).collect(),
            scope: organisation.clone(),
            organisation,
            log_position: standing.as_ref().map_or(0, |one| count(one.entries)),
            intake_waiting: standing.as_ref().map_or(0, |one| count(one.waiting)),
            query: String::new(),
            here: here(parts),
        };
        (Self { actor: actor.clone(), token, lang, frame, said: said(parts) }, known)
    }

    /// Whether a form carried the token of this person.
    pub(crate) fn is_token(&self, given: &str) -> bool {
        is_token(given, &self.token)
    }

    /// What was done a moment ago, for the page that shows it.
    pub(crate) fn said(&self) -> Option<String> {
        self.said.clone()
    }

    /// The answer that is this page.
    ///
    /// # Errors
    /// When the template fails.
    pub(crate) fn show<P: Page>(&self, page: &P) -> Result<Response, Failure> {
        self.show_as(StatusCode::OK, page)
    }

    /// As [`Session::show`], with a status.
    ///
    /// # Errors
    /// When the template fails.
    pub(crate) fn show_as<P: Page>(
        &self,
        status: impl Into<Status>,
        page: &P,
    ) -> Result<Response, Failure> {
        let html = page.render().map_err(|error| Failure::internal(&error))?;
        let Status { code, retry } = status.into();
        let mut response = (code, Html(html)).into_response();
        let headers = response.headers_mut();
        if let Some(seconds) = retry {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        if let Ok(policy) = HeaderValue::try_from(guard::policy(&page.frame().nonce)) {
            headers.insert(header::CONTENT_SECURITY_POLICY, policy);
        }
        if self.said.is_some() {
            headers
                .append(header::SET_COOKIE, HeaderValue::from_static("said=; Path=/; Max-Age=0"));
        }
        Ok(response)
    }
}

impl FromRequestParts<Web> for Session {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Failure> {
        let (session, known) = Self::of(parts, web).await;
        known?;
        Ok(session)
    }
}

fn nonce() -> String {
    hex::encode(rand::random::<[u8; 16]>())
}

/// What the forms of whoever asks carry: somebody who is not signed in has
/// only what this process gives to everybody.
fn form_token(asked: &axum::http::Extensions, web: &Web) -> String {
    let visitor = || asked.get::<Visitor>().map(|one| &one.key);
    let key = asked.get::<Identity>().and_then(|one| one.key.as_ref()).or_else(visitor);
    key.map_or_else(|| web.csrf.to_string(), Key::form_token)
}

/// What was done a moment ago, as a sentence.
fn said(parts: &Parts) -> Option<String> {
    cookie(&parts.headers, SAID)
        .and_then(|text| hex::decode(text).ok())
        .and_then(|bytes| String::from_utf8(bytes).ok())
}

/// The address to come back to; that of a form cannot be opened again.
fn here(parts: &Parts) -> String {
    let address = parts.uri.path_and_query().map_or("/", |here| here.as_str());
    if parts.method.is_safe() { address.to_owned() } else { "/".to_owned() }
}

/// The value of a cookie.
pub(crate) fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(one, _)| *one == name)
        .map(|(_, value)| value)
}

/// Sends the browser on after an act.
pub(crate) fn go(href: &str) -> Response {
    Redirect::to(href).into_response()
}

/// Sends the browser on after an act; the page it comes to says `sentence`.
pub(crate) fn go_saying(href: &str, sentence: &str) -> Response {
    let said = hex::encode(sentence);
    with_cookie(href, &format!("{SAID}={said}; Path=/; Max-Age=60; HttpOnly; SameSite=Strict"))
}

/// Sends the browser to the page where people sign in, and from there to `back`.
pub(crate) fn go_to_sign_in(back: &str) -> Response {
    match back {
        "/" => go("/signin"),
        back => go(&format!("/signin?back={}", super::text::query_value(back))),
    }
}

/// An address of our own, to go to; `/` where it is none: `//host` and
/// `/\\host` would lead elsewhere.
pub(crate) fn ours(back: &str) -> &str {
    let plain = back.bytes().all(|b| (0x21..0x7f).contains(&b));
    if plain && back.starts_with('/') && !back[1..].starts_with(['/', '\\']) { back } else { "/" }
}

/// Sends the browser on with the cookie of a session that begins or ends.
pub(crate) fn go_with(href: &str, cookie: &str) -> Response {
    with_cookie(href, cookie)
}

/// Sends the browser back with another language.
pub(crate) fn go_in(lang: Lang, href: &str) -> Response {
    let code = lang.code();
    with_cookie(href, &format!("{LANG}={code}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax"))
}

fn with_cookie(href: &str, cookie: &str) -> Response {
    let mut response = go(href);
    if let Ok(cookie) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// The fields of a posted form, let in only with the token of whoever asks.
/// A handler that changes something takes them, so none can forget to ask.
#[derive(Debug)]
pub(crate) struct Fields(Vec<(String, String)>);

impl Fields {
    /// The value of a field as it was typed; empty when there is none.
    pub(crate) fn exact(&self, name: &str) -> &str {
        self.0.iter().find(|(one, _)| one == name).map_or("", |(_, value)| value)
    }

    /// The values of a field that can be there several times.
    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(one, _)| one == name).map(|(_, value)| value.as_str())
    }

    /// The value of a field without blanks around it; empty when there is none.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.exact(name).trim()
    }
}

impl FromRequest<Web> for Fields {
    type Rejection = Failure;

    async fn from_request(request: Request, web: &Web) -> Result<Self, Failure> {
        let token = form_token(request.extensions(), web);
        let form = axum::Form::<Vec<(String, String)>>::from_request(request, web).await;
        let fields = Self(
            form.map_err(|error| match error.status() {
                StatusCode::PAYLOAD_TOO_LARGE => Failure::long_form(),
                _ => Failure::form(&error),
            })?
            .0,
        );
        if !is_token(fields.text("csrf"), &token) {
            return Err(Failure::token());
        }
        Ok(fields)
    }
}

/// Whether a form carried the token, without telling by the time it takes how
/// much of it was right.
pub(crate) fn is_token(given: &str, token: &str) -> bool {
    let differ = given.bytes().zip(token.bytes()).fold(0, |sum, (a, b)| sum | (a ^ b));
    given.len() == token.len() && differ == 0
}

/// Whether a program asks, rather than a person: it wants JSON.
pub(crate) fn wants_json(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.contains("application/json"))
}

/// Whether reading by OCR is off, as a sentence.
pub(crate) fn not_reading(app: &App, lang: Lang) -> Option<String> {
    let reason = app.no_ocr()?;
    Some(match lang {
        Lang::Zh => {
            "识别模型没有装好，收下的扫描件先不识别。运行make models装上后会接着读。".to_owned()
        }
        Lang::En => format!("Scans are kept but not read: {reason}."),
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("a=1; lang=en"));
        headers.append(header::COOKIE, HeaderValue::from_static("said=41"));
        assert_eq!(cookie(&headers, "lang"), Some("en"));
        assert_eq!(cookie(&headers, "said"), Some("41"));
        assert_eq!(cookie(&headers, "ang"), None);
    }

    #[test]
    fn only_addresses_of_our_own_are_gone_to() {
        for good in ["/", "/doc/7?p=2&hit=3", "/search?q=%E5%91%A8"] {
            assert_eq!(ours(good), good);
        }
        let bad = [
            "",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/a\nb",
            "/ b",
            "/周",
        ];
        for bad in bad {
            assert_eq!(ours(bad), "/", "{bad:?}");
        }
    }

    #[test]
    fn a_token_is_right_only_as_a_whole() {
        assert!(is_token("abc", "abc"));
        for wrong in ["", "ab", "abd", "abcd"] {
            assert!(!is_token(wrong, "abc"), "{wrong}");
        }
    }
}
