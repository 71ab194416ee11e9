//! 公示: the list, the sheet, and putting up and taking down.

use axum::extract::{Path, Query, State as Shared};
use serde::Deserialize;

use super::{Answer, ROWS, entry_no, household_no};
use crate::model::notice::NoticeKind;
use crate::notices::{self, Notice, NoticeError, Posting};
use crate::web::error::Failure;
use crate::web::lang::Lang;
use crate::web::page::notices::{Narrowing, Notices, Row, Sheet};
use crate::web::session::{Fields, Session, go_saying};
use crate::web::state::Web;
use crate::web::{text, words};

/// What the address of the list says.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    organisation: String,
    household: String,
    kind: String,
    all: String,
    before: Option<i64>,
    sheet: String,
}

impl Asked {
    fn narrowing(&self) -> Narrowing {
        Narrowing {
            organisation: self.organisation.trim().to_owned(),
            household: self.household.replace(' ', ""),
            kind: self.kind.clone(),
            all: !self.all.is_empty(),
        }
    }
}

impl From<&Asked> for notices::Asked {
    fn from(asked: &Asked) -> Self {
        let Narrowing { organisation, household, kind, all } = asked.narrowing();
        Self { organisation, household, kind, up: !all, before: asked.before, days: None }
    }
}

/// `GET /notices`
pub(crate) async fn show(
    session: Session,
    Shared(web): Shared<Web>,
    Query(asked): Query<Asked>,
) -> Answer {
    let lang = session.lang;
    let (found, wrong) = match notices::list(&web.app, &session.actor, &(&asked).into(), ROWS).await
    {
        Err(error @ NoticeError::Asked(_)) => {
            let sentence = Failure::from(error).sentence;
            (Vec::new(), Some(sentence.said_in(lang)))
        }
        found => (found?, None),
    };
    let full = found.len() == ROWS as usize;
    let page = Notices {
        frame: session.frame.clone(),
        status: session.said(),
        wrong,
        asked: asked.narrowing(),
        before: found.last().filter(|_| full).map(|last| last.entry),
        rows: rows(lang, &found),
    };
    session.show(&page)
}

fn rows(lang: Lang, found: &[Notice]) -> Vec<Row> {
    found.iter().map(|one| row(lang, one)).collect()
}

fn row(lang: Lang, one: &Notice) -> Row {
    let kind: Option<NoticeKind> = one.kind.parse().ok();
    Row {
        entry: words::count(one.entry),
        household: one.household.clone(),
        applicant: one.applicant.clone(),
        members: words::count(one.members),
        amount: text::yuan(one.amount),
        organisation: one.organisation_name.clone(),
        kind: kind.map_or("", |kind| lang.t(kind.zh(), kind.en())).to_owned(),
        is_awaited: kind == Some(NoticeKind::Proposed),
        term: match (&one.until, lang) {
            (Some(until), Lang::Zh) => format!("{}至{until}", one.from),
            (Some(until), Lang::En) => format!("{} to {until}", one.from),
            (None, Lang::Zh) => format!("{}起", one.from),
            (None, Lang::En) => format!("from {}", one.from),
        },
        standing: one.standing,
        reason: one.reason.clone(),
    }
}

/// `GET /notices/print`
pub(crate) async fn print(
    session: Session,
    Shared(web): Shared<Web>,
    Query(asked): Query<Asked>,
) -> Answer {
    let kind: NoticeKind = asked.sheet.parse().unwrap_or(NoticeKind::Proposed);
    let found = notices::sheet(&web.app, &session.actor, kind, &(&asked).into()).await?;
    // The sheet of one community bears its name, any other that of who prints it.
    let first = found.first().map(|one| one.organisation_name.clone());
    let one = first.filter(|name| found.iter().all(|row| row.organisation_name == *name));
    let page = Sheet {
        frame: session.frame.clone(),
        asked: asked.narrowing(),
        kind,
        organisation: one.unwrap_or_else(|| session.frame.organisation.clone()),
        // What is put on the wall is Chinese.
        rows: rows(Lang::Zh, &found),
        day: text::full_day(Lang::Zh, &words::at(web.app.now())),
    };
    session.show(&page)
}

/// `POST /household/{no}/notices`
pub(crate) async fn post(
    session: Session,
    Shared(web): Shared<Web>,
    Path(no): Path<String>,
    fields: Fields,
) -> Answer {
    let no = household_no(&no)?;
    let day = |name| match fields.text(name) {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| Failure::form(&format!("{name} is no day"))),
    };
    let wanted = Posting {
        kind: fields.text("kind").parse().map_err(|error: String| Failure::form(&error))?,
        amount: fields.text("amount").to_owned(),
        from: day("from")?,
        until: day("until")?,
    };
    let entry = notices::post(&web.app, &session.actor, &no, wanted).await?;
    let notice = notices::get(&web.app, &session.actor, entry).await?;
    let sentence = match (&notice.until, session.lang) {
        (Some(until), Lang::Zh) => format!("{}户已公示，到{until}。", notice.applicant),
        (None, Lang::Zh) => format!("{}户已公布。", notice.applicant),
        (Some(until), Lang::En) => format!("{} is put up until {until}.", notice.applicant),
        (None, Lang::En) => format!("{} is put up.", notice.applicant),
    };
    Ok(go_saying(&format!("/notices?household={no}"), &sentence))
}

/// `POST /notices/{entry}/down`
pub(crate) async fn take_down(
    session: Session,
    Shared(web): Shared<Web>,
    Path(entry): Path<String>,
    fields: Fields,
) -> Answer {
    let entry = entry_no(&entry)?;
    notices::take_down(&web.app, &session.actor, entry, fields.text("reason")).await?;
    Ok(go_saying("/notices", session.lang.t("已撤下。", "Taken down.")))
}
