//! The households with a paper on which every term stands itself: what is nearly a term on another
//! paper of theirs is likelier to be it than the same on a stranger's.

use std::convert::Infallible;
use std::sync::Arc;

use tantivy::query::EnableScoring;
use tantivy::{DocSet, TERMINATED};

use crate::compile::Compiler;
use crate::filter::Sieve;
use crate::rows::HOUSEHOLD;
use crate::{Error, Query, Term};

/// By number of the household whether it has such a paper that may be seen; none when nothing can be
/// found nearly.
pub(crate) fn of(
    compiler: &Compiler,
    sieve: &Sieve,
    query: &Query,
) -> Result<Option<Arc<Vec<bool>>>, Error> {
    let mut has_near = false;
    for term in query.positive_terms() {
        has_near |= !term.near.is_empty() || compiler.may_be_thought_of(term)?;
    }
    if !has_near {
        return Ok(None);
    }
    let exactly = |term: Term| Ok::<_, Infallible>(Term { quoted: true, ..term });
    let Ok(exact) = query.clone().try_map_positive(&mut { exactly });
    let view = &compiler.view;
    let mut kin = vec![false; view.labels.kind(HOUSEHOLD).list().len()];
    let weight =
        compiler.query(&exact).weight(EnableScoring::disabled_from_searcher(&view.searcher))?;
    for (reader, table) in view.searcher.segment_readers().iter().zip(&view.tables) {
        let mut pages = weight.scorer(reader, 1.0)?;
        let mut page = pages.doc();
        while page != TERMINATED {
            let row = &table.documents[table.of_page[page as usize] as usize];
            let is_alive = reader.alive_bitset().is_none_or(|alive| alive.is_alive(page));
            kin[row.labels[HOUSEHOLD] as usize] |= is_alive && sieve.may_be_seen(row);
            page = pages.advance();
        }
    }
    // Number 0 is no household.
    kin[0] = false;
    Ok(Some(Arc::new(kin)))
}
