//! 追缴 of one household: what it is asked for, and what became of it.

use askama::Template;

use super::Page;
use super::frame::{Entry, Frame};
use super::kinship::{self, Kinship};
use crate::web::lang::Lang;
use crate::web::{filters, keys};

/// What a household is asked for.
#[derive(Debug, Template)]
#[template(path = "recoveries.html")]
pub struct Recoveries {
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
    /// What it is asked for, in order.
    pub demands: Vec<Demand>,
    /// What is still to come back in all, in yuan; empty when nothing is.
    pub open: String,
    /// The papers of its file: number and title.
    pub papers: Vec<(u64, String)>,
    /// The form by which something is asked back, with what was typed.
    pub form: Form,
    /// Whether the person may waive what is asked back.
    pub may_waive: bool,
    /// Today, ISO.
    pub today: String,
    /// What became of the household.
    pub kin: Kinship,
}

/// An amount it is asked for.
#[derive(Debug, Clone)]
pub struct Demand {
    /// The entry that asked for it.
    pub entry: u64,
    /// The months that were paid too much.
    pub months: String,
    /// In yuan.
    pub amount: String,
    /// What is still to come back, in yuan; empty when nothing is.
    pub open: String,
    /// Why.
    pub words: String,
    /// Who asked for it.
    pub by: String,
    /// The paper that decides it.
    pub paper: Option<u64>,
    /// What became of it, in order.
    pub settled: Vec<Settled>,
    /// What was typed to settle it: amount, words; empty otherwise.
    pub typed: (String, String),
}

/// What became of a part of it.
#[derive(Debug, Clone)]
pub struct Settled {
    /// The entry that has it.
    pub entry: u64,
    /// The day.
    pub on: String,
    /// Whether it came back; else it is asked for no longer.
    pub repaid: bool,
    /// In yuan.
    pub amount: String,
    /// 凭证号, or why.
    pub words: String,
    /// The paper that proves it.
    pub paper: Option<u64>,
}

/// What is to be asked back, as it was typed.
#[derive(Debug, Clone, Default)]
pub struct Form {
    /// In yuan.
    pub amount: String,
    /// The first month.
    pub from: String,
    /// The last.
    pub until: String,
    /// Why.
    pub words: String,
    /// The number of a paper.
    pub paper: String,
}

impl Recoveries {
    /// The first line.
    pub fn sentence(&self) -> String {
        match (self.demands.is_empty(), self.open.is_empty(), self.frame.lang) {
            (true, _, Lang::Zh) => format!("{}没有要追缴的。", self.head),
            (true, _, Lang::En) => format!("Nothing is asked back from {}.", self.head),
            (_, true, Lang::Zh) => format!("{}的追缴都办结了。", self.head),
            (_, true, Lang::En) => format!("All that {} was asked for is settled.", self.head),
            (_, false, Lang::Zh) => format!("{}还要退回{}元。", self.head, self.open),
            (_, false, Lang::En) => {
                format!("{} yuan are still to come back from {}.", self.open, self.head)
            }
        }
    }
}

super::page!(Recoveries, Some(Entry::Households), keys::NONE, examples);

fn examples() -> Vec<Recoveries> {
    let settled = |entry, repaid| Settled {
        entry,
        on: "2026-12-11".to_owned(),
        repaid,
        amount: "840.00".to_owned(),
        words: "收据0031".to_owned(),
        paper: repaid.then_some(77),
    };
    let demand = |open: &str, words: &str, settled| Demand {
        entry: 1199,
        months: "2026-09 — 2026-11".to_owned(),
        amount: "1,680.00".to_owned(),
        open: open.to_owned(),
        words: words.to_owned(),
        by: "许文清".to_owned(),
        paper: Some(71),
        settled,
        typed: Default::default(),
    };
    let page = |frame, demands: Vec<Demand>, open: &str| Recoveries {
        frame,
        no: "99010200300400133".to_owned(),
        head: "马素琴".to_owned(),
        status: None,
        wrong: None,
        demands,
        open: open.to_owned(),
        papers: vec![(71, "停发低保金通知单".to_owned())],
        form: Form::default(),
        may_waive: true,
        today: "2026-12-18".to_owned(),
        kin: Kinship::default(),
    };
    vec![
        page(
            Frame::sample(),
            vec![
                demand("840.00", "就业后未及时报告", vec![settled(1204, true)]),
                demand("", "重复发放", vec![settled(1205, true), settled(1206, false)]),
            ],
            "840.00",
        ),
        page(Frame::sample(), Vec::new(), ""),
        Recoveries { kin: kinship::gone(), ..page(Frame::sample(), Vec::new(), "") },
        Recoveries {
            head: "阿卜杜勒艾则孜吾买尔江".to_owned(),
            wrong: Some("还剩840.00元没有退回，不能再多。".to_owned()),
            ..page(
                Frame::extreme(),
                vec![demand("1.00", &"长<b>".repeat(90), vec![settled(9, true)])],
                "1.00",
            )
        },
    ]
}
