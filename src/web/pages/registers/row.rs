//! One row of a register: what was entered, the next stage, corrections, what is kept
//! apart, and the sheet of sign-offs.

use std::collections::BTreeMap;

use axum::extract::{Path, State as Shared};

use super::super::payments::{signs, yuan};
use super::super::{Answer, said_here};
use super::{columns, entering};
use crate::app::App;
use crate::living::registers::{self, Key, Line, Row, sign_offs};
use crate::model::lending::day_of;
use crate::model::look::Reason;
use crate::model::money::Fen;
use crate::model::profile::Collector;
use crate::model::register::Register;
use crate::web::error::Failure;
use crate::web::lang::Lang;
use crate::web::page::Right;
use crate::web::page::registers::form::Form;
use crate::web::page::registers::{self as pages, RegisterRow, SignSheet};
use crate::web::page::seal::qr;
use crate::web::session::{Fields, Session, go_saying};
use crate::web::state::Web;
use crate::web::{text, words};

/// The parts of an address: register, organisation, number.
type Name = (String, String, String);

fn key((register, organisation, number): &Name) -> Result<Key, Failure> {
    registers::key(register, organisation, number)
        .map_err(|error| Failure::number(&error.to_string()))
}

fn rule<'a>(app: &'a App, code: &str) -> Result<&'a Register, Failure> {
    app.rules.register(code).ok_or_else(Failure::not_here)
}

fn line(
    session: &Session,
    rule: &Register,
    row: &Row,
    (one, opened): (&Line, &BTreeMap<String, String>),
) -> pages::Line {
    let lang = session.lang;
    let stage = rule.stage(&one.stage);
    let named = |code: &str| {
        let column = rule.columns().find(|column| column.code == code);
        column.map_or(code, |column| lang.t(&column.name, &column.name_en)).to_owned()
    };
    // In the order of the columns.
    let values = stage.into_iter().flat_map(|stage| &stage.columns).filter_map(|column| {
        let value = one.value(&column.code);
        let said = lang.t(value, column.english(value).unwrap_or(value));
        (!value.is_empty()).then(|| (named(&column.code), said.to_owned()))
    });
    let may = session.actor.may(Right::File) && one.struck.is_none();
    let correction = stage
        .filter(|stage| may && !(rule.drawn && stage.columns.is_empty()))
        .map(|stage| Form::correcting(lang, (rule, stage), (row, one)));
    pages::Line {
        entry: words::count(one.entry),
        stage: stage
            .map_or(one.stage.as_str(), |stage| lang.t(&stage.name, &stage.name_en))
            .to_owned(),
        on: one.on.clone(),
        author: one.author.clone(),
        values: values.collect(),
        sealed: one.sealed.then(|| registers::may_see_sealed(rule, &one.stage, &session.actor)),
        opened: opened.iter().map(|(code, value)| (named(code), value.clone())).collect(),
        paper: one.paper.map(words::count),
        struck: one.struck.map(words::count),
        correction,
    }
}

/// Which counts of a row differ, as it is told; empty when all agree.
fn unlike(lang: Lang, rule: &Register, row: &Row) -> String {
    let told = rule.differences(&row.values());
    let told: Vec<&str> = told.iter().map(|(zh, en)| lang.t(zh, en)).collect();
    told.join(lang.t("；", "; "))
}

/// What was kept apart, and the line it is in.
type Opened = (i64, BTreeMap<String, String>);

/// The page of a row; `typed` fills the form of the next stage, `opened` is what was kept
/// apart in a line.
async fn page(
    session: &Session,
    app: &App,
    key: &Key,
    typed: impl Fn(&str) -> String,
    opened: Option<Opened>,
) -> Result<RegisterRow, Failure> {
    let lang = session.lang;
    let rule = rule(app, &key.register)?;
    let row = registers::row(app, &session.actor, key).await?;
    let next = rule.stage(&row.next_stage);
    let today = day_of(app.now()).to_string();
    let form = next
        .filter(|_| session.actor.may(Right::File))
        .map(|stage| Form::of_row(lang, (rule, stage), (&row, &today), typed));
    let waits = next.map_or_else(Default::default, |stage| {
        let level = Collector::named(&row.next_level);
        (
            lang.t(&stage.name, &stage.name_en).to_owned(),
            level.map_or("", |level| words::level(lang, level)).to_owned(),
            row.due.clone(),
        )
    });
    let none = BTreeMap::new();
    let lines = row.lines.iter().map(|one| {
        let opened = opened.as_ref().filter(|(entry, _)| *entry == one.entry);
        line(session, rule, &row, (one, opened.map_or(&none, |(_, values)| values)))
    });
    let sheet = (key.register == sign_offs::SIGN_OFFS).then(|| {
        let code = format!("\"{}\"", sign_offs::code(&row));
        let print =
            format!("/registers/{}/{}/{}/print", row.register, row.organisation, row.number);
        (print, text::address("/search", &[("q", &code)]))
    });
    Ok(RegisterRow {
        frame: session.frame.clone(),
        status: session.said(),
        wrong: None,
        name: lang.t(&rule.name, &rule.name_en).to_owned(),
        organisation: (row.organisation.clone(), row.organisation_name.clone()),
        other: row.other_name.clone(),
        household: (row.household.clone(), row.head.clone()),
        waits,
        late: row.late,
        unlike: unlike(lang, rule, &row),
        lines: lines.collect(),
        form,
        sheet,
        register: row.register.clone(),
        number: row.number.clone(),
    })
}

