//! 订正文字: the list of doubtful pages, one page line by line, keeping it.

use axum::extract::{Path, Query, State as Shared};
use axum::http::StatusCode;
use serde::Deserialize;

use super::{Answer, ROWS, document_id};
use crate::correction::{self, CorrectError, Said, SaidLine, Sheet, SheetLine};
use crate::extract::Source;
use crate::model::access::MadeBy;
use crate::model::id::DocumentId;
use crate::rendition::quality::DOUBTFUL;
use crate::view::{self, Called, DoubtfulPage};
use crate::web::error::Failure;
use crate::web::lang::Lang;
use crate::web::page::correct::{Correct, Line};
use crate::web::page::doubtful::{Doubtful, Row};
use crate::web::page::part::HouseholdRef;
use crate::web::session::{Fields, Session, go, go_saying};
use crate::web::state::Web;
use crate::web::words;

/// What the addresses of lists and pages say.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    after: String,
    listed: String,
}

/// Where a list goes on; none where that is not said, or said wrongly.
fn place(text: &str) -> Option<DoubtfulPage> {
    text.parse().ok()
}

/// `GET /pages`
pub(crate) async fn list(
    session: Session,
    Shared(web): Shared<Web>,
    Query(asked): Query<Asked>,
) -> Answer {
    let (app, actor) = (&web.app, &session.actor);
    let after = place(&asked.after);
    let pages = view::doubtful(app, actor, DOUBTFUL, after, ROWS).await?;
    let called = view::called(app, actor, &pages).await?;
    let full = pages.len() == ROWS as usize;
    let page = Doubtful {
        frame: session.frame.clone(),
        status: session.said(),
        after: pages.last().filter(|_| full).map(ToString::to_string),
        rows: pages.into_iter().zip(called).map(row).collect(),
    };
    session.show(&page)
}

fn row((page, called): (DoubtfulPage, Called)) -> Row {
    Row {
        document: words::count(page.document),
        title: called.title,
        household: called.household.map(|(no, head)| HouseholdRef::new(&no, &head)),
        page: words::count(page.page),
        quality: words::count(page.quality) / 10,
        listed: page.to_string(),
    }
}

/// `GET /pages/next`: the doubtful page behind another.
pub(crate) async fn next(
    session: Session,
    Shared(web): Shared<Web>,
    Query(asked): Query<Asked>,
) -> Answer {
    Ok(go(&behind(&session, &web, &asked.after).await?))
}

/// The address of the doubtful page behind another, or of the list.
async fn behind(session: &Session, web: &Web, listed: &str) -> Result<String, Failure> {
    let after = place(listed);
    let next = view::doubtful(&web.app, &session.actor, DOUBTFUL, after, 1).await?;
    Ok(match next.first() {
        Some(page) => format!("/doc/{}/text/{}?listed={page}", page.document, page.page),
        None => "/pages".to_owned(),
    })
}

