//! A volume as it is printed: catalog, cover, volume note; and its versions.

mod sample;

use super::Page;
use super::frame::{Entry, Frame};
use crate::web::{filters, keys};
use askama::Template;

/// Most lines a printed catalog sheet has; a short catalog is filled up to it.
const ROWS_PER_SHEET: usize = 15;

/// Room for lines on a sheet of A4 between its head and its foot, in tenths of
/// a millimetre, as the print rules of the style sheet lay it out.
const ROOM: usize = 2_110;

/// A version of a volume on screen.
#[derive(Debug, Template)]
#[template(path = "volume.html")]
pub struct Volume {
    /// The frame.
    pub frame: Frame,
    /// The version shown.
    pub paper: Paper,
    /// Every version, newest first.
    pub versions: Vec<VersionRow>,
    /// Documents filed after the newest version was bound.
    pub unbound: u64,
    /// What was done last, as a sentence in the language of the page.
    pub status: Option<String>,
}

/// The same version for the printer, without the frame.
#[derive(Debug, Template)]
#[template(path = "volume_print.html")]
pub struct VolumePrint {
    /// The frame; of it only language, person and log position are printed.
    pub frame: Frame,
    /// The version printed.
    pub paper: Paper,
    /// When it is printed, `YYYY-MM-DD HH:MM`.
    pub printed: String,
}

/// What is printed of a version.
#[derive(Clone, Debug)]
pub struct Paper {
    /// Household number, 17 digits.
    pub no: String,
    /// Name of the head when it was bound.
    pub head: String,
    /// Name of the keeping body.
    pub keeper: String,
    /// Class on the cover, e.g. `最低生活保障　审批类`.
    pub class: String,
    /// Reference code, when one was given.
    pub reference_code: Option<String>,
    /// Version.
    pub version: u64,
    /// First and last date of the documents, ISO; empty when there is none.
    pub dates: (String, String),
    /// Retention in words.
    pub retention: String,
    /// Pages in all.
    pub pages: u64,
    /// Documents in catalog order.
    pub rows: Vec<CatalogRow>,
    /// The volume note.
    pub note: String,
    /// Who bound it.
    pub by: String,
    /// Who checked it; empty when nobody did.
    pub checked_by: String,
    /// The day it was bound, ISO.
    pub bound: String,
    /// SHA-256 of the manifest, hex.
    pub digest: String,
}

/// One line of the catalog.
#[derive(Clone, Debug)]
pub struct CatalogRow {
    /// Number of the document.
    pub document: u64,
    /// Place in the volume, from 1.
    pub order: u64,
    /// Document number.
    pub document_no: String,
    /// Responsible body.
    pub responsible: String,
    /// Title.
    pub title: String,
    /// Date, ISO, or empty.
    pub date: String,
    /// Pages in the volume.
    pub pages: Option<(u64, u64)>,
    /// Remarks.
    pub remarks: String,
}

/// One printed sheet of the catalog.
#[derive(Debug)]
pub struct Sheet<'a> {
    /// Its number, from 1.
    pub number: usize,
    /// Sheets in all.
    pub of: usize,
    /// Its lines.
    pub rows: &'a [CatalogRow],
    /// Empty lines that fill it.
    pub blanks: usize,
}

/// One version in the list of versions.
#[derive(Debug)]
pub struct VersionRow {
    /// Version.
    pub version: u64,
    /// The day it was bound, ISO.
    pub bound: String,
    /// Who bound it.
    pub by: String,
    /// Documents in it.
    pub documents: u64,
    /// Pages in it.
    pub pages: u64,
}

impl CatalogRow {
    /// The height it takes when printed, in tenths of a millimetre.
    fn height(&self) -> usize {
        // Full-width characters that fit a line of the column.
        let lines = [(&self.title, 12), (&self.responsible, 6), (&self.document_no, 7)].map(
            |(text, fit)| {
                text.chars()
                    .map(|c| if c.is_ascii() { 1 } else { 2 })
                    .sum::<usize>()
                    .div_ceil(fit * 2)
            },
        );
        let lines = lines.into_iter().max().unwrap_or(1);
        (lines * 53 + 27).max(105)
    }
}

impl Paper {
    /// The catalog cut into sheets that each fit a page, so that "page x of y"
    /// is true; one empty sheet when there is no document.
    pub fn sheets(&self) -> Vec<Sheet<'_>> {
        let mut cuts = vec![0];
        let mut used = 0;
        for (i, row) in self.rows.iter().enumerate() {
            let from = cuts.last().copied().unwrap_or(0);
            if i > from && (used + row.height() > ROOM || i - from == ROWS_PER_SHEET) {
                cuts.push(i);
                used = 0;
            }
            used += row.height();
        }
        let of = cuts.len();
        cuts.push(self.rows.len());
        let sheet = |(i, cut): (usize, &[usize])| {
            let rows = self.rows.get(cut[0]..cut[1]).unwrap_or_default();
            let used: usize = rows.iter().map(CatalogRow::height).sum();
            let blanks = (ROWS_PER_SHEET - rows.len()).min(ROOM.saturating_sub(used) / 105);
            Sheet { number: i + 1, of, rows, blanks }
        };
        cuts.windows(2).enumerate().map(sheet).collect()
    }

    /// Documents in all.
    pub fn documents(&self) -> u64 {
        self.rows.len() as u64
    }
}

impl Volume {
    /// The newest version.
    pub fn newest(&self) -> u64 {
        self.versions.iter().map(|row| row.version).max().unwrap_or(self.paper.version)
    }

    /// Whether an older version is shown, which is only to be read.
    pub fn is_old(&self) -> bool {
        self.paper.version < self.newest()
    }
}

impl VolumePrint {
    /// Who printed it and when, for the foot of every sheet.
    pub fn printed_by(&self) -> String {
        format!("　{} {}打印", self.frame.person, self.printed)
    }
}

super::page!(Volume, Some(Entry::Volumes), keys::VOLUME, sample::examples);

super::page!(VolumePrint, None, keys::NONE, sample::prints);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheets_are_filled_and_none_is_lost() {
        for (documents, sheets, blanks) in [(0, 1, 15), (8, 1, 7), (15, 1, 0), (16, 2, 14)] {
            let mut paper = sample::examples().remove(0).paper;
            let row = paper.rows[0].clone();
            paper.rows = vec![row; documents];
            let cut = paper.sheets();
            assert_eq!(cut.len(), sheets);
            assert_eq!(cut.iter().map(|sheet| sheet.rows.len()).sum::<usize>(), documents);
            assert_eq!(cut[sheets - 1].blanks, blanks);
            assert!(cut.iter().all(|sheet| sheet.of == sheets));
        }
    }

    #[test]
    fn a_sheet_of_long_titles_still_fits_its_page() {
        let paper = sample::examples().remove(2).paper;
        let cut = paper.sheets();
        assert_eq!(cut.iter().map(|sheet| sheet.rows.len()).sum::<usize>(), 37);
        for sheet in &cut {
            let used: usize = sheet.rows.iter().map(CatalogRow::height).sum();
            assert!(used + sheet.blanks * 105 <= ROOM);
        }
        assert!(cut.len() > 37usize.div_ceil(ROWS_PER_SHEET));
    }
}
