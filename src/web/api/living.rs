//! 动态: what is stated of households, the steps of their cases, what their files
//! lack, what is due.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::given::{Acting, Asked, Day, Given, Limit, Named, Nothing, fifty, maybe};
use super::problem::{Failed, Problem};
use crate::app::App;
use crate::living::cases::{self, Cases, Taking};
use crate::living::completeness::{self, Lacks};
use crate::living::statements::{self, Family, Stating};
use crate::living::{FactRow, Lacking, ReviewRow, Waiting, calendar};
use crate::model::id::{DocumentId, EntryNo, HouseholdNo};
use crate::model::profile::Collector;

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(facts, state))
        .routes(routes!(history))
        .routes(routes!(list, take))
        .routes(routes!(waiting))
        .routes(routes!(lacking))
        .routes(routes!(standing))
        .routes(routes!(send_back))
        .routes(routes!(reviews))
        .routes(routes!(year))
}

/// An act that was recorded.
#[derive(Debug, Serialize, ToSchema)]
struct Done {
    /// The number of its entry.
    entry: EntryNo,
}

/// What was known, and when.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct When {
    /// What held on this day; today when it is left out.
    #[serde(default, deserialize_with = "maybe")]
    #[param(value_type = Option<String>, format = Date)]
    on: Option<Day>,
    /// As it was known after this entry; as it is known now when it is left out.
    #[param(minimum = 0)]
    known: Option<EntryNo>,
}

/// Shows what is known of a household and its persons
///
/// On any day, as it was known at any time: what was stated later can be left out.
#[utoipa::path(
    get, path = "/households/{no}/facts", tag = "living",
    params(("no" = String, Path, description = "户号", pattern = "^[0-9]{17}$"), When),
    responses(
        (status = 200, description = "What is known", body = Family),
        (status = "default", description = "Not shown", body = Failed),
    )
)]
async fn facts(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(no): Named<HouseholdNo>,
    Asked(when): Asked<When>,
) -> Result<Json<Family>, Problem> {
    let on = when.on.map(Day::date);
    Ok(Json(statements::on_day(&app, &actor, &no, on, when.known).await?))
}

/// States something of a household or its persons
///
/// Nothing is overwritten: each value holds from its day until another does.
#[utoipa::path(
    post, path = "/households/{no}/facts", tag = "living", request_body = Stating,
    params(("no" = String, Path, description = "户号", pattern = "^[0-9]{17}$")),
    responses(
        (status = 201, description = "Stated", body = Done),
        (status = "default", description = "Not stated", body = Failed),
    )
)]
async fn state(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(no): Named<HouseholdNo>,
    Asked(Nothing {}): Asked<Nothing>,
    Given(stating): Given<Stating>,
) -> Result<(StatusCode, Json<Done>), Problem> {
    let entry = statements::state(&app, &actor, &no, stating).await?.no;
    Ok((StatusCode::CREATED, Json(Done { entry })))
}

/// Lists everything that was ever stated of a household, newest first
#[utoipa::path(
    get, path = "/households/{no}/facts/history", tag = "living",
    params(("no" = String, Path, description = "户号", pattern = "^[0-9]{17}$")),
    responses(
        (status = 200, description = "The statements", body = Vec<FactRow>),
        (status = "default", description = "Not shown", body = Failed),
    )
)]
async fn history(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(no): Named<HouseholdNo>,
    Asked(Nothing {}): Asked<Nothing>,
) -> Result<Json<Vec<FactRow>>, Problem> {
    Ok(Json(statements::history(&app, &actor, &no).await?))
}

/// Lists the cases of a household, and what can be done next
#[utoipa::path(
    get, path = "/households/{no}/steps", tag = "living",
    params(("no" = String, Path, description = "户号", pattern = "^[0-9]{17}$")),
    responses(
        (status = 200, description = "The cases", body = Cases),
        (status = "default", description = "Not shown", body = Failed),
    )
)]
async fn list(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(no): Named<HouseholdNo>,
    Asked(Nothing {}): Asked<Nothing>,
) -> Result<Json<Cases>, Problem> {
    Ok(Json(cases::list(&app, &actor, &no).await?))
}

