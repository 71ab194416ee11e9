//! A document as a PDF that can be searched in any viewer: pictures of its pages, and what was read unseen above them.

use std::io::Cursor;

use super::ViewError;
use super::document::{opening, opens};
use super::paper::{drawn_before, noted};
use crate::app::App;
use crate::extract::{Error, Line};
use crate::model::access::Actor;
use crate::model::id::DocumentId;
use crate::model::look::{Kind, Look};
use crate::rendition;
use crate::searchable::{self, Sheet};

/// How wide pages are drawn, in pixels; and pages of a long document, so that it fits into memory.
const WIDTHS: (u32, u32) = (1800, 900);
/// From so many pages a document is long.
const LONG: i64 = 100;

/// The pages of a document as one searchable PDF, and that it is downloaded is noted. A page that is not read yet is a picture
/// only. Numbers of persons stand in it in full, as they do in the original.
///
/// # Errors
/// When there is none, its bytes are damaged, a page cannot be drawn, no reason was given where one is wanted, or the look
/// cannot be noted.
pub async fn searchable(app: &App, actor: &Actor, id: DocumentId) -> Result<Vec<u8>, ViewError> {
    let (document, files) = noted(app, actor, id, Kind::Download).await?;
    let look = Look { kind: Kind::Download, ..opening(&document, &document.title) };
    opens(app, actor, &document, look).await?;
    let mut texts: Vec<((u32, u32), Vec<Line>)> = Vec::new();
    let mut tx = app.db.read().await?;
    for file in &files {
        let read = rendition::load::<ViewError>(app, &mut tx, file).await?;
        let mut read = read.map(|reading| reading.pages).unwrap_or_default().into_iter();
        for _ in 0..file.pages {
            let page = read.next().map(|page| ((page.width, page.height), page.lines));
            texts.push(page.unwrap_or_default());
        }
    }
    drop(tx);
    let width = if document.pages > LONG { WIDTHS.1 } else { WIDTHS.0 };
    let mut sheets = Vec::new();
    for (page, (size, lines)) in (1..).zip(&texts) {
        let jpeg = drawn_before(app, &files, id, page, width).await?.to_vec();
        // A picture of our own making; only its header is looked at.
        let header = image::ImageReader::new(Cursor::new(&jpeg)).with_guessed_format();
        let picture = header.ok().and_then(|header| header.into_dimensions().ok());
        let picture = picture.ok_or(ViewError::UnknownPage(id))?;
        let size = if size.0 > 0 && size.1 > 0 { *size } else { picture };
        sheets.push(Sheet { jpeg, picture, size, lines });
    }
    searchable::searchable(sheets)
        .map_err(|error| Error::Machine { reason: error.to_string() }.into())
}
