//! What each cause says to the person, and with which status.

mod lending;
mod looks;
mod proof;
mod store;

use std::fmt::Display;

use axum::http::StatusCode;

use super::{Both, Failure};
use crate::binding::BindError;
use crate::catalog::Refusal;
use crate::filing::FilingError;
use crate::guests::GuestError;
use crate::intake::IntakeError;
use crate::lending::LendingError;
use crate::model::access::Denied;
use crate::model::document::DescriptionError;
use crate::model::id::IdError;
use crate::notices::NoticeError;
use crate::record::RecordError;
use crate::view::ViewError;

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
            Refusal::Meanwhile
            | Refusal::VolumeMoved { .. }
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
            FilingError::NotRegistered(code) => refused(
                &format!("社区{code}没有登记为机构：核对户号，或请管理员先登记。"),
                &format!(
                    "Community {code} is not registered as an organisation: check the number, or \
                     have it registered first."
                ),
            ),
            FilingError::Head => refused(
                "户主姓名要写，最多40个字。",
                "The head needs a name of at most 40 characters.",
            ),
            FilingError::Identity(rule) => refused(&rule.zh(), &format!("{rule}.")),
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::extract;
    use crate::vault::VaultError;

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
