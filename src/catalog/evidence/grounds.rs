//! What findings rest on: who may have some, what was stated, what was found of persons.

use std::collections::HashMap;

use sqlx::FromRow;

use super::{ClosedRow, EvidenceFileRow};
use crate::args;
use crate::db::{DbError, Tx};
use crate::model::access::Scope;
use crate::model::finding::{ResultRow, Stated, Twin};
use crate::model::id::HouseholdNo;

/// Somebody of the scope, as results are tied to persons.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Person {
    /// By which the number is looked up.
    pub digest: String,
    /// 户号
    pub household: String,
    /// The place in it.
    pub place: i64,
    /// 姓名
    pub name: String,
}

/// The persons of the scope by the digests of their numbers. One number may be of several.
///
/// # Errors
/// When the database refuses.
pub async fn persons(tx: &mut Tx, scope: &Scope) -> Result<HashMap<String, Vec<Person>>, DbError> {
    // Household by household (CROSS JOIN): by digest, SQLite would jump about for each.
    let all: Vec<Person> = tx
        .all(
            "SELECT d.digest, d.household, d.place, COALESCE(f.value, '') AS name
             FROM household h CROSS JOIN id_digest d
             LEFT JOIN present_fact f ON f.household = d.household AND f.member = d.place
                AND f.field = 'name'
             WHERE d.household = h.no AND h.organisation LIKE $1",
            args![format!("{}%", scope.prefix())],
        )
        .await?;
    let mut found: HashMap<String, Vec<Person>> = HashMap::new();
    for one in all {
        found.entry(one.digest.clone()).or_default().push(one);
    }
    Ok(found)
}

/// A household of which something may have been found.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Candidate {
    /// 户号
    pub household: String,
    /// 户主
    pub head: String,
    /// The community in charge.
    pub organisation: String,
    /// 状态
    pub state: String,
    /// The last statement about it.
    pub stated: Option<i64>,
    /// 1 when a finding of it was closed, or somebody of it is in another household too.
    pub sure: i64,
}

/// The households of the scope and organisation of which something may have been found,
/// by number, after `after`, at most `limit`.
///
/// # Errors
/// When the database refuses.
pub async fn candidates(
    tx: &mut Tx,
    scope: &Scope,
    organisation: &str,
    after: &str,
    limit: u32,
) -> Result<Vec<Candidate>, DbError> {
    tx.all(
        "SELECT * FROM (
            SELECT h.no AS household, h.head, h.organisation, h.state, h.stated,
               CAST(CASE WHEN EXISTS (SELECT 1 FROM closed_finding c WHERE c.household = h.no)
                   OR EXISTS (SELECT 1 FROM id_digest d JOIN id_digest o
                   ON o.digest = d.digest AND o.household <> d.household
                   WHERE d.household = h.no) THEN 1 ELSE 0 END AS BIGINT) AS sure
            FROM household h
            WHERE h.organisation LIKE $1 AND h.organisation LIKE $2 AND h.no > $3
         ) AS one
         WHERE EXISTS (SELECT 1 FROM evidence e WHERE e.household = one.household) OR sure = 1
         ORDER BY household LIMIT $4",
        args![format!("{}%", scope.prefix()), format!("{organisation}%"), after, limit],
    )
    .await
}

/// What was found of a household by results of one kind, added up.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Told {
    /// 户号
    pub household: String,
    /// The code of the kind.
    pub kind: String,
    /// The entry that took in the first of them.
    pub first: i64,
    /// The sum of all.
    pub amount: i64,
}

/// What was found of the households from `first` to `last`, added up by kind.
///
/// # Errors
/// When the database refuses.
pub async fn told(tx: &mut Tx, first: &str, last: &str) -> Result<Vec<Told>, DbError> {
    tx.all(
        "SELECT e.household, f.kind, MIN(e.entry) AS first, CAST(SUM(e.amount) AS BIGINT) AS amount
         FROM evidence e JOIN evidence_file f ON f.entry = e.entry
         WHERE e.household >= $1 AND e.household <= $2 GROUP BY e.household, f.kind",
        args![first, last],
    )
    .await
}

/// The values of one field that the households from `first` to `last` declare of all
/// their persons together: household and value.
///
/// # Errors
/// When the database refuses.
pub async fn declared(
    tx: &mut Tx,
    field: &str,
    first: &str,
    last: &str,
) -> Result<Vec<(String, String)>, DbError> {
    tx.all(
        // Else SQLite would go through what all households declare (CROSS JOIN).
        "SELECT h.no, p.value FROM household h CROSS JOIN present_fact p
         WHERE p.household = h.no AND p.member = -1 AND p.field = $1
           AND h.no >= $2 AND h.no <= $3",
        args![field, first, last],
    )
    .await
}

