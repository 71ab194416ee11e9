//! 发放: the roster of a month, the sheet that is signed, the bank's file, and what
//! does not agree.

use askama::Template;

use super::Page;
use super::frame::{Entry, Frame};
use super::part::Progress;
use crate::web::lang::Lang;
use crate::web::{filters, keys, text};

/// The payments of a month.
#[derive(Debug, Template)]
#[template(path = "payments.html")]
pub struct Payments {
    /// The frame.
    pub frame: Frame,
    /// What was done last, as a sentence.
    pub status: Option<String>,
    /// Why what is asked for cannot be, as a sentence.
    pub wrong: Option<String>,
    /// How far the bank's file is that is being taken in.
    pub goes: Option<Progress>,
    /// What became of the last one that took long, as a sentence.
    pub last: Option<String>,
    /// The month, such as `2026-12`.
    pub month: String,
    /// The months before and after it.
    pub around: (String, String),
    /// The organisation: its code or the beginning.
    pub organisation: String,
    /// How many are entitled, listed, paid, and the sums in yuan.
    pub sums: [Sum; 3],
    /// How many are entitled and not listed yet.
    pub to_list: u64,
    /// The organisation that is listed by the button: a whole code.
    pub lists: String,
    /// Those that do not agree, at most 200.
    pub unlike: Vec<Unlike>,
    /// How many of those there are.
    pub unlike_total: u64,
    /// The roster by number, fifty at most.
    pub rows: Vec<Row>,
    /// The address of the next page.
    pub more: Option<String>,
    /// Rows of a bank's file that could not be read: line and reason.
    pub bad: Vec<(u64, String)>,
    /// The files of the bank that were taken in for the month, in order.
    pub files: Vec<Returned>,
}

/// A file of the bank.
#[derive(Debug, Clone)]
pub struct Returned {
    /// Its SHA-256.
    pub file: String,
    /// The first entry that has rows of it.
    pub entry: u64,
    /// When it was taken in.
    pub time: String,
    /// By whom.
    pub by: String,
    /// How many rows of it are of the scope.
    pub rows: u64,
    /// What of them was paid, in yuan.
    pub paid: String,
    /// Whether it counts; else another took its place.
    pub counts: bool,
}

/// One of the three.
#[derive(Debug, Clone)]
pub struct Sum {
    /// What it is.
    pub name: String,
    /// How many households.
    pub households: u64,
    /// The sum in yuan.
    pub amount: String,
}

/// A household for which the three do not agree.
#[derive(Debug, Clone)]
pub struct Unlike {
    /// 户号
    pub household: String,
    /// 户主; empty where no such household is known.
    pub head: String,
    /// What does not agree.
    pub what: String,
    /// Entitled, listed, paid, in yuan; empty for none.
    pub three: [String; 3],
    /// What the bank says, or empty.
    pub words: String,
}

/// A household on the roster.
#[derive(Debug, Clone)]
pub struct Row {
    /// 户号
    pub household: String,
    /// 户主
    pub head: String,
    /// The community in charge.
    pub organisation: String,
    /// 身份证号, covered.
    pub id_number: String,
    /// 开户行
    pub bank: String,
    /// 账号, covered.
    pub account: String,
    /// 保障人数
    pub persons: u64,
    /// In yuan.
    pub amount: String,
    /// What the bank says: paid, failed, or nothing yet.
    pub paid: Option<bool>,
}

impl Payments {
    /// The first line.
    pub fn sentence(&self) -> String {
        let lang = self.frame.lang;
        let [_, listed, _] = &self.sums;
        match (listed.households, self.unlike_total, lang) {
            (0, _, Lang::Zh) => format!("{}还没有做名册。", self.month),
            (0, _, Lang::En) => format!("No roster of {} yet.", self.month),
            (n, 0, Lang::Zh) => {
                format!("{}发放{n}户，{}元，都对得上。", self.month, listed.amount)
            }
            (n, 0, Lang::En) => {
                format!("{}: {n} households, {} yuan, all agree.", self.month, listed.amount)
            }
            (n, unlike, Lang::Zh) => {
                format!("{}发放{n}户，{}元，{unlike}户对不上。", self.month, listed.amount)
            }
            (n, unlike, Lang::En) => format!(
                "{}: {n} households, {} yuan, {unlike} do not agree.",
                self.month, listed.amount
            ),
        }
    }

    /// Whether a file of the bank counts, which another can take the place of.
    pub fn has_returns(&self) -> bool {
        self.files.iter().any(|one| one.counts)
    }

