//! 标准与测算: shown for a month, and a standard set.

use axum::extract::{Query, State as Shared};
use serde::Deserialize;

use super::cases::typed;
use super::{Answer, filtered, own_month, said_here};
use crate::living::assessment::{self, Assessed};
use crate::living::standards::{self, Setting, StandardRow};
use crate::living::{Names, files_at_bureau, names};
use crate::model::money::Total;
use crate::model::month::Month;
use crate::model::standard::{Method, Unit};
use crate::web::error::Failure;
use crate::web::lang::Lang;
use crate::web::page::standards::{Form, Standard, Standards, Unlike, Unreadable};
use crate::web::session::{Fields, Session, go_saying};
use crate::web::state::Web;
use crate::web::text::signed_yuan;
use crate::web::words;

/// The most households a page shows.
const SHOWN: usize = 200;

/// What the address says.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    month: String,
    organisation: String,
}

/// `GET /standards`
pub(crate) async fn show(
    session: Session,
    Shared(web): Shared<Web>,
    Query(asked): Query<Asked>,
) -> Answer {
    let page = page(&session, &web, &asked).await?;
    session.show(&page)
}

async fn page(session: &Session, web: &Web, asked: &Asked) -> Result<Standards, Failure> {
    let (app, lang, actor) = (&web.app, session.lang, &session.actor);
    let month = own_month(app, &asked.month)?;
    let mut organisation = asked.organisation.trim().to_owned();
    let found = assessment::assess(app, actor, &organisation, month).await;
    let (found, wrong) = filtered(lang, found)?;
    let found = match found {
        Some(found) => found,
        None => {
            organisation.clear();
            assessment::assess(app, actor, "", month).await?
        }
    };
    let names = names(app).await?;
    let sum = |name: &str, total: Total| {
        (name.to_owned(), words::count(total.households), signed_yuan(total.amount))
    };
    let all = standards::list(app, actor).await?;
    Ok(Standards {
        frame: session.frame.clone(),
        status: session.said(),
        wrong,
        month: month.to_string(),
        organisation,
        sums: [
            sum(lang.t("决定", "Decided"), found.decided),
            sum(lang.t("测算", "Computed"), found.computed),
        ],
        without: (words::count(found.without_standard), words::count(found.without_income)),
        unlike_total: words::len(&found.unlike),
        unlike: found.unlike.iter().take(SHOWN).map(|one| unlike(&names, one)).collect(),
        unreadable_total: words::len(&found.unreadable),
        unreadable: found
            .unreadable
            .iter()
            .take(SHOWN)
            .map(|one| unreadable(&names, one))
            .collect(),
        standards: all.iter().map(|one| standard(lang, &names, one)).collect(),
        form: form(session, web, month),
    })
}

fn unlike(names: &Names, one: &Assessed) -> Unlike {
    Unlike {
        household: one.household.clone(),
        head: one.head.clone(),
        organisation: names.of(&one.organisation),
        category: one.category.clone(),
        persons: words::count(one.computed.persons),
        income: signed_yuan(one.computed.income),
        three: [one.decided, one.computed.amount, one.over()].map(signed_yuan),
        reason: one.reason.clone(),
    }
}

fn unreadable(names: &Names, one: &assessment::Unreadable) -> Unreadable {
    Unreadable {
        household: one.household.clone(),
        head: one.head.clone(),
        organisation: names.of(&one.organisation),
        income: one.income.clone(),
    }
}

fn standard(lang: Lang, names: &Names, one: &StandardRow) -> Standard {
    let unit = match one.unit.as_str() {
        "jiao" => lang.t("进到角", "up to ten cents"),
        "yuan" => lang.t("进到元", "up to a yuan"),
        _ => lang.t("到分", "to the cent"),
    };
    let tier = |text: &str| {
        let (category, amount) = text.split_once('=')?;
        let amount = signed_yuan(amount.parse().ok()?);
        Some(format!("{category}{} {amount}", lang.t("类", "")))
    };
    let tiers: Vec<String> = one.tiers.split(',').filter_map(tier).collect();
    let method = match tiers.is_empty() {
        true => lang.t("补差", "difference").to_owned(),
        false => format!("{}{}", lang.t("分档：", "tiers: "), tiers.join(lang.t("、", ", "))),
    };
    Standard {
        entry: words::count(one.entry),
        organisation: names.of(&one.organisation),
        from: one.from_month.clone(),
        amount: signed_yuan(one.amount),
        method: format!("{method}{}{unit}", lang.t("，", ", ")),
        words: one.words.clone(),
    }
}

/// The form, for those who may set a standard: who works at the bureau.
fn form(session: &Session, web: &Web, month: Month) -> Option<Form> {
    let actor = &session.actor;
    let categories = web.app.rules.categories.iter();
    files_at_bureau(actor).then(|| Form {
        organisation: actor.organisation.to_string(),
        from: month.next().to_string(),
        categories: categories
            .map(|one| (one.code.clone(), session.lang.t(&one.name, &one.name_en).to_owned()))
            .collect(),
        ..Form::default()
    })
}

/// `POST /standards`
pub(crate) async fn set(session: Session, Shared(web): Shared<Web>, fields: Fields) -> Answer {
    let failure = match given(&fields) {
        Err(failure) => failure,
        Ok(setting) => {
            let from = setting.from;
            match standards::set(&web.app, &session.actor, setting).await {
                Err(error) => error.into(),
                Ok(_) => {
                    let sentence = match session.lang {
                        Lang::Zh => format!("标准定下了，从{from}起。"),
                        Lang::En => format!("Set, from {from} on."),
                    };
                    return Ok(go_saying("/standards", &sentence));
                }
            }
        }
    };
    let (status, sentence) = said_here(&session, failure)?;
    let mut page = page(&session, &web, &Asked::default()).await?;
    page.wrong = Some(sentence);
    if let Some(form) = &mut page.form {
        let text = |name| fields.text(name).to_owned();
        form.organisation = text("organisation");
        form.from = text("from");
        form.amount = text("amount");
        form.tiers = text("tiers");
        form.unit = text("unit");
        form.words = text("words");
    }
    page.frame.here = "/standards".to_owned();
    session.show_as(status, &page)
}

fn given(fields: &Fields) -> Result<Setting, Failure> {
    let text = |name| fields.text(name).to_owned();
    let tiers = text("tiers");
    Ok(Setting {
        organisation: fields.text("organisation").parse()?,
        from: fields.text("from").parse().map_err(|error| Failure::form(&error))?,
        amount: text("amount"),
        method: if tiers.is_empty() { Method::Difference } else { Method::Tiers },
        tiers,
        unit: typed::<Unit>(fields, "unit")?.unwrap_or_default(),
        words: text("words"),
    })
}
