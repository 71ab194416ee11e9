//! 总览: what waits, what has failed, and how much there is.

use serde::Serialize;

use super::ViewError;
use crate::app::App;
use crate::catalog::documents::{self, Document};
use crate::catalog::households::{self, Listed};
use crate::catalog::jobs::{self, Job};
use crate::catalog::{entries, readings, volumes};
use crate::db::{DbError, Tx};
use crate::filing::{self, Candidate};
use crate::living::computed::Place;
use crate::model::access::{Actor, Scope, scope};

/// A paper that waits for a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Waiting {
    /// The paper.
    pub document: Document,
    /// How it is called.
    pub title: String,
    /// 件种, as read; or empty.
    #[serde(rename = "type")]
    pub type_code: String,
    /// The name its file came with.
    pub file: String,
    /// Whether it has been read.
    pub read: bool,
    /// The job that reads it, when it is not done.
    pub job: Option<Job>,
    /// The likeliest household, for the first papers of a list.
    pub candidate: Option<Candidate>,
    /// Whether nothing about it is in doubt, for the first papers of a list.
    pub sure: bool,
}

/// What a person sees first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Overview {
    /// Papers on the intake desk or not described, oldest first, at most 50.
    pub waiting: Vec<Waiting>,
    /// How many wait in all.
    pub waiting_total: i64,
    /// Jobs that wait, run, and have been given up.
    pub jobs: (i64, i64, i64),
    /// Households with required papers missing, the emptiest first, at most 20.
    pub incomplete: Vec<Listed>,
    /// How many such households there are in all.
    pub incomplete_total: i64,
    /// Households with papers that came after the last binding, at most 20.
    pub unbound: Vec<Listed>,
    /// How many such households there are in all.
    pub unbound_total: i64,
    /// How many pages were read badly.
    pub doubtful: i64,
    /// How many kinds of paper every household must have.
    pub required: usize,
    /// How many households.
    pub households: i64,
    /// How many documents are filed.
    pub documents: i64,
    /// How many pages they have.
    pub pages: i64,
    /// How many bytes their files have.
    pub bytes: i64,
    /// How many volumes are bound.
    pub volumes: i64,
    /// How many entries the log has.
    pub entries: i64,
}

/// What waits for this person, and how much there is.
///
/// # Errors
/// When the database fails.
pub async fn overview(app: &App, actor: &Actor) -> Result<Overview, ViewError> {
    let visible = scope(actor);
    let required: Vec<String> = app.profile.required().map(|kind| kind.code.clone()).collect();
    let mut tx = app.db.read().await?;
    let (counts, bytes) = held(app, &mut tx, &visible).await?;
    let of = |name: &str| counts.iter().find(|row| row.0 == name).map_or((0, 0), |r| (r.1, r.2));
    let (filed, pages) = of("filed");
    let waiting = waiting_papers(app, &mut tx, actor, 50).await?;
    let (incomplete, incomplete_total) =
        households::incomplete(&mut tx, &visible, &required, 20).await?;
    let (unbound, unbound_total) = households::unbound(&mut tx, &visible, &required, 20).await?;
    Ok(Overview {
        waiting,
        waiting_total: of("waiting").0 + of("undescribed").0,
        jobs: jobs::counts_within(&mut tx, &visible).await?,
        incomplete,
        incomplete_total,
        unbound,
        unbound_total,
        doubtful: doubtful(app, &mut tx, &visible).await?,
        required: required.len(),
        households: households::count(&mut tx, &visible).await?,
        documents: filed,
        pages,
        bytes,
        volumes: volumes::count(&mut tx, &visible).await?,
        entries: entries::count(&mut tx).await?,
    })
}

/// How many documents are in which state, with their pages, and how many bytes they have.
type Held = (Vec<(String, i64, i64)>, i64);

/// What the archive holds; counted again after an act that changes it.
async fn held(app: &App, tx: &mut Tx, visible: &Scope) -> Result<Held, DbError> {
    // A household that moves takes its papers along.
    let of_papers = ["accept_document", "file_document", "join_document", "return_document"];
    let key = format!("documents {}", visible.prefix());
    let place = Place::of(tx, &of_papers, key).await?;
    if let Some(held) = app.computed.get::<Held>(&place) {
        return Ok(held);
    }
    let held = (documents::counts(tx, visible).await?, documents::bytes(tx, visible).await?);
    Ok(app.computed.keep(place, 0, held))
}

/// How many pages a person should look at; counted again after a paper or a reading comes.
async fn doubtful(app: &App, tx: &mut Tx, visible: &Scope) -> Result<i64, DbError> {
    let place = Place::of_papers(tx, format!("doubtful {}", visible.prefix())).await?;
    if let Some(doubtful) = app.computed.get::<i64>(&place) {
        return Ok(doubtful);
    }
    Ok(app.computed.keep(place, 0, readings::count_doubtful(tx, visible).await?))
}

/// The papers that wait for this person, oldest first, at most `limit`.
///
/// # Errors
/// When the database fails.
pub async fn pile(app: &App, actor: &Actor, limit: u32) -> Result<Vec<Waiting>, ViewError> {
    let mut tx = app.db.read().await?;
    waiting_papers(app, &mut tx, actor, limit).await
}

/// For so many papers of a list the household is looked for.
const PROPOSED: usize = 12;

pub(super) async fn waiting_papers(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    limit: u32,
) -> Result<Vec<Waiting>, ViewError> {
    let mut waiting = Vec::new();
    for document in documents::waiting(tx, &scope(actor), limit).await? {
        let shown = documents::shown(tx, &document).await?;
        let (mut read, mut job) = (true, None);
        for file in documents::files(tx, document.id()).await? {
            read &= readings::of(tx, &file).await?.is_some();
            if job.is_none() {
                job = jobs::reading_of(tx, &file).await?;
            }
        }
        let (mut candidate, mut sure) = (None, false);
        if read && waiting.len() < PROPOSED {
            let proposed = filing::proposed(app, tx, &scope(actor), &document).await?;
            candidate = proposed.candidates.into_iter().next();
            sure = proposed.sure && candidate.as_ref().is_some_and(|one| one.certain);
        }
        waiting.push(Waiting {
            document,
            title: shown.title,
            type_code: shown.type_code,
            file: shown.file,
            read,
            job,
            candidate,
            sure,
        });
    }
    Ok(waiting)
}
