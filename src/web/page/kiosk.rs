//! 本人查阅: what a visitor sees: large words, one file, nothing around it.

use super::Page;
use super::frame::Frame;
use super::lending::read::sample_file;
use crate::view::opened::{OpenedFile, OpenedPaper};
use crate::web::{filters, keys};
use askama::Template;

/// A page for a visitor; no rail, no search, no keys.
#[derive(Debug, Template)]
#[template(path = "kiosk.html")]
pub struct Kiosk {
    /// The frame, bare.
    pub frame: Frame,
    /// Who reads, where it is the household itself; empty for a borrower.
    pub visitor: String,
    /// After how many seconds without a touch it closes; 0 where nothing is open.
    pub idle: i64,
    /// What is shown.
    pub body: Body,
}

/// What is shown.
#[derive(Debug)]
pub enum Body {
    /// The three words.
    Home,
    /// 我的材料
    Papers(OpenedFile),
    /// One paper.
    Paper(OpenedPaper),
    /// 我的发放
    Payments(Vec<String>),
    /// 谁看过我的档案: day, who, why.
    Looks(Vec<[String; 3]>),
    /// 查阅单, with the day and time it was printed.
    Slip(OpenedFile, String),
    /// Where a code is typed; why it was not taken.
    Code(Option<String>),
    /// What was asked for is not shown, and why.
    Failed(String),
    /// It is closed.
    Over,
}

impl Kiosk {
    /// Whether it is the household itself.
    pub fn is_own(&self) -> bool {
        !self.visitor.is_empty()
    }

    /// Whether a file is open.
    pub fn is_open(&self) -> bool {
        self.idle > 0
    }

    /// Whether it is the first page.
    pub fn is_home(&self) -> bool {
        matches!(self.body, Body::Home)
    }

    /// Whether this paper is read beside the list: a list stands alone here.
    pub fn reads(&self, _: &OpenedPaper) -> bool {
        false
    }

    /// Where the papers are.
    pub fn at(&self) -> String {
        "/counter/paper".to_owned()
    }
}

super::page!(Kiosk, None, keys::NONE, examples);

fn examples() -> Vec<Kiosk> {
    let page = |body| Kiosk {
        frame: Frame { person: String::new(), rights: Vec::new(), ..Frame::sample() },
        visitor: "周桂兰".to_owned(),
        idle: 180,
        body,
    };
    let file = sample_file();
    let lent = |body| Kiosk { visitor: String::new(), idle: 600, ..page(body) };
    let shut = |body| Kiosk { visitor: String::new(), idle: 0, ..page(body) };
    let look = ["2026-11-24", "青石县审计局", "审计"].map(str::to_owned);
    vec![
        page(Body::Home),
        page(Body::Papers(file.clone())),
        page(Body::Paper(file.papers[1].clone())),
        page(Body::Payments(Vec::new())),
        page(Body::Looks(vec![look])),
        page(Body::Looks(Vec::new())),
        page(Body::Slip(file.clone(), "2026-11-24 15:30".to_owned())),
        lent(Body::Papers(file.clone())),
        lent(Body::Papers(OpenedFile { papers: Vec::new(), ..file })),
        shut(Body::Code(None)),
        shut(Body::Code(Some("这个码打不开，或者已经用过、过时了。".to_owned()))),
        page(Body::Failed("没有这一页。".to_owned())),
        shut(Body::Over),
    ]
}
