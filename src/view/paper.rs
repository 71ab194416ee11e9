//! The paper itself: the original bytes, and pictures of its pages.

use bytes::Bytes;

use super::ViewError;
use super::document::{opening, opens};
use crate::app::App;
use crate::catalog::destroyed;
use crate::catalog::documents::{self, Document, FileRow};
use crate::db::Tx;
use crate::extract::{Drawn, Kind as FileKind, Overlay};
use crate::looks;
use crate::model::access::{Actor, scope};
use crate::model::id::{Digest, DocumentId, EntryNo};
use crate::model::look::{Kind, Look};
use crate::rendition;
use crate::vault::{Key, Spooled, VaultError};

/// Name and version of what draws pages.
const MAKER: &str = "image@1";

/// The widths in which pages are drawn, in pixels.
const WIDTHS: [u32; 3] = [160, 900, 1800];

/// An original with a verified local copy of its bytes.
#[derive(Debug)]
pub struct Original {
    /// The file as the catalog knows it.
    pub file: FileRow,
    /// The bytes, verified; removed when this is dropped.
    pub copy: Spooled,
}

/// The file of a document at `place`, from 1, and that it is downloaded is noted.
///
/// # Errors
/// When there is none, its bytes are damaged (those are never handed out), no
/// reason was given where one is wanted, or the look cannot be noted.
pub async fn original(
    app: &App,
    actor: &Actor,
    id: DocumentId,
    place: i64,
) -> Result<Original, ViewError> {
    let (document, files) = noted(app, actor, id, Kind::Download).await?;
    let file = files.into_iter().find(|file| file.place == place);
    let file = file.ok_or(ViewError::UnknownPage(id))?;
    let copy = app.vault.copy(file.digest()?).await?;
    let look = Look { kind: Kind::Download, ..opening(&document, &file.name) };
    opens(app, actor, &document, look.counting(file.pages)).await?;
    Ok(Original { file, copy })
}

/// A document with its files; when there is none this person may see, that is
/// noted as an attempt of this kind.
pub(super) async fn noted(
    app: &App,
    actor: &Actor,
    id: DocumentId,
    kind: Kind,
) -> Result<(Document, Vec<FileRow>), ViewError> {
    let mut tx = app.db.read().await?;
    let found = papers(&mut tx, actor, id).await;
    drop(tx);
    if matches!(found, Err(ViewError::UnknownDocument(_))) {
        looks::refuses(app, actor, Look::new(kind).at(id)).await?;
    }
    found
}

/// A JPEG of page `page` of a document, upright, in the nearest of the widths
/// 160, 900 and 1800 pixels. Whoever sees a page has opened the document: that
/// is noted, once for all its pages.
///
/// # Errors
/// When there is no such page, its bytes are damaged, it cannot be drawn, no
/// reason was given where one is wanted, or the look cannot be noted.
pub async fn page_image(
    app: &App,
    actor: &Actor,
    id: DocumentId,
    page: u32,
    width: u32,
) -> Result<Bytes, ViewError> {
    let (document, files) = noted(app, actor, id, Kind::Open).await?;
    // Nobody waits twice: the note is written while the picture is fetched.
    let (noted, drawn) = tokio::join!(
        opens(app, actor, &document, opening(&document, &document.title)),
        drawn_before(app, &files, id, page, width)
    );
    noted?;
    drawn
}

/// As [`page_image`], for a paper that leaves in a way which is noted by itself.
///
/// # Errors
/// When there is no such page, its bytes are damaged, or it cannot be drawn.
pub(crate) async fn drawn(
    app: &App,
    actor: &Actor,
    id: DocumentId,
    page: u32,
    width: u32,
) -> Result<Bytes, ViewError> {
    let mut tx = app.db.read().await?;
    let (_, files) = papers(&mut tx, actor, id).await?;
    drop(tx);
    drawn_before(app, &files, id, page, width).await
}

