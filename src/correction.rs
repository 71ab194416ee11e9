//! 订正: a person reads a page again, line by line, against what was read by
//! the machine. What the person says is kept beside the file and found at once.

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::catalog::{Refusal, corrections};
use crate::db::DbError;
use crate::extract::{PageReading, Source};
use crate::model::access::{Actor, Denied, MadeBy, Right};
use crate::model::act::Act;
use crate::model::canonical;
use crate::model::correction::{
    CORRECTION_FORMAT, CheckedLine, Correction, MOST_CHARS, MOST_LINES, ReadLine, Rect,
};
use crate::model::id::{Digest, DocumentId, EntryNo};
use crate::record::RecordError;
use crate::rendition::language::{self, Language};
use crate::rendition::{self, quality};
use crate::vault::VaultError;
use crate::view::{self, DocumentView, ViewError};

/// Why a page was not corrected. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum CorrectError {
    /// The document, or what stands on it.
    #[error(transparent)]
    View(#[from] ViewError),
    /// The person may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is no picture of the page to read from.
    #[error("page {1} of document {0} has not been read yet")]
    NotRead(DocumentId, u32),
    /// More lines than a page has, or longer ones.
    #[error("a page has at most {MOST_LINES} lines of at most {MOST_CHARS} characters")]
    TooMuch,
    /// A line outside the page.
    #[error("the line at {0:?} is not on the page")]
    Outside(Rect),
    /// Somebody else has corrected the page since it was looked at.
    #[error("page {1} of document {0} was corrected meanwhile")]
    Meanwhile(DocumentId, u32),
    /// The act.
    #[error(transparent)]
    Record(RecordError),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// The object store.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

/// A page as it is read now, to be looked at line by line.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = TextSheet)]
pub struct Sheet {
    /// The document.
    pub document: i64,
    /// The page of the document, from 1.
    pub page: u32,
    /// Width of the upright page image in pixels, which the boxes are of.
    pub width: u32,
    /// Its height in pixels.
    pub height: u32,
    /// How well the page is read, in per mille; 1000 when a person has looked at all
    /// of it.
    pub quality: u32,
    /// In which language it is written.
    pub language: Language,
    /// Where the text comes from.
    pub source: Source,
    /// The entry of the correction that holds; none before the first. Whoever corrects
    /// says it, so that nobody overwrites what was not seen.
    pub seen: Option<EntryNo>,
    /// Who made it, and when; none before the first.
    pub by: Option<MadeBy>,
    /// The lines in reading order, the numbers of persons covered.
    pub lines: Vec<SheetLine>,
}

/// A line of a page.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct SheetLine {
    /// Its characters.
    pub text: String,
    /// `[x, y, width, height]` in pixels of the upright page image.
    #[serde(rename = "box")]
    pub bbox: [u32; 4],
    /// How sure the machine is, in per mille.
    pub confidence: u32,
    /// The characters in doubt, from 0.
    pub doubted: Vec<usize>,
    /// Whether a person has looked at it.
    pub checked: bool,
}

/// What a person says of a page.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TextCorrection)]
pub struct Said {
    /// The entry of the correction that was seen; none when there was none.
    #[serde(default)]
    #[schema(minimum = 0)]
    pub seen: Option<EntryNo>,
    /// Whether these lines are all that stands on the page. Otherwise the others stay
    /// as they are.
    #[serde(default)]
    pub whole: bool,
    /// The lines that were looked at, in reading order.
    #[schema(max_items = 2000)]
    pub lines: Vec<SaidLine>,
}

/// What a person says of a line.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SaidLine {
    /// Its box as it was shown, or where a line is that was not read.
    #[serde(rename = "box")]
    pub bbox: [u32; 4],
    /// What stands there; empty when nothing does. A number that was shown covered is
    /// left as it stands when its stars are.
    #[schema(max_length = 1000)]
    pub text: String,
}

