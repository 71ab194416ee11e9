//! A file on disk in, pages out: what kind of document it is, and the text on each page with its boxes.
//!
//! This module knows nothing of records, stores or SQL. The way of a file through it:
//!
//! ```text
//!  inspect ─ sniff ─ header      kind and page count, cheap, before the upload is answered
//!  read    ─ sandbox ─▶ child    text layer, or pixels ─▶ OCR in this process
//!  page_image ─ sandbox ─▶ child a JPEG of one upright page
//! ```
//!
//! What an office receives was made by strangers, so nothing of it is decoded in this process. PDFs are opened, and images
//! decoded, by a [`child`] process with limits on its memory and time: a file that crashes, loops or swells takes only
//! the child with it. The one thing done here is the header walk over images: a few hundred lines without recursion,
//! without allocation by declared sizes and with a bounded number of steps, which hundreds of uploads a second can afford.
//!
//! Choice of text, page by page: the embedded text of a PDF where two readers agree on it and it looks like text, else OCR of
//! the rendered page. The choice and its reason are kept in [`PageReading`].

pub mod child;
mod error;
mod header;
mod judge;
mod layout;
mod overlay;
mod pdf;
mod picture;
mod reader;
mod reading;
mod sandbox;
mod sniff;
mod wire;

use serde::{Deserialize, Serialize};

pub use error::{Cost, Error};
pub use overlay::Overlay;
pub use picture::NO_MODELS;
pub use reader::{Progress, Reader};
pub use reading::{Alternative, Line, PageReading, Reading, Source};
pub use wire::Drawn;

/// The kinds of file that are taken in, told apart by content and never by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// JPEG, one page.
    Jpeg,
    /// PNG, one page; of an animation the first picture.
    Png,
    /// TIFF or BigTIFF, a page for each full-size image directory.
    Tiff,
    /// WebP, one page; of an animation the first picture.
    Webp,
    /// Windows bitmap, one page.
    Bmp,
    /// PDF.
    Pdf,
}

impl Kind {
    /// All kinds, in the order in which people are told of them.
    pub const ALL: [Kind; 6] =
        [Kind::Jpeg, Kind::Png, Kind::Tiff, Kind::Webp, Kind::Bmp, Kind::Pdf];

    /// The media type, such as `image/jpeg`.
    pub fn mime(self) -> &'static str {
        match self {
            Kind::Jpeg => "image/jpeg",
            Kind::Png => "image/png",
            Kind::Tiff => "image/tiff",
            Kind::Webp => "image/webp",
            Kind::Bmp => "image/bmp",
            Kind::Pdf => "application/pdf",
        }
    }

    /// The usual file name extension, without a dot.
    pub fn extension(self) -> &'static str {
        match self {
            Kind::Jpeg => "jpg",
            Kind::Png => "png",
            Kind::Tiff => "tif",
            Kind::Webp => "webp",
            Kind::Bmp => "bmp",
            Kind::Pdf => "pdf",
        }
    }

    /// The kind with this media type, as [`Kind::mime`] gives it.
    pub fn from_mime(mime: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.mime() == mime)
    }

    /// The name people know it by, such as `JPEG`.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Jpeg => "JPEG",
            Kind::Png => "PNG",
            Kind::Tiff => "TIFF",
            Kind::Webp => "WebP",
            Kind::Bmp => "BMP",
            Kind::Pdf => "PDF",
        }
    }
}

/// What [`Reader::inspect`] found out about a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Inspected {
    /// What the content is, whatever the name says.
    pub kind: Kind,
    /// How many pages it has, at least 1.
    pub pages: u32,
}

/// What a file may cost; each excess is an error that names the limit. A section of the configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Bytes of one file.
    pub bytes: u64,
    /// Declared pixels of one page.
    pub pixels: u64,
    /// Pages of one file.
    pub pages: u32,
    /// Seconds to open and decode one page.
    pub seconds_per_page: u64,
    /// Seconds to recognise one page. More than a page needs even on a busy machine: a page given up is a page not found.
    pub seconds_to_recognise: u64,
    /// Address space of a child process, in bytes.
    pub child_memory: u64,
    /// Child processes at the same time.
    pub children: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            bytes: 200 << 20,
            pixels: 100_000_000,
            pages: 2_000,
            seconds_per_page: 60,
            seconds_to_recognise: 300,
            child_memory: 2 << 30,
            children: 4,
        }
    }
}
