//! 利用登记册: who has looked at what.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::given::{Acting, Asked, CodeStart, Day, Given, Limit, Named, Nothing, fifty, maybe};
use super::problem::{Failed, Problem};
use crate::app::App;
use crate::model::id::{DocumentId, HouseholdNo};
use crate::model::look::{Kind, Outcome, Reason};
use crate::uses::export::{self, Shape};
use crate::uses::{self, Register};
use crate::web::download;

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(take)).routes(routes!(prove))
}

/// Which looks are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Listing {
    /// A part of the person's name.
    #[serde(default)]
    person: String,
    /// The person's organisation, or the beginning of its code.
    #[serde(default, deserialize_with = "maybe")]
    #[param(value_type = Option<String>, pattern = "^[0-9]{0,12}$")]
    organisation: Option<CodeStart>,
    /// 户号
    #[serde(default, deserialize_with = "maybe")]
    #[param(value_type = Option<String>, pattern = "^[0-9]{17}$")]
    household: Option<HouseholdNo>,
    /// The number of the document.
    #[serde(default, deserialize_with = "maybe")]
    #[param(value_type = Option<i64>, minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    document: Option<DocumentId>,
    /// The kind.
    #[serde(default, deserialize_with = "maybe")]
    #[param(value_type = Option<Kind>)]
    kind: Option<Kind>,
    /// What came of it.
    #[serde(default, deserialize_with = "maybe")]
    #[param(value_type = Option<Outcome>)]
    outcome: Option<Outcome>,
    /// The first day, in China.
    #[serde(default, deserialize_with = "maybe")]
    #[param(value_type = Option<String>, format = Date)]
    from: Option<Day>,
    /// The last day.
    #[serde(default, deserialize_with = "maybe")]
    #[param(value_type = Option<String>, format = Date)]
    to: Option<Day>,
    /// Where the list goes on: `next` of the list before.
    #[serde(default)]
    before: Option<String>,
    /// How many.
    #[serde(default = "fifty")]
    #[param(value_type = u32, minimum = 1, maximum = 1000, default = 50)]
    limit: Limit,
}

impl Listing {
    fn asked(&self) -> uses::Asked {
        uses::Asked {
            person: self.person.clone(),
            organisation: self.organisation.clone().map(|code| code.0).unwrap_or_default(),
            household: self.household.as_ref().map(ToString::to_string).unwrap_or_default(),
            document: self.document.map(|id| id.0),
            kind: self.kind.map(|kind| kind.as_str().to_owned()).unwrap_or_default(),
            outcome: self.outcome.map(|one| one.as_str().to_owned()).unwrap_or_default(),
            from: Day::text(self.from),
            to: Day::text(self.to),
        }
    }
}

/// Lists looks
///
/// 利用登记册: who has looked at what, when and why, newest first; of people of the
/// own organisation and of those below it, and at its records.
#[utoipa::path(
    get, path = "/uses", tag = "archive", params(Listing),
    responses(
        (status = 200, description = "The list", body = Register),
        (status = "default", description = "No list", body = Failed),
    )
)]
async fn list(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Asked(asked): Asked<Listing>,
) -> Result<Json<Register>, Problem> {
    let before = asked.before.as_deref().filter(|before| !before.is_empty());
    Ok(Json(uses::register(&app, &actor, &asked.asked(), before, asked.limit.0).await?))
}

/// What is taken along, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Taking {
    /// 事由: a number or name of the list, or words.
    #[schema(min_length = 1, max_length = 210)]
    reason: String,
    /// `csv` or `xlsx`.
    #[serde(default)]
    shape: Shape,
    /// The first day, in China; empty for all.
    #[serde(default)]
    from: String,
    /// The last day; empty for all.
    #[serde(default)]
    to: String,
    /// 户号; empty for all.
    #[serde(default)]
    household: String,
    /// A part of a person's name; empty for all.
    #[serde(default)]
    person: String,
    /// The person's organisation or the beginning of its code; empty for all.
    #[serde(default)]
    #[schema(pattern = "^[0-9]{0,12}$")]
    organisation: String,
    /// The number of a document; none for all.
    #[serde(default)]
    document: Option<i64>,
    /// The kind, such as `open`; none for all.
    #[serde(default)]
    kind: Option<Kind>,
    /// What came of it, such as `refused`; none for all.
    #[serde(default)]
    outcome: Option<Outcome>,
}

/// Takes the register along as a file
///
/// That is a look itself, and noted with its reason.
#[utoipa::path(
    post, path = "/uses/export", tag = "archive", request_body = Taking,
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
    let reason: Reason = taking.reason.parse()?;
    let Taking {
        shape, from, to, household, person, organisation, document, kind, outcome, ..
    } = taking;
    let kind = kind.map(|kind| kind.as_str().to_owned()).unwrap_or_default();
    let outcome = outcome.map(|one| one.as_str().to_owned()).unwrap_or_default();
    let asked = uses::Asked { person, organisation, household, document, kind, outcome, from, to };
    let bytes = export::export(&app, &actor, &asked, shape, reason).await?;
    Ok(download::sheet("uses", shape, bytes))
}

/// Hands out a look with its proof
///
/// A BagIt bag as a zip file, for `yidang-verify` and the policy line of the access
/// log.
#[utoipa::path(
    get, path = "/uses/{no}/bundle", tag = "archive",
    params(("no" = i64, Path, description = "Its number in the access log", minimum = 0)),
    responses(
        (status = 200, description = "The bundle", content_type = "application/zip"),
        (status = "default", description = "No bundle", body = Failed),
    )
)]
async fn prove(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(no): Named<i64>,
    Asked(Nothing {}): Asked<Nothing>,
) -> Result<Response, Problem> {
    Ok(download::bundle(uses::bundle(&app, &actor, no).await?))
}
