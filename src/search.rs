//! 检索: a query to the pages a person may see, with the words found boxed.

pub mod alike;
mod answer;
mod asked;
pub mod catalogs;
mod contract;
mod describe;
pub mod export;
pub(crate) mod fields;
pub(crate) mod held;
mod labels;
mod numbers;
mod read;
pub mod recent;
pub mod saved;
pub mod suggest;
pub mod words;

pub use yidang_indexer::{
    Band, Cursor, Field, FieldTerm, Flaw, Near, ReadAs, Sort, SyntaxError, Term, Why,
};
use yidang_indexer::{Order, Window};

pub use self::answer::{Answer, Found, FoundLabel, FoundPage, Label, NearBy};
pub use self::asked::{Asked, MOST_CHOSEN, MOST_LINKS, Part};
pub use self::contract::{Contract, Count, Counts, Hit};
use self::describe::{described, found_page};
pub use self::fields::FoundField;
pub use self::read::is_flawed;
use crate::app::App;
use crate::catalog::readings;
use crate::db::DbError;
use crate::follow;
pub use crate::follow::Renewal;
use crate::living::computed::Place;
use crate::looks::{self, LookError};
use crate::model::access::{Actor, Denied, scope};
use crate::model::id::DocumentId;
use crate::model::look::{Kind, Look};

