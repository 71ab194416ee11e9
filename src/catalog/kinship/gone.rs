//! Households in which nobody lives any more: what is not done with them, and where they
//! go on.

use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::{LinkRow, of_household, refused};
use crate::args;
use crate::catalog::apply::ApplyError;
use crate::catalog::households::{self, Household};
use crate::catalog::payments;
use crate::db::{DbError, Tx};
use crate::model::access::{Scope, scope};
use crate::model::act::{Act, Body};
use crate::model::id::{DocumentId, HouseholdNo};
use crate::model::kinship::{KinRule, MERGED, is_gone};

/// How many steps the way from a household to where its persons live now has at most.
const STEPS: usize = 50;

/// What became of a household in which nobody lives any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = GoneHousehold)]
pub struct Gone {
    /// `merged`: it went into another; `void`: it was opened by mistake.
    pub state: String,
    /// 户号 of the one it goes on as; none outside the scope, or where that cannot be said.
    pub household: Option<String>,
    /// 户主 of that one, or empty.
    pub head: String,
}

/// What became of a household, as far as the scope has it; none where somebody lives in
/// it.
///
/// # Errors
/// When the database refuses.
pub async fn became(
    tx: &mut Tx,
    visible: &Scope,
    household: &Household,
) -> Result<Option<Gone>, DbError> {
    if !is_gone(&household.state) {
        return Ok(None);
    }
    let there = lives_on(tx, household).await?;
    let there = there.filter(|one| visible.covers(&one.organisation));
    let (no, head) = there.map(|one| (one.no, one.head)).unzip();
    Ok(Some(Gone { state: household.state.clone(), household: no, head: head.unwrap_or_default() }))
}

/// Why nothing is begun with a household in which nobody lives any more, with the number
/// of the one it goes on as where the scope has that; none where somebody lives in it.
///
/// # Errors
/// When the database refuses.
pub async fn gone(
    tx: &mut Tx,
    visible: &Scope,
    household: &Household,
) -> Result<Option<KinRule>, DbError> {
    let Some(became) = became(tx, visible, household).await? else { return Ok(None) };
    let there = became.household.map(|no| number(&no)).transpose()?;
    Ok(Some(KinRule::Gone(number(&household.no)?, there)))
}

/// The household in which those live now who lived in one that is gone; none where that
/// cannot be said.
async fn lives_on(tx: &mut Tx, gone: &Household) -> Result<Option<Household>, DbError> {
    let mut at = gone.clone();
    for _ in 0..STEPS {
        if !is_gone(&at.state) {
            return Ok(Some(at));
        }
        let links = of_household(tx, &number(&at.no)?).await?;
        let Some(next) = next(&at, &links) else { return Ok(None) };
        let Some(there) = households::get(tx, &number(next)?).await? else { return Ok(None) };
        at = there;
    }
    Ok(None)
}

/// Where those went who lived in a household that is gone: into the one it was merged
/// into, or back into the one it was split from by mistake.
fn next<'a>(gone: &Household, links: &'a [LinkRow]) -> Option<&'a str> {
    let mut links = links.iter().rev();
    if gone.state == MERGED {
        let merge = links.find(|one| one.voided.is_none() && one.source == gone.no)?;
        Some(&merge.target)
    } else {
        Some(&links.find(|one| one.target == gone.no)?.source)
    }
}

fn number(text: &str) -> Result<HouseholdNo, DbError> {
    text.parse().map_err(|_| DbError::Corrupt(text.to_owned()))
}

