//! What a keyed form says of its household that is not known so: offered, and stated.

use axum::extract::{Path, State as Shared};

use super::super::cases::typed;
use super::super::{Answer, document_id};
use super::told;
use crate::keying::{self, OfferedFact, Stating};
use crate::model::field::Of;
use crate::model::id::DocumentId;
use crate::model::lending::day_of;
use crate::view;
use crate::web::error::Failure;
use crate::web::page::keying::{Offer, Offers};
use crate::web::page::part::HouseholdRef;
use crate::web::session::{Fields, Session, go_saying};
use crate::web::state::Web;
use crate::web::words;

/// `GET /doc/{id}/key/facts`
pub(crate) async fn offers(
    session: Session,
    Shared(web): Shared<Web>,
    Path(id): Path<String>,
) -> Answer {
    let page = offered(&session, &web, document_id(&id)?).await?;
    session.show(&page)
}

async fn offered(session: &Session, web: &Web, id: DocumentId) -> Result<Offers, Failure> {
    let (app, lang) = (&web.app, session.lang);
    let found = keying::offers(app, &session.actor, id).await?;
    let seen = view::document_at_work(app, &session.actor, id).await?;
    let in_words = |one: &OfferedFact, value: &str| {
        let of = if one.member.is_some() { Of::Member } else { Of::Household };
        let rule = app.rules.field(of, &one.fact).ok();
        lang.t(value, rule.and_then(|rule| rule.english(value)).unwrap_or(value)).to_owned()
    };
    let row = |one: OfferedFact| Offer {
        known: in_words(&one, &one.known),
        value: in_words(&one, &one.value),
        ticked: one.obstacle.is_empty(),
        obstacle: match one.obstacle.is_empty() {
            true => String::new(),
            false => {
                lang.t("户档里这一项写不成这样。", "It cannot be stated as it stands.").to_owned()
            }
        },
        name: lang.t(&one.name, &one.name_en).to_owned(),
        field: one.field,
        who: one.who,
        joins: one.joins,
    };
    Ok(Offers {
        frame: session.frame.clone(),
        document: words::count(id.0),
        title: seen.title.clone(),
        household: HouseholdRef::new(&found.household, &found.head),
        seen: found.seen.to_string(),
        from: found.from.to_string(),
        today: day_of(app.now()).to_string(),
        status: session.said(),
        wrong: None,
        rows: found.facts.into_iter().map(row).collect(),
    })
}

/// `POST /doc/{id}/key/facts`
pub(crate) async fn state(
    session: Session,
    Shared(web): Shared<Web>,
    Path(id): Path<String>,
    fields: Fields,
) -> Answer {
    let id = document_id(&id)?;
    let stating = Stating {
        fields: fields.all("field").map(ToOwned::to_owned).collect(),
        from: typed(&fields, "from")?,
        seen: typed(&fields, "seen")?,
    };
    let ticked = stating.fields.clone();
    match keying::state(&web.app, &session.actor, id, stating).await {
        Ok(_) => {
            let seen = view::document_at_work(&web.app, &session.actor, id).await?;
            let no = seen.document.household.unwrap_or_default();
            let sentence =
                session.lang.t("记进户档了，依据是这一件。", "Stated, proved by this paper.");
            Ok(go_saying(&format!("/household/{no}"), sentence))
        }
        Err(error) => {
            let (status, sentence) = told(&session, error)?;
            let mut page = offered(&session, &web, id).await?;
            page.wrong = Some(sentence);
            for row in &mut page.rows {
                row.ticked = ticked.contains(&row.field);
            }
            session.show_as(status, &page)
        }
    }
}
