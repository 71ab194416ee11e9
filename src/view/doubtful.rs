//! The pages that were read badly, for a person to look at.

use crate::app::App;
use crate::catalog::readings;
pub use crate::catalog::readings::DoubtfulPage;
use crate::db::DbError;
use crate::model::access::{Actor, scope};

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
