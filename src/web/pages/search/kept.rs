//! What a person keeps of searches: saved ones, reminders, a list as a file.

use axum::extract::{Path, State as Shared};

use super::super::Answer;
use crate::model::look::Reason;
use crate::search::{self, Asked};
use crate::uses::export::Shape;
use crate::web::download;
use crate::web::session::{Fields, Session, go, go_saying};
use crate::web::state::Web;

/// `POST /search/save`
pub(crate) async fn save(session: Session, Shared(web): Shared<Web>, fields: Fields) -> Answer {
    let asked = Asked::from_address(fields.text("asked"))?;
    search::saved::keep(&web.app, &session.actor, fields.text("name"), &asked).await?;
    let said = session.lang.t(
        "存下了，在总览和检索页上看得到来了多少新的。",
        "Saved; overview and search page say how many are new.",
    );
    Ok(go_saying(&format!("/search?{}", asked.to_address()), said))
}

/// `GET /search/saved/{id}`: shows it, and counts from now on what comes later.
pub(crate) async fn open(
    session: Session,
    Shared(web): Shared<Web>,
    Path(id): Path<String>,
) -> Answer {
    let asked = search::saved::open(&web.app, &session.actor, &id).await?;
    Ok(go(&format!("/search?{}", asked.to_address())))
}

/// `POST /search/saved/{id}/rename`
pub(crate) async fn rename(
    session: Session,
    Shared(web): Shared<Web>,
    Path(id): Path<String>,
    fields: Fields,
) -> Answer {
    search::saved::rename(&web.app, &session.actor, &id, fields.text("name")).await?;
    Ok(go_saying("/search", session.lang.t("改了名。", "Renamed.")))
}

/// `POST /search/saved/{id}/delete`
pub(crate) async fn delete(
    session: Session,
    Shared(web): Shared<Web>,
    Path(id): Path<String>,
    _: Fields,
) -> Answer {
    search::saved::delete(&web.app, &session.actor, &id).await?;
    Ok(go_saying("/search", session.lang.t("删掉了。", "Deleted.")))
}

/// `POST /search/recent/clear`
pub(crate) async fn clear_recent(session: Session, Shared(web): Shared<Web>, _: Fields) -> Answer {
    search::recent::clear(&web.app, &session.actor).await?;
    let said = session
        .lang
        .t("清掉了。利用日志里照旧有。", "Cleared. The access log keeps what was searched.");
    Ok(go_saying("/search", said))
}

/// `POST /search/export`
pub(crate) async fn export(session: Session, Shared(web): Shared<Web>, fields: Fields) -> Answer {
    let shape = shape(&fields);
    let reason = Reason::new(fields.text("purpose"), fields.text("words"))?;
    let asked = Asked::from_address(fields.text("asked"))?;
    let (app, actor) = (&web.app, &session.actor);
    let bytes = search::export::export(app, actor, &asked, shape, Some(reason)).await?;
    Ok(download::sheet("hits", shape, bytes))
}

/// The kind of file a form asks for.
pub(crate) fn shape(fields: &Fields) -> Shape {
    match fields.text("shape") {
        "csv" => Shape::Csv,
        _ => Shape::Xlsx,
    }
}
