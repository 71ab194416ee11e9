//! 录入字段: a form with what was read of it, the versions of its fields, what they say of
//! the household, the steps that papers propose.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::given::{Acting, Asked, Given, Named, Nothing};
use super::problem::{Failed, Problem};
use crate::app::App;
use crate::keying::{self, Keying, Offers, Sheet, Stating, StepOffer, Version};
use crate::model::id::{DocumentId, EntryNo, HouseholdNo};
use crate::view;

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(sheet))
        .routes(routes!(versions, save))
        .routes(routes!(offers, state))
        .routes(routes!(steps))
}

/// Shows the form that a paper is
///
/// With what was keyed last, or before that what was read beside its labels; numbers of
/// persons are covered.
#[utoipa::path(
    get, path = "/documents/{id}/form", tag = "documents",
    params(("id" = DocumentId, Path, description = "The document's number")),
    responses(
        (status = 200, description = "The form", body = Sheet),
        (status = "default", description = "Not shown", body = Failed),
    )
)]
async fn sheet(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(id): Named<DocumentId>,
    Asked(Nothing {}): Asked<Nothing>,
) -> Result<Json<Sheet>, Problem> {
    Ok(Json(keying::sheet(&app, &actor, id).await?))
}

/// Lists the versions of the fields of a paper, newest first
#[utoipa::path(
    get, path = "/documents/{id}/fields", tag = "documents",
    params(("id" = DocumentId, Path, description = "The document's number")),
    responses(
        (status = 200, description = "The versions", body = Vec<Version>),
        (status = "default", description = "Not shown", body = Failed),
    )
)]
async fn versions(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(id): Named<DocumentId>,
    Asked(Nothing {}): Asked<Nothing>,
) -> Result<Json<Vec<Version>>, Problem> {
    Ok(Json(keying::versions(&app, &actor, id).await?))
}

/// A version of the fields that was kept, or a statement.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FieldsDone)]
struct Done {
    /// The number of its entry.
    entry: EntryNo,
}

/// Keeps the next version of the fields of a paper
#[utoipa::path(
    post, path = "/documents/{id}/fields", tag = "documents", request_body = Keying,
    params(("id" = DocumentId, Path, description = "The document's number")),
    responses(
        (status = 201, description = "Kept", body = Done),
        (status = "default", description = "Not kept", body = Failed),
    )
)]
async fn save(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(id): Named<DocumentId>,
    Asked(Nothing {}): Asked<Nothing>,
    Given(said): Given<Keying>,
) -> Result<(StatusCode, Json<Done>), Problem> {
    let entry = keying::save(&app, &actor, id, said).await?.no;
    Ok((StatusCode::CREATED, Json(Done { entry })))
}

/// Lists what a paper says that is not known so of its household
#[utoipa::path(
    get, path = "/documents/{id}/fields/facts", tag = "documents",
    params(("id" = DocumentId, Path, description = "The document's number")),
    responses(
        (status = 200, description = "The values", body = Offers),
        (status = "default", description = "Not shown", body = Failed),
    )
)]
async fn offers(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(id): Named<DocumentId>,
    Asked(Nothing {}): Asked<Nothing>,
) -> Result<Json<Offers>, Problem> {
    Ok(Json(keying::offers(&app, &actor, id).await?))
}

/// States some of what a paper says, with the paper as its proof
#[utoipa::path(
    post, path = "/documents/{id}/fields/facts", tag = "documents", request_body = Stating,
    params(("id" = DocumentId, Path, description = "The document's number")),
    responses(
        (status = 201, description = "Stated", body = Done),
        (status = "default", description = "Not stated", body = Failed),
    )
)]
async fn state(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(id): Named<DocumentId>,
    Asked(Nothing {}): Asked<Nothing>,
    Given(stating): Given<Stating>,
) -> Result<(StatusCode, Json<Done>), Problem> {
    let entry = keying::state(&app, &actor, id, stating).await?.no;
    Ok((StatusCode::CREATED, Json(Done { entry })))
}

/// Lists the steps that papers of a household's file propose
#[utoipa::path(
    get, path = "/households/{no}/proposed-steps", tag = "living",
    params(("no" = String, Path, description = "户号", pattern = "^[0-9]{17}$")),
    responses(
        (status = 200, description = "The steps", body = Vec<StepOffer>),
        (status = "default", description = "Not shown", body = Failed),
    )
)]
async fn steps(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(no): Named<HouseholdNo>,
    Asked(Nothing {}): Asked<Nothing>,
) -> Result<Json<Vec<StepOffer>>, Problem> {
    let file = view::household(&app, &actor, &no).await?;
    Ok(Json(keying::steps(&app, &file).await?))
}
