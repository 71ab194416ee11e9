//! 收件台: the pile, the paper in hand with what is proposed for it, and what
//! was filed a moment ago.

use super::overview::waiting_papers;
use super::{DocumentView, Happening, ViewError, Waiting, happenings};
use crate::app::App;
use crate::catalog::documents::{self, Document};
use crate::catalog::entries;
use crate::catalog::households;
use crate::db::Tx;
use crate::filing::{self, Proposed};
use crate::model::access::{Actor, scope};
use crate::model::act::Act;
use crate::model::id::{DocumentId, HouseholdNo};

/// How many papers of the pile are shown.
const PILE: u32 = 100;
/// How many papers filed a moment ago are shown.
const FILED: usize = 10;

/// The intake desk.
#[derive(Debug, Clone, PartialEq)]
pub struct Desk {
    /// Papers that wait, oldest first.
    pub pile: Vec<Waiting>,
    /// How many wait in all.
    pub total: i64,
    /// The paper in hand: the one wished for, else the first of the pile.
    pub in_hand: Option<InHand>,
    /// What this person filed last, newest first.
    pub filed: Vec<JustFiled>,
}

/// The paper in hand.
#[derive(Debug, Clone, PartialEq)]
pub struct InHand {
    /// The paper.
    pub paper: DocumentView,
    /// What is proposed for it.
    pub proposed: Proposed,
    /// The other document that holds the same bytes, with its title and head.
    pub same_bytes: Option<(Document, String, String)>,
}

/// A paper that was filed a moment ago.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JustFiled {
    /// Which.
    pub document: DocumentId,
    /// How it is called.
    pub title: String,
    /// How many pages it has.
    pub pages: i64,
    /// The head of its household.
    pub head: String,
}

/// The intake desk of this person, with paper `wished` in hand.
///
/// # Errors
/// When there is no such paper, or a part fails.
pub async fn desk(app: &App, actor: &Actor, wished: Option<DocumentId>) -> Result<Desk, ViewError> {
    let visible = scope(actor);
    let mut tx = app.db.read().await?;
    let pile = waiting_papers(app, &mut tx, actor, PILE).await?;
    let counts = documents::counts(&mut tx, &visible).await?;
    let waits = |state: &str| matches!(state, "waiting" | "undescribed");
    let total = counts.iter().filter(|row| waits(&row.0)).map(|row| row.1).sum();
    let filed = just_filed(&mut tx, actor).await?;
    let in_hand = match wished.or_else(|| pile.first().map(|first| first.document.id())) {
        Some(id) => {
            let document = documents::get(&mut tx, &visible, id).await?;
            let document = document.ok_or(ViewError::UnknownDocument(id))?;
            let proposed = filing::proposed(app, &mut tx, &visible, &document).await?;
            let same_bytes = same_bytes(&mut tx, actor, &document).await?;
            drop(tx);
            Some(InHand { paper: super::document(app, actor, id).await?, proposed, same_bytes })
        }
        None => None,
    };
    Ok(Desk { pile, total, in_hand, filed })
}

/// Another live document with the bytes of this one's first file.
async fn same_bytes(
    tx: &mut Tx,
    actor: &Actor,
    document: &Document,
) -> Result<Option<(Document, String, String)>, ViewError> {
    let Some(file) = documents::files(tx, document.id()).await?.into_iter().next() else {
        return Ok(None);
    };
    let holders = documents::with_blob(tx, file.digest()?).await?;
    let visible = scope(actor);
    let other =
        holders.into_iter().find(|one| one.id != document.id && visible.covers(&one.organisation));
    let Some(other) = other else { return Ok(None) };
    let title = documents::shown(tx, &other).await?.title;
    let head = head_of(tx, other.household.as_deref()).await?;
    Ok(Some((other, title, head)))
}

async fn just_filed(tx: &mut Tx, actor: &Actor) -> Result<Vec<JustFiled>, ViewError> {
    let mut filed: Vec<JustFiled> = Vec::new();
    for Happening { body, .. } in happenings(entries::last(tx, 60).await?)? {
        let Act::FileDocument { document, household, .. } = body.act else { continue };
        if body.actor.name != actor.name || filed.iter().any(|one| one.document == document) {
            continue;
        }
        if let Some(found) = documents::get(tx, &scope(actor), document).await? {
            let title = documents::shown(tx, &found).await?.title;
            let head = head_of(tx, Some(household.as_str())).await?;
            filed.push(JustFiled { document, title, pages: found.pages, head });
        }
        if filed.len() == FILED {
            break;
        }
    }
    Ok(filed)
}

async fn head_of(tx: &mut Tx, household: Option<&str>) -> Result<String, ViewError> {
    let no: Option<HouseholdNo> = household.and_then(|no| no.parse().ok());
    match no {
        Some(no) => Ok(households::get(tx, &no).await?.map(|one| one.head).unwrap_or_default()),
        None => Ok(String::new()),
    }
}
