//! Errors as a clerk reads them: one sentence, one hint, the number of the
//! request. The detail goes to the log.

use std::fmt::Display;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::page::error::ErrorPage;
use super::session::{Session, wants_json};
use super::state::Web;
use crate::audit::AuditError;
use crate::binding::BindError;
use crate::catalog::Refusal;
use crate::db::DbError;
use crate::extract;
use crate::filing::FilingError;
use crate::intake::IntakeError;
use crate::model::document::DescriptionError;
use crate::model::id::IdError;
use crate::record::RecordError;
use crate::search::SearchError;
use crate::vault::VaultError;
use crate::view::ViewError;

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
        }
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

    /// The form did not come from a page of this process.
    pub(crate) fn token() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "这张表不是从现在这台服务送出的，没有照办。",
            "This form does not come from the server that runs now; nothing was done.",
        )
        .hint(
            "服务重新启动过。请打开原来那一页再做一遍。",
            "The server was restarted. Open the page again and repeat.",
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

    /// A number in the address that is none.
    pub(crate) fn number(text: &str) -> Self {
        Self::not_here().detail(format!("{text:?} is no number"))
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
    let (status, detail) = (failure.status.as_u16(), failure.detail.as_str());
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
    let page = ErrorPage {
        frame: session.frame.clone(),
        status,
        sentence: say(&failure.sentence),
        hint: say(&failure.hint),
        stored: failure.stored,
        request: number,
        next: failure.next.as_ref().map(|(href, name)| (href.clone(), say(name))),
    };
    session.show_as(failure.status, &page).unwrap_or_else(|_| {
        let plain = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
        (failure.status, plain, page.sentence).into_response()
    })
}

fn is_page(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE);
    kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}

impl From<DbError> for Failure {
    fn from(error: DbError) -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "数据库没有应答。",
            "The database did not answer.",
        )
        .hint(
            "过一会儿再试；还是这样，请把请求号告诉管理员。",
            "Try again in a while; if it stays, tell the administrator the request number.",
        )
        .detail(error)
    }
}

impl From<VaultError> for Failure {
    fn from(error: VaultError) -> Self {
        let internal = StatusCode::INTERNAL_SERVER_ERROR;
        let (audit, see_zh, see_en) = ("/audit", "看审计", "See audit");
        match &error {
            VaultError::Corrupt { .. } => Self::new(
                internal,
                "存着的内容与存证不符，没有拿出来。",
                "The stored bytes are not what was accepted; they are not given out.",
            )
            .hint("请审计员核验。", "Ask the auditor to verify.")
            .to(audit, see_zh, see_en),
            VaultError::NotFound(_) => {
                Self::new(internal, "存储里找不到这份原文。", "The stored file is missing.")
                    .hint("请审计员核验。", "Ask the auditor to verify.")
                    .to(audit, see_zh, see_en)
            }
            VaultError::TooLarge { limit } => {
                extract::Error::TooLarge { bytes: limit + 1, limit: *limit }.into()
            }
            VaultError::Interrupted(_) => {
                Self::new(StatusCode::BAD_REQUEST, "没有传完就断了。", "The upload broke off.")
                    .hint("请再传一次。", "Send it again.")
                    .stored(false)
            }
            VaultError::Full => Self::new(
                StatusCode::INSUFFICIENT_STORAGE,
                "存储满了，没有收下。",
                "The store is full; nothing was taken in.",
            )
            .hint(
                "请管理员腾出地方，再传一次。",
                "Ask the administrator to make room, then send it again.",
            )
            .stored(false),
            _ => Self::new(internal, "存储没有应答。", "The store did not answer.").hint(
                "过一会儿再试；还是这样，请把请求号告诉管理员。",
                "Try again in a while; if it stays, tell the administrator the request number.",
            ),
        }
        .detail(error)
    }
}