    /// What of the roster is taken along, as the form of the export has it.
    pub fn taken(&self) -> [(&'static str, &str); 2] {
        [("period", &self.month), ("organisation", &self.organisation)]
    }

    /// The address of a page of a month.
    pub fn at(&self, path: &str, month: &str) -> String {
        text::address(path, &[("month", month), ("organisation", &self.organisation)])
    }
}

/// A household on a sign-off sheet; amounts in yuan.
#[derive(Debug, Clone)]
pub struct Signs {
    /// 户号
    pub household: String,
    /// 低保证编号, or empty.
    pub certificate_no: String,
    /// 户主
    pub head: String,
    /// 身份证号, covered.
    pub id_number: String,
    /// 保障人数
    pub persons: u64,
    /// 月保障金, 分类施保, 物价等补贴 and 合计; those that are nothing are empty.
    pub amounts: [String; 4],
    /// 开户行
    pub bank: String,
    /// 账号, covered.
    pub account: String,
}

/// 领取金签字表
#[derive(Debug, Template)]
#[template(path = "payments_print.html")]
pub struct SignOff {
    /// The frame.
    pub frame: Frame,
    /// The month.
    pub month: String,
    /// The organisation: its code or the beginning.
    pub organisation: String,
    /// The roster.
    pub rows: Vec<Signs>,
    /// The sum in yuan.
    pub sum: String,
    /// The day it is printed on.
    pub day: String,
}

super::page!(Payments, Some(Entry::Payments), keys::DUE, examples);
super::page!(SignOff, None, keys::NONE, sheets);

fn row(head: &str, paid: Option<bool>) -> Row {
    Row {
        household: "99010200300400127".to_owned(),
        head: head.to_owned(),
        organisation: "槐荫里社区".to_owned(),
        id_number: "9901**********2146".to_owned(),
        bank: "青石农商银行".to_owned(),
        account: "6222***********2233".to_owned(),
        persons: 2,
        amount: "1,120.00".to_owned(),
        paid,
    }
}

pub(super) fn signs(head: &str) -> Signs {
    Signs {
        household: "99010200300400127".to_owned(),
        certificate_no: "青低保0127".to_owned(),
        head: head.to_owned(),
        id_number: "9901**********2146".to_owned(),
        persons: 2,
        amounts: ["980.00", "140.00", "", "1,120.00"].map(ToOwned::to_owned),
        bank: "青石农商银行".to_owned(),
        account: "6222***********2233".to_owned(),
    }
}

fn sum(name: &str, households: u64, amount: &str) -> Sum {
    Sum { name: name.to_owned(), households, amount: amount.to_owned() }
}

fn returned(entry: u64, counts: bool) -> Returned {
    Returned {
        file: format!("{entry:064x}"),
        entry,
        time: "2026-12-18 09:12".to_owned(),
        by: "许文清".to_owned(),
        rows: 118,
        paid: "95,620.00".to_owned(),
        counts,
    }
}

fn examples() -> Vec<Payments> {
    let unlike = Unlike {
        household: "99010200300400133".to_owned(),
        head: "马素琴".to_owned(),
        what: "不应发而列、未发成".to_owned(),
        three: [String::new(), "560.00".to_owned(), "0.00".to_owned()],
        words: "账号不符".to_owned(),
    };
    let page = |frame, unlike: Vec<Unlike>, rows| Payments {
        frame,
        status: None,
        wrong: None,
        goes: None,
        last: None,
        month: "2026-12".to_owned(),
        around: ("2026-11".to_owned(), "2027-01".to_owned()),
        organisation: String::new(),
        sums: [
            sum("应发", 121, "98,420.00"),
            sum("名册", 120, "97,300.00"),
            sum("实发", 118, "95,620.00"),
        ],
        to_list: 1,
        lists: "990102003000".to_owned(),
        unlike_total: unlike.len() as u64,
        unlike,
        rows,
        more: Some("/payments?month=2026-12&after=99010200300400127".to_owned()),
        bad: Vec::new(),
        files: vec![returned(1204, false), returned(1210, true)],
    };
    let long = Unlike {
        head: "阿卜杜勒艾则孜吾买尔江".to_owned(),
        words: "账号不符<b>".repeat(30),
        ..unlike.clone()
    };
    vec![
        page(
            Frame::sample(),
            vec![unlike.clone()],
            vec![row("周桂兰", Some(true)), row("马素琴", Some(false)), row("林秀芳", None)],
        ),
        Payments {
            sums: [sum("应发", 0, "0.00"), sum("名册", 0, "0.00"), sum("实发", 0, "0.00")],
            to_list: 0,
            more: None,
            files: Vec::new(),
            goes: Some(Progress::importing(Lang::Zh, "回盘.csv", (12_000, 46_981))),
            ..page(Frame::sample(), Vec::new(), Vec::new())
        },
        Payments {
            bad: vec![(3, "户号不是17位：「1」".to_owned())],
            last: Some("2026-12的回盘有1行读不出，都还没有存。".to_owned()),
            ..page(Frame::extreme(), vec![long], vec![row("阿卜杜勒艾则孜吾买尔江", None)])
        },
    ]
}

fn sheets() -> Vec<SignOff> {
    vec![SignOff {
        frame: Frame::sample(),
        month: "2026-12".to_owned(),
        organisation: String::new(),
        rows: vec![signs("周桂兰"), signs("林秀芳")],
        sum: "2,240.00".to_owned(),
        day: "2026年11月28日".to_owned(),
    }]
}
