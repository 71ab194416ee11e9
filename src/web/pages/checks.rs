//! 核查: findings listed, with the files of other departments that were taken in.

mod household;
mod roster;
mod taking;

use axum::extract::{Query, State as Shared};
use serde::Deserialize;

pub(crate) use self::household::{close, of_household};
pub(crate) use self::roster::{roster, take_roster};
use self::taking::{Stands, stands, waiting};
pub(crate) use self::taking::{bad, look_over, original, take};
use super::{Answer, ROWS, filtered};
use crate::living::evidence::{self, EvidenceFileRow};
use crate::living::findings::{self, Standing};
use crate::living::{Names, names};
use crate::model::evidence::{EvidenceRules, Unit};
use crate::model::lending::day_of;
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
    // First: what it says is done is among the findings read after it.
    let Stands { goes, said: last, bad, roster } = stands(session, web);
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
    let waiting = match &goes {
        None => waiting(session, web).await?,
        Some(_) => None,
    };
    let look = roster::waiting(session, web).filter(|_| goes.is_none());
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
        look,
        goes,
        last,
        bad,
        roster,
        files: files.iter().map(|one| file(lang, rules, one)).collect(),
    })
}

fn row(lang: Lang, rules: &EvidenceRules, names: &Names, one: &Standing) -> Row {
    let finding = &one.finding;
    let money = rules.finding(&finding.code).is_some_and(|rule| rule.unit == Unit::Money);
    let difference = match (finding.difference, money) {
        (0, _) => String::new(),
        (fen, true) => signed_yuan(fen),
        (number, false) => number.to_string(),
    };
    let read = |value: &str| if money { text::stated_yuan(value) } else { value.to_owned() };
    Row {
        household: one.household.clone(),
        head: one.head.clone(),
        organisation: names.of(&one.organisation),
        called: lang.t(&one.called, &one.called_en).to_owned(),
        name: finding.name.clone(),
        declared: read(&finding.declared),
        found: match finding.outdated {
            true => lang
                .t("{}（后来的结果不同）", "{} (later results differ)")
                .replace("{}", &read(&finding.found)),
            false => read(&finding.found),
        },
        difference,
        state: one.state.as_str().to_owned(),
    }
}

fn file(lang: Lang, rules: &EvidenceRules, one: &EvidenceFileRow) -> File {
    let kind = rules.kinds.iter().find(|kind| kind.code == one.kind);
    let english = kind.map_or(one.called.as_str(), |kind| kind.name_en.as_str());
    File {
        entry: words::count(one.entry),
        called: lang.t(&one.called, english).to_owned(),
        as_of: one.as_of.clone(),
        name: one.name.clone(),
        kept: words::count(one.kept),
        by: one.author.clone(),
    }
}
