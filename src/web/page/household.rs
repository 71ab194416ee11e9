//! A household's file: its documents in filing order with the gaps in place,
//! what is complete and what is missing, its volume, what happened to it.

pub mod case;
mod sample;

use super::Page;
use super::frame::{Entry, Frame};
use super::kinship::{self, Kinship};
use super::part::State;
use super::uses::UseRow;
use crate::web::{filters, keys};
use askama::Template;

/// The file of one household.
#[derive(Debug, Template)]
#[template(path = "household.html")]
pub struct Household {
    /// The frame.
    pub frame: Frame,
    /// 17 digits.
    pub no: String,
    /// Name of the head.
    pub head: String,
    /// Address; may be empty.
    pub address: String,
    /// Community.
    pub organisation: String,
    /// What was done last, as a sentence in the language of the page.
    pub status: Option<String>,
    /// How many findings of checks wait for a decision.
    pub open_findings: u64,
    /// The head and the members, with their numbers covered.
    pub people: Vec<Person>,
    /// Whether it was opened from a roster that this person may take along.
    pub has_roster: bool,
    /// How it came from others, and what became of it.
    pub kin: Kinship,
    /// How its case stands.
    pub case: case::Case,
    /// Documents and gaps, grouped as they stand in the volume.
    pub groups: Vec<Group>,
    /// Documents filed.
    pub documents: u64,
    /// Completeness by the level that owes the papers.
    pub levels: Vec<Level>,
    /// The bound volume.
    pub volume: Option<VolumeBrief>,
    /// Documents filed and not bound.
    pub unbound: u64,
    /// What binding would do now; `None` when there is nothing to bind.
    pub bind: Option<BindPlan>,
    /// Who lives in it, the head first: those to whom it is shown at the counter.
    pub visitors: Vec<String>,
    /// What happened, newest first.
    pub events: Vec<Event>,
    /// How many events there are in all.
    pub events_total: u64,
    /// 谁看过: the last looks at the file, newest first.
    pub looks: Vec<UseRow>,
    /// How many looks there are in all.
    pub looks_total: u64,
    /// Whether the person may read the whole register.
    pub reads_uses: bool,
}

/// A person of a household.
#[derive(Debug)]
pub struct Person {
    /// 姓名
    pub name: String,
    /// 与户主关系; empty for the head.
    pub relation: String,
    /// 身份证号; may be empty.
    pub number: String,
}

/// A part of the volume, e.g. 审批类.
#[derive(Debug)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// Documents and gaps in filing order.
    pub rows: Vec<Row>,
}

/// A document, or the place of one that is expected.
#[derive(Debug)]
pub enum Row {
    /// A document that is filed.
    Filed(Filed),
    /// A type that is expected and missing.
    Missing(Missing),
}

/// A filed document.
#[derive(Debug)]
pub struct Filed {
    /// Number of the document.
    pub document: u64,
    /// Place in the volume, from 1.
    pub order: u64,
    /// Code of its type.
    pub type_code: String,
    /// Title.
    pub title: String,
    /// Responsible body.
    pub responsible: String,
    /// Date, ISO, or empty.
    pub date: String,
    /// Pages in the volume, as they are or would be numbered.
    pub pages: Option<(u64, u64)>,
    /// Where it stands.
    pub standing: Standing,
}

/// Where a filed document stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// In the bound volume.
    Bound,
    /// Filed after the last binding.
    Unbound,
    /// Filed, still being read.
    Reading,
    /// Filed, could not be read.
    Unread,
    /// Sent back to be mended.
    SentBack,
}

impl Standing {
    /// Shape and colour.
    pub fn state(self) -> State {
        match self {
            Standing::Bound => State::Ok,
            Standing::Unbound => State::None,
            Standing::Reading => State::Run,
            Standing::Unread | Standing::SentBack => State::Late,
        }
    }
}

/// A type that is expected and missing.
#[derive(Debug)]
pub struct Missing {
    /// Its code.
    pub type_code: String,
    /// Its name.
    pub name: String,
    /// Who owes it.
    pub owner: String,
    /// Since when, ISO, or empty.
    pub since: String,
}

/// What one level owes.
#[derive(Debug)]
pub struct Level {
    /// 居委会, 街道 or 民政局, in the language of the page.
    pub name: String,
    /// Expected types that are there.
    pub have: u64,
    /// Expected types.
    pub expected: u64,
    /// Names of those missing.
    pub missing: Vec<String>,
}

/// The bound volume in a few words.
#[derive(Debug)]
pub struct VolumeBrief {
    /// Version.
    pub version: u64,
    /// Reference code; `None` when none was given.
    pub reference_code: Option<String>,
    /// Documents in it.
    pub documents: u64,
    /// Pages in it.
    pub pages: u64,
    /// The day it was bound, ISO.
    pub bound: String,
    /// Who bound it.
    pub by: String,
}

/// What binding would do.
#[derive(Debug)]
pub struct BindPlan {
    /// The version it would make.
    pub version: u64,
    /// Documents in that version.
    pub documents: u64,
    /// Pages in that version.
    pub pages: u64,
    /// What differs from the version before, one phrase each.
    pub changes: Vec<String>,
    /// Types still missing, which binding does not wait for.
    pub missing: Vec<String>,
    /// The proposed sentence for the volume note.
    pub note: String,
    /// Why it cannot be bound now; empty when it can.
    pub obstacles: Vec<String>,
}

/// One thing that happened.
#[derive(Debug)]
pub struct Event {
    /// Number of its log entry.
    pub entry: u64,
    /// The day, ISO.
    pub date: String,
    /// What, as a phrase in the language of the page.
    pub what: String,
    /// Who.
    pub who: String,
    /// Whether the file changed, rather than being seen or sent.
    pub changed: bool,
}

impl Household {
    /// Expected types in all.
    pub fn expected(&self) -> u64 {
        self.levels.iter().map(|level| level.expected).sum()
    }

    /// Expected types that are missing.
    pub fn missing(&self) -> u64 {
        self.levels.iter().map(|level| level.missing.len() as u64).sum()
    }
}

super::page!(Household, Some(Entry::Households), keys::HOUSEHOLD, sample::examples);
