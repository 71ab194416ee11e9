//! 追缴 of one household: shown, asked for, settled.

use axum::extract::{Path, State as Shared};

use super::cases::typed;
use super::{Answer, household_no, papers, said_here};
use crate::living::recoveries::{self, Asking, Demand, RecoveryRow, SettlementRow, Settling};
use crate::living::{files_at_bureau, kinship};
use crate::model::fund::SettledBy;
use crate::model::id::{DocumentId, HouseholdNo};
use crate::model::lending::day_of;
use crate::model::month::Month;
use crate::view;
use crate::web::error::Failure;
use crate::web::page::recoveries::{self as page, Form, Recoveries, Settled};
use crate::web::session::{Fields, Session, go_saying};
use crate::web::state::Web;
use crate::web::text::signed_yuan;
use crate::web::words;

/// The months that were paid too much.
pub(super) fn months(row: &RecoveryRow) -> String {
    match row.from_month == row.until_month {
        true => row.from_month.clone(),
        false => format!("{} — {}", row.from_month, row.until_month),
    }
}

/// An amount that is still open, in yuan; empty when nothing is.
fn open(amount: i64) -> String {
    if amount == 0 { String::new() } else { signed_yuan(amount) }
}

/// `GET /household/{no}/recoveries`
pub(crate) async fn show(
    session: Session,
    Shared(web): Shared<Web>,
    Path(no): Path<String>,
) -> Answer {
    let page = filled(&session, &web, &household_no(&no)?).await?;
    session.show(&page)
}

async fn filled(session: &Session, web: &Web, no: &HouseholdNo) -> Result<Recoveries, Failure> {
    let (app, actor) = (&web.app, &session.actor);
    let demands = recoveries::of_household(app, actor, no).await?;
    let file = view::household_at_work(app, actor, no).await?;
    Ok(Recoveries {
        frame: session.frame.clone(),
        no: no.to_string(),
        head: file.household.head.clone(),
        status: session.said(),
        wrong: None,
        open: open(demands.iter().map(|one| one.row.open()).sum()),
        demands: demands.iter().map(demand).collect(),
        papers: papers(&file),
        form: Form::default(),
        may_waive: files_at_bureau(actor),
        today: day_of(app.now()).to_string(),
        kin: super::kinship::shown(session.lang, kinship::of_household(app, actor, no).await?),
    })
}

fn demand(one: &Demand) -> page::Demand {
    page::Demand {
        entry: words::count(one.row.entry),
        months: months(&one.row),
        amount: signed_yuan(one.row.amount),
        open: open(one.row.open()),
        words: one.row.words.clone(),
        by: one.row.author.clone(),
        paper: one.row.paper.map(words::count),
        settled: one.settlements.iter().map(settled).collect(),
        typed: Default::default(),
    }
}

fn settled(one: &SettlementRow) -> Settled {
    Settled {
        entry: words::count(one.entry),
        on: one.on_day.clone(),
        repaid: one.kind == SettledBy::Repaid.as_str(),
        amount: signed_yuan(one.amount),
        words: one.words.clone(),
        paper: one.paper.map(words::count),
    }
}

/// `POST /household/{no}/recoveries`
pub(crate) async fn recover(
    session: Session,
    Shared(web): Shared<Web>,
    Path(no): Path<String>,
    fields: Fields,
) -> Answer {
    let no = household_no(&no)?;
    let month = |name| fields.text(name).parse::<Month>().map_err(|error| Failure::form(&error));
    let asking = || {
        Ok::<_, Failure>(Asking {
            amount: fields.text("amount").to_owned(),
            from: month("from")?,
            until: month("until")?,
            words: fields.text("words").to_owned(),
            paper: typed(&fields, "paper")?.map(DocumentId),
        })
    };
    let failure: Failure = match asking() {
        Err(failure) => failure,
        Ok(asking) => match recoveries::recover(&web.app, &session.actor, &no, asking).await {
            Err(error) => error.into(),
            Ok(_) => return Ok(done(&session, &no)),
        },
    };
    let (status, sentence) = said_here(&session, failure)?;
    let text = |name| fields.text(name).to_owned();
    let form = Form {
        amount: text("amount"),
        from: text("from"),
        until: text("until"),
        words: text("words"),
        paper: text("paper"),
    };
    let page = filled(&session, &web, &no).await?;
    session.show_as(status, &Recoveries { wrong: Some(sentence), form, ..again(page) })
}

/// A page that answers a form is opened again by the address of what it shows.
fn again(mut page: Recoveries) -> Recoveries {
    page.frame.here = format!("/household/{}/recoveries", page.no);
    page
}

fn done(session: &Session, no: &HouseholdNo) -> axum::response::Response {
    let sentence = session.lang.t("记下了。", "Written down.");
    go_saying(&format!("/household/{no}/recoveries"), sentence)
}

/// `POST /household/{no}/settlements`
pub(crate) async fn settle(
    session: Session,
    Shared(web): Shared<Web>,
    Path(no): Path<String>,
    fields: Fields,
) -> Answer {
    let no = household_no(&no)?;
    let named = |error: &dyn std::fmt::Display| Failure::form(error);
    let recovery = fields.text("recovery").parse().map_err(|error| named(&error))?;
    let settling = Settling {
        recovery,
        by: match fields.text("by") {
            "repaid" => SettledBy::Repaid,
            "waived" => SettledBy::Waived,
            other => return Err(named(&format!("by {other:?}"))),
        },
        amount: fields.text("amount").to_owned(),
        on: typed(&fields, "on")?,
        words: fields.text("words").to_owned(),
        paper: typed(&fields, "paper")?.map(DocumentId),
    };
    let Err(error) = recoveries::settle(&web.app, &session.actor, &no, settling).await else {
        return Ok(done(&session, &no));
    };
    let (status, sentence) = said_here(&session, error)?;
    let mut page = again(filled(&session, &web, &no).await?);
    page.wrong = Some(sentence);
    if let Some(one) = page.demands.iter_mut().find(|one| one.entry == words::count(recovery)) {
        one.typed = (fields.text("amount").to_owned(), fields.text("words").to_owned());
    }
    session.show_as(status, &page)
}
