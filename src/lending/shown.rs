//! A lending as those who have to do with it see it: one, and lists of them.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::effects::Effect;
use super::{LendingError, keeper, keeps, known};
use crate::app::App;
use crate::catalog::lendings::{self, Lending, List};
use crate::catalog::{effects, households, organisations, volumes};
use crate::db::{DbError, Tx};
use crate::model::access::{Actor, Right, Scope, scope};
use crate::model::lending::{self as rules, Cover, Manner, Purpose, Stage, Standing};

/// Something that was done with a lending.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Step {
    /// How far it had come then.
    pub stage: String,
    /// When, RFC 3339.
    pub time: String,
    /// Who.
    pub name: String,
    /// For which organisation.
    pub organisation: String,
    /// What was said.
    pub words: String,
    /// Pages that were counted.
    pub pages: i64,
    /// Copies of them that were handed over; 0 where that was not said.
    pub copies: i64,
    /// The entry of the log.
    pub entry: i64,
}

/// A lending as those who have to do with it see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Shown {
    /// Its name.
    pub id: String,
    /// Whose file.
    pub household: String,
    /// 户主, for whoever may see it; empty otherwise, and for a number that nobody has.
    pub head: String,
    /// 档号 and 案卷题名 of the volume, for whoever may see it.
    pub reference_code: String,
    /// 案卷题名
    pub title: String,
    /// How it stands now.
    pub standing: Standing,
    /// What is done with the file.
    pub manner: Manner,
    /// For what.
    pub purpose: Purpose,
    /// The same in words.
    pub reason: String,
    /// The last day.
    pub until: String,
    /// What is covered on the pages.
    pub cover: Cover,
    /// 借阅人
    pub borrower: String,
    /// 单位: a body, or the name of an organisation.
    pub body: String,
    /// 联系方式
    pub contact: String,
    /// 证件名称及号码
    pub certificate: String,
    /// What was done, oldest first.
    pub steps: Vec<Step>,
    /// What it led to, for whoever keeps the file, oldest first.
    pub effects: Vec<Effect>,
    /// The number of the entry that asked.
    pub asked: i64,
    /// What this person can do with it now.
    pub can: Can,
}

impl Shown {
    /// The first step that came to this stage.
    #[must_use]
    pub fn step(&self, stage: Stage) -> Option<&Step> {
        self.steps.iter().find(|step| step.stage == stage.as_str())
    }
}

/// What a person can do with a lending now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Can {
    /// Decide.
    pub decide: bool,
    /// Not decide, because it is the own request.
    pub own: bool,
    /// Hand over papers, copies or a code.
    pub hand_over: bool,
    /// Hand over another code.
    pub code: bool,
    /// Note that papers came back.
    pub take_back: bool,
    /// End it before its time.
    pub end: bool,
    /// Read the file.
    pub read: bool,
    /// Write down what it led to.
    pub note: bool,
    /// Print that copies were handed over.
    pub certify: bool,
}

/// The lending of that name.
///
/// # Errors
/// When there is none this person has to do with.
pub async fn get(app: &App, actor: &Actor, id: &str) -> Result<Shown, LendingError> {
    let lending = known(app, actor, id).await?;
    let mut tx = app.db.read().await?;
    let now = app.latest();
    Ok(shown(&mut tx, actor, lending, now).await?)
}

/// Lendings this person has to do with, at most `limit` that were asked for
/// before entry `before`.
///
/// # Errors
/// When the database fails.
pub async fn list(
    app: &App,
    actor: &Actor,
    which: List,
    before: Option<i64>,
    limit: u32,
) -> Result<Vec<Shown>, LendingError> {
    let mut tx = app.db.read().await?;
    let now = app.latest();
    let visible = if keeps(actor) { scope(actor) } else { Scope::nothing() };
    let (today, before) = (rules::day_of(now), before.unwrap_or(i64::MAX));
    let person = actor.person.as_ref();
    let found = lendings::list(&mut tx, &visible, person, which, today, before, limit).await?;
    let mut rows = Vec::with_capacity(found.len());
    for lending in found {
        rows.push(shown(&mut tx, actor, lending, now).await?);
    }
    Ok(rows)
}

async fn shown(
    tx: &mut Tx,
    actor: &Actor,
    lending: Lending,
    now: Timestamp,
) -> Result<Shown, DbError> {
    let facts = lending.facts()?;
    let standing = facts.standing(now);
    let keeper = keeper(actor, &lending);
    let me = actor.person.as_ref().map_or("-", |person| person.as_str());
    let mine = lending.row.borrower_person == me;
    let mut about = (String::new(), String::new(), String::new());
    if keeper || (mine && standing == Standing::Open) {
        about.0 =
            households::get(tx, &facts.household).await?.map(|one| one.head).unwrap_or_default();
        if let Some(volume) = volumes::current(tx, &facts.household).await? {
            (about.1, about.2) = (volume.reference_code, volume.title);
        }
    }
    let row = &lending.row;
    let body = if row.borrower_organisation.is_empty() {
        row.body.clone()
    } else {
        organisations::name(tx, &row.borrower_organisation).await?
    };
    let own = facts.asker.is(actor) || facts.borrower.is(actor);
    let may = |right| keeper && actor.may(right);
    let waiting = standing == Standing::Waiting;
    let outside = row.borrower_person.is_empty();
    let can = Can {
        decide: waiting && may(Right::DecideLending) && !own,
        own: waiting && may(Right::DecideLending) && own,
        hand_over: may(Right::HandOver) && facts.handed_over(actor, now).is_ok(),
        code: may(Right::HandOver) && standing == Standing::Open && outside,
        take_back: may(Right::HandOver) && facts.returned(actor, 0).is_ok(),
        end: !standing.is_over() && facts.ended().is_ok() && actor.may(Right::AskLending),
        read: standing == Standing::Open
            && mine
            && row.borrower_organisation == actor.organisation.as_str(),
        note: may(Right::HandOver) && lending.step(Stage::Agreed).is_some(),
        certify: may(Right::HandOver)
            && facts.manner == Manner::Copy
            && facts.stage == Stage::HandedOver,
    };
    let effects = if keeper { effects::of(tx, &row.id).await? } else { Vec::new() };
    Ok(Shown {
        id: row.id.clone(),
        household: row.household.clone(),
        head: about.0,
        reference_code: about.1,
        title: about.2,
        standing,
        manner: row.manner()?,
        purpose: row.purpose.parse().map_err(DbError::Corrupt)?,
        reason: row.reason.clone(),
        until: row.until.clone(),
        cover: row.cover()?,
        borrower: row.borrower.clone(),
        body,
        contact: row.contact.clone(),
        certificate: row.certificate.clone(),
        asked: row.asked,
        can,
        effects: effects.into_iter().map(Effect::from).collect(),
        steps: lending
            .steps
            .into_iter()
            .map(|step| Step {
                stage: step.stage,
                time: step.time,
                name: step.name,
                organisation: step.organisation,
                words: step.words,
                pages: step.pages,
                copies: step.copies,
                entry: step.entry,
            })
            .collect(),
    })
}
