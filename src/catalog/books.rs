//! 台账 that acts fill by themselves: who receives the allowance, what changed, who is a
//! near relative of staff. Read from the tables of facts, decisions and steps.

use jiff::civil::Date;
use sqlx::FromRow;

use super::facts::persons_of;
use super::receiving::receiving;
use crate::args;
use crate::db::{DbError, Tx};
use crate::model::access::Scope;
use crate::model::month::Month;

/// A household that receives the allowance in a month.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Receiving {
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
    /// 月保障金, in 分.
    pub amount: i64,
    /// The first month of this decision.
    pub from_month: String,
}

/// The households of the scope and organisation that receive the allowance in a month, by
/// number, after `after`, at most `limit`.
///
/// # Errors
/// When the database refuses.
pub async fn receiving(
    tx: &mut Tx,
    scope: &Scope,
    organisation: &str,
    month: Month,
    (after, limit): (&str, u32),
) -> Result<Vec<Receiving>, DbError> {
    tx.all(
        concat!(
            "SELECT h.no AS household, h.head, h.organisation, b.category, b.persons, b.amount,
                b.from_month
             FROM ",
            receiving!("$3"),
            " AND h.no > $4 ORDER BY h.no LIMIT $5"
        ),
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

/// A decision on an allowance, or a person who came or left.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Changed {
    /// The day.
    pub on_day: String,
    /// 户号
    pub household: String,
    /// 户主
    pub head: String,
    /// The community in charge.
    pub organisation: String,
    /// `grant`, `raise`, `reduce`, `phase_out`, `stop`; `came` or `left` of a person.
    pub what: String,
    /// The name of the person, or empty.
    pub person: String,
    /// 保障人数 from then on; -1 for a person.
    pub persons: i64,
    /// What was paid before, in 分; -1 for a person.
    pub before: i64,
    /// What is paid from then on, in 分; -1 for a person.
    pub amount: i64,
    /// From which month on, or empty.
    pub from_month: String,
    /// Why, or empty.
    pub words: String,
    /// The entry.
    pub entry: i64,
}

/// What changed in the scope and organisation from one day to another, by day, at most
/// `limit`.
///
/// # Errors
/// When the database refuses.
pub async fn changes(
    tx: &mut Tx,
    scope: &Scope,
    organisation: &str,
    (from, until): (Date, Date),
    limit: u32,
) -> Result<Vec<Changed>, DbError> {
    tx.all(
        "SELECT * FROM (
            SELECT s.on_day, b.household, h.head, h.organisation, b.effect AS what,
                   '' AS person, b.persons,
                   COALESCE((SELECT p.amount FROM benefit p WHERE p.household = b.household
                     AND p.entry < b.entry ORDER BY p.entry DESC LIMIT 1), 0) AS before,
                   b.amount, b.from_month, b.words, b.entry
            FROM case_step s JOIN benefit b ON b.entry = s.entry
            JOIN household h ON h.no = b.household
            WHERE s.on_day >= $3 AND s.on_day <= $4
              AND h.organisation LIKE $1 AND h.organisation LIKE $2
            UNION ALL
            SELECT f.from_day AS on_day, f.household, h.head, h.organisation,
                   CASE f.field WHEN 'left' THEN 'left' ELSE 'came' END AS what,
                   COALESCE((SELECT n.value FROM present_fact n WHERE n.household = f.household
                     AND n.member = f.member AND n.field = 'name'), '') AS person,
                   -1 AS persons, -1 AS before, -1 AS amount, '' AS from_month,
                   CASE f.field WHEN 'left' THEN f.value ELSE f.words END AS words, f.entry
            FROM fact f JOIN household h ON h.no = f.household
            WHERE f.field IN ('left', 'name') AND f.from_day >= $3 AND f.from_day <= $4
              AND f.member >= 0 AND f.value <> '' AND f.voided IS NULL
              AND h.organisation LIKE $1 AND h.organisation LIKE $2
              AND (f.field = 'left' OR NOT EXISTS (SELECT 1 FROM fact o
                WHERE o.household = f.household AND o.member = f.member AND o.field = 'name'
                  AND o.entry < f.entry AND o.voided IS NULL))
         ) AS changed ORDER BY on_day, entry, person LIMIT $5",
        args![
            format!("{}%", scope.prefix()),
            format!("{organisation}%"),
            from.to_string(),
            until.to_string(),
            limit,
        ],
    )
    .await
}

