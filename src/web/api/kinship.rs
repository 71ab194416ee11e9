//! 分户、并户: households that came from each other, and where somebody lived before.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::given::{Acting, Asked, Given, Named, Nothing};
use super::problem::{Failed, Problem};
use crate::app::App;
use crate::living::kinship::{self, Kinship, Lived, Merging, Split, Splitting};
use crate::model::id::{DocumentId, EntryNo, HouseholdNo};

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(links))
        .routes(routes!(split))
        .routes(routes!(merge))
        .routes(routes!(take_back))
        .routes(routes!(lived))
}

/// Lists the splits and merges of a household, and where it goes on
///
/// Of a household outside the scope nothing is told but that there is one.
#[utoipa::path(
    get, path = "/households/{no}/links", tag = "living",
    params(("no" = String, Path, description = "户号", pattern = "^[0-9]{17}$")),
    responses(
        (status = 200, description = "The splits and merges", body = Kinship),
        (status = "default", description = "Not shown", body = Failed),
    )
)]
async fn links(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(no): Named<HouseholdNo>,
    Asked(Nothing {}): Asked<Nothing>,
) -> Result<Json<Kinship>, Problem> {
    Ok(Json(kinship::list(&app, &actor, &no).await?))
}

/// Splits a household
///
/// Some of it become a household of their own, under the next free number of a community.
/// What is known of them goes along, with its proof.
#[utoipa::path(
    post, path = "/households/{no}/split", tag = "living", request_body = Splitting,
    params(("no" = String, Path, description = "户号", pattern = "^[0-9]{17}$")),
    responses(
        (status = 201, description = "Split", body = Split),
        (status = "default", description = "Not split", body = Failed),
    )
)]
async fn split(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(no): Named<HouseholdNo>,
    Asked(Nothing {}): Asked<Nothing>,
    Given(splitting): Given<Splitting>,
) -> Result<Response, Problem> {
    let split = kinship::split(&app, &actor, &no, splitting).await?;
    let at = format!("/api/v1/households/{}", split.household);
    Ok((StatusCode::CREATED, [(header::LOCATION, at)], Json(split)).into_response())
}

/// A merge, or one that was taken back.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LinkedEntry)]
struct Linked {
    /// The number of its entry.
    entry: EntryNo,
}

/// Merges a household into another
///
/// Everybody goes. The number is not used any more; the file stays.
#[utoipa::path(
    post, path = "/households/{no}/merge", tag = "living", request_body = Merging,
    params(("no" = String, Path, description = "户号", pattern = "^[0-9]{17}$")),
    responses(
        (status = 201, description = "Merged", body = Linked),
        (status = "default", description = "Not merged", body = Failed),
    )
)]
async fn merge(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(no): Named<HouseholdNo>,
    Asked(Nothing {}): Asked<Nothing>,
    Given(merging): Given<Merging>,
) -> Result<(StatusCode, Json<Linked>), Problem> {
    let entry = kinship::merge(&app, &actor, &no, merging).await?.no;
    Ok((StatusCode::CREATED, Json(Linked { entry })))
}

/// Why a split or merge was wrong.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WrongLink {
    /// In words.
    #[schema(min_length = 2, max_length = 500)]
    words: String,
}

/// Takes a split or merge back that was wrong
///
/// Until something is built upon it; then record one the other way round.
#[utoipa::path(
    post, path = "/households/{no}/links/{entry}/take-back", tag = "living",
    request_body = WrongLink,
    params(
        ("no" = String, Path, description = "户号", pattern = "^[0-9]{17}$"),
        ("entry" = DocumentId, Path, description = "The entry that linked them"),
    ),
    responses(
        (status = 201, description = "Taken back", body = Linked),
        (status = "default", description = "Not taken back", body = Failed),
    )
)]
async fn take_back(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named((no, link)): Named<(HouseholdNo, DocumentId)>,
    Asked(Nothing {}): Asked<Nothing>,
    Given(given): Given<WrongLink>,
) -> Result<(StatusCode, Json<Linked>), Problem> {
    // Both are numbers of entries, and read alike.
    let entry = kinship::take_back(&app, &actor, &no, link.0, &given.words).await?.no;
    Ok((StatusCode::CREATED, Json(Linked { entry })))
}

/// Whose places are asked for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OfPerson {
    /// 身份证号
    #[schema(min_length = 1, max_length = 40)]
    number: String,
}

/// Says where a person lives, and lived before
///
/// By the number of the identity card, which stands in no address. The present household
/// comes first.
#[utoipa::path(
    post, path = "/persons/households", tag = "living", request_body = OfPerson,
    responses(
        (status = 200, description = "The households", body = Vec<Lived>),
        (status = "default", description = "No list", body = Failed),
    )
)]
async fn lived(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Asked(Nothing {}): Asked<Nothing>,
    Given(given): Given<OfPerson>,
) -> Result<Json<Vec<Lived>>, Problem> {
    Ok(Json(kinship::lived(&app, &actor, &given.number).await?))
}
