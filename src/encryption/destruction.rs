//! 销毁: the keys of a household's papers are destroyed by two people. One asks,
//! another looks at the papers and agrees, or does not.

use serde::Serialize;
use utoipa::ToSchema;

use super::{EncryptionError, stores};
use crate::app::App;
use crate::catalog::destructions::{self, DestructionRow};
use crate::catalog::{destroyed, documents, households, volumes};
use crate::db::{DbError, Tx};
use crate::keys;
use crate::model::access::{Actor, Right, scope};
use crate::model::act::Act;
use crate::model::id::{Digest, EntryNo, HouseholdNo};
use crate::model::text::hidden;

/// The most characters of a reason.
const WORDS: usize = 200;
/// How many requests are listed: the newest.
const LISTED: u32 = 200;

/// What would be destroyed, or was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Destruction {
    /// Whose papers.
    #[schema(value_type = String)]
    pub household: HouseholdNo,
    /// 户主
    pub head: String,
    /// How many papers the household has.
    pub papers: usize,
    /// How many versions of its volume were bound.
    pub versions: usize,
    /// The files of those papers and the manifests of those versions, without
    /// those that another household has too.
    #[schema(value_type = Vec<String>)]
    pub objects: Vec<Digest>,
    /// The entry that destroyed their keys; none while it was not done.
    pub entry: Option<EntryNo>,
}

/// A destruction that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Request {
    /// The entry that asked for it, which names it.
    pub asked: i64,
    /// Whose papers.
    pub household: String,
    /// Why, and on whose decision.
    pub reason: String,
    /// When it was asked for, RFC 3339.
    pub time: String,
    /// Who asked.
    pub name: String,
    /// What became of it: `asked`, `refused` or `destroyed`.
    pub stage: String,
    /// The entry that decided; none while nobody has.
    pub decided: Option<i64>,
    /// Who decided, or empty.
    pub decider: String,
    /// Why not, or empty.
    pub answer: String,
    /// Whether the acting person may decide on it.
    pub yours: bool,
}

impl Request {
    async fn of(tx: &mut Tx, row: DestructionRow, actor: &Actor) -> Result<Self, DbError> {
        let others = !row.asker(tx).await?.is(actor);
        let yours = row.waits() && others && actor.may(Right::DecideDestruction);
        let DestructionRow { asked, household, reason, time, name, stage, .. } = row;
        let decided = (row.decided > 0).then_some(row.decided);
        let (decider, answer) = (row.decider, row.answer);
        Ok(Self { asked, household, reason, time, name, stage, decided, decider, answer, yours })
    }
}

/// What destroying the keys of a household's papers would destroy; changes
/// nothing.
///
/// # Errors
/// When there is no such household, nothing to destroy, or some of it is stored
/// plain.
pub async fn plan(
    app: &App,
    actor: &Actor,
    no: &HouseholdNo,
) -> Result<Destruction, EncryptionError> {
    let mut tx = app.db.read().await?;
    let visible = scope(actor).covers(&households::in_charge(&mut tx, no).await?);
    drop(tx);
    match visible {
        true => what(app, no).await,
        false => Err(EncryptionError::UnknownHousehold(no.clone())),
    }
}

/// As [`plan`], whoever asks.
async fn what(app: &App, no: &HouseholdNo) -> Result<Destruction, EncryptionError> {
    let mut tx = app.db.read().await?;
    let household = households::get(&mut tx, no).await?;
    let head = household.ok_or_else(|| EncryptionError::UnknownHousehold(no.clone()))?.head;
    let objects = destroyed::objects_of(&mut tx, no).await?;
    let papers = documents::of_household(&mut tx, no).await?.len();
    let versions = volumes::versions(&mut tx, no).await?.len();
    for object in &objects {
        if destroyed::shares_its_key(&mut tx, *object).await? {
            return Err(EncryptionError::Shared(*object));
        }
    }
    drop(tx);
    if objects.is_empty() {
        return Err(EncryptionError::Nothing(no.clone()));
    }
    for (side, vault) in stores(app).await? {
        let mut files = 0;
        for object in &objects {
            files += usize::from(vault.is_sealed(*object).await? == Some(false));
        }
        if files > 0 {
            return Err(EncryptionError::Plain { household: no.clone(), files, side });
        }
    }
    let household = no.clone();
    Ok(Destruction { household, head, papers, versions, objects, entry: None })
}

