//! 件: one document with its pages, its text and where it came from.

use serde::Serialize;
use utoipa::ToSchema;

use super::ViewError;
use super::household::filing_order;
use crate::app::App;
use crate::catalog::documents::{self, Document, FileRow};
use crate::catalog::entries::{self, EntryRow};
use crate::catalog::jobs::{self, Job};
use crate::catalog::{households, volumes};
use crate::db::{DbError, Tx};
use crate::extract::{PageReading, Source};
use crate::looks::{self, LookError};
use crate::model::access::{Actor, scope};
use crate::model::act::Body;
use crate::model::document::{Description, State};
use crate::model::id::{DocumentId, HouseholdNo};
use crate::model::look::{Kind, Look};
use crate::model::mask;
use crate::rendition;

/// One page of a document.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PageView {
    /// Its number within the document, from 1.
    pub page: u32,
    /// The file it is in, from 1.
    pub file: i64,
    /// What was read, the numbers of persons covered; none yet.
    pub reading: Option<PageReading>,
}

/// Something that happened, for a timeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Happening {
    /// The number of the log entry.
    pub no: i64,
    /// When, RFC 3339.
    pub time: String,
    /// The act with its actor, the numbers of persons covered.
    #[serde(flatten)]
    pub body: Body,
    /// The digest of the body.
    pub body_sha256: String,
}

/// A document with everything a person may see of it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct DocumentView {
    /// As the catalog knows it.
    pub document: Document,
    /// How it is called.
    pub title: String,
    /// Confirmed, or as proposed while nobody has.
    pub description: Description,
    /// 户主, or empty.
    pub head: String,
    /// 档号 of the household's volume, or none.
    pub volume: Option<String>,
    /// Its files in order.
    pub files: Vec<FileRow>,
    /// Its pages in order.
    pub pages: Vec<PageView>,
    /// The job that reads it, when it is not done.
    pub job: Option<Job>,
    /// What happened to it, oldest first.
    pub history: Vec<Happening>,
    /// How many pages stand before it in the household's file, as that is
    /// numbered or would be.
    pub pages_before: i64,
    /// The document before it in the household's file.
    pub previous: Option<i64>,
    /// The document after it.
    pub next: Option<i64>,
}

impl DocumentView {
    /// How many pages could not be read.
    #[must_use]
    pub fn unread(&self) -> usize {
        let unread = |page: &&PageView| {
            page.reading.as_ref().is_some_and(|reading| reading.source == Source::None)
        };
        self.pages.iter().filter(unread).count()
    }
}

/// The document with number `id`, and that it is looked at is noted.
///
/// # Errors
/// When there is none this person may see, no reason was given where one is
/// wanted, or the look cannot be noted.
pub async fn document(app: &App, actor: &Actor, id: DocumentId) -> Result<DocumentView, ViewError> {
    match document_at_work(app, actor, id).await {
        Ok(seen) => {
            opens(app, actor, &seen.document, opening(&seen.document, &seen.title)).await?;
            Ok(seen)
        }
        Err(error @ ViewError::UnknownDocument(_)) => {
            looks::refuses(app, actor, Look::new(Kind::Open).at(id)).await?;
            Err(error)
        }
        failed => failed,
    }
}

/// Notes a look at a document before it, or what was done with it, is shown.
pub(crate) async fn opens(
    app: &App,
    actor: &Actor,
    document: &Document,
    look: Look,
) -> Result<(), LookError> {
    match document.state() {
        State::Filed => looks::shows(app, actor, look).await,
        _ => looks::shows_at_work(app, actor, look).await,
    }
}

/// That a document is opened, with all its pages.
pub(crate) fn opening(document: &Document, title: &str) -> Look {
    let look = Look::new(Kind::Open).at(document.id()).titled(title).counting(document.pages);
    let household = document.household.as_ref().and_then(|no| no.parse().ok());
    Look { household, ..look }
}

