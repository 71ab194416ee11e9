//! Where somebody without an account types the code of a lending, and where a
//! visit ends.

use axum::extract::{Extension, State as Shared};
use axum::http::StatusCode;

use super::super::Answer;
use crate::guests::{self, GuestError};
use crate::sessions;
use crate::web::identity::{self, Identity};
use crate::web::page::kiosk::{Body, Kiosk};
use crate::web::session::{Fields, Session, go_with};
use crate::web::state::Web;

fn bare(session: &Session, body: Body) -> Kiosk {
    Kiosk { frame: session.frame.clone(), visitor: String::new(), idle: 0, body }
}

/// `GET /guest`
pub(crate) async fn show(session: Session) -> Answer {
    session.show(&bare(&session, Body::Code(None)))
}

/// `POST /guest`: whoever was signed in in this browser is so no more.
pub(crate) async fn enter(
    session: Session,
    Shared(web): Shared<Web>,
    identity: Option<Extension<Identity>>,
    fields: Fields,
) -> Answer {
    match guests::enter(&web.app, fields.text("code")).await {
        Ok(key) => {
            if let Some(Extension(Identity { key: Some(key), .. })) = identity {
                sessions::end(&web.app, &key).await?;
            }
            Ok(go_with("/counter", &identity::begin(&key)))
        }
        Err(GuestError::Code) => {
            let said = session.lang.t(
                "这个码打不开，或者已经用过、过时了。请向经办人另要一个。",
                "This code opens nothing, was used, or is too old. Ask whoever gave it for another.",
            );
            let page = bare(&session, Body::Code(Some(said.to_owned())));
            session.show_as(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => Err(error.into()),
    }
}

/// `GET /guest/over`
pub(crate) async fn over(session: Session) -> Answer {
    session.show(&bare(&session, Body::Over))
}
