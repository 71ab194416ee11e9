//! From a query to an answer.

use std::sync::Arc;

use serde::Serialize;
use tantivy::query::EnableScoring;
use tantivy::schema::Value;
use tantivy::{DocAddress, DocId, DocSet, SegmentOrdinal, TERMINATED, TantivyDocument};

use crate::analysis::words;
use crate::collect::{Found, Walk};
use crate::compile::Compiler;
use crate::entry::Sign;
use crate::filter::Sieve;
use crate::highlight::Highlight;
use crate::index::View;
use crate::normalise::Normal;
use crate::{Error, Facets, Filter, Index, Query, ReadAs, Snippet, Term, Window};

/// Most pages of one document that come with a hit; [`Index::pages`] gives all of them.
const PAGES_PER_HIT: usize = 20;

/// The answer to a search.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    /// How the query was read.
    pub read_as: ReadAs,
    /// Number of documents found.
    pub total: u64,
    /// Number of pages found.
    pub total_pages: u64,
    /// The documents of the window, best first.
    pub hits: Vec<DocumentHit>,
    /// How the found documents are distributed.
    pub facets: Facets,
}

/// A document that was found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DocumentHit {
    /// Its number.
    pub document: u64,
    /// How well its best page matches; only the order of scores means anything.
    pub score: f32,
    /// Number of its pages found.
    pub page_count: usize,
    /// The first twenty pages found, in page order. A page found only through title, head or household
    /// number has no matches.
    pub pages: Vec<PageHit>,
}

impl DocumentHit {
    /// The page to open: the first on which something is marked, else the first found.
    pub fn opens_at(&self) -> Option<&PageHit> {
        self.pages.iter().find(|page| !page.matches.is_empty()).or(self.pages.first())
    }
}

/// A page that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PageHit {
    /// Page number.
    pub page: u32,
    /// The piece of text that shows the most of the query.
    pub snippet: Snippet,
    /// Where the runs of the query stand in the text of the page, as ranges of characters, in order,
    /// not overlapping. A run broken by blanks or line ends is one range that spans them.
    pub matches: Vec<std::ops::Range<usize>>,
    /// The bytes that came with the page.
    pub payload: Vec<u8>,
}

impl Index {
    /// The answer to `query` as a person types it.
    ///
    /// Blanks and `AND` mean that all terms must occur on one page; `OR`, `NOT`, a leading `-` and
    /// parentheses mean what they say; quotes (`"…"`, `“…”`, `「…」`) hold a run that is taken as it is.
    /// A term without quotes is looked for as a run first; if it consists of several words and stands
    /// nowhere, all its words must occur, and [`Answer::read_as`] says so. Blanks and line ends on the
    /// page, the case of letters and full or half width make no difference. Title, head and
    /// household number count as text of every page of their document. A query of nothing finds all
    /// pages the filter shows, the newest document first.
    ///
    /// # Errors
    /// [`Error::Syntax`] with the place when the query cannot be read; [`Error::Date`];
    /// [`Error::Engine`].
    pub fn search(&self, query: &str, filter: &Filter, window: &Window) -> Result<Answer, Error> {
        self.ask(Query::read(query)?, filter, window)
    }

    /// The answer to a query that was put together by a program.
    ///
    /// # Errors
    /// As [`search`](Self::search).
    pub fn ask(&self, query: Query, filter: &Filter, window: &Window) -> Result<Answer, Error> {
        let search = Search::new(self, query, filter)?;
        let range = window.range();
        let found = search.walk(&search.compiler.query(&search.query), range.end)?;
        let hits = found.best.iter().skip(range.start).map(|group| {
            let pages = group.pages.iter().take(PAGES_PER_HIT);
            let pages: Result<_, Error> =
                pages.map(|&page| search.page(group.segment, page)).collect();
            Ok(DocumentHit {
                document: group.document,
                score: group.score,
                page_count: group.pages.len(),
                pages: pages?,
            })
        });
        Ok(Answer {
            read_as: ReadAs::of(&search.query),
            total: found.documents,
            total_pages: found.pages,
            hits: hits.collect::<Result<_, Error>>()?,
            facets: found.facets,
        })
    }

    /// All pages of one document that `query` finds, in page order: for stepping through its hits.
    ///
    /// # Errors
    /// As [`search`](Self::search).
    pub fn pages(
        &self,
        query: &str,
        filter: &Filter,
        document: u64,
    ) -> Result<Vec<PageHit>, Error> {
        self.pages_of(Query::read(query)?, filter, document)
    }

