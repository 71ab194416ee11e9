//! 登录, 退出

use axum::extract::{Extension, Query, State as Shared};
use axum::http::{HeaderMap, StatusCode, header};
use serde::Deserialize;

use super::Answer;
use crate::people;
use crate::sessions::{self, SignInError};
use crate::web::error::Failure;
use crate::web::identity::{self, Identity};
use crate::web::page::signin::SignIn;
use crate::web::session::{Fields, Session, go, go_with, ours};
use crate::web::state::Web;

/// Where to go afterwards.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Back {
    #[serde(default)]
    back: String,
}

/// `GET /signin`
pub(crate) async fn show(
    session: Session,
    Shared(web): Shared<Web>,
    identity: Option<Extension<Identity>>,
    Query(Back { back }): Query<Back>,
) -> Answer {
    let back = ours(&back);
    if identity.is_some() {
        return Ok(go(back));
    }
    let nobody = !people::anybody(&web.app).await?;
    let page = SignIn {
        frame: session.frame.clone(),
        back: back.to_owned(),
        login: String::new(),
        wrong: String::new(),
        nobody,
    };
    session.show(&page)
}

/// `POST /signin`: lets in who knows the password.
pub(crate) async fn enter(
    session: Session,
    Shared(web): Shared<Web>,
    headers: HeaderMap,
    fields: Fields,
) -> Answer {
    let (login, back) = (fields.text("login"), ours(fields.text("back")));
    let password = fields.exact("password");
    match sessions::sign_in(&web.app, login, password, agent(&headers)).await {
        Ok(key) => Ok(go_with(back, &identity::begin(&key))),
        Err(SignInError::Wrong) => {
            let page = SignIn {
                frame: session.frame.clone(),
                back: back.to_owned(),
                login: login.chars().take(64).collect(),
                wrong: session
                    .lang
                    .t("登录名或密码不对。", "The login or the password is not right.")
                    .to_owned(),
                nobody: false,
            };
            session.show_as(StatusCode::UNAUTHORIZED, &page)
        }
        Err(error) => Err(Failure::from(error)),
    }
}

/// What the browser says it is.
pub(crate) fn agent(headers: &HeaderMap) -> &str {
    headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// `POST /signout`: ends the session; a copy of its cookie opens nothing.
pub(crate) async fn leave(
    Shared(web): Shared<Web>,
    Extension(Identity { key, .. }): Extension<Identity>,
    _: Fields,
) -> Answer {
    sessions::end(&web.app, &key).await?;
    Ok(go_with("/signin", &identity::end()))
}
