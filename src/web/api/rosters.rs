//! 存量花名册: households of a roster that was kept elsewhere.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::evidence::Taking;
use super::given::{Acting, Asked, Given, Named, Nothing, maybe, sheet};
use super::problem::{Failed, Problem};
use super::progress::{ByLines, Line, follow};
use crate::app::App;
use crate::living::roster::{self, GivenRoster, Imported, Preview as RosterPreview};
use crate::model::id::{HouseholdNo, OrganisationCode};
use crate::model::look::Reason;
use crate::web::download;

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(looked_over))
        .routes(routes!(take))
        .routes(routes!(original))
}

/// Which community, and how strictly.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct OfRoster {
    /// The community that gives numbers to households that have none of 17 digits.
    #[serde(default, deserialize_with = "maybe")]
    #[param(value_type = Option<String>, pattern = "^[0-9]{12}$")]
    community: Option<OrganisationCode>,
    /// Keeps the households that are in order although others are not.
    #[serde(default)]
    partly: bool,
    /// Passes over what it says of allowances, which the bureau alone carries over.
    #[serde(default)]
    only_open: bool,
}

impl OfRoster {
    async fn given(self, body: Body) -> Result<GivenRoster, Problem> {
        let Self { community, partly, only_open } = self;
        Ok(GivenRoster { community, bytes: sheet(body).await?, partly, only_open })
    }
}

/// Shows what would become of an existing roster
///
/// Which columns are read as what and which are passed over, how many rows are in order and
/// what they come to, and which are not. Nothing is kept.
#[utoipa::path(
    post, path = "/rosters/look", tag = "households", params(OfRoster),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The roster"),
    responses(
        (status = 200, description = "What would become of it", body = RosterPreview),
        (status = "default", description = "No roster", body = Failed),
    )
)]
async fn looked_over(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Asked(asked): Asked<OfRoster>,
    body: Body,
) -> Result<Json<RosterPreview>, Problem> {
    let given = asked.given(body).await?;
    Ok(Json(roster::look_over(&app, &actor, &given).await?))
}

/// Opens the households of an existing roster
///
/// A table as CSV (UTF-8, GBK) or XLSX, a row a person: 姓名, 身份证号, 与户主关系, and 户号,
/// 性别, 出生日期, 现住址, 联系电话, 家庭人口数 where they are there. With 保障金额, 起始月 and
/// 类别 (and 保障人数) the household goes on with that allowance (存量接收). A household is
/// kept whole or not at all. With `Accept: application/x-ndjson` it is told how far it is.
#[utoipa::path(
    post, path = "/rosters", tag = "households", params(OfRoster),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The roster"),
    responses(
        (status = 200, description = "What became of it; by lines, how far it is before", content(
            (Imported = "application/json"),
            (Line<Imported> = "application/x-ndjson"),
        )),
        (status = "default", description = "Not taken in", body = Failed),
    )
)]
async fn take(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Asked(asked): Asked<OfRoster>,
    by_lines: ByLines,
    body: Body,
) -> Result<Response, Problem> {
    let given = asked.given(body).await?;
    follow(by_lines, |counted| async move {
        roster::import(&app, &actor, given, &|done, total| counted.tell(done, total)).await
    })
    .await
}

/// Hands out the roster that a household was opened from, as it came
///
/// It tells of every household that was opened with it, so the organisation that took it in
/// has to be of the own scope. That is a look itself, and noted with its reason.
#[utoipa::path(
    post, path = "/households/{no}/roster", tag = "households", request_body = Taking,
    params(("no" = String, Path, description = "户号", pattern = "^[0-9]{17}$")),
    responses(
        (status = 200, description = "The roster", content(
            (Vec<u8> = "text/csv"),
            (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        )),
        (status = "default", description = "No roster", body = Failed),
    )
)]
async fn original(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(no): Named<HouseholdNo>,
    Asked(Nothing {}): Asked<Nothing>,
    Given(taking): Given<Taking>,
) -> Result<Response, Problem> {
    let reason: Reason = taking.reason.parse()?;
    let file = roster::original(&app, &actor, &no, Some(reason)).await?;
    Ok(download::file(file.mime, &file.name, file.bytes))
}