/// Takes a step of a case, or begins one
#[utoipa::path(
    post, path = "/households/{no}/steps", tag = "living", request_body = Taking,
    params(("no" = String, Path, description = "户号", pattern = "^[0-9]{17}$")),
    responses(
        (status = 201, description = "Taken", body = Done),
        (status = "default", description = "Not taken", body = Failed),
    )
)]
async fn take(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(no): Named<HouseholdNo>,
    Asked(Nothing {}): Asked<Nothing>,
    Given(taking): Given<Taking>,
) -> Result<(StatusCode, Json<Done>), Problem> {
    let entry = cases::take(&app, &actor, &no, taking).await?.no;
    Ok((StatusCode::CREATED, Json(Done { entry })))
}

/// Whose turn.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Turn {
    /// Only what waits for this level.
    #[param(inline)]
    level: Option<Collector>,
    /// How many.
    #[serde(default = "fifty")]
    #[param(value_type = u32, minimum = 1, maximum = 1000, default = 50)]
    limit: Limit,
}

/// Lists cases that wait for a step, the most pressing first
#[utoipa::path(
    get, path = "/cases", tag = "living", params(Turn),
    responses(
        (status = 200, description = "The cases", body = Vec<Waiting>),
        (status = "default", description = "No list", body = Failed),
    )
)]
async fn waiting(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Asked(asked): Asked<Turn>,
) -> Result<Json<Vec<Waiting>>, Problem> {
    let level = asked.level.map_or("", Collector::as_str);
    Ok(Json(calendar::waiting(&app, &actor, level, asked.limit.0).await?))
}

/// Which missing papers are listed.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Gaps {
    /// Only of this organisation: its code or the beginning.
    #[serde(default)]
    #[param(max_length = 12, pattern = "^[0-9]{0,12}$")]
    organisation: String,
    /// That organisation itself, without those below it.
    #[serde(default)]
    own: bool,
    /// Only what this level owes.
    #[param(inline)]
    level: Option<Collector>,
    /// Only papers of this type.
    #[serde(default, rename = "type")]
    #[param(max_length = 3, pattern = "^([A-G][0-9]{2})?$")]
    kind: String,
    /// `next` of the list before.
    #[serde(default)]
    #[param(max_length = 60, pattern = "^([0-9]{17}[.][0-9]{1,15}[.][0-9]{1,6})?$")]
    after: String,
    /// How many.
    #[serde(default = "fifty")]
    #[param(value_type = u32, minimum = 1, maximum = 1000, default = 50)]
    limit: Limit,
}

/// A part of the list of missing papers.
#[derive(Debug, Serialize, ToSchema)]
struct MissingPapers {
    /// By household.
    papers: Vec<Lacking>,
    /// Where the list goes on, or none at its end.
    next: Option<String>,
}

/// Lists papers that files lack, by household
#[utoipa::path(
    get, path = "/missing-papers", tag = "living", params(Gaps),
    responses(
        (status = 200, description = "The papers", body = MissingPapers),
        (status = "default", description = "No list", body = Failed),
    )
)]
async fn lacking(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Asked(asked): Asked<Gaps>,
) -> Result<Json<MissingPapers>, Problem> {
    let level = asked.level.map_or("", Collector::as_str).to_owned();
    let limit = asked.limit.0;
    let Gaps { organisation, own, kind, after, .. } = asked;
    let asked = completeness::Asked { organisation, level, kind, after, own };
    let mut papers = completeness::lacking(&app, &actor, &asked, limit + 1).await?;
    let more = papers.len() > limit as usize;
    papers.truncate(limit as usize);
    let next = papers.last().filter(|_| more).map(completeness::behind);
    Ok(Json(MissingPapers { papers, next }))
}

