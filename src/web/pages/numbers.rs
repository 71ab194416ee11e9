//! 显示: the numbers of a household in full, for a reason.

use axum::extract::{Path, State as Shared};

use super::{Answer, household_no};
use crate::model::look::Reason;
use crate::view;
use crate::web::lang::Lang;
use crate::web::page::household::Person;
use crate::web::page::numbers::Numbers;
use crate::web::session::{Fields, Session};
use crate::web::state::Web;

/// `POST /household/{no}/numbers`: the page is the answer, so that it stands
/// under no address and is gone when it is left.
pub(crate) async fn show(
    session: Session,
    Shared(web): Shared<Web>,
    Path(no): Path<String>,
    fields: Fields,
) -> Answer {
    let no = household_no(&no)?;
    let reason = Reason::new(fields.text("purpose"), fields.text("words"))?;
    let said = match session.lang {
        Lang::Zh => reason.zh(),
        Lang::En => reason.en(),
    };
    let shown = view::numbers(&web.app, &session.actor, &no, reason).await?;
    let page = Numbers {
        frame: session.frame.clone(),
        no: no.to_string(),
        head: shown.first().map(|one| one.name.clone()).unwrap_or_default(),
        people: shown
            .into_iter()
            .map(|one| Person { name: one.name, relation: one.relation, number: one.id_number })
            .collect(),
        reason: said,
    };
    session.show(&page)
}