/// 提请销毁: asks that the keys of a household's papers be destroyed. Nothing
/// is, until somebody else agrees. Returns the request.
///
/// # Errors
/// As [`plan`]; or when the person may not, gives no reason, or it was asked for
/// already.
pub async fn ask(
    app: &App,
    actor: &Actor,
    no: &HouseholdNo,
    reason: &str,
) -> Result<Request, EncryptionError> {
    actor.must(Right::ManageKeys)?;
    let reason = said(reason)?;
    // Whoever has the keys sees no record, and is told nothing of this one but
    // that it is there.
    if !no.as_str().starts_with(actor.organisation.prefix()) {
        return Err(EncryptionError::UnknownHousehold(no.clone()));
    }
    what(app, no).await?;
    let act = Act::AskDestruction { household: no.clone(), reason };
    let receipt = app.recorder.record(actor, act).await?;
    request(app, actor, receipt.no).await
}

/// What was asked for in the own organisation and below it, the newest first.
///
/// # Errors
/// When the person has nothing to do with it.
pub async fn requests(app: &App, actor: &Actor) -> Result<Vec<Request>, EncryptionError> {
    concerns(actor)?;
    let mut tx = app.db.read().await?;
    let rows = destructions::list(&mut tx, actor.organisation.prefix(), LISTED).await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        found.push(Request::of(&mut tx, row, actor).await?);
    }
    Ok(found)
}

/// 不予销毁: somebody else does not agree. Returns the request.
///
/// # Errors
/// When the person may not, asked for it, or it does not wait.
pub async fn refuse(
    app: &App,
    actor: &Actor,
    asked: EntryNo,
    reason: &str,
) -> Result<Request, EncryptionError> {
    actor.must(Right::DecideDestruction)?;
    let reason = said(reason)?;
    let household = household_of(&request(app, actor, asked).await?)?;
    let act = Act::RefuseDestruction { household, asked, reason };
    app.recorder.record(actor, act).await?;
    request(app, actor, asked).await
}

/// Destroys the keys of a household's papers, as another asked; `typed` is its
/// number once more. The act is recorded, then the keys are gone, with what was
/// read from the papers. A stop in between is made good at the next start. The
/// master key is another one afterwards.
///
/// # Errors
/// As [`plan`]; when the person may not, asked for it, or it does not wait; or
/// when the files of the keys cannot be written: nothing was done.
pub async fn destroy(
    app: &App,
    actor: &Actor,
    asked: EntryNo,
    typed: &str,
) -> Result<Destruction, EncryptionError> {
    actor.must(Right::DecideDestruction)?;
    let request = request(app, actor, asked).await?;
    let household = household_of(&request)?;
    if typed.trim() != household.as_str() {
        return Err(EncryptionError::NotThis(household));
    }
    let plan = plan(app, actor, &household).await?;
    keys::volumes::can_destroy(&app.config)?;
    let act = Act::DestroyKeys {
        household: household.clone(),
        objects: plan.objects.clone(),
        reason: request.reason,
        asked: Some(asked),
    };
    let receipt = app.recorder.record(actor, act).await?;
    keys::volumes::destroy(&app.config, &plan.objects)?;
    for (_, vault) in stores(app).await? {
        vault.remove_remains(&plan.objects).await?;
    }
    Ok(Destruction { entry: Some(receipt.no), ..plan })
}

/// What was asked for by this entry, of a household in the scope of the person.
async fn request(app: &App, actor: &Actor, asked: EntryNo) -> Result<Request, EncryptionError> {
    let mut tx = app.db.read().await?;
    let row = destructions::get(&mut tx, asked).await?;
    let within = |row: &DestructionRow| row.household.starts_with(actor.organisation.prefix());
    let row = row.filter(within).ok_or(EncryptionError::UnknownRequest(asked))?;
    Ok(Request::of(&mut tx, row, actor).await?)
}

fn household_of(request: &Request) -> Result<HouseholdNo, EncryptionError> {
    request.household.parse().map_err(|_| EncryptionError::UnknownRequest(request.asked))
}

/// Whether somebody has to do with destructions: asks for them, or decides.
fn concerns(actor: &Actor) -> Result<(), EncryptionError> {
    match actor.may(Right::DecideDestruction) {
        true => Ok(()),
        false => Ok(actor.must(Right::ManageKeys)?),
    }
}

fn said(reason: &str) -> Result<String, EncryptionError> {
    let reason = reason.trim();
    let fits = (1..=WORDS).contains(&reason.chars().count());
    match fits && !reason.chars().any(hidden) {
        true => Ok(reason.to_owned()),
        false => Err(EncryptionError::NoReason),
    }
}
