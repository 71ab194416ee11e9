//! 核查: what other departments say of persons, and which findings were closed.

mod grounds;

use std::collections::HashSet;

use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;

pub use self::grounds::{Candidate, Grounds, Person, candidates, grounds, persons, sources};
use super::apply::{ApplyError, Refusal};
use super::owed;
use crate::args;
use crate::db::{DbError, Tx};
use crate::model::access::Scope;
use crate::model::act::{Body, LogEntry};
use crate::model::evidence::{Closing, Evidence, EvidenceRule};
use crate::model::id::{Digest, EntryNo};
use crate::model::living::LivingRule;

/// A file that was taken in, or a part of one.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, ToSchema)]
pub struct EvidenceFileRow {
    /// The entry that took it in.
    pub entry: i64,
    /// Of which organisation and those below it the persons are.
    pub organisation: String,
    /// The code of its kind.
    pub kind: String,
    /// What the kind is called, in Chinese.
    pub called: String,
    /// The day the results are of.
    pub as_of: String,
    /// Its SHA-256.
    pub file: String,
    /// Its name.
    pub name: String,
    /// Which part of the file it is, from 0.
    pub part: i64,
    /// How many rows were kept.
    pub kept: i64,
    /// How many were about nobody of the archive.
    pub unknown: i64,
    /// How many could not be read.
    pub bad: i64,
    /// Who took it in.
    pub author: String,
}

/// A row that is about a person of the archive.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize)]
pub struct KeptRow {
    /// The entry that took it in.
    pub entry: i64,
    /// Its place in that, from 0.
    pub place: i64,
    /// 户号
    pub household: String,
    /// The place of the person.
    pub member: i64,
    /// The line of the file.
    pub line: i64,
    /// The day it is of.
    pub on_day: String,
    /// The value as it is kept.
    pub value: String,
    /// The value as a number.
    pub amount: i64,
}

/// A finding that was closed.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, ToSchema)]
#[schema(as = ClosedFinding)]
pub struct ClosedRow {
    /// The entry that closed it.
    pub entry: i64,
    /// 户号
    pub household: String,
    /// The code of the finding.
    pub finding: String,
    /// What it is called, in Chinese.
    pub called: String,
    /// The place of the person; -1 for the household.
    pub member: i64,
    /// What it rested on.
    pub mark: String,
    /// What was declared.
    pub declared: String,
    /// What was found.
    pub found: String,
    /// What it came to: `no_ground`, `explained`, `changed`, `stopped`, `recovered`.
    pub outcome: String,
    /// The paper that decides it.
    pub document: i64,
    /// Why.
    pub words: String,
    /// Who closed it.
    pub author: String,
}

fn whole(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Writes a part of a file of another department.
pub(super) async fn take(
    tx: &mut Tx,
    entry: EntryNo,
    body: &Body,
    said: &Evidence,
) -> Result<(), ApplyError> {
    let file = said.file.to_string();
    if is_taken(tx, &file, &said.kind, said.organisation.as_str(), said.part.into()).await? {
        return Err(LivingRule::from(EvidenceRule::Taken(said.called.clone())).into());
    }
    tx.run(
        "INSERT INTO evidence_file (entry, organisation, kind, called, as_of, file, name, part,
                                    kept, unknown, bad, author)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        args![
            entry,
            said.organisation.as_str(),
            &said.kind,
            &said.called,
            said.as_of.to_string(),
            file,
            &said.name,
            i64::from(said.part),
            whole(said.rows.len() as u64),
            whole(said.unknown),
            whole(said.bad),
            &body.actor.name,
        ],
    )
    .await?;
    let rows = said.rows.iter().zip(0_i64..).map(|(row, place)| {
        (
            "INSERT INTO evidence (entry, place, household, member, line, on_day, value, amount)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            args![
                entry,
                place,
                row.household.as_str(),
                i64::from(row.member),
                whole(row.line),
                row.on.to_string(),
                &row.value,
                row.amount,
            ]
            .to_vec(),
        )
    });
    Ok(tx.run_all(rows.collect()).await?)
}

async fn is_taken(
    tx: &mut Tx,
    file: &str,
    kind: &str,
    organisation: &str,
    part: i64,
) -> Result<bool, DbError> {
    let sql = "SELECT COUNT(*) FROM evidence_file
               WHERE file = $1 AND kind = $2 AND organisation = $3 AND part = $4";
    Ok(tx.number(sql, args![file, kind, organisation, part]).await? > 0)
}

/// What of a file was taken in before.
#[derive(Debug, Default)]
pub struct Before {
    /// In how many parts.
    pub parts: u32,
    /// The rows: household, place of the person, line.
    pub rows: HashSet<(String, i64, i64)>,
}

