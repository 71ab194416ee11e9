//! 案卷: planned, bound, and handed out as manifests.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::given::{Acting, Asked, Given, Named, Nothing, Within};
use super::problem::{Failed, Problem};
use crate::app::App;
use crate::binding::{self, Bound, Plan};
use crate::model::canonical;
use crate::model::id::HouseholdNo;
use crate::model::volume::Manifest;
use crate::view::{self, ViewError};

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(plan)).routes(routes!(bind)).routes(routes!(manifest))
}

/// Says what binding would do
///
/// Nothing is changed.
#[utoipa::path(
    get, path = "/households/{no}/plan", tag = "households",
    params(("no" = String, Path, description = "户号", pattern = "^[0-9]{17}$")),
    responses(
        (status = 200, description = "The plan", body = Plan),
        (status = "default", description = "No plan", body = Failed),
    )
)]
async fn plan(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(no): Named<HouseholdNo>,
    Asked(Nothing {}): Asked<Nothing>,
) -> Result<Json<Plan>, Problem> {
    // Its papers are told by their titles: that is a look at the file.
    view::household(&app, &actor, &no).await?;
    Ok(Json(binding::plan(&app, &actor, &no).await?))
}

/// What the binder adds.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Binding {
    /// 本卷情况说明: what the volume note says beside the counts.
    #[serde(default)]
    note: String,
}

/// Binds the next version of a household's volume
///
/// Papers nobody has described are filed as proposed; the plan lists them.
/// The body may be left out.
#[utoipa::path(
    post, path = "/households/{no}/volume", tag = "households",
    params(("no" = String, Path, description = "户号", pattern = "^[0-9]{17}$")),
    request_body = Option<Binding>,
    responses(
        (status = 201, description = "Bound", body = Bound),
        (status = "default", description = "Not bound", body = Failed),
    )
)]
async fn bind(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(no): Named<HouseholdNo>,
    Asked(Nothing {}): Asked<Nothing>,
    given: Option<Given<Binding>>,
) -> Result<Response, Problem> {
    let note = given.map(|Given(binding)| binding.note).unwrap_or_default();
    let bound = binding::bind(&app, &actor, &no, &note).await?;
    let at = format!("/api/v1/households/{no}/volumes/{}", bound.version);
    Ok((StatusCode::CREATED, [(header::LOCATION, at)], Json(bound)).into_response())
}

/// Hands out the manifest of a bound version
///
/// The very bytes whose SHA-256 stands in the log, which is also the ETag.
#[utoipa::path(
    get, path = "/households/{no}/volumes/{version}", tag = "households",
    params(
        ("no" = String, Path, description = "户号", pattern = "^[0-9]{17}$"),
        ("version" = u32, Path, description = "From 1", minimum = 1, maximum = 1_000_000),
    ),
    responses(
        (status = 200, description = "The manifest in canonical JSON (RFC 8785)", body = Manifest),
        (status = "default", description = "No manifest", body = Failed),
    )
)]
async fn manifest(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named((no, version)): Named<(HouseholdNo, Within<1, 1_000_000>)>,
    Asked(Nothing {}): Asked<Nothing>,
) -> Result<Response, Problem> {
    let shown = view::volume(&app, &actor, &no, Some(i64::from(version.0))).await?;
    // It was canonical when it was read, so these are its bytes.
    let bytes = canonical::to_bytes(&shown.manifest).map_err(|_| ViewError::Manifest(no))?;
    let headers = [
        (header::CONTENT_TYPE, "application/json".to_owned()),
        (header::ETAG, format!("\"{}\"", shown.volume.manifest)),
    ];
    Ok((headers, bytes).into_response())
}
