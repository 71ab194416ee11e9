//! 检索: a query to the pages a person may see, with the words found boxed.

pub mod alike;
mod asked;
pub mod catalogs;
mod contract;
pub mod export;
pub(crate) mod fields;
mod numbers;
mod read;
pub mod recent;
pub mod saved;
pub mod suggest;
pub mod words;

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;
pub use yidang_indexer::{Band, Cursor, Flaw, Near, ReadAs, Sort, SyntaxError, Term, Why};
use yidang_indexer::{Order, Window};

pub use self::asked::{Asked, MOST_CHOSEN, MOST_LINKS, Part};
pub use self::contract::{Contract, Count, Counts, Hit};
pub use self::fields::FoundField;
pub use self::read::is_flawed;
use crate::app::App;
use crate::catalog::kinship::{self, Gone};
use crate::catalog::{documents, households, organisations, readings, volumes};
use crate::db::{DbError, Tx};
use crate::follow;
pub use crate::follow::Renewal;
use crate::looks::{self, LookError};
use crate::model::access::{Actor, Denied, scope};
use crate::model::id::{DocumentId, HouseholdNo};
use crate::model::look::{Kind, Look};
use crate::model::places::Places;

/// Why nothing could be searched.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// The query cannot be read, or the index failed.
    #[error(transparent)]
    Index(#[from] yidang_indexer::Error),
    /// A value is none of its kind.
    #[error("the search cannot be understood: {0}")]
    Asked(String),
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
    /// 字段: what people keyed from the page, or stated by it, in which something was
    /// found.
    pub fields: Vec<FoundField>,
    /// What stands there instead of a term, and why it counts.
    pub near: Vec<NearBy>,
    /// Ranges of characters of the page's lines, joined by line feeds, that
    /// were found: from, to.
    #[serde(skip)]
    pub matches: Vec<(usize, usize)>,
}

/// What counts for a term without being it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct NearBy {
    /// What stands there.
    pub text: String,
    /// Why it counts: `recogniser` (it thought of the term as well), `look_alike`,
    /// `one_character` (off), `sound`.
    #[schema(value_type = String)]
    pub why: Why,
}

impl From<&Near> for NearBy {
    fn from(near: &Near) -> Self {
        Self { text: near.text.clone(), why: near.why }
    }
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
    /// What became of the household, where nobody lives in it any more.
    pub gone: Option<Gone>,
    /// 档号 of the household's volume, or none.
    pub volume: Option<String>,
    /// The organisation that keeps it.
    pub organisation: String,
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
    /// How many of the documents have a word only nearly; they come last.
    pub near: u64,
    /// How the query was read.
    pub read_as: ReadAs,
    /// How what was searched for before was read.
    pub within: Vec<ReadAs>,
    /// The documents of the part.
    pub found: Vec<Found>,
    /// Where the next part begins; none at the end.
    pub next: Option<Cursor>,
    /// How many documents by type code. What was chosen in a list does not narrow
    /// that list.
    pub types: Vec<(String, u64)>,
    /// How many by year.
    pub years: Vec<(String, u64)>,
    /// How many by household.
    pub households: Vec<(String, u64)>,
    /// How many by organisation.
    pub organisations: Vec<(String, u64)>,
    /// How many by state of the household's file.
    pub states: Vec<(String, u64)>,
    /// How many by confidence of the reading.
    pub bands: Vec<(Band, u64)>,
    /// How many by how the household stands.
    pub standings: Vec<(String, u64)>,
    /// How many by category of the household.
    pub categories: Vec<(String, u64)>,
    /// How far the index is that is being filled; none when it is whole.
    pub renewal: Option<Renewal>,
    /// The names of the first of those organisations and the heads of the first of
    /// those households, and of those that were chosen, by code and by number.
    pub names: BTreeMap<String, String>,
}

/// So many values of a list are named.
const NAMED: usize = 12;

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
    Ok(answer)
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

/// An answer of the index with what the catalog says of the papers it found.
async fn described(
    app: &App,
    actor: &Actor,
    asked: &Asked,
    answer: yidang_indexer::Answer,
) -> Result<Answer, SearchError> {
    let renewal = renewal(app).await?;
    let mut tx = app.db.read().await?;
    let found = describe_all(app, &mut tx, actor, &answer.hits).await?;
    let facets = answer.facets;
    let mut names = BTreeMap::new();
    let first = |list: &[(String, u64)], chosen: &[String]| {
        let counted = list.iter().take(NAMED).map(|(value, _)| value.clone());
        counted.chain(chosen.iter().cloned()).collect::<Vec<String>>()
    };
    for code in first(&facets.organisations, &asked.organisations) {
        let name = organisations::name(&mut tx, &code).await?;
        names.insert(code, name);
    }
    for no in first(&facets.households, &asked.households) {
        let Ok(known) = no.parse::<HouseholdNo>() else { continue };
        let household = households::get(&mut tx, &known).await?;
        if let Some(one) = household.filter(|one| scope(actor).covers(&one.organisation)) {
            names.insert(no, one.head);
        }
    }
    Ok(Answer {
        total: answer.total,
        total_pages: answer.total_pages,
        near: answer.near,
        read_as: answer.read_as,
        within: answer.within,
        found,
        next: answer.next,
        types: facets.types,
        years: facets.years,
        households: facets.households,
        organisations: facets.organisations,
        states: facets.states,
        bands: facets.bands,
        standings: facets.standings,
        categories: facets.categories,
        renewal,
        names,
    })
}

