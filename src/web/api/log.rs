//! 存证日志: its checkpoints, its entries, its policy, and proofs that leave the building.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;
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
use crate::signing;
use crate::view;
use crate::web::download;

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(checkpoint))
        .routes(routes!(kept))
        .routes(routes!(consistency))
        .routes(routes!(policy))
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

/// Hands out the checkpoint over so many entries
///
/// The note (C2SP tlog-checkpoint) as it was kept, signed by the log alone: what witnesses sign is
/// the newest one. One is kept of each size that was published.
#[utoipa::path(
    get, path = "/log/checkpoints/{size}", tag = "archive",
    params(("size" = u64, Path, description = "How many entries it is over", minimum = 0)),
    responses(
        (status = 200, description = "The note", body = String, content_type = "text/plain"),
        (status = "default", description = "No such checkpoint", body = Failed),
    )
)]
async fn kept(
    State(app): State<Arc<App>>,
    Acting(_): Acting,
    Named(size): Named<u64>,
    Asked(Nothing {}): Asked<Nothing>,
) -> Result<Response, Problem> {
    Ok(text(prove::checkpoint(&app, size).await?))
}

/// Between which two states of the log.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Between {
    /// How many entries the older checkpoint has.
    #[param(minimum = 0)]
    old: u64,
    /// How many the newer one has.
    #[param(minimum = 0)]
    new: u64,
}

/// Shows that one checkpoint continues another
///
/// What `yidang consistency` prints: the hashes of RFC 6962, 2.1.2, in base64, one to a line. An
/// auditor checks them with two checkpoints that were kept: `yidang-verify consistency OLD NEW
/// --path FILE`. Nothing stands there where the two are of one size.
#[utoipa::path(
    get, path = "/log/consistency", tag = "archive", params(Between),
    responses(
        (status = 200, description = "The hashes", body = String, content_type = "text/plain"),
        (status = "default", description = "No proof", body = Failed),
    )
)]
async fn consistency(
    State(app): State<Arc<App>>,
    Acting(_): Acting,
    Asked(Between { old, new }): Asked<Between>,
) -> Result<Response, Problem> {
    // Of nothing at all nobody would learn that it was asked the wrong way round.
    if old > new {
        let message = format!("the first checkpoint has {old} entries and the second {new}");
        return Err(Problem::invalid("not_in_order", message).hint("give the older one as `old`"));
    }
    Ok(text(prove::grown(&app, old, new).await?))
}

/// Hands out a policy for the auditor
///
/// The text that `yidang policy` prints (C2SP tlog-policy): the keys of the log as they are now,
/// its witnesses, and the quorum. It is shown so that a policy can be compared. An auditor takes
/// the own one by hand, on a visit, and never from what is to be checked: whoever answers here
/// could answer with other keys.
#[utoipa::path(
    get, path = "/log/policy", tag = "archive",
    responses(
        (status = 200, description = "The policy", body = String, content_type = "text/plain"),
        (status = "default", description = "No policy", body = Failed),
    )
)]
async fn policy(
    State(app): State<Arc<App>>,
    Acting(_): Acting,
    Asked(Nothing {}): Asked<Nothing>,
) -> Result<Response, Problem> {
    Ok(text(signing::policy(&app).await?))
}

/// A text that is for programs, byte for byte.
fn text(text: String) -> Response {
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
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
    Ok(text(prove::proof(&app, no).await?.to_text()))
}

/// What the bundle of a document shows besides.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Showing {
    /// That nothing about the file it is in came later: every later entry of the log is packed.
    #[serde(default)]
    current: bool,
}

/// Packs the proof of a document
///
/// 核验包: one folder in a zip, the bag that `yidang prove` makes; with `current` that of `yidang
/// prove --current`. Unpacked, it is for `yidang-verify`.
#[utoipa::path(
    get, path = "/documents/{id}/bundle", tag = "documents",
    params(("id" = DocumentId, Path, description = "The document's number"), Showing),
    responses(
        (status = 200, description = "The bundle", body = Vec<u8>, content_type = "application/zip"),
        (status = "default", description = "No bundle", body = Failed),
    )
)]
async fn of_document(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(id): Named<DocumentId>,
    Asked(Showing { current }): Asked<Showing>,
) -> Result<Response, Problem> {
    let subject = Subject::Document(id.0);
    Ok(download::bundle(bundle::bundle(&app, &actor, subject, current).await?))
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
    let subject = Subject::Household(no.to_string());
    Ok(download::bundle(bundle::bundle(&app, &actor, subject, true).await?))
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
    Ok(download::bundle(bundle::bundle(&app, &actor, Subject::Volume(code), true).await?))
}
