//! 核查: findings listed, with the files of other departments that were taken in.

mod household;
mod taking;

use axum::extract::{Query, State as Shared};
use serde::Deserialize;

pub(crate) use self::household::{close, of_household};
pub(crate) use self::taking::{bad, look_over, roster, take};
use self::taking::{stands, waiting};
use super::{Answer, ROWS, filtered};
use crate::living::evidence::{self, EvidenceFileRow};
use crate::living::findings::{self, Standing};
use crate::living::{Names, names};
use crate::model::evidence::Unit;
use crate::model::lending::day_of;
use crate::model::look::Reason;
use crate::model::table::{MOST_BYTES, SheetError};
use crate::sheet::Shape;
use crate::view;
use crate::web::checking::{Run, Staged};
use crate::web::error::Failure;
use crate::web::lang::Lang;
use crate::web::page::checks::{Checks, File, Row};
use crate::web::session::Session;
use crate::web::state::Web;
use crate::web::text::signed_yuan;
use crate::web::{text, words};

/// How many files a page shows.
const FILES: u32 = 20;

/// What the address says.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    organisation: String,
    finding: String,
    state: String,
    after: String,
}

/// `GET /checks`
pub(crate) async fn show(
    session: Session,
    Shared(web): Shared<Web>,
    Query(asked): Query<Asked>,
) -> Answer {
    let page = page(&session, &web, &asked).await?;
    session.show(&page)
}

async fn page(session: &Session, web: &Web, asked: &Asked) -> Result<Checks, Failure> {
    let (app, lang, actor) = (&web.app, session.lang, &session.actor);
    let state = match asked.state.trim() {
        "" => "open",
        text => text,
    };
    let rules = &app.rules.evidence;
    let known = rules.finding(asked.finding.trim()).map(|rule| rule.code.clone());
    let mut wanted = findings::Asked {
        organisation: asked.organisation.trim().to_owned(),
        finding: known.unwrap_or_default(),
        state: state.parse().ok(),
        after: asked.after.trim().to_owned(),
    };
    let (part, wrong) = filtered(lang, findings::list(app, actor, &wanted, ROWS).await)?;
    if wrong.is_some() {
        wanted.organisation.clear();
    }
    let part = part.unwrap_or_default();
    let names = names(app).await?;
    let more = part.next.as_deref().map(|after| {
        let fields = [
            ("finding", wanted.finding.as_str()),
            ("state", state),
            ("organisation", &wanted.organisation),
            ("after", after),
        ];
        text::address("/checks", &fields)
    });
    let files = evidence::files(app, actor, None, FILES).await?;
    let (goes, last, bad) = stands(session, web);
    let waiting = match goes {
        None => waiting(session, web).await?,
        Some(_) => None,
    };
    Ok(Checks {
        frame: session.frame.clone(),
        status: session.said(),
        wrong,
        rows: part.findings.iter().map(|one| row(lang, rules, &names, one)).collect(),
        more,
        findings: rules
            .findings
            .iter()
            .map(|one| {
                let name = lang.t(&one.name, &one.name_en).to_owned();
                (one.code.clone(), name, one.code == wanted.finding)
            })
            .collect(),
        kinds: rules
            .kinds
            .iter()
            .map(|one| (one.code.clone(), lang.t(&one.name, &one.name_en).to_owned(), false))
            .collect(),
        organisation: wanted.organisation,
        state: state.to_owned(),
        today: day_of(app.now()).to_string(),
        waiting,
        goes,
        last,
        bad,
        files: files.iter().map(file).collect(),
    })
}

fn row(
    lang: Lang,
    rules: &crate::model::evidence::EvidenceRules,
    names: &Names,
    one: &Standing,
) -> Row {
    let finding = &one.finding;
    let money = rules.finding(&finding.code).is_some_and(|rule| rule.unit == Unit::Money);
    let difference = match (finding.difference, money) {
        (0, _) => String::new(),
        (fen, true) => signed_yuan(fen),
        (number, false) => number.to_string(),
    };
    Row {
        household: one.household.clone(),
        head: one.head.clone(),
        organisation: names.of(&one.organisation),
        called: lang.t(&one.called, &one.called_en).to_owned(),
        name: finding.name.clone(),
        declared: finding.declared.clone(),
        found: finding.found.clone(),
        difference,
        state: one.state.as_str().to_owned(),
    }
}

