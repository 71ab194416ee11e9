//! Orders, parts that go on behind a document, and what stands beside one.

use yidang_indexer::{Band, Cursor, Filter, Index, Order, PageEntry, Query, Sort, Window};

use crate::harness::{fill, index_of, paper};

fn bound(document: u64, date: &str, reference: &str, place: u32) -> PageEntry {
    PageEntry {
        date: date.to_owned(),
        reference: reference.to_owned(),
        place,
        ..paper(document, "低保申请")
    }
}

fn papers() -> Vec<PageEntry> {
    vec![
        bound(1, "2024-01-01", "J-D10-1000", 1),
        bound(2, "", "J-D10-999", 2),
        bound(3, "2023-05-01", "J-D10-999", 1),
        bound(4, "2024-01-01", "J-D10-999", 0),
        bound(5, "2022-12-31", "", 0),
        bound(6, "2024-06-01", "", 0),
    ]
}

fn part(index: &Index, sort: Sort, after: Option<Cursor>, limit: usize) -> yidang_indexer::Answer {
    let order = Order { sort, after };
    let window = Window { offset: 0, limit };
    index.ask_in(Query::read("低保").unwrap(), &Filter::everything(), &window, &order).unwrap()
}

/// The whole result in parts of two, and what `meanwhile` does after the first.
fn in_parts(index: &Index, sort: Sort, meanwhile: impl FnOnce()) -> Vec<u64> {
    let first = part(index, sort, None, 2);
    let mut found: Vec<u64> = first.hits.iter().map(|hit| hit.document).collect();
    let mut next = first.next;
    meanwhile();
    while let Some(cursor) = next {
        // As it goes through an address.
        let cursor: Cursor = cursor.to_string().parse().unwrap();
        let answer = part(index, sort, Some(cursor), 2);
        assert!(!answer.hits.is_empty(), "where something follows there is something");
        found.extend(answer.hits.iter().map(|hit| hit.document));
        next = answer.next;
    }
    found
}

const ORDERS: [(Sort, [u64; 6]); 4] = [
    (Sort::Relevance, [6, 5, 4, 3, 2, 1]),
    (Sort::Newest, [6, 4, 1, 3, 5, 2]),
    (Sort::Oldest, [5, 3, 1, 4, 6, 2]),
    (Sort::Reference, [3, 2, 4, 1, 5, 6]),
];

#[test]
fn every_order_comes_whole_in_parts() {
    let index = index_of(&papers());
    for (sort, order) in ORDERS {
        assert_eq!(in_parts(&index, sort, || {}), order, "{sort:?}");
        let whole: Vec<u64> =
            part(&index, sort, None, 10).hits.iter().map(|hit| hit.document).collect();
        assert_eq!(whole, order, "{sort:?}");
        let answer = part(&index, sort, None, 6);
        assert!(answer.next.is_none(), "nothing follows");
        assert_eq!((answer.total, part(&index, sort, None, 2).total), (6, 6));
    }
}

#[test]
fn what_comes_in_between_moves_nothing() {
    for (sort, order) in ORDERS {
        let index = index_of(&papers());
        let more: Vec<PageEntry> = (10..40)
            .map(|document| PageEntry {
                text: "低保 低保 收入证明".to_owned(),
                ..bound(document, "2025-01-01", "J-D10-001", 1)
            })
            .collect();
        let found = in_parts(&index, sort, || fill(&index, &more));
        let old: Vec<u64> = found.iter().copied().filter(|document| *document < 10).collect();
        assert_eq!(old, order, "{sort:?}: each paper of before once, in order");
        let mut each = found.clone();
        each.sort_unstable();
        each.dedup();
        assert_eq!(each.len(), found.len(), "{sort:?}: none twice");
    }
}

#[test]
fn a_part_goes_on_though_its_last_document_is_gone() {
    for (sort, order) in ORDERS {
        let index = index_of(&papers());
        let gone = order[1];
        let found = in_parts(&index, sort, || {
            let mut writer = index.writer().unwrap();
            writer.remove(gone).unwrap();
            writer.commit(2).unwrap();
        });
        assert_eq!(found, order, "{sort:?}");
    }
}

#[test]
fn a_place_in_another_order_is_the_beginning() {
    let index = index_of(&papers());
    let newest = part(&index, Sort::Newest, None, 2).next;
    let answer = part(&index, Sort::Oldest, newest, 1);
    assert_eq!(answer.hits[0].document, 5);
}

#[test]
fn neighbours_are_those_of_the_order() {
    let index = index_of(&papers());
    let query = || Query::read("低保").unwrap();
    for (sort, order) in ORDERS {
        for (at, document) in order.into_iter().enumerate() {
            let beside = index.beside(query(), &Filter::everything(), sort, document).unwrap();
            let before = at.checked_sub(1).map(|at| order[at]);
            assert_eq!(beside, [before, order.get(at + 1).copied()], "{sort:?} {document}");
        }
    }
    let none = index.beside(query(), &Filter::everything(), Sort::Newest, 99).unwrap();
    assert_eq!(none, [None, None]);
    let hidden = index.beside(query(), &Filter::within("77"), Sort::Newest, 3).unwrap();
    assert_eq!(hidden, [None, None]);
}

#[test]
fn the_same_scores_hold_for_many_documents() {
    let pages: Vec<PageEntry> = (1..=500)
        .map(|document| {
            let words = ["低保", "低保低保", "低保 申请 家庭 收入"][document as usize % 3];
            paper(document, words)
        })
        .collect();
    let index = index_of(&pages);
    let mut found = in_parts(&index, Sort::Relevance, || {});
    let whole: Vec<u64> =
        part(&index, Sort::Relevance, None, 1000).hits.iter().map(|hit| hit.document).collect();
    assert_eq!(found, whole);
    found.sort_unstable();
    assert_eq!(found, (1..=500).collect::<Vec<u64>>());
}

#[test]
fn bands_are_those_of_the_confidence() {
    let sure = |document, confidence| PageEntry { confidence, ..paper(document, "低保") };
    let index = index_of(&[sure(1, 990), sure(2, 950), sure(3, 949), sure(4, 799), sure(5, 0)]);
    let facets = part(&index, Sort::Relevance, None, 1).facets;
    let bands = [(Band::High, 2), (Band::Middle, 1), (Band::Low, 1), (Band::Unread, 1)];
    assert_eq!(facets.bands, bands);
}
