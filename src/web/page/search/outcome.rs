//! What a search came to.

use super::{Facet, Hit, Preview, ReadAs};

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

impl Alike {
    /// The shared words as a query.
    pub(super) fn query(&self) -> String {
        let words: Vec<String> = self.words.iter().map(|word| format!("\"{word}\"")).collect();
        words.join(" OR ")
    }
}
