//! 件: the page on the scan, the found words boxed, what is known of the paper.

mod sample;

use super::Page;
use super::frame::{Entry, Frame};
use super::part::{FieldError, HouseholdRef, Picture, TypeChoice, error_for};
use super::uses::UseRow;
use crate::search::Asked;
use crate::web::{filters, keys, text};
use askama::Template;
use std::borrow::Borrow;

/// One page of one document.
#[derive(Debug, Template)]
#[template(path = "viewer.html")]
pub struct Viewer {
    /// The frame; its `query` is what was searched.
    pub frame: Frame,
    /// Number of the document.
    pub document: u64,
    /// Its household; `None` while it waits on the intake desk.
    pub household: Option<HouseholdRef>,
    /// Reference code of the paper, when its volume has one.
    pub reference_code: Option<String>,
    /// Fields as they stand now.
    pub fields: Fields,
    /// Fields that were refused, each with the rule.
    pub errors: Vec<FieldError>,
    /// Types to choose from.
    pub types: Vec<TypeChoice>,
    /// Whether the bytes are what was accepted.
    pub integrity: Integrity,
    /// What was done last, as a sentence in the language of the page.
    pub status: Option<String>,
    /// Every page, for the strip at the left.
    pub thumbs: Vec<Thumb>,
    /// The page shown, from 1.
    pub page: u64,
    /// Its picture; `None` when it cannot or must not be drawn.
    pub picture: Option<Picture>,
    /// Why there is no picture.
    pub no_picture: String,
    /// The text of the page.
    pub reading: Reading,
    /// What was searched, and in which order its result is.
    pub asked: Asked,
    /// Whether [`previous`](Self::previous) and [`next`](Self::next) are those of the
    /// result, and not those of the household's file.
    pub in_result: bool,
    /// Found words in the document.
    pub hits: u64,
    /// The one stood on, from 1; 0 when there is none.
    pub hit: u64,
    /// The page of the hit before, if any.
    pub previous_hit: Option<HitPlace>,
    /// The page of the next hit, if any.
    pub next_hit: Option<HitPlace>,
    /// Document before in the same household or result.
    pub previous: Option<u64>,
    /// Document after.
    pub next: Option<u64>,
    /// The tab that is open.
    pub tab: Tab,
    /// Where the paper comes from.
    pub provenance: Provenance,
    /// 谁看过: the last looks at it, newest first.
    pub looks: Vec<UseRow>,
    /// How many looks there are in all.
    pub looks_total: u64,
    /// Whether the person may read the whole register.
    pub reads_uses: bool,
    /// What the form is called whose fields can be keyed, if it is one.
    pub form: Option<String>,
}

/// The fields of a document.
#[derive(Clone, Debug, Default)]
pub struct Fields {
    /// Code of the type.
    pub type_code: String,
    /// Name of the type.
    pub type_name: String,
    /// Title.
    pub title: String,
    /// Date, ISO, or empty.
    pub date: String,
    /// Responsible body.
    pub responsible: String,
    /// Document number.
    pub document_no: String,
}

/// Whether the bytes are what was accepted.
#[derive(Debug)]
pub enum Integrity {
    /// They are; they were compared when this page was drawn.
    Same,
    /// They differ and are not shown: digest that was accepted, digest found;
    /// that is empty when what is there has none.
    Differs(String, String),
    /// Their key was destroyed, by this entry of the log.
    Destroyed(i64),
    /// They are not there.
    Missing,
    /// They could not be read just now.
    Unread,
    /// They were not compared, with the reason.
    NotLooked(String),
}

/// One page in the strip.
#[derive(Debug)]
pub struct Thumb {
    /// Page, from 1.
    pub page: u64,
    /// Page in the volume; the page itself while it is not bound.
    pub number: u64,
    /// Found words on it.
    pub hits: u64,
    /// Its picture.
    pub picture: Picture,
}

/// Where a hit is.
#[derive(Clone, Copy, Debug)]
pub struct HitPlace {
    /// Page, from 1.
    pub page: u64,
    /// Number of the hit in the document, from 1.
    pub hit: u64,
}

/// The text of a page.
#[derive(Debug)]
pub enum Reading {
    /// It is not read yet.
    Waiting,
    /// It could not be read, with the reason.
    Failed(String),
    /// It has been read; there may be no line on it.
    Read(Vec<Line>),
}

/// One line of text.
#[derive(Debug)]
pub struct Line {
    /// Pieces of the line, found words apart.
    pub pieces: Vec<Piece>,
    /// Its place on the page in pixels.
    pub bbox: [u32; 4],
    /// Reading confidence, 0 to 100; `None` for embedded text.
    pub confidence: Option<u64>,
}

/// A piece of a line.
#[derive(Debug)]
pub struct Piece {
    /// The text.
    pub text: String,
    /// Whether it is a found word.
    pub found: bool,
}

/// The tabs at the right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    /// 字段
    Fields,
    /// 文字
    Text,
    /// 来历
    Provenance,
    /// 谁看过
    Looks,
}

