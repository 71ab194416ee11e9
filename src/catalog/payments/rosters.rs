//! Rosters: who belongs on one, and who is on it.

use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;

use crate::args;
use crate::catalog::facts::newest_first;
use crate::catalog::receiving::receiving;
use crate::db::{DbError, Tx};
use crate::model::access::Scope;
use crate::model::id::HouseholdNo;
use crate::model::money::Fen;
use crate::model::month::Month;

/// A household that is entitled in a month.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, ToSchema)]
pub struct Entitled {
    /// 户号
    pub household: String,
    /// 户主
    pub head: String,
    /// The community in charge.
    pub organisation: String,
    /// 保障人数
    pub persons: i64,
    /// In 分.
    pub amount: i64,
}

/// The households of the scope and organisation that are entitled in a month and not
/// on a roster of it, by number.
///
/// # Errors
/// When the database refuses.
pub async fn to_list(
    tx: &mut Tx,
    scope: &Scope,
    organisation: &str,
    month: Month,
) -> Result<Vec<Entitled>, DbError> {
    tx.all(
        concat!(
            "SELECT h.no AS household, h.head, h.organisation, b.persons, b.amount FROM ",
            receiving!("$3"),
            " AND NOT EXISTS (SELECT 1 FROM payment p WHERE p.household = h.no AND p.month = $3)
             ORDER BY h.no"
        ),
        args![format!("{}%", scope.prefix()), format!("{organisation}%"), month.to_string()],
    )
    .await
}

/// A household on the roster of a month, as it is printed and listed.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, ToSchema)]
#[schema(as = ListedPayment)]
pub struct Listed {
    /// 户号
    pub household: String,
    /// 户主
    pub head: String,
    /// The community in charge.
    pub organisation: String,
    /// 身份证号 of the head, covered, or empty.
    pub id_number: String,
    /// 开户行, or empty.
    pub bank: String,
    /// 账号, covered, or empty.
    pub account: String,
    /// 保障人数
    pub persons: i64,
    /// In 分, with what is in it of supplements and subsidies.
    pub amount: i64,
    /// 低保证编号, or empty.
    pub certificate_no: String,
    /// 分类施保 that is in the amount, in yuan, as it was stated for the month; or empty.
    pub supplement: String,
    /// 物价等补贴 that are in the amount, in yuan, as they were stated for the month; or empty.
    pub subsidy: String,
    /// Why the bank did not pay, or empty.
    pub words: String,
    /// How often the bank paid.
    pub paid: i64,
    /// How often it answered.
    pub answers: i64,
}

fn fen(yuan: &str) -> i64 {
    yuan.parse::<Fen>().ok().and_then(|fen| i64::try_from(fen.get()).ok()).unwrap_or(0)
}

impl Listed {
    /// 分类施保 in the amount, in 分.
    #[must_use]
    pub fn supplement(&self) -> i64 {
        fen(&self.supplement)
    }

    /// 物价等补贴 in the amount, in 分.
    #[must_use]
    pub fn subsidy(&self) -> i64 {
        fen(&self.subsidy)
    }

    /// 月保障金: the amount without the supplement and the subsidies in it, in 分; below zero
    /// where more was stated of these than is paid.
    #[must_use]
    pub fn allowance(&self) -> i64 {
        self.amount - self.supplement() - self.subsidy()
    }
}

/// What of a money field of the household holds on the last day of the month.
macro_rules! stated {
    ($field:literal) => {
        concat!(
            "COALESCE((SELECT f.value FROM fact f WHERE f.household = h.no AND f.member = -1
                AND f.field = '",
            $field,
            "' AND f.voided IS NULL AND f.from_day <= $6
                ORDER BY",
            newest_first!("f"),
            "LIMIT 1), '')"
        )
    };
}

