//! 统计: the statistics of a month, a quarter or a year by organisation, the period before
//! beside it, and the list behind each of its figures.
//!
//! A household counts with the community that is in charge of it today, in every period:
//! who was there at the end of the period before, and who came, less who went, are those
//! who are there at its end.

mod kept;
mod list;
mod sums;
mod timeliness;

use serde::Serialize;
use utoipa::ToSchema;

use self::kept::{counted, held};
pub use self::list::{Listing, Part, ROWS, Row, list};
use self::sums::{Sums, reasons};
use super::standards::{InForce, Standards};
use super::{LivingError, itself, names, region, today};
use crate::app::App;
use crate::catalog::statistics::Wanted;
use crate::db::DbError;
use crate::looks;
use crate::model::access::{Actor, Right, Scope, scope};
use crate::model::codes::household;
use crate::model::field::Of;
use crate::model::look::{Kind, Look};
use crate::model::month::Month;
use crate::model::period::Period;
use crate::model::statistics::{Figure, Line, lines};

/// Which statistics are asked for, as it is typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// The code of an organisation, or the beginning of codes; empty for the own scope.
    pub organisation: String,
    /// A month, quarter or year: `2026-12`, `2026-Q4`, `2026`; this month when empty.
    pub period: String,
    /// 本级: the organisation itself, without those below it.
    pub own: bool,
}

impl Asked {
    fn read(&self, app: &App) -> Result<Wanted, LivingError> {
        let today = today(app);
        let period = match self.period.trim() {
            "" => Period::month(Month::of(today)),
            typed => typed
                .parse()
                .map_err(|_| LivingError::Asked("a period is one like 2026-12, 2026-Q4 or 2026"))?,
        };
        let organisation = match self.own {
            true => itself(&self.organisation)?,
            false => region(&self.organisation)?,
        };
        Ok(wanted(organisation, period, today))
    }
}

/// What stands for the end of a period: its last month, or this one while it goes on.
fn wanted(organisation: String, period: Period, today: jiff::civil::Date) -> Wanted {
    let end = period.last().min(Month::of(today)).max(period.first());
    Wanted { organisation, period, end, today: today.to_string() }
}

/// An organisation of the next lower level, or the one itself, and its values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = StatisticsPlace)]
pub struct Place {
    /// The code of the organisation.
    pub organisation: String,
    /// Its name, or its code again.
    pub name: String,
    /// 本级: these are the households directly of an organisation that has others below it.
    pub own: bool,
    /// 低保标准 that holds for it at the end, unless one below it has another, in 分.
    pub standard: Option<i64>,
    /// A value for each line, in 分 where it is an amount.
    pub values: Vec<i64>,
}

/// Why households went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = StatisticsReason)]
pub struct WhyLeft {
    /// The reason, as the decision has it.
    pub reason: String,
    /// How many households.
    pub count: i64,
    /// How many persons.
    pub persons: i64,
}

/// A month of the year, for the charts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = StatisticsMonth)]
pub struct Point {
    /// Such as `2026-12`.
    pub month: String,
    /// How many households receive the allowance.
    pub households: i64,
    /// What decisions give in it, in 分.
    pub entitled: i64,
    /// What banks paid for it, in 分.
    pub paid: i64,
}

/// The statistics of a period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Statistics {
    /// The period.
    pub period: String,
    /// The month that stands for its end.
    pub end: String,
    /// The period before.
    pub before: String,
    /// The beginning of the codes of what is counted.
    pub organisation: String,
    /// What the values are.
    pub lines: Vec<Line>,
    /// The organisations of the next lower level, and the one itself where it has households
    /// directly.
    pub places: Vec<Place>,
    /// The sum of all: of each line.
    pub sum: Vec<i64>,
    /// The same of the period before; none for what is of today or counts statements.
    pub previous: Vec<Option<i64>>,
    /// Why households went, the most frequent first.
    pub reasons: Vec<WhyLeft>,
    /// 低保标准: those that hold in the month that stands for the end.
    pub standards: Vec<InForce>,
    /// The months of the year up to now.
    pub months: Vec<Point>,
}

/// How many digits the codes of the next lower level begin with.
fn below(start: &str) -> usize {
    match start.len() {
        0..=5 => 6,
        6..=8 => 9,
        _ => 12,
    }
}

