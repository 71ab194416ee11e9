//! 借阅: the lists, one lending, and what is done with it.

use axum::extract::{Path, Query, State as Shared};
use axum::http::StatusCode;
use serde::Deserialize;

use super::{Answer, ROWS};
use crate::lending::{self, Handed, LendingError, List, Shown};
use crate::model::access::{Right, scope};
use crate::model::lending::{Manner, Stage};
use crate::web::error::Failure;
use crate::web::lang::Lang;
use crate::web::page::lending::one::{Lending, Step};
use crate::web::page::lending::{Lendings, Row, said};
use crate::web::session::{Fields, Session, go_saying};
use crate::web::state::Web;
use crate::web::words;

pub(crate) mod ask;
pub(crate) mod certificate;
pub(crate) mod effects;
pub(crate) mod read;
pub(crate) mod register;

/// The most rows of the two lists that people clear.
const OPEN: u32 = 500;

/// What the address of the lists says.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    before: Option<i64>,
}

/// `GET /lending`
pub(crate) async fn list(
    session: Session,
    Shared(web): Shared<Web>,
    Query(asked): Query<Asked>,
) -> Answer {
    let (app, actor, lang) = (&web.app, &session.actor, session.lang);
    let rows = |found: Vec<Shown>| found.iter().map(|one| row(lang, one)).collect::<Vec<Row>>();
    let over = lending::list(app, actor, List::Over, asked.before, ROWS).await?;
    let full = over.len() == ROWS as usize;
    let page = Lendings {
        frame: session.frame.clone(),
        status: session.said(),
        waiting: rows(lending::list(app, actor, List::Waiting, None, OPEN).await?),
        outside: rows(lending::list(app, actor, List::Outside, None, OPEN).await?),
        before: over.last().filter(|_| full).map(|one| one.asked),
        over: rows(over),
    };
    session.show(&page)
}

fn row(lang: Lang, one: &Shown) -> Row {
    Row {
        id: one.id.clone(),
        household: one.household.clone(),
        head: one.head.clone(),
        borrower: one.borrower.clone(),
        body: one.body.clone(),
        manner: lang.t(one.manner.zh(), one.manner.en()).to_owned(),
        purpose: lang.t(one.purpose.zh(), one.purpose.en()).to_owned(),
        until: one.until.clone(),
        standing: one.standing,
        said: said(lang, one.standing).to_owned(),
        read: one.can.read,
        mine: one.can.decide,
    }
}

/// `GET /lending/{id}`
pub(crate) async fn show(
    session: Session,
    Shared(web): Shared<Web>,
    Path(id): Path<String>,
) -> Answer {
    let shown = lending::get(&web.app, &session.actor, &id).await?;
    session.show(&page(&session, &web, &shown))
}

fn page(session: &Session, web: &Web, shown: &Shown) -> Lending {
    let lang = session.lang;
    let organisation = shown.household.get(..12).unwrap_or_default();
    let seen = session.actor.may(Right::Look) && scope(&session.actor).covers(organisation);
    let what = |stage: &str| {
        let stage: Option<Stage> = stage.parse().ok();
        stage.map_or("", |stage| match stage {
            Stage::Asked => lang.t("提请", "Asked"),
            Stage::Agreed => lang.t("同意", "Agreed"),
            Stage::Refused => lang.t("不同意", "Refused"),
            Stage::HandedOver => lang.t("交接", "Handed over"),
            Stage::Returned => lang.t("归还", "Returned"),
            Stage::Ended => lang.t("终止", "Ended"),
        })
    };
    Lending {
        frame: session.frame.clone(),
        status: session.said(),
        row: row(lang, shown),
        reference_code: shown.reference_code.clone(),
        reason: shown.reason.clone(),
        contact: shown.contact.clone(),
        certificate: shown.certificate.clone(),
        cover: lang.t(shown.cover.zh(), shown.cover.en()).to_owned(),
        paper: shown.manner != Manner::Look,
        copies: shown.manner == Manner::Copy,
        pages: shown.step(Stage::HandedOver).map_or(0, |step| words::count(step.pages)),
        seen: seen && !shown.head.is_empty(),
        steps: shown
            .steps
            .iter()
            .map(|step| Step {
                when: words::minute(&step.time),
                what: what(&step.stage).to_owned(),
                who: step.name.clone(),
                words: step.words.clone(),
                entry: words::count(step.entry),
            })
            .collect(),
        can: shown.can,
        effects: shown.effects.clone(),
        today: words::at(web.app.now()).get(..10).unwrap_or_default().to_owned(),
        code: None,
        wrong: None,
    }
}

