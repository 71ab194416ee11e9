//! What is put into the index.

/// One page of a document with all that it is found and filtered by.
///
/// Household, organisation, type and date belong to the document:
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
    /// Organisation code; filters are prefixes of it.
    pub organisation: String,
    /// Code of the document type; empty while it is not known.
    pub type_code: String,
    /// Date of the document as `YYYY-MM-DD`, or empty.
    pub date: String,
    /// Title of the document.
    pub title: String,
    /// Text of the page, its lines joined by `\n`.
    pub text: String,
    /// Bytes handed back with a hit, never looked into.
    pub payload: Vec<u8>,
}