/// Everything that findings of some households rest on, by household.
#[derive(Debug, Default)]
pub struct Grounds {
    /// What was ever stated.
    pub stated: HashMap<String, Vec<Stated>>,
    /// What was found of persons.
    pub results: HashMap<String, Vec<ResultRow>>,
    /// Who lives in two.
    pub twins: HashMap<String, Vec<Twin>>,
    /// What was closed.
    pub closed: HashMap<String, Vec<ClosedRow>>,
}

#[derive(FromRow)]
struct StatedRow {
    household: String,
    entry: i64,
    place: i64,
    member: i64,
    field: String,
    value: String,
    from_day: String,
    voided: Option<i64>,
    proof: Option<i64>,
}

#[derive(FromRow)]
struct Found {
    household: String,
    entry: i64,
    member: i64,
    kind: String,
    as_of: String,
    on_day: String,
    value: String,
    amount: i64,
    file: String,
    line: i64,
}

#[derive(FromRow)]
struct Other {
    household: String,
    member: i64,
    volume: String,
    other: String,
    organisation: String,
}

/// What findings of the households of the scope from `first` to `last` rest on.
///
/// # Errors
/// When the database refuses.
pub async fn grounds(
    tx: &mut Tx,
    scope: &Scope,
    first: &str,
    last: &str,
) -> Result<Grounds, DbError> {
    let args = || args![format!("{}%", scope.prefix()), first, last].to_vec();
    let mut found = Grounds::default();
    // What is looked up by digests, or said of where they live, declares nothing.
    let stated: Vec<StatedRow> = tx
        .all(
            "SELECT f.household, f.entry, f.place, f.member, f.field, f.value, f.from_day, f.voided, f.proof
             FROM fact f JOIN household h ON h.no = f.household
             WHERE h.organisation LIKE $1 AND f.household >= $2 AND f.household <= $3
               AND f.field NOT IN ('id_number', 'address', 'registered_address', 'phone', 'bank',
                                   'account', 'organisation')
             ORDER BY f.household, f.entry, f.place",
            &args(),
        )
        .await?;
    for row in stated {
        found.stated.entry(row.household).or_default().push(Stated {
            entry: (row.entry, row.place),
            member: row.member,
            field: row.field,
            value: row.value,
            from: row.from_day,
            voided: row.voided,
            proven: row.proof.is_some(),
        });
    }
    let results: Vec<Found> = tx
        .all(
            "SELECT e.household, e.entry, e.member, f.kind, f.as_of, e.on_day, e.value, e.amount,
                    f.file, e.line
             FROM evidence e JOIN evidence_file f ON f.entry = e.entry
             JOIN household h ON h.no = e.household
             WHERE h.organisation LIKE $1 AND e.household >= $2 AND e.household <= $3
             ORDER BY e.household, e.entry, e.place",
            &args(),
        )
        .await?;
    for row in results {
        found.results.entry(row.household).or_default().push(ResultRow {
            entry: row.entry,
            member: row.member,
            kind: row.kind,
            as_of: row.as_of,
            on: row.on_day,
            value: row.value,
            amount: row.amount,
            line: (row.file, row.line),
        });
    }
    // Who left the other household, or whose other household was stopped, is in one.
    let others: Vec<Other> = tx
        .all(
            "SELECT DISTINCT d.household, d.place AS member, o.volume, o.no AS other, o.organisation
             FROM id_digest d JOIN household h ON h.no = d.household
             JOIN id_digest p ON p.digest = d.digest AND p.household <> d.household
             JOIN household o ON o.no = p.household
             WHERE h.organisation LIKE $1 AND d.household >= $2 AND d.household <= $3
               AND h.state NOT IN ('stopped', 'refused') AND o.state NOT IN ('stopped', 'refused')
               AND NOT EXISTS (SELECT 1 FROM present_fact g WHERE g.household = p.household
                    AND g.member = p.place AND g.field = 'left' AND g.value <> '')
             ORDER BY d.household, member, other",
            &args(),
        )
        .await?;
    for row in others {
        // Whose file it is outside the scope is not told.
        let told = if scope.covers(&row.organisation) { row.other } else { String::new() };
        let twin = Twin { member: row.member, other: row.volume, told };
        found.twins.entry(row.household).or_default().push(twin);
    }
    let closed: Vec<ClosedRow> = tx
        .all(
            "SELECT c.* FROM closed_finding c JOIN household h ON h.no = c.household
             WHERE h.organisation LIKE $1 AND c.household >= $2 AND c.household <= $3
             ORDER BY c.household, c.entry",
            &args(),
        )
        .await?;
    for row in closed {
        found.closed.entry(row.household.clone()).or_default().push(row);
    }
    Ok(found)
}

/// The file and the kind of the entries that took results in, for these of one household.
///
/// # Errors
/// When the database refuses.
pub async fn sources(
    tx: &mut Tx,
    household: &HouseholdNo,
) -> Result<Vec<EvidenceFileRow>, DbError> {
    tx.all(
        "SELECT * FROM evidence_file
         WHERE entry IN (SELECT entry FROM evidence WHERE household = $1) ORDER BY entry",
        args![household.as_str()],
    )
    .await
}
