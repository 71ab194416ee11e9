//! 借阅登记簿: on screen, on paper, and as a file.

use axum::extract::{Query, State as Shared};

use super::super::Answer;
use super::Asked;
use crate::lending::register;
use crate::uses::export::Shape;
use crate::web::lang::Lang;
use crate::web::page::lending::register::Register;
use crate::web::session::Session;
use crate::web::state::Web;
use crate::web::{download, words};

/// Rows of a page of the register.
const ROWS: u32 = 200;

/// `GET /lending/register`
pub(crate) async fn show(
    session: Session,
    Shared(web): Shared<Web>,
    Query(asked): Query<Asked>,
) -> Answer {
    let found = register::register(&web.app, &session.actor, asked.before, ROWS).await?;
    let full = found.len() == ROWS as usize;
    let english = session.lang == Lang::En;
    let page = Register {
        frame: session.frame.clone(),
        rows: found.iter().map(|one| one.cells(english).to_vec()).collect(),
        before: found.last().filter(|_| full).map(|one| one.no),
        printed: format!("{} {}", session.actor.name, words::at(web.app.now())),
    };
    session.show(&page)
}

/// `GET /lending/register.csv`: that it is taken along is noted.
pub(crate) async fn csv(session: Session, web: Shared<Web>) -> Answer {
    file(session, web, Shape::Csv).await
}

/// `GET /lending/register.xlsx`: that it is taken along is noted.
pub(crate) async fn xlsx(session: Session, web: Shared<Web>) -> Answer {
    file(session, web, Shape::Xlsx).await
}

async fn file(session: Session, Shared(web): Shared<Web>, shape: Shape) -> Answer {
    let english = session.lang == Lang::En;
    let bytes = register::export(&web.app, &session.actor, shape, english).await?;
    Ok(download::sheet("lending", shape, bytes))
}