fn file(one: &EvidenceFileRow) -> File {
    File {
        entry: words::count(one.entry),
        called: one.called.clone(),
        as_of: one.as_of.clone(),
        name: one.name.clone(),
        kept: words::count(one.kept),
        by: one.author.clone(),
    }
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
                let staged = Staged { kind, as_of, name, bytes };
                return stage(&session, &web, staged).await;
            }
            _ => {}
        }
    }
    if trusted { Err(Failure::no_file()) } else { Err(Failure::token()) }
}

/// `POST /checks/roster`: begins to open the households of the roster of the form.
pub(crate) async fn roster(
    session: Session,
    Shared(web): Shared<Web>,
    mut form: Multipart,
) -> Answer {
    let (mut trusted, mut community, mut partly) = (false, String::new(), false);
    while let Some(field) = form.next_field().await.map_err(|error| Failure::form(&error))? {
        match field.name() {
            Some("csrf") => trusted = session.is_token(&short_text(field).await?),
            // The token stands before everything else.
            Some(_) if !trusted => return Err(Failure::token()),
            Some("community") => community = short_text(field).await?,
            Some("partly") => partly = !short_text(field).await?.is_empty(),
            Some("file") => {
                let (_, bytes) = whole(field).await?;
                let community = match community.trim() {
                    "" => None,
                    code => match code.parse() {
                        Ok(code) => Some(code),
                        Err(error) => return again(&session, &web, Failure::from(error)).await,
                    },
                };
                let given = GivenRoster { community, bytes, partly };
                let (app, actor) = (Arc::clone(&web.app), session.actor.clone());
                return Ok(begun(&session, web.checking.open(app, actor, given)));
            }
            _ => {}
        }
    }
    if trusted { Err(Failure::no_file()) } else { Err(Failure::token()) }
}

/// The name of the file in a field, and what is in it.
async fn whole(mut field: Field<'_>) -> Result<(String, Bytes), Failure> {
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

/// `GET /checks/bad`: the rows of the last file that could not be read, as a list.
pub(crate) async fn bad(session: Session, Shared(web): Shared<Web>) -> Answer {
    let run = web.checking.run(&session.actor);
    let rows = run.as_ref().map(Run::every_bad).unwrap_or_default();
    let file =
        evidence::bad_rows(rows).file(Shape::Csv).map_err(|error| Failure::internal(&error))?;
    let heads = [
        (header::CONTENT_TYPE, Shape::Csv.mime()),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"bad-rows.csv\""),
    ];
    Ok((heads, file).into_response())
}

/// `POST /checks/file`: a file that was taken in, as it came; that is noted with the reason.
pub(crate) async fn original(session: Session, Shared(web): Shared<Web>, fields: Fields) -> Answer {
    let reason = Reason::new(fields.text("purpose"), fields.text("words"))?;
    let Some(entry) = typed::<i64>(&fields, "entry")? else { return Err(Failure::no_file()) };
    let file = evidence::original(&web.app, &session.actor, entry, Some(reason)).await?;
    let heads = [
        (header::CONTENT_TYPE, file.mime.to_owned()),
        (header::CONTENT_DISPOSITION, text::attachment(&file.name)),
    ];
    Ok((heads, file.bytes).into_response())
}

fn begun(session: &Session, begun: bool) -> Response {
    let sentence = match begun {
        true => session.lang.t("正在导入。", "It is being taken in."),
        false => session.lang.t("上一个文件还在导入。", "Another file is still being taken in."),
    };
    go_saying("/checks", sentence)
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
async fn again(session: &Session, web: &Web, failure: Failure) -> Answer {
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
    let Staged { kind, as_of, name, bytes } = staged;
    let partly = !fields.text("partly").is_empty();
    let given = GivenResults { kind, as_of, name, bytes, mapping, partly };
    let (app, actor) = (Arc::clone(&web.app), session.actor.clone());
    Ok(begun(&session, web.checking.start(app, actor, given)))
}

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
    let papers = household
        .places
        .iter()
        .filter_map(|place| Some((words::count(place.document.as_ref()?.id), place.title.clone())));
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
        papers: papers.collect(),
        files: found.files.iter().map(file).collect(),
    })
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
