//! More like this: papers that share the rarest words of one, as far as a person
//! may see them.

use super::describe::describe_all;
use super::{Asked, Found, SearchError, aside};
use crate::app::App;
use crate::catalog::documents;
use crate::looks;
use crate::model::access::{Actor, scope};
use crate::model::id::DocumentId;
use crate::model::look::{Kind, Look};

/// The most papers that are shown.
pub const MOST: usize = 20;

/// Papers that are like one.
#[derive(Debug, Clone, Default)]
pub struct Alike {
    /// How the paper is called.
    pub title: String,
    /// The words they share, the rarest first.
    pub words: Vec<String>,
    /// How many share two of them at least.
    pub total: u64,
    /// The most alike, at most [`MOST`].
    pub found: Vec<Found>,
}

/// Papers that `actor` may see and that are like `document`; it is noted as a search
/// at that paper.
///
/// # Errors
/// When there is no such paper this person may see, a part fails, or the look cannot
/// be noted.
pub async fn alike(
    app: &App,
    actor: &Actor,
    document: DocumentId,
    limit: usize,
) -> Result<Alike, SearchError> {
    let mut tx = app.db.read().await?;
    let found = documents::get(&mut tx, &scope(actor), document).await?;
    let Some(paper) = found else {
        drop(tx);
        looks::refuses(app, actor, Look::new(Kind::Search).at(document)).await?;
        return Err(SearchError::UnknownPaper(document));
    };
    let title = documents::shown(&mut tx, &paper).await?.title;
    drop(tx);
    let filter = Asked::default().filter(app, actor).await?;
    let number = u64::try_from(document.0).unwrap_or(u64::MAX);
    let (index, limit) = (app.index.answering()?, limit.min(MOST));
    let alike = aside(move || index.alike(number, &filter, limit)).await?;
    let look = Look::new(Kind::Search).at(document).titled(&title).counting(alike.total);
    app.looks.note(actor, look).await?;
    let mut tx = app.db.read().await?;
    let found = describe_all(app, &mut tx, actor, &alike.hits, &[]).await?;
    Ok(Alike { title, words: alike.words, total: alike.total, found })
}
