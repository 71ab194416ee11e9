//! One walk over the matching pages: filtered, grouped by document, counted, the best kept.

use std::cmp::Ordering;
use std::ops::Range;
use std::sync::Arc;

use serde::Serialize;
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader};

use crate::filter::Sieve;
use crate::rows::{HOUSEHOLD, Labels, ORGANISATION, TYPE, Table, YEAR};
use crate::tiers;

/// Which part of the result is wanted, in documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Documents to pass over.
    pub offset: usize,
    /// Documents wanted, at most 1000.
    pub limit: usize,
}

impl Default for Window {
    /// The first ten.
    fn default() -> Self {
        Window { offset: 0, limit: 10 }
    }
}

impl Window {
    /// The places of the wanted documents in the whole result.
    pub(crate) fn range(&self) -> Range<usize> {
        self.offset..self.offset.saturating_add(self.limit.min(1000))
    }
}

/// Exact numbers of matching documents, the most frequent first, those that are equal by name.
/// Documents without a type, date, household or organisation are not in the respective list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Facets {
    /// By type code.
    pub types: Vec<(String, u64)>,
    /// By year, the latest first.
    pub years: Vec<(String, u64)>,
    /// By household number; the 100 most frequent.
    pub households: Vec<(String, u64)>,
    /// By organisation code; the 100 most frequent.
    pub organisations: Vec<(String, u64)>,
}

/// Longest list of a facet.
const MAX_FACET: usize = 100;

impl Facets {
    fn new(counts: &[Vec<u32>; 4], labels: &Labels) -> Self {
        let list = |kind: usize| {
            let names = labels.kind(kind).list();
            let numbers = counts[kind].iter().copied().enumerate().skip(1);
            let mut found: Vec<(&str, u32)> = numbers
                .filter(|&(_, count)| count > 0)
                .map(|(number, count)| (&*names[number], count))
                .collect();
            let order = |a: &(&str, u32), b: &(&str, u32)| b.1.cmp(&a.1).then(a.0.cmp(b.0));
            if found.len() > MAX_FACET {
                found.select_nth_unstable_by(MAX_FACET, order);
                found.truncate(MAX_FACET);
            }
            found.sort_unstable_by(order);
            found.into_iter().map(|(name, count)| (name.to_owned(), u64::from(count))).collect()
        };
        let mut years: Vec<(String, u64)> = list(YEAR);
        years.sort_unstable_by(|a, b| b.0.cmp(&a.0));
        Facets {
            types: list(TYPE),
            years,
            households: list(HOUSEHOLD),
            organisations: list(ORGANISATION),
        }
    }
}

/// What the walk found.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) documents: u64,
    pub(crate) pages: u64,
    /// How many of the documents are found only nearly.
    pub(crate) near: u64,
    pub(crate) facets: Facets,
    /// The best documents in order, as many as were asked for.
    pub(crate) best: Vec<Group>,
}

/// The matching pages of one document.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    pub(crate) document: u64,
    /// The best score of its pages.
    pub(crate) score: Score,
    pub(crate) segment: SegmentOrdinal,
    pub(crate) pages: Vec<DocId>,
}

/// Better documents first: by score, then the newer one, so that every order is a total one.
fn better(a: (Score, u64), b: (Score, u64)) -> Ordering {
    b.0.total_cmp(&a.0).then(b.1.cmp(&a.1))
}

/// The collector of one search: keeps the `keep` best documents.
#[derive(Debug)]
pub(crate) struct Walk {
    pub(crate) tables: Vec<Arc<Table>>,
    pub(crate) labels: Arc<Labels>,
    pub(crate) sieve: Sieve,
    pub(crate) keep: usize,
}

impl Collector for Walk {
    type Fruit = Found;
    type Child = Step;

    fn for_segment(&self, segment: SegmentOrdinal, _: &SegmentReader) -> tantivy::Result<Step> {
        let counts = [0, 1, 2, 3].map(|kind| vec![0; self.labels.kind(kind).list().len()]);
        Ok(Step {
            segment,
            table: self.tables[segment as usize].clone(),
            sieve: self.sieve.clone(),
            keep: self.keep,
            counts,
            current: u32::MAX,
            passes: false,
            score: 0.0,
            start: 0,
            floor: None,
            result: Gathered::default(),
        })
    }

    fn requires_scoring(&self) -> bool {
        self.keep > 0
    }

