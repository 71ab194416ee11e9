//! 我的登录

use axum::extract::State as Shared;
use axum::response::Response;
use jiff::civil::Date;

use super::{Answer, said_here};
use crate::model::access::Right;
use crate::own::{self, NewToken, OwnError, Token};
use crate::web::error::{Failure, Status};
use crate::web::identity::Own;
use crate::web::lang::Lang;
use crate::web::page::me::{Choice, Codes, Me, SessionRow, Setup, TokenRow};
use crate::web::page::seal::qr;
use crate::web::session::{Fields, Session, go_saying};
use crate::web::state::Web;
use crate::web::text;
use crate::web::words;

/// `GET /me`
pub(crate) async fn show(session: Session, own: Own, Shared(web): Shared<Web>) -> Answer {
    let page = page(&session, &own, &web).await?;
    session.show(&page)
}

async fn page(session: &Session, own: &Own, web: &Web) -> Result<Me, Failure> {
    let (me, lang) = (own.me(), session.lang);
    let factor = own::factor(&web.app, me).await?;
    let (sessions, tokens) = (own::sessions(&web.app, me).await?, own::list(&web.app, me).await?);
    let row = |one: own::OwnSession| SessionRow {
        id: one.id,
        agent: agent(lang, &one.agent),
        made: words::moment(one.made),
        seen: words::moment(one.seen),
        this: one.this,
    };
    let now = web.app.latest().as_millisecond();
    let since = match factor.begun {
        0 => String::new(),
        begun => text::full_day(lang, &words::day_of(begun)),
    };
    let choices = Right::ALL
        .into_iter()
        .filter(|right| right.of_machines() && session.actor.may(*right))
        .map(|right| Choice { word: right.as_str(), name: lang.t(right.zh(), right.en()) });
    Ok(Me {
        frame: session.frame.clone(),
        login: own.identity.person.login.clone(),
        since,
        codes: words::count(factor.codes),
        sessions: sessions.into_iter().map(row).collect(),
        tokens: tokens.into_iter().map(|one| token_row(lang, one, now)).collect(),
        choices: choices.collect(),
        today: words::day_of(now),
        latest: words::day_of(now + 365 * 86_400_000),
        token: String::new(),
        making: false,
        status: session.said(),
        wrong: String::new(),
    })
}

/// A browser or program as it is called in a list, from what it said it is.
pub(super) fn agent(lang: Lang, said: &str) -> String {
    match said {
        "" => lang.t("没说是什么", "not told").to_owned(),
        said => words::browser(said),
    }
}

/// A token of a list.
pub(super) fn token_row(lang: Lang, one: Token, now: i64) -> TokenRow {
    let rights: Vec<&str> = one.rights.iter().map(|it| lang.t(it.zh(), it.en())).collect();
    TokenRow {
        id: one.id,
        name: one.name,
        rights: lang.list(&rights),
        // It ends when its last day is over.
        ends: words::day_of(one.ends - 1),
        over: one.ends <= now,
        seen: match one.seen {
            0 => lang.t("没用过", "never").to_owned(),
            seen => words::moment(seen),
        },
    }
}

/// The page again, saying why something was not done.
async fn not_done(session: &Session, own: &Own, web: &Web, error: OwnError) -> Answer {
    let (status, wrong) = said_here(session, error)?;
    told(session, own, web, status, wrong).await
}

async fn told(
    session: &Session,
    own: &Own,
    web: &Web,
    status: impl Into<Status>,
    wrong: String,
) -> Result<Response, Failure> {
    let page = Me { wrong, ..page(session, own, web).await? };
    session.show_as(status, &page)
}

/// `POST /me/password`
pub(crate) async fn password(
    session: Session,
    own: Own,
    Shared(web): Shared<Web>,
    fields: Fields,
) -> Answer {
    let (old, new) = (fields.exact("old"), fields.exact("new"));
    if new != fields.exact("again") {
        let failure = Failure::twice();
        let wrong = failure.sentence.said_in(session.lang);
        return told(&session, &own, &web, failure.status, wrong).await;
    }
    match own::change_password(&web.app, own.me(), old, new).await {
        Ok(()) => Ok(go_saying(
            "/me",
            session.lang.t(
                "密码改好了，别处都退出了。",
                "The password is changed, and you are signed out elsewhere.",
            ),
        )),
        Err(error) => not_done(&session, &own, &web, error).await,
    }
}

