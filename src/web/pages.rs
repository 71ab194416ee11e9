//! The handlers, one file a noun: each reads the request, calls a use case,
//! fills the page and shows it.

pub(crate) mod audit;
pub(crate) mod bundle;
pub(crate) mod check;
pub(crate) mod counter;
pub(crate) mod document;
pub(crate) mod entry;
pub(crate) mod history;
pub(crate) mod household;
pub(crate) mod households;
pub(crate) mod intake;
pub(crate) mod jobs;
pub(crate) mod lang;
pub(crate) mod lending;
pub(crate) mod overview;
pub(crate) mod seal;
pub(crate) mod search;
pub(crate) mod signin;
pub(crate) mod upload;
pub(crate) mod volume;

use axum::response::Response;

use super::error::Failure;
use super::page::part::FieldError;
use crate::model::id::{DocumentId, HouseholdNo};

/// How many rows a list shows at once.
const ROWS: u32 = 50;

/// What every handler answers.
pub(crate) type Answer = Result<Response, Failure>;

/// The document an address names.
fn document_id(text: &str) -> Result<DocumentId, Failure> {
    text.parse().map(DocumentId).map_err(|_| Failure::number(text))
}

/// The household an address names.
fn household_no(text: &str) -> Result<HouseholdNo, Failure> {
    Ok(text.parse::<HouseholdNo>()?)
}

/// The entry of the log an address names.
fn entry_no(text: &str) -> Result<i64, Failure> {
    text.parse().map_err(|_| Failure::number(text))
}

/// What is wrong with a field.
fn wrong(field: &str, message: impl Into<String>) -> FieldError {
    FieldError { field: field.to_owned(), message: message.into() }
}
