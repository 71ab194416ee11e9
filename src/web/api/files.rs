//! 原文: the verified bytes of a document, and pictures of its pages.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::given::{Acting, Asked, Named, Nothing, Picture, Within};
use super::problem::{Failed, Problem};
use crate::app::App;
use crate::model::id::DocumentId;
use crate::view;
use crate::web::download;

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(original)).routes(routes!(page))
}

/// Hands out the original bytes of a file
///
/// Verified before the first byte is sent: damaged bytes are never handed
/// out. The ETag is their SHA-256.
#[utoipa::path(
    get, path = "/documents/{id}/files/{n}", tag = "documents",
    params(
        ("id" = DocumentId, Path, description = "The document's number"),
        ("n" = u32, Path, description = "Which of its files, from 1", minimum = 1),
    ),
    responses(
        (status = 200, description = "The bytes, as an attachment", body = Vec<u8>,
            content_type = "application/octet-stream"),
        (status = "default", description = "Not handed out", body = Failed),
    )
)]
async fn original(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named((id, place)): Named<(DocumentId, u32)>,
    Asked(Nothing {}): Asked<Nothing>,
) -> Result<Response, Problem> {
    let original = view::original(&app, &actor, id, place.into()).await?;
    Ok(download::original(original).await?)
}

/// How a page is drawn.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Drawing {
    /// Width in pixels; the next of 160, 900 and 1800 is drawn.
    #[serde(default = "usual")]
    #[param(value_type = u32, minimum = 1, maximum = 1800, default = 900)]
    pub(super) w: Within<1, 1800>,
}

fn usual() -> Within<1, 1800> {
    Within(900)
}

/// Draws a page
///
/// Upright; the boxes of hits and lines are pixels of the full page image, so
/// scale them by the widths.
#[utoipa::path(
    get, path = "/documents/{id}/pages/{n}", tag = "documents",
    params(
        ("id" = DocumentId, Path, description = "The document's number"),
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
    Named((id, Picture(number))): Named<(DocumentId, Picture)>,
    Asked(drawing): Asked<Drawing>,
) -> Result<Response, Problem> {
    let jpeg = view::page_image(&app, &actor, id, number, drawing.w.0).await?;
    let headers = [
        (header::CONTENT_TYPE, "image/jpeg"),
        // Once it is read, a page may turn upright.
        (header::CACHE_CONTROL, "private, no-cache"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    Ok((headers, jpeg).into_response())
}
