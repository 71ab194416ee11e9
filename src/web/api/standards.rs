//! 低保标准 and 测算: what a person is guaranteed, and what households are entitled to
//! by it beside what was decided.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::given::{Acting, Asked, Given, Nothing};
use super::problem::{Failed, Problem};
use crate::app::App;
use crate::living::assessment::{self, Assessment};
use crate::living::standards::{self, Setting, StandardRow};
use crate::model::id::EntryNo;
use crate::model::month::Month;

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(list, set)).routes(routes!(assess))
}

/// A standard that was set.
#[derive(Debug, Serialize, ToSchema)]
struct StandardSet {
    /// The number of its entry.
    entry: EntryNo,
}

/// Lists the standards that were ever set
///
/// The newest first: those of the own scope and those of the levels above, which hold
/// here too. For a month the one of the nearest organisation from the latest month
/// holds; of two for the same month the one that was set last.
#[utoipa::path(
    get, path = "/standards", tag = "living",
    responses(
        (status = 200, description = "The standards", body = [StandardRow]),
        (status = "default", description = "Not listed", body = Failed),
    )
)]
async fn list(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Asked(Nothing {}): Asked<Nothing>,
) -> Result<Json<Vec<StandardRow>>, Problem> {
    Ok(Json(standards::list(&app, &actor).await?))
}

/// Sets a standard
///
/// The bureau does. What was decided before stays as it was decided.
#[utoipa::path(
    post, path = "/standards", tag = "living", request_body = Setting,
    responses(
        (status = 201, description = "Set", body = StandardSet),
        (status = "default", description = "Not set", body = Failed),
    )
)]
async fn set(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Asked(Nothing {}): Asked<Nothing>,
    Given(setting): Given<Setting>,
) -> Result<(StatusCode, Json<StandardSet>), Problem> {
    let entry = standards::set(&app, &actor, setting).await?.no;
    Ok((StatusCode::CREATED, Json(StandardSet { entry })))
}

/// Which households are computed.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Computing {
    /// The month.
    #[param(value_type = String, pattern = "^20[0-9]{2}-(0[1-9]|1[0-2])$")]
    month: Month,
    /// Only of this organisation: its code or the beginning.
    #[serde(default)]
    #[param(max_length = 12, pattern = "^[0-9]{0,12}$")]
    organisation: String,
}

/// Sets what households are entitled to by the standards beside what was decided
///
/// By what is stated now of their income. It decides nothing.
#[utoipa::path(
    get, path = "/payments/assessment", tag = "living", params(Computing),
    responses(
        (status = 200, description = "What was computed", body = Assessment),
        (status = "default", description = "Not computed", body = Failed),
    )
)]
async fn assess(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Asked(asked): Asked<Computing>,
) -> Result<Json<Assessment>, Problem> {
    Ok(Json(assessment::assess(&app, &actor, &asked.organisation, asked.month).await?))
}
