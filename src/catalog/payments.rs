//! 发放: how rosters, and what banks say of them, become rows; who is on them, and how the
//! three agree, is read in the modules below.

mod dead;
mod files;
mod paid;
mod rosters;
mod three;

use std::collections::HashSet;

use serde::Serialize;
use sqlx::FromRow;

pub use self::dead::{DeadRow, found_dead};
pub use self::files::{Answered, BankFile, files, is_elsewhere, parts_of};
pub use self::paid::paid_within;
pub use self::rosters::{Entitled, Listed, roster, to_list};
pub(super) use self::rosters::{last_listed, unpaid};
pub use self::three::{ThreeRow, three};
use super::apply::ApplyError;
use crate::args;
use crate::db::Tx;
use crate::model::fund::FundRule;
use crate::model::id::EntryNo;
use crate::model::living::LivingRule;
use crate::model::money::Fen;
use crate::model::payment::{BankReturn, Roster};

/// A household on a roster.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize)]
pub struct PaymentRow {
    /// 户号
    pub household: String,
    /// Such as `2026-12`.
    pub month: String,
    /// The entry that listed it.
    pub entry: i64,
    /// 保障人数
    pub persons: i64,
    /// In 分.
    pub amount: i64,
}

/// What a bank says of one payment.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize)]
pub struct ReturnedRow {
    /// The entry that has it.
    pub entry: i64,
    /// Its place in that return, from 0.
    pub place: i64,
    /// Such as `2026-12`.
    pub month: String,
    /// 户号
    pub household: String,
    /// In 分.
    pub amount: i64,
    /// 1 or 0.
    pub paid: i64,
    /// Why not, or empty.
    pub words: String,
    /// The file it was read from.
    pub file: String,
    /// The entry of the file that took its place.
    pub voided: Option<i64>,
}

/// What the rows of a return that were paid come to in a community.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize)]
pub struct PaidRow {
    /// The entry that has them.
    pub entry: i64,
    /// Such as `2026-12`.
    pub month: String,
    /// The community in charge at that time.
    pub organisation: String,
    /// In 分.
    pub amount: i64,
}

/// Writes a roster.
pub(super) async fn list(tx: &mut Tx, entry: EntryNo, roster: &Roster) -> Result<(), ApplyError> {
    let month = roster.month.to_string();
    let rows = roster
        .rows
        .iter()
        .map(|row| args![row.household.as_str(), i64::from(row.persons), fen(row.amount)].to_vec());
    let rows: Vec<_> = rows.collect();
    let done = tx
        .run_rows(
            (
                "INSERT INTO payment (household, month, entry, persons, amount)
                 SELECT h.no, $1, $2, v.column2, v.column3 FROM (VALUES ",
                ") AS v JOIN household h ON h.no = v.column1 WHERE TRUE
                 ON CONFLICT (month, household) DO NOTHING",
            ),
            args![&month, entry],
            &rows,
        )
        .await?;
    if done == roster.rows.len() as u64 {
        return Ok(());
    }
    // Who was listed by another entry, is not known, or stands there twice.
    let sql = "SELECT household FROM payment WHERE month = $1 AND entry = $2";
    let written: Vec<(String,)> = tx.all(sql, args![&month, entry]).await?;
    let mut written: HashSet<String> = written.into_iter().map(|(no,)| no).collect();
    match roster.rows.iter().find(|row| !written.remove(row.household.as_str())) {
        Some(row) => Err(LivingRule::Listed(row.household.clone(), roster.month).into()),
        None => Ok(()),
    }
}

/// Writes what a bank says.
pub(super) async fn answer(
    tx: &mut Tx,
    entry: EntryNo,
    said: &BankReturn,
) -> Result<(), ApplyError> {
    let month = said.month.to_string();
    if let Some(wrong) = said.instead_of {
        let sql = "UPDATE bank_return SET voided = $1
                   WHERE file = $2 AND month = $3 AND voided IS NULL";
        if tx.run(sql, args![entry, wrong.to_string(), &month]).await? == 0 {
            return Err(LivingRule::from(FundRule::NoFile(said.month)).into());
        }
        let sql = "DELETE FROM bank_paid
                   WHERE entry IN (SELECT entry FROM bank_return WHERE voided = $1)";
        tx.run(sql, args![entry]).await?;
    }
    let rows = said.rows.iter().zip(0_i64..).map(|(row, place)| {
        let paid = i64::from(row.paid);
        args![place, row.household.as_str(), fen(row.amount), paid, &row.words].to_vec()
    });
    let rows: Vec<_> = rows.collect();
    tx.run_rows(
        (
            "INSERT INTO bank_return (entry, place, month, household, amount, paid, words, file,
                                      voided)
             SELECT $1, v.column1, $2, v.column2, v.column3, v.column4, v.column5, $3,
                    CAST(NULL AS BIGINT) FROM (VALUES ",
            ") AS v",
        ),
        args![entry, &month, said.file.to_string()],
        &rows,
    )
    .await?;
    tx.run(
        "INSERT INTO bank_paid (entry, month, organisation, amount)
         SELECT r.entry, r.month, COALESCE(h.organisation, SUBSTR(r.household, 1, 12)),
                CAST(SUM(r.amount) AS BIGINT)
         FROM bank_return r LEFT JOIN household h ON h.no = r.household
         WHERE r.entry = $1 AND r.paid = 1
         GROUP BY r.entry, r.month, COALESCE(h.organisation, SUBSTR(r.household, 1, 12))",
        args![entry],
    )
    .await?;
    Ok(())
}

fn fen(amount: Fen) -> i64 {
    i64::try_from(amount.get()).unwrap_or(i64::MAX)
}
