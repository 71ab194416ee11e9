//! What is said to those who do not come in, or may not change who does.

use axum::http::StatusCode;

use super::Problem;
use crate::model::access::Denied;
use crate::own::OwnError;
use crate::people::PeopleError;
use crate::setup::OrganisationError;
use crate::signin::{SignInError, seconds};

impl From<PeopleError> for Problem {
    fn from(error: PeopleError) -> Self {
        let message = error.to_string();
        match error {
            PeopleError::Denied(Denied(right)) => Self::denied(right),
            PeopleError::Person(_) => Self::invalid("person", message),
            PeopleError::Unknown(_) => Self::not_found("unknown_person", message),
            PeopleError::Organisation(_) => Self::invalid("unknown_organisation", message)
                .hint("the organisations are in /api/v1/organisations"),
            PeopleError::AtProvider => Self::invalid("name_at_provider", message),
            PeopleError::Apart(_) => Self::new(StatusCode::FORBIDDEN, "apart", message),
            PeopleError::NoToken => Self::not_found("unknown_token", message),
            PeopleError::NoSession => Self::not_found("unknown_session", message),
            PeopleError::Weak(_) => Self::invalid("weak_password", message),
            PeopleError::Password(_) => Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", message),
            PeopleError::Record(error) => error.into(),
            PeopleError::Db(error) => error.into(),
        }
    }
}

impl From<SignInError> for Problem {
    fn from(error: SignInError) -> Self {
        let message = error.to_string();
        let not_let_in = |code| Self::new(StatusCode::UNAUTHORIZED, code, message.clone());
        match error {
            SignInError::CodeNeeded => not_let_in("code_needed")
                .hint("send the six digits as code, beside login and password"),
            SignInError::WrongCode => not_let_in("wrong_code"),
            SignInError::Wait(wait) => Self::new(StatusCode::TOO_MANY_REQUESTS, "wait", message)
                .hint("from elsewhere it is not to be waited")
                .after(seconds(wait)),
            SignInError::Password(_) => Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", message)
                .hint("try again in a moment"),
            SignInError::Key(error) => Self::trouble(error.to_string()),
            SignInError::Db(error) => error.into(),
            _ => not_let_in("not_let_in"),
        }
    }
}

impl From<OwnError> for Problem {
    fn from(error: OwnError) -> Self {
        let message = error.to_string();
        match error {
            OwnError::Wrong => Self::invalid("wrong_password", message),
            OwnError::Weak(_) | OwnError::Same => Self::invalid("weak_password", message),
            OwnError::WrongCode => Self::invalid("wrong_code", message),
            OwnError::Factor => Self::conflict("second_factor", message),
            OwnError::Token(_) => Self::invalid("token", message),
            OwnError::TooMuch(_) => Self::invalid("too_much", message),
            OwnError::TooMany => Self::conflict("too_many", message),
            OwnError::Gone => Self::not_found("gone", message),
            OwnError::SignIn(error) => error.into(),
            OwnError::Password(_) => Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", message)
                .hint("try again in a moment"),
            OwnError::Key(_) => Self::trouble(message),
            OwnError::Db(error) => error.into(),
        }
    }
}

impl From<OrganisationError> for Problem {
    fn from(error: OrganisationError) -> Self {
        let message = error.to_string();
        match error {
            OrganisationError::Code(error) => error.into(),
            OrganisationError::Name => Self::invalid("name", message),
            OrganisationError::Elsewhere(_) => Self::invalid("unknown_organisation", message),
            OrganisationError::Record(error) => error.into(),
        }
    }
}