/// Says how complete the files of each street and community are
#[utoipa::path(
    get, path = "/completeness", tag = "living",
    responses(
        (status = 200, description = "Streets, each with its communities after it", body = Vec<Lacks>),
        (status = "default", description = "No list", body = Failed),
    )
)]
async fn standing(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Asked(Nothing {}): Asked<Nothing>,
) -> Result<Json<Vec<Lacks>>, Problem> {
    Ok(Json(completeness::standing(&app, &actor).await?))
}

/// Why a paper is sent back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SendingBack {
    /// In words.
    #[schema(min_length = 1, max_length = 500)]
    reason: String,
}

/// Sends a filed paper back to be mended
///
/// It is owed again until it is filed anew, or another of its kind is.
#[utoipa::path(
    post, path = "/documents/{id}/send-back", tag = "living", request_body = SendingBack,
    params(("id" = DocumentId, Path, description = "The document's number")),
    responses(
        (status = 201, description = "Sent back", body = Done),
        (status = "default", description = "Not sent back", body = Failed),
    )
)]
async fn send_back(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(id): Named<DocumentId>,
    Asked(Nothing {}): Asked<Nothing>,
    Given(given): Given<SendingBack>,
) -> Result<(StatusCode, Json<Done>), Problem> {
    let entry = completeness::send_back(&app, &actor, id, &given.reason).await?.no;
    Ok((StatusCode::CREATED, Json(Done { entry })))
}

/// Which reviews are listed.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Due {
    /// Only of this organisation: its code or the beginning.
    #[serde(default)]
    #[param(max_length = 12, pattern = "^[0-9]{0,12}$")]
    organisation: String,
    /// Only of this category.
    #[serde(default)]
    #[param(max_length = 1, pattern = "^[A-Z]?$")]
    category: String,
    /// Only what is due by this day.
    #[serde(default, deserialize_with = "maybe")]
    #[param(value_type = Option<String>, format = Date)]
    until: Option<Day>,
    /// `next` of the list before.
    #[serde(default)]
    #[param(
        max_length = 28,
        pattern = "^([0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])[.][0-9]{17})?$"
    )]
    after: String,
    /// How many.
    #[serde(default = "fifty")]
    #[param(value_type = u32, minimum = 1, maximum = 1000, default = 50)]
    limit: Limit,
}

impl Due {
    fn asked(self) -> (calendar::Asked, usize) {
        let until = self.until.map(Day::date);
        let (organisation, category, after) = (self.organisation, self.category, self.after);
        let asked = calendar::Asked { organisation, category, until, after };
        (asked, self.limit.0 as usize)
    }
}

/// A part of the list of reviews.
#[derive(Debug, Serialize, ToSchema)]
struct ReviewList {
    /// Earliest first.
    reviews: Vec<ReviewRow>,
    /// Where the list goes on, or none at its end.
    next: Option<String>,
}

/// Lists households that are to be reviewed, earliest first
#[utoipa::path(
    get, path = "/reviews", tag = "living", params(Due),
    responses(
        (status = 200, description = "The households", body = ReviewList),
        (status = "default", description = "No list", body = Failed),
    )
)]
async fn reviews(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Asked(asked): Asked<Due>,
) -> Result<Json<ReviewList>, Problem> {
    let (asked, limit) = asked.asked();
    let one_more = u32::try_from(limit + 1).unwrap_or(u32::MAX);
    let mut reviews = calendar::reviews(&app, &actor, &asked, one_more).await?;
    let more = reviews.len() > limit;
    reviews.truncate(limit);
    let next = reviews.last().filter(|_| more).map(calendar::behind);
    Ok(Json(ReviewList { reviews, next }))
}

/// Counts the reviews of the next 52 weeks
#[utoipa::path(
    get, path = "/reviews/weeks", tag = "living", params(Due),
    responses(
        (status = 200, description = "The weeks", body = calendar::Year),
        (status = "default", description = "No counts", body = Failed),
    )
)]
async fn year(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Asked(asked): Asked<Due>,
) -> Result<Json<calendar::Year>, Problem> {
    let (asked, _) = asked.asked();
    Ok(Json(calendar::year(&app, &actor, &asked).await?))
}
