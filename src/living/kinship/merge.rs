//! 并户: everybody who lives in a household goes into another, once nothing of it runs.

use jiff::civil::Date;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Going, relation, rule, told};
use crate::app::App;
use crate::catalog::households::Household;
use crate::catalog::{facts, kinship};
use crate::db::Tx;
use crate::living::{
    LivingError, WORDS, cases, findings, is_stale, lived_in, possible, refused, short, statements,
    today,
};
use crate::model::access::{Actor, Right};
use crate::model::act::Act;
use crate::model::id::{DocumentId, EntryNo, HouseholdNo};
use crate::model::kinship::{Kin, KinRule, Linking, Moved};
use crate::model::living::LivingRule;
use crate::model::month::Month;
use crate::record::Receipt;

/// How many months ahead a decision can begin.
const AHEAD: u16 = 12;

/// 并户 as it is typed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = HouseholdToMerge)]
pub struct Merging {
    /// 户号 of the household that everybody goes into.
    pub into: HouseholdNo,
    /// How those who go are related to its head; who is not named has no relation there
    /// yet.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub going: Vec<Going>,
    /// From which day on; today when it is left out.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    pub on: Option<Date>,
    /// The document that proves it, in one of both files.
    #[schema(value_type = i64, minimum = 0)]
    pub document: DocumentId,
    /// A remark.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub words: String,
    /// As of a split.
    #[serde(default)]
    #[schema(minimum = -1)]
    pub seen: Option<EntryNo>,
}

/// 并户: everybody who lives in household `no` goes into another. Its number stays its
/// own, and its file stays as it is.
///
/// # Errors
/// When there is no such household this person may see, they are one, a case runs, a
/// finding is open, something is paid, due or asked back, somebody lives in both, or
/// another stated something meanwhile.
pub async fn merge(
    app: &App,
    actor: &Actor,
    no: &HouseholdNo,
    merging: Merging,
) -> Result<Receipt, LivingError> {
    actor.must(Right::File)?;
    if merging.into == *no {
        return Err(rule(KinRule::Itself(no.clone())));
    }
    let mut tx = app.db.read().await?;
    let household = lived_in(&mut tx, actor, no).await?;
    let there = lived_in(&mut tx, actor, &merging.into).await?;
    if is_stale(merging.seen, household.stated) {
        return Err(refused(LivingRule::StatedMeanwhile(no.clone())));
    }
    let family = statements::family(app, facts::present(&mut tx, no).await?, household.stated);
    let last = kinship::last_place(&mut tx, &merging.into).await?;
    ended(app, &mut tx, &household).await?;
    if kinship::in_both(&mut tx, no, &merging.into).await? {
        return Err(told(
            "有人两户都在：先在其中一户记他离户，再并户。",
            "somebody lives in both: state first that the person left one of them",
        ));
    }
    drop(tx);
    if findings::open_of(app, actor, no).await? > 0 {
        return Err(told(
            "这一户还有核查发现没有处理，先处理完再并户。",
            "a finding of this household is open: close it first",
        ));
    }
    let on = merging.on.unwrap_or_else(|| today(app));
    possible(on)?;
    let next = u32::try_from(last + 1).unwrap_or(u32::MAX);
    let mut moved = Vec::new();
    for (one, to) in family.persons.iter().filter(|one| !one.left).zip(next..) {
        let typed = merging.going.iter().find(|going| going.place == one.place);
        let relation = relation(typed.map_or("", |going| &going.relation))?;
        moved.push(Moved { place: one.place, to, relation });
    }
    if moved.is_empty() {
        return Err(told(
            "这一户已经没有人了，没有人可以并过去。",
            "nobody lives in this household any more who could go into another",
        ));
    }
    let named = |place| moved.iter().any(|one: &Moved| one.place == place);
    if let Some(one) = merging.going.iter().find(|one| !named(one.place)) {
        return Err(refused(LivingRule::NoPerson(no.clone(), one.place.into())));
    }
    let said = Linking {
        kind: Kin::Merge,
        from: no.clone(),
        to: merging.into,
        on,
        document: merging.document,
        words: short(&merging.words, WORDS).ok_or(LivingError::Words)?,
        moved,
        opened: None,
        successor: None,
        seen: household.stated,
        seen_there: there.stated,
        stepped: household.stepped,
    };
    Ok(app.recorder.record(actor, Act::LinkHouseholds(said)).await?)
}

/// Refuses to end a household of which a case or an allowance still runs. What is due or
/// asked back is looked at where the merge is written.
async fn ended(app: &App, tx: &mut Tx, household: &Household) -> Result<(), LivingError> {
    let cases = cases::of_household(app, tx, household).await?;
    if let Some(case) = cases.open() {
        return Err(LivingError::Runs(case.no));
    }
    let this = Month::of(today(app));
    if (0..=AHEAD).any(|months| cases.paid_in(this.plus(months)).is_some()) {
        return Err(told(
            "这一户还在领低保金，先办停发，再并户。",
            "the allowance of this household runs: stop it first by a decision",
        ));
    }
    Ok(())
}
