//! What is asked of a search: words, what it was searched for before, what was
//! chosen, in which order. As text it is the query of an address, which is also
//! how a search is saved.

use serde::{Deserialize, Serialize};
use yidang_indexer::{Band, Cursor, Filter, Sort};

use super::{SearchError, read};
use crate::app::App;
use crate::model::access::{Actor, scope};
use crate::model::file_state::FileState;
use crate::model::rules::Rules;

/// The most links of a chain of searches.
pub const MOST_LINKS: usize = 8;
/// The most values chosen in one facet.
pub const MOST_CHOSEN: usize = 50;
/// The most bytes of a search as an address.
const MOST_BYTES: usize = 16 * 1024;

/// What is asked of a search. Empty lists narrow nothing; of each list any value
/// will do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// The words.
    #[serde(rename = "q", skip_serializing_if = "String::is_empty")]
    pub query: String,
    /// 递进检索: what else must be found in the same document.
    #[serde(rename = "in", skip_serializing_if = "Vec::is_empty")]
    pub within: Vec<String>,
    /// 件种
    #[serde(rename = "type", skip_serializing_if = "Vec::is_empty")]
    pub types: Vec<String>,
    /// Organisation codes or beginnings of codes.
    #[serde(rename = "organisation", skip_serializing_if = "Vec::is_empty")]
    pub organisations: Vec<String>,
    /// Years, such as `2026`.
    #[serde(rename = "year", skip_serializing_if = "Vec::is_empty")]
    pub years: Vec<String>,
    /// 户号
    #[serde(rename = "household", skip_serializing_if = "Vec::is_empty")]
    pub households: Vec<String>,
    /// How the household's file stands.
    #[serde(rename = "state", skip_serializing_if = "Vec::is_empty")]
    pub states: Vec<FileState>,
    /// How sure the reading is.
    #[serde(rename = "confidence", skip_serializing_if = "Vec::is_empty")]
    pub bands: Vec<Band>,
    /// 状态 of the household, by the codes of the rules.
    #[serde(rename = "standing", skip_serializing_if = "Vec::is_empty")]
    pub standings: Vec<String>,
    /// 类别 of the household, by the codes of the rules.
    #[serde(rename = "category", skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<String>,
    /// First day, `2026-01-01`, or empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub from: String,
    /// Last day, or empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub to: String,
    /// In which order.
    #[serde(skip_serializing_if = "is_usual")]
    pub sort: Sort,
}

fn is_usual(sort: &Sort) -> bool {
    *sort == Sort::default()
}

impl Asked {
    /// A search for these words and nothing else.
    #[must_use]
    pub fn of(query: &str) -> Self {
        Self { query: query.to_owned(), ..Self::default() }
    }

    /// The search that the query of an address says; what is no part of it is
    /// passed over.
    ///
    /// # Errors
    /// When a value is none of its kind, or there is too much of it.
    pub fn from_address(query: &str) -> Result<Self, SearchError> {
        if query.len() > MOST_BYTES {
            return Err(SearchError::TooMuch);
        }
        let asked: Self = serde_html_form::from_str(query)
            .map_err(|error| SearchError::Asked(error.to_string()))?;
        Ok(asked.tidy())
    }

    /// As the query of an address.
    #[must_use]
    pub fn to_address(&self) -> String {
        serde_html_form::to_string(self).unwrap_or_default()
    }

    /// The same without blanks around it and without empty values.
    fn tidy(mut self) -> Self {
        self.query = self.query.trim().to_owned();
        for list in [
            &mut self.within,
            &mut self.types,
            &mut self.organisations,
            &mut self.years,
            &mut self.households,
            &mut self.standings,
            &mut self.categories,
        ] {
            list.iter_mut().for_each(|value| *value = value.trim().to_owned());
            list.retain(|value| !value.is_empty());
        }
        self
    }

    /// Refuses a state or category that the rules do not have: it would find nothing in
    /// silence.
    ///
    /// # Errors
    /// [`SearchError::Asked`] with the code.
    pub fn check_standing(&self, rules: &Rules) -> Result<(), SearchError> {
        let unknown_state = self.standings.iter().find(|code| rules.state(code).is_none());
        let unknown = self.categories.iter().find(|code| rules.category(code).is_none());
        match unknown_state.or(unknown) {
            Some(code) => {
                let told = format!("{code:?} is no state or category of a household");
                Err(SearchError::Asked(told))
            }
            None => Ok(()),
        }
    }

