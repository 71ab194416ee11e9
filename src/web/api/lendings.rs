//! 借阅: asking for files, deciding, handing over, reading what is lent.

mod effects;
mod read;

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::given::{Acting, Asked, Given, Limit, Named, Nothing, fifty};
use super::problem::{Failed, Problem};
use crate::app::App;
use crate::lending::{self, Handed, List, Shown, Wanted};

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(list, ask))
        .routes(routes!(show))
        .routes(routes!(decide))
        .routes(routes!(hand_over))
        .routes(routes!(code))
        .routes(routes!(take_back))
        .routes(routes!(end))
        .merge(effects::routes())
        .merge(read::routes())
}

/// A page of a list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Page {
    /// Which lendings.
    #[serde(default)]
    #[param(inline)]
    list: Which,
    /// The `asked` of the last lending of the page before, in `over` and `all`.
    before: Option<i64>,
    /// How many.
    #[serde(default = "fifty")]
    #[param(value_type = u32, minimum = 1, maximum = 1000, default = 50)]
    limit: Limit,
}

/// Which lendings.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Which {
    /// What waits for a decision.
    Waiting,
    /// What is outside or open.
    Outside,
    /// What is over.
    Over,
    /// All of them.
    #[default]
    All,
}

/// Lists lendings
///
/// Those of files of the own scope, and those the person asked for or borrows.
#[utoipa::path(
    get, path = "/lendings", tag = "lendings", params(Page),
    responses(
        (status = 200, description = "In the order of the list", body = Vec<Shown>),
        (status = "default", description = "No list", body = Failed),
    )
)]
async fn list(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Asked(page): Asked<Page>,
) -> Result<Json<Vec<Shown>>, Problem> {
    let which = match page.list {
        Which::Waiting => List::Waiting,
        Which::Outside => List::Outside,
        Which::Over => List::Over,
        Which::All => List::All,
    };
    Ok(Json(lending::list(&app, &actor, which, page.before, page.limit.0).await?))
}

/// Asks for a file
///
/// Whether there is such a household is not told: who keeps the file decides.
#[utoipa::path(
    post, path = "/lendings", tag = "lendings", request_body = Wanted,
    responses(
        (status = 201, description = "Asked", body = Shown),
        (status = "default", description = "Not asked", body = Failed),
    )
)]
async fn ask(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Asked(Nothing {}): Asked<Nothing>,
    Given(wanted): Given<Wanted>,
) -> Result<(StatusCode, Json<Shown>), Problem> {
    let id = lending::ask(&app, &actor, wanted).await?;
    Ok((StatusCode::CREATED, Json(lending::get(&app, &actor, &id).await?)))
}

/// Shows a lending
#[utoipa::path(
    get, path = "/lendings/{id}", tag = "lendings",
    params(("id" = String, Path, description = "The name of the lending")),
    responses(
        (status = 200, description = "The lending", body = Shown),
        (status = "default", description = "Not shown", body = Failed),
    )
)]
async fn show(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(id): Named<String>,
    Asked(Nothing {}): Asked<Nothing>,
) -> Result<Json<Shown>, Problem> {
    Ok(Json(lending::get(&app, &actor, &id).await?))
}

/// A decision.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Decision {
    /// Whether the file is lent.
    agreed: bool,
    /// Why not; may be empty when it is lent.
    #[serde(default)]
    #[schema(max_length = 200)]
    reason: String,
}

/// Decides on a lending
///
/// Whoever asked or borrows does not decide.
#[utoipa::path(
    post, path = "/lendings/{id}/decision", tag = "lendings", request_body = Decision,
    params(("id" = String, Path, description = "The name of the lending")),
    responses(
        (status = 200, description = "Decided", body = Shown),
        (status = "default", description = "Not decided", body = Failed),
    )
)]
async fn decide(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(id): Named<String>,
    Asked(Nothing {}): Asked<Nothing>,
    Given(given): Given<Decision>,
) -> Result<Json<Shown>, Problem> {
    Ok(Json(lending::decide(&app, &actor, &id, given.agreed, &given.reason).await?))
}

/// Pages that were counted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Pages {
    /// How many; 0 when it is read on a screen.
    pages: u32,
    /// How many copies of them, where copies are handed over; 0 is one.
    #[serde(default)]
    copies: u32,
}

/// What was handed over.
#[derive(Debug, Serialize, ToSchema)]
struct HandedOver {
    /// The code that opens the file once for somebody without an account.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
}

/// Hands over papers, copies or a code
#[utoipa::path(
    post, path = "/lendings/{id}/handover", tag = "lendings", request_body = Pages,
    params(("id" = String, Path, description = "The name of the lending")),
    responses(
        (status = 200, description = "Handed over", body = HandedOver),
        (status = "default", description = "Not handed over", body = Failed),
    )
)]
async fn hand_over(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(id): Named<String>,
    Asked(Nothing {}): Asked<Nothing>,
    Given(given): Given<Pages>,
) -> Result<Json<HandedOver>, Problem> {
    let handed = Handed { pages: given.pages, copies: given.copies };
    let code = lending::hand_over(&app, &actor, &id, handed).await?;
    Ok(Json(HandedOver { code }))
}

/// Makes another code for somebody without an account
///
/// One that was not used is void then.
#[utoipa::path(
    post, path = "/lendings/{id}/code", tag = "lendings",
    params(("id" = String, Path, description = "The name of the lending")),
    responses(
        (status = 201, description = "Made", body = HandedOver),
        (status = "default", description = "Not made", body = Failed),
    )
)]
async fn code(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(id): Named<String>,
    Asked(Nothing {}): Asked<Nothing>,
) -> Result<(StatusCode, Json<HandedOver>), Problem> {
    let code = Some(lending::code(&app, &actor, &id).await?);
    Ok((StatusCode::CREATED, Json(HandedOver { code })))
}

/// What came back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Returned {
    /// How many pages were counted.
    pages: u32,
    /// 是否完好, in words.
    #[schema(min_length = 1, max_length = 200)]
    condition: String,
}

/// Notes that papers came back
#[utoipa::path(
    post, path = "/lendings/{id}/return", tag = "lendings", request_body = Returned,
    params(("id" = String, Path, description = "The name of the lending")),
    responses(
        (status = 200, description = "Noted", body = Shown),
        (status = "default", description = "Not noted", body = Failed),
    )
)]
async fn take_back(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(id): Named<String>,
    Asked(Nothing {}): Asked<Nothing>,
    Given(given): Given<Returned>,
) -> Result<Json<Shown>, Problem> {
    Ok(Json(lending::take_back(&app, &actor, &id, given.pages, &given.condition).await?))
}

/// Why it ends.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Ending {
    /// In words.
    #[schema(min_length = 1, max_length = 200)]
    reason: String,
}

/// Withdraws a request, or ends a lending before its last day
#[utoipa::path(
    post, path = "/lendings/{id}/end", tag = "lendings", request_body = Ending,
    params(("id" = String, Path, description = "The name of the lending")),
    responses(
        (status = 200, description = "Ended", body = Shown),
        (status = "default", description = "Not ended", body = Failed),
    )
)]
async fn end(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(id): Named<String>,
    Asked(Nothing {}): Asked<Nothing>,
    Given(given): Given<Ending>,
) -> Result<Json<Shown>, Problem> {
    Ok(Json(lending::end(&app, &actor, &id, &given.reason).await?))
}