/// `POST /me/second-factor/new`: shows the telephone what it needs.
pub(crate) async fn set_up(
    session: Session,
    own: Own,
    Shared(web): Shared<Web>,
    _: Fields,
) -> Answer {
    match setup(&session, &own, &web).await {
        Ok(page) => session.show(&page),
        Err(error) => not_done(&session, &own, &web, error).await,
    }
}

async fn setup(session: &Session, own: &Own, web: &Web) -> Result<Setup, OwnError> {
    let told = own::prepare(&web.app, own.me()).await?;
    Ok(Setup {
        frame: session.frame.clone(),
        qr: qr::svg(&told.uri).unwrap_or_default(),
        typed: told.typed,
        wrong: String::new(),
    })
}

/// `POST /me/second-factor`: puts it in force with a first code.
pub(crate) async fn put_in_force(
    session: Session,
    own: Own,
    Shared(web): Shared<Web>,
    fields: Fields,
) -> Answer {
    match own::put_in_force(&web.app, own.me(), fields.text("code")).await {
        Ok(codes) => session.show(&Codes { frame: session.frame.clone(), codes }),
        Err(error @ OwnError::WrongCode) => {
            let (status, wrong) = said_here(&session, error)?;
            match setup(&session, &own, &web).await {
                Ok(page) => session.show_as(status, &Setup { wrong, ..page }),
                Err(error) => not_done(&session, &own, &web, error).await,
            }
        }
        Err(error) => not_done(&session, &own, &web, error).await,
    }
}

/// `POST /me/second-factor/codes`: other codes for a lost telephone.
pub(crate) async fn codes(
    session: Session,
    own: Own,
    Shared(web): Shared<Web>,
    fields: Fields,
) -> Answer {
    match own::renew_codes(&web.app, own.me(), fields.exact("password")).await {
        Ok(codes) => session.show(&Codes { frame: session.frame.clone(), codes }),
        Err(error) => not_done(&session, &own, &web, error).await,
    }
}

/// `POST /me/second-factor/end`
pub(crate) async fn take_away(
    session: Session,
    own: Own,
    Shared(web): Shared<Web>,
    fields: Fields,
) -> Answer {
    match own::take_away(&web.app, own.me(), fields.exact("password")).await {
        Ok(()) => Ok(go_saying(
            "/me",
            session.lang.t("不再用手机验证了。", "No second factor is asked for any more."),
        )),
        Err(error) => not_done(&session, &own, &web, error).await,
    }
}

/// `POST /me/sessions/end`: the one of the form, or all others.
pub(crate) async fn end_sessions(
    session: Session,
    own: Own,
    Shared(web): Shared<Web>,
    fields: Fields,
) -> Answer {
    let ended = match fields.text("others") {
        "" => own::end_session(&web.app, own.me(), fields.text("id")).await,
        _ => own::end_others(&web.app, own.me()).await.map(drop),
    };
    match ended {
        Ok(()) => Ok(go_saying("/me", session.lang.t("退出了。", "Signed out."))),
        Err(error) => not_done(&session, &own, &web, error).await,
    }
}

/// `POST /me/tokens`
pub(crate) async fn make_token(
    session: Session,
    own: Own,
    Shared(web): Shared<Web>,
    fields: Fields,
) -> Answer {
    let new = NewToken {
        name: fields.text("name").to_owned(),
        rights: fields.all("right").filter_map(Right::named).collect(),
        until: fields.text("until").parse().unwrap_or(Date::MIN),
    };
    match own::make(&web.app, own.me(), &session.actor, new).await {
        Ok(token) => session.show(&Me { token, ..page(&session, &own, &web).await? }),
        Err(error) => {
            let (status, wrong) = said_here(&session, error)?;
            let page = Me { wrong, making: true, ..page(&session, &own, &web).await? };
            session.show_as(status, &page)
        }
    }
}

/// `POST /me/tokens/end`
pub(crate) async fn end_token(
    session: Session,
    own: Own,
    Shared(web): Shared<Web>,
    fields: Fields,
) -> Answer {
    match own::remove(&web.app, own.me(), fields.text("id")).await {
        Ok(()) => Ok(go_saying("/me", session.lang.t("令牌作废了。", "The token has ended."))),
        Err(error) => not_done(&session, &own, &web, error).await,
    }
}
