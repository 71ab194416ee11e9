//! 核查: what was found of households, and the files of other departments.

mod findings;
mod roster;
mod sample;

use askama::Template;

pub use self::findings::{Closed, Findings, One};
pub use self::roster::RosterLook;
use super::Page;
use super::frame::{Entry, Frame};
use super::part::Progress;
use crate::web::lang::Lang;
use crate::web::{filters, keys};

/// What was found, and what is taken in.
#[derive(Debug, Template)]
#[template(path = "checks.html")]
pub struct Checks {
    /// The frame.
    pub frame: Frame,
    /// What was done last, as a sentence.
    pub status: Option<String>,
    /// Why something was not done, as a sentence.
    pub wrong: Option<String>,
    /// The organisation: its code or the beginning.
    pub organisation: String,
    /// The kinds of findings: code, name, whether it is chosen.
    pub findings: Vec<(String, String, bool)>,
    /// How they stand: `open`, `closed`, `settled`, or empty for any.
    pub state: String,
    /// What was found, by household.
    pub rows: Vec<Row>,
    /// The address of the next page.
    pub more: Option<String>,
    /// The kinds of results: code, name, whether it is chosen.
    pub kinds: Vec<(String, String, bool)>,
    /// Today, ISO.
    pub today: String,
    /// The file that waits until its columns are chosen.
    pub waiting: Option<Waiting>,
    /// The roster that waits until it is taken in.
    pub look: Option<RosterLook>,
    /// How far the file is that is being taken in.
    pub goes: Option<Progress>,
    /// What became of the last one, as a sentence.
    pub last: Option<String>,
    /// Its rows that could not be read: line and reason.
    pub bad: Vec<(u64, String)>,
    /// A household of the roster that was taken in last, where it may be taken along.
    pub roster: Option<String>,
    /// The files that were taken in, the newest first.
    pub files: Vec<File>,
}

/// Something that was found of a household.
#[derive(Debug, Clone)]
pub struct Row {
    /// 户号
    pub household: String,
    /// 户主
    pub head: String,
    /// The community in charge.
    pub organisation: String,
    /// What it is called.
    pub called: String,
    /// The person it is about, or empty.
    pub name: String,
    /// What was declared.
    pub declared: String,
    /// What was found.
    pub found: String,
    /// How much more was found; empty where it is none.
    pub difference: String,
    /// `open`, `closed` or `settled`.
    pub state: String,
}

impl Row {
    /// Whether it stands so: `open`, `closed`, `settled`.
    pub fn is(&self, state: &str) -> bool {
        self.state == state
    }
}

/// A file that waits.
#[derive(Debug, Clone, Default)]
pub struct Waiting {
    /// Its name.
    pub name: String,
    /// What its kind is called.
    pub kind: String,
    /// The day its results are of.
    pub as_of: String,
    /// The names of its columns.
    pub columns: Vec<String>,
    /// Its first rows.
    pub first: Vec<Vec<String>>,
    /// How many it has.
    pub rows: u64,
    /// How many cells have a formula.
    pub formulas: u64,
    /// The entry that took in the last such file, where the columns are chosen as in it.
    pub as_before: Option<u64>,
    /// The columns chosen: number, name, day, value.
    pub chosen: [Option<u32>; 4],
}

impl Waiting {
    /// The columns for one of the four: number, name, whether it is chosen.
    pub fn choices(&self, which: impl std::borrow::Borrow<usize>) -> Vec<(u32, String, bool)> {
        let chosen = self.chosen.get(*which.borrow()).copied().flatten();
        let each = (0_u32..).zip(&self.columns);
        each.map(|(at, name)| (at, format!("{} {name}", at + 1), Some(at) == chosen)).collect()
    }
}

/// A file that was taken in.
#[derive(Debug, Clone)]
pub struct File {
    /// The entry that took it in.
    pub entry: u64,
    /// What its kind is called.
    pub called: String,
    /// The day its results are of.
    pub as_of: String,
    /// Its name.
    pub name: String,
    /// How many rows were kept.
    pub kept: u64,
    /// By whom.
    pub by: String,
}

impl Checks {
    /// The first line.
    pub fn sentence(&self) -> String {
        match (self.rows.len(), self.state.as_str(), self.frame.lang) {
            (0, "open", Lang::Zh) => "没有待处理的核查发现。".to_owned(),
            (0, "open", Lang::En) => "No finding is open.".to_owned(),
            (0, _, Lang::Zh) => "没有这样的核查发现。".to_owned(),
            (0, _, Lang::En) => "No such finding.".to_owned(),
            (n, "open", Lang::Zh) if self.more.is_none() => format!("{n}条核查发现待处理。"),
            (n, "open", Lang::En) if self.more.is_none() => format!("{n} findings are open."),
            (n, "open", Lang::Zh) => format!("{n}条以上核查发现待处理。"),
            (n, "open", Lang::En) => format!("More than {n} findings are open."),
            (n, _, Lang::Zh) => format!("核查发现，这一页{n}条。"),
            (n, _, Lang::En) => format!("Findings, {n} on this page."),
        }
    }

    /// The states: code, name, whether it is chosen.
    pub fn states(&self) -> [(&'static str, &'static str, bool); 4] {
        let all = [
            ("open", "待处理", "Open"),
            ("closed", "已处理", "Closed"),
            ("settled", "申报已更正", "Declaration corrected"),
            ("any", "全部", "All"),
        ];
        all.map(|(code, zh, en)| (code, self.frame.lang.t(zh, en), code == self.state))
    }

    /// What a column is for.
    pub fn uses(&self) -> [(usize, &'static str, &'static str, bool); 4] {
        let all = [
            (0, "id_number", "身份证号", "Identity number", true),
            (1, "name", "姓名", "Name", false),
            (2, "date", "日期", "Day", false),
            (3, "value", "数值", "Value", false),
        ];
        all.map(|(at, code, zh, en, must)| (at, code, self.frame.lang.t(zh, en), must))
    }
}

super::page!(Checks, Some(Entry::Reviews), keys::DUE, sample::examples);
