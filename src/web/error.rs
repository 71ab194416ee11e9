//! Errors as a clerk reads them: one sentence, one hint, the number of the
//! request. The detail goes to the log. What each cause says is in `causes`.

mod access;
mod causes;
mod correction;
mod encryption;
pub(crate) mod keying;
mod living;
mod registers;

use std::borrow::Cow;
use std::fmt::Display;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

pub(crate) use causes::description;

use super::identity::Visitor;
use super::lang::Lang;
use super::page::error::ErrorPage;
use super::page::kiosk::{Body, Kiosk};
use super::page::reason::ReasonPage;
use super::session::{Session, wants_json};
use super::state::Web;
use crate::model::access::Right;
use crate::model::id::HouseholdNo;
use crate::model::mask;

/// A sentence in both languages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Both {
    /// In Chinese.
    pub(crate) zh: String,
    /// In English.
    pub(crate) en: String,
}

impl Both {
    /// The sentence in both languages.
    pub(crate) fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }

    /// The sentence in one of them.
    pub(crate) fn said_in(&self, lang: Lang) -> String {
        lang.t(&self.zh, &self.en).to_owned()
    }
}

/// The status of an answer, and after how many seconds to ask again (`Retry-After`), where that is to be waited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Status {
    /// The status.
    pub(crate) code: StatusCode,
    /// So many seconds.
    pub(crate) retry: Option<u64>,
}

impl From<StatusCode> for Status {
    fn from(code: StatusCode) -> Self {
        Self { code, retry: None }
    }
}

/// Why a request was not answered with what it asked for.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    /// The HTTP status.
    pub(crate) status: StatusCode,
    /// What is so.
    pub(crate) sentence: Both,
    /// What to do.
    pub(crate) hint: Both,
    /// Whether something was stored; none when nothing was to be.
    stored: Option<bool>,
    /// For the log.
    detail: String,
    /// Where to go next.
    next: Option<(String, Both)>,
    /// The household whose file is shown when it was said why.
    asks: Option<HouseholdNo>,
    /// After how many seconds to ask again.
    retry: Option<u64>,
}

