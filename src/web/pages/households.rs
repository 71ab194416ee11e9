//! The list of households, and the form that opens a new file.

use axum::extract::{Query, State as Shared};
use axum::http::StatusCode;
use serde::Deserialize;

use super::{Answer, ROWS, intake, wrong};
use crate::filing::{self, FilingError, NewHousehold};
use crate::living::{LivingError, kinship};
use crate::record::RecordError;
use crate::view;
use crate::web::error::Failure;
use crate::web::lang::Lang;
use crate::web::page::households::{HouseholdRow, Households, Lived, OpenForm};
use crate::web::page::part::HouseholdRef;
use crate::web::session::{Fields, Session, go_saying};
use crate::web::state::Web;
use crate::web::words;

/// What the address of the list says.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    after: String,
}

/// `GET /households`
pub(crate) async fn show(
    session: Session,
    Shared(web): Shared<Web>,
    Query(asked): Query<Asked>,
) -> Answer {
    let page = list(&session, &web, asked, OpenForm::default()).await?;
    session.show(&page)
}

async fn list(
    session: &Session,
    web: &Web,
    asked: Asked,
    open: OpenForm,
) -> Result<Households, Failure> {
    let filter = asked.q.trim().to_owned();
    let seen = view::roster(&web.app, &session.actor, &filter, &asked.after, ROWS).await?;
    let full = seen.rows.len() == ROWS as usize;
    // What is no number of a person is a name or another number.
    let lived = match kinship::lived(&web.app, &session.actor, &filter).await {
        Err(LivingError::Told { .. }) => Vec::new(),
        found => found?,
    };
    Ok(Households {
        frame: session.frame.clone(),
        filter,
        total: words::count(seen.total),
        after: seen.rows.last().filter(|_| full).map(|last| last.no.clone()),
        rows: seen.rows.iter().map(|one| row(session.lang, one)).collect(),
        continued: !asked.after.is_empty(),
        open,
        lived: lived.into_iter().map(|one| place(session.lang, one)).collect(),
    })
}

fn place(lang: Lang, one: kinship::Lived) -> Lived {
    let until = match (one.left.is_empty(), lang) {
        (true, _) => String::new(),
        (false, Lang::Zh) => format!("到{}，{}", one.until, one.left),
        (false, Lang::En) => format!("until {}, {}", one.until, one.left),
    };
    Lived { household: HouseholdRef::new(&one.household, &one.head), name: one.name, until }
}

fn row(lang: Lang, one: &view::Listed) -> HouseholdRow {
    HouseholdRow {
        household: HouseholdRef::new(&one.no, &one.head),
        organisation: one.organisation_name.clone(),
        documents: words::count(one.documents),
        missing: words::count(one.missing),
        version: Some(words::count(one.version)).filter(|version| *version > 0),
        unbound: words::count(one.unbound),
        last: words::date(&one.last),
        ended: one.gone.as_ref().map(|gone| words::ended(lang, gone)),
    }
}

/// `POST /household/open`
pub(crate) async fn open(session: Session, Shared(web): Shared<Web>, fields: Fields) -> Answer {
    let lang = session.lang;
    let text = |name| fields.text(name).to_owned();
    let mut form = OpenForm {
        household_no: text("household_no"),
        head: text("head"),
        address: text("address"),
        errors: Vec::new(),
    };
    let no = intake::number(lang, &form.household_no, "household_no", &mut form.errors);
    if form.head.is_empty() {
        form.errors.push(wrong("head", lang.t("户主姓名要写。", "The head needs a name.")));
    }
    if let (Some(no), true) = (no, form.errors.is_empty()) {
        let new = NewHousehold {
            head: form.head.clone(),
            address: form.address.clone(),
            ..NewHousehold::default()
        };
        match filing::open_household(&web.app, &session.actor, &no, new).await {
            Ok(_) => {
                let sentence = match lang {
                    Lang::Zh => format!("已立{}户。", form.head),
                    Lang::En => format!("The file of {} is open.", form.head),
                };
                return Ok(go_saying(&format!("/household/{no}"), &sentence));
            }
            Err(FilingError::Head) => {
                form.errors
                    .push(wrong("head", lang.t("姓名最多40个字。", "At most 40 characters.")));
            }
            Err(FilingError::UnknownHousehold(_)) => {
                let sentence =
                    lang.t("这个户号不在您的范围里。", "This number is outside your scope.");
                form.errors.push(wrong("household_no", sentence));
            }
            Err(FilingError::NotRegistered(code)) => {
                let sentence = intake::not_registered(lang, &code);
                form.errors.push(wrong("household_no", sentence));
            }
            Err(FilingError::Record(RecordError::Refused(_))) => {
                let sentence = lang.t("这个户号已经立过户。", "This number has a file already.");
                form.errors.push(wrong("household_no", sentence));
            }
            Err(error) => return Err(error.into()),
        }
    }
    let page = list(&session, &web, Asked::default(), form).await?;
    session.show_as(StatusCode::UNPROCESSABLE_ENTITY, &page)
}
