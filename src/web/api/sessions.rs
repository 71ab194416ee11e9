//! Signing in and out, for programs.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Extension, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::given::{Asked, Given, Nothing};
use super::problem::{Failed, Problem};
use crate::app::App;
use crate::model::people::Person;
use crate::web::identity::Identity;
use crate::web::origin::Calling;
use crate::{sessions, signin};

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(begin, show, end))
}

/// Who wants to come in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SigningIn {
    /// The login.
    #[schema(max_length = 64)]
    login: String,
    /// The password.
    #[schema(max_length = 256)]
    password: String,
    /// The six digits of the second factor, of those who have one.
    #[serde(default)]
    #[schema(max_length = 64)]
    code: String,
}

/// A session that has begun.
#[derive(Serialize, ToSchema)]
struct Begun {
    /// To be sent with every request: `Authorization: Bearer …`.
    token: String,
}

/// Signs in
///
/// The token is of this program alone; a page is signed in with a cookie.
#[utoipa::path(
    post, path = "/session", tag = "session", request_body = SigningIn, security(()),
    responses(
        (status = 201, description = "Signed in", body = Begun),
        (status = "default", description = "Not signed in", body = Failed),
    )
)]
async fn begin(
    State(app): State<Arc<App>>,
    calling: Calling,
    Asked(Nothing {}): Asked<Nothing>,
    Given(given): Given<SigningIn>,
) -> Result<(StatusCode, Json<Begun>), Problem> {
    let SigningIn { login, password, code } = &given;
    let key = signin::at_once(&app, login, password, code, calling.caller()).await?;
    Ok((StatusCode::CREATED, Json(Begun { token: key.secret().to_owned() })))
}

/// Says who is signed in
#[utoipa::path(
    get, path = "/session", tag = "session",
    responses(
        (status = 200, description = "Who", body = Person),
        (status = "default", description = "Not signed in", body = Failed),
    )
)]
async fn show(
    Extension(identity): Extension<Identity>,
    Asked(Nothing {}): Asked<Nothing>,
) -> Json<Person> {
    Json(identity.person)
}

/// Signs out
///
/// The token opens nothing any more.
#[utoipa::path(
    delete, path = "/session", tag = "session",
    responses(
        (status = 204, description = "Signed out"),
        (status = "default", description = "Not signed out", body = Failed),
    )
)]
async fn end(
    State(app): State<Arc<App>>,
    Extension(identity): Extension<Identity>,
    Asked(Nothing {}): Asked<Nothing>,
) -> Result<StatusCode, Problem> {
    // A token of a machine ends where its owner ends it.
    let key = identity.key.ok_or_else(Problem::no_session)?;
    sessions::end(&app, &key).await?;
    Ok(StatusCode::NO_CONTENT)
}
