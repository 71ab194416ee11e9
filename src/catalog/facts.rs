//! 记载: what is known of households and their persons, from which day on, and
//! what was known on any day. Rows are never changed; one that was wrong is marked
//! with the entry that says so.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;

use super::apply::{ApplyError, Refusal};
use super::{feed, owed};
use crate::args;
use crate::db::{self, DbError, Tx, about_rows};
use crate::model::act::{Body, LogEntry, Member};
use crate::model::codes::{household, member};
use crate::model::id::{DocumentId, EntryNo, HouseholdNo, OrganisationCode};
use crate::model::kinship::KinRule;
use crate::model::lending::day_of;
use crate::model::living::{Fact, LivingRule, Statement};

/// What stands for the household as a whole where a person could.
pub const WHOLE: i64 = -1;

/// A value that was stated.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, ToSchema)]
pub struct FactRow {
    /// The entry that stated it.
    pub entry: i64,
    /// Its place in that statement, from 0.
    pub place: i64,
    /// 户号
    pub household: String,
    /// The place of the person in the household; -1 for the household.
    pub member: i64,
    /// The code of the field.
    pub field: String,
    /// The value, numbers of persons covered; empty when none holds.
    pub value: String,
    /// From which day on; empty for what was known when the file was opened.
    pub from_day: String,
    /// The document that proves it.
    pub proof: Option<i64>,
    /// A remark, or empty.
    pub words: String,
    /// Who stated it.
    pub author: String,
    /// The entry that took it back.
    pub voided: Option<i64>,
}

/// A value that holds.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, ToSchema)]
pub struct PresentFact {
    /// 户号
    pub household: String,
    /// The place of the person in the household; -1 for the household.
    pub member: i64,
    /// The code of the field.
    pub field: String,
    /// The value, numbers of persons covered.
    pub value: String,
    /// From which day on; empty for what was known when the file was opened.
    pub from_day: String,
    /// The entry that stated it.
    pub entry: i64,
    /// The document that proves it.
    pub proof: Option<i64>,
}

/// What writes with what a file was opened, as facts of no particular day.
pub(super) fn opening(
    no: EntryNo,
    household: &HouseholdNo,
    [head, id_number, address, author]: [&str; 4],
    members: &[Member],
    told: &[Fact],
) -> Vec<db::Statement> {
    let organisation = household.organisation().to_string();
    let mut facts = vec![
        (0, WHOLE, household::HEAD, "0"),
        (1, WHOLE, household::ORGANISATION, organisation.as_str()),
        (2, WHOLE, household::ADDRESS, address),
        (3, 0, member::NAME, head),
        (4, 0, member::ID_NUMBER, id_number),
    ];
    for (one, person) in members.iter().zip(1_i64..) {
        let place = 3 * person + 2;
        facts.push((place, person, member::NAME, one.name.as_str()));
        facts.push((place + 1, person, member::RELATION, &one.relation));
        facts.push((place + 2, person, member::ID_NUMBER, &one.id_number));
    }
    // What else the roster says, behind what every file is opened with.
    let behind = i64::try_from(3 * members.len() + 5).unwrap_or(i64::MAX);
    for (one, place) in told.iter().zip(behind..) {
        facts.push((place, one.member.map_or(WHOLE, i64::from), &one.field, one.value.as_str()));
    }
    let given = facts.into_iter().filter(|(.., value)| !value.is_empty());
    let rows: Vec<_> = given
        .map(|(place, member, field, value)| args![place, member, field, value].to_vec())
        .collect();
    let around = (
        "INSERT INTO fact (entry, place, household, member, field, value, from_day, proof,
                           words, author, voided)
         SELECT $1, v.column1, $2, v.column2, v.column3, v.column4, '', CAST(NULL AS BIGINT),
                '', $3, CAST(NULL AS BIGINT) FROM (VALUES ",
        ") AS v",
    );
    let mut all = about_rows(around, args![no, household.as_str(), author], &rows);
    all.push((
        "INSERT INTO present_fact (household, member, field, value, from_day, entry, proof)
         SELECT household, member, field, value, from_day, entry, proof FROM fact
         WHERE entry = $1"
            .into(),
        args![no].to_vec(),
    ));
    all
}

