//! 办理: the cases of households, the steps that were taken, and what they did to
//! the allowance.

mod due;

use jiff::civil::Date;
use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;

pub use self::due::{ReviewRow, Reviews, Waiting, counts, reviews, reviews_by_day, waiting};
use super::apply::{ApplyError, Refusal};
use super::{feed, notices, owed};
use crate::args;
use crate::db::{self, Arg, DbError, Tx};
use crate::model::act::{Body, LogEntry};
use crate::model::benefit::{Benefit, Effect};
use crate::model::id::{EntryNo, HouseholdNo};
use crate::model::lending::day_of;
use crate::model::living::{LivingRule, Step};
use crate::model::money::Fen;
use crate::model::profile::Collector;

/// A case of a household.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, ToSchema)]
pub struct CaseRow {
    /// 户号
    pub household: String,
    /// Its number in the household, from 1.
    pub no: i64,
    /// The code of its procedure.
    pub procedure: String,
    /// The day of its first step.
    pub begun: String,
    /// The day of its last step; empty while it runs.
    pub ended: String,
    /// The step taken last.
    pub step: String,
    /// The entry of that.
    pub entry: i64,
    /// The step it waits for; empty when it is over.
    pub next_step: String,
    /// Who takes that: `community`, `street`, `bureau`, or empty.
    pub next_level: String,
    /// The last day of that step; empty where there is none.
    pub due: String,
    /// The last day of the case; empty where there is none.
    pub case_due: String,
}

/// A step that was taken.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, ToSchema)]
#[schema(as = CaseStep)]
pub struct StepRow {
    /// The entry that recorded it.
    pub entry: i64,
    /// 户号
    pub household: String,
    /// The number of the case.
    pub case_no: i64,
    /// The code of the step.
    pub step: String,
    /// The day it was taken.
    pub on_day: String,
    /// Who took it, parted by commas.
    pub people: String,
    /// 联签单位, or empty.
    pub office: String,
    /// A reason or an opinion, or empty.
    pub words: String,
    /// The paper it stands on.
    pub paper: Option<i64>,
    /// Who recorded it.
    pub author: String,
}

/// What a decision gave a household.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, ToSchema)]
pub struct BenefitRow {
    /// The entry that decided it.
    pub entry: i64,
    /// 户号
    pub household: String,
    /// What it did: `grant`, `raise`, `reduce`, `phase_out`, `stop`.
    pub effect: String,
    /// 类别
    pub category: String,
    /// 保障人数
    pub persons: i64,
    /// 月保障金, in 分.
    pub amount: i64,
    /// The first month.
    pub from_month: String,
    /// The last month of a phase-out, or empty.
    pub until_month: String,
    /// Why, or empty.
    pub words: String,
    /// 测算: what was computed, in 分, where the decision is not that.
    pub computed: Option<i64>,
    /// Why it is not, or empty.
    pub departs: String,
}

fn fen(amount: Fen) -> i64 {
    i64::try_from(amount.get()).unwrap_or(i64::MAX)
}

fn day(date: Option<Date>) -> String {
    date.map(|day| day.to_string()).unwrap_or_default()
}

