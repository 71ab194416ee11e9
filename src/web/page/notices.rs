//! 公示: what is up and was up, and the sheet that is put on the wall.

use askama::Template;

use super::Page;
use super::frame::{Entry, Frame};
use super::part::State;
use crate::model::notice::NoticeKind;
use crate::notices::Standing;
use crate::web::lang::Lang;
use crate::web::{filters, keys, text};

/// The notices of the own scope.
#[derive(Debug, Template)]
#[template(path = "notices.html")]
pub struct Notices {
    /// The frame.
    pub frame: Frame,
    /// What was done last, as a sentence.
    pub status: Option<String>,
    /// Why what is asked for cannot be, as a sentence.
    pub wrong: Option<String>,
    /// By what the list is narrowed.
    pub asked: Narrowing,
    /// The notices, newest first, fifty at most.
    pub rows: Vec<Row>,
    /// Where the next page starts.
    pub before: Option<i64>,
}

/// By what the list is narrowed; empty fields narrow nothing.
#[derive(Debug, Clone, Default)]
pub struct Narrowing {
    /// An organisation's code or its beginning.
    pub organisation: String,
    /// 户号
    pub household: String,
    /// Which notices.
    pub kind: String,
    /// Whether what is over is listed too.
    pub all: bool,
}

impl Narrowing {
    /// The address of `path` with what is asked for.
    pub fn address(&self, path: &str) -> String {
        let all = if self.all { "yes" } else { "" };
        let fields = [
            ("organisation", self.organisation.as_str()),
            ("household", &self.household),
            ("kind", &self.kind),
            ("all", all),
        ];
        text::address(path, &fields)
    }

    /// What is taken along, as the form of the export has it: notices of both kinds.
    pub fn taken(&self) -> [(&'static str, &str); 3] {
        [
            ("organisation", self.organisation.as_str()),
            ("household", &self.household),
            ("open", if self.all { "" } else { "yes" }),
        ]
    }
}

/// A notice.
#[derive(Debug, Clone)]
pub struct Row {
    /// The entry that put it up.
    pub entry: u64,
    /// 户号
    pub household: String,
    /// 申请人姓名
    pub applicant: String,
    /// 家庭成员数量
    pub members: u64,
    /// 保障金额 a month, in yuan.
    pub amount: String,
    /// The organisation in charge.
    pub organisation: String,
    /// Which notice, as a word.
    pub kind: String,
    /// Whether a case waits until its days are over.
    pub is_awaited: bool,
    /// From when to when.
    pub term: String,
    /// How it stands.
    pub standing: Standing,
    /// Why it was taken down, or empty.
    pub reason: String,
}

impl Row {
    /// How its standing is drawn.
    pub fn state(&self) -> State {
        match self.standing {
            Standing::Ahead => State::Due,
            Standing::Up => State::Run,
            Standing::Over => State::Ok,
            Standing::TakenDown => State::None,
        }
    }

    /// Whether it can be taken down.
    pub fn is_up(&self) -> bool {
        matches!(self.standing, Standing::Up | Standing::Ahead)
    }

    /// Its standing as a word.
    pub fn said(&self, lang: Lang) -> &'static str {
        match self.standing {
            Standing::Ahead => lang.t("待公示", "Ahead"),
            Standing::Up => lang.t("公示中", "Up"),
            Standing::Over => lang.t("期满", "Over"),
            Standing::TakenDown => lang.t("已撤下", "Taken down"),
        }
    }
}

impl Notices {
    /// The first line.
    pub fn sentence(&self) -> String {
        let lang = self.frame.lang;
        let n = self.rows.iter().filter(|row| row.standing == Standing::Up).count() as u64;
        match (n, lang) {
            (0, _) => lang.t("现在没有公示。", "Nothing is put up now.").to_owned(),
            (_, Lang::Zh) if self.before.is_some() => "正在公示的，新的在前。".to_owned(),
            (_, Lang::Zh) => format!("正在公示{n}户。"),
            (_, Lang::En) if self.before.is_some() => "What is put up, newest first.".to_owned(),
            (_, Lang::En) => lang.count(n, "", "household is put up.", "households are put up."),
        }
    }

