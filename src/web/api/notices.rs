//! 公示: put up, taken down, listed.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::given::{Acting, Asked, Given, Limit, Named, Nothing, fifty, maybe};
use super::problem::{Failed, Problem};
use crate::app::App;
use crate::model::id::{EntryNo, HouseholdNo};
use crate::model::notice::NoticeKind;
use crate::notices::{self, Notice, Posting};

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(post)).routes(routes!(take_down))
}

/// Which notices are listed.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Listing {
    /// Only of this organisation: its code or the beginning.
    #[serde(default)]
    #[param(max_length = 12, pattern = "^[0-9]{0,12}$")]
    organisation: String,
    /// Only of this household.
    #[serde(default, deserialize_with = "maybe")]
    #[param(value_type = Option<String>, pattern = "^[0-9]{17}$")]
    household: Option<HouseholdNo>,
    /// Only these.
    #[serde(default)]
    #[param(inline)]
    kind: Option<NoticeKind>,
    /// Only what is up today.
    #[serde(default)]
    up: bool,
    /// The `entry` of the last notice of the page before.
    before: Option<EntryNo>,
    /// How many.
    #[serde(default = "fifty")]
    #[param(value_type = u32, minimum = 1, maximum = 1000, default = 50)]
    limit: Limit,
}

/// Lists notices
///
/// Those of households of the own scope, newest first.
#[utoipa::path(
    get, path = "/notices", tag = "households", params(Listing),
    responses(
        (status = 200, description = "The notices", body = Vec<Notice>),
        (status = "default", description = "No list", body = Failed),
    )
)]
async fn list(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Asked(asked): Asked<Listing>,
) -> Result<Json<Vec<Notice>>, Problem> {
    let wanted = notices::Asked {
        organisation: asked.organisation,
        household: asked.household.map(|no| no.to_string()).unwrap_or_default(),
        kind: asked.kind.map(NoticeKind::as_str).unwrap_or_default().to_owned(),
        up: asked.up,
        days: None,
        before: asked.before,
    };
    Ok(Json(notices::list(&app, &actor, &wanted, asked.limit.0).await?))
}

/// Puts up a notice of a household
///
/// It shows the applicant's name, how many live in the household and the amount,
/// and nothing else.
#[utoipa::path(
    post, path = "/households/{no}/notices", tag = "households", request_body = Posting,
    params(("no" = String, Path, description = "户号", pattern = "^[0-9]{17}$")),
    responses(
        (status = 201, description = "Put up", body = Notice),
        (status = "default", description = "Not put up", body = Failed),
    )
)]
async fn post(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(no): Named<HouseholdNo>,
    Asked(Nothing {}): Asked<Nothing>,
    Given(wanted): Given<Posting>,
) -> Result<(StatusCode, Json<Notice>), Problem> {
    let entry = notices::post(&app, &actor, &no, wanted).await?;
    Ok((StatusCode::CREATED, Json(notices::get(&app, &actor, entry).await?)))
}

/// Why a notice is taken down.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TakingDown {
    /// In words.
    #[schema(min_length = 1, max_length = 200)]
    reason: String,
}

/// Takes down a notice before its last day
#[utoipa::path(
    post, path = "/notices/{entry}/down", tag = "households", request_body = TakingDown,
    params(("entry" = i64, Path, description = "The entry that put it up", minimum = 0)),
    responses(
        (status = 200, description = "Taken down", body = Notice),
        (status = "default", description = "Not taken down", body = Failed),
    )
)]
async fn take_down(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(entry): Named<EntryNo>,
    Asked(Nothing {}): Asked<Nothing>,
    Given(given): Given<TakingDown>,
) -> Result<Json<Notice>, Problem> {
    notices::take_down(&app, &actor, entry, &given.reason).await?;
    Ok(Json(notices::get(&app, &actor, entry).await?))
}