/// Why nothing could be searched.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// The query cannot be read, or the index failed.
    #[error(transparent)]
    Index(#[from] yidang_indexer::Error),
    /// A value is none of its kind.
    #[error("the search cannot be understood: {0}")]
    Asked(String),
    /// A catalog has no column by which it could be answered.
    #[error("the {} has no column for {asked_en}: search the papers for it", .catalog.en())]
    NoColumn {
        /// Which catalog.
        catalog: catalogs::Catalog,
        /// What was asked, as it is typed in Chinese.
        asked: String,
        /// The same as it is typed in English.
        asked_en: String,
    },
    /// More is asked at once than is worked on.
    #[error("a search has at most {MOST_LINKS} links and {MOST_CHOSEN} values of a facet")]
    TooMuch,
    /// More rows than go into a file.
    #[error("these are {found} rows, and a file holds {most}: narrow the search")]
    TooMany {
        /// How many there are.
        found: u64,
        /// How many go into a file.
        most: usize,
    },
    /// The file could not be written.
    #[error("the file could not be written: {0}")]
    File(String),
    /// Why a list is taken along has to be said.
    #[error("say why the list is taken along")]
    NoReason,
    /// The number of a person would be kept.
    #[error("a search with the number of a person is not kept: leave the number out")]
    HasNumber,
    /// A saved search without a name, or with one that is too long.
    #[error("a saved search has a name of 1 to 60 characters")]
    Name,
    /// More saved searches than are kept.
    #[error("a person has at most {} saved searches: delete one", saved::MOST)]
    Full,
    /// No such saved search.
    #[error("there is no such saved search")]
    Unknown,
    /// No such paper, or none this person may see.
    #[error("document {0} is not known")]
    UnknownPaper(DocumentId),
    /// The person may not do it.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// It cannot be noted that somebody searched.
    #[error(transparent)]
    Look(#[from] LookError),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// Searches what `actor` may see, and notes it with the words and how many
/// papers were found.
///
/// # Errors
/// When the query cannot be read, a part fails, or the look cannot be noted.
pub async fn find(
    app: &App,
    actor: &Actor,
    asked: &Asked,
    part: &Part,
) -> Result<Answer, SearchError> {
    let answer = ask(app, actor, asked, part).await?;
    let look = Look::new(Kind::Search).titled(&asked.told()).counting(answer.total);
    // Nobody waits twice: the note is written while the papers are described.
    let noting = async { Ok(looks::shows(app, actor, look).await?) };
    let (answer, ()) = tokio::try_join!(described(app, actor, asked, answer), noting)?;
    // Nothing found is not nothing there.
    let unread = if answer.total == 0 { Some(unread(app, actor).await?) } else { None };
    Ok(Answer { unread, ..answer })
}

/// How far the index is that is being filled; none when it is whole.
///
/// # Errors
/// When the index or the database fails.
pub async fn renewal(app: &App) -> Result<Option<Renewal>, SearchError> {
    follow::renewal(app).await
}

/// On how many pages that `actor` may see a word of a query would be found by
/// itself. The query was noted when it was asked.
///
/// # Errors
/// When it cannot be read, or a part fails.
pub async fn count_pages(
    app: &App,
    actor: &Actor,
    word: &str,
    asked: &Asked,
) -> Result<u64, SearchError> {
    let alone = Asked { query: format!("\"{word}\""), ..asked.clone() };
    Ok(ask(app, actor, &alone, &Part::first(0)).await?.total_pages)
}

/// What the index answers.
async fn ask(
    app: &App,
    actor: &Actor,
    asked: &Asked,
    part: &Part,
) -> Result<yidang_indexer::Answer, SearchError> {
    let filter = asked.filter(app, actor).await?;
    let window = Window { offset: part.offset, limit: part.limit };
    let order = Order { sort: asked.sort, after: part.after.clone() };
    let query = read::query(app, &asked.query).await?;
    let index = app.index.answering()?;
    aside(move || index.ask_in(query, &filter, &window, &order)).await
}

/// What the index answers, found on a thread of its own.
async fn aside<T: Send + 'static>(
    ask: impl FnOnce() -> Result<T, yidang_indexer::Error> + Send + 'static,
) -> Result<T, SearchError> {
    let asked = tokio::task::spawn_blocking(ask);
    Ok(asked.await.map_err(|e| DbError::Corrupt(format!("search stopped: {e}")))??)
}

/// How many pages that this person may see have not been read, could not be, or were read with
/// little confidence and seen by nobody since: what is not found may stand there, however it
/// is asked for.
///
/// # Errors
/// When the database fails.
pub async fn unread(app: &App, actor: &Actor) -> Result<i64, SearchError> {
    let mut tx = app.db.read().await?;
    let visible = scope(actor);
    let place = Place::of_papers(&mut tx, format!("unread {}", visible.prefix())).await?;
    if let Some(unread) = app.computed.get::<i64>(&place) {
        return Ok(unread);
    }
    let unread = readings::unread_pages(&mut tx, &visible).await?;
    let doubtful = readings::count_doubtful(&mut tx, &visible).await?;
    Ok(app.computed.keep(place, 0, unread + doubtful))
}

/// The pages of one document that have what was searched, with their boxes.
///
/// # Errors
/// When the query cannot be read, or the index failed.
pub async fn within(
    app: &App,
    actor: &Actor,
    asked: &Asked,
    document: DocumentId,
) -> Result<Vec<FoundPage>, SearchError> {
    // The document is shown, whatever the result was narrowed to.
    let words = Asked { within: asked.within.clone(), ..Asked::of(&asked.query) };
    let filter = words.filter(app, actor).await?;
    let (index, query) = (app.index.answering()?, read::query(app, &words.query).await?);
    let number = u64::try_from(document.0).unwrap_or(u64::MAX);
    let pages = aside(move || index.pages_of(query, &filter, number)).await?;
    Ok(pages.iter().map(|page| found_page(app, page)).collect())
}

/// The documents beside one in a result: before and after it.
///
/// # Errors
/// When the query cannot be read, or the index failed.
pub async fn beside(
    app: &App,
    actor: &Actor,
    asked: &Asked,
    document: DocumentId,
) -> Result<[Option<DocumentId>; 2], SearchError> {
    let filter = asked.filter(app, actor).await?;
    let (index, query) = (app.index.answering()?, read::query(app, &asked.query).await?);
    let number = u64::try_from(document.0).unwrap_or(u64::MAX);
    let sort = asked.sort;
    let beside = aside(move || index.beside(query, &filter, sort, number)).await?;
    Ok(beside.map(|one| one.and_then(|number| i64::try_from(number).ok()).map(DocumentId)))
}
