//! 借阅: the file of a household is asked for, somebody else decides, it is
//! read or handed over, and comes back. A term ends by the clock alone.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
pub use crate::catalog::lendings::List;
use crate::catalog::lendings::{self, Lending};
use crate::catalog::{guests, households, people, volumes};
use crate::db::{DbError, Tx};
use crate::model::access::{Actor, Denied, Grant, Right, Scope, scope};
use crate::model::act::Act;
use crate::model::cover::Covered;
use crate::model::id::HouseholdNo;
use crate::model::lending::{
    self as rules, Borrower, Cover, Manner, Purpose, Rule, Stage, Standing,
};
use crate::model::look::{self, Kind, Look, Reason};
use crate::record::RecordError;

/// Why something was not done with a lending, or is not shown.
#[derive(Debug, thiserror::Error)]
pub enum LendingError {
    /// The person may not do this.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// No such lending, or none this person has to do with.
    #[error("this lending is not known")]
    Unknown,
    /// What the rules say.
    #[error(transparent)]
    Rule(#[from] Rule),
    /// Nobody signs in like this.
    #[error("nobody signs in as {0:?}")]
    Nobody(String),
    /// Only who has the file notes a request of somebody without an account.
    #[error("a request of somebody without an account is noted by the office that keeps the file")]
    NotOurs,
    /// The act.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// Who is to borrow, as it is typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum For {
    /// Whoever asks.
    Oneself,
    /// Somebody else with an account.
    Person {
        /// What they type to sign in.
        login: String,
    },
    /// Somebody of another body, at the desk of the office that has the file.
    Outsider {
        /// 姓名
        name: String,
        /// 单位
        body: String,
        /// 联系方式
        #[serde(default)]
        contact: String,
        /// 证件名称及号码
        certificate: String,
    },
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// Whose file.
    pub household: HouseholdNo,
    /// Who is to borrow.
    #[serde(rename = "for")]
    pub borrower: For,
    /// What is to be done with the file.
    pub manner: Manner,
    /// For what.
    pub purpose: Purpose,
    /// The same in words, 1 to 200 characters.
    pub reason: String,
    /// The last day.
    #[schema(value_type = String, format = Date)]
    pub until: Date,
    /// What is to be covered on the pages.
    pub cover: Cover,
}

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
}

/// Whether the person keeps lendings of the own files, rather than reads only.
fn keeps(actor: &Actor) -> bool {
    [Right::DecideLending, Right::HandOver, Right::OpenCounter, Right::ReadUse]
        .into_iter()
        .any(|right| actor.may(right))
}

/// Whether the person keeps the file of the lending.
fn keeper(actor: &Actor, lending: &Lending) -> bool {
    keeps(actor) && scope(actor).covers(&lending.row.organisation)
}

/// Whether the person has to do with the lending: keeps the file, asked, or
/// borrows for the organisation they had then.
fn concerns(actor: &Actor, lending: &Lending) -> bool {
    let Some(me) = &actor.person else { return keeper(actor, lending) };
    let asked = lending.step(Stage::Asked).is_some_and(|step| step.person == me.as_str());
    asked || lending.row.borrower_person == me.as_str() || keeper(actor, lending)
}

/// Asks for a file; returns the name of the lending. Whether there is such a
/// household is not told: who keeps the file sees it.
///
/// # Errors
/// When the person may not ask, or a field is wrong.
pub async fn ask(app: &App, actor: &Actor, wanted: Wanted) -> Result<String, LendingError> {
    actor.must(Right::AskLending)?;
    rules::term(wanted.until, app.latest())?;
    let reason = rules::words(&wanted.reason)?;
    let borrower = match wanted.borrower {
        For::Oneself => own(actor)?,
        For::Person { login } => {
            let mut tx = app.db.read().await?;
            let found = people::by_login(&mut tx, &login.trim().to_ascii_lowercase()).await?;
            let found = found.and_then(|one| one.actor());
            let nobody = || LendingError::Nobody(login.chars().take(40).collect());
            own(&found.ok_or_else(nobody)?)?
        }
        For::Outsider { name, body, contact, certificate } => {
            actor.must(Right::OpenCounter)?;
            if !scope(actor).covers(wanted.household.organisation().as_str()) {
                return Err(LendingError::NotOurs);
            }
            rules::outsider(&name, &body, &contact, &certificate)?
        }
    };
    let lending = hex::encode(rand::random::<[u8; 16]>());
    let act = Act::AskLending {
        lending: lending.clone(),
        household: wanted.household,
        borrower,
        manner: wanted.manner,
        purpose: wanted.purpose,
        reason,
        until: wanted.until,
        cover: wanted.cover,
    };
    app.recorder.record(actor, act).await?;
    Ok(lending)
}

