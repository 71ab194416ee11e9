//! 台账: the list of registers, one register as on paper, one row, and what is printed.

pub mod form;
mod sample;

use askama::Template;

use self::form::{Form, Ordering};
use super::Page;
use super::frame::{Entry, Frame};
use super::part::State;
use super::payments::Signs;
use crate::model::look::Purpose;
use crate::web::lang::Lang;
use crate::web::{filters, keys, text};

/// A register in the list at the left.
#[derive(Debug, Clone)]
pub struct Item {
    /// Where it is.
    pub href: String,
    /// What it is called.
    pub name: String,
    /// How many rows wait for something; none where that is not counted.
    pub waiting: Option<u64>,
    /// How many of those are past their day.
    pub late: u64,
}

/// The registers, in two groups: those that are entered, and those that acts fill.
#[derive(Debug, Clone, Default)]
pub struct Shelf {
    /// Those that are entered.
    pub entered: Vec<Item>,
    /// Those that acts fill, and those that have pages of their own.
    pub filled: Vec<Item>,
}

/// A column of a register: its name, and whether it holds numbers.
pub type Head = (String, bool);

/// A row of a register.
#[derive(Debug, Clone)]
pub struct Row {
    /// Where it leads, or empty.
    pub lead: String,
    /// Whether it was struck.
    pub struck: bool,
    /// The cells, each with whether it is a number.
    pub cells: Vec<(String, bool)>,
}

/// By what a register is narrowed; empty fields narrow nothing.
#[derive(Debug, Clone, Default)]
pub struct Narrowing {
    /// An organisation's code or its beginning.
    pub organisation: String,
    /// A month, quarter or year.
    pub period: String,
    /// 户号
    pub household: String,
    /// Only what waits.
    pub open: bool,
}

impl Narrowing {
    /// The fields, as addresses and forms have them.
    pub fn fields(&self) -> [(&'static str, &str); 4] {
        [
            ("organisation", self.organisation.as_str()),
            ("period", &self.period),
            ("household", &self.household),
            ("open", if self.open { "yes" } else { "" }),
        ]
    }

    /// The address of `path` with what is asked for.
    pub fn address(&self, path: &str) -> String {
        text::address(path, &self.fields())
    }
}

/// An order of a draw.
#[derive(Debug, Clone)]
pub struct Draw {
    /// The entry that ordered it.
    pub order: u64,
    /// For which month.
    pub month: String,
    /// The population in words.
    pub population: String,
    /// How many households that were, and how many are drawn.
    pub of: (u64, u64),
    /// Who ordered it, and when.
    pub author: String,
    /// The how manieth order of the same kind.
    pub nth: u64,
    /// Whether it was drawn.
    pub drawn: bool,
    /// The beginning of the seed, or empty.
    pub root: String,
}

/// A register that is shown.
#[derive(Debug, Clone)]
pub struct Shown {
    /// Its code.
    pub code: String,
    /// What it is called.
    pub name: String,
    /// Whether it is entered by hand.
    pub entered: bool,
    /// What to type as the period.
    pub period: &'static str,
    /// Its columns.
    pub heads: Vec<Head>,
    /// Its rows, fifty or so.
    pub rows: Vec<Row>,
    /// The address of the next part.
    pub more: Option<String>,
    /// How a new row is begun, where this person may.
    pub form: Option<Form>,
    /// How a draw is ordered, where this person may.
    pub ordering: Option<Ordering>,
    /// The orders of draws.
    pub draws: Vec<Draw>,
}

/// The registers, and one of them.
#[derive(Debug, Template)]
#[template(path = "registers.html")]
pub struct Registers {
    /// The frame.
    pub frame: Frame,
    /// What was done last, as a sentence.
    pub status: Option<String>,
    /// Why something cannot be, as a sentence.
    pub wrong: Option<String>,
    /// All registers.
    pub shelf: Shelf,
    /// The one that is open.
    pub shown: Option<Shown>,
    /// By what it is narrowed.
    pub asked: Narrowing,
}

impl Registers {
    /// The first line.
    pub fn sentence(&self) -> String {
        let lang = self.frame.lang;
        let sum = |count: fn(&Item) -> u64| self.shelf.entered.iter().map(count).sum::<u64>();
        let late = match &self.shown {
            None => sum(|one| one.late),
            Some(shown) => self.here(&shown.code).map_or(0, |one| one.late),
        };
        let waiting = match &self.shown {
            None => sum(|one| one.waiting.unwrap_or(0)),
            Some(shown) => self.here(&shown.code).and_then(|one| one.waiting).unwrap_or(0),
        };
        let name = match &self.shown {
            Some(shown) if !shown.entered => {
                return format!("{}{}", shown.name, lang.t("。", "."));
            }
            Some(shown) => shown.name.clone(),
            None => lang.t("台账", "Registers").to_owned(),
        };
        match (waiting, late, lang) {
            (0, _, Lang::Zh) => format!("{name}，都办结了。"),
            (0, _, Lang::En) => format!("{name}: nothing waits."),
            (_, 0, Lang::Zh) => format!("{name}，{waiting}条没办结。"),
            (_, 0, Lang::En) => {
                format!("{name}: {}.", lang.count(waiting, "", "row waits", "rows wait"))
            }
            (_, _, Lang::Zh) => format!("{name}，{waiting}条没办结，其中{late}条过了期限。"),
            (_, _, Lang::En) => format!(
                "{name}: {}, {late} past due.",
                lang.count(waiting, "", "row waits", "rows wait")
            ),
        }
    }

