//! Recent searches: what a person has searched for lately, as the access log has
//! it, until the person wants no reminder any more.

use super::{Asked, SearchError};
use crate::app::App;
use crate::catalog::{looks, saved_searches};
use crate::model::access::{Actor, Right};
use crate::model::look::key_of;

/// The most that are shown.
pub const MOST: usize = 10;
/// So many searches are looked through: the same one is noted each time.
const LOOKED_THROUGH: u32 = 100;

/// The last searches of a person, newest first, each once. What was chosen in
/// facets is not noted, so it is not brought back.
///
/// # Errors
/// When the person may not search, or the database fails.
pub async fn recent(app: &App, actor: &Actor) -> Result<Vec<Asked>, SearchError> {
    actor.must(Right::Look)?;
    let owner = key_of(actor);
    app.looks.flush().await?;
    let mut tx = app.db.read().await?;
    let after = saved_searches::cleared(&mut tx, &owner).await?;
    let mut recent: Vec<Asked> = Vec::new();
    for row in looks::searches(&mut tx, &actor.name, after, LOOKED_THROUGH).await? {
        let body = row.body()?;
        // Another person may have the same name; and what is like a paper was looked for
        // with no words.
        let asked = Asked::heard(&body.look.title);
        let is_own = key_of(&body.actor) == owner && body.look.document.is_none();
        if is_own && !asked.is_empty() && !recent.contains(&asked) {
            recent.push(asked);
        }
        if recent.len() == MOST {
            break;
        }
    }
    Ok(recent)
}

/// Shows a person no search of before any more. The access log keeps them.
///
/// # Errors
/// When the person may not search, or the database fails.
pub async fn clear(app: &App, actor: &Actor) -> Result<(), SearchError> {
    actor.must(Right::Look)?;
    let mut tx = app.db.write().await?;
    let now = app.now().as_microsecond();
    saved_searches::clear(&mut tx, &key_of(actor), now).await?;
    Ok(tx.commit().await?)
}
