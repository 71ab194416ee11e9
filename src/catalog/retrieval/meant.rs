//! Which households a question means that is asked of a catalog, where tables alone know:
//! whoever asks, as what is shown of them is narrowed later.

use std::ops::RangeInclusive;

use crate::args;
use crate::db::{Arg, DbError, Tx};

async fn numbers(tx: &mut Tx, sql: &'static str, args: &[Arg]) -> Result<Vec<String>, DbError> {
    let found: Vec<(String,)> = tx.all(sql, args).await?;
    Ok(found.into_iter().map(|(no,)| no).collect())
}

/// Those of whom somebody has the number of this digest.
///
/// # Errors
/// When the database refuses.
pub async fn by_digest(tx: &mut Tx, digest: &str) -> Result<Vec<String>, DbError> {
    numbers(tx, "SELECT household FROM id_digest WHERE digest = $1", args![digest]).await
}

/// Those of whom somebody has a number of a card that has this shape where it is covered,
/// with `?` for any digit.
///
/// # Errors
/// When the database refuses.
pub async fn by_card(tx: &mut Tx, shape: &str) -> Result<Vec<String>, DbError> {
    let shape = format!("%{}%", shape.replace(['%', '_'], "").replace('?', "_"));
    let sql = "SELECT no FROM household WHERE id_number LIKE $1
               UNION SELECT household FROM member WHERE id_number LIKE $1";
    numbers(tx, sql, args![shape]).await
}

/// Those with a filed paper of a type.
///
/// # Errors
/// When the database refuses.
pub async fn with_type(tx: &mut Tx, code: &str) -> Result<Vec<String>, DbError> {
    // Nearly every paper is filed: the table is gone through in its own order.
    let sql = "SELECT DISTINCT household FROM document
               WHERE type = $1 AND state || '' = 'filed' AND household IS NOT NULL";
    numbers(tx, sql, args![code]).await
}

/// Those with a filed paper of one of these days, `2026-03-09`.
///
/// # Errors
/// When the database refuses.
pub async fn with_date(tx: &mut Tx, days: &RangeInclusive<String>) -> Result<Vec<String>, DbError> {
    let sql = "SELECT DISTINCT household FROM document
               WHERE date <> '' AND date >= $1 AND date <= $2 AND state || '' = 'filed'
                 AND household IS NOT NULL";
    numbers(tx, sql, args![days.start(), days.end()]).await
}

/// Those whose 月保障金 is one of these, in 分: by the last decision or, without one, as it
/// was put up last.
///
/// # Errors
/// When the database refuses.
pub async fn decided(tx: &mut Tx, fen: &RangeInclusive<u64>) -> Result<Vec<String>, DbError> {
    let sql = "SELECT b.household FROM benefit b WHERE b.amount >= $1 AND b.amount <= $2
                 AND b.entry = (SELECT MAX(d.entry) FROM benefit d
                                WHERE d.household = b.household)
               UNION SELECT n.household FROM notice n WHERE n.amount >= $1 AND n.amount <= $2
                 AND n.entry = (SELECT MAX(p.entry) FROM notice p
                                WHERE p.household = n.household AND p.taken_down IS NULL)
                 AND NOT EXISTS (SELECT 1 FROM benefit g WHERE g.household = n.household)";
    numbers(tx, sql, args![*fen.start(), *fen.end()]).await
}

/// What is stated now of a field: the households with its values, of the household itself
/// or of those who live there.
///
/// # Errors
/// When the database refuses.
pub async fn stated(
    tx: &mut Tx,
    is_of_household: bool,
    field: &str,
) -> Result<Vec<(String, String)>, DbError> {
    let sql = match is_of_household {
        true => {
            "SELECT v.household, v.value FROM present_fact v
             WHERE v.field = $1 AND v.member = -1 AND v.value <> ''"
        }
        false => {
            "SELECT v.household, v.value FROM present_fact v
             WHERE v.field = $1 AND v.member >= 0 AND v.value <> ''
               AND NOT EXISTS (SELECT 1 FROM present_fact g WHERE g.household = v.household
                 AND g.member = v.member AND g.field = 'left' AND g.value <> '')"
        }
    };
    tx.all(sql, args![field]).await
}
