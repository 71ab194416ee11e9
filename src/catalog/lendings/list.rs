//! The lists of lendings: what waits, what is outside, what is over.

use jiff::civil::Date;

use super::{Lending, LendingRow, whole};
use crate::args;
use crate::db::{DbError, Tx};
use crate::model::access::Scope;
use crate::model::id::PersonId;

/// Which lendings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    /// 待审批
    Waiting,
    /// 在外, and what has still to be handed over.
    Outside,
    /// What is over.
    Over,
    /// All of them, for the register.
    All,
}

/// The statement of a list: what it holds on the day `$4`, and in which order.
macro_rules! listing {
    ($condition:literal, $order:literal) => {
        concat!(
            "SELECT * FROM lending
             WHERE (organisation LIKE $1 OR borrower_person = $2
                    OR id IN (SELECT lending FROM lending_step
                              WHERE person = $2 AND stage = 'asked'))
               AND asked < $3 AND ",
            $condition,
            " ORDER BY ",
            $order,
            " LIMIT $5"
        )
    };
}

/// Lendings of files inside the scope, and those that `person` asked for or
/// borrows; the newest first, at most `limit` that were asked for before entry
/// `before`.
///
/// # Errors
/// When the database refuses.
pub async fn list(
    tx: &mut Tx,
    scope: &Scope,
    person: Option<&PersonId>,
    list: List,
    today: Date,
    before: i64,
    limit: u32,
) -> Result<Vec<Lending>, DbError> {
    let sql = match list {
        List::Waiting => listing!("stage = 'asked' AND until >= $4", "asked"),
        // What should be back stands first.
        List::Outside => listing!(
            "((stage = 'agreed' AND until >= $4)
              OR (stage = 'handed_over' AND (manner = 'borrow'
                                             OR (manner = 'look' AND until >= $4))))",
            "until, asked"
        ),
        List::Over => listing!(
            "(stage IN ('refused', 'returned', 'ended')
              OR (stage IN ('asked', 'agreed') AND until < $4)
              OR (stage = 'handed_over' AND (manner = 'copy'
                                             OR (manner = 'look' AND until < $4))))",
            "asked DESC"
        ),
        List::All => listing!("$4 <> ''", "asked DESC"),
    };
    let mine = person.map_or("-", PersonId::as_str);
    let rows: Vec<LendingRow> = tx
        .all(sql, args![format!("{}%", scope.prefix()), mine, before, today.to_string(), limit])
        .await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        found.push(whole(tx, row).await?);
    }
    Ok(found)
}
