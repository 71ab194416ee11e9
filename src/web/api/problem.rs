//! What went wrong, in the one shape of the API and with the right status.

mod access;
mod correction;
mod encryption;
mod keying;
mod lending;
mod living;
mod looks;
mod proof;
mod registers;
mod store;

use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::binding::BindError;
use crate::catalog::Refusal;
use crate::filing::FilingError;
use crate::intake::IntakeError;
use crate::lending::LendingError;
use crate::model::access::{Denied, Right};
use crate::model::id::IdError;
use crate::model::mask;
use crate::record::RecordError;

/// The body of every answer that is not a success.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Failed {
    /// What went wrong.
    pub error: Error,
}

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Error {
    /// A word for programs, such as `unknown_household`.
    pub code: &'static str,
    /// One sentence for people.
    pub message: String,
    /// What may help, or empty.
    pub hint: &'static str,
}

/// An answer that is not a success.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    status: StatusCode,
    error: Error,
    retry: Option<u64>,
}

impl Problem {
    /// A problem with a status of the caller's choice.
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, error: Error { code, message: message.into(), hint: "" }, retry: None }
    }

    /// The same with a hint.
    #[must_use]
    pub fn hint(mut self, hint: &'static str) -> Self {
        self.error.hint = hint;
        self
    }

    /// The same, with after how many seconds to ask again.
    fn after(mut self, seconds: u64) -> Self {
        self.retry = Some(seconds);
        self
    }

    /// What was asked for is not there.
    pub(super) fn not_found(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, code, message)
    }

    /// The request cannot be understood: one sentence, without what the reader of it says around it, and where to look.
    pub(super) fn malformed(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, sentence(&message.into()))
            .hint("what each address takes is in /api/v1/openapi.json")
    }

    /// The request is understood, and what it says cannot be.
    pub(super) fn invalid(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, message)
    }

    fn conflict(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, code, message)
    }

    /// The archive itself could not do it.
    fn trouble(message: impl Into<String>) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "trouble", message)
    }

    /// Nobody is signed in.
    pub fn no_session() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "no_session", "nobody is signed in")
            .hint("POST /api/v1/session, and send its token as Authorization: Bearer …")
    }

    /// The person may not do this.
    pub fn denied(right: Right) -> Self {
        Self::new(StatusCode::FORBIDDEN, "denied", Denied(right).to_string())
            .hint("a security officer says who may do what")
    }

    /// Two histories of one log.
    pub(super) fn forked(message: impl Into<String>) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "forked", message)
            .hint("keep both checkpoints and compare them with those that others hold")
    }

    /// Nothing stands under this address.
    pub fn no_route() -> Self {
        Self::not_found("no_route", "there is nothing under this address")
            .hint("the addresses are in /api/v1/openapi.json")
    }

    /// This address takes other methods.
    pub fn no_method() -> Self {
        let message = "this address does not take that method";
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "no_method", message)
            .hint("the addresses are in /api/v1/openapi.json")
    }

    /// What went wrong, by itself.
    pub(super) fn told(self) -> Error {
        self.error
    }

    /// The status of the answer.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The word for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.error.code
    }
}

/// The most characters of a sentence about what was sent.
const SENTENCE: usize = 200;

