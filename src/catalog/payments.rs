//! 发放: rosters, what banks say of them, and how the three agree.

use std::collections::HashSet;

use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;

use super::apply::ApplyError;
use crate::args;
use crate::db::{DbError, Tx};
use crate::model::access::Scope;
use crate::model::fund::FundRule;
use crate::model::id::{Digest, EntryNo, HouseholdNo};
use crate::model::living::LivingRule;
use crate::model::money::Fen;
use crate::model::month::Month;
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

/// Whether a file of the bank was taken in for a month.
///
/// # Errors
/// When the database refuses.
pub async fn is_taken(tx: &mut Tx, file: Digest, month: Month) -> Result<bool, DbError> {
    let sql = "SELECT COUNT(*) FROM bank_return
               WHERE file = $1 AND month = $2 AND voided IS NULL";
    Ok(tx.number(sql, args![file.to_string(), month.to_string()]).await? > 0)
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
        "SELECT h.no AS household, h.head, h.organisation, b.persons, b.amount
         FROM household h JOIN benefit b ON b.entry = (
            SELECT d.entry FROM benefit d WHERE d.household = h.no AND d.from_month <= $3
            ORDER BY d.from_month DESC, d.entry DESC LIMIT 1)
         WHERE h.organisation LIKE $1 AND h.organisation LIKE $2 AND b.amount > 0
           AND (b.until_month = '' OR b.until_month >= $3)
           AND NOT EXISTS (SELECT 1 FROM payment p WHERE p.household = h.no AND p.month = $3)
         ORDER BY h.no",
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
    /// In 分.
    pub amount: i64,
    /// How often the bank paid.
    pub paid: i64,
    /// How often it answered.
    pub answers: i64,
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
    tx.all(
        "SELECT p.household, h.head, h.organisation, h.id_number,
                COALESCE((SELECT f.value FROM present_fact f WHERE f.household = h.no
                    AND f.member = -1 AND f.field = 'bank'), '') AS bank,
                COALESCE((SELECT f.value FROM present_fact f WHERE f.household = h.no
                    AND f.member = -1 AND f.field = 'account'), '') AS account,
                p.persons, p.amount,
                (SELECT COUNT(*) FROM bank_return r WHERE r.household = h.no AND r.month = $3
                    AND r.voided IS NULL AND r.paid = 1) AS paid,
                (SELECT COUNT(*) FROM bank_return r WHERE r.household = h.no AND r.month = $3
                    AND r.voided IS NULL) AS answers
         FROM payment p JOIN household h ON h.no = p.household
         WHERE p.month = $3 AND h.organisation LIKE $1 AND h.organisation LIKE $2
           AND p.household > $4
         ORDER BY p.household LIMIT $5",
        args![
            format!("{}%", scope.prefix()),
            format!("{organisation}%"),
            month.to_string(),
            after,
            limit,
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
pub(super) async fn last_listed(tx: &mut Tx, no: &str) -> Result<String, DbError> {
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
pub(super) async fn unpaid(tx: &mut Tx, no: &HouseholdNo) -> Result<i64, DbError> {
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
                WHERE n.household = b.household AND n.from_month <= $3
                  AND (n.from_month > b.from_month
                    OR (n.from_month = b.from_month AND n.entry > b.entry)))
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
                (SELECT COUNT(*) FROM member m WHERE m.household = o.household) + 1
                    + COALESCE(v.persons, 0) AS lives,
                COALESCE(t.others, 0) AS twice
         FROM everyone o LEFT JOIN household h ON h.no = o.household
         LEFT JOIN later v ON v.household = o.household
         LEFT JOIN twice t ON t.household = o.household
         WHERE COALESCE(h.organisation, SUBSTR(o.household, 1, 12)) LIKE $1
           AND COALESCE(h.organisation, SUBSTR(o.household, 1, 12)) LIKE $2
         ORDER BY o.household",
        args![
            format!("{}%", scope.prefix()),
            format!("{organisation}%"),
            month.to_string(),
            month.first().to_string()
        ],
    )
    .await
}
