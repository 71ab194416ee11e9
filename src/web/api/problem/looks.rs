//! What looking at files says: what is not there, what may not be seen, reasons, searching.

use axum::http::StatusCode;

use super::Problem;
use crate::looks::LookError;
use crate::model::access::Denied;
use crate::model::look::ReasonError;
use crate::search::SearchError;
use crate::uses::UsesError;
use crate::view::ViewError;

impl From<ViewError> for Problem {
    fn from(error: ViewError) -> Self {
        let message = error.to_string();
        match error {
            ViewError::UnknownDocument(_) => Self::not_found("unknown_document", message),
            ViewError::UnknownHousehold(_) => Self::not_found("unknown_household", message),
            ViewError::UnknownVolume(_) => Self::not_found("unknown_volume", message),
            ViewError::Denied(Denied(right)) => Self::denied(right),
            ViewError::UnknownPage(_) => Self::not_found("unknown_page", message),
            ViewError::Filing(error) => error.into(),
            ViewError::File(error) => error.into(),
            ViewError::Look(error) => error.into(),
            ViewError::Db(error) => error.into(),
            ViewError::Vault(error) => error.into(),
            ViewError::Manifest(_) | ViewError::Index(_) => Self::trouble(message),
        }
    }
}

impl From<LookError> for Problem {
    fn from(error: LookError) -> Self {
        let message = error.to_string();
        match error {
            LookError::NoReason(_) => Self::new(StatusCode::FORBIDDEN, "reason_wanted", message)
                .hint("send the header Yidang-Reason: 1 review, 2 checking, 3 petition, 4 audit, or words"),
            LookError::Broken(_) => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "access_log", message)
                    .hint("what cannot be noted is not shown; run `yidang verify`")
            }
            LookError::Db(_) | LookError::File(_) | LookError::Ledger(_) => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "not_noted", message)
                    .hint("what cannot be noted is not shown")
            }
        }
    }
}

impl From<UsesError> for Problem {
    fn from(error: UsesError) -> Self {
        let message = error.to_string();
        match error {
            UsesError::Denied(Denied(right)) => Self::denied(right),
            UsesError::View(error) => error.into(),
            UsesError::Prove(error) => error.into(),
            UsesError::Record(error) => error.into(),
            UsesError::Db(error) => error.into(),
            UsesError::Unknown(_) => Self::not_found("unknown_look", message),
            UsesError::Asked(_) => Self::invalid("bad_filter", message),
            UsesError::TooMany { .. } => Self::invalid("too_many", message),
            UsesError::File(_) => Self::trouble(message),
        }
    }
}

impl From<ReasonError> for Problem {
    fn from(error: ReasonError) -> Self {
        Self::invalid("reason", error.to_string())
    }
}

impl From<SearchError> for Problem {
    fn from(error: SearchError) -> Self {
        let message = error.to_string();
        match error {
            SearchError::Index(yidang_indexer::Error::Syntax(_)) => Self::invalid("query", message)
                .hint("quote words that are to be taken as they stand"),
            SearchError::Index(yidang_indexer::Error::Date(_)) => Self::invalid("date", message),
            SearchError::Index(_) | SearchError::File(_) => Self::trouble(message),
            SearchError::Asked(_) => Self::invalid("bad_query", message),
            SearchError::NoColumn { .. } => Self::invalid("no_column", message),
            SearchError::TooMuch | SearchError::TooMany { .. } => {
                Self::invalid("too_many", message)
            }
            SearchError::NoReason => Self::invalid("reason", message),
            SearchError::HasNumber => Self::invalid("has_number", message),
            SearchError::Name | SearchError::Full => Self::invalid("saved_search", message),
            SearchError::Unknown => Self::not_found("unknown_saved_search", message),
            SearchError::UnknownPaper(id) => ViewError::UnknownDocument(id).into(),
            SearchError::Denied(error) => Self::denied(error.0),
            SearchError::Look(error) => error.into(),
            SearchError::Db(error) => error.into(),
        }
    }
}
