//! 核查: what was found of households, and the files of other departments.

mod roster;

use askama::Template;

pub use self::roster::RosterLook;
use super::Page;
use super::frame::{Entry, Frame};
use super::part::Progress;
use crate::web::lang::Lang;
use crate::web::{filters, keys};

/// What was found, and what is taken in.
#[derive(Debug, Template)]
#[template(path = "checks.html")]
pub struct Checks {
    /// The frame.
    pub frame: Frame,
    /// What was done last, as a sentence.
    pub status: Option<String>,
    /// Why something was not done, as a sentence.
    pub wrong: Option<String>,
    /// The organisation: its code or the beginning.
    pub organisation: String,
    /// The kinds of findings: code, name, whether it is chosen.
    pub findings: Vec<(String, String, bool)>,
    /// How they stand: `open`, `closed`, `settled`, or empty for any.
    pub state: String,
    /// What was found, by household.
    pub rows: Vec<Row>,
    /// The address of the next page.
    pub more: Option<String>,
    /// The kinds of results: code, name, whether it is chosen.
    pub kinds: Vec<(String, String, bool)>,
    /// Today, ISO.
    pub today: String,
    /// The file that waits until its columns are chosen.
    pub waiting: Option<Waiting>,
    /// The roster that waits until it is taken in.
    pub look: Option<RosterLook>,
    /// How far the file is that is being taken in.
    pub goes: Option<Progress>,
    /// What became of the last one, as a sentence.
    pub last: Option<String>,
    /// Its rows that could not be read: line and reason.
    pub bad: Vec<(u64, String)>,
    /// A household of the roster that was taken in last, where it may be taken along.
    pub roster: Option<String>,
    /// The files that were taken in, the newest first.
    pub files: Vec<File>,
}

/// Something that was found of a household.
#[derive(Debug, Clone)]
pub struct Row {
    /// 户号
    pub household: String,
    /// 户主
    pub head: String,
    /// The community in charge.
    pub organisation: String,
    /// What it is called.
    pub called: String,
    /// The person it is about, or empty.
    pub name: String,
    /// What was declared.
    pub declared: String,
    /// What was found.
    pub found: String,
    /// How much more was found; empty where it is none.
    pub difference: String,
    /// `open`, `closed` or `settled`.
    pub state: String,
}

impl Row {
    /// Whether it stands so: `open`, `closed`, `settled`.
    pub fn is(&self, state: &str) -> bool {
        self.state == state
    }
}

/// A file that waits.
#[derive(Debug, Clone, Default)]
pub struct Waiting {
    /// Its name.
    pub name: String,
    /// What its kind is called.
    pub kind: String,
    /// The day its results are of.
    pub as_of: String,
    /// The names of its columns.
    pub columns: Vec<String>,
    /// Its first rows.
    pub first: Vec<Vec<String>>,
    /// How many it has.
    pub rows: u64,
    /// How many cells have a formula.
    pub formulas: u64,
    /// The entry that took in the last such file, where the columns are chosen as in it.
    pub as_before: Option<u64>,
    /// The columns chosen: number, name, day, value.
    pub chosen: [Option<u32>; 4],
}

impl Waiting {
    /// The columns for one of the four: number, name, whether it is chosen.
    pub fn choices(&self, which: impl std::borrow::Borrow<usize>) -> Vec<(u32, String, bool)> {
        let chosen = self.chosen.get(*which.borrow()).copied().flatten();
        let each = (0_u32..).zip(&self.columns);
        each.map(|(at, name)| (at, format!("{} {name}", at + 1), Some(at) == chosen)).collect()
    }
}

/// A file that was taken in.
#[derive(Debug, Clone)]
pub struct File {
    /// The entry that took it in.
    pub entry: u64,
    /// What its kind is called.
    pub called: String,
    /// The day its results are of.
    pub as_of: String,
    /// Its name.
    pub name: String,
    /// How many rows were kept.
    pub kept: u64,
    /// By whom.
    pub by: String,
}

impl Checks {
    /// The first line.
    pub fn sentence(&self) -> String {
        match (self.rows.len(), self.state.as_str(), self.frame.lang) {
            (0, "open", Lang::Zh) => "没有待处理的核查发现。".to_owned(),
            (0, "open", Lang::En) => "No finding is open.".to_owned(),
            (0, _, Lang::Zh) => "没有这样的核查发现。".to_owned(),
            (0, _, Lang::En) => "No such finding.".to_owned(),
            (n, "open", Lang::Zh) if self.more.is_none() => format!("{n}条核查发现待处理。"),
            (n, "open", Lang::En) if self.more.is_none() => format!("{n} findings are open."),
            (n, "open", Lang::Zh) => format!("{n}条以上核查发现待处理。"),
            (n, "open", Lang::En) => format!("More than {n} findings are open."),
            (n, _, Lang::Zh) => format!("核查发现，这一页{n}条。"),
            (n, _, Lang::En) => format!("Findings, {n} on this page."),
        }
    }

