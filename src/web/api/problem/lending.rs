//! What lending and notices say.

use axum::http::StatusCode;

use super::Problem;
use crate::catalog::Refusal;
use crate::lending::LendingError;
use crate::model::access::Denied;
use crate::model::lending::Rule;
use crate::notices::NoticeError;
use crate::people::PeopleError;
use crate::view::ViewError;

impl From<Rule> for Problem {
    fn from(rule: Rule) -> Self {
        let message = rule.to_string();
        match rule {
            Rule::OwnRequest => Self::new(StatusCode::FORBIDDEN, "own_request", message),
            Rule::Stage => Self::conflict("stage", message),
            Rule::Past => Self::conflict("past", message),
            Rule::Term => Self::invalid("term", message),
            Rule::Words => Self::invalid("words", message),
            Rule::Borrower => Self::invalid("borrower", message),
            Rule::Household => Self::invalid("household", message),
            Rule::Effect => Self::invalid("effect", message),
            Rule::Pages => Self::invalid("pages", message),
        }
    }
}

impl From<LendingError> for Problem {
    fn from(error: LendingError) -> Self {
        let message = error.to_string();
        match error {
            LendingError::Denied(Denied(right)) => Self::denied(right),
            LendingError::Unknown => Self::not_found("unknown_lending", message),
            LendingError::Rule(rule) => rule.into(),
            LendingError::Nobody(login) => PeopleError::Unknown(login).into(),
            LendingError::NotOurs => Self::invalid("not_ours", message),
            LendingError::Record(error) => error.into(),
            LendingError::Db(error) => error.into(),
            LendingError::Uses(error) => error.into(),
        }
    }
}

impl From<NoticeError> for Problem {
    fn from(error: NoticeError) -> Self {
        let message = error.to_string();
        match error {
            NoticeError::Denied(Denied(right)) => Self::denied(right),
            NoticeError::UnknownHousehold(no) => Refusal::UnknownHousehold(no).into(),
            NoticeError::Unknown(_) => Self::not_found("unknown_notice", message),
            NoticeError::NotUp(_) => Self::conflict("not_up", message),
            NoticeError::SameDays(_) => Self::conflict("same_days", message),
            NoticeError::Rule(_) => Self::invalid("notice", message),
            NoticeError::Amount(_) => Self::invalid("amount", message),
            NoticeError::Asked(_) => Self::invalid("asked", message),
            NoticeError::Record(error) => error.into(),
            NoticeError::Look(error) => ViewError::from(error).into(),
            NoticeError::Db(error) => error.into(),
        }
    }
}
