//! 抽检: draws that are ordered, drawn, and drawn again.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::given::{Acting, Asked, Given, Limit, Named, Nothing, fifty};
use super::problem::{Failed, Problem};
use crate::app::App;
use crate::living::registers::draws::{self, Checked, Order, Ordering};
use crate::model::id::EntryNo;

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(list, order)).routes(routes!(draw)).routes(routes!(check))
}

/// Which orders.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Which {
    /// Those before this one: the `order` of the last of the part before.
    #[param(minimum = 0)]
    before: Option<EntryNo>,
    /// How many.
    #[serde(default = "fifty")]
    #[param(value_type = u32, minimum = 1, maximum = 1000, default = 50)]
    limit: Limit,
}

/// Lists the orders of draws, newest first
///
/// A second order of the same organisation, month and population is told by `nth`.
#[utoipa::path(
    get, path = "/draws", tag = "living", params(Which),
    responses(
        (status = 200, description = "The orders", body = Vec<Order>),
        (status = "default", description = "No list", body = Failed),
    )
)]
async fn list(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Asked(asked): Asked<Which>,
) -> Result<Json<Vec<Order>>, Problem> {
    Ok(Json(draws::list(&app, &actor, asked.before, asked.limit.0).await?))
}

/// An act of a draw.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DrawDone)]
struct Done {
    /// The number of its entry.
    entry: EntryNo,
}

/// Orders a draw
///
/// The population is what it is at the entry of the order; the root of the log after it is
/// the seed.
#[utoipa::path(
    post, path = "/draws", tag = "living", request_body = Ordering,
    responses(
        (status = 201, description = "Ordered", body = Done),
        (status = "default", description = "Not ordered", body = Failed),
    )
)]
async fn order(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Asked(Nothing {}): Asked<Nothing>,
    Given(wanted): Given<Ordering>,
) -> Result<(StatusCode, Json<Done>), Problem> {
    let entry = draws::order(&app, &actor, wanted).await?.no;
    Ok((StatusCode::CREATED, Json(Done { entry })))
}

/// Draws the sample of an order, and begins a row of the register for each household
#[utoipa::path(
    post, path = "/draws/{order}/sample", tag = "living",
    params(("order" = i64, Path, description = "The entry that ordered it", minimum = 0,
        maximum = 9007199254740991_i64)),
    responses(
        (status = 201, description = "Drawn", body = Checked),
        (status = "default", description = "Not drawn", body = Failed),
    )
)]
async fn draw(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(order): Named<EntryNo>,
    Asked(Nothing {}): Asked<Nothing>,
) -> Result<(StatusCode, Json<Checked>), Problem> {
    draws::draw(&app, &actor, order).await?;
    Ok((StatusCode::CREATED, Json(draws::check(&app, &actor, order).await?)))
}

/// Draws again by the formula, and says whether the sample was right
#[utoipa::path(
    get, path = "/draws/{order}/check", tag = "living",
    params(("order" = i64, Path, description = "The entry that ordered it", minimum = 0,
        maximum = 9007199254740991_i64)),
    responses(
        (status = 200, description = "What drawing again gives", body = Checked),
        (status = "default", description = "Not drawn again", body = Failed),
    )
)]
async fn check(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(order): Named<EntryNo>,
    Asked(Nothing {}): Asked<Nothing>,
) -> Result<Json<Checked>, Problem> {
    Ok(Json(draws::check(&app, &actor, order).await?))
}
