//! What looking at files says: what is not there, what may not be seen, reasons, searching.

use axum::http::StatusCode;

use super::super::Failure;
use super::manifest;
use crate::looks::LookError;
use crate::model::access::Denied;
use crate::model::look::ReasonError;
use crate::search::SearchError;
use crate::uses::UsesError;
use crate::view::ViewError;

impl From<LookError> for Failure {
    fn from(error: LookError) -> Self {
        let away = StatusCode::SERVICE_UNAVAILABLE;
        match &error {
            LookError::NoReason(no) => Self::reason(no.clone()),
            LookError::Broken(_) => Self::new(
                away,
                "利用日志对不上，先不提供查阅。",
                "The access log does not agree; nothing is shown meanwhile.",
            )
            .hint(
                "记不下谁看过，就不给看。请告诉管理员，到审计里核验。",
                "What cannot be noted is not shown. Tell the administrator; verify on the audit page.",
            ),
            LookError::Db(_) | LookError::File(_) | LookError::Ledger(_) => Self::new(
                away,
                "这次查阅没有记下来，先不给看。",
                "This look could not be noted, so it is not shown.",
            )
            .hint("过一会儿再试。", "Try again in a while."),
        }
        .detail(error)
    }
}

impl From<UsesError> for Failure {
    fn from(error: UsesError) -> Self {
        match error {
            UsesError::Denied(Denied(right)) => Self::denied(right),
            UsesError::View(error) => error.into(),
            UsesError::Prove(error) => error.into(),
            UsesError::Record(error) => error.into(),
            UsesError::Db(error) => error.into(),
            UsesError::Unknown(_) => Self::new(
                StatusCode::NOT_FOUND,
                "利用日志里没有这一条。",
                "The access log has no such entry.",
            )
            .to("/uses", "看登记册", "See the register"),
            UsesError::Asked(_) => Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "筛选看不懂。",
                "The filter cannot be understood.",
            )
            .to("/uses", "看登记册", "See the register")
            .detail(error),
            UsesError::TooMany { found, most } => Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                format!("筛出{found}条，一份文件最多{most}条。"),
                format!("These are {found} rows, and a file holds {most}."),
            )
            .hint("请缩短时间再导出。", "Choose a shorter time.")
            .to("/uses", "看登记册", "See the register"),
            UsesError::File(_) => Self::internal(&error),
        }
    }
}

impl From<ReasonError> for Failure {
    fn from(error: ReasonError) -> Self {
        let zh = match error {
            ReasonError::Purpose => "选一个查阅事由。",
            ReasonError::NoWords => "“其他”要写明事由。",
            ReasonError::TooLong => "事由最多200个字。",
            ReasonError::Control => "事由里有不能用的字符。",
        };
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, zh, format!("{error}.")).detail(error)
    }
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
                format!("没有这一户：{}。", crate::web::text::grouped_no(no.as_str())),
                format!("There is no household {}.", crate::web::text::grouped_no(no.as_str())),
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
            ViewError::Denied(Denied(right)) => Self::denied(right),
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
            ViewError::Look(error) => error.into(),
            ViewError::Db(error) => error.into(),
            ViewError::Vault(error) => error.into(),
        }
    }
}

impl From<SearchError> for Failure {
    fn from(error: SearchError) -> Self {
        match error {
            SearchError::Index(yidang_indexer::Error::Syntax(error)) => {
                asking("这样写的查不了。", "This cannot be searched as it is written.")
                    .hint("从检索页重新查。", "Start again on the search page.")
                    .detail(error)
                    .to("/search", "去检索", "Search")
            }
            SearchError::NoColumn { catalog, asked, asked_en } => asking(
                format!("{}没有一栏可以查「{asked}」，没有查。", catalog.zh()),
                format!("The {} has no column for {asked_en}; nothing was searched.", catalog.en()),
            )
            .hint("去掉它，或者在纸面上查。", "Leave it out, or search the papers."),
            SearchError::Index(error) => Self::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "检索没有应答。",
                "The search did not answer.",
            )
            .hint("请把请求号告诉管理员。", "Tell the administrator the request number.")
            .detail(error),
            SearchError::Asked(what) => {
                asking("这条检索看不懂。", "The search cannot be understood.")
                    .hint("从检索页重新查。", "Start again on the search page.")
                    .detail(what)
                    .to("/search", "去检索", "Search")
            }
            SearchError::TooMuch => asking("这条检索太长了。", "There is too much in this search.")
                .hint("去掉几个词或几个选项。", "Leave out some words or choices."),
            SearchError::TooMany { found, most } => asking(
                format!("查到{found}件，一份文件最多{most}行。"),
                format!("{found} rows are found, and a file holds {most}."),
            )
            .hint("先缩小范围，再导出。", "Narrow the search, then export."),
            SearchError::NoReason => asking("导出要写事由。", "Say why the list is taken along."),
            SearchError::HasNumber => asking(
                "检索里有证件号码，不存。",
                "A search with the number of a person is not kept.",
            )
            .hint(
                "去掉号码再存；号码随时可以现查。",
                "Leave the number out; it can be searched at any time.",
            ),
            SearchError::Name => asking(
                "存下的检索要有名称，最多60个字。",
                "A saved search has a name of 1 to 60 characters.",
            ),
            SearchError::Full => {
                asking("存下的检索已经有50条。", "You have 50 saved searches already.")
                    .hint("先在检索页删掉不用的。", "Delete some on the search page first.")
            }
            SearchError::Unknown => Self::new(
                StatusCode::NOT_FOUND,
                "没有这条存下的检索。",
                "There is no such saved search.",
            )
            .to("/search", "去检索", "Search"),
            SearchError::UnknownPaper(id) => ViewError::UnknownDocument(id).into(),
            SearchError::File(detail) => Self::internal(&detail),
            SearchError::Denied(error) => Self::denied(error.0),
            SearchError::Look(error) => error.into(),
            SearchError::Db(error) => error.into(),
        }
    }
}

/// Something was asked for that cannot be done as it was asked.
fn asking(zh: impl Into<String>, en: impl Into<String>) -> Failure {
    Failure::new(StatusCode::UNPROCESSABLE_ENTITY, zh, en)
}
