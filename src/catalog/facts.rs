//! 记载: what is known of households and their persons, from which day on, and
//! what was known on any day. Rows are never changed; one that was wrong is marked
//! with the entry that says so.

mod held;
mod opening;
mod stated;

use std::collections::BTreeSet;

pub use self::held::{PresentFact, held, on_day, present, without};
pub(super) use self::held::{lifelong, newest_first, persons_of, settle};
pub(super) use self::opening::opening;
pub use self::stated::{FactRow, proved_by, stated};
use super::apply::{ApplyError, Refusal};
use super::{feed, owed};
use crate::args;
use crate::db::Tx;
use crate::model::act::{Body, LogEntry};
use crate::model::codes::{household, left, member};
use crate::model::id::{DocumentId, EntryNo, HouseholdNo, OrganisationCode};
use crate::model::kinship::KinRule;
use crate::model::lending::day_of;
use crate::model::living::{LivingRule, Statement};

/// What stands for the household as a whole where a person could.
pub const WHOLE: i64 = -1;

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

/// Brings the rows of the household and its members to what holds.
pub(super) async fn project(tx: &mut Tx, no: &HouseholdNo) -> Result<(), ApplyError> {
    let facts = present(tx, no).await?;
    let value = |member: i64, field: &str| {
        let found = facts.iter().find(|one| one.member == member && one.field == field);
        found.map_or("", |one| one.value.as_str())
    };
    let head = head(&facts, no)?;
    let gone = |member: i64| !value(member, member::LEFT).is_empty();
    if value(head, member::NAME).is_empty() {
        return Err(LivingRule::NoPerson(no.clone(), head).into());
    }
    let lives = |one: &&PresentFact| !one.value.is_empty() && !gone(one.member);
    let named =
        facts.iter().filter(|one| one.field == member::NAME && one.member != head).filter(lives);
    let others: Vec<&PresentFact> = named.collect();
    // Who died alone stays the one by whom the file is called.
    let died_alone = others.is_empty() && value(head, member::LEFT) == left::DEATH;
    if gone(head) && !died_alone {
        return Err(LivingRule::HeadLeaves(no.clone()).into());
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
    let rows = others.iter().map(|one| {
        let of = |field| value(one.member, field);
        args![one.member, &one.value, of(member::RELATION), of(member::ID_NUMBER)].to_vec()
    });
    Ok(tx.run_all(super::households::writing_members(no, rows.collect())).await?)
}

/// The place of the head: 0, with which a file is opened, until another is stated.
///
/// # Errors
/// When what is stated is no number.
pub fn head(facts: &[PresentFact], no: &HouseholdNo) -> Result<i64, LivingRule> {
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
