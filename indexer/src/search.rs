//! From a query to an answer.

use std::sync::Arc;

use serde::Serialize;
use tantivy::query::{BooleanQuery, Query as Matcher};
use tantivy::schema::{Field, Value};
use tantivy::{DocAddress, DocId, Searcher, SegmentOrdinal, TantivyDocument};

use crate::chain::{Link, all_hold};
use crate::collect::{Found, Group, Walk};
use crate::compile::Compiler;
use crate::filter::Sieve;
use crate::highlight::Highlight;
use crate::index::View;
use crate::marks::{Kept, Marks};
use crate::order::Cursor;
use crate::settle::Settler;
use crate::{
    Error, Facets, Filter, Index, KeyedHit, KeyedValue, Near, Order, Query, ReadAs, Snippet, Sort,
    Window, kin, tiers,
};

/// Most pages of one document that come with a hit; [`Index::pages`] gives all of them.
const PAGES_PER_HIT: usize = 20;
/// Most keyed values of one page that come with a hit.
const KEYED_PER_PAGE: usize = 20;

/// The answer to a search.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    /// How the query was read.
    pub read_as: ReadAs,
    /// How the queries it was searched within were read.
    pub within: Vec<ReadAs>,
    /// Number of documents found.
    pub total: u64,
    /// Number of pages found.
    pub total_pages: u64,
    /// How many of the documents have a term only nearly, see [`ReadAs`]; they come after all others.
    pub near: u64,
    /// The documents of the window, best first.
    pub hits: Vec<DocumentHit>,
    /// Where the next part begins; none when there is nothing behind this one.
    #[serde(skip)]
    pub next: Option<Cursor>,
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
        let is_marked = |page: &&PageHit| !page.matches.is_empty() || !page.keyed.is_empty();
        self.pages.iter().find(is_marked).or(self.pages.first())
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
    /// The first twenty of the keyed values in which runs of the query stand, in the order in which
    /// they came with the page.
    pub keyed: Vec<KeyedHit>,
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
    /// `户主:`, `日期:2024..2025`, `金额:>500` and the like ask one field ([`Field`](crate::Field)). What
    /// people keyed from a page counts as text of it, each value by itself. Blanks and line ends on the
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
        self.ask_in(query, filter, window, &Order::default())
    }

    /// As [`ask`](Self::ask), in another order or from a place on.
    ///
    /// # Errors
    /// As [`search`](Self::search).
    pub fn ask_in(
        &self,
        query: Query,
        filter: &Filter,
        window: &Window,
        order: &Order,
    ) -> Result<Answer, Error> {
        let search = Search::new(self, query, filter)?;
        let matcher = search.matcher();
        let range = window.range();
        let order = search.beginning(&*matcher, order)?;
        // One more than is wanted shows whether anything follows.
        let found = search.walk(&*matcher, range.end.saturating_add(1), &order)?;
        let groups = found.best.iter().take(range.end).skip(range.start);
        let last = groups.clone().last().filter(|_| found.best.len() > range.end);
        Ok(Answer {
            read_as: ReadAs::of(&search.query),
            within: search.within.iter().map(ReadAs::of).collect(),
            total: found.documents,
            total_pages: found.pages,
            near: found.near,
            next: last.map(|group| group.cursor.clone()),
            hits: groups.map(|group| search.hit(group)).collect::<Result<_, Error>>()?,
            facets: found.facets,
        })
    }

    /// How many documents `query` finds.
    ///
    /// # Errors
    /// As [`search`](Self::search).
    pub fn count(&self, query: Query, filter: &Filter) -> Result<u64, Error> {
        let search = Search::new(self, query, filter)?;
        Ok(search.walk(&*search.matcher(), 0, &Order::default())?.documents)
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
        let matcher = search.only(document, search.matcher());
        let found = search.walk(&*matcher, 1, &Order::default())?;
        let groups = found.best.iter();
        groups
            .flat_map(|group| group.pages.iter().map(|&page| search.page(group.segment, page)))
            .collect()
    }
}

/// A query on one view of the index, read and ready.
pub(crate) struct Search {
    view: Arc<View>,
    compiler: Compiler,
    sieve: Sieve,
    query: Query,
    /// What it was searched for before.
    within: Vec<Query>,
    marks: Marks,
    /// Households that have every term itself.
    kin: Option<Arc<Vec<bool>>>,
}

impl Search {
    pub(crate) fn new(index: &Index, asked: Query, filter: &Filter) -> Result<Self, Error> {
        let view = index.view()?;
        let sieve = Sieve::new(filter, &view.labels)?;
        let compiler = Compiler { fields: index.fields(), view: view.clone() };
        let settler = Settler { compiler: &compiler, sieve: &sieve, lexicon: index.lexicon() };
        let settled = |query: Query| {
            let query = settler.joined(query)?;
            query.try_map_positive(&mut |leaf| settler.settle(leaf))
        };
        let query = settled(asked)?;
        let within = filter.within.iter().cloned().map(settled).collect::<Result<_, Error>>()?;
        let marks = Marks::of(std::iter::once(&query).chain(&within));
        let kin = kin::of(&compiler, &sieve, &query)?;
        Ok(Search { view, compiler, sieve, query, within, marks, kin })
    }

