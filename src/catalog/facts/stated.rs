//! What was ever stated of a household, as it was.

use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;

use crate::args;
use crate::db::{DbError, Tx};
use crate::model::id::{DocumentId, HouseholdNo};

/// A value that was stated.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, ToSchema)]
pub struct FactRow {
    /// The entry that stated it.
    pub entry: i64,
    /// Its place in that statement, from 0.
    pub place: i64,
    /// 户号
    pub household: String,
    /// The place of the person in the household; -1 for the household.
    pub member: i64,
    /// The code of the field.
    pub field: String,
    /// The value, numbers of persons covered; empty when none holds.
    pub value: String,
    /// From which day on; empty for what was known when the file was opened.
    pub from_day: String,
    /// The document that proves it.
    pub proof: Option<i64>,
    /// A remark, or empty.
    pub words: String,
    /// Who stated it.
    pub author: String,
    /// The entry that took it back.
    pub voided: Option<i64>,
}

/// What was stated of a household by one of its papers and not taken back, in the order
/// in which it was.
///
/// # Errors
/// When the database refuses.
pub async fn proved_by(
    tx: &mut Tx,
    no: &HouseholdNo,
    proof: DocumentId,
) -> Result<Vec<FactRow>, DbError> {
    tx.all(
        "SELECT * FROM fact WHERE household = $1 AND proof = $2 AND voided IS NULL
           AND value <> '' ORDER BY entry, place",
        args![no.as_str(), proof.0],
    )
    .await
}

/// Everything that was ever stated of a household, newest first, at most `limit`.
///
/// # Errors
/// When the database refuses.
pub async fn stated(tx: &mut Tx, no: &HouseholdNo, limit: u32) -> Result<Vec<FactRow>, DbError> {
    tx.all(
        "SELECT * FROM fact WHERE household = $1 ORDER BY entry DESC, place LIMIT $2",
        args![no.as_str(), limit],
    )
    .await
}