/// Writes a statement, and what holds after it.
pub(super) async fn state(
    tx: &mut Tx,
    entry: &LogEntry,
    body: &Body,
    said: &Statement,
) -> Result<(), ApplyError> {
    let no = &said.household;
    let found: Option<(Option<i64>,)> =
        tx.one("SELECT stated FROM household WHERE no = $1", args![no.as_str()]).await?;
    let (stated,) = found.ok_or_else(|| Refusal::UnknownHousehold(no.clone()))?;
    if stated != said.seen {
        return Err(LivingRule::StatedMeanwhile(no.clone()).into());
    }
    if said.from > day_of(entry.time) {
        return Err(LivingRule::NotYet(said.from).into());
    }
    proves(tx, no, said).await?;
    if let Some(proof) = said.proof {
        feed::touch(tx, proof).await?;
    }
    let mut touched = match said.instead_of {
        Some(wrong) => take_back(tx, entry.no, no, wrong).await?,
        None => BTreeSet::new(),
    };
    let mut rows = Vec::new();
    for (fact, place) in said.facts.iter().zip(0_i64..) {
        let member = fact.member.map_or(WHOLE, i64::from);
        rows.push(args![place, member, &fact.field, &fact.value].to_vec());
        touched.insert((member, fact.field.clone()));
    }
    tx.run_rows(
        (
            "INSERT INTO fact (entry, place, household, member, field, value, from_day, proof,
                               words, author, voided)
             SELECT $1, v.column1, $2, v.column2, v.column3, v.column4, $3, $4, $5, $6,
                    CAST(NULL AS BIGINT) FROM (VALUES ",
            ") AS v",
        ),
        args![
            entry.no,
            no.as_str(),
            said.from.to_string(),
            said.proof.map(|document| document.0),
            &said.words,
            &body.actor.name,
        ],
        &rows,
    )
    .await?;
    // Every paper of a household is found by its head and the sound of its names.
    let renamed = touched
        .iter()
        .any(|(_, field)| matches!(field.as_str(), household::HEAD | member::NAME | member::LEFT));
    settle(tx, no, touched).await?;
    if renamed {
        feed::touch_file_of(tx, no).await?;
    }
    tx.run("UPDATE household SET stated = $1 WHERE no = $2", args![entry.no, no.as_str()]).await?;
    project(tx, no).await
}

/// Refuses a statement about persons that are not there, or with a paper that is
/// not of the household.
async fn proves(tx: &mut Tx, no: &HouseholdNo, said: &Statement) -> Result<(), ApplyError> {
    if let Some(document) = said.proof {
        owed::in_file(tx, no, document).await?;
    }
    let sql = "SELECT MAX(member) FROM fact WHERE household = $1 AND field = 'name'";
    let mut last = tx.number(sql, args![no.as_str()]).await?;
    for fact in &said.facts {
        let Some(member) = fact.member.map(i64::from) else { continue };
        if member == last + 1 && fact.field == member::NAME && !fact.value.is_empty() {
            last = member;
        }
        if member > last {
            return Err(LivingRule::NoPerson(no.clone(), member).into());
        }
        if fact.field == member::LEFT && super::kinship::went_away(tx, no, member).await? {
            return Err(LivingRule::from(KinRule::Away(no.clone(), member)).into());
        }
    }
    Ok(())
}

/// Marks a statement as wrong; returns whose values it had.
async fn take_back(
    tx: &mut Tx,
    by: EntryNo,
    no: &HouseholdNo,
    wrong: EntryNo,
) -> Result<BTreeSet<(i64, String)>, ApplyError> {
    if super::kinship::is_link(tx, wrong).await? {
        return Err(LivingRule::from(KinRule::IsLink(wrong)).into());
    }
    let had: Vec<(i64, String)> = tx
        .all(
            "SELECT member, field FROM fact WHERE entry = $1 AND household = $2
             AND voided IS NULL AND from_day <> ''",
            args![wrong, no.as_str()],
        )
        .await?;
    if had.is_empty() {
        return Err(LivingRule::NoStatement(wrong, no.clone()).into());
    }
    tx.run("UPDATE fact SET voided = $1 WHERE entry = $2", args![by, wrong]).await?;
    let sql = "SELECT proof FROM fact WHERE entry = $1 AND proof IS NOT NULL LIMIT 1";
    if let Some((proof,)) = tx.one::<(i64,)>(sql, args![wrong]).await? {
        feed::touch(tx, DocumentId(proof)).await?;
    }
    Ok(had.into_iter().collect())
}

