//! 检索: the answer of `yidang find --json`, in parts and orders, and as a file.

pub(super) mod alike;
pub(super) mod kept;

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::given::{
    Acting, Asked, CodeStart, Day, Given, Nothing, Repeated, Within, maybe, several,
};
use super::problem::{Failed, Problem};
use crate::app::App;
use crate::filing::FilingError;
use crate::model::file_state::FileState;
use crate::model::id::HouseholdNo;
use crate::model::look::Reason;
use crate::search::suggest::{self, Suggested};
use crate::search::{self, Band, Contract, Cursor, Part, Sort};
use crate::uses::export::Shape;
use crate::web::download;

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(find)).routes(routes!(suggested)).routes(routes!(take))
}

/// What is searched, and where. Of every list any value will do.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Searching {
    /// Words, "exact text", AND, OR, NOT, -word, parentheses; empty finds all.
    #[param(required = true)]
    q: String,
    /// What else must be found in the same document; can be given several times.
    #[serde(default, rename = "in")]
    #[param(value_type = Vec<String>, required = false, max_items = 8)]
    within: Vec<String>,
    /// 户号: only these, with commas between them.
    #[serde(default, deserialize_with = "several")]
    #[param(value_type = Option<String>)]
    household: Vec<HouseholdNo>,
    /// 件种: only these codes, with commas between them.
    #[serde(default, rename = "type", deserialize_with = "several")]
    #[param(value_type = Option<String>)]
    types: Vec<String>,
    /// 年度: only these years, with commas between them.
    #[serde(default, deserialize_with = "several")]
    #[param(value_type = Option<String>)]
    year: Vec<String>,
    /// Only these states of a household's file, with commas between them: open,
    /// bound.
    #[serde(default, deserialize_with = "several")]
    #[param(value_type = Option<String>, pattern = "^((open|bound)(,(open|bound))*)?$")]
    state: Vec<FileState>,
    /// Only readings this sure, with commas between them: high, middle, low, unread.
    #[serde(default, deserialize_with = "several")]
    #[param(
        value_type = Option<String>,
        pattern = "^((high|middle|low|unread)(,(high|middle|low|unread))*)?$"
    )]
    confidence: Vec<Band>,
    /// 状态: only households that stand so, with commas between them.
    #[serde(default, deserialize_with = "several")]
    #[param(
        value_type = Option<String>,
        pattern = "^((none|applying|receiving|phase_out|stopped|refused|merged|void)(,(none|applying|receiving|phase_out|stopped|refused|merged|void))*)?$"
    )]
    standing: Vec<String>,
    /// 类别: only households of these categories, with commas between them.
    #[serde(default, deserialize_with = "several")]
    #[param(value_type = Option<String>, pattern = "^((A|B|C)(,(A|B|C))*)?$")]
    category: Vec<String>,
    /// Only papers of this day or later.
    #[serde(default, deserialize_with = "maybe")]
    #[param(value_type = Option<String>, format = Date)]
    from: Option<Day>,
    /// Only papers of this day or earlier.
    #[serde(default, deserialize_with = "maybe")]
    #[param(value_type = Option<String>, format = Date)]
    to: Option<Day>,
    /// Only this organisation and those below it: codes or their beginnings, with
    /// commas between them.
    #[serde(default, deserialize_with = "several")]
    #[param(value_type = Option<String>, pattern = "^[0-9]{0,12}(,[0-9]{1,12})*$")]
    organisation: Vec<CodeStart>,
    /// The order: relevance, newest, oldest, reference.
    #[serde(default, deserialize_with = "maybe")]
    #[param(value_type = Option<String>, pattern = "^(relevance|newest|oldest|reference)$")]
    sort: Option<Sort>,
    /// Where the part begins: `next` of the answer before, in the same order.
    #[serde(default, deserialize_with = "maybe")]
    #[param(
        value_type = Option<String>,
        pattern = r"^(relevance|newest|oldest|reference)\.([1-3]?[0-9]{1,9})\.([2-6][0-9a-f]|c2b7){0,99}\.[0-9]{1,18}$"
    )]
    after: Option<Cursor>,
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
/// With the words found boxed, how the query was read, how many documents there are
/// of each value, and where the next part begins.
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
    Repeated(given): Repeated<Searching>,
) -> Result<Json<Contract>, Problem> {
    let part = Part {
        offset: given.offset.0 as usize,
        limit: given.limit.0 as usize,
        after: given.after.clone(),
    };
    let asked = search::Asked {
        query: given.q,
        within: given.within,
        types: given.types,
        organisations: given.organisation.into_iter().map(|code| code.0).collect(),
        years: given.year,
        households: given.household.iter().map(ToString::to_string).collect(),
        states: given.state,
        bands: given.confidence,
        standings: given.standing,
        categories: given.category,
        from: Day::text(given.from),
        to: Day::text(given.to),
        sort: given.sort.unwrap_or_default(),
    };
    known(&app, &asked)?;
    Ok(Json(search::find(&app, &actor, &asked, &part).await?.into()))
}

