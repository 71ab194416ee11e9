//! 清点: every stored file read again.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::given::{Acting, Asked, Nothing};
use super::problem::{Failed, Problem};
use crate::app::App;
use crate::audit::{self, Report, Sweep};

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(verify)).routes(routes!(last))
}

/// Verifies the archive
///
/// Reads every stored file again and answers what is changed, missing, not in
/// the catalog, or could not be read. Findings are an answer, not an error.
/// The result is recorded even when nobody waits for it.
#[utoipa::path(
    post, path = "/verifications", tag = "archive",
    responses(
        (status = 200, description = "What was found", body = Report),
        (status = "default", description = "Nobody could look", body = Failed),
    )
)]
async fn verify(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Asked(Nothing {}): Asked<Nothing>,
) -> Result<Json<Report>, Problem> {
    let sweep = Arc::new(Sweep::default());
    let looking = tokio::spawn(async move { audit::verify(&app, &actor, sweep).await });
    let report = looking.await.map_err(std::io::Error::other)?;
    Ok(Json(report?))
}

/// The last verification.
#[derive(Debug, Serialize, ToSchema)]
struct Verified {
    /// When, RFC 3339.
    time: String,
    /// By whom.
    by: String,
    /// Whether everything was read and was right.
    clean: bool,
    /// What was found.
    report: Report,
}

/// Shows the last verification
#[utoipa::path(
    get, path = "/verifications/last", tag = "archive",
    responses(
        (status = 200, description = "When, by whom, and what was found", body = Verified),
        (status = "default", description = "None", body = Failed),
    )
)]
async fn last(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Asked(Nothing {}): Asked<Nothing>,
) -> Result<Json<Verified>, Problem> {
    let Some((time, by, report)) = audit::last(&app, &actor).await? else {
        return Err(Problem::not_found("never_verified", "nothing has been verified yet")
            .hint("verify the archive: POST /api/v1/verifications"));
    };
    Ok(Json(Verified { time, by, clean: report.is_clean(), report }))
}
