//! 检索: a query to the pages a person may see, with the words found boxed.

mod contract;
mod numbers;
mod read;

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;
use yidang_indexer::{Filter, Window};
pub use yidang_indexer::{Flaw, ReadAs, SyntaxError, Term};

pub use self::contract::{Contract, Hit};
use crate::app::App;
use crate::catalog::{documents, households, readings, volumes};
use crate::db::{DbError, Tx};
use crate::looks::{self, LookError};
use crate::model::access::{Actor, scope};
use crate::model::id::{DocumentId, HouseholdNo};
use crate::model::look::{Kind, Look};
use crate::model::places::Places;

/// Why nothing could be searched.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// The query cannot be read, or the index failed.
    #[error(transparent)]
    Index(#[from] yidang_indexer::Error),
    /// It cannot be noted that somebody searched.
    #[error(transparent)]
    Look(#[from] LookError),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// By what the hits are narrowed. Empty lists narrow nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Narrowed {
    /// 户号, any of them.
    pub households: Vec<String>,
    /// 件种, any of them.
    pub types: Vec<String>,
    /// Organisation code or the beginning of one.
    pub organisation: String,
    /// First day, `2026-01-01`, or empty.
    pub from: String,
    /// Last day, or empty.
    pub to: String,
}

/// A page that has what was searched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FoundPage {
    /// Page number within the document, from 1.
    pub page: u32,
    /// A piece of its text.
    pub snippet: String,
    /// Ranges of characters of the snippet to mark: from, to.
    pub marks: Vec<(usize, usize)>,
    /// The words found, in pixels of the upright page image.
    pub boxes: Vec<[u32; 4]>,
    /// Width of that image; 0 when the page was not read.
    pub width: u32,
    /// Height of that image.
    pub height: u32,
    /// Ranges of characters of the page's lines, joined by line feeds, that
    /// were found: from, to.
    #[serde(skip)]
    pub matches: Vec<(usize, usize)>,
}

/// A document that has what was searched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Found {
    /// Which.
    pub document: DocumentId,
    /// 户号, or none on the intake desk.
    pub household: Option<String>,
    /// 户主, or empty.
    pub head: String,
    /// 档号 of the household's volume, or none.
    pub volume: Option<String>,
    /// 件种, or empty.
    #[serde(rename = "type")]
    pub type_code: String,
    /// 题名
    pub title: String,
    /// 日期, or empty.
    pub date: String,
    /// How many pages it has.
    #[serde(skip)]
    pub of: i64,
    /// Its pages with hits, in order; the first is where it opens.
    pub pages: Vec<FoundPage>,
}

/// The answer to a query.
#[derive(Debug, Clone)]
pub struct Answer {
    /// How many documents were found.
    pub total: u64,
    /// On how many pages.
    pub total_pages: u64,
    /// How the query was read.
    pub read_as: ReadAs,
    /// The documents of the window.
    pub found: Vec<Found>,
    /// How many documents by type code.
    pub types: Vec<(String, u64)>,
    /// How many by year.
    pub years: Vec<(String, u64)>,
    /// How many by household.
    pub households: Vec<(String, u64)>,
    /// How many by organisation.
    pub organisations: Vec<(String, u64)>,
    /// The names of those organisations and the heads of those households, by
    /// code and by number.
    pub names: BTreeMap<String, String>,
}

/// Searches what `actor` may see, and notes it with the words and how many
/// papers were found.
///
/// # Errors
/// When the query cannot be read, a part fails, or the look cannot be noted.
pub async fn find(
    app: &App,
    actor: &Actor,
    query: &str,
    narrowed: &Narrowed,
    offset: usize,
    limit: usize,
) -> Result<Answer, SearchError> {
    let answer = ask(app, actor, query, narrowed, offset, limit).await?;
    let look = Look::new(Kind::Search).titled(query).counting(answer.total);
    // Nobody waits twice: the note is written while the papers are described.
    let noting = async { Ok(looks::shows(app, actor, look).await?) };
    let (answer, ()) = tokio::try_join!(described(app, actor, answer), noting)?;
    Ok(answer)
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
    narrowed: &Narrowed,
) -> Result<u64, SearchError> {
    Ok(ask(app, actor, &format!("\"{word}\""), narrowed, 0, 1).await?.total_pages)
}

/// What the index answers.
async fn ask(
    app: &App,
    actor: &Actor,
    query: &str,
    narrowed: &Narrowed,
    offset: usize,
    limit: usize,
) -> Result<yidang_indexer::Answer, SearchError> {
    let filter = filter(actor, narrowed);
    let window = Window { offset, limit };
    let (index, query) = (app.index.clone(), read::query(app, query).await?);
    let asked = tokio::task::spawn_blocking(move || index.ask(query, &filter, &window));
    Ok(asked.await.map_err(|e| DbError::Corrupt(format!("search stopped: {e}")))??)
}