    /// The states: code, name, whether it is chosen.
    pub fn states(&self) -> [(&'static str, &'static str, bool); 4] {
        let all = [
            ("open", "待处理", "Open"),
            ("closed", "已处理", "Closed"),
            ("settled", "申报已更正", "Declaration corrected"),
            ("any", "全部", "All"),
        ];
        all.map(|(code, zh, en)| (code, self.frame.lang.t(zh, en), code == self.state))
    }

    /// What a column is for.
    pub fn uses(&self) -> [(usize, &'static str, &'static str, bool); 4] {
        let all = [
            (0, "id_number", "身份证号", "Identity number", true),
            (1, "name", "姓名", "Name", false),
            (2, "date", "日期", "Day", false),
            (3, "value", "数值", "Value", false),
        ];
        all.map(|(at, code, zh, en, must)| (at, code, self.frame.lang.t(zh, en), must))
    }
}

/// What was found of one household.
#[derive(Debug, Template)]
#[template(path = "findings.html")]
pub struct Findings {
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
    /// What was found.
    pub findings: Vec<One>,
    /// The papers of its file: number and title.
    pub papers: Vec<(u64, String)>,
    /// The files that say something of its persons.
    pub files: Vec<File>,
}

/// A finding.
#[derive(Debug, Clone)]
pub struct One {
    /// As it is listed.
    pub row: Row,
    /// The code of the finding.
    pub code: String,
    /// The place of the person, or empty.
    pub member: String,
    /// What it rests on.
    pub mark: String,
    /// Since when, or empty.
    pub since: String,
    /// The entries it rests on.
    pub entries: Vec<u64>,
    /// How it was closed.
    pub closed: Option<Closed>,
    /// What was typed to close it, or empty.
    pub typed: String,
}

/// How a finding was closed.
#[derive(Debug, Clone)]
pub struct Closed {
    /// The entry that closed it.
    pub entry: u64,
    /// What it came to.
    pub outcome: String,
    /// Why.
    pub words: String,
    /// Who closed it.
    pub by: String,
    /// The paper that decides it.
    pub paper: u64,
}

impl Findings {
    /// The first line.
    pub fn sentence(&self) -> String {
        let open = self.findings.iter().filter(|one| one.row.state == "open").count();
        match (open, self.frame.lang) {
            (0, Lang::Zh) => format!("{}没有待处理的核查发现。", self.head),
            (0, Lang::En) => format!("No finding of {} is open.", self.head),
            (n, Lang::Zh) => format!("{}有{n}条核查发现待处理。", self.head),
            (n, Lang::En) => format!("{n} findings of {} are open.", self.head),
        }
    }

    /// What a finding can come to: code and name.
    pub fn outcomes(&self) -> Vec<(&'static str, &'static str)> {
        let all = crate::model::evidence::Outcome::ALL.into_iter();
        all.map(|one| (one.as_str(), self.frame.lang.t(one.words().0, one.words().1))).collect()
    }
}

super::page!(Checks, Some(Entry::Reviews), keys::DUE, examples);
super::page!(Findings, Some(Entry::Households), keys::NONE, of_households);

fn row(head: &str, called: &str, state: &str) -> Row {
    Row {
        household: "99010200300400127".to_owned(),
        head: head.to_owned(),
        organisation: "槐荫里社区".to_owned(),
        called: called.to_owned(),
        name: String::new(),
        declared: "5,000.00".to_owned(),
        found: "48,120.55".to_owned(),
        difference: "43,120.55".to_owned(),
        state: state.to_owned(),
    }
}

fn file() -> File {
    File {
        entry: 1204,
        called: "存款".to_owned(),
        as_of: "2026-11-20".to_owned(),
        name: "存款核对结果.xlsx".to_owned(),
        kept: 812,
        by: "陈静".to_owned(),
    }
}