impl From<extract::Error> for Failure {
    fn from(error: extract::Error) -> Self {
        let status = match &error {
            extract::Error::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            extract::Error::NotADocument { .. } => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            extract::Error::NoSuchPage { .. } => StatusCode::NOT_FOUND,
            extract::Error::Machine { .. } => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        };
        // The sentence ends with what one can do.
        Self::new(status, error.zh(), error.en()).detail(format!("{error:?}"))
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        let conflict = StatusCode::CONFLICT;
        let failure = match &refusal {
            Refusal::UnknownHousehold(no) => return ViewError::UnknownHousehold(no.clone()).into(),
            Refusal::UnknownDocument(id) => return ViewError::UnknownDocument(*id).into(),
            Refusal::HouseholdExists(no) => Self::new(
                conflict,
                format!("户号{no}已经立过户。"),
                format!("Household {no} has a file already."),
            )
            .to(&format!("/household/{no}"), "看这一户", "See it"),
            Refusal::NotLive { .. } => Self::new(
                conflict,
                "这一件已经并入别的件，或者退回了。",
                "This paper was joined to another one, or sent back.",
            )
            .to("/intake", "回收件台", "Back to intake"),
            Refusal::AlreadyFiled(_) => Self::new(
                conflict,
                "这一件已经归户，不能退回。",
                "This paper is filed and cannot be sent back.",
            )
            .hint("归错了可以更正。", "It can be corrected."),
            Refusal::JoinedToItself(_) => {
                Self::new(conflict, "一件不能并入它自己。", "A paper cannot be joined to itself.")
            }
            Refusal::VolumeMoved { .. } | Refusal::CodeTaken(_) | Refusal::ArchiveExists => {
                Self::new(conflict, "刚才有人先做了。", "Somebody else did it first.")
                    .hint("刷新这一页，看看现在的样子。", "Reload the page to see how it stands.")
            }
        };
        failure.stored(false).detail(refusal)
    }
}

impl From<RecordError> for Failure {
    fn from(error: RecordError) -> Self {
        match error {
            RecordError::Refused(refusal) => refusal.into(),
            RecordError::Db(error) => Self::from(error).stored(false),
            RecordError::Vault(error) => Self::from(error).stored(false),
            RecordError::NotPublished { no, .. } => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                format!("第{no}条已经存下，还没公布到存储。不要再做一遍。"),
                format!("Entry {no} is kept but not yet published. Do not repeat it."),
            )
            .hint("存储恢复后会自己补上。", "It will be when the store is back.")
            .stored(true)
            .detail(error),
            other => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "没有记下来。", "It was not recorded.")
                    .hint(
                        "请再做一遍；还是这样，请把请求号告诉管理员。",
                        "Do it again; if it stays, tell the administrator the request number.",
                    )
                    .stored(false)
                    .detail(other)
            }
        }
    }
}

impl From<IdError> for Failure {
    fn from(error: IdError) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "这个号码不对：户号是17位数字。",
            "This is no such number: a household number has 17 digits.",
        )
        .detail(error)
        .to("/households", "看户档名单", "See the households")
    }
}

impl From<DescriptionError> for Failure {
    fn from(error: DescriptionError) -> Self {
        let sentence = description(&error);
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, sentence.zh, sentence.en).stored(false)
    }
}

/// What is wrong with a description.
pub(crate) fn description(error: &DescriptionError) -> Both {
    match error {
        DescriptionError::NoTitle => Both::new("题名要写。", "A title is needed."),
        DescriptionError::TooLong { limit, .. } => Both::new(
            format!("太长，最多{limit}个字。"),
            format!("Too long: at most {limit} characters."),
        ),
        DescriptionError::Unprintable(_) => Both::new(
            "里面有不能打印的字符，请重新写。",
            "It holds characters that cannot be printed; type it again.",
        ),
    }
}

impl From<FilingError> for Failure {
    fn from(error: FilingError) -> Self {
        let refused =
            |zh: &str, en: &str| Self::new(StatusCode::UNPROCESSABLE_ENTITY, zh, en).stored(false);
        match error {
            FilingError::Unknown(id) => ViewError::UnknownDocument(id).into(),
            FilingError::UnknownHousehold(no) => ViewError::UnknownHousehold(no).into(),
            FilingError::UnknownType(code) => refused(
                &format!("归档范围表里没有件种{code}。"),
                &format!("The profile has no type {code}."),
            ),
            FilingError::Description(error) => error.into(),
            FilingError::Id(error) => error.into(),
            FilingError::Head => refused(
                "户主姓名要写，最多40个字。",
                "The head needs a name of at most 40 characters.",
            ),
            FilingError::NoReason => refused("退回要写原因。", "Sending back needs a reason."),
            FilingError::Record(error) => error.into(),
            FilingError::Db(error) => error.into(),
            FilingError::Vault(error) => error.into(),
        }
    }
}

