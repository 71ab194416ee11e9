//! Filters bind hits, totals and counts, and leave the ranking alone.

use yidang_indexer::{Error, Filter, Index, PageEntry, Window};

use crate::harness::{index_of, numbers, paper, ranked};

const STREET: &str = "990102003000";

fn filed(
    document: u64,
    household: &str,
    organisation: &str,
    type_code: &str,
    date: &str,
) -> PageEntry {
    PageEntry {
        household: household.to_owned(),
        organisation: organisation.to_owned(),
        type_code: type_code.to_owned(),
        date: date.to_owned(),
        ..paper(document, "低保申请")
    }
}

/// Five documents; the third has two pages.
fn index() -> Index {
    index_of(&[
        filed(1, "H1", "990102003004", "A01", "2023-12-31"),
        filed(2, "H1", "990102003004", "A02", "2024-01-01"),
        filed(3, "H2", "990102003005", "A01", "2024-06-30"),
        PageEntry { page: 2, ..filed(3, "H2", "990102003005", "A01", "2024-06-30") },
        filed(4, "H3", "990102004001", "A01", ""),
        filed(5, "", "", "", "2024-02-02"),
    ])
}

fn found(filter: &Filter) -> Vec<u64> {
    let answer = index().search("低保", filter, &Window::default()).unwrap();
    assert_eq!(answer.total as usize, answer.hits.len());
    assert_eq!(
        answer.total_pages as usize,
        answer.hits.iter().map(|hit| hit.page_count).sum::<usize>()
    );
    // What was chosen among the types does not narrow their own counts.
    if filter.types.is_empty() {
        let types: u64 = answer.facets.types.iter().map(|(_, count)| count).sum();
        let untyped = u64::from(numbers(&answer).contains(&5));
        assert_eq!(types + untyped, answer.total, "counts obey the filter");
    }
    numbers(&answer)
}