/// A page of a document to be looked at line by line; that it is opened is noted.
///
/// # Errors
/// When there is no such page this person may see, it has not been read, no reason
/// was given where one is wanted, or the look cannot be noted.
pub async fn sheet(
    app: &App,
    actor: &Actor,
    id: DocumentId,
    page: u32,
) -> Result<Sheet, CorrectError> {
    let seen = view::document(app, actor, id).await?;
    let Place { file, page: of_file } = place(&seen, page)?;
    let read = page_of(&seen, page).ok_or(CorrectError::NotRead(id, page))?;
    let mut tx = app.db.read().await?;
    let row = corrections::of_page(&mut tx, id, file, of_file).await?;
    drop(tx);
    let correction = match &row {
        Some(row) => rendition::correction(app, row).await?,
        None => None,
    };
    let checked = correction.map(|one| rendition::checked(read, &one)).unwrap_or_default();
    let line = |line: &crate::extract::Line| {
        let mut doubted: Vec<usize> = line.alternatives.iter().map(|other| other.at).collect();
        doubted.dedup();
        SheetLine {
            text: line.text.clone(),
            bbox: line.bbox,
            confidence: per_mille(line.confidence),
            doubted,
            checked: read.source == Source::Person || checked.contains(&line.bbox),
        }
    };
    Ok(Sheet {
        document: id.0,
        page,
        width: read.width,
        height: read.height,
        quality: quality::of(read),
        language: language::of(read.lines.iter().map(|line| line.text.as_str())),
        source: read.source,
        seen: row.as_ref().map(|row| row.entry),
        by: row.map(|row| MadeBy { name: row.author, time: row.time }),
        lines: read.lines.iter().map(line).collect(),
    })
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn per_mille(share: f32) -> u32 {
    (share * 1000.0).round().clamp(0.0, 1000.0) as u32
}

/// Keeps what a person says of a page; it is found as soon as the index has
/// followed. Returns the entry of the correction.
///
/// # Errors
/// When the person may not, there is no such page, somebody else was first, or a
/// part fails.
pub async fn correct(
    app: &App,
    actor: &Actor,
    id: DocumentId,
    page: u32,
    said: Said,
) -> Result<EntryNo, CorrectError> {
    actor.must(Right::File)?;
    let long = |line: &SaidLine| line.text.chars().count() > MOST_CHARS;
    if said.lines.len() > MOST_LINES || said.lines.iter().any(long) {
        return Err(CorrectError::TooMuch);
    }
    // The covered text is what the person was shown, and that is a look.
    let seen = view::document(app, actor, id).await?;
    let place = place(&seen, page)?;
    let shown = page_of(&seen, page).ok_or(CorrectError::NotRead(id, page))?;
    let mut tx = app.db.read().await?;
    let name = place.file.to_string();
    let read = match seen.files.iter().find(|file| file.sha256 == name) {
        Some(file) => rendition::load::<ViewError>(app, &mut tx, file).await?,
        None => None,
    };
    drop(tx);
    let at = place.page as usize - 1;
    let read = read.as_ref().and_then(|reading| reading.pages.get(at));
    let read = read.ok_or(CorrectError::NotRead(id, page))?;
    let mut lines = checked_lines(read, shown, &said.lines)?;
    if let Some(before) = before(app, id, &place).await?.filter(|_| !said.whole) {
        lines.extend(unmentioned(before, &lines));
    }
    let correction = Correction {
        format: CORRECTION_FORMAT.to_owned(),
        salt: hex::encode(rand::random::<[u8; 32]>()),
        file: place.file,
        page: place.page,
        width: read.width,
        height: read.height,
        whole: said.whole,
        lines,
    };
    let entry = record(app, actor, (id, page), said.seen, &correction).await?;
    app.news.notify_waiters();
    Ok(entry)
}

/// The file of a page, and its number in that.
struct Place {
    file: Digest,
    page: u32,
}

fn place(seen: &DocumentView, page: u32) -> Result<Place, ViewError> {
    let unknown = || ViewError::UnknownPage(seen.document.id());
    let mut left = i64::from(page);
    for file in seen.files.iter().filter(|_| page > 0) {
        if left <= file.pages {
            let page = u32::try_from(left).map_err(|_| unknown())?;
            return Ok(Place { file: file.digest()?, page });
        }
        left -= file.pages;
    }
    Err(unknown())
}

/// What was read of a page; none when there is no picture of it to look at.
fn page_of(seen: &DocumentView, page: u32) -> Option<&PageReading> {
    let read = seen.pages.get(page as usize - 1)?.reading.as_ref()?;
    Some(read).filter(|read| read.width > 0 && read.height > 0)
}

/// What a person made of the lines that were read, and the ones that were not.
fn checked_lines(
    read: &PageReading,
    shown: &PageReading,
    said: &[SaidLine],
) -> Result<Vec<CheckedLine>, CorrectError> {
    let known = || read.lines.iter().zip(&shown.lines);
    let checked = |line: &SaidLine| {
        let text: String =
            line.text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let text = text.trim();
        let [x, y, width, height] = line.bbox.map(u64::from);
        match known().find(|(read, _)| read.bbox == line.bbox) {
            Some((read, shown)) => {
                let read = ReadLine { text: &read.text, chars: &read.chars, covered: &shown.text };
                Ok(CheckedLine::of(text, line.bbox, read))
            }
            None if width == 0
                || height == 0
                || x + width > u64::from(read.width)
                || y + height > u64::from(read.height) =>
            {
                Err(CorrectError::Outside(line.bbox))
            }
            None => Ok(CheckedLine::added(text, line.bbox)),
        }
    };
    said.iter().map(checked).collect()
}

/// The correction of a page that holds.
async fn before(
    app: &App,
    id: DocumentId,
    place: &Place,
) -> Result<Option<Correction>, CorrectError> {
    let mut tx = app.db.read().await?;
    let row = corrections::of_page(&mut tx, id, place.file, place.page).await?;
    drop(tx);
    Ok(match row {
        Some(row) => rendition::correction(app, &row).await?,
        None => None,
    })
}

/// The lines that people looked at before and nobody speaks of now, crossed out ones
/// among them: they stay as they are.
fn unmentioned(before: Correction, now: &[CheckedLine]) -> Vec<CheckedLine> {
    let still = |line: &CheckedLine| now.iter().all(|other| other.bbox != line.bbox);
    before.lines.into_iter().filter(still).collect()
}

async fn record(
    app: &App,
    actor: &Actor,
    (document, shown): (DocumentId, u32),
    previous: Option<EntryNo>,
    correction: &Correction,
) -> Result<EntryNo, CorrectError> {
    let bytes = canonical::to_bytes(correction).map_err(|e| DbError::Corrupt(e.to_string()))?;
    let size = bytes.len() as u64;
    let digest = app.vault.put(Bytes::from(bytes)).await?;
    let act = Act::CorrectText {
        document,
        file: correction.file,
        page: correction.page,
        correction: digest,
        bytes: size,
        previous,
    };
    match app.recorder.record(actor, act).await {
        Ok(receipt) => Ok(receipt.no),
        Err(RecordError::Refused(refusal)) => {
            // Its salt makes it this one alone: nobody else has stored it.
            app.vault.forget(digest).await?;
            Err(match refusal {
                Refusal::CorrectedMeanwhile { .. } => CorrectError::Meanwhile(document, shown),
                other => CorrectError::Record(RecordError::Refused(other)),
            })
        }
        Err(error) => Err(CorrectError::Record(error)),
    }
}