    /// Whether it asks for nothing at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        Self { sort: Sort::default(), ..self.clone() } == Self::default()
    }

    /// Whether anything but the words narrows it.
    #[must_use]
    pub fn is_narrowed(&self) -> bool {
        !Self { query: String::new(), within: Vec::new(), ..self.clone() }.is_empty()
    }

    /// The words, those that were searched for before, and what was chosen, for the
    /// access log.
    #[must_use]
    pub fn told(&self) -> String {
        let mut told = self.query.clone();
        for link in &self.within {
            told.push_str(LINK);
            told.push_str(link);
        }
        told
    }

    /// What [`Asked::told`] told.
    #[must_use]
    pub fn heard(told: &str) -> Self {
        let mut parts = told.split(LINK).map(str::to_owned);
        let query = parts.next().unwrap_or_default();
        Self { query, within: parts.collect(), ..Self::default() }
    }

    /// What the index is to show of what `actor` may see.
    pub(super) async fn filter(&self, app: &App, actor: &Actor) -> Result<Filter, SearchError> {
        let places = [&self.organisations, &self.households, &self.standings, &self.categories];
        let chosen = places.into_iter().chain([&self.types, &self.years]);
        let most = chosen.map(|list| list.len()).max().unwrap_or(0);
        let most = most.max(self.states.len()).max(self.bands.len());
        if self.within.len() > MOST_LINKS || most > MOST_CHOSEN {
            return Err(SearchError::TooMuch);
        }
        let mut within = Vec::with_capacity(self.within.len());
        for link in &self.within {
            within.push(read::query(app, link).await?);
        }
        Ok(Filter {
            organisations: vec![scope(actor).prefix().to_owned()],
            within,
            households: self.households.clone(),
            types: self.types.clone(),
            years: self.years.clone(),
            below: self.organisations.clone(),
            states: self.states.iter().map(|state| state.as_str().to_owned()).collect(),
            bands: self.bands.clone(),
            standings: self.standings.clone(),
            categories: self.categories.clone(),
            date_from: self.from.clone(),
            date_to: self.to.clone(),
            ..Filter::default()
        })
    }
}

/// Stands between the links of a chain in the access log.
const LINK: &str = " ▸ ";

/// Which part of a result is wanted, in documents.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Part {
    /// How many to pass over.
    pub offset: usize,
    /// How many, at most 1000.
    pub limit: usize,
    /// Behind which document; none for the beginning.
    pub after: Option<Cursor>,
}

impl Part {
    /// The first of a result.
    #[must_use]
    pub fn first(limit: usize) -> Self {
        Self { limit, ..Self::default() }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_search_goes_through_an_address() {
        let asked = Asked {
            query: "周桂兰 -停发".into(),
            within: vec!["收入".into(), "\"壹仟\" & more".into()],
            types: vec!["A01".into(), "A08".into()],
            years: vec!["2026".into()],
            states: vec![FileState::Bound],
            bands: vec![Band::Low, Band::Unread],
            standings: vec!["receiving".into(), "phase_out".into()],
            categories: vec!["B".into()],
            from: "2026-01-01".into(),
            sort: Sort::Reference,
            ..Asked::default()
        };
        assert_eq!(Asked::from_address(&asked.to_address()).unwrap(), asked);
        assert_eq!(Asked::default().to_address(), "");
        assert_eq!(
            Asked::from_address("sel=3&q=+a+&in=&in=b&type=").unwrap(),
            Asked { query: "a".into(), within: vec!["b".into()], ..Asked::default() }
        );
    }

    #[test]
    fn what_is_no_search_is_refused() {
        for bad in ["sort=best", "state=closed", "confidence=95", "q=a&q=b"] {
            assert!(Asked::from_address(bad).is_err(), "{bad}");
        }
        assert!(Asked::from_address(&format!("q={}", "a".repeat(MOST_BYTES))).is_err());
    }

    #[test]
    fn a_chain_is_told_and_heard() {
        let asked = Asked {
            query: "周".into(),
            within: vec!["收入".into(), "工资".into()],
            ..Asked::default()
        };
        assert_eq!(asked.told(), "周 ▸ 收入 ▸ 工资");
        assert_eq!(Asked::heard(&asked.told()), asked);
        assert!(!asked.is_narrowed() && !asked.is_empty());
        assert!(Asked { years: vec!["2026".into()], ..asked }.is_narrowed());
    }
}
