//! What people, organisations and looks say, as ends of a command.

use super::Failure;
use crate::looks::LookError;
use crate::model::look::ReasonError;
use crate::own::OwnError;
use crate::people::PeopleError;
use crate::search::SearchError;
use crate::setup::OrganisationError;
use crate::uses::UsesError;

impl From<PeopleError> for Failure {
    fn from(error: PeopleError) -> Self {
        match error {
            PeopleError::Record(error) => error.into(),
            PeopleError::Db(error) => error.into(),
            PeopleError::Unknown(_) => {
                Self::new(1, "not_found", error.to_string(), "`yidang person list` lists people")
            }
            PeopleError::NoToken | PeopleError::NoSession => Self::not_found(error.to_string()),
            PeopleError::Denied(_) => Self::denied(error.to_string()),
            other => Self::usage(other.to_string(), ""),
        }
    }
}

impl From<OrganisationError> for Failure {
    fn from(error: OrganisationError) -> Self {
        match error {
            OrganisationError::Record(error) => error.into(),
            other => Self::usage(other.to_string(), ""),
        }
    }
}

impl From<OwnError> for Failure {
    fn from(error: OwnError) -> Self {
        match error {
            OwnError::Db(error) => error.into(),
            OwnError::Gone => Self::new(1, "not_found", error.to_string(), ""),
            other => Self::usage(other.to_string(), ""),
        }
    }
}

impl From<LookError> for Failure {
    fn from(error: LookError) -> Self {
        match error {
            LookError::NoReason(_) => Self::usage(error.to_string(), "say it with --reason"),
            _ => Self::trouble(error.to_string()),
        }
    }
}

impl From<UsesError> for Failure {
    fn from(error: UsesError) -> Self {
        match error {
            UsesError::Denied(error) => PeopleError::from(error).into(),
            UsesError::View(error) => error.into(),
            UsesError::Prove(error) => error.into(),
            UsesError::Record(error) => error.into(),
            UsesError::Db(error) => error.into(),
            UsesError::Unknown(_) => Self::not_found(error.to_string()),
            UsesError::Asked(_) => Self::usage(error.to_string(), ""),
            UsesError::TooMany { .. } | UsesError::File(_) => Self::trouble(error.to_string()),
        }
    }
}

impl From<ReasonError> for Failure {
    fn from(error: ReasonError) -> Self {
        Self::usage(error.to_string(), "such as --reason 2 or --reason 户主来电询问")
    }
}

impl From<SearchError> for Failure {
    fn from(error: SearchError) -> Self {
        match error {
            SearchError::Index(error @ yidang_indexer::Error::Syntax { .. }) => {
                Self::usage(error.to_string(), "quote words that are to be taken as they stand")
            }
            SearchError::Index(error) => Self::trouble(error.to_string()),
            error @ (SearchError::Asked(_)
            | SearchError::NoColumn { .. }
            | SearchError::TooMuch
            | SearchError::TooMany { .. }
            | SearchError::NoReason
            | SearchError::HasNumber
            | SearchError::Name
            | SearchError::Full) => Self::usage(error.to_string(), ""),
            error @ (SearchError::Unknown | SearchError::UnknownPaper(_)) => {
                Self::new(1, "not_found", error.to_string(), "")
            }
            SearchError::File(error) => Self::trouble(error),
            SearchError::Denied(error) => PeopleError::from(error).into(),
            SearchError::Look(error) => error.into(),
            SearchError::Db(error) => error.into(),
        }
    }
}
