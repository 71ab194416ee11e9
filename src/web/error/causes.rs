//! What each cause says to the person, and with which status.

use std::fmt::Display;

use axum::http::StatusCode;

use super::{Both, Failure};
use crate::audit::AuditError;
use crate::binding::BindError;
use crate::catalog::Refusal;
use crate::check::CheckError;
use crate::db::DbError;
use crate::extract;
use crate::filing::FilingError;
use crate::guests::GuestError;
use crate::history::HistoryError;
use crate::intake::IntakeError;
use crate::lending::LendingError;
use crate::looks::LookError;
use crate::model::access::Denied;
use crate::model::document::DescriptionError;
use crate::model::id::IdError;
use crate::model::lending::Rule;
use crate::model::look::ReasonError;
use crate::notices::NoticeError;
use crate::people::PeopleError;
use crate::prove::ProveError;
use crate::record::RecordError;
use crate::search::SearchError;
use crate::uses::UsesError;
use crate::vault::VaultError;
use crate::view::ViewError;

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
            VaultError::Destroyed(_) => Self::new(
                StatusCode::GONE,
                "这份文件的密钥已经销毁，谁也读不出了。",
                "The key of this file was destroyed: nobody can read it any more.",
            )
            .hint("谁在什么时候为什么销毁的，日志里有。", "The log says who did it, when and why.")
            .to(audit, see_zh, see_en),
            VaultError::Locked(_) => Self::new(
                internal,
                "这份文件加了密，这台机器上没有密钥。",
                "This file is encrypted, and this machine has no keys.",
            )
            .hint("请管理员放回密钥文件。", "Ask the administrator to bring the keys back."),
            VaultError::Reserved => Self::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "这个文件的开头与加密文件一样，没有收下。",
                "This file begins as an encrypted one does; it was not taken in.",
            )
            .stored(false),
            VaultError::Corrupt { .. } | VaultError::Tampered(_) | VaultError::OtherKeys(_) => {
                Self::new(
                    internal,
                    "存着的内容与存证不符，没有拿出来。",
                    "The stored bytes are not what was accepted; they are not given out.",
                )
                .hint("请审计员核验。", "Ask the auditor to verify.")
                .to(audit, see_zh, see_en)
            }
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
            VaultError::Copy(_) => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "副本没有应答，没有收下。",
                "The second copy did not answer; nothing was taken in.",
            )
            .hint(
                "请管理员查看副本存储，再传一次。",
                "Ask the administrator to look at the second copy, then send it again.",
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
            Refusal::LoginTaken(_) => {
                Self::new(conflict, "这个登录名有人用了。", "This login is taken.")
            }
            Refusal::UnknownPerson(_) => Self::not_here(),
            Refusal::Roles(_) => Self::new(
                conflict,
                "这几种角色不能由一个人兼任。",
                "One person cannot have these roles together.",
            )
            .hint(
                "系统管理员、安全保密管理员、审计员三员分立，不兼别的角色。",
                "Administrators, security officers and auditors are different people and nothing else.",
            ),
            Refusal::Oneself => Self::new(
                conflict,
                "自己的账户和权限要由别人来改。",
                "Somebody else has to change one's own account and rights.",
            ),
            Refusal::DestructionAsked(_) => Self::new(
                conflict,
                "这一户已经有人提请销毁，还没有审批。",
                "That was asked for already, and waits for a decision.",
            ),
            Refusal::OwnDestruction => Self::new(
                conflict,
                "提请的人不能自己审批，请换一人。",
                "Who asked does not decide: somebody else has to.",
            ),
            Refusal::UnknownLending => return LendingError::Unknown.into(),
            Refusal::Lending(rule) => return (*rule).into(),
            Refusal::Living(rule) => return rule.clone().into(),
            Refusal::Row(rule) => return rule.clone().into(),
            Refusal::NotOfHousehold(_) => return GuestError::NotOfHousehold.into(),
            Refusal::NotUp(entry, _) => return NoticeError::NotUp(*entry).into(),
            Refusal::NoPage { document, .. } => return ViewError::UnknownPage(*document).into(),
            Refusal::VolumeMoved { .. }
            | Refusal::CorrectedMeanwhile { .. }
            | Refusal::NotItsAlone(..)
            | Refusal::NoDestruction(_)
            | Refusal::EncryptedAlready(_)
            | Refusal::CodeTaken(_)
            | Refusal::ArchiveExists
            | Refusal::AccessLog { .. }
            | Refusal::Key { .. } => {
                Self::new(conflict, "刚才有人先做了。", "Somebody else did it first.")
                    .hint("刷新这一页，看看现在的样子。", "Reload the page to see how it stands.")
            }
        };
        failure.stored(false).detail(refusal)
    }
}

