//! 检索目录: the three catalogs that records are looked up in by field, one row
//! for each household. They share their filters with the search. Need and money are
//! those of statements, decisions, rosters and banks, each with the paper that proves it;
//! of a household without any, what was put up in notices.

mod columns;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use self::columns::{Catalog, Order};
use super::SearchError;
use crate::app::App;
use crate::catalog::households::Wanted;
use crate::catalog::retrieval::{self, By, Entry, Known, Narrowed};
use crate::config::ReasonIs;
use crate::looks;
use crate::model::access::{Actor, Right, scope};
use crate::model::benefit::Effect;
use crate::model::codes::household::CAUSE;
use crate::model::codes::member::{DISABILITY, HEALTH};
use crate::model::field::Of;
use crate::model::file_state::FileState;
use crate::model::look::{Kind, Look, Reason};
use crate::model::money::Fen;
use crate::model::notice::NoticeKind;
use crate::model::profile::DocumentType;
use crate::sheet::{Cell, Column, Shape, Sheet};

/// The most rows of a file.
pub const MOST: u32 = 20_000;

/// What is asked of a catalog. Empty fields narrow nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// A part of a number, of a name, of a 档号; or a whole number of a person.
    #[serde(rename = "q", skip_serializing_if = "String::is_empty")]
    pub part: String,
    /// The beginning of an organisation code.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub organisation: String,
    /// How the household's file stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<FileState>,
    /// In which order.
    #[serde(skip_serializing_if = "is_usual")]
    pub sort: Order,
}

fn is_usual(order: &Order) -> bool {
    *order == Order::default()
}

impl Asked {
    /// As the query of an address.
    #[must_use]
    pub fn to_address(&self) -> String {
        serde_html_form::to_string(self).unwrap_or_default()
    }
}

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

/// A part of a catalog.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = CatalogPart)]
pub struct Listed {
    /// The Chinese names of the columns.
    pub columns: Vec<String>,
    /// Their English names.
    pub columns_en: Vec<String>,
    /// The rows, in order.
    pub rows: Vec<Row>,
    /// How many there are in all.
    pub total: i64,
    /// Where the next part begins; none at the end.
    pub next: Option<String>,
}

/// The rows of a catalog that `actor` may see, behind `after`, at most `limit`. What is
/// stated of households is in their files: that it is looked at is noted.
///
/// # Errors
/// When the person may not look, `after` is no place, the database fails, or the look
/// cannot be noted.
pub async fn list(
    app: &App,
    actor: &Actor,
    catalog: Catalog,
    asked: &Asked,
    after: &str,
    limit: u32,
) -> Result<Listed, SearchError> {
    let listed = part(app, actor, catalog, asked, after, limit).await?;
    if catalog != Catalog::Archive {
        let told = format!("{} {}", catalog.zh(), asked.part);
        let look = Look::new(Kind::Open).titled(told.trim_end()).counting(listed.rows.len());
        looks::shows_at_work(app, actor, look).await?;
    }
    Ok(listed)
}

/// As [`list`], without noting it.
async fn part(
    app: &App,
    actor: &Actor,
    catalog: Catalog,
    asked: &Asked,
    after: &str,
    limit: u32,
) -> Result<Listed, SearchError> {
    actor.must(Right::Look)?;
    let after = match after {
        "" => (String::new(), String::new()),
        // The number has no separator in it; the place may.
        text => match text.rsplit_once('~') {
            Some((place, no)) => (place.to_owned(), no.to_owned()),
            None => return Err(SearchError::Asked(format!("{text:?} is no place in a catalog"))),
        },
    };
    let (narrowed, by) = (narrowed(app, asked), by(asked.sort));
    let mut tx = app.db.read().await?;
    let (visible, more) = (scope(actor), limit.saturating_add(1));
    let after = (after.0.as_str(), after.1.as_str());
    let mut entries = retrieval::list(&mut tx, &visible, &narrowed, by, after, more).await?;
    let has_more = entries.len() > limit as usize;
    entries.truncate(limit as usize);
    let next = entries.last().filter(|_| has_more).map(|one| format!("{}~{}", one.place, one.no));
    let mut rows = Vec::with_capacity(entries.len());
    for entry in &entries {
        let known = match catalog {
            Catalog::Archive => Known::default(),
            Catalog::Hardship | Catalog::Payment => retrieval::known(&mut tx, &entry.no).await?,
        };
        rows.push(row(app, catalog, (entry, &known)));
    }
    Ok(Listed {
        columns: catalog.columns().iter().map(|(zh, _)| (*zh).to_owned()).collect(),
        columns_en: catalog.columns().iter().map(|(_, en)| (*en).to_owned()).collect(),
        rows,
        total: retrieval::count(&mut tx, &visible, &narrowed).await?,
        next,
    })
}

fn by(order: Order) -> By {
    match order {
        Order::Number => By::Number,
        Order::Head => By::Head,
        Order::Reference => By::Reference,
    }
}

