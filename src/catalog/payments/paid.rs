//! What one household was paid.

use crate::args;
use crate::db::{DbError, Tx};
use crate::model::id::HouseholdNo;
use crate::model::money::Fen;
use crate::model::month::Month;

/// What household `no` was paid from one month to another, in 分: what banks say, and where
/// none says anything of a month what was listed.
///
/// # Errors
/// When the database refuses.
pub async fn paid_within(
    tx: &mut Tx,
    no: &HouseholdNo,
    (from, until): (Month, Month),
) -> Result<Fen, DbError> {
    let paid = tx
        .number(
            "SELECT CAST(COALESCE(SUM(COALESCE(bank, listed)), 0) AS BIGINT) FROM (
                SELECT month, SUM(listed) AS listed, SUM(bank) AS bank FROM (
                    SELECT month, amount AS listed, CAST(NULL AS BIGINT) AS bank FROM payment
                    WHERE household = $1 AND month >= $2 AND month <= $3
                    UNION ALL
                    SELECT month, CAST(NULL AS BIGINT), amount * paid FROM bank_return
                    WHERE household = $1 AND month >= $2 AND month <= $3 AND voided IS NULL
                ) AS said GROUP BY month
             ) AS months",
            args![no.as_str(), from.to_string(), until.to_string()],
        )
        .await?;
    Ok(Fen::new(u64::try_from(paid).unwrap_or(0)))
}
