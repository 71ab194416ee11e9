//! The pages that were read badly, for a person to look at.

use crate::app::App;
use crate::catalog::readings;
pub use crate::catalog::readings::DoubtfulPage;
use crate::catalog::{documents, households};
use crate::db::DbError;
use crate::model::access::{Actor, scope};
use crate::model::id::{DocumentId, HouseholdNo};

/// The pages this person may see that scored less than `bar` per mille, the worst
/// first, at most `limit` of those behind `after`. They are told by number: nothing
/// of what stands on them is shown.
///
/// # Errors
/// When the database fails.
pub async fn doubtful(
    app: &App,
    actor: &Actor,
    bar: u32,
    after: Option<DoubtfulPage>,
    limit: u32,
) -> Result<Vec<DoubtfulPage>, DbError> {
    let mut tx = app.db.read().await?;
    readings::doubtful(&mut tx, &scope(actor), bar, after, limit).await
}

/// How a paper in a list is called, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Called {
    /// Its title.
    pub title: String,
    /// Its household and the head of that; none while nobody has filed it.
    pub household: Option<(String, String)>,
}

/// How the papers of these pages are called, in the same order.
///
/// # Errors
/// When the database fails.
pub async fn called(
    app: &App,
    actor: &Actor,
    pages: &[DoubtfulPage],
) -> Result<Vec<Called>, DbError> {
    let mut tx = app.db.read().await?;
    let mut all = Vec::with_capacity(pages.len());
    for page in pages {
        let found = documents::get(&mut tx, &scope(actor), DocumentId(page.document)).await?;
        let Some(document) = found else {
            all.push(Called { title: String::new(), household: None });
            continue;
        };
        let mut household = None;
        if let Some(no) = &document.household
            && let Ok(number) = no.parse::<HouseholdNo>()
        {
            let head = households::get(&mut tx, &number).await?.map(|one| one.head);
            household = Some((no.clone(), head.unwrap_or_default()));
        }
        let title = documents::shown(&mut tx, &document).await?.title;
        all.push(Called { title, household });
    }
    Ok(all)
}