    /// The title of the page.
    pub fn title(&self) -> String {
        match &self.shown {
            Some(shown) => shown.name.clone(),
            None => self.frame.lang.t("台账", "Registers").to_owned(),
        }
    }

    fn here(&self, code: &str) -> Option<&Item> {
        let href = format!("/registers/{code}");
        self.shelf.entered.iter().find(|one| one.href == href)
    }

    /// Whether a register of the list is the one that is open.
    pub fn is_here(&self, item: &Item) -> bool {
        let shown = self.shown.as_ref();
        shown.is_some_and(|shown| item.href == format!("/registers/{}", shown.code))
    }

    /// Where a register is exported.
    pub fn at_export(&self, code: &str) -> String {
        format!("/registers/{code}/export")
    }

    /// The address of a register with what is asked for, below its path.
    pub fn at(&self, code: &str, below: &str) -> String {
        self.asked.address(&format!("/registers/{code}{below}"))
    }
}

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

/// A register as it is printed: A4 landscape.
#[derive(Debug, Template)]
#[template(path = "register_print.html")]
pub struct RegisterPrint {
    /// The frame.
    pub frame: Frame,
    /// Its code.
    pub code: String,
    /// What it is called.
    pub name: String,
    /// By what it is narrowed.
    pub asked: Narrowing,
    /// Its columns.
    pub heads: Vec<Head>,
    /// Its rows.
    pub rows: Vec<Row>,
    /// Whether there are more than are printed.
    pub more: bool,
    /// When it was printed.
    pub printed: String,
}

impl RegisterPrint {
    /// The address of the register on screen.
    pub fn back(&self) -> String {
        self.asked.address(&format!("/registers/{}", self.code))
    }
}

/// 领取金签字表 with the code of its row.
#[derive(Debug, Template)]
#[template(path = "register_sheet.html")]
pub struct SignSheet {
    /// The frame.
    pub frame: Frame,
    /// Where its row is.
    pub back: String,
    /// The month.
    pub month: String,
    /// Whose sheet it is.
    pub organisation: String,
    /// The code, as text.
    pub code: String,
    /// The code as a QR code, SVG.
    pub qr: Option<String>,
    /// The households.
    pub rows: Vec<Signs>,
    /// The sum in yuan.
    pub sum: String,
    /// The sum when the sheet was issued; it differs when the roster changed.
    pub issued: String,
    /// The day it is printed on.
    pub day: String,
}

super::page!(Registers, Some(Entry::Registers), keys::REGISTERS, sample::examples);
super::page!(RegisterRow, Some(Entry::Registers), keys::REGISTER_ROW, sample::rows);
super::page!(RegisterPrint, None, keys::NONE, sample::prints);
super::page!(SignSheet, None, keys::NONE, sample::sheets);