    /// As [`pages`](Self::pages), for a query that was put together by a program.
    ///
    /// # Errors
    /// As [`search`](Self::search).
    pub fn pages_of(
        &self,
        query: Query,
        filter: &Filter,
        document: u64,
    ) -> Result<Vec<PageHit>, Error> {
        let search = Search::new(self, query, filter)?;
        let found = search.walk(&search.compiler.within(&search.query, document), 1)?;
        let groups = found.best.iter();
        groups
            .flat_map(|group| group.pages.iter().map(|&page| search.page(group.segment, page)))
            .collect()
    }
}

/// A query on one view of the index, read and ready.
struct Search {
    view: Arc<View>,
    compiler: Compiler,
    sieve: Sieve,
    query: Query,
    /// The runs to be marked, folded.
    runs: Vec<Vec<char>>,
    /// The names of the signs to be marked.
    signs: Vec<String>,
}

impl Search {
    fn new(index: &Index, query: Query, filter: &Filter) -> Result<Self, Error> {
        let view = index.view()?;
        let sieve = Sieve::new(filter, &view.labels)?;
        let compiler = Compiler { fields: index.fields() };
        let mut search =
            Search { view, compiler, sieve, query: Query::Everything, runs: vec![], signs: vec![] };
        search.query = query.try_map_positive(&mut |term| search.settle(term))?;
        search.runs = runs(&search.query);
        let signs = search.query.positive_terms().into_iter();
        search.signs = signs.filter_map(|term| term.sign.clone()).collect();
        Ok(search)
    }

    /// The term as it can be found: a plain run of several words that stands nowhere is read as its
    /// words. "Nowhere" is among what the filter shows, so that nobody learns more than that.
    fn settle(&self, mut term: Term) -> Result<Term, Error> {
        if term.quoted || term.sign.is_some() {
            return Ok(term);
        }
        let run = Normal::of(&term.text);
        let words = words(&run);
        if words.len() > 1 && !self.stands_somewhere(&run.chars)? {
            term.words = words.into_iter().map(|word| run.chars[word].iter().collect()).collect();
        }
        Ok(term)
    }

    fn stands_somewhere(&self, run: &[char]) -> Result<bool, Error> {
        let searcher = &self.view.searcher;
        let weight =
            self.compiler.run(run).weight(EnableScoring::disabled_from_searcher(searcher))?;
        for (reader, table) in searcher.segment_readers().iter().zip(&self.view.tables) {
            let mut pages = weight.scorer(reader, 1.0)?;
            let mut page = pages.doc();
            while page != TERMINATED {
                let row = &table.documents[table.of_page[page as usize] as usize];
                let is_alive = reader.alive_bitset().is_none_or(|alive| alive.is_alive(page));
                if is_alive && self.sieve.passes(row) {
                    return Ok(true);
                }
                page = pages.advance();
            }
        }
        Ok(false)
    }

    fn walk(&self, matcher: &dyn tantivy::query::Query, keep: usize) -> Result<Found, Error> {
        let walk = Walk {
            tables: self.view.tables.clone(),
            labels: self.view.labels.clone(),
            sieve: self.sieve.clone(),
            keep,
        };
        Ok(self.view.searcher.search(matcher, &walk)?)
    }

    /// The hit of one page.
    fn page(&self, segment: SegmentOrdinal, page: DocId) -> Result<PageHit, Error> {
        let entry: TantivyDocument = self.view.searcher.doc(DocAddress::new(segment, page))?;
        let fields = &self.compiler.fields;
        let text = entry.get_first(fields.text);
        let text = text.as_ref().and_then(|value| value.as_str()).unwrap_or_default();
        let payload = entry.get_first(fields.payload);
        let payload = payload.as_ref().and_then(|value| value.as_bytes()).unwrap_or_default();
        let number = entry.get_first(fields.page).and_then(|value| value.as_u64());
        let kept = entry.get_first(fields.sign_places);
        let kept = kept.as_ref().and_then(|value| value.as_str()).unwrap_or_default();
        let signs: Vec<_> =
            self.signs.iter().map(|name| Sign::places(kept, name).collect()).collect();
        let Highlight { matches, snippet } = Highlight::of(text, &self.runs, &signs);
        let page = number.and_then(|number| u32::try_from(number).ok()).unwrap_or(0);
        Ok(PageHit { page, snippet, matches, payload: payload.to_vec() })
    }
}

/// The folded runs that speak for a page, each once.
fn runs(query: &Query) -> Vec<Vec<char>> {
    let mut runs: Vec<Vec<char>> = Vec::new();
    for term in query.positive_terms().into_iter().filter(|term| term.sign.is_none()) {
        let texts =
            if term.words.is_empty() { std::slice::from_ref(&term.text) } else { &term.words };
        runs.extend(texts.iter().map(|text| Normal::of(text).chars));
    }
    runs.sort_unstable();
    runs.dedup();
    runs
}