impl Failure {
    fn new(status: StatusCode, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            status,
            sentence: Both::new(zh, en),
            hint: Both::default(),
            stored: None,
            detail: String::new(),
            next: None,
            asks: None,
            retry: None,
        }
    }

    /// Its status, with when to ask again.
    pub(crate) fn told(&self) -> Status {
        Status { code: self.status, retry: self.retry }
    }

    fn after(self, seconds: u64) -> Self {
        Self { retry: Some(seconds), ..self }
    }

    /// Nothing of a household's file is shown before it was said why.
    pub(crate) fn reason(no: HouseholdNo) -> Self {
        let sentence = Self::new(
            StatusCode::FORBIDDEN,
            "先登记查阅事由，再看这一户。",
            "Say why you look at this file first.",
        );
        Self { asks: Some(no), ..sentence }
    }

    fn hint(self, zh: &str, en: &str) -> Self {
        Self { hint: Both::new(zh, en), ..self }
    }

    fn stored(self, stored: bool) -> Self {
        Self { stored: Some(stored), ..self }
    }

    fn detail(self, detail: impl Display) -> Self {
        Self { detail: detail.to_string(), ..self }
    }

    fn to(self, href: &str, zh: &str, en: &str) -> Self {
        Self { next: Some((href.to_owned(), Both::new(zh, en))), ..self }
    }

    /// Nothing stands under this address.
    pub(crate) fn not_here() -> Self {
        Self::new(StatusCode::NOT_FOUND, "没有这一页。", "There is no such page.").hint(
            "看看地址有没有写错，或者从左边重新进。",
            "Check the address, or start from the left.",
        )
    }

    /// The program failed, not the person.
    pub(crate) fn internal(detail: &dyn Display) -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "这一页没能显示出来。",
            "This page could not be shown.",
        )
        .hint(
            "过一会儿再试；还是这样，请把请求号告诉管理员。",
            "Try again in a while; if it stays, tell the administrator the request number.",
        )
        .detail(detail)
    }

    /// Nobody is signed in, or not any more.
    pub(crate) fn no_session() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "您没有登录，或者登录已经到时。",
            "You are not signed in, or not any more.",
        )
        .stored(false)
        .to("/signin", "登录", "Sign in")
    }

    /// The person may not do this.
    pub(crate) fn denied(right: Right) -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            format!("您没有这项权限：{}。", right.zh()),
            format!("You may not do this: {}.", right.en()),
        )
        .hint("谁可以做什么，由安全保密管理员授权。", "A security officer says who may do what.")
        .stored(false)
    }

    /// The form did not come from a page of this process.
    pub(crate) fn token() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "这张表不是从现在这台服务送出的，没有照办。",
            "This form does not come from the server that runs now; nothing was done.",
        )
        .hint(
            "这一页放得太久了，或者服务重启过。请打开原来那一页再做一遍。",
            "The page is from before, or the server was restarted. Open it again and repeat.",
        )
        .stored(false)
    }

    /// The form cannot be understood.
    pub(crate) fn form(detail: &dyn Display) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "这张表没有送全。", "This form did not arrive whole.")
            .hint("请回到上一页再送一次。", "Go back and send it again.")
            .stored(false)
            .detail(detail)
    }

    /// The form is longer than any that is asked for.
    pub(crate) fn long_form() -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "这张表太长了。", "This form is too long.")
            .hint("字写少些再送一次。", "Write less and send it again.")
            .stored(false)
    }

    /// A number in the address that is none.
    pub(crate) fn number(text: &str) -> Self {
        Self::not_here().detail(format!("{text:?} is no number"))
    }

    /// A form for a file came without one.
    pub(crate) fn no_file() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "没有选文件。", "No file was chosen.").to(
            "/audit/check",
            "再选一次",
            "Choose one",
        )
    }

    /// The log has no checkpoint yet.
    pub(crate) fn unsealed() -> Self {
        Self::new(StatusCode::NOT_FOUND, "还没有封条。", "There is no checkpoint yet.")
            .hint("日志有了第一条，封条就跟着来。", "One follows the first entry of the log.")
            .to("/audit", "看审计", "See audit")
    }

    /// The published checkpoint is not that of this archive: how, as a sentence in both
    /// languages, and why.
    pub(crate) fn broken_seal(zh: String, en: String, why: &str) -> Self {
        Self::new(StatusCode::CONFLICT, zh, en)
            .hint(
                "它不能当封条用。请审计员核验。",
                "It is no certificate of anything. Ask the auditor to verify.",
            )
            .to("/audit", "看审计", "See audit")
            .detail(why)
    }

    /// An entry that is not proved: where its way to the seal breaks, as a sentence in
    /// both languages.
    pub(crate) fn unproved(no: i64, zh: &str, en: &str) -> Self {
        Self::new(
            StatusCode::CONFLICT,
            format!("给不出证明：{zh}。"),
            format!("There is no proof. {en}."),
        )
        .hint("请审计员核验。", "Ask the auditor to verify.")
        .to(&format!("/audit/entry/{no}"), "看这一条", "See the entry")
        .detail(en)
    }

    /// What a document needs first.
    pub(crate) fn not_filed(document: i64) -> Self {
        Self::new(
            StatusCode::CONFLICT,
            "这一件还没归户，先归户再更正。",
            "This paper is not filed yet; file it first.",
        )
        .stored(false)
        .to(
            &format!("/intake?doc={document}"),
            "到收件台归户",
            "File it at the intake desk",
        )
    }

    fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => Self::not_here(),
            StatusCode::METHOD_NOT_ALLOWED => {
                Self::new(status, "这个地址不能这样用。", "This address cannot be used like that.")
            }
            StatusCode::PAYLOAD_TOO_LARGE => {
                Self::new(status, "送来的内容太大。", "What was sent is too large.").stored(false)
            }
            status if status.is_client_error() => {
                Self::new(status, "这个请求看不懂。", "This request cannot be understood.")
            }
            status => Self { status, ..Self::internal(&"no detail") },
        }
    }
}

