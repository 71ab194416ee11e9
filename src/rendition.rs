//! 派生件: what was read from a blob, kept beside it in the object store. May be
//! deleted at any time; the worker reads the blob again.

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use crate::app::App;
use crate::catalog::corrections::{self, CorrectionRow};
use crate::catalog::destroyed;
use crate::catalog::documents::FileRow;
use crate::db::{DbError, Tx};
use crate::extract::{Line, PageReading, Reading, Source};
use crate::model::canonical;
use crate::model::correction::{CORRECTION_FORMAT, Correction, Rect};
use crate::model::form::read as form;
use crate::model::id::{Digest, DocumentId};
use crate::model::mask;
use crate::model::places::Places;
use crate::model::propose::SeenLine;
use crate::vault::{Key, VaultError};

mod corrected;
pub mod language;
pub mod quality;

/// Name and version of what reads. A new version reads everything again, when
/// there is nothing else to do.
pub const MAKER: &str = "read@4";
/// What read before, newest first. What it read serves until it is read again.
const BEFORE: [&str; 3] = ["read@3", "read@2", "read@1"];

/// A reading with where it came from, as stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rendition {
    /// [`MAKER`], or what read before it.
    pub maker: String,
    /// The blob that was read.
    pub sha256: Digest,
    /// Its pages.
    #[serde(flatten)]
    pub reading: Reading,
}

impl Rendition {
    /// Whether it is by the reader of today.
    #[must_use]
    pub fn is_current(&self) -> bool {
        self.maker == MAKER
    }
}

fn key(maker: &'static str, sha256: Digest) -> Key {
    Key::Derived { maker, of: sha256, part: "pages.json".to_owned() }
}

/// What stands in a file of a document: as people have corrected it there, and otherwise as the newest
/// reader has read it that did; none when it has not been read for this document, or its key was destroyed.
///
/// # Errors
/// When store or database fail.
pub async fn load<E>(app: &App, tx: &mut Tx, file: &FileRow) -> Result<Option<Reading>, E>
where
    E: From<VaultError> + From<DbError>,
{
    if !file.was_read() {
        return Ok(None);
    }
    let (document, sha256) = (DocumentId(file.document), file.digest()?);
    // The log destroys it, and the key follows.
    if destroyed::by(tx, sha256).await?.is_some() {
        return Ok(None);
    }
    match newest(app, sha256).await? {
        Some(read) => Ok(Some(corrected::<E>(app, tx, document, read).await?.reading)),
        None => Ok(None),
    }
}

/// A reading of a file with what people read instead on a document that has it.
///
/// # Errors
/// When store or database fail.
pub async fn corrected<E>(
    app: &App,
    tx: &mut Tx,
    document: DocumentId,
    mut rendition: Rendition,
) -> Result<Rendition, E>
where
    E: From<VaultError> + From<DbError>,
{
    let rows = corrections::of_file(tx, document, rendition.sha256).await?;
    for row in rows {
        let at = usize::try_from(row.page - 1).unwrap_or(usize::MAX);
        let Some(page) = rendition.reading.pages.get_mut(at) else { continue };
        if let Some(correction) = correction(app, &row).await? {
            corrected::lay_over(page, &correction);
        }
    }
    Ok(rendition)
}

/// The boxes of the lines of a page that a person looked at, as they stand on the
/// page as it is read now.
#[must_use]
pub fn checked(page: &PageReading, correction: &Correction) -> Vec<Rect> {
    corrected::places(page, correction)
}

/// The correction that a row names; none when what the store has is damaged, missing or
/// destroyed: what the machine read is there still, and `verify` tells of the blob.
///
/// # Errors
/// When the store does not answer: nobody may take that for a page without correction.
pub async fn correction(app: &App, row: &CorrectionRow) -> Result<Option<Correction>, VaultError> {
    let Ok(name) = row.correction.parse() else { return Ok(None) };
    let bytes = match app.vault.bytes(name).await {
        Err(error) if error.is_damage() || error.is_gone() => {
            tracing::warn!(entry = row.entry, %error, "a correction cannot be read");
            return Ok(None);
        }
        bytes => bytes?,
    };
    let found: Option<Correction> = canonical::from_bytes(&bytes).ok();
    Ok(found.filter(|found| found.format == CORRECTION_FORMAT))
}

