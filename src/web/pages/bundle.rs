//! 核验包: proofs that leave the building, each as one file.

use axum::body::Body;
use axum::extract::{Path, State as Shared};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use tokio_util::io::ReaderStream;

use super::{Answer, document_id, household_no};
use crate::prove::Subject;
use crate::prove::bundle::{self, Bundle};
use crate::view;
use crate::web::session::Session;
use crate::web::state::Web;

/// How many bytes are read at a time.
const CHUNK: usize = 1 << 18;

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
    Ok(answer(bundle::bundle(&web.app, &session.actor, subject).await?))
}

/// The answer that is this bundle, sent piece by piece.
pub(crate) fn answer(bundle: Bundle) -> Response {
    let file = tokio::fs::File::from_std(bundle.file);
    let mut response = Response::new(Body::from_stream(ReaderStream::with_capacity(file, CHUNK)));
    let name = format!("attachment; filename=\"{}.zip\"", bundle.name);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/zip"));
    headers.insert(header::CONTENT_LENGTH, bundle.bytes.into());
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    // A bundle has a plain name.
    if let Ok(name) = HeaderValue::try_from(name) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    response
}
