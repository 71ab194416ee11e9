//! 录字段: a form keyed against its scan, the versions of its fields, and what they say
//! of the household that is not known so.

mod sample;

use askama::Template;

use super::Page;
use super::frame::{Entry, Frame};
use super::part::{HouseholdRef, Picture};
use crate::model::form::read::DOUBTFUL;
use crate::web::{filters, keys};

/// A form, its scan beside it.
#[derive(Debug, Template)]
#[template(path = "keying.html")]
pub struct Keying {
    /// The frame.
    pub frame: Frame,
    /// Number of the document.
    pub document: u64,
    /// What it is called.
    pub title: String,
    /// Its household.
    pub household: HouseholdRef,
    /// What the form is called.
    pub form: String,
    /// Its pages that are shown.
    pub pages: Vec<Picture>,
    /// How many are not.
    pub more_pages: u64,
    /// The entry of the version that is shown, -1 before the first.
    pub seen: String,
    /// Who keyed it last and when, as a phrase.
    pub by: Option<String>,
    /// Whether all of it has been read.
    pub read: bool,
    /// When the draft was kept that is shown, as `11:31`.
    pub draft: Option<String>,
    /// Whether the draft is of another time.
    pub resumed: bool,
    /// Why it was not saved, as a sentence.
    pub wrong: Option<String>,
    /// Its parts.
    pub sections: Vec<Section>,
    /// What was keyed of fields that the form has no more: field and value.
    pub former: Vec<(String, String)>,
}

/// A part of a form.
#[derive(Debug, Clone)]
pub struct Section {
    /// Its name.
    pub name: String,
    /// Its fields.
    pub fields: Vec<Field>,
}

/// A field of a form.
#[derive(Debug, Clone, Default)]
pub struct Field {
    /// Unique in the page.
    pub id: usize,
    /// Its name as the form sends it.
    pub field: String,
    /// What it is called.
    pub name: String,
    /// What stands above the first field of a row of a table: 成员 1; else empty.
    pub row: String,
    /// Whether the form is not complete without it.
    pub required: bool,
    /// Whether a whole text can stand in it.
    pub long: bool,
    /// What can be chosen: value and word; empty where it is typed.
    pub choices: Vec<(String, String)>,
    /// How its keyboard is on a telephone.
    pub mode: &'static str,
    /// What to type.
    pub hint: String,
    /// What stands in it, numbers covered.
    pub value: String,
    /// 把握 of what was read, where that is what stands in it and nobody has accepted it.
    pub sure: Option<u64>,
    /// The page it stands on, from 1, or empty.
    pub page: String,
    /// Where, as four numbers, or empty.
    pub bbox: String,
    /// What is odd: whether it cannot be kept, and the sentence.
    pub messages: Vec<(bool, String)>,
    /// What is kept there now, where that is not what was typed.
    pub now: Option<String>,
}

impl Field {
    /// Whether a person has to look at it.
    pub fn is_doubtful(&self) -> bool {
        self.sure.is_some_and(|sure| sure < u64::from(DOUBTFUL))
    }

    /// How its input looks.
    pub fn class(&self) -> &'static str {
        match self.messages.iter().any(|(bad, _)| *bad) {
            true => "bad",
            false if self.is_doubtful() || self.now.is_some() => "doubt",
            false => "sure",
        }
    }
}

super::page!(Keying, Some(Entry::Households), keys::KEYING, sample::keying);

/// The versions of the fields of a paper.
#[derive(Debug, Template)]
#[template(path = "keyed.html")]
pub struct Versions {
    /// The frame.
    pub frame: Frame,
    /// Number of the document.
    pub document: u64,
    /// What it is called.
    pub title: String,
    /// Its household; none while nobody has filed it.
    pub household: Option<HouseholdRef>,
    /// What was done last, as a sentence.
    pub status: Option<String>,
    /// The versions, newest first.
    pub versions: Vec<Version>,
}

/// A version.
#[derive(Debug, Clone)]
pub struct Version {
    /// What the form is called.
    pub form: String,
    /// Who keyed it.
    pub by: String,
    /// When, `YYYY-MM-DD HH:MM`.
    pub when: String,
    /// Whether its values can be read.
    pub readable: bool,
    /// Field, value, and whether it is as it was read.
    pub values: Vec<(String, String, bool)>,
}

super::page!(Versions, Some(Entry::Households), keys::NONE, sample::versions);

/// What a paper says that is not known so.
#[derive(Debug, Template)]
#[template(path = "keyed_facts.html")]
pub struct Offers {
    /// The frame.
    pub frame: Frame,
    /// Number of the document.
    pub document: u64,
    /// What it is called.
    pub title: String,
    /// Its household.
    pub household: HouseholdRef,
    /// The entry of the last statement that is shown; -1 before the first.
    pub seen: String,
    /// From which day on, ISO.
    pub from: String,
    /// Today, ISO.
    pub today: String,
    /// What was done last, as a sentence.
    pub status: Option<String>,
    /// Why nothing was stated, as a sentence.
    pub wrong: Option<String>,
    /// The values.
    pub rows: Vec<Offer>,
}

/// A value that can be stated.
#[derive(Debug, Clone)]
pub struct Offer {
    /// The name of its field of the form.
    pub field: String,
    /// Whose it is.
    pub who: String,
    /// Whether that person is not in the household yet.
    pub joins: bool,
    /// Which field of the household or the person.
    pub name: String,
    /// What is known, numbers covered.
    pub known: String,
    /// What the paper says, numbers covered.
    pub value: String,
    /// Why it cannot be stated, or empty.
    pub obstacle: String,
    /// Whether it is ticked.
    pub ticked: bool,
}

super::page!(Offers, Some(Entry::Households), keys::NONE, sample::offers);
