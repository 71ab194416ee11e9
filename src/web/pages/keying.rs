//! 录字段: a form keyed against its scan, and drafts of it.

mod offers;
mod versions;

use axum::extract::{Path, Query, State as Shared};
use axum::http::StatusCode;
use serde::Deserialize;

pub(crate) use self::offers::{offers, state};
pub(crate) use self::versions::versions;
use super::cases::typed;
use super::{Answer, document_id, said_here};
use crate::keying::{self, Draft, KeyingError, Sheet, SheetField, TypedValue};
use crate::model::access::MadeBy;
use crate::model::field::english;
use crate::model::form::{Kind, MOST};
use crate::model::id::DocumentId;
use crate::view::{self, DocumentView};
use crate::web::error::{Failure, keying as sentences};
use crate::web::lang::Lang;
use crate::web::page::keying::{Field, Keying, Section};
use crate::web::page::part::{HouseholdRef, Picture};
use crate::web::session::{Fields, Session, go_saying};
use crate::web::state::Web;
use crate::web::words;

/// How many pages of a paper are shown beside its fields.
const PAGES: usize = 20;
/// The size of a page that has not been read: that of A4 at 200 dpi.
const UNREAD: (u64, u64) = (1654, 2339);

/// What the address says.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    draft: String,
}