/// The document with number `id` for whoever works on it and shows nothing of it:
/// this is not a look.
///
/// # Errors
/// When there is none this person may see.
pub async fn document_at_work(
    app: &App,
    actor: &Actor,
    id: DocumentId,
) -> Result<DocumentView, ViewError> {
    let visible = scope(actor);
    let mut tx = app.db.read().await?;
    let found = documents::get(&mut tx, &visible, id).await?;
    let document = found.ok_or(ViewError::UnknownDocument(id))?;
    let files = documents::files(&mut tx, id).await?;
    let (mut pages, mut job) = (Vec::new(), None);
    for file in &files {
        if job.is_none() {
            job = jobs::reading_of(&mut tx, file).await?;
        }
        let mut read = rendition::load::<ViewError>(app, &mut tx, file)
            .await?
            .map(|reading| reading.pages.into_iter());
        for _ in 0..file.pages {
            let page = u32::try_from(pages.len() + 1).unwrap_or(u32::MAX);
            let reading = read.as_mut().and_then(Iterator::next).map(covered);
            pages.push(PageView { page, file: file.place, reading });
        }
    }
    let (mut head, mut volume) = (String::new(), None);
    let mut beside = Beside::default();
    if let Some(no) = document.household.as_ref().and_then(|no| no.parse().ok()) {
        head = households::get(&mut tx, &no).await?.map(|one| one.head).unwrap_or_default();
        volume = volumes::current(&mut tx, &no).await?.map(|volume| volume.reference_code);
        beside = Beside::find(app, &mut tx, &no, id).await?;
    }
    let title = documents::shown(&mut tx, &document).await?.title;
    let description = crate::filing::proposed(app, &mut tx, &visible, &document).await?.description;
    let history = happenings(entries::of_document(&mut tx, id).await?)?;
    let Beside { pages_before, previous, next } = beside;
    Ok(DocumentView {
        document,
        title,
        description,
        head,
        volume,
        files,
        pages,
        job,
        history,
        pages_before,
        previous,
        next,
    })
}

/// A page with the numbers of persons in its text covered.
fn covered(mut reading: PageReading) -> PageReading {
    // As a whole: an identity card may be broken at the end of a line.
    let whole = mask::numbers(&reading.text());
    reading.cover_alternatives(&whole);
    let mut chars = whole.chars();
    for line in &mut reading.lines {
        let length = line.text.chars().count();
        line.text = chars.by_ref().take(length).collect();
        // A line feed stands between two lines.
        chars.next();
    }
    reading
}

/// What stands beside a document in its household's file.
#[derive(Default)]
struct Beside {
    pages_before: i64,
    previous: Option<i64>,
    next: Option<i64>,
}

impl Beside {
    async fn find(
        app: &App,
        tx: &mut Tx,
        no: &HouseholdNo,
        id: DocumentId,
    ) -> Result<Self, DbError> {
        let mut papers = Vec::new();
        for one in documents::of_household(tx, no).await? {
            let type_code = documents::shown(tx, &one).await?.type_code;
            papers.push((filing_order(&app.profile, &type_code, &one), one));
        }
        papers.sort_by(|a, b| a.0.cmp(&b.0));
        let Some(at) = papers.iter().position(|(_, one)| one.id == id.0) else {
            return Ok(Self::default());
        };
        let number = |at: usize| papers.get(at).map(|(_, one)| one.id);
        Ok(Self {
            pages_before: papers.iter().take(at).map(|(_, one)| one.pages).sum(),
            previous: at.checked_sub(1).and_then(number),
            next: number(at + 1),
        })
    }
}

/// Entries as happenings.
///
/// # Errors
/// When a body is not one.
pub fn happenings(entries: Vec<EntryRow>) -> Result<Vec<Happening>, DbError> {
    entries
        .into_iter()
        .map(|entry| {
            let body = mask::body(entry.body()?);
            Ok(Happening { no: entry.no, time: entry.time, body, body_sha256: entry.body_sha256 })
        })
        .collect()
}
