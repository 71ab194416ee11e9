//! 核验包: proofs that leave the building, each as one file.

use axum::extract::{Path, State as Shared};

use super::{Answer, document_id, household_no};
use crate::prove::Subject;
use crate::prove::bundle;
use crate::view;
use crate::web::download;
use crate::web::session::Session;
use crate::web::state::Web;

/// `GET /doc/{id}/bundle`
pub(crate) async fn of_document(
    session: Session,
    Shared(web): Shared<Web>,
    Path(id): Path<String>,
) -> Answer {
    give(&session, &web, Subject::Document(document_id(&id)?.0)).await
}

/// `GET /household/{no}/bundle`
pub(crate) async fn of_household(
    session: Session,
    Shared(web): Shared<Web>,
    Path(no): Path<String>,
) -> Answer {
    give(&session, &web, Subject::Household(household_no(&no)?.to_string())).await
}

/// `GET /volume/{no}/bundle`: of the newest version.
pub(crate) async fn of_volume(
    session: Session,
    Shared(web): Shared<Web>,
    Path(no): Path<String>,
) -> Answer {
    let code = view::newest_code(&web.app, &session.actor, &household_no(&no)?).await?;
    give(&session, &web, Subject::Volume(code)).await
}

async fn give(session: &Session, web: &Web, subject: Subject) -> Answer {
    Ok(download::bundle(bundle::bundle(&web.app, &session.actor, subject, false).await?))
}
