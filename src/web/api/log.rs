//! 存证日志: its checkpoint, its entries, and proofs that leave the building.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::given::{Acting, Asked, Named, Nothing};
use super::problem::{Failed, Problem};
use crate::app::App;
use crate::history::{self, Entry};
use crate::model::id::{DocumentId, HouseholdNo};
use crate::prove::bundle;
use crate::prove::seal::{self, Sealed};
use crate::prove::{self, Subject};
use crate::view;
use crate::web::download;

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(checkpoint))
        .routes(routes!(entry))
        .routes(routes!(proof))
        .routes(routes!(of_document))
        .routes(routes!(of_household))
        .routes(routes!(of_volume))
}

/// Shows the newest checkpoint
///
/// 存证封条: how many entries the log has, the root of the tree over them, and
/// who signed; `note` is the signed note itself (C2SP tlog-checkpoint).
#[utoipa::path(
    get, path = "/log/checkpoint", tag = "archive",
    responses(
        (status = 200, description = "The checkpoint", body = Sealed),
        (status = "default", description = "None", body = Failed),
    )
)]
async fn checkpoint(
    State(app): State<Arc<App>>,
    Acting(_): Acting,
    Asked(Nothing {}): Asked<Nothing>,
) -> Result<Json<Sealed>, Problem> {
    let standing = seal::seal(&app).await?;
    if let Some(why) = standing.wrong {
        let message = format!("the published checkpoint is not that of this archive: {why}");
        return Err(Problem::forked(message));
    }
    let unsealed = || Problem::not_found("unsealed", "the log has no checkpoint yet");
    Ok(Json(standing.published.ok_or_else(unsealed)?))
}

/// Shows an entry of the log
///
/// Its leaf and digests are public; `told` is null where it is about records
/// outside the scope.
#[utoipa::path(
    get, path = "/log/entries/{no}", tag = "archive",
    params(("no" = i64, Path, description = "Its number, from 0", minimum = 0)),
    responses(
        (status = 200, description = "The entry", body = Entry),
        (status = "default", description = "No entry", body = Failed),
    )
)]
async fn entry(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(no): Named<i64>,
    Asked(Nothing {}): Asked<Nothing>,
) -> Result<Json<Entry>, Problem> {
    Ok(Json(history::entry(&app, &actor, no).await?))
}

/// Hands out the proof that the log has an entry
///
/// Text as C2SP tlog-proof has it, to the newest checkpoint.
#[utoipa::path(
    get, path = "/log/entries/{no}/proof", tag = "archive",
    params(("no" = i64, Path, description = "The number of the entry", minimum = 0)),
    responses(
        (status = 200, description = "The proof", body = String, content_type = "text/plain"),
        (status = "default", description = "No proof", body = Failed),
    )
)]
async fn proof(
    State(app): State<Arc<App>>,
    Acting(_): Acting,
    Named(no): Named<i64>,
    Asked(Nothing {}): Asked<Nothing>,
) -> Result<Response, Problem> {
    let text = prove::proof(&app, no).await?.to_text();
    Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response())
}

/// Packs the proof of a document
///
/// 核验包: one folder in a zip, the bag that `yidang prove` makes. Unpacked, it
/// is for `yidang-verify`.
#[utoipa::path(
    get, path = "/documents/{id}/bundle", tag = "documents",
    params(("id" = DocumentId, Path, description = "The document's number")),
    responses(
        (status = 200, description = "The bundle", body = Vec<u8>, content_type = "application/zip"),
        (status = "default", description = "No bundle", body = Failed),
    )
)]
async fn of_document(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(id): Named<DocumentId>,
    Asked(Nothing {}): Asked<Nothing>,
) -> Result<Response, Problem> {
    Ok(download::bundle(bundle::bundle(&app, &actor, Subject::Document(id.0)).await?))
}

/// Packs the proof of everything of a household
///
/// As for a document; it shows too that nothing was recorded later.
#[utoipa::path(
    get, path = "/households/{no}/bundle", tag = "households",
    params(("no" = String, Path, description = "户号", pattern = "^[0-9]{17}$")),
    responses(
        (status = 200, description = "The bundle", body = Vec<u8>, content_type = "application/zip"),
        (status = "default", description = "No bundle", body = Failed),
    )
)]
async fn of_household(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(no): Named<HouseholdNo>,
    Asked(Nothing {}): Asked<Nothing>,
) -> Result<Response, Problem> {
    Ok(download::bundle(bundle::bundle(&app, &actor, Subject::Household(no.to_string())).await?))
}

/// Packs the proof of the newest version of a household's volume
#[utoipa::path(
    get, path = "/households/{no}/volume/bundle", tag = "households",
    params(("no" = String, Path, description = "户号", pattern = "^[0-9]{17}$")),
    responses(
        (status = 200, description = "The bundle", body = Vec<u8>, content_type = "application/zip"),
        (status = "default", description = "No bundle", body = Failed),
    )
)]
async fn of_volume(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(no): Named<HouseholdNo>,
    Asked(Nothing {}): Asked<Nothing>,
) -> Result<Response, Problem> {
    let code = view::newest_code(&app, &actor, &no).await?;
    Ok(download::bundle(bundle::bundle(&app, &actor, Subject::Volume(code)).await?))
}
