//! 标准与测算: the standards that were set, and what they come to beside what was
//! decided.

use askama::Template;

use super::Page;
use super::frame::{Entry, Frame};
use crate::web::lang::Lang;
use crate::web::{filters, keys, text};

/// The standards, and what they come to in a month.
#[derive(Debug, Template)]
#[template(path = "standards.html")]
pub struct Standards {
    /// The frame.
    pub frame: Frame,
    /// What was done last, as a sentence.
    pub status: Option<String>,
    /// Why what is asked for cannot be, as a sentence.
    pub wrong: Option<String>,
    /// The month, such as `2026-12`.
    pub month: String,
    /// The organisation: its code or the beginning.
    pub organisation: String,
    /// How many are decided and computed, and the sums in yuan.
    pub sums: [(String, u64, String); 2],
    /// How many have no standard, and how many no income.
    pub without: (u64, u64),
    /// Those for which both are not the same, at most 200.
    pub unlike: Vec<Unlike>,
    /// How many of those there are.
    pub unlike_total: u64,
    /// Those that cannot be computed, at most 200.
    pub unreadable: Vec<Unreadable>,
    /// How many of those there are.
    pub unreadable_total: u64,
    /// The standards, the newest first.
    pub standards: Vec<Standard>,
    /// The form, where the person may set one.
    pub form: Option<Form>,
}

/// A standard that was set.
#[derive(Debug, Clone)]
pub struct Standard {
    /// The entry that set it.
    pub entry: u64,
    /// Of which organisation.
    pub organisation: String,
    /// The first month.
    pub from: String,
    /// In yuan.
    pub amount: String,
    /// How the amount of a household comes about.
    pub method: String,
    /// 文号
    pub words: String,
}

/// A household for which both are not the same.
#[derive(Debug, Clone)]
pub struct Unlike {
    /// 户号
    pub household: String,
    /// 户主
    pub head: String,
    /// The community in charge.
    pub organisation: String,
    /// 类别
    pub category: String,
    /// 保障人数
    pub persons: u64,
    /// What all of it has a month, in yuan.
    pub income: String,
    /// What was decided, what was computed, how much more was decided; in yuan.
    pub three: [String; 3],
    /// Why, as it was said with the decision, or empty.
    pub reason: String,
}

/// A household that cannot be computed.
#[derive(Debug, Clone)]
pub struct Unreadable {
    /// 户号
    pub household: String,
    /// 户主
    pub head: String,
    /// The community in charge.
    pub organisation: String,
    /// What is stated as income, and is no amount.
    pub income: String,
}

/// The form by which a standard is set, with what was typed.
#[derive(Debug, Clone, Default)]
pub struct Form {
    /// The code of an organisation.
    pub organisation: String,
    /// The first month.
    pub from: String,
    /// In yuan.
    pub amount: String,
    /// By category, in yuan.
    pub tiers: String,
    /// `fen`, `jiao` or `yuan`.
    pub unit: String,
    /// 文号
    pub words: String,
    /// The categories of the profile: code and name.
    pub categories: Vec<(String, String)>,
}

impl Form {
    /// The units: code, name, whether it is chosen.
    pub fn units(&self, lang: Lang) -> [(&'static str, &'static str, bool); 3] {
        [("fen", "分", "cent"), ("jiao", "角", "ten cents"), ("yuan", "元", "yuan")]
            .map(|(code, zh, en)| (code, lang.t(zh, en), code == self.unit))
    }

    /// How tiers are typed: the categories there are, each with an amount.
    pub fn tiers_look(&self) -> String {
        let codes = self.categories.iter().map(|(code, _)| format!("{code}=450"));
        codes.collect::<Vec<_>>().join(",")
    }
}

impl Standards {
    /// The first line.
    pub fn sentence(&self) -> String {
        let computed = self.sums[1].1;
        match (computed, self.unlike_total, self.frame.lang) {
            (0, _, Lang::Zh) => format!("{}还没有可以测算的户。", self.month),
            (0, _, Lang::En) => format!("{}: no household can be computed yet.", self.month),
            (n, 0, Lang::Zh) => format!("{}测算{n}户，与决定都一样。", self.month),
            (n, 0, Lang::En) => format!("{}: {n} computed, all as decided.", self.month),
            (n, unlike, Lang::Zh) => format!("{}测算{n}户，{unlike}户与决定不一样。", self.month),
            (n, unlike, Lang::En) => {
                format!("{}: {n} computed, {unlike} not as decided.", self.month)
            }
        }
    }

    /// The register of those for which both are not the same.
    pub fn register(&self) -> String {
        let fields = [("period", &self.month[..]), ("organisation", &self.organisation)];
        text::address("/registers/assessment", &fields)
    }
}

super::page!(Standards, Some(Entry::Payments), keys::DUE, examples);

fn examples() -> Vec<Standards> {
    let standard = |entry, from: &str, method: &str, words: &str| Standard {
        entry,
        organisation: "青石区民政局".to_owned(),
        from: from.to_owned(),
        amount: "1,085.00".to_owned(),
        method: method.to_owned(),
        words: words.to_owned(),
    };
    let unlike = |head: &str| Unlike {
        household: "99010200300400133".to_owned(),
        head: head.to_owned(),
        organisation: "槐荫里社区".to_owned(),
        category: "B".to_owned(),
        persons: 2,
        income: "930.00".to_owned(),
        three: ["1,280.00".to_owned(), "1,240.00".to_owned(), "40.00".to_owned()],
        reason: "物价补贴一并计入".to_owned(),
    };
    let form = Form {
        organisation: "990102000000".to_owned(),
        from: "2027-01".to_owned(),
        unit: "yuan".to_owned(),
        categories: vec![("A".to_owned(), "A类".to_owned()), ("B".to_owned(), "B类".to_owned())],
        ..Form::default()
    };
    let page = |frame, unlike: Vec<Unlike>| Standards {
        frame,
        status: None,
        wrong: None,
        month: "2026-12".to_owned(),
        organisation: String::new(),
        sums: [
            ("决定".to_owned(), 121, "98,420.00".to_owned()),
            ("测算".to_owned(), 118, "97,980.00".to_owned()),
        ],
        without: (0, 3),
        unlike_total: unlike.len() as u64,
        unlike,
        unreadable_total: 0,
        unreadable: Vec::new(),
        standards: vec![
            standard(1204, "2026-07", "补差，进到元", "青民发〔2026〕12号"),
            standard(3, "2025-07", "补差，进到元", "青民发〔2025〕9号"),
        ],
        form: Some(form.clone()),
    };
    vec![
        page(Frame::sample(), vec![unlike("马素琴")]),
        Standards {
            sums: [
                ("决定".to_owned(), 0, "0.00".to_owned()),
                ("测算".to_owned(), 0, "0.00".to_owned()),
            ],
            without: (0, 0),
            standards: Vec::new(),
            form: None,
            ..page(Frame::sample(), Vec::new())
        },
        Standards {
            wrong: Some("不是金额。".to_owned()),
            unreadable_total: 1,
            unreadable: vec![Unreadable {
                household: "99010200300400141".to_owned(),
                head: "阿卜杜勒艾则孜吾买尔江".to_owned(),
                organisation: "槐荫里社区".to_owned(),
                income: "约八百".to_owned(),
            }],
            standards: vec![standard(
                9,
                "2026-07",
                "分档：A类700.00、B类450.00，进到角",
                &"长<b>".repeat(80),
            )],
            ..page(Frame::extreme(), vec![unlike("阿卜杜勒艾则孜吾买尔江")])
        },
    ]
}
