//! 统计: shown for a period, printed, and the list behind a figure.

mod list;

use axum::extract::{Query, State as Shared};
use serde::Deserialize;

pub(crate) use self::list::list;
use super::{Answer, filtered};
use crate::app::App;
use crate::living::statistics::{self, Statistics};
use crate::living::{LivingError, Names, names};
use crate::model::statistics::{Figure, Group, Line, Measure};
use crate::web::lang::Lang;
use crate::web::page::statistics::{
    Cell, Chart, Month, Narrowing, Row, Shown, StatisticsPage, StatisticsPrint, Table, WhyLeft,
    bars,
};
use crate::web::session::Session;
use crate::web::state::Web;
use crate::web::text::{self, signed_yuan};
use crate::web::words;

/// What the address says.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    organisation: String,
    period: String,
    own: String,
    about: String,
    from: String,
}

impl Asked {
    fn narrowing(&self) -> Narrowing {
        Narrowing {
            organisation: self.organisation.trim().to_owned(),
            period: self.period.trim().to_owned(),
            // It is said of an organisation that is given.
            own: !self.own.is_empty() && !self.organisation.trim().is_empty(),
        }
    }

    fn read(&self) -> statistics::Asked {
        let Narrowing { organisation, period, own } = self.narrowing();
        statistics::Asked { organisation, period, own }
    }
}

/// The address of the list behind a line, of whom and when is asked for.
fn behind(line: &Line, asked: &Narrowing) -> String {
    let mut fields = asked.fields().to_vec();
    fields.push(("about", &line.about));
    text::address(&format!("/statistics/{}", line.figure.code()), &fields)
}

fn read(line: &Line, value: i64) -> String {
    match line.measure {
        Measure::Amount | Measure::PerHead => signed_yuan(value),
        Measure::Share => format!("{}.{}%", value / 10, value % 10),
        Measure::Count | Measure::Persons | Measure::Days => text::number(words::count(value)),
    }
}

/// The cells of the lines at these places.
fn cells(found: &Statistics, at: &[usize], values: &[i64], asked: &Narrowing) -> Vec<Cell> {
    let cell = |at: &usize| {
        let (line, value) = (found.lines.get(*at)?, *values.get(*at)?);
        let href = match value {
            0 => String::new(),
            _ => behind(line, asked),
        };
        Some(Cell { value: read(line, value), href })
    };
    at.iter().filter_map(cell).collect()
}

fn table(lang: Lang, found: &Statistics, own: bool, group: Group) -> Table {
    let lines = found.lines.iter().enumerate().filter(|(_, line)| line.group == group);
    let (at, lines): (Vec<usize>, Vec<&Line>) = lines.unzip();
    let asked = |organisation: &str, own: bool| Narrowing {
        organisation: organisation.to_owned(),
        period: found.period.clone(),
        own,
    };
    let row = |place: &statistics::Place| {
        let asked = asked(&place.organisation, place.own);
        Row {
            name: named(lang, place.name.clone(), place.own),
            href: asked.address("/statistics"),
            cells: cells(found, &at, &place.values, &asked),
        }
    };
    let before = |(at, line): (&usize, &&Line)| {
        let value = found.previous.get(*at).copied().flatten();
        value.map_or_else(String::new, |value| read(line, value))
    };
    let before: Vec<String> = at.iter().zip(&lines).map(before).collect();
    Table {
        id: match group {
            Group::Households => "households",
            Group::People => "people",
            Group::Causes => "causes",
            Group::Changes => "changes",
            Group::Money => "money",
            Group::Papers => "papers",
            Group::Time => "time",
        },
        title: lang.t(group.zh(), group.en()).to_owned(),
        heads: lines.iter().map(|line| lang.t(&line.zh, &line.en).to_owned()).collect(),
        rows: found.places.iter().map(row).collect(),
        sum: Row {
            name: String::new(),
            href: String::new(),
            cells: cells(found, &at, &found.sum, &asked(&found.organisation, own)),
        },
        before: if before.iter().all(String::is_empty) { Vec::new() } else { before },
    }
}

/// An amount as it stands above a bar, which is narrow: in yuan, in ten thousands of them,
/// in hundred millions (in English in thousands and millions). The table has it whole.
fn short(lang: Lang, fen: i64) -> String {
    match (fen.abs(), lang) {
        (0..10_000_000, _) => (fen / 100).to_string(),
        (10_000_000..1_000_000_000_000, Lang::Zh) => format!("{}万", fen / 1_000_000),
        (_, Lang::Zh) => format!("{}亿", fen / 10_000_000_000),
        (10_000_000..1_000_000_000, Lang::En) => format!("{}k", fen / 100_000),
        (_, Lang::En) => format!("{}M", fen / 100_000_000),
    }
}

