//! 检索: the answer of `yidang find --json`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::given::{Acting, Asked, CodeStart, Day, Within, maybe, several};
use super::problem::{Failed, Problem};
use crate::app::App;
use crate::filing::FilingError;
use crate::model::id::HouseholdNo;
use crate::search::{self, Contract, Narrowed};

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(find))
}

/// What is searched, and where.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Searching {
    /// Words, "exact text", AND, OR, NOT, -word, parentheses; empty finds all.
    #[param(required = true)]
    q: String,
    /// 户号: only these, with commas between them.
    #[serde(default, deserialize_with = "several")]
    #[param(value_type = Option<String>)]
    household: Vec<HouseholdNo>,
    /// 件种: only these codes, with commas between them.
    #[serde(default, rename = "type", deserialize_with = "several")]
    #[param(value_type = Option<String>)]
    types: Vec<String>,
    /// Only papers of this day or later.
    #[serde(default, deserialize_with = "maybe")]
    #[param(value_type = Option<String>, format = Date)]
    from: Option<Day>,
    /// Only papers of this day or earlier.
    #[serde(default, deserialize_with = "maybe")]
    #[param(value_type = Option<String>, format = Date)]
    to: Option<Day>,
    /// Only this organisation and those below it: a code or its beginning.
    #[serde(default, deserialize_with = "maybe")]
    #[param(value_type = Option<String>, pattern = "^[0-9]{0,12}$")]
    organisation: Option<CodeStart>,
    /// How many documents to pass over.
    #[serde(default = "none")]
    #[param(value_type = u32, minimum = 0, maximum = 10_000, default = 0)]
    offset: Within<0, 10_000>,
    /// How many documents.
    #[serde(default = "twenty")]
    #[param(value_type = u32, minimum = 1, maximum = 1000, default = 20)]
    limit: Within<1, 1000>,
}

fn none() -> Within<0, 10_000> {
    Within(0)
}

fn twenty() -> Within<1, 1000> {
    Within(20)
}

/// Finds every page that has the words
///
/// With the words found boxed, and how the query was read.
#[utoipa::path(
    get, path = "/search", tag = "search", params(Searching),
    responses(
        (status = 200, description = "What was found", body = Contract),
        (status = "default", description = "Nothing was searched", body = Failed),
    )
)]
async fn find(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Asked(asked): Asked<Searching>,
) -> Result<Json<Contract>, Problem> {
    if let Some(code) = asked.types.iter().find(|code| app.profile.type_of(code).is_none()) {
        return Err(FilingError::UnknownType(code.clone()).into());
    }
    let narrowed = Narrowed {
        households: asked.household.iter().map(ToString::to_string).collect(),
        types: asked.types,
        organisation: asked.organisation.map(|code| code.0).unwrap_or_default(),
        from: Day::text(asked.from),
        to: Day::text(asked.to),
    };
    let (offset, limit) = (asked.offset.0 as usize, asked.limit.0 as usize);
    let answer = search::find(&app, &actor, &asked.q, &narrowed, offset, limit).await?;
    Ok(Json(answer.into()))
}
