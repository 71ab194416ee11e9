//! 经过: what was done, by whom, when and for which organisation, as far as a
//! person may see it: one entry of the log, the log from its end, and the
//! histories of a household's file and of a document. What is outside the
//! scope is a number and digests; `tell` decides it for all of them.

mod changes;

use serde::Serialize;
use utoipa::ToSchema;

pub use self::changes::{Change, Field};
use crate::app::App;
use crate::catalog::entries::{self, EntryRow};
use crate::catalog::{documents, households, organisations};
use crate::db::{DbError, Tx};
use crate::looks;
use crate::model::access::{Actor, Right, scope};
use crate::model::act::{Act, Body, LogEntry};
use crate::model::canonical;
use crate::model::id::{Digest, DocumentId, HouseholdNo};
use crate::model::look::{Kind, Look};
use crate::model::mask;
use crate::record::{RecordError, truth};
use crate::view::ViewError;
use crate::view::document::{opening, opens};

/// Why there is no history.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// The log has no such entry.
    #[error("the log has no entry {0}")]
    UnknownEntry(i64),
    /// Nothing of that name, or nothing this person may see.
    #[error(transparent)]
    View(#[from] ViewError),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// An act of the log, with what it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Told {
    /// The number of its entry.
    pub no: i64,
    /// When, RFC 3339.
    pub time: String,
    /// The act with its actor.
    #[serde(flatten)]
    pub body: Body,
    /// The name of the organisation for which the person acted, or its code.
    pub organisation: String,
    /// The document it is about.
    pub document: Option<i64>,
    /// How that document is called, or empty.
    pub title: String,
    /// The household it is about.
    pub household: Option<String>,
    /// Its head, or empty.
    pub head: String,
    /// Whether the document had been filed before: this act corrects it.
    pub again: bool,
    /// What it corrected.
    pub changes: Vec<Change>,
}

impl Told {
    /// The look at what it is about; none where that is neither a household nor a paper.
    fn look(&self) -> Option<Look> {
        let household = self.household.as_ref().and_then(|no| no.parse().ok());
        let document = self.document.map(DocumentId);
        let named = format!("存证日志第{}条 {}{}", self.no, self.head, self.title);
        let look = Look { household, document, ..Look::new(Kind::Open).titled(&named) };
        (look.household.is_some() || look.document.is_some()).then_some(look)
    }
}

/// Some acts, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Acts {
    /// Those this person may see.
    pub told: Vec<Told>,
    /// The numbers of those that are left out.
    pub hidden: Vec<i64>,
    /// Where older acts go on; none at the end.
    pub older: Option<i64>,
}

impl Acts {
    /// Tells these entries, which stand newest first.
    async fn of(
        tx: &mut Tx,
        actor: &Actor,
        rows: Vec<EntryRow>,
        older: Option<i64>,
    ) -> Result<Self, DbError> {
        let mut acts = Self { older, ..Self::default() };
        for row in rows {
            let no = row.no;
            match tell(tx, actor, row).await? {
                Some(told) => acts.told.push(told),
                None => acts.hidden.push(no),
            }
        }
        Ok(acts)
    }
}

/// The acts before entry `before`, or the newest: at most `limit`. That is one look, at the log: what
/// it is about of each file is noted when that is opened.
///
/// # Errors
/// When the look cannot be noted, or the database fails.
pub async fn acts(
    app: &App,
    actor: &Actor,
    before: Option<i64>,
    limit: u32,
) -> Result<Acts, HistoryError> {
    let mut tx = app.db.read().await?;
    let rows = entries::before(&mut tx, before.unwrap_or(i64::MAX), limit).await?;
    let older = rows.last().map(|row| row.no).filter(|no| *no > 0);
    let acts = Acts::of(&mut tx, actor, rows, older).await?;
    drop(tx);
    let title = before.map_or_else(String::new, |no| format!("，第{no}条以前"));
    let look = Look::new(Kind::Open).titled(&format!("存证日志{title}"));
    app.looks.note(actor, look.counting(acts.told.len())).await.map_err(ViewError::from)?;
    Ok(acts)
}

