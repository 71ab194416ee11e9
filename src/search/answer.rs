//! What a search answers.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;
use yidang_indexer::{Band, Cursor, Near, ReadAs, Why};

use super::fields::FoundField;
use crate::catalog::kinship::Gone;
use crate::follow::Renewal;
use crate::model::id::DocumentId;

/// A page that has what was searched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FoundPage {
    /// Page number within the document, from 1.
    pub page: u32,
    /// A piece of its text.
    pub snippet: String,
    /// Ranges of characters of the snippet to mark: from, to.
    pub marks: Vec<(usize, usize)>,
    /// The words found, in pixels of the upright page image.
    pub boxes: Vec<[u32; 4]>,
    /// Width of that image; 0 when the page was not read.
    pub width: u32,
    /// Height of that image.
    pub height: u32,
    /// 字段: what people keyed from the page, or stated by it, in which something was
    /// found.
    pub fields: Vec<FoundField>,
    /// What stands there instead of a term, and why it counts.
    pub near: Vec<NearBy>,
    /// Labels of its document by which alone it was found; none where something of the
    /// query stands on it.
    pub labels: Vec<FoundLabel>,
    /// How many boxes each place has in which something was found, in the order of the
    /// boxes; 0 for one of which nobody knows where it stands.
    #[serde(skip)]
    pub spans: Vec<usize>,
    /// Ranges of characters of the page's lines, joined by line feeds, that
    /// were found: from, to.
    #[serde(skip)]
    pub matches: Vec<(usize, usize)>,
}

impl FoundPage {
    /// A piece of the page in one line, for lists: what was found in a field when nothing
    /// was found on the page itself.
    #[must_use]
    pub fn excerpt(&self) -> String {
        match self.fields.first() {
            Some(field) if self.marks.is_empty() => format!("{}：{}", field.name, field.snippet),
            _ => self.snippet.clone(),
        }
    }

    /// In how many places something was found; a run that is broken over lines is one.
    #[must_use]
    pub fn places(&self) -> usize {
        self.spans.len()
    }

    /// The boxes of each place that has any, in order.
    pub fn boxed(&self) -> impl Iterator<Item = &[[u32; 4]]> {
        let mut rest = self.boxes.as_slice();
        self.spans.iter().filter(|span| **span > 0).map(move |span| {
            let (boxes, behind) = rest.split_at(rest.len().min(*span));
            rest = behind;
            boxes
        })
    }
}

/// A label of a document that has what was searched, where its pages have not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FoundLabel {
    /// Which label.
    pub label: Label,
    /// What it says.
    pub text: String,
}

/// A label that is found with every page of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Label {
    /// 户主 of the household.
    Head,
    /// 题名 of the document.
    Title,
    /// 户号.
    Household,
}

/// What counts for a term without being it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct NearBy {
    /// What stands there.
    pub text: String,
    /// Why it counts: `recogniser` (it thought of the term as well), `look_alike`,
    /// `one_character` (off), `sound`.
    #[schema(value_type = String)]
    pub why: Why,
}

impl From<&Near> for NearBy {
    fn from(near: &Near) -> Self {
        Self { text: near.text.clone(), why: near.why }
    }
}

/// A document that has what was searched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Found {
    /// Which.
    pub document: DocumentId,
    /// 户号, or none on the intake desk.
    pub household: Option<String>,
    /// 户主, or empty.
    pub head: String,
    /// What became of the household, where nobody lives in it any more.
    pub gone: Option<Gone>,
    /// 档号 of the household's volume, or none.
    pub volume: Option<String>,
    /// The organisation that keeps it.
    pub organisation: String,
    /// 件种, or empty.
    #[serde(rename = "type")]
    pub type_code: String,
    /// 题名
    pub title: String,
    /// 日期, or empty.
    pub date: String,
    /// How many pages it has.
    #[serde(skip)]
    pub of: i64,
    /// Its pages with hits, in order; the first is where it opens.
    pub pages: Vec<FoundPage>,
}

/// The answer to a query.
#[derive(Debug, Clone)]
pub struct Answer {
    /// How many documents were found.
    pub total: u64,
    /// On how many pages.
    pub total_pages: u64,
    /// How many of the documents have a word only nearly; they come last.
    pub near: u64,
    /// How the query was read.
    pub read_as: ReadAs,
    /// How what was searched for before was read.
    pub within: Vec<ReadAs>,
    /// The documents of the part.
    pub found: Vec<Found>,
    /// Where the next part begins; none at the end.
    pub next: Option<Cursor>,
    /// How many documents by type code. What was chosen in a list does not narrow
    /// that list.
    pub types: Vec<(String, u64)>,
    /// How many by year.
    pub years: Vec<(String, u64)>,
    /// How many by household.
    pub households: Vec<(String, u64)>,
    /// How many by organisation.
    pub organisations: Vec<(String, u64)>,
    /// How many by state of the household's file.
    pub states: Vec<(String, u64)>,
    /// How many by confidence of the reading.
    pub bands: Vec<(Band, u64)>,
    /// How many by how the household stands.
    pub standings: Vec<(String, u64)>,
    /// How many by category of the household.
    pub categories: Vec<(String, u64)>,
    /// Where nothing was found, how many pages within the scope are unread or unsure.
    pub unread: Option<i64>,
    /// How far the index is that is being filled; none when it is whole.
    pub renewal: Option<Renewal>,
    /// The names of the first of those organisations and the heads of the first of
    /// those households, and of those that were chosen, by code and by number.
    pub names: BTreeMap<String, String>,
}
