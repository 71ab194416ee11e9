//! 复审日历: which households are to be reviewed when, and which cases wait for
//! whom until when.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use serde::Serialize;
use utoipa::ToSchema;

use super::{LivingError, collector, region, today};
use crate::app::App;
use crate::catalog::cases::{self, ReviewRow, Waiting};
use crate::looks;
use crate::model::access::{Actor, Right, scope};
use crate::model::id::HouseholdNo;
use crate::model::look::{Kind, Look};

/// How many weeks the strip has.
const WEEKS: usize = 52;
/// The most rows of a sheet.
const PRINTED: u32 = 2000;

/// Which reviews are asked for, as it is typed. Empty fields narrow nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// The code of an organisation, or the beginning of codes.
    pub organisation: String,
    /// 类别
    pub category: String,
    /// The last day by which they are due.
    pub until: Option<Date>,
    /// Those after this one: `day.household`.
    pub after: String,
}

impl Asked {
    fn read(&self, app: &App) -> Result<cases::Reviews, LivingError> {
        let wrong = LivingError::Asked("a position is one that was handed out");
        let after = match self.after.split_once('.') {
            None if self.after.is_empty() => Default::default(),
            Some((day, no)) if day.parse::<Date>().is_ok() && no.parse::<HouseholdNo>().is_ok() => {
                (day.to_owned(), no.to_owned())
            }
            _ => return Err(wrong),
        };
        let category = self.category.trim();
        if !category.is_empty() && app.rules.category(category).is_none() {
            return Err(LivingError::Asked("a category is one of the rules, such as B"));
        }
        Ok(cases::Reviews {
            organisation: region(&self.organisation)?,
            category: category.to_owned(),
            until: self.until.map(|day| day.to_string()).unwrap_or_default(),
            after,
        })
    }
}

/// Where the list goes on behind a row.
#[must_use]
pub fn behind(row: &ReviewRow) -> String {
    format!("{}.{}", row.due, row.household)
}

/// The households of the own scope that are to be reviewed, earliest first, at most
/// `limit`.
///
/// # Errors
/// When what is asked for cannot be.
pub async fn reviews(
    app: &App,
    actor: &Actor,
    asked: &Asked,
    limit: u32,
) -> Result<Vec<ReviewRow>, LivingError> {
    actor.must(Right::Look)?;
    let asked = asked.read(app)?;
    let mut tx = app.db.read().await?;
    Ok(cases::reviews(&mut tx, &scope(actor), &asked, limit).await?)
}

/// 走访名单: as [`reviews`], as it is printed; that it was printed is noted.
///
/// # Errors
/// When what is asked for cannot be, or the look cannot be noted.
pub async fn sheet(app: &App, actor: &Actor, asked: &Asked) -> Result<Vec<ReviewRow>, LivingError> {
    let asked = Asked { after: String::new(), ..asked.clone() };
    let mut found = reviews(app, actor, &asked, PRINTED).await?;
    found.sort_by(|a, b| (&a.organisation, &a.due).cmp(&(&b.organisation, &b.due)));
    let title = format!("复审走访名单 {}", asked.organisation);
    let look = Look::new(Kind::Print).titled(title.trim_end()).counting(found.len());
    looks::shows_at_work(app, actor, look).await?;
    Ok(found)
}

/// How many reviews are due in a week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ReviewWeek)]
pub struct Week {
    /// Its Monday.
    #[schema(value_type = String, format = Date)]
    pub monday: Date,
    /// How many.
    pub due: i64,
    /// How many of its days from Monday to Sunday are worked.
    pub worked: u8,
}

/// A year of reviews.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ReviewYear)]
pub struct Year {
    /// Today, in China.
    #[schema(value_type = String, format = Date)]
    pub today: Date,
    /// How many are past their day.
    pub late: i64,
    /// This week and the 51 after it.
    pub weeks: Vec<Week>,
    /// How many are due after those.
    pub later: i64,
    /// Whether the holidays of all these weeks are known.
    pub holidays_known: bool,
}