/// Makes the values of fields that hold: of the last day from which one was stated, the
/// one stated last.
pub(super) async fn settle(
    tx: &mut Tx,
    no: &HouseholdNo,
    touched: BTreeSet<(i64, String)>,
) -> Result<(), DbError> {
    let rows = touched.into_iter().map(|(member, field)| args![member, field].to_vec());
    let rows: Vec<_> = rows.collect();
    let household = args![no.as_str()];
    tx.run_rows(
        ("DELETE FROM present_fact WHERE household = $1 AND (member, field) IN (VALUES ", ")"),
        household,
        &rows,
    )
    .await?;
    tx.run_rows(
        (
            "INSERT INTO present_fact (household, member, field, value, from_day, entry, proof)
             SELECT household, member, field, value, from_day, entry, proof FROM (
                SELECT fact.*, ROW_NUMBER() OVER (PARTITION BY member, field
                    ORDER BY from_day DESC, entry DESC, place DESC) AS newest
                FROM fact WHERE household = $1 AND voided IS NULL AND (member, field) IN (VALUES ",
            ")) AS dated WHERE newest = 1",
        ),
        household,
        &rows,
    )
    .await?;
    Ok(())
}

/// Brings the rows of the household and its members to what holds.
pub(super) async fn project(tx: &mut Tx, no: &HouseholdNo) -> Result<(), ApplyError> {
    let facts = present(tx, no).await?;
    let value = |member: i64, field: &str| {
        let found = facts.iter().find(|one| one.member == member && one.field == field);
        found.map_or("", |one| one.value.as_str())
    };
    let head = head(&facts, no)?;
    let gone = |member: i64| !value(member, member::LEFT).is_empty();
    if value(head, member::NAME).is_empty() || gone(head) {
        return Err(LivingRule::NoPerson(no.clone(), head).into());
    }
    let organisation = value(WHOLE, household::ORGANISATION).to_owned();
    move_to(tx, no, &organisation).await?;
    tx.run(
        "UPDATE household SET head = $2, id_number = $3, address = $4 WHERE no = $1",
        args![
            no.as_str(),
            value(head, member::NAME),
            value(head, member::ID_NUMBER),
            value(WHOLE, household::ADDRESS)
        ],
    )
    .await?;
    tx.run("DELETE FROM member WHERE household = $1", args![no.as_str()]).await?;
    let lives = |one: &&PresentFact| !one.value.is_empty() && !gone(one.member);
    let named =
        facts.iter().filter(|one| one.field == member::NAME && one.member != head).filter(lives);
    let rows = named.map(|one| {
        let of = |field| value(one.member, field);
        args![one.member, &one.value, of(member::RELATION), of(member::ID_NUMBER)].to_vec()
    });
    Ok(tx.run_all(super::households::writing_members(no, rows.collect())).await?)
}

/// The place of the head: 0, with which a file is opened, until another is stated.
///
/// # Errors
/// When what is stated is no number.
pub(super) fn head(facts: &[PresentFact], no: &HouseholdNo) -> Result<i64, LivingRule> {
    let stated = facts.iter().find(|one| one.member == WHOLE && one.field == household::HEAD);
    match stated.map_or("", |one| one.value.as_str()) {
        "" => Ok(0),
        place => place.parse().map_err(|_| LivingRule::NoPlace(no.clone(), place.to_owned())),
    }
}

/// Moves a household with its papers to another community.
async fn move_to(tx: &mut Tx, no: &HouseholdNo, organisation: &str) -> Result<(), ApplyError> {
    let code: OrganisationCode =
        organisation.parse().map_err(|_| LivingRule::UnknownPlace(organisation.to_owned()))?;
    let moved = tx
        .run(
            "UPDATE household SET organisation = $2 WHERE no = $1 AND organisation <> $2",
            args![no.as_str(), organisation],
        )
        .await?;
    if moved == 0 {
        return Ok(());
    }
    if !super::organisations::is_registered(tx, &code).await? {
        return Err(LivingRule::UnknownPlace(organisation.to_owned()).into());
    }
    tx.run(
        "UPDATE document SET organisation = $2 WHERE household = $1",
        args![no.as_str(), organisation],
    )
    .await?;
    Ok(feed::touch_file_of(tx, no).await?)
}

/// The values of a household that hold, in order of persons and fields.
///
/// # Errors
/// When the database refuses.
pub async fn present(tx: &mut Tx, no: &HouseholdNo) -> Result<Vec<PresentFact>, DbError> {
    let sql = "SELECT * FROM present_fact WHERE household = $1 ORDER BY member, field";
    tx.all(sql, args![no.as_str()]).await
}

/// The values of a household that hold once what the entry `wrong` stated is taken back, in
/// order of persons and fields.
///
/// # Errors
/// When the database refuses.
pub async fn without(
    tx: &mut Tx,
    no: &HouseholdNo,
    wrong: EntryNo,
) -> Result<Vec<PresentFact>, DbError> {
    tx.all(
        "SELECT household, member, field, value, from_day, entry, proof FROM (
            SELECT fact.*, ROW_NUMBER() OVER (PARTITION BY member, field
                ORDER BY from_day DESC, entry DESC, place DESC) AS newest
            FROM fact WHERE household = $1 AND voided IS NULL AND entry <> $2
         ) AS dated WHERE newest = 1 ORDER BY member, field",
        args![no.as_str(), wrong],
    )
    .await
}

/// What was known, after entry `known`, to hold on the day `on`.
///
/// # Errors
/// When the database refuses.
pub async fn on_day(
    tx: &mut Tx,
    no: &HouseholdNo,
    on: Date,
    known: EntryNo,
) -> Result<Vec<PresentFact>, DbError> {
    tx.all(
        "SELECT household, member, field, value, from_day, entry, proof FROM (
            SELECT fact.*, ROW_NUMBER() OVER (PARTITION BY member, field
                ORDER BY from_day DESC, entry DESC, place DESC) AS newest
            FROM fact WHERE household = $1 AND from_day <= $2 AND entry <= $3
              AND (voided IS NULL OR voided > $3)
         ) AS dated WHERE newest = 1 ORDER BY member, field",
        args![no.as_str(), on.to_string(), known],
    )
    .await
}

