//! 核查: what other departments say of persons, and what is found of households.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::given::{Acting, Asked, Day, Given, Limit, Named, Nothing, fifty, maybe, sheet};
use super::problem::{Failed, Problem};
use crate::app::App;
use crate::living::evidence::{self, EvidenceFileRow, GivenResults, Original, Preview, Taken};
use crate::living::findings::{self, OfHousehold, Part, State as FindingState, ToClose};
use crate::living::roster::{self, GivenRoster, Imported, Preview as RosterPreview};
use crate::model::evidence::{EvidenceKind, Mapping};
use crate::model::id::{DocumentId, EntryNo, HouseholdNo, OrganisationCode};
use crate::model::look::Reason;
use crate::web::text::attachment;

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(kinds))
        .routes(routes!(look_over))
        .routes(routes!(files, take))
        .routes(routes!(original))
        .routes(routes!(list))
        .routes(routes!(roster_file))
        .routes(routes!(roster_looked_over))
        .routes(routes!(roster_original))
        .routes(routes!(of_household, close))
}

/// Lists the kinds of results that can be taken in
#[utoipa::path(
    get, path = "/evidence/kinds", tag = "living",
    responses(
        (status = 200, description = "The kinds", body = [EvidenceKind]),
        (status = "default", description = "Not listed", body = Failed),
    )
)]
async fn kinds(
    State(app): State<Arc<App>>,
    Acting(_): Acting,
    Asked(Nothing {}): Asked<Nothing>,
) -> Json<Vec<EvidenceKind>> {
    Json(app.rules.evidence.kinds.clone())
}

/// Of which kind a file is.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct OfKind {
    /// The code of the kind, such as `deposits`.
    #[param(max_length = 40)]
    kind: String,
}

/// Shows what a file looks like, and which columns are likely which
///
/// A table as CSV (UTF-8, GBK) or XLSX. Nothing is kept. `as_before` names the last file
/// with the same columns, by which they are read.
#[utoipa::path(
    post, path = "/evidence/preview", tag = "living", params(OfKind),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The file"),
    responses(
        (status = 200, description = "What it looks like", body = Preview),
        (status = "default", description = "Not read", body = Failed),
    )
)]
async fn look_over(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Asked(asked): Asked<OfKind>,
    body: Body,
) -> Result<Json<Preview>, Problem> {
    Ok(Json(evidence::look_over(&app, &actor, &asked.kind, sheet(body).await?).await?))
}

/// Where a list of files begins.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Before {
    /// The `entry` of the last file of the part before.
    before: Option<EntryNo>,
    /// How many.
    #[serde(default = "fifty")]
    #[param(value_type = u32, minimum = 1, maximum = 1000, default = 50)]
    limit: Limit,
}

/// Lists the files that were taken in, the newest first
#[utoipa::path(
    get, path = "/evidence", tag = "living", params(Before),
    responses(
        (status = 200, description = "The files, by part", body = [EvidenceFileRow]),
        (status = "default", description = "Not listed", body = Failed),
    )
)]
async fn files(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Asked(asked): Asked<Before>,
) -> Result<Json<Vec<EvidenceFileRow>>, Problem> {
    Ok(Json(evidence::files(&app, &actor, asked.before, asked.limit.0).await?))
}

/// Why a file is taken along.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EvidenceTaking)]
struct Taking {
    /// 事由: a number or name of the list, or words.
    #[schema(min_length = 1, max_length = 210)]
    reason: String,
}

/// Hands out a file that was taken in, as it came
///
/// That is a look itself, and noted with its reason.
#[utoipa::path(
    post, path = "/evidence/files/{entry}", tag = "living", request_body = Taking,
    params(("entry" = DocumentId, Path, description = "The entry that took it in")),
    responses(
        (status = 200, description = "The file", content(
            (Vec<u8> = "text/csv"),
            (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        )),
        (status = "default", description = "No file", body = Failed),
    )
)]
async fn original(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(DocumentId(entry)): Named<DocumentId>,
    Asked(Nothing {}): Asked<Nothing>,
    Given(taking): Given<Taking>,
) -> Result<Response, Problem> {
    let reason: Reason = taking.reason.parse()?;
    Ok(handed_out(evidence::original(&app, &actor, entry, Some(reason)).await?))
}

/// The answer that is a file as it came.
fn handed_out(file: Original) -> Response {
    let heads = [
        (header::CONTENT_TYPE, file.mime.to_owned()),
        (header::CONTENT_DISPOSITION, attachment(&file.name)),
    ];
    (heads, file.bytes).into_response()
}

/// What a file is, and how it is read.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct HowRead {
    /// The code of the kind, such as `deposits`.
    #[param(max_length = 40)]
    kind: String,
    /// The day the results are of; today when it is left out.
    #[serde(default, deserialize_with = "maybe")]
    #[param(value_type = Option<String>, format = Date)]
    as_of: Option<Day>,
    /// The name of the file.
    #[serde(default)]
    #[param(max_length = 100)]
    name: String,
    /// Keeps the rows that are in order although others cannot be read.
    #[serde(default)]
    partly: bool,
    /// The column of identity numbers, from 0. Without it the columns are those of the last
    /// file of the kind with the same ones, else found by their names.
    #[serde(default, deserialize_with = "maybe")]
    #[param(value_type = Option<u32>, maximum = 63)]
    id_number: Option<u32>,
    /// The column of names, from 0.
    #[serde(default, deserialize_with = "maybe")]
    #[param(value_type = Option<u32>, maximum = 63)]
    person: Option<u32>,
    /// The column of days, from 0.
    #[serde(default, deserialize_with = "maybe")]
    #[param(value_type = Option<u32>, maximum = 63)]
    date: Option<u32>,
    /// The column of values, from 0.
    #[serde(default, deserialize_with = "maybe")]
    #[param(value_type = Option<u32>, maximum = 63)]
    value: Option<u32>,
}

