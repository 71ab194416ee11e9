//! 作业: what is not done yet, and a second chance for what failed.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::given::{Acting, Asked, Given, Nothing, Within};
use super::problem::{Failed, Problem};
use crate::app::App;
use crate::jobs::{self, Job};
use crate::model::id::DocumentId;

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(retry))
}

/// How many jobs are listed.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Listing {
    /// How many.
    #[serde(default = "thousand")]
    #[param(value_type = u32, minimum = 1, maximum = 1000, default = 1000)]
    limit: Within<1, 1000>,
}

fn thousand() -> Within<1, 1000> {
    Within(1000)
}

/// A job that is not done.
#[derive(Debug, Serialize, ToSchema)]
struct Undone {
    /// The job.
    #[serde(flatten)]
    job: Job,
    /// The documents it works for, at most 20.
    documents: Vec<DocumentId>,
}

/// Lists the jobs that are not done
///
/// Failed ones first.
#[utoipa::path(
    get, path = "/jobs", tag = "archive", params(Listing),
    responses(
        (status = 200, description = "The jobs", body = Vec<Undone>),
        (status = "default", description = "No list", body = Failed),
    )
)]
async fn list(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Asked(asked): Asked<Listing>,
) -> Result<Json<Vec<Undone>>, Problem> {
    let found = jobs::list(&app, &actor, asked.limit.0).await?.into_iter();
    let undone = found.map(|(job, documents)| Undone {
        job,
        documents: documents.iter().map(|document| document.id()).collect(),
    });
    Ok(Json(undone.collect()))
}

/// Which jobs are made ready again.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Retrying {
    /// The key of one job; all that failed when left out.
    key: Option<String>,
}

/// What was made ready again.
#[derive(Debug, Serialize, ToSchema)]
struct Ready {
    /// How many jobs.
    ready: u64,
}

/// Makes failed jobs ready again
///
/// One, or all of them; the body may be left out.
#[utoipa::path(
    post, path = "/jobs/retry", tag = "archive", request_body = Option<Retrying>,
    responses(
        (status = 200, description = "Ready", body = Ready),
        (status = "default", description = "Nothing was changed", body = Failed),
    )
)]
async fn retry(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Asked(Nothing {}): Asked<Nothing>,
    given: Option<Given<Retrying>>,
) -> Result<Json<Ready>, Problem> {
    let key = given.and_then(|Given(retrying)| retrying.key);
    Ok(Json(Ready { ready: jobs::retry(&app, &actor, key.as_deref()).await? }))
}
