//! 发放: rosters, what banks say, and what does not agree.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::given::{Acting, Asked, Given, Limit, Nothing, fifty, maybe, sheet};
use super::problem::{Failed, Problem};
use super::progress::{ByLines, Line, follow};
use crate::app::App;
use crate::living::Listed;
use crate::living::payments::{self, BankFile, GivenFile, Made, Reconciliation, Taken};
use crate::model::id::{Digest, OrganisationCode};
use crate::model::month::Month;

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(roster, list))
        .routes(routes!(files, take_return))
        .routes(routes!(reconcile))
}

/// Which roster.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Which {
    /// The month.
    #[param(value_type = String, pattern = "^20[0-9]{2}-(0[1-9]|1[0-2])$")]
    month: Month,
    /// Only of this organisation: its code or the beginning.
    #[serde(default)]
    #[param(max_length = 12, pattern = "^[0-9]{0,12}$")]
    organisation: String,
    /// `next` of the roster before.
    #[serde(default)]
    #[param(max_length = 17, pattern = "^([0-9]{17})?$")]
    after: String,
    /// How many.
    #[serde(default = "fifty")]
    #[param(value_type = u32, minimum = 1, maximum = 1000, default = 50)]
    limit: Limit,
}

/// A part of a roster.
#[derive(Debug, Serialize, ToSchema)]
struct RosterPart {
    /// By household number.
    households: Vec<Listed>,
    /// Where it goes on, or none at its end.
    next: Option<String>,
}

/// Shows the roster of a month
#[utoipa::path(
    get, path = "/payments", tag = "living", params(Which),
    responses(
        (status = 200, description = "The roster", body = RosterPart),
        (status = "default", description = "No roster", body = Failed),
    )
)]
async fn roster(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Asked(asked): Asked<Which>,
) -> Result<Json<RosterPart>, Problem> {
    let limit = asked.limit.0;
    let part = (asked.after.as_str(), limit + 1);
    let mut households =
        payments::roster(&app, &actor, &asked.organisation, asked.month, part).await?;
    let more = households.len() > limit as usize;
    households.truncate(limit as usize);
    let next = households.last().filter(|_| more).map(|last| last.household.clone());
    Ok(Json(RosterPart { households, next }))
}

/// Whom to list.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ToBeListed {
    /// The month.
    #[schema(value_type = String, pattern = "^20[0-9]{2}-(0[1-9]|1[0-2])$")]
    month: Month,
    /// Of this organisation and those below it.
    organisation: OrganisationCode,
}

/// Lists everybody who is entitled in a month and not listed for it yet
#[utoipa::path(
    post, path = "/payments", tag = "living", request_body = ToBeListed,
    responses(
        (status = 201, description = "Listed", body = Made),
        (status = "default", description = "Not listed", body = Failed),
    )
)]
async fn list(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Asked(Nothing {}): Asked<Nothing>,
    Given(given): Given<ToBeListed>,
) -> Result<(StatusCode, Json<Made>), Problem> {
    let made = payments::list(&app, &actor, &given.organisation, given.month).await?;
    Ok((StatusCode::CREATED, Json(made)))
}

/// A month.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct TheMonth {
    /// The month.
    #[param(value_type = String, pattern = "^20[0-9]{2}-(0[1-9]|1[0-2])$")]
    month: Month,
}

/// Of which month a bank's file is.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct OfMonth {
    /// The month.
    #[param(value_type = String, pattern = "^20[0-9]{2}-(0[1-9]|1[0-2])$")]
    month: Month,
    /// The name of the file.
    #[serde(default)]
    #[param(max_length = 100)]
    name: String,
    /// Keeps the rows that are in order although others cannot be read.
    #[serde(default)]
    partly: bool,
    /// 更正: the SHA-256 of the file of the month that was wrong, and counts no more.
    #[serde(default, deserialize_with = "maybe")]
    #[param(value_type = Option<String>, pattern = "^[0-9a-f]{64}$")]
    instead_of: Option<Digest>,
}

/// Lists the files of the bank that were taken in for a month
///
/// Those that have rows of the own scope; a file that another took the place of has
/// `voided` 1 and counts no more.
#[utoipa::path(
    get, path = "/payments/returns", tag = "living", params(TheMonth),
    responses(
        (status = 200, description = "The files", body = [BankFile]),
        (status = "default", description = "Not listed", body = Failed),
    )
)]
async fn files(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Asked(asked): Asked<TheMonth>,
) -> Result<Json<Vec<BankFile>>, Problem> {
    Ok(Json(payments::files(&app, &actor, asked.month).await?))
}

/// Takes in what the bank says of a month
///
/// A CSV file in UTF-8 or GBK, or XLSX, with the columns 户号, 金额, 结果 (成功 or 失败) and 原因.
/// When rows cannot be read, nothing is kept unless `partly` is given. With `instead_of`
/// it takes the place of a file of before, whose rows count no more. With
/// `Accept: application/x-ndjson` it is told how far it is.
#[utoipa::path(
    post, path = "/payments/returns", tag = "living", params(OfMonth),
    request_body(content = Vec<u8>, content_type = "text/csv", description = "The file"),
    responses(
        (status = 200, description = "What became of it; by lines, how far it is before", content(
            (Taken = "application/json"),
            (Line<Taken> = "application/x-ndjson"),
        )),
        (status = "default", description = "Not taken in", body = Failed),
    )
)]
async fn take_return(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Asked(asked): Asked<OfMonth>,
    by_lines: ByLines,
    body: Body,
) -> Result<Response, Problem> {
    let bytes = sheet(body).await?;
    let OfMonth { month, name, partly, instead_of } = asked;
    follow(by_lines, move |counted| async move {
        let given = GivenFile { name: &name, bytes, partly, instead_of };
        let done = |done, total| counted.tell(done, total);
        payments::take_return(&app, &actor, month, given, &done).await
    })
    .await
}

/// Which month is compared.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Compared {
    /// The month.
    #[param(value_type = String, pattern = "^20[0-9]{2}-(0[1-9]|1[0-2])$")]
    month: Month,
    /// Only of this organisation: its code or the beginning.
    #[serde(default)]
    #[param(max_length = 12, pattern = "^[0-9]{0,12}$")]
    organisation: String,
}

/// Says what of entitlement, roster and bank does not agree in a month
#[utoipa::path(
    get, path = "/payments/reconciliation", tag = "living", params(Compared),
    responses(
        (status = 200, description = "How they agree", body = Reconciliation),
        (status = "default", description = "Not compared", body = Failed),
    )
)]
async fn reconcile(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Asked(asked): Asked<Compared>,
) -> Result<Json<Reconciliation>, Problem> {
    Ok(Json(payments::reconcile(&app, &actor, &asked.organisation, asked.month).await?))
}
