//! The lists that acts fill by themselves, as tables with the columns they have on paper.

mod changes;
mod due;
mod money;
mod near_relatives;
mod notices;
mod payments;
mod roster;
mod statistics;

use jiff::civil::Date;

use super::{Asked, Filled, RegisterError, Table, today};
use crate::app::App;
use crate::living::LivingError;
use crate::model::access::Actor;
use crate::model::field::Of;
use crate::model::month::Month;
use crate::model::period::Period;
use crate::sheet::{Cell, Column, Sheet};

/// What is wanted of a list, by whom, and at most how many rows.
#[derive(Clone, Copy)]
struct Wanted<'a> {
    app: &'a App,
    actor: &'a Actor,
    asked: &'a Asked,
    limit: u32,
}

/// Rows of a list, and where it goes on; none at its end.
type Part<T> = (Vec<T>, Option<String>);

pub(super) async fn table(
    app: &App,
    actor: &Actor,
    list: Filled,
    asked: &Asked,
    limit: u32,
) -> Result<Table, RegisterError> {
    if !asked.household.trim().is_empty() && list != Filled::Notices {
        return Err(LivingError::Asked("this list is not narrowed to a household").into());
    }
    let wanted = Wanted { app, actor, asked, limit };
    match list {
        Filled::Roster => roster::roster(wanted).await,
        Filled::Changes => changes::changes(wanted).await,
        Filled::NearRelatives => near_relatives::near_relatives(wanted).await,
        Filled::Missing => due::missing(wanted).await,
        Filled::Reviews => due::reviews(wanted).await,
        Filled::Differences => money::differences(wanted).await,
        Filled::Assessment => money::assessment(wanted).await,
        Filled::Fund => money::fund(wanted).await,
        Filled::Recoveries => money::recoveries(wanted).await,
        Filled::Statistics => statistics::statistics(app, actor, asked).await,
        Filled::Payments => payments::payments(wanted).await,
        Filled::Notices => notices::notices(wanted).await,
    }
}

/// A list as a table: of each row where it leads, and its cells.
fn filled<T>(
    list: Filled,
    names: &[(&str, &str)],
    (rows, next): Part<T>,
    line: impl Fn(&T) -> (String, Vec<Cell>),
) -> Table {
    let mut table = Table { next, ..begun(list, names) };
    for row in &rows {
        let (lead, cells) = line(row);
        table.push(lead, false, cells);
    }
    table
}

/// A list with its columns, by their Chinese and English names, and no row yet.
fn begun(list: Filled, names: &[(&str, &str)]) -> Table {
    let columns = names.iter().map(|(zh, en)| Column::new(zh, en)).collect();
    let sheet = Sheet { name: list.zh().to_owned(), columns, rows: Vec::new() };
    Table { sheet, ..Table::default() }
}

fn text(value: &str) -> Cell {
    Cell::Text(value.to_owned())
}

/// The value of a field, in both languages where it is one of the choices.
fn chosen(app: &App, of: Of, field: &str, value: &str) -> Cell {
    let english = app.rules.field(of, field).ok().and_then(|rule| rule.english(value));
    english.map_or_else(|| text(value), |english| Cell::word(value, english))
}

/// Where the file of a household is.
fn file(household: &str) -> String {
    format!("/household/{household}")
}

/// The month that is asked for; this one where none is.
fn month(app: &App, asked: &Asked) -> Result<Month, LivingError> {
    match asked.period.trim() {
        "" => Ok(Month::of(today(app))),
        typed => typed.parse().map_err(|_| LivingError::Asked("a month is one like 2026-12")),
    }
}

/// The days of a month, a quarter or a year.
pub(super) fn days(period: &str, today: Date) -> Result<(Date, Date), LivingError> {
    let period = match period.trim() {
        "" => Period::month(Month::of(today)),
        typed => typed
            .parse()
            .map_err(|_| LivingError::Asked("a period is one like 2026-12, 2026-Q4 or 2026"))?,
    };
    Ok(period.days())
}

/// The part that is asked for of a list that was made whole.
fn slice<T>(all: Vec<T>, asked: &Asked, limit: u32) -> Result<Part<T>, LivingError> {
    let from: usize = match asked.after.as_str() {
        "" => 0,
        typed => {
            let wrong = |_| LivingError::Asked("a position is one that was handed out");
            typed.parse().map_err(wrong)?
        }
    };
    let end = from.saturating_add(limit as usize);
    let next = (all.len() > end).then(|| end.to_string());
    Ok((all.into_iter().skip(from).take(limit as usize).collect(), next))
}

/// One row more than is wanted: whether there are more is seen by it.
const fn one_more(limit: u32) -> u32 {
    limit.saturating_add(1)
}

/// The part of a list of which [`one_more`] was read; it goes on behind its last row.
fn part<T>(mut read: Vec<T>, limit: u32, behind: impl Fn(&T) -> String) -> Part<T> {
    let more = read.len() > limit as usize;
    read.truncate(limit as usize);
    let next = read.last().filter(|_| more).map(behind);
    (read, next)
}

/// One more than a file holds: whether there are more is seen by it.
const WHOLE: u32 = super::MOST + 1;

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_period_is_a_month_a_quarter_or_a_year() {
        let today = date(2026, 11, 23);
        for (typed, from, until) in [
            ("", date(2026, 11, 1), date(2026, 11, 30)),
            ("2026-02", date(2026, 2, 1), date(2026, 2, 28)),
            ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31)),
            ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
            ("2025", date(2025, 1, 1), date(2025, 12, 31)),
        ] {
            assert_eq!(days(typed, today).unwrap(), (from, until), "{typed}");
        }
        for bad in ["2026-13", "2026-Q5", "2026-Q0", "26", "x", "-2026"] {
            assert!(days(bad, today).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_list_goes_on_where_it_ended() {
        let asked = |after: &str| Asked { after: after.to_owned(), ..Asked::default() };
        let all = || vec![1, 2, 3, 4, 5];
        assert_eq!(slice(all(), &asked(""), 2).unwrap(), (vec![1, 2], Some("2".to_owned())));
        assert_eq!(slice(all(), &asked("4"), 2).unwrap(), (vec![5], None));
        assert!(slice(all(), &asked("x"), 2).is_err());
    }
    #[test]
    fn a_list_that_was_read_a_row_further_goes_on_behind_its_last_row() {
        let behind = |row: &i32| format!("behind {row}");
        assert_eq!(one_more(2), 3);
        assert_eq!(part(vec![7, 8, 9], 2, behind), (vec![7, 8], Some("behind 8".to_owned())));
        assert_eq!(part(vec![7, 8], 2, behind), (vec![7, 8], None));
        assert_eq!(part(Vec::new(), 2, behind), (Vec::new(), None));
    }
}