/// The acts about the file of a household, from entry `from` of its history or
/// from its end: at most `limit`. The log itself says which they are. Who reads what was done
/// with a file has opened it, and that is noted.
///
/// # Errors
/// When there is no such household this person may see, its history has no
/// entry `from`, no reason was given where one is wanted, or the look cannot be noted.
pub async fn of_household(
    app: &App,
    actor: &Actor,
    no: &HouseholdNo,
    from: Option<i64>,
    limit: usize,
) -> Result<Acts, HistoryError> {
    let mut tx = app.db.read().await?;
    let household = households::get(&mut tx, no).await?;
    drop(tx);
    let look = Look::new(Kind::Open).of(no.clone());
    let Some(household) = household.filter(|one| scope(actor).covers(&one.organisation)) else {
        looks::refuses(app, actor, look).await.map_err(ViewError::from)?;
        return Err(ViewError::UnknownHousehold(no.clone()).into());
    };
    looks::shows(app, actor, look.titled(&household.head)).await.map_err(ViewError::from)?;
    let mut tx = app.db.read().await?;
    let known = 0..=household.last_entry;
    let mut next = Some(from.unwrap_or(household.last_entry));
    let mut rows = Vec::new();
    while let Some(at) = next.filter(|_| rows.len() < limit) {
        if !known.contains(&at) {
            return Err(HistoryError::UnknownEntry(at));
        }
        let exact = entries::exact(&mut tx, at).await?;
        let leaf = leaf(&exact)?;
        let body_sha256 = leaf.body.to_string();
        let link = leaf.volumes.into_iter().find(|link| link.volume == household.volume);
        let link = link.ok_or(HistoryError::UnknownEntry(at))?;
        next = link.prev.filter(|prev| *prev < at);
        rows.push(EntryRow { no: at, time: exact.time, body: exact.body, body_sha256 });
    }
    Ok(Acts::of(&mut tx, actor, rows, next).await?)
}

/// The acts about a document, and about those that became part of it, before
/// entry `before` or from the newest: at most `limit`. That is a look at the document.
///
/// # Errors
/// When there is no such document this person may see, no reason was given where one is wanted, or
/// the look cannot be noted.
pub async fn of_document(
    app: &App,
    actor: &Actor,
    id: DocumentId,
    before: Option<i64>,
    limit: u32,
) -> Result<Acts, HistoryError> {
    let mut tx = app.db.read().await?;
    let Some(document) = documents::get(&mut tx, &scope(actor), id).await? else {
        drop(tx);
        let look = Look::new(Kind::Open).at(id);
        looks::refuses(app, actor, look).await.map_err(ViewError::from)?;
        return Err(ViewError::UnknownDocument(id).into());
    };
    let title = documents::shown(&mut tx, &document).await?.title;
    drop(tx);
    let look = opening(&document, &title);
    opens(app, actor, &document, look).await.map_err(ViewError::from)?;
    let mut tx = app.db.read().await?;
    let mut sources = documents::joined_into(&mut tx, id).await?;
    sources.push(id);
    let (before, mut rows) = (before.unwrap_or(i64::MAX), Vec::new());
    for source in sources {
        // One more than is shown tells whether there are older ones.
        rows.extend(entries::of_document_before(&mut tx, source, before, limit + 1).await?);
    }
    rows.sort_unstable_by_key(|row| std::cmp::Reverse(row.no));
    let more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let older = rows.last().map(|row| row.no).filter(|_| more);
    Ok(Acts::of(&mut tx, actor, rows, older).await?)
}

/// One entry of the log. Its digests are public; what it says is told only
/// inside the scope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Entry {
    /// Its number.
    pub no: i64,
    /// When, RFC 3339.
    pub time: String,
    /// Its PREMIS event type.
    #[serde(rename = "type")]
    pub event_type: String,
    /// The bytes that are a leaf of the tree: canonical JSON.
    pub leaf: String,
    /// The digest of the body that the leaf commits to.
    #[schema(value_type = String)]
    pub body_sha256: Digest,
    /// Whether the body that this archive has is the one committed to.
    pub body_matches: bool,
    /// The files it brings.
    #[schema(value_type = Vec<String>)]
    pub objects: Vec<Digest>,
    /// What was done; none outside the scope.
    pub told: Option<Told>,
}