/// The roster of a month in the scope and organisation, by number, after `after`, at
/// most `limit`.
///
/// # Errors
/// When the database refuses.
pub async fn roster(
    tx: &mut Tx,
    scope: &Scope,
    organisation: &str,
    month: Month,
    (after, limit): (&str, u32),
) -> Result<Vec<Listed>, DbError> {
    tx.all_for(
        concat!(
            "SELECT p.household, h.head, h.organisation, h.id_number,
                COALESCE((SELECT f.value FROM present_fact f WHERE f.household = h.no
                    AND f.member = -1 AND f.field = 'bank'), '') AS bank,
                COALESCE((SELECT f.value FROM present_fact f WHERE f.household = h.no
                    AND f.member = -1 AND f.field = 'account'), '') AS account,
                COALESCE((SELECT f.value FROM present_fact f WHERE f.household = h.no
                    AND f.member = -1 AND f.field = 'certificate_no'), '') AS certificate_no,
                p.persons, p.amount, ",
            stated!("supplement"),
            " AS supplement, ",
            stated!("subsidy"),
            " AS subsidy,
                COALESCE((SELECT r.words FROM bank_return r WHERE r.household = h.no
                    AND r.month = $3 AND r.voided IS NULL AND r.paid = 0
                    ORDER BY r.entry DESC, r.place DESC LIMIT 1), '') AS words,
                (SELECT COUNT(*) FROM bank_return r WHERE r.household = h.no AND r.month = $3
                    AND r.voided IS NULL AND r.paid = 1) AS paid,
                (SELECT COUNT(*) FROM bank_return r WHERE r.household = h.no AND r.month = $3
                    AND r.voided IS NULL) AS answers
         FROM payment p JOIN household h ON h.no = p.household
         WHERE p.month = $3 AND h.organisation LIKE $1 AND h.organisation LIKE $2
           AND p.household > $4
         ORDER BY p.household LIMIT $5"
        ),
        args![
            format!("{}%", scope.prefix()),
            format!("{organisation}%"),
            month.to_string(),
            after,
            limit,
            month.last().to_string(),
        ],
    )
    .await
}

/// The last month a household is on a roster for, or empty.
///
/// Rosters stand by month: the months are gone through from the last one back.
///
/// # Errors
/// When the database refuses.
pub(in crate::catalog) async fn last_listed(tx: &mut Tx, no: &str) -> Result<String, DbError> {
    let found: Option<(String,)> = tx
        .one(
            "WITH RECURSIVE seen (month) AS (
                SELECT MAX(month) FROM payment
                UNION ALL
                SELECT (SELECT MAX(e.month) FROM payment e WHERE e.month < s.month) FROM seen s
                WHERE s.month IS NOT NULL AND NOT EXISTS (
                    SELECT 1 FROM payment p WHERE p.month = s.month AND p.household = $1)
             )
             SELECT p.month FROM seen s CROSS JOIN payment p
             WHERE p.month = s.month AND p.household = $1",
            args![no],
        )
        .await?;
    Ok(found.map_or_else(String::new, |(month,)| month))
}

/// How many payments of a household are listed of which no bank says that it paid.
///
/// # Errors
/// When the database refuses.
pub(in crate::catalog) async fn unpaid(tx: &mut Tx, no: &HouseholdNo) -> Result<i64, DbError> {
    tx.number(
        "WITH RECURSIVE seen (month) AS (
            SELECT MAX(month) FROM payment
            UNION ALL
            SELECT (SELECT MAX(e.month) FROM payment e WHERE e.month < s.month) FROM seen s
            WHERE s.month IS NOT NULL
         )
         SELECT COUNT(*) FROM seen s CROSS JOIN payment p
         WHERE p.month = s.month AND p.household = $1 AND NOT EXISTS (
            SELECT 1 FROM bank_return r WHERE r.household = p.household AND r.month = p.month
               AND r.paid = 1 AND r.voided IS NULL)",
        args![no.as_str()],
    )
    .await
}
