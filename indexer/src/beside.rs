//! The documents beside one in a result: what a reader who goes from paper to paper comes to.

use crate::collect::Found;
use crate::search::Search;
use crate::{Error, Filter, Index, Order, Query, Sort};

impl Index {
    /// The documents before and after `document` in the order `sort` of what `query` finds; none at
    /// the ends, and none at all for a document it does not find.
    ///
    /// # Errors
    /// As [`search`](Self::search).
    pub fn beside(
        &self,
        query: Query,
        filter: &Filter,
        sort: Sort,
        document: u64,
    ) -> Result<[Option<u64>; 2], Error> {
        let search = Search::new(self, query, filter)?;
        let order = Order { sort, after: None };
        let it = search.walk(&*search.only(document, search.matcher()), 1, &order)?;
        let Some(group) = it.best.first() else { return Ok([None, None]) };
        let after = Some(group.cursor.clone());
        let matcher = search.matcher();
        let next = search.walk(&*matcher, 1, &Order { sort, after: after.clone() })?;
        let before = search.walk_back(&*matcher, &Order { sort, after })?;
        let first = |found: &Found| found.best.first().map(|one| one.document);
        Ok([first(&before), first(&next)])
    }
}
