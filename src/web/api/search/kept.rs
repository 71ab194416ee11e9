//! What a person keeps of searches: saved ones, and reminders of others.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::search::saved::{self, Saved};
use crate::search::{self, recent};
use crate::web::api::given::{Acting, Asked, Given, Named, Nothing};
use crate::web::api::problem::{Failed, Problem};

pub(in crate::web::api) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(list, keep))
        .routes(routes!(rename, delete))
        .routes(routes!(open))
        .routes(routes!(before, clear))
}

/// The saved searches of a person.
#[derive(Debug, Serialize, ToSchema)]
struct SavedSearches {
    /// By name.
    searches: Vec<Saved>,
}

/// Lists the own saved searches
///
/// With how many papers came since each was last opened.
#[utoipa::path(
    get, path = "/search/saved", tag = "search",
    responses(
        (status = 200, description = "The list", body = SavedSearches),
        (status = "default", description = "No list", body = Failed),
    )
)]
async fn list(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Asked(Nothing {}): Asked<Nothing>,
) -> Result<Json<SavedSearches>, Problem> {
    Ok(Json(SavedSearches { searches: saved::list(&app, &actor).await? }))
}

/// What is kept.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = KeepingSearch)]
struct Keeping {
    /// How it is called; one of the same name is replaced.
    #[schema(min_length = 1, max_length = 60)]
    name: String,
    /// The search, as the query of its address: `q=…&type=…&sort=…`.
    #[schema(max_length = 16384)]
    asked: String,
}

/// What was kept.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = KeptSearch)]
struct Kept {
    /// By which it is told from others.
    id: String,
}

/// Saves a search
#[utoipa::path(
    post, path = "/search/saved", tag = "search", request_body = Keeping,
    responses(
        (status = 200, description = "It is kept", body = Kept),
        (status = "default", description = "It is not", body = Failed),
    )
)]
async fn keep(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Asked(Nothing {}): Asked<Nothing>,
    Given(keeping): Given<Keeping>,
) -> Result<Json<Kept>, Problem> {
    let asked = search::Asked::from_address(&keeping.asked)?;
    let id = saved::keep(&app, &actor, &keeping.name, &asked).await?;
    Ok(Json(Kept { id }))
}

/// The name it gets.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RenamingSearch)]
struct Renaming {
    /// How it is called from now on.
    #[schema(min_length = 1, max_length = 60)]
    name: String,
}

/// Gives a saved search another name
#[utoipa::path(
    put, path = "/search/saved/{id}", tag = "search", request_body = Renaming,
    params(("id" = String, Path, description = "The saved search")),
    responses(
        (status = 204, description = "It has the name"),
        (status = "default", description = "It has not", body = Failed),
    )
)]
async fn rename(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(id): Named<String>,
    Asked(Nothing {}): Asked<Nothing>,
    Given(renaming): Given<Renaming>,
) -> Result<StatusCode, Problem> {
    saved::rename(&app, &actor, &id, &renaming.name).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Deletes a saved search
#[utoipa::path(
    delete, path = "/search/saved/{id}", tag = "search",
    params(("id" = String, Path, description = "The saved search")),
    responses(
        (status = 204, description = "It is gone"),
        (status = "default", description = "It is not", body = Failed),
    )
)]
async fn delete(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(id): Named<String>,
    Asked(Nothing {}): Asked<Nothing>,
) -> Result<StatusCode, Problem> {
    saved::delete(&app, &actor, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Counts what is new from now on
///
/// As when the saved search is opened on its page.
#[utoipa::path(
    post, path = "/search/saved/{id}/opening", tag = "search",
    params(("id" = String, Path, description = "The saved search")),
    responses(
        (status = 204, description = "It was opened"),
        (status = "default", description = "It was not", body = Failed),
    )
)]
async fn open(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(id): Named<String>,
    Asked(Nothing {}): Asked<Nothing>,
) -> Result<StatusCode, Problem> {
    saved::open(&app, &actor, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What a person searched lately.
#[derive(Debug, Serialize, ToSchema)]
struct RecentSearches {
    /// As queries of addresses, newest first, at most ten.
    searches: Vec<String>,
}

/// Lists the own recent searches
#[utoipa::path(
    get, path = "/search/recent", tag = "search",
    responses(
        (status = 200, description = "The list", body = RecentSearches),
        (status = "default", description = "No list", body = Failed),
    )
)]
async fn before(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Asked(Nothing {}): Asked<Nothing>,
) -> Result<Json<RecentSearches>, Problem> {
    let recent = recent::recent(&app, &actor).await?;
    let searches = recent.iter().map(search::Asked::to_address).collect();
    Ok(Json(RecentSearches { searches }))
}

/// Clears the own recent searches
///
/// The access log keeps what was searched.
#[utoipa::path(
    delete, path = "/search/recent", tag = "search",
    responses(
        (status = 204, description = "They are not shown any more"),
        (status = "default", description = "They are", body = Failed),
    )
)]
async fn clear(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Asked(Nothing {}): Asked<Nothing>,
) -> Result<StatusCode, Problem> {
    recent::clear(&app, &actor).await?;
    Ok(StatusCode::NO_CONTENT)
}
