//! The rows of an act about a lending, and the rules it has to keep.

use super::super::apply::{ApplyError, Refusal};
use super::super::households;
use super::get;
use crate::args;
use crate::db::Tx;
use crate::model::act::{Act, Body, LogEntry};
use crate::model::id::PersonId;
use crate::model::lending::{self as rules, Borrower, Rule, Stage};

/// The rows of an act about a lending.
pub(crate) async fn apply(tx: &mut Tx, entry: &LogEntry, body: &Body) -> Result<(), ApplyError> {
    let refused = |rule: Rule| ApplyError::from(Refusal::from(rule));
    let (by, now) = (&body.actor, entry.time);
    let (id, household) = match &body.act {
        Act::AskLending { lending, household, .. }
        | Act::DecideLending { lending, household, .. }
        | Act::HandOverLending { lending, household, .. }
        | Act::ReturnLending { lending, household, .. }
        | Act::EndLending { lending, household, .. } => (lending, household),
        _ => return Ok(()),
    };
    if let Act::AskLending { until, reason, .. } = &body.act {
        rules::term(*until, now).and_then(|()| rules::words(reason)).map_err(refused)?;
        ask(tx, entry, &body.act).await?;
        return step(tx, entry, body, id, (Stage::Asked, reason, [0, 0])).await;
    }
    let lending = get(tx, id).await?.ok_or(Refusal::UnknownLending)?;
    let facts = lending.facts()?;
    if facts.household != *household {
        return Err(refused(Rule::Household));
    }
    let (stage, words, pages) = match &body.act {
        Act::DecideLending { agreed, reason, .. } => {
            let said = if *agreed { rules::remark(reason) } else { rules::words(reason) };
            if *agreed && !households::exists(tx, household).await? {
                return Err(Refusal::UnknownHousehold(household.clone()).into());
            }
            (said.and_then(|_| facts.decided(by, *agreed, now)), reason.as_str(), [0, 0])
        }
        Act::HandOverLending { pages, copies, .. } => {
            (facts.handed_over(by, now), "", [*pages, *copies])
        }
        Act::ReturnLending { pages, condition, .. } => {
            let stage = rules::words(condition).and_then(|_| facts.returned(by, *pages));
            (stage, condition.as_str(), [*pages, 0])
        }
        Act::EndLending { reason, .. } => {
            (rules::words(reason).and_then(|_| facts.ended()), reason.as_str(), [0, 0])
        }
        _ => return Ok(()),
    };
    step(tx, entry, body, id, (stage.map_err(refused)?, words, pages)).await
}

async fn ask(tx: &mut Tx, entry: &LogEntry, act: &Act) -> Result<(), ApplyError> {
    let Act::AskLending {
        lending, household, borrower, manner, purpose, reason, until, cover, ..
    } = act
    else {
        return Ok(());
    };
    let [person, organisation, body, contact, certificate] = match borrower {
        Borrower::Person { person, organisation, .. } => {
            [person.as_str(), organisation.as_str(), "", "", ""]
        }
        Borrower::Outsider { body, contact, certificate, .. } => {
            ["", "", body, contact, certificate]
        }
    };
    // Nobody learns whether there is such a household: the number has a region.
    let in_charge = households::in_charge(tx, household).await?;
    tx.run(
        "INSERT INTO lending (id, household, organisation, borrower, borrower_person,
                              borrower_organisation, body, contact, certificate, manner, purpose,
                              reason, until, cover, stage, asked, last)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, '', $15, $15)",
        args![
            lending,
            household.as_str(),
            in_charge,
            borrower.name(),
            person,
            organisation,
            body,
            contact,
            certificate,
            manner.as_str(),
            purpose.as_str(),
            reason,
            until.to_string(),
            cover.as_str(),
            entry.no,
        ],
    )
    .await?;
    Ok(())
}

async fn step(
    tx: &mut Tx,
    entry: &LogEntry,
    body: &Body,
    lending: &str,
    (stage, words, [pages, copies]): (Stage, &str, [u32; 2]),
) -> Result<(), ApplyError> {
    let by = &body.actor;
    tx.run(
        "INSERT INTO lending_step (entry, lending, stage, time, name, person, organisation, words,
                                   pages, copies)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        args![
            entry.no,
            lending,
            stage.as_str(),
            entry.time.to_string(),
            &by.name,
            by.person.as_ref().map_or("", PersonId::as_str),
            by.organisation.as_str(),
            words,
            pages,
            copies,
        ],
    )
    .await?;
    let sql = "UPDATE lending SET stage = $2, last = $3 WHERE id = $1";
    tx.run(sql, args![lending, stage.as_str(), entry.no]).await?;
    Ok(())
}
