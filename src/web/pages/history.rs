//! 经过: the history of a household's file, and of a document.

use axum::extract::{Path, Query, State as Shared};
use serde::Deserialize;

use super::{Answer, ROWS, document_id, household_no};
use crate::history::{self, Acts};
use crate::model::act::Act;
use crate::model::rules::Rules;
use crate::view;
use crate::web::lang::Lang;
use crate::web::page::history::{Event, History, Subject};
use crate::web::page::part::HouseholdRef;
use crate::web::session::Session;
use crate::web::state::Web;
use crate::web::words;

/// What the address of a history says.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    from: Option<i64>,
}

/// `GET /household/{no}/history`
pub(crate) async fn of_household(
    session: Session,
    Shared(web): Shared<Web>,
    Path(no): Path<String>,
    Query(asked): Query<Asked>,
) -> Answer {
    let no = household_no(&no)?;
    let (app, actor) = (&web.app, &session.actor);
    let head = view::household(app, actor, &no).await?.household.head;
    let acts = history::of_household(app, actor, &no, asked.from, ROWS as usize).await?;
    let path = format!("/household/{no}/history");
    show(&session, &web, Subject::Household(HouseholdRef::new(no.as_str(), &head)), acts, &path)
}

/// `GET /doc/{id}/history`
pub(crate) async fn of_document(
    session: Session,
    Shared(web): Shared<Web>,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Answer {
    let id = document_id(&id)?;
    let (app, actor) = (&web.app, &session.actor);
    let title = view::document(app, actor, id).await?.title;
    let acts = history::of_document(app, actor, id, asked.from, ROWS).await?;
    let path = format!("/doc/{id}/history");
    show(&session, &web, Subject::Document(words::count(id.0), title), acts, &path)
}

fn show(session: &Session, web: &Web, of: Subject, acts: Acts, path: &str) -> Answer {
    let lang = session.lang;
    let event = |told: &history::Told| Event {
        entry: words::count(told.no),
        when: words::minute(&told.time),
        what: words::act(lang, &told.body.act, told.again).to_owned(),
        about: about(lang, &web.app.rules, told),
        href: words::place(told),
        who: told.body.actor.name.clone(),
        organisation: told.organisation.clone(),
        changes: words::changes(lang, &web.app.profile, &told.changes),
        version: match told.body.act {
            Act::BindVolume { version, .. } => Some(words::count(version)),
            _ => None,
        },
    };
    let page = History {
        frame: session.frame.clone(),
        of,
        events: acts.told.iter().map(event).collect(),
        hidden: words::len(&acts.hidden),
        older: acts.older.map(|from| format!("{path}?from={from}")).unwrap_or_default(),
    };
    session.show(&page)
}

/// On what an act was done; whose history it is need not be said again.
fn about(lang: Lang, rules: &Rules, told: &history::Told) -> String {
    match (&told.body.act, lang) {
        (Act::BindVolume { version, items, pages, .. }, Lang::Zh) => {
            format!("第{version}版，{items}件{pages}页")
        }
        (Act::BindVolume { version, items, pages, .. }, Lang::En) => {
            format!("version {version}, {items} documents, {pages} pages")
        }
        (Act::ReturnDocument { reason, .. }, _) => {
            format!("{}{}{reason}", told.title, lang.t("，", ", "))
        }
        (Act::OpenHousehold { head, .. }, _) => head.clone(),
        (Act::LinkHouseholds(_) | Act::UnlinkHouseholds(_), _) => words::about(lang, rules, told),
        _ => told.title.clone(),
    }
}
