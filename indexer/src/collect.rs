//! One walk over the matching pages: filtered, grouped by document, counted, the best kept.

use std::cmp::Reverse;
use std::ops::Range;
use std::sync::Arc;

use serde::Serialize;
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader};

use crate::filter::{Band, Sieve, Verdict};
use crate::order::{Cursor, Key, Order, Sort};
use crate::rows::{
    BAND, CATEGORY, COUNTED, HOUSEHOLD, Labels, ORGANISATION, STANDING, STATE, TYPE, Table, YEAR,
};
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
/// Documents without a type, date, household or organisation are not in the respective list. What
/// was chosen in a facet narrows the other lists and not its own.
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
    /// By state of the household's file.
    pub states: Vec<(String, u64)>,
    /// By how sure the reading is, the surest first.
    pub bands: Vec<(Band, u64)>,
    /// By how the household stands.
    pub standings: Vec<(String, u64)>,
    /// By category of the household.
    pub categories: Vec<(String, u64)>,
}

/// Longest list of a facet.
const MAX_FACET: usize = 100;

impl Facets {
    fn new(counts: &Counts, labels: &Labels) -> Self {
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
            states: list(STATE),
            bands: Band::ALL
                .into_iter()
                .filter_map(|band| {
                    let number = labels.kind(BAND).number(band.as_str())?;
                    let count = counts[BAND].get(number as usize).copied().unwrap_or(0);
                    (count > 0).then_some((band, u64::from(count)))
                })
                .collect(),
            standings: list(STANDING),
            categories: list(CATEGORY),
        }
    }
}

/// Numbers of documents by label, for each thing they are counted by.
type Counts = [Vec<u32>; COUNTED];

fn no_counts(labels: &Labels) -> Counts {
    std::array::from_fn(|kind| vec![0; labels.kind(kind).list().len()])
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
    /// Where it stands, for the part of the result that follows it.
    pub(crate) cursor: Cursor,
    pub(crate) segment: SegmentOrdinal,
    pub(crate) pages: Vec<DocId>,
}

/// The collector of one search: keeps the `keep` best documents after `after`.
#[derive(Debug)]
pub(crate) struct Walk {
    pub(crate) tables: Vec<Arc<Table>>,
    pub(crate) labels: Arc<Labels>,
    pub(crate) sieve: Sieve,
    /// For each segment, by place in its table, which documents can be found at all; `None` for all.
    pub(crate) among: Option<Arc<Vec<Vec<bool>>>>,
    /// By number of the household whether it has a paper with every term itself, see `kin.rs`.
    pub(crate) kin: Option<Arc<Vec<bool>>>,
    pub(crate) sort: Sort,
    /// Whether the order is taken from its end.
    pub(crate) backwards: bool,
    pub(crate) after: Option<Key>,
    pub(crate) keep: usize,
}

impl Walk {
    /// The same walk in an order, or against it; where the part begins is worked out.
    pub(crate) fn in_order(self, order: &Order, backwards: bool) -> Self {
        let key = |key: Key| if backwards { key.reversed() } else { key };
        let after = order.after.as_ref().map(|cursor| key(cursor.key(&self.labels)));
        Walk { sort: order.sort, backwards, after, ..self }
    }
}

impl Collector for Walk {
    type Fruit = Found;
    type Child = Step;

    fn for_segment(&self, segment: SegmentOrdinal, _: &SegmentReader) -> tantivy::Result<Step> {
        Ok(Step {
            segment,
            table: self.tables[segment as usize].clone(),
            labels: self.labels.clone(),
            sieve: self.sieve.clone(),
            among: self.among.clone(),
            kin: self.kin.clone(),
            sort: self.sort,
            backwards: self.backwards,
            after: self.after,
            keep: self.keep,
            counts: no_counts(&self.labels),
            current: u32::MAX,
            passes: false,
            score: 0.0,
            start: 0,
            floor: None,
            result: Gathered::default(),
        })
    }

    fn requires_scoring(&self) -> bool {
        self.keep > 0 && self.sort == Sort::Relevance
    }

