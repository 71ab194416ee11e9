//! 统计: the rows that the statistics count, each figure by one query, and the sums of
//! them. The list of a figure and its sum come from the same query.

mod figures;

use sqlx::FromRow;

use crate::args;
use crate::db::{Arg, DbError, Tx};
use crate::model::access::Scope;
use crate::model::month::Month;
use crate::model::period::Period;
use crate::model::statistics::Figure;

/// Of whom, and when.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The beginning of the codes of organisations.
    pub organisation: String,
    /// The period.
    pub period: Period,
    /// The month that stands for its end.
    pub end: Month,
    /// Today, in China.
    pub today: String,
}

/// A month as a number: the months of the calendar one after another.
fn ordinal(month: Month) -> i64 {
    let day = month.first();
    i64::from(day.year()) * 12 + i64::from(day.month())
}

impl Wanted {
    fn args(&self, scope: &Scope) -> Vec<Arg> {
        let (first, last) = self.period.days();
        args![
            format!("{}%", scope.prefix()),
            format!("{}%", self.organisation),
            ordinal(self.period.first()),
            ordinal(self.end),
            self.period.first().to_string(),
            self.period.last().to_string(),
            first.to_string(),
            last.to_string(),
            &self.today,
            self.end.to_string(),
        ]
        .to_vec()
    }
}

/// What the rows of a figure come to in a community.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Counted {
    /// The community in charge now.
    pub organisation: String,
    /// What they are about.
    pub about: String,
    /// How many.
    pub count: i64,
    /// The sum of their persons.
    pub persons: i64,
    /// The sum of their amounts, in 分.
    pub amount: i64,
}

/// A row that is counted.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct CountedRow {
    /// 户号
    pub household: String,
    /// 户主; empty where no such household is known.
    pub head: String,
    /// The community in charge now.
    pub organisation: String,
    /// What it is about.
    pub about: String,
    /// 保障人数
    pub persons: i64,
    /// In 分.
    pub amount: i64,
    /// The day or the month.
    pub day: String,
    /// What is said of it: a reason, the code of a type or a step, or empty.
    pub words: String,
    /// The entry behind it.
    pub entry: i64,
}

/// What the rows of a figure come to, by community and what they are about. None for a
/// figure that has no query.
///
/// # Errors
/// When the database refuses.
pub async fn counted(
    tx: &mut Tx,
    scope: &Scope,
    figure: Figure,
    wanted: &Wanted,
) -> Result<Vec<Counted>, DbError> {
    match figures::counted(figure) {
        Some(sql) => tx.all(sql, &wanted.args(scope)).await,
        None => Ok(Vec::new()),
    }
}

/// What of one figure, as [`of_decisions`] reads it.
#[derive(Debug, FromRow)]
struct OfFigure {
    figure: String,
    organisation: String,
    about: String,
    count: i64,
    persons: i64,
    amount: i64,
}

/// Whether [`of_decisions`] counts a figure.
#[must_use]
pub fn is_of_decisions(figure: Figure) -> bool {
    figures::OF_DECISIONS.0.contains(&figure)
}

/// As [`counted`], of all figures that are made of decisions.
///
/// # Errors
/// When the database refuses.
pub async fn of_decisions(
    tx: &mut Tx,
    scope: &Scope,
    wanted: &Wanted,
) -> Result<Vec<(Figure, Counted)>, DbError> {
    let found: Vec<OfFigure> = tx.all(figures::OF_DECISIONS.1, &wanted.args(scope)).await?;
    let one = |row: OfFigure| {
        let OfFigure { figure, organisation, about, count, persons, amount } = row;
        Some((Figure::named(&figure)?, Counted { organisation, about, count, persons, amount }))
    };
    Ok(found.into_iter().filter_map(one).collect())
}

/// How many households receive how much from a month on until before another one.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Held {
    n_from: i64,
    n_past: i64,
    /// How many decisions.
    pub count: i64,
    /// What they give a month in all, in 分.
    pub amount: i64,
}

impl Held {
    /// Whether it is so in a month.
    #[must_use]
    pub fn is_in(&self, month: Month) -> bool {
        (self.n_from..self.n_past).contains(&ordinal(month))
    }
}

/// What decisions give in the months of a period, summed by the months they hold.
///
/// # Errors
/// When the database refuses.
pub async fn held(tx: &mut Tx, scope: &Scope, wanted: &Wanted) -> Result<Vec<Held>, DbError> {
    tx.all(
        figures::HELD,
        args![
            format!("{}%", scope.prefix()),
            format!("{}%", wanted.organisation),
            ordinal(wanted.period.first()),
            ordinal(wanted.end),
        ],
    )
    .await
}

/// The rows of a figure about `about` (all, when it is empty), by household, from the
/// place `from` on, at most `limit`. None for a figure that has no query.
///
/// # Errors
/// When the database refuses.
pub async fn listed(
    tx: &mut Tx,
    scope: &Scope,
    (figure, about): (Figure, &str),
    wanted: &Wanted,
    (from, limit): (i64, u32),
) -> Result<Vec<CountedRow>, DbError> {
    let Some(sql) = figures::listed(figure) else { return Ok(Vec::new()) };
    let mut args = wanted.args(scope);
    args.extend_from_slice(args![about, limit, from]);
    tx.all(sql, &args).await
}

/// A step of a household that had a step in the period, with what it decided.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Walked {
    /// 户号
    pub household: String,
    /// 户主
    pub head: String,
    /// The community in charge now.
    pub organisation: String,
    /// The number of the case.
    pub case_no: i64,
    /// The code of its procedure.
    pub procedure: String,
    /// The code of the step.
    pub step: String,
    /// The day it was taken.
    pub on_day: String,
    /// 联签单位, or empty.
    pub office: String,
    /// The entry that recorded it.
    pub entry: i64,
    /// What it did to the allowance, or empty.
    pub effect: String,
    /// 类别 from then on, or empty.
    pub category: String,
    /// The last month of a phase-out, or empty.
    pub until_month: String,
}

/// All steps up to the end of the period, in the order they were recorded, of the
/// households of the scope that had one in it, household by household.
///
/// # Errors
/// When the database refuses.
pub async fn walked(tx: &mut Tx, scope: &Scope, wanted: &Wanted) -> Result<Vec<Walked>, DbError> {
    let (first, last) = wanted.period.days();
    tx.all(
        "SELECT s.household, h.head, h.organisation, s.case_no, c.procedure, s.step, s.on_day,
                s.office, s.entry, COALESCE(b.effect, '') AS effect, COALESCE(b.category, '') AS category,
                COALESCE(b.until_month, '') AS until_month
         FROM case_step s JOIN household h ON h.no = s.household
         JOIN case_file c ON c.household = s.household AND c.no = s.case_no
         LEFT JOIN benefit b ON b.entry = s.entry
         WHERE s.on_day <= $4 AND h.organisation LIKE $1 AND h.organisation LIKE $2
           AND s.household IN (SELECT t.household FROM case_step t
                               WHERE t.on_day >= $3 AND t.on_day <= $4)
         ORDER BY s.household, s.entry",
        args![
            format!("{}%", scope.prefix()),
            format!("{}%", wanted.organisation),
            first.to_string(),
            last.to_string(),
        ],
    )
    .await
}
