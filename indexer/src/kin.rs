//! The households with a paper on which every term stands itself: what is nearly a term on another
//! paper of theirs is likelier to be it than the same on a stranger's.

use std::convert::Infallible;
use std::sync::Arc;

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
    let exactly = |leaf: Query| {
        Ok::<_, Infallible>(match leaf {
            Query::Term(term) => Query::Term(Term { quoted: true, ..term }),
            other => other,
        })
    };
    let Ok(exact) = query.clone().try_map_positive(&mut { exactly });
    let view = &compiler.view;
    let mut kin = vec![false; view.labels.kind(HOUSEHOLD).list().len()];
    view.each_page(&*compiler.query(&exact), |_, row| {
        kin[row.labels[HOUSEHOLD] as usize] |= sieve.may_be_seen(row);
        true
    })?;
    // Number 0 is no household.
    kin[0] = false;
    Ok(Some(Arc::new(kin)))
}