fn nothing(_: &str) -> String {
    String::new()
}

/// `GET /registers/{register}/{organisation}/{number}`
pub(crate) async fn show(
    session: Session,
    Shared(web): Shared<Web>,
    Path(name): Path<Name>,
) -> Answer {
    let page = page(&session, &web.app, &key(&name)?, nothing, None).await?;
    session.show(&page)
}

/// `POST /registers/{register}/{organisation}/{number}`: the next stage, or a correction.
pub(crate) async fn enter(
    session: Session,
    Shared(web): Shared<Web>,
    Path(name): Path<Name>,
    fields: Fields,
) -> Answer {
    let app = &web.app;
    let key = key(&name)?;
    let row = registers::row(app, &session.actor, &key).await?;
    let corrected = fields.text("instead_of").parse::<i64>().ok();
    let line = corrected.and_then(|entry| row.lines.iter().find(|one| one.entry == entry));
    let stage = line.map_or(row.next_stage.as_str(), |line| line.stage.as_str());
    let mut wanted = entering(&fields, &columns(app, &key.register, Some(stage)))?;
    wanted.number = Some(key.number);
    wanted.organisation = Some(key.organisation.clone());
    match registers::enter(app, &session.actor, &key.register, wanted).await {
        Ok(_) => {
            let sentence = match (corrected, session.lang) {
                (None, Lang::Zh) => "记下了。",
                (None, Lang::En) => "Entered.",
                (Some(_), Lang::Zh) => "已更正，原来那行划掉了。",
                (Some(_), Lang::En) => "Corrected; the old line is struck.",
            };
            let href = format!("/registers/{}/{}/{}", key.register, key.organisation, key.number);
            Ok(go_saying(&href, sentence))
        }
        Err(error) => {
            let (status, sentence) = said_here(&session, error)?;
            let typed = |name: &str| match corrected {
                None => fields.text(name).to_owned(),
                Some(_) => String::new(),
            };
            let mut page = page(&session, app, &key, typed, None).await?;
            if let Some(line) = page
                .lines
                .iter_mut()
                .find(|one| corrected.is_some_and(|entry| words::count(entry) == one.entry))
                && let Some(form) = &mut line.correction
            {
                for field in &mut form.fields {
                    field.value = fields.text(&field.name).to_owned();
                }
            }
            page.wrong = Some(sentence);
            page.frame.here = page.href();
            session.show_as(status, &page)
        }
    }
}

/// `POST /registers/{register}/{organisation}/{number}/sealed`
pub(crate) async fn sealed(
    session: Session,
    Shared(web): Shared<Web>,
    Path(name): Path<Name>,
    fields: Fields,
) -> Answer {
    let (app, key) = (&web.app, key(&name)?);
    let entry = super::super::entry_no(fields.text("entry"))?;
    let reason = Reason::new(fields.text("purpose"), fields.text("words"))?;
    let values = registers::sealed(app, &session.actor, (&key, entry), reason).await?;
    let mut page = page(&session, app, &key, nothing, Some((entry, values))).await?;
    page.frame.here = page.href();
    session.show(&page)
}

/// `GET /registers/{register}/{organisation}/{number}/print`
pub(crate) async fn sheet(
    session: Session,
    Shared(web): Shared<Web>,
    Path(name): Path<Name>,
) -> Answer {
    let key = key(&name)?;
    let (row, listed) = sign_offs::sheet(&web.app, &session.actor, &key).await?;
    let code = sign_offs::code(&row);
    let issued: Fen = row.value("amount").parse().unwrap_or_default();
    let page = SignSheet {
        frame: session.frame.clone(),
        back: format!("/registers/{}/{}/{}", row.register, row.organisation, row.number),
        month: row.value("month").to_owned(),
        organisation: row.organisation_name.clone(),
        qr: qr::svg(&code),
        code,
        rows: signs(&listed),
        sum: yuan(listed.iter().map(|one| one.amount).sum()),
        issued: text::yuan(issued),
        day: text::full_day(Lang::Zh, &words::at(web.app.now())),
    };
    session.show(&page)
}