impl From<Rule> for Failure {
    fn from(rule: Rule) -> Self {
        let (zh, en) = super::super::words::rule(rule);
        let status = match rule {
            Rule::OwnRequest => StatusCode::FORBIDDEN,
            Rule::Stage | Rule::Past => StatusCode::CONFLICT,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        };
        Self::new(status, zh, en).stored(false).to("/lending", "回借阅", "Back to lending")
    }
}

impl From<LendingError> for Failure {
    fn from(error: LendingError) -> Self {
        match error {
            LendingError::Denied(Denied(right)) => Self::denied(right),
            LendingError::Rule(rule) => rule.into(),
            LendingError::Record(error) => error.into(),
            LendingError::Db(error) => error.into(),
            LendingError::Uses(error) => error.into(),
            LendingError::Unknown => Self::not_here().hint(
                "借阅到期就看不到了；还要看，另行提请。",
                "A lending that has ended is not shown; ask anew.",
            ),
            LendingError::Nobody(login) => PeopleError::Unknown(login).into(),
            LendingError::NotOurs => Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "没有账户的人来借，由保管这一户的机构登记。",
                "The office that keeps the file notes a request of somebody without an account.",
            )
            .stored(false),
        }
    }
}

impl From<GuestError> for Failure {
    fn from(error: GuestError) -> Self {
        let wrong = StatusCode::UNPROCESSABLE_ENTITY;
        match error {
            GuestError::View(error) => error.into(),
            GuestError::Lending(error) => error.into(),
            GuestError::Db(error) => error.into(),
            GuestError::Papers => Self::new(
                wrong,
                "身份证后四位与这一户登记的不符，或者没有写看过哪份低保材料。",
                "The end of the identity card is not the one on record, or no allowance paper is named.",
            )
            .hint("请再看一遍证件。", "Look at the papers again.")
            .stored(false),
            GuestError::NotOfHousehold => Self::new(
                wrong,
                "这一户没有这个人。",
                "Nobody of this household is called so.",
            )
            .hint("本人查阅只给户主和家庭成员看。", "Only the head and the members are shown the file.")
            .stored(false),
            GuestError::Code => Self::new(
                StatusCode::FORBIDDEN,
                "这个码打不开，或者已经用过、过时了。",
                "This code opens nothing, was used, or is too old.",
            )
            .hint("请向经办人另要一个。", "Ask whoever gave it for another.")
            .to("/guest", "再输一次", "Try again"),
        }
    }
}

impl From<NoticeError> for Failure {
    fn from(error: NoticeError) -> Self {
        let wrong = StatusCode::UNPROCESSABLE_ENTITY;
        let failure = match error {
            NoticeError::Denied(Denied(right)) => return Self::denied(right),
            NoticeError::UnknownHousehold(no) => return ViewError::UnknownHousehold(no).into(),
            NoticeError::Record(error) => return error.into(),
            NoticeError::Look(error) => return ViewError::from(error).into(),
            NoticeError::Db(error) => return error.into(),
            NoticeError::NotUp(_) => Self::new(
                StatusCode::CONFLICT,
                "这条公示已经撤下，或者到期了。",
                "This notice was taken down, or its last day is over.",
            ),
            NoticeError::SameDays(entry) => Self::new(
                StatusCode::CONFLICT,
                format!("第{entry}号公示和它是同一户、同一种，有几天重了。"),
                format!("Notice {entry} of this household and kind is up on some of these days."),
            )
            .hint("先撤下那一条，或者改日期。", "Take that one down first, or choose other days."),
            NoticeError::Unknown(entry) => Self::new(
                StatusCode::NOT_FOUND,
                format!("没有第{entry}号公示。"),
                format!("There is no notice {entry}."),
            ),
            NoticeError::Amount(_) => {
                Self::new(wrong, "金额看不懂。", "The amount cannot be understood.").hint(
                    "写元，最多两位小数，如560或560.50。",
                    "Yuan with at most two decimals, such as 560 or 560.50.",
                )
            }
            NoticeError::Rule(rule) => {
                let (zh, en) = super::super::words::notice_rule(rule);
                Self::new(wrong, zh, en)
            }
            NoticeError::Asked(_) => Self::new(
                wrong,
                "筛选看不懂：户号17位，机构是数字。",
                "The filter cannot be understood: 17 digits of a household, digits of an organisation.",
            ),
        };
        failure.stored(false).to("/notices", "看公示", "See the notices")
    }
}

