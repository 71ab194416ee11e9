//! What is put into the index.

use std::ops::Range;

use crate::KeyedValue;

/// One page of a document with all that it is found and filtered by.
///
/// Household, states, category, organisation, type, date, reference code and confidence belong to the document:
/// [`Writer::replace`](crate::Writer::replace) takes them from the first page it is given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageEntry {
    /// The document the page belongs to.
    pub document: u64,
    /// Page number within the document, from 1.
    pub page: u32,
    /// Household number; empty while the document is not filed.
    pub household: String,
    /// Name of the head of the household.
    pub head: String,
    /// Names of the persons of the household, its head among them: they are found by their sound.
    pub names: Vec<String>,
    /// Organisation code; filters are prefixes of it.
    pub organisation: String,
    /// Code of the document type; empty while it is not known.
    pub type_code: String,
    /// Date of the document as `YYYY-MM-DD`, or empty.
    pub date: String,
    /// Title of the document.
    pub title: String,
    /// Code of the state of the household's file; empty while the document is not filed.
    pub state: String,
    /// Code of how the household stands; empty while the document is not filed.
    pub standing: String,
    /// Code of the category of the household, or empty.
    pub category: String,
    /// Reference code of the volume the document is bound in, or empty.
    pub reference: String,
    /// Its place in that volume, from 1; 0 while it is not bound.
    pub place: u32,
    /// How sure the reading of the document is, in per mille; 0 while nothing was read.
    pub confidence: u16,
    /// Text of the page, its lines joined by `\n`.
    pub text: String,
    /// What stands in the text and is found by a sign alone.
    pub signs: Vec<Sign>,
    /// What the recogniser also thought of: number of the character in the text, from 0, and what
    /// may stand there instead.
    pub alternatives: Vec<(usize, char)>,
    /// What people keyed from it.
    pub keyed: Vec<KeyedValue>,
    /// Bytes handed back with a hit, never looked into.
    pub payload: Vec<u8>,
}

/// A stretch of a page's text that is found by a name which the text does not tell, such as a
/// number that is covered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sign {
    /// The name, without blanks and line ends.
    pub name: String,
    /// Where it stands in the text, in characters.
    pub place: Range<usize>,
}

impl Sign {
    /// Signs as they are kept beside a page.
    pub(crate) fn to_text(signs: &[Self]) -> String {
        let line = |Self { name, place }: &Self| format!("{name} {} {}\n", place.start, place.end);
        signs.iter().map(line).collect()
    }

    /// The places of the sign of that name in what [`Sign::to_text`] made.
    pub(crate) fn places<'t>(
        text: &'t str,
        name: &'t str,
    ) -> impl Iterator<Item = Range<usize>> + 't {
        let place = move |line: &str| {
            let mut parts = line.split(' ');
            let found = parts.next() == Some(name);
            let (start, end) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
            found.then_some(start..end)
        };
        text.lines().filter_map(place)
    }
}