fn own(actor: &Actor) -> Result<Borrower, LendingError> {
    let person = actor.person.clone().ok_or(Rule::Borrower)?;
    let (name, organisation) = (actor.name.clone(), actor.organisation.clone());
    Ok(Borrower::Person { person, name, organisation })
}

/// Agrees, or does not.
///
/// # Errors
/// When the person may not decide, keeps not this file, has part in the
/// lending, or gives no reason for a refusal.
pub async fn decide(
    app: &App,
    actor: &Actor,
    id: &str,
    agreed: bool,
    reason: &str,
) -> Result<Shown, LendingError> {
    actor.must(Right::DecideLending)?;
    let lending = kept(app, actor, id).await?;
    let reason = if agreed { rules::remark(reason)? } else { rules::words(reason)? };
    lending.facts()?.decided(actor, agreed, app.latest())?;
    let household = lending.row.household()?;
    let act = Act::DecideLending { lending: id.to_owned(), household, agreed, reason };
    app.recorder.record(actor, act).await?;
    get(app, actor, id).await
}

/// Hands over the papers or copies of so many pages; or, when somebody without
/// an account is to read on a screen, a code that opens the file once. The code
/// is returned and not kept.
///
/// # Errors
/// When the person may not, keeps not this file, or there is nothing to hand
/// over.
pub async fn hand_over(
    app: &App,
    actor: &Actor,
    id: &str,
    pages: u32,
) -> Result<Option<String>, LendingError> {
    actor.must(Right::HandOver)?;
    let lending = kept(app, actor, id).await?;
    lending.facts()?.handed_over(actor, app.latest())?;
    let screen = lending.row.manner()? == Manner::Look;
    if !screen && pages == 0 {
        return Err(Rule::Pages.into());
    }
    let pages = if screen { 0 } else { pages };
    let household = lending.row.household()?;
    let act = Act::HandOverLending { lending: id.to_owned(), household, pages };
    app.recorder.record(actor, act).await?;
    if screen { Ok(Some(new_code(app, id).await?)) } else { Ok(None) }
}

/// Another code for somebody without an account, in place of the one before.
///
/// # Errors
/// When the person may not, keeps not this file, or it is not open.
pub async fn code(app: &App, actor: &Actor, id: &str) -> Result<String, LendingError> {
    actor.must(Right::HandOver)?;
    let lending = kept(app, actor, id).await?;
    let now = app.latest();
    let open = lending.facts()?.standing(now) == Standing::Open;
    if !open || !lending.row.borrower_person.is_empty() {
        return Err(Rule::Stage.into());
    }
    Ok(new_code(app, id).await?)
}

async fn new_code(app: &App, id: &str) -> Result<String, DbError> {
    let (code, now) = (crate::guests::Code::random(), app.now());
    let mut tx = app.db.write().await?;
    let ends = app.latest() + crate::guests::CODE_LASTS;
    guests::keep_code(&mut tx, code.digest(), id, now, ends).await?;
    tx.commit().await?;
    Ok(code.typed())
}

/// Notes that the papers came back, with how many pages were counted and in
/// which condition.
///
/// # Errors
/// When the person may not, keeps not this file, or no papers are outside.
pub async fn take_back(
    app: &App,
    actor: &Actor,
    id: &str,
    pages: u32,
    condition: &str,
) -> Result<Shown, LendingError> {
    actor.must(Right::HandOver)?;
    let lending = kept(app, actor, id).await?;
    let condition = rules::words(condition)?;
    lending.facts()?.returned(actor, pages)?;
    let household = lending.row.household()?;
    let act = Act::ReturnLending { lending: id.to_owned(), household, pages, condition };
    app.recorder.record(actor, act).await?;
    get(app, actor, id).await
}

