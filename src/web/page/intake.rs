//! 收件台: the pile of papers, the page, and the proposal to be confirmed.

mod sample;

use super::Page;
use super::frame::{Entry, Frame};
use super::part::{Duplicate, FieldError, HouseholdRef, Picture, State, TypeChoice, error_for};
use crate::web::{filters, keys, text};
use askama::Template;

/// The intake desk.
#[derive(Debug, Template)]
#[template(path = "intake.html")]
pub struct Intake {
    /// The frame.
    pub frame: Frame,
    /// Papers that wait, in the order they came.
    pub pile: Vec<PileItem>,
    /// How many wait in all, when the pile shows only the first.
    pub pile_total: u64,
    /// Papers filed a moment ago, newest first.
    pub filed: Vec<PileItem>,
    /// What was done last, as a sentence in the language of the page.
    pub status: Option<String>,
    /// The paper in hand; `None` when the pile is empty.
    pub current: Option<Proposal>,
    /// Types to choose from.
    pub types: Vec<TypeChoice>,
    /// Largest file accepted, in bytes.
    pub limit: u64,
    /// Why nothing is read on this machine, e.g. missing models; usually `None`.
    pub not_reading: Option<String>,
}

/// One paper of the pile.
#[derive(Debug)]
pub struct PileItem {
    /// Number of the document.
    pub document: u64,
    /// Proposed type, or the file name while nothing is proposed.
    pub name: String,
    /// Pages, as far as known; 0 when not.
    pub pages: u64,
    /// Name of the proposed or chosen head; empty when in doubt.
    pub head: String,
    /// Where it stands.
    pub state: PileState,
}

/// Where a paper of the pile stands.
#[derive(Debug)]
pub enum PileState {
    /// It is being read; it can be confirmed by hand all the same.
    Reading,
    /// The proposal is sound.
    Ready,
    /// The proposal is in doubt.
    Doubt,
    /// It cannot be read, with the reason as a sentence.
    Broken(String),
    /// The same bytes were filed before.
    Known,
    /// It was put aside.
    Later,
    /// It has been filed.
    Filed,
}

impl PileState {
    /// Shape and colour.
    pub fn state(&self) -> State {
        match self {
            PileState::Reading => State::Run,
            PileState::Ready | PileState::Later => State::None,
            PileState::Doubt | PileState::Known => State::Due,
            PileState::Broken(_) => State::Late,
            PileState::Filed => State::Ok,
        }
    }
}

/// What is proposed for the paper in hand.
#[derive(Debug)]
pub struct Proposal {
    /// Number of the document.
    pub document: u64,
    /// Name of the file as it came.
    pub file_name: String,
    /// Its pages with the words that decided the proposal boxed; empty when it cannot be drawn.
    pub pages: Vec<Picture>,
    /// How it was turned or improved, as a short phrase; may be empty.
    pub how: String,
    /// Where it stands.
    pub state: PileState,
    /// Households it may belong to, best first, nine at most.
    pub candidates: Vec<Candidate>,
    /// Number typed for another household.
    pub other: String,
    /// Head of a household to be opened.
    pub new_head: String,
    /// Code of the proposed type; empty when none.
    pub type_code: String,
    /// Title.
    pub title: String,
    /// Date, ISO, or empty.
    pub date: String,
    /// Responsible body.
    pub responsible: String,
    /// Document number.
    pub document_no: String,
    /// Fields that want a look, each with the reason.
    pub doubts: Vec<FieldError>,
    /// Fields that were refused, each with the rule.
    pub errors: Vec<FieldError>,
    /// Filing scope in short words, e.g. 审批类, 停保后3年.
    pub scope: Vec<String>,
    /// The same bytes, filed before.
    pub duplicate: Option<Duplicate>,
    /// What the chosen household still lacks.
    pub lacks: Option<Lacks>,
    /// The paper that stands before it in the pile, for joining and stepping.
    pub previous: Option<u64>,
    /// The paper that comes after it.
    pub next: Option<u64>,
}

/// A household the paper may belong to.
#[derive(Debug)]
pub struct Candidate {
    /// The household.
    pub household: HouseholdRef,
    /// Which fields agree and which do not, as one phrase.
    pub reason: String,
    /// Whether everything that could be compared agrees.
    pub sure: bool,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// What the chosen household still lacks.
#[derive(Debug)]
pub struct Lacks {
    /// Head of the household.
    pub head: String,
    /// How many types are expected.
    pub expected: u64,
    /// What is missing.
    pub missing: Vec<LackRow>,
}

/// One missing paper.
#[derive(Debug)]
pub struct LackRow {
    /// Name of the type.
    pub name: String,
    /// Who owes it.
    pub owner: String,
    /// Whether the paper in hand is of this type.
    pub this_one: bool,
}

impl Proposal {
    /// Why a field was refused.
    pub fn error(&self, field: &str) -> Option<&str> {
        error_for(&self.errors, field)
    }

    /// Why a field wants a look.
    pub fn doubt(&self, field: &str) -> Option<&str> {
        error_for(&self.doubts, field)
    }

    /// Whether none of the candidates is chosen.
    pub fn elsewhere(&self) -> bool {
        !self.candidates.iter().any(|candidate| candidate.chosen)
    }

    /// The style rules of all boxes.
    pub fn rules(&self) -> String {
        self.pages.iter().map(Picture::rules).collect()
    }
}

impl Intake {
    /// Whether a paper of the pile is the one in hand.
    pub fn in_hand(&self, item: &PileItem) -> bool {
        self.current.as_ref().is_some_and(|current| current.document == item.document)
    }

    /// Whether a paper of the pile is being read.
    pub fn is_reading(&self) -> bool {
        self.pile.iter().any(|item| matches!(item.state, PileState::Reading))
    }

    /// The largest file accepted, written out.
    pub fn limit_text(&self) -> String {
        text::size(self.limit)
    }
}

super::page!(Intake, Some(Entry::Intake), keys::INTAKE, sample::examples);
