//! Rosters, looked over and taken in.

use std::sync::Arc;

use axum::extract::State as Shared;
use axum::extract::multipart::Multipart;

use super::super::Answer;
use super::super::upload::short_text;
use super::taking::{again, begun, whole};
use crate::living::roster::{self, GivenRoster, Imported, Preview};
use crate::web::checking::StagedRoster;
use crate::web::error::Failure;
use crate::web::imports::bad_lines;
use crate::web::lang::Lang;
use crate::web::page::checks::RosterLook;
use crate::web::session::{Fields, Session, go};
use crate::web::state::Web;
use crate::web::text;

/// What became of a roster, as a sentence.
pub(super) fn said(lang: Lang, found: &Imported) -> String {
    let (decisions, amount) = (found.decisions, text::yuan(found.amount));
    let carried = match (decisions, lang) {
        (0, _) => String::new(),
        (_, Lang::Zh) => format!("，接收待遇{decisions}户，每月合计{amount}元"),
        (_, Lang::En) => format!(", {decisions} go on with {amount} yuan a month in all"),
    };
    match lang {
        Lang::Zh => format!(
            "立户{}户，{}人{carried}；{}行有问题，没有立；{}个15位号码转成了18位。",
            found.households, found.persons, found.bad_total, found.converted
        ),
        Lang::En => format!(
            "{} households opened, {} persons{carried}; {} rows were not taken in.",
            found.households, found.persons, found.bad_total
        ),
    }
}

/// The roster of the person that waits.
pub(super) fn waiting(session: &Session, web: &Web) -> Option<RosterLook> {
    let StagedRoster { name, preview, left_to_bureau, .. } =
        web.checking.waiting_roster(&session.actor)?;
    let Preview { columns, rows, decides, good, converted, formulas, bad, bad_total, .. } = preview;
    let lang = session.lang;
    Some(RosterLook {
        name,
        columns: columns
            .into_iter()
            .map(|one| (one.place, one.head, lang.t(&one.read, &one.read_en).to_owned()))
            .collect(),
        rows,
        households: good.households,
        persons: good.persons,
        decisions: decides.then_some(good.decisions),
        amount: text::yuan(good.amount),
        left_to_bureau,
        converted,
        formulas,
        bad: bad_lines(lang, &bad),
        bad_total,
    })
}

/// `POST /checks/roster`: keeps the roster of the form until it is taken in, and shows what
/// would become of it.
pub(crate) async fn roster(
    session: Session,
    Shared(web): Shared<Web>,
    mut form: Multipart,
) -> Answer {
    let (mut trusted, mut community, mut only_open) = (false, String::new(), false);
    while let Some(field) = form.next_field().await.map_err(|error| Failure::form(&error))? {
        match field.name() {
            Some("csrf") => trusted = session.is_token(&short_text(field).await?),
            // The token stands before everything else.
            Some(_) if !trusted => return Err(Failure::token()),
            Some("community") => community = short_text(field).await?,
            Some("only_open") => only_open = !short_text(field).await?.is_empty(),
            Some("file") => {
                let (name, bytes) = whole(field).await?;
                let community = match community.trim() {
                    "" => None,
                    code => match code.parse() {
                        Ok(code) => Some(code),
                        Err(error) => return again(&session, &web, Failure::from(error)).await,
                    },
                };
                let given = GivenRoster { community, bytes, partly: false, only_open };
                return stage(&session, &web, name, given).await;
            }
            _ => {}
        }
    }
    if trusted { Err(Failure::no_file()) } else { Err(Failure::token()) }
}

async fn stage(session: &Session, web: &Web, name: String, mut given: GivenRoster) -> Answer {
    let actor = &session.actor;
    let mut looked = roster::look_over(&web.app, actor, &given).await;
    // Who may not carry allowances over still opens the households, and is told.
    let left_to_bureau = looked.as_ref().is_ok_and(|one| one.decides && !one.may_decide);
    if left_to_bureau {
        given.only_open = true;
        looked = roster::look_over(&web.app, actor, &given).await;
    }
    match looked {
        Ok(preview) => {
            let staged = StagedRoster { name, given, preview, left_to_bureau };
            web.checking.put_roster(actor, staged);
            Ok(go("/checks#look"))
        }
        Err(error) => again(session, web, error.into()).await,
    }
}

/// `POST /checks/roster/take`: begins to open the households of the roster that waits, or
/// gives it up.
pub(crate) async fn take_roster(
    session: Session,
    Shared(web): Shared<Web>,
    fields: Fields,
) -> Answer {
    let Some(staged) = web.checking.waiting_roster(&session.actor) else {
        return Err(Failure::no_file());
    };
    if !fields.text("drop").is_empty() {
        web.checking.give_up_roster(&session.actor);
        return Ok(go("/checks"));
    }
    let partly = !fields.text("partly").is_empty();
    let given = GivenRoster { partly, ..staged.given };
    let (app, actor) = (Arc::clone(&web.app), session.actor.clone());
    Ok(begun(&session, web.checking.open((app, actor), &staged.name, given)).await)
}
