//! A row of a catalog: what is known of a household in the columns of the catalog, with the
//! papers that prove it and its words in English.

use serde::Serialize;
use utoipa::ToSchema;

use super::Catalog;
use crate::app::App;
use crate::catalog::retrieval::{Entry, Known};
use crate::model::benefit::Effect;
use crate::model::codes::household::CAUSE;
use crate::model::codes::member::{DISABILITY, HEALTH};
use crate::model::codes::procedure::{CARRIED_OVER, CARRY};
use crate::model::field::Of;
use crate::model::money::Fen;
use crate::model::notice::NoticeKind;
use crate::model::profile::DocumentType;

/// A row of a catalog.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = CatalogRow)]
pub struct Row {
    /// 户号
    pub household: String,
    /// Its values, in the order of the columns; dates as `2026-03-09`.
    pub values: Vec<String>,
    /// Whether it has a volume.
    pub bound: bool,
    /// The papers that prove values.
    pub proofs: Vec<Proof>,
    /// Whether the allowance is the one of the roster from which the household was opened, which
    /// is taken along from there.
    pub roster: bool,
    /// Values that are words of the program or of its rules, in English.
    pub english: Vec<English>,
}

/// A value of a row in English.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = CatalogEnglish)]
pub struct English {
    /// The place of the column, from 0.
    pub column: usize,
    /// The value.
    pub value: String,
}

/// The paper that proves a value of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = CatalogProof)]
pub struct Proof {
    /// The place of the column, from 0.
    pub column: usize,
    /// The document.
    pub document: i64,
}

/// The row of a household.
pub(super) fn row(app: &App, catalog: Catalog, (entry, known): (&Entry, &Known)) -> Row {
    let dates = match (entry.first.as_str(), entry.last.as_str()) {
        ("", _) => String::new(),
        (first, last) if first == last => first.to_owned(),
        (first, last) => format!("{first}–{last}"),
    };
    let own = |text: &str| text.to_owned();
    let (no, head, organisation) = (own(&entry.no), own(&entry.head), own(&entry.organisation));
    let values = match catalog {
        Catalog::Archive => {
            let bound = entry.version > 0;
            let if_bound = |text: String| if bound { text } else { String::new() };
            let term = app.profile.retention_of(&app.profile.volume.retention);
            vec![
                own(&entry.reference),
                no,
                head,
                organisation,
                own(&entry.title),
                dates,
                if_bound(entry.items.to_string()),
                if_bound(entry.pages.to_string()),
                if_bound(term.map(|term| term.name.clone()).unwrap_or_default()),
                if bound { format!("第{}版", entry.version) } else { "还没立卷".to_owned() },
            ]
        }
        Catalog::Hardship => vec![
            no,
            head,
            organisation,
            own(&entry.address),
            entry.people.to_string(),
            kinds(app, &entry.kinds),
            dates,
            own(&known.cause),
            own(&known.income),
            known.health.replace('\n', "、"),
            app.rules.category(&known.category).map_or("", |one| one.name.as_str()).to_owned(),
            own(&entry.reference),
        ],
        Catalog::Payment => {
            let [covered, amount, by, from] = paid_by(app, entry, known);
            let all = if known.paid > 0 { yuan(known.paid) } else { String::new() };
            vec![
                no,
                head,
                organisation,
                covered,
                amount,
                by,
                from,
                own(&known.until_month),
                own(&known.listed_month),
                own(&known.paid_month),
                all,
                own(&entry.reference),
            ]
        }
    };
    let english = english(app, catalog, (entry, known));
    let proven = |(en, document): (&str, Option<i64>)| {
        let column = catalog.columns().iter().position(|(_, name)| *name == en)?;
        Some(Proof { column, document: document? })
    };
    let proofs = [
        ("Cause", known.cause_proof),
        ("Monthly income", known.income_proof),
        ("Health and disability", known.health_proof),
        ("Category", known.decision_paper),
        ("By", known.decision_paper),
    ];
    let proofs = proofs.into_iter().filter_map(proven).collect();
    let (household, bound, roster) = (entry.no.clone(), entry.version > 0, known.from_roster > 0);
    Row { household, values, bound, proofs, roster, english }
}