/// Refuses an act that would begin something with a household in which nobody lives any
/// more. What was begun before ends as it would have, and the file is read, bound, lent
/// and kept as any other. A paper or a row of a register that is dated up to the day of
/// the merge is late, and of this file.
///
/// Rosters are not looked at: who is on one is entitled by a decision, and a household
/// with one that pays is not merged.
pub(in crate::catalog) async fn goes_on(tx: &mut Tx, body: &Body) -> Result<(), ApplyError> {
    let Some(no) = begun(tx, &body.act).await? else { return Ok(()) };
    // One that is not known is refused by whatever the act does.
    let Some(household) = households::get(tx, &no).await? else { return Ok(()) };
    let Some(rule) = gone(tx, &scope(&body.actor), &household).await? else { return Ok(()) };
    if is_of_it(tx, &body.act, &no).await? { Ok(()) } else { Err(refused(rule)) }
}

/// The household with which an act begins something.
async fn begun(tx: &mut Tx, act: &Act) -> Result<Option<HouseholdNo>, DbError> {
    Ok(match act {
        Act::StateFacts(said) => Some(said.household.clone()),
        Act::TakeStep(step) => Some(step.household.clone()),
        Act::PostNotice { household, .. } | Act::FileDocument { household, .. } => {
            Some(household.clone())
        }
        Act::Recover(said) => Some(said.household.clone()),
        Act::EnterRow(said) if said.seen.is_none() => said.household.clone(),
        Act::AcceptDocument { household, .. } => household.clone(),
        Act::KeyFields(said) => file_of(tx, said.document).await?,
        Act::JoinDocument { into, .. } => file_of(tx, *into).await?,
        _ => None,
    })
}

/// Whether what an act says belongs to a file all the same: of a paper that is in it, or
/// dated up to the day of the merge.
async fn is_of_it(tx: &mut Tx, act: &Act, no: &HouseholdNo) -> Result<bool, DbError> {
    let (document, day) = match act {
        Act::FileDocument { document, description, .. } => (Some(*document), description.date),
        Act::JoinDocument { document, .. } => (Some(*document), None),
        Act::EnterRow(said) => (None, Some(said.on)),
        _ => return Ok(false),
    };
    if let Some(document) = document
        && file_of(tx, document).await?.as_ref() == Some(no)
    {
        return Ok(true);
    }
    is_late(tx, no, day).await
}

/// In whose file a document is; none where it is in none.
async fn file_of(tx: &mut Tx, document: DocumentId) -> Result<Option<HouseholdNo>, DbError> {
    let sql = "SELECT household FROM document WHERE id = $1 AND household IS NOT NULL";
    let found: Option<(String,)> = tx.one(sql, args![document.0]).await?;
    found.map(|(no,)| number(&no)).transpose()
}

/// Whether a day is up to that of the merge by which a household went into another.
async fn is_late(tx: &mut Tx, no: &HouseholdNo, day: Option<Date>) -> Result<bool, DbError> {
    let merged: Option<(String,)> = tx
        .one(
            "SELECT on_day FROM household_link
             WHERE source = $1 AND kind = 'merge' AND voided IS NULL ORDER BY entry DESC LIMIT 1",
            args![no.as_str()],
        )
        .await?;
    Ok(day.zip(merged).is_some_and(|(day, (on,))| day.to_string() <= on))
}

/// Refuses a merge while a payment of the household is listed and did not come through,
/// or something is asked back from it.
///
/// What else is asked before a merge is looked at where it is recorded alone. Whether a
/// finding is open is what the rules say of that day, which are not read here. A case or
/// an allowance that runs, or somebody who lives in both, cannot have come in between:
/// the act names the last step and the last statements that were seen.
pub(super) async fn settled(tx: &mut Tx, no: &HouseholdNo) -> Result<(), ApplyError> {
    let unpaid = payments::unpaid(tx, no).await?;
    if unpaid > 0 {
        return Err(refused(KinRule::Unpaid(no.clone())));
    }
    let sql = "SELECT COUNT(*) FROM recovery WHERE household = $1 AND amount > repaid + waived";
    if tx.number(sql, args![no.as_str()]).await? > 0 {
        return Err(refused(KinRule::AskedBack(no.clone())));
    }
    Ok(())
}
