//! Everything that stands on a page is found, and nothing else: compared with a plain look through
//! all pages.

use proptest::prelude::*;
use yidang_indexer::{Filter, Index, Query, Term, Window};

use crate::harness::{index_of, numbers, paper, pieces};

/// The folding of the crate, said once more in the plainest way for the characters used here.
fn folded(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| match c {
            'Ａ'..='ｚ' | '０'..='９' | '（' | '）' => {
                char::from_u32(c as u32 - 0xFEE0).unwrap().to_ascii_lowercase()
            }
            '⼈' => '人',
            other => other.to_ascii_lowercase(),
        })
        .collect()
}

/// Texts of few different characters, so that runs repeat, overlap and nearly match.
fn page_text() -> impl Strategy<Value = String> {
    let parts = "[王小明低保]{1,6}|[0-3]{1,9}|[aAb]{1,5}|[ \n　]{1,2}|[Ａ０（）⼈人，]";
    prop::collection::vec(parts, 0..12).prop_map(|parts| parts.concat())
}

fn found(index: &Index, run: &str) -> Vec<u64> {
    let query = Query::Term(Term::exact(run));
    let window = Window { offset: 0, limit: 1000 };
    numbers(&index.ask(query, &Filter::everything(), &window).unwrap())
}

fn index_of_texts(texts: &[String]) -> Index {
    let pages: Vec<_> = (0..).zip(texts).map(|(number, text)| paper(number, text)).collect();
    index_of(&pages)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_run_of_every_page_is_found_where_it_stands(texts in prop::collection::vec(page_text(), 1..5)) {
        let index = index_of_texts(&texts);
        for text in &texts {
            let chars: Vec<char> = text.chars().collect();
            for start in 0..chars.len() {
                // Every length up to 9, then in strides: the covers repeat.
                for end in (start + 1..=chars.len()).filter(|end| end - start < 10 || end % 7 == 0) {
                    let run: String = chars[start..end].iter().collect();
                    let key = folded(&run);
                    if key.is_empty() {
                        continue;
                    }
                    let standing: Vec<u64> = (0..)
                        .zip(&texts)
                        .filter(|(_, text)| folded(text).contains(&key))
                        .map(|(number, _)| number)
                        .collect();
                    prop_assert_eq!(found(&index, &run), standing, "{}", run);
                }
            }
        }
    }

    #[test]
    fn any_run_is_found_exactly_where_it_stands(
        texts in prop::collection::vec(page_text(), 1..8),
        runs in prop::collection::vec("[王小明低保0-3aA]{1,7}", 20),
    ) {
        let index = index_of_texts(&texts);
        for run in runs {
            let standing: Vec<u64> = (0..)
                .zip(&texts)
                .filter(|(_, text)| folded(text).contains(&folded(&run)))
                .map(|(number, _)| number)
                .collect();
            prop_assert_eq!(found(&index, &run), standing, "{}", run);
        }
    }

    #[test]
    fn every_match_is_the_run_and_none_is_left_out(text in page_text(), run in "[王小明0-1a]{1,3}") {
        let index = index_of_texts(std::slice::from_ref(&text));
        let answer = index.ask(
            Query::Term(Term::exact(&*run)), &Filter::everything(), &Window::default(),
        ).unwrap();
        let matches = answer.hits.first().map(|hit| hit.pages[0].matches.clone()).unwrap_or_default();
        let key = folded(&run);
        for piece in pieces(&text, &matches) {
            let piece = folded(&piece);
            prop_assert!(piece.starts_with(&key) && piece.ends_with(&key), "{}", piece);
        }
        // What is left between the matches holds no run of its own.
        let mut rest: Vec<char> = text.chars().collect();
        for range in matches {
            rest[range].fill('\u{1}');
        }
        prop_assert!(!folded(&rest.into_iter().collect::<String>()).contains(&key));
    }
}

#[test]
fn nothing_reaches_from_one_label_into_the_next() {
    let mut page = paper(1, "甲乙1234");
    page.title = "丙丁5678".to_owned();
    page.head = "戊".to_owned();
    page.household = "99010200300400001".to_owned();
    let index = index_of(&[page]);
    for run in ["甲乙1234", "丙丁5678", "戊", "99010200300400001", "40000", "乙1", "5678"] {
        assert_eq!(found(&index, run), [1], "{run}");
    }
    for run in
        ["34丙丁", "1234丙丁", "12345678", "78戊", "戊99", "丁戊", "乙丙", "甲乙1234丙丁5678"]
    {
        assert_eq!(found(&index, run), [0; 0], "{run}");
    }
}

#[test]
fn a_page_beside_another_is_not_joined_to_it() {
    let first = paper(1, "户主王小");
    let second = yidang_indexer::PageEntry { page: 2, ..paper(1, "明 同意") };
    let index = index_of(&[first, second]);
    assert_eq!(found(&index, "王小明"), [0; 0]);
    assert_eq!(found(&index, "王小"), [1]);
}
