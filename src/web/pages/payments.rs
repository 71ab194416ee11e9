//! 发放: the month, the roster, the sheet, and the bank's file.

use std::sync::Arc;

use axum::extract::multipart::Multipart;
use axum::extract::{Query, State as Shared};
use bytes::{Bytes, BytesMut};
use serde::Deserialize;

use super::upload::short_text;
use super::{Answer, ROWS, filtered, own_month};
use crate::app::App;
use crate::living::payments::{self, BankFile, GivenFile, Reconciliation};
use crate::living::{Listed, LivingError, names};
use crate::model::bank_file::{MOST_BYTES, SheetError};
use crate::model::id::Digest;
use crate::model::money::{Fen, Total};
use crate::model::month::Month;
use crate::model::payment::Difference;
use crate::web::error::Failure;
use crate::web::imports::{Import, Returned as TakenIn, bad_lines};
use crate::web::lang::Lang;
use crate::web::page::part::Progress;
use crate::web::page::payments::{Payments, Returned, Row, SignOff, Signs, Sum, Unlike};
use crate::web::session::{Fields, Session, go, go_saying};
use crate::web::state::Web;
use crate::web::{text, words};

/// The most differences a page shows.
const SHOWN: usize = 200;

/// What the address says.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    month: String,
    organisation: String,
    after: String,
}

/// An amount in yuan, with commas.
pub(super) fn yuan(fen: i64) -> String {
    text::yuan(Fen::new(u64::try_from(fen).unwrap_or(0)))
}

/// The households of a sheet that is signed.
pub(super) fn signs(listed: &[Listed]) -> Vec<Signs> {
    let some = |fen: i64| if fen == 0 { String::new() } else { yuan(fen) };
    let one = |one: &Listed| Signs {
        household: one.household.clone(),
        certificate_no: one.certificate_no.clone(),
        head: one.head.clone(),
        id_number: one.id_number.clone(),
        persons: words::count(one.persons),
        amounts: [
            text::signed_yuan(one.allowance()),
            some(one.supplement()),
            some(one.subsidy()),
            yuan(one.amount),
        ],
        bank: one.bank.clone(),
        account: one.account.clone(),
    };
    listed.iter().map(one).collect()
}

async fn rows(app: &App, found: &[Listed]) -> Result<Vec<Row>, Failure> {
    let names = names(app).await?;
    let row = |one: &Listed| Row {
        household: one.household.clone(),
        head: one.head.clone(),
        organisation: names.of(&one.organisation),
        id_number: one.id_number.clone(),
        bank: one.bank.clone(),
        account: one.account.clone(),
        persons: words::count(one.persons),
        amount: yuan(one.amount),
        paid: (one.answers > 0).then_some(one.paid > 0),
    };
    Ok(found.iter().map(row).collect())
}

fn unlike(lang: Lang, found: &Reconciliation) -> Vec<Unlike> {
    let one = |one: &payments::Unlike| {
        let what: Vec<_> = one.differences.iter().map(|one| lang.t(one.zh(), one.en())).collect();
        let three = [one.entitled, one.listed, Some(one.paid)];
        Unlike {
            household: one.household.clone(),
            head: one.head.clone(),
            what: what.join(lang.t("、", ", ")),
            three: three.map(|amount| amount.map(yuan).unwrap_or_default()),
            words: one.words.clone(),
        }
    };
    found.unlike.iter().take(SHOWN).map(one).collect()
}

/// `GET /payments`
pub(crate) async fn show(
    session: Session,
    Shared(web): Shared<Web>,
    Query(asked): Query<Asked>,
) -> Answer {
    let page = page(&session, &web, asked).await?;
    session.show(&page)
}

