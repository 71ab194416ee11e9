//! The one address of a witness: `POST /add-checkpoint` (C2SP tlog-witness).

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tower_http::timeout::TimeoutLayer;

use super::{Office, WitnessError};
use crate::tlog::witness::{LONGEST, Refused};

/// How long a request may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// How many requests are looked at at the same time.
const AT_ONCE: usize = 16;

#[derive(Clone)]
struct Shared {
    office: Arc<Office>,
    places: Arc<Semaphore>,
}

/// Answers on `listen` until the process is ended; that may be at any moment,
/// since nothing is answered before it is kept.
///
/// # Errors
/// When the address cannot be listened on.
pub async fn serve(office: Office, listen: SocketAddr) -> std::io::Result<()> {
    let listener = TcpListener::bind(listen).await?;
    eprintln!("witnessing on http://{}/  (Ctrl-C ends it)", listener.local_addr()?);
    axum::serve(listener, router(office)).await
}

/// What answers at the addresses of a witness.
pub fn router(office: Office) -> Router {
    let shared = Shared { office: Arc::new(office), places: Arc::new(Semaphore::new(AT_ONCE)) };
    Router::new()
        .route("/add-checkpoint", post(add_checkpoint))
        .layer(DefaultBodyLimit::max(LONGEST))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, PATIENCE))
        .with_state(shared)
}

async fn add_checkpoint(State(shared): State<Shared>, body: Bytes) -> Response {
    let Ok(place) = Arc::clone(&shared.places).acquire_owned().await else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let done = tokio::task::spawn_blocking(move || {
        let _place = place;
        let text = std::str::from_utf8(&body).map_err(|_| crate::tlog::TlogError::Malformed {
            what: "request",
            line: 1,
            reason: "not UTF-8",
        });
        shared.office.cosign(text.map_err(Refused::from)?, now)
    });
    match done.await {
        Ok(Ok(line)) => (StatusCode::OK, line).into_response(),
        Ok(Err(WitnessError::Refused(Refused::Other(size)))) => {
            let kind = [(header::CONTENT_TYPE, "text/x.tlog.size")];
            (StatusCode::CONFLICT, kind, format!("{size}\n")).into_response()
        }
        Ok(Err(WitnessError::Refused(refused))) => {
            let status = StatusCode::from_u16(refused.status());
            (status.unwrap_or(StatusCode::BAD_REQUEST), format!("{refused}\n")).into_response()
        }
        Ok(Err(error)) => {
            tracing::error!(%error, "nothing was signed");
            trouble()
        }
        Err(error) => {
            tracing::error!(%error, "nothing was signed");
            trouble()
        }
    }
}

/// What went wrong here is nobody else's business.
fn trouble() -> Response {
    (StatusCode::INTERNAL_SERVER_ERROR, "the witness is in trouble\n").into_response()
}
