//! 检索: how the words were understood, what was found, where it stands on the page.

mod sample;

use super::Page;
use super::frame::{Entry, Frame};
use super::part::{HouseholdRef, Picture};
use crate::web::lang::Lang;
use crate::web::{filters, keys, text};
use askama::Template;

/// The search page.
#[derive(Debug, Template)]
#[template(path = "search.html")]
pub struct Search {
    /// The frame; its `query` is what was searched.
    pub frame: Frame,
    /// What narrows the search.
    pub chosen: Chosen,
    /// What came out.
    pub outcome: Outcome,
}

/// What narrows a search; empty means it does not.
#[derive(Clone, Debug, Default)]
pub struct Chosen {
    /// Code of a type.
    pub type_code: String,
    /// Year.
    pub year: String,
    /// Household number.
    pub household: String,
    /// Organisation code.
    pub organisation: String,
}

/// What a search came to.
#[derive(Debug)]
pub enum Outcome {
    /// Nothing was asked.
    Blank,
    /// The words could not be understood.
    Refused(Refused),
    /// Nothing was found.
    Nothing(Nothing),
    /// Something was found.
    Found(Box<Found>),
}

/// Words that could not be understood, cut at the place.
#[derive(Debug)]
pub struct Refused {
    /// What is wrong, as a sentence.
    pub message: String,
    /// What to do, as a sentence.
    pub hint: String,
    /// Text before the place.
    pub before: String,
    /// Text at the place; may be empty.
    pub at: String,
    /// Text after the place.
    pub after: String,
}

/// Nothing was found.
#[derive(Debug)]
pub struct Nothing {
    /// How the words were understood.
    pub read_as: ReadAs,
    /// What each word alone would find, in pages.
    pub alone: Vec<(String, u64)>,
    /// Pages that could not be read or were read with little confidence.
    pub unread: u64,
}

/// Something was found.
#[derive(Debug)]
pub struct Found {
    /// Documents in all.
    pub documents: u64,
    /// Pages in all.
    pub pages: u64,
    /// How the words were understood.
    pub read_as: ReadAs,
    /// Pages in scope that could not be read.
    pub unread: u64,
    /// Ways to narrow it.
    pub facets: Vec<Facet>,
    /// The documents of this page of results.
    pub hits: Vec<Hit>,
    /// The selected document's first hit page.
    pub preview: Option<Preview>,
    /// Where the next page of results starts.
    pub after: Option<String>,
}

/// How the words were understood.
#[derive(Clone, Debug, Default)]
pub struct ReadAs {
    /// Words that must occur.
    pub all: Vec<String>,
    /// Groups of which one word must occur.
    pub any: Vec<Vec<String>>,
    /// Words that must not occur.
    pub not: Vec<String>,
    /// Whether blanks between characters count (they do not, as a rule).
    pub literal: bool,
}

/// Which field a facet narrows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FacetField {
    /// 件种
    Type,
    /// 社区
    Organisation,
    /// 年度
    Year,
    /// 户
    Household,
}

impl FacetField {
    /// Its name.
    pub fn name(self, lang: Lang) -> &'static str {
        match self {
            FacetField::Type => lang.t("件种", "Type"),
            FacetField::Organisation => lang.t("社区", "Community"),
            FacetField::Year => lang.t("年度", "Year"),
            FacetField::Household => lang.t("户", "Household"),
        }
    }
}

/// One way to narrow a result.
#[derive(Debug)]
pub struct Facet {
    /// The field.
    pub field: FacetField,
    /// Values that occur, most frequent first.
    pub values: Vec<FacetValue>,
}

/// One value of a facet.
#[derive(Debug)]
pub struct FacetValue {
    /// Value in the address.
    pub value: String,
    /// Name on screen.
    pub name: String,
    /// Documents that have it.
    pub documents: u64,
}

/// One document of the result.
#[derive(Debug)]
pub struct Hit {
    /// Number of the document.
    pub document: u64,
    /// Title.
    pub title: String,
    /// Its household; `None` while it waits on the intake desk.
    pub household: Option<HouseholdRef>,
    /// Date, ISO, or empty.
    pub date: String,
    /// Pages with hits; the first is opened.
    pub pages: Vec<u64>,
    /// Places found on those pages.
    pub places: u64,
    /// Text around the first hits.
    pub snippet: Vec<Piece>,
    /// Picture of the first hit page with boxes.
    pub picture: Option<Picture>,
    /// Whether it is the selected one.
    pub selected: bool,
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
    /// The page with boxes.
    pub picture: Picture,
}

