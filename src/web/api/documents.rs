//! 件: taken in, proposed, filed, joined, returned.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::given::{Acting, Asked, Given, Named, Nothing, maybe};
use super::problem::{Failed, Problem};
use crate::app::App;
use crate::filing::{self, Filed, NewHousehold, Proposed};
use crate::intake::{self, Added};
use crate::model::document::Description;
use crate::model::id::{DocumentId, EntryNo, HouseholdNo};
use crate::record::Receipt;
use crate::view::{self, DocumentView};

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(add))
        .routes(routes!(show))
        .routes(routes!(proposal))
        .routes(routes!(describe))
        .routes(routes!(join))
        .routes(routes!(give_back))
}

/// With what a file is added.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Adding {
    /// The name of the file where it comes from.
    #[serde(default)]
    name: String,
    /// 户号; the intake desk when left out.
    #[serde(default, deserialize_with = "maybe")]
    #[param(value_type = Option<String>, pattern = "^[0-9]{17}$")]
    household: Option<HouseholdNo>,
    /// Opens the household under the name of this head.
    #[serde(default)]
    open: String,
}

/// Adds a scan
///
/// The body is the file itself: JPEG, PNG, TIFF, WebP, BMP or PDF. It is
/// answered when it is durable; reading follows. The same bytes once more
/// answer 200 and the document that holds them.
#[utoipa::path(
    post, path = "/documents", tag = "documents", params(Adding),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses(
        (status = 201, description = "Kept as a new document", body = Added),
        (status = 200, description = "These bytes are held already; nothing was added", body = Added),
        (status = "default", description = "Not kept", body = Failed),
    )
)]
async fn add(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Asked(adding): Asked<Adding>,
    body: Body,
) -> Result<Response, Problem> {
    let household = adding.household.as_ref();
    if !adding.open.is_empty() {
        let no = household
            .ok_or_else(|| Problem::malformed("bad_query", "open is given without household"))?;
        let new = NewHousehold { head: adding.open, ..NewHousehold::default() };
        filing::open_household(&app, &actor, no, new).await?;
    }
    let taken =
        intake::take(&app, &actor, &adding.name, household, body.into_data_stream()).await?;
    let status = if taken.was_known() { StatusCode::OK } else { StatusCode::CREATED };
    let at = format!("/api/v1/documents/{}", taken.document);
    Ok((status, [(header::LOCATION, at)], Json(taken.added(adding.name))).into_response())
}

/// Shows a document
///
/// What is known of it, the text of its pages with boxes, and its history.
#[utoipa::path(
    get, path = "/documents/{id}", tag = "documents",
    params(("id" = DocumentId, Path, description = "The document's number")),
    responses(
        (status = 200, description = "The document", body = DocumentView),
        (status = "default", description = "Not shown", body = Failed),
    )
)]
async fn show(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(id): Named<DocumentId>,
    Asked(Nothing {}): Asked<Nothing>,
) -> Result<Json<DocumentView>, Problem> {
    Ok(Json(view::document(&app, &actor, id).await?))
}

/// Proposes what a document is and whose
///
/// Nothing is changed; a person confirms it with PUT …/description.
#[utoipa::path(
    get, path = "/documents/{id}/proposal", tag = "documents",
    params(("id" = DocumentId, Path, description = "The document's number")),
    responses(
        (status = 200, description = "The proposal", body = Proposed),
        (status = "default", description = "Nothing proposed", body = Failed),
    )
)]
async fn proposal(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(id): Named<DocumentId>,
    Asked(Nothing {}): Asked<Nothing>,
) -> Result<Json<Proposed>, Problem> {
    // Who it seems to be of is told of the household too: that is a look.
    view::document(&app, &actor, id).await?;
    Ok(Json(filing::propose(&app, &actor, id).await?))
}

/// What a person says a document is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Filing {
    /// 户号 of the household it belongs to.
    household: HouseholdNo,
    /// 件种: a code of the profile, such as `A02`.
    #[serde(rename = "type")]
    type_code: String,
    /// 题名
    #[schema(max_length = 200)]
    title: String,
    /// 责任者
    #[serde(default)]
    #[schema(max_length = 100)]
    responsible: String,
    /// 文号
    #[serde(default)]
    #[schema(max_length = 100)]
    document_no: String,
    /// 日期 of the paper.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    date: Option<Date>,
    /// 备注
    #[serde(default)]
    #[schema(max_length = 200)]
    remarks: String,
}

/// Files a document
///
/// 归入; once more to correct it (更正). What is left out becomes empty: begin
/// with the proposal.
#[utoipa::path(
    put, path = "/documents/{id}/description", tag = "documents",
    params(("id" = DocumentId, Path, description = "The document's number")),
    request_body = Filing,
    responses(
        (status = 200, description = "Filed", body = Filed),
        (status = "default", description = "Not filed", body = Failed),
    )
)]
async fn describe(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(id): Named<DocumentId>,
    Asked(Nothing {}): Asked<Nothing>,
    Given(given): Given<Filing>,
) -> Result<Json<Filed>, Problem> {
    let description = Description {
        type_code: given.type_code,
        title: given.title,
        responsible: given.responsible,
        document_no: given.document_no,
        date: given.date,
        remarks: given.remarks,
    };
    Ok(Json(filing::file(&app, &actor, id, &given.household, description).await?))
}

/// An act that was recorded.
#[derive(Debug, Serialize, ToSchema)]
struct Recorded {
    /// The number of its entry in the log.
    entry: EntryNo,
    /// When it was taken, RFC 3339.
    time: String,
}

impl From<Receipt> for Recorded {
    fn from(receipt: Receipt) -> Self {
        Self { entry: receipt.no, time: receipt.time.to_string() }
    }
}

/// To which document another is joined.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Joining {
    /// The document that continues.
    into: DocumentId,
}

/// Joins a document to another
///
/// 并入上件: its files become the last files of the other.
#[utoipa::path(
    post, path = "/documents/{id}/join", tag = "documents",
    params(("id" = DocumentId, Path, description = "The document that ends")),
    request_body = Joining,
    responses(
        (status = 200, description = "Joined", body = Recorded),
        (status = "default", description = "Not joined", body = Failed),
    )
)]
async fn join(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(id): Named<DocumentId>,
    Asked(Nothing {}): Asked<Nothing>,
    Given(given): Given<Joining>,
) -> Result<Json<Recorded>, Problem> {
    Ok(Json(filing::join(&app, &actor, id, given.into).await?.into()))
}

/// Why a document is returned.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Returning {
    /// For whoever sent it.
    #[schema(min_length = 1, max_length = 200)]
    reason: String,
}

/// Returns a document from the intake desk
///
/// 退回: it leaves the desk; its bytes stay.
#[utoipa::path(
    post, path = "/documents/{id}/return", tag = "documents",
    params(("id" = DocumentId, Path, description = "The document's number")),
    request_body = Returning,
    responses(
        (status = 200, description = "Returned", body = Recorded),
        (status = "default", description = "Not returned", body = Failed),
    )
)]
async fn give_back(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(id): Named<DocumentId>,
    Asked(Nothing {}): Asked<Nothing>,
    Given(given): Given<Returning>,
) -> Result<Json<Recorded>, Problem> {
    Ok(Json(filing::give_back(&app, &actor, id, &given.reason).await?.into()))
}
