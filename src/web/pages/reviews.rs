//! 复审日历: the list, the strip and the sheet.

use axum::extract::{Query, State as Shared};
use jiff::civil::Date;
use serde::Deserialize;

use super::{Answer, ROWS};
use crate::app::App;
use crate::living::{LivingError, ReviewRow, calendar};
use crate::model::lending::day_of;
use crate::model::profile::Collector;
use crate::web::error::Failure;
use crate::web::lang::Lang;
use crate::web::page::reviews::{Narrowing, Reviews, Row, VisitSheet, Week};
use crate::web::session::Session;
use crate::web::state::Web;
use crate::web::{text, words};

/// How high the bar of the fullest week is.
const HIGHEST: i64 = 46;

/// What the address says.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    organisation: String,
    category: String,
    until: String,
    after: String,
}

impl Asked {
    fn narrowing(&self) -> Narrowing {
        Narrowing {
            organisation: self.organisation.trim().to_owned(),
            category: self.category.trim().to_owned(),
            until: self.until.trim().to_owned(),
        }
    }

    fn read(&self) -> Result<calendar::Asked, LivingError> {
        let Narrowing { organisation, category, until } = self.narrowing();
        let until = match until.as_str() {
            "" => None,
            day => Some(day.parse().map_err(|_| LivingError::Asked("until is a day"))?),
        };
        Ok(calendar::Asked { organisation, category, until, after: self.after.clone() })
    }
}

/// Days from `today` to an ISO day.
pub(super) fn days_to(today: Date, day: &str) -> i64 {
    let Ok(day) = day.parse::<Date>() else { return 0 };
    today.until(day).map_or(0, |span| i64::from(span.get_days()))
}

/// The rows of the households of a list.
async fn rows(app: &App, lang: Lang, found: &[ReviewRow]) -> Result<Vec<Row>, Failure> {
    let names = crate::living::names(app).await?;
    let today = day_of(app.now());
    let row = |one: &ReviewRow| {
        let category = app.rules.category(&one.category);
        let running = app.rules.procedure(&one.running);
        Row {
            household: one.household.clone(),
            head: one.head.clone(),
            address: one.address.clone(),
            organisation: names.of(&one.organisation),
            category: category
                .map_or(&one.category[..], |one| lang.t(&one.name, &one.name_en))
                .to_owned(),
            due: one.due.clone(),
            left: days_to(today, &one.due),
            running: running
                .map_or_else(String::new, |one| lang.t(&one.name, &one.name_en).to_owned()),
        }
    };
    Ok(found.iter().map(row).collect())
}

/// `GET /reviews`
pub(crate) async fn show(
    session: Session,
    Shared(web): Shared<Web>,
    Query(asked): Query<Asked>,
) -> Answer {
    let (app, lang) = (&web.app, session.lang);
    let (read, wrong) = match asked.read() {
        Ok(read) => (read, None),
        Err(error) => (calendar::Asked::default(), Some(Failure::from(error).sentence)),
    };
    let (found, wrong) = match calendar::reviews(app, &session.actor, &read, ROWS + 1).await {
        Err(error @ LivingError::Asked(_)) => (Vec::new(), Some(Failure::from(error).sentence)),
        found => (found?, wrong),
    };
    // Of the year, whatever part of the list is shown.
    let whole = calendar::Asked { until: None, after: String::new(), ..read };
    let whole = if wrong.is_some() { calendar::Asked::default() } else { whole };
    let year = calendar::year(app, &session.actor, &whole).await?;
    let counts = calendar::counts(app, &session.actor).await?;
    let shown = &found[..found.len().min(ROWS as usize)];
    let more = shown.last().filter(|_| found.len() > shown.len()).map(|last| {
        let address = asked.narrowing().address("/reviews");
        let joint = if address.contains('?') { '&' } else { '?' };
        format!("{address}{joint}after={}", calendar::behind(last))
    });
    let most = year.weeks.iter().map(|week| week.due).max().unwrap_or(0).max(1);
    let weeks = year.weeks.iter().map(|week| Week {
        monday: week.monday.to_string(),
        sunday: week.monday.saturating_add(jiff::Span::new().days(6)).to_string(),
        due: words::count(week.due),
        height: words::count(1 + week.due * (HIGHEST - 1) / most),
        worked: week.worked.into(),
    });
    let level = |name: &str| Collector::named(name).map_or("", |one| words::level(lang, one));
    let page = Reviews {
        frame: session.frame.clone(),
        wrong: wrong.map(|both| both.said_in(lang)),
        asked: asked.narrowing(),
        categories: app
            .rules
            .categories
            .iter()
            .map(|one| (one.code.clone(), lang.t(&one.name, &one.name_en).to_owned()))
            .collect(),
        late: words::count(year.late),
        weeks: weeks.collect(),
        later: words::count(year.later),
        holidays_known: year.holidays_known,
        rows: rows(app, lang, shown).await?,
        more,
        waiting: counts
            .iter()
            .map(|(who, all, late)| {
                (level(who).to_owned(), words::count(*all), words::count(*late))
            })
            .collect(),
    };
    session.show(&page)
}

/// `GET /reviews/print`
pub(crate) async fn print(
    session: Session,
    Shared(web): Shared<Web>,
    Query(asked): Query<Asked>,
) -> Answer {
    let found = calendar::sheet(&web.app, &session.actor, &asked.read()?).await?;
    let page = VisitSheet {
        frame: session.frame.clone(),
        asked: asked.narrowing(),
        rows: rows(&web.app, Lang::Zh, &found).await?,
        day: text::full_day(Lang::Zh, &words::at(web.app.now())),
    };
    session.show(&page)
}
