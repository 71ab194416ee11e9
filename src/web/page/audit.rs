//! 审计: whether the archive is what was accepted, and what was done to it.

use super::Page;
use super::frame::{Entry, Frame};
use super::part::{HouseholdRef, Progress, State, Verified};
use crate::web::lang::Lang;
use crate::web::{filters, keys, text};
use askama::Template;

/// The audit page.
#[derive(Debug, Template)]
#[template(path = "audit.html")]
pub struct Audit {
    /// The frame.
    pub frame: Frame,
    /// The last verification that ended; `None` when there never was one.
    pub last: Option<Verified>,
    /// The verification that runs now, in files.
    pub running: Option<Progress>,
    /// Why the last one that was started here did not end; usually `None`.
    pub problem: Option<String>,
    /// What does not match, worst first.
    pub findings: Vec<Finding>,
    /// How many findings there are in all.
    pub findings_total: u64,
    /// The latest acts, newest first.
    pub acts: Vec<ActRow>,
    /// Where older acts start; `None` at the end.
    pub before: Option<u64>,
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
    /// Its name.
    pub fn name(self, lang: Lang) -> &'static str {
        match self {
            Class::Changed => lang.t("内容变了", "Changed"),
            Class::Missing => lang.t("找不到了", "Missing"),
            Class::Untracked => lang.t("不该在的", "Untracked"),
            Class::Unseen => lang.t("没有看", "Not looked at"),
        }
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
        match &self.last {
            None => self.t("还没有核验过。", "Nothing has been verified yet.").to_owned(),
            Some(last) => last.sentence(self.lang()),
        }
    }

    /// Whether the last verification found something that does not match.
    pub fn is_bad(&self) -> bool {
        self.last.as_ref().is_some_and(Verified::bad)
    }

    /// What the last run looked at and when.
    pub fn scope(&self, last: &Verified) -> String {
        let when = last.when.get(11..).unwrap_or("");
        let day = text::day(self.lang(), &last.when);
        match self.lang() {
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
        }
    }

    /// Address of older acts.
    pub fn older(&self) -> Option<String> {
        self.before.map(|before| format!("/audit?before={before}"))
    }
}

super::page!(Audit, Some(Entry::Audit), keys::AUDIT, examples);

fn act(entry: u64, time: &str, what: &str, who: &str, about: &str) -> ActRow {
    ActRow {
        entry,
        when: format!("2026-11-23 {time}"),
        what: what.to_owned(),
        who: who.to_owned(),
        about: about.to_owned(),
        href: "/household/99010200300400127".to_owned(),
    }
}

fn examples() -> Vec<Audit> {
    let acts = || {
        vec![
            ActRow {
                href: String::new(),
                ..act(184_220, "11:40:12", "核验", "赵玉梅", "216,540份原文")
            },
            act(184_219, "11:38:51", "更正", "何国平", "3004-00127第2件，日期"),
            act(184_218, "11:31:07", "归入", "赵玉梅", "3004-00127复审表，1页"),
            act(184_217, "11:12:30", "收下", "赵玉梅", "扫描0007.jpg"),
            act(184_216, "10:58:44", "立户", "宋青", "3007-00035马素琴"),
            act(184_215, "10:40:03", "重新装订", "宋青", "3004-00031第3版"),
        ]
    };
    let frame = Frame { here: "/audit".to_owned(), ..Frame::sample() };
    let usual = Audit {
        frame: frame.clone(),
        last: Some(Verified::sample()),
        running: None,
        problem: None,
        findings: vec![Finding {
            class: Class::Unseen,
            sha256: "b410cc0ed2f86b1305ce41aa93d7e8b22f60c9a4be175d08a3f1704c18ed62b9".to_owned(),
            document: Some(120_006),
            title: "信息核对报告".to_owned(),
            household: Some(HouseholdRef::new("99010200300400127", "周桂兰")),
            detail: "磁盘忙，今晚补看".to_owned(),
        }],
        findings_total: 2,
        acts: acts(),
        before: Some(184_215),
    };
    let empty = Audit {
        frame: Frame { log_position: 0, ..frame.clone() },
        last: None,
        running: None,
        problem: None,
        findings: Vec::new(),
        findings_total: 0,
        acts: Vec::new(),
        before: None,
    };
    let running = Audit {
        frame: frame.clone(),
        last: Some(Verified { unseen: 0, ..Verified::sample() }),
        running: Some(Progress { name: "核验".to_owned(), done: 131_200, total: 216_540 }),
        problem: None,
        findings: Vec::new(),
        findings_total: 0,
        acts: acts(),
        before: None,
    };
    vec![usual, empty, running, bad(acts())]
}

fn bad(acts: Vec<ActRow>) -> Audit {
    let digest = "7c1e9a40d2f86b1305ce41aa93d7e8b22f60c9a4be175d08a3f1704c18ed62b9";
    let finding = |class, document: Option<u64>, detail: &str| Finding {
        class,
        sha256: digest.to_owned(),
        document,
        title: document.map_or(String::new(), |_| {
            "关于青石县柳桥街道槐荫里社区二〇二六年度城市居民最低生活保障对象定期核查情况的报告"
                .to_owned()
        }),
        household: document
            .map(|_| HouseholdRef::new("99010200300400127", "阿卜杜勒艾则孜吾买尔江努")),
        detail: detail.to_owned(),
    };
    Audit {
        frame: Frame::extreme(),
        last: Some(Verified { changed: 1, missing: 1, untracked: 1, ..Verified::sample() }),
        running: None,
        problem: None,
        findings: vec![
            finding(Class::Changed, Some(120_002), "应为7c1e 9a40…，现为03bd 51f7…，已停止提供"),
            finding(Class::Missing, Some(120_003), "没有这份文件"),
            finding(Class::Untracked, None, "目录里没有哪一件用到它"),
        ],
        findings_total: 1_000_000,
        acts,
        before: Some(1),
    }
}
