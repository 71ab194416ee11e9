//! 台账: the list of registers, and one of them as on paper.

pub mod form;
mod print;
mod row;
mod sample;

use askama::Template;

use self::form::{Form, Ordering};
pub use self::print::{RegisterPrint, SignSheet};
pub use self::row::{Line, RegisterRow};
use super::Page;
use super::frame::{Entry, Frame};
use super::part::State;
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

super::page!(Registers, Some(Entry::Registers), keys::REGISTERS, sample::examples);
