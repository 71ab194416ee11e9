//! 我的登录: the own password, second factor, sessions and tokens. Only for a
//! session: a machine with a token has nothing of its own.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::given::{Acting, Asked, Given, Mine, Named, Nothing};
use super::people::Ended;
use super::problem::{Failed, Problem};
use crate::app::App;
use crate::own::{self, Factor, NewToken, OwnSession, Setup, Token};

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(change_password))
        .routes(routes!(factor, prepare, put_in_force))
        .routes(routes!(renew_codes))
        .routes(routes!(take_away))
        .routes(routes!(sessions, end_others))
        .routes(routes!(end_session))
        .routes(routes!(tokens, make_token))
        .routes(routes!(end_token))
}

/// The own password, and another one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Passwords {
    /// The one that is there.
    #[schema(max_length = 256)]
    old: String,
    /// The one that is to be there.
    #[schema(max_length = 256)]
    new: String,
}

/// Changes the own password
///
/// All other sessions end.
#[utoipa::path(
    put, path = "/me/password", tag = "session", request_body = Passwords,
    responses(
        (status = 204, description = "Changed"),
        (status = "default", description = "Not changed", body = Failed),
    )
)]
async fn change_password(
    State(app): State<Arc<App>>,
    Mine(mine): Mine,
    Asked(Nothing {}): Asked<Nothing>,
    Given(given): Given<Passwords>,
) -> Result<StatusCode, Problem> {
    own::change_password(&app, mine.me(), &given.old, &given.new).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Says how it stands with the own second factor
#[utoipa::path(
    get, path = "/me/second-factor", tag = "session",
    responses(
        (status = 200, description = "How", body = Factor),
        (status = "default", description = "Not told", body = Failed),
    )
)]
async fn factor(
    State(app): State<Arc<App>>,
    Mine(mine): Mine,
    Asked(Nothing {}): Asked<Nothing>,
) -> Result<Json<Factor>, Problem> {
    Ok(Json(own::factor(&app, mine.me()).await?))
}

/// Begins to set up a second factor
///
/// It is asked for from the first right code on.
#[utoipa::path(
    post, path = "/me/second-factor", tag = "session",
    responses(
        (status = 201, description = "What the telephone is to be told", body = Setup),
        (status = "default", description = "Not begun", body = Failed),
    )
)]
async fn prepare(
    State(app): State<Arc<App>>,
    Mine(mine): Mine,
    Asked(Nothing {}): Asked<Nothing>,
) -> Result<(StatusCode, Json<Setup>), Problem> {
    Ok((StatusCode::CREATED, Json(own::prepare(&app, mine.me()).await?)))
}

/// Six digits of the telephone.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Digits {
    /// The digits.
    #[schema(max_length = 64)]
    code: String,
}

/// Codes for when the telephone is lost.
#[derive(Serialize, ToSchema)]
struct Codes {
    /// Each works once; nothing shows them again.
    codes: Vec<String>,
}

/// Puts the second factor in force
///
/// Other sessions end.
#[utoipa::path(
    put, path = "/me/second-factor", tag = "session", request_body = Digits,
    responses(
        (status = 200, description = "In force", body = Codes),
        (status = "default", description = "Not in force", body = Failed),
    )
)]
async fn put_in_force(
    State(app): State<Arc<App>>,
    Mine(mine): Mine,
    Asked(Nothing {}): Asked<Nothing>,
    Given(given): Given<Digits>,
) -> Result<Json<Codes>, Problem> {
    let codes = own::put_in_force(&app, mine.me(), &given.code).await?;
    Ok(Json(Codes { codes }))
}

/// The own password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Confirming {
    /// The password.
    #[schema(max_length = 256)]
    password: String,
}

/// Makes other codes for when the telephone is lost
///
/// Those of before work no more.
#[utoipa::path(
    post, path = "/me/second-factor/codes", tag = "session", request_body = Confirming,
    responses(
        (status = 201, description = "Made", body = Codes),
        (status = "default", description = "Not made", body = Failed),
    )
)]
async fn renew_codes(
    State(app): State<Arc<App>>,
    Mine(mine): Mine,
    Asked(Nothing {}): Asked<Nothing>,
    Given(given): Given<Confirming>,
) -> Result<(StatusCode, Json<Codes>), Problem> {
    let codes = own::renew_codes(&app, mine.me(), &given.password).await?;
    Ok((StatusCode::CREATED, Json(Codes { codes })))
}

