//! Searching within what was found, choosing in facets, and more like this.

use yidang_indexer::{Band, Filter, Index, PageEntry, Query, Window};

use crate::harness::{all, index_of, numbers, paper, pieces};

fn page(document: u64, page: u32, text: &str) -> PageEntry {
    PageEntry { page, ..paper(document, text) }
}

fn chain(index: &Index, query: &str, links: &[&str]) -> yidang_indexer::Answer {
    let within = links.iter().map(|link| Query::read(link).unwrap()).collect();
    let filter = Filter { within, ..Filter::everything() };
    index.ask(Query::read(query).unwrap(), &filter, &Window::default()).unwrap()
}

fn papers() -> Index {
    index_of(&[
        page(1, 1, "户主周桂兰"),
        page(1, 2, "家庭月收入"),
        page(2, 1, "户主周桂兰 停发通知"),
        page(2, 2, "工资收入"),
        page(3, 1, "户主周桂兰"),
        page(4, 1, "家庭月收入"),
    ])
}

#[test]
fn a_link_may_stand_on_another_page_of_the_document() {
    let index = papers();
    assert_eq!(numbers(&all(&index, "周桂兰 收入")), [0; 0], "on one page no");
    let found = chain(&index, "周桂兰", &["收入"]);
    assert_eq!(numbers(&found), [1, 2]);
    assert_eq!((found.total, found.total_pages), (2, 4), "the pages of every link are hits");
    let first = found.hits.iter().find(|hit| hit.document == 1).unwrap();
    let marked: Vec<String> = first
        .pages
        .iter()
        .flat_map(|page| pieces(&page.snippet.text, &page.snippet.marks))
        .collect();
    assert_eq!(marked, ["周桂兰", "收入"], "every hit of every link is marked");
    assert_eq!(found.within[0].to_string(), "收入");
    assert_eq!(numbers(&chain(&index, "周桂兰", &["收入", "工资"])), [2]);
    assert_eq!(numbers(&chain(&index, "周桂兰", &["收入", "残疾"])), [0; 0]);
}

#[test]
fn what_a_link_excludes_is_on_no_page_of_the_document() {
    let index = papers();
    assert_eq!(numbers(&chain(&index, "收入", &["-停发"])), [1, 4]);
    assert_eq!(numbers(&chain(&index, "周桂兰", &["-停发 -工资"])), [1, 3]);
    let found = chain(&index, "周桂兰", &["-停发"]);
    assert_eq!((numbers(&found), found.total_pages), (vec![1, 3], 2));
}

#[test]
fn stepping_through_one_document_shows_the_hits_of_every_link() {
    let index = papers();
    let within = vec![Query::read("收入").unwrap()];
    let filter = Filter { within, ..Filter::everything() };
    let pages = index.pages("周桂兰", &filter, 1).unwrap();
    assert_eq!(pages.iter().map(|page| page.page).collect::<Vec<_>>(), [1, 2]);
    assert!(pages.iter().all(|page| !page.matches.is_empty()));
    assert!(index.pages("周桂兰", &filter, 3).unwrap().is_empty());
}