/// The failure rides on the answer until [`draw`] knows for whom it is.
impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

/// Where no route leads.
pub(crate) async fn not_here() -> Failure {
    Failure::not_here()
}

/// What is answered when a handler panicked.
pub(crate) fn panicked(cause: Box<dyn std::any::Any + Send + 'static>) -> Response {
    let text = match (cause.downcast_ref::<&str>(), cause.downcast_ref::<String>()) {
        (Some(text), _) => (*text).to_owned(),
        (_, Some(text)) => text.clone(),
        _ => "no text".to_owned(),
    };
    Failure::internal(&format!("panicked: {text}")).into_response()
}

/// Draws failures: as JSON for programs, else as a page in the frame; and
/// writes every one to the log under the number of the request.
pub(crate) async fn draw(State(web): State<Web>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let asked = parts.clone();
    let response = next.run(Request::from_parts(parts, body)).await;
    let path = asked.uri.path();
    let of_api = path.starts_with("/api/");
    let failure = match response.extensions().get::<Arc<Failure>>() {
        Some(failure) => Failure::clone(failure),
        // The API and the pages say in their own way what is wrong.
        None if of_api || path.starts_with("/assets/") || is_page(&response) => return response,
        None if response.status().is_client_error() || response.status().is_server_error() => {
            Failure::of_status(response.status())
        }
        None => return response,
    };
    let number = format!("{:08x}", rand::random::<u32>());
    // Whoever mistypes an address may have put the number of a person there.
    let (path, detail) = (mask::numbers(&decoded(path)), mask::numbers(&failure.detail));
    let status = failure.status.as_u16();
    if failure.status.is_server_error() {
        tracing::error!(request = number, status, path, detail, "not answered");
    } else {
        tracing::info!(request = number, status, path, detail, "not answered");
    }
    let (session, _) = Session::of(&asked, &web).await;
    let say = |both: &Both| session.lang.t(&both.zh, &both.en).to_owned();
    if of_api {
        let error = serde_json::json!({
            "code": "internal",
            "message": failure.sentence.en,
            "hint": format!("{} It is {number}.", failure.hint.en),
        });
        return (failure.status, axum::Json(serde_json::json!({ "error": error }))).into_response();
    }
    if wants_json(&asked.headers) {
        let json = serde_json::json!({
            "error": say(&failure.sentence), "hint": say(&failure.hint), "request": number,
        });
        return (failure.status, axum::Json(json)).into_response();
    }
    if let Some(no) = failure.asks.as_ref().filter(|_| asked.method.is_safe()) {
        let page = ReasonPage::new(session.frame.clone(), no.as_str());
        if let Ok(page) = session.show_as(failure.status, &page) {
            return page;
        }
    }
    // A visitor has no frame to be shown it in, and nowhere else to go.
    if let Some(visitor) = asked.extensions.get::<Visitor>() {
        let page = Kiosk {
            frame: session.frame.clone(),
            visitor: visitor.visit.visitor.clone(),
            idle: visitor.visit.idle,
            body: Body::Failed(say(&failure.sentence)),
        };
        return session
            .show_as(failure.told(), &page)
            .unwrap_or_else(|_| failure.status.into_response());
    }
    let page = ErrorPage {
        frame: session.frame.clone(),
        status,
        sentence: say(&failure.sentence),
        hint: say(&failure.hint),
        stored: failure.stored,
        request: number,
        next: failure.next.as_ref().map(|(href, name)| (href.clone(), say(name))),
    };
    session.show_as(failure.told(), &page).unwrap_or_else(|_| {
        let plain = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
        (failure.status, plain, page.sentence).into_response()
    })
}

/// An address as a person reads it.
fn decoded(path: &str) -> Cow<'_, str> {
    percent_encoding::percent_decode_str(path).decode_utf8_lossy()
}

fn is_page(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE);
    kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}
