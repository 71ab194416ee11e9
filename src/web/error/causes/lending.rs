//! What lending, visitors and notices say.

use axum::http::StatusCode;

use super::super::Failure;
use crate::guests::GuestError;
use crate::lending::LendingError;
use crate::model::access::Denied;
use crate::model::lending::Rule;
use crate::notices::NoticeError;
use crate::people::PeopleError;
use crate::view::ViewError;

impl From<Rule> for Failure {
    fn from(rule: Rule) -> Self {
        let (zh, en) = super::super::super::words::rule(rule);
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
                let (zh, en) = super::super::super::words::notice_rule(rule);
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
