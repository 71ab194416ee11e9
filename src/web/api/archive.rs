//! The archive as a whole: its organisations, its rules, its state.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::given::{Acting, Asked, Nothing};
use super::problem::{Failed, Problem};
use crate::app::App;
use crate::model::profile::Profile;
use crate::view::{self, Organisation, Status};

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(organisations))
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
