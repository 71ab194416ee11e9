//! A run on pages, and what it counts where a label of the document alone has it.
//!
//! Title, head and household number are indexed with the text of every page, each three times
//! (`writer.rs`), so a page has a run itself exactly when the run stands there more often than three
//! times for each place in a label. Title and head have fields of their own to count in, and the
//! household number is in the rows. A page that has it in a label alone is found, and adds nothing to
//! its rank: it comes after all pages on which the run stands. A few digits alone are no question for
//! a number of seventeen, which has most pairs of digits in it: there such a page is not found.

use std::collections::HashMap;
use std::sync::Arc;

use tantivy::index::SegmentId;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, Term as Token};

use crate::analysis::cover;
use crate::index::View;
use crate::normalise::Normal;
use crate::rows::{HOUSEHOLD, Labels, Table};
use crate::schema::Fields;
use crate::writer::LABEL_WEIGHT;

/// So many digits of a household number are asked for at least.
pub(crate) const LEAST_DIGITS: usize = 5;

/// The pages of `run`, told apart by where it stands.
#[derive(Clone)]
pub(crate) struct Standing {
    /// The pages that have it at all.
    pages: Arc<dyn Query>,
    run: Arc<[char]>,
    fields: Fields,
    /// What the rows say, where the run may be part of a household number.
    rows: Option<Rows>,
}

#[derive(Clone)]
struct Rows {
    tables: Arc<HashMap<SegmentId, Arc<Table>>>,
    labels: Arc<Labels>,
}

impl Standing {
    /// The pages of `run` in a view, which are those of `pages`.
    pub(crate) fn new(view: &View, fields: Fields, run: &[char], pages: Box<dyn Query>) -> Self {
        let rows = || {
            let segments = view.searcher.segment_readers().iter().map(SegmentReader::segment_id);
            let tables = Arc::new(segments.zip(view.tables.iter().cloned()).collect());
            Rows { tables, labels: view.labels.clone() }
        };
        let rows = run.iter().all(char::is_ascii_digit).then(rows);
        Standing { pages: pages.into(), run: run.into(), fields, rows }
    }
}

impl Standing {
    /// Whether a page that has the run in its household number alone is passed over.
    fn is_part(&self) -> bool {
        self.rows.is_some() && self.run.len() < LEAST_DIGITS
    }

    /// Whether a label of some document of a segment may have it.
    fn is_in_labels(&self, reader: &SegmentReader) -> bool {
        let is_in = |field| !Run::of(reader, field, &self.run).grams.is_empty();
        self.rows.is_some() || is_in(self.fields.head) || is_in(self.fields.title)
    }
}

impl std::fmt::Debug for Standing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Standing").field("pages", &self.pages).finish_non_exhaustive()
    }
}

impl Query for Standing {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let pages = self.pages.weight(scoring)?;
        if !scoring.is_scoring_enabled() && !self.is_part() {
            return Ok(pages);
        }
        Ok(Box::new(Weighed { pages, of: self.clone() }))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Token, bool)) {
        self.pages.query_terms(visitor);
    }
}

struct Weighed {
    pages: Box<dyn Weight>,
    of: Standing,
}

impl Weight for Weighed {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let pages = self.pages.scorer(reader, boost)?;
        if !self.of.is_in_labels(reader) {
            return Ok(pages);
        }
        let is_part = self.of.is_part();
        let (of, reader) = (self.of.clone(), reader.clone());
        let mut walk = Walk { pages, is_part, of, reader, places: None, household: None };
        walk.settle();
        Ok(Box::new(walk))
    }

    fn explain(&self, reader: &SegmentReader, page: DocId) -> tantivy::Result<Explanation> {
        self.pages.explain(reader, page)
    }
}

/// Walks through the pages of a run; where it stands on them is looked up when it is asked for.
struct Walk {
    pages: Box<dyn Scorer>,
    /// Whether a page that has the run in its household number alone is passed over.
    is_part: bool,
    of: Standing,
    reader: SegmentReader,
    places: Option<Places>,
    /// The household that was looked at last, and in how many places its number has the run.
    household: Option<(u32, usize)>,
}

impl Walk {
    /// Goes on to the first page from here on that is found.
    fn settle(&mut self) -> DocId {
        while self.is_part && self.pages.doc() != TERMINATED {
            let page = self.pages.doc();
            let in_household = self.in_household(page);
            if in_household == 0 || self.places().are_beyond(page, in_household) {
                break;
            }
            self.pages.advance();
        }
        self.pages.doc()
    }

