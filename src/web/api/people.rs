//! 人员: accounts and roles.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::given::{Acting, Asked, Given, Limit, Named, Nothing, fifty};
use super::problem::{Failed, Problem};
use crate::app::App;
use crate::model::access::Role;
use crate::model::people::Person;
use crate::people::access::{self, Standing};
use crate::people::{self, Changed, NewPerson};

pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(list, add))
        .routes(routes!(show, change))
        .routes(routes!(stands))
        .routes(routes!(grant))
        .routes(routes!(sign_out))
        .routes(routes!(end_session))
        .routes(routes!(issue_code))
        .routes(routes!(name_at_provider))
        .routes(routes!(end_token))
}

/// A page of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Page {
    /// The login of the last person of the page before.
    #[serde(default)]
    after: String,
    /// How many.
    #[serde(default = "fifty")]
    #[param(value_type = u32, minimum = 1, maximum = 1000, default = 50)]
    limit: Limit,
}

/// Lists people
///
/// Those of the own organisation and of the ones below it.
#[utoipa::path(
    get, path = "/people", tag = "people", params(Page),
    responses(
        (status = 200, description = "By organisation and login", body = Vec<Person>),
        (status = "default", description = "No list", body = Failed),
    )
)]
async fn list(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Asked(page): Asked<Page>,
) -> Result<Json<Vec<Person>>, Problem> {
    let after = Some(page.after.as_str()).filter(|login| !login.is_empty());
    Ok(Json(people::list(&app, &actor, after, page.limit.0).await?))
}

/// Makes an account
///
/// It may do nothing until a security officer gives it roles.
#[utoipa::path(
    post, path = "/people", tag = "people", request_body = NewPerson,
    responses(
        (status = 201, description = "Made", body = Person),
        (status = "default", description = "Not made", body = Failed),
    )
)]
async fn add(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Asked(Nothing {}): Asked<Nothing>,
    Given(new): Given<NewPerson>,
) -> Result<(StatusCode, Json<Person>), Problem> {
    Ok((StatusCode::CREATED, Json(people::add(&app, &actor, new).await?)))
}

/// Shows a person
#[utoipa::path(
    get, path = "/people/{login}", tag = "people",
    params(("login" = String, Path, description = "The login")),
    responses(
        (status = 200, description = "The person", body = Person),
        (status = "default", description = "Not shown", body = Failed),
    )
)]
async fn show(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(login): Named<String>,
    Asked(Nothing {}): Asked<Nothing>,
) -> Result<Json<Person>, Problem> {
    Ok(Json(people::get(&app, &actor, &login).await?))
}

/// Changes an account, or closes it
///
/// Every session of the person ends when it is closed.
#[utoipa::path(
    put, path = "/people/{login}", tag = "people", request_body = Changed,
    params(("login" = String, Path, description = "The login")),
    responses(
        (status = 200, description = "Changed", body = Person),
        (status = "default", description = "Not changed", body = Failed),
    )
)]
async fn change(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(login): Named<String>,
    Asked(Nothing {}): Asked<Nothing>,
    Given(changed): Given<Changed>,
) -> Result<Json<Person>, Problem> {
    Ok(Json(people::change(&app, &actor, &login, changed).await?))
}

/// Shows how a person comes in
///
/// Password, code, second factor, sessions and tokens; nothing of it lets anybody
/// in.
#[utoipa::path(
    get, path = "/people/{login}/access", tag = "people",
    params(("login" = String, Path, description = "The login")),
    responses(
        (status = 200, description = "How", body = Standing),
        (status = "default", description = "Not shown", body = Failed),
    )
)]
async fn stands(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(login): Named<String>,
    Asked(Nothing {}): Asked<Nothing>,
) -> Result<Json<Standing>, Problem> {
    Ok(Json(access::standing(&app, &actor, &login).await?))
}

/// All roles of a person.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Granting {
    /// Which: none takes every right away.
    #[schema(max_items = 7)]
    roles: Vec<Role>,
}

