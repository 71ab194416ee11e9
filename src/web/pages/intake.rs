//! 收件台: the desk, and what is done with the paper in hand.

use axum::extract::{Path, Query, State as Shared};
use axum::http::StatusCode;
use serde::Deserialize;

use super::{Answer, document_id, wrong};
use crate::filing::{self, NewHousehold};
use crate::model::document::{Description, DescriptionError};
use crate::model::id::{DocumentId, HouseholdNo, OrganisationCode};
use crate::view;
use crate::web::error::{Failure, description};
use crate::web::lang::Lang;
use crate::web::page::intake::{Intake, PileItem, PileState, Proposal};
use crate::web::page::part::{FieldError, State};
use crate::web::session::{Fields, Session, go, go_saying, not_reading};
use crate::web::state::Web;
use crate::web::words;

mod proposal;

pub(super) use proposal::size;

/// What the address of the desk says.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    /// The paper to take in hand.
    doc: Option<i64>,
}

/// `GET /intake`
pub(crate) async fn show(
    session: Session,
    Shared(web): Shared<Web>,
    Query(asked): Query<Asked>,
) -> Answer {
    let page = desk(&session, &web, asked.doc.map(DocumentId)).await?;
    match &page.current {
        // A paper that left the desk stands where it went.
        Some(Proposal { state: PileState::Filed, document, .. }) => {
            Ok(go(&format!("/doc/{document}")))
        }
        _ => session.show(&page),
    }
}

/// The desk with a paper in hand.
async fn desk(session: &Session, web: &Web, wished: Option<DocumentId>) -> Result<Intake, Failure> {
    let (app, lang) = (&web.app, session.lang);
    let seen = view::desk(app, &session.actor, wished).await?;
    let current = match &seen.in_hand {
        Some(in_hand) => Some(proposal::of(session, web, &seen, in_hand).await?),
        None => None,
    };
    Ok(Intake {
        frame: session.frame.clone(),
        pile: seen.pile.iter().map(|one| pile_item(lang, web, one)).collect(),
        pile_total: words::count(seen.total),
        filed: seen.filed.iter().map(filed_item).collect(),
        status: session.said(),
        current,
        types: words::types(lang, &app.profile),
        limit: app.config.limits.bytes,
        not_reading: not_reading(app, lang),
    })
}

fn pile_item(lang: Lang, web: &Web, one: &view::Waiting) -> PileItem {
    let named = !one.type_code.is_empty();
    PileItem {
        document: words::count(one.document.id),
        name: if named {
            words::type_name(lang, &web.app.profile, &one.type_code)
        } else {
            one.title.clone()
        },
        pages: words::count(one.document.pages),
        head: one.candidate.as_ref().map(|likely| likely.head.clone()).unwrap_or_default(),
        state: pile_state(one),
    }
}

fn pile_state(one: &view::Waiting) -> PileState {
    match super::overview::state(one) {
        State::Late => {
            PileState::Broken(one.job.as_ref().map(|job| job.error.clone()).unwrap_or_default())
        }
        State::Run => PileState::Reading,
        State::Due => PileState::Doubt,
        State::None | State::Ok => PileState::Ready,
    }
}

fn filed_item(one: &view::JustFiled) -> PileItem {
    PileItem {
        document: words::count(one.document.0),
        name: one.title.clone(),
        pages: words::count(one.pages),
        head: one.head.clone(),
        state: PileState::Filed,
    }
}

