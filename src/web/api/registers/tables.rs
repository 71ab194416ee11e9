//! Registers and lists as tables with the columns they have on paper, and as files.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::given::{Acting, Asked, Given, Limit, Named, Nothing, fifty, maybe};
use super::super::problem::{Failed, Problem};
use super::named;
use crate::app::App;
use crate::living::registers::books;
use crate::model::id::HouseholdNo;
use crate::model::look::Reason;
use crate::sheet::{Cell, Column, Shape};
use crate::web::download;

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(table)).routes(routes!(export))
}

/// Which part of a table.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct WhichTable {
    /// Only of this organisation: its code or the beginning.
    #[serde(default)]
    #[param(max_length = 12, pattern = "^[0-9]{0,12}$")]
    organisation: String,
    /// A month, quarter or year: `2026-12`, `2026-Q4`, `2026`.
    #[serde(default)]
    #[param(max_length = 7, pattern = "^(20[0-9]{2}(-(0[1-9]|1[0-2]|Q[1-4]))?)?$")]
    period: String,
    /// Only of this household; a list that fills itself is not narrowed to one.
    #[serde(default, deserialize_with = "maybe")]
    #[param(value_type = Option<String>, pattern = "^[0-9]{17}$")]
    household: Option<HouseholdNo>,
    /// Only what waits for something.
    #[serde(default)]
    open: bool,
    /// `next` of the part before.
    #[serde(default)]
    #[param(max_length = 60)]
    after: String,
    /// How many.
    #[serde(default = "fifty")]
    #[param(value_type = u32, minimum = 1, maximum = 1000, default = 50)]
    limit: Limit,
}

/// A part of a register as a table.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RegisterTable)]
struct Table {
    /// Its columns.
    columns: Vec<Column>,
    /// Its rows, each with a text for every column: what was entered as it was entered, words
    /// of the program and of its rules in Chinese, as on paper.
    rows: Vec<Vec<String>>,
    /// The cells that are such words, in English.
    english: Vec<InEnglish>,
    /// Where it goes on, or none at its end.
    next: Option<String>,
}

/// A cell in English.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RegisterTableEnglish)]
struct InEnglish {
    /// The place of the row in this part, from 0.
    row: usize,
    /// The place of the column, from 0.
    column: usize,
    /// The words.
    value: String,
}

/// The cells of a table that have words of their own in English.
fn english(rows: &[Vec<Cell>]) -> Vec<InEnglish> {
    let mut english = Vec::new();
    for (row, cells) in rows.iter().enumerate() {
        for (column, cell) in cells.iter().enumerate() {
            if let Cell::Word(_, value) = cell {
                english.push(InEnglish { row, column, value: value.clone() });
            }
        }
    }
    english
}

/// Shows any register or list as a table, with the columns it has on paper
#[utoipa::path(
    get, path = "/registers/{register}/table", tag = "living",
    params(
        ("register" = String, Path, description = "Its code", pattern = "^[a-z_]{1,40}$"),
        WhichTable,
    ),
    responses(
        (status = 200, description = "The table", body = Table),
        (status = "default", description = "No table", body = Failed),
    )
)]
async fn table(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(code): Named<String>,
    Asked(asked): Asked<WhichTable>,
) -> Result<Json<Table>, Problem> {
    let WhichTable { organisation, period, household, open, after, limit } = asked;
    let household = named(household);
    let asked = books::Asked { organisation, period, household, open, after };
    let found = books::table(&app, &actor, &code, &asked, limit.0).await?;
    let rows = found.sheet.rows.iter().map(|row| row.iter().map(ToString::to_string).collect());
    Ok(Json(Table {
        columns: found.sheet.columns.clone(),
        rows: rows.collect(),
        english: english(&found.sheet.rows),
        next: found.next,
    }))
}

/// What is taken along, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RegisterTaking)]
struct Taking {
    /// 事由: a number or name of the list, or words.
    #[schema(min_length = 1, max_length = 210)]
    reason: String,
    /// `csv` or `xlsx`.
    #[serde(default)]
    shape: Shape,
    /// The organisation or the beginning of its code; empty for all.
    #[serde(default)]
    #[schema(pattern = "^[0-9]{0,12}$")]
    organisation: String,
    /// A month, quarter or year; empty for what the list has then.
    #[serde(default)]
    #[schema(max_length = 7)]
    period: String,
    /// 户号; none for all.
    #[serde(default)]
    #[schema(value_type = Option<String>, pattern = "^[0-9]{17}$")]
    household: Option<HouseholdNo>,
    /// Only what waits for something.
    #[serde(default)]
    open: bool,
}

/// Takes a register or list along as a file
///
/// In a workbook days, numbers and amounts are values, and nothing is a formula. That is a
/// look itself, and noted with its reason.
#[utoipa::path(
    post, path = "/registers/{register}/export", tag = "living", request_body = Taking,
    params(("register" = String, Path, description = "Its code", pattern = "^[a-z_]{1,40}$")),
    responses(
        (status = 200, description = "The file", content(
            (Vec<u8> = "text/csv"),
            (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        )),
        (status = "default", description = "No file", body = Failed),
    )
)]
async fn export(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(code): Named<String>,
    Asked(Nothing {}): Asked<Nothing>,
    Given(taking): Given<Taking>,
) -> Result<Response, Problem> {
    let reason: Reason = taking.reason.parse()?;
    let Taking { shape, organisation, period, household, open, .. } = taking;
    let household = named(household);
    let asked = books::Asked { organisation, period, household, open, after: String::new() };
    let bytes = books::export(&app, &actor, &code, &asked, (shape, Some(reason))).await?;
    Ok(download::sheet(&code, shape, bytes))
}