/// Writes a step, and how its case and household stand after it.
pub(super) async fn step(
    tx: &mut Tx,
    entry: &LogEntry,
    body: &Body,
    step: &Step,
) -> Result<(), ApplyError> {
    let no = &step.household;
    let sql = "SELECT stepped, state, category FROM household WHERE no = $1";
    let found: Option<(Option<i64>, String, String)> = tx.one(sql, args![no.as_str()]).await?;
    let (stepped, state, category) = found.ok_or_else(|| Refusal::UnknownHousehold(no.clone()))?;
    if stepped != step.seen {
        return Err(LivingRule::SteppedMeanwhile(no.clone()).into());
    }
    if step.on > day_of(entry.time) {
        return Err(LivingRule::NotYet(step.on).into());
    }
    if let Some(paper) = step.paper {
        owed::in_file(tx, no, paper).await?;
    }
    let open = open(tx, no).await?;
    let last = last_number(tx, no).await?;
    let number = i64::from(step.case);
    match &open {
        Some(case) if case.no != number || case.procedure != step.procedure => {
            return Err(LivingRule::OtherCase(no.clone(), case.no).into());
        }
        None if number != last + 1 => return Err(LivingRule::CaseOver(no.clone(), number).into()),
        _ => {}
    }
    tx.run_all(vec![writing_case(entry.no, step, open.is_some())]).await?;
    tx.run_all(vec![writing_step(entry.no, body, step)]).await?;
    owed::owe(tx, entry.no, no, step).await?;
    stand(tx, entry.no, step).await?;
    // Papers are narrowed by how their household stands.
    let stands = step.state.as_ref().is_some_and(|new| *new != state);
    if stands || step.benefit.as_ref().is_some_and(|new| new.category != category) {
        feed::touch_file_of(tx, no).await?;
    }
    Ok(())
}

/// What writes that a step was taken.
fn writing_step(no: EntryNo, body: &Body, step: &Step) -> db::Statement {
    (
        "INSERT INTO case_step (entry, household, case_no, step, on_day, people, office, words,
                                paper, author)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
            .into(),
        args![
            no,
            step.household.as_str(),
            i64::from(step.case),
            &step.step,
            step.on.to_string(),
            step.people.join(","),
            &step.office,
            &step.words,
            step.paper.map(|document| document.0),
            &body.actor.name,
        ]
        .to_vec(),
    )
}

/// What writes how a case stands after a step.
fn writing_case(no: EntryNo, step: &Step, goes_on: bool) -> db::Statement {
    let next = step.next.as_ref();
    let ended = if next.is_none() { step.on.to_string() } else { String::new() };
    let sql = if goes_on {
        "UPDATE case_file SET ended = $5, step = $6, entry = $7, next_step = $8, next_level = $9,
                due = $10, case_due = $11
         WHERE household = $1 AND no = $2 AND procedure = $3 AND begun <= $4"
    } else {
        "INSERT INTO case_file (household, no, procedure, begun, ended, step, entry, next_step,
                                next_level, due, case_due)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
    };
    (
        sql.into(),
        args![
            step.household.as_str(),
            i64::from(step.case),
            &step.procedure,
            step.on.to_string(),
            ended,
            &step.step,
            no,
            next.map_or("", |next| next.step.as_str()),
            next.map_or("", |next| next.level.as_str()),
            day(next.and_then(|next| next.due)),
            day(step.case_due),
        ]
        .to_vec(),
    )
}

/// 存量接收: what writes the step by which a household that is opened just now is carried
/// over. It is its first, so nothing has to be looked up: a roster opens thousands.
pub(super) fn carrying_over(no: EntryNo, body: &Body, step: &Step) -> Vec<db::Statement> {
    let mut all = vec![writing_case(no, step, false), writing_step(no, body, step)];
    all.extend(owed::owing(no, step));
    let benefit = step.benefit.as_ref();
    all.extend(benefit.map(|one| giving(no, &step.household, &step.words, one)));
    all
}

/// How a household stands that is opened with this step, or with none: the entry of the
/// step, state, category, next review; what it owes, in all and by whom.
pub(super) fn standing(no: EntryNo, step: Option<&Step>) -> Vec<Arg> {
    let lacks = |by: Option<Collector>| {
        let owed = step.map(|step| step.owed.as_slice()).unwrap_or_default();
        let all = owed.iter().filter(|one| by.is_none_or(|by| one.collector == by));
        i64::try_from(all.count()).unwrap_or(i64::MAX)
    };
    let category = step.and_then(|step| step.benefit.as_ref()).map(|one| one.category.as_str());
    args![
        step.map(|_| no),
        step.and_then(|step| step.state.as_deref()).unwrap_or("none"),
        category.unwrap_or_default(),
        day(step.and_then(|step| step.review)),
        lacks(None),
        lacks(Some(Collector::Community)),
        lacks(Some(Collector::Street)),
        lacks(Some(Collector::Bureau)),
    ]
    .to_vec()
}

