//! 统计: the tables of a period with charts beside them, their print, and the list behind
//! a figure.

mod chart;
mod sample;

use askama::Template;

pub use self::chart::{Bar, Chart, HIGHEST, bars};
use super::Page;
use super::frame::{Entry, Frame};
use crate::web::lang::Lang;
use crate::web::{filters, keys, text};

/// A value, and where its list is; no address where nothing is counted.
#[derive(Debug, Clone, Default)]
pub struct Cell {
    /// As it is read; empty where there is none.
    pub value: String,
    /// Where its list is, or empty.
    pub href: String,
}

/// An organisation in a table.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its name.
    pub name: String,
    /// Where its own statistics are, or empty.
    pub href: String,
    /// Its values.
    pub cells: Vec<Cell>,
}

/// A table of the statistics.
#[derive(Debug, Clone)]
pub struct Table {
    /// Its code on the page.
    pub id: &'static str,
    /// What it is called.
    pub title: String,
    /// Its columns without the first.
    pub heads: Vec<String>,
    /// The organisations.
    pub rows: Vec<Row>,
    /// Their sum.
    pub sum: Row,
    /// The same of the period before; empty where all is as of today.
    pub before: Vec<String>,
}

/// Why households went: the reason, how many households and persons, and their list.
#[derive(Debug, Clone)]
pub struct WhyLeft {
    /// The reason.
    pub reason: String,
    /// Households.
    pub households: Cell,
    /// Persons.
    pub persons: String,
}

/// A month of the year.
#[derive(Debug, Clone)]
pub struct Month {
    /// Such as `2026-12`.
    pub month: String,
    /// Where its statistics are.
    pub href: String,
    /// Households, yuan decided, yuan paid.
    pub values: [String; 3],
}

/// What the page and its print show.
#[derive(Debug, Clone, Default)]
pub struct Shown {
    /// The period.
    pub period: String,
    /// The month that stands for its end.
    pub end: String,
    /// The period before.
    pub before: String,
    /// Whose statistics these are.
    pub place: String,
    /// The tables.
    pub tables: Vec<Table>,
    /// Why households went.
    pub reasons: Vec<WhyLeft>,
    /// The months of the year.
    pub months: Vec<Month>,
    /// The charts.
    pub charts: Vec<Chart>,
    /// 低保标准 at the end: whose, and yuan a person and month.
    pub standards: Vec<(String, String)>,
    /// Households and persons at the end.
    pub receiving: (u64, u64),
    /// Households that came and went.
    pub moved: (u64, u64),
}

/// What is asked for.
#[derive(Debug, Clone, Default)]
pub struct Narrowing {
    /// An organisation's code or its beginning.
    pub organisation: String,
    /// A month, quarter or year.
    pub period: String,
    /// 本级: the organisation itself, without those below it.
    pub own: bool,
}

impl Narrowing {
    /// The address of `path` with what is asked for.
    pub fn address(&self, path: &str) -> String {
        text::address(path, &self.fields())
    }

    /// The fields, as addresses have them.
    pub fn fields(&self) -> [(&'static str, &str); 3] {
        let own = if self.own { "yes" } else { "" };
        [("organisation", &self.organisation), ("period", &self.period), ("own", own)]
    }
}

/// The statistics of a period.
#[derive(Debug, Template)]
#[template(path = "statistics.html")]
pub struct StatisticsPage {
    /// The frame.
    pub frame: Frame,
    /// Why what is asked for cannot be, as a sentence.
    pub wrong: Option<String>,
    /// What is asked for.
    pub asked: Narrowing,
    /// What is shown.
    pub shown: Shown,
}

/// The first line of the statistics.
fn sentence(lang: Lang, shown: &Shown) -> String {
    let ((households, persons), (joined, left)) = (shown.receiving, shown.moved);
    match lang {
        Lang::Zh => format!(
            "{}：{}在保{}户{}人，新增{}户，退出{}户。",
            shown.period,
            shown.place,
            text::number(households),
            text::number(persons),
            text::number(joined),
            text::number(left),
        ),
        Lang::En => format!(
            "{}, {}: {}, {}; {joined} came, {left} went.",
            shown.place,
            shown.period,
            lang.count(households, "", "household receives", "households receive"),
            lang.count(persons, "", "person", "persons"),
        ),
    }
}

impl StatisticsPage {
    /// The first line.
    pub fn sentence(&self) -> String {
        sentence(self.frame.lang, &self.shown)
    }

    /// The address of the statistics of another period.
    pub fn of(&self, period: &str) -> String {
        Narrowing { period: period.to_owned(), ..self.asked.clone() }.address("/statistics")
    }
}

/// The statistics as they are printed.
#[derive(Debug, Template)]
#[template(path = "statistics_print.html")]
pub struct StatisticsPrint {
    /// The frame.
    pub frame: Frame,
    /// What is asked for.
    pub asked: Narrowing,
    /// What is shown; what is on paper is Chinese.
    pub shown: Shown,
    /// When it was printed.
    pub printed: String,
}

/// A row behind a figure.
#[derive(Debug, Clone)]
pub struct Counted {
    /// 户号
    pub household: String,
    /// 户主; empty where no such household is known.
    pub head: String,
    /// The community.
    pub organisation: String,
    /// What it is about, in words.
    pub about: String,
    /// 保障人数, or empty.
    pub persons: String,
    /// In yuan, or empty.
    pub amount: String,
    /// The day or month.
    pub day: String,
    /// The last day there was, or empty.
    pub due: String,
    /// How many working days it took, or empty.
    pub days: String,
    /// What is said of it.
    pub words: String,
}

/// The list behind a figure.
#[derive(Debug, Template)]
#[template(path = "statistics_list.html")]
pub struct StatisticsList {
    /// The frame.
    pub frame: Frame,
    /// Back to the statistics.
    pub back: String,
    /// What is counted.
    pub name: String,
    /// The period.
    pub period: String,
    /// Of which organisation, or empty.
    pub place: String,
    /// Only of what, in words, or empty.
    pub about: String,
    /// Whether it is as of today.
    pub of_today: bool,
    /// How many rows there are in all.
    pub count: u64,
    /// The sum of their persons.
    pub persons: u64,
    /// The sum of their amounts in yuan, or empty.
    pub amount: String,
    /// The rows, fifty or so.
    pub rows: Vec<Counted>,
    /// The address of the next part.
    pub more: Option<String>,
}

impl StatisticsList {
    /// The first line.
    pub fn sentence(&self) -> String {
        let lang = self.frame.lang;
        let of = [self.place.as_str(), &self.name, &self.about];
        let of: Vec<&str> = of.into_iter().filter(|part| !part.is_empty()).collect();
        let when = match self.of_today {
            true => lang.t("今天", "today").to_owned(),
            false => self.period.clone(),
        };
        match lang {
            Lang::Zh => format!("{when}，{}：{}条。", of.join("，"), text::number(self.count)),
            Lang::En => {
                format!("{}, {when}: {}.", of.join(", "), lang.count(self.count, "", "row", "rows"))
            }
        }
    }
}

super::page!(StatisticsPage, Some(Entry::Registers), keys::STATISTICS, sample::examples);
super::page!(StatisticsPrint, None, keys::NONE, sample::prints);
super::page!(StatisticsList, Some(Entry::Registers), keys::LIST, sample::lists);
