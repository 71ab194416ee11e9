//! 总览: what waits for someone, and whether the archive is whole.

use super::Page;
use super::frame::{Entry, Frame};
use super::part::{FailedJob, HouseholdRef, Progress, State, Verified};
use crate::web::lang::Lang;
use crate::web::{filters, keys, text};
use askama::Template;

/// The overview.
#[derive(Debug, Template)]
#[template(path = "overview.html")]
pub struct Overview {
    /// The frame.
    pub frame: Frame,
    /// Today, ISO.
    pub today: String,
    /// Jobs that have given up.
    pub failed: Vec<FailedJob>,
    /// The first papers on the intake desk.
    pub waiting: Vec<Waiting>,
    /// How many wait there in all.
    pub waiting_total: u64,
    /// The first households that lack papers, worst first.
    pub lacking: Vec<Lacking>,
    /// How many lack papers in all.
    pub lacking_total: u64,
    /// The first households with papers that are filed and not bound.
    pub unbound: Vec<Unbound>,
    /// How many there are in all.
    pub unbound_total: u64,
    /// Reading under way.
    pub reading: Vec<Progress>,
    /// The last verification; `None` when there never was one.
    pub verified: Option<Verified>,
    /// Counts of the whole scope; `None` while they are not known.
    pub figures: Option<Figures>,
}

/// A paper on the intake desk.
#[derive(Debug)]
pub struct Waiting {
    /// Number of the document.
    pub document: u64,
    /// Proposed type, or the file name while nothing is proposed.
    pub name: String,
    /// Pages, as far as known.
    pub pages: u64,
    /// Proposed household.
    pub household: Option<HouseholdRef>,
    /// Whether it can be confirmed, is in doubt, or is still being read.
    pub state: State,
    /// When it arrived, `YYYY-MM-DD HH:MM`.
    pub arrived: String,
}

/// A household that lacks papers.
#[derive(Debug)]
pub struct Lacking {
    /// The household.
    pub household: HouseholdRef,
    /// Its community.
    pub organisation: String,
    /// Names of the missing types.
    pub missing: Vec<String>,
    /// How many types are expected.
    pub expected: u64,
}

/// A household with papers filed after the last binding.
#[derive(Debug)]
pub struct Unbound {
    /// The household.
    pub household: HouseholdRef,
    /// Its community.
    pub organisation: String,
    /// Papers that are filed and not bound.
    pub documents: u64,
    /// Version of the bound volume; `None` when there is none yet.
    pub version: Option<u64>,
}

/// Counts of the whole scope.
#[derive(Debug)]
pub struct Figures {
    /// Households.
    pub households: u64,
    /// Documents.
    pub documents: u64,
    /// Pages.
    pub pages: u64,
    /// Bytes of all originals.
    pub bytes: u64,
}

impl Waiting {
    /// Where it stands, in a word.
    pub fn word(&self, lang: Lang) -> &'static str {
        match self.state {
            State::None | State::Ok => lang.t("待确认", "To confirm"),
            State::Run => lang.t("识别中", "Reading"),
            State::Due => lang.t("有疑问", "In doubt"),
            State::Late => lang.t("读不出", "Unreadable"),
        }
    }
}

impl Overview {
    /// Whether nothing waits for anyone.
    pub fn is_calm(&self) -> bool {
        self.failed.is_empty() && self.waiting_total + self.lacking_total + self.unbound_total == 0
    }

    /// What waits, apart from stopped jobs, as clauses of the first sentence.
    pub fn clauses(&self) -> Vec<String> {
        let lang = self.lang();
        let mut clauses = Vec::new();
        if self.waiting_total > 0 {
            clauses.push(lang.count(self.waiting_total, "件待确认", "paper to confirm", "papers to confirm"));
        }
        if self.lacking_total > 0 {
            clauses.push(lang.count(
                self.lacking_total,
                "户缺件",
                "household lacks papers",
                "households lack papers",
            ));
        }
        if self.unbound_total > 0 && clauses.len() < 2 {
            clauses.push(lang.count(self.unbound_total, "户有件没装订", "volume to bind", "volumes to bind"));
        }
        clauses
    }

    /// Today with its day of the week.
    pub fn day(&self) -> String {
        text::week_day(self.lang(), &self.today)
    }
}

super::page!(Overview, Some(Entry::Overview), keys::OVERVIEW);

