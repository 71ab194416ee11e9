//! 借阅登记簿: on screen, on paper, and as CSV.

use axum::extract::{Query, State as Shared};
use axum::http::header;
use axum::response::IntoResponse;

use super::super::Answer;
use super::Asked;
use crate::lending::{self, List, Shown};
use crate::model::lending::Stage;
use crate::model::look::{Kind, Look};
use crate::uses::export::{self, harmless};
use crate::web::lang::Lang;
use crate::web::page::lending::register::{Register, columns};
use crate::web::page::lending::said;
use crate::web::session::Session;
use crate::web::state::Web;
use crate::web::words;

/// Rows of a page of the register.
const ROWS: u32 = 200;
/// Rows of the register in one file.
const ALL: u32 = 10_000;

/// `GET /lending/register`
pub(crate) async fn show(
    session: Session,
    Shared(web): Shared<Web>,
    Query(asked): Query<Asked>,
) -> Answer {
    let found = lending::list(&web.app, &session.actor, List::All, asked.before, ROWS).await?;
    let full = found.len() == ROWS as usize;
    let page = Register {
        frame: session.frame.clone(),
        rows: found.iter().map(|one| cells(session.lang, one)).collect(),
        before: found.last().filter(|_| full).map(|one| one.asked),
        printed: format!("{} {}", session.actor.name, words::at(web.app.now())),
    };
    session.show(&page)
}

/// `GET /lending/register.csv`: that it is taken along is noted.
pub(crate) async fn csv(session: Session, Shared(web): Shared<Web>) -> Answer {
    let found = lending::list(&web.app, &session.actor, List::All, None, ALL).await?;
    let safe = |one| cells(session.lang, one).iter().map(|cell| harmless(cell)).collect();
    let rows: Vec<Vec<String>> = found.iter().map(safe).collect();
    let file = export::csv(&columns(session.lang), &rows)?;
    let look = Look::new(Kind::Export).titled("借阅登记簿").counting(rows.len());
    web.app.looks.note(&session.actor, look).await?;
    let about = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"lending.csv\""),
    ];
    Ok((about, file).into_response())
}

/// The cells of a row, as the register has its columns.
fn cells(lang: Lang, one: &Shown) -> Vec<String> {
    let step = |stage| one.step(stage);
    let asked = step(Stage::Asked);
    let decision = [Stage::Agreed, Stage::Refused].into_iter().find_map(step).map(|step| {
        let agreed = step.stage == Stage::Agreed.as_str();
        let word = if agreed { lang.t("同意", "agreed") } else { lang.t("不同意", "refused") };
        [step.name.as_str(), word, &step.words].join(" ").trim_end().to_owned()
    });
    let handed = step(Stage::HandedOver);
    let back = step(Stage::Returned);
    let ended = step(Stage::Ended).map(|step| format!(" {}", step.words)).unwrap_or_default();
    let purpose = lang.t(one.purpose.zh(), one.purpose.en());
    let pages = back.or(handed).map_or(0, |step| step.pages);
    vec![
        one.asked.to_string(),
        asked.map(|step| words::date(&step.time)).unwrap_or_default(),
        one.borrower.clone(),
        one.body.clone(),
        one.contact.clone(),
        one.certificate.clone(),
        if one.reference_code.is_empty() {
            one.household.clone()
        } else {
            one.reference_code.clone()
        },
        if one.title.is_empty() { one.head.clone() } else { one.title.clone() },
        lang.t(one.manner.zh(), one.manner.en()).to_owned(),
        format!("{purpose}{}{}", lang.t("：", ": "), one.reason),
        decision.unwrap_or_default(),
        one.until.clone(),
        back.map(|step| words::date(&step.time)).unwrap_or_default(),
        if pages > 0 { pages.to_string() } else { String::new() },
        back.map(|step| step.words.clone()).unwrap_or_default(),
        handed.or(asked).map(|step| step.name.clone()).unwrap_or_default(),
        format!("{}{ended}", said(lang, one.standing)),
    ]
}
