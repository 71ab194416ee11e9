//! A paper of a result, and the page of it that is shown.

use super::super::part::{Ended, HouseholdRef, Picture};

/// One document of the result.
#[derive(Debug)]
pub struct Hit {
    /// Number of the document.
    pub document: u64,
    /// Title.
    pub title: String,
    /// Its household; `None` while it waits on the intake desk.
    pub household: Option<HouseholdRef>,
    /// That nobody lives in that household any more.
    pub ended: Option<Ended>,
    /// Date, ISO, or empty.
    pub date: String,
    /// 档号 of its volume, when it is bound.
    pub reference: Option<String>,
    /// Pages with hits; the first is opened.
    pub pages: Vec<u64>,
    /// Places found on those pages.
    pub places: u64,
    /// What stands there instead of a word, or which label of the document has it, one
    /// sentence each.
    pub near: Vec<String>,
    /// Fields in which something was found, the first few.
    pub fields: Vec<FieldHit>,
    /// Text around the first hits; empty when they are in fields alone.
    pub snippet: Vec<Piece>,
    /// Picture of the first hit page with boxes.
    pub picture: Option<Picture>,
    /// Whether pages are shown only after somebody has said why they look.
    pub asks: bool,
    /// Whether it stands beside others of its household.
    pub grouped: bool,
    /// Whether it is the first of these.
    pub heads: bool,
    /// Whether it is the selected one.
    pub selected: bool,
}

/// The results, those that stand beside others of their household told as a group. Their order
/// stays.
pub fn grouped(mut hits: Vec<Hit>) -> Vec<Hit> {
    let of_one = |a: &Hit, b: &Hit| a.household.is_some() && a.household == b.household;
    for beside in hits.chunk_by_mut(of_one) {
        let is_group = beside.len() > 1;
        for (at, hit) in beside.iter_mut().enumerate() {
            (hit.grouped, hit.heads) = (is_group, is_group && at == 0);
        }
    }
    hits
}

/// A field of a form in which something was found.
#[derive(Debug)]
pub struct FieldHit {
    /// 字段 or 记载.
    pub kind: String,
    /// What the field is called.
    pub name: String,
    /// A piece of its value.
    pub value: Vec<Piece>,
}

/// A piece of a snippet.
#[derive(Debug)]
pub struct Piece {
    /// The text.
    pub text: String,
    /// Whether it is a found word.
    pub found: bool,
}

/// The page of the selected document.
#[derive(Debug)]
pub struct Preview {
    /// Number of the document.
    pub document: u64,
    /// Page, from 1.
    pub page: u64,
    /// Pages of the document.
    pub of: u64,
    /// The page with boxes; none where somebody has to say first why they look.
    pub picture: Option<Picture>,
}
