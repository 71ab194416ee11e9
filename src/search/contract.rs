//! The answer to a query as scripts get it, from the command line and from the
//! API: one shape that does not change.

use serde::Serialize;
use utoipa::ToSchema;

use super::{Answer, Found};

/// The answer to a query.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Contract {
    /// How many documents were found.
    pub total: u64,
    /// On how many pages.
    pub total_pages: u64,
    /// How the query was read, as one English sentence part.
    pub read_as: String,
    /// The documents of the window, the best first.
    pub hits: Vec<Hit>,
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
            read_as: answer.read_as.to_string(),
            hits: answer.found.into_iter().map(Hit::from).collect(),
        }
    }
}
