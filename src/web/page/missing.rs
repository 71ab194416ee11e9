//! 缺件: which files are complete, by street and community; the papers that are
//! missing and who owes them; the reminder that is handed to whoever does.

use askama::Template;

use super::Page;
use super::frame::{Entry, Frame};
use crate::web::{filters, keys, text};

/// What is missing.
#[derive(Debug, Template)]
#[template(path = "missing.html")]
pub struct MissingPage {
    /// The frame.
    pub frame: Frame,
    /// Why what is asked for cannot be, as a sentence.
    pub wrong: Option<String>,
    /// By what the list is narrowed.
    pub asked: Narrowing,
    /// The three levels: code and name.
    pub levels: Vec<(String, String)>,
    /// Streets, each with its communities after it.
    pub places: Vec<Place>,
    /// The papers, by household, fifty at most.
    pub rows: Vec<Row>,
    /// The address of the next page.
    pub more: Option<String>,
}

/// By what the list is narrowed; empty fields narrow nothing.
#[derive(Debug, Clone, Default)]
pub struct Narrowing {
    /// An organisation's code or its beginning.
    pub organisation: String,
    /// Who owes them.
    pub level: String,
    /// 件种
    pub kind: String,
    /// 本级: the organisation itself, without those below it.
    pub own: bool,
}

impl Narrowing {
    /// The address of `path` with what is asked for.
    pub fn address(&self, path: &str) -> String {
        let fields = [
            ("organisation", self.organisation.as_str()),
            ("level", &self.level),
            ("type", &self.kind),
            ("own", if self.own { "yes" } else { "" }),
        ];
        text::address(path, &fields)
    }

    /// What of a place a level owes.
    pub fn of(place: &Place, level: &str) -> String {
        let (organisation, level) = (place.start().to_owned(), level.to_owned());
        Self { organisation, level, kind: String::new(), own: place.own }.address("/missing")
    }
}

/// How complete the files of a street or community are.
#[derive(Debug, Clone)]
pub struct Place {
    /// The code of the organisation.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Whether it is a street.
    pub street: bool,
    /// Whether it is what is directly of a street.
    pub own: bool,
    /// How many households.
    pub households: u64,
    /// How many of them are complete.
    pub complete: u64,
    /// How many papers there should be.
    pub expected: u64,
    /// How many are missing: level and count, for the three levels.
    pub lacking: Vec<(String, u64)>,
}

impl Place {
    /// How many papers are there.
    pub fn there(&self) -> u64 {
        self.expected.saturating_sub(self.lacking.iter().map(|(_, n)| n).sum())
    }

    /// The beginning of the codes of what is in it.
    pub fn start(&self) -> &str {
        if self.street { self.code.get(..9).unwrap_or(&self.code) } else { &self.code }
    }
}

/// A paper that is missing.
#[derive(Debug, Clone)]
pub struct Row {
    /// 户号
    pub household: String,
    /// 户主
    pub head: String,
    /// Where it lives.
    pub address: String,
    /// The community in charge.
    pub organisation: String,
    /// The paper.
    pub paper: String,
    /// Who owes it.
    pub owner: String,
    /// Since when, ISO.
    pub since: String,
    /// For how many days.
    pub days: u64,
    /// Why the one that was there was sent back, or empty.
    pub reason: String,
    /// That one.
    pub document: Option<u64>,
}

impl MissingPage {
    /// The first line.
    pub fn sentence(&self) -> String {
        let lang = self.frame.lang;
        let streets = self.places.iter().filter(|place| place.street);
        let (mut households, mut complete) = (0, 0);
        for place in streets {
            households += place.households;
            complete += place.complete;
        }
        match (households, lang) {
            (0, _) => lang
                .t("还没有一户在办，没有什么可缺。", "No case has begun: nothing is owed yet.")
                .to_owned(),
            (_, crate::web::lang::Lang::Zh) if households == complete => {
                format!("{households}户的材料都齐了。")
            }
            (_, crate::web::lang::Lang::En) if households == complete => {
                format!("The files of all {households} households are complete.")
            }
            (_, crate::web::lang::Lang::Zh) => {
                format!("{households}户里，{}户还缺材料。", households - complete)
            }
            (_, crate::web::lang::Lang::En) => {
                format!("Of {households} households, {} lack papers.", households - complete)
            }
        }
    }
}

/// 催办单
#[derive(Debug, Template)]
#[template(path = "missing_print.html")]
pub struct Reminder {
    /// The frame.
    pub frame: Frame,
    /// By what the list is narrowed.
    pub asked: Narrowing,
    /// To whom: a level, or empty for all.
    pub to: String,
    /// The papers.
    pub rows: Vec<Row>,
    /// The day it is printed on.
    pub day: String,
}

super::page!(MissingPage, Some(Entry::Households), keys::DUE, examples);
super::page!(Reminder, None, keys::NONE, sheets);

fn row(head: &str, paper: &str) -> Row {
    Row {
        household: "99010200300400127".to_owned(),
        head: head.to_owned(),
        address: "槐荫里5号楼2单元301室".to_owned(),
        organisation: "槐荫里社区".to_owned(),
        paper: paper.to_owned(),
        owner: "街道".to_owned(),
        since: "2026-11-09".to_owned(),
        days: 19,
        reason: String::new(),
        document: None,
    }
}

fn place(name: &str, code: &str, street: bool) -> Place {
    Place {
        code: code.to_owned(),
        name: name.to_owned(),
        street,
        own: false,
        households: 120,
        complete: 97,
        expected: 1_320,
        lacking: vec![
            ("community".to_owned(), 12),
            ("street".to_owned(), 20),
            ("bureau".to_owned(), 0),
        ],
    }
}

fn levels() -> Vec<(String, String)> {
    [("community", "居委会"), ("street", "街道"), ("bureau", "民政局")]
        .map(|(code, name)| (code.to_owned(), name.to_owned()))
        .to_vec()
}

fn examples() -> Vec<MissingPage> {
    let page = |frame, rows| MissingPage {
        frame,
        wrong: None,
        asked: Narrowing::default(),
        levels: levels(),
        places: vec![
            place("柳桥街道", "990102003000", true),
            place("槐荫里社区", "990102003004", false),
        ],
        rows,
        more: Some("/missing?after=99010200300400127.4.0".to_owned()),
    };
    let back = Row {
        reason: "看不清，请重新扫描".to_owned(),
        document: Some(184_001),
        ..row("马素琴", "户口簿复印件")
    };
    let long = Row {
        organisation: "青石县柳桥街道办事处槐荫里第一社区居民委员会".to_owned(),
        reason: "看不清，请重新扫描<b>".repeat(12),
        document: Some(1),
        ..row("阿卜杜勒艾则孜吾买尔江", "居民家庭经济状况核对授权书")
    };
    vec![
        page(Frame::sample(), vec![row("周桂兰", "收入证明"), back]),
        MissingPage {
            places: Vec::new(),
            more: None,
            wrong: Some("筛选看不懂：机构是数字，件种如A08。".to_owned()),
            ..page(Frame::sample(), Vec::new())
        },
        page(Frame::extreme(), vec![long]),
    ]
}

fn sheets() -> Vec<Reminder> {
    vec![Reminder {
        frame: Frame::sample(),
        asked: Narrowing::default(),
        to: "街道".to_owned(),
        rows: vec![row("周桂兰", "收入证明")],
        day: "2026年11月28日".to_owned(),
    }]
}
