//! 经过: what was done with a household's file or with a document, newest
//! first, as a timeline.

use super::Page;
use super::frame::{Entry, Frame};
use super::part::HouseholdRef;
use crate::web::lang::Lang;
use crate::web::{filters, keys, text};
use askama::Template;

/// The history of a household's file or of a document.
#[derive(Debug, Template)]
#[template(path = "history.html")]
pub struct History {
    /// The frame.
    pub frame: Frame,
    /// Whose it is.
    pub of: Subject,
    /// What happened, newest first.
    pub events: Vec<Event>,
    /// How many acts are left out on this page: they are outside the scope.
    pub hidden: u64,
    /// Address of older acts; empty at the end.
    pub older: String,
}

/// Whose history it is.
#[derive(Debug)]
pub enum Subject {
    /// That of a household's file.
    Household(HouseholdRef),
    /// That of a document, with its title.
    Document(u64, String),
}

/// One act.
#[derive(Debug)]
pub struct Event {
    /// Number of its entry.
    pub entry: u64,
    /// When, `YYYY-MM-DD HH:MM`.
    pub when: String,
    /// What, as a word in the language of the page.
    pub what: String,
    /// On what, as a phrase; may be empty.
    pub about: String,
    /// Address of what it is about; may be empty.
    pub href: String,
    /// Who.
    pub who: String,
    /// For which organisation.
    pub organisation: String,
    /// What it corrected.
    pub changes: Vec<Change>,
    /// The version that was bound; `None` for other acts.
    pub version: Option<u64>,
}

/// A field that was corrected, in words.
#[derive(Clone, Debug)]
pub struct Change {
    /// Name of the field.
    pub field: String,
    /// What stood there.
    pub before: String,
    /// What stands there since.
    pub after: String,
}

impl Change {
    /// Corrections for samples.
    pub fn samples() -> Vec<Change> {
        let change = |field: &str, before: &str, after: &str| Change {
            field: field.to_owned(),
            before: before.to_owned(),
            after: after.to_owned(),
        };
        vec![
            change("日期", "2026-03-19", "2026-03-09"),
            change("责任者", "（空）", "青石县柳桥街道办事处"),
        ]
    }
}

impl Subject {
    /// Address of what the history is of.
    pub fn href(&self) -> String {
        match self {
            Subject::Household(household) => format!("/household/{}", household.no),
            Subject::Document(document, _) => format!("/doc/{document}?tab=from"),
        }
    }

    /// Address of its bundle.
    pub fn bundle(&self) -> String {
        match self {
            Subject::Household(household) => format!("/household/{}/bundle", household.no),
            Subject::Document(document, _) => format!("/doc/{document}/bundle"),
        }
    }

    /// What it is of, in words.
    pub fn name(&self, lang: Lang) -> String {
        match (self, lang) {
            (Subject::Household(household), Lang::Zh) => format!("{}户", household.head),
            (Subject::Household(household), Lang::En) => household.head.clone(),
            (Subject::Document(_, title), _) => lang.quote(title),
        }
    }
}

impl History {
    /// The first sentence of the page.
    pub fn sentence(&self) -> String {
        let name = self.of.name(self.lang());
        match (self.lang(), self.events.first()) {
            (Lang::Zh, None) => format!("{name}的经过，这里没有可看的。"),
            (Lang::En, None) => format!("History of {name}: nothing to be seen here."),
            (Lang::Zh, Some(last)) => {
                format!("{name}的经过，最近一次是{}。", text::day(Lang::Zh, &last.when))
            }
            (Lang::En, Some(last)) => {
                format!("History of {name}, last on {}.", text::day(Lang::En, &last.when))
            }
        }
    }
}

super::page!(History, Some(Entry::Households), keys::HISTORY, examples);

fn examples() -> Vec<History> {
    let event = |entry, what: &str, about: &str| Event {
        entry,
        when: "2026-11-23 11:31".to_owned(),
        what: what.to_owned(),
        about: about.to_owned(),
        href: "/doc/120002".to_owned(),
        who: "赵玉梅".to_owned(),
        organisation: "柳桥街道办事处".to_owned(),
        changes: Vec::new(),
        version: None,
    };
    let household = || Subject::Household(HouseholdRef::new("99010200300400127", "周桂兰"));
    let usual = History {
        frame: Frame { here: "/household/99010200300400127/history".to_owned(), ..Frame::sample() },
        of: household(),
        events: vec![
            Event {
                version: Some(2),
                href: "/volume/99010200300400127?v=2".to_owned(),
                ..event(184_219, "重新装订", "第2版，8件13页")
            },
            Event {
                changes: Change::samples(), ..event(184_218, "更正", "定期核查（复审）表")
            },
            event(184_217, "归入", "定期核查（复审）表"),
            Event { href: String::new(), ..event(120, "立户", "") },
        ],
        hidden: 1,
        older: "/household/99010200300400127/history?from=119".to_owned(),
    };
    let empty = History {
        frame: Frame::sample(),
        of: Subject::Document(7, "收入证明".to_owned()),
        events: Vec::new(),
        hidden: 0,
        older: String::new(),
    };
    let long = "关于青石县柳桥街道槐荫里社区二〇二六年度城市居民最低生活保障对象定期核查情况的报告";
    let extreme = History {
        frame: Frame::extreme(),
        of: Subject::Document(1_000_000, long.to_owned()),
        events: vec![Event {
            who: "阿卜杜勒艾则孜吾买尔江".to_owned(),
            organisation: "青石县民政局社会救助和养老服务综合保障中心".to_owned(),
            changes: vec![Change {
                field: "题名".to_owned(),
                before: long.to_owned(),
                after: long.to_owned(),
            }],
            ..event(1_234_567_889, "更正", long)
        }],
        hidden: 1_000_000,
        older: String::new(),
    };
    vec![usual, empty, extreme]
}