/// The reading of a blob by the newest reader that has read it, as it read it; none
/// when it has not been read.
///
/// # Errors
/// When the store fails. A rendition that cannot be understood counts as none.
pub async fn newest(app: &App, sha256: Digest) -> Result<Option<Rendition>, VaultError> {
    for maker in [MAKER].into_iter().chain(BEFORE) {
        let Some(bytes) = app.vault.derived(&key(maker, sha256)).await? else { continue };
        match serde_json::from_slice::<Rendition>(&bytes) {
            Ok(found) if found.maker == maker && found.sha256 == sha256 => return Ok(Some(found)),
            _ => {}
        }
    }
    Ok(None)
}

/// Keeps what was just read from a blob.
///
/// # Errors
/// When the store fails.
pub async fn keep(app: &App, sha256: Digest, reading: Reading) -> Result<Rendition, VaultError> {
    let rendition = Rendition { maker: MAKER.to_owned(), sha256, reading };
    let bytes =
        serde_json::to_vec(&rendition).map_err(|e| VaultError::Disk(std::io::Error::other(e)))?;
    app.vault.put_derived(&key(MAKER, sha256), Bytes::from(bytes)).await?;
    Ok(rendition)
}

/// Where the characters of a page stand.
#[must_use]
pub fn places(page: &PageReading) -> Places {
    Places {
        width: page.width,
        height: page.height,
        lines: page.lines.iter().map(|line| line.chars.clone()).collect(),
    }
}

/// What characters in doubt may be instead: at which character of the page's text, from 0, and what. None of those in numbers
/// of persons, which are covered wherever this goes.
#[must_use]
pub fn alternatives(page: &PageReading) -> Vec<(usize, char)> {
    let mut page = page.clone();
    let covered = mask::numbers(&page.text());
    page.cover_alternatives(&covered);
    page.alternatives()
}

/// The lines of a reading, for a proposal.
#[must_use]
pub fn seen_lines(reading: &Reading) -> Vec<SeenLine> {
    let of_page = |page: &PageReading| {
        let number = page.page;
        page.lines
            .iter()
            .map(move |line| SeenLine { page: number, text: line.text.clone(), bbox: line.bbox })
            .collect::<Vec<_>>()
    };
    reading.pages.iter().flat_map(of_page).collect()
}

/// The lines of a reading as the fields of a form are looked for in them; its first page
/// is page `first` of the document.
#[must_use]
pub fn form_lines(reading: &Reading, first: u32) -> Vec<form::SeenLine> {
    let line = |page: u32, line: &Line| {
        let mut chars = Vec::new();
        let mut apart = false;
        for (at, (c, place)) in line.text.chars().zip(&line.chars).enumerate() {
            let others = || line.alternatives.iter().filter(move |other| other.at == at);
            let doubt = others().map(|other| other.probability).fold(0.0, f32::max);
            let before = chars.len();
            for c in std::iter::once(c).nfkc().filter(|c| !c.is_whitespace()) {
                chars.push(form::Seen {
                    c,
                    bbox: *place,
                    sure: line.confidence * (1.0 - doubt),
                    others: others().map(|other| other.text).collect(),
                    apart,
                });
            }
            apart = chars.len() == before;
        }
        form::SeenLine { page, bbox: line.bbox, chars }
    };
    let pages = reading.pages.iter().zip(first..);
    pages.flat_map(|(page, number)| page.lines.iter().map(move |one| line(number, one))).collect()
}

/// What a reading brought, in numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// How many characters were read.
    pub characters: u32,
    /// How many pages could not be read.
    pub unread: u32,
    /// The mean confidence over all lines, in per mille.
    pub confidence: u32,
    /// The score of each page in order, in per mille, as [`quality::of`] gives it.
    pub quality: Vec<u32>,
}

/// The numbers of a reading.
#[must_use]
pub fn summary(reading: &Reading) -> Summary {
    let lines = || reading.pages.iter().flat_map(|page| &page.lines);
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let total: f64 = lines().map(|line| f64::from(line.confidence)).sum();
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let confidence = match lines().count() {
        0 => 0,
        n => (total * 1000.0 / f64::from(count(n))).round().clamp(0.0, 1000.0) as u32,
    };
    Summary {
        characters: count(lines().map(|line| line.text.chars().count()).sum()),
        unread: count(reading.pages.iter().filter(|p| p.source == Source::None).count()),
        confidence,
        quality: reading.pages.iter().map(quality::of).collect(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_each_version_before_read_serves() {
        let newest: u32 = MAKER.strip_prefix("read@").unwrap().parse().unwrap();
        let before: Vec<String> = (1..newest).rev().map(|one| format!("read@{one}")).collect();
        assert_eq!(before, BEFORE);
    }
}
