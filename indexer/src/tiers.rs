//! Several ways for a term to be on a page, the better ones first: a page counts by the best way
//! it has, and every page of a worse way comes after all of the better ones.

use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, Term};

/// What one step down costs. More than word frequencies and terms in a row can add up to, so a page
/// with a term in a worse way stands below all pages without.
const STEP: Score = 10_000.0;

/// What a page with a term in another way gains when it is of a household that has the term itself.
pub(crate) const KIN: Score = STEP * 0.3;

/// Whether a page of that score has a term in another way than the first.
pub(crate) fn is_near(score: Score) -> bool {
    score < -STEP / 2.0
}

/// A query as the first of its ways, and each of the others a number of steps down.
#[derive(Debug)]
pub(crate) struct Tiers {
    /// Steps down and query, the best first.
    pub(crate) ways: Vec<(u8, Box<dyn Query>)>,
}

impl Clone for Tiers {
    fn clone(&self) -> Self {
        Tiers { ways: self.ways.iter().map(|(step, way)| (*step, way.box_clone())).collect() }
    }
}

impl Query for Tiers {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let weight = |(step, way): &(u8, Box<dyn Query>)| Ok((*step, way.weight(scoring)?));
        let ways = self.ways.iter().map(weight).collect::<tantivy::Result<_>>()?;
        Ok(Box::new(Weights(ways)))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        for (_, way) in &self.ways {
            way.query_terms(visitor);
        }
    }
}

struct Weights(Vec<(u8, Box<dyn Weight>)>);

impl Weight for Weights {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let mut ways = Vec::with_capacity(self.0.len());
        for (step, weight) in &self.0 {
            let way = weight.scorer(reader, boost)?;
            if way.doc() != TERMINATED {
                ways.push((*step, way));
            }
        }
        // With one way left it is asked directly, unless it counts for less.
        match ways.pop() {
            Some((0, only)) if ways.is_empty() => return Ok(only),
            last => ways.extend(last),
        }
        Ok(Box::new(Walk::new(ways)))
    }

    fn explain(&self, _: &SegmentReader, _: DocId) -> tantivy::Result<Explanation> {
        Ok(Explanation::new("the best of several ways", 0.0))
    }
}

/// Walks through the pages of all ways at once.
struct Walk {
    ways: Vec<(u8, Box<dyn Scorer>)>,
    page: DocId,
}

impl Walk {
    fn new(ways: Vec<(u8, Box<dyn Scorer>)>) -> Self {
        let mut walk = Walk { ways, page: TERMINATED };
        walk.settle();
        walk
    }

    fn settle(&mut self) -> DocId {
        self.page = self.ways.iter().map(|(_, way)| way.doc()).min().unwrap_or(TERMINATED);
        self.page
    }
}

impl DocSet for Walk {
    fn advance(&mut self) -> DocId {
        if self.page == TERMINATED {
            return TERMINATED;
        }
        for (_, way) in &mut self.ways {
            if way.doc() == self.page {
                way.advance();
            }
        }
        self.settle()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        for (_, way) in &mut self.ways {
            if way.doc() < target {
                way.seek(target);
            }
        }
        self.settle()
    }

    fn doc(&self) -> DocId {
        self.page
    }

    fn size_hint(&self) -> u32 {
        self.ways.iter().map(|(_, way)| way.size_hint()).fold(0, u32::saturating_add)
    }

    fn cost(&self) -> u64 {
        self.ways.iter().map(|(_, way)| way.cost()).sum()
    }
}

impl Scorer for Walk {
    fn score(&mut self) -> Score {
        let page = self.page;
        match self.ways.iter_mut().find(|(_, way)| way.doc() == page) {
            Some((0, way)) => way.score(),
            Some((step, _)) => -STEP * Score::from(*step),
            None => 0.0,
        }
    }
}
