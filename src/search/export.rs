//! A list of hits as a file to take away: CSV or XLSX, every paper of the result.
//! Taking it along is a look itself, and noted with its reason. What people wrote
//! is text in every cell: a table program must not run it as a formula.

use super::{Answer, Asked, Found, Part, SearchError, ask, described};
use crate::app::App;
use crate::config::ReasonIs;
use crate::model::access::{Actor, Right};
use crate::model::look::{Kind, Look, Reason};
use crate::uses::export::{Shape, harmless, written};

/// The most rows of a file.
pub const MOST: usize = 20_000;
/// How many papers are asked for at once.
const AT_ONCE: usize = 500;

/// The columns of 检索结果.
const COLUMNS: [&str; 12] = [
    "序号", "档号", "户号", "户主", "社区", "件种", "题名", "日期", "件号", "页号", "页数", "摘录",
];

/// The papers that were found as a file, in the order of the search; that they
/// were taken along is noted with the reason, if there is one.
///
/// # Errors
/// When the person may not take records along, a reason is wanted and there is
/// none, the search cannot be read, there are too many rows, or the look cannot be
/// noted.
pub async fn export(
    app: &App,
    actor: &Actor,
    asked: &Asked,
    shape: Shape,
    reason: Option<Reason>,
) -> Result<Vec<u8>, SearchError> {
    actor.must(Right::Look)?;
    actor.must(Right::Export)?;
    if reason.is_none() && app.config.access.reason == ReasonIs::Required {
        return Err(SearchError::NoReason);
    }
    let mut rows: Vec<[String; COLUMNS.len()]> = Vec::new();
    let mut part = Part::first(AT_ONCE);
    loop {
        let answer = ask(app, actor, asked, &part).await?;
        if answer.total > MOST as u64 {
            return Err(SearchError::TooMany { found: answer.total, most: MOST });
        }
        let Answer { found, next, names, .. } = described(app, actor, asked, answer).await?;
        for one in &found {
            let organisation = match names.get(&one.organisation) {
                Some(name) => name.clone(),
                None => one.organisation.clone(),
            };
            rows.push(row(app, rows.len() + 1, one, organisation));
        }
        part.after = next;
        if part.after.is_none() {
            break;
        }
    }
    let file = written(shape, "检索结果", &COLUMNS, &rows)
        .map_err(|error| SearchError::File(error.to_string()))?;
    let look = Look::new(Kind::Export).titled(&asked.told()).counting(rows.len());
    app.looks.note(actor, Look { reason, ..look }).await?;
    Ok(file)
}

fn row(app: &App, place: usize, one: &Found, organisation: String) -> [String; COLUMNS.len()] {
    let first = one.pages.first();
    let kind = app.profile.type_of(&one.type_code);
    [
        place.to_string(),
        one.volume.clone().unwrap_or_default(),
        one.household.clone().unwrap_or_default(),
        one.head.clone(),
        organisation,
        kind.map_or_else(|| one.type_code.clone(), |kind| kind.name.clone()),
        one.title.clone(),
        one.date.clone(),
        one.document.0.to_string(),
        first.map(|page| page.page.to_string()).unwrap_or_default(),
        one.of.to_string(),
        first.map(super::FoundPage::excerpt).unwrap_or_default(),
    ]
    .map(|cell| harmless(&cell))
}
