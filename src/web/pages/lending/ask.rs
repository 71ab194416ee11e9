//! 提请借阅: the form.

use axum::extract::{Query, State as Shared};
use axum::http::StatusCode;
use jiff::ToSpan;
use serde::Deserialize;

use super::super::{Answer, intake, wrong};
use crate::lending::{self, For, LendingError, Wanted};
use crate::model::lending::{Cover, LONGEST, Manner, Purpose, Rule, day_of};
use crate::web::page::lending::ask::Ask;
use crate::web::session::{Fields, Session, go_saying};
use crate::web::state::Web;
use crate::web::words;

/// The usual term, in days.
const USUAL: i32 = 7;

/// What the address of the form says.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    household: String,
}

fn blank(session: &Session, web: &Web, household: String) -> Ask {
    let today = day_of(web.app.now());
    let day = |days: i32| today.checked_add(days.days()).unwrap_or(today).to_string();
    Ask {
        frame: session.frame.clone(),
        household,
        who: "oneself".to_owned(),
        login: String::new(),
        name: String::new(),
        body: String::new(),
        contact: String::new(),
        certificate: String::new(),
        manner: Manner::Look,
        purpose: Purpose::Review,
        reason: String::new(),
        until: day(USUAL),
        days: (today.to_string(), day(LONGEST)),
        cover: Cover::Numbers,
        errors: Vec::new(),
    }
}

/// `GET /lending/new`
pub(crate) async fn show(
    session: Session,
    Shared(web): Shared<Web>,
    Query(asked): Query<Asked>,
) -> Answer {
    let household = asked.household.chars().take(24).collect();
    session.show(&blank(&session, &web, household))
}

/// `POST /lending/new`
pub(crate) async fn send(session: Session, Shared(web): Shared<Web>, fields: Fields) -> Answer {
    let lang = session.lang;
    let text = |name| fields.text(name).to_owned();
    let mut form = Ask {
        who: text("who"),
        login: text("login"),
        name: text("name"),
        body: text("body"),
        contact: text("contact"),
        certificate: text("certificate"),
        manner: fields.text("manner").parse().unwrap_or(Manner::Look),
        purpose: fields.text("purpose").parse().unwrap_or(Purpose::Other),
        reason: text("reason"),
        until: text("until"),
        cover: fields.text("cover").parse().unwrap_or(Cover::Numbers),
        ..blank(&session, &web, text("household"))
    };
    let household = intake::number(lang, &form.household, "household", &mut form.errors);
    let until = form.until.parse();
    if until.is_err() {
        form.errors
            .push(wrong("until", lang.t("日期写成2026-12-01这样。", "A date is 2026-12-01.")));
    }
    let borrower = match form.who.as_str() {
        "person" => For::Person { login: form.login.clone() },
        "outsider" => For::Outsider {
            name: form.name.clone(),
            body: form.body.clone(),
            contact: form.contact.clone(),
            certificate: form.certificate.clone(),
        },
        _ => For::Oneself,
    };
    if let (Some(household), Ok(until), true) = (household, until, form.errors.is_empty()) {
        let (manner, purpose, cover) = (form.manner, form.purpose, form.cover);
        let reason = form.reason.clone();
        let wanted = Wanted { household, borrower, manner, purpose, reason, until, cover };
        match lending::ask(&web.app, &session.actor, wanted).await {
            Ok(id) => {
                let said = lang.t("已提请，等审批。", "Asked; somebody else decides.");
                return Ok(go_saying(&format!("/lending/{id}"), said));
            }
            Err(LendingError::Rule(rule)) => {
                let (zh, en) = words::rule(rule);
                let field = match rule {
                    Rule::Term => "until",
                    Rule::Borrower => "certificate",
                    _ => "reason",
                };
                form.errors.push(wrong(field, lang.t(zh, en)));
            }
            Err(LendingError::Nobody(_)) => {
                form.errors.push(wrong(
                    "login",
                    lang.t(
                        "本机构和下级机构里没有人用这个登录名。别的机构的人，请他自己来提请。",
                        "Nobody of your organisation or below signs in like this. People of others ask for themselves.",
                    ),
                ));
            }
            Err(LendingError::NotOurs) => {
                form.errors.push(wrong(
                    "household",
                    lang.t(
                        "没有账户的人来借，由保管这一户的机构登记；这一户不归您的机构。",
                        "The office that keeps this file notes a request of somebody without an account.",
                    ),
                ));
            }
            Err(error) => return Err(error.into()),
        }
    }
    session.show_as(StatusCode::UNPROCESSABLE_ENTITY, &form)
}
