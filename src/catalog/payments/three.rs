//! What decisions, rosters and banks say of a month, side by side.

use sqlx::FromRow;

use crate::args;
use crate::catalog::facts::persons_of;
use crate::db::{DbError, Tx};
use crate::model::access::Scope;
use crate::model::month::Month;

/// What the three say of a household in a month, in 分; none is -1.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct ThreeRow {
    /// 户号
    pub household: String,
    /// 户主; empty where no such household is known.
    pub head: String,
    /// The community in charge, or the region of the number.
    pub organisation: String,
    /// 状态, or empty.
    pub state: String,
    /// What decisions give it.
    pub entitled: i64,
    /// What the roster has.
    pub listed: i64,
    /// What the bank paid in all.
    pub paid: i64,
    /// How often it paid.
    pub times: i64,
    /// How often it answered.
    pub answers: i64,
    /// Why it did not pay, or empty.
    pub words: String,
    /// 保障人数 on the roster; -1 when it is not on it.
    pub covers: i64,
    /// How many lived in it in the month.
    pub lives: i64,
    /// With how many others on the roster it has a person in common.
    pub twice: i64,
}

/// What entitlement, roster and bank say of every household of the scope and
/// organisation that one of them speaks of, by number.
///
/// # Errors
/// When the database refuses.
pub async fn three(
    tx: &mut Tx,
    scope: &Scope,
    organisation: &str,
    month: Month,
) -> Result<Vec<ThreeRow>, DbError> {
    tx.all(
        concat!(
            "WITH gone AS (
            SELECT household, member, from_day FROM present_fact
            WHERE field = 'left' AND value <> ''
         ), later AS (
            SELECT household, COUNT(*) AS persons FROM gone WHERE from_day >= $4
            GROUP BY household
         ), shared AS (
            SELECT d.household, d.digest FROM id_digest d
            JOIN payment l ON l.household = d.household AND l.month = $3
            LEFT JOIN gone g ON g.household = d.household AND g.member = d.place
               AND g.from_day < $4
            WHERE g.household IS NULL
              AND d.digest IN (SELECT digest FROM id_digest GROUP BY digest HAVING COUNT(*) > 1)
         ), twice AS (
            SELECT household, COUNT(*) AS others FROM shared
            WHERE digest IN (SELECT digest FROM shared GROUP BY digest
                HAVING COUNT(DISTINCT household) > 1)
            GROUP BY household
         ), said AS (
            SELECT b.household, b.amount AS entitled, -1 AS listed, -1 AS covers, 0 AS paid,
                   0 AS times, 0 AS answers, '' AS words
            FROM benefit b
            WHERE b.from_month <= $3 AND b.amount > 0
              AND (b.until_month = '' OR b.until_month >= $3)
              AND NOT EXISTS (SELECT 1 FROM benefit n
                WHERE n.household = b.household AND n.from_month <= $3 AND n.entry > b.entry)
            UNION ALL
            SELECT household, -1, amount, persons, 0, 0, 0, '' FROM payment WHERE month = $3
            UNION ALL
            SELECT household, -1, -1, -1, amount * paid, paid, 1, words FROM bank_return
            WHERE month = $3 AND voided IS NULL
         ), everyone AS (
            SELECT household, MAX(entitled) AS entitled, MAX(listed) AS listed,
                   MAX(covers) AS covers, CAST(SUM(paid) AS BIGINT) AS paid,
                   CAST(SUM(times) AS BIGINT) AS times, CAST(SUM(answers) AS BIGINT) AS answers,
                   MAX(words) AS words
            FROM said GROUP BY household
         )
         SELECT o.household, COALESCE(h.head, '') AS head,
                COALESCE(h.organisation, SUBSTR(o.household, 1, 12)) AS organisation,
                COALESCE(h.state, '') AS state, o.entitled, o.listed, o.paid, o.times, o.answers,
                o.words, o.covers,
                ",
            persons_of!("o.household"),
            " + COALESCE(v.persons, 0) AS lives,
                COALESCE(t.others, 0) AS twice
         FROM everyone o LEFT JOIN household h ON h.no = o.household
         LEFT JOIN later v ON v.household = o.household
         LEFT JOIN twice t ON t.household = o.household
         WHERE COALESCE(h.organisation, SUBSTR(o.household, 1, 12)) LIKE $1
           AND COALESCE(h.organisation, SUBSTR(o.household, 1, 12)) LIKE $2
         ORDER BY o.household"
        ),
        args![
            format!("{}%", scope.prefix()),
            format!("{organisation}%"),
            month.to_string(),
            month.first().to_string()
        ],
    )
    .await
}
