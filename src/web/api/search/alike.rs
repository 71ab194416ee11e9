//! Papers that are like one, and the retrieval catalogs.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::reason;
use crate::app::App;
use crate::model::file_state::FileState;
use crate::model::id::DocumentId;
use crate::search::Hit;
use crate::search::alike;
use crate::search::catalogs::{self, Catalog, Listed, Order};
use crate::uses::export::Shape;
use crate::web::api::given::{Acting, Asked, CodeStart, Given, Named, Nothing, Within, maybe};
use crate::web::api::problem::{Failed, Problem};
use crate::web::download;

pub(in crate::web::api) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(like)).routes(routes!(catalog)).routes(routes!(take))
}

/// Papers that are like one.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AlikePapers)]
struct Alike {
    /// The words they share, the rarest first.
    words: Vec<String>,
    /// How many share two of them at least.
    total: u64,
    /// The most alike.
    hits: Vec<Hit>,
}

/// Finds papers that are like one
///
/// They share at least two of its twelve rarest words.
#[utoipa::path(
    get, path = "/documents/{id}/alike", tag = "search",
    params(("id" = DocumentId, Path, description = "The document")),
    responses(
        (status = 200, description = "The papers", body = Alike),
        (status = "default", description = "None", body = Failed),
    )
)]
async fn like(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(id): Named<DocumentId>,
    Asked(Nothing {}): Asked<Nothing>,
) -> Result<Json<Alike>, Problem> {
    let found = alike::alike(&app, &actor, id, alike::MOST).await?;
    let hits = found.found.into_iter().map(Hit::from).collect();
    Ok(Json(Alike { words: found.words, total: found.total, hits }))
}

/// Which part of a catalog is wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Listing {
    /// The words, as they are typed in a search; a catalog that has no column for one says so.
    #[serde(default)]
    q: String,
    /// Only this organisation and those below it: a code or its beginning.
    #[serde(default, deserialize_with = "maybe")]
    #[param(value_type = Option<String>, pattern = "^[0-9]{0,12}$")]
    organisation: Option<CodeStart>,
    /// How the household's file stands.
    #[serde(default, deserialize_with = "maybe")]
    #[param(value_type = Option<FileState>)]
    state: Option<FileState>,
    /// The order.
    #[serde(default)]
    #[param(value_type = Option<Order>)]
    sort: Order,
    /// Where the part begins: `next` of the part before.
    #[serde(default)]
    after: String,
    /// How many rows.
    #[serde(default = "fifty")]
    #[param(value_type = u32, minimum = 1, maximum = 1000, default = 50)]
    limit: Within<1, 1000>,
}

fn fifty() -> Within<1, 1000> {
    Within(50)
}

fn named(name: &str) -> Result<Catalog, Problem> {
    name.parse().map_err(|message: String| {
        Problem::not_found("unknown_catalog", message)
            .hint("the catalogs are archive, hardship and payment")
    })
}

/// Lists a retrieval catalog
///
/// 档案、困难情况、救助金发放检索目录, one row for each household, with what the
/// catalog holds today and how what was asked was read.
#[utoipa::path(
    get, path = "/catalogs/{name}", tag = "search",
    params(
        ("name" = String, Path, description = "archive, hardship or payment", pattern = "^(archive|hardship|payment)$"),
        Listing,
    ),
    responses(
        (status = 200, description = "The rows", body = Listed),
        (status = "default", description = "None", body = Failed),
    )
)]
async fn catalog(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(name): Named<String>,
    Asked(listing): Asked<Listing>,
) -> Result<Json<Listed>, Problem> {
    let asked = catalogs::Asked {
        part: listing.q,
        organisation: listing.organisation.map(|code| code.0).unwrap_or_default(),
        state: listing.state,
        sort: listing.sort,
    };
    let (catalog, limit) = (named(&name)?, listing.limit.0);
    Ok(Json(catalogs::list(&app, &actor, catalog, &asked, &listing.after, limit).await?))
}

/// Which rows are taken along, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TakingCatalog)]
struct Taking {
    /// The words, as they are typed in a search; empty for all.
    #[serde(default)]
    q: String,
    /// The beginning of an organisation code; empty for all.
    #[serde(default)]
    organisation: String,
    /// How the household's file stands.
    #[serde(default)]
    state: Option<FileState>,
    /// The order.
    #[serde(default)]
    sort: Order,
    /// 事由: a number or name of the list, or words; needed where the settings say so.
    #[serde(default)]
    reason: String,
    /// `csv` or `xlsx`.
    #[serde(default)]
    shape: Shape,
}

/// Takes a retrieval catalog along as a file
///
/// That is a look itself, and noted with its reason.
#[utoipa::path(
    post, path = "/catalogs/{name}/export", tag = "search", request_body = Taking,
    params((
        "name" = String, Path, description = "archive, hardship or payment",
        pattern = "^(archive|hardship|payment)$",
    )),
    responses(
        (status = 200, description = "The file", content(
            (Vec<u8> = "text/csv"),
            (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        )),
        (status = "default", description = "No file", body = Failed),
    )
)]
async fn take(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(name): Named<String>,
    Asked(Nothing {}): Asked<Nothing>,
    Given(taking): Given<Taking>,
) -> Result<Response, Problem> {
    let (catalog, reason) = (named(&name)?, reason(&taking.reason)?);
    let Taking { q, organisation, state, sort, shape, .. } = taking;
    let asked = catalogs::Asked { part: q, organisation, state, sort };
    let bytes = catalogs::export(&app, &actor, catalog, &asked, shape, reason).await?;
    Ok(download::sheet(catalog.as_str(), shape, bytes))
}
