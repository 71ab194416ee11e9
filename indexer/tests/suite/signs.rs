//! What is covered on a page is found by its sign alone.

use std::ops::Range;

use yidang_indexer::{Filter, Index, PageEntry, Query, Sign, Term, Window};

use crate::harness::{all, fill, numbers};

fn covered() -> Index {
    let index = Index::in_memory().unwrap();
    let page = |document, text: &str, signs: Vec<Sign>| PageEntry {
        document,
        page: 1,
        text: text.into(),
        signs,
        ..PageEntry::default()
    };
    let sign = |name: &str, place| Sign { name: name.into(), place };
    let one = page(1, "证1101****002X，1101****002X", vec![sign("甲", 1..13), sign("乙", 14..26)]);
    let other = page(2, "证1101****0021", vec![sign("丙", 1..13), sign("丁", 9..99)]);
    fill(&index, &[one, other]);
    index
}

fn asked(index: &Index, query: Query) -> Vec<u64> {
    numbers(&index.ask(query, &Filter::everything(), &Window::default()).unwrap())
}

fn spans(ranges: &[Range<usize>]) -> Vec<(usize, usize)> {
    ranges.iter().map(|range| (range.start, range.end)).collect()
}

fn sign(name: &str) -> Query {
    Query::Term(Term::signed("110105194912310021", name))
}

#[test]
fn a_sign_finds_its_page_and_is_marked_where_it_stands() {
    let index = covered();
    for (name, found) in [("甲", vec![1]), ("乙", vec![1]), ("丙", vec![2]), ("戊", vec![])] {
        assert_eq!(asked(&index, sign(name)), found, "{name}");
    }
    let hit = index.ask(sign("乙"), &Filter::everything(), &Window::default()).unwrap();
    assert_eq!(spans(&hit.hits[0].pages[0].matches), [(14, 26)]);
    assert_eq!(spans(&hit.hits[0].pages[0].snippet.marks), [(14, 26)]);
    let pages = index.pages_of(sign("甲"), &Filter::everything(), 1).unwrap();
    assert_eq!(spans(&pages[0].matches), [(1, 13)]);
    // A place that is not on the page is not marked.
    assert!(index.pages_of(sign("丁"), &Filter::everything(), 2).unwrap()[0].matches.is_empty());
}

#[test]
fn signs_are_terms_like_others() {
    let index = covered();
    let term = |text: &str| Query::Term(Term::plain(text));
    assert_eq!(asked(&index, Query::all(vec![sign("甲"), term("002X")])), [1]);
    assert_eq!(asked(&index, Query::all(vec![sign("甲"), term("0021")])), [0; 0]);
    assert_eq!(asked(&index, Query::all(vec![term("证"), Query::negated(sign("甲"))])), [2]);
    assert_eq!(asked(&index, Query::any(vec![sign("甲"), sign("丙")])).len(), 2);
}

#[test]
fn a_sign_is_found_by_nothing_that_can_be_typed_and_told_to_nobody() {
    let index = covered();
    assert_eq!(all(&index, "甲").total, 0);
    assert_eq!(all(&index, "110105194912310021").total, 0);
    let answer = index.ask(sign("甲"), &Filter::everything(), &Window::default()).unwrap();
    assert_eq!(answer.read_as.to_string(), "110105194912310021");
}
