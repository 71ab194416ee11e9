//! 订正: pages that were read badly, and what people say stands on them.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::given::{Acting, Asked, Given, Named, Nothing, maybe};
use super::problem::{Failed, Problem};
use crate::app::App;
use crate::correction::{self, Said, Sheet};
use crate::model::id::{DocumentId, EntryNo};
use crate::rendition::quality::DOUBTFUL;
use crate::view::{self, DoubtfulPage};

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(doubtful)).routes(routes!(sheet)).routes(routes!(correct))
}

/// The most pages of one answer.
const MOST: u32 = 1000;

/// Which pages.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Doubting {
    /// Those that scored less, in per mille; 900 when left out.
    #[param(minimum = 0, maximum = 1000)]
    under: Option<u32>,
    /// Those behind this one, as `next` has it.
    #[serde(default, deserialize_with = "maybe")]
    #[param(value_type = Option<String>, pattern = "^[0-9]{1,4}-[0-9]{1,15}-[0-9]{1,9}$")]
    after: Option<DoubtfulPage>,
    /// At most so many; 100 when left out.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u32>,
}

/// Pages that were read badly.
#[derive(Debug, Serialize, ToSchema)]
struct DoubtfulPages {
    /// The worst first.
    pages: Vec<DoubtfulPage>,
    /// Where the list goes on; none at its end.
    next: Option<String>,
}

/// Lists pages that were read badly
///
/// By number, the worst first; nothing of what stands on them is shown.
#[utoipa::path(
    get, path = "/doubtful-pages", tag = "documents", params(Doubting),
    responses(
        (status = 200, description = "The pages", body = DoubtfulPages),
        (status = "default", description = "Not shown", body = Failed),
    )
)]
async fn doubtful(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Asked(asked): Asked<Doubting>,
) -> Result<Json<DoubtfulPages>, Problem> {
    let under = asked.under.unwrap_or(DOUBTFUL);
    let limit = asked.limit.unwrap_or(100);
    if under > 1000 || !(1..=MOST).contains(&limit) {
        return Err(Problem::malformed("bad_query", "under is up to 1000, limit from 1 to 1000"));
    }
    let pages = view::doubtful(&app, &actor, under, asked.after, limit).await?;
    let full = pages.len() == limit as usize;
    let next = pages.last().filter(|_| full).map(ToString::to_string);
    Ok(Json(DoubtfulPages { pages, next }))
}

/// Shows a page line by line
///
/// As people have corrected it, and otherwise as it was read; the numbers of
/// persons are covered.
#[utoipa::path(
    get, path = "/documents/{id}/pages/{n}/text", tag = "documents",
    params(
        ("id" = DocumentId, Path, description = "The document's number"),
        ("n" = u32, Path, description = "The page, from 1"),
    ),
    responses(
        (status = 200, description = "The page", body = Sheet),
        (status = "default", description = "Not shown", body = Failed),
    )
)]
async fn sheet(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named((id, n)): Named<(DocumentId, u32)>,
    Asked(Nothing {}): Asked<Nothing>,
) -> Result<Json<Sheet>, Problem> {
    Ok(Json(correction::sheet(&app, &actor, id, n).await?))
}

/// A correction that was kept.
#[derive(Debug, Serialize, ToSchema)]
struct Corrected {
    /// Its entry in the log; whoever corrects the page next says it as `seen`.
    entry: EntryNo,
}

/// Corrects the text of a page
///
/// 订正: what a person read on it, line by line. It is kept beside the file, found
/// as soon as the index has followed, and never replaced by what a machine reads.
#[utoipa::path(
    put, path = "/documents/{id}/pages/{n}/text", tag = "documents",
    params(
        ("id" = DocumentId, Path, description = "The document's number"),
        ("n" = u32, Path, description = "The page, from 1"),
    ),
    request_body = Said,
    responses(
        (status = 200, description = "Kept", body = Corrected),
        (status = "default", description = "Not kept", body = Failed),
    )
)]
async fn correct(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named((id, n)): Named<(DocumentId, u32)>,
    Asked(Nothing {}): Asked<Nothing>,
    Given(said): Given<Said>,
) -> Result<Json<Corrected>, Problem> {
    let entry = correction::correct(&app, &actor, id, n, said).await?;
    Ok(Json(Corrected { entry }))
}
