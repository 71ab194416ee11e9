//! 时间戳: what an authority outside the house confirmed of the log.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::given::{Acting, Asked, Limit, Named, Nothing, fifty};
use super::problem::{Failed, Problem};
use crate::app::App;
use crate::model::id::EntryNo;
use crate::timestamp::{self, Stamped};
use crate::web::download;

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(list, ask)).routes(routes!(token))
}

/// Which timestamps.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Which {
    /// Those before this one: the `entry` of the last of the part before.
    #[param(minimum = 0)]
    before: Option<EntryNo>,
    /// How many.
    #[serde(default = "fifty")]
    #[param(value_type = u32, minimum = 1, maximum = 1000, default = 50)]
    limit: Limit,
}

/// Lists the timestamps of the log, newest first
///
/// Each confirms a checkpoint, `/log/checkpoints/{size}`, and so all that was before it.
#[utoipa::path(
    get, path = "/log/timestamps", tag = "archive", params(Which),
    responses(
        (status = 200, description = "The timestamps", body = Vec<Stamped>),
        (status = "default", description = "No list", body = Failed),
    )
)]
async fn list(
    State(app): State<Arc<App>>,
    Acting(_): Acting,
    Asked(asked): Asked<Which>,
) -> Result<Json<Vec<Stamped>>, Problem> {
    Ok(Json(timestamp::list(&app, asked.before, asked.limit.0).await?))
}

/// Has the newest checkpoint timestamped
///
/// The authority of the settings is asked (RFC 3161); its answer is kept and named by an act, even
/// when nobody waits for it any more.
#[utoipa::path(
    post, path = "/log/timestamps", tag = "archive",
    responses(
        (status = 201, description = "Confirmed", body = Stamped),
        (status = "default", description = "Not confirmed", body = Failed),
    )
)]
async fn ask(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Asked(Nothing {}): Asked<Nothing>,
) -> Result<(StatusCode, Json<Stamped>), Problem> {
    let asking = tokio::spawn(async move { timestamp::stamp_now(&app, &actor).await });
    let stamped = asking.await.map_err(std::io::Error::other)?;
    Ok((StatusCode::CREATED, Json(stamped?)))
}

/// Hands out what the authority answered
///
/// The bytes as they came (a `TimeStampResp`): `openssl ts -verify` checks them against the text of
/// the checkpoint, which is the note without the empty line and the signatures after it.
#[utoipa::path(
    get, path = "/log/timestamps/{entry}/token", tag = "archive",
    params(("entry" = i64, Path, description = "The entry that names it", minimum = 0)),
    responses(
        (status = 200, description = "The answer", body = Vec<u8>,
            content_type = "application/timestamp-reply"),
        (status = "default", description = "No timestamp", body = Failed),
    )
)]
async fn token(
    State(app): State<Arc<App>>,
    Acting(_): Acting,
    Named(entry): Named<EntryNo>,
    Asked(Nothing {}): Asked<Nothing>,
) -> Result<Response, Problem> {
    let bytes = timestamp::token(&app, entry).await?;
    Ok(download::file("application/timestamp-reply", &format!("timestamp-{entry}.tsr"), bytes))
}