/// What the catalog says of papers that were found.
async fn describe_all(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    hits: &[yidang_indexer::DocumentHit],
) -> Result<Vec<Found>, DbError> {
    let mut found = Vec::with_capacity(hits.len());
    for hit in hits {
        let id = DocumentId(i64::try_from(hit.document).unwrap_or(i64::MAX));
        if let Some(one) = describe(app, tx, actor, id, hit).await? {
            found.push(one);
        }
    }
    Ok(found)
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

async fn describe(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    id: DocumentId,
    hit: &yidang_indexer::DocumentHit,
) -> Result<Option<Found>, DbError> {
    let found = documents::get(tx, &scope(actor), id).await?;
    // What has just gone may still be in the index.
    let Some(document) = found.filter(|one| one.state().is_live()) else { return Ok(None) };
    let no: Option<HouseholdNo> = document.household.as_ref().and_then(|no| no.parse().ok());
    let (mut head, mut gone, mut volume) = (String::new(), None, None);
    if let Some(no) = &no {
        if let Some(household) = households::get(tx, no).await? {
            gone = kinship::became(tx, &scope(actor), &household).await?;
            head = household.head;
        }
        volume = volumes::current(tx, no).await?.map(|volume| volume.reference_code);
    }
    let shown = documents::shown(tx, &document).await?;
    let opens = hit.opens_at().map(|page| page.page);
    let mut pages: Vec<FoundPage> = hit.pages.iter().map(|page| found_page(app, page)).collect();
    // The page it opens at comes first; the others follow in order.
    if let Some(at) = pages.iter().position(|page| Some(page.page) == opens) {
        pages[..=at].rotate_right(1);
    }
    Ok(Some(Found {
        document: id,
        household: document.household.clone(),
        head,
        gone,
        volume,
        organisation: document.organisation.clone(),
        type_code: shown.type_code,
        title: shown.title,
        date: document.date.clone(),
        of: document.pages,
        pages,
    }))
}

fn found_page(app: &App, hit: &yidang_indexer::PageHit) -> FoundPage {
    let places = Places::from_bytes(&hit.payload).unwrap_or_default();
    let mut boxes: Vec<_> = hit.matches.iter().flat_map(|range| places.boxes(range)).collect();
    let fields: Vec<_> = hit.keyed.iter().map(|one| fields::found(app, one)).collect();
    // Where the words were found on the page itself, their field is not boxed again.
    for place in fields.iter().filter_map(|one| one.bbox) {
        if !boxes.iter().any(|known| lies_in(*known, place)) {
            boxes.push(place);
        }
    }
    FoundPage {
        page: hit.page,
        snippet: hit.snippet.text.clone(),
        marks: hit.snippet.marks.iter().map(|mark| (mark.start, mark.end)).collect(),
        boxes,
        fields,
        width: places.width,
        height: places.height,
        near: hit.near.iter().map(NearBy::from).collect(),
        matches: hit.matches.iter().map(|range| (range.start, range.end)).collect(),
    }
}

/// Whether the middle of a box lies in another.
fn lies_in([x, y, width, height]: [u32; 4], other: [u32; 4]) -> bool {
    let (x, y) = (x.saturating_add(width / 2), y.saturating_add(height / 2));
    let within =
        |at: u32, from: u32, length: u32| (from..=from.saturating_add(length)).contains(&at);
    within(x, other[0], other[2]) && within(y, other[1], other[3])
}

impl FoundPage {
    /// A piece of the page in one line, for lists: what was found in a field when nothing
    /// was found on the page itself.
    #[must_use]
    pub fn excerpt(&self) -> String {
        match self.fields.first() {
            Some(field) if self.marks.is_empty() => format!("{}：{}", field.name, field.snippet),
            _ => self.snippet.clone(),
        }
    }

    /// In how many places something was found: those that are boxed, and fields of which
    /// nobody knows where they stand.
    #[must_use]
    pub fn places(&self) -> usize {
        self.boxes.len() + self.fields.iter().filter(|one| one.bbox.is_none()).count()
    }
}
