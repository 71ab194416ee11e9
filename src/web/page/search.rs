//! 检索: how the words were understood, what was found, where it stands on the page.

mod facet;
mod renewal;
mod sample;

use askama::Template;

pub use self::facet::{Facet, FacetField, FacetValue, band};
pub use self::renewal::told;
use super::Page;
use super::frame::{Entry, Frame};
use super::part::{Ended, HouseholdRef, Picture};
use crate::model::look::{MOST_WORDS, Purpose};
use crate::search::{Asked, Sort};
use crate::web::lang::Lang;
use crate::web::{filters, keys, text};

/// The search page.
#[derive(Debug, Template)]
#[template(path = "search.html")]
pub struct Search {
    /// The frame; its `query` is what was searched.
    pub frame: Frame,
    /// What is asked.
    pub asked: Asked,
    /// What was done a moment ago, as a sentence.
    pub status: Option<String>,
    /// That the search is being renewed, as a sentence.
    pub renewal: Option<String>,
    /// What came out.
    pub outcome: Outcome,
}

/// What a search came to.
#[derive(Debug)]
pub enum Outcome {
    /// Nothing was asked.
    Blank(Blank),
    /// The words could not be understood.
    Refused(Refused),
    /// Nothing was found.
    Nothing(Nothing),
    /// Something was found.
    Found(Box<Found>),
    /// Papers that are like another one.
    Alike(Alike),
}

/// What a person can go back to.
#[derive(Debug, Default)]
pub struct Blank {
    /// The last searches, newest first.
    pub recent: Vec<Recent>,
    /// The saved searches, by name.
    pub saved: Vec<SavedRow>,
}

/// A search of before.
#[derive(Debug)]
pub struct Recent {
    /// Its words.
    pub words: String,
    /// Its address.
    pub href: String,
}

/// A saved search.
#[derive(Clone, Debug)]
pub struct SavedRow {
    /// By which it is told from others.
    pub id: String,
    /// How the person calls it.
    pub name: String,
    /// Its words, and what was chosen.
    pub about: String,
    /// Papers that came since it was last opened.
    pub news: u64,
}

/// Papers that are like another one.
#[derive(Debug)]
pub struct Alike {
    /// The paper they are like.
    pub document: u64,
    /// Its title.
    pub title: String,
    /// The words it was compared by, the rarest first.
    pub words: Vec<String>,
    /// How many there are.
    pub documents: u64,
    /// The most alike.
    pub hits: Vec<Hit>,
}

/// Words that could not be understood, cut at the place.
#[derive(Debug)]
pub struct Refused {
    /// What is wrong, as a sentence.
    pub message: String,
    /// What to do, as a sentence.
    pub hint: String,
    /// Text before the place.
    pub before: String,
    /// Text at the place; may be empty.
    pub at: String,
    /// Text after the place.
    pub after: String,
}

/// Nothing was found.
#[derive(Debug)]
pub struct Nothing {
    /// How the words were understood.
    pub read_as: ReadAs,
    /// What it was searched for before.
    pub links: Vec<Link>,
    /// What each word alone would find, in pages.
    pub alone: Vec<(String, u64)>,
    /// Pages that could not be read or were read with little confidence.
    pub unread: u64,
    /// What may help, one sentence, or empty.
    pub hint: String,
}

/// Something was found.
#[derive(Debug)]
pub struct Found {
    /// Documents in all.
    pub documents: u64,
    /// Pages in all.
    pub pages: u64,
    /// Documents that have a word only nearly.
    pub near: u64,
    /// How the words were understood.
    pub read_as: ReadAs,
    /// What it was searched for before.
    pub links: Vec<Link>,
    /// Pages in scope that could not be read.
    pub unread: u64,
    /// Ways to narrow it.
    pub facets: Vec<Facet>,
    /// The documents of this page of results.
    pub hits: Vec<Hit>,
    /// The selected document's first hit page.
    pub preview: Option<Preview>,
    /// Where the next page of results starts.
    pub after: Option<String>,
}

/// A link of a chain of searches.
#[derive(Clone, Debug)]
pub struct Link {
    /// Its words, as they were typed.
    pub words: String,
    /// How they were understood.
    pub read_as: ReadAs,
}

/// How the words were understood.
#[derive(Clone, Debug, Default)]
pub struct ReadAs {
    /// Words that must occur.
    pub all: Vec<String>,
    /// Groups of which one word must occur.
    pub any: Vec<Vec<String>>,
    /// Words that must not occur.
    pub not: Vec<String>,
    /// What is asked of single fields, as it is typed.
    pub fields: Vec<String>,
    /// How a word was taken other than as it stands, one sentence each.
    pub notes: Vec<String>,
    /// The words with one character off asked for as well; empty where that is
    /// so already, or says nothing.
    pub wider: String,
    /// Whether blanks between characters count (they do not, as a rule).
    pub literal: bool,
}

