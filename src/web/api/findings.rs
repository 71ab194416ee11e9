//! 核查发现: what is found of households, and by which papers it is closed.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::given::{Acting, Asked, Given, Limit, Named, Nothing, fifty, maybe};
use super::problem::{Failed, Problem};
use crate::app::App;
use crate::living::findings::{self, OfHousehold, Part, State as FindingState, ToClose};
use crate::model::id::{EntryNo, HouseholdNo};

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(of_household, close))
}

/// Which findings.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Which {
    /// Only of this organisation: its code or the beginning.
    #[serde(default)]
    #[param(max_length = 12, pattern = "^[0-9]{0,12}$")]
    organisation: String,
    /// Only findings of this code, such as `deposits`.
    #[serde(default)]
    finding: String,
    /// `open`, `closed` or `settled`; any when it is left out.
    #[serde(default, deserialize_with = "maybe")]
    #[param(value_type = Option<String>, pattern = "^(open|closed|settled)$")]
    state: Option<FindingState>,
    /// `next` of the part before.
    #[serde(default, deserialize_with = "maybe")]
    #[param(value_type = Option<String>, pattern = "^[0-9]{17}$")]
    after: Option<HouseholdNo>,
    /// About how many: a part has whole households.
    #[serde(default = "fifty")]
    #[param(value_type = u32, minimum = 1, maximum = 1000, default = 50)]
    limit: Limit,
}

/// Lists what was found of households, by household
///
/// What was found is set against what is declared now. A part may be short and go on.
#[utoipa::path(
    get, path = "/findings", tag = "living", params(Which),
    responses(
        (status = 200, description = "A part of the list", body = Part),
        (status = "default", description = "Not listed", body = Failed),
    )
)]
async fn list(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Asked(asked): Asked<Which>,
) -> Result<Json<Part>, Problem> {
    let Which { organisation, finding, state, after, limit } = asked;
    let after = after.map(|no| no.to_string()).unwrap_or_default();
    let asked = findings::Asked { organisation, finding, state, after };
    Ok(Json(findings::list(&app, &actor, &asked, limit.0).await?))
}

/// Shows what was found of a household, with how it was closed
#[utoipa::path(
    get, path = "/households/{no}/findings", tag = "living",
    params(("no" = String, Path, description = "户号", pattern = "^[0-9]{17}$")),
    responses(
        (status = 200, description = "What was found", body = OfHousehold),
        (status = "default", description = "Not shown", body = Failed),
    )
)]
async fn of_household(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(no): Named<HouseholdNo>,
    Asked(Nothing {}): Asked<Nothing>,
) -> Result<Json<OfHousehold>, Problem> {
    Ok(Json(findings::of_household(&app, &actor, &no).await?))
}

/// What closed a finding.
#[derive(Debug, Serialize, ToSchema)]
struct FindingClosed {
    /// The number of its entry.
    entry: EntryNo,
}

/// Closes a finding by a paper of the household's file
///
/// It decides nothing about the benefit. When another closed it first, it says so.
#[utoipa::path(
    post, path = "/households/{no}/findings", tag = "living", request_body = ToClose,
    params(("no" = String, Path, description = "户号", pattern = "^[0-9]{17}$")),
    responses(
        (status = 201, description = "Closed", body = FindingClosed),
        (status = "default", description = "Not closed", body = Failed),
    )
)]
async fn close(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(no): Named<HouseholdNo>,
    Asked(Nothing {}): Asked<Nothing>,
    Given(closing): Given<ToClose>,
) -> Result<(StatusCode, Json<FindingClosed>), Problem> {
    let entry = findings::close(&app, &actor, &no, closing).await?.no;
    Ok((StatusCode::CREATED, Json(FindingClosed { entry })))
}
