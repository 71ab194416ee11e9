//! 利用效果: what the use of lent files led to.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::given::{Acting, Asked, Given, Limit, Named, Nothing, fifty};
use super::super::problem::{Failed, Problem};
use crate::app::App;
use crate::lending::Shown;
use crate::lending::effects::{self, Registered};

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(note)).routes(routes!(register))
}

/// Notes what the use of a lent file led to
#[utoipa::path(
    post, path = "/lendings/{id}/effects", tag = "lendings", request_body = effects::New,
    params(("id" = String, Path, description = "The name of the lending")),
    responses(
        (status = 200, description = "Noted", body = Shown),
        (status = "default", description = "Not noted", body = Failed),
    )
)]
async fn note(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(id): Named<String>,
    Asked(Nothing {}): Asked<Nothing>,
    Given(given): Given<effects::New>,
) -> Result<Json<Shown>, Problem> {
    Ok(Json(effects::note(&app, &actor, &id, given).await?))
}

/// A page of the register of effects.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Page {
    /// The `entry` of the last row of the page before.
    before: Option<i64>,
    /// How many.
    #[serde(default = "fifty")]
    #[param(value_type = u32, minimum = 1, maximum = 1000, default = 50)]
    limit: Limit,
}

/// Lists what lendings led to
///
/// Those of files of the own scope, the newest first.
#[utoipa::path(
    get, path = "/lendings/effects", tag = "lendings", params(Page),
    responses(
        (status = 200, description = "The register", body = Vec<Registered>),
        (status = "default", description = "No register", body = Failed),
    )
)]
async fn register(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Asked(page): Asked<Page>,
) -> Result<Json<Vec<Registered>>, Problem> {
    Ok(Json(effects::register(&app, &actor, page.before, page.limit.0).await?))
}
