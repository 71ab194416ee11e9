//! 低保标准: which were set, and what decisions and income of households are to be
//! set against them.

use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;

use super::receiving::receiving;
use crate::args;
use crate::db::{DbError, Tx};
use crate::model::access::Scope;
use crate::model::id::EntryNo;
use crate::model::month::Month;
use crate::model::standard::Standard;

/// A standard that was set.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, ToSchema)]
#[schema(as = SetStandard)]
pub struct StandardRow {
    /// The entry that set it.
    pub entry: i64,
    /// Of this organisation and those below it.
    pub organisation: String,
    /// The first month, such as `2026-01`.
    pub from_month: String,
    /// Of one person a month, in 分.
    pub amount: i64,
    /// `difference` or `tiers`.
    pub method: String,
    /// The tiers, such as `A=70000,B=45000` in 分, or empty.
    pub tiers: String,
    /// `fen`, `jiao` or `yuan`.
    pub unit: String,
    /// 文号 of the paper that sets it, or empty.
    pub words: String,
}

/// Writes a standard.
pub(super) async fn set(tx: &mut Tx, entry: EntryNo, said: &Standard) -> Result<(), DbError> {
    let tiers: Vec<String> =
        said.tiers.iter().map(|one| format!("{}={}", one.category, one.amount.get())).collect();
    tx.run(
        "INSERT INTO standard (entry, organisation, from_month, amount, method, tiers, unit, words)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        args![
            entry,
            said.organisation.as_str(),
            said.from.to_string(),
            i64::try_from(said.amount.get()).unwrap_or(i64::MAX),
            said.method.as_str(),
            tiers.join(","),
            said.unit.as_str(),
            &said.words,
        ],
    )
    .await?;
    Ok(())
}

/// All standards that were ever set, the newest first.
///
/// # Errors
/// When the database refuses.
pub async fn all(tx: &mut Tx) -> Result<Vec<StandardRow>, DbError> {
    tx.all("SELECT * FROM standard ORDER BY from_month DESC, entry DESC", args![]).await
}

/// What a decision gives a household in a month.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Decided {
    /// 户号
    pub household: String,
    /// 户主
    pub head: String,
    /// The community in charge.
    pub organisation: String,
    /// 类别
    pub category: String,
    /// 保障人数
    pub persons: i64,
    /// In 分.
    pub amount: i64,
    /// Why it is not what was computed, or empty.
    pub departs: String,
}

/// The households of the scope and organisation that are entitled in a month, by
/// number.
///
/// # Errors
/// When the database refuses.
pub async fn decided(
    tx: &mut Tx,
    scope: &Scope,
    organisation: &str,
    month: Month,
) -> Result<Vec<Decided>, DbError> {
    tx.all(
        concat!(
            "SELECT h.no AS household, h.head, h.organisation, b.category, b.persons, b.amount,
                b.departs
             FROM ",
            receiving!("$3"),
            " ORDER BY h.no"
        ),
        args![format!("{}%", scope.prefix()), format!("{organisation}%"), month.to_string()],
    )
    .await
}

/// 月收入 as it is stated now, of households of the scope and organisation, those of
/// persons who left aside: household, place of the person (-1 for the household),
/// yuan. In order.
///
/// # Errors
/// When the database refuses.
pub async fn incomes(
    tx: &mut Tx,
    scope: &Scope,
    organisation: &str,
) -> Result<Vec<(String, i64, String)>, DbError> {
    tx.all(
        "SELECT f.household, f.member, f.value FROM present_fact f
         JOIN household h ON h.no = f.household
         WHERE f.field = 'income' AND f.value <> ''
           AND h.organisation LIKE $1 AND h.organisation LIKE $2
           AND NOT EXISTS (SELECT 1 FROM present_fact g WHERE g.household = f.household
               AND g.member = f.member AND g.field = 'left' AND g.value <> '')
         ORDER BY f.household, f.member",
        args![format!("{}%", scope.prefix()), format!("{organisation}%")],
    )
    .await
}
