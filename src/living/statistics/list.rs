//! The list behind a figure: exactly the rows that it counts.

use serde::Serialize;
use utoipa::ToSchema;

use super::sums::median;
use super::timeliness::{self, Counts};
use super::{Asked, Figure, LivingError};
use crate::app::App;
use crate::catalog::statistics::{self as catalog, CountedRow};
use crate::looks;
use crate::model::access::{Actor, Right, scope};
use crate::model::look::{Kind, Look};

/// How many rows a part has at most.
pub const ROWS: u32 = 1000;
/// The most places that can be gone on from.
const FARTHEST: i64 = 10_000_000;
/// The longest text that rows can be about, in characters.
const ABOUT: usize = 500;

/// Which rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// Of whom, and when.
    pub asked: Asked,
    /// Of which figure.
    pub figure: Figure,
    /// Only those about this; empty for all.
    pub about: String,
    /// The place of the first one, from 0.
    pub from: i64,
}

/// A row that is counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = StatisticsRow)]
pub struct Row {
    /// 户号
    pub household: String,
    /// 户主; empty where no such household is known.
    pub head: String,
    /// The community in charge.
    pub organisation: String,
    /// What it is about: a category, a level, `in_time` or `late`, a reason, or empty.
    pub about: String,
    /// 保障人数
    pub persons: i64,
    /// In 分.
    pub amount: i64,
    /// The day or the month.
    pub day: String,
    /// What is said of it: a reason, the code of a type, a step or a procedure, or empty.
    pub words: String,
    /// The last day there was, or empty.
    pub due: String,
    /// How many working days it took, of a case.
    pub days: Option<i64>,
    /// The entry behind it.
    pub entry: i64,
}

impl From<CountedRow> for Row {
    fn from(one: CountedRow) -> Self {
        Self {
            household: one.household,
            head: one.head,
            organisation: one.organisation,
            about: one.about,
            persons: one.persons,
            amount: one.amount,
            day: one.day,
            words: one.words,
            due: String::new(),
            days: None,
            entry: one.entry,
        }
    }
}

impl From<Counts> for Row {
    fn from(one: Counts) -> Self {
        let words = match one.figure {
            Figure::Steps => format!("{}.{}", one.procedure, one.step),
            _ => one.procedure,
        };
        Self {
            household: one.household,
            head: one.head,
            organisation: one.organisation,
            about: one.about,
            persons: 0,
            amount: 0,
            day: one.day,
            words,
            due: one.due.map(|day| day.to_string()).unwrap_or_default(),
            days: one.days,
            entry: one.entry,
        }
    }
}

/// A part of the list behind a figure, and what all of it comes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = StatisticsPart)]
pub struct Part {
    /// The period.
    pub period: String,
    /// How many rows there are in all.
    pub count: i64,
    /// The sum of their persons.
    pub persons: i64,
    /// The sum of their amounts, in 分.
    pub amount: i64,
    /// The median of their days; 0 where they have none.
    pub days: i64,
    /// The rows, by household.
    pub rows: Vec<Row>,
    /// The place where it goes on; none at its end.
    pub next: Option<i64>,
}

/// A part of the list behind a figure, at most `limit` rows. That it is looked at is
/// noted.
///
/// # Errors
/// When what is asked for cannot be, or the look cannot be noted.
pub async fn list(
    app: &App,
    actor: &Actor,
    listing: &Listing,
    limit: u32,
) -> Result<Part, LivingError> {
    actor.must(Right::Look)?;
    let (wanted, visible) = (listing.asked.read(app)?, scope(actor));
    let (figure, about, from) = (listing.figure, listing.about.as_str(), listing.from);
    if !(0..=FARTHEST).contains(&from) {
        return Err(LivingError::Asked("a position is one that was handed out"));
    }
    if about.chars().count() > ABOUT || about.chars().any(char::is_control) {
        return Err(LivingError::Asked("what rows are about has at most 500 characters"));
    }
    let limit = limit.min(ROWS);
    let mut part = Part {
        period: wanted.period.to_string(),
        count: 0,
        persons: 0,
        amount: 0,
        days: 0,
        rows: Vec::new(),
        next: None,
    };
    let is_meant = |one: &str| about.is_empty() || one == about;
    let mut tx = app.db.read().await?;
    if matches!(figure, Figure::Reviews | Figure::Steps | Figure::Cases) {
        let walked = timeliness::walked(app, &mut tx, &visible, &wanted).await?;
        let is_asked = |one: &&timeliness::Counts| one.figure == figure && is_meant(&one.about);
        let all: Vec<_> = walked.iter().filter(is_asked).cloned().collect();
        part.count = i64::try_from(all.len()).unwrap_or(i64::MAX);
        part.days = median(all.iter().filter_map(|one| one.days).collect());
        let skipped = usize::try_from(from).unwrap_or(usize::MAX);
        part.rows = all.into_iter().skip(skipped).take(limit as usize).map(Row::from).collect();
    } else {
        for one in catalog::counted(&mut tx, &visible, figure, &wanted).await? {
            if is_meant(&one.about) {
                part.count += one.count;
                part.persons += one.persons;
                part.amount += one.amount;
            }
        }
        let which = (figure, about);
        let found = catalog::listed(&mut tx, &visible, which, &wanted, (from, limit)).await?;
        part.rows = found.into_iter().map(Row::from).collect();
    }
    drop(tx);
    let end = from + i64::try_from(part.rows.len()).unwrap_or(0);
    part.next = (end < part.count && !part.rows.is_empty()).then_some(end);
    let title = format!("统计 {} {} {}", figure.zh(), part.period, listing.asked.organisation);
    let look = Look::new(Kind::Open).titled(title.trim_end()).counting(part.rows.len());
    looks::shows_at_work(app, actor, look).await?;
    Ok(part)
}