/// One document of the result.
#[derive(Debug)]
pub struct Hit {
    /// Number of the document.
    pub document: u64,
    /// Title.
    pub title: String,
    /// Its household; `None` while it waits on the intake desk.
    pub household: Option<HouseholdRef>,
    /// That nobody lives in that household any more.
    pub ended: Option<Ended>,
    /// Date, ISO, or empty.
    pub date: String,
    /// 档号 of its volume, when it is bound.
    pub reference: Option<String>,
    /// Pages with hits; the first is opened.
    pub pages: Vec<u64>,
    /// Places found on those pages.
    pub places: u64,
    /// What stands there instead of a word, or which label of the document has it, one
    /// sentence each.
    pub near: Vec<String>,
    /// Fields in which something was found, the first few.
    pub fields: Vec<FieldHit>,
    /// Text around the first hits; empty when they are in fields alone.
    pub snippet: Vec<Piece>,
    /// Picture of the first hit page with boxes.
    pub picture: Option<Picture>,
    /// Whether pages are shown only after somebody has said why they look.
    pub asks: bool,
    /// Whether it stands beside others of its household.
    pub grouped: bool,
    /// Whether it is the first of these.
    pub heads: bool,
    /// Whether it is the selected one.
    pub selected: bool,
}

/// The results, those that stand beside others of their household told as a group. Their order
/// stays.
pub fn grouped(mut hits: Vec<Hit>) -> Vec<Hit> {
    let of_one = |a: &Hit, b: &Hit| a.household.is_some() && a.household == b.household;
    for beside in hits.chunk_by_mut(of_one) {
        let is_group = beside.len() > 1;
        for (at, hit) in beside.iter_mut().enumerate() {
            (hit.grouped, hit.heads) = (is_group, is_group && at == 0);
        }
    }
    hits
}

/// A field of a form in which something was found.
#[derive(Debug)]
pub struct FieldHit {
    /// 字段 or 记载.
    pub kind: String,
    /// What the field is called.
    pub name: String,
    /// A piece of its value.
    pub value: Vec<Piece>,
}

/// A piece of a snippet.
#[derive(Debug)]
pub struct Piece {
    /// The text.
    pub text: String,
    /// Whether it is a found word.
    pub found: bool,
}

/// The page of the selected document.
#[derive(Debug)]
pub struct Preview {
    /// Number of the document.
    pub document: u64,
    /// Page, from 1.
    pub page: u64,
    /// Pages of the document.
    pub of: u64,
    /// The page with boxes; none where somebody has to say first why they look.
    pub picture: Option<Picture>,
}

impl Alike {
    /// The shared words as a query.
    fn query(&self) -> String {
        let words: Vec<String> = self.words.iter().map(|word| format!("\"{word}\"")).collect();
        words.join(" OR ")
    }
}

impl ReadAs {
    /// The words joined as a sentence says them: 「周桂兰」和「收入」.
    pub fn words(&self, lang: Lang) -> String {
        let mut words: Vec<String> = self.all.iter().map(|word| lang.quote(word)).collect();
        for group in &self.any {
            let group: Vec<String> = group.iter().map(|word| lang.quote(word)).collect();
            words.push(group.join(lang.t("或", " or ")));
        }
        words.join(lang.t("和", " and "))
    }

    /// Whether nothing is asked of a page.
    pub fn is_empty(&self) -> bool {
        let Self { all, any, not, fields, .. } = self;
        all.is_empty() && any.is_empty() && not.is_empty() && fields.is_empty()
    }

    /// Whether nothing is asked but that words occur.
    pub fn is_words_alone(&self) -> bool {
        self.fields.is_empty()
            && self.not.is_empty()
            && !(self.all.is_empty() && self.any.is_empty())
    }

    /// The words as alternatives, as a query, where there are several and nothing else.
    pub fn as_any(&self) -> Option<String> {
        let is_plain = self.any.is_empty() && self.not.is_empty() && self.fields.is_empty();
        (is_plain && self.all.len() > 1).then(|| self.all.join(" OR "))
    }

    /// Whether several words must stand on one page.
    pub fn several(&self) -> bool {
        self.all.len() + self.any.len() > 1
    }
}

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

    /// Whether a value of a facet is chosen.
    pub fn is_chosen(&self, field: &FacetField, value: &str) -> bool {
        field.chosen(&self.asked).iter().any(|one| one == value)
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

    /// The purposes of taking the list along.
    pub fn purposes(&self) -> [Purpose; 5] {
        Purpose::ALL
    }

    /// The most characters of a reason in words.
    pub fn most_words(&self) -> usize {
        MOST_WORDS
    }

    /// Whether the words themselves stand nowhere: every document has one only nearly.
    pub fn is_all_near(&self, found: &Found) -> bool {
        found.near > 0 && found.near == found.documents && !self.found_words(found).is_empty()
    }

    /// What is found, in words: `23件、41页写有「周桂兰」`.
    pub fn found_words(&self, found: &Found) -> String {
        let mut words: Vec<String> = Vec::new();
        let each =
            std::iter::once(&found.read_as).chain(found.links.iter().map(|one| &one.read_as));
        for one in each.map(|read_as| read_as.words(self.lang())).filter(|one| !one.is_empty()) {
            words.push(one);
        }
        words.join(self.t("，又写有", " and on some page "))
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

    /// The style rules of all boxes.
    pub fn rules(&self) -> String {
        let (hits, preview) = match &self.outcome {
            Outcome::Found(found) => (found.hits.as_slice(), found.preview.as_ref()),
            Outcome::Alike(alike) => (alike.hits.as_slice(), None),
            _ => return String::new(),
        };
        let pictures = hits.iter().filter_map(|hit| hit.picture.as_ref());
        let preview = preview.and_then(|preview| preview.picture.as_ref());
        pictures.chain(preview).map(Picture::rules).collect()
    }
}

super::page!(Search, Some(Entry::Search), keys::RESULTS, sample::examples);