/// Takes in what another department says of persons
///
/// A table as CSV (UTF-8, GBK) or XLSX, at most 32 MB and 100,000 rows. When rows cannot be
/// read, nothing is kept unless `partly` is given. Rows about nobody of the own scope are
/// counted, and not kept.
#[utoipa::path(
    post, path = "/evidence", tag = "living", params(HowRead),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The file"),
    responses(
        (status = 200, description = "What became of it", body = Taken),
        (status = "default", description = "Not taken in", body = Failed),
    )
)]
async fn take(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Asked(asked): Asked<HowRead>,
    body: Body,
) -> Result<Json<Taken>, Problem> {
    let bytes = sheet(body).await?;
    let HowRead { kind, as_of, name, partly, id_number, person, date, value } = asked;
    let mapping = id_number.map(|id_number| Mapping { id_number, name: person, date, value });
    let as_of = as_of.map(Day::date);
    let given = GivenResults { kind, as_of, name, bytes, mapping, partly };
    Ok(Json(evidence::take(&app, &actor, given, &|_, _| {}).await?))
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
async fn roster_looked_over(
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
/// kept whole or not at all.
#[utoipa::path(
    post, path = "/rosters", tag = "households", params(OfRoster),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The roster"),
    responses(
        (status = 200, description = "What became of it", body = Imported),
        (status = "default", description = "Not taken in", body = Failed),
    )
)]
async fn roster_file(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Asked(asked): Asked<OfRoster>,
    body: Body,
) -> Result<Json<Imported>, Problem> {
    let given = asked.given(body).await?;
    Ok(Json(roster::import(&app, &actor, given, &|_, _| {}).await?))
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
async fn roster_original(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(no): Named<HouseholdNo>,
    Asked(Nothing {}): Asked<Nothing>,
    Given(taking): Given<Taking>,
) -> Result<Response, Problem> {
    let reason: Reason = taking.reason.parse()?;
    Ok(handed_out(roster::original(&app, &actor, &no, Some(reason)).await?))
}

/// Which findings.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Which {
    /// Only of this organisation: its code or the beginning.
    #[serde(default)]
    #[param(max_length = 12, pattern = "^[0-9]{0,12}$")]
    organisation: String,
    /// Only findings of this code, such as `deposits`.
    #[serde(default)]
    finding: String,
    /// `open`, `closed` or `settled`; any when it is left out.
    #[serde(default, deserialize_with = "maybe")]
    #[param(value_type = Option<String>, pattern = "^(open|closed|settled)$")]
    state: Option<FindingState>,
    /// `next` of the part before.
    #[serde(default, deserialize_with = "maybe")]
    #[param(value_type = Option<String>, pattern = "^[0-9]{17}$")]
    after: Option<HouseholdNo>,
    /// About how many: a part has whole households.
    #[serde(default = "fifty")]
    #[param(value_type = u32, minimum = 1, maximum = 1000, default = 50)]
    limit: Limit,
}

/// Lists what was found of households, by household
///
/// What was found is set against what is declared now. A part may be short and go on.
#[utoipa::path(
    get, path = "/findings", tag = "living", params(Which),
    responses(
        (status = 200, description = "A part of the list", body = Part),
        (status = "default", description = "Not listed", body = Failed),
    )
)]
async fn list(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Asked(asked): Asked<Which>,
) -> Result<Json<Part>, Problem> {
    let Which { organisation, finding, state, after, limit } = asked;
    let after = after.map(|no| no.to_string()).unwrap_or_default();
    let asked = findings::Asked { organisation, finding, state, after };
    Ok(Json(findings::list(&app, &actor, &asked, limit.0).await?))
}

/// Shows what was found of a household, with how it was closed
#[utoipa::path(
    get, path = "/households/{no}/findings", tag = "living",
    params(("no" = String, Path, description = "户号", pattern = "^[0-9]{17}$")),
    responses(
        (status = 200, description = "What was found", body = OfHousehold),
        (status = "default", description = "Not shown", body = Failed),
    )
)]
async fn of_household(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(no): Named<HouseholdNo>,
    Asked(Nothing {}): Asked<Nothing>,
) -> Result<Json<OfHousehold>, Problem> {
    Ok(Json(findings::of_household(&app, &actor, &no).await?))
}

/// What closed a finding.
#[derive(Debug, Serialize, ToSchema)]
struct FindingClosed {
    /// The number of its entry.
    entry: EntryNo,
}

/// Closes a finding by a paper of the household's file
///
/// It decides nothing about the benefit. When another closed it first, it says so.
#[utoipa::path(
    post, path = "/households/{no}/findings", tag = "living", request_body = ToClose,
    params(("no" = String, Path, description = "户号", pattern = "^[0-9]{17}$")),
    responses(
        (status = 201, description = "Closed", body = FindingClosed),
        (status = "default", description = "Not closed", body = Failed),
    )
)]
async fn close(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(no): Named<HouseholdNo>,
    Asked(Nothing {}): Asked<Nothing>,
    Given(closing): Given<ToClose>,
) -> Result<(StatusCode, Json<FindingClosed>), Problem> {
    let entry = findings::close(&app, &actor, &no, closing).await?.no;
    Ok((StatusCode::CREATED, Json(FindingClosed { entry })))
}