/// A household with one of its near relatives among staff.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct NearRelative {
    /// 户号
    pub household: String,
    /// 户主
    pub head: String,
    /// 身份证号 of the head, covered, or empty.
    pub id_number: String,
    /// The community in charge.
    pub organisation: String,
    /// 工作人员, as it was stated.
    pub staff: String,
    /// 单位, or empty.
    pub unit: String,
    /// 职务, or empty.
    pub post: String,
    /// 关系, or empty.
    pub relation: String,
    /// 身份证号 of the staff, covered, or empty.
    pub staff_id_number: String,
    /// 电话, or empty.
    pub phone: String,
    /// 户籍地址, or empty.
    pub registered: String,
    /// 居住地址, or empty.
    pub address: String,
    /// How many live in the household.
    pub people: i64,
    /// 状态
    pub state: String,
    /// 月保障金 of the last decision, in 分.
    pub amount: i64,
    /// The first month of the allowance, or empty.
    pub from_month: String,
    /// 备案时间: from which day on it is stated.
    pub since: String,
}

/// What is stated of a field of the household, or empty.
macro_rules! declared {
    ($field:literal) => {
        concat!(
            "COALESCE((SELECT r.value FROM present_fact r WHERE r.household = h.no
                AND r.member = -1 AND r.field = '",
            $field,
            "'), '')"
        )
    };
}

/// What is stated of a field of the same relative as the row `f`: the number behind the code
/// is that behind `near_relative`, which has 13 letters.
macro_rules! of_relative {
    ($field:literal) => {
        concat!(
            "COALESCE((SELECT r.value FROM present_fact r WHERE r.household = h.no
                AND r.member = -1 AND r.field = '",
            $field,
            "' || SUBSTR(f.field, 14)), '')"
        )
    };
}

/// The near relatives among staff of the households of the scope and organisation, by number
/// of the household and in the order in which they were stated, at most `limit`; not those
/// that have ended. They are few, and found by the codes of their fields: in the indexes first,
/// then those that are shown.
///
/// # Errors
/// When the database refuses.
pub async fn near_relatives(
    tx: &mut Tx,
    scope: &Scope,
    organisation: &str,
    limit: u32,
) -> Result<Vec<NearRelative>, DbError> {
    tx.all(
        concat!(
            "SELECT h.no AS household, h.head, h.id_number, h.organisation, f.value AS staff, ",
            of_relative!("staff_unit"),
            " AS unit, ",
            of_relative!("staff_post"),
            " AS post, ",
            of_relative!("staff_relation"),
            " AS relation, ",
            of_relative!("staff_id_number"),
            " AS staff_id_number, ",
            of_relative!("staff_phone"),
            " AS phone, ",
            declared!("registered_address"),
            " AS registered,
                h.address,",
            persons_of!("h.no"),
            "AS people,
                h.state,
                COALESCE((SELECT b.amount FROM benefit b WHERE b.household = h.no
                    ORDER BY b.entry DESC LIMIT 1), 0) AS amount,
                COALESCE((SELECT MIN(b.from_month) FROM benefit b WHERE b.household = h.no), '')
                    AS from_month,
                f.from_day AS since
         FROM (SELECT n.household, n.field FROM present_fact n CROSS JOIN household g
               WHERE n.field BETWEEN 'near_relative' AND 'near_relative.99'
                 AND (n.field = 'near_relative' OR n.field LIKE 'near_relative.%')
                 AND n.value <> '' AND g.no = n.household
                 AND g.organisation LIKE $1 AND g.organisation LIKE $2
                 AND EXISTS (SELECT 1 FROM present_fact o WHERE o.household = n.household
                             AND o.member = -1 AND o.field = n.field)
               ORDER BY n.household, LENGTH(n.field), n.field LIMIT $3) AS few
              CROSS JOIN household h CROSS JOIN present_fact f
         WHERE h.no = few.household AND f.household = few.household AND f.member = -1
           AND f.field = few.field
         ORDER BY h.no, LENGTH(f.field), f.field"
        ),
        args![format!("{}%", scope.prefix()), format!("{organisation}%"), limit],
    )
    .await
}
