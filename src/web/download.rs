//! Answers that are files to be kept.

use std::io;

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use futures::StreamExt;
use tokio_util::io::ReaderStream;

use super::text::attachment;
use crate::prove::bundle::Bundle;
use crate::sheet::Shape;
use crate::view::Original;

/// How many bytes are read at a time.
const CHUNK: usize = 1 << 18;

/// A file of that media type and name. Where a browser shows it all the same, nothing of it
/// runs and nothing is kept by others.
pub(crate) fn file(mime: &str, name: &str, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    let heads = response.headers_mut();
    let unknown = HeaderValue::from_static("application/octet-stream");
    heads.insert(header::CONTENT_TYPE, HeaderValue::try_from(mime).unwrap_or(unknown));
    let nameless = HeaderValue::from_static("attachment");
    let named = HeaderValue::try_from(attachment(name)).unwrap_or(nameless);
    heads.insert(header::CONTENT_DISPOSITION, named);
    let policy = HeaderValue::from_static("default-src 'none'; sandbox");
    heads.insert(header::CONTENT_SECURITY_POLICY, policy);
    heads.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    response
}

/// A table of that name.
pub(crate) fn sheet(named: &str, shape: Shape, bytes: Vec<u8>) -> Response {
    file(shape.mime(), &format!("{named}.{}", shape.extension()), bytes)
}

/// A file of a document, as it came; its `ETag` is its SHA-256.
///
/// # Errors
/// When its verified copy cannot be opened.
pub(crate) async fn original(Original { file: row, copy }: Original) -> io::Result<Response> {
    let opened = tokio::fs::File::open(copy.path()).await?;
    let (bytes, tag) = (copy.bytes(), format!("\"{}\"", copy.digest()));
    // The copy is removed when the last byte has been read from it.
    let stream = ReaderStream::with_capacity(opened, CHUNK).map(move |chunk| {
        let _kept = &copy;
        chunk
    });
    let mut response = file(&row.mime, &row.name, Body::from_stream(stream));
    let heads = response.headers_mut();
    heads.insert(header::CONTENT_LENGTH, bytes.into());
    if let Ok(tag) = HeaderValue::try_from(tag) {
        heads.insert(header::ETAG, tag);
    }
    Ok(response)
}

/// A proof that leaves the building.
pub(crate) fn bundle(bundle: Bundle) -> Response {
    let opened = tokio::fs::File::from_std(bundle.file);
    let stream = ReaderStream::with_capacity(opened, CHUNK);
    let name = format!("{}.zip", bundle.name);
    let mut response = file("application/zip", &name, Body::from_stream(stream));
    response.headers_mut().insert(header::CONTENT_LENGTH, bundle.bytes.into());
    response
}
