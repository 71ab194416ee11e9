//! 资金台账: a year of the fund shown, and an amount booked.

use axum::extract::{Query, State as Shared};
use serde::Deserialize;

use super::cases::typed;
use super::{Answer, filtered, said_here};
use crate::living::funds::{self, BookingRow, Entering, LedgerMonth};
use crate::living::recoveries::{self, Recovering};
use crate::living::{Names, names};
use crate::model::fund::FundKind;
use crate::model::lending::day_of;
use crate::web::error::Failure;
use crate::web::lang::Lang;
use crate::web::page::funds::{Booking, Form, Funds, Month, Recovery};
use crate::web::session::{Fields, Session, go_saying};
use crate::web::state::Web;
use crate::web::text::signed_yuan;
use crate::web::words;

/// How high the highest bar is.
const HIGHEST: i64 = 46;

/// What the address says.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    year: String,
    organisation: String,
}

/// `GET /fund`
pub(crate) async fn show(
    session: Session,
    Shared(web): Shared<Web>,
    Query(asked): Query<Asked>,
) -> Answer {
    let page = page(&session, &web, &asked).await?;
    session.show(&page)
}

async fn page(session: &Session, web: &Web, asked: &Asked) -> Result<Funds, Failure> {
    let (app, lang, actor) = (&web.app, session.lang, &session.actor);
    let today = day_of(app.now());
    let mut year = match asked.year.trim() {
        "" => today.year(),
        typed => typed.parse().map_err(|error| Failure::form(&error))?,
    };
    let mut organisation = asked.organisation.trim().to_owned();
    let ledger = funds::ledger(app, actor, &organisation, year).await;
    let (ledger, wrong) = filtered(lang, ledger)?;
    let ledger = match ledger {
        Some(ledger) => ledger,
        None => {
            organisation.clear();
            year = today.year();
            funds::ledger(app, actor, "", year).await?
        }
    };
    let recoveries = recoveries::recoveries(app, actor, &organisation).await?;
    let names = names(app).await?;
    let most = ledger.months.iter().flat_map(|one| [came(one), went(one)]).max().unwrap_or(0);
    Ok(Funds {
        frame: session.frame.clone(),
        status: session.said(),
        wrong,
        year,
        has_next: year < today.year(),
        months: ledger.months.iter().map(|one| month(one, most)).collect(),
        sum: month(&ledger.sum, 0),
        bookings: ledger.bookings.iter().map(|one| booking(lang, &names, one)).collect(),
        recoveries: recoveries.iter().map(|one| recovery(&names, one)).collect(),
        form: Form {
            organisation: actor.organisation.to_string(),
            on: today.to_string(),
            kind: FundKind::Received.as_str().to_owned(),
            kinds: FundKind::ALL.map(|one| (one.as_str().to_owned(), kind(lang, one))).to_vec(),
            ..Form::default()
        },
        organisation,
    })
}

/// What came in in a month, in 分.
const fn came(one: &LedgerMonth) -> i64 {
    one.received + one.other_in + one.repaid
}

/// What went out.
const fn went(one: &LedgerMonth) -> i64 {
    one.paid + one.other_out + one.returned
}

fn month(one: &LedgerMonth, most: i64) -> Month {
    let LedgerMonth { opening, received, other_in, repaid, paid, other_out, returned, .. } = *one;
    let moved = [opening, received, other_in, repaid, paid, other_out, returned];
    let bar = |amount: i64| {
        let height = amount.saturating_mul(HIGHEST).checked_div(most).unwrap_or(0);
        u32::try_from(height).unwrap_or(0)
    };
    Month {
        month: one.month.clone(),
        moved: moved.map(signed_yuan),
        left: signed_yuan(one.closing),
        is_short: one.closing < 0,
        bars: (bar(came(one)), bar(went(one))),
    }
}

fn kind(lang: Lang, kind: FundKind) -> String {
    lang.t(kind.zh(), kind.en()).to_owned()
}

fn booking(lang: Lang, names: &Names, one: &BookingRow) -> Booking {
    Booking {
        entry: words::count(one.entry),
        on: one.on_day.clone(),
        kind: one.kind.parse().map_or_else(|_| one.kind.clone(), |known| kind(lang, known)),
        organisation: names.of(&one.organisation),
        amount: signed_yuan(one.amount),
        words: one.words.clone(),
        by: one.author.clone(),
        counts: one.voided.is_none(),
    }
}

fn recovery(names: &Names, one: &Recovering) -> Recovery {
    let open = one.row.open();
    Recovery {
        household: one.row.household.clone(),
        head: one.head.clone(),
        organisation: names.of(&one.organisation),
        months: super::recoveries::months(&one.row),
        amount: signed_yuan(one.row.amount),
        open: if open == 0 { String::new() } else { signed_yuan(open) },
        words: one.row.words.clone(),
    }
}

/// `POST /fund/bookings`
pub(crate) async fn book(session: Session, Shared(web): Shared<Web>, fields: Fields) -> Answer {
    let failure = match given(&fields) {
        Err(failure) => failure,
        Ok(entering) => match funds::book(&web.app, &session.actor, entering).await {
            Err(error) => error.into(),
            Ok(receipt) => {
                let sentence = match session.lang {
                    Lang::Zh => format!("记下了，#{}。", receipt.no),
                    Lang::En => format!("Booked as #{}.", receipt.no),
                };
                return Ok(go_saying("/fund", &sentence));
            }
        },
    };
    let (status, sentence) = said_here(&session, failure)?;
    let mut page = page(&session, &web, &Asked::default()).await?;
    page.wrong = Some(sentence);
    let text = |name| fields.text(name).to_owned();
    page.form = Form {
        organisation: text("organisation"),
        on: text("on"),
        kind: text("kind"),
        amount: text("amount"),
        words: text("words"),
        instead_of: text("instead_of"),
        kinds: page.form.kinds,
    };
    page.frame.here = "/fund".to_owned();
    session.show_as(status, &page)
}

fn given(fields: &Fields) -> Result<Entering, Failure> {
    let instead_of = fields.text("instead_of").trim_start_matches('#');
    Ok(Entering {
        organisation: fields.text("organisation").parse()?,
        on: typed(fields, "on")?,
        kind: fields.text("kind").parse().map_err(|error| Failure::form(&error))?,
        amount: fields.text("amount").to_owned(),
        words: fields.text("words").to_owned(),
        instead_of: match instead_of {
            "" => None,
            entry => Some(entry.parse().map_err(|error| Failure::form(&error))?),
        },
    })
}
