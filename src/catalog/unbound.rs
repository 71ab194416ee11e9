//! 卷外件: papers that came, or were described anew, after a household's volume was bound.

use crate::args;
use crate::db::{DbError, Statement, Tx};
use crate::model::id::DocumentId;

/// Counts a paper that just came into the file of a household.
pub(super) fn one_more(household: &str) -> Statement {
    ("UPDATE household SET unbound = unbound + 1 WHERE no = $1".into(), args![household].to_vec())
}

/// Counts those of a household.
pub(super) async fn count(tx: &mut Tx, household: &str) -> Result<(), DbError> {
    tx.run(
        "UPDATE household SET unbound = (
            SELECT COUNT(*) FROM document d WHERE d.household = $1
            AND (d.state = 'undescribed' OR (d.state = 'filed' AND COALESCE(d.described, d.id) > (
                SELECT COALESCE(MAX(v.entry), -1) FROM volume v WHERE v.household = $1))))
         WHERE no = $1",
        args![household],
    )
    .await?;
    Ok(())
}

/// As [`count`], of the household that a document belongs to, if it belongs to one.
pub(super) async fn count_for(tx: &mut Tx, document: DocumentId) -> Result<(), DbError> {
    let sql = "SELECT household FROM document WHERE id = $1 AND household IS NOT NULL";
    let found: Option<(String,)> = tx.one(sql, args![document.0]).await?;
    match found {
        Some((household,)) => count(tx, &household).await,
        None => Ok(()),
    }
}
