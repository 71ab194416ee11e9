//! 阅览: the one file that a grant opens, to somebody who sees nothing else:
//! what is in it, and pictures of its pages, covered and marked. Nothing here
//! hands out the bytes or the text of a paper.

use bytes::Bytes;
use serde::Serialize;
use utoipa::ToSchema;

use super::household::filing_order;
use super::{ViewError, paper};
use crate::app::App;
use crate::catalog::documents::{self, Document, FileRow};
use crate::catalog::households::{self, MemberRow};
use crate::db::Tx;
use crate::extract::{Overlay, PageReading, Reading, Source};
use crate::looks;
use crate::model::access::{Actor, Grant};
use crate::model::cover::{self, Covered, Read};
use crate::model::document::State;
use crate::model::id::DocumentId;
use crate::model::look::Look;
use crate::rendition;

/// The most boxes on a page; one with more is no paper of a household.
const BLOCKS: usize = 1000;

/// A file as it is opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct OpenedFile {
    /// 户号
    pub household: String,
    /// 户主
    pub head: String,
    /// Its other members.
    pub members: Vec<OpenedMember>,
    /// Its filed papers, in filing order.
    pub papers: Vec<OpenedPaper>,
    /// How many papers came into it, or were added to, after it was lent; they are
    /// not shown.
    pub later: u64,
}

/// A member of the household other than its head.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct OpenedMember {
    /// 姓名, covered unless it is the reader's own.
    pub name: String,
    /// 与户主关系, or empty.
    pub relation: String,
}

/// A paper of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct OpenedPaper {
    /// Its number.
    pub document: i64,
    /// The name of its type.
    pub type_name: String,
    /// 题名
    pub title: String,
    /// 责任者
    pub responsible: String,
    /// The date on it, or empty.
    pub date: String,
    /// Its pages: for each whether it is shown, or why not.
    pub pages: Vec<Sight>,
}

/// Whether a page is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sight {
    /// It is.
    Shown,
    /// Nothing was read on it, so nothing can be covered.
    Unread,
    /// It is of an identity card, and not surely of the reader's alone.
    CardOfOthers,
}

