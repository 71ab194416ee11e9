//! 统计: the statistics of a period, and the list behind each of its figures.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::given::{Acting, Asked, Limit, Named, fifty};
use super::problem::{Failed, Problem};
use crate::app::App;
use crate::living::statistics::{self, Listing, Part, Statistics};
use crate::model::statistics::Figure;

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(show)).routes(routes!(list))
}

/// Which statistics.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Which {
    /// Only of this organisation: its code or the beginning.
    #[serde(default)]
    #[param(max_length = 12, pattern = "^[0-9]{0,12}$")]
    organisation: String,
    /// 本级: only of the organisation itself, without those below it.
    #[serde(default)]
    own: bool,
    /// A month, quarter or year: `2026-12`, `2026-Q4`, `2026`; this month when left out.
    #[serde(default)]
    #[param(max_length = 7, pattern = "^(20[0-9]{2}(-(0[1-9]|1[0-2]|Q[1-4]))?)?$")]
    period: String,
}

/// Counts households, persons, changes, money, papers and terms of a period
///
/// Of the own scope, by organisation of the next lower level (and of the one itself, where it
/// has households directly), with their sum and the period
/// before. A household counts with the community that is in charge of it now. Each value is
/// the sum of the rows of a list: `/statistics/{figure}` about the same.
#[utoipa::path(
    get, path = "/statistics", tag = "living", params(Which),
    responses(
        (status = 200, description = "The statistics", body = Statistics),
        (status = "default", description = "No statistics", body = Failed),
    )
)]
async fn show(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Asked(Which { organisation, own, period }): Asked<Which>,
) -> Result<Json<Statistics>, Problem> {
    let asked = statistics::Asked { organisation, period, own };
    Ok(Json(statistics::statistics(&app, &actor, &asked).await?))
}

/// Which rows.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct WhichRows {
    /// Only of this organisation: its code or the beginning.
    #[serde(default)]
    #[param(max_length = 12, pattern = "^[0-9]{0,12}$")]
    organisation: String,
    /// 本级: only of the organisation itself, without those below it.
    #[serde(default)]
    own: bool,
    /// A month, quarter or year: `2026-12`, `2026-Q4`, `2026`; this month when left out.
    #[serde(default)]
    #[param(max_length = 7, pattern = "^(20[0-9]{2}(-(0[1-9]|1[0-2]|Q[1-4]))?)?$")]
    period: String,
    /// Only those about this.
    #[serde(default)]
    #[param(max_length = 500, pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$")]
    about: String,
    /// `next` of the part before.
    #[serde(default)]
    #[param(minimum = 0, maximum = 10_000_000)]
    from: i64,
    /// How many.
    #[serde(default = "fifty")]
    #[param(value_type = u32, minimum = 1, maximum = 1000, default = 50)]
    limit: Limit,
}

/// Lists the rows that a figure of the statistics counts
#[utoipa::path(
    get, path = "/statistics/{figure}", tag = "living",
    params(("figure" = Figure, Path, description = "What is counted"), WhichRows),
    responses(
        (status = 200, description = "The rows, and what all of them come to", body = Part),
        (status = "default", description = "No rows", body = Failed),
    )
)]
async fn list(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(figure): Named<Figure>,
    Asked(asked): Asked<WhichRows>,
) -> Result<Json<Part>, Problem> {
    let WhichRows { organisation, own, period, about, from, limit } = asked;
    let asked = statistics::Asked { organisation, period, own };
    let listing = Listing { asked, figure, about, from };
    Ok(Json(statistics::list(&app, &actor, &listing, limit.0).await?))
}