/// What of a row has English words.
fn english(app: &App, catalog: Catalog, (entry, known): (&Entry, &Known)) -> Vec<English> {
    let words = match catalog {
        Catalog::Archive => {
            let term = app.profile.retention_of(&app.profile.volume.retention);
            let term = term.filter(|_| entry.version > 0).map(|term| term.name_en.clone());
            let remarks = match entry.version {
                0 => "No volume yet".to_owned(),
                version => format!("Version {version}"),
            };
            vec![("Retention", term), ("Remarks", Some(remarks))]
        }
        Catalog::Hardship => {
            let cause = app.rules.field(Of::Household, CAUSE).ok();
            let cause = cause.and_then(|rule| rule.english(&known.cause)).map(ToOwned::to_owned);
            let health = known.health.lines().map(|value| {
                let rules = [HEALTH, DISABILITY].map(|code| app.rules.field(Of::Member, code).ok());
                let mut said = rules.into_iter().flatten().filter_map(|rule| rule.english(value));
                said.next().unwrap_or(value)
            });
            let health = Some(health.collect::<Vec<_>>().join(", "));
            let category = app.rules.category(&known.category).map(|one| one.name_en.clone());
            let filed = types(app, &entry.kinds).map(|kind| kind.name_en.as_str());
            let filed = filed.collect::<Vec<_>>().join(", ");
            vec![
                ("Papers filed", Some(filed)),
                ("Cause", cause),
                ("Health and disability", health),
                ("Category", category),
            ]
        }
        Catalog::Payment => {
            let decided = decided_by(app, known).map(|(_, en)| en);
            let notice = || entry.notice.parse::<NoticeKind>().ok();
            vec![("By", decided.or_else(|| notice().map(|kind| kind.en().to_owned())))]
        }
    };
    let place = |name: &str| catalog.columns().iter().position(|(_, en)| *en == name);
    let said = |(name, value): (&str, Option<String>)| {
        Some(English { column: place(name)?, value: value? })
    };
    words.into_iter().filter_map(said).collect()
}

fn yuan(fen: i64) -> String {
    Fen::new(u64::try_from(fen).unwrap_or(0)).to_string()
}

/// 保障人数, 月保障金, 依据 and 自: by the last decision, or as it was put up.
fn paid_by(app: &App, entry: &Entry, known: &Known) -> [String; 4] {
    if let Some((by, _)) = decided_by(app, known) {
        let (persons, amount) = (known.persons.to_string(), yuan(known.decided));
        return [persons, amount, by, known.from_month.clone()];
    }
    let Ok(kind) = entry.notice.parse::<NoticeKind>() else {
        return [String::new(), String::new(), String::new(), entry.from_day.clone()];
    };
    let (covered, amount) = (entry.covered.to_string(), yuan(entry.amount));
    [covered, amount, kind.zh().to_owned(), entry.from_day.clone()]
}

/// What the last decision did, in Chinese and in English. Of an allowance that began before the
/// archive no paper says it: it was carried over, from a roster where the household was opened
/// from one.
fn decided_by(app: &App, known: &Known) -> Option<(String, String)> {
    let effect = Effect::named(&known.effect)?;
    let step = app.rules.procedure(CARRIED_OVER).and_then(|case| case.step(CARRY));
    let Some(step) = step.filter(|_| known.decision_step == CARRY) else {
        return Some((effect.zh().to_owned(), effect.en().to_owned()));
    };
    Some(match known.from_roster {
        0 => (step.name.clone(), step.name_en.clone()),
        _ => (format!("{}（花名册）", step.name), format!("{} (roster)", step.name_en)),
    })
}

/// The names of types, each once, in filing order.
fn kinds(app: &App, codes: &str) -> String {
    types(app, codes).map(|kind| kind.name.as_str()).collect::<Vec<_>>().join("、")
}

fn types<'a>(app: &'a App, codes: &'a str) -> impl Iterator<Item = &'a DocumentType> {
    let has = |code: &str| codes.split(',').any(|one| one == code);
    app.profile.types.iter().filter(move |kind| has(&kind.code))
}
