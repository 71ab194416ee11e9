//! 原文: the verified bytes of a document, and pictures of its pages.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use futures::StreamExt;
use serde::Deserialize;
use tokio_util::io::ReaderStream;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::given::{Acting, Asked, Named, Nothing, Picture, Within};
use super::problem::{Failed, Problem};
use crate::app::App;
use crate::model::id::DocumentId;
use crate::view;

/// How many bytes are read at a time.
const CHUNK: usize = 1 << 18;

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
    let opened = tokio::fs::File::open(original.copy.path()).await?;
    let headers = [
        (header::CONTENT_TYPE, value(&original.file.mime)),
        (header::CONTENT_LENGTH, original.copy.bytes().into()),
        (header::CONTENT_DISPOSITION, attachment(&original.file.name)),
        (header::ETAG, value(&format!("\"{}\"", original.copy.digest()))),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox")),
    ];
    // The copy is removed when the last byte has been read from it.
    let copy = original.copy;
    let stream = ReaderStream::with_capacity(opened, CHUNK).map(move |chunk| {
        let _kept = &copy;
        chunk
    });
    Ok((headers, Body::from_stream(stream)).into_response())
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

fn value(text: &str) -> HeaderValue {
    HeaderValue::from_str(text)
        .unwrap_or_else(|_| HeaderValue::from_static("application/octet-stream"))
}

/// `Content-Disposition` with the name as RFC 8187 has it.
fn attachment(name: &str) -> HeaderValue {
    let mut text = String::from("attachment; filename*=UTF-8''");
    for byte in name.bytes() {
        match byte {
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'.' | b'-' | b'_' => text.push(byte.into()),
            other => text.push_str(&format!("%{other:02X}")),
        }
    }
    HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static("attachment"))
}

#[cfg(test)]
mod tests {
    use super::attachment;

    #[test]
    fn any_name_is_a_header() {
        assert_eq!(attachment("a b.pdf"), "attachment; filename*=UTF-8''a%20b.pdf");
        assert_eq!(attachment("户\"\r\n;"), "attachment; filename*=UTF-8''%E6%88%B7%22%0D%0A%3B");
    }
}
