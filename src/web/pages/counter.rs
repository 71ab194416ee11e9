//! 本人查阅: a clerk opens the file of a household for it; what it sees then.

use axum::extract::{Extension, FromRequestParts, Path, Query, State as Shared};
use axum::http::request::Parts;
use axum::response::Response;

use super::lending::read::{Wide, jpeg, page_number};
use super::{Answer, document_id, household_no};
use crate::guests::{self, AtCounter};
use crate::sessions;
use crate::view::opened;
use crate::web::error::Failure;
use crate::web::identity::{self, Identity, Visitor};
use crate::web::page::kiosk::{Body, Kiosk};
use crate::web::session::{Fields, Session, go_with};
use crate::web::state::Web;
use crate::web::words;

pub(crate) mod code;

/// `POST /household/{no}/counter`: the session of the clerk ends in this
/// browser, and that of the household begins, so no way back leads into the
/// office.
pub(crate) async fn open(
    session: Session,
    Shared(web): Shared<Web>,
    Path(no): Path<String>,
    Extension(Identity { key: of_clerk, .. }): Extension<Identity>,
    fields: Fields,
) -> Answer {
    let text = |name| fields.text(name).to_owned();
    let seen = AtCounter {
        household: household_no(&no)?,
        visitor: text("visitor"),
        id_card: text("id_card"),
        allowance: text("allowance"),
    };
    let key = guests::open_counter(&web.app, &session.actor, seen).await?;
    if let Some(of_clerk) = of_clerk {
        sessions::end(&web.app, &of_clerk).await?;
    }
    Ok(go_with("/counter", &identity::begin(&key)))
}

/// A visitor with the page around what is shown.
pub(crate) struct Visiting {
    session: Session,
    visitor: Visitor,
}

impl FromRequestParts<Web> for Visiting {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Failure> {
        let visitor = parts.extensions.get::<Visitor>().cloned();
        let visitor = visitor.ok_or_else(Failure::no_session)?;
        let (session, _) = Session::of(parts, web).await;
        Ok(Self { session, visitor })
    }
}

impl Visiting {
    fn show(&self, body: Body) -> Answer {
        let visit = &self.visitor.visit;
        let page = Kiosk {
            frame: self.session.frame.clone(),
            visitor: visit.visitor.clone(),
            idle: visit.idle,
            body,
        };
        self.session.show(&page)
    }

    /// What only the household itself is told.
    fn own(&self) -> Result<(), Failure> {
        if self.visitor.visit.is_own() { Ok(()) } else { Err(Failure::not_here()) }
    }
}

/// `GET /counter`
pub(crate) async fn home(visiting: Visiting) -> Answer {
    visiting.show(Body::Home)
}

/// `GET /counter/papers`
pub(crate) async fn papers(visiting: Visiting, Shared(web): Shared<Web>) -> Answer {
    let file =
        opened::file(&web.app, &visiting.visitor.visit.actor(), &visiting.visitor.visit.grant)
            .await?;
    visiting.show(Body::Papers(file))
}

/// `GET /counter/paper/{n}`
pub(crate) async fn paper(
    visiting: Visiting,
    Shared(web): Shared<Web>,
    Path(n): Path<String>,
) -> Answer {
    let (reader, grant) = (visiting.visitor.visit.actor(), &visiting.visitor.visit.grant);
    let paper = opened::paper(&web.app, &reader, grant, document_id(&n)?).await;
    visiting.show(Body::Paper(paper.map_err(hidden)?))
}

/// `GET /counter/paper/{n}/page/{page}.jpg`
pub(crate) async fn page_image(
    visiting: Visiting,
    Shared(web): Shared<Web>,
    Path((n, page)): Path<(String, String)>,
    Query(wide): Query<Wide>,
) -> Answer {
    let (reader, grant) = (visiting.visitor.visit.actor(), &visiting.visitor.visit.grant);
    let (n, page, width) = (document_id(&n)?, page_number(&page)?, wide.w.unwrap_or(900));
    let drawn = opened::page_image(&web.app, &reader, grant, n, page, width).await;
    Ok(jpeg(drawn.map_err(hidden)?))
}

/// A paper of others is answered like one that is not there, word for word.
fn hidden(error: crate::view::ViewError) -> Failure {
    use crate::view::ViewError as E;
    match error {
        E::UnknownDocument(_) | E::UnknownPage(_) | E::UnknownHousehold(_) => Failure::not_here(),
        other => other.into(),
    }
}

/// `GET /counter/payments`
pub(crate) async fn payments(visiting: Visiting) -> Answer {
    visiting.own()?;
    let rows = guests::payments(&visiting.visitor.visit);
    visiting.show(Body::Payments(rows))
}

/// `GET /counter/looks`
pub(crate) async fn looks(visiting: Visiting, Shared(web): Shared<Web>) -> Answer {
    visiting.own()?;
    let lang = visiting.session.lang;
    let looks = guests::looks(&web.app, &visiting.visitor.visit).await?;
    let row = |one: guests::Seen| {
        [words::date(&one.time), one.who, lang.t(one.why.0, one.why.1).to_owned()]
    };
    visiting.show(Body::Looks(looks.into_iter().map(row).collect()))
}

/// `GET /counter/slip`
pub(crate) async fn slip(visiting: Visiting, Shared(web): Shared<Web>) -> Answer {
    visiting.own()?;
    let file =
        opened::file(&web.app, &visiting.visitor.visit.actor(), &visiting.visitor.visit.grant)
            .await?;
    let when = words::at(web.app.now()).get(..16).unwrap_or_default().to_owned();
    visiting.show(Body::Slip(file, when))
}

/// `POST /counter/end`: a copy of the cookie opens nothing, and the browser
/// forgets what it kept.
pub(crate) async fn end(visiting: Visiting, Shared(web): Shared<Web>, _: Fields) -> Answer {
    guests::end(&web.app, &visiting.visitor.key).await?;
    Ok(clearing(go_with("/guest/over", &identity::end())))
}

/// Has the browser forget what it kept of our pages.
fn clearing(mut response: Response) -> Response {
    let value = axum::http::HeaderValue::from_static("\"cache\", \"storage\"");
    response.headers_mut().insert("clear-site-data", value);
    response
}
