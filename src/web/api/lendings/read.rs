//! 阅览: a lent file as its borrower reads it, and the register of lendings.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::files::Drawing;
use super::super::given::{Acting, Asked, Limit, Named, Nothing, Picture, fifty};
use super::super::problem::{Failed, Problem};
use crate::app::App;
use crate::lending;
use crate::lending::register::{self, Line};
use crate::model::id::DocumentId;
use crate::view::opened::{self, OpenedFile};

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(register)).routes(routes!(file)).routes(routes!(page))
}

/// A page of the register of lendings.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Part {
    /// The `no` of the last row of the page before.
    before: Option<i64>,
    /// How many.
    #[serde(default = "fifty")]
    #[param(value_type = u32, minimum = 1, maximum = 1000, default = 50)]
    limit: Limit,
}

/// Shows the register of lendings
///
/// 借阅登记簿, with the columns it has on paper: files of the own scope, the newest first.
#[utoipa::path(
    get, path = "/lendings/register", tag = "lendings", params(Part),
    responses(
        (status = 200, description = "The register", body = Vec<Line>),
        (status = "default", description = "No register", body = Failed),
    )
)]
async fn register(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Asked(part): Asked<Part>,
) -> Result<Json<Vec<Line>>, Problem> {
    Ok(Json(register::register(&app, &actor, part.before, part.limit.0).await?))
}

/// Shows a lent file to its borrower
///
/// What was in it when it was lent. Bytes and texts of its papers are handed out to nobody.
#[utoipa::path(
    get, path = "/lendings/{id}/file", tag = "lendings",
    params(("id" = String, Path, description = "The name of the lending")),
    responses(
        (status = 200, description = "The file", body = OpenedFile),
        (status = "default", description = "Not open to this person", body = Failed),
    )
)]
async fn file(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(id): Named<String>,
    Asked(Nothing {}): Asked<Nothing>,
) -> Result<Json<OpenedFile>, Problem> {
    let grant = lending::grant(&app, &actor, &id).await?;
    Ok(Json(opened::file(&app, &actor, &grant).await?))
}

/// Draws a page of a lent file for its borrower
///
/// Covered, and marked with who reads and when.
#[utoipa::path(
    get, path = "/lendings/{id}/documents/{document}/pages/{n}", tag = "lendings",
    params(
        ("id" = String, Path, description = "The name of the lending"),
        ("document" = DocumentId, Path, description = "A document of the file"),
        ("n" = String, Path, description = "Page number from 1, with `.jpg`", example = "1.jpg",
            pattern = "^[1-9][0-9]{0,8}\\.jpg$"),
        Drawing
    ),
    responses(
        (status = 200, description = "The page", body = Vec<u8>, content_type = "image/jpeg"),
        (status = "default", description = "Not drawn", body = Failed),
    )
)]
async fn page(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named((id, document, Picture(number))): Named<(String, DocumentId, Picture)>,
    Asked(width): Asked<Drawing>,
) -> Result<Response, Problem> {
    let grant = lending::grant(&app, &actor, &id).await?;
    let drawn = opened::page_image(&app, &actor, &grant, document, number, width.w.0).await?;
    let headers = [
        (header::CONTENT_TYPE, "image/jpeg"),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    Ok((headers, drawn).into_response())
}
