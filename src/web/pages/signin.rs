//! 登录, 退出

use axum::extract::{Extension, Query, State as Shared};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use serde::Deserialize;

use super::{Answer, said_here};
use crate::people;
use crate::sessions;
use crate::signin::provider::{self, Returned};
use crate::signin::{self, SignInError, Step};
use crate::web::error::Failure;
use crate::web::identity::{self, Identity};
use crate::web::origin::Calling;
use crate::web::page::signin::{Going, SecondStep, SignIn, WithCode};
use crate::web::session::{Fields, Session, go, ours};
use crate::web::state::Web;

/// Where a provider sends people back to.
const BACK: &str = "/signin/provider/back";

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
    if identity.is_some() {
        return Ok(go(ours(&back)));
    }
    let nobody = !people::anybody(&web.app).await?;
    session.show(&SignIn { nobody, ..page(&session, &web, ours(&back)) })
}

fn page(session: &Session, web: &Web, back: &str) -> SignIn {
    let oidc = &web.app.config.oidc;
    let provider = match (oidc.is_on(), oidc.button.trim()) {
        (false, _) => String::new(),
        (true, "") => session.lang.t("用统一认证登录", "Sign in at the provider").to_owned(),
        (true, button) => button.to_owned(),
    };
    SignIn {
        frame: session.frame.clone(),
        back: back.to_owned(),
        login: String::new(),
        wrong: String::new(),
        nobody: false,
        provider,
    }
}

/// `POST /signin`: lets in who knows the password, up to the second factor.
pub(crate) async fn enter(
    session: Session,
    Shared(web): Shared<Web>,
    calling: Calling,
    fields: Fields,
) -> Answer {
    let (login, back) = (fields.text("login"), ours(fields.text("back")));
    let password = fields.exact("password");
    match signin::by_password(&web.app, login, password, calling.caller(), back).await {
        Ok(step) => Ok(step_on(step, back)),
        Err(error) => {
            let (status, wrong) = said_here(&session, error)?;
            let login = login.chars().take(64).collect();
            let page = SignIn { login, wrong, ..page(&session, &web, back) };
            session.show_as(status, &page)
        }
    }
}

/// Sends the browser on with what it is to hold.
fn step_on(step: Step, next: &str) -> Response {
    match step {
        Step::In(key) => with(go(next), &[&identity::begin(&key), &identity::end_half()]),
        Step::Half(half) => with(go("/signin/second"), &[&identity::half(&half)]),
        Step::Waits => go("/signin"),
    }
}

fn with(mut response: Response, cookies: &[&str]) -> Response {
    for cookie in cookies {
        if let Ok(cookie) = HeaderValue::from_str(cookie) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }
    response
}

/// `GET /signin/second`
pub(crate) async fn second_form(session: Session, headers: HeaderMap) -> Answer {
    if identity::held(&headers).is_none() {
        return Ok(go("/signin"));
    }
    let page = SecondStep { frame: session.frame.clone(), wrong: String::new() };
    session.show(&page)
}

/// `POST /signin/second`: the second factor.
pub(crate) async fn second(
    session: Session,
    Shared(web): Shared<Web>,
    calling: Calling,
    headers: HeaderMap,
    fields: Fields,
) -> Answer {
    let Some(half) = identity::held(&headers) else { return Ok(go("/signin")) };
    let typed = fields.text("code");
    match signin::by_second_factor(&web.app, half, typed, calling.caller()).await {
        Ok((key, next)) => Ok(step_on(Step::In(key), ours(&next))),
        // They begin again, and are told why on the page where they do.
        Err(error @ SignInError::Late) => {
            let (status, wrong) = said_here(&session, error)?;
            let page = SignIn { wrong, ..page(&session, &web, "/") };
            Ok(with(session.show_as(status, &page)?, &[&identity::end_half()]))
        }
        Err(error) => {
            let (status, wrong) = said_here(&session, error)?;
            let page = SecondStep { frame: session.frame.clone(), wrong };
            session.show_as(status, &page)
        }
    }
}

/// A code in the address, as a link that was handed over has it.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Linked {
    #[serde(default)]
    code: String,
}

