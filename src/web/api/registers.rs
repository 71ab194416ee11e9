//! 台账: the registers there are, and the rows of those that are entered.

mod tables;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::given::{Acting, Asked, Given, Limit, Named, Nothing, fifty, maybe};
use super::problem::{Failed, Problem};
use crate::app::App;
use crate::living::due::{self, Due};
use crate::living::registers::books::Filled;
use crate::living::registers::{self, Count, Entering, Row};
use crate::model::id::{EntryNo, HouseholdNo};
use crate::model::look::Reason;
use crate::model::register::Register;

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(rows, enter))
        .routes(routes!(row))
        .routes(routes!(sealed))
        .routes(routes!(due_list))
        .merge(tables::routes())
}

/// A list that acts fill.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FilledRegisterNamed)]
struct FilledList {
    /// Its code.
    code: Filled,
    /// Its Chinese name.
    name: &'static str,
    /// Its English name.
    name_en: &'static str,
}

/// Every register.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RegisterShelf)]
struct Shelf {
    /// Those that are entered, with how many rows they have.
    entered: Vec<Count>,
    /// What is written in them.
    rules: Vec<Register>,
    /// Those that acts fill by themselves.
    filled: Vec<FilledList>,
}

/// Lists the registers
#[utoipa::path(
    get, path = "/registers", tag = "living",
    responses(
        (status = 200, description = "The registers", body = Shelf),
        (status = "default", description = "No list", body = Failed),
    )
)]
async fn list(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Asked(Nothing {}): Asked<Nothing>,
) -> Result<Json<Shelf>, Problem> {
    let named = |one: Filled| FilledList { code: one, name: one.zh(), name_en: one.en() };
    Ok(Json(Shelf {
        entered: registers::counts(&app, &actor).await?,
        rules: app.rules.registers.clone(),
        filled: Filled::ALL.into_iter().map(named).collect(),
    }))
}

/// Which rows.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Which {
    /// Only of this organisation: its code or the beginning.
    #[serde(default)]
    #[param(max_length = 12, pattern = "^[0-9]{0,12}$")]
    organisation: String,
    /// Only of this year.
    #[serde(default)]
    #[param(max_length = 4, pattern = "^((19|20)[0-9]{2})?$")]
    year: String,
    /// Only of this household.
    #[serde(default, deserialize_with = "maybe")]
    #[param(value_type = Option<String>, pattern = "^[0-9]{17}$")]
    household: Option<HouseholdNo>,
    /// Only those that wait for something.
    #[serde(default)]
    open: bool,
    /// `next` of the part before.
    #[serde(default)]
    #[param(max_length = 40, pattern = "^([0-9]{1,16}\\.[0-9]{1,10})?$")]
    after: String,
    /// How many.
    #[serde(default = "fifty")]
    #[param(value_type = u32, minimum = 1, maximum = 1000, default = 50)]
    limit: Limit,
}

/// A part of a register.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RegisterPart)]
struct Part {
    /// Newest first.
    rows: Vec<Row>,
    /// Where it goes on, or none at its end.
    next: Option<String>,
}

fn named(household: Option<HouseholdNo>) -> String {
    household.map_or_else(String::new, |no| no.to_string())
}

/// Lists the rows of a register that is entered, newest first
///
/// Of the own scope, on either side of those that go from one organisation to another.
#[utoipa::path(
    get, path = "/registers/{register}/rows", tag = "living",
    params(("register" = String, Path, description = "Its code", pattern = "^[a-z_]{1,40}$"), Which),
    responses(
        (status = 200, description = "The rows", body = Part),
        (status = "default", description = "No rows", body = Failed),
    )
)]
async fn rows(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(code): Named<String>,
    Asked(asked): Asked<Which>,
) -> Result<Json<Part>, Problem> {
    let limit = asked.limit.0;
    let Which { organisation, year, household, open, after, .. } = asked;
    let household = named(household);
    let asked = registers::Asked { organisation, year, household, open, after };
    let mut rows = registers::rows(&app, &actor, &code, &asked, limit + 1).await?;
    let more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let next = rows.last().filter(|_| more).map(registers::behind);
    Ok(Json(Part { rows, next }))
}

