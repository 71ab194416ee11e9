//! 件: the viewer, the correction of fields, page images, the files.

use axum::extract::{Path, Query, RawQuery, State as Shared};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::intake::typed;
use super::uses::rows;
use super::{Answer, document_id, household};
use crate::filing;
use crate::model::access::Right;
use crate::search;
use crate::uses;
use crate::view;
use crate::web::error::Failure;
use crate::web::page::part::{FieldError, HouseholdRef};
use crate::web::page::viewer::{Fields as Shown, Integrity, Tab, Viewer};
use crate::web::session::{Fields, Session, go_saying};
use crate::web::state::Web;
use crate::web::{download, words};

mod hits;
mod provenance;

use hits::Hits;

/// How many looks the viewer shows.
const LOOKS: u32 = 20;

/// What the address of a document says.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Asked {
    p: Option<u64>,
    hit: Option<u64>,
    tab: String,
    /// What was searched.
    #[serde(skip)]
    search: search::Asked,
}

/// `GET /doc/{id}`
pub(crate) async fn show(
    session: Session,
    Shared(web): Shared<Web>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Answer {
    let query = query.unwrap_or_default();
    let asked: Asked = serde_html_form::from_str(&query).unwrap_or_default();
    // A search that cannot be read marks nothing; the page is shown.
    let search = search::Asked::from_address(&query).unwrap_or_default();
    let asked = Asked { search, ..asked };
    let page = viewer(&session, &web, &id, asked).await?;
    session.show(&page)
}

async fn viewer(session: &Session, web: &Web, id: &str, asked: Asked) -> Result<Viewer, Failure> {
    let (app, actor, lang) = (&web.app, &session.actor, session.lang);
    let id = document_id(id)?;
    let seen = view::document(app, actor, id).await?;
    let (found, beside) = if asked.search.is_empty() {
        (Vec::new(), [None, None])
    } else {
        let found = search::within(app, actor, &asked.search, id).await.unwrap_or_default();
        (found, search::beside(app, actor, &asked.search, id).await.unwrap_or_default())
    };
    let in_result = beside.iter().any(Option::is_some);
    let [previous, next] = match in_result {
        true => beside.map(|one| one.map(|id| id.0)),
        false => [seen.previous, seen.next],
    };
    let hits = Hits::of(&found, asked.p, asked.hit);
    let last = words::len(&seen.pages).max(1);
    let page = hits.page.or(asked.p).unwrap_or(1).clamp(1, last);
    let integrity = integrity(session, web, id).await?;
    let whole = matches!(integrity, Integrity::Same | Integrity::NotLooked(_));
    let here = seen.pages.get(page as usize - 1);
    let said = &seen.description;
    let looked = uses::of_document(app, actor, id, LOOKS).await?;
    let mut frame = session.frame.clone();
    frame.query.clone_from(&asked.search.query);
    Ok(Viewer {
        frame,
        document: words::count(seen.document.id),
        household: seen.document.household.as_ref().map(|no| HouseholdRef::new(no, &seen.head)),
        reference_code: seen.volume.clone(),
        fields: Shown {
            type_code: said.type_code.clone(),
            type_name: words::type_name(lang, &app.profile, &said.type_code),
            title: if said.title.is_empty() { seen.title.clone() } else { said.title.clone() },
            date: said.date.map(|date| date.to_string()).unwrap_or_default(),
            responsible: said.responsible.clone(),
            document_no: said.document_no.clone(),
        },
        errors: Vec::new(),
        types: words::types(lang, &app.profile),
        integrity,
        status: session.said(),
        thumbs: hits.thumbs(&seen),
        page,
        picture: here
            .filter(|_| whole)
            .map(|view| hits.picture(lang, &seen, view, &asked.search.query)),
        no_picture: match whole {
            true => lang.t("这一件没有可以显示的页。", "It has no page that can be drawn."),
            false => lang.t(
                "原文与存证不符、找不到或读不出时，不把它当原件显示。",
                "A file that differs, is missing or cannot be read is not shown as genuine.",
            ),
        }
        .to_owned(),
        reading: hits.reading(lang, &seen, here),
        hits: hits.total,
        hit: hits.current,
        previous_hit: hits.place(hits.current.saturating_sub(1)),
        next_hit: hits.place(hits.current + 1),
        previous: previous.map(words::count),
        next: next.map(words::count),
        in_result,
        tab: Tab::from_code(&asked.tab),
        asked: asked.search,
        provenance: provenance::of(lang, &app.rules, &seen),
        looks: rows(lang, &looked.uses),
        looks_total: words::count(looked.total),
        reads_uses: session.actor.may(Right::ReadUse),
        form: app
            .forms
            .of_type(&seen.document.type_code)
            .map(|form| lang.t(&form.name, &form.name_en).to_owned()),
    })
}

async fn integrity(
    session: &Session,
    web: &Web,
    id: crate::model::id::DocumentId,
) -> Result<Integrity, Failure> {
    Ok(match view::compare(&web.app, &session.actor, id).await? {
        view::Compared::Same => Integrity::Same,
        view::Compared::Differs { accepted, found } => {
            let found = found.map(|found| found.to_string()).unwrap_or_default();
            Integrity::Differs(accepted.to_string(), found)
        }
        view::Compared::Destroyed(entry) => Integrity::Destroyed(entry),
        view::Compared::Missing => Integrity::Missing,
        view::Compared::Unread => Integrity::Unread,
        view::Compared::TooLarge => {
            Integrity::NotLooked(session.lang.t("原文太大", "the file is too large").to_owned())
        }
    })
}

/// `POST /doc/{id}/correct`: a new act that stands over the old description.
pub(crate) async fn correct(
    session: Session,
    Shared(web): Shared<Web>,
    Path(id): Path<String>,
    fields: Fields,
) -> Answer {
    let number = document_id(&id)?;
    let seen = view::document(&web.app, &session.actor, number).await?;
    let no = seen.document.household.as_ref().and_then(|no| no.parse().ok());
    let Some(no) = no.filter(|_| household::is_filed(&seen.document)) else {
        return Err(Failure::not_filed(number.0));
    };
    let mut errors: Vec<FieldError> = Vec::new();
    if let Some(mut description) = typed(session.lang, &fields, &mut errors) {
        // The form has no remarks; those that stand go on.
        description.remarks.clone_from(&seen.document.remarks);
        filing::file(&web.app, &session.actor, number, &no, description).await?;
        let sentence = session
            .lang
            .t("已更正，原来的值留在来历里。", "Corrected; the old value stays in the provenance.");
        return Ok(go_saying(&format!("/doc/{number}"), sentence));
    }
    let mut page = viewer(&session, &web, &id, Asked::default()).await?;
    let text = |name| fields.text(name).to_owned();
    page.fields = Shown {
        type_code: text("type"),
        type_name: page.fields.type_name,
        title: text("title"),
        date: text("date"),
        responsible: text("responsible"),
        document_no: text("document_no"),
    };
    page.errors = errors;
    session.show_as(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// How wide a picture is wanted.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Wide {
    w: Option<u32>,
}

/// `GET /doc/{id}/page/{page}.jpg`
pub(crate) async fn page_image(
    session: Session,
    Shared(web): Shared<Web>,
    Path((id, page)): Path<(String, String)>,
    Query(wide): Query<Wide>,
    headers: HeaderMap,
) -> Answer {
    let number = page.strip_suffix(".jpg").and_then(|page| page.parse().ok());
    let number: u32 = number.ok_or_else(|| Failure::number(&page))?;
    let width = wide.w.unwrap_or(900);
    let jpeg = view::page_image(&web.app, &session.actor, document_id(&id)?, number, width).await?;
    // A page may be turned when it is read, so the browser asks each time.
    let tag = format!("\"{}\"", hex::encode(&Sha256::digest(&jpeg)[..12]));
    let cached =
        headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes());
    let about = [(header::CACHE_CONTROL, "private, no-cache".to_owned()), (header::ETAG, tag)];
    if cached {
        return Ok((StatusCode::NOT_MODIFIED, about).into_response());
    }
    Ok((about, [(header::CONTENT_TYPE, "image/jpeg")], jpeg).into_response())
}

/// `GET /doc/{id}/file/{place}`: the bytes as they came, verified, to be kept
/// and not to be shown by the browser.
pub(crate) async fn file(
    session: Session,
    Shared(web): Shared<Web>,
    Path((id, place)): Path<(String, String)>,
) -> Answer {
    let place = place.parse().map_err(|_| Failure::number(&place))?;
    let original = view::original(&web.app, &session.actor, document_id(&id)?, place).await?;
    download::original(original).await.map_err(|error| Failure::internal(&error))
}

/// `GET /doc/{id}/searchable.pdf`: pictures of the pages with what was read unseen
/// above them, as one PDF.
pub(crate) async fn searchable(
    session: Session,
    Shared(web): Shared<Web>,
    Path(id): Path<String>,
) -> Answer {
    let id = document_id(&id)?;
    let made = view::searchable(&web.app, &session.actor, id).await?;
    Ok(download::file("application/pdf", &format!("{id}.pdf"), made))
}
