//! 阅览: a lent file, as its borrower reads it: marked, and nothing to keep.

use axum::extract::{Path, Query, State as Shared};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde::Deserialize;

use super::super::{Answer, document_id};
use crate::lending;
use crate::view::opened;
use crate::web::error::Failure;
use crate::web::page::lending::read::Lent;
use crate::web::session::Session;
use crate::web::state::Web;

/// `GET /lending/{id}/file`
pub(crate) async fn file(
    session: Session,
    Shared(web): Shared<Web>,
    Path(id): Path<String>,
) -> Answer {
    let page = lent(&session, &web, id, None).await?;
    session.show(&page)
}

/// `GET /lending/{id}/doc/{n}`
pub(crate) async fn paper(
    session: Session,
    Shared(web): Shared<Web>,
    Path((id, n)): Path<(String, String)>,
) -> Answer {
    let page = lent(&session, &web, id, Some(n)).await?;
    session.show(&page)
}

async fn lent(
    session: &Session,
    web: &Web,
    id: String,
    n: Option<String>,
) -> Result<Lent, Failure> {
    let (app, actor) = (&web.app, &session.actor);
    let grant = lending::grant(app, actor, &id).await?;
    let paper = match n {
        Some(n) => Some(opened::paper(app, actor, &grant, document_id(&n)?).await?),
        None => None,
    };
    Ok(Lent {
        frame: session.frame.clone(),
        until: lending::get(app, actor, &id).await?.until,
        mark: grant.mark().to_owned(),
        file: opened::file(app, actor, &grant).await?,
        id,
        paper,
    })
}

/// How wide a picture is wanted.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Wide {
    /// In pixels.
    pub(crate) w: Option<u32>,
}

/// `GET /lending/{id}/doc/{n}/page/{page}.jpg`
pub(crate) async fn page_image(
    session: Session,
    Shared(web): Shared<Web>,
    Path((id, n, page)): Path<(String, String, String)>,
    Query(wide): Query<Wide>,
) -> Answer {
    let grant = lending::grant(&web.app, &session.actor, &id).await?;
    let width = wide.w.unwrap_or(900);
    let (n, page) = (document_id(&n)?, page_number(&page)?);
    Ok(jpeg(opened::page_image(&web.app, &session.actor, &grant, n, page, width).await?))
}

/// The page an address names, `2.jpg`.
pub(crate) fn page_number(text: &str) -> Result<u32, Failure> {
    let number = text.strip_suffix(".jpg").and_then(|page| page.parse().ok());
    number.ok_or_else(|| Failure::number(text))
}

/// A picture that no browser and nothing between keeps.
pub(crate) fn jpeg(bytes: Bytes) -> Response {
    let about = [(header::CONTENT_TYPE, "image/jpeg"), (header::CACHE_CONTROL, "no-store")];
    (about, bytes).into_response()
}
