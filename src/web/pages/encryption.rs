//! 加密

use axum::extract::{Path, State as Shared};
use axum::http::StatusCode;

use super::{Answer, entry_no, said_here};
use crate::encryption::{self, EncryptionError, Request};
use crate::model::access::Right;
use crate::model::id::HouseholdNo;
use crate::web::error::{Failure, Status};
use crate::web::page::encryption::{Encryption, Row, Stage};
use crate::web::session::{Fields, Session, go_saying};
use crate::web::state::Web;
use crate::web::words;

/// `GET /encryption`
pub(crate) async fn show(session: Session, Shared(web): Shared<Web>) -> Answer {
    let page = page(&session, &web).await?;
    session.show(&page)
}

async fn page(session: &Session, web: &Web) -> Result<Encryption, Failure> {
    let status = encryption::status(&web.app).await?;
    let asked = encryption::requests(&web.app, &session.actor).await?;
    Ok(Encryption {
        frame: session.frame.clone(),
        on: status.on,
        name: status.keys.unwrap_or_default(),
        destroyed: status.destroyed,
        master: match session.actor.may(Right::ManageKeys) {
            true => status.master,
            false => String::new(),
        },
        rows: asked.into_iter().map(row).collect(),
        household: String::new(),
        reason: String::new(),
        status: session.said(),
        wrong: String::new(),
    })
}

fn row(one: Request) -> Row {
    Row {
        asked: words::count(one.asked),
        household: one.household,
        reason: one.reason,
        when: words::minute(&one.time),
        name: one.name,
        stage: match one.stage.as_str() {
            "refused" => Stage::Refused,
            "destroyed" => Stage::Destroyed,
            _ => Stage::Waits,
        },
        decider: one.decider,
        answer: one.answer,
        yours: one.yours,
    }
}

/// `POST /encryption`: asks for a destruction.
pub(crate) async fn ask(session: Session, Shared(web): Shared<Web>, fields: Fields) -> Answer {
    let (household, reason) = (fields.text("household"), fields.text("reason"));
    let Ok(no) = household.parse::<HouseholdNo>() else {
        let wrong = session.lang.t("户号要17位数字。", "A household number has 17 digits.");
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return again(&session, &web, &fields, status, wrong.to_owned()).await;
    };
    match encryption::ask(&web.app, &session.actor, &no, reason).await {
        Ok(_) => Ok(go_saying(
            "/encryption",
            session.lang.t("提请好了，等审批人审批。", "Asked; an approver decides."),
        )),
        Err(EncryptionError::UnknownHousehold(no)) => {
            let (zh, en) = ("没有这一户。", format!("There is no household {no} here."));
            let wrong = session.lang.t(zh, &en).to_owned();
            again(&session, &web, &fields, StatusCode::NOT_FOUND, wrong).await
        }
        Err(error) => {
            let (status, wrong) = said_here(&session, error)?;
            again(&session, &web, &fields, status, wrong).await
        }
    }
}

/// The page with what was typed, saying why nothing was done.
async fn again(
    session: &Session,
    web: &Web,
    fields: &Fields,
    status: impl Into<Status>,
    wrong: String,
) -> Answer {
    let household = fields.text("household").to_owned();
    let reason = fields.text("reason").to_owned();
    let page = Encryption { household, reason, wrong, ..page(session, web).await? };
    session.show_as(status, &page)
}

/// `POST /encryption/{no}`: somebody else decides.
pub(crate) async fn decide(
    session: Session,
    Shared(web): Shared<Web>,
    Path(no): Path<String>,
    fields: Fields,
) -> Answer {
    let (no, lang) = (entry_no(&no)?, session.lang);
    let (decided, said) = match fields.text("agreed") {
        "yes" => {
            let typed = fields.text("household");
            let done = encryption::destroy(&web.app, &session.actor, no, typed).await;
            let said = lang.t(
                "密钥已经销毁。主密钥也换了：换下收着的旧主密钥，重做备份。",
                "The keys are destroyed. The master key is another one now: replace the copies of it that were put away, and make a new backup.",
            );
            (done.map(drop), said)
        }
        _ => {
            let reason = fields.text("reason");
            let done = encryption::refuse(&web.app, &session.actor, no, reason).await;
            (done.map(drop), lang.t("没有销毁，记在存证里。", "Refused, and recorded in the log."))
        }
    };
    match decided {
        Ok(()) => Ok(go_saying("/encryption", said)),
        Err(error) => {
            let (status, wrong) = said_here(&session, error)?;
            let page = Encryption { wrong, ..page(&session, &web).await? };
            session.show_as(status, &page)
        }
    }
}
