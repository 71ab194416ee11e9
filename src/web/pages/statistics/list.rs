//! The list behind a figure.

use axum::extract::{Path, Query, State as Shared};

use super::super::{Answer, ROWS};
use super::{Asked, place};
use crate::app::App;
use crate::living::statistics::{self, Listing};
use crate::living::{LivingError, Names, names};
use crate::model::profile::Collector;
use crate::model::statistics::{Figure, Kind};
use crate::web::error::Failure;
use crate::web::lang::Lang;
use crate::web::page::statistics::{Counted, StatisticsList};
use crate::web::session::Session;
use crate::web::state::Web;
use crate::web::text::{self, signed_yuan};
use crate::web::words;

/// What rows are about, in words.
fn about(app: &App, lang: Lang, figure: Figure, about: &str) -> String {
    match (figure, about) {
        (_, "new") => lang.t("首次", "For the first time").to_owned(),
        (_, "again") => lang.t("再次", "Again").to_owned(),
        (_, "complete") => lang.t("齐全", "Complete").to_owned(),
        (_, "incomplete") => lang.t("缺件", "Incomplete").to_owned(),
        (_, "in_time") => lang.t("按时", "In time").to_owned(),
        (_, "late") => lang.t("逾期", "Late").to_owned(),
        (Figure::People, code) => {
            Kind::named(code).map_or(code, |one| lang.t(one.zh(), one.en())).to_owned()
        }
        (Figure::Causes, "unknown") => lang.t("未记载", "Not stated").to_owned(),
        (Figure::Receiving | Figure::Entitled | Figure::ReviewsOverdue, code) => {
            let found = app.rules.category(code);
            found.map_or(code, |one| lang.t(&one.name, &one.name_en)).to_owned()
        }
        (Figure::Lacking | Figure::StepsOverdue, code) => {
            Collector::named(code).map_or(code, |level| words::level(lang, level)).to_owned()
        }
        (Figure::Cases, code) => {
            let found = app.rules.procedure(code);
            found.map_or(code, |one| lang.t(&one.name, &one.name_en)).to_owned()
        }
        (_, words) => words.to_owned(),
    }
}

/// What is said of a row.
fn said(app: &App, lang: Lang, figure: Figure, row: &statistics::Row) -> String {
    match figure {
        Figure::Lacking => words::type_name(lang, &app.profile, &row.words),
        Figure::Steps | Figure::StepsOverdue => {
            let (procedure, step) = row.words.split_once('.').unwrap_or((&row.words, ""));
            let found = app.rules.procedure(procedure);
            let Some(step) = found.and_then(|one| one.step(step)) else { return row.words.clone() };
            let case = found.map_or("", |one| lang.t(&one.name, &one.name_en));
            format!("{case}{}{}", lang.t("：", ": "), lang.t(&step.name, &step.name_en))
        }
        // What it is about says it.
        Figure::Left | Figure::Cases | Figure::Reviews => String::new(),
        _ => row.words.clone(),
    }
}

fn counted(
    (app, lang, names): (&App, Lang, &Names),
    figure: Figure,
    row: &statistics::Row,
) -> Counted {
    let some = |value: i64, read: String| if value == 0 { String::new() } else { read };
    Counted {
        household: row.household.clone(),
        head: row.head.clone(),
        organisation: names.of(&row.organisation),
        about: about(app, lang, figure, &row.about),
        persons: some(row.persons, row.persons.to_string()),
        amount: some(row.amount, signed_yuan(row.amount)),
        day: row.day.clone(),
        due: row.due.clone(),
        days: row.days.map_or_else(String::new, |days| days.to_string()),
        words: said(app, lang, figure, row),
    }
}

/// `GET /statistics/{figure}`
pub(crate) async fn list(
    session: Session,
    Shared(web): Shared<Web>,
    Path(figure): Path<String>,
    Query(asked): Query<Asked>,
) -> Answer {
    let (app, lang) = (&web.app, session.lang);
    let Some(figure) = Figure::named(&figure) else { return Err(Failure::not_here()) };
    let wrong = || LivingError::Asked("a position is one that was handed out");
    let from = match asked.from.as_str() {
        "" => 0,
        typed => typed.parse().map_err(|_| wrong())?,
    };
    let listing = Listing { asked: asked.read(), figure, about: asked.about.clone(), from };
    let found = statistics::list(app, &session.actor, &listing, ROWS).await?;
    let names = names(app).await?;
    let narrowing = asked.narrowing();
    let more = found.next.map(|next| {
        let next = next.to_string();
        let mut fields = narrowing.fields().to_vec();
        fields.extend([("about", asked.about.as_str()), ("from", &next)]);
        text::address(&format!("/statistics/{}", figure.code()), &fields)
    });
    let place = match narrowing.organisation.as_str() {
        "" => String::new(),
        start => place(lang, &names, start, narrowing.own),
    };
    let page = StatisticsList {
        frame: session.frame.clone(),
        back: narrowing.address("/statistics"),
        name: lang.t(figure.zh(), figure.en()).to_owned(),
        period: found.period,
        place,
        about: about(app, lang, figure, &asked.about),
        of_today: figure.is_of_today(),
        count: words::count(found.count),
        persons: words::count(found.persons),
        amount: if found.amount == 0 { String::new() } else { signed_yuan(found.amount) },
        rows: found.rows.iter().map(|row| counted((app, lang, &names), figure, row)).collect(),
        more,
    };
    session.show(&page)
}
