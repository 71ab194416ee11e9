//! Every version of what was keyed from a paper.

use axum::extract::{Path, State as Shared};

use super::super::{Answer, document_id};
use crate::keying;
use crate::view;
use crate::web::page::keying::{Version, Versions};
use crate::web::page::part::HouseholdRef;
use crate::web::session::Session;
use crate::web::state::Web;
use crate::web::words;

/// `GET /doc/{id}/key/versions`
pub(crate) async fn versions(
    session: Session,
    Shared(web): Shared<Web>,
    Path(id): Path<String>,
) -> Answer {
    let id = document_id(&id)?;
    let (app, lang) = (&web.app, session.lang);
    let found = keying::versions(app, &session.actor, id).await?;
    let seen = view::document_at_work(app, &session.actor, id).await?;
    let version = |one: keying::Version| Version {
        form: app
            .forms
            .get(&one.form)
            .map_or(one.form.clone(), |form| lang.t(&form.name, &form.name_en).to_owned()),
        by: one.author,
        when: words::minute(&one.time),
        readable: one.readable,
        values: one
            .values
            .into_iter()
            .map(|value| {
                let row = value.field.split('.').nth(1).map(|row| format!(" {row}"));
                let name = lang.t(&value.name, &value.name_en).to_owned();
                let read = value.from == crate::model::form::KeyedFrom::Read;
                (name + &row.unwrap_or_default(), value.value, read)
            })
            .collect(),
    };
    session.show(&Versions {
        frame: session.frame.clone(),
        document: words::count(id.0),
        title: seen.title.clone(),
        household: seen.document.household.as_ref().map(|no| HouseholdRef::new(no, &seen.head)),
        status: session.said(),
        versions: found.into_iter().map(version).collect(),
    })
}