/// What of a file was taken in before for an organisation, as that kind.
///
/// # Errors
/// When the database refuses.
pub async fn before(
    tx: &mut Tx,
    file: Digest,
    kind: &str,
    organisation: &str,
) -> Result<Before, DbError> {
    let args = args![file.to_string(), kind, organisation].to_vec();
    let sql = "SELECT COUNT(*) FROM evidence_file
               WHERE file = $1 AND kind = $2 AND organisation = $3";
    let parts = u32::try_from(tx.number(sql, &args).await?).unwrap_or(u32::MAX);
    if parts == 0 {
        return Ok(Before::default());
    }
    let rows: Vec<(String, i64, i64)> = tx
        .all(
            "SELECT e.household, e.member, e.line FROM evidence e
             JOIN evidence_file f ON f.entry = e.entry
             WHERE f.file = $1 AND f.kind = $2 AND f.organisation = $3",
            &args,
        )
        .await?;
    Ok(Before { parts, rows: rows.into_iter().collect() })
}

/// Writes that a finding is closed.
pub(super) async fn close(
    tx: &mut Tx,
    entry: &LogEntry,
    body: &Body,
    said: &Closing,
) -> Result<(), ApplyError> {
    let no = &said.household;
    if !super::households::exists(tx, no).await? {
        return Err(Refusal::UnknownHousehold(no.clone()).into());
    }
    let member = said.member.map_or(super::facts::WHOLE, i64::from);
    let before: Option<(EntryNo, String)> = tx
        .one(
            "SELECT entry, author FROM closed_finding
             WHERE household = $1 AND finding = $2 AND member = $3 AND mark = $4",
            args![no.as_str(), &said.finding, member, &said.mark],
        )
        .await?;
    if let Some((entry, author)) = before {
        return Err(LivingRule::from(EvidenceRule::Closed { author, entry }).into());
    }
    owed::in_file(tx, no, said.document).await?;
    tx.run(
        "INSERT INTO closed_finding (entry, household, finding, called, member, mark, declared,
                                     found, outcome, document, words, author)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        args![
            entry.no,
            no.as_str(),
            &said.finding,
            &said.called,
            member,
            &said.mark,
            &said.declared,
            &said.found,
            said.outcome.as_str(),
            said.document.0,
            &said.words,
            &body.actor.name,
        ],
    )
    .await?;
    Ok(())
}

/// The files that were taken in for organisations of the scope, the newest first, at most
/// `limit`, before entry `before`.
///
/// # Errors
/// When the database refuses.
pub async fn files(
    tx: &mut Tx,
    scope: &Scope,
    before: EntryNo,
    limit: u32,
) -> Result<Vec<EvidenceFileRow>, DbError> {
    tx.all(
        "SELECT * FROM evidence_file WHERE organisation LIKE $1 AND entry < $2
         ORDER BY entry DESC LIMIT $3",
        args![format!("{}%", scope.prefix()), before, limit],
    )
    .await
}

/// The file, or the part of one, that an entry took in; none outside the scope.
///
/// # Errors
/// When the database refuses.
pub async fn file(
    tx: &mut Tx,
    scope: &Scope,
    entry: EntryNo,
) -> Result<Option<EvidenceFileRow>, DbError> {
    let sql = "SELECT * FROM evidence_file WHERE organisation LIKE $1 AND entry = $2";
    tx.one(sql, args![format!("{}%", scope.prefix()), entry]).await
}

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
    let all: Vec<Person> = tx
        .all(
            "SELECT d.digest, d.household, d.place, COALESCE(f.value, '') AS name
             FROM id_digest d JOIN household h ON h.no = d.household
             LEFT JOIN present_fact f ON f.household = d.household AND f.member = d.place
                AND f.field = 'name'
             WHERE h.organisation LIKE $1",
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
        "SELECT h.no AS household, h.head, h.organisation, h.state FROM household h
         WHERE h.organisation LIKE $1 AND h.organisation LIKE $2 AND h.no > $3
           AND (EXISTS (SELECT 1 FROM evidence e WHERE e.household = h.no)
             OR EXISTS (SELECT 1 FROM closed_finding c WHERE c.household = h.no)
             OR EXISTS (SELECT 1 FROM id_digest d JOIN id_digest o
                ON o.digest = d.digest AND o.household <> d.household WHERE d.household = h.no))
         ORDER BY h.no LIMIT $4",
        args![format!("{}%", scope.prefix()), format!("{organisation}%"), after, limit],
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
            "SELECT f.household, f.entry, f.place, f.member, f.field, f.value, f.from_day, f.voided
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
