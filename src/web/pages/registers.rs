//! 台账: the list of registers, one of them, its print and its file, and a new row.

pub(crate) mod draws;
pub(crate) mod row;

use axum::extract::{Path, Query, State as Shared};
use axum::response::Response;
use serde::Deserialize;

use super::search::shape;
use super::{Answer, ROWS, said_here};
use crate::app::App;
use crate::living::LivingError;
use crate::living::registers::books::{self, Filled, Table};
use crate::living::registers::{self, Entering};
use crate::model::lending::day_of;
use crate::model::look::Reason;
use crate::model::month::Month;
use crate::model::register::Cell;
use crate::sheet;
use crate::web::error::Failure;
use crate::web::lang::Lang;
use crate::web::page::Right;
use crate::web::page::registers::form::{Form, Ordering};
use crate::web::page::registers::{Item, Narrowing, RegisterPrint, Registers, Row, Shelf, Shown};
use crate::web::session::{Fields, Session, go_saying};
use crate::web::state::Web;
use crate::web::{download, text, words};

/// What the address says.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    organisation: String,
    period: String,
    household: String,
    open: String,
    after: String,
}

impl Asked {
    fn of(fields: &Fields) -> Self {
        let text = |name| fields.text(name).to_owned();
        Self {
            organisation: text("organisation"),
            period: text("period"),
            household: text("household"),
            open: text("open"),
            after: String::new(),
        }
    }

    fn narrowing(&self) -> Narrowing {
        Narrowing {
            organisation: self.organisation.trim().to_owned(),
            period: self.period.trim().to_owned(),
            household: self.household.split_whitespace().collect(),
            open: !self.open.is_empty(),
        }
    }

    fn read(&self) -> books::Asked {
        let Narrowing { organisation, period, household, open } = self.narrowing();
        books::Asked { organisation, period, household, open, after: self.after.clone() }
    }
}

/// Registers that have pages of their own.
const ELSEWHERE: [(&str, &str, &str, Right); 5] = [
    ("/payments", "发放", "Payments", Right::Look),
    ("/notices", "公示", "Public notices", Right::Look),
    ("/lending/register", "借阅登记簿", "Lending register", Right::ReadUse),
    ("/uses", "利用登记册", "Use register", Right::ReadUse),
    ("/statistics", "统计", "Statistics", Right::Look),
];

/// All registers, as the list at the left has them.
async fn shelf(session: &Session, app: &App) -> Result<Shelf, Failure> {
    let lang = session.lang;
    let counts = registers::counts(app, &session.actor).await?;
    let entered = counts.iter().map(|one| Item {
        href: format!("/registers/{}", one.register),
        name: lang.t(&one.name, &one.name_en).to_owned(),
        waiting: Some(words::count(one.waiting)),
        late: words::count(one.late),
    });
    let item =
        |href: String, name: &str| Item { href, name: name.to_owned(), waiting: None, late: 0 };
    let lists = Filled::ALL
        .iter()
        .map(|one| item(format!("/registers/{}", one.code()), lang.t(one.zh(), one.en())));
    let others = ELSEWHERE
        .iter()
        .filter(|(.., right)| session.actor.may(*right))
        .map(|(href, zh, en, _)| item((*href).to_owned(), lang.t(zh, en)));
    Ok(Shelf { entered: entered.collect(), filled: lists.chain(others).collect() })
}

/// `GET /registers`
pub(crate) async fn index(session: Session, Shared(web): Shared<Web>) -> Answer {
    let page = Registers {
        frame: session.frame.clone(),
        status: session.said(),
        wrong: None,
        shelf: shelf(&session, &web.app).await?,
        shown: None,
        asked: Narrowing::default(),
    };
    session.show(&page)
}

fn rows(lang: Lang, table: Table) -> Vec<Row> {
    // On screen and on paper amounts have commas; files have them as they are.
    let read = |cell: &sheet::Cell| match cell {
        sheet::Cell::Money(fen) => (text::signed_yuan(*fen), true),
        sheet::Cell::Whole(number) => (number.to_string(), true),
        sheet::Cell::Word(zh, en) => (lang.t(zh, en).to_owned(), false),
        words => (words.to_string(), false),
    };
    let cells = |cells: Vec<sheet::Cell>| cells.iter().map(read).collect::<Vec<_>>();
    let all = table.sheet.rows.into_iter().zip(table.leads).zip(table.struck);
    all.map(|((row, lead), struck)| Row { lead, struck, cells: cells(row) }).collect()
}

