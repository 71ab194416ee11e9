//! 核查: what other departments say of persons.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::given::{Acting, Asked, Day, Given, Limit, Named, Nothing, fifty, maybe, sheet};
use super::problem::{Failed, Problem};
use super::progress::{ByLines, Line, follow};
use crate::app::App;
use crate::living::evidence::{self, EvidenceFileRow, GivenResults, Preview, Taken};
use crate::model::evidence::{EvidenceKind, Mapping};
use crate::model::id::{DocumentId, EntryNo};
use crate::model::look::Reason;
use crate::web::download;

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(kinds))
        .routes(routes!(look_over))
        .routes(routes!(files, take))
        .routes(routes!(original))
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
pub(super) struct Taking {
    /// 事由: a number or name of the list, or words.
    #[schema(min_length = 1, max_length = 210)]
    pub(super) reason: String,
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
    let file = evidence::original(&app, &actor, entry, Some(reason)).await?;
    Ok(download::file(file.mime, &file.name, file.bytes))
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
/// counted, and not kept. With `Accept: application/x-ndjson` it is told how far it is.
#[utoipa::path(
    post, path = "/evidence", tag = "living", params(HowRead),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The file"),
    responses(
        (status = 200, description = "What became of it; by lines, how far it is before", content(
            (Taken = "application/json"),
            (Line<Taken> = "application/x-ndjson"),
        )),
        (status = "default", description = "Not taken in", body = Failed),
    )
)]
async fn take(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Asked(asked): Asked<HowRead>,
    by_lines: ByLines,
    body: Body,
) -> Result<Response, Problem> {
    let bytes = sheet(body).await?;
    let HowRead { kind, as_of, name, partly, id_number, person, date, value } = asked;
    let mapping = id_number.map(|id_number| Mapping { id_number, name: person, date, value });
    let as_of = as_of.map(Day::date);
    let given = GivenResults { kind, as_of, name, bytes, mapping, partly };
    follow(by_lines, |counted| async move {
        evidence::take(&app, &actor, given, &|done, total| counted.tell(done, total)).await
    })
    .await
}