    /// In how many places the number of a page's household has the run.
    fn in_household(&mut self, page: DocId) -> usize {
        let Some(rows) = &self.of.rows else { return 0 };
        let Some(table) = rows.tables.get(&self.reader.segment_id()) else { return 0 };
        let row = &table.documents[table.of_page[page as usize] as usize];
        let household = row.labels[HOUSEHOLD];
        if let Some((_, count)) = self.household.filter(|(last, _)| *last == household) {
            return count;
        }
        let number = &rows.labels.kind(HOUSEHOLD).list()[household as usize];
        let count = Normal::of(number).find(&self.of.run).count();
        self.household = Some((household, count));
        count
    }

    fn places(&mut self) -> &mut Places {
        let (of, reader) = (&self.of, &self.reader);
        self.places.get_or_insert_with(|| Places::of(reader, &of.fields, &of.run))
    }
}

impl DocSet for Walk {
    fn advance(&mut self) -> DocId {
        self.pages.advance();
        self.settle()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.pages.seek(target);
        self.settle()
    }

    fn doc(&self) -> DocId {
        self.pages.doc()
    }

    fn size_hint(&self) -> u32 {
        self.pages.size_hint()
    }

    fn cost(&self) -> u64 {
        self.pages.cost()
    }
}

impl Scorer for Walk {
    fn score(&mut self) -> Score {
        let page = self.pages.doc();
        let in_household = self.in_household(page);
        let in_labels = in_household + self.places().in_labels(page);
        if in_labels > 0 && !self.places().are_beyond(page, in_labels) {
            return 0.0;
        }
        self.pages.score()
    }
}

/// The places of one run in one segment; asked for one page after the other, in their order.
struct Places {
    /// On pages, with their labels.
    whole: Run,
    head: Run,
    title: Run,
}

impl Places {
    fn of(reader: &SegmentReader, fields: &Fields, run: &[char]) -> Self {
        let whole = if run.len() == 1 { fields.chars } else { fields.grams };
        let of = |field| Run::of(reader, field, run);
        Places { whole: of(whole), head: of(fields.head), title: of(fields.title) }
    }

    /// In how many places the title and the head of a page's document have it.
    fn in_labels(&mut self, page: DocId) -> usize {
        self.head.count(page) + self.title.count(page)
    }

    /// Whether it stands on the page in more places than those of `labels`.
    fn are_beyond(&mut self, page: DocId, labels: usize) -> bool {
        let most = labels * LABEL_WEIGHT;
        // A single gram says how often it is there; one that is a word counts twice.
        match self.whole.frequency(page) {
            Some(often) if often <= most => false,
            Some(often) if often > 2 * most || !self.whole.has_places => true,
            _ => self.whole.count(page) > most,
        }
    }
}

/// A run in one field of a segment.
#[derive(Default)]
struct Run {
    /// Its grams, each with its distance from the beginning; none when it stands nowhere.
    grams: Vec<(u32, SegmentPostings)>,
    has_places: bool,
    found: Vec<u32>,
    others: Vec<u32>,
}

impl Run {
    fn of(reader: &SegmentReader, field: Field, run: &[char]) -> Self {
        let postings = |text: String| {
            let token = Token::from_field_text(field, &text);
            let index = reader.inverted_index(field).ok()?;
            index.read_postings(&token, IndexRecordOption::WithFreqsAndPositions).ok()?
        };
        let gram = |gram: std::ops::Range<usize>| {
            let distance = u32::try_from(gram.start).ok()?;
            Some((distance, postings(run[gram].iter().collect())?))
        };
        let option = reader.schema().get_field_entry(field).field_type().get_index_record_option();
        Run {
            grams: cover(run).into_iter().map(gram).collect::<Option<_>>().unwrap_or_default(),
            has_places: option.is_some_and(IndexRecordOption::has_positions),
            ..Run::default()
        }
    }

    /// How often its one gram is on the page; none when it has several.
    fn frequency(&mut self, page: DocId) -> Option<usize> {
        let [(_, only)] = self.grams.as_mut_slice() else { return None };
        Some(if is_on(only, page) { only.term_freq() as usize } else { 0 })
    }

    /// In how many places of the page it begins.
    fn count(&mut self, page: DocId) -> usize {
        let Run { grams, found, others, .. } = self;
        found.clear();
        for (at, (distance, gram)) in grams.iter_mut().enumerate() {
            if !is_on(gram, page) {
                return 0;
            }
            if at == 0 {
                gram.positions(found);
                // What counts twice has its place twice.
                found.dedup();
            } else {
                gram.positions(others);
                found.retain(|place| others.binary_search(&(place + *distance)).is_ok());
            }
        }
        found.len()
    }
}

/// Whether a gram is on the page, which is none before the last that was asked for.
fn is_on(gram: &mut SegmentPostings, page: DocId) -> bool {
    if gram.doc() < page {
        gram.seek(page);
    }
    gram.doc() == page
}