fn examples() -> Vec<Checks> {
    let choice = |code: &str, name: &str, chosen| (code.to_owned(), name.to_owned(), chosen);
    let page = |frame, rows| Checks {
        frame,
        status: None,
        wrong: None,
        organisation: String::new(),
        findings: vec![choice("deposits", "存款不符", false), choice("income", "收入不符", false)],
        state: "open".to_owned(),
        rows,
        more: None,
        kinds: vec![choice("deposits", "存款", true), choice("wages", "工资", false)],
        today: "2026-11-28".to_owned(),
        waiting: None,
        look: None,
        goes: None,
        last: None,
        bad: Vec::new(),
        roster: None,
        files: vec![file()],
    };
    let waiting = Waiting {
        name: "存款核对结果.xlsx".to_owned(),
        kind: "存款".to_owned(),
        as_of: "2026-11-20".to_owned(),
        columns: ["序号", "姓名", "身份证号", "余额"].map(str::to_owned).to_vec(),
        first: vec![["1", "周桂兰", "990102195203142148", "48120.55"].map(str::to_owned).to_vec()],
        rows: 812,
        formulas: 3,
        as_before: Some(1204),
        chosen: [Some(2), Some(1), None, Some(3)],
    };
    vec![
        Checks {
            more: Some("/checks?after=99010200300400127".to_owned()),
            ..page(
                Frame::sample(),
                vec![row("马素琴", "存款不符", "open"), row("周桂兰", "一人两户", "settled")],
            )
        },
        Checks {
            waiting: Some(waiting.clone()),
            files: Vec::new(),
            ..page(Frame::sample(), Vec::new())
        },
        Checks { goes: Some(Progress::importing(Lang::Zh, "存款核对结果.xlsx", (400, 812))), ..page(Frame::sample(), Vec::new()) },
        Checks { goes: Some(Progress::importing(Lang::En, &"长".repeat(60), (0, 0))), ..page(Frame::extreme(), Vec::new()) },
        Checks { look: Some(RosterLook::sample()), ..page(Frame::sample(), Vec::new()) },
        Checks {
            look: Some(RosterLook {
                columns: (1..60).map(|at| (at, "长".repeat(40), String::new())).collect(),
                decisions: None,
                left_to_bureau: true,
                households: 0,
                bad: vec![(1_000_000, "长".repeat(80)); 200],
                ..RosterLook::sample()
            }),
            ..page(Frame::sample(), Vec::new())
        },
        Checks {
            last: Some("立户120户，318人，接收待遇120户，每月合计134,400.50元；0行有问题，没有立；2个15位号码转成了18位。".to_owned()),
            roster: Some("99010200300400127".to_owned()),
            ..page(Frame::sample(), Vec::new())
        },
        Checks {
            wrong: Some("看不懂这个文件。".to_owned()),
            last: Some("有2行读不出，都还没有存。".to_owned()),
            bad: vec![(17, "身份证号的校验码或出生日期不对".to_owned())],
            waiting: Some(Waiting {
                columns: vec!["长<b>".repeat(40); 12],
                first: vec![vec!["长".repeat(200); 12]; 5],
                ..waiting
            }),
            ..page(
                Frame::extreme(),
                vec![row("阿卜杜勒艾则孜吾买尔江", "工作人员近亲属未备案", "closed")],
            )
        },
    ]
}

fn of_households() -> Vec<Findings> {
    let one = |state: &str, closed| One {
        row: row("周桂兰", "存款不符", state),
        code: "deposits".to_owned(),
        member: String::new(),
        mark: "1204".to_owned(),
        since: "2026-11-20".to_owned(),
        entries: vec![1204],
        closed,
        typed: String::new(),
    };
    let closed = Closed {
        entry: 1301,
        outcome: "已调整".to_owned(),
        words: "存款为丧葬费，已核实".to_owned(),
        by: "陈静".to_owned(),
        paper: 44,
    };
    let page = |frame, findings| Findings {
        frame,
        no: "99010200300400127".to_owned(),
        head: "周桂兰".to_owned(),
        status: None,
        wrong: None,
        findings,
        papers: vec![(44, "核查说明".to_owned())],
        files: vec![file()],
    };
    vec![
        page(Frame::sample(), vec![one("open", None), one("closed", Some(closed.clone()))]),
        Findings { files: Vec::new(), ..page(Frame::sample(), Vec::new()) },
        Findings {
            wrong: Some("陈静刚才处理了这一条（第1301号记录），您的没有存。".to_owned()),
            ..page(
                Frame::extreme(),
                vec![One { typed: "长<b>".repeat(80), ..one("open", None) }, one("settled", None)],
            )
        },
    ]
}
