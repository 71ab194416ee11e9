//! 资金台账: what comes into the fund and leaves it, and what is asked back.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::given::{Acting, Asked, Given, Named, Nothing};
use super::problem::{Failed, Problem};
use crate::app::App;
use crate::living::funds::{self, Entering, FundLedger};
use crate::living::recoveries::{self, Asking, Demand, Recovering, Settling};
use crate::model::id::{EntryNo, HouseholdNo};

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(ledger))
        .routes(routes!(book))
        .routes(routes!(recoveries))
        .routes(routes!(of_household, recover))
        .routes(routes!(settle))
}

/// What was written into the ledger.
#[derive(Debug, Serialize, ToSchema)]
struct Booked {
    /// The number of its entry.
    entry: EntryNo,
}

/// Which ledger.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct OfYear {
    /// The year, from 2000 on.
    #[param(minimum = 2000, maximum = 2099)]
    year: i16,
    /// Only of this organisation: its code or the beginning.
    #[serde(default)]
    #[param(max_length = 12, pattern = "^[0-9]{0,12}$")]
    organisation: String,
}

/// Shows the ledger of the fund in a year
///
/// Each month begins with what the one before left. What banks paid stands in the month
/// it was paid for, everything else in the month of its day.
#[utoipa::path(
    get, path = "/fund", tag = "living", params(OfYear),
    responses(
        (status = 200, description = "The ledger", body = FundLedger),
        (status = "default", description = "Not shown", body = Failed),
    )
)]
async fn ledger(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Asked(asked): Asked<OfYear>,
) -> Result<Json<FundLedger>, Problem> {
    Ok(Json(funds::ledger(&app, &actor, &asked.organisation, asked.year).await?))
}

/// Books what came into the fund or left it
///
/// With `instead_of` it takes the place of a booking that was wrong; both stay.
#[utoipa::path(
    post, path = "/fund/bookings", tag = "living", request_body = Entering,
    responses(
        (status = 201, description = "Booked", body = Booked),
        (status = "default", description = "Not booked", body = Failed),
    )
)]
async fn book(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Asked(Nothing {}): Asked<Nothing>,
    Given(entering): Given<Entering>,
) -> Result<(StatusCode, Json<Booked>), Problem> {
    let entry = funds::book(&app, &actor, entering).await?.no;
    Ok((StatusCode::CREATED, Json(Booked { entry })))
}

/// Of whom amounts are asked back.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct OfWhom {
    /// Only of this organisation: its code or the beginning.
    #[serde(default)]
    #[param(max_length = 12, pattern = "^[0-9]{0,12}$")]
    organisation: String,
}

/// Lists what is asked back, what is still open first
///
/// At most 500.
#[utoipa::path(
    get, path = "/recoveries", tag = "living", params(OfWhom),
    responses(
        (status = 200, description = "What is asked back", body = [Recovering]),
        (status = "default", description = "Not listed", body = Failed),
    )
)]
async fn recoveries(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Asked(asked): Asked<OfWhom>,
) -> Result<Json<Vec<Recovering>>, Problem> {
    Ok(Json(recoveries::recoveries(&app, &actor, &asked.organisation).await?))
}

/// Lists what a household is asked for, with what became of it
#[utoipa::path(
    get, path = "/households/{no}/recoveries", tag = "living",
    params(("no" = String, Path, description = "户号", pattern = "^[0-9]{17}$")),
    responses(
        (status = 200, description = "What it is asked for", body = [Demand]),
        (status = "default", description = "Not listed", body = Failed),
    )
)]
async fn of_household(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(no): Named<HouseholdNo>,
    Asked(Nothing {}): Asked<Nothing>,
) -> Result<Json<Vec<Demand>>, Problem> {
    Ok(Json(recoveries::of_household(&app, &actor, &no).await?))
}

/// Asks back what a household was paid too much
#[utoipa::path(
    post, path = "/households/{no}/recoveries", tag = "living", request_body = Asking,
    params(("no" = String, Path, description = "户号", pattern = "^[0-9]{17}$")),
    responses(
        (status = 201, description = "Asked back", body = Booked),
        (status = "default", description = "Not asked back", body = Failed),
    )
)]
async fn recover(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(no): Named<HouseholdNo>,
    Asked(Nothing {}): Asked<Nothing>,
    Given(asking): Given<Asking>,
) -> Result<(StatusCode, Json<Booked>), Problem> {
    let entry = recoveries::recover(&app, &actor, &no, asking).await?.no;
    Ok((StatusCode::CREATED, Json(Booked { entry })))
}

/// Writes down what came back, or is asked for no longer
///
/// The bureau alone waives.
#[utoipa::path(
    post, path = "/households/{no}/settlements", tag = "living", request_body = Settling,
    params(("no" = String, Path, description = "户号", pattern = "^[0-9]{17}$")),
    responses(
        (status = 201, description = "Written down", body = Booked),
        (status = "default", description = "Not written down", body = Failed),
    )
)]
async fn settle(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(no): Named<HouseholdNo>,
    Asked(Nothing {}): Asked<Nothing>,
    Given(settling): Given<Settling>,
) -> Result<(StatusCode, Json<Booked>), Problem> {
    let entry = recoveries::settle(&app, &actor, &no, settling).await?.no;
    Ok((StatusCode::CREATED, Json(Booked { entry })))
}
