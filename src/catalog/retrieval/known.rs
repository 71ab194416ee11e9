//! What decisions, statements, rosters and banks say of a household, for its row in the
//! catalogs of hardship and of payments.

use sqlx::FromRow;

use crate::args;
use crate::catalog::payments;
use crate::db::{DbError, Tx};

/// What is known of a household beside its papers.
#[derive(Debug, Clone, Default, PartialEq, Eq, FromRow)]
pub struct Known {
    /// What the last decision did, as [`crate::model::benefit::Effect`]; empty without one.
    pub effect: String,
    /// 类别 by it.
    pub category: String,
    /// 保障人数 by it.
    pub persons: i64,
    /// 月保障金 by it, in 分.
    pub decided: i64,
    /// Its first month.
    pub from_month: String,
    /// Its last month, of a phase-out.
    pub until_month: String,
    /// The paper of the step that decided it.
    pub decision_paper: Option<i64>,
    /// The code of that step, or empty.
    pub decision_step: String,
    /// Whether the household was opened with it, from a roster: 1 or 0.
    pub from_roster: i64,
    /// 致贫原因 as it is stated, or empty.
    pub cause: String,
    /// The document that proves it.
    pub cause_proof: Option<i64>,
    /// 家庭月收入 as it is stated, or empty.
    pub income: String,
    /// The document that proves it.
    pub income_proof: Option<i64>,
    /// 健康状况 and 残疾类别等级 of those who live there, in their order, a line each, or empty.
    pub health: String,
    /// The last document that proves one of these.
    pub health_proof: Option<i64>,
    /// The last month it is on a roster for, or empty.
    #[sqlx(skip)]
    pub listed_month: String,
    /// The last month a bank paid for, or empty.
    pub paid_month: String,
    /// What banks paid in all, in 分.
    pub paid: i64,
}

/// What is known of the household `no`.
///
/// # Errors
/// When the database refuses.
pub async fn known(tx: &mut Tx, no: &str) -> Result<Known, DbError> {
    let found: Option<Known> = tx
        .one(
            "SELECT COALESCE(b.effect, '') AS effect, COALESCE(b.category, '') AS category,
                COALESCE(b.persons, 0) AS persons, COALESCE(b.amount, 0) AS decided,
                COALESCE(b.from_month, '') AS from_month,
                COALESCE(b.until_month, '') AS until_month,
                (SELECT s.paper FROM case_step s WHERE s.entry = b.entry) AS decision_paper,
                COALESCE((SELECT s.step FROM case_step s WHERE s.entry = b.entry), '')
                    AS decision_step,
                CAST(CASE WHEN b.entry = h.opened THEN 1 ELSE 0 END AS BIGINT) AS from_roster,
                COALESCE(c.value, '') AS cause, c.proof AS cause_proof,
                COALESCE(i.value, '') AS income, i.proof AS income_proof,
                COALESCE(f.health, '') AS health, f.proof AS health_proof,
                COALESCE(r.month, '') AS paid_month, COALESCE(r.amount, 0) AS paid
             FROM household h
             LEFT JOIN benefit b ON b.entry =
                (SELECT MAX(d.entry) FROM benefit d WHERE d.household = h.no)
             LEFT JOIN present_fact c ON c.household = h.no AND c.member = -1
                AND c.field = 'cause'
             LEFT JOIN present_fact i ON i.household = h.no AND i.member = -1
                AND i.field = 'income'
             LEFT JOIN (
                SELECT STRING_AGG(v.value, '\n' ORDER BY v.member, v.field DESC) AS health,
                    MAX(v.proof) AS proof
                FROM present_fact v
                WHERE v.household = $1 AND v.member >= 0 AND v.field IN ('health', 'disability')
                  AND v.value <> '' AND NOT EXISTS (SELECT 1 FROM present_fact g
                    WHERE g.household = $1 AND g.member = v.member AND g.field = 'left'
                      AND g.value <> '')
             ) AS f ON 1 = 1
             LEFT JOIN (
                SELECT MAX(a.month) AS month, CAST(SUM(a.amount) AS BIGINT) AS amount
                FROM bank_return a
                WHERE a.household = $1 AND a.paid = 1 AND a.voided IS NULL
             ) AS r ON 1 = 1
             WHERE h.no = $1",
            args![no],
        )
        .await?;
    Ok(Known { listed_month: payments::last_listed(tx, no).await?, ..found.unwrap_or_default() })
}