fn some(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

fn filed(document: u64, type_code: &str, year: &str, state: &str, organisation: &str) -> PageEntry {
    PageEntry {
        type_code: type_code.to_owned(),
        date: format!("{year}-05-01"),
        state: state.to_owned(),
        organisation: organisation.to_owned(),
        confidence: 900 + document as u16 * 20,
        ..paper(document, "低保")
    }
}

#[test]
fn a_facet_counts_what_else_could_be_chosen() {
    let index = index_of(&[
        filed(1, "A01", "2024", "bound", "990102003001"),
        filed(2, "A02", "2024", "open", "990102003002"),
        filed(3, "A02", "2025", "bound", "990102004001"),
        filed(4, "A03", "2025", "bound", "990102003001"),
    ]);
    let ask = |filter: Filter| index.search("低保", &filter, &Window::default()).unwrap();
    let pairs = |list: &[(&str, u64)]| -> Vec<(String, u64)> {
        list.iter().map(|&(name, count)| (name.to_owned(), count)).collect()
    };
    let two = ask(Filter { types: some(&["A01", "A02"]), ..Filter::everything() });
    assert_eq!(numbers(&two), [1, 2, 3], "any of the chosen ones");
    assert_eq!(two.total, 3);
    assert_eq!(two.facets.types, pairs(&[("A02", 2), ("A01", 1), ("A03", 1)]));
    assert_eq!(two.facets.years, pairs(&[("2025", 1), ("2024", 2)]), "others are narrowed");
    assert_eq!(two.facets.states, pairs(&[("bound", 2), ("open", 1)]));

    let both = Filter { types: some(&["A02"]), years: some(&["2024"]), ..Filter::everything() };
    let both = ask(both);
    assert_eq!(numbers(&both), [2]);
    assert_eq!(both.facets.types, pairs(&[("A01", 1), ("A02", 1)]));
    assert_eq!(both.facets.years, pairs(&[("2025", 1), ("2024", 1)]));
    assert_eq!(both.facets.states, pairs(&[("open", 1)]));

    // What may not be seen is counted nowhere, chosen or not.
    let street = Filter { types: some(&["A01"]), ..Filter::within("990102003") };
    let street = ask(street);
    assert_eq!(street.facets.types, pairs(&[("A01", 1), ("A02", 1), ("A03", 1)]));
    let beyond = Filter { below: some(&["990102004"]), ..Filter::within("990102003") };
    let beyond = ask(beyond);
    assert_eq!((beyond.total, beyond.facets.types.len()), (0, 0));
    assert_eq!(beyond.facets.organisations, pairs(&[("990102003001", 2), ("990102003002", 1)]));

    let sure = ask(Filter { bands: vec![Band::High], ..Filter::everything() });
    assert_eq!(numbers(&sure), [3, 4]);
    assert_eq!(sure.facets.bands, [(Band::High, 2), (Band::Middle, 2)]);
    let newer = ask(Filter { newer_than: 2, ..Filter::everything() });
    assert_eq!(numbers(&newer), [3, 4]);
    let query = Query::read("低保").unwrap();
    let count = Filter { newer_than: 2, states: some(&["bound"]), ..Filter::everything() };
    assert_eq!(index.count(query, &count).unwrap(), 2);
}

#[test]
fn papers_that_share_rare_words_are_alike() {
    let mut pages: Vec<PageEntry> =
        (10..60).map(|document| paper(document, "家庭收入证明 单位盖章")).collect();
    pages.extend([
        paper(1, "陈晓梅在青石县保洁公司工作 家庭收入证明"),
        paper(2, "青石县保洁公司出具 陈晓梅"),
        paper(3, "保洁公司名册"),
        PageEntry {
            organisation: "990102004001".to_owned(),
            ..paper(4, "青石县保洁公司 陈晓梅 名单")
        },
    ]);
    for page in &mut pages {
        if page.organisation.is_empty() {
            page.organisation = "990102003001".to_owned();
        }
    }
    let index = index_of(&pages);
    let alike = index.alike(1, &Filter::everything(), 10).unwrap();
    let found: Vec<u64> = alike.hits.iter().map(|hit| hit.document).collect();
    assert!(found[..2].contains(&2) && found[..2].contains(&4), "{found:?}");
    assert!(!found.contains(&1), "it is not like itself");
    assert!(!alike.hits[0].pages[0].matches.is_empty(), "what is shared is marked");

    let street = index.alike(1, &Filter::within("990102003"), 10).unwrap();
    assert!(street.hits.iter().all(|hit| hit.document != 4), "another street is not shown");
    let hidden = index.alike(4, &Filter::within("990102003"), 10).unwrap();
    assert_eq!(hidden, yidang_indexer::Alike::default(), "nor what is like it");
}
