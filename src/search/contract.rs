//! The answer to a query as scripts get it, from the command line and from the
//! API: one shape that does not change.

use serde::Serialize;
use utoipa::ToSchema;

use super::{Answer, Found, Renewal};

/// The answer to a query.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Contract {
    /// How many documents were found.
    pub total: u64,
    /// On how many pages.
    pub total_pages: u64,
    /// How many of the documents have a word only nearly; they come last.
    pub near: u64,
    /// How the query was read, as one English sentence part.
    pub read_as: String,
    /// How what it was searched within was read.
    pub within: Vec<String>,
    /// The documents of the part, in order.
    pub hits: Vec<Hit>,
    /// Where the next part begins, to be asked for with `after`; none at the end.
    pub next: Option<String>,
    /// How many documents there are of each value. What was chosen in a list does
    /// not narrow that list.
    pub counts: Counts,
    /// Where nothing was found, how many pages within the scope have not been read, could not
    /// be, or were read with little confidence; otherwise none.
    pub unread: Option<i64>,
    /// How far the index is that is being filled; none when it is whole.
    pub renewal: Option<Renewal>,
}

/// How many documents of a result there are of each value.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = SearchCounts)]
pub struct Counts {
    /// By 件种.
    #[serde(rename = "type")]
    pub types: Vec<Count>,
    /// By organisation, the 100 most frequent.
    #[serde(rename = "organisation")]
    pub organisations: Vec<Count>,
    /// By year, the latest first.
    #[serde(rename = "year")]
    pub years: Vec<Count>,
    /// By household, the 100 most frequent.
    #[serde(rename = "household")]
    pub households: Vec<Count>,
    /// By state of the household's file.
    #[serde(rename = "state")]
    pub states: Vec<Count>,
    /// By confidence of the reading, the surest first.
    #[serde(rename = "confidence")]
    pub bands: Vec<Count>,
    /// By 状态 of the household.
    #[serde(rename = "standing")]
    pub standings: Vec<Count>,
    /// By 类别 of the household.
    #[serde(rename = "category")]
    pub categories: Vec<Count>,
}

/// How many documents of a result have a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = SearchCount)]
pub struct Count {
    /// The value, as it is chosen by.
    pub value: String,
    /// How many documents.
    pub documents: u64,
}

fn counts(list: &[(String, u64)]) -> Vec<Count> {
    list.iter()
        .map(|(value, documents)| Count { value: value.clone(), documents: *documents })
        .collect()
}

/// A document that has what was searched: the page it opens at, and all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Hit {
    /// The document with every page found.
    #[serde(flatten)]
    pub found: Found,
    /// The page it opens at, from 1.
    pub page: Option<u32>,
    /// A piece of the text of that page.
    pub snippet: Option<String>,
    /// The words found on that page, in pixels of its upright image.
    pub boxes: Vec<[u32; 4]>,
}

impl From<Found> for Hit {
    fn from(found: Found) -> Self {
        let first = found.pages.first();
        Self {
            page: first.map(|page| page.page),
            snippet: first.map(|page| page.snippet.clone()),
            boxes: first.map(|page| page.boxes.clone()).unwrap_or_default(),
            found,
        }
    }
}

impl From<Answer> for Contract {
    fn from(answer: Answer) -> Self {
        Self {
            total: answer.total,
            total_pages: answer.total_pages,
            near: answer.near,
            read_as: answer.read_as.to_string(),
            within: answer.within.iter().map(ToString::to_string).collect(),
            next: answer.next.as_ref().map(ToString::to_string),
            unread: answer.unread,
            renewal: answer.renewal,
            counts: Counts {
                types: counts(&answer.types),
                organisations: counts(&answer.organisations),
                years: counts(&answer.years),
                households: counts(&answer.households),
                states: counts(&answer.states),
                bands: answer
                    .bands
                    .iter()
                    .map(|(band, documents)| Count {
                        value: band.as_str().to_owned(),
                        documents: *documents,
                    })
                    .collect(),
                standings: counts(&answer.standings),
                categories: counts(&answer.categories),
            },
            hits: answer.found.into_iter().map(Hit::from).collect(),
        }
    }
}
