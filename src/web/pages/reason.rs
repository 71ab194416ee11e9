//! 查阅事由: why somebody looks at a household's file, kept for the day.

use axum::extract::{Path, State as Shared};

use super::{Answer, household_no};
use crate::looks;
use crate::model::look::Reason;
use crate::view::ViewError;
use crate::web::session::{Fields, Session, go, ours};
use crate::web::state::Web;

/// `POST /household/{no}/reason`
pub(crate) async fn give(
    session: Session,
    Shared(web): Shared<Web>,
    Path(no): Path<String>,
    fields: Fields,
) -> Answer {
    let no = household_no(&no)?;
    let reason = Reason::new(fields.text("purpose"), fields.text("words"))?;
    if !looks::give_reason(&web.app, &session.actor, &no, &reason).await? {
        return Err(ViewError::UnknownHousehold(no).into());
    }
    Ok(match ours(fields.text("next")) {
        "/" => go(&format!("/household/{no}")),
        next => go(next),
    })
}
