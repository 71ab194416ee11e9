//! What waits for somebody, and what is to be reviewed when.

use jiff::civil::Date;
use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;

use crate::args;
use crate::db::{DbError, Tx};
use crate::model::access::Scope;

/// A case that waits, with whose it is.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, ToSchema)]
#[schema(as = WaitingCase)]
pub struct Waiting {
    /// 户号
    pub household: String,
    /// 户主
    pub head: String,
    /// The community in charge.
    pub organisation: String,
    /// The number of the case.
    pub no: i64,
    /// The code of its procedure.
    pub procedure: String,
    /// The step it waits for.
    pub next_step: String,
    /// Who takes that.
    pub next_level: String,
    /// The last day of that step; empty where there is none.
    pub due: String,
    /// The last day of the case; empty where there is none.
    pub case_due: String,
}

/// The cases of the scope that wait for a step of `level` (of any, when it is
/// empty), those with the earliest last day first, at most `limit`.
///
/// # Errors
/// When the database refuses.
pub async fn waiting(
    tx: &mut Tx,
    scope: &Scope,
    level: &str,
    limit: u32,
) -> Result<Vec<Waiting>, DbError> {
    tx.all(
        "SELECT c.household, h.head, h.organisation, c.no, c.procedure, c.next_step,
                c.next_level, c.due, c.case_due
         FROM case_file c JOIN household h ON h.no = c.household
         WHERE c.ended = '' AND h.organisation LIKE $1 AND ($2 = '' OR c.next_level = $2)
         ORDER BY CASE c.due WHEN '' THEN 1 ELSE 0 END, c.due, c.household LIMIT $3",
        args![format!("{}%", scope.prefix()), level, limit],
    )
    .await
}

/// How many cases of the scope wait for each level, and how many of them are past
/// their last day on `today`: level, waiting, late.
///
/// # Errors
/// When the database refuses.
pub async fn counts(
    tx: &mut Tx,
    scope: &Scope,
    today: Date,
) -> Result<Vec<(String, i64, i64)>, DbError> {
    tx.all(
        "SELECT c.next_level, COUNT(*),
                CAST(SUM(CASE WHEN c.due <> '' AND c.due < $2 THEN 1 ELSE 0 END) AS BIGINT)
         FROM case_file c JOIN household h ON h.no = c.household
         WHERE c.ended = '' AND h.organisation LIKE $1
         GROUP BY c.next_level ORDER BY c.next_level",
        args![format!("{}%", scope.prefix()), today.to_string()],
    )
    .await
}

/// A household that is to be reviewed.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, ToSchema)]
pub struct ReviewRow {
    /// 户号
    pub household: String,
    /// 户主
    pub head: String,
    /// Where it lives, or empty.
    pub address: String,
    /// The community in charge.
    pub organisation: String,
    /// 类别
    pub category: String,
    /// By when.
    pub due: String,
    /// The code of the procedure of the case that runs, or empty.
    pub running: String,
}

/// Which reviews are asked for. Empty fields narrow nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reviews {
    /// The beginning of the codes of organisations.
    pub organisation: String,
    /// 类别
    pub category: String,
    /// The last day by which they are due, or empty.
    pub until: String,
    /// Those after this one: the day it is due, and the household.
    pub after: (String, String),
}

/// The households of the scope that are to be reviewed, earliest first, at most
/// `limit`.
///
/// # Errors
/// When the database refuses.
pub async fn reviews(
    tx: &mut Tx,
    scope: &Scope,
    asked: &Reviews,
    limit: u32,
) -> Result<Vec<ReviewRow>, DbError> {
    tx.all(
        "SELECT h.no AS household, h.head, h.address, h.organisation, h.category,
                h.review_due AS due,
                COALESCE((SELECT c.procedure FROM case_file c WHERE c.household = h.no
                          AND c.ended = ''), '') AS running
         FROM household h
         WHERE h.review_due <> '' AND h.organisation LIKE $1 AND h.organisation LIKE $2
           AND ($3 = '' OR h.category = $3) AND ($4 = '' OR h.review_due <= $4)
           AND (h.review_due > $5 OR (h.review_due = $5 AND h.no > $6))
         ORDER BY h.review_due, h.no LIMIT $7",
        args![
            format!("{}%", scope.prefix()),
            format!("{}%", asked.organisation),
            &asked.category,
            &asked.until,
            &asked.after.0,
            &asked.after.1,
            limit,
        ],
    )
    .await
}

/// How many households of the scope are to be reviewed on each day, by day.
///
/// # Errors
/// When the database refuses.
pub async fn reviews_by_day(
    tx: &mut Tx,
    scope: &Scope,
    asked: &Reviews,
) -> Result<Vec<(String, i64)>, DbError> {
    tx.all(
        "SELECT review_due, COUNT(*) FROM household
         WHERE review_due <> '' AND organisation LIKE $1 AND organisation LIKE $2
           AND ($3 = '' OR category = $3) AND ($4 = '' OR review_due <= $4)
         GROUP BY review_due ORDER BY review_due",
        args![
            format!("{}%", scope.prefix()),
            format!("{}%", asked.organisation),
            &asked.category,
            &asked.until,
        ],
    )
    .await
}
