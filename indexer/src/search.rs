//! From a query to an answer.

use std::sync::Arc;

use serde::Serialize;
use tantivy::schema::{Field, Value};
use tantivy::{DocAddress, DocId, SegmentOrdinal, TantivyDocument};

use crate::collect::{Found, Walk};
use crate::compile::Compiler;
use crate::filter::Sieve;
use crate::highlight::Highlight;
use crate::index::View;
use crate::marks::{Kept, Marks};
use crate::settle::Settler;
use crate::{Error, Facets, Filter, Index, Near, Query, ReadAs, Snippet, Window, tiers};

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
    /// How many of the documents have a term only nearly, see [`ReadAs`]; they come after all others.
    pub near: u64,
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
    /// Whether it has a term only nearly.
    pub near: bool,
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
    /// What stands there instead of a term, and why it counts.
    pub near: Vec<Near>,
    /// The bytes that came with the page.
    pub payload: Vec<u8>,
}

impl Index {
    /// The answer to `query` as a person types it.
    ///
    /// Blanks and `AND` mean that all terms must occur on one page; `OR`, `NOT`, a leading `-` and
    /// parentheses mean what they say; quotes (`"…"`, `“…”`, `「…」`) hold a run that is taken as it is.
    /// A term without quotes is looked for as a run first, and below that as runs that look like it;
    /// if it stands nowhere, as what sounds so, as its words, which must all occur, or with one
    /// character off; [`Answer::read_as`] says so. A day or an amount is found in every form.
    /// `户主:`, `日期:2024..2025`, `金额:>500` and the like ask one field ([`Field`](crate::Field)). Blanks and line ends on the
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
                near: tiers::is_near(group.score),
                page_count: group.pages.len(),
                pages: pages?,
            })
        });
        Ok(Answer {
            read_as: ReadAs::of(&search.query),
            total: found.documents,
            total_pages: found.pages,
            near: found.near,
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
    marks: Marks,
}

impl Search {
    fn new(index: &Index, query: Query, filter: &Filter) -> Result<Self, Error> {
        let view = index.view()?;
        let sieve = Sieve::new(filter, &view.labels)?;
        let compiler = Compiler { fields: index.fields(), view: view.clone() };
        let settler = Settler { compiler: &compiler, sieve: &sieve, lexicon: index.lexicon() };
        let query = query.try_map_positive(&mut |term| settler.settle(term))?;
        let marks = Marks::of(&query);
        Ok(Search { view, compiler, sieve, query, marks })
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
        let text = |field: Field| {
            entry.get_first(field).and_then(|value| value.as_str()).unwrap_or_default()
        };
        let payload = entry.get_first(fields.payload).and_then(|value| value.as_bytes());
        let number = entry.get_first(fields.page).and_then(|value| value.as_u64());
        let kept = Kept {
            text: text(fields.text),
            sign_places: text(fields.sign_places),
            alternatives: text(fields.alternatives),
        };
        let standing = self.marks.on(&kept);
        let Highlight { matches, snippet } = Highlight::of(kept.text, &standing.places);
        let page = number.and_then(|number| u32::try_from(number).ok()).unwrap_or(0);
        let payload = payload.unwrap_or_default().to_vec();
        Ok(PageHit { page, snippet, matches, near: standing.near, payload })
    }
}
