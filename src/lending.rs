//! 借阅: the file of a household is asked for, somebody else decides, it is
//! read or handed over, and comes back. A term ends by the clock alone.

pub mod effects;
mod open;
pub mod register;
mod shown;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use self::open::grant;
pub(crate) use self::open::{grant_to_guest, stamp};
pub use self::shown::{Can, Shown, Step, get, list};
use crate::app::App;
pub use crate::catalog::lendings::List;
use crate::catalog::lendings::{self, Lending};
use crate::catalog::{guests, households, people};
use crate::db::DbError;
use crate::model::access::{Actor, Denied, Right, scope};
use crate::model::act::Act;
use crate::model::id::HouseholdNo;
use crate::model::lending::{
    self as rules, Borrower, Cover, Manner, Purpose, Rule, Stage, Standing,
};
use crate::record::RecordError;
use crate::uses::UsesError;

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
    /// Nobody of the own organisation or below it signs in like this.
    #[error("nobody of the own organisation or below signs in as {0:?}")]
    Nobody(String),
    /// Only who has the file notes a request of somebody without an account.
    #[error("a request of somebody without an account is noted by the office that keeps the file")]
    NotOurs,
    /// The act.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// A register was not taken along.
    #[error(transparent)]
    Uses(#[from] UsesError),
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
    /// Somebody else with an account, of the own organisation or one below it. People of
    /// others ask for themselves.
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
            // Whether anybody elsewhere signs in like this is told to nobody.
            let found = found.filter(|one| one.works_below(&actor.organisation));
            let found = found.and_then(|one| one.actor());
            let nobody = || LendingError::Nobody(login.chars().take(40).collect());
            own(&found.ok_or_else(nobody)?)?
        }
        For::Outsider { name, body, contact, certificate } => {
            actor.must(Right::OpenCounter)?;
            let mut tx = app.db.read().await?;
            let in_charge = households::in_charge(&mut tx, &wanted.household).await?;
            drop(tx);
            if !scope(actor).covers(&in_charge) {
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

/// What is handed over.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Handed {
    /// Pages of paper.
    pub pages: u32,
    /// 份数: copies of these pages, where copies are handed over; 0 is one.
    pub copies: u32,
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
    Handed { pages, copies }: Handed,
) -> Result<Option<String>, LendingError> {
    actor.must(Right::HandOver)?;
    let lending = kept(app, actor, id).await?;
    lending.facts()?.handed_over(actor, app.latest())?;
    let manner = lending.row.manner()?;
    let screen = manner == Manner::Look;
    let pages = if screen { 0 } else { pages };
    let copies = if manner == Manner::Copy { copies.max(1) } else { 0 };
    for count in [pages, copies.max(1)].into_iter().filter(|_| !screen) {
        rules::counted(count)?;
    }
    let household = lending.row.household()?;
    let act = Act::HandOverLending { lending: id.to_owned(), household, pages, copies };
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