/// A type, state or category that is not one would find nothing in silence.
fn known(app: &App, asked: &search::Asked) -> Result<(), Problem> {
    match asked.types.iter().find(|code| app.profile.type_of(code).is_none()) {
        Some(code) => Err(FilingError::UnknownType(code.clone()).into()),
        None => Ok(asked.check_standing(&app.rules)?),
    }
}

/// What is typed.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Typing {
    /// What was typed so far.
    #[param(required = true)]
    q: String,
}

/// Suggests what may be meant
///
/// Households by name, by its spelling in letters, by number and 档号; kinds of
/// paper; titles; what the person searched before.
#[utoipa::path(
    get, path = "/search/suggestions", tag = "search", params(Typing),
    responses(
        (status = 200, description = "Suggestions", body = Suggested),
        (status = "default", description = "None", body = Failed),
    )
)]
async fn suggested(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Asked(typing): Asked<Typing>,
) -> Result<Json<Suggested>, Problem> {
    Ok(Json(suggest::suggest(&app, &actor, &typing.q).await?))
}

/// Which list is taken along, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TakingHits)]
struct Taking {
    /// The search, as the query of its address: `q=…&type=…&sort=…`.
    #[schema(max_length = 16384)]
    asked: String,
    /// 事由: a number or name of the list, or words; needed where the settings say so.
    #[serde(default)]
    reason: String,
    /// `csv` or `xlsx`.
    #[serde(default)]
    shape: Shape,
}

/// Takes a list of hits along as a file
///
/// Every document that is found, one a row. That is a look itself, and noted with
/// its reason.
#[utoipa::path(
    post, path = "/search/export", tag = "search", request_body = Taking,
    responses(
        (status = 200, description = "The file", content(
            (Vec<u8> = "text/csv"),
            (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        )),
        (status = "default", description = "No file", body = Failed),
    )
)]
async fn take(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Asked(Nothing {}): Asked<Nothing>,
    Given(taking): Given<Taking>,
) -> Result<Response, Problem> {
    let asked = search::Asked::from_address(&taking.asked)?;
    known(&app, &asked)?;
    let reason = reason(&taking.reason)?;
    let bytes = search::export::export(&app, &actor, &asked, taking.shape, reason).await?;
    Ok(download::sheet("hits", taking.shape, bytes))
}

/// A reason that may be left out.
fn reason(text: &str) -> Result<Option<Reason>, Problem> {
    match text.trim() {
        "" => Ok(None),
        text => Ok(Some(text.parse()?)),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::model::rules::Rules;

    #[test]
    fn the_patterns_name_every_state_and_category() {
        let rules = Rules::national().unwrap();
        let params = Searching::into_params(|| None);
        let pattern = |name: &str| {
            let found = params.iter().find(|one| one.name == name).unwrap();
            let told = serde_json::to_value(found).unwrap();
            told["schema"]["pattern"].as_str().unwrap().to_owned()
        };
        let of = |codes: Vec<&str>| {
            let one = format!("({})", codes.join("|"));
            format!("^({one}(,{one})*)?$")
        };
        let states = rules.states.iter().map(|one| one.code.as_str()).collect();
        assert_eq!(pattern("standing"), of(states));
        let categories = rules.categories.iter().map(|one| one.code.as_str()).collect();
        assert_eq!(pattern("category"), of(categories));
    }
}