/// Entry `no` of the log. What it tells of a household or a paper is a look at that; whoever checks
/// the log need not say why.
///
/// # Errors
/// When there is none, or the look cannot be noted.
pub async fn entry(app: &App, actor: &Actor, no: i64) -> Result<Entry, HistoryError> {
    let mut tx = app.db.read().await?;
    if no < 0 || no >= entries::count(&mut tx).await? {
        return Err(HistoryError::UnknownEntry(no));
    }
    let exact = entries::exact(&mut tx, no).await?;
    drop(tx);
    let LogEntry { event_type, body, objects, .. } = leaf(&exact)?;
    let body_matches = is_its_body(app, &exact, body).await?;
    let mut tx = app.db.read().await?;
    let row =
        EntryRow { no, time: exact.time.clone(), body: exact.body, body_sha256: body.to_string() };
    // A body that is not the one committed to proves nothing and may not even
    // be one.
    let told = if body_matches { tell(&mut tx, actor, row).await? } else { None };
    drop(tx);
    if let Some(look) = told.as_ref().and_then(Told::look) {
        looks::shows_at_work(app, actor, look).await.map_err(ViewError::from)?;
    }
    Ok(Entry {
        no,
        time: exact.time,
        event_type,
        leaf: exact.leaf,
        body_sha256: body,
        body_matches,
        objects,
        told,
    })
}

/// Whether the database has of an entry what the entry commits to: the body itself, or
/// where that has numbers of persons, the body that stands in the store with these
/// covered. A store that does not answer says nothing of it.
async fn is_its_body(
    app: &App,
    exact: &entries::Exact,
    committed: Digest,
) -> Result<bool, ViewError> {
    if Digest::of(exact.body.as_bytes()) == committed {
        return Ok(true);
    }
    let bytes = match truth::body_bytes(&app.db, &app.vault, exact.no).await {
        Err(RecordError::Vault(error)) if !error.is_damage() && !error.is_gone() => {
            return Err(error.into());
        }
        Err(_) => return Ok(false),
        Ok(bytes) => bytes,
    };
    let Ok(body) = canonical::from_bytes::<Body>(&bytes) else { return Ok(false) };
    let covered = canonical::to_bytes(&mask::body(body)).unwrap_or_default();
    Ok(Digest::of(&bytes) == committed && covered == exact.body.as_bytes())
}

fn leaf(exact: &entries::Exact) -> Result<LogEntry, DbError> {
    serde_json::from_str(&exact.leaf)
        .map_err(|error| DbError::Corrupt(format!("entry {}: {error}", exact.no)))
}

/// The number of the entry that recorded the last verification; none before
/// the first.
///
/// # Errors
/// When the database fails.
pub async fn last_verification(app: &App) -> Result<Option<i64>, HistoryError> {
    let mut tx = app.db.read().await?;
    Ok(entries::last_of(&mut tx, "check_fixity").await?.map(|row| row.no))
}

/// What an entry says to `actor`; none when it is about records outside the
/// scope, or about people the actor may not see.
async fn tell(tx: &mut Tx, actor: &Actor, row: EntryRow) -> Result<Option<Told>, DbError> {
    let (body, visible) = (mask::body(row.body()?), scope(actor));
    let of_people = matches!(
        body.act,
        Act::AddPerson { .. } | Act::ChangePerson { .. } | Act::GrantRoles { .. }
    );
    if of_people && !actor.may(Right::SeePeople) {
        return Ok(None);
    }
    let kept_by = body.act.kept_by();
    if !kept_by.is_empty() && !kept_by.iter().any(|one| visible.covers(one.as_str())) {
        return Ok(None);
    }
    let document = body.act.document(row.no);
    let mut household = body.act.household().cloned();
    let mut title = String::new();
    if let Some(id) = document {
        let Some(found) = documents::get(tx, &visible, id).await? else { return Ok(None) };
        title = documents::shown(tx, &found).await?.title;
        household = household.or_else(|| found.household.as_ref()?.parse().ok());
    }
    for no in household.iter().chain(body.act.other_household()) {
        if !visible.covers(&households::in_charge(tx, no).await?) {
            return Ok(None);
        }
    }
    let head = match &household {
        Some(no) => households::get(tx, no).await?.map(|one| one.head).unwrap_or_default(),
        None => String::new(),
    };
    let mut before = None;
    if let Act::FileDocument { document, .. } = &body.act {
        before = entries::filed_before(tx, *document, row.no).await?;
    }
    let changes = match &before {
        Some(before) => changes::between(&before.body()?.act, &body.act, &visible),
        None => Vec::new(),
    };
    Ok(Some(Told {
        no: row.no,
        time: row.time,
        organisation: organisations::name(tx, body.actor.organisation.as_str()).await?,
        body,
        document: document.map(|id| id.0),
        title,
        household: household.map(|no| no.to_string()),
        head,
        again: before.is_some(),
        changes,
    }))
}
