//! 复审日历: which households are to be reviewed, week by week, and the sheet for
//! those who visit them.

use askama::Template;

use super::Page;
use super::frame::{Entry, Frame};
use super::part::State;
use crate::web::{filters, keys, text};

/// The calendar.
#[derive(Debug, Template)]
#[template(path = "reviews.html")]
pub struct Reviews {
    /// The frame.
    pub frame: Frame,
    /// Why what is asked for cannot be, as a sentence.
    pub wrong: Option<String>,
    /// By what the list is narrowed.
    pub asked: Narrowing,
    /// The categories: code and name.
    pub categories: Vec<(String, String)>,
    /// How many are past their day.
    pub late: u64,
    /// The strip: 52 weeks.
    pub weeks: Vec<Week>,
    /// How many are due after those.
    pub later: u64,
    /// Whether the holidays of all weeks are known.
    pub holidays_known: bool,
    /// The households, earliest first, fifty at most.
    pub rows: Vec<Row>,
    /// The address of the next page.
    pub more: Option<String>,
    /// Cases that wait for the own office: counted by who takes the step.
    pub waiting: Vec<(String, u64, u64)>,
}

/// By what the list is narrowed; empty fields narrow nothing.
#[derive(Debug, Clone, Default)]
pub struct Narrowing {
    /// An organisation's code or its beginning.
    pub organisation: String,
    /// 类别
    pub category: String,
    /// The last day, ISO.
    pub until: String,
}

impl Narrowing {
    /// The address of `path` with what is asked for.
    pub fn address(&self, path: &str) -> String {
        let fields = [
            ("organisation", self.organisation.as_str()),
            ("category", &self.category),
            ("until", &self.until),
        ];
        text::address(path, &fields)
    }

    /// The same up to another day.
    pub fn up_to(&self, day: &str) -> String {
        Self { until: day.to_owned(), ..self.clone() }.address("/reviews")
    }
}

/// A week of the strip.
#[derive(Debug, Clone)]
pub struct Week {
    /// Its Monday, ISO.
    pub monday: String,
    /// Its Sunday, ISO.
    pub sunday: String,
    /// How many are due.
    pub due: u64,
    /// How high its bar is: 1 to 46.
    pub height: u64,
    /// How many of its days are worked.
    pub worked: u64,
}

/// A household that is to be reviewed.
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
    /// 类别
    pub category: String,
    /// By when, ISO.
    pub due: String,
    /// How many days are left; below 0 when it is late.
    pub left: i64,
    /// What runs already, or empty.
    pub running: String,
}

impl Row {
    /// How it stands.
    pub fn state(&self) -> State {
        match self.left {
            _ if !self.running.is_empty() => State::Run,
            left if left < 0 => State::Late,
            left if left <= 14 => State::Due,
            _ => State::None,
        }
    }
}

impl Reviews {
    /// The first line.
    pub fn sentence(&self) -> String {
        let lang = self.frame.lang;
        let week = self.weeks.first().map_or(0, |week| week.due);
        match (self.late, week) {
            (0, 0) => lang.t("这一周没有要复审的。", "No review is due this week.").to_owned(),
            (0, _) => lang.count(
                week,
                "户这一周要复审。",
                "review is due this week.",
                "reviews are due this week.",
            ),
            (late, _) => match lang {
                crate::web::lang::Lang::Zh => {
                    format!("{late}户过了复审的日子，这一周还有{week}户。")
                }
                crate::web::lang::Lang::En => {
                    format!("{late} reviews are late, {week} are due this week.")
                }
            },
        }
    }

    /// How many days are left, as words.
    pub fn days(&self, left: &i64) -> String {
        let lang = self.frame.lang;
        let days = left.unsigned_abs();
        match (*left, lang) {
            (0, _) => lang.t("今天", "today").to_owned(),
            (..0, crate::web::lang::Lang::Zh) => format!("过期{days}天"),
            (..0, crate::web::lang::Lang::En) => lang.count(days, "", "day late", "days late"),
            (_, crate::web::lang::Lang::Zh) => format!("剩{days}天"),
            (_, crate::web::lang::Lang::En) => lang.count(days, "", "day left", "days left"),
        }
    }
}

/// 走访名单 for those who visit.
#[derive(Debug, Template)]
#[template(path = "reviews_print.html")]
pub struct VisitSheet {
    /// The frame.
    pub frame: Frame,
    /// By what the list is narrowed.
    pub asked: Narrowing,
    /// The households by community.
    pub rows: Vec<Row>,
    /// The day it is printed on.
    pub day: String,
}

super::page!(Reviews, Some(Entry::Reviews), keys::DUE, examples);
super::page!(VisitSheet, None, keys::NONE, sheets);

fn row(head: &str, due: &str, left: i64) -> Row {
    Row {
        household: "99010200300400127".to_owned(),
        head: head.to_owned(),
        address: "槐荫里5号楼2单元301室".to_owned(),
        organisation: "槐荫里社区".to_owned(),
        category: "B类，收入不稳定".to_owned(),
        due: due.to_owned(),
        left,
        running: String::new(),
    }
}

fn weeks() -> Vec<Week> {
    let dues = [22, 31, 18, 9, 4, 0, 0, 3, 5, 2];
    let week = |at: usize| {
        let due = dues[at % dues.len()];
        Week {
            monday: format!("2026-{:02}-{:02}", at / 4 % 12 + 1, at % 4 * 7 + 1),
            sunday: format!("2026-{:02}-{:02}", at / 4 % 12 + 1, at % 4 * 7 + 7),
            due,
            height: 1 + due * 45 / 31,
            worked: if at == 1 { 0 } else { 5 },
        }
    };
    (0..52).map(week).collect()
}

fn examples() -> Vec<Reviews> {
    let page = |frame, rows: Vec<Row>| Reviews {
        frame,
        wrong: None,
        asked: Narrowing::default(),
        categories: vec![("B".to_owned(), "B类，收入不稳定".to_owned())],
        late: 3,
        weeks: weeks(),
        later: 12,
        holidays_known: false,
        rows,
        more: Some("/reviews?after=2026-12-04.99010200300400127".to_owned()),
        waiting: vec![("民政局".to_owned(), 12, 3), ("街道".to_owned(), 4, 0)],
    };
    let running = Row { running: "定期核查".to_owned(), ..row("马素琴", "2026-11-20", -8) };
    let long = Row {
        organisation: "青石县柳桥街道办事处槐荫里第一社区居民委员会".to_owned(),
        ..row("阿卜杜勒艾则孜吾买尔江", "2026-11-28", 0)
    };
    vec![
        page(
            Frame::sample(),
            vec![
                row("周桂兰", "2026-11-24", -4),
                running,
                row("林秀芳", "2026-12-04", 6),
                row("王明", "2027-02-01", 65),
            ],
        ),
        Reviews {
            late: 0,
            weeks: Vec::new(),
            later: 0,
            holidays_known: true,
            more: None,
            waiting: Vec::new(),
            wrong: Some("筛选看不懂：机构是数字，件种如A08。".to_owned()),
            asked: Narrowing { organisation: "9901".to_owned(), ..Narrowing::default() },
            ..page(Frame::sample(), Vec::new())
        },
        page(Frame::extreme(), vec![long]),
    ]
}

fn sheets() -> Vec<VisitSheet> {
    vec![VisitSheet {
        frame: Frame::sample(),
        asked: Narrowing::default(),
        rows: vec![row("周桂兰", "2026-11-24", -4), row("林秀芳", "2026-12-04", 6)],
        day: "2026年11月28日".to_owned(),
    }]
}