    fn merge_fruits(&self, parts: Vec<Gathered>) -> tantivy::Result<Found> {
        let mut found = Found::default();
        let mut counts = no_counts(&self.labels);
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
        best.sort_unstable_by_key(|(_, one)| Reverse(one.key));
        best.truncate(self.keep);
        found.best =
            best.into_iter().map(|(part, candidate)| self.group(part, candidate)).collect();
        found.facets = Facets::new(&counts, &self.labels);
        Ok(found)
    }
}

impl Walk {
    fn group(&self, part: &Gathered, candidate: &Candidate) -> Group {
        let row = &self.tables[part.segment as usize].documents[candidate.place as usize];
        Group {
            document: row.document,
            score: candidate.score,
            cursor: Cursor::at(self.sort, candidate.score, row, &self.labels),
            segment: part.segment,
            pages: part.matched[candidate.pages.clone()].to_vec(),
        }
    }
}

/// The walk through one segment.
pub(crate) struct Step {
    segment: SegmentOrdinal,
    table: Arc<Table>,
    labels: Arc<Labels>,
    sieve: Sieve,
    among: Option<Arc<Vec<Vec<bool>>>>,
    kin: Option<Arc<Vec<bool>>>,
    sort: Sort,
    backwards: bool,
    after: Option<Key>,
    keep: usize,
    counts: Counts,
    /// Place of the document of the last page in the table.
    current: u32,
    /// Whether that document passes the filter.
    passes: bool,
    /// The best score of its pages so far.
    score: Score,
    /// Where its pages begin in `result.matched`.
    start: usize,
    /// The least rank that still counts, once there are enough candidates.
    floor: Option<Key>,
    result: Gathered,
}

/// What one segment gives.
#[derive(Default)]
pub(crate) struct Gathered {
    segment: SegmentOrdinal,
    documents: u64,
    pages: u64,
    near: u64,
    counts: Counts,
    /// Matching pages of the candidates, one document after the other.
    matched: Vec<DocId>,
    best: Vec<Candidate>,
}

#[derive(Clone)]
struct Candidate {
    key: Key,
    score: Score,
    /// Its place in the table.
    place: u32,
    /// Its pages in `matched`.
    pages: Range<usize>,
}

impl Step {
    /// Begins with the document at `place` of the table.
    fn enter(&mut self, place: u32) {
        self.leave();
        self.current = place;
        let row = &self.table.documents[place as usize];
        let is_among =
            self.among.as_ref().is_none_or(|all| all[self.segment as usize][place as usize]);
        let verdict = if is_among { self.sieve.verdict(row) } else { Verdict::Out };
        self.passes = verdict == Verdict::Found;
        match verdict {
            Verdict::Found => {
                self.result.documents += 1;
                for (counts, label) in self.counts.iter_mut().zip(row.labels) {
                    counts[label as usize] += 1;
                }
                self.score = Score::MIN;
                self.start = self.result.matched.len();
            }
            Verdict::But(kind) => self.counts[kind][row.labels[kind] as usize] += 1,
            Verdict::Out => {}
        }
    }

    /// Makes the document that was walked through a candidate, if it is good enough.
    fn leave(&mut self) {
        if !self.passes {
            return;
        }
        let row = &self.table.documents[self.current as usize];
        if tiers::is_near(self.score) {
            self.result.near += 1;
            let is_kin = |kin: &Arc<Vec<bool>>| kin[row.labels[HOUSEHOLD] as usize];
            self.score += if self.kin.as_ref().is_some_and(is_kin) { tiers::KIN } else { 0.0 };
        }
        let end = self.result.matched.len();
        let key = Key::of(self.sort, self.score, row, &self.labels);
        let key = if self.backwards { key.reversed() } else { key };
        let is_before = self.after.is_some_and(|after| key >= after);
        if self.keep == 0 || is_before || self.floor.is_some_and(|floor| key < floor) {
            self.result.matched.truncate(self.start);
            return;
        }
        let pages = self.start..end;
        self.result.best.push(Candidate { key, score: self.score, place: self.current, pages });
        // Twice as many as wanted are let in before the worse half is put out.
        if self.result.best.len() >= self.keep.saturating_mul(2) {
            self.result.best.select_nth_unstable_by_key(self.keep - 1, |one| Reverse(one.key));
            self.result.best.truncate(self.keep);
            self.floor = self.result.best.last().map(|candidate| candidate.key);
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