impl ReadAs {
    /// The words joined as a sentence says them: 「周桂兰」和「收入」.
    pub fn words(&self, lang: Lang) -> String {
        let mut words: Vec<String> = self.all.iter().map(|word| lang.quote(word)).collect();
        for group in &self.any {
            let group: Vec<String> = group.iter().map(|word| lang.quote(word)).collect();
            words.push(group.join(lang.t("或", " or ")));
        }
        words.join(lang.t("和", " and "))
    }

    /// Whether several words must stand on one page.
    pub fn several(&self) -> bool {
        self.all.len() + self.any.len() > 1
    }
}

impl Search {
    /// Address of this search with other parts; `field` with an empty value lifts it.
    fn address(&self, field: Option<(FacetField, &str)>, sel: &str, after: &str) -> String {
        let pick = |wanted: FacetField, now: &str| match field {
            Some((field, value)) if field == wanted => value.to_owned(),
            _ => now.to_owned(),
        };
        let pairs = [
            ("q", self.frame.query.clone()),
            ("type", pick(FacetField::Type, &self.chosen.type_code)),
            ("year", pick(FacetField::Year, &self.chosen.year)),
            ("household", pick(FacetField::Household, &self.chosen.household)),
            ("organisation", pick(FacetField::Organisation, &self.chosen.organisation)),
            ("sel", sel.to_owned()),
            ("after", after.to_owned()),
        ];
        let pairs: Vec<(&str, &str)> =
            pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
        text::address("/search", &pairs)
    }

    /// Whether a value of a facet is chosen.
    pub fn is_chosen(&self, field: &FacetField, value: &str) -> bool {
        let now = match field {
            FacetField::Type => &self.chosen.type_code,
            FacetField::Year => &self.chosen.year,
            FacetField::Household => &self.chosen.household,
            FacetField::Organisation => &self.chosen.organisation,
        };
        !value.is_empty() && now == value
    }

    /// Address that chooses a value of a facet, or lifts it when it is chosen.
    pub fn narrowed(&self, field: &FacetField, value: &str) -> String {
        let value = if self.is_chosen(field, value) { "" } else { value };
        self.address(Some((*field, value)), "", "")
    }

    /// Address that selects a document of the result.
    pub fn selecting(&self, document: &u64) -> String {
        self.address(None, &document.to_string(), "")
    }

    /// Address of the next page of results.
    pub fn more(&self, after: &str) -> String {
        self.address(None, "", after)
    }

    /// Address that searches one word alone.
    pub fn alone(&self, word: &str) -> String {
        text::address("/search", &[("q", word)])
    }

    /// Whether a facet narrows the search.
    pub fn is_narrowed(&self) -> bool {
        let Chosen { type_code, year, household, organisation } = &self.chosen;
        [type_code, year, household, organisation].iter().any(|value| !value.is_empty())
    }

    /// Another reading one click away, as query and name: several words as
    /// alternatives. `None` when there is nothing to choose.
    pub fn reread(&self, read_as: &ReadAs) -> Option<(String, &'static str)> {
        let plain = read_as.all.len() > 1 && read_as.any.is_empty() && read_as.not.is_empty();
        plain.then(|| (read_as.all.join(" OR "), self.lang().t("改成任一即可", "Match any")))
    }

    /// Address of a document at its first hit.
    pub fn opening(&self, hit: &Hit) -> String {
        let page = hit.pages.first().copied().unwrap_or(1).to_string();
        let pairs = [("p", page.as_str()), ("hit", "1"), ("q", &self.frame.query)];
        text::address(&format!("/doc/{}", hit.document), &pairs)
    }

    /// The style rules of all boxes.
    pub fn rules(&self) -> String {
        let Outcome::Found(found) = &self.outcome else {
            return String::new();
        };
        let pictures = found.hits.iter().filter_map(|hit| hit.picture.as_ref());
        pictures
            .chain(found.preview.as_ref().map(|preview| &preview.picture))
            .map(Picture::rules)
            .collect()
    }
}

super::page!(Search, Some(Entry::Search), keys::RESULTS, sample::examples);
