//! A few words to write tests in.

use std::ops::Range;

use yidang_indexer::{Answer, Filter, Index, PageEntry, Window};

/// A one-page document with nothing but text.
pub(crate) fn paper(document: u64, text: &str) -> PageEntry {
    PageEntry { document, page: 1, text: text.to_owned(), ..PageEntry::default() }
}

/// An index in memory that holds `pages`; pages of one document follow one another.
pub(crate) fn index_of(pages: &[PageEntry]) -> Index {
    let index = Index::in_memory().unwrap();
    fill(&index, pages);
    index
}

/// Puts `pages` into the index, each document in the place of what it was.
pub(crate) fn fill(index: &Index, pages: &[PageEntry]) {
    let mut writer = index.writer().unwrap();
    for document in pages.chunk_by(|a, b| a.document == b.document) {
        writer.replace(document[0].document, document).unwrap();
    }
    writer.commit(1).unwrap();
}

/// All that `query` finds.
pub(crate) fn all(index: &Index, query: &str) -> Answer {
    index.search(query, &Filter::everything(), &Window { offset: 0, limit: 1000 }).unwrap()
}

/// The documents found, in order.
pub(crate) fn ranked(answer: &Answer) -> Vec<u64> {
    answer.hits.iter().map(|hit| hit.document).collect()
}

/// The documents found, by number.
pub(crate) fn numbers(answer: &Answer) -> Vec<u64> {
    let mut numbers = ranked(answer);
    numbers.sort_unstable();
    numbers
}

/// The characters of `text` in each range.
pub(crate) fn pieces(text: &str, ranges: &[Range<usize>]) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    ranges.iter().map(|range| chars[range.clone()].iter().collect()).collect()
}
