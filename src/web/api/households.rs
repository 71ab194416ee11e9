//! 户: listed, opened, shown.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::given::{Acting, Asked, Given, Named, Nothing, Within, maybe};
use super::problem::{Failed, Problem};
use crate::app::App;
use crate::filing::{self, NewHousehold};
use crate::model::act::Member;
use crate::model::id::{HouseholdNo, OrganisationCode};
use crate::model::look::Reason;
use crate::view::{self, HouseholdView, Listed, Numbered};

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(open))
        .routes(routes!(show))
        .routes(routes!(numbers))
}

/// Which households are listed.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Listing {
    /// What stands in the number or the name of the head or a member.
    #[serde(default)]
    q: String,
    /// The number after which the list begins: `next` of the list before.
    #[serde(default, deserialize_with = "maybe")]
    #[param(value_type = Option<String>, pattern = "^[0-9]{17}$")]
    after: Option<HouseholdNo>,
    /// How many.
    #[serde(default = "hundred")]
    #[param(value_type = u32, minimum = 1, maximum = 1000, default = 100)]
    limit: Within<1, 1000>,
}

fn hundred() -> Within<1, 1000> {
    Within(100)
}

/// A part of the list of households.
#[derive(Debug, Serialize, ToSchema)]
struct Households {
    /// In order of numbers.
    households: Vec<Listed>,
    /// How many kinds of paper every household must have.
    required: usize,
    /// Where the list goes on, or none at its end.
    next: Option<String>,
}

/// Lists households
#[utoipa::path(
    get, path = "/households", tag = "households", params(Listing),
    responses(
        (status = 200, description = "The list", body = Households),
        (status = "default", description = "No list", body = Failed),
    )
)]
async fn list(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Asked(asked): Asked<Listing>,
) -> Result<Json<Households>, Problem> {
    let after = asked.after.map(|no| no.to_string()).unwrap_or_default();
    let limit = asked.limit.0;
    // One more than asked for tells whether there is more.
    let mut households = view::households(&app, &actor, &asked.q, &after, limit + 1).await?;
    let more = households.len() > limit as usize;
    households.truncate(limit as usize);
    let next = households.last().filter(|_| more).map(|last| last.no.clone());
    Ok(Json(Households { households, required: app.profile.required().count(), next }))
}

/// A household that is to be opened.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Opening {
    /// 户号; or leave it out and give the community.
    household: Option<HouseholdNo>,
    /// The community, which gives the next free number.
    community: Option<OrganisationCode>,
    /// 户主
    #[schema(min_length = 1, max_length = 40)]
    head: String,
    /// 身份证号 of the head.
    #[serde(default)]
    id_number: String,
    /// Where it lives.
    #[serde(default)]
    address: String,
    /// The others who live with the head.
    #[serde(default)]
    members: Vec<LivingWith>,
}

/// Somebody who lives with the head of a household.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LivingWith {
    /// 姓名
    name: String,
    /// 与户主关系
    #[serde(default)]
    relation: String,
    /// 身份证号
    #[serde(default)]
    id_number: String,
}

/// A household that was opened.
#[derive(Debug, Serialize, ToSchema)]
struct Opened {
    /// 户号
    household: HouseholdNo,
    /// 户主
    head: String,
}

/// Opens a household
///
/// Under a number that is given, or under the next free one of a community.
#[utoipa::path(
    post, path = "/households", tag = "households", request_body = Opening,
    responses(
        (status = 201, description = "Opened", body = Opened),
        (status = "default", description = "Not opened", body = Failed),
    )
)]
async fn open(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Asked(Nothing {}): Asked<Nothing>,
    Given(given): Given<Opening>,
) -> Result<Response, Problem> {
    let members = given.members.into_iter();
    let new = NewHousehold {
        head: given.head.clone(),
        id_number: given.id_number,
        address: given.address,
        members: members
            .map(|one| Member { name: one.name, relation: one.relation, id_number: one.id_number })
            .collect(),
    };
    let household = match (given.household, given.community) {
        (Some(no), None) => {
            filing::open_household(&app, &actor, &no, new).await?;
            no
        }
        (None, Some(community)) => filing::open_next(&app, &actor, &community, new).await?,
        _ => {
            let message = "give either the household's number or its community";
            return Err(Problem::invalid("number_or_community", message));
        }
    };
    let at = format!("/api/v1/households/{household}");
    let opened = Opened { household, head: given.head };
    Ok((StatusCode::CREATED, [(header::LOCATION, at)], Json(opened)).into_response())
}

/// Why numbers are shown.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Revealing {
    /// A number from 1 to 5 or its name, with words behind it; or words.
    #[schema(min_length = 1, max_length = 220)]
    reason: String,
}

/// Shows the ID numbers of a household in full
///
/// They are covered everywhere else. It is noted who saw them, and why.
#[utoipa::path(
    post, path = "/households/{no}/numbers", tag = "households", request_body = Revealing,
    params(("no" = String, Path, description = "户号", pattern = "^[0-9]{17}$")),
    responses(
        (status = 200, description = "The head, then the members", body = Vec<Numbered>),
        (status = "default", description = "Not shown", body = Failed),
    )
)]
async fn numbers(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(no): Named<HouseholdNo>,
    Asked(Nothing {}): Asked<Nothing>,
    Given(given): Given<Revealing>,
) -> Result<Json<Vec<Numbered>>, Problem> {
    let reason: Reason = given.reason.parse()?;
    Ok(Json(view::numbers(&app, &actor, &no, reason).await?))
}

/// Shows the file of a household
///
/// Its papers in filing order, what is missing and whose it is to collect,
/// its volumes and its history.
#[utoipa::path(
    get, path = "/households/{no}", tag = "households",
    params(("no" = String, Path, description = "户号", pattern = "^[0-9]{17}$")),
    responses(
        (status = 200, description = "The file", body = HouseholdView),
        (status = "default", description = "Not shown", body = Failed),
    )
)]
async fn show(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(no): Named<HouseholdNo>,
    Asked(Nothing {}): Asked<Nothing>,
) -> Result<Json<HouseholdView>, Problem> {
    Ok(Json(view::household(&app, &actor, &no).await?))
}
