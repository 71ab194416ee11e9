//! Saved searches: a search under a name, with how many papers came since it was
//! last opened. They are a person's own, and expendable; a backup has them, and a
//! rebuild leaves them alone.

use serde::Serialize;
use utoipa::ToSchema;

use super::{Asked, Band, SearchError, aside, read};
use crate::app::App;
use crate::catalog::documents;
use crate::catalog::saved_searches::{self, SavedRow};
use crate::model::access::{Actor, Right};
use crate::model::look::key_of;
use crate::model::mask;
use crate::model::text::hidden;

/// The most that a person keeps.
pub const MOST: usize = 50;
/// The most characters of a name.
pub const MOST_NAME: usize = 60;

/// A saved search.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = SavedSearch)]
pub struct Saved {
    /// By which it is told from others.
    pub id: String,
    /// How the person calls it.
    pub name: String,
    /// The search, as the query of an address.
    pub asked: String,
    /// How many papers it finds that came since it was last opened. One that was
    /// still being read then counts when it has been read, and not before.
    pub news: u64,
}

impl Saved {
    /// The search itself; an empty one when this program cannot read it any more.
    #[must_use]
    pub fn search(&self) -> Asked {
        Asked::from_address(&self.asked).unwrap_or_default()
    }
}

/// Keeps a search under a name; the same name stands for it from now on. Returns
/// its id.
///
/// # Errors
/// When the name is none, the search has the number of a person in it or cannot be
/// read, or the person has too many.
pub async fn keep(
    app: &App,
    actor: &Actor,
    name: &str,
    asked: &Asked,
) -> Result<String, SearchError> {
    actor.must(Right::Look)?;
    let name = named(name)?;
    let words = std::iter::once(&asked.query).chain(&asked.within);
    if words.into_iter().any(|text| mask::numbers(text) != *text) {
        return Err(SearchError::HasNumber);
    }
    // What cannot be searched is not kept.
    read::query(app, &asked.query).await?;
    asked.filter(app, actor).await?;
    let owner = key_of(actor);
    let mut tx = app.db.write().await?;
    let known = saved_searches::of(&mut tx, &owner).await?;
    if known.len() >= MOST && known.iter().all(|one| one.name != name) {
        return Err(SearchError::Full);
    }
    let row = SavedRow {
        id: hex::encode(rand::random::<[u8; 8]>()),
        owner,
        name,
        asked: asked.to_address(),
        made: app.now().as_microsecond(),
        seen: documents::settled_until(&mut tx).await?,
    };
    saved_searches::keep(&mut tx, &row).await?;
    tx.commit().await?;
    Ok(row.id)
}

fn named(name: &str) -> Result<String, SearchError> {
    let name = mask::numbers(name.trim());
    let fits = (1..=MOST_NAME).contains(&name.chars().count());
    match fits && !name.chars().any(hidden) {
        true => Ok(name),
        false => Err(SearchError::Name),
    }
}

/// The saved searches of a person, by name, with what came since.
///
/// # Errors
/// When the person may not search, or a part fails.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<Saved>, SearchError> {
    actor.must(Right::Look)?;
    let mut tx = app.db.read().await?;
    let rows = saved_searches::of(&mut tx, &key_of(actor)).await?;
    drop(tx);
    let mut saved = Vec::with_capacity(rows.len());
    for row in rows {
        let news = news(app, actor, &row).await?;
        saved.push(Saved { id: row.id, name: row.name, asked: row.asked, news });
    }
    Ok(saved)
}

/// How many papers that came since it was last opened a search finds. That it was
/// searched was noted when it was saved or opened.
async fn news(app: &App, actor: &Actor, row: &SavedRow) -> Result<u64, SearchError> {
    // One of another version of this program may mean nothing any more.
    let Ok(asked) = Asked::from_address(&row.asked) else { return Ok(0) };
    let mut filter = asked.filter(app, actor).await?;
    filter.newer_than = u64::try_from(row.seen).unwrap_or(0);
    if filter.bands.is_empty() {
        filter.bands = Band::ALL.into_iter().filter(|band| *band != Band::Unread).collect();
    }
    let Ok(query) = read::query(app, &asked.query).await else { return Ok(0) };
    let index = app.index.answering()?;
    aside(move || index.count(query, &filter)).await
}

/// The saved search of a person, which from now on counts what comes later.
///
/// # Errors
/// When there is none, or the database fails.
pub async fn open(app: &App, actor: &Actor, id: &str) -> Result<Asked, SearchError> {
    actor.must(Right::Look)?;
    let owner = key_of(actor);
    let mut tx = app.db.write().await?;
    let row = saved_searches::get(&mut tx, &owner, id).await?.ok_or(SearchError::Unknown)?;
    let seen = documents::settled_until(&mut tx).await?;
    saved_searches::open(&mut tx, &owner, id, seen).await?;
    tx.commit().await?;
    Asked::from_address(&row.asked)
}

/// Gives a saved search another name.
///
/// # Errors
/// When the name is none, there is no such search, or the database fails.
pub async fn rename(app: &App, actor: &Actor, id: &str, name: &str) -> Result<(), SearchError> {
    actor.must(Right::Look)?;
    let name = named(name)?;
    let mut tx = app.db.write().await?;
    if !saved_searches::rename(&mut tx, &key_of(actor), id, &name).await? {
        return Err(SearchError::Unknown);
    }
    Ok(tx.commit().await?)
}

/// Forgets a saved search.
///
/// # Errors
/// When there is none, or the database fails.
pub async fn delete(app: &App, actor: &Actor, id: &str) -> Result<(), SearchError> {
    actor.must(Right::Look)?;
    let mut tx = app.db.write().await?;
    if !saved_searches::delete(&mut tx, &key_of(actor), id).await? {
        return Err(SearchError::Unknown);
    }
    Ok(tx.commit().await?)
}