/// How the household stands after a step: state, allowance, next review.
async fn stand(tx: &mut Tx, no: EntryNo, step: &Step) -> Result<(), ApplyError> {
    let household = step.household.as_str();
    tx.run("UPDATE household SET stepped = $2 WHERE no = $1", args![household, no]).await?;
    if let Some(state) = &step.state {
        tx.run("UPDATE household SET state = $2 WHERE no = $1", args![household, state]).await?;
    }
    if let Some(review) = step.review {
        let sql = "UPDATE household SET review_due = $2 WHERE no = $1";
        tx.run(sql, args![household, review.to_string()]).await?;
    }
    if let Some(benefit) = &step.benefit {
        tx.run_all(vec![giving(no, &step.household, &step.words, benefit)]).await?;
        let until = day(step.kept_until);
        let sql = "UPDATE household SET category = $2, kept_until = $3 WHERE no = $1";
        tx.run(sql, args![household, &benefit.category, until]).await?;
        if benefit.effect == Effect::Stop {
            let sql = "UPDATE household SET review_due = '' WHERE no = $1";
            tx.run(sql, args![household]).await?;
            notices::ends(tx, household, benefit.from.before(1).last()).await?;
        }
    }
    Ok(())
}

/// What writes a decision on the allowance.
fn giving(no: EntryNo, household: &HouseholdNo, words: &str, benefit: &Benefit) -> db::Statement {
    (
        "INSERT INTO benefit (entry, household, effect, category, persons, amount, from_month,
                              until_month, words, computed, departs)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
            .into(),
        args![
            no,
            household.as_str(),
            benefit.effect.as_str(),
            &benefit.category,
            i64::from(benefit.persons),
            fen(benefit.amount),
            benefit.from.to_string(),
            benefit.until.map(|month| month.to_string()).unwrap_or_default(),
            words,
            benefit.departs.as_ref().map(|one| fen(one.computed)),
            benefit.departs.as_ref().map_or("", |one| one.words.as_str()),
        ]
        .to_vec(),
    )
}

/// The case of a household that runs, if one does.
///
/// # Errors
/// When the database refuses.
pub async fn open(tx: &mut Tx, no: &HouseholdNo) -> Result<Option<CaseRow>, DbError> {
    let sql = "SELECT * FROM case_file WHERE household = $1 AND ended = '' ORDER BY no LIMIT 1";
    tx.one(sql, args![no.as_str()]).await
}

/// The number of the last case of a household; 0 when it has none.
///
/// # Errors
/// When the database refuses.
pub async fn last_number(tx: &mut Tx, no: &HouseholdNo) -> Result<i64, DbError> {
    tx.number("SELECT MAX(no) FROM case_file WHERE household = $1", args![no.as_str()]).await
}

/// The cases of a household, in order.
///
/// # Errors
/// When the database refuses.
pub async fn of_household(tx: &mut Tx, no: &HouseholdNo) -> Result<Vec<CaseRow>, DbError> {
    tx.all("SELECT * FROM case_file WHERE household = $1 ORDER BY no", args![no.as_str()]).await
}

/// The steps of all cases of a household, in the order they were recorded.
///
/// # Errors
/// When the database refuses.
pub async fn steps(tx: &mut Tx, no: &HouseholdNo) -> Result<Vec<StepRow>, DbError> {
    tx.all("SELECT * FROM case_step WHERE household = $1 ORDER BY entry", args![no.as_str()]).await
}

/// The decisions on the allowance of a household, in the order they were made.
///
/// # Errors
/// When the database refuses.
pub async fn benefits(tx: &mut Tx, no: &HouseholdNo) -> Result<Vec<BenefitRow>, DbError> {
    tx.all("SELECT * FROM benefit WHERE household = $1 ORDER BY entry", args![no.as_str()]).await
}
