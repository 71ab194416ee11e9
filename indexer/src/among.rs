//! A query for pages by what belongs to their document: a walk over the rows in memory.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use tantivy::index::SegmentId;
use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError};

use crate::index::View;
use crate::rows::{Row, Table};

/// The pages of documents that pass, all of the same rank.
#[derive(Clone)]
pub(crate) struct Among {
    tables: Arc<HashMap<SegmentId, Arc<Table>>>,
    passes: Arc<dyn Fn(&Row) -> bool + Send + Sync>,
}

impl Among {
    /// The pages of a view whose document's row `passes`.
    pub(crate) fn new(view: &View, passes: impl Fn(&Row) -> bool + Send + Sync + 'static) -> Self {
        let segments = view.searcher.segment_readers().iter().map(SegmentReader::segment_id);
        let tables = segments.zip(view.tables.iter().cloned()).collect();
        Among { tables: Arc::new(tables), passes: Arc::new(passes) }
    }
}

impl fmt::Debug for Among {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Among").finish_non_exhaustive()
    }
}

impl Query for Among {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl Weight for Among {
    fn scorer(&self, reader: &SegmentReader, _: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let table = self.tables.get(&reader.segment_id()).cloned();
        let table = table.ok_or_else(|| {
            TantivyError::InternalError("a segment of another view is asked".to_owned())
        })?;
        let mut walk = Walk { table, passes: self.passes.clone(), page: 0 };
        walk.settle();
        Ok(Box::new(walk))
    }

    fn explain(&self, _: &SegmentReader, _: DocId) -> tantivy::Result<Explanation> {
        Ok(Explanation::new("belongs to the document", 0.0))
    }
}

struct Walk {
    table: Arc<Table>,
    passes: Arc<dyn Fn(&Row) -> bool + Send + Sync>,
    page: DocId,
}

impl Walk {
    /// Goes on to the first page from here on whose document passes.
    fn settle(&mut self) -> DocId {
        let places = self.table.of_page.iter().enumerate().skip(self.page as usize);
        let mut tried = None;
        let mut found = places.filter(|&(_, &place)| {
            // The pages of a document lie side by side: each is asked about once.
            if tried.is_none_or(|(known, _)| known != place) {
                tried = Some((place, (self.passes)(&self.table.documents[place as usize])));
            }
            tried.is_some_and(|(_, passes)| passes)
        });
        let next = found.next().and_then(|(page, _)| DocId::try_from(page).ok());
        self.page = next.unwrap_or(TERMINATED);
        self.page
    }
}

impl DocSet for Walk {
    fn advance(&mut self) -> DocId {
        self.seek(self.page.saturating_add(1))
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.page != TERMINATED && target > self.page {
            self.page = target;
            self.settle();
        }
        self.page
    }

    fn doc(&self) -> DocId {
        self.page
    }

    fn size_hint(&self) -> u32 {
        u32::try_from(self.table.of_page.len()).unwrap_or(u32::MAX)
    }
}

impl Scorer for Walk {
    fn score(&mut self) -> Score {
        0.0
    }
}