/// What is in the file.
///
/// # Errors
/// When the household is not there any more, or the look cannot be noted.
pub async fn file(app: &App, reader: &Actor, grant: &Grant) -> Result<OpenedFile, ViewError> {
    let no = grant.household();
    let mut tx = app.db.read().await?;
    let household = households::get(&mut tx, no).await?;
    let household = household.ok_or_else(|| ViewError::UnknownHousehold(no.clone()))?;
    let members = households::members(&mut tx, no).await?;
    let (mut found, mut later) = (Vec::new(), 0);
    for document in documents::of_household(&mut tx, no).await? {
        if document.state() != State::Filed {
            continue;
        }
        if !stood(&mut tx, grant, document.id()).await? {
            later += 1;
        } else {
            let order = filing_order(&app.profile, &document.type_code, &document);
            found.push((order, document));
        }
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    let mut papers = Vec::with_capacity(found.len());
    for (_, document) in found {
        papers.push(described(app, &mut tx, grant, &document).await?);
    }
    drop(tx);
    let look = grant.look().titled(&household.head).counting(papers.len());
    app.looks.note(reader, look).await?;
    let name = |name: &str| cover::text(name, grant.cover());
    let member =
        |one: &MemberRow| OpenedMember { name: name(&one.name), relation: one.relation.clone() };
    Ok(OpenedFile {
        household: household.no,
        head: name(&household.head),
        members: members.iter().map(member).collect(),
        papers,
        later,
    })
}

/// Whether a paper that is filed in the file now was so when it was lent.
async fn stood(tx: &mut Tx, grant: &Grant, id: DocumentId) -> Result<bool, ViewError> {
    match grant.decided() {
        Some(at) => Ok(documents::stood_in(tx, id, grant.household(), at).await?),
        None => Ok(true),
    }
}

/// One paper of the file.
///
/// # Errors
/// When the file has no such paper; others are not known here.
pub async fn paper(
    app: &App,
    reader: &Actor,
    grant: &Grant,
    id: DocumentId,
) -> Result<OpenedPaper, ViewError> {
    let document = granted(app, reader, grant, id).await?;
    let mut tx = app.db.read().await?;
    described(app, &mut tx, grant, &document).await
}

/// A JPEG of page `page`, at most `width` pixels wide, covered and marked as
/// the grant says. It is drawn each time and kept nowhere.
///
/// # Errors
/// When the file has no such page, it cannot be drawn, nothing was read on
/// it, so that nothing could be covered, or it is of the identity card of another.
pub async fn page_image(
    app: &App,
    reader: &Actor,
    grant: &Grant,
    id: DocumentId,
    page: u32,
    width: u32,
) -> Result<Bytes, ViewError> {
    let document = granted(app, reader, grant, id).await?;
    let mut tx = app.db.read().await?;
    let files = documents::files(&mut tx, id).await?;
    let (file, page) = paper::file_of_page(&files, page).ok_or(ViewError::UnknownPage(id))?;
    let read = Readings::of(app, &mut tx, file).await?;
    drop(tx);
    let blocks = read.covering(page as usize - 1, grant.cover(), is_card(app, &document)).ok();
    let read = read.machine.as_ref().and_then(|reading| reading.pages.get(page as usize - 1));
    let blocks = blocks.ok_or(ViewError::UnknownPage(id))?;
    let overlay =
        Overlay { blocks, width: read.map_or(0, |page| page.width), mark: grant.mark().to_owned() };
    paper::draw(app, file, page, read.map_or(0, |page| page.turned), width, overlay).await
}

/// What was read from a file: a line that a person has crossed out by mistake must
/// not lay open what stands there.
struct Readings {
    machine: Option<Reading>,
    people: Option<Reading>,
}

impl Readings {
    async fn of(app: &App, tx: &mut Tx, file: &FileRow) -> Result<Self, ViewError> {
        let (id, sha256) = (DocumentId(file.document), file.digest()?);
        let Some(read) = rendition::newest(app, sha256).await? else {
            return Ok(Self { machine: None, people: None });
        };
        let machine = read.reading.clone();
        let people = rendition::corrected::<ViewError>(app, tx, id, read).await?.reading;
        Ok(Self { machine: Some(machine), people: Some(people) })
    }

    /// The boxes to be covered on a page, from 0, after either; why not, when it must not
    /// be shown. `is_card` says that the paper is of an identity card.
    fn covering(&self, at: usize, covered: &Covered, is_card: bool) -> Boxes {
        let of = |reading: &Option<Reading>| {
            covering(reading.as_ref().and_then(|reading| reading.pages.get(at)), covered, is_card)
        };
        let mut blocks = of(&self.machine)?;
        blocks.extend(of(&self.people)?);
        blocks.sort_unstable();
        blocks.dedup();
        Some(blocks).filter(|blocks| blocks.len() <= BLOCKS).ok_or(Sight::Unread)
    }
}

/// Boxes to be covered, or why a page is not shown.
type Boxes = Result<Vec<[u32; 4]>, Sight>;

fn is_card(app: &App, document: &Document) -> bool {
    app.profile.type_of(&document.type_code).is_some_and(|kind| kind.identity)
}

/// The boxes to be covered on a page as it was read; why not, when it must not be shown.
fn covering(read: Option<&PageReading>, covered: &Covered, is_card: bool) -> Boxes {
    if *covered == Covered::Nothing {
        return Ok(Vec::new());
    }
    let page = read.filter(|page| page.source != Source::None && page.width > 0);
    let page = page.ok_or(Sight::Unread)?;
    let lines: Vec<Read<'_>> = page
        .lines
        .iter()
        .map(|line| Read { text: &line.text, bbox: line.bbox, confidence: line.confidence })
        .collect();
    if cover::is_card_of_others(&lines, is_card, covered) {
        return Err(Sight::CardOfOthers);
    }
    let blocks = cover::blocks(&lines, covered).filter(|blocks| blocks.len() <= BLOCKS);
    blocks.ok_or(Sight::Unread)
}

/// The paper, if it is filed in the file that the grant opens. That it is shown,
/// or was asked for in vain, is noted.
async fn granted(
    app: &App,
    reader: &Actor,
    grant: &Grant,
    id: DocumentId,
) -> Result<Document, ViewError> {
    let mut tx = app.db.read().await?;
    let found = documents::any(&mut tx, id)
        .await?
        .filter(|one| one.state() == State::Filed && grant.covers(one.household.as_deref()));
    let open = found.is_some() && stood(&mut tx, grant, id).await?;
    drop(tx);
    match found.filter(|_| open) {
        Some(document) => {
            let look = grant.look().at(id).titled(&document.title).counting(document.pages);
            app.looks.note(reader, look).await?;
            Ok(document)
        }
        None => {
            looks::refuses(app, reader, Look::new(grant.look().kind).at(id)).await?;
            Err(ViewError::UnknownDocument(id))
        }
    }
}

async fn described(
    app: &App,
    tx: &mut Tx,
    grant: &Grant,
    document: &Document,
) -> Result<OpenedPaper, ViewError> {
    let mut pages = Vec::new();
    for file in documents::files(tx, document.id()).await? {
        let read = Readings::of(app, tx, &file).await?;
        for at in 0..usize::try_from(file.pages).unwrap_or(0) {
            let covering = read.covering(at, grant.cover(), is_card(app, document));
            pages.push(covering.err().unwrap_or(Sight::Shown));
        }
    }
    let text = |text: &str| cover::text(text, grant.cover());
    let kind = app.profile.type_of(&document.type_code);
    Ok(OpenedPaper {
        document: document.id,
        type_name: kind.map(|kind| kind.name.clone()).unwrap_or_default(),
        title: text(&document.title),
        responsible: text(&document.responsible),
        date: document.date.clone(),
        pages,
    })
}