/// The picture of a page without anything over it; one made earlier is taken.
pub(super) async fn drawn_before(
    app: &App,
    files: &[FileRow],
    id: DocumentId,
    page: u32,
    width: u32,
) -> Result<Bytes, ViewError> {
    let width = nearest(width);
    let (file, page) = file_of_page(files, page).ok_or(ViewError::UnknownPage(id))?;
    let sha256 = file.digest()?;
    // A picture made earlier is no reason to show a damaged original.
    app.vault.check(sha256).await?;
    let read = match file.was_read() {
        true => rendition::newest(app, sha256).await?,
        false => None,
    };
    let turned = match read {
        Some(read) => read.reading.pages.get(page as usize - 1).map_or(0, |seen| seen.turned),
        None => 0,
    };
    let key =
        Key::Derived { maker: MAKER, of: sha256, part: format!("p{page}-t{turned}-w{width}.jpg") };
    if let Some(drawn) = app.vault.derived(&key).await? {
        return Ok(drawn);
    }
    let jpeg = draw(app, file, page, turned, width, Overlay::default()).await?;
    if let Err(error) = app.vault.put_derived(&key, jpeg.clone()).await {
        tracing::warn!(%error, "a page image was drawn and could not be kept");
    }
    Ok(jpeg)
}

/// The nearest of the widths in which pages are drawn.
fn nearest(width: u32) -> u32 {
    WIDTHS.into_iter().find(|one| *one >= width).unwrap_or(1800)
}

/// Draws page `page` of a file, turned and with what is to be laid over it. The
/// bytes are verified first.
pub(super) async fn draw(
    app: &App,
    file: &FileRow,
    page: u32,
    turned: u16,
    width: u32,
    overlay: Overlay,
) -> Result<Bytes, ViewError> {
    let id = DocumentId(file.document);
    let kind = FileKind::from_mime(&file.mime).ok_or(ViewError::UnknownPage(id))?;
    let copy = app.vault.copy(file.digest()?).await?;
    let drawn = Drawn { page, turned, width: nearest(width), overlay };
    Ok(Bytes::from(app.reader.drawn(copy.path(), kind, drawn).await?))
}

/// Whether stored bytes are what was accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Compared {
    /// They are.
    Same,
    /// They are others.
    Differs {
        /// The digest that was accepted.
        accepted: Digest,
        /// The digest they have now; none when they were encrypted and cannot be
        /// opened.
        found: Option<Digest>,
    },
    /// Their key was destroyed, by this entry.
    Destroyed(EntryNo),
    /// They are not there.
    Missing,
    /// They could not be read just now.
    Unread,
    /// They have too many bytes to be compared while a person waits.
    TooLarge,
}

/// Above so many bytes a document is not compared while a person waits.
const COMPARED_AT_ONCE: i64 = 64 << 20;

/// Compares the stored files of a document with what was accepted; the worst
/// answer of its files.
///
/// # Errors
/// When there is no such document, or the store fails.
pub async fn compare(app: &App, actor: &Actor, id: DocumentId) -> Result<Compared, ViewError> {
    let mut tx = app.db.read().await?;
    let (_, files) = papers(&mut tx, actor, id).await?;
    drop(tx);
    if files.iter().map(|file| file.bytes).sum::<i64>() > COMPARED_AT_ONCE {
        return Ok(Compared::TooLarge);
    }
    for file in &files {
        match app.vault.check(file.digest()?).await {
            Ok(_) => {}
            Err(VaultError::Corrupt { expected, found }) => {
                return Ok(Compared::Differs { accepted: expected, found: Some(found) });
            }
            Err(VaultError::Tampered(accepted) | VaultError::OtherKeys(accepted)) => {
                return Ok(Compared::Differs { accepted, found: None });
            }
            Err(VaultError::Destroyed(digest)) => {
                let mut tx = app.db.read().await?;
                let entry = destroyed::by(&mut tx, digest).await?;
                return match entry {
                    Some(entry) => Ok(Compared::Destroyed(entry)),
                    None => Err(VaultError::Destroyed(digest).into()),
                };
            }
            Err(VaultError::NotFound(_)) => return Ok(Compared::Missing),
            Err(error @ (VaultError::Disk(_) | VaultError::Store(_) | VaultError::NoFile)) => {
                tracing::error!(%error, "a file could not be read to be compared");
                return Ok(Compared::Unread);
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(Compared::Same)
}

async fn papers(
    tx: &mut Tx,
    actor: &Actor,
    id: DocumentId,
) -> Result<(Document, Vec<FileRow>), ViewError> {
    let document = documents::get(tx, &scope(actor), id).await?;
    let document = document.ok_or(ViewError::UnknownDocument(id))?;
    Ok((document, documents::files(tx, id).await?))
}

/// The file that has page `page` of the document, and which page of it.
pub(super) fn file_of_page(files: &[FileRow], page: u32) -> Option<(&FileRow, u32)> {
    let mut left = page.checked_sub(1)?;
    for file in files {
        let pages = u32::try_from(file.pages).unwrap_or(0);
        if left < pages {
            return Some((file, left + 1));
        }
        left -= pages;
    }
    None
}