/// Takes the own second factor away
#[utoipa::path(
    post, path = "/me/second-factor/end", tag = "session", request_body = Confirming,
    responses(
        (status = 204, description = "Taken away"),
        (status = "default", description = "Not taken away", body = Failed),
    )
)]
async fn take_away(
    State(app): State<Arc<App>>,
    Mine(mine): Mine,
    Asked(Nothing {}): Asked<Nothing>,
    Given(given): Given<Confirming>,
) -> Result<StatusCode, Problem> {
    own::take_away(&app, mine.me(), &given.password).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lists where one is signed in
#[utoipa::path(
    get, path = "/me/sessions", tag = "session",
    responses(
        (status = 200, description = "The newest first", body = Vec<OwnSession>),
        (status = "default", description = "No list", body = Failed),
    )
)]
async fn sessions(
    State(app): State<Arc<App>>,
    Mine(mine): Mine,
    Asked(Nothing {}): Asked<Nothing>,
) -> Result<Json<Vec<OwnSession>>, Problem> {
    Ok(Json(own::sessions(&app, mine.me()).await?))
}

/// Signs out everywhere else
#[utoipa::path(
    delete, path = "/me/sessions", tag = "session",
    responses(
        (status = 200, description = "Signed out", body = Ended),
        (status = "default", description = "Not signed out", body = Failed),
    )
)]
async fn end_others(
    State(app): State<Arc<App>>,
    Mine(mine): Mine,
    Asked(Nothing {}): Asked<Nothing>,
) -> Result<Json<Ended>, Problem> {
    Ok(Json(Ended { ended: own::end_others(&app, mine.me()).await? }))
}

/// Ends one of the own sessions
#[utoipa::path(
    delete, path = "/me/sessions/{id}", tag = "session",
    params(("id" = String, Path, description = "What names the session in the list")),
    responses(
        (status = 204, description = "Ended"),
        (status = "default", description = "Not ended", body = Failed),
    )
)]
async fn end_session(
    State(app): State<Arc<App>>,
    Mine(mine): Mine,
    Named(id): Named<String>,
    Asked(Nothing {}): Asked<Nothing>,
) -> Result<StatusCode, Problem> {
    own::end_session(&app, mine.me(), &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lists the own tokens
#[utoipa::path(
    get, path = "/me/tokens", tag = "session",
    responses(
        (status = 200, description = "The newest first, ended ones too", body = Vec<Token>),
        (status = "default", description = "No list", body = Failed),
    )
)]
async fn tokens(
    State(app): State<Arc<App>>,
    Mine(mine): Mine,
    Asked(Nothing {}): Asked<Nothing>,
) -> Result<Json<Vec<Token>>, Problem> {
    Ok(Json(own::list(&app, mine.me()).await?))
}

/// A token that was made.
#[derive(Serialize, ToSchema)]
struct Made {
    /// To be sent as `Authorization: Bearer …`; nothing shows it again.
    token: String,
}

/// Makes a token for a machine
///
/// For a part of what one may do oneself, until a day.
#[utoipa::path(
    post, path = "/me/tokens", tag = "session", request_body = NewToken,
    responses(
        (status = 201, description = "Made", body = Made),
        (status = "default", description = "Not made", body = Failed),
    )
)]
async fn make_token(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Mine(mine): Mine,
    Asked(Nothing {}): Asked<Nothing>,
    Given(new): Given<NewToken>,
) -> Result<(StatusCode, Json<Made>), Problem> {
    let token = own::make(&app, mine.me(), &actor, new).await?;
    Ok((StatusCode::CREATED, Json(Made { token })))
}

/// Ends an own token
#[utoipa::path(
    delete, path = "/me/tokens/{id}", tag = "session",
    params(("id" = String, Path, description = "What names the token in the list")),
    responses(
        (status = 204, description = "Ended"),
        (status = "default", description = "Not ended", body = Failed),
    )
)]
async fn end_token(
    State(app): State<Arc<App>>,
    Mine(mine): Mine,
    Named(id): Named<String>,
    Asked(Nothing {}): Asked<Nothing>,
) -> Result<StatusCode, Problem> {
    own::remove(&app, mine.me(), &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