/// An answer of the index with what the catalog says of the papers it found.
async fn described(
    app: &App,
    actor: &Actor,
    answer: yidang_indexer::Answer,
) -> Result<Answer, SearchError> {
    let mut tx = app.db.read().await?;
    let mut found = Vec::with_capacity(answer.hits.len());
    for hit in &answer.hits {
        let id = DocumentId(i64::try_from(hit.document).unwrap_or(i64::MAX));
        if let Some(one) = describe(&mut tx, actor, id, hit).await? {
            found.push(one);
        }
    }
    let facets = answer.facets;
    let mut names = BTreeMap::new();
    for (code, _) in &facets.organisations {
        names.insert(code.clone(), households::organisation_name(&mut tx, code).await?);
    }
    for (no, _) in &facets.households {
        let known: Option<HouseholdNo> = no.parse().ok();
        let Some(known) = known else { continue };
        if let Some(household) = households::get(&mut tx, &known).await? {
            names.insert(no.clone(), household.head);
        }
    }
    Ok(Answer {
        total: answer.total,
        total_pages: answer.total_pages,
        read_as: answer.read_as,
        found,
        types: facets.types,
        years: facets.years,
        households: facets.households,
        organisations: facets.organisations,
        names,
    })
}

/// How many pages that this person may see have not been read, or could not
/// be: what is not found may stand there.
///
/// # Errors
/// When the database fails.
pub async fn unread(app: &App, actor: &Actor) -> Result<i64, SearchError> {
    let mut tx = app.db.read().await?;
    Ok(readings::unread_pages(&mut tx, &scope(actor)).await?)
}

/// The pages of one document that have what was searched, with their boxes.
///
/// # Errors
/// When the query cannot be read, or the index failed.
pub async fn within(
    app: &App,
    actor: &Actor,
    query: &str,
    document: DocumentId,
) -> Result<Vec<FoundPage>, SearchError> {
    let filter = filter(actor, &Narrowed::default());
    let (index, query) = (app.index.clone(), read::query(app, query).await?);
    let number = u64::try_from(document.0).unwrap_or(u64::MAX);
    let asked = tokio::task::spawn_blocking(move || index.pages_of(query, &filter, number));
    let pages = asked.await.map_err(|e| DbError::Corrupt(format!("search stopped: {e}")))??;
    Ok(pages.iter().map(found_page).collect())
}

fn filter(actor: &Actor, narrowed: &Narrowed) -> Filter {
    let own = scope(actor);
    // A wish for an organisation outside the scope finds nothing.
    let organisations = match narrowed.organisation.as_str() {
        "" => vec![own.prefix().to_owned()],
        wished if own.covers(wished) => vec![wished.to_owned()],
        wished if own.prefix().starts_with(wished) => vec![own.prefix().to_owned()],
        _ => Vec::new(),
    };
    Filter {
        organisations,
        households: narrowed.households.clone(),
        types: narrowed.types.clone(),
        date_from: narrowed.from.clone(),
        date_to: narrowed.to.clone(),
        ..Filter::default()
    }
}

async fn describe(
    tx: &mut Tx,
    actor: &Actor,
    id: DocumentId,
    hit: &yidang_indexer::DocumentHit,
) -> Result<Option<Found>, DbError> {
    let Some(document) = documents::get(tx, &scope(actor), id).await? else { return Ok(None) };
    let no: Option<HouseholdNo> = document.household.as_ref().and_then(|no| no.parse().ok());
    let (mut head, mut volume) = (String::new(), None);
    if let Some(no) = &no {
        head = households::get(tx, no).await?.map(|one| one.head).unwrap_or_default();
        volume = volumes::current(tx, no).await?.map(|volume| volume.reference_code);
    }
    let shown = documents::shown(tx, &document).await?;
    let opens = hit.opens_at().map(|page| page.page);
    let mut pages: Vec<FoundPage> = hit.pages.iter().map(found_page).collect();
    // The page it opens at comes first; the others follow in order.
    if let Some(at) = pages.iter().position(|page| Some(page.page) == opens) {
        pages[..=at].rotate_right(1);
    }
    Ok(Some(Found {
        document: id,
        household: document.household.clone(),
        head,
        volume,
        type_code: shown.type_code,
        title: shown.title,
        date: document.date.clone(),
        of: document.pages,
        pages,
    }))
}

fn found_page(hit: &yidang_indexer::PageHit) -> FoundPage {
    let places = Places::from_bytes(&hit.payload).unwrap_or_default();
    FoundPage {
        page: hit.page,
        snippet: hit.snippet.text.clone(),
        marks: hit.snippet.marks.iter().map(|mark| (mark.start, mark.end)).collect(),
        boxes: hit.matches.iter().flat_map(|range| places.boxes(range)).collect(),
        width: places.width,
        height: places.height,
        matches: hit.matches.iter().map(|range| (range.start, range.end)).collect(),
    }
}