/// `POST /intake/{id}/file`: files the paper and goes on to the next; with
/// wrong fields, shows them again with what was typed.
pub(crate) async fn file(
    session: Session,
    Shared(web): Shared<Web>,
    Path(id): Path<String>,
    fields: Fields,
) -> Answer {
    let id = document_id(&id)?;
    let mut errors = Vec::new();
    let typed = typed(session.lang, &fields, &mut errors);
    let household = household(&session, &web, &fields, &mut errors).await?;
    if let (Some(description), Some(no), true) = (typed, household, errors.is_empty()) {
        let next = after(&web, &session, id).await?;
        filing::file(&web.app, &session.actor, id, &no, description).await?;
        let sentence = filed_as(&session, &web, &no, id).await?;
        return Ok(go_saying(&next, &sentence));
    }
    let mut page = desk(&session, &web, Some(id)).await?;
    if let Some(paper) = &mut page.current {
        again(paper, &fields, errors);
    }
    session.show_as(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// Puts what was typed back into the form.
fn again(paper: &mut Proposal, fields: &Fields, errors: Vec<FieldError>) {
    let text = |name| fields.text(name).to_owned();
    for candidate in &mut paper.candidates {
        candidate.chosen = candidate.household.no == fields.text("household");
    }
    (paper.other, paper.new_head) = (text("other"), text("new_head"));
    (paper.type_code, paper.title, paper.date) = (text("type"), text("title"), text("date"));
    (paper.responsible, paper.document_no) = (text("responsible"), text("document_no"));
    paper.errors = errors;
}

/// The description in a form; none when a field is wrong.
pub(super) fn typed(
    lang: Lang,
    fields: &Fields,
    errors: &mut Vec<FieldError>,
) -> Option<Description> {
    let text = |name| fields.text(name).to_owned();
    let date = words::typed_date(fields.text("date"));
    if date.is_none() {
        errors.push(wrong("date", words::no_date(lang)));
    }
    let typed = Description {
        type_code: text("type"),
        // A title may have been broken into lines on screen.
        title: text("title").split_whitespace().collect::<Vec<_>>().join(" "),
        responsible: text("responsible"),
        document_no: text("document_no"),
        date: date.flatten(),
        remarks: text("remarks"),
    };
    match typed.checked() {
        Ok(description) if errors.is_empty() => Some(description),
        Ok(_) => None,
        Err(error) => {
            let field = match &error {
                DescriptionError::TooLong { field, .. } | DescriptionError::Unprintable(field)
                    if field.contains("responsible") =>
                {
                    "responsible"
                }
                DescriptionError::TooLong { field, .. } | DescriptionError::Unprintable(field)
                    if field.contains("number") =>
                {
                    "document_no"
                }
                DescriptionError::Date => "date",
                _ => "title",
            };
            let sentence = description(&error);
            errors.push(wrong(field, sentence.said_in(lang)));
            None
        }
    }
}

/// The household a form chooses: a candidate, another number, or a new one
/// that is opened here; none when a field is wrong.
async fn household(
    session: &Session,
    web: &Web,
    fields: &Fields,
    errors: &mut Vec<FieldError>,
) -> Result<Option<HouseholdNo>, Failure> {
    let lang = session.lang;
    let chosen = match fields.text("household") {
        "" => fields.text("other"),
        chosen => chosen,
    };
    let Some(no) = number(lang, chosen, "household", errors) else { return Ok(None) };
    if view::named(&web.app, &session.actor, no.as_str()).await?.is_some() {
        return Ok(Some(no));
    }
    let head = fields.text("new_head");
    if head.is_empty() {
        let sentence = lang.t(
            "没有这个户号。看看有没有写错；要新立一户，请写上户主。",
            "There is no such number. Check it; to open a file, name its head.",
        );
        errors.push(wrong("household", sentence));
        return Ok(None);
    }
    if !errors.is_empty() {
        return Ok(None);
    }
    let new = NewHousehold { head: head.to_owned(), ..NewHousehold::default() };
    match filing::open_household(&web.app, &session.actor, &no, new).await {
        Ok(_) => Ok(Some(no)),
        Err(filing::FilingError::Head) => {
            errors.push(wrong("new_head", lang.t("姓名最多40个字。", "At most 40 characters.")));
            Ok(None)
        }
        Err(filing::FilingError::UnknownHousehold(_)) => {
            let sentence = lang.t("这个户号不在您的范围里。", "This number is outside your scope.");
            errors.push(wrong("household", sentence));
            Ok(None)
        }
        Err(filing::FilingError::NotRegistered(code)) => {
            errors.push(wrong("household", not_registered(lang, &code)));
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

/// Why no household is opened in a community that is not registered.
pub(super) fn not_registered(lang: Lang, code: &OrganisationCode) -> String {
    match lang {
        Lang::Zh => format!("户号前12位{code}没有登记为机构。看看有没有写错，或先登记机构。"),
        Lang::En => format!(
            "No organisation {code} is registered, the first 12 digits. Check the number, or have \
             it registered first."
        ),
    }
}

/// A household number as people type it, with or without blanks.
pub(super) fn number(
    lang: Lang,
    typed: &str,
    field: &str,
    errors: &mut Vec<FieldError>,
) -> Option<HouseholdNo> {
    let digits = crate::model::text::squeeze(typed).replace('-', "");
    let sentence = match (digits.parse(), digits.chars().count(), lang) {
        (Ok(no), ..) => return Some(no),
        (_, 0, _) => {
            lang.t("请选一户，或写上户号。", "Choose a household, or type its number.").to_owned()
        }
        (_, n, Lang::Zh) => format!("户号是17位数字，这里有{n}位。"),
        (_, n, Lang::En) => format!("A number has 17 digits; here are {n}."),
    };
    errors.push(wrong(field, sentence));
    None
}

/// The address of the paper after `id` in the pile.
async fn after(web: &Web, session: &Session, id: DocumentId) -> Result<String, Failure> {
    let pile = view::pile(&web.app, &session.actor, 100).await?;
    let at = pile.iter().position(|one| one.document.id() == id);
    let next = at.and_then(|at| pile.get(at + 1)).map(|one| one.document.id);
    Ok(next.map_or_else(|| "/intake".to_owned(), |next| format!("/intake?doc={next}")))
}

/// `已归入周桂兰户第9件。`
async fn filed_as(
    session: &Session,
    web: &Web,
    no: &HouseholdNo,
    id: DocumentId,
) -> Result<String, Failure> {
    let file = view::household_at_work(&web.app, &session.actor, no).await?;
    let papers = file.places.iter().filter_map(|place| place.document.as_ref());
    let order = papers.take_while(|paper| paper.id != id.0).count() + 1;
    let head = &file.household.head;
    Ok(match session.lang {
        Lang::Zh => format!("已归入{head}户第{order}件。"),
        Lang::En => format!("Filed with {head} as document {order}."),
    })
}

/// `POST /intake/{id}/join`: the paper becomes the last pages of another one.
pub(crate) async fn join(
    session: Session,
    Shared(web): Shared<Web>,
    Path(id): Path<String>,
    fields: Fields,
) -> Answer {
    let (id, into) = (document_id(&id)?, document_id(fields.text("into"))?);
    filing::join(&web.app, &session.actor, id, into).await?;
    let sentence = session.lang.t("已并入上件。", "Joined to the paper before.");
    Ok(go_saying(&format!("/intake?doc={into}"), sentence))
}

/// `POST /intake/{id}/return`: the paper goes back to where it came from.
pub(crate) async fn give_back(
    session: Session,
    Shared(web): Shared<Web>,
    Path(id): Path<String>,
    fields: Fields,
) -> Answer {
    let id = document_id(&id)?;
    let next = after(&web, &session, id).await?;
    filing::give_back(&web.app, &session.actor, id, fields.text("reason")).await?;
    let sentence = session.lang.t("已退回，原文留着。", "Sent back; its bytes stay.");
    Ok(go_saying(&next, sentence))
}