fn charts(lang: Lang, found: &Statistics) -> Vec<Chart> {
    let of_months = |zh: &str, en: &str, value: fn(&statistics::Point) -> i64, money: bool| {
        let bar = |one: &statistics::Point| {
            let label = one.month.get(5..).unwrap_or_default().trim_start_matches('0');
            let value = value(one);
            let said = if money { short(lang, value) } else { value.to_string() };
            (label.to_owned(), value, said)
        };
        Chart {
            title: lang.t(zh, en).to_owned(),
            bars: bars(found.months.iter().map(bar).collect()),
        }
    };
    let mut all = vec![
        of_months("在保户数", "Households", |one| one.households, false),
        of_months("应发（元）", "Decided, yuan", |one| one.entitled, true),
        of_months("实发（元）", "Paid, yuan", |one| one.paid, true),
    ];
    let categories = found.lines.iter().zip(&found.sum).filter(|(line, _)| {
        line.figure == Figure::Receiving && line.measure == Measure::Count && !line.about.is_empty()
    });
    let bar = |(line, value): (&Line, &i64)| (line.about.clone(), *value, value.to_string());
    let title = lang.t("期末各类户数", "Households by category").to_owned();
    all.push(Chart { title, bars: bars(categories.map(bar).collect()) });
    all.retain(|chart| chart.bars.iter().any(|bar| bar.height > 0));
    all
}

/// The sum of a line.
fn sum(found: &Statistics, figure: Figure, measure: Measure) -> u64 {
    let is_meant =
        |line: &Line| line.figure == figure && line.measure == measure && line.about.is_empty();
    let mut all = found.lines.iter().zip(&found.sum);
    all.find(|(line, _)| is_meant(line)).map_or(0, |(_, value)| words::count(*value))
}

/// The name of the organisation whose codes begin like that, or of that one itself.
fn place(lang: Lang, names: &Names, start: &str, own: bool) -> String {
    named(lang, names.of(&format!("{start:0<12}")), own)
}

/// The name of an organisation, or of that one itself without those below it.
fn named(lang: Lang, name: String, own: bool) -> String {
    if own { format!("{name}{}", lang.t("本级", " itself")) } else { name }
}

async fn shown(
    app: &App,
    session: &Session,
    lang: Lang,
    asked: &Asked,
) -> Result<Shown, LivingError> {
    let found = statistics::statistics(app, &session.actor, &asked.read()).await?;
    let names = names(app).await?;
    let narrowing = asked.narrowing();
    let own = narrowing.own;
    let month = |one: &statistics::Point| Month {
        month: one.month.clone(),
        href: Narrowing { period: one.month.clone(), ..narrowing.clone() }.address("/statistics"),
        values: [
            text::number(words::count(one.households)),
            signed_yuan(one.entitled),
            signed_yuan(one.paid),
        ],
    };
    let why = |one: &statistics::WhyLeft| {
        let (organisation, period) = (found.organisation.clone(), found.period.clone());
        let asked = Narrowing { organisation, period, own };
        let mut fields = asked.fields().to_vec();
        fields.push(("about", &one.reason));
        let href = text::address("/statistics/left", &fields);
        WhyLeft {
            reason: one.reason.clone(),
            households: Cell { value: text::number(words::count(one.count)), href },
            persons: text::number(words::count(one.persons)),
        }
    };
    Ok(Shown {
        tables: Group::ALL.into_iter().map(|group| table(lang, &found, own, group)).collect(),
        reasons: found.reasons.iter().map(why).collect(),
        standards: found
            .standards
            .iter()
            .map(|one| (one.name.clone(), signed_yuan(one.amount)))
            .collect(),
        months: found.months.iter().map(month).collect(),
        charts: charts(lang, &found),
        receiving: (
            sum(&found, Figure::Receiving, Measure::Count),
            sum(&found, Figure::Receiving, Measure::Persons),
        ),
        moved: (
            sum(&found, Figure::Joined, Measure::Count),
            sum(&found, Figure::Left, Measure::Count),
        ),
        place: place(lang, &names, &found.organisation, own),
        period: found.period,
        end: found.end,
        before: found.before,
    })
}

/// `GET /statistics`
pub(crate) async fn show(
    session: Session,
    Shared(web): Shared<Web>,
    Query(asked): Query<Asked>,
) -> Answer {
    let (app, lang) = (&web.app, session.lang);
    let (found, wrong) = filtered(lang, shown(app, &session, lang, &asked).await)?;
    let shown = match found {
        Some(found) => found,
        None => shown(app, &session, lang, &Asked::default()).await?,
    };
    let page =
        StatisticsPage { frame: session.frame.clone(), wrong, asked: asked.narrowing(), shown };
    session.show(&page)
}

/// `GET /statistics/print`
pub(crate) async fn print(
    session: Session,
    Shared(web): Shared<Web>,
    Query(asked): Query<Asked>,
) -> Answer {
    let app = &web.app;
    let shown = shown(app, &session, Lang::Zh, &asked).await?;
    statistics::prints(app, &session.actor, &asked.read()).await?;
    let page = StatisticsPrint {
        frame: session.frame.clone(),
        asked: asked.narrowing(),
        shown,
        printed: words::at(app.now()).get(..16).unwrap_or_default().to_owned(),
    };
    session.show(&page)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_above_bars_are_short() {
        assert_eq!(short(Lang::Zh, 0), "0");
        assert_eq!(short(Lang::Zh, 112_050), "1120");
        assert_eq!(short(Lang::Zh, 9_999_999), "99999");
        assert_eq!(short(Lang::Zh, 123_456_700), "123万");
        assert_eq!(short(Lang::Zh, 123_456_700_000_000), "12345亿");
        assert_eq!(short(Lang::En, 123_456_700), "1234k");
        assert_eq!(short(Lang::En, 12_345_670_000), "123M");
    }
}