fn some(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

#[test]
fn without_a_right_nothing_is_seen() {
    assert_eq!(found(&Filter::default()), [0; 0]);
    assert_eq!(found(&Filter::within("")), [0; 0], "an empty code is not every code");
    assert_eq!(found(&Filter::everything()), [1, 2, 3, 4, 5]);
    let both = Filter { everything: true, ..Filter::within(STREET.trim_end_matches('0')) };
    assert_eq!(found(&both), [1, 2, 3], "a prefix narrows whatever else is said");
}

#[test]
fn organisations_are_prefixes() {
    assert_eq!(found(&Filter::within("990102003")), [1, 2, 3]);
    assert_eq!(found(&Filter::within("990102003004")), [1, 2]);
    assert_eq!(found(&Filter::within("9901020030049")), [0; 0]);
    let two = Filter { organisations: some(&["990102003005", "990102004"]), ..Filter::default() };
    assert_eq!(found(&two), [3, 4]);
}

#[test]
fn households_types_and_dates() {
    let all = Filter::everything;
    assert_eq!(found(&Filter { households: some(&["H1", "H3"]), ..all() }), [1, 2, 4]);
    assert_eq!(found(&Filter { households: some(&["H9"]), ..all() }), [0; 0]);
    assert_eq!(found(&Filter { types: some(&["A01"]), ..all() }), [1, 3, 4]);
    assert_eq!(found(&Filter { date_from: "2024-01-01".into(), ..all() }), [2, 3, 5]);
    assert_eq!(found(&Filter { date_to: "2024-01-01".into(), ..all() }), [1, 2]);
    let span = Filter { date_from: "2024-01-01".into(), date_to: "2024-06-29".into(), ..all() };
    assert_eq!(found(&span), [2, 5]);
    let together =
        Filter { types: some(&["A01"]), households: some(&["H1"]), ..Filter::within("99") };
    assert_eq!(found(&together), [1]);
}

#[test]
fn a_malformed_date_is_refused() {
    let filter = Filter { date_from: "2024".into(), ..Filter::everything() };
    let error = index().search("低保", &filter, &Window::default()).unwrap_err();
    assert!(matches!(error, Error::Date(date) if date == "2024"));
    let index = Index::in_memory().unwrap();
    let mut writer = index.writer().unwrap();
    let page = PageEntry { date: "1.5.2024".into(), ..paper(1, "低保") };
    assert!(matches!(writer.replace(1, &[page]), Err(Error::Date(_))));
}

#[test]
fn facets_count_documents_and_not_pages() {
    let facets = index().search("低保", &Filter::everything(), &Window::default()).unwrap().facets;
    let pairs = |list: &[(&str, u64)]| -> Vec<(String, u64)> {
        list.iter().map(|&(name, count)| (name.to_owned(), count)).collect()
    };
    assert_eq!(facets.types, pairs(&[("A01", 3), ("A02", 1)]));
    assert_eq!(facets.years, pairs(&[("2024", 3), ("2023", 1)]));
    assert_eq!(facets.households, pairs(&[("H1", 2), ("H2", 1), ("H3", 1)]));
    assert_eq!(
        facets.organisations,
        pairs(&[("990102003004", 2), ("990102003005", 1), ("990102004001", 1)])
    );
}

#[test]
fn a_filter_does_not_change_scores() {
    let index = index();
    let scores = |filter: &Filter| -> Vec<(u64, f32)> {
        let answer = index.search("低保", filter, &Window::default()).unwrap();
        answer.hits.iter().map(|hit| (hit.document, hit.score)).collect()
    };
    let all = scores(&Filter::everything());
    let part = scores(&Filter::within("990102003"));
    let kept: Vec<_> = all.into_iter().filter(|(document, _)| *document <= 3).collect();
    assert_eq!(part, kept);
}

#[test]
fn a_query_of_nothing_lists_what_the_filter_shows() {
    let answer = index().search(" ", &Filter::within("990102003"), &Window::default()).unwrap();
    assert_eq!(ranked(&answer), [3, 2, 1], "the newest first");
    assert_eq!(answer.read_as.to_string(), "everything");
    assert_eq!(answer.hits[0].pages[0].snippet.text, "低保申请");
}

#[test]
fn whether_a_run_stands_nowhere_is_asked_within_the_filter() {
    let mut secret = filed(1, "H1", "990102004001", "A01", "");
    secret.text = "低保金停发".to_owned();
    let mut open = filed(2, "H2", "990102003004", "A01", "");
    open.text = "停发低保金".to_owned();
    let index = index_of(&[secret, open]);
    let answer =
        index.search("低保金停发", &Filter::within("990102003"), &Window::default()).unwrap();
    assert_eq!(ranked(&answer), [2]);
    assert!(!answer.read_as.must[0].words.is_empty());
}

#[test]
fn how_the_household_stands_is_chosen_and_counted() {
    let of = |document, household: &str, standing: &str, category: &str| PageEntry {
        standing: standing.to_owned(),
        category: category.to_owned(),
        ..filed(document, household, "990102003004", "A01", "2024-01-01")
    };
    let second = PageEntry { page: 2, ..of(2, "H1", "receiving", "B") };
    let index = index_of(&[
        of(1, "H1", "receiving", "B"),
        of(2, "H1", "receiving", "B"),
        second,
        of(3, "H2", "receiving", "A"),
        of(4, "H3", "stopped", "B"),
        paper(5, "低保"),
    ]);
    let pairs = |list: &[(&str, u64)]| -> Vec<(String, u64)> {
        list.iter().map(|&(name, count)| (name.to_owned(), count)).collect()
    };
    let ask = |filter: &Filter| index.search("低保", filter, &Window::default()).unwrap();
    let all = ask(&Filter::everything());
    assert_eq!(all.facets.standings, pairs(&[("receiving", 3), ("stopped", 1)]));
    assert_eq!(all.facets.categories, pairs(&[("B", 3), ("A", 1)]));
    // A choice narrows the other list and not its own.
    let receiving = Filter { standings: some(&["receiving"]), ..Filter::everything() };
    let found = ask(&receiving);
    assert_eq!(numbers(&found), [1, 2, 3]);
    assert_eq!(found.facets.standings, all.facets.standings);
    assert_eq!(found.facets.categories, pairs(&[("B", 2), ("A", 1)]));
    let both = Filter { categories: some(&["B"]), ..receiving };
    assert_eq!(numbers(&ask(&both)), [1, 2]);
    let either = Filter { standings: some(&["receiving", "stopped"]), ..Filter::everything() };
    assert_eq!(numbers(&ask(&either)), [1, 2, 3, 4], "a paper of nobody stands in no way");
    let unknown = Filter { standings: some(&["refused"]), ..Filter::everything() };
    assert_eq!(ask(&unknown).total, 0);
}
