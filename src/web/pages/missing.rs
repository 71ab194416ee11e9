//! 缺件: the overview, the list, the reminder, and sending a paper back.

use axum::extract::{Path, Query, State as Shared};
use serde::Deserialize;

use super::reviews::days_to;
use super::{Answer, ROWS, document_id, filtered};
use crate::app::App;
use crate::living::Lacking;
use crate::living::completeness::{self, Lacks};
use crate::model::lending::day_of;
use crate::model::profile::Collector;
use crate::web::error::Failure;
use crate::web::lang::Lang;
use crate::web::page::missing::{MissingPage, Narrowing, Place, Reminder, Row};
use crate::web::session::{Fields, Session, go_saying};
use crate::web::state::Web;
use crate::web::{text, words};

/// What the address says.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    organisation: String,
    level: String,
    #[serde(rename = "type")]
    kind: String,
    after: String,
    own: String,
}

impl Asked {
    fn narrowing(&self) -> Narrowing {
        Narrowing {
            organisation: self.organisation.trim().to_owned(),
            level: self.level.trim().to_owned(),
            kind: self.kind.trim().to_ascii_uppercase(),
            // It is said of an organisation that is given.
            own: !self.own.is_empty() && !self.organisation.trim().is_empty(),
        }
    }

    fn read(&self) -> completeness::Asked {
        let Narrowing { organisation, level, kind, own } = self.narrowing();
        completeness::Asked { organisation, level, kind, after: self.after.clone(), own }
    }
}

fn level(lang: Lang, name: &str) -> String {
    Collector::named(name).map_or("", |level| words::level(lang, level)).to_owned()
}

async fn rows(app: &App, lang: Lang, found: &[Lacking]) -> Result<Vec<Row>, Failure> {
    let names = crate::living::names(app).await?;
    let today = day_of(app.now());
    let row = |one: &Lacking| Row {
        household: one.household.clone(),
        head: one.head.clone(),
        address: one.address.clone(),
        organisation: names.of(&one.organisation),
        paper: words::type_name(lang, &app.profile, &one.type_code),
        owner: level(lang, &one.collector),
        since: one.since.clone(),
        days: days_to(today, &one.since).unsigned_abs(),
        reason: one.reason.clone(),
        document: one.document.map(words::count),
    };
    Ok(found.iter().map(row).collect())
}

fn place(lang: Lang, one: &Lacks) -> Place {
    let lacking = Collector::ALL.iter().zip(one.lacking);
    let own = if one.own { lang.t("本级", " itself") } else { "" };
    Place {
        code: one.organisation.clone(),
        name: format!("{}{own}", one.name),
        street: one.street,
        own: one.own,
        households: words::count(one.households),
        complete: words::count(one.complete),
        expected: words::count(one.expected),
        lacking: lacking
            .map(|(level, count)| (level.as_str().to_owned(), words::count(count)))
            .collect(),
    }
}

/// `GET /missing`
pub(crate) async fn show(
    session: Session,
    Shared(web): Shared<Web>,
    Query(asked): Query<Asked>,
) -> Answer {
    let (app, lang) = (&web.app, session.lang);
    let found = completeness::lacking(app, &session.actor, &asked.read(), ROWS + 1).await;
    let (found, wrong) = filtered(lang, found)?;
    let found = found.unwrap_or_default();
    let shown = &found[..found.len().min(ROWS as usize)];
    let more = shown.last().filter(|_| found.len() > shown.len()).map(|last| {
        let address = asked.narrowing().address("/missing");
        let joint = if address.contains('?') { '&' } else { '?' };
        format!("{address}{joint}after={}", completeness::behind(last))
    });
    let places = completeness::standing(app, &session.actor).await?;
    let page = MissingPage {
        frame: session.frame.clone(),
        wrong,
        asked: asked.narrowing(),
        levels: Collector::ALL
            .iter()
            .map(|one| (one.as_str().to_owned(), words::level(lang, *one).to_owned()))
            .collect(),
        places: places.iter().map(|one| place(lang, one)).collect(),
        rows: rows(app, lang, shown).await?,
        more,
    };
    session.show(&page)
}

/// `GET /missing/print`
pub(crate) async fn print(
    session: Session,
    Shared(web): Shared<Web>,
    Query(asked): Query<Asked>,
) -> Answer {
    let found = completeness::reminder(&web.app, &session.actor, &asked.read()).await?;
    let page = Reminder {
        frame: session.frame.clone(),
        asked: asked.narrowing(),
        to: level(Lang::Zh, &asked.level),
        rows: rows(&web.app, Lang::Zh, &found).await?,
        day: text::full_day(Lang::Zh, &words::at(web.app.now())),
    };
    session.show(&page)
}

/// `POST /doc/{id}/send-back`
pub(crate) async fn send_back(
    session: Session,
    Shared(web): Shared<Web>,
    Path(id): Path<String>,
    fields: Fields,
) -> Answer {
    let id = document_id(&id)?;
    completeness::send_back(&web.app, &session.actor, id, fields.text("reason")).await?;
    let sentence = session.lang.t("已退回补正，记在缺件里。", "Sent back; it is owed again.");
    Ok(go_saying(&format!("/doc/{id}"), sentence))
}