fn narrowed(app: &App, asked: &Asked) -> Narrowed {
    let part = asked.part.trim();
    let digest = app.lookup.digest(part).unwrap_or_default();
    let wanted = Wanted { part: part.to_owned(), digest };
    Narrowed {
        wanted,
        organisation: asked.organisation.trim().to_owned(),
        state: asked.state.map(|state| state.as_str().to_owned()).unwrap_or_default(),
    }
}

fn row(app: &App, catalog: Catalog, (entry, known): (&Entry, &Known)) -> Row {
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
            let [covered, amount, by, from] = paid_by(entry, known);
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
    Row { household: entry.no.clone(), values, bound: entry.version > 0, proofs, english }
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
            let effect = Effect::named(&known.effect).map(Effect::en);
            let notice = || entry.notice.parse::<NoticeKind>().ok().map(NoticeKind::en);
            vec![("By", effect.or_else(notice).map(ToOwned::to_owned))]
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
fn paid_by(entry: &Entry, known: &Known) -> [String; 4] {
    if let Some(effect) = Effect::named(&known.effect) {
        let (persons, amount) = (known.persons.to_string(), yuan(known.decided));
        return [persons, amount, effect.zh().to_owned(), known.from_month.clone()];
    }
    let Ok(kind) = entry.notice.parse::<NoticeKind>() else {
        return [String::new(), String::new(), String::new(), entry.from_day.clone()];
    };
    let (covered, amount) = (entry.covered.to_string(), yuan(entry.amount));
    [covered, amount, kind.zh().to_owned(), entry.from_day.clone()]
}

/// The names of types, each once, in filing order.
fn kinds(app: &App, codes: &str) -> String {
    types(app, codes).map(|kind| kind.name.as_str()).collect::<Vec<_>>().join("、")
}

fn types<'a>(app: &'a App, codes: &'a str) -> impl Iterator<Item = &'a DocumentType> {
    let has = |code: &str| codes.split(',').any(|one| one == code);
    app.profile.types.iter().filter(move |kind| has(&kind.code))
}

/// A value as it stands in a file: numbers and amounts as such.
fn cell(is_number: bool, value: &str) -> Cell {
    let text = || Cell::Text(value.to_owned());
    if !is_number {
        return text();
    }
    let amount = || value.parse::<Fen>().ok().and_then(|fen| i64::try_from(fen.get()).ok());
    value.parse().map(Cell::Whole).unwrap_or_else(|_| amount().map_or_else(text, Cell::Money))
}

/// A catalog as a file to take away; that it was taken along is noted.
///
/// # Errors
/// When the person may not take records along, a reason is wanted and there is
/// none, there are too many rows, or the look cannot be noted.
pub async fn export(
    app: &App,
    actor: &Actor,
    catalog: Catalog,
    asked: &Asked,
    shape: Shape,
    reason: Option<Reason>,
) -> Result<Vec<u8>, SearchError> {
    actor.must(Right::Export)?;
    if reason.is_none() && app.config.access.reason == ReasonIs::Required {
        return Err(SearchError::NoReason);
    }
    let listed = part(app, actor, catalog, asked, "", MOST).await?;
    if listed.next.is_some() {
        let found = u64::try_from(listed.total).unwrap_or(u64::MAX);
        return Err(SearchError::TooMany { found, most: MOST as usize });
    }
    let columns = catalog.columns().iter().map(|(zh, en)| Column::new(zh, en));
    let cells = |row: &Row| {
        let values = row.values.iter().enumerate();
        values.map(|(at, value)| cell(catalog.is_number(at), value)).collect()
    };
    let sheet = Sheet {
        name: catalog.zh().to_owned(),
        columns: columns.collect(),
        rows: listed.rows.iter().map(cells).collect(),
    };
    let file = sheet.file(shape).map_err(|error| SearchError::File(error.to_string()))?;
    noted(app, actor, Kind::Export, catalog, asked, listed.rows.len(), reason).await?;
    Ok(file)
}

/// As [`list`], of everything up to `limit`, to be printed: that is noted.
///
/// # Errors
/// As [`list`], or when the look cannot be noted.
pub async fn printed(
    app: &App,
    actor: &Actor,
    catalog: Catalog,
    asked: &Asked,
    limit: u32,
) -> Result<Listed, SearchError> {
    let listed = part(app, actor, catalog, asked, "", limit).await?;
    noted(app, actor, Kind::Print, catalog, asked, listed.rows.len(), None).await?;
    Ok(listed)
}

async fn noted(
    app: &App,
    actor: &Actor,
    kind: Kind,
    catalog: Catalog,
    asked: &Asked,
    rows: usize,
    reason: Option<Reason>,
) -> Result<(), SearchError> {
    let told = format!("{} {}", catalog.zh(), asked.part);
    let look = Look::new(kind).titled(told.trim_end()).counting(rows);
    Ok(app.looks.note(actor, Look { reason, ..look }).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_numbers_in_a_file() {
        assert_eq!(cell(true, "12"), Cell::Whole(12));
        assert_eq!(cell(true, "560.55"), Cell::Money(56_055));
        assert_eq!(cell(true, ""), Cell::Text(String::new()));
        assert_eq!(cell(true, "=1+1"), Cell::Text("=1+1".to_owned()));
        assert_eq!(cell(false, "12"), Cell::Text("12".to_owned()));
    }
}
