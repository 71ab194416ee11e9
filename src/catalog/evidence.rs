//! 核查: what other departments say of persons, and which findings were closed.

mod grounds;

use std::collections::HashSet;

use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;

pub use self::grounds::{
    Candidate, Grounds, Person, Told, candidates, declared, grounds, persons, sources, told,
};
use super::apply::{ApplyError, Refusal};
use super::owed;
use crate::args;
use crate::db::{DbError, Tx};
use crate::model::access::Scope;
use crate::model::act::{Body, LogEntry};
use crate::model::evidence::{Closing, Evidence, EvidenceRule, Mapping};
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
    /// The digest of the names of its columns; empty for files of before.
    pub heads: String,
    /// The columns that were read, from 0: number, name, day, value, such as `2,1,,3`; empty
    /// for files of before.
    pub mapping: String,
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
                                    kept, unknown, bad, author, heads, mapping)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
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
            said.heads.map(|heads| heads.to_string()).unwrap_or_default(),
            said.heads.map(|_| said.mapping.to_text()).unwrap_or_default(),
        ],
    )
    .await?;
    let rows = said.rows.iter().zip(0_i64..).map(|(row, place)| {
        let (member, line, on) = (i64::from(row.member), whole(row.line), row.on.to_string());
        args![place, row.household.as_str(), member, line, on, &row.value, row.amount].to_vec()
    });
    let rows: Vec<_> = rows.collect();
    tx.run_rows(
        (
            "INSERT INTO evidence (entry, place, household, member, line, on_day, value, amount)
             SELECT $1, v.column1, v.column2, v.column3, v.column4, v.column5, v.column6,
                    v.column7 FROM (VALUES ",
            ") AS v",
        ),
        args![entry],
        &rows,
    )
    .await?;
    Ok(())
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

/// The entry of the last file of a kind that an organisation took in with columns of these
/// names, and which of them were read; none before the first.
///
/// # Errors
/// When the database refuses.
pub async fn last_mapping(
    tx: &mut Tx,
    heads: Digest,
    kind: &str,
    organisation: &str,
) -> Result<Option<(EntryNo, Mapping)>, DbError> {
    let found: Option<(EntryNo, String)> = tx
        .one(
            "SELECT entry, mapping FROM evidence_file
             WHERE heads = $1 AND heads <> '' AND kind = $2 AND organisation = $3
             ORDER BY entry DESC LIMIT 1",
            args![heads.to_string(), kind, organisation],
        )
        .await?;
    Ok(found.and_then(|(entry, text)| Some((entry, Mapping::from_text(&text)?))))
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
