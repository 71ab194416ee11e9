//! 核查发现: what was found of one household, and how it is closed.

use askama::Template;

use super::super::Page;
use super::super::frame::{Entry, Frame};
use super::{File, Row, sample};
use crate::web::lang::Lang;
use crate::web::{filters, keys};

/// What was found of one household.
#[derive(Debug, Template)]
#[template(path = "findings.html")]
pub struct Findings {
    /// The frame.
    pub frame: Frame,
    /// 户号
    pub no: String,
    /// 户主
    pub head: String,
    /// What was done last, as a sentence.
    pub status: Option<String>,
    /// Why something was not stored, as a sentence.
    pub wrong: Option<String>,
    /// What was found.
    pub findings: Vec<One>,
    /// The papers of its file: number and title.
    pub papers: Vec<(u64, String)>,
    /// The files that say something of its persons.
    pub files: Vec<File>,
}

/// A finding.
#[derive(Debug, Clone)]
pub struct One {
    /// As it is listed.
    pub row: Row,
    /// The code of the finding.
    pub code: String,
    /// The place of the person, or empty.
    pub member: String,
    /// What it rests on.
    pub mark: String,
    /// Since when, or empty.
    pub since: String,
    /// The entries it rests on.
    pub entries: Vec<u64>,
    /// How it was closed.
    pub closed: Option<Closed>,
    /// What was typed to close it, or empty.
    pub typed: String,
}

/// How a finding was closed.
#[derive(Debug, Clone)]
pub struct Closed {
    /// The entry that closed it.
    pub entry: u64,
    /// What it came to.
    pub outcome: String,
    /// Why.
    pub words: String,
    /// Who closed it.
    pub by: String,
    /// The paper that decides it.
    pub paper: u64,
}

impl Findings {
    /// The first line.
    pub fn sentence(&self) -> String {
        let open = self.findings.iter().filter(|one| one.row.state == "open").count();
        match (open, self.frame.lang) {
            (0, Lang::Zh) => format!("{}没有待处理的核查发现。", self.head),
            (0, Lang::En) => format!("No finding of {} is open.", self.head),
            (n, Lang::Zh) => format!("{}有{n}条核查发现待处理。", self.head),
            (n, Lang::En) => format!("{n} findings of {} are open.", self.head),
        }
    }

    /// What a finding can come to: code and name.
    pub fn outcomes(&self) -> Vec<(&'static str, &'static str)> {
        let all = crate::model::evidence::Outcome::ALL.into_iter();
        all.map(|one| (one.as_str(), self.frame.lang.t(one.words().0, one.words().1))).collect()
    }
}

super::super::page!(Findings, Some(Entry::Households), keys::NONE, sample::of_households);
