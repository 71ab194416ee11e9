//! One row of a register: its lines, and what it waits for.

use askama::Template;

use super::super::Page;
use super::super::frame::{Entry, Frame};
use super::super::part::State;
use super::form::Form;
use super::sample;
use crate::model::look::Purpose;
use crate::web::lang::Lang;
use crate::web::{filters, keys};

/// A line of a row, as it was entered.
#[derive(Debug, Clone)]
pub struct Line {
    /// The entry that entered it.
    pub entry: u64,
    /// The stage.
    pub stage: String,
    /// The day it happened.
    pub on: String,
    /// Who entered it.
    pub author: String,
    /// The values: column and value.
    pub values: Vec<(String, String)>,
    /// Whether something is kept apart that this person may see.
    pub sealed: Option<bool>,
    /// What was kept apart, when it was asked for.
    pub opened: Vec<(String, String)>,
    /// The scan of the paper it stands on.
    pub paper: Option<u64>,
    /// The entry that struck it.
    pub struck: Option<u64>,
    /// How it is corrected, where this person may.
    pub correction: Option<Form>,
}

/// A row of a register.
#[derive(Debug, Template)]
#[template(path = "register_row.html")]
pub struct RegisterRow {
    /// The frame.
    pub frame: Frame,
    /// What was done last, as a sentence.
    pub status: Option<String>,
    /// Why something cannot be, as a sentence.
    pub wrong: Option<String>,
    /// The code of the register.
    pub register: String,
    /// What it is called.
    pub name: String,
    /// Whose register it is: code and name.
    pub organisation: (String, String),
    /// The number of the row.
    pub number: String,
    /// The other side, or empty.
    pub other: String,
    /// The household: number and head; empty where it is of none.
    pub household: (String, String),
    /// What it waits for, who enters that, and by when; empty when it is done.
    pub waits: (String, String, String),
    /// Whether that day is past.
    pub late: bool,
    /// Which counts of it differ, or empty.
    pub unlike: String,
    /// The lines, in order.
    pub lines: Vec<Line>,
    /// How the next stage is entered, where this person may.
    pub form: Option<Form>,
    /// The address where its sheet is printed, and where its scan is looked for.
    pub sheet: Option<(String, String)>,
}

impl RegisterRow {
    /// The first line.
    pub fn sentence(&self) -> String {
        let lang = self.frame.lang;
        let (stage, _, due) = &self.waits;
        match (stage.as_str(), due.as_str(), lang) {
            ("", _, Lang::Zh) => format!("{} {}，办结。", self.name, self.number),
            ("", _, Lang::En) => format!("{} {} is done.", self.name, self.number),
            (_, "", Lang::Zh) => format!("{} {}，待{stage}。", self.name, self.number),
            (_, "", Lang::En) => format!("{} {} waits: {stage}.", self.name, self.number),
            (_, _, Lang::Zh) => format!("{} {}，待{stage}，限{due}。", self.name, self.number),
            (_, _, Lang::En) => {
                format!("{} {} waits: {stage}, by {due}.", self.name, self.number)
            }
        }
    }

    /// How its standing is drawn.
    pub fn state(&self) -> State {
        match (self.waits.0.is_empty(), self.late) {
            (true, _) => State::Ok,
            (false, true) => State::Late,
            (false, false) => State::Run,
        }
    }

    /// What it waits for, as a word.
    pub fn standing(&self) -> String {
        match self.waits.0.as_str() {
            "" => self.frame.lang.t("办结", "Done").to_owned(),
            stage => stage.to_owned(),
        }
    }

    /// Its address.
    pub fn href(&self) -> String {
        format!("/registers/{}/{}/{}", self.register, self.organisation.0, self.number)
    }

    /// The purposes of looking at what is kept apart.
    pub fn purposes(&self) -> [Purpose; 5] {
        Purpose::ALL
    }
}

super::super::page!(RegisterRow, Some(Entry::Registers), keys::REGISTER_ROW, sample::rows);