/// The year strip: how many reviews are due in which week.
///
/// # Errors
/// When what is asked for cannot be.
pub async fn year(app: &App, actor: &Actor, asked: &Asked) -> Result<Year, LivingError> {
    actor.must(Right::Look)?;
    let asked = asked.read(app)?;
    let mut tx = app.db.read().await?;
    let days = cases::reviews_by_day(&mut tx, &scope(actor), &asked).await?;
    drop(tx);
    Ok(by_week(&app.rules.holidays, today(app), &days))
}

fn by_week(
    holidays: &crate::model::workdays::Holidays,
    today: Date,
    days: &[(String, i64)],
) -> Year {
    let back = i64::from(today.weekday().since(Weekday::Monday));
    let first = today.saturating_sub(back.days());
    let monday = |week: usize| first.saturating_add((7 * week as i64).days());
    let mut year = Year { today, late: 0, weeks: Vec::new(), later: 0, holidays_known: true };
    for week in 0..WEEKS {
        let begins = monday(week);
        let all = (0..7_i64).map(|day| begins.saturating_add(day.days()));
        let worked = all.clone().filter(|day| holidays.is_worked(*day)).count();
        year.holidays_known &= all.clone().all(|day| holidays.knows(day));
        year.weeks.push(Week { monday: begins, due: 0, worked: u8::try_from(worked).unwrap_or(7) });
    }
    for (day, count) in days {
        let Ok(day) = day.parse::<Date>() else { continue };
        if day < today {
            year.late += count;
            continue;
        }
        match year.weeks.iter_mut().rev().find(|week| week.monday <= day) {
            Some(week) if day < week.monday.saturating_add(7.days()) => week.due += count,
            _ => year.later += count,
        }
    }
    year
}

/// 待办: the cases of the own scope that wait for a step of `level` (of any, when
/// it is empty), the most pressing first, at most `limit`.
///
/// # Errors
/// When there is no such level.
pub async fn waiting(
    app: &App,
    actor: &Actor,
    level: &str,
    limit: u32,
) -> Result<Vec<Waiting>, LivingError> {
    actor.must(Right::Look)?;
    let level = collector(level)?;
    let mut tx = app.db.read().await?;
    Ok(cases::waiting(&mut tx, &scope(actor), &level, limit).await?)
}

/// How many cases wait for each level, and how many of them are late: level,
/// waiting, late.
///
/// # Errors
/// When the database fails.
pub async fn counts(app: &App, actor: &Actor) -> Result<Vec<(String, i64, i64)>, LivingError> {
    actor.must(Right::Look)?;
    let mut tx = app.db.read().await?;
    Ok(cases::counts(&mut tx, &scope(actor), today(app)).await?)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::model::workdays::Holidays;

    #[test]
    fn reviews_are_counted_by_the_week() {
        let holidays = Holidays::parse(include_str!("../../schemas/rules/holidays.toml")).unwrap();
        // A Wednesday; its week begins on the 28th.
        let today = date(2026, 9, 30);
        let days = [
            ("2026-09-29".to_owned(), 2),
            ("2026-09-30".to_owned(), 1),
            ("2026-10-04".to_owned(), 3),
            ("2026-10-05".to_owned(), 4),
            ("2027-09-26".to_owned(), 5),
            ("2027-09-27".to_owned(), 6),
        ];
        let year = by_week(&holidays, today, &days);
        assert_eq!(year.weeks.len(), 52);
        assert_eq!((year.late, year.later), (2, 6));
        assert_eq!(year.weeks[0], Week { monday: date(2026, 9, 28), due: 4, worked: 3 });
        // Two days after the holidays, and the Saturday that is worked for them.
        assert_eq!(year.weeks[1], Week { monday: date(2026, 10, 5), due: 4, worked: 3 });
        assert_eq!(year.weeks[51].due, 5);
        assert!(!year.holidays_known);
    }
}
