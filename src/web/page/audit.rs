//! 审计: whether the archive is what was accepted, and what was done to it.

mod sample;

use super::Page;
use super::entry::Proof;
use super::frame::{Entry, Frame};
use super::part::{HouseholdRef, Progress, State, Verified};
use super::seal::Seal;
use crate::web::lang::Lang;
use crate::web::{filters, keys, text};
use askama::Template;

/// The audit page.
#[derive(Debug, Template)]
#[template(path = "audit.html")]
pub struct Audit {
    /// The frame.
    pub frame: Frame,
    /// The newest checkpoint; `None` when there is none to show.
    pub seal: Option<Seal>,
    /// Why there is none, as a sentence; empty when there is one.
    pub unsealed: String,
    /// That the log is forked or shortened; then nothing else is shown.
    pub broken: Option<Broken>,
    /// The newest paper in the log, with its proof; `None` when there is none to
    /// draw.
    pub shown: Option<Shown>,
    /// The last verification that ended; `None` when there never was one.
    pub last: Option<Verified>,
    /// The entry that recorded it.
    pub last_entry: Option<u64>,
    /// The verification that runs now, in files.
    pub running: Option<Progress>,
    /// Why the last one that was started here did not end; usually `None`.
    pub problem: Option<String>,
    /// The stores that hold the files.
    pub copies: Vec<Copy>,
    /// The class of findings that is listed; `None` for all.
    pub class: Option<Class>,
    /// What does not match, worst first.
    pub findings: Vec<Finding>,
    /// How many findings there are in all.
    pub findings_total: u64,
    /// Where more of them begin; `None` at the end.
    pub findings_next: Option<u64>,
    /// The latest acts, newest first.
    pub acts: Vec<LogRow>,
    /// Where older acts start; `None` at the end.
    pub before: Option<u64>,
    /// 利用日志
    pub access: AccessLog,
}

/// How the access log stands.
#[derive(Clone, Debug, Default)]
pub struct AccessLog {
    /// How many entries it has.
    pub size: u64,
    /// The root of its tree, in base64.
    pub root: String,
    /// Its name.
    pub origin: String,
    /// How many looks wait to be published.
    pub waiting: u64,
    /// The entry of the log that sealed it last, and how many entries it had;
    /// `None` before the first.
    pub sealed: Option<(u64, u64)>,
    /// How many entries its second copy lacks; `None` where there is none.
    pub behind: Option<u64>,
    /// What is wrong with it, or empty.
    pub problem: String,
    /// Whether the person may read the register.
    pub read: bool,
}

/// An entry whose proof is drawn.
#[derive(Debug)]
pub struct Shown {
    /// How the paper is called.
    pub title: String,
    /// Its proof.
    pub proof: Proof,
    /// Address of its bundle; empty when there is none.
    pub bundle: String,
}

/// A log that is not one history.
#[derive(Debug)]
pub struct Broken {
    /// What is so, as a sentence.
    pub sentence: String,
    /// What was published.
    pub published: Option<Seal>,
    /// What this archive knows.
    pub known: Option<Seal>,
    /// What the last verification found of the log: place and reason.
    pub found: Vec<(String, String)>,
}

/// A store that holds the files.
#[derive(Debug)]
pub struct Copy {
    /// What it is called.
    pub name: String,
    /// How many files are there and right; `None` when nobody has looked yet.
    pub there: Option<u64>,
    /// How many are missing or changed.
    pub behind: u64,
    /// When that was looked at; empty when never.
    pub when: String,
    /// How far the second copy follows, as a sentence; empty for the store.
    pub follows: String,
    /// Whether it does not follow.
    pub away: bool,
}

/// The class of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// The content differs from what was accepted.
    Changed,
    /// The file is not there.
    Missing,
    /// Nothing names the file.
    Untracked,
    /// The file was not looked at.
    Unseen,
}

impl Class {
    /// Every class, worst first.
    pub const ALL: [Class; 4] = [Class::Changed, Class::Missing, Class::Untracked, Class::Unseen];