/// `GET /doc/{id}/text/{page}`
pub(crate) async fn show(
    session: Session,
    Shared(web): Shared<Web>,
    Path((id, page)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Answer {
    let id = document_id(&id)?;
    let number: u32 = page.parse().map_err(|_| Failure::number(&page))?;
    let sheet = correction::sheet(&web.app, &session.actor, id, number).await?;
    let mut page = filled(&session, &web, sheet).await?;
    page.listed = place(&asked.listed).map(|place| place.to_string()).unwrap_or_default();
    page.status = session.said();
    session.show(&page)
}

async fn filled(session: &Session, web: &Web, sheet: Sheet) -> Result<Correct, Failure> {
    let (document, page) = (sheet.document, i64::from(sheet.page));
    let one = [DoubtfulPage { quality: 0, document, page }];
    let called = view::called(&web.app, &session.actor, &one).await?.pop();
    let called = called.unwrap_or(Called { title: String::new(), household: None });
    let said = |by: MadeBy| {
        let (who, when) = (by.name, words::minute(&by.time));
        match session.lang {
            Lang::Zh => format!("{who}{when}订正过"),
            Lang::En => format!("corrected by {who}, {when}"),
        }
    };
    Ok(Correct {
        frame: session.frame.clone(),
        document: words::count(document),
        title: called.title,
        household: called.household.map(|(no, head)| HouseholdRef::new(&no, &head)),
        page: u64::from(sheet.page),
        size: (sheet.width, sheet.height),
        quality: u64::from(sheet.quality / 10),
        by: sheet.by.map(said),
        seen: sheet.seen.map(|entry| entry.to_string()).unwrap_or_default(),
        whole: sheet.source == Source::Person,
        lines: sheet.lines.into_iter().map(line).collect(),
        listed: String::new(),
        wrong: None,
        status: None,
    })
}

fn line(line: SheetLine) -> Line {
    let mut pieces: Vec<(String, bool)> = Vec::new();
    for (at, c) in line.text.chars().enumerate() {
        let doubted = line.doubted.contains(&at);
        match pieces.last_mut() {
            Some((text, same)) if *same == doubted => text.push(c),
            _ => pieces.push((c.to_string(), doubted)),
        }
    }
    Line {
        bbox: line.bbox,
        text: line.text,
        pieces,
        confidence: u64::from(line.confidence / 10),
        checked: line.checked,
        now: None,
    }
}

/// `POST /doc/{id}/text/{page}`
pub(crate) async fn keep(
    session: Session,
    Shared(web): Shared<Web>,
    Path((id, page)): Path<(String, String)>,
    fields: Fields,
) -> Answer {
    let id = document_id(&id)?;
    let number: u32 = page.parse().map_err(|_| Failure::number(&page))?;
    let said = said(&fields)?;
    let listed = fields.text("listed").to_owned();
    let kept = correction::correct(&web.app, &session.actor, id, number, said.clone()).await;
    if matches!(kept, Err(CorrectError::Meanwhile(..))) {
        return again(&session, &web, (id, number), said, &listed).await;
    }
    kept?;
    let sentence =
        session.lang.t("已存好，改过的字马上查得到。", "Kept; what was changed is found at once.");
    let to = match place(&listed) {
        Some(_) => behind(&session, &web, &listed).await?,
        None => format!("/doc/{id}?p={number}&tab=text"),
    };
    Ok(go_saying(&to, sentence))
}

/// The page as somebody else has corrected it meanwhile, with what this person
/// typed against it: nothing is lost, and nothing overwritten unseen.
async fn again(
    session: &Session,
    web: &Web,
    (id, number): (DocumentId, u32),
    said: Said,
    listed: &str,
) -> Answer {
    let sheet = correction::sheet(&web.app, &session.actor, id, number).await?;
    let mut page = filled(session, web, sheet).await?;
    listed.clone_into(&mut page.listed);
    for typed in said.lines {
        match page.lines.iter_mut().find(|line| line.bbox == typed.bbox) {
            Some(line) if line.text == typed.text => {}
            Some(line) => {
                line.now = Some(std::mem::replace(&mut line.text, typed.text));
                line.checked = false;
            }
            None => page.lines.push(Line {
                bbox: typed.bbox,
                pieces: Vec::new(),
                text: typed.text,
                confidence: 100,
                checked: false,
                now: Some(String::new()),
            }),
        }
    }
    page.wrong = Some(
        session
            .lang
            .t(
                "这一页刚有人订正过，没有存。您写的还在下面，请对照着再看。",
                "Somebody has just corrected this page; nothing was kept. What you typed is below: compare, and keep again.",
            )
            .to_owned(),
    );
    session.show_as(StatusCode::CONFLICT, &page)
}

/// What a form says of a page: the lines that were looked at, or all of them.
fn said(fields: &Fields) -> Result<Said, Failure> {
    let whole = !fields.text("whole").is_empty();
    let seen = match fields.text("seen") {
        "" => None,
        text => Some(text.parse().map_err(|_| Failure::number(text))?),
    };
    let checked: Vec<usize> = fields.all("checked").filter_map(|at| at.parse().ok()).collect();
    let mut lines = Vec::new();
    for (at, (text, bbox)) in fields.all("text").zip(fields.all("box")).enumerate() {
        if !whole && !checked.contains(&at) {
            continue;
        }
        let numbers: Vec<u32> = bbox.split(' ').filter_map(|n| n.parse().ok()).collect();
        let bbox = numbers.try_into().map_err(|_| Failure::form(&"a box is four numbers"))?;
        lines.push(SaidLine { bbox, text: text.to_owned() });
    }
    Ok(Said { seen, whole, lines })
}
