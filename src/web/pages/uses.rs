//! 利用登记册: shown, printed, taken along; and who has looked at a file.

use axum::extract::{Path, Query, State as Shared};
use serde::Deserialize;

use super::{Answer, ROWS, entry_no};
use crate::model::look::{Outcome, Reason};
use crate::uses::export::{self, Shape};
use crate::uses::{self, Register, Use, UsesError};
use crate::web::lang::Lang;
use crate::web::page::uses::{Narrowing, UseRow, UsesPage, UsesPrint};
use crate::web::session::{Fields, Session};
use crate::web::state::Web;
use crate::web::{download, words};

/// The most rows that are printed at once.
const PRINTED: u32 = 1000;

/// What the address of the register says.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    person: String,
    organisation: String,
    household: String,
    document: String,
    kind: String,
    outcome: String,
    from: String,
    to: String,
    before: Option<String>,
}

impl Asked {
    fn of(fields: &Fields) -> Self {
        let text = |name| fields.text(name).to_owned();
        Self {
            person: text("person"),
            organisation: text("organisation"),
            household: text("household"),
            document: text("document"),
            kind: text("kind"),
            outcome: text("outcome"),
            from: text("from"),
            to: text("to"),
            before: None,
        }
    }

    fn narrowing(&self) -> Narrowing {
        let Self { person, organisation, household, document, .. } = self.clone();
        let Self { kind, outcome, from, to, .. } = self.clone();
        Narrowing { person, organisation, household, document, kind, outcome, from, to }
    }
}

impl From<&Asked> for uses::Asked {
    fn from(asked: &Asked) -> Self {
        let asked = asked.clone();
        Self {
            person: asked.person,
            organisation: asked.organisation,
            household: asked.household,
            // What is no number is no document.
            document: Some(asked.document)
                .filter(|text| !text.is_empty())
                .map(|text| text.parse().unwrap_or(-2)),
            kind: asked.kind,
            outcome: asked.outcome,
            from: asked.from,
            to: asked.to,
        }
    }
}

/// `GET /uses`
pub(crate) async fn show(
    session: Session,
    Shared(web): Shared<Web>,
    Query(asked): Query<Asked>,
) -> Answer {
    let (app, lang) = (&web.app, session.lang);
    let before = asked.before.as_deref();
    let found = uses::register(app, &session.actor, &(&asked).into(), before, ROWS).await;
    let (found, wrong) = match found {
        Err(UsesError::Asked(_)) => {
            let wrong = lang.t(
                "筛选看不懂：户号17位，单位是数字，日期写成2026-11-24。",
                "The filter cannot be understood: 17 digits of a household, digits of an \
                 organisation, a day such as 2026-11-24.",
            );
            (Register { uses: Vec::new(), total: 0, next: None }, Some(wrong.to_owned()))
        }
        found => (found?, None),
    };
    let page = UsesPage {
        frame: session.frame.clone(),
        asked: asked.narrowing(),
        wrong,
        rows: rows(lang, &found.uses),
        total: words::count(found.total),
        waiting: words::count(uses::state(app).await?.waiting),
        before: found.next,
    };
    session.show(&page)
}

/// `GET /uses/print`
pub(crate) async fn print(
    session: Session,
    Shared(web): Shared<Web>,
    Query(asked): Query<Asked>,
) -> Answer {
    let found = uses::printed(&web.app, &session.actor, &(&asked).into(), PRINTED).await?;
    let now = words::at(web.app.now());
    let page = UsesPrint {
        frame: session.frame.clone(),
        asked: asked.narrowing(),
        left_out: words::count(found.total).saturating_sub(words::len(&found.uses)),
        rows: rows(session.lang, &found.uses),
        printed: now.get(..16).unwrap_or_default().to_owned(),
    };
    session.show(&page)
}

/// `POST /uses/export`
pub(crate) async fn export(session: Session, Shared(web): Shared<Web>, fields: Fields) -> Answer {
    let shape = match fields.text("shape") {
        "csv" => Shape::Csv,
        _ => Shape::Xlsx,
    };
    let reason = Reason::new(fields.text("purpose"), fields.text("words"))?;
    let asked = (&Asked::of(&fields)).into();
    let bytes = export::export(&web.app, &session.actor, &asked, shape, reason).await?;
    Ok(download::sheet("uses", shape, bytes))
}

/// `GET /uses/{no}/bundle`
pub(crate) async fn bundle(
    session: Session,
    Shared(web): Shared<Web>,
    Path(no): Path<String>,
) -> Answer {
    Ok(download::bundle(uses::bundle(&web.app, &session.actor, entry_no(&no)?).await?))
}

/// Looks as a page shows them.
pub(super) fn rows(lang: Lang, uses: &[Use]) -> Vec<UseRow> {
    uses.iter().map(|one| row(lang, one)).collect()
}

fn row(lang: Lang, one: &Use) -> UseRow {
    let look = &one.look;
    let reason = look.reason.as_ref();
    UseRow {
        no: one.no.map(words::count),
        when: words::minute(&one.time),
        who: one.person.clone(),
        organisation: one.organisation_name.clone(),
        what: lang.t(look.kind.zh(), look.kind.en()).to_owned(),
        refused: look.outcome != Outcome::Shown,
        outcome: lang.t(look.outcome.zh(), look.outcome.en()).to_owned(),
        household: look.household.as_ref().map(ToString::to_string).unwrap_or_default(),
        document: look.document.map(|id| words::count(id.0)),
        code: look.code.clone(),
        title: look.title.clone(),
        count: look.count,
        reason: reason
            .map(|reason| match lang {
                Lang::Zh => reason.zh(),
                Lang::En => reason.en(),
            })
            .unwrap_or_default(),
    }
}