    /// Its name.
    pub fn name(self, lang: Lang) -> &'static str {
        match self {
            Class::Changed => lang.t("内容变了", "Changed"),
            Class::Missing => lang.t("找不到了", "Missing"),
            Class::Untracked => lang.t("不该在的", "Untracked"),
            Class::Unseen => lang.t("没有看", "Not looked at"),
        }
    }

    /// Its name in an address.
    pub fn code(self) -> &'static str {
        match self {
            Class::Changed => "changed",
            Class::Missing => "missing",
            Class::Untracked => "untracked",
            Class::Unseen => "unread",
        }
    }

    /// The class of that name in an address.
    pub fn from_code(code: &str) -> Option<Class> {
        Class::ALL.into_iter().find(|class| class.code() == code)
    }

    /// Shape and colour.
    pub fn state(self) -> State {
        match self {
            Class::Unseen => State::Due,
            _ => State::Late,
        }
    }
}

/// One thing that does not match.
#[derive(Debug)]
pub struct Finding {
    /// Its class.
    pub class: Class,
    /// SHA-256 that names the file, hex.
    pub sha256: String,
    /// The document it belongs to; `None` when nothing names it.
    pub document: Option<u64>,
    /// Title of the document; empty when there is none.
    pub title: String,
    /// The household it belongs to.
    pub household: Option<HouseholdRef>,
    /// What was found, as a phrase in the language of the page.
    pub detail: String,
}

/// A row of the log.
#[derive(Debug)]
pub enum LogRow {
    /// An act.
    Act(ActRow),
    /// Entries outside the scope: the last of them and the first.
    Hidden(u64, u64),
}

/// One act of the log.
#[derive(Debug)]
pub struct ActRow {
    /// Number of the entry.
    pub entry: u64,
    /// When, `YYYY-MM-DD HH:MM:SS`.
    pub when: String,
    /// What, as a word in the language of the page.
    pub what: String,
    /// Who.
    pub who: String,
    /// On what, as a phrase.
    pub about: String,
    /// Address of what it is about; empty when there is none.
    pub href: String,
}

impl Audit {
    /// The first sentence of the page.
    pub fn sentence(&self) -> String {
        match (&self.broken, &self.last) {
            (Some(broken), _) => broken.sentence.clone(),
            (None, None) => self.t("还没有清点过。", "Nothing has been verified yet.").to_owned(),
            (None, Some(last)) => last.sentence(self.lang()),
        }
    }

    /// Whether something does not match.
    pub fn is_bad(&self) -> bool {
        self.broken.is_some() || self.last.as_ref().is_some_and(Verified::bad)
    }

    /// Up to where the log is sealed, and by whom.
    pub fn sealed(&self, seal: &Seal) -> String {
        let (when, size) = (seal.when.get(..16).unwrap_or(&seal.when), text::number(seal.size));
        let witnesses = seal.witnesses().len() as u64;
        match (self.lang(), witnesses) {
            (Lang::Zh, 0) => format!("存证封到{when}，共{size}条，还没有见证。"),
            (Lang::Zh, n) => format!("存证封到{when}，共{size}条，{n}方见证。"),
            (Lang::En, 0) => format!("Sealed up to {when}, {size} entries, not witnessed yet. "),
            (Lang::En, n) => format!("Sealed up to {when}, {size} entries, {n} witnesses. "),
        }
    }

    /// What the last run looked at and when.
    pub fn scope(&self, last: &Verified) -> String {
        let when = last.when.get(11..).unwrap_or("");
        let day = text::day(self.lang(), &last.when);
        let looked = match self.lang() {
            Lang::Zh => format!(
                "{day}{when}逐份重读{}份文件（原文、清单、行为），共{}，与存证比对。",
                text::number(last.checked),
                text::size(last.bytes)
            ),
            Lang::En => format!(
                "{day} {when}: {} files, {}, read again and compared with the log.",
                text::number(last.checked),
                text::size(last.bytes)
            ),
        };
        looked + &last.destroyed
    }

    /// How many findings of a class the last run has.
    pub fn number(&self, last: &Verified, class: &Class) -> u64 {
        match class {
            Class::Changed => last.changed,
            Class::Missing => last.missing,
            Class::Untracked => last.untracked,
            Class::Unseen => last.unseen,
        }
    }

    /// Address of more findings.
    pub fn more_findings(&self) -> Option<String> {
        let next = self.findings_next?.to_string();
        let class = self.class.map_or("", Class::code);
        Some(format!("{}#find", text::address("/audit", &[("class", class), ("from", &next)])))
    }

    /// Address of older acts.
    pub fn older(&self) -> Option<String> {
        self.before.map(|before| format!("/audit?before={before}#acts"))
    }
}

super::page!(Audit, Some(Entry::Audit), keys::AUDIT, sample::examples);
