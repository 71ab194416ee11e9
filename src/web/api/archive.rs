//! The archive as a whole: its organisations, its rules, its state.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::given::{Acting, Asked, Given, Named, Nothing};
use super::problem::{Failed, Problem};
use crate::app::App;
use crate::model::profile::Profile;
use crate::setup;
use crate::view::{self, Organisation, Status};

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(organisations))
        .routes(routes!(register))
        .routes(routes!(profile))
        .routes(routes!(status))
}

/// Lists organisations
///
/// The own one, those below it and those above it.
#[utoipa::path(
    get, path = "/organisations", tag = "archive",
    responses(
        (status = 200, description = "In order of codes", body = Vec<Organisation>),
        (status = "default", description = "No list", body = Failed),
    )
)]
async fn organisations(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Asked(Nothing {}): Asked<Nothing>,
) -> Result<Json<Vec<Organisation>>, Problem> {
    Ok(Json(view::organisations(&app, &actor).await?))
}

/// What an organisation is called.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Called {
    /// Its name.
    #[schema(min_length = 1, max_length = 60)]
    name: String,
}

/// Registers an organisation, or gives it another name
///
/// 登记机构: the own one, or one below it.
#[utoipa::path(
    put, path = "/organisations/{code}", tag = "archive", request_body = Called,
    params(("code" = String, Path, description = "Its region code", pattern = "^[0-9]{12}$")),
    responses(
        (status = 204, description = "Registered"),
        (status = "default", description = "Not registered", body = Failed),
    )
)]
async fn register(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(code): Named<String>,
    Asked(Nothing {}): Asked<Nothing>,
    Given(given): Given<Called>,
) -> Result<StatusCode, Problem> {
    setup::register_one(&app, &actor, &code, &given.name).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Shows the rules of the bureau
///
/// 归档范围表: the kinds of paper in filing order, who collects them, and how
/// long they are kept.
#[utoipa::path(
    get, path = "/profile", tag = "archive",
    responses(
        (status = 200, description = "The profile", body = Profile),
        (status = "default", description = "Not shown", body = Failed),
    )
)]
async fn profile(State(app): State<Arc<App>>, Asked(Nothing {}): Asked<Nothing>) -> Json<Profile> {
    Json(app.profile.clone())
}

/// Says how far each part of the archive is
///
/// The log, the index, what waits, and whether pages are read by OCR.
#[utoipa::path(
    get, path = "/status", tag = "archive",
    responses(
        (status = 200, description = "The state", body = Status),
        (status = "default", description = "Nobody knows", body = Failed),
    )
)]
async fn status(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Asked(Nothing {}): Asked<Nothing>,
) -> Result<Json<Status>, Problem> {
    Ok(Json(view::status(&app, &actor).await?))
}
