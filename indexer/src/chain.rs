//! Searching within what was found: the documents for which every query of a chain holds, on
//! whatever page of theirs.

use std::sync::Arc;

use tantivy::query::{EnableScoring, Query as Matcher};
use tantivy::{DocSet, Searcher, TERMINATED};

use crate::Error;
use crate::rows::Table;

/// What a document must be like.
pub(crate) struct Link {
    /// Finds pages.
    pub(crate) matcher: Box<dyn Matcher>,
    /// Whether the document must have such a page, or must have none.
    pub(crate) wanted: bool,
}

/// For each segment, by place in its table, whether every link holds for the document.
pub(crate) fn all_hold(
    searcher: &Searcher,
    tables: &[Arc<Table>],
    links: &[Link],
) -> Result<Vec<Vec<bool>>, Error> {
    let mut all: Vec<Vec<bool>> =
        tables.iter().map(|table| vec![true; table.documents.len()]).collect();
    for Link { matcher, wanted } in links {
        let weight = matcher.weight(EnableScoring::disabled_from_searcher(searcher))?;
        let segments = searcher.segment_readers().iter().zip(tables).zip(&mut all);
        for ((reader, table), all) in segments {
            let mut found = vec![false; table.documents.len()];
            let mut pages = weight.scorer(reader, 1.0)?;
            let mut page = pages.doc();
            while page != TERMINATED {
                if reader.alive_bitset().is_none_or(|alive| alive.is_alive(page)) {
                    found[table.of_page[page as usize] as usize] = true;
                }
                page = pages.advance();
            }
            all.iter_mut().zip(found).for_each(|(all, found)| *all &= found == *wanted);
        }
    }
    Ok(all)
}
