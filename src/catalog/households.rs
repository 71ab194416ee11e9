//! Households and their persons.

mod lists;

use std::collections::HashMap;

use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;

pub use self::lists::{Listed, Wanted, count_wanted, incomplete, list, outdated, unbound};
use super::facts::persons_of;
use crate::args;
use crate::db::{Arg, DbError, Statement, Tx, about_rows};
use crate::model::access::Scope;
use crate::model::id::HouseholdNo;

/// A household as the catalog knows it.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, ToSchema)]
pub struct Household {
    /// 户号
    pub no: String,
    /// 户主
    pub head: String,
    /// 身份证号 of the head, covered, or empty.
    pub id_number: String,
    /// Where it lives, or empty.
    pub address: String,
    /// The community it belongs to.
    pub organisation: String,
    /// The entry that opened it.
    pub opened: i64,
    /// The random name under which the log speaks of its file.
    pub volume: String,
    /// The last entry about it.
    pub last_entry: i64,
    /// 状态, by the code that the rules have for it.
    pub state: String,
    /// 类别, or empty.
    pub category: String,
    /// The day by which it is reviewed next, or empty.
    pub review_due: String,
    /// Until when its file is kept at least, or empty while it receives.
    pub kept_until: String,
    /// The last statement about it.
    pub stated: Option<i64>,
    /// The last step of its cases.
    pub stepped: Option<i64>,
}

/// A member of a household other than its head.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, ToSchema)]
pub struct MemberRow {
    /// Whose member.
    pub household: String,
    /// From 1.
    pub place: i64,
    /// 姓名
    pub name: String,
    /// 与户主关系
    pub relation: String,
    /// 身份证号, covered, or empty.
    pub id_number: String,
}

/// Whether the number is given.
///
/// # Errors
/// When the database refuses.
pub async fn exists(tx: &mut Tx, no: &HouseholdNo) -> Result<bool, DbError> {
    Ok(tx.number("SELECT COUNT(*) FROM household WHERE no = $1", args![no.as_str()]).await? > 0)
}

/// The household of that number, or none.
///
/// # Errors
/// When the database refuses.
pub async fn get(tx: &mut Tx, no: &HouseholdNo) -> Result<Option<Household>, DbError> {
    tx.one("SELECT * FROM household WHERE no = $1", args![no.as_str()]).await
}

/// The organisation in charge of a household; the one in whose region its number
/// was given, where there is no such household.
///
/// # Errors
/// When the database refuses.
pub async fn in_charge(tx: &mut Tx, no: &HouseholdNo) -> Result<String, DbError> {
    let sql = "SELECT organisation FROM household WHERE no = $1";
    let found: Option<(String,)> = tx.one(sql, args![no.as_str()]).await?;
    Ok(found.map_or_else(|| no.organisation().to_string(), |(code,)| code))
}

/// The organisations in charge of the households whose numbers are not below the least of
/// `numbers` and not above the greatest: asked once, where they are many.
///
/// # Errors
/// When the database refuses.
pub async fn in_charge_of_all<'a>(
    tx: &mut Tx,
    numbers: impl Iterator<Item = &'a HouseholdNo> + Clone,
) -> Result<HashMap<String, String>, DbError> {
    let (Some(first), Some(last)) = (numbers.clone().min(), numbers.max()) else {
        return Ok(HashMap::new());
    };
    let sql = "SELECT no, organisation FROM household WHERE no BETWEEN $1 AND $2";
    let found: Vec<(String, String)> = tx.all(sql, args![first.as_str(), last.as_str()]).await?;
    Ok(found.into_iter().collect())
}

/// The members of a household beside its head.
///
/// # Errors
/// When the database refuses.
pub async fn members(tx: &mut Tx, no: &HouseholdNo) -> Result<Vec<MemberRow>, DbError> {
    tx.all("SELECT * FROM member WHERE household = $1 ORDER BY place", args![no.as_str()]).await
}

/// How many live in a household.
///
/// # Errors
/// When the database refuses.
pub async fn living(tx: &mut Tx, no: &HouseholdNo) -> Result<i64, DbError> {
    let sql = concat!("SELECT", persons_of!("h.no"), "FROM household h WHERE h.no = $1");
    tx.number(sql, args![no.as_str()]).await
}

/// Whether the head of a household or another of its members has this name.
///
/// # Errors
/// When the database refuses.
pub async fn is_one_of(tx: &mut Tx, no: &HouseholdNo, name: &str) -> Result<bool, DbError> {
    let sql = "SELECT (SELECT COUNT(*) FROM household WHERE no = $1 AND head = $2)
                    + (SELECT COUNT(*) FROM member WHERE household = $1 AND name = $2)";
    Ok(tx.number(sql, args![no.as_str(), name]).await? > 0)
}

