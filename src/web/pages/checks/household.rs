//! The findings of one household, and closing them.

use axum::extract::{Path, State as Shared};

use super::super::cases::typed;
use super::super::{Answer, household_no, said_here};
use super::{file, row};
use crate::app::App;
use crate::living::findings::{self, Standing, ToClose};
use crate::living::names;
use crate::model::evidence::Outcome;
use crate::model::id::{DocumentId, HouseholdNo};
use crate::view::{self, HouseholdView, Place};
use crate::web::error::Failure;
use crate::web::page::checks::{Closed, Findings, One};
use crate::web::session::{Fields, Session, go_saying};
use crate::web::state::Web;
use crate::web::words;

/// `GET /household/{no}/findings`
pub(crate) async fn of_household(
    session: Session,
    Shared(web): Shared<Web>,
    Path(no): Path<String>,
) -> Answer {
    let page = filled(&session, &web, &household_no(&no)?).await?;
    session.show(&page)
}

async fn filled(session: &Session, web: &Web, no: &HouseholdNo) -> Result<Findings, Failure> {
    let (app, actor, lang) = (&web.app, &session.actor, session.lang);
    let found = findings::of_household(app, actor, no).await?;
    let names = names(app).await?;
    let household = view::household_at_work(app, actor, no).await?;
    let rules = &app.rules.evidence;
    let one = |one: &Standing| One {
        row: row(lang, rules, &names, one),
        code: one.finding.code.clone(),
        member: one.finding.member.map(|place| place.to_string()).unwrap_or_default(),
        mark: one.finding.mark.clone(),
        since: one.finding.since.clone(),
        entries: one.finding.entries.iter().map(|entry| words::count(*entry)).collect(),
        closed: one.closed.as_ref().map(|row| Closed {
            entry: words::count(row.entry),
            outcome: match Outcome::named(&row.outcome) {
                Some(outcome) => lang.t(outcome.words().0, outcome.words().1).to_owned(),
                None => row.outcome.clone(),
            },
            words: row.words.clone(),
            by: row.author.clone(),
            paper: words::count(row.document),
        }),
        typed: String::new(),
    };
    Ok(Findings {
        frame: session.frame.clone(),
        no: no.to_string(),
        head: household.household.head.clone(),
        status: session.said(),
        wrong: None,
        findings: found.findings.iter().map(one).collect(),
        papers: deciding(app, &household),
        files: found.files.iter().map(|one| file(lang, rules, one)).collect(),
    })
}

/// The papers of the file by which a finding can be closed: number and title.
fn deciding(app: &App, file: &HouseholdView) -> Vec<(u64, String)> {
    let decides = file.places.iter().filter(|place| findings::is_decision(app, &place.type_code));
    let paper =
        |place: &Place| Some((words::count(place.document.as_ref()?.id), place.title.clone()));
    decides.filter_map(paper).collect()
}

/// `POST /household/{no}/findings`
pub(crate) async fn close(
    session: Session,
    Shared(web): Shared<Web>,
    Path(no): Path<String>,
    fields: Fields,
) -> Answer {
    let no = household_no(&no)?;
    let document = typed(&fields, "document")?.map(DocumentId);
    let closing = ToClose {
        finding: fields.text("finding").to_owned(),
        member: typed(&fields, "member")?,
        mark: fields.text("mark").to_owned(),
        outcome: fields.text("outcome").parse().map_err(|error: String| Failure::form(&error))?,
        document: document.ok_or_else(|| Failure::form(&"no document"))?,
        words: fields.text("words").to_owned(),
    };
    let mark = closing.mark.clone();
    let Err(error) = findings::close(&web.app, &session.actor, &no, closing).await else {
        let sentence = session.lang.t("处理好了。", "Closed.");
        return Ok(go_saying(&format!("/household/{no}/findings"), sentence));
    };
    let (status, sentence) = said_here(&session, error)?;
    let mut page = filled(&session, &web, &no).await?;
    page.wrong = Some(sentence);
    let code = fields.text("finding");
    if let Some(one) = page.findings.iter_mut().find(|one| one.code == code && one.mark == mark) {
        one.typed = fields.text("words").to_owned();
    }
    page.frame.here = format!("/household/{no}/findings");
    session.show_as(status, &page)
}
