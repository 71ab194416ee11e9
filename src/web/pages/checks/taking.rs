//! Files of other departments, and rosters, looked over and taken in.

use std::sync::Arc;

use axum::extract::State as Shared;
use axum::extract::multipart::{Field, Multipart};
use axum::response::Response;
use bytes::{Bytes, BytesMut};
use jiff::civil::Date;

use super::super::cases::typed;
use super::super::upload::short_text;
use super::super::{Answer, said_here};
use super::{Asked, page};
use crate::living::LivingError;
use crate::living::evidence::{self, GivenResults, Taken};
use crate::model::access::Right;
use crate::model::evidence::Mapping;
use crate::model::look::Reason;
use crate::model::table::{MOST_BYTES, SheetError};
use crate::sheet::Shape;
use crate::web::checking::{Ended, Staged};
use crate::web::error::Failure;
use crate::web::imports::{Begun, Import, Outcome, bad_lines};
use crate::web::lang::Lang;
use crate::web::page::checks::Waiting;
use crate::web::page::part::Progress;
use crate::web::session::{Fields, Session, go, go_saying};
use crate::web::state::Web;
use crate::web::{download, words};

/// How the last file of a person stands.
#[derive(Default)]
pub(super) struct Stands {
    /// How far it is, while it goes.
    pub(super) goes: Option<Progress>,
    /// What became of it.
    pub(super) said: Option<String>,
    /// Its rows that are bad: line and reason.
    pub(super) bad: Vec<(u64, String)>,
    /// A household of it, where it was a roster that the person may take along.
    pub(super) roster: Option<String>,
}

impl Stands {
    fn ended(said: String, bad: Vec<(u64, String)>) -> Self {
        Self { said: Some(said), bad, ..Self::default() }
    }
}

/// How the last file of the person stands: how far it is, what became of it.
pub(super) fn stands(session: &Session, web: &Web) -> Stands {
    let lang = session.lang;
    let Some((name, import)) = web.checking.imports.of(&session.actor) else {
        return Stands::default();
    };
    let of_it = |said: String| format!("{name}{}{said}", lang.t("：", ": "));
    match import {
        Import::Goes(counted) => {
            let goes = Some(Progress::importing(lang, &name, counted.now()));
            Stands { goes, ..Stands::default() }
        }
        Import::Failed(failure) => Stands::ended(of_it(failure.sentence.said_in(lang)), Vec::new()),
        Import::Ended(Ended::Taken(taken)) => {
            let said = of_it(said(lang, &taken));
            Stands::ended(said, bad_lines(lang, &taken.bad))
        }
        Import::Ended(Ended::Opened(found)) => {
            let said = of_it(super::roster::said(lang, &found));
            let one = found.one.filter(|_| session.actor.may(Right::Export));
            let roster = one.map(|no| no.to_string());
            Stands { roster, ..Stands::ended(said, bad_lines(lang, &found.bad)) }
        }
    }
}

fn said(lang: Lang, taken: &Taken) -> String {
    let read = match (taken.as_before, lang) {
        (None, _) => String::new(),
        (Some(entry), Lang::Zh) => format!("列照第{entry}号记录的那个文件读。"),
        (Some(entry), Lang::En) => format!(" Its columns were read as in entry {entry}."),
    };
    let done = match (taken.entries.is_empty(), lang) {
        (true, Lang::Zh) => format!("有{}行读不出，都还没有存。", taken.bad_total),
        (true, Lang::En) => format!("{} rows cannot be read; nothing is kept.", taken.bad_total),
        (false, Lang::Zh) => format!(
            "存下{}行，涉及{}户；{}行查无此人，{}行读不出。",
            taken.kept, taken.households, taken.unknown, taken.bad_total
        ),
        (false, Lang::En) => format!(
            "{} rows kept, of {} households; {} are of nobody here, {} cannot be read.",
            taken.kept, taken.households, taken.unknown, taken.bad_total
        ),
    };
    done + &read
}

pub(super) async fn waiting(session: &Session, web: &Web) -> Result<Option<Waiting>, Failure> {
    let Some(staged) = web.checking.waiting(&session.actor) else { return Ok(None) };
    let app = &web.app;
    let bytes = staged.bytes.clone();
    let found = evidence::look_over(app, &session.actor, &staged.kind, bytes).await?;
    let kind = evidence::kind(app, &staged.kind)?;
    // What somebody chose stays chosen while the file waits.
    let as_before = found.as_before.filter(|_| staged.mapping.is_none()).map(words::count);
    let mapping = staged.mapping.or(found.mapping);
    let chosen =
        mapping.map_or([None; 4], |one| [Some(one.id_number), one.name, one.date, one.value]);
    Ok(Some(Waiting {
        name: staged.name,
        kind: session.lang.t(&kind.name, &kind.name_en).to_owned(),
        as_of: staged.as_of.map(|day| day.to_string()).unwrap_or_default(),
        columns: found.columns,
        first: match session.lang {
            Lang::Zh => found.first,
            Lang::En => found.first_en,
        },
        rows: found.rows,
        formulas: found.formulas,
        as_before,
        chosen,
    }))
}

