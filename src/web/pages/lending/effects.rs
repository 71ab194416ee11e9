//! 利用效果登记簿: on screen, on paper, and as a file; and what is written into it.

use axum::extract::{Path, Query, State as Shared};

use super::super::Answer;
use super::{Asked, again, done};
use crate::lending::effects::{self, New};
use crate::model::lending::Rule;
use crate::uses::export::Shape;
use crate::web::error::Failure;
use crate::web::lang::Lang;
use crate::web::page::lending::effects::Effects;
use crate::web::session::{Fields, Session};
use crate::web::state::Web;
use crate::web::{download, words};

/// Rows of a page of the register.
const ROWS: u32 = 200;

/// `GET /lending/effects`
pub(crate) async fn show(
    session: Session,
    Shared(web): Shared<Web>,
    Query(asked): Query<Asked>,
) -> Answer {
    let found = effects::register(&web.app, &session.actor, asked.before, ROWS).await?;
    let full = found.len() == ROWS as usize;
    let page = Effects {
        frame: session.frame.clone(),
        rows: found.iter().map(|one| one.cells(session.lang == Lang::En).to_vec()).collect(),
        before: found.last().filter(|_| full).map(|one| one.effect.entry),
        printed: format!("{} {}", session.actor.name, words::at(web.app.now())),
    };
    session.show(&page)
}

/// `GET /lending/effects/{file}`: `register.csv` or `register.xlsx`; that it is
/// taken along is noted.
pub(crate) async fn file(
    session: Session,
    Shared(web): Shared<Web>,
    Path(file): Path<String>,
) -> Answer {
    let shape = match file.as_str() {
        "register.csv" => Shape::Csv,
        "register.xlsx" => Shape::Xlsx,
        _ => return Err(Failure::not_here()),
    };
    let bytes = effects::export(&web.app, &session.actor, shape).await?;
    Ok(download::sheet("effects", shape, bytes))
}

/// `POST /lending/{id}/effect`
pub(crate) async fn note(
    session: Session,
    Shared(web): Shared<Web>,
    Path(id): Path<String>,
    fields: Fields,
) -> Answer {
    let date = match fields.text("date").trim() {
        "" => None,
        text => match text.parse() {
            Ok(date) => Some(date),
            Err(_) => return again(&session, &web, &id, Rule::Effect.into()).await,
        },
    };
    let (content, effect) = (fields.text("content").to_owned(), fields.text("effect").to_owned());
    match effects::note(&web.app, &session.actor, &id, New { date, content, effect }).await {
        Ok(_) => done(&session, &id, "已登记利用效果。", "Noted."),
        Err(error) => again(&session, &web, &id, error).await,
    }
}