    pub(crate) fn searcher(&self) -> &Searcher {
        &self.view.searcher
    }

    /// The pages that are hits: of the query, and of those it was searched within.
    pub(crate) fn matcher(&self) -> Box<dyn Matcher> {
        let earlier = self.within.iter().filter(|query| excluded(query).is_none());
        let each = std::iter::once(&self.query).chain(earlier);
        let mut each: Vec<_> = each.map(|query| self.compiler.query(query)).collect();
        if each.len() == 1 { each.remove(0) } else { Box::new(BooleanQuery::union(each)) }
    }

    /// What must hold for a document when it is searched for within what was found.
    fn links(&self) -> Vec<Link> {
        let link = |query, wanted| Link { matcher: self.compiler.query(query), wanted };
        let mut links = vec![link(&self.query, true)];
        for query in &self.within {
            match excluded(query) {
                Some(parts) => links.extend(parts.into_iter().map(|part| link(part, false))),
                None => links.push(link(query, true)),
            }
        }
        links
    }

    /// The pages of one document among those of `matcher`.
    pub(crate) fn only(&self, document: u64, matcher: Box<dyn Matcher>) -> Box<dyn Matcher> {
        self.compiler.of_document(matcher, document)
    }

    /// The pages where a folded run stands.
    pub(crate) fn run(&self, run: &[char]) -> Box<dyn Matcher> {
        self.compiler.run(run)
    }

    /// The order with its beginning as it is now: the score of a document changes with the words of
    /// the others, so it is asked for again.
    fn beginning(&self, matcher: &dyn Matcher, order: &Order) -> Result<Order, Error> {
        // A place in another order is none in this one.
        let after = order.after.as_ref().filter(|cursor| cursor.sort() == order.sort);
        let mut after = after.cloned();
        if let Some(cursor) = after.as_ref().filter(|cursor| cursor.sort() == Sort::Relevance) {
            let it = self.only(cursor.document(), matcher.box_clone());
            let found = self.walk(&*it, 1, &Order::default())?;
            after = found.best.first().map(|group| group.cursor.clone()).or(after);
        }
        Ok(Order { sort: order.sort, after })
    }

    /// The best `keep` documents of `matcher` in an order, from its beginning.
    pub(crate) fn walk(
        &self,
        matcher: &dyn Matcher,
        keep: usize,
        order: &Order,
    ) -> Result<Found, Error> {
        let walk = self.walking(keep)?.in_order(order, false);
        Ok(self.view.searcher.search(matcher, &walk)?)
    }

    /// The last document of `matcher` before the place an order begins at.
    pub(crate) fn walk_back(&self, matcher: &dyn Matcher, order: &Order) -> Result<Found, Error> {
        let walk = self.walking(1)?.in_order(order, true);
        Ok(self.view.searcher.search(matcher, &walk)?)
    }

    fn walking(&self, keep: usize) -> Result<Walk, Error> {
        let (searcher, tables) = (&self.view.searcher, &self.view.tables);
        let among = if self.within.is_empty() {
            None
        } else {
            Some(Arc::new(all_hold(searcher, tables, &self.links())?))
        };
        Ok(Walk {
            tables: tables.clone(),
            labels: self.view.labels.clone(),
            sieve: self.sieve.clone(),
            among,
            kin: self.kin.clone(),
            sort: Sort::Relevance,
            backwards: false,
            after: None,
            keep,
        })
    }

    /// The hit of one document.
    pub(crate) fn hit(&self, group: &Group) -> Result<DocumentHit, Error> {
        let pages = group.pages.iter().take(PAGES_PER_HIT);
        let pages: Result<_, Error> = pages.map(|&page| self.page(group.segment, page)).collect();
        Ok(DocumentHit {
            document: group.document,
            score: group.score,
            near: tiers::is_near(group.score),
            page_count: group.pages.len(),
            pages: pages?,
        })
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
        let mut standing = self.marks.on(&kept);
        let values = entry.get_all(fields.keyed_values).filter_map(|value| value.as_str());
        let values = values.filter_map(KeyedValue::from_text);
        let mut keyed = Vec::new();
        for (hit, near) in
            values.filter_map(|value| self.marks.in_keyed(value)).take(KEYED_PER_PAGE)
        {
            keyed.push(hit);
            let new: Vec<_> = near.into_iter().filter(|one| !standing.near.contains(one)).collect();
            standing.near.extend(new);
        }
        let Highlight { matches, snippet } = Highlight::of(kept.text, &standing.places);
        let page = number.and_then(|number| u32::try_from(number).ok()).unwrap_or(0);
        let payload = payload.unwrap_or_default().to_vec();
        Ok(PageHit { page, snippet, matches, keyed, near: standing.near, payload })
    }
}

/// What a query of nothing but exclusions excludes. Within what was found it is the document that
/// must not have it, and not one of its pages.
fn excluded(query: &Query) -> Option<Vec<&Query>> {
    match query {
        Query::Not(part) => Some(vec![part.as_ref()]),
        Query::All(parts) => {
            let each: Option<Vec<_>> = parts.iter().map(excluded).collect();
            Some(each?.into_iter().flatten().collect())
        }
        _ => None,
    }
}
