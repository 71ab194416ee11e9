//! 总览: what waits for someone, and whether the archive is whole.

mod sample;

use super::Page;
use super::frame::{Entry, Frame};
use super::part::{FailedJob, HouseholdRef, Progress, State, Verified};
use super::search::SavedRow;
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
    /// What is due of cases, reviews and registers, and after a death.
    pub due: Due,
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
    /// How many pages were read badly.
    pub doubtful: u64,
    /// Reading under way.
    pub reading: Vec<Progress>,
    /// The last verification; `None` when there never was one.
    pub verified: Option<Verified>,
    /// The saved searches of the person, by name.
    pub saved: Vec<SavedRow>,
    /// Counts of the whole scope; `None` while they are not known.
    pub figures: Option<Figures>,
}

/// What is past its day, due today, and due this week.
#[derive(Debug, Default)]
pub struct Due {
    /// How many are past their day.
    pub late: u64,
    /// How many are due today.
    pub now: u64,
    /// How many are due later this week.
    pub week: u64,
    /// The first of each, the most pressing first.
    pub rows: [Vec<DueRow>; 3],
    /// The next day on which something is due, where nothing is this week.
    pub next: Option<String>,
}

/// Something that is due.
#[derive(Debug)]
pub struct DueRow {
    /// Where it is done.
    pub href: String,
    /// 户主, or the number of a row; with the short 户号, or empty.
    pub who: (String, String),
    /// The matter.
    pub about: String,
    /// 现在停在
    pub held_at: String,
    /// Whose it is: level and organisation.
    pub owner: String,
    /// The last day.
    pub due: String,
    /// How many days are left; negative when it is late.
    pub left: i64,
}

impl Due {
    /// How many there are.
    pub fn total(&self) -> u64 {
        self.late + self.now + self.week
    }

    /// The groups: name, how many, rows, and how they are drawn; empty ones left out.
    pub fn groups(&self, lang: Lang) -> Vec<(&'static str, u64, &Vec<DueRow>, State)> {
        let [late, now, week] = &self.rows;
        [
            (lang.t("过了期限", "Past due"), self.late, late, State::Late),
            (lang.t("今天", "Today"), self.now, now, State::Due),
            (lang.t("本周", "This week"), self.week, week, State::Run),
        ]
        .into_iter()
        .filter(|(_, count, ..)| *count > 0)
        .collect()
    }

    /// The first line, where something is due: 「今天有14件要办，其中3件已过期限。」
    pub fn sentence(&self, lang: Lang) -> Option<String> {
        let today = self.late + self.now;
        Some(match (today, self.late, self.week, lang) {
            (0, _, 0, _) => return None,
            (0, _, week, Lang::Zh) => format!("今天没有到期的，本周有{}件要办", text::number(week)),
            (0, _, week, Lang::En) => {
                format!("Nothing is due today, {} this week", text::number(week))
            }
            (_, 0, _, Lang::Zh) => format!("今天有{}件要办", text::number(today)),
            (_, 0, _, Lang::En) => {
                lang.count(today, "", "matter is due today", "matters are due today")
            }
            (_, late, _, Lang::Zh) => {
                format!("今天有{}件要办，其中{}件已过期限", text::number(today), text::number(late))
            }
            (_, late, _, Lang::En) => format!(
                "{}, {} of them past due",
                lang.count(today, "", "matter is due", "matters are due"),
                text::number(late)
            ),
        })
    }
}

impl DueRow {
    /// How long is left, in words.
    pub fn days(&self, lang: Lang) -> String {
        let days = self.left.unsigned_abs();
        match (self.left, lang) {
            (0, _) => lang.t("今天", "today").to_owned(),
            (left, Lang::Zh) if left < 0 => format!("过期{days}天"),
            (_, Lang::Zh) => format!("剩{days}天"),
            (left, Lang::En) if left < 0 => lang.count(days, "", "day late", "days late"),
            (_, Lang::En) => lang.count(days, "", "day left", "days left"),
        }
    }
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

impl Lacking {
    /// The first missing types, and how many there are when more are missing.
    pub fn phrase(&self, lang: Lang) -> String {
        const SHOWN: usize = 3;
        let names = lang.list(self.missing.get(..SHOWN).unwrap_or(&self.missing));
        let more = self.missing.len().saturating_sub(SHOWN) as u64;
        match (more, lang) {
            (0, _) => names,
            (_, Lang::Zh) => format!("{names}等{}件", self.missing.len()),
            (_, Lang::En) => format!("{names} and {} more", text::number(more)),
        }
    }
}

impl Overview {
    /// Whether nothing waits for anyone.
    pub fn is_calm(&self) -> bool {
        self.failed.is_empty()
            && self.due.total() == 0
            && self.waiting_total + self.lacking_total + self.unbound_total == 0
    }

    /// What waits, apart from stopped jobs, as clauses of the first sentence.
    pub fn clauses(&self) -> Vec<String> {
        let lang = self.lang();
        let mut clauses: Vec<String> = self.due.sentence(lang).into_iter().collect();
        if self.waiting_total > 0 {
            clauses.push(lang.count(
                self.waiting_total,
                "件待确认",
                "paper to confirm",
                "papers to confirm",
            ));
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
            clauses.push(lang.count(
                self.unbound_total,
                "户有件没装订",
                "volume to bind",
                "volumes to bind",
            ));
        }
        clauses
    }

    /// The next day on which something is due, where nothing is this week.
    pub fn ahead(&self) -> Option<String> {
        let day = text::day(self.lang(), self.due.next.as_ref()?);
        Some(match self.lang() {
            Lang::Zh => format!("下一个期限是{day}。"),
            Lang::En => format!("The next deadline is {day}."),
        })
    }

    /// Today with its day of the week.
    pub fn day(&self) -> String {
        text::week_day(self.lang(), &self.today)
    }
}

super::page!(Overview, Some(Entry::Overview), keys::OVERVIEW, sample::examples);