impl Tab {
    /// The tab an address names; the fields for anything else.
    pub fn from_code(code: &str) -> Tab {
        match code {
            "text" => Tab::Text,
            "from" => Tab::Provenance,
            "seen" => Tab::Looks,
            _ => Tab::Fields,
        }
    }

    /// The word for it in an address.
    pub fn code(self) -> &'static str {
        match self {
            Tab::Fields => "",
            Tab::Text => "text",
            Tab::Provenance => "from",
            Tab::Looks => "seen",
        }
    }
}

/// Where a paper comes from.
#[derive(Debug)]
pub struct Provenance {
    /// Its files.
    pub files: Vec<FileFact>,
    /// How each page was read.
    pub pages: Vec<PageFact>,
    /// What happened to it, newest first.
    pub events: Vec<Event>,
}

/// One file.
#[derive(Debug)]
pub struct FileFact {
    /// Its place, from 1, used in `/doc/N/file/ORD`.
    pub order: u64,
    /// Name as it came.
    pub name: String,
    /// What it is, e.g. `PDF 1.7`.
    pub kind: String,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256, hex.
    pub sha256: String,
}

/// How one page was read.
#[derive(Debug)]
pub struct PageFact {
    /// Page, from 1.
    pub page: u64,
    /// Where its text comes from, in the language of the page.
    pub source: String,
    /// Why, as a sentence.
    pub reason: String,
    /// Degrees it was turned clockwise.
    pub turned: u64,
}

/// One thing that happened to the paper.
#[derive(Debug)]
pub struct Event {
    /// Number of its log entry.
    pub entry: u64,
    /// When, `YYYY-MM-DD HH:MM`.
    pub when: String,
    /// What, as a phrase.
    pub what: String,
    /// Who.
    pub who: String,
    /// Whether it changed the paper's record.
    pub changed: bool,
}

/// The number of a hit that no document has: it stands for the last.
const BEYOND: &str = "999999999";

impl Viewer {
    /// Whether a person can read the page again.
    pub fn is_read(&self) -> bool {
        self.picture.is_some() && !matches!(self.reading, Reading::Waiting)
    }

    /// Address of a page, a hit and a tab of this document.
    pub fn at(&self, page: &u64, hit: &u64, tab: impl Borrow<Tab>) -> String {
        let (page, hit) =
            (page.to_string(), if *hit == 0 { String::new() } else { hit.to_string() });
        let pairs = [("p", page.as_str()), ("hit", &hit), ("tab", tab.borrow().code())];
        self.searched(text::address(&format!("/doc/{}", self.document), &pairs))
    }

    /// An address with the search that led here.
    fn searched(&self, address: String) -> String {
        let joint = if address.contains('?') { '&' } else { '?' };
        match self.asked.to_address().as_str() {
            "" => address,
            asked => format!("{address}{joint}{asked}"),
        }
    }

    /// Address of a page.
    pub fn page_at(&self, page: &u64) -> String {
        self.at(page, &0, self.tab)
    }

    /// Address of a hit.
    pub fn hit_at(&self, place: &HitPlace) -> String {
        self.at(&place.page, &place.hit, self.tab)
    }

    /// Address of another document, with the same search.
    pub fn document_at(&self, document: &u64) -> String {
        let tab = [("tab", self.tab.code())];
        self.searched(text::address(&format!("/doc/{document}"), &tab))
    }

    /// Address of the first hit of another document of the result.
    pub fn first_hit_in(&self, document: &u64) -> String {
        self.hit_in(document, "1")
    }

    /// Address of the last hit of another document of the result.
    pub fn last_hit_in(&self, document: &u64) -> String {
        self.hit_in(document, BEYOND)
    }

    fn hit_in(&self, document: &u64, hit: &str) -> String {
        let pairs = [("hit", hit), ("tab", self.tab.code())];
        self.searched(text::address(&format!("/doc/{document}"), &pairs))
    }

    /// Whether the file may be given out: never when its bytes are not what was accepted.
    pub fn is_given_out(&self) -> bool {
        matches!(self.integrity, Integrity::Same | Integrity::NotLooked(_))
    }

    /// The page before, if any.
    pub fn page_before(&self) -> Option<u64> {
        (self.page > 1).then(|| self.page - 1)
    }

    /// The page after, if any.
    pub fn page_after(&self) -> Option<u64> {
        (self.page < self.thumbs.len() as u64).then_some(self.page + 1)
    }

    /// Why a field was refused.
    pub fn error(&self, field: &str) -> Option<&str> {
        error_for(&self.errors, field)
    }

    /// The style rules of all boxes.
    pub fn rules(&self) -> String {
        let thumbs = self.thumbs.iter().map(|thumb| &thumb.picture);
        thumbs.chain(&self.picture).map(Picture::rules).collect()
    }
}

super::page!(Viewer, Some(Entry::Households), keys::VIEWER, sample::examples);
