//! 复制证明: a sheet that goes with copies, for the seal and a signature.

use axum::extract::{Path, State as Shared};

use super::super::Answer;
use crate::lending::{self, LendingError};
use crate::model::lending::Stage;
use crate::web::page::lending::certificate::Certificate;
use crate::web::session::Session;
use crate::web::state::Web;
use crate::web::words;

/// `GET /lending/{id}/certificate`
pub(crate) async fn show(
    session: Session,
    Shared(web): Shared<Web>,
    Path(id): Path<String>,
) -> Answer {
    let shown = lending::get(&web.app, &session.actor, &id).await?;
    let handed = shown.step(Stage::HandedOver).filter(|_| shown.can.certify);
    let Some(handed) = handed else { return Err(LendingError::Unknown.into()) };
    let code = match shown.reference_code.as_str() {
        "" => shown.household.clone(),
        code => code.to_owned(),
    };
    let page = Certificate {
        frame: session.frame.clone(),
        id: shown.id.clone(),
        code,
        title: if shown.title.is_empty() { shown.head.clone() } else { shown.title.clone() },
        copies: words::count(handed.copies.max(1)),
        pages: words::count(handed.pages),
        purpose: format!("{}：{}", shown.purpose.zh(), shown.reason),
        borrower: shown.borrower.clone(),
        body: shown.body.clone(),
        handled: handed.name.clone(),
        date: words::date(&handed.time),
        entry: words::count(handed.entry),
    };
    session.show(&page)
}