/// What a reader of queries, addresses and bodies says, as one short sentence: what stands after
/// its last introduction, on one line.
pub(super) fn sentence(said: &str) -> String {
    const INTRODUCTIONS: [&str; 6] = [
        "Failed to deserialize query string: ",
        "Failed to deserialize form: ",
        "Failed to deserialize the JSON body into the target type: ",
        "Failed to parse the request body as JSON: ",
        "Invalid URL: ",
        "Failed to buffer the request body: ",
    ];
    let mut rest = said.trim();
    for introduction in INTRODUCTIONS {
        rest = rest.strip_prefix(introduction).unwrap_or(rest);
    }
    rest.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(SENTENCE).collect()
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        if self.status.is_server_error() {
            let message = mask::numbers(&self.error.message);
            tracing::error!(code = self.error.code, message, "not answered");
        }
        let mut response = (self.status, Json(Failed { error: self.error })).into_response();
        if let Some(seconds) = self.retry {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}

impl From<IdError> for Problem {
    fn from(error: IdError) -> Self {
        Self::invalid("not_an_identifier", error.to_string())
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let message = refusal.to_string();
        match refusal {
            Refusal::UnknownHousehold(_) => Self::not_found("unknown_household", message)
                .hint("check the 17 digits, or open the household first"),
            Refusal::UnknownDocument(_) => Self::not_found("unknown_document", message),
            Refusal::JoinedToItself(_) => Self::invalid("joined_to_itself", message),
            Refusal::HouseholdExists(_) => {
                Self::conflict("household_exists", message).hint("a household keeps its number")
            }
            Refusal::Meanwhile => Self::conflict("meanwhile", message),
            Refusal::ArchiveExists => Self::conflict("archive_exists", message),
            Refusal::NotLive { .. } => Self::conflict("not_live", message),
            Refusal::AlreadyFiled(_) => {
                Self::conflict("already_filed", message).hint("correct its description instead")
            }
            Refusal::VolumeMoved { .. } => Self::conflict("volume_moved", message),
            Refusal::NoPage { .. } => Self::not_found("unknown_page", message),
            Refusal::CorrectedMeanwhile { .. } => Self::conflict("corrected_meanwhile", message),
            Refusal::CodeTaken(_) => Self::conflict("code_taken", message),
            Refusal::Key { .. } => Self::conflict("log_key", message),
            Refusal::NotItsAlone(..) => Self::conflict("not_its_alone", message),
            Refusal::EncryptedAlready(_) => Self::conflict("encrypted_already", message),
            Refusal::AccessLog { .. } => Self::conflict("access_log", message),
            Refusal::LoginTaken(_) => Self::conflict("login_taken", message),
            Refusal::UnknownPerson(_) => Self::not_found("unknown_person", message),
            Refusal::Roles(_) => Self::invalid("roles", message),
            Refusal::Oneself => Self::new(StatusCode::FORBIDDEN, "oneself", message),
            Refusal::DestructionAsked(_) => Self::conflict("destruction_asked", message),
            Refusal::NoDestruction(_) => Self::conflict("no_destruction", message),
            Refusal::OwnDestruction => Self::new(StatusCode::FORBIDDEN, "own_request", message),
            Refusal::UnknownLending => LendingError::Unknown.into(),
            Refusal::Lending(rule) => rule.into(),
            Refusal::Living(rule) => rule.into(),
            Refusal::Row(rule) => rule.into(),
            Refusal::NotOfHousehold(_) => Self::invalid("not_of_household", message),
            Refusal::NotUp(..) => Self::conflict("not_up", message),
        }
    }
}

impl From<RecordError> for Problem {
    fn from(error: RecordError) -> Self {
        let message = error.to_string();
        match error {
            RecordError::Refused(refusal) => refusal.into(),
            RecordError::Denied(Denied(right)) => Self::denied(right),
            RecordError::Vault(error) => error.into(),
            RecordError::Unsure(_) => Self::new(StatusCode::SERVICE_UNAVAILABLE, "unsure", message)
                .hint("when the store is back, look whether it is there before you send it again"),
            RecordError::Closed => Self::new(StatusCode::SERVICE_UNAVAILABLE, "closed", message),
            _ => Self::trouble(message),
        }
    }
}

impl From<IntakeError> for Problem {
    fn from(error: IntakeError) -> Self {
        match error {
            IntakeError::File(error) => error.into(),
            IntakeError::Vault(error) => error.into(),
            IntakeError::Record(error) => error.into(),
            IntakeError::Db(error) => error.into(),
        }
    }
}

impl From<FilingError> for Problem {
    fn from(error: FilingError) -> Self {
        let message = error.to_string();
        match error {
            FilingError::Unknown(_) => Self::not_found("unknown_document", message),
            FilingError::UnknownHousehold(no) => Refusal::UnknownHousehold(no).into(),
            FilingError::UnknownType(_) => {
                Self::invalid("unknown_type", message).hint("the types are in /api/v1/profile")
            }
            FilingError::Description(_) => Self::invalid("description", message),
            FilingError::Elsewhere(_) => Self::not_found("unknown_organisation", message),
            FilingError::NotRegistered(_) => Self::invalid("not_registered", message),
            FilingError::Head => Self::invalid("head", message),
            FilingError::Identity(rule) => Self::invalid(rule.code(), message),
            FilingError::NoReason => Self::invalid("no_reason", message),
            FilingError::Id(error) => error.into(),
            FilingError::Record(error) => error.into(),
            FilingError::Db(error) => error.into(),
            FilingError::Vault(error) => error.into(),
        }
    }
}

impl From<BindError> for Problem {
    fn from(error: BindError) -> Self {
        let message = error.to_string();
        match error {
            BindError::Filing(error) => error.into(),
            BindError::Empty(_) => Self::conflict("nothing_to_bind", message),
            BindError::Unchanged(_) => Self::conflict("unchanged", message),
            BindError::Manifest(_) => Self::trouble(message),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract;
    use crate::model::id::DocumentId;
    use crate::vault::VaultError;
    use crate::view::ViewError;

    #[test]
    fn causes_keep_their_status_through_every_layer() {
        let status = |problem: Problem| problem.status().as_u16();
        assert_eq!(status(IntakeError::Vault(VaultError::Full).into()), 507);
        assert_eq!(status(BindError::Filing(VaultError::Full.into()).into()), 507);
        assert_eq!(status(VaultError::TooLarge { limit: 1 }.into()), 413);
        let found = String::new();
        assert_eq!(status(IntakeError::File(extract::Error::NotADocument { found }).into()), 415);
        assert_eq!(status(IntakeError::File(extract::Error::Encrypted).into()), 422);
        let refused = RecordError::Refused(Refusal::AlreadyFiled(DocumentId(7)));
        assert_eq!(status(ViewError::Filing(refused.into()).into()), 409);
        assert_eq!(status(FilingError::Unknown(DocumentId(7)).into()), 404);
    }
}