/// What was entered.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RowEntered)]
struct Done {
    /// The number of its entry.
    entry: EntryNo,
    /// Whose register it is.
    organisation: String,
    /// The number of the row.
    number: String,
}

/// Enters a new row of a register, the stage a row waits for, or a correction
///
/// Nothing is edited: `instead_of` strikes a line that was wrong, and both stay.
#[utoipa::path(
    post, path = "/registers/{register}/rows", tag = "living", request_body = Entering,
    params(("register" = String, Path, description = "Its code", pattern = "^[a-z_]{1,40}$")),
    responses(
        (status = 201, description = "Entered", body = Done),
        (status = "default", description = "Not entered", body = Failed),
    )
)]
async fn enter(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(code): Named<String>,
    Asked(Nothing {}): Asked<Nothing>,
    Given(wanted): Given<Entering>,
) -> Result<(StatusCode, Json<Done>), Problem> {
    let (key, receipt) = registers::enter(&app, &actor, &code, wanted).await?;
    let (organisation, number) = (key.organisation.to_string(), key.number.to_string());
    Ok((StatusCode::CREATED, Json(Done { entry: receipt.no, organisation, number })))
}

/// Shows a row of a register with everything that was entered in it
#[utoipa::path(
    get, path = "/registers/{register}/rows/{organisation}/{number}", tag = "living",
    params(
        ("register" = String, Path, description = "Its code", pattern = "^[a-z_]{1,40}$"),
        ("organisation" = String, Path, description = "Whose register", pattern = "^[0-9]{12}$"),
        ("number" = String, Path, description = "编号", pattern = "^[0-9]{4}-[0-9]{3,7}$"),
    ),
    responses(
        (status = 200, description = "The row", body = Row),
        (status = "default", description = "No row", body = Failed),
    )
)]
async fn row(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named((code, organisation, number)): Named<(String, String, String)>,
    Asked(Nothing {}): Asked<Nothing>,
) -> Result<Json<Row>, Problem> {
    let key = registers::key(&code, &organisation, &number)?;
    Ok(Json(registers::row(&app, &actor, &key).await?))
}

/// Why what is kept apart is looked at.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SealedWanted)]
struct Wanted {
    /// The entry of the line.
    #[schema(minimum = 0)]
    entry: EntryNo,
    /// 事由: a number or name of the list, or words.
    #[schema(min_length = 1, max_length = 210)]
    reason: String,
}

/// Shows what is kept apart in a line of a row, such as who reported something
///
/// For whoever may see numbers in full, at the level that answers for it; it is noted with
/// the reason.
#[utoipa::path(
    post, path = "/registers/{register}/rows/{organisation}/{number}/sealed", tag = "living",
    request_body = Wanted,
    params(
        ("register" = String, Path, description = "Its code", pattern = "^[a-z_]{1,40}$"),
        ("organisation" = String, Path, description = "Whose register", pattern = "^[0-9]{12}$"),
        ("number" = String, Path, description = "编号", pattern = "^[0-9]{4}-[0-9]{3,7}$"),
    ),
    responses(
        (status = 200, description = "The values by column", body = BTreeMap<String, String>),
        (status = "default", description = "Not shown", body = Failed),
    )
)]
async fn sealed(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named((code, organisation, number)): Named<(String, String, String)>,
    Asked(Nothing {}): Asked<Nothing>,
    Given(wanted): Given<Wanted>,
) -> Result<Json<BTreeMap<String, String>>, Problem> {
    let key = registers::key(&code, &organisation, &number)?;
    let reason: Reason = wanted.reason.parse()?;
    Ok(Json(registers::sealed(&app, &actor, (&key, wanted.entry), reason).await?))
}

/// How much of what is due.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Most {
    /// How many of each kind.
    #[serde(default = "fifty")]
    #[param(value_type = u32, minimum = 1, maximum = 1000, default = 50)]
    limit: Limit,
}

/// Lists what is past its day, due today and due this week: cases, reviews, registers, deaths
#[utoipa::path(
    get, path = "/due", tag = "living", params(Most),
    responses(
        (status = 200, description = "What is due", body = Due),
        (status = "default", description = "No list", body = Failed),
    )
)]
async fn due_list(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Asked(asked): Asked<Most>,
) -> Result<Json<Due>, Problem> {
    Ok(Json(due::due(&app, &actor, asked.limit.0).await?))
}