fn examples() -> Vec<Overview> {
    let empty = Overview {
        frame: Frame { intake_waiting: 0, log_position: 0, ..Frame::sample() },
        today: "2026-11-23".to_owned(),
        failed: Vec::new(),
        waiting: Vec::new(),
        waiting_total: 0,
        lacking: Vec::new(),
        lacking_total: 0,
        unbound: Vec::new(),
        unbound_total: 0,
        reading: Vec::new(),
        verified: None,
        figures: None,
    };
    vec![usual(), empty, extreme()]
}

fn waiting(document: u64, name: &str, pages: u64, who: Option<(&str, &str)>, state: State, at: &str) -> Waiting {
    Waiting {
        document,
        name: name.to_owned(),
        pages,
        household: who.map(|(no, head)| HouseholdRef::new(no, head)),
        state,
        arrived: format!("2026-11-23 {at}"),
    }
}

fn lacking(no: &str, head: &str, organisation: &str, missing: &[&str], expected: u64) -> Lacking {
    Lacking {
        household: HouseholdRef::new(no, head),
        organisation: organisation.to_owned(),
        missing: missing.iter().map(|name| (*name).to_owned()).collect(),
        expected,
    }
}

fn usual() -> Overview {
    let zhou = Some(("99010200300400127", "周桂兰"));
    let chen = Some(("99010200300400093", "陈树生"));
    Overview {
        frame: Frame::sample(),
        today: "2026-11-23".to_owned(),
        failed: vec![FailedJob {
            id: "read:91".to_owned(),
            document: Some(184_107),
            about: "a-0417.tif".to_owned(),
            reason: "文件尾部缺2,048字节，请从扫描仪重取。".to_owned(),
            tries: 3,
        }],
        waiting: vec![
            waiting(184_201, "申请审批表", 2, zhou, State::None, "09:42"),
            waiting(184_202, "户口簿复印件", 2, zhou, State::None, "09:42"),
            waiting(184_203, "收入证明", 1, zhou, State::None, "09:42"),
            waiting(184_204, "入户调查表", 2, None, State::Due, "09:42"),
            waiting(184_205, "定期核查（复审）表", 1, chen, State::None, "09:43"),
            waiting(184_206, "扫描0007.jpg", 1, None, State::Run, "09:43"),
        ],
        waiting_total: 12,
        lacking: vec![
            lacking("99010200300500047", "何桂珍", "渡口社区", &["收入证明", "信息核对报告", "公示照片"], 11),
            lacking("99010200300400118", "林秀芳", "槐荫里社区", &["公示照片"], 11),
            lacking("99010200300200188", "田福来", "西仓社区", &["家庭经济状况核对授权书"], 9),
        ],
        lacking_total: 3,
        unbound: vec![
            Unbound {
                household: HouseholdRef::new("99010200300400127", "周桂兰"),
                organisation: "槐荫里社区".to_owned(),
                documents: 1,
                version: Some(2),
            },
            Unbound {
                household: HouseholdRef::new("99010200300700021", "邓庆余"),
                organisation: "石板桥社区".to_owned(),
                documents: 8,
                version: None,
            },
        ],
        unbound_total: 2,
        reading: vec![
            Progress { name: "扫描仪一 · 上午9:42".to_owned(), done: 26, total: 31 },
            Progress { name: "西仓社区送来".to_owned(), done: 18, total: 18 },
        ],
        verified: Some(Verified::sample()),
        figures: Some(Figures { households: 482, documents: 9_214, pages: 16_870, bytes: 5_210_000_000 }),
    }
}

fn extreme() -> Overview {
    let mut page = usual();
    page.frame = Frame::extreme();
    page.waiting_total = 1_000_000;
    page.waiting = vec![waiting(
        1_234_567_890,
        "关于青石县柳桥街道槐荫里社区二〇二六年度城市居民最低生活保障对象定期核查情况的报告",
        999_999,
        Some(("99010200300400127", "阿卜杜勒艾则孜吾买尔江努")),
        State::Due,
        "09:42",
    )];
    page.lacking_total = 1_000_000;
    page.verified = Some(Verified { changed: 1, missing: 12, unseen: 0, ..Verified::sample() });
    page.figures =
        Some(Figures { households: 1_000_000, documents: 21_000_000, pages: 54_000_000, bytes: 16_200_000_000_000 });
    page
}