/// `GET /signin/code`: a one-time code.
pub(crate) async fn code_form(
    session: Session,
    Shared(web): Shared<Web>,
    Query(Linked { code }): Query<Linked>,
) -> Answer {
    let code: String = code.chars().take(64).collect();
    let mut page = code_page(&session, &code);
    if !code.is_empty() {
        match signin::invitation(&web.app, &code).await {
            Ok(person) => page.name = person.name,
            Err(error) => page.wrong = said_here(&session, error)?.1,
        }
    }
    session.show(&page)
}

fn code_page(session: &Session, code: &str) -> WithCode {
    WithCode {
        frame: session.frame.clone(),
        code: code.to_owned(),
        name: String::new(),
        wrong: String::new(),
        done: false,
    }
}

/// `POST /signin/code`: sets the first password, or another one.
pub(crate) async fn with_code(
    session: Session,
    Shared(web): Shared<Web>,
    calling: Calling,
    fields: Fields,
) -> Answer {
    let code: String = fields.text("code").chars().take(64).collect();
    let password = fields.exact("password");
    if password != fields.exact("again") {
        let failure = Failure::twice();
        let wrong = failure.sentence.said_in(session.lang);
        return session.show_as(failure.status, &WithCode { wrong, ..code_page(&session, &code) });
    }
    match signin::by_invitation(&web.app, &code, password, calling.caller()).await {
        Ok((Step::Waits, _)) => session.show(&WithCode { done: true, ..code_page(&session, "") }),
        Ok((step, _)) => Ok(step_on(step, "/")),
        Err(error) => {
            let (status, wrong) = said_here(&session, error)?;
            session.show_as(status, &WithCode { wrong, ..code_page(&session, &code) })
        }
    }
}

/// `GET /signin/provider`: sends the browser to the provider.
pub(crate) async fn to_provider(
    session: Session,
    Shared(web): Shared<Web>,
    calling: Calling,
    Query(Back { back }): Query<Back>,
) -> Answer {
    let ours_at = format!("{}{BACK}", calling.base);
    match provider::send(&web.app, &ours_at, ours(&back)).await {
        Ok((address, half)) => Ok(with(go(&address), &[&identity::half(&half)])),
        Err(error) => not_there(&session, &web, error),
    }
}

/// What a provider sends back.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct FromProvider {
    #[serde(default)]
    code: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    iss: String,
}

/// `GET /signin/provider/back`: whoever comes back from the provider.
pub(crate) async fn came_back(
    session: Session,
    Shared(web): Shared<Web>,
    calling: Calling,
    headers: HeaderMap,
    Query(from): Query<FromProvider>,
) -> Answer {
    let half = identity::held(&headers).unwrap_or_default();
    let FromProvider { code, state, iss } = &from;
    let returned = Returned { half, state, code, issuer: iss };
    let ours_at = format!("{}{BACK}", calling.base);
    let (step, next) =
        match provider::came_back(&web.app, &ours_at, returned, calling.caller()).await {
            Ok(there) => there,
            Err(error) => return not_there(&session, &web, error),
        };
    let (to, cookie) = match &step {
        Step::In(key) => (ours(&next), identity::begin(key)),
        Step::Half(half) => ("/signin/second", identity::half(half)),
        Step::Waits => ("/signin", identity::end_half()),
    };
    let mut page = session.show(&Going { frame: session.frame.clone(), to: to.to_owned() })?;
    if let Ok(on) = HeaderValue::try_from(format!("0; url={to}")) {
        page.headers_mut().insert(header::REFRESH, on);
    }
    let done = matches!(step, Step::In(_));
    Ok(if done { with(page, &[&cookie, &identity::end_half()]) } else { with(page, &[&cookie]) })
}

/// Says on the page where people sign in why the provider did not help.
fn not_there(session: &Session, web: &Web, error: SignInError) -> Answer {
    tracing::info!(%error, "nobody came in by the provider");
    let (status, wrong) = said_here(session, error)?;
    let page = SignIn { wrong, ..page(session, web, "/") };
    Ok(with(session.show_as(status, &page)?, &[&identity::end_half()]))
}

/// `POST /signout`: ends the session; a copy of its cookie opens nothing.
pub(crate) async fn leave(
    Shared(web): Shared<Web>,
    Extension(identity): Extension<Identity>,
    _: Fields,
) -> Answer {
    if let Some(key) = &identity.key {
        sessions::end(&web.app, key).await?;
    }
    Ok(with(go("/signin"), &[&identity::end()]))
}