/// Says what a person is from now on
///
/// 授权. The sessions of the person end.
#[utoipa::path(
    put, path = "/people/{login}/roles", tag = "people", request_body = Granting,
    params(("login" = String, Path, description = "The login")),
    responses(
        (status = 200, description = "Granted", body = Person),
        (status = "default", description = "Not granted", body = Failed),
    )
)]
async fn grant(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(login): Named<String>,
    Asked(Nothing {}): Asked<Nothing>,
    Given(given): Given<Granting>,
) -> Result<Json<Person>, Problem> {
    Ok(Json(people::grant(&app, &actor, &login, given.roles).await?))
}

/// How a code is issued.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Issuing {
    /// Whether the second factor of the person is taken away too.
    #[serde(default)]
    telephone_lost: bool,
}

/// A one-time code.
#[derive(Debug, Serialize, ToSchema)]
struct Issued {
    /// The code; nothing shows it again.
    code: String,
    /// Until when it is good.
    ends: String,
}

/// Issues a one-time code
///
/// 发码. With it the person sets a first password, or another one, at
/// `/signin/code`.
#[utoipa::path(
    post, path = "/people/{login}/code", tag = "people", request_body = Issuing,
    params(("login" = String, Path, description = "The login")),
    responses(
        (status = 201, description = "Issued", body = Issued),
        (status = "default", description = "Not issued", body = Failed),
    )
)]
async fn issue_code(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(login): Named<String>,
    Asked(Nothing {}): Asked<Nothing>,
    Given(given): Given<Issuing>,
) -> Result<(StatusCode, Json<Issued>), Problem> {
    let lost = given.telephone_lost;
    let (code, ends) = access::issue_code(&app, &actor, &login, lost).await?;
    Ok((StatusCode::CREATED, Json(Issued { code, ends: ends.to_string() })))
}

/// What a person is called at the provider.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NamedThere {
    /// The name; empty: they do not sign in there.
    #[schema(max_length = 255)]
    name: String,
}

/// Says what a person is called at the provider
///
/// The next sign-in there under this name ties the account to it.
#[utoipa::path(
    put, path = "/people/{login}/provider", tag = "people", request_body = NamedThere,
    params(("login" = String, Path, description = "The login")),
    responses(
        (status = 204, description = "Noted"),
        (status = "default", description = "Not noted", body = Failed),
    )
)]
async fn name_at_provider(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(login): Named<String>,
    Asked(Nothing {}): Asked<Nothing>,
    Given(given): Given<NamedThere>,
) -> Result<StatusCode, Problem> {
    access::name_at_provider(&app, &actor, &login, &given.name).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends a token of a person
#[utoipa::path(
    delete, path = "/people/{login}/tokens/{id}", tag = "people",
    params(
        ("login" = String, Path, description = "The login"),
        ("id" = String, Path, description = "What names the token in lists"),
    ),
    responses(
        (status = 204, description = "Ended"),
        (status = "default", description = "Not ended", body = Failed),
    )
)]
async fn end_token(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named((login, id)): Named<(String, String)>,
    Asked(Nothing {}): Asked<Nothing>,
) -> Result<StatusCode, Problem> {
    access::end_token(&app, &actor, &login, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How many sessions ended.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Ended {
    /// So many.
    pub(super) ended: u64,
}

/// Ends the sessions of a person
#[utoipa::path(
    delete, path = "/people/{login}/sessions", tag = "people",
    params(("login" = String, Path, description = "The login")),
    responses(
        (status = 200, description = "Ended", body = Ended),
        (status = "default", description = "Not ended", body = Failed),
    )
)]
async fn sign_out(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named(login): Named<String>,
    Asked(Nothing {}): Asked<Nothing>,
) -> Result<Json<Ended>, Problem> {
    let ended = people::sign_out(&app, &actor, &login).await?;
    Ok(Json(Ended { ended }))
}

/// Ends one session of a person
#[utoipa::path(
    delete, path = "/people/{login}/sessions/{id}", tag = "people",
    params(
        ("login" = String, Path, description = "The login"),
        ("id" = String, Path, description = "What names the session in lists"),
    ),
    responses(
        (status = 204, description = "Ended"),
        (status = "default", description = "Not ended", body = Failed),
    )
)]
async fn end_session(
    State(app): State<Arc<App>>,
    Acting(actor): Acting,
    Named((login, id)): Named<(String, String)>,
    Asked(Nothing {}): Asked<Nothing>,
) -> Result<StatusCode, Problem> {
    access::end_session(&app, &actor, &login, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