/// What held on the day `on` by all that is stated now; sex and birth are those of a whole
/// life, from whichever day on they are stated.
///
/// # Errors
/// When the database refuses.
pub async fn held(tx: &mut Tx, no: &HouseholdNo, on: Date) -> Result<Vec<PresentFact>, DbError> {
    tx.all(
        "SELECT household, member, field, value, from_day, entry, proof FROM (
            SELECT fact.*, ROW_NUMBER() OVER (PARTITION BY member, field
                ORDER BY from_day DESC, entry DESC, place DESC) AS newest
            FROM fact WHERE household = $1 AND voided IS NULL
              AND (from_day <= $2 OR field IN ('sex', 'birth'))
         ) AS dated WHERE newest = 1 ORDER BY member, field",
        args![no.as_str(), on.to_string()],
    )
    .await
}

/// What was stated of a household by one of its papers and not taken back, in the order
/// in which it was.
///
/// # Errors
/// When the database refuses.
pub async fn proved_by(
    tx: &mut Tx,
    no: &HouseholdNo,
    proof: DocumentId,
) -> Result<Vec<FactRow>, DbError> {
    tx.all(
        "SELECT * FROM fact WHERE household = $1 AND proof = $2 AND voided IS NULL
           AND value <> '' ORDER BY entry, place",
        args![no.as_str(), proof.0],
    )
    .await
}

/// Everything that was ever stated of a household, newest first, at most `limit`.
///
/// # Errors
/// When the database refuses.
pub async fn stated(tx: &mut Tx, no: &HouseholdNo, limit: u32) -> Result<Vec<FactRow>, DbError> {
    tx.all(
        "SELECT * FROM fact WHERE household = $1 ORDER BY entry DESC, place LIMIT $2",
        args![no.as_str(), limit],
    )
    .await
}
