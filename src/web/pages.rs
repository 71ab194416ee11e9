//! The handlers, one file a noun: each reads the request, calls a use case,
//! fills the page and shows it.

pub(crate) mod audit;
pub(crate) mod bundle;
pub(crate) mod cases;
pub(crate) mod catalogs;
pub(crate) mod check;
pub(crate) mod checks;
pub(crate) mod correct;
pub(crate) mod counter;
pub(crate) mod document;
pub(crate) mod encryption;
pub(crate) mod entry;
pub(crate) mod family;
pub(crate) mod funds;
pub(crate) mod history;
pub(crate) mod household;
pub(crate) mod households;
pub(crate) mod intake;
pub(crate) mod jobs;
pub(crate) mod keying;
pub(crate) mod kinship;
pub(crate) mod lang;
pub(crate) mod lending;
pub(crate) mod me;
pub(crate) mod missing;
pub(crate) mod notices;
pub(crate) mod numbers;
pub(crate) mod overview;
pub(crate) mod payments;
pub(crate) mod people;
pub(crate) mod reason;
pub(crate) mod recoveries;
pub(crate) mod registers;
pub(crate) mod reviews;
pub(crate) mod seal;
pub(crate) mod search;
pub(crate) mod signin;
pub(crate) mod standards;
pub(crate) mod statistics;
pub(crate) mod upload;
pub(crate) mod uses;
pub(crate) mod volume;

use axum::http::StatusCode;
use axum::response::Response;

use super::error::{Failure, Status};
use super::lang::Lang;
use super::page::part::FieldError;
use super::session::Session;
use super::words;
use crate::app::App;
use crate::living::LivingError;
use crate::model::id::{DocumentId, HouseholdNo};
use crate::model::lending::day_of;
use crate::model::month::Month;
use crate::view::{HouseholdView, Place};

/// How many rows a list shows at once.
const ROWS: u32 = 50;

/// What every handler answers.
pub(crate) type Answer = Result<Response, Failure>;

/// What is said on a page about something that the person can put right there:
/// status and sentence.
///
/// # Errors
/// When nobody can put it right there.
fn said_here(session: &Session, error: impl Into<Failure>) -> Result<(Status, String), Failure> {
    let failure = error.into();
    if failure.status == StatusCode::INTERNAL_SERVER_ERROR
        || failure.status == StatusCode::NOT_FOUND
    {
        return Err(failure);
    }
    let said = [&failure.sentence, &failure.hint].map(|both| both.said_in(session.lang));
    Ok((failure.told(), said.join(session.lang.t("", " ")).trim_end().to_owned()))
}

/// What was found; or none, and the sentence on a filter that cannot be read: the page
/// says it, and shows what there is without the filter.
///
/// # Errors
/// When something else is wrong.
fn filtered<T>(
    lang: Lang,
    found: Result<T, LivingError>,
) -> Result<(Option<T>, Option<String>), Failure> {
    match found {
        Err(error @ LivingError::Asked(_)) => {
            Ok((None, Some(Failure::from(error).sentence.said_in(lang))))
        }
        found => Ok((Some(found?), None)),
    }
}

/// The papers of a file, which can prove something: number and title.
fn papers(file: &HouseholdView) -> Vec<(u64, String)> {
    let paper =
        |place: &Place| Some((words::count(place.document.as_ref()?.id), place.title.clone()));
    file.places.iter().filter_map(paper).collect()
}

/// The document an address names.
fn document_id(text: &str) -> Result<DocumentId, Failure> {
    text.parse().map_err(|_| Failure::number(text))
}

/// The month an address names; the present one where it names none.
fn own_month(app: &App, text: &str) -> Result<Month, Failure> {
    match text.trim() {
        "" => Ok(Month::of(day_of(app.now()))),
        text => text.parse().map_err(|error| Failure::form(&error)),
    }
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