/// `POST /checks/look`: keeps the file of the form until its columns are chosen.
pub(crate) async fn look_over(
    session: Session,
    Shared(web): Shared<Web>,
    mut form: Multipart,
) -> Answer {
    let (mut trusted, mut kind, mut as_of) = (false, String::new(), None);
    while let Some(field) = form.next_field().await.map_err(|error| Failure::form(&error))? {
        match field.name() {
            Some("csrf") => trusted = session.is_token(&short_text(field).await?),
            // The token stands before everything else.
            Some(_) if !trusted => return Err(Failure::token()),
            Some("kind") => kind = short_text(field).await?,
            Some("as_of") => {
                let day = short_text(field).await?.trim().parse::<Date>();
                as_of = Some(day.map_err(|error| Failure::form(&error))?);
            }
            Some("file") => {
                let (name, bytes) = whole(field).await?;
                let staged = Staged { kind, as_of, name, bytes, mapping: None };
                return stage(&session, &web, staged).await;
            }
            _ => {}
        }
    }
    if trusted { Err(Failure::no_file()) } else { Err(Failure::token()) }
}

/// The name of the file in a field, and what is in it.
pub(super) async fn whole(mut field: Field<'_>) -> Result<(String, Bytes), Failure> {
    let name = crate::intake::clean_name(field.file_name().unwrap_or_default());
    let mut bytes = BytesMut::new();
    while let Some(part) = field.chunk().await.map_err(|error| Failure::form(&error))? {
        if bytes.len() + part.len() > MOST_BYTES {
            return Err(LivingError::Sheet(SheetError::Large).into());
        }
        bytes.extend_from_slice(&part);
    }
    Ok((name, bytes.freeze()))
}

/// `GET /checks/bad`: the rows of the last file that could not be read, as a list in the
/// language of the page.
pub(crate) async fn bad(session: Session, Shared(web): Shared<Web>) -> Answer {
    let last = web.checking.imports.of(&session.actor);
    let rows = match &last {
        Some((_, Import::Ended(ended))) => ended.every_bad(),
        _ => &[],
    };
    let sheet = evidence::bad_rows(rows);
    let sheet = match session.lang {
        Lang::Zh => sheet,
        Lang::En => sheet.in_english(),
    };
    let file = sheet.file(Shape::Csv).map_err(|error| Failure::internal(&error))?;
    Ok(download::sheet("bad-rows", Shape::Csv, file))
}

/// `POST /checks/file`: a file that was taken in, as it came; that is noted with the reason.
pub(crate) async fn original(session: Session, Shared(web): Shared<Web>, fields: Fields) -> Answer {
    let reason = Reason::new(fields.text("purpose"), fields.text("words"))?;
    let Some(entry) = typed::<i64>(&fields, "entry")? else { return Err(Failure::no_file()) };
    let file = evidence::original(&web.app, &session.actor, entry, Some(reason)).await?;
    Ok(download::file(file.mime, &file.name, file.bytes))
}

/// Goes back to the page, which says how far the file is, or what became of it; of a small
/// one at once.
pub(super) async fn begun(session: &Session, begun: Option<Begun>) -> Response {
    let Some(begun) = begun else {
        let sentence =
            session.lang.t("上一个文件还在导入。", "Another file is still being taken in.");
        return go_saying("/checks", sentence);
    };
    begun.ends_soon().await;
    go("/checks")
}

async fn stage(session: &Session, web: &Web, staged: Staged) -> Answer {
    let bytes = staged.bytes.clone();
    match evidence::look_over(&web.app, &session.actor, &staged.kind, bytes).await {
        Ok(_) => {
            web.checking.put(&session.actor, staged);
            Ok(go("/checks#columns"))
        }
        Err(error) => again(session, web, error.into()).await,
    }
}

/// The page with what went wrong on it.
pub(super) async fn again(session: &Session, web: &Web, failure: Failure) -> Answer {
    let (status, sentence) = said_here(session, failure)?;
    let mut page = page(session, web, &Asked::default()).await?;
    page.wrong = Some(sentence);
    page.frame.here = "/checks".to_owned();
    session.show_as(status, &page)
}

/// `POST /checks/take`: takes in the file that waits, by the columns of the form.
pub(crate) async fn take(session: Session, Shared(web): Shared<Web>, fields: Fields) -> Answer {
    let Some(staged) = web.checking.waiting(&session.actor) else {
        return Err(Failure::no_file());
    };
    let column = |name| typed::<u32>(&fields, name);
    let mapping = match column("id_number")? {
        None => None,
        Some(id_number) => Some(Mapping {
            id_number,
            name: column("name")?,
            date: column("date")?,
            value: column("value")?,
        }),
    };
    let staged = Staged { mapping, ..staged };
    web.checking.put(&session.actor, staged.clone());
    let Staged { kind, as_of, name, bytes, mapping } = staged;
    let partly = !fields.text("partly").is_empty();
    let given = GivenResults { kind, as_of, name, bytes, mapping, partly };
    let (app, actor) = (Arc::clone(&web.app), session.actor.clone());
    Ok(begun(&session, web.checking.start(app, actor, given)).await)
}