/// The names of columns, each with whether its cells are numbers.
fn heads(lang: Lang, table: &Table) -> Vec<(String, bool)> {
    let number = |at: usize| {
        let numbers = |row: &Vec<sheet::Cell>| {
            matches!(row.get(at), Some(sheet::Cell::Whole(_) | sheet::Cell::Money(_)))
        };
        table.sheet.rows.iter().any(numbers)
    };
    let columns = table.sheet.columns.iter().enumerate();
    columns.map(|(at, one)| (lang.t(&one.zh, &one.en).to_owned(), number(at))).collect()
}

/// What to type as the period of a register.
fn period(lang: Lang, code: &str) -> &'static str {
    match Filled::named(code) {
        Some(Filled::Roster | Filled::Payments | Filled::Differences | Filled::Assessment) => {
            lang.t("月份", "Month")
        }
        Some(Filled::Changes | Filled::Statistics | Filled::Notices) => {
            lang.t("月、季（2026-Q4）、年", "Month, quarter, year")
        }
        Some(Filled::Reviews) => lang.t("截至", "Until the end of"),
        Some(Filled::Fund) | None => lang.t("年", "Year"),
        Some(_) => lang.t("时间", "Time"),
    }
}

/// The organisations that a row can go to.
async fn others(session: &Session, app: &App) -> Result<Vec<(String, String)>, Failure> {
    let all = crate::view::organisations(app, &session.actor).await?;
    let own = session.actor.organisation.as_str();
    Ok(all.into_iter().filter(|one| one.code != own).map(|one| (one.code, one.name)).collect())
}

/// The page of register `code`; `typed` fills the form of a new row.
async fn page(
    session: &Session,
    app: &App,
    (code, asked): (&str, Asked),
    typed: impl Fn(&str) -> String,
) -> Result<Registers, Failure> {
    let (lang, actor) = (session.lang, &session.actor);
    let (table, wrong) = match books::table(app, actor, code, &asked.read(), ROWS).await {
        Err(registers::RegisterError::Living(error @ LivingError::Asked(_))) => {
            let both = Failure::from(error).sentence;
            (Table::default(), Some(both.said_in(lang)))
        }
        found => (found?, None),
    };
    let rule = app.rules.register(code);
    let may = actor.may(Right::File);
    let today = day_of(app.now());
    let form = match rule.filter(|_| may) {
        Some(rule) => {
            let others = if rule.between { others(session, app).await? } else { Vec::new() };
            let (own, day) = (actor.organisation.to_string(), today.to_string());
            Form::beginning(lang, rule, (&own, &day), others, typed)
        }
        None => None,
    };
    let draws = match code {
        registers::draws::SPOT_CHECKS => draws::shown(session, app).await?,
        _ => Vec::new(),
    };
    let drawn = rule.is_some_and(|rule| rule.drawn) && may;
    let category = |one: &crate::model::procedure::Category| {
        (one.code.clone(), lang.t(&one.name, &one.name_en).to_owned())
    };
    let ordering = drawn.then(|| Ordering {
        organisation: actor.organisation.to_string(),
        month: Month::of(today).to_string(),
        categories: app.rules.categories.iter().map(category).collect(),
    });
    let narrowing = asked.narrowing();
    let more = table.next.as_ref().map(|next| {
        let mut fields = narrowing.fields().to_vec();
        fields.push(("after", next.as_str()));
        text::address(&format!("/registers/{code}"), &fields)
    });
    let filled = Filled::named(code).map(|one| lang.t(one.zh(), one.en()));
    let name = rule.map(|rule| lang.t(&rule.name, &rule.name_en)).or(filled);
    let shown = Shown {
        code: code.to_owned(),
        name: name.unwrap_or_default().to_owned(),
        entered: rule.is_some(),
        period: period(lang, code),
        heads: heads(lang, &table),
        rows: rows(lang, table),
        more,
        form,
        ordering,
        draws,
    };
    Ok(Registers {
        frame: session.frame.clone(),
        status: session.said(),
        wrong,
        shelf: shelf(session, app).await?,
        shown: Some(shown),
        asked: narrowing,
    })
}

