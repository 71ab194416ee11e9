//! 要办的事: what is past its day, due today, or due this week, of cases, reviews and
//! registers, and what follows from a death, the most pressing first.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use serde::Serialize;
use utoipa::ToSchema;

use super::{LivingError, names, today};
use crate::app::App;
use crate::catalog::due::{self, DeathRow, DueRow};
use crate::model::access::{Actor, Right, scope};
use crate::model::month::Month;
use crate::model::workdays::months_after;

/// What is called in two languages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = CalledInTwo)]
pub struct Called {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

impl Called {
    fn new(zh: &str, en: &str) -> Self {
        Self { zh: zh.to_owned(), en: en.to_owned() }
    }
}

/// Something that is due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = DueMatter)]
pub struct Matter {
    /// `case`, `review`, `register` or `death`.
    pub kind: String,
    /// 户号, or empty.
    pub household: String,
    /// 户主, or empty.
    pub head: String,
    /// The organisation in charge.
    pub organisation: String,
    /// Its name.
    pub organisation_name: String,
    /// The procedure, the review, the register or the death.
    pub about: Called,
    /// 现在停在: the step or stage it waits for.
    pub held_at: Called,
    /// Who takes that: `community`, `street`, `bureau`, or empty.
    pub level: String,
    /// The code of the register, or empty.
    pub register: String,
    /// The number of its row, or empty.
    pub number: String,
    /// The last day.
    pub due: String,
}

/// What is due.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = DueList)]
pub struct Due {
    /// Today, in China.
    pub today: String,
    /// How many are past their day.
    pub late: i64,
    /// How many are due today.
    pub now: i64,
    /// How many are due after today up to Sunday.
    pub week: i64,
    /// The most pressing.
    pub matters: Vec<Matter>,
    /// The next day on which something is due, where nothing is by Sunday.
    pub next: Option<String>,
}

/// The Sunday of a week.
fn sunday(today: Date) -> Date {
    let left = i64::from(Weekday::Sunday.since(today.weekday()));
    today.saturating_add(left.days())
}

/// What is due in the own scope by Sunday: of what is late, of today and of the rest of
/// the week at most `limit` of each kind.
///
/// # Errors
/// When the database fails.
pub async fn due(app: &App, actor: &Actor, limit: u32) -> Result<Due, LivingError> {
    actor.must(Right::Look)?;
    let day = today(app);
    let (today, until) = (day.to_string(), sunday(day).to_string());
    let visible = scope(actor);
    let mut tx = app.db.read().await?;
    let (late, now, week) = due::counts(&mut tx, &visible, (&today, &until)).await?;
    let died = due::deaths(&mut tx, &visible, Month::of(day)).await?;
    let mut deaths: Vec<DueRow> =
        died.into_iter().map(|row| after_death(app.rules.death_months, row)).collect();
    deaths.sort_by(|a, b| a.due.cmp(&b.due));
    let is_in = |row: &DueRow, (after, until): (&str, &str)| {
        after < row.due.as_str() && row.due.as_str() <= until
    };
    let count = |days| deaths.iter().filter(|row| is_in(row, days)).count() as i64;
    let yesterday = day.yesterday().unwrap_or(day).to_string();
    let mut rows = Vec::new();
    let groups = [("", yesterday.as_str()), (&yesterday, &today), (&today, &until)];
    for days in groups {
        let mut group = due::by(&mut tx, &visible, days, limit).await?;
        let of_days = deaths.iter().filter(|row| is_in(row, days)).take(limit as usize);
        group.extend(of_days.cloned());
        group.sort_by(|a, b| (&a.due, &a.kind).cmp(&(&b.due, &b.kind)));
        rows.extend(group);
    }
    let [late, now, week] = [(late, groups[0]), (now, groups[1]), (week, groups[2])]
        .map(|(others, days)| others + count(days));
    let next = match late + now + week {
        0 => {
            let death = deaths.iter().map(|row| row.due.clone()).find(|due| *due > until);
            due::next(&mut tx, &visible, &until).await?.into_iter().chain(death).min()
        }
        _ => None,
    };
    drop(tx);
    let names = names(app).await?;
    let matter = |row: DueRow| {
        let name = names.of(&row.organisation);
        matter(app, row, name)
    };
    Ok(Due { today, late, now, week, matters: rows.into_iter().map(matter).collect(), next })
}

/// What follows from a death: the allowance is stopped where nobody lives any more, else
/// adjusted to those who do.
fn after_death(months: u16, row: DeathRow) -> DueRow {
    let due = row.died.parse::<Date>().map(|died| months_after(died, months).to_string());
    DueRow {
        kind: "death".to_owned(),
        household: row.household,
        head: row.head,
        organisation: row.organisation,
        about: String::new(),
        step: if row.lives == 0 { "stop" } else { "adjust" }.to_owned(),
        level: String::new(),
        number: String::new(),
        due: due.unwrap_or(row.died),
    }
}

fn matter(app: &App, row: DueRow, organisation_name: String) -> Matter {
    let unknown = |code: &str| Called::new(code, code);
    let (about, held_at) = match row.kind.as_str() {
        "case" => {
            let rule = app.rules.procedure(&row.about);
            let step = rule.and_then(|rule| rule.step(&row.step));
            (
                rule.map_or_else(
                    || unknown(&row.about),
                    |one| Called::new(&one.name, &one.name_en),
                ),
                step.map_or_else(|| unknown(&row.step), |one| Called::new(&one.name, &one.name_en)),
            )
        }
        "review" => {
            let rule = app.rules.category(&row.about);
            let (zh, en) = rule.map_or(("", ""), |one| (one.name.as_str(), one.name_en.as_str()));
            (Called::new("定期核查", "Review"), Called::new(zh, en))
        }
        "death" => (
            Called::new("成员死亡", "Death"),
            match row.step.as_str() {
                "stop" => {
                    Called::new("办停发，已无人在户", "Stop the allowance: nobody lives there")
                }
                _ => Called::new(
                    "办增减停，保障人数多于在户",
                    "Adjust the allowance to those who live there",
                ),
            },
        ),
        _ => {
            let rule = app.rules.register(&row.about);
            let stage = rule.and_then(|rule| rule.stage(&row.step));
            let about = rule
                .map_or_else(|| unknown(&row.about), |one| Called::new(&one.name, &one.name_en));
            (
                about,
                stage
                    .map_or_else(|| unknown(&row.step), |one| Called::new(&one.name, &one.name_en)),
            )
        }
    };
    let register = if row.kind == "register" { row.about } else { String::new() };
    Matter {
        kind: row.kind,
        household: row.household,
        head: row.head,
        organisation: row.organisation,
        organisation_name,
        about,
        held_at,
        level: row.level,
        register,
        number: row.number,
        due: row.due,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_week_ends_on_sunday() {
        assert_eq!(sunday(date(2026, 11, 23)), date(2026, 11, 29));
        assert_eq!(sunday(date(2026, 11, 28)), date(2026, 11, 29));
        assert_eq!(sunday(date(2026, 11, 29)), date(2026, 11, 29));
    }
}