/// Withdraws a request, or ends a lending before its last day; nobody reads by
/// it any more.
///
/// # Errors
/// When the person has nothing to do with it, or papers are outside.
pub async fn end(app: &App, actor: &Actor, id: &str, reason: &str) -> Result<Shown, LendingError> {
    actor.must(Right::AskLending)?;
    let lending = known(app, actor, id).await?;
    let reason = rules::words(reason)?;
    lending.facts()?.ended()?;
    let household = lending.row.household()?;
    let act = Act::EndLending { lending: id.to_owned(), household, reason };
    app.recorder.record(actor, act).await?;
    let mut tx = app.db.write().await?;
    guests::end_all(&mut tx, id).await?;
    tx.commit().await?;
    get(app, actor, id).await
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

/// The right to read that a lending gives the person now: they borrow it, work
/// where they did when it was asked for, it was agreed to, and its last day is
/// not over.
///
/// # Errors
/// When there is none.
pub async fn grant(app: &App, actor: &Actor, id: &str) -> Result<Grant, LendingError> {
    actor.must(Right::AskLending)?;
    let lending = known(app, actor, id).await?;
    let mut tx = app.db.read().await?;
    let now = app.latest();
    let me = actor.person.as_ref().map_or("-", |person| person.as_str());
    let mine = lending.row.borrower_person == me
        && lending.row.borrower_organisation == actor.organisation.as_str();
    if !mine || lending.facts()?.standing(now) != Standing::Open {
        return Err(LendingError::Unknown);
    }
    let login = match &actor.person {
        Some(person) => people::get(&mut tx, person).await?.map(|one| one.login),
        None => None,
    };
    let organisation = households::organisation_name(&mut tx, &lending.row.borrower_organisation);
    let who = format!("{} {} {}", actor.name, login.unwrap_or_default(), organisation.await?);
    Ok(opened(&lending, &who, app.now())?)
}

/// The right to read that a lending gives somebody without an account; none
/// when it is not open.
///
/// # Errors
/// When the database fails.
pub(crate) async fn grant_to_guest(app: &App, id: &str) -> Result<Option<Grant>, DbError> {
    let mut tx = app.db.read().await?;
    let Some(lending) = lendings::get(&mut tx, id).await? else { return Ok(None) };
    let now = app.latest();
    let outside = lending.row.borrower_person.is_empty();
    if !outside || lending.facts()?.standing(now) != Standing::Open {
        return Ok(None);
    }
    let who = format!("{} {}", lending.row.borrower, lending.row.body);
    opened(&lending, &who, app.now()).map(Some)
}

fn opened(lending: &Lending, who: &str, now: Timestamp) -> Result<Grant, DbError> {
    let cover = match lending.row.cover()? {
        Cover::Nothing => Covered::Nothing,
        Cover::Numbers => Covered::Numbers,
    };
    let number = lending.row.id.get(..8).unwrap_or_default();
    let mark = format!("{who} {} {number}", stamp(now));
    // Why it was opened stands on the request; the number leads to it.
    let reason = Reason { purpose: look::Purpose::Other, words: format!("借阅 {number}") };
    let look = Look { reason: Some(reason), ..Look::new(Kind::Open) };
    let grant = Grant::new(lending.row.household()?, cover, mark, look);
    let agreed = lending.step(Stage::Agreed).map(|step| step.entry);
    // What is open was agreed to; nothing stood before the log began.
    Ok(grant.decided_by(agreed.unwrap_or(-1)))
}

/// A moment as it is drawn on pages: in China, to the minute.
pub(crate) fn stamp(now: Timestamp) -> String {
    let china = jiff::tz::TimeZone::fixed(jiff::tz::Offset::constant(8));
    china.to_datetime(now).strftime("%Y-%m-%d %H:%M").to_string()
}

/// The lending, if the person has to do with it.
async fn known(app: &App, actor: &Actor, id: &str) -> Result<Lending, LendingError> {
    let mut tx = app.db.read().await?;
    let found = lendings::get(&mut tx, id).await?;
    found.filter(|one| concerns(actor, one)).ok_or(LendingError::Unknown)
}

/// The lending, if the person keeps its file.
async fn kept(app: &App, actor: &Actor, id: &str) -> Result<Lending, LendingError> {
    let lending = known(app, actor, id).await?;
    if keeper(actor, &lending) { Ok(lending) } else { Err(LendingError::Unknown) }
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
        households::organisation_name(tx, &row.borrower_organisation).await?
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
    };
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
                entry: step.entry,
            })
            .collect(),
    })
}