/// `GET /registers/{register}`
pub(crate) async fn show(
    session: Session,
    Shared(web): Shared<Web>,
    Path(code): Path<String>,
    Query(asked): Query<Asked>,
) -> Answer {
    let page = page(&session, &web.app, (&code, asked), |_| String::new()).await?;
    session.show(&page)
}

/// What a form says of a row.
fn entering(fields: &Fields, columns: &[&str]) -> Result<Entering, Failure> {
    let wrong = |name: &str| Failure::form(&format!("{name} cannot be read"));
    let number = |name: &str| match fields.text(name) {
        "" => Ok(None),
        text => text.parse::<i64>().map(Some).map_err(|_| wrong(name)),
    };
    let on = words::typed_date(fields.text("on")).ok_or_else(|| wrong("on"))?;
    let organisation = |name: &str| match fields.text(name) {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| wrong(name)),
    };
    let household: String = fields.text("household").split_whitespace().collect();
    let household = match household.as_str() {
        "" => None,
        no => Some(super::household_no(no)?),
    };
    let paper = match fields.text("paper") {
        "" => None,
        id => Some(super::document_id(id)?),
    };
    let cell = |code: &&str| Cell {
        column: (*code).to_owned(),
        value: fields.text(&format!("v.{code}")).to_owned(),
    };
    Ok(Entering {
        number: None,
        organisation: organisation("organisation")?,
        other: organisation("other")?,
        household,
        on,
        values: columns.iter().map(cell).filter(|cell| !cell.value.is_empty()).collect(),
        paper,
        instead_of: number("instead_of")?,
        seen: number("seen")?,
    })
}

/// The columns of a stage.
fn columns<'a>(app: &'a App, code: &str, stage: Option<&str>) -> Vec<&'a str> {
    let stages = app.rules.register(code).map_or(&[][..], |rule| &rule.stages);
    let found = match stage {
        None => stages.first(),
        Some(stage) => stages.iter().find(|one| one.code == stage),
    };
    found.map_or(&[][..], |one| &one.columns).iter().map(|one| one.code.as_str()).collect()
}

/// `POST /registers/{register}`
pub(crate) async fn begin(
    session: Session,
    Shared(web): Shared<Web>,
    Path(code): Path<String>,
    fields: Fields,
) -> Answer {
    let app = &web.app;
    let wanted = entering(&fields, &columns(app, &code, None))?;
    match registers::enter(app, &session.actor, &code, wanted).await {
        Ok((key, _)) => {
            let sentence = match session.lang {
                Lang::Zh => format!("已登记，{}。", key.number),
                Lang::En => format!("Entered as {}.", key.number),
            };
            let href = format!("/registers/{code}/{}/{}", key.organisation, key.number);
            Ok(go_saying(&href, &sentence))
        }
        Err(error) => {
            let (status, sentence) = said_here(&session, error)?;
            let typed = |name: &str| fields.text(name).to_owned();
            let mut page = page(&session, app, (&code, Asked::default()), typed).await?;
            page.wrong = Some(sentence);
            // A form cannot be opened again by its address.
            page.frame.here = format!("/registers/{code}");
            session.show_as(status, &page)
        }
    }
}

/// `GET /registers/{register}/print`
pub(crate) async fn print(
    session: Session,
    Shared(web): Shared<Web>,
    Path(code): Path<String>,
    Query(asked): Query<Asked>,
) -> Answer {
    let table = books::printed(&web.app, &session.actor, &code, &asked.read()).await?;
    let now = words::at(web.app.now());
    let page = RegisterPrint {
        frame: session.frame.clone(),
        name: table.sheet.name.clone(),
        asked: asked.narrowing(),
        // What is on paper is Chinese.
        heads: heads(Lang::Zh, &table),
        more: table.next.is_some(),
        rows: rows(Lang::Zh, table),
        printed: now.get(..16).unwrap_or_default().to_owned(),
        code,
    };
    session.show(&page)
}

/// `POST /registers/{register}/export`
pub(crate) async fn export(
    session: Session,
    Shared(web): Shared<Web>,
    Path(code): Path<String>,
    fields: Fields,
) -> Result<Response, Failure> {
    let reason = Reason::new(fields.text("purpose"), fields.text("words"))?;
    let (shape, asked) = (shape(&fields), Asked::of(&fields).read());
    let taken =
        books::export(&web.app, &session.actor, &code, &asked, (shape, Some(reason))).await?;
    Ok(download::sheet(&code, shape, taken))
}
