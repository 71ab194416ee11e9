//! 检索目录: the three catalogs that records are looked up in by field, one row
//! for each household. They share their box and filters with the search: what is typed is read
//! the same way, and asked of the columns of the catalog. Need and money are
//! those of statements, decisions, rosters and banks, each with the paper that proves it;
//! of a household without any, what was put up in notices.

mod choice;
mod columns;
mod file;
mod question;
mod row;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use yidang_indexer::ReadAs;

use self::choice::choose;
pub use self::columns::{Catalog, Order};
pub use self::file::{MOST, export, printed};
use self::question::Question;
use self::row::row;
pub use self::row::{English, Proof, Row};
use super::{SearchError, held};
use crate::app::App;
use crate::catalog::retrieval::{self, Known};
use crate::looks;
use crate::model::access::{Actor, Right, scope};
use crate::model::file_state::FileState;
use crate::model::look::{Kind, Look};

/// What is asked of a catalog. Empty fields narrow nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// The words, as they are typed in a search.
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
    /// How what was asked was read, as one English sentence part.
    pub read_as: String,
    /// The same, to be told in other words.
    #[serde(skip)]
    pub read: ReadAs,
    /// Where the next part begins; none at the end.
    pub next: Option<String>,
}

/// The rows of a catalog that `actor` may see, behind `after`, at most `limit`. What is
/// stated of households is in their files: that it is looked at is noted.
///
/// # Errors
/// When the person may not look, what is asked cannot be read or the catalog has no column
/// for it, `after` is no place, the database fails, or the look cannot be noted.
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
    let question = Question::read(app, catalog, &asked.part).await?;
    held::follow(app).await?;
    let (visible, after) = (scope(actor), (after.0.as_str(), after.1.as_str()));
    let chosen = choose(&app.held.now(), &visible, (asked, question), after, limit as usize);
    let mut tx = app.db.read().await?;
    let numbers: Vec<&str> = chosen.part.iter().map(|(_, no)| no.as_str()).collect();
    let entries = retrieval::entries(&mut tx, &visible, &numbers).await?;
    let mut rows = Vec::with_capacity(numbers.len());
    let found: Vec<_> = numbers.iter().filter_map(|no| entries.get(*no)).collect();
    for entry in found {
        let known = match catalog {
            Catalog::Archive => Known::default(),
            Catalog::Hardship | Catalog::Payment => retrieval::known(&mut tx, &entry.no).await?,
        };
        rows.push(row(app, catalog, (entry, &known)));
    }
    let last = chosen.part.last().filter(|_| chosen.has_more);
    Ok(Listed {
        columns: catalog.columns().iter().map(|(zh, _)| (*zh).to_owned()).collect(),
        columns_en: catalog.columns().iter().map(|(_, en)| (*en).to_owned()).collect(),
        rows,
        total: i64::try_from(chosen.total).unwrap_or(i64::MAX),
        read_as: chosen.read.to_string(),
        next: last.map(|(place, no)| format!("{place}~{no}")),
        read: chosen.read,
    })
}