async fn page(session: &Session, web: &Web, asked: Asked) -> Result<Payments, Failure> {
    let (app, lang, actor) = (&web.app, session.lang, &session.actor);
    let month = own_month(app, &asked.month)?;
    // First: what it says is done is among the sums read after it.
    let (goes, last, bad) = last(session, web);
    let mut organisation = asked.organisation.trim().to_owned();
    let found = payments::reconcile(app, actor, &organisation, month).await;
    let (found, wrong) = filtered(lang, found)?;
    let found = match found {
        Some(found) => found,
        None => {
            organisation.clear();
            payments::reconcile(app, actor, "", month).await?
        }
    };
    let is_left = |one: &&payments::Unlike| one.differences.contains(&Difference::NotListed);
    let to_list = found.unlike.iter().filter(is_left).count();
    let part = (asked.after.trim(), ROWS + 1);
    let listed = payments::roster(app, actor, &organisation, month, part).await?;
    let shown = &listed[..listed.len().min(ROWS as usize)];
    let files = payments::files(app, actor, month).await?;
    let month = month.to_string();
    let more = shown.last().filter(|_| listed.len() > shown.len()).map(|last| {
        let fields =
            [("month", &month[..]), ("organisation", &organisation), ("after", &last.household)];
        text::address("/payments", &fields)
    });
    let sum = |name: &str, total: Total| Sum {
        name: name.to_owned(),
        households: words::count(total.households),
        amount: yuan(total.amount),
    };
    let whole = if organisation.len() == 12 { organisation.clone() } else { String::new() };
    let own = actor.organisation.to_string();
    Ok(Payments {
        frame: session.frame.clone(),
        status: session.said(),
        wrong,
        around: around(&month),
        sums: [
            sum(lang.t("应发", "Entitled"), found.entitled),
            sum(lang.t("名册", "Listed"), found.listed),
            sum(lang.t("实发", "Paid"), found.paid),
        ],
        to_list: to_list as u64,
        lists: if whole.is_empty() { own } else { whole },
        unlike: unlike(lang, &found),
        unlike_total: words::len(&found.unlike),
        rows: rows(app, shown).await?,
        more,
        bad,
        goes,
        last,
        files: files.iter().map(returned).collect(),
        month,
        organisation,
    })
}

fn returned(one: &BankFile) -> Returned {
    Returned {
        file: one.file.clone(),
        entry: words::count(one.entry),
        time: words::minute(&one.time),
        by: one.author.clone(),
        rows: words::count(one.count),
        paid: yuan(one.paid),
        counts: one.voided == 0,
    }
}

/// The months before and after one.
fn around(month: &str) -> (String, String) {
    let Ok(month) = month.parse::<Month>() else { return Default::default() };
    let before = month.first().yesterday().map(Month::of).unwrap_or(month);
    (before.to_string(), month.next().to_string())
}

/// `POST /payments`
pub(crate) async fn list(session: Session, Shared(web): Shared<Web>, fields: Fields) -> Answer {
    let month: Month = fields.text("month").parse().map_err(|error| Failure::form(&error))?;
    let organisation = fields.text("organisation").parse();
    let organisation = organisation.map_err(|error| Failure::form(&error))?;
    let made = payments::list(&web.app, &session.actor, &organisation, month).await?;
    let sentence = match session.lang {
        Lang::Zh => {
            format!("{month}的名册做好了，{}户，{}元。", made.households, yuan(made.amount))
        }
        Lang::En => format!("{} households listed, {} yuan.", made.households, yuan(made.amount)),
    };
    Ok(go_saying(&format!("/payments?month={month}"), &sentence))
}

/// `GET /payments/print`
pub(crate) async fn print(
    session: Session,
    Shared(web): Shared<Web>,
    Query(asked): Query<Asked>,
) -> Answer {
    let month: Month = asked.month.parse().map_err(|error| Failure::form(&error))?;
    let found = payments::sheet(&web.app, &session.actor, &asked.organisation, month).await?;
    let page = SignOff {
        frame: session.frame.clone(),
        month: month.to_string(),
        organisation: asked.organisation.clone(),
        sum: yuan(found.iter().map(|one| one.amount).sum()),
        rows: signs(&found),
        day: text::full_day(Lang::Zh, &words::at(web.app.now())),
    };
    session.show(&page)
}

