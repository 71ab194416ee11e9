//! 要办的事: what of cases, reviews and registers is due by a day, and what follows from a death.

use sqlx::FromRow;

use super::facts::persons_of;
use crate::args;
use crate::db::{DbError, Tx};
use crate::model::access::Scope;
use crate::model::codes::left;
use crate::model::month::Month;

/// Something that is due.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct DueRow {
    /// `case`, `review`, `register` or `death`.
    pub kind: String,
    /// 户号, or empty.
    pub household: String,
    /// 户主, or empty.
    pub head: String,
    /// The organisation in charge.
    pub organisation: String,
    /// The code of the procedure, category or register.
    pub about: String,
    /// The code of the step or stage it waits for, or empty.
    pub step: String,
    /// Who takes that: `community`, `street`, `bureau`, or empty.
    pub level: String,
    /// The number of the row of a register, or empty.
    pub number: String,
    /// The last day.
    pub due: String,
}

/// What is due in the scope after the day `after` up to `until`, of each kind the most
/// pressing, at most `limit` each.
///
/// # Errors
/// When the database refuses.
pub async fn by(
    tx: &mut Tx,
    scope: &Scope,
    (after, until): (&str, &str),
    limit: u32,
) -> Result<Vec<DueRow>, DbError> {
    let prefix = format!("{}%", scope.prefix());
    let mut all: Vec<DueRow> = tx
        .all(
            "SELECT 'case' AS kind, c.household, h.head, h.organisation, c.procedure AS about,
                    c.next_step AS step, c.next_level AS level, '' AS number, c.due
             FROM case_file c JOIN household h ON h.no = c.household
             WHERE c.ended = '' AND c.due > $4 AND c.due <= $2 AND h.organisation LIKE $1
             ORDER BY c.due, c.household LIMIT $3",
            args![&prefix, until, limit, after],
        )
        .await?;
    let reviews: Vec<DueRow> = tx
        .all(
            "SELECT 'review' AS kind, h.no AS household, h.head, h.organisation,
                    h.category AS about, '' AS step, '' AS level, '' AS number,
                    h.review_due AS due
             FROM household h
             WHERE h.review_due > $4 AND h.review_due <= $2 AND h.organisation LIKE $1
               AND h.no NOT IN (SELECT c.household FROM case_file c WHERE c.ended = '')
             ORDER BY h.review_due, h.no LIMIT $3",
            args![&prefix, until, limit, after],
        )
        .await?;
    let rows: Vec<DueRow> = tx
        .all(
            "SELECT 'register' AS kind, r.household,
                    COALESCE((SELECT h.head FROM household h WHERE h.no = r.household
                      AND h.organisation LIKE $1), '') AS head,
                    r.organisation, r.register AS about, r.next_stage AS step,
                    r.next_level AS level,
                    CAST(r.year AS TEXT) || '-' || CASE WHEN r.serial < 10 THEN '00'
                      WHEN r.serial < 100 THEN '0' ELSE '' END || CAST(r.serial AS TEXT)
                      AS number,
                    r.due
             FROM register_row r
             WHERE r.due <> '' AND r.due > $4 AND r.due <= $2
               AND (r.organisation LIKE $1 OR r.other LIKE $1)
             ORDER BY r.due, r.register, r.serial LIMIT $3",
            args![&prefix, until, limit, after],
        )
        .await?;
    all.extend(reviews);
    all.extend(rows);
    all.sort_by(|a, b| (&a.due, &a.kind).cmp(&(&b.due, &b.kind)));
    Ok(all)
}

