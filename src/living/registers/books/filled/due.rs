//! The lists of what is owed: papers that are missing, reviews that are due.

use jiff::civil::Date;

use super::{
    Filled, RegisterError, Table, Wanted, days, file, filled, one_more, part, text, today,
};
use crate::living::{calendar, completeness, names};
use crate::model::profile::Collector;
use crate::sheet::Cell;

const MISSING: [(&str, &str); 8] = [
    ("户号", "Household"),
    ("户主", "Head"),
    ("社区", "Community"),
    ("材料", "Paper"),
    ("由谁收集", "Owed by"),
    ("自", "Since"),
    ("天数", "Days"),
    ("退回原因", "Sent back because"),
];

pub(super) async fn missing(wanted: Wanted<'_>) -> Result<Table, RegisterError> {
    let Wanted { app, actor, asked, limit } = wanted;
    let names = names(app).await?;
    let narrowed = completeness::Asked {
        organisation: asked.organisation.clone(),
        after: asked.after.clone(),
        ..completeness::Asked::default()
    };
    let found = completeness::lacking(app, actor, &narrowed, one_more(limit)).await?;
    let part = part(found, limit, completeness::behind);
    let day = today(app);
    Ok(filled(Filled::Missing, &MISSING, part, |one| {
        let kind = app.profile.type_of(&one.type_code);
        let since: Option<Date> = one.since.parse().ok();
        let days = since.and_then(|since| since.until(day).ok()).map_or(0, |span| span.get_days());
        let level = Collector::named(&one.collector);
        let cells = vec![
            text(&one.household),
            text(&one.head),
            Cell::Text(names.of(&one.organisation)),
            kind.map_or_else(|| text(&one.type_code), |kind| Cell::word(&kind.name, &kind.name_en)),
            level.map_or_else(|| text(""), |level| Cell::word(level.zh(), level.en())),
            Cell::Day(one.since.clone()),
            Cell::Whole(i64::from(days)),
            text(&one.reason),
        ];
        (file(&one.household), cells)
    }))
}

const REVIEWS: [(&str, &str); 7] = [
    ("户号", "Household"),
    ("户主", "Head"),
    ("住址", "Address"),
    ("社区", "Community"),
    ("类别", "Category"),
    ("限", "By"),
    ("在办", "Running"),
];

pub(super) async fn reviews(wanted: Wanted<'_>) -> Result<Table, RegisterError> {
    let Wanted { app, actor, asked, limit } = wanted;
    let names = names(app).await?;
    let until = match asked.period.trim() {
        "" => None,
        period => Some(days(period, today(app))?.1),
    };
    let narrowed = calendar::Asked {
        organisation: asked.organisation.clone(),
        until,
        after: asked.after.clone(),
        ..calendar::Asked::default()
    };
    let found = calendar::reviews(app, actor, &narrowed, one_more(limit)).await?;
    let part = part(found, limit, calendar::behind);
    Ok(filled(Filled::Reviews, &REVIEWS, part, |one| {
        let category = app.rules.category(&one.category);
        let running = app.rules.procedure(&one.running);
        let cells = vec![
            text(&one.household),
            text(&one.head),
            text(&one.address),
            Cell::Text(names.of(&one.organisation)),
            category
                .map_or_else(|| text(&one.category), |rule| Cell::word(&rule.name, &rule.name_en)),
            Cell::Day(one.due.clone()),
            running.map_or_else(|| text(""), |rule| Cell::word(&rule.name, &rule.name_en)),
        ];
        (file(&one.household), cells)
    }))
}