/// `POST /payments/return`: takes in the file of the form.
pub(crate) async fn take_return(
    session: Session,
    Shared(web): Shared<Web>,
    Query(asked): Query<Asked>,
    mut form: Multipart,
) -> Answer {
    let (mut trusted, mut partly, mut instead_of) = (false, false, None);
    while let Some(mut field) = form.next_field().await.map_err(|error| Failure::form(&error))? {
        match field.name() {
            Some("csrf") => trusted = session.is_token(&short_text(field).await?),
            // The token stands before everything else.
            Some(_) if !trusted => return Err(Failure::token()),
            Some("partly") => partly = !short_text(field).await?.is_empty(),
            Some("instead_of") => {
                let typed = short_text(field).await?;
                instead_of = match typed.trim() {
                    "" => None,
                    digest => Some(digest.parse().map_err(|error| Failure::form(&error))?),
                };
            }
            Some("file") => {
                let name = crate::intake::clean_name(field.file_name().unwrap_or_default());
                let mut bytes = BytesMut::new();
                while let Some(part) = field.chunk().await.map_err(|error| Failure::form(&error))? {
                    if bytes.len() + part.len() > MOST_BYTES {
                        return Err(LivingError::Sheet(SheetError::Large).into());
                    }
                    bytes.extend_from_slice(&part);
                }
                let bytes = bytes.freeze();
                let of: Month = asked.month.parse().map_err(|error| Failure::form(&error))?;
                let file = ToTake { name, bytes, partly, instead_of };
                return taken(&session, &web, of, file).await;
            }
            _ => {}
        }
    }
    if trusted { Err(Failure::no_file()) } else { Err(Failure::token()) }
}

/// A file of the bank, as the form has it.
struct ToTake {
    name: String,
    bytes: Bytes,
    partly: bool,
    instead_of: Option<Digest>,
}

/// Begins to take in a file, and answers what became of it; where that takes long, how far
/// it is.
async fn taken(session: &Session, web: &Web, of: Month, file: ToTake) -> Answer {
    let (app, actor) = (Arc::clone(&web.app), session.actor.clone());
    let called = file.name.clone();
    let begun = web.returns.begin(&session.actor, &called, move |counted| async move {
        let ToTake { name, bytes, partly, instead_of } = file;
        let given = GivenFile { name: &name, bytes, partly, instead_of };
        let done = |done, total| counted.tell(done, total);
        let taken = payments::take_return(&app, &actor, of, given, &done).await?;
        Ok(TakenIn { month: of, taken })
    });
    let at = format!("/payments?month={of}");
    let Some(begun) = begun else {
        let sentence =
            session.lang.t("上一份回盘还在存。", "Another file is still being taken in.");
        return Ok(go_saying(&at, sentence));
    };
    if !begun.ends_soon().await {
        return Ok(go(&at));
    }
    let found = match web.returns.take(&session.actor) {
        Some(Import::Ended(found)) => found,
        Some(Import::Failed(failure)) => return Err(*failure),
        // The same person has brought another one meanwhile.
        Some(Import::Goes(_)) | None => return Ok(go(&at)),
    };
    if found.taken.bad_total == 0 {
        return Ok(go_saying(&at, &said(session.lang, &found)));
    }
    let asked = Asked { month: of.to_string(), ..Asked::default() };
    let mut page = page(session, web, asked).await?;
    page.wrong = Some(said(session.lang, &found));
    page.bad = bad_lines(session.lang, &found.taken.bad);
    // A form cannot be opened again by its address.
    page.frame.here = at;
    session.show(&page)
}

/// What became of a file, as a sentence.
fn said(lang: Lang, TakenIn { month, taken }: &TakenIn) -> String {
    match (taken.bad_total, taken.kept, lang) {
        (0, kept, Lang::Zh) => format!("{month}的回盘存下了，{kept}行。"),
        (0, kept, Lang::En) => format!("{month}: {kept} rows taken in."),
        (bad, 0, Lang::Zh) => format!("{month}的回盘有{bad}行读不出，都还没有存。"),
        (bad, 0, Lang::En) => format!("{month}: {bad} rows cannot be read; nothing is kept."),
        (bad, kept, Lang::Zh) => format!("{month}的回盘存下{kept}行，{bad}行读不出，没有存。"),
        (bad, kept, Lang::En) => format!("{month}: {kept} rows kept, {bad} cannot be read."),
    }
}

/// How far the last file of the person is, else what became of it, with its bad rows.
fn last(session: &Session, web: &Web) -> (Option<Progress>, Option<String>, Vec<(u64, String)>) {
    let lang = session.lang;
    let Some((name, import)) = web.returns.of(&session.actor) else {
        return (None, None, Vec::new());
    };
    let of_it = |said: String| Some(format!("{name}{}{said}", lang.t("：", ": ")));
    match import {
        Import::Goes(counted) => {
            (Some(Progress::importing(lang, &name, counted.now())), None, Vec::new())
        }
        Import::Failed(failure) => (None, of_it(failure.sentence.said_in(lang)), Vec::new()),
        Import::Ended(found) => {
            (None, of_it(said(lang, &found)), bad_lines(lang, &found.taken.bad))
        }
    }
}
