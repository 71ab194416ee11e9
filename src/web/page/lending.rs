//! 借阅: what waits for a decision, what is outside, what is over.

pub mod ask;
pub mod certificate;
pub mod effects;
pub mod one;
pub mod read;
pub mod register;

use super::Page;
use super::frame::{Entry, Frame};
use super::part::State;
use crate::model::lending::Standing;
use crate::web::lang::Lang;
use crate::web::{filters, keys};
use askama::Template;

/// The three lists.
#[derive(Debug, Template)]
#[template(path = "lendings.html")]
pub struct Lendings {
    /// The frame.
    pub frame: Frame,
    /// What was done last, as a sentence.
    pub status: Option<String>,
    /// 待审批, the oldest first.
    pub waiting: Vec<Row>,
    /// 在外, what should be back first.
    pub outside: Vec<Row>,
    /// What is over, the newest first, fifty at most.
    pub over: Vec<Row>,
    /// Where the next page of what is over starts.
    pub before: Option<i64>,
}

/// One lending of a list.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its name.
    pub id: String,
    /// Whose file, 17 digits.
    pub household: String,
    /// 户主, or empty where the person may not see it.
    pub head: String,
    /// Who borrows.
    pub borrower: String,
    /// For which body.
    pub body: String,
    /// What is done with the file.
    pub manner: String,
    /// For what.
    pub purpose: String,
    /// The last day, ISO.
    pub until: String,
    /// How it stands.
    pub standing: Standing,
    /// The same as a word.
    pub said: String,
    /// Whether the person reads it now.
    pub read: bool,
    /// Whether the person can decide it.
    pub mine: bool,
}

/// How a standing is drawn.
pub fn state(standing: Standing) -> State {
    match standing {
        Standing::Waiting => State::Due,
        Standing::Ready | Standing::Open | Standing::Out => State::Run,
        Standing::Overdue => State::Late,
        Standing::Done => State::Ok,
        Standing::Refused | Standing::Lapsed | Standing::Ended => State::None,
    }
}

/// A standing as a word.
pub fn said(lang: Lang, standing: Standing) -> &'static str {
    lang.t(standing.zh(), standing.en())
}

impl Lendings {
    /// How many the person can decide.
    pub fn mine(&self) -> u64 {
        self.waiting.iter().filter(|row| row.mine).count() as u64
    }

    /// How many should be back.
    pub fn overdue(&self) -> u64 {
        self.outside.iter().filter(|row| row.standing == Standing::Overdue).count() as u64
    }

    /// The first line.
    pub fn sentence(&self) -> String {
        let lang = self.frame.lang;
        let parts: Vec<String> = [
            (self.overdue(), "笔逾期未还", "lending overdue", "lendings overdue"),
            (self.mine(), "笔等您审批", "to decide", "to decide"),
        ]
        .into_iter()
        .filter(|(n, ..)| *n > 0)
        .map(|(n, zh, one, many)| match lang {
            Lang::Zh => format!("有{}", lang.count(n, zh, one, many)),
            Lang::En => lang.count(n, zh, one, many),
        })
        .collect();
        match (parts.is_empty(), self.outside.is_empty(), lang) {
            (false, _, Lang::Zh) => format!("{}。", parts.join("，")),
            (false, _, Lang::En) => format!("{}.", parts.join(", ")),
            (true, true, _) => lang.t("现在没有在外的案卷。", "Nothing is lent now.").to_owned(),
            (true, false, Lang::Zh) => {
                format!(
                    "有{}，都没有逾期。",
                    lang.count(self.outside.len() as u64, "笔在外", "", "")
                )
            }
            (true, false, Lang::En) => {
                format!(
                    "{}, none overdue.",
                    lang.count(self.outside.len() as u64, "", "lent", "lent")
                )
            }
        }
    }

    /// The lists with their names and what to say of an empty one.
    pub fn lists(&self) -> [(&'static str, &'static str, &'static str, &[Row]); 3] {
        let lang = self.frame.lang;
        [
            (
                "waiting",
                lang.t("待审批", "To decide"),
                lang.t("没有等着审批的。", "Nothing waits for a decision."),
                &self.waiting,
            ),
            (
                "outside",
                lang.t("在外", "Outside"),
                lang.t("没有在外的案卷。", "Nothing is outside."),
                &self.outside,
            ),
            (
                "over",
                lang.t("已还、已了结", "Back and over"),
                lang.t("还没有了结的。", "Nothing is over yet."),
                &self.over,
            ),
        ]
    }
}

super::page!(Lendings, Some(Entry::Lending), keys::LENDINGS, examples);

/// A row for samples.
pub(super) fn sample(head: &str, borrower: &str, body: &str, standing: Standing) -> Row {
    Row {
        id: "3f2a90c15d7e44b8a1c09e6677d20b14".to_owned(),
        household: "99010200300400127".to_owned(),
        head: head.to_owned(),
        borrower: borrower.to_owned(),
        body: body.to_owned(),
        manner: "查阅".to_owned(),
        purpose: "审计".to_owned(),
        until: "2026-12-01".to_owned(),
        standing,
        said: said(Lang::Zh, standing).to_owned(),
        read: standing == Standing::Open,
        mine: standing == Standing::Waiting,
    }
}

fn examples() -> Vec<Lendings> {
    let frame = Frame { here: "/lending".to_owned(), ..Frame::sample() };
    let empty = || Lendings {
        frame: frame.clone(),
        status: None,
        waiting: Vec::new(),
        outside: Vec::new(),
        over: Vec::new(),
        before: None,
    };
    let usual = Lendings {
        status: Some("已提请，等审批。".to_owned()),
        waiting: vec![sample("周桂兰", "孙立", "青石县审计局", Standing::Waiting)],
        outside: vec![
            sample("林秀芳", "何敏", "青石县人民法院", Standing::Overdue),
            sample("", "钱文斌", "南门街道办事处", Standing::Open),
            sample("陈树生", "孙立", "青石县审计局", Standing::Ready),
        ],
        over: vec![
            sample("周桂兰", "孙立", "青石县审计局", Standing::Done),
            sample("周桂兰", "孙立", "青石县审计局", Standing::Refused),
        ],
        before: Some(7),
        ..empty()
    };
    let long = "青石县民政局社会救助和养老服务综合保障中心";
    let extreme = Lendings {
        frame: Frame::extreme(),
        waiting: vec![sample(
            "阿卜杜勒艾则孜吾买尔江努",
            "阿卜杜勒艾则孜吾买尔江努",
            long,
            Standing::Waiting,
        )],
        outside: vec![sample("<b>", "\"><script>", long, Standing::Out)],
        ..empty()
    };
    vec![usual, empty(), extreme]
}