    fn merge_fruits(&self, parts: Vec<Gathered>) -> tantivy::Result<Found> {
        let mut found = Found::default();
        let mut counts = [0, 1, 2, 3].map(|kind| vec![0; self.labels.kind(kind).list().len()]);
        let mut best = Vec::new();
        for part in &parts {
            found.documents += part.documents;
            found.pages += part.pages;
            found.near += part.near;
            for (sums, numbers) in counts.iter_mut().zip(&part.counts) {
                sums.iter_mut().zip(numbers).for_each(|(sum, number)| *sum += number);
            }
            best.extend(part.best.iter().map(|candidate| (part, candidate)));
        }
        best.sort_unstable_by(|(_, a), (_, b)| better(a.rank(), b.rank()));
        best.truncate(self.keep);
        found.best = best.into_iter().map(|(part, candidate)| candidate.group(part)).collect();
        found.facets = Facets::new(&counts, &self.labels);
        Ok(found)
    }
}

/// The walk through one segment.
pub(crate) struct Step {
    segment: SegmentOrdinal,
    table: Arc<Table>,
    sieve: Sieve,
    keep: usize,
    counts: [Vec<u32>; 4],
    /// Place of the document of the last page in the table.
    current: u32,
    /// Whether that document passes the filter.
    passes: bool,
    /// The best score of its pages so far.
    score: Score,
    /// Where its pages begin in `result.matched`.
    start: usize,
    /// The least rank that still counts, once there are enough candidates.
    floor: Option<(Score, u64)>,
    result: Gathered,
}

/// What one segment gives.
#[derive(Default)]
pub(crate) struct Gathered {
    segment: SegmentOrdinal,
    documents: u64,
    pages: u64,
    near: u64,
    counts: [Vec<u32>; 4],
    /// Matching pages of the candidates, one document after the other.
    matched: Vec<DocId>,
    best: Vec<Candidate>,
}

#[derive(Clone)]
struct Candidate {
    document: u64,
    score: Score,
    /// Its pages in `matched`.
    pages: Range<usize>,
}

impl Candidate {
    fn rank(&self) -> (Score, u64) {
        (self.score, self.document)
    }

    fn group(&self, part: &Gathered) -> Group {
        Group {
            document: self.document,
            score: self.score,
            segment: part.segment,
            pages: part.matched[self.pages.clone()].to_vec(),
        }
    }
}

impl Step {
    /// Begins with the document at `place` of the table.
    fn enter(&mut self, place: u32) {
        self.leave();
        self.current = place;
        let row = &self.table.documents[place as usize];
        self.passes = self.sieve.passes(row);
        if self.passes {
            self.result.documents += 1;
            for (counts, label) in self.counts.iter_mut().zip(row.labels) {
                counts[label as usize] += 1;
            }
            self.score = Score::MIN;
            self.start = self.result.matched.len();
        }
    }

    /// Makes the document that was walked through a candidate, if it is good enough.
    fn leave(&mut self) {
        if !self.passes {
            return;
        }
        self.result.near += u64::from(tiers::is_near(self.score));
        let document = self.table.documents[self.current as usize].document;
        let end = self.result.matched.len();
        let rank = (self.score, document);
        if self.keep == 0 || self.floor.is_some_and(|floor| better(floor, rank).is_lt()) {
            self.result.matched.truncate(self.start);
            return;
        }
        let pages = self.start..end;
        self.result.best.push(Candidate { document, score: self.score, pages });
        // Twice as many as wanted are let in before the worse half is put out.
        if self.result.best.len() >= self.keep.saturating_mul(2) {
            let by_rank = |a: &Candidate, b: &Candidate| better(a.rank(), b.rank());
            self.result.best.select_nth_unstable_by(self.keep - 1, by_rank);
            self.result.best.truncate(self.keep);
            self.floor = self.result.best.last().map(Candidate::rank);
        }
    }
}

impl SegmentCollector for Step {
    type Fruit = Gathered;

    fn collect(&mut self, page: DocId, score: Score) {
        let place = self.table.of_page[page as usize];
        if place != self.current {
            self.enter(place);
        }
        if self.passes {
            self.result.pages += 1;
            self.result.matched.push(page);
            self.score = self.score.max(score);
        }
    }

    fn harvest(mut self) -> Gathered {
        self.leave();
        self.result.segment = self.segment;
        self.result.counts = self.counts;
        self.result
    }
}
