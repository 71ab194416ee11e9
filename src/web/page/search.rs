//! 检索: how the words were understood, what was found, where it stands on the page.

mod addresses;
mod facet;
mod hit;
mod outcome;
mod read_as;
mod renewal;
mod sample;

use askama::Template;

pub use self::facet::{Facet, FacetField, FacetValue, band};
pub use self::hit::{FieldHit, Hit, Piece, Preview, grouped};
pub use self::outcome::{Alike, Blank, Found, Link, Nothing, Outcome, Recent, Refused, SavedRow};
pub use self::read_as::ReadAs;
pub use self::renewal::told;
use super::Page;
use super::frame::{Entry, Frame};
use super::part::Picture;
use crate::model::look::{MOST_WORDS, Purpose};
use crate::search::Asked;
use crate::web::{filters, keys};

/// The search page.
#[derive(Debug, Template)]
#[template(path = "search.html")]
pub struct Search {
    /// The frame; its `query` is what was searched.
    pub frame: Frame,
    /// What is asked.
    pub asked: Asked,
    /// What was done a moment ago, as a sentence.
    pub status: Option<String>,
    /// That the search is being renewed, as a sentence.
    pub renewal: Option<String>,
    /// What came out.
    pub outcome: Outcome,
}

impl Search {
    /// Whether a value of a facet is chosen.
    pub fn is_chosen(&self, field: &FacetField, value: &str) -> bool {
        field.chosen(&self.asked).iter().any(|one| one == value)
    }

    /// The purposes of taking the list along.
    pub fn purposes(&self) -> [Purpose; 5] {
        Purpose::ALL
    }

    /// The most characters of a reason in words.
    pub fn most_words(&self) -> usize {
        MOST_WORDS
    }

    /// Whether the words themselves stand nowhere: every document has one only nearly.
    pub fn is_all_near(&self, found: &Found) -> bool {
        found.near > 0 && found.near == found.documents && !self.found_words(found).is_empty()
    }

    /// What is found, in words: `23件、41页写有「周桂兰」`.
    pub fn found_words(&self, found: &Found) -> String {
        let mut words: Vec<String> = Vec::new();
        let each =
            std::iter::once(&found.read_as).chain(found.links.iter().map(|one| &one.read_as));
        for one in each.map(|read_as| read_as.words(self.lang())).filter(|one| !one.is_empty()) {
            words.push(one);
        }
        words.join(self.t("，又写有", " and on some page "))
    }

    /// The style rules of all boxes.
    pub fn rules(&self) -> String {
        let (hits, preview) = match &self.outcome {
            Outcome::Found(found) => (found.hits.as_slice(), found.preview.as_ref()),
            Outcome::Alike(alike) => (alike.hits.as_slice(), None),
            _ => return String::new(),
        };
        let pictures = hits.iter().filter_map(|hit| hit.picture.as_ref());
        let preview = preview.and_then(|preview| preview.picture.as_ref());
        pictures.chain(preview).map(Picture::rules).collect()
    }
}

super::page!(Search, Some(Entry::Search), keys::RESULTS, sample::examples);
