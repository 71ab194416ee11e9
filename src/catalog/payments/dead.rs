//! Who is on a roster although other departments say that a person of theirs is dead.

use sqlx::FromRow;

use crate::args;
use crate::db::{DbError, Tx};
use crate::model::access::Scope;
use crate::model::codes::finding::DEAD;
use crate::model::month::Month;

/// A person who is said to be dead.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct DeadRow {
    /// 户号
    pub household: String,
    /// The place of the person.
    pub member: i64,
    /// The day of the death, such as `2026-03-02`.
    pub died: String,
}

/// What results of a kind say of persons whose households of the scope and organisation are
/// on the roster of a month: those who did not leave it by the end of that month, and of whom
/// nobody has decided since. Of several results of a person the last one stands last.
///
/// # Errors
/// When the database refuses.
pub async fn found_dead(
    tx: &mut Tx,
    (scope, organisation): (&Scope, &str),
    month: Month,
    kind: &str,
) -> Result<Vec<DeadRow>, DbError> {
    tx.all(
        // Else SQLite would go through the results of all kinds (CROSS JOIN).
        "SELECT e.household, e.member, e.value AS died
         FROM evidence_file f CROSS JOIN evidence e
         JOIN household h ON h.no = e.household
         JOIN payment l ON l.household = e.household AND l.month = $3
         WHERE f.kind = $5 AND e.entry = f.entry
           AND h.organisation LIKE $1 AND h.organisation LIKE $2
           AND NOT EXISTS (SELECT 1 FROM present_fact g WHERE g.household = e.household
                AND g.member = e.member AND g.field = 'left' AND g.value <> ''
                AND g.from_day <= $4)
           AND NOT EXISTS (SELECT 1 FROM closed_finding c WHERE c.household = e.household
                AND c.finding = $6 AND c.member = e.member AND c.entry > e.entry)
         ORDER BY e.household, e.member, f.as_of, e.entry",
        args![
            format!("{}%", scope.prefix()),
            format!("{organisation}%"),
            month.to_string(),
            month.last().to_string(),
            kind,
            DEAD
        ],
    )
    .await
}