/// The page again, with why nothing was done; other failures are told as such.
async fn again(session: &Session, web: &Web, id: &str, error: LendingError) -> Answer {
    let LendingError::Rule(rule) = error else { return Err(error.into()) };
    let shown = lending::get(&web.app, &session.actor, id).await?;
    let (zh, en) = words::rule(rule);
    let page =
        Lending { wrong: Some(session.lang.t(zh, en).to_owned()), ..page(session, web, &shown) };
    session.show_as(Failure::from(rule).status, &page)
}

/// Goes to the page, which says what was done.
fn done(session: &Session, id: &str, zh: &str, en: &str) -> Answer {
    Ok(go_saying(&format!("/lending/{id}"), session.lang.t(zh, en)))
}

/// `POST /lending/{id}/decide`
pub(crate) async fn decide(
    session: Session,
    Shared(web): Shared<Web>,
    Path(id): Path<String>,
    fields: Fields,
) -> Answer {
    let agreed = match fields.text("agreed") {
        "yes" => true,
        "no" => false,
        other => return Err(Failure::form(&format!("agreed is {other:?}"))),
    };
    match lending::decide(&web.app, &session.actor, &id, agreed, fields.text("reason")).await {
        Ok(_) if agreed => done(&session, &id, "已同意。", "Agreed."),
        Ok(_) => done(&session, &id, "已记下不同意。", "Refused."),
        Err(error) => again(&session, &web, &id, error).await,
    }
}

/// `POST /lending/{id}/handover`
pub(crate) async fn hand_over(
    session: Session,
    Shared(web): Shared<Web>,
    Path(id): Path<String>,
    fields: Fields,
) -> Answer {
    let number = |name| fields.text(name).parse().unwrap_or(0);
    let handed = Handed { pages: number("pages"), copies: number("copies") };
    match lending::hand_over(&web.app, &session.actor, &id, handed).await {
        Ok(None) => done(&session, &id, "已交出，记下了页数。", "Handed over."),
        Ok(Some(code)) => with_code(&session, &web, &id, code).await,
        Err(error) => again(&session, &web, &id, error).await,
    }
}

/// `POST /lending/{id}/code`
pub(crate) async fn code(
    session: Session,
    Shared(web): Shared<Web>,
    Path(id): Path<String>,
    _: Fields,
) -> Answer {
    match lending::code(&web.app, &session.actor, &id).await {
        Ok(code) => with_code(&session, &web, &id, code).await,
        Err(error) => again(&session, &web, &id, error).await,
    }
}

/// The page with a code, in the answer itself: it is in no address and no cookie.
async fn with_code(session: &Session, web: &Web, id: &str, code: String) -> Answer {
    let shown = lending::get(&web.app, &session.actor, id).await?;
    session.show_as(StatusCode::OK, &Lending { code: Some(code), ..page(session, web, &shown) })
}

/// `POST /lending/{id}/return`
pub(crate) async fn take_back(
    session: Session,
    Shared(web): Shared<Web>,
    Path(id): Path<String>,
    fields: Fields,
) -> Answer {
    let Ok(pages) = fields.text("pages").parse() else {
        let error = crate::model::lending::Rule::Pages.into();
        return again(&session, &web, &id, error).await;
    };
    let condition = fields.text("condition");
    match lending::take_back(&web.app, &session.actor, &id, pages, condition).await {
        Ok(_) => done(&session, &id, "已归还。", "Returned."),
        Err(error) => again(&session, &web, &id, error).await,
    }
}

/// `POST /lending/{id}/end`
pub(crate) async fn end(
    session: Session,
    Shared(web): Shared<Web>,
    Path(id): Path<String>,
    fields: Fields,
) -> Answer {
    match lending::end(&web.app, &session.actor, &id, fields.text("reason")).await {
        Ok(_) => {
            done(&session, &id, "已终止，谁也打不开了。", "Ended; nobody reads by it any more.")
        }
        Err(error) => again(&session, &web, &id, error).await,
    }
}
