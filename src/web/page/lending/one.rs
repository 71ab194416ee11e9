//! One lending: what is asked for, by whom, what was done, and what can be.

use super::super::Page;
use super::super::frame::{Entry, Frame};
use super::{Row, sample};
use crate::lending::Can;
use crate::lending::effects::Effect;
use crate::model::lending::Standing;
use crate::web::{filters, keys};
use askama::Template;

/// One lending.
#[derive(Debug, Template)]
#[template(path = "lending.html")]
pub struct Lending {
    /// The frame.
    pub frame: Frame,
    /// What was done last, as a sentence.
    pub status: Option<String>,
    /// What stands in the lists.
    pub row: Row,
    /// 档号, or empty.
    pub reference_code: String,
    /// The purpose in words.
    pub reason: String,
    /// 联系方式
    pub contact: String,
    /// 证件名称及号码
    pub certificate: String,
    /// What is covered on the pages.
    pub cover: String,
    /// Whether papers or copies are handed over, rather than a code.
    pub paper: bool,
    /// Whether copies are handed over.
    pub copies: bool,
    /// How many pages were handed over.
    pub pages: u64,
    /// Whether the person may see the household's file.
    pub seen: bool,
    /// What was done.
    pub steps: Vec<Step>,
    /// What it led to.
    pub effects: Vec<Effect>,
    /// Today, ISO.
    pub today: String,
    /// What the person can do.
    pub can: Can,
    /// A code that was made just now; it is shown once.
    pub code: Option<String>,
    /// Why nothing was done, as a sentence.
    pub wrong: Option<String>,
}

/// Something that was done.
#[derive(Debug)]
pub struct Step {
    /// When, as a clock.
    pub when: String,
    /// What.
    pub what: String,
    /// Who.
    pub who: String,
    /// What was said, or empty.
    pub words: String,
    /// Number of the entry.
    pub entry: u64,
}

impl Lending {
    /// Whether the person can do nothing but look.
    pub fn is_idle(&self) -> bool {
        let Can { decide, own, hand_over, code, take_back, end, read, note, certify } = self.can;
        !(decide || own || hand_over || code || take_back || end || read || note || certify)
    }
}

super::super::page!(Lending, Some(Entry::Lending), keys::LENDING, examples);

fn examples() -> Vec<Lending> {
    let page = |standing, can| Lending {
        frame: Frame {
            here: "/lending/3f2a90c15d7e44b8a1c09e6677d20b14".to_owned(),
            ..Frame::sample()
        },
        status: None,
        row: sample("周桂兰", "孙立", "青石县审计局", standing),
        reference_code: "J016-WS·2026·D30-SP-0127".to_owned(),
        reason: "年度低保资金专项审计，抽查".to_owned(),
        contact: "0990-5550".to_owned(),
        certificate: "工作证 0417".to_owned(),
        cover: "身份证号、账号、电话".to_owned(),
        paper: false,
        copies: false,
        pages: 0,
        seen: true,
        steps: vec![Step {
            when: "2026-11-24 09:12".to_owned(),
            what: "提请借阅".to_owned(),
            who: "赵玉梅".to_owned(),
            words: "年度低保资金专项审计，抽查".to_owned(),
            entry: 184_218,
        }],
        effects: Vec::new(),
        today: "2026-11-24".to_owned(),
        can,
        code: None,
        wrong: None,
    };
    let can = Can::default();
    vec![
        page(Standing::Waiting, Can { decide: true, end: true, ..can }),
        page(Standing::Waiting, Can { own: true, end: true, ..can }),
        Lending {
            code: Some("7KQ2-M9XA-3HTB".to_owned()),
            ..page(Standing::Open, Can { code: true, end: true, ..can })
        },
        Lending {
            paper: true,
            pages: 12,
            ..page(Standing::Overdue, Can { take_back: true, ..can })
        },
        Lending { paper: true, ..page(Standing::Ready, Can { hand_over: true, end: true, ..can }) },
        Lending {
            paper: true,
            copies: true,
            pages: 12,
            effects: vec![Effect {
                entry: 184_260,
                date: "2026-11-24".to_owned(),
                content: "收入证明<b>".to_owned(),
                effect: "追回低保金三千元".to_owned(),
                name: "何桂珍".to_owned(),
                time: "2026-11-24T07:30:00Z".to_owned(),
            }],
            ..page(Standing::Done, Can { note: true, certify: true, ..can })
        },
        Lending {
            paper: true,
            copies: true,
            ..page(Standing::Ready, Can { hand_over: true, end: true, note: true, ..can })
        },
        Lending { seen: false, ..page(Standing::Open, Can { read: true, end: true, ..can }) },
        Lending {
            frame: Frame::extreme(),
            reason: "字".repeat(200),
            wrong: Some("理由要写，1到200个字，不换行。".to_owned()),
            ..page(Standing::Refused, can)
        },
    ]
}