/// The first free serial in a community's region.
///
/// # Errors
/// When the database refuses.
pub async fn next_serial(tx: &mut Tx, region: &str) -> Result<u32, DbError> {
    let last = tx
        .number(
            "SELECT MAX(CAST(SUBSTR(no, 13) AS BIGINT)) FROM household WHERE no LIKE $1",
            args![format!("{region}%")],
        )
        .await?;
    Ok(u32::try_from(last).unwrap_or(0) + 1)
}

/// What writes the members of a household: place, name, relation, number of each.
pub(super) fn writing_members(no: &HouseholdNo, rows: Vec<Vec<Arg>>) -> Vec<Statement> {
    let around = (
        "INSERT INTO member (household, place, name, relation, id_number)
         SELECT $1, v.column1, v.column2, v.column3, v.column4 FROM (VALUES ",
        ") AS v",
    );
    about_rows(around, args![no.as_str()], &rows)
}

/// How many households the scope has from the number `first` to `last`.
///
/// # Errors
/// When the database refuses.
pub async fn between(tx: &mut Tx, scope: &Scope, first: &str, last: &str) -> Result<i64, DbError> {
    tx.number(
        "SELECT COUNT(*) FROM household WHERE organisation LIKE $1 AND no >= $2 AND no <= $3",
        args![format!("{}%", scope.prefix()), first, last],
    )
    .await
}

/// How many households the scope has.
///
/// # Errors
/// When the database refuses.
pub async fn count(tx: &mut Tx, scope: &Scope) -> Result<i64, DbError> {
    tx.number(
        "SELECT COUNT(*) FROM household WHERE organisation LIKE $1",
        args![format!("{}%", scope.prefix())],
    )
    .await
}

/// A person of a household who is named in a text.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Named {
    /// Whose household.
    pub no: String,
    /// Its head.
    pub head: String,
    /// Where it lives.
    pub address: String,
    /// The person named: the head or a member.
    pub name: String,
    /// Whether the number of the person's identity card is among those: 1 or 0.
    pub by_number: i64,
}

/// The persons in the scope whose name or household number stands in `text`, or
/// the number of whose identity card has one of these `digests`, at most 200.
///
/// # Errors
/// When the database refuses.
pub async fn named_in(
    tx: &mut Tx,
    scope: &Scope,
    text: &str,
    digests: &[String],
) -> Result<Vec<Named>, DbError> {
    tx.all(
        "SELECT * FROM (
            SELECT h.no, h.head, h.address, h.head AS name, h.organisation, h.state,
                   CAST(CASE WHEN $3 LIKE '%,' || d.digest || ',%' THEN 1 ELSE 0 END AS BIGINT)
                   AS by_number
            FROM household h LEFT JOIN id_digest d ON d.household = h.no AND d.place = 0
            UNION ALL
            SELECT h.no, h.head, h.address, m.name, h.organisation, h.state,
                   CAST(CASE WHEN $3 LIKE '%,' || d.digest || ',%' THEN 1 ELSE 0 END AS BIGINT)
            FROM member m JOIN household h ON h.no = m.household
            LEFT JOIN id_digest d ON d.household = m.household AND d.place = m.place
         ) AS person
         WHERE organisation LIKE $1
           AND ($2 LIKE '%' || no || '%' OR (state NOT IN ('merged', 'void')
                AND ($2 LIKE '%' || name || '%' OR by_number = 1)))
         ORDER BY no LIMIT 200",
        args![format!("{}%", scope.prefix()), text, lists::between_commas(digests)],
    )
    .await
}

/// A household as it is held in memory: suggested while somebody types, looked for in a catalog.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Held {
    /// 户号
    pub no: String,
    /// 户主
    pub head: String,
    /// The community it belongs to.
    pub organisation: String,
    /// 档号 of its volume, or empty.
    pub reference: String,
    /// 案卷题名, or empty.
    pub title: String,
    /// The names of its members beside the head, a line each, or empty.
    pub members: String,
    /// 状态, by the code that the rules have for it.
    pub state: String,
}

/// The households that something was recorded of from entry `from` on, whoever
/// asks: what is shown of them is narrowed later.
///
/// # Errors
/// When the database refuses.
pub async fn changed_since(tx: &mut Tx, from: i64) -> Result<Vec<Held>, DbError> {
    tx.all(
        "SELECT h.no, h.head, h.organisation, h.state,
                COALESCE(v.reference_code, '') AS reference, COALESCE(v.title, '') AS title,
                COALESCE((SELECT STRING_AGG(m.name, '\n') FROM member m
                          WHERE m.household = h.no), '') AS members
         FROM household h
         LEFT JOIN volume v ON v.household = h.no AND v.version =
           (SELECT MAX(w.version) FROM volume w WHERE w.household = h.no)
         WHERE h.last_entry >= $1",
        args![from],
    )
    .await
}