/// How many things are due in the scope: before `today`, on it, and after it up to
/// `until`.
///
/// # Errors
/// When the database refuses.
pub async fn counts(
    tx: &mut Tx,
    scope: &Scope,
    (today, until): (&str, &str),
) -> Result<(i64, i64, i64), DbError> {
    let prefix = format!("{}%", scope.prefix());
    let mut sums = (0, 0, 0);
    for sql in [
        "SELECT CAST(COALESCE(SUM(CASE WHEN c.due < $2 THEN 1 ELSE 0 END), 0) AS BIGINT),
                CAST(COALESCE(SUM(CASE WHEN c.due = $2 THEN 1 ELSE 0 END), 0) AS BIGINT),
                CAST(COALESCE(SUM(CASE WHEN c.due > $2 THEN 1 ELSE 0 END), 0) AS BIGINT)
         FROM case_file c JOIN household h ON h.no = c.household
         WHERE c.ended = '' AND c.due > '' AND c.due <= $3 AND h.organisation LIKE $1",
        "SELECT CAST(COALESCE(SUM(CASE WHEN h.review_due < $2 THEN 1 ELSE 0 END), 0) AS BIGINT),
                CAST(COALESCE(SUM(CASE WHEN h.review_due = $2 THEN 1 ELSE 0 END), 0) AS BIGINT),
                CAST(COALESCE(SUM(CASE WHEN h.review_due > $2 THEN 1 ELSE 0 END), 0) AS BIGINT)
         FROM household h
         WHERE h.review_due <> '' AND h.review_due <= $3 AND h.organisation LIKE $1
           AND h.no NOT IN (SELECT c.household FROM case_file c WHERE c.ended = '')",
        "SELECT CAST(COALESCE(SUM(CASE WHEN r.due < $2 THEN 1 ELSE 0 END), 0) AS BIGINT),
                CAST(COALESCE(SUM(CASE WHEN r.due = $2 THEN 1 ELSE 0 END), 0) AS BIGINT),
                CAST(COALESCE(SUM(CASE WHEN r.due > $2 THEN 1 ELSE 0 END), 0) AS BIGINT)
         FROM register_row r WHERE r.due <> '' AND r.due <= $3
           AND (r.organisation LIKE $1 OR r.other LIKE $1)",
    ] {
        let found: Option<(i64, i64, i64)> = tx.one(sql, args![&prefix, today, until]).await?;
        let (late, now, soon) = found.unwrap_or_default();
        sums = (sums.0 + late, sums.1 + now, sums.2 + soon);
    }
    Ok(sums)
}

/// The first day after `after` on which something is due in the scope; none where nothing
/// is.
///
/// # Errors
/// When the database refuses.
pub async fn next(tx: &mut Tx, scope: &Scope, after: &str) -> Result<Option<String>, DbError> {
    let prefix = format!("{}%", scope.prefix());
    let mut days = Vec::new();
    for sql in [
        "SELECT c.due FROM case_file c JOIN household h ON h.no = c.household
         WHERE c.ended = '' AND c.due > $2 AND h.organisation LIKE $1 ORDER BY c.due LIMIT 1",
        "SELECT h.review_due FROM household h WHERE h.review_due > $2
           AND h.organisation LIKE $1 ORDER BY h.review_due LIMIT 1",
        "SELECT r.due FROM register_row r WHERE r.due <> '' AND r.due > $2
           AND (r.organisation LIKE $1 OR r.other LIKE $1) ORDER BY r.due LIMIT 1",
    ] {
        let found: Option<(String,)> = tx.one(sql, args![&prefix, after]).await?;
        days.extend(found.map(|(day,)| day));
    }
    Ok(days.into_iter().min())
}

/// A death after which nothing was decided.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct DeathRow {
    /// 户号
    pub household: String,
    /// 户主
    pub head: String,
    /// The organisation in charge.
    pub organisation: String,
    /// From which day it is stated, the first where there were several.
    pub died: String,
    /// How many live there still.
    pub lives: i64,
}

/// The households of the scope of which somebody died since the last decision, which pays from
/// this month on for more persons than live there, and of which no case runs; by number.
///
/// # Errors
/// When the database refuses.
pub async fn deaths(tx: &mut Tx, scope: &Scope, this: Month) -> Result<Vec<DeathRow>, DbError> {
    tx.all(
        concat!(
            "SELECT h.no AS household, h.head, h.organisation, MIN(g.from_day) AS died,",
            persons_of!("h.no"),
            "AS lives
             FROM present_fact g CROSS JOIN household h CROSS JOIN benefit b
             WHERE g.field = 'left' AND g.value = $2 AND h.no = g.household
               AND h.organisation LIKE $1
               AND b.entry = (SELECT MAX(d.entry) FROM benefit d WHERE d.household = h.no)
               AND b.entry < g.entry AND b.amount > 0
               AND (b.until_month = '' OR b.until_month >= $3)
               AND b.persons >",
            persons_of!("h.no"),
            "AND h.no NOT IN (SELECT c.household FROM case_file c WHERE c.ended = '')
             GROUP BY h.no, h.head, h.organisation ORDER BY h.no"
        ),
        args![format!("{}%", scope.prefix()), left::DEATH, this.to_string()],
    )
    .await
}
