//! 加密: how the store is encrypted. To destroy keys takes two people.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::given::{Acting, Asked, Given, Named, Nothing};
use super::problem::{Failed, Problem};
use crate::app::App;
use crate::encryption::{self, Destruction, Request, Status};
use crate::model::id::HouseholdNo;

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(status))
        .routes(routes!(list, ask))
        .routes(routes!(agree))
        .routes(routes!(refuse))
}

/// Says how the store is encrypted
#[utoipa::path(
    get, path = "/encryption", tag = "encryption",
    responses(
        (status = 200, description = "How", body = Status),
        (status = "default", description = "Not told", body = Failed),
    )
)]
async fn status(
    State(app): State<Arc<App>>,
    Asked(Nothing {}): Asked<Nothing>,
) -> Result<Json<Status>, Problem> {
    Ok(Json(encryption::status(&app).await?))
}

/// Lists the destructions that were asked for
///
/// Those of the own organisation and of the ones below it, the newest 200.
#[utoipa::path(
    get, path = "/destructions", tag = "encryption",
    responses(
        (status = 200, description = "The newest first", body = Vec<Request>),
        (status = "default", description = "No list", body = Failed),
    )
)]
async fn list(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Asked(Nothing {}): Asked<Nothing>,
) -> Result<Json<Vec<Request>>, Problem> {
    Ok(Json(encryption::requests(&app, &actor).await?))
}

/// What is to be destroyed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Asking {
    /// Whose papers.
    household: HouseholdNo,
    /// Why, and on whose decision.
    #[schema(min_length = 1, max_length = 200)]
    reason: String,
}

/// Asks that the keys of a household's papers be destroyed
///
/// 提请销毁. Nothing is destroyed until somebody else agrees.
#[utoipa::path(
    post, path = "/destructions", tag = "encryption", request_body = Asking,
    responses(
        (status = 201, description = "Asked for", body = Request),
        (status = "default", description = "Not asked for", body = Failed),
    )
)]
async fn ask(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Asked(Nothing {}): Asked<Nothing>,
    Given(given): Given<Asking>,
) -> Result<(StatusCode, Json<Request>), Problem> {
    let request = encryption::ask(&app, &actor, &given.household, &given.reason).await?;
    Ok((StatusCode::CREATED, Json(request)))
}

/// That it is really meant.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Agreeing {
    /// The number of the household once more.
    household: HouseholdNo,
}

/// Agrees, and destroys the keys
///
/// 销毁密钥: nobody can read the papers any more, in any copy, for ever. Whoever
/// asked does not agree.
#[utoipa::path(
    post, path = "/destructions/{no}/agreement", tag = "encryption", request_body = Agreeing,
    params(("no" = i64, Path, description = "The entry that asked for it", minimum = 0)),
    responses(
        (status = 200, description = "Destroyed", body = Destruction),
        (status = "default", description = "Not destroyed", body = Failed),
    )
)]
async fn agree(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(no): Named<i64>,
    Asked(Nothing {}): Asked<Nothing>,
    Given(given): Given<Agreeing>,
) -> Result<Json<Destruction>, Problem> {
    let typed = given.household.as_str();
    Ok(Json(encryption::destroy(&app, &actor, no, typed).await?))
}

/// Why not.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Refusing {
    /// In words.
    #[schema(min_length = 1, max_length = 200)]
    reason: String,
}

/// Does not agree
#[utoipa::path(
    post, path = "/destructions/{no}/refusal", tag = "encryption", request_body = Refusing,
    params(("no" = i64, Path, description = "The entry that asked for it", minimum = 0)),
    responses(
        (status = 200, description = "Refused", body = Request),
        (status = "default", description = "Not refused", body = Failed),
    )
)]
async fn refuse(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(no): Named<i64>,
    Asked(Nothing {}): Asked<Nothing>,
    Given(given): Given<Refusing>,
) -> Result<Json<Request>, Problem> {
    Ok(Json(encryption::refuse(&app, &actor, no, &given.reason).await?))
}
