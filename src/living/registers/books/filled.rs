//! The lists that acts fill by themselves, as tables with the columns they have on paper.

mod money;
mod roster;
mod statistics;

use jiff::civil::Date;

use super::super::super::{LivingError, calendar, completeness, names, region};
use super::{Asked, Filled, RegisterError, Table, today};
use crate::app::App;
use crate::catalog::books::{self, Changed, NearRelative};
use crate::model::access::{Actor, scope};
use crate::model::month::Month;
use crate::model::period::Period;
use crate::sheet::{Cell, Column, Sheet};

fn text(value: &str) -> Cell {
    Cell::Text(value.to_owned())
}

fn columns(names: &[(&str, &str)]) -> Vec<Column> {
    names.iter().map(|(zh, en)| Column::new(zh, en)).collect()
}

fn begun(list: Filled, names: &[(&str, &str)]) -> Table {
    let sheet = Sheet { name: list.zh().to_owned(), columns: columns(names), rows: Vec::new() };
    Table { sheet, ..Table::default() }
}

fn file(household: &str) -> String {
    format!("/household/{household}")
}

pub(super) async fn table(
    app: &App,
    actor: &Actor,
    list: Filled,
    asked: &Asked,
    limit: u32,
) -> Result<Table, RegisterError> {
    if !asked.household.trim().is_empty() {
        return Err(LivingError::Asked("this list is not narrowed to a household").into());
    }
    match list {
        Filled::Roster => roster::roster(app, actor, asked, limit).await,
        Filled::Changes => changes(app, actor, asked, limit).await,
        Filled::NearRelatives => near_relatives(app, actor, asked, limit).await,
        Filled::Missing => missing(app, actor, asked, limit).await,
        Filled::Reviews => reviews(app, actor, asked, limit).await,
        Filled::Differences => money::differences(app, actor, asked, limit).await,
        Filled::Assessment => money::assessment(app, actor, asked, limit).await,
        Filled::Fund => money::fund(app, actor, asked).await,
        Filled::Recoveries => money::recoveries(app, actor, asked, limit).await,
        Filled::Statistics => statistics::statistics(app, actor, asked).await,
    }
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

/// Which part of a list that is made whole is shown: from where, and where it goes on.
fn slice<T>(
    all: Vec<T>,
    asked: &Asked,
    limit: u32,
) -> Result<(Vec<T>, Option<String>), LivingError> {
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

/// One more than a file holds: whether there are more is seen by it.
const WHOLE: u32 = super::MOST + 1;

async fn changes(
    app: &App,
    actor: &Actor,
    asked: &Asked,
    limit: u32,
) -> Result<Table, RegisterError> {
    let (days, organisation) = (days(&asked.period, today(app))?, region(&asked.organisation)?);
    let names = names(app).await?;
    let mut table = begun(
        Filled::Changes,
        &[
            ("日期", "Date"),
            ("户号", "Household"),
            ("户主", "Head"),
            ("社区", "Community"),
            ("变动", "Change"),
            ("人员", "Person"),
            ("保障人数", "Persons covered"),
            ("原金额（元）", "Before, yuan"),
            ("现金额（元）", "Now, yuan"),
            ("起始月", "From"),
            ("原因", "Reason"),
        ],
    );
    let mut tx = app.db.read().await?;
    let all = books::changes(&mut tx, &scope(actor), &organisation, days, WHOLE).await?;
    drop(tx);
    let (found, next) = slice(all, asked, limit)?;
    table.next = next;
    for one in &found {
        let money = |amount: i64| match amount {
            -1 => text(""),
            amount => Cell::Money(amount),
        };
        let Changed { persons, before, amount, .. } = *one;
        let cells = vec![
            Cell::Day(one.on_day.clone()),
            text(&one.household),
            text(&one.head),
            Cell::Text(names.of(&one.organisation)),
            text(change(&one.what)),
            text(&one.person),
            if persons < 0 { text("") } else { Cell::Whole(persons) },
            money(before),
            money(amount),
            text(&one.from_month),
            text(&one.words),
        ];
        table.push(file(&one.household), false, cells);
    }
    Ok(table)
}

fn change(what: &str) -> &str {
    match what {
        "grant" => "新增",
        "raise" => "增发",
        "reduce" => "减发",
        "phase_out" => "渐退",
        "stop" => "停发",
        "came" => "增员",
        "left" => "减员",
        other => other,
    }
}

async fn near_relatives(
    app: &App,
    actor: &Actor,
    asked: &Asked,
    limit: u32,
) -> Result<Table, RegisterError> {
    let organisation = region(&asked.organisation)?;
    let names = names(app).await?;
    let mut table = begun(
        Filled::NearRelatives,
        &[
            ("工作人员姓名、单位、职务、关系", "Staff and relation"),
            ("救助对象姓名", "Head"),
            ("户号", "Household"),
            ("身份证号", "Identity number"),
            ("户籍地址", "Registered address"),
            ("居住地址", "Address"),
            ("社区", "Community"),
            ("救助情况", "State"),
            ("共同生活人数", "People"),
            ("月保障金（元）", "Yuan a month"),
            ("起始时间", "From"),
            ("备案时间", "Stated"),
        ],
    );
    let mut tx = app.db.read().await?;
    let all = books::near_relatives(&mut tx, &scope(actor), &organisation, WHOLE).await?;
    drop(tx);
    let (found, next) = slice(all, asked, limit)?;
    table.next = next;
    for one in &found {
        let NearRelative { people, amount, .. } = *one;
        let state = app.rules.state(&one.state).map_or(one.state.as_str(), |rule| &rule.name);
        let cells = vec![
            text(&one.staff),
            text(&one.head),
            text(&one.household),
            text(&one.id_number),
            text(&one.registered),
            text(&one.address),
            Cell::Text(names.of(&one.organisation)),
            text(state),
            Cell::Whole(people),
            Cell::Money(amount),
            text(&one.from_month),
            Cell::Day(one.since.clone()),
        ];
        table.push(file(&one.household), false, cells);
    }
    Ok(table)
}

async fn missing(
    app: &App,
    actor: &Actor,
    asked: &Asked,
    limit: u32,
) -> Result<Table, RegisterError> {
    let names = names(app).await?;
    let wanted = completeness::Asked {
        organisation: asked.organisation.clone(),
        after: asked.after.clone(),
        ..completeness::Asked::default()
    };
    let mut table = begun(
        Filled::Missing,
        &[
            ("户号", "Household"),
            ("户主", "Head"),
            ("社区", "Community"),
            ("材料", "Paper"),
            ("由谁收集", "Owed by"),
            ("自", "Since"),
            ("天数", "Days"),
            ("退回原因", "Sent back because"),
        ],
    );
    let mut found = completeness::lacking(app, actor, &wanted, limit.saturating_add(1)).await?;
    let more = found.len() > limit as usize;
    found.truncate(limit as usize);
    table.next = found.last().filter(|_| more).map(completeness::behind);
    let day = today(app);
    for one in &found {
        let kind = app.profile.type_of(&one.type_code);
        let since: Option<Date> = one.since.parse().ok();
        let days = since.and_then(|since| since.until(day).ok()).map_or(0, |span| span.get_days());
        let level = crate::model::profile::Collector::named(&one.collector);
        let cells = vec![
            text(&one.household),
            text(&one.head),
            Cell::Text(names.of(&one.organisation)),
            text(kind.map_or(one.type_code.as_str(), |kind| &kind.name)),
            text(level.map_or("", |level| level.zh())),
            Cell::Day(one.since.clone()),
            Cell::Whole(i64::from(days)),
            text(&one.reason),
        ];
        table.push(file(&one.household), false, cells);
    }
    Ok(table)
}

async fn reviews(
    app: &App,
    actor: &Actor,
    asked: &Asked,
    limit: u32,
) -> Result<Table, RegisterError> {
    let names = names(app).await?;
    let until = match asked.period.trim() {
        "" => None,
        period => Some(days(period, today(app))?.1),
    };
    let wanted = calendar::Asked {
        organisation: asked.organisation.clone(),
        until,
        after: asked.after.clone(),
        ..calendar::Asked::default()
    };
    let mut table = begun(
        Filled::Reviews,
        &[
            ("户号", "Household"),
            ("户主", "Head"),
            ("住址", "Address"),
            ("社区", "Community"),
            ("类别", "Category"),
            ("限", "By"),
            ("在办", "Running"),
        ],
    );
    let mut found = calendar::reviews(app, actor, &wanted, limit.saturating_add(1)).await?;
    let more = found.len() > limit as usize;
    found.truncate(limit as usize);
    table.next = found.last().filter(|_| more).map(calendar::behind);
    for one in &found {
        let category = app.rules.category(&one.category);
        let running = app.rules.procedure(&one.running);
        let cells = vec![
            text(&one.household),
            text(&one.head),
            text(&one.address),
            Cell::Text(names.of(&one.organisation)),
            text(category.map_or(one.category.as_str(), |rule| &rule.name)),
            Cell::Day(one.due.clone()),
            text(running.map_or("", |rule| &rule.name)),
        ];
        table.push(file(&one.household), false, cells);
    }
    Ok(table)
}

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
}
