//! How a query was read, to be told to whoever typed it.

use std::fmt;

use serde::Serialize;

use super::field::FieldTerm;
use crate::{Query, Term};

/// The reading of a query: every list must hold at once. All empty means every page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ReadAs {
    /// Terms that must occur. A term with [`words`](Term::words) stands nowhere as a run; its words
    /// must occur instead.
    pub must: Vec<Term>,
    /// What is asked of single fields.
    pub fields: Vec<FieldTerm>,
    /// Of each group at least one reading must hold.
    pub any_of: Vec<Vec<ReadAs>>,
    /// None of these readings may hold.
    pub must_not: Vec<ReadAs>,
}

impl ReadAs {
    /// The reading of `query`.
    pub fn of(query: &Query) -> Self {
        let mut read = ReadAs::default();
        match query {
            Query::All(parts) => parts.iter().for_each(|part| read.add(part)),
            part => read.add(part),
        }
        read
    }

    /// The term, when the reading is that one term must occur and nothing else.
    pub fn as_term(&self) -> Option<&Term> {
        match self.must.as_slice() {
            [term]
                if self.any_of.is_empty() && self.must_not.is_empty() && self.fields.is_empty() =>
            {
                Some(term)
            }
            _ => None,
        }
    }

    /// Every term that speaks for a page, in groups too.
    pub fn terms(&self) -> Vec<&Term> {
        let inside = self.any_of.iter().flatten().flat_map(ReadAs::terms);
        self.must.iter().chain(inside).collect()
    }

    /// All that is asked of single fields and speaks for a page, in groups too.
    pub fn asked(&self) -> Vec<&FieldTerm> {
        let inside = self.any_of.iter().flatten().flat_map(ReadAs::asked);
        self.fields.iter().chain(inside).collect()
    }

    fn add(&mut self, part: &Query) {
        match part {
            Query::Everything => {}
            Query::Term(term) => self.must.push(term.clone()),
            Query::Field(asked) => self.fields.push(asked.clone()),
            Query::All(_) => self.any_of.push(vec![ReadAs::of(part)]),
            Query::Any(parts) => self.any_of.push(parts.iter().map(ReadAs::of).collect()),
            Query::Not(inner) => match inner.as_ref() {
                Query::Any(parts) => self.must_not.extend(parts.iter().map(ReadAs::of)),
                other => self.must_not.push(ReadAs::of(other)),
            },
        }
    }

    /// Writes the reading, in parentheses when it has several parts.
    fn write_inner(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = self.must.len() + self.fields.len() + self.any_of.len() + self.must_not.len();
        if parts > 1 { write!(f, "({self})") } else { write!(f, "{self}") }
    }
}

/// One English sentence part, of which the operators can be typed again:
/// `王小明 AND (申请 OR “审 批”) AND NOT 李四`.
impl fmt::Display for ReadAs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut between = "";
        let mut next = |f: &mut fmt::Formatter<'_>| {
            let written = f.write_str(between);
            between = " AND ";
            written
        };
        for term in &self.must {
            next(f)?;
            write!(f, "{term}")?;
        }
        for asked in &self.fields {
            next(f)?;
            write!(f, "{asked}")?;
        }
        for group in &self.any_of {
            next(f)?;
            f.write_str("(")?;
            for (at, reading) in group.iter().enumerate() {
                f.write_str(if at == 0 { "" } else { " OR " })?;
                reading.write_inner(f)?;
            }
            f.write_str(")")?;
        }
        for reading in &self.must_not {
            next(f)?;
            f.write_str("NOT ")?;
            reading.write_inner(f)?;
        }
        if between.is_empty() { f.write_str("everything") } else { Ok(()) }
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.quoted, self.words.as_slice()) {
            (true, _) => write!(f, "“{}”", self.text)?,
            (false, []) => f.write_str(&self.text)?,
            (false, words) => {
                write!(f, "{} (nowhere in one run, so: {})", self.text, words.join(" AND "))?;
            }
        }
        if let Some(value) = &self.value {
            write!(f, " (also as {value})")?;
        }
        for (at, near) in self.near.iter().enumerate() {
            write!(f, "{}{near}", if at == 0 { " (or near: " } else { ", " })?;
        }
        f.write_str(if self.near.is_empty() { "" } else { ")" })
    }
}
