//! The files of banks that were taken in.

use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;

use crate::args;
use crate::db::{DbError, Tx};
use crate::model::access::Scope;
use crate::model::id::Digest;
use crate::model::month::Month;
use crate::model::payment::ReturnRow;

/// What a row of a bank's file says, as far as the catalog has it uncovered.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Answered {
    household: String,
    amount: i64,
    paid: i64,
}

impl Answered {
    /// Whether it is that row.
    #[must_use]
    pub fn is(&self, row: &ReturnRow) -> bool {
        self.household == row.household.as_str()
            && u64::try_from(self.amount) == Ok(row.amount.get())
            && (self.paid != 0) == row.paid
    }
}

/// The parts of a file of the bank that were taken in for a month and count, each with its rows
/// in order.
///
/// # Errors
/// When the database refuses.
pub async fn parts_of(
    tx: &mut Tx,
    file: Digest,
    month: Month,
) -> Result<Vec<Vec<Answered>>, DbError> {
    let sql = "SELECT entry, household, amount, paid FROM bank_return
               WHERE file = $1 AND month = $2 AND voided IS NULL ORDER BY entry, place";
    let rows: Vec<(i64, String, i64, i64)> =
        tx.all(sql, args![file.to_string(), month.to_string()]).await?;
    let parts = rows.chunk_by(|one, next| one.0 == next.0);
    let answered = |(_, household, amount, paid): &(i64, String, i64, i64)| Answered {
        household: household.clone(),
        amount: *amount,
        paid: *paid,
    };
    Ok(parts.map(|part| part.iter().map(answered).collect()).collect())
}

/// Whether a file of the bank has rows outside the scope.
///
/// # Errors
/// When the database refuses.
pub async fn is_elsewhere(
    tx: &mut Tx,
    scope: &Scope,
    file: Digest,
    month: Month,
) -> Result<bool, DbError> {
    let sql = "SELECT COUNT(*) FROM bank_return r LEFT JOIN household h ON h.no = r.household
               WHERE r.file = $1 AND r.month = $2 AND r.voided IS NULL
                 AND COALESCE(h.organisation, SUBSTR(r.household, 1, 12)) NOT LIKE $3";
    let prefix = format!("{}%", scope.prefix());
    Ok(tx.number(sql, args![file.to_string(), month.to_string(), prefix]).await? > 0)
}

/// A file of the bank that was taken in.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, ToSchema)]
pub struct BankFile {
    /// Its SHA-256.
    pub file: String,
    /// The first entry that has rows of it.
    pub entry: i64,
    /// When it was taken in.
    pub time: String,
    /// Who took it in.
    pub author: String,
    /// How many rows of it are of the scope.
    pub count: i64,
    /// What of them was paid, in 分.
    pub paid: i64,
    /// 1 when another took its place.
    pub voided: i64,
}

/// The files of the bank that have rows of the scope in a month, in order.
///
/// # Errors
/// When the database refuses.
pub async fn files(tx: &mut Tx, scope: &Scope, month: Month) -> Result<Vec<BankFile>, DbError> {
    tx.all(
        "SELECT f.file, f.entry, e.time, e.actor AS author, f.count, f.paid, f.voided FROM (
            SELECT r.file, MIN(r.entry) AS entry, COUNT(*) AS count,
                   CAST(SUM(r.amount * r.paid) AS BIGINT) AS paid,
                   CAST(MAX(CASE WHEN r.voided IS NULL THEN 0 ELSE 1 END) AS BIGINT) AS voided
            FROM bank_return r LEFT JOIN household h ON h.no = r.household
            WHERE r.month = $2
              AND COALESCE(h.organisation, SUBSTR(r.household, 1, 12)) LIKE $1
            GROUP BY r.file, CASE WHEN r.voided IS NULL THEN 0 ELSE 1 END
         ) AS f JOIN entry e ON e.no = f.entry ORDER BY f.entry",
        args![format!("{}%", scope.prefix()), month.to_string()],
    )
    .await
}