/// `GET /doc/{id}/key`
pub(crate) async fn show(
    session: Session,
    Shared(web): Shared<Web>,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Answer {
    let id = document_id(&id)?;
    let (app, actor) = (&web.app, &session.actor);
    let draft = match asked.draft.as_str() {
        "no" => None,
        _ => keying::draft(app, actor, id).await?,
    };
    let page = match draft {
        Some(draft) => {
            let mut page = drafted(&session, &web, draft).await?;
            page.resumed = true;
            page
        }
        None => filled(&session, &web, keying::sheet(app, actor, id).await?, true).await?,
    };
    session.show(&page)
}

/// `POST /doc/{id}/key/draft`: keeps a draft and answers with the page as it is checked.
pub(crate) async fn draft(
    session: Session,
    Shared(web): Shared<Web>,
    Path(id): Path<String>,
    fields: Fields,
) -> Answer {
    let id = document_id(&id)?;
    let said = said(&web, &fields)?;
    let draft = keying::keep_draft(&web.app, &session.actor, id, said).await?;
    session.show(&drafted(&session, &web, draft).await?)
}

/// `POST /doc/{id}/key`: the next version of the fields.
pub(crate) async fn save(
    session: Session,
    Shared(web): Shared<Web>,
    Path(id): Path<String>,
    fields: Fields,
) -> Answer {
    let id = document_id(&id)?;
    let (app, actor) = (&web.app, &session.actor);
    let said = said(&web, &fields)?;
    let error = match keying::save(app, actor, id, said.clone()).await {
        Ok(_) => {
            let offers = keying::offers(app, actor, id).await?;
            let sentence = session.lang.t("存为新一版字段。", "A new version is kept.");
            let to = match offers.facts.is_empty() {
                true => format!("/doc/{id}/key/versions"),
                false => format!("/doc/{id}/key/facts"),
            };
            return Ok(go_saying(&to, sentence));
        }
        Err(error) => error,
    };
    // What was typed is a draft until it can be kept.
    let meanwhile = keying::is_meanwhile(&error);
    let (status, sentence) = said_here(&session, error)?;
    let draft = keying::keep_draft(app, actor, id, said).await?;
    let mut page = drafted(&session, &web, draft).await?;
    page.wrong = Some(sentence);
    if meanwhile {
        let now = keying::sheet(app, actor, id).await?;
        page.seen = now.seen.unwrap_or(crate::living::NONE_SEEN).to_string();
        page.by = by(session.lang, &now);
        beside(&mut page, &now);
    }
    session.show_as(status, &page)
}

/// What is kept now beside what was typed, where both differ.
fn beside(page: &mut Keying, now: &Sheet) {
    let kept: Vec<&SheetField> = now.sections.iter().flat_map(|one| &one.fields).collect();
    for field in page.sections.iter_mut().flat_map(|section| &mut section.fields) {
        let value = kept.iter().find(|one| one.field == field.field).map_or("", |one| &one.value);
        if value != field.value {
            field.now = Some(value.to_owned());
        }
    }
}

/// What a form says: the values of all its fields, in the place of those that were
/// ticked what is kept there.
fn said(web: &Web, fields: &Fields) -> Result<keying::Keying, Failure> {
    let taken: Vec<&str> = fields.all("take").collect();
    let mut values = Vec::new();
    for form in web.app.forms.all() {
        for field in form.names(|group| group.most) {
            let name = if taken.contains(&field.as_str()) { "now" } else { "v" };
            let value = fields.text(&format!("{name}.{field}"));
            let known = values.iter().any(|one: &TypedValue| one.field == field);
            if !value.is_empty() && !known {
                values.push(TypedValue { field, value: value.to_owned() });
            }
        }
    }
    values.truncate(MOST);
    Ok(keying::Keying { seen: typed(fields, "seen")?, values, accept: false })
}

/// The page of a draft.
async fn drafted(session: &Session, web: &Web, draft: Draft) -> Result<Keying, Failure> {
    let Draft { kept, seen, wrong, sheet } = draft;
    let mut page = filled(session, web, sheet, false).await?;
    page.seen = seen.unwrap_or(crate::living::NONE_SEEN).to_string();
    page.draft = words::at(kept).get(11..16).map(ToOwned::to_owned);
    for (name, error) in wrong {
        let (_, sentence) = said_here(session, error)?;
        let mut fields = page.sections.iter_mut().flat_map(|section| &mut section.fields);
        if let Some(field) = fields.find(|one| one.field == name) {
            field.messages = vec![(true, sentence)];
        }
    }
    Ok(page)
}

fn by(lang: Lang, sheet: &Sheet) -> Option<String> {
    let MadeBy { name: who, time } = sheet.by.as_ref()?;
    let when = words::minute(time);
    Some(match lang {
        Lang::Zh => format!("{who} {when}录过"),
        Lang::En => format!("keyed by {who}, {when}"),
    })
}

/// The page of a sheet; a `fresh` one says how sure what was read is.
async fn filled(
    session: &Session,
    web: &Web,
    sheet: Sheet,
    fresh: bool,
) -> Result<Keying, Failure> {
    let lang = session.lang;
    let id = DocumentId(sheet.document);
    let seen = view::document_at_work(&web.app, &session.actor, id).await?;
    let no = seen.document.household.clone().unwrap_or_default();
    let mut number = 0;
    let mut sections = Vec::new();
    for section in &sheet.sections {
        let mut fields: Vec<Field> = Vec::new();
        let mut row = String::new();
        for one in &section.fields {
            number += 1;
            let mut field = field(lang, one, number, fresh && sheet.seen.is_none());
            let told = sheet.findings.iter().filter(|found| found.field == one.field);
            for found in told {
                let (zh, en) = sentences::problem(&found.problem);
                field.messages.push((false, lang.t(&zh, &en).to_owned()));
            }
            if let Some((group, rest)) = one.field.split_once('.') {
                let at = rest.split('.').next().unwrap_or_default();
                let here = format!("{group}.{at}");
                if here != row {
                    row = here;
                    let name = web.app.forms.get(&sheet.form).and_then(|form| {
                        let mut groups = form.groups();
                        groups.find(|one| one.code == group).map(|one| (&one.name, &one.name_en))
                    });
                    let name = name.map_or(group, |(zh, en)| lang.t(zh, en));
                    field.row = format!("{name} {at}");
                }
            }
            fields.push(field);
        }
        sections.push(Section { name: lang.t(&section.name, &section.name_en).to_owned(), fields });
    }
    Ok(Keying {
        frame: session.frame.clone(),
        document: words::count(sheet.document),
        title: seen.title.clone(),
        household: HouseholdRef::new(&no, &seen.head),
        form: lang.t(&sheet.name, &sheet.name_en).to_owned(),
        pages: pages(lang, &seen),
        more_pages: seen.pages.len().saturating_sub(PAGES) as u64,
        seen: sheet.seen.unwrap_or(crate::living::NONE_SEEN).to_string(),
        by: by(lang, &sheet),
        read: sheet.read,
        draft: None,
        resumed: false,
        wrong: None,
        sections,
        former: sheet.former.into_iter().map(|one| (one.field, one.value)).collect(),
    })
}

fn pages(lang: Lang, seen: &DocumentView) -> Vec<Picture> {
    let picture = |(at, page): (usize, &view::PageView)| {
        let size = page.reading.as_ref().map_or(UNREAD, |read| match (read.width, read.height) {
            (0, _) | (_, 0) => UNREAD,
            (width, height) => (width.into(), height.into()),
        });
        let alt = match lang {
            Lang::Zh => format!("{}第{}页", seen.title, page.page),
            Lang::En => format!("{}, page {}", seen.title, page.page),
        };
        Picture::new(
            &format!("p{at}"),
            words::count(seen.document.id),
            page.page.into(),
            size,
            &alt,
        )
    };
    seen.pages.iter().take(PAGES).enumerate().map(picture).collect()
}

fn field(lang: Lang, one: &SheetField, id: usize, unsaved: bool) -> Field {
    let is_read = unsaved && !one.value.is_empty() && one.value == one.proposed;
    let called = |choice: &String| {
        let en = english(&one.choices, &one.choices_en, choice).unwrap_or(choice);
        (choice.clone(), lang.t(choice, en).to_owned())
    };
    let choices = match one.kind {
        Kind::Choice => one.choices.iter().map(called).collect(),
        Kind::YesNo => vec![
            ("yes".to_owned(), lang.t("是", "yes").to_owned()),
            ("no".to_owned(), lang.t("否", "no").to_owned()),
        ],
        _ => Vec::new(),
    };
    let hint = match one.kind {
        Kind::Date => lang.t("如3月9日", "such as 20260309"),
        Kind::Month => lang.t("如2026-04", "such as 2026-04"),
        Kind::Money => lang.t("元", "yuan"),
        _ => "",
    };
    Field {
        id,
        field: one.field.clone(),
        name: lang.t(&one.name, &one.name_en).to_owned(),
        row: String::new(),
        required: one.required,
        long: one.longest > 200,
        choices,
        mode: match one.kind {
            Kind::Money => "decimal",
            Kind::Whole | Kind::Date => "numeric",
            Kind::Phone | Kind::Account => "tel",
            _ => "text",
        },
        hint: hint.to_owned(),
        value: one.value.clone(),
        sure: one.sure.filter(|_| is_read).map(u64::from),
        page: one.page.map(|page| page.to_string()).unwrap_or_default(),
        bbox: one.bbox.map(|b| b.map(|n| n.to_string()).join(" ")).unwrap_or_default(),
        messages: Vec::new(),
        now: None,
    }
}

fn told(session: &Session, error: KeyingError) -> Result<(StatusCode, String), Failure> {
    let (status, sentence) = said_here(session, error)?;
    Ok((status.code, sentence))
}