    /// Both kinds.
    pub fn kinds(&self) -> [NoticeKind; 2] {
        NoticeKind::ALL
    }

    /// The address of the next page.
    pub fn older(&self) -> Option<String> {
        let before = self.before?.to_string();
        let address = self.asked.address("/notices");
        let joint = if address.contains('?') { '&' } else { '?' };
        Some(format!("{address}{joint}before={before}"))
    }
}

/// The sheet: three columns about people, and nothing else.
#[derive(Debug, Template)]
#[template(path = "notices_print.html")]
pub struct Sheet {
    /// The frame.
    pub frame: Frame,
    /// By what the list is narrowed.
    pub asked: Narrowing,
    /// Which notice.
    pub kind: NoticeKind,
    /// Whose it is: the organisation.
    pub organisation: String,
    /// Its notices.
    pub rows: Vec<Row>,
    /// The day it is printed on.
    pub day: String,
}

impl Sheet {
    /// Whether it is put up before it is decided.
    pub fn is_proposed(&self) -> bool {
        self.kind == NoticeKind::Proposed
    }
}

super::page!(Notices, Some(Entry::Households), keys::NOTICES, examples);
super::page!(Sheet, None, keys::NONE, sheets);

fn row(entry: u64, standing: Standing) -> Row {
    Row {
        entry,
        household: "99010200300400127".to_owned(),
        applicant: "周桂兰".to_owned(),
        members: 2,
        amount: "1,120.00".to_owned(),
        organisation: "柳桥街道槐荫里社区".to_owned(),
        kind: "初审公示".to_owned(),
        is_awaited: true,
        term: "2026-11-24至2026-12-01".to_owned(),
        standing,
        reason: String::new(),
    }
}

fn long() -> Row {
    Row {
        applicant: "阿卜杜勒艾则孜吾买尔江".to_owned(),
        members: 1_000,
        amount: "1,000,000.00".to_owned(),
        organisation: "青石县柳桥街道办事处槐荫里社区居民委员会".to_owned(),
        reason: "金额写错了，重新公示<script>".repeat(7),
        ..row(1_234_567_890, Standing::TakenDown)
    }
}

fn examples() -> Vec<Notices> {
    let page = |frame, rows, before| Notices {
        frame,
        status: None,
        wrong: None,
        asked: Narrowing::default(),
        rows,
        before,
    };
    vec![
        Notices {
            status: Some("已公示，到2026-12-01。".to_owned()),
            ..page(
                Frame::sample(),
                vec![
                    row(240, Standing::Up),
                    row(239, Standing::Ahead),
                    row(231, Standing::Over),
                    row(230, Standing::TakenDown),
                ],
                Some(230),
            )
        },
        Notices {
            wrong: Some("筛选看不懂：户号17位，机构是数字。".to_owned()),
            asked: Narrowing { household: "9901".to_owned(), all: true, ..Narrowing::default() },
            ..page(Frame::sample(), Vec::new(), None)
        },
        page(Frame::extreme(), vec![long()], None),
    ]
}

fn sheets() -> Vec<Sheet> {
    let page = |frame, kind, rows| Sheet {
        frame,
        asked: Narrowing::default(),
        kind,
        organisation: "柳桥街道槐荫里社区".to_owned(),
        rows,
        day: "2026年11月24日".to_owned(),
    };
    vec![
        page(
            Frame::sample(),
            NoticeKind::Proposed,
            vec![row(1, Standing::Up), row(2, Standing::Up)],
        ),
        page(Frame::sample(), NoticeKind::Confirmed, Vec::new()),
        page(Frame::extreme(), NoticeKind::Confirmed, vec![long()]),
    ]
}