/// The statistics of the own scope.
///
/// # Errors
/// When what is asked for cannot be.
pub async fn statistics(
    app: &App,
    actor: &Actor,
    asked: &Asked,
) -> Result<Statistics, LivingError> {
    actor.must(Right::Look)?;
    let (wanted, visible) = (asked.read(app)?, scope(actor));
    let start = match wanted.organisation.len() > visible.prefix().len() {
        true => wanted.organisation.clone(),
        false => visible.prefix().to_owned(),
    };
    let before = wanted.period.before();
    let before = self::wanted(wanted.organisation.clone(), before, today(app));
    // Side by side: each goes through all decisions of the scope.
    let (sums, earlier, months) = tokio::try_join!(
        Sums::of(app, &visible, &wanted, true),
        Sums::of(app, &visible, &before, false),
        months(app, &visible, &wanted),
    )?;
    let causes = app.rules.field(Of::Household, household::CAUSE).ok();
    let lines = lines(&app.rules.categories, causes);
    let names = names(app).await?;
    let mut tx = app.db.read().await?;
    let standards = Standards::read(&mut tx).await?;
    drop(tx);
    let code = format!("{start:0<12}");
    // Households directly of the organisation stand beside those of what is below it.
    let place_of = |organisation| match organisation == code {
        true => organisation,
        false => str::get(organisation, ..below(&start)).unwrap_or(organisation),
    };
    let place = |(start, values): (&str, Vec<i64>)| {
        let organisation = format!("{start:0<12}");
        let own = start.len() == 12 && region(start).is_ok_and(|all| all != start);
        let standard = standards.amount_of(&organisation, wanted.end);
        Place { name: names.of(&organisation), organisation, own, standard, values }
    };
    let earlier = earlier.in_all(&lines);
    let previous = |(line, value): (&Line, i64)| Some(value).filter(|_| line.figure.is_compared());
    Ok(Statistics {
        period: wanted.period.to_string(),
        end: wanted.end.to_string(),
        before: before.period.to_string(),
        sum: sums.in_all(&lines),
        previous: lines.iter().zip(earlier).map(previous).collect(),
        places: sums.by_place(&lines, place_of).into_iter().map(place).collect(),
        reasons: reasons(&sums),
        standards: standards.in_force(&start, wanted.end, &names),
        months,
        organisation: start,
        lines,
    })
}

/// Notes that the statistics were printed.
///
/// # Errors
/// When the look cannot be noted.
pub async fn prints(app: &App, actor: &Actor, asked: &Asked) -> Result<(), LivingError> {
    let title = format!("统计 {} {}", asked.period.trim(), asked.organisation.trim());
    let look = Look::new(Kind::Print).titled(title.trim_end());
    Ok(looks::shows_at_work(app, actor, look).await?)
}

/// The months of the year of a period, up to this one.
async fn months(app: &App, visible: &Scope, asked: &Wanted) -> Result<Vec<Point>, DbError> {
    let today = today(app);
    let year = Period::year_of(asked.period.first());
    let mut points = Vec::new();
    let mut tx = app.db.read().await?;
    let whole = wanted(asked.organisation.clone(), year, today);
    let held = held(app, &mut tx, visible, &whole).await?;
    for month in year.months().filter(|month| *month <= Month::of(today)) {
        let of_month = wanted(asked.organisation.clone(), Period::month(month), today);
        let now = || held.iter().filter(|one| one.is_in(month));
        let paid = counted(app, &mut tx, visible, Figure::Paid, &of_month).await?;
        points.push(Point {
            month: month.to_string(),
            households: now().map(|one| one.count).sum(),
            entitled: now().map(|one| one.amount).sum(),
            paid: paid.iter().map(|one| one.amount).sum(),
        });
    }
    Ok(points)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_period_ends_with_this_month_while_it_goes_on() {
        let today = date(2026, 11, 23);
        let end = |typed: &str| {
            let period: Period = typed.parse().unwrap_or(Period::month(Month::of(today)));
            wanted(String::new(), period, today).end.to_string()
        };
        assert_eq!(end("2026"), "2026-11");
        assert_eq!(end("2026-Q3"), "2026-09");
        assert_eq!(end("2026-Q4"), "2026-11");
        assert_eq!(end("2027-02"), "2027-02");
    }

    #[test]
    fn the_next_lower_level_has_longer_codes() {
        assert_eq!(["", "990102", "990102003", "990102003004"].map(below), [6, 9, 12, 12]);
    }
}