impl From<BindError> for Failure {
    fn from(error: BindError) -> Self {
        match error {
            BindError::Filing(error) => error.into(),
            BindError::Empty(no) => Self::new(
                StatusCode::CONFLICT,
                "这一户还没有归入一件，装订不了。",
                "This household has no papers to bind.",
            )
            .stored(false)
            .to(&format!("/household/{no}"), "回户档", "Back to the household"),
            BindError::Unchanged(version) => Self::new(
                StatusCode::CONFLICT,
                format!("第{version}版装订后没有变化，不用再装。"),
                format!("Nothing has changed since version {version}."),
            )
            .stored(false),
            BindError::Manifest(digest) => manifest(digest),
        }
    }
}

fn manifest(of: impl Display) -> Failure {
    Failure::new(
        StatusCode::INTERNAL_SERVER_ERROR,
        "这一卷的清单看不懂。",
        "The manifest of this volume cannot be understood.",
    )
    .hint("请审计员核验。", "Ask the auditor to verify.")
    .detail(of)
    .to("/audit", "看审计", "See audit")
}

impl From<ViewError> for Failure {
    fn from(error: ViewError) -> Self {
        let missing = StatusCode::NOT_FOUND;
        match error {
            ViewError::UnknownDocument(id) => Self::new(
                missing,
                format!("没有第{id}号件。"),
                format!("There is no document {id}."),
            )
            .hint("也许不在您的范围里。", "It may be outside your scope.")
            .to("/search", "检索", "Search"),
            ViewError::UnknownHousehold(no) => Self::new(
                missing,
                format!("没有这一户：{}。", super::text::grouped_no(no.as_str())),
                format!("There is no household {}.", super::text::grouped_no(no.as_str())),
            )
            .hint(
                "看看号码有没有写错，或到户档里按姓名找。",
                "Check the number, or look for the name among the households.",
            )
            .to("/households", "看户档名单", "See the households"),
            ViewError::UnknownVolume(no) => Self::new(
                missing,
                "这一户没有这一版案卷。",
                "This household has no such version of a volume.",
            )
            .to(&format!("/household/{no}"), "看户档", "See the household"),
            ViewError::UnknownPage(id) => Self::new(
                missing,
                "这一件没有这一页。",
                "This document has no such page.",
            )
            .to(&format!("/doc/{id}"), "看这一件", "See the document"),
            ViewError::Manifest(no) => manifest(no),
            ViewError::Filing(error) => error.into(),
            ViewError::File(error) => error.into(),
            ViewError::Index(error) => SearchError::Index(error).into(),
            ViewError::Db(error) => error.into(),
            ViewError::Vault(error) => error.into(),
        }
    }
}

impl From<IntakeError> for Failure {
    fn from(error: IntakeError) -> Self {
        match error {
            IntakeError::File(error) => Self::from(error).stored(false),
            IntakeError::Vault(error) => Self::from(error).stored(false),
            IntakeError::Record(error) => error.into(),
            IntakeError::Db(error) => Self::from(error).stored(false),
        }
    }
}

impl From<SearchError> for Failure {
    fn from(error: SearchError) -> Self {
        match error {
            SearchError::Index(error) => Self::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "检索没有应答。",
                "The search did not answer.",
            )
            .hint("请把请求号告诉管理员。", "Tell the administrator the request number.")
            .detail(error),
            SearchError::Db(error) => error.into(),
        }
    }
}

impl From<AuditError> for Failure {
    fn from(error: AuditError) -> Self {
        match error {
            AuditError::Db(error) => error.into(),
            AuditError::Vault(error) => error.into(),
            AuditError::Record(error) => error.into(),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_failure_says_something_in_both_languages() {
        let household = "99010200300400127".parse().unwrap();
        let failures: [Failure; 8] = [
            ViewError::UnknownDocument(crate::model::id::DocumentId(7)).into(),
            Refusal::HouseholdExists(household).into(),
            VaultError::Full.into(),
            VaultError::TooLarge { limit: 1 << 20 }.into(),
            extract::Error::Empty.into(),
            DescriptionError::NoTitle.into(),
            RecordError::Closed.into(),
            Failure::token(),
        ];
        for failure in failures {
            assert!(failure.sentence.zh.ends_with('。'), "{failure:?}");
            assert!(failure.sentence.en.ends_with('.'), "{failure:?}");
            assert!(failure.status.is_client_error() || failure.status.is_server_error());
        }
    }

    #[test]
    fn what_was_not_stored_is_said() {
        let full: Failure = IntakeError::Vault(VaultError::Full).into();
        assert_eq!((full.status, full.stored), (StatusCode::INSUFFICIENT_STORAGE, Some(false)));
        let kept: Failure = RecordError::NotPublished { no: 9, reason: String::new() }.into();
        assert_eq!(kept.stored, Some(true));
    }
}
