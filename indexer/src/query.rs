//! The query as a tree. It knows nothing of tantivy.

pub(crate) mod bounds;
pub(crate) mod field;
pub(crate) mod near;
pub(crate) mod read_as;
pub(crate) mod syntax;

use serde::Serialize;

use self::field::FieldTerm;
use self::near::Near;
use crate::normalise::Normal;

/// What a page must be like to be found. A page counts with its own text and with the title, head
/// and household number of its document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Query {
    /// Every page.
    Everything,
    /// The term occurs.
    Term(Term),
    /// What is asked of one field holds.
    Field(FieldTerm),
    /// All of these hold.
    All(Vec<Query>),
    /// At least one of these holds.
    Any(Vec<Query>),
    /// This does not hold.
    Not(Box<Query>),
}

/// A run of characters to be found, and how it is read.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Term {
    /// The run as it was typed, without quotes.
    pub text: String,
    /// It stood in quotes: never anything but an exact run.
    pub quoted: bool,
    /// It was asked with one character off as well, by a `~` behind it.
    pub wide: bool,
    /// It is the name of a person: with one character off it counts on papers of households that
    /// have the name itself, and nowhere else.
    pub name: bool,
    /// Empty when the run must occur as it is. Otherwise the run stands nowhere, and these words of
    /// it must all occur instead.
    pub words: Vec<String>,
    /// The text is a day or an amount, which counts in whatever form it is written; this is one that
    /// was not typed.
    pub value: Option<String>,
    /// Other runs that count for it, below all pages on which it stands itself.
    pub near: Vec<Near>,
    /// Where there is one, the term is the sign of this name, and its text is only for whoever
    /// typed it. It is told to nobody.
    #[serde(skip)]
    pub sign: Option<String>,
}

impl Term {
    /// The run exactly as it is.
    pub fn exact(text: impl Into<String>) -> Self {
        Term { quoted: true, ..Term::plain(text) }
    }

    /// The run, or if it stands nowhere, its words.
    pub fn plain(text: impl Into<String>) -> Self {
        Term {
            text: text.into(),
            quoted: false,
            wide: false,
            name: false,
            words: Vec::new(),
            value: None,
            near: Vec::new(),
            sign: None,
        }
    }
}

impl Term {
    /// Whether a label of a document, such as its title, has the term: as a run, as all of its words,
    /// or as a run that counts for it.
    pub fn stands_in(&self, label: &str) -> bool {
        let label = Normal::of(label);
        let has = |text: &String| label.find(&Normal::of(text).chars).next().is_some();
        let has_words = || !self.words.is_empty() && self.words.iter().all(has);
        let has_near = || self.near.iter().any(|near| has(&near.text));
        self.sign.is_none() && (has(&self.text) || has_words() || has_near())
    }

    /// The sign of this name, typed as `text`.
    pub fn signed(text: impl Into<String>, name: impl Into<String>) -> Self {
        Term { sign: Some(name.into()), ..Term::plain(text) }
    }
}

impl Query {
    /// The query that a person typed; see [`Index::search`](crate::Index::search).
    ///
    /// # Errors
    /// [`Error::Syntax`](crate::Error::Syntax) with the place when it cannot be read.
    pub fn read(text: &str) -> Result<Self, crate::Error> {
        Self::read_with(text, &|_| false)
    }

    /// As [`read`](Self::read), where fields of forms can be asked for as well: `is_keyed` says
    /// whether one has a name.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn read_with(text: &str, is_keyed: &dyn Fn(&str) -> bool) -> Result<Self, crate::Error> {
        Ok(syntax::parse(text, is_keyed)?)
    }

    /// The same query with every term replaced by what `change` makes of it.
    #[must_use]
    pub fn replaced(self, change: &mut impl FnMut(Term) -> Query) -> Self {
        let mut each = |parts: Vec<Query>| -> Vec<Query> {
            parts.into_iter().map(|part| part.replaced(change)).collect()
        };
        match self {
            Query::Everything => Query::Everything,
            Query::All(parts) => Query::all(each(parts)),
            Query::Any(parts) => Query::any(each(parts)),
            Query::Not(part) => Query::negated(part.replaced(change)),
            Query::Term(term) => change(term),
            Query::Field(asked) => Query::Field(asked),
        }
    }

    /// The same query with every field replaced by what `change` makes of it.
    #[must_use]
    pub fn with_fields(self, change: &mut impl FnMut(FieldTerm) -> Query) -> Self {
        let mut each = |parts: Vec<Query>| -> Vec<Query> {
            parts.into_iter().map(|part| part.with_fields(change)).collect()
        };
        match self {
            Query::All(parts) => Query::all(each(parts)),
            Query::Any(parts) => Query::any(each(parts)),
            Query::Not(part) => Query::negated(part.with_fields(change)),
            Query::Field(asked) => change(asked),
            other => other,
        }
    }

    /// All of `parts`, as flat as it can be said.
    pub fn all(parts: Vec<Query>) -> Self {
        let mut flat = Vec::new();
        for part in parts {
            match part {
                Query::All(inner) => flat.extend(inner),
                Query::Everything => {}
                other => flat.push(other),
            }
        }
        match flat.len() {
            0 => Query::Everything,
            1 => flat.remove(0),
            _ => Query::All(flat),
        }
    }

    /// One of `parts` at least, as flat as it can be said. `parts` is not empty.
    pub fn any(parts: Vec<Query>) -> Self {
        let mut flat = Vec::new();
        for part in parts {
            match part {
                Query::Any(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        match flat.len() {
            1 => flat.remove(0),
            _ => Query::Any(flat),
        }
    }

    /// The opposite of `part`.
    pub fn negated(part: Query) -> Self {
        match part {
            Query::Not(inner) => *inner,
            other => Query::Not(Box::new(other)),
        }
    }

    /// The terms that speak for a page, in order: those under no, or an even number of, negations.
    pub fn positive_terms(&self) -> Vec<&Term> {
        let mut terms = Vec::new();
        self.gather(true, &mut terms);
        terms
    }

    fn gather<'a>(&'a self, positive: bool, terms: &mut Vec<&'a Term>) {
        match self {
            Query::Everything | Query::Field(_) => {}
            Query::Term(term) if positive => terms.push(term),
            Query::Term(_) => {}
            Query::All(parts) | Query::Any(parts) => {
                parts.iter().for_each(|part| part.gather(positive, terms));
            }
            Query::Not(part) => part.gather(!positive, terms),
        }
    }

    /// The same query with every positive term and field replaced by what `change` makes of it.
    pub(crate) fn try_map_positive<E>(
        self,
        change: &mut impl FnMut(Query) -> Result<Query, E>,
    ) -> Result<Query, E> {
        self.map_leaves(true, change)
    }

    fn map_leaves<E>(
        self,
        positive: bool,
        change: &mut impl FnMut(Query) -> Result<Query, E>,
    ) -> Result<Query, E> {
        let mut each = |parts: Vec<Query>| -> Result<Vec<Query>, E> {
            parts.into_iter().map(|part| part.map_leaves(positive, change)).collect()
        };
        Ok(match self {
            Query::All(parts) => Query::All(each(parts)?),
            Query::Any(parts) => Query::Any(each(parts)?),
            Query::Not(part) => Query::Not(Box::new(part.map_leaves(!positive, change)?)),
            leaf @ (Query::Term(_) | Query::Field(_)) if positive => change(leaf)?,
            other => other,
        })
    }
}