impl From<RecordError> for Failure {
    fn from(error: RecordError) -> Self {
        match error {
            RecordError::Refused(refusal) => refusal.into(),
            RecordError::Denied(Denied(right)) => Self::denied(right),
            RecordError::Db(error) => Self::from(error).stored(false),
            RecordError::Vault(error) => Self::from(error).stored(false),
            RecordError::Unsure(_) => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "存储中断，这一步记下了没有，现在还不知道。",
                "The store broke off: whether this was recorded is not known yet.",
            )
            .hint(
                "等存储恢复，先看一眼记录，再决定要不要重做。",
                "When it is back, look before you do it again.",
            )
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
        DescriptionError::Date => Both::new(
            "日期写错了，年份从1900到2100。",
            "The date is wrong: the year is 1900 to 2100.",
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
            FilingError::Elsewhere(_) => {
                refused("这个社区不在您的范围里。", "This community is not in your scope.")
            }
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

impl From<HistoryError> for Failure {
    fn from(error: HistoryError) -> Self {
        match error {
            HistoryError::UnknownEntry(no) => unknown_entry(no),
            HistoryError::View(error) => error.into(),
            HistoryError::Db(error) => error.into(),
        }
    }
}

fn unknown_entry(no: i64) -> Failure {
    Failure::new(
        StatusCode::NOT_FOUND,
        format!("存证日志里没有第{no}条。"),
        format!("The log has no entry {no}."),
    )
    .hint("看看序号有没有写错，或从审计里找。", "Check the number, or look on the audit page.")
    .to("/audit", "看审计", "See audit")
}

impl From<ProveError> for Failure {
    fn from(error: ProveError) -> Self {
        let detail = error.to_string();
        match error {
            ProveError::View(error) => error.into(),
            ProveError::UnknownVolume(_) => Self::new(
                StatusCode::NOT_FOUND,
                "没有这一卷。",
                "There is no such volume.",
            )
            .to("/volumes", "看案卷", "See the volumes"),
            ProveError::UnknownEntry(no) => unknown_entry(no),
            ProveError::Busy => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "正在打别的核验包，还没轮到这一个。",
                "Other bundles are being packed just now.",
            )
            .hint("过一分钟再试。", "Try again in a minute."),
            ProveError::NotYet(no) => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                format!("第{no}条刚记下，还没有封条盖住它。"),
                format!("Entry {no} is new; no checkpoint covers it yet."),
            )
            .hint("过几秒再试。", "Try again in a few seconds."),
            ProveError::Log(_) => Self::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "存证日志与封条对不上，给不出证明。",
                "The log does not lead to its checkpoint; there is no proof.",
            )
            .hint("请审计员核验。", "Ask the auditor to verify.")
            .to("/audit", "看审计", "See audit")
            .detail(detail),
            ProveError::Record(error) => error.into(),
            ProveError::Db(error) => error.into(),
            ProveError::Vault(error) => error.into(),
            _ => Self::internal(&detail),
        }
    }
}

impl From<CheckError> for Failure {
    fn from(error: CheckError) -> Self {
        match error {
            CheckError::Vault(error) => Self::from(error).stored(false),
            CheckError::Db(error) => error.into(),
            CheckError::Place(error) => error.into(),
            CheckError::Stopped(why) => Self::internal(&why),
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
        let unsure: Failure = RecordError::Unsure("cut off".into()).into();
        assert_eq!(unsure.stored, None);
    }
}
