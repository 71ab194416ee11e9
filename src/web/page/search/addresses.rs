//! The addresses of a search: narrowed, widened, ordered, gone on with, and of what it found.

use super::super::Page;
use super::{FacetField, Hit, Outcome, ReadAs, Search};
use crate::search::{Asked, Sort};
use crate::web::lang::Lang;
use crate::web::text;

impl Search {
    /// Address of a search, at a document and from a place on.
    fn address(asked: &Asked, sel: &str, after: &str) -> String {
        let rest = text::address("", &[("sel", sel), ("after", after)]);
        match (asked.to_address().as_str(), rest.strip_prefix('?')) {
            ("", None) => "/search".to_owned(),
            ("", Some(rest)) => format!("/search?{rest}"),
            (asked, None) => format!("/search?{asked}"),
            (asked, Some(rest)) => format!("/search?{asked}&{rest}"),
        }
    }

    /// Address that chooses a value of a facet, or lifts it when it is chosen.
    pub fn narrowed(&self, field: &FacetField, value: &str) -> String {
        Self::address(&field.turned(&self.asked, value), "", "")
    }

    /// Address that lifts every choice and keeps the words.
    pub fn everything(&self) -> String {
        let within = self.asked.within.clone();
        Self::address(&Asked { within, ..Asked::of(&self.asked.query) }, "", "")
    }

    /// Address without a link of the chain, from 0.
    pub fn without(&self, at: &usize) -> String {
        let mut asked = self.asked.clone();
        if *at < asked.within.len() {
            asked.within.remove(*at);
        }
        Self::address(&asked, "", "")
    }

    /// The orders, each with its name and address.
    pub fn orders(&self) -> Vec<(bool, &'static str, String)> {
        let order = |sort, zh, en| {
            let asked = Asked { sort, ..self.asked.clone() };
            let name = if self.lang() == Lang::Zh { zh } else { en };
            (self.asked.sort == sort, name, Self::address(&asked, "", ""))
        };
        vec![
            order(Sort::Relevance, "最相关", "Best"),
            order(Sort::Newest, "新的在前", "Newest"),
            order(Sort::Oldest, "旧的在前", "Oldest"),
            order(Sort::Reference, "按档号", "By code"),
        ]
    }

    /// Address that selects a document of the result.
    pub fn selecting(&self, document: &u64) -> String {
        Self::address(&self.asked, &document.to_string(), "")
    }

    /// Address of the next page of results.
    pub fn more(&self, after: &str) -> String {
        Self::address(&self.asked, "", after)
    }

    /// Other readings one click away, each with its address and name: several words as
    /// alternatives, one character off as well.
    pub fn again(&self, read_as: &ReadAs) -> Vec<(String, &'static str)> {
        let any = read_as
            .as_any()
            .map(|query| (self.alone(&query), self.lang().t("改成任一即可", "Match any")));
        let wider = (!read_as.wider.is_empty()).then(|| {
            let asked = Asked { query: read_as.wider.clone(), ..self.asked.clone() };
            let name = self.lang().t("差一个字的也查", "One character off, too");
            (Self::address(&asked, "", ""), name)
        });
        any.into_iter().chain(wider).collect()
    }

    /// Address that searches one word alone.
    pub fn alone(&self, word: &str) -> String {
        text::address("/search", &[("q", word)])
    }

    /// The fields of a form that goes on with this search.
    pub fn fields(&self) -> Vec<(String, String)> {
        serde_html_form::from_str(&self.asked.to_address()).unwrap_or_default()
    }

    /// The search as one field of a form.
    pub fn whole(&self) -> String {
        self.asked.to_address()
    }

    /// Address of a document at its first hit.
    pub fn opening(&self, hit: &Hit) -> String {
        self.opening_at(&hit.document, &hit.pages.first().copied().unwrap_or(1))
    }

    /// Address of a document at a page.
    pub fn opening_at(&self, document: &u64, page: &u64) -> String {
        let page = page.to_string();
        let asked = match &self.outcome {
            // The shared words are marked there too.
            Outcome::Alike(alike) => Asked::of(&alike.query()),
            _ => self.asked.clone(),
        };
        let address = text::address(&format!("/doc/{document}"), &[("p", &page), ("hit", "1")]);
        match asked.to_address().as_str() {
            "" => address,
            asked => format!("{address}&{asked}"),
        }
    }

    /// Address of papers that are like one.
    pub fn alike(&self, document: &u64) -> String {
        format!("/doc/{document}/alike")
    }
}
